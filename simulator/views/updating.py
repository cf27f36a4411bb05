"""A scenario updated by interim results, in words: for the terminal and the reports."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping
from typing import Any

from simulator.analysis.inputs import leaves
from simulator.scenario.model import Scenario
from simulator.scenario.numbers import Number
from simulator.scenario.numbers_of import number_key
from simulator.views.amounts import Amounts
from simulator.views.assumptions import value_in_words, what
from simulator.views.headline import kind_of_figure
from simulator.views.lines import aligned, wrap
from simulator.views.numbers import NOTHING, Lang
from simulator.views.speaking import language_of_scenario
from simulator.views.words.names import Names, capitalised

_MOST = 10  # numbers that are told; updating.json has all
_MOVED = 0.05  # of a standard deviation, or of it: less is not told
_DIGITS = 3
_PAID = "municipality.total_payments"
_NOTHING = 1e-3  # of a standard deviation
Data = Mapping[str, Any]


def updating_lines(data: Data, scenario: Scenario, lang: Lang) -> list[str]:
    """What was seen, what it says of the numbers, and the figures before and after."""
    names = Names(scenario, language_of_scenario(scenario, lang))
    lines = wrap(opening(data, names))
    lines += ["", names.say("updating.seen.table")]
    for entry, row in zip(data["data"], seen_rows(data, names), strict=True):
        filled = dict(zip(("seen", "before", "after", "below"), row[1:], strict=True))
        line = "updating.seen.line.cost" if entry["what"] == "cost" else "updating.seen.line"
        lines += wrap(f"{row[0]}: {names.say(line, **filled)}", "  ", hanging="    ")
    head = tuple(names.say(f"updating.{column}") for column in ("figure", "before", "after"))
    table = aligned([head, *figure_rows(data, names)], (1, 2))
    lines += ["", names.say("updating.figures.table"), *(f"  {line}" for line in table)]
    moved = number_rows(data, names)
    lines += ["", names.say("updating.numbers.table")] if moved else []
    for number, law_before, law_after in moved:
        said = (
            names.say("updating.range", mean=mean, range=names.language.span(low, high))
            for mean, low, high in (law_before, law_after)
        )
        lines += wrap(f"{number}: {' → '.join(said)}", "  ", hanging="    ")
    lines += [""]
    for sentence in remarks(data, names):
        lines += wrap(sentence)
    return lines


def opening(data: Data, names: Names) -> str:
    """What is told: `Given the results by 31 December 2017: …`."""
    as_of = data["interim"].get("as_of")
    if as_of is None:
        return names.say("updating.intro")
    day = names.language.day(datetime.date.fromisoformat(as_of))
    return names.say("updating.intro.as_of", day=day)


def seen_rows(data: Data, names: Names) -> list[tuple[str, ...]]:
    """Each result: seen, expected before and of others now, and the chance of so little or less."""
    return [
        (
            what_was_seen(entry, names),
            *(_count(entry, key, names) for key in ("seen", "before", "after")),
            names.language.percent(entry["chance_below"]),
        )
        for entry in data["data"]
    ]


def what_was_seen(entry: Data, names: Names) -> str:
    """A result's label: `School, younger: successes of 20`."""
    filled: dict[str, object] = {"of": names.language.decimal(entry["of"]), "year": entry["year"]}
    if entry["cohort"]:
        filled["cohort"] = names.cohort(entry["cohort"])
    if entry["metric"]:
        filled["metric"] = names.metric(entry["metric"])
    return capitalised(names.say(f"updating.seen.{entry['what']}", **filled))


def _count(entry: Data, key: str, names: Names) -> str:
    value, language = entry[key], names.language
    if value is None:
        return NOTHING
    if entry["what"] == "cost":
        return language.money(value)
    if entry["what"] == "mean":
        metric = names.scenario.metrics[entry["metric"]]
        return names.amount(_rounded(value), names.unit_of_metric(metric))
    return language.decimal(value, 0 if key == "seen" else 1)


def figure_rows(data: Data, names: Names) -> list[tuple[str, ...]]:
    """Each figure before and after, with its range of outcomes."""
    money = [
        entry[side][key]
        for entry in data["figures"]
        for side in ("before", "after")
        if entry[side] is not None and kind_of_figure(entry["name"]) == "money"
        for key in ("mean", "p5", "p95")
    ]
    amounts = Amounts.for_headline(names.language, money)
    rows = []
    for entry in data["figures"]:
        kind = kind_of_figure(entry["name"])
        label = names.say(f"figure.{entry['name']}")
        label = f"{label}, {amounts.unit}" if kind == "money" else label
        sides = (_figure(entry[side], kind, amounts, names) for side in ("before", "after"))
        rows.append((label, *sides))
    return rows


