"""Things that can go wrong in words: what it is, how likely, and from when."""

from __future__ import annotations

from simulator.scenario.risks import Event
from simulator.views.words.conditions import tests_in_words
from simulator.views.words.measures import in_words
from simulator.views.words.names import Names


def event_sentences(names: Names) -> list[str]:
    """Every event in name order; what an early end does to a payment is said with the payment."""
    return [event_sentence(name, names) for name in sorted(names.scenario.events)]


def event_sentence(name: str, names: Names) -> str:
    """What can go wrong, and how likely it is."""
    event = names.scenario.events[name]
    values = {
        "title": names.event(name),
        "party": names.inside(event.by) if event.by is not None else "",
        "chance": _likely(event, names),
        "recovery": names.language.stated_percent((event.recovery and event.recovery.value) or 0.0),
        "delay": names.language.duration(event.delay) if event.delay else "",
    }
    kind = event.kind.replace(" ", "_").replace("-", "_")
    ended_by = event.kind == "termination" and event.by is not None
    text = names.say(f"event.{kind}.by" if ended_by else f"event.{kind}", **values)
    if event.kind == "late payment" and event.interest is not None:
        rate = names.value(event.interest, "share")
        text = f"{text} {names.say('event.interest', rate=rate)}"
    if event.notice is not None:
        duration = names.language.duration(event.notice)
        text = f"{text} {names.say('event.notice', duration=duration)}"
    return text


def _likely(event: Event, names: Names) -> str:
    """How likely, and when it can be."""
    if event.per_year is not None:
        return names.say(
            "event.per_year",
            rate=in_words(event.per_year, "share", names),
            start=names.language.day(event.start or names.scenario.time.start),
        )
    certain = event.chance is None or event.chance.value == 1
    chance = "" if certain or event.chance is None else in_words(event.chance, "share", names)
    if event.when is not None:
        tests = names.language.join(tests_in_words(event.when, names))
        key = "event.when" if chance else "event.when.always"
        return names.say(key, chance=chance, tests=tests)
    if event.date is not None:
        return names.say("event.date", chance=chance, day=names.language.day(event.date))
    return names.say("event.chance", chance=chance)
