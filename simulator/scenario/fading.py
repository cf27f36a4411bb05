"""Effects that fade: measured at two ages or more, and a profile between and after them.

g(t) is what is left of the first measured effect, t years after enrolment. A year's share is the
mean of g over the year; of a success settled at one time it is g at that time (docs/model.md §3).
"""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Field

from simulator.scenario.durations import LONGEST, months
from simulator.scenario.strict import Strict


class Measured(Strict):
    """An effect as it was measured at an age."""

    at: str
    """time since enrolment at which it was measured"""
    effect: float
    """what it was, as the effect is written: a difference, a ratio, an odds ratio; of states a size
    in any unit, 0 for none"""


class Fade(Strict):
    """What is left of the effect as time goes, from effects measured at two ages or more.

    Only what is left of the first one counts; how large the effect is at full strength is said by
    `effect`.
    """

    measured: Annotated[list[Measured], Field(min_length=2)]
    """effects by age, the first one first; none larger than the one before"""
    before: Literal["held", "built up"]
    """before the first age: `held` at its effect, or `built up` in a straight line from none"""
    between: Literal["straight", "geometric"]
    """between the ages: a straight line, or the same share lost each year"""
    beyond: Literal["held", "continued", "gone"]
    """after the last age: `held` at its effect, `continued` as between the last two (a straight
    line then ends at none), or `gone` at once"""


Curve = Callable[[float], float]


def left(fade: Fade, none: float, level: Callable[[float], float]) -> list[tuple[int, float]]:
    """What is left at each age in months: (level(e) − none)/(level(e₁) − none)."""
    first = level(fade.measured[0].effect) - none
    return [(months(item.at), (level(item.effect) - none) / first) for item in fade.measured]


def at_time(fade: Fade, points: Sequence[tuple[int, float]], month: float) -> float:
    """g at a time in months, from what is left at each age."""
    (start, first), (end, last) = points[0], points[-1]
    if month <= start:
        return first if fade.before == "held" else first * month / start
    for (a, before), (b, after) in pairwise(points):
        if month <= b:
            return _leg(fade.between, (a, before), (b, after), month)
    if fade.beyond == "held":
        return last
    if fade.beyond == "gone":
        return 0.0
    return max(_leg(fade.between, points[-2], (end, last), month), 0.0)


def _leg(form: str, a: tuple[float, float], b: tuple[float, float], month: float) -> float:
    """On the line, or the geometric curve, through two points."""
    part = (month - a[0]) / (b[0] - a[0])
    if form == "geometric":
        return a[1] * math.pow(b[1] / a[1], part)
    return a[1] + (b[1] - a[1]) * part


def by_year(fade: Fade, points: Sequence[tuple[int, float]]) -> list[float]:
    """The mean of g over each year since enrolment, up to where it no longer changes."""
    shares: list[float] = []
    for year in range(LONGEST // 12):
        shares.append(_year(fade, points, year))
        is_over = 12 * year >= points[-1][0]
        if is_over and (fade.beyond != "continued" or shares[-1] == 0 or _is_level(points)):
            break
    return shares


def _is_level(points: Sequence[tuple[int, float]]) -> bool:
    return points[-1][1] == points[-2][1]


def _year(fade: Fade, points: Sequence[tuple[int, float]], year: int) -> float:
    """Month by month, each within one leg: exact for lines and for geometric curves."""
    return math.fsum(_month(fade, points, month) for month in range(12 * year, 12 * year + 12)) / 12


def _month(fade: Fade, points: Sequence[tuple[int, float]], month: int) -> float:
    """The mean of g over a month that begins so many months after enrolment."""
    start, end = points[0][0], points[-1][0]
    if month >= end and fade.beyond == "gone":
        return 0.0
    a, b = at_time(fade, points, month), at_time(fade, points, month + 1)
    if fade.between == "geometric" and start <= month and a != b:
        is_curve = month < end or fade.beyond == "continued"
        return (b - a) / math.log(b / a) if is_curve else a
    if month >= end and b == 0 and a > 0:
        # the line ends within the month: a triangle
        slope = (points[-1][1] - points[-2][1]) / (points[-1][0] - points[-2][0])
        return 0.5 * a * a / -slope
    return 0.5 * (a + b)


def shares_of(words: Any) -> list[float]:
    """Share of the effect in year 1, 2, … of a metric or of states: the last one holds."""
    fade: Fade | None = words.fade
    if fade is None:
        return list(words.profile)
    none, level = _meaning(words)
    points = left(fade, none, level)
    if getattr(words, "kind", None) == "binary" and words.states is None:
        return [at_time(fade, points, months(words.at) if words.at else 12)]
    return by_year(fade, points)


def _meaning(words: Any) -> tuple[float, Callable[[float], float]]:
    """What no effect is, and how an effect as it is written moves the level.

    Of odds that depends on the level itself: at the mean of the baseline.
    """
    from simulator.scenario.facts import mean

    effect = getattr(words, "effect", None)
    if getattr(effect, "ratio", None) is not None:
        return 1.0, float
    if getattr(effect, "odds_ratio", None) is not None:
        base = mean(words.baseline) or 0.0
        return base, lambda odds: odds * base / (1 - base + odds * base)
    return 0.0, float
