"""Interim results in rows: what was seen, the figures, and the numbers that have moved."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from simulator.analysis.inputs import leaves
from simulator.scenario.numbers import Number
from simulator.scenario.numbers_of import number_key
from simulator.views.amounts import Amounts
from simulator.views.assumptions import value_in_words, what
from simulator.views.headline import kind_of_figure
from simulator.views.numbers import NOTHING
from simulator.views.words.names import Names, capitalised

_MOST = 10  # numbers that are told; updating.json has all
_MOVED = 0.05  # of a standard deviation, or of it: less is not told
_DIGITS = 3
Data = Mapping[str, Any]


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
