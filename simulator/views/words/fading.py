"""An effect that fades, in words: what is left at each age, and between and after them."""

from __future__ import annotations

from simulator.scenario.model import Metric, States
from simulator.views.words.names import Names

MOST_YEARS = 8
"""Years whose shares are told one by one."""


def fade_in_words(path: tuple[str, ...], names: Names) -> str:
    """The measured effects, the rules, and the share of the effect year by year."""
    words = _words(path, names)
    fade = words.fade
    if fade is None:
        return ""
    language = names.language
    measured = [
        names.say(
            "fade.measured", effect=language.stated(item.effect), at=language.duration(item.at)
        )
        for item in fade.measured
    ]
    rules = [
        names.say(f"fade.{key}.{getattr(fade, key).replace(' ', '_')}")
        for key in ("before", "between", "beyond")
    ]
    return names.say(
        "fade.value",
        measured=language.join(measured),
        rules="; ".join(rules),
        shares=_shares(words, names),
    )


def _words(path: tuple[str, ...], names: Names) -> Metric | States:
    """The metric or the states at the key, as they are in the cohort where it is a cohort's."""
    scenario = names.scenario
    if path[0] == "cohorts":
        cohort, room, name = path[1], path[2], path[3]
        if room == "metrics":
            return scenario.metric_in(cohort, name)
        return scenario.states_in(cohort, name)
    return scenario.metrics[path[1]] if path[0] == "metrics" else scenario.states[path[1]]


def _shares(words: Metric | States, names: Names) -> str:
    """What is left year by year; of a success settled once, at that time."""
    language, shares = names.language, words.shares
    if len(shares) == 1:
        return names.say("fade.share.once", share=language.percent(shares[0], 0))
    told = ", ".join(language.percent(share, 0) for share in shares[:MOST_YEARS])
    is_cut = len(shares) > MOST_YEARS
    return names.say("fade.shares.cut" if is_cut else "fade.shares", shares=told)
