"""Ranges of keys as they are typed: `KEY=LOW..HIGH`, and with so many points `KEY=LOW..HIGH:N`."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from simulator.decisions.keys import Opened
from simulator.errors import SocsimError
from simulator.scenario.numbers_of import number_key
from simulator.scenario.overrides import key_path

_RANGE = re.compile(r"\s*([^=\s]+)\s*=\s*(\S+?)\s*\.\.\s*(\S+?)\s*(?::\s*(\S+))?\s*")


@dataclass(frozen=True)
class Range:
    """A key between two values; `points` of them on a grid, None where that is left open."""

    key: str
    low: float
    high: float
    points: int | None = None

    def grid(self, points: int, whole: bool = False) -> list[float]:
        """So many values from low to high, evenly, as short as they can be written."""
        if points == 1:
            return [self.low]
        step = (self.high - self.low) / (points - 1)
        found = [self.short(self.low + step * k) for k in range(points)]
        return sorted({float(round(at)) if whole else at for at in found})

    def short(self, value: float, digits: int = 4) -> float:
        """The value to so many digits below the range's own power of ten, within the range."""
        decimals = digits - 1 - math.floor(math.log10(self.high - self.low))
        return min(max(round(value, decimals), self.low), self.high)


def read_range(text: str, option: str) -> Range:
    """A range from its text. Raises SocsimError where it is none."""
    match = _RANGE.fullmatch(text)
    ends = [_number(part) for part in match.group(2, 3)] if match else []
    points = _count(match[4]) if match else None
    if match is None or None in ends or points == 0:
        raise SocsimError(
            f"{option} {text}: is no range\n"
            "    allowed: KEY=LOW..HIGH, or KEY=LOW..HIGH:POINTS for a grid\n"
            f"    mend: {option} payments.bonus.terms.1.share=0.2..0.6"
        )
    low, high = (float(end or 0.0) for end in ends)
    if not low < high:
        raise SocsimError(
            f"{option} {text}: the first value must be below the second\n"
            "    allowed: KEY=LOW..HIGH with LOW < HIGH"
        )
    return Range(match[1], low, high, points)


def _number(text: str) -> float | None:
    plain = text.replace("−", "-")
    factor = 0.01 if plain.endswith("%") else 1.0
    try:
        value = float(plain.removesuffix("%")) * factor
    except ValueError:
        return None
    return round(value, 15) if math.isfinite(value) else None


def _count(text: str | None) -> int | None:
    """The number of points; 0 where the text is none."""
    if text is None:
        return None
    try:
        count = float(text)
    except ValueError:
        return 0
    return int(count) if 1 <= count < 1e12 and count == int(count) else 0


def check_ranges(ranges: Sequence[Range], opened: Opened, option: str) -> None:
    """Raise one clear error for a key that is named twice, holds no number, or an end refused."""
    names = [number_key(key_path(one.key)) for one in ranges]
    for name, one in zip(names, ranges, strict=True):
        if name and names.count(name) > 1:
            raise SocsimError(
                f"{option}: `{one.key}` is named twice\n    allowed: each key once\n"
                "    mend: name another key, or leave one out"
            )
        if opened.now(one.key) is None and not opened.allows(one.key, one.low):
            raise opened.unknown_or_refused(one.key, one.low, option)
        for end in (one.low, one.high):
            opened.refuse(one.key, end, option)
