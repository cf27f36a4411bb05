"""A term that was looked for, as sentences and as lines for the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.decisions.keys import Opened
from simulator.scenario.model import Scenario
from simulator.views.deciding import Deciding, rounded
from simulator.views.lines import wrap
from simulator.views.numbers import NOTHING, Lang
from simulator.views.searching import sentence_of
from simulator.views.words.names import Names

_SHORT = 3
"""Figures of a value that a contract might say."""
_SIGNS = {"<=": "at_most", ">=": "at_least", "=": "equal"}


def solved_lines(data: Mapping[str, Any], scenario: Scenario, lang: Lang) -> list[str]:
    """What `socsim solve` prints: the answer first, then where it was looked for."""
    deciding = Deciding.of(scenario, lang)
    return [
        deciding.language.title(scenario.title, scenario.name),
        f"{deciding.key(data['key'])} ({data['key']})",
        "",
        *(line for text in solved_sentences(data, deciding) for line in wrap(text)),
    ]


def target_in_words(target: Mapping[str, Any], deciding: Deciding) -> str:
    """`The investor: probability of loss at most 20%`."""
    return deciding.language.say(
        f"solve.target.{_SIGNS[target['sign']]}",
        figure=deciding.figure(target["figure"]),
        level=deciding.level(target["figure"], target["level"]),
    )


def solved_sentences(data: Mapping[str, Any], deciding: Deciding) -> list[str]:
    """The target, the value with its interval, other values, where it is met, both ends."""
    say, key, figure = deciding.language.say, data["key"], data["target"]["figure"]
    found = [say("solve.target", target=target_in_words(data["target"], deciding))]
    found += _now(data, deciding)
    ends = {
        "low": deciding.exactly(key, data["at_low"]["at"]),
        "high": deciding.exactly(key, data["at_high"]["at"]),
        "at_low": deciding.amount(figure, data["at_low"]["figure"]),
        "at_high": deciding.amount(figure, data["at_high"]["figure"]),
    }
    met, everywhere = data["met"], _everywhere(data)
    if data["value"] is None:
        found.append(say("solve.everywhere" if everywhere else "solve.none", **ends))
        return found
    found += [_value(crossing, data, deciding) for crossing in _nearest_first(data)]
    if any(m["from"] != m["to"] for m in met):  # one value alone has just been told
        stretches = [
            deciding.language.span(deciding.value(key, m["from"]), deciding.value(key, m["to"]))
            if m["from"] != m["to"]
            else deciding.value(key, m["from"])
            for m in met
        ]
        found.append(say("solve.met", stretches=deciding.language.join(stretches)))
    return [*found, say("solve.looked", **ends)]


def _everywhere(data: Mapping[str, Any]) -> bool:
    ends = (data["at_low"]["at"], data["at_high"]["at"])
    return any((m["from"], m["to"]) == ends for m in data["met"])


def _now(data: Mapping[str, Any], deciding: Deciding) -> list[str]:
    if data["now"] is None:
        return []
    figure = data["target"]["figure"]
    return [
        deciding.language.say(
            "solve.now.uncertain" if data.get("uncertain") else "solve.now",
            value=deciding.exactly(data["key"], data["now"]),
            figure=deciding.amount(figure, data["at_now"]["figure"]),
        )
    ]


def _nearest_first(data: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return sorted(data["solutions"], key=lambda s: bool(s["value"] != data["value"]))


def _value(crossing: Mapping[str, Any], data: Mapping[str, Any], deciding: Deciding) -> str:
    key = data["key"]
    is_first = crossing["value"] == data["value"]
    text = f"solve.value.{'first' if is_first else 'other'}"
    if crossing["mc_low"] is None or crossing["mc_low"] == crossing["mc_high"]:
        text = f"solve.exact.{'first' if is_first else 'other'}"
    return deciding.language.say(
        text,
        value=deciding.value(key, crossing["value"]),
        interval=deciding.interval(key, crossing["mc_low"], crossing["mc_high"]),
        figure=deciding.amount(data["target"]["figure"], crossing["figure"]),
    )


def solved_plainly(data: Mapping[str, Any], scenario: Scenario, deciding: Deciding) -> str:
    """What a term would have to be, in plain figures; then the contract's own words with it."""
    say, key = deciding.language.say, data["key"]
    target = target_in_words(data["target"], deciding)
    if data["value"] is None:
        which = "everywhere" if _everywhere(data) else "none"
        return say(f"council.solved.{which}", target=target, term=_term(data, deciding))
    kind = "new" if data["now"] is None else "uncertain" if data.get("uncertain") else "from"
    said = say(
        f"council.solved.{kind}",
        target=target,
        term=_term(data, deciding),
        value=deciding.held(key, data["value"], _SHORT),
        now=NOTHING if data["now"] is None else deciding.held(key, data["now"]),
    )
    sentence = _in_the_contract(data, scenario, deciding)
    return f"{said} {say('council.solved.then', sentence=sentence)}" if sentence else said


def solved_note(found: Sequence[Mapping[str, Any]], deciding: Deciding) -> str:
    """How exactly the values are known; nothing where all are known exactly."""
    rows = []
    for data in found:
        one = next((c for c in data["solutions"] if c["value"] == data["value"]), None)
        if one is None or one["mc_low"] is None or one["mc_low"] == one["mc_high"]:
            continue
        ends = deciding.held_interval(data["key"], one["mc_low"], one["mc_high"])
        rows.append(f"{_term(data, deciding)} {ends}")
    return deciding.language.say("council.solved.note", terms="; ".join(rows)) if rows else ""


def _term(data: Mapping[str, Any], deciding: Deciding) -> str:
    """Which field of which payment, cap or number: `share that is paid in ‘Activity payment’`."""
    key = data["key"]
    said = deciding.uncertain(key) if data.get("uncertain") else deciding.key(key)
    thing, _, field = said.rpartition(": ")
    if not thing:
        return said
    return deciding.language.say("deciding.in", field=field, thing=deciding.names.quote(thing))


def _in_the_contract(data: Mapping[str, Any], scenario: Scenario, deciding: Deciding) -> str:
    """The sentence of the contract that the term stands in, as it would read; often none."""
    opened, value = Opened(scenario), rounded(data["value"], _SHORT)
    if not opened.allows(data["key"], value):  # beyond an edge by the rounding
        return ""
    changed = opened.at({data["key"]: value})
    return sentence_of(data["key"], Names(changed, deciding.language)) or ""
