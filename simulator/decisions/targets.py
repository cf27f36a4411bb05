"""A target: a promised figure, a sign and a level, and what an experiment says about it.

`investor.loss_probability <= 0.2`, `investor.irr_of_expected_cash_flow = 6%`,
`municipality.net_budget_effect.p5 >= -1_000_000`: any figure of the summary, or `.p5`, `.p50`,
`.p95` of one that has a range over paths.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from simulator.analysis.figures import Leaf
from simulator.decisions.experiment import Experiment, Floats
from simulator.errors import SocsimError
from simulator.scenario.words import did_you_mean
from simulator.summary.estimates import Z, quantile_ranks

Sign = Literal["<=", ">=", "="]
_TARGET = re.compile(r"\s*([\w.@-]+?)\s*(<=|>=|==|=|<|>|≤|≥)\s*(\S.*?)\s*")
_SIGNS: Mapping[str, Sign] = {
    "<=": "<=",
    "<": "<=",
    "≤": "<=",
    ">=": ">=",
    ">": ">=",
    "≥": ">=",
    "=": "=",
    "==": "=",
}
_RANGE = {"p5": 5, "p50": 50, "p95": 95}


@dataclass(frozen=True)
class Target:
    """Where a figure shall be: at most, at least or at a level."""

    figure: str
    sign: Sign
    level: float

    def met(self, value: float) -> bool:
        """Whether a figure of this size meets it; one that must be equal does so at the level."""
        if self.sign == "<=":
            return value <= self.level
        return value >= self.level if self.sign == ">=" else value == self.level

    def to_dict(self) -> dict[str, Any]:
        """`figure`, `sign`, `level`."""
        return {"figure": self.figure, "sign": self.sign, "level": self.level}


@dataclass(frozen=True)
class Reading:
    """A figure and its standard error; None where it cannot be told."""

    value: float
    standard_error: float | None


def read_target(text: str) -> Target:
    """A target from its text. Raises SocsimError where it is none, or a probability beyond 0–1."""
    match = _TARGET.fullmatch(text)
    level = _level(match[3]) if match else None
    if match is None or level is None:
        raise SocsimError(
            f"`{text}` is no target\n"
            "    allowed: FIGURE <= LEVEL, FIGURE >= LEVEL or FIGURE = LEVEL\n"
            '    mend: write it as one text: "investor.loss_probability <= 0.2"'
        )
    if "probability" in match[1].rpartition(".")[2] and not 0 <= level <= 1:
        raise SocsimError(
            f"`{text}`: a probability of {match[3]} does not exist\n"
            "    allowed: 0 to 1, or 0% to 100%\n"
            "    mend: twenty per cent is written 0.2 or 20%"
        )
    return Target(match[1], _SIGNS[match[2]], level)


def _level(text: str) -> float | None:
    """0.2, 20%, 20 %, -1_000_000, −1e6; None where it is no finite number."""
    plain = text.replace("−", "-").replace("\u00a0", "")
    factor = 0.01 if plain.endswith("%") else 1.0
    try:
        level = float(plain.removesuffix("%").strip()) * factor
    except ValueError:
        return None
    return round(level, 15) if math.isfinite(level) else None


@dataclass(frozen=True)
class Gauge:
    """How a figure is read from an experiment: as fast as it can be.

    `series` is that of a path whose mean or quantile (`percent`) the figure is; None for a figure
    that is made of sums over paths, which stands at `leaf` of the summary, in its `part`.
    """

    figure: str
    series: str | None
    percent: int | None
    leaf: str
    part: str = "estimate"

    def read(self, lab: Experiment) -> Reading | None:
        """The figure of an experiment; None where it does not exist there."""
        if self.series is None:
            return of_leaf(lab.figures().get(self.leaf), self.part)
        values = lab.series([self.series])[0]
        return of_series(values, self.percent)


def of_series(values: Floats, percent: int | None = None) -> Reading | None:
    """The mean of a series, or a quantile, over the paths on which it exists."""
    known = values[~np.isnan(values)]
    if not len(known):
        return None
    return quantile(known, percent) if percent else mean(known)


def gauge(figure: str, lab: Experiment) -> Gauge:
    """How to read a figure. Raises SocsimError for a name that is none of the summary's."""
    figures = lab.figures()
    name, _, last = figure.rpartition(".")
    if last in _RANGE and figure not in figures and name in figures:
        leaf = figures[name]
        if not isinstance(leaf.value, dict) or last not in leaf.value:
            raise SocsimError(
                f"`{figure}`: {name} has no range over paths\n"
                f"    allowed: {name} itself, or .p5, .p50, .p95 of a mean over paths"
            )
        return Gauge(figure, _at_hand(leaf, lab), _RANGE[last], name, last)
    if figure not in figures:
        raise _unknown(figure, figures)
    return Gauge(figure, _at_hand(figures[figure], lab), None, figure)


def _at_hand(leaf: Leaf, lab: Experiment) -> str | None:
    """The figure's series, where every path's value can be had at once."""
    return leaf.series if leaf.series and lab.has_series(leaf.series) else None


def _unknown(figure: str, figures: Mapping[str, Leaf]) -> SocsimError:
    short = [known for known in figures if known.endswith(f".{figure}")]
    near = f"did you mean `{short[0]}`?" if short else did_you_mean(figure, figures)
    mend = f"\n    mend: {near}" if near else ""
    return SocsimError(
        f"`{figure}` is no figure of this scenario's summary\n"
        "    allowed: a dotted name of `socsim run … --json`, such as investor.loss_probability, "
        f"or its .p5, .p50 or .p95{mend}"
    )


def of_leaf(leaf: Leaf | None, part: str) -> Reading | None:
    """A figure of a summary with its error; a part of its range has none."""
    if leaf is None or leaf.number is None:
        return None
    if not isinstance(leaf.value, dict):
        return Reading(leaf.number, 0.0)
    if part != "estimate":
        return None if leaf.value.get(part) is None else Reading(float(leaf.value[part]), None)
    error = leaf.value.get("standard_error")
    return Reading(leaf.number, None if error is None else float(error))


def mean(values: Floats) -> Reading:
    """Mean over paths with s/√n; of one path there is no error."""
    count = len(values)
    error = float(values.std(ddof=1)) / math.sqrt(count) if count > 1 else None
    return Reading(float(values.mean()), error)


def quantile(values: Floats, percent: int) -> Reading:
    """The ⌈np⌉-th smallest, with the error of the order statistics around it.

    Between the ranks lie 95 % of the chance, so that their distance is 2·Z standard errors.
    """
    count = len(values)
    ordered = np.sort(values)
    found = float(ordered[max(math.ceil(count * percent / 100), 1) - 1])
    low, high = quantile_ranks(percent, count)
    if low is None or high is None:
        return Reading(found, None)
    return Reading(found, float(ordered[high - 1] - ordered[low - 1]) / (2.0 * Z))


__all__ = [
    "Gauge",
    "Reading",
    "Target",
    "gauge",
    "mean",
    "of_leaf",
    "of_series",
    "quantile",
    "read_target",
]