def _figure(side: Data | None, kind: str, amounts: Amounts, names: Names) -> str:
    if side is None:
        return NOTHING
    if kind != "money":
        return names.language.percent(side["mean"])
    low, high = (amounts.text(side[key]) for key in ("p5", "p95"))
    return names.say(
        "updating.range", mean=amounts.text(side["mean"]), range=names.language.span(low, high)
    )


Points = tuple[str, str, str]
"""Mean, 5 and 95 per cent as text."""


def number_rows(data: Data, names: Names) -> list[tuple[str, Points, Points]]:
    """The numbers that the results have moved, the most first, before and after."""
    moved = sorted(
        (entry for entry in data["numbers"] if _moved(entry) > _MOVED), key=_moved, reverse=True
    )
    paths = _paths(names)
    return [
        (
            _number(entry, paths, names),
            _law(entry, "before", paths, names),
            _law(entry, "after", paths, names),
        )
        for entry in moved[:_MOST]
    ]


def number_name(entry: Data, names: Names) -> str:
    """What a number is called; a star where its law after is exact."""
    return _number(entry, _paths(names), names)


def _paths(names: Names) -> dict[str, tuple[str, ...]]:
    """Where each number stands, by its key."""
    return {
        number_key(path): tuple(str(p + 1) if isinstance(p, int) else p for p in path)
        for path, _ in leaves(names.scenario)
    }


def _moved(entry: Data) -> float:
    """How far the mean went, or how much narrower it became, in standard deviations."""
    before, after = entry["before"], entry["after"]
    if after is None or before["sd"] == 0:
        return 0.0
    shift = abs(after["mean"] - before["mean"]) / before["sd"]
    return float(max(shift, abs(1.0 - after["sd"] / before["sd"])))


def _number(entry: Data, paths: Mapping[str, tuple[str, ...]], names: Names) -> str:
    key, _, cohort = entry["name"].partition("@")
    label = capitalised(what(paths[key], names))
    if cohort:
        label = names.say("updating.of_cohort", what=label, cohort=names.cohort(cohort))
    return f"{label} *" if entry["exact"] else label


def _law(entry: Data, side: str, paths: Mapping[str, tuple[str, ...]], names: Names) -> Points:
    found, path = entry[side], paths[entry["name"].partition("@")[0]]
    mean, low, high = (
        value_in_words(path, Number(value=_rounded(found[key])), "", names)
        for key in ("mean", "p5", "p95")
    )
    return mean, low, high


def _rounded(value: float) -> float:
    """Three significant digits."""
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, _DIGITS - 1 - math.floor(math.log10(abs(value))))


def remarks(data: Data, names: Names) -> list[str]:
    """Whether the answer holds, how it was made, and what it is not."""
    return [*_reliability(data, names), *_method(data, names)]


def _reliability(data: Data, names: Names) -> Iterator[str]:
    language = names.language
    filled = {
        "effective": language.decimal(data["effective_paths"]),
        "paths": language.decimal(data["paths"]),
        "needed": _thousands(data["needed_paths"], names),
    }
    yield names.say(f"updating.reliable.{data['reliable']}", **filled)
    if data["reliable"] != "no" and data["numbers"] and not number_rows(data, names):
        yield names.say("updating.nothing_learned")


def _thousands(paths: int | None, names: Names) -> str:
    if paths is None:
        return NOTHING
    power = 10 ** max(3, len(str(paths)) - 2)
    return names.language.decimal(-(-paths // power) * power)


def _method(data: Data, names: Names) -> Iterator[str]:
    if any(entry["exact"] for entry in data["numbers"]):
        yield names.say("updating.exact")
    yield from _left(data, names)
    whats = {entry["what"] for entry in data["data"]}
    if any(entry["metric"] and entry["held"] == "people" for entry in data["data"]):
        yield names.say("updating.held.people")
    for what_is in ("enrolled", "cost"):
        if what_is in whats:
            yield names.say(f"updating.held.{what_is}")
    yield from _exceptions(data, names)
    if any(event.kind in _ENDINGS for event in names.scenario.events.values()):
        yield names.say("updating.goes_on")
    yield names.say("updating.open")


_ENDINGS = ("non-start", "termination")


def _left(data: Data, names: Names) -> Iterator[str]:
    """How much the payments still vary."""
    for entry in data["figures"]:
        if entry["name"] != _PAID or entry["after"] is None or entry["before"]["sd"] == 0:
            continue
        share = entry["after"]["sd"] / entry["before"]["sd"]
        if share < _NOTHING:
            yield names.say("updating.left.none")
        else:
            yield names.say("updating.left", share=names.language.percent(share))


def _exceptions(data: Data, names: Names) -> Iterator[str]:
    """Results that the people do not have in every future, and results before their time."""
    for entry in data["data"]:
        if entry["held"] != "people":
            key = f"updating.not_held.{entry['held']}"
            yield names.say(key, what=what_was_seen(entry, names))
        if entry["early"]:
            yield names.say("updating.early", what=what_was_seen(entry, names))
