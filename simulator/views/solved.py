"""A term that was looked for, as sentences and as lines for the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.scenario.model import Scenario
from simulator.views.deciding import Deciding
from simulator.views.lines import wrap
from simulator.views.numbers import Lang

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
    if met:
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
            "solve.now",
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
