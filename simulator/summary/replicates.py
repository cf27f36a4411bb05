"""Errors of a run whose paths are not independent: from the spread of groups of its replicates.

A sampler other than plain ties the paths of a replicate to each other, so formulas for independent
paths do not hold. Replicates are independent: they are put into G groups of consecutive ones, every
figure is estimated in each group on its own, and the standard error is the standard deviation of
the G estimates over √G, with Student's t for the interval. Groups may differ by a replicate; the
error is then a little too large, never too small. Where the estimates of the groups do not differ
at all, the formula's error stays: no loss in a few paths is not taken for certainty.
"""

from __future__ import annotations

import math
import threading
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simulator.errors import SocsimError
from simulator.results import Layout, PathBlock
from simulator.summary.accumulate import CHUNK, Partial
from simulator.summary.investor import loss_exceedance
from simulator.summary.reading import Reading
from simulator.summary.sketch import Distribution
from simulator.summary.summary import Accumulator, parts_of, plain
from simulator.summary.verdict import judged

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario

MOST_GROUPS, FEWEST = 16, 8
T975 = {
    7: 2.3646242516,
    8: 2.3060041352,
    9: 2.2621571628,
    10: 2.2281388520,
    11: 2.2009851601,
    12: 2.1788128297,
    13: 2.1603686565,
    14: 2.1447866879,
    15: 2.1314495456,
}
"""97.5 % quantiles of Student's t by degrees of freedom."""
CHI2 = {
    7: (0.9892556831, 20.2777398750),
    8: (1.3444130870, 21.9549549907),
    9: (1.7349329050, 23.5893507813),
    10: (2.1558564813, 25.1881795720),
    11: (2.6032218905, 26.7568489165),
    12: (3.0738236381, 28.2995188220),
    13: (3.5650345797, 29.8194712237),
    14: (4.0746749574, 31.3193496226),
    15: (4.6009155717, 32.8013206458),
}
"""0.5 % and 99.5 % quantiles of the chi-square law by degrees of freedom."""
Values = dict[str, float]
_LABELS = ("name", "key", "year", "pocket", "party", "metric", "measure", "cohort")
_CURVE = "investor.loss_exceedance"


def check_replicated(paths: int) -> None:
    """Refuse a number of paths that cannot be put into at least eight whole replicates."""
    nearest = nearest_paths(paths)
    if paths != nearest:
        raise SocsimError(
            f"paths: a sampler other than plain needs whole replicates of {CHUNK:,} paths, at "
            f"least {FEWEST}; found {paths:,}\n    mend: {nearest} paths are nearest"
        )


def nearest_paths(paths: int) -> int:
    """The number of paths nearest to `paths` that a sampler other than plain can take."""
    return max(FEWEST, round(paths / CHUNK)) * CHUNK


class WithoutRanges(Reading):
    """Estimates alone: no ranges of outcomes and no pictures."""

    pictures = False

    def range_of(self, name: str) -> Distribution | None:  # type: ignore[override]
        """None is wanted."""
        return None


