"""Switching values in words: which number turns whose decision, where, and how likely that is.

`data` has the keys of switching.json.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulator.scenario.model import Scenario
from simulator.views.deciding import Deciding
from simulator.views.lines import wrap
from simulator.views.numbers import Lang

Data = Mapping[str, Any]
MOST = 6
"""Sentences for one figure: the least likely ones stand in the table only."""


def switching_lines(data: Data, scenario: Scenario, lang: Lang) -> list[str]:
    """What `socsim solve --switching` prints: a sentence for each number that turns a decision."""
    deciding = Deciding.of(scenario, lang)
    lines = [deciding.language.title(scenario.title, scenario.name), ""]
    for place in range(len(data["thresholds"])):
        lines += wrap(as_it_is(data, place, deciding))
        for text in (*turning(data, place, deciding), *staying(data, place, deciding)):
            lines += wrap(f"- {text}", hanging="  ")
        lines.append("")
    last = [*without_influence(data, deciding), deciding.language.say("switching.how")]
    return [*lines, *(line for text in last for line in wrap(text))]


def as_it_is(data: Data, place: int, deciding: Deciding) -> str:
    """What the figure is now, the level at which the decision turns, and whether they are apart."""
    threshold = data["thresholds"][place]
    figure = threshold["figure"]
    return deciding.language.say(
        "switching.now.near" if _is_near(threshold) else "switching.now",
        figure=deciding.figure(figure),
        now=deciding.amount(figure, threshold["now"]),
        level=deciding.level(figure, threshold["level"]),
    )


def _is_near(threshold: Data) -> bool:
    """Whether the figure cannot be told from its level."""
    error = threshold["standard_error"]
    return error is not None and abs(threshold["now"] - threshold["level"]) < 2.0 * float(error)


def rows_of(data: Data, place: int) -> list[tuple[Data, Data]]:
    """The numbers that turn this decision, the likeliest first, each with its switch."""
    found = [(number, number["crossings"][place]) for number in data["numbers"]]
    turning = [(number, switch) for number, switch in found if switch["value"] is not None]
    return sorted(turning, key=lambda row: -row[1]["probability"])


def turning(data: Data, place: int, deciding: Deciding, *, least: float = 0.0) -> list[str]:
    """One sentence for each number that turns the decision, with a probability of at least this."""
    rows = [row for row in rows_of(data, place) if row[1]["probability"] >= least]
    return [_turns(data, place, *row, deciding) for row in rows[:MOST]]


def _turns(data: Data, place: int, number: Data, switch: Data, deciding: Deciding) -> str:
    threshold, language = data["thresholds"][place], deciding.language
    name, falls = number["name"], threshold["now"] >= threshold["level"]
    key = "several" if switch["side"] == "several" else _way(threshold, falls)
    if _turns_by_its_mean(number, switch):
        key = "mean.near" if _is_near(threshold) else f"mean.{key}"
    return language.say(
        f"switching.turns.{key}",
        what=deciding.uncertain(name),
        value=deciding.held(name, switch["value"]),
        reach=deciding.reach(name, switch["value"], switch["side"]),
        mean=deciding.held(name, number["mean"]),
        level=deciding.level(threshold["figure"], threshold["level"]),
        likely=language.likely(switch["probability"]),
        chance=language.percent(switch["probability"]),
    )


def _turns_by_its_mean(number: Data, switch: Data) -> bool:
    """Whether the number at its mean would turn the decision: E[f(X)] and f(E X) lie apart.

    A cap or a floor bends the figure, so that the futures above the mean do not make up for those
    below it.
    """
    if switch["side"] == "above":
        return bool(number["mean"] >= switch["value"])
    return bool(switch["side"] == "below" and number["mean"] <= switch["value"])


def _way(threshold: Data, falls: bool) -> str:
    """Into minus or plus, or below or above a level that is not 0."""
    if threshold["level"] == 0:
        return "minus" if falls else "plus"
    return "under" if falls else "over"


def staying(data: Data, place: int, deciding: Deciding) -> Iterator[str]:
    """The numbers that do not turn the decision by themselves, and those that leave it alone."""
    found = [
        number
        for number in data["numbers"]
        if number["crossings"][place]["value"] is None and number["has_influence"]
    ]
    groups = {
        "switching.stays": [number for number in found if _moves(number, place)],
        "switching.nothing": [number for number in found if not _moves(number, place)],
    }
    for key, numbers in groups.items():
        if numbers:
            yield deciding.language.say(key, numbers=_listed(numbers, deciding))


def without_influence(data: Data, deciding: Deciding) -> Iterator[str]:
    """The numbers that no figure depends on; or that there are none uncertain."""
    numbers = [number for number in data["numbers"] if not number["has_influence"]]
    if numbers:
        yield deciding.language.say("switching.none", numbers=_listed(numbers, deciding))
    if not data["numbers"]:
        yield deciding.language.say("switching.certain")


def _listed(numbers: list[Data], deciding: Deciding) -> str:
    return "; ".join(deciding.uncertain(number["name"]) for number in numbers)


def _moves(number: Data, place: int) -> bool:
    """Whether this figure depends on the number at all."""
    switch = number["crossings"][place]
    return bool(switch["at_low"]["figure"] != switch["at_high"]["figure"])
