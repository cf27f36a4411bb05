"""The order of the numbers, and which of them have no influence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simulator.decisions.experiment import Change, Experiment
from simulator.decisions.sensitivity.found import NEGLIGIBLE, Influence
from simulator.decisions.sensitivity.reading import Asked
from simulator.decisions.sensitivity.shares import Variance
from simulator.decisions.sensitivity.tornado import Held


def is_still(held: Held) -> bool:
    """Whether a number moves none of the figures read: bit by bit the same at both quantiles."""
    return all(swing.is_zero for swing in held.swings.values())


def order_of(
    held: Mapping[str, Held],
    groups: Mapping[str, str],
    asked: Sequence[Asked],
    variances: Mapping[str, Variance],
) -> tuple[str, ...]:
    """The numbers, those first that weigh most: by total index of the first figure that has one.

    Numbers of one group, and all where no figure has indices, by how far the first figure swings;
    numbers that move the first figure by nothing by how far they move the next ones.
    """
    by_group = next((variances[a.name].by_group for a in asked if a.name in variances), {})

    def place(name: str) -> tuple[object, ...]:
        found = by_group.get(groups[name])
        widths = [-entry.width for entry in held[name].swings.values()]
        return (0.0 if found is None else -found.total.estimate, widths, name)

    return tuple(sorted(held, key=place))


def influence_of(
    name: str,
    held: Held,
    group: str,
    variances: Mapping[str, Variance],
    moves: Mapping[str, int],
) -> Influence:
    """`none`: no promised figure moves; `none here`: none of those read; `negligible`: see below.

    Negligible is a number whose total index is, for every figure that has indices, zero within its
    interval or certain to be below NEGLIGIBLE; where no figure has indices none is called so.
    """
    if is_still(held):
        return "none" if moves[name] == 0 else "none here"
    totals = [v.by_group[group].total for v in variances.values() if group in v.by_group]
    small = [total.low <= 0.0 or total.high < NEGLIGIBLE for total in totals]
    return "negligible" if small and all(small) else "some"


def moved_figures(
    small: Experiment, names: Sequence[str], levels: tuple[float, float]
) -> dict[str, int]:
    """How many promised figures each number moves between two levels, bit by bit."""
    found = {}
    for name in names:
        low, high = (
            small.figures(Change(held={name: small.quantile(name, level)})) for level in levels
        )
        found[name] = sum(low[figure].value != high[figure].value for figure in low)
    return found
