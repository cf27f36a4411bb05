"""Stresses: each number at its bad quantile, all bad ones together, and named pairs.

What is bad depends on who looks: an end of a number that lowers the investor's profit may lift the
municipality's net. So each party has its own bad end of each number, and its own figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from simulator.decisions.experiment import Change
from simulator.decisions.sensitivity.reading import Asked, Difference, Read, Reader
from simulator.decisions.sensitivity.tornado import Held

OF_PARTIES = (
    "investor.expected_profit",
    "municipality.net_budget_effect",
    "outcome_payers.*.net_budget_effect",
    "guarantor.expected_payout",
)
"""The figure by which each party's stress is read: names of figures, or patterns of them."""


@dataclass(frozen=True)
class Stress:
    """One party's figure with some numbers at the ends that are bad for it.

    `held`: the numbers that are held, with their values; none where no end is bad for this party.
    """

    figure: str
    held: Mapping[str, float]
    value: float | None
    difference: Difference | None


@dataclass(frozen=True)
class Stresses:
    """The bad case of each number, of named pairs and of all, party by party.

    `single` by number and figure, `pairs` by pair and figure, `together` by figure.
    """

    figures: tuple[str, ...]
    single: Mapping[str, Mapping[str, Stress]]
    pairs: Mapping[tuple[str, str], Mapping[str, Stress]]
    together: Mapping[str, Stress]


def is_of_party(figure: str) -> bool:
    """Whether a figure is the one by which a party's stress is read."""
    return any(fnmatchcase(figure, pattern) for pattern in OF_PARTIES) and figure.count(".") < 3


def stress(
    reader: Reader, base: Read, held: Mapping[str, Held], pairs: Sequence[tuple[str, str]]
) -> Stresses:
    """The stresses of every party, from the tornado and a few passes more."""
    parties = [asked for asked in reader.asked if is_of_party(asked.name)]
    known: dict[frozenset[tuple[str, float]], Read] = {}

    def read(values: Mapping[str, float]) -> Read:
        key = frozenset(values.items())
        if key not in known:
            known[key] = reader.read(Change(held=values)) if values else base
        return known[key]

    def case(asked: Asked, names: Sequence[str]) -> Stress:
        values = _bad_values(asked, held, names)
        found = read(values)
        return Stress(asked.name, values, found.of(asked), found.less(base, asked))

    return Stresses(
        tuple(asked.name for asked in parties),
        {name: {a.name: _single(a, base, entry) for a in parties} for name, entry in held.items()},
        {pair: {a.name: case(a, pair) for a in parties} for pair in pairs},
        {a.name: case(a, list(held)) for a in parties} if held else {},
    )


def _single(asked: Asked, base: Read, entry: Held) -> Stress:
    """Known from the tornado already."""
    swing = entry.swings[asked.name]
    end = swing.bad(asked.better)
    if end is None:
        return Stress(asked.name, {}, base.of(asked), base.less(base, asked))
    value, moved = (
        (swing.low, swing.from_base_low) if end == "low" else (swing.high, swing.from_base_high)
    )
    return Stress(asked.name, {entry.number.name: entry.value(end)}, value, moved)


def _bad_values(asked: Asked, held: Mapping[str, Held], names: Sequence[str]) -> dict[str, float]:
    ends = {name: held[name].swings[asked.name].bad(asked.better) for name in names}
    return {name: held[name].value(end) for name, end in ends.items() if end is not None}
