"""Sobol indices of a scenario's figures over independent groups of numbers, and luck as one group.

Sample A is the run itself; B has every number and all luck drawn anew; A_Bⁱ is A with one group
taken from B. Luck is everything that happens given the numbers, and is drawn anew with all numbers
kept. With luck as a group of its own, 1 − its total index is the share of the variance that comes
from not knowing the numbers: the share that the mean given the numbers, E[f | numbers], has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.analysis.figures import is_on_paths
from simulator.analysis.indices import Floats, Index, PickFreeze
from simulator.decisions.experiment import Change
from simulator.decisions.numbers import LUCK
from simulator.decisions.sensitivity.reading import Asked, Read, Reader

LUCK_ANEW = Change(luck=1)
NOTHING = Index(0.0, 0.0)
"""A share that is exactly nothing."""


@dataclass(frozen=True)
class Indices:
    """First-order and total index of one group for one figure."""

    first_order: Index
    total: Index


@dataclass(frozen=True)
class Variance:
    """The variance of a figure over paths, and its share that comes from the numbers.

    `of_numbers` = V[E[f | numbers]] / V = 1 − total index of luck; `by_group` has the indices.
    """

    variance: float
    of_numbers: Index
    by_group: Mapping[str, Indices]


def has_indices(asked: Asked, base: Read) -> bool:
    """Whether the figure is the mean of one number on every path, and not always the same one."""
    if asked.series is None or not is_on_paths(asked.name):
        return False
    values = base.series[asked.series]
    return not bool(np.isnan(values).any()) and len(values) > 1 and bool(np.ptp(values) > 0.0)


def variances(
    reader: Reader, base: Read, groups: Sequence[str], still: frozenset[str]
) -> dict[str, Variance]:
    """Variance and indices by figure, for those that have them; one pass for each group and two.

    `still`: groups that change no figure on any path, whose indices are zero without a pass.
    """
    chosen = [asked for asked in reader.asked if has_indices(asked, base)]
    if not chosen:
        return {}
    anew = reader.read(Change(redrawn=frozenset(reader.lab.groups), luck=1))
    pairs = {a.name: PickFreeze(_of(base, a), _of(anew, a)) for a in chosen}
    found: dict[str, dict[str, Indices]] = {a.name: {} for a in chosen}
    for group in (*groups, LUCK):
        if group in still:
            for by_group in found.values():
                by_group[group] = Indices(NOTHING, NOTHING)
            continue
        change = LUCK_ANEW if group == LUCK else Change(redrawn=frozenset([group]))
        mixed = reader.read(change)
        for asked in chosen:
            indices = _indices(pairs[asked.name], _of(mixed, asked))
            if indices is not None:
                found[asked.name][group] = indices
    is_luck_alone = all(group in still for group in groups)
    return {
        name: Variance(
            pairs[name].variance,
            NOTHING if is_luck_alone else _rest(by_group[LUCK].total),
            by_group,
        )
        for name, by_group in found.items()
        if LUCK in by_group
    }


def _of(read: Read, asked: Asked) -> Floats:
    assert asked.series is not None
    return read.series[asked.series]


def _indices(pair: PickFreeze, mixed: Floats) -> Indices | None:
    first, total = pair.first_order(mixed), pair.total(mixed)
    return None if first is None or total is None else Indices(first, total)


def _rest(luck: Index) -> Index:
    """What is left of the whole: 1 − the index, with the same error."""
    return Index(1.0 - luck.estimate, luck.standard_error)
