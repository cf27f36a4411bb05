"""One number at a time, held at a low and at a high quantile: what each figure becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.decisions.experiment import Change
from simulator.decisions.numbers import Uncertain
from simulator.decisions.sensitivity.reading import Asked, Difference, Read, Reader


@dataclass(frozen=True)
class Swing:
    """A figure with one number at its low and at its high quantile.

    `low` and `high` are the figure's values; the others are differences: `from_base_low` and
    `from_base_high` from the figure as it is, `swing` from low to high. `is_zero`: low and high are
    the same bit by bit, on every path where the figure is a mean over paths.
    """

    low: float | None
    high: float | None
    from_base_low: Difference | None
    from_base_high: Difference | None
    swing: Difference | None
    is_zero: bool

    @property
    def width(self) -> float:
        """How far the figure moves, in either direction; 0 where it does not exist."""
        return abs(self.swing.value) if self.swing is not None else 0.0

    def bad(self, better: int) -> str | None:
        """Which end is worse for the party whose figure it is: `low`, `high`; None for neither."""
        if self.swing is None or self.is_zero or better == 0 or self.swing.value == 0.0:
            return None
        return "low" if self.swing.value * better > 0.0 else "high"


@dataclass(frozen=True)
class Held:
    """One number at its two quantiles: the values, and the swing of every figure."""

    number: Uncertain
    low: float
    high: float
    swings: Mapping[str, Swing]

    def value(self, end: str) -> float:
        """The number's value at an end."""
        return self.low if end == "low" else self.high


def tornado(reader: Reader, base: Read, levels: tuple[float, float]) -> dict[str, Held]:
    """Every uncertain number at these two levels; two passes over the paths for each."""
    numbers = reader.lab.numbers.values()
    return {number.name: _held(reader, base, number, levels) for number in numbers}


def _held(reader: Reader, base: Read, number: Uncertain, levels: tuple[float, float]) -> Held:
    low, high = (reader.lab.quantile(number.name, level) for level in levels)
    at_low = reader.read(Change(held={number.name: low}))
    at_high = reader.read(Change(held={number.name: high}))
    return Held(
        number,
        low,
        high,
        {asked.name: _swing(asked, base, at_low, at_high) for asked in reader.asked},
    )


def _swing(asked: Asked, base: Read, low: Read, high: Read) -> Swing:
    return Swing(
        low.of(asked),
        high.of(asked),
        low.less(base, asked),
        high.less(base, asked),
        high.less(low, asked),
        low.is_same(high, asked),
    )