class Groups:
    """The estimates of each group of replicates, one group after another: reduce any, merge all.

    Blocks are replicates. `found` has the figures of every group that is finished, by name.
    """

    def __init__(self, layout: Layout, scenario: Scenario, paths: int) -> None:
        check_replicated(paths)
        self.replicates = paths // CHUNK
        self.count = min(MOST_GROUPS, self.replicates)
        self.found: list[Values] = []
        self._layout, self._scenario = layout, scenario
        self._starts = [
            CHUNK * (group * self.replicates // self.count) for group in range(self.count + 1)
        ]
        self._open: dict[int, Accumulator] = {}
        self._lock = threading.Lock()

    def reduce(self, block: PathBlock) -> Partial:
        """What is left of a replicate in its group; any thread."""
        group = bisect_right(self._starts, block.first) - 1
        start, end = self._starts[group : group + 2]
        with self._lock:
            if group not in self._open:
                self._open[group] = Accumulator(self._layout, end - start)
            accumulator = self._open[group]
        return accumulator.reduce(replace(block, first=block.first - start))

    def merge(self, partial: Partial) -> None:
        """Add it, in path order; a group that is whole is read and forgotten."""
        group = len(self.found)
        accumulator = self._open[group]
        accumulator.merge(partial)
        if accumulator.paths == self._starts[group + 1] - self._starts[group]:
            reading = accumulator.reading(WithoutRanges)
            parts = parts_of(reading, self._scenario)
            parts["investor"]["loss_exceedance"] = loss_exceedance(reading)
            parts = plain(parts)
            self.found.append({name: float(made["estimate"]) for name, made in estimates_in(parts)})
            with self._lock:
                del self._open[group]


def estimates_in(section: Any, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every estimate that exists below `section`, by a name that is the same in every group."""
    if isinstance(section, dict):
        if "mc_low" in section:
            if section["estimate"] is not None:
                yield name, section
            return
        label = next((str(section[key]) for key in _LABELS if _is_label(section.get(key))), "")
        at = f"{name}[{label}]" if label and name else name
        for key, value in section.items():
            yield from estimates_in(value, f"{at}.{key}" if at else key)
    elif isinstance(section, list):
        for place, value in enumerate(section):
            yield from estimates_in(value, f"{name}[{place}]")


def _is_label(value: Any) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool)


def with_errors_of(summary: dict[str, Any], groups: Groups, sampler: str) -> dict[str, Any]:
    """The summary, in place, with the errors of the groups and what the sampler has gained.

    `simulation.sampler` has the sampler's name, the number of replicates and groups, and for each
    figure that stands alone, not by year or along a curve, `reduction`: the variance by the formula
    for independent paths over that between groups, with an interval of 99 % (chi-square); `shown`
    is "gain" or "loss" where the interval lies above or below 1, else "nothing".
    """
    degrees = groups.count - 1
    gains: list[dict[str, Any]] = []
    before = _errors_of_verdict(summary)
    for name, made in estimates_in(summary):
        formula = made["standard_error"]
        error = _error(name, groups.found)
        if error == 0.0:
            continue
        made |= _interval(name, made["estimate"], error, degrees)
        if "[" not in name and formula and error:
            gains.append({"figure": name, **_gain(formula, error, degrees)})
    _judge_again(summary, before)
    summary["simulation"]["sampler"] = {
        "name": sampler,
        "replicates": groups.replicates,
        "groups": groups.count,
        "figures": gains,
    }
    return summary


def _error(name: str, found: list[Values]) -> float | None:
    """Standard deviation of the groups' estimates over √groups; None where one has none."""
    lacking = 0.0 if name.startswith(_CURVE) else None  # beyond its last loss nobody loses
    values = [group.get(name, lacking) for group in found]
    known = [value for value in values if value is not None]
    if len(known) < len(found):
        return None
    mean = math.fsum(known) / len(known)
    squares = math.fsum((value - mean) ** 2 for value in known)
    return math.sqrt(squares / (len(known) - 1) / len(known))


def _interval(
    name: str, value: float, error: float | None, degrees: int
) -> dict[str, float | None]:
    if error is None:
        return {"standard_error": None, "mc_low": None, "mc_high": None}
    low, high = value - T975[degrees] * error, value + T975[degrees] * error
    if is_share(name):
        low, high = max(low, 0.0), min(high, 1.0)
    return {"standard_error": error, "mc_low": low, "mc_high": high}


def is_share(name: str) -> bool:
    """Whether the figure is a share of paths, which lies between 0 and 1."""
    last = name.rsplit(".", 1)[-1]
    if last.endswith("_from_settlement_error"):
        return False  # a difference of two
    return "probability" in last or last.endswith("_share")


def _gain(formula: float, error: float, degrees: int) -> dict[str, Any]:
    """(error by the formula)²/(error between groups)² with its interval, and what it shows."""
    reduction = (formula / error) ** 2
    low, high = (reduction * quantile / degrees for quantile in CHI2[degrees])
    shown = "gain" if low > 1.0 else "loss" if high < 1.0 else "nothing"
    return {
        "standard_error": error,
        "independent": formula,
        "reduction": reduction,
        "low": low,
        "high": high,
        "shown": shown,
    }


def _errors_of_verdict(summary: dict[str, Any]) -> dict[str, float | None]:
    investor = summary["investor"]
    return {
        key: (investor.get(key) or {}).get("standard_error")
        for key in ("loss_probability", "expected_profit")
    }


def _judge_again(summary: dict[str, Any], before: dict[str, float | None]) -> None:
    """Whether the paths suffice, by the errors that hold."""
    simulation = summary["simulation"]
    checks = {check["key"]: check for check in simulation["sufficient"]["checks"]}
    now = _errors_of_verdict(summary)
    values: dict[str, float | None] = {key: checks[key]["value"] for key in before}
    for key, formula in before.items():
        error, value = now[key], values[key]
        if error is not None and error != formula:
            share = key == "expected_profit" and formula and value is not None
            values[key] = value * error / formula if share else error  # type: ignore[operator]
    simulation["sufficient"] = judged(
        values["loss_probability"],
        values["expected_profit"],
        simulation["paths"],
        no_capital=checks["expected_profit"]["value"] is None and checks["expected_profit"]["met"],
    )
