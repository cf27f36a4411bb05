"""Amounts of one table or chart, all in the same unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from simulator.views import numbers
from simulator.views.language import Language
from simulator.views.read import Estimate


@dataclass(frozen=True)
class Amounts:
    """The common unit of a set of amounts: kronor, thousands or millions."""

    language: Language
    power: int
    digits: int = 0

    @classmethod
    def of(cls, language: Language, values: Iterable[float | None]) -> Amounts:
        """For a table: thousands, so that columns can be added up by the reader."""
        return cls(language, numbers.column_power(list(values)))

    @classmethod
    def for_axis(cls, language: Language, values: Iterable[float | None]) -> Amounts:
        """For a chart: millions from a million on, since an axis has little room."""
        known = [abs(v) for v in values if v is not None and numbers.exists(v)]
        largest = max(known, default=0.0)
        power = 3 if largest >= 2e9 else 2 if largest >= 1e6 else 1 if largest >= 1e5 else 0
        digits = 0 if power < 2 else 2 if largest / 1000**power < 10 else 1
        return cls(language, power, digits)

    @classmethod
    def for_headline(cls, language: Language, values: Iterable[float | None]) -> Amounts:
        """For key figures: millions with two decimals from a million on."""
        axis = cls.for_axis(language, values)
        return cls(language, axis.power, 2 if axis.power >= 2 else 0)

    @property
    def unit(self) -> str:
        """`tkr`, `SEK million`."""
        return numbers.money_unit(self.language.currency, self.language.lang, self.power)

    def scaled(self, value: float | None) -> float | None:
        """The value in the unit, rounded to what a figure needs."""
        if value is None or not numbers.exists(value):
            return None
        return round(value / 1000.0**self.power, 6) + 0.0

    def text(self, value: float | None) -> str:
        """The value in the unit as text, without the unit."""
        scaled = self.scaled(value)
        return self.language.decimal(scaled, self.digits)

    def cells(self, found: Estimate | None) -> tuple[str, str, str, str]:
        """Mean and 5, 50, 95 % of an estimate."""
        if found is None:
            return (numbers.NOTHING,) * 4
        return (
            self.text(found.value),
            self.text(found.p5),
            self.text(found.p50),
            self.text(found.p95),
        )
