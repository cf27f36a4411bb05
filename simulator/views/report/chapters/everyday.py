"""The municipality's sensitivities in plain words: what its net becomes if something goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.views.numbers import NOTHING
from simulator.views.report.chapters.drivers import drivers_of
from simulator.views.report.drivers.words import Drivers, Input
from simulator.views.report.parts import Column, Line, Part, Prose, Table
from simulator.views.report.source import Told

NET = "municipality.net_budget_effect"
_MOST = 6
"""Numbers that are told; those that matter least are left out."""
_SEEN = 0.02
"""A change below this share of the largest one is left out."""
_DIGITS = 2
_EFFECTS = {0.5: "drivers.everyday.half", 0.0: "drivers.everyday.no_effect"}


def council_drivers(told: Told) -> tuple[Part, ...]:
    """A table of what ifs, and how much would remain even if all were known."""
    drivers = drivers_of(told)
    entry = drivers.entry(NET)
    if entry is None or entry["value"] is None:
        return ()
    intro = drivers.say(
        "drivers.everyday.intro",
        figure=drivers.say("drivers.everyday.figure"),
        value=drivers.amount(NET, entry["value"]["estimate"]),
    )
    after = _after(drivers, entry)
    parts: list[Part] = [Prose((intro,)), _table(drivers)]
    return (*parts, Prose(tuple(after))) if after else tuple(parts)


def _table(drivers: Drivers) -> Table:
    say = drivers.say
    rows = [
        Line((say(_EFFECTS[each["effect"]]), *_cells(drivers, each["figures"][NET])))
        for each in drivers.data["everyday"]
        if (each["figures"][NET]["difference"] or {}).get("estimate")
    ]
    single = _told(drivers)
    rows += [Line((_words(drivers, entry, case), *_cells(drivers, case))) for entry, case in single]
    together = drivers.data["stresses"]["together"].get(NET)
    if together is not None and len(together["held"]) > 1:
        rows.append(Line((say("drivers.everyday.all"), *_cells(drivers, together)), "total"))
    low, high = drivers.data["quantiles"]
    odds = drivers.language.decimal(1.0 / low, 0)
    is_even = abs(low + high - 1.0) < 1e-9  # one bad end is as rare as the other
    note: tuple[str, ...] = ()
    if single and is_even:
        note = (say("drivers.everyday.note", odds=odds),)
    if single and drivers.data["others"] == "means":
        note += (say("drivers.others.means"),)
    return Table(
        say("drivers.everyday.table"),
        (
            Column(say("drivers.everyday.column"), number=False),
            Column(say("drivers.everyday.net")),
            Column(say("drivers.everyday.change")),
        ),
        tuple(rows),
        note,
    )


def _told(drivers: Drivers) -> list[tuple[Input, Mapping[str, Any]]]:
    """The numbers whose bad value changes the net most, in the order of the analysis."""
    cases = {case["names"][0]: case["figures"][NET] for case in drivers.data["stresses"]["single"]}
    moving = [entry for entry in drivers.inputs if cases[entry["name"]]["held"]]
    sizes = {entry["name"]: _size(cases[entry["name"]]) for entry in moving}
    kept = sorted(sizes, key=lambda name: -sizes[name])[:_MOST]
    least = _SEEN * max(sizes.values(), default=0.0)
    return [
        (entry, cases[entry["name"]])
        for entry in moving
        if entry["name"] in kept and sizes[entry["name"]] >= least
    ]


def _size(case: Mapping[str, Any]) -> float:
    return abs(case["difference"]["estimate"]) if case["difference"] else 0.0


def _words(drivers: Drivers, entry: Input, case: Mapping[str, Any]) -> str:
    """The number at its bad value as the beginning of a sentence."""
    name = str(entry["name"])
    stem, _, drawn = name.partition("/")
    if drawn:
        kind = "truth" if drawn.startswith("truth") else "drawn"
        measure = drivers.deciding.names.measure(stem.removeprefix("measures."))
        return drivers.say(f"drivers.everyday.{kind}", measure=measure)
    if name.endswith(".effect.ratio") and name.startswith("metrics."):
        return drivers.say(
            "drivers.everyday.ratio",
            metric=drivers.metric(name.split(".")[1]),
            bad=_as_change(drivers, case["held"][name]),
            mean=_as_change(drivers, entry["mean"]),
        )
    return drivers.say(
        "drivers.everyday.number",
        number=drivers.number(name),
        bad=drivers.value(name, case["held"][name], _DIGITS),
        mean=drivers.value(name, entry["mean"], _DIGITS),
    )


def _as_change(drivers: Drivers, ratio: float) -> str:
    """`15% less`, `5% more`: what a ratio says without the word."""
    change = round(ratio - 1.0, 3)
    key = "less" if change < 0 else "more"
    share = drivers.language.percent(abs(change), 0)
    return drivers.say(f"drivers.everyday.{key}", share=share)


def _cells(drivers: Drivers, case: Mapping[str, Any]) -> tuple[str, str]:
    gap = case["difference"]
    change = NOTHING if gap is None else drivers.language.money(gap["estimate"], sign=True)
    return drivers.amount(NET, case["value"]), change


def _after(drivers: Drivers, entry: Mapping[str, Any]) -> list[str]:
    """What would remain if all were known, and which numbers make no difference."""
    found = []
    if entry["of_numbers"] is not None and drivers.inputs:
        share = 1.0 - min(max(entry["of_numbers"]["estimate"], 0.0), 1.0)
        users = drivers.data["cohorts"][0]["service_users"] if drivers.data["cohorts"] else None
        if users is not None:
            found.append(
                drivers.say(
                    "drivers.everyday.luck",
                    share=drivers.language.percent(share, 0),
                    users=drivers.language.count(users, "service_user"),
                )
            )
    quiet = [e["name"] for e in drivers.inputs if e["figures"][NET]["exactly_zero"]]
    if quiet:
        found.append(drivers.say("drivers.everyday.quiet", numbers=drivers.list(quiet)))
    return found
