"""Paths beyond a threshold, each with its weight, summed by batches; and what the sums say.

A path of scores g that were drawn with means θ has the weight φ(g)/(α·φ(g) + (1 − α)·φ(g − θ)),
α the share of paths drawn plainly: at most 1/α, whatever θ is. Owen & Zhou (2000), "Safe and
effective importance sampling", Journal of the American Statistical Association 95.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.decisions.experiment import Keeper
from simulator.kernels.borrow import Record
from simulator.kernels.parameters import score_block
from simulator.plan.build import Built
from simulator.results import PathBlock

Floats = NDArray[np.float64]
BATCHES = 32
"""Path l of a block is in batch l mod 32: the jackknife leaves one of them out."""
N, HITS, EMPTY, W, WW, WE, WEE, WWE, WWEE = range(9)
"""Columns of the sums: paths, those beyond, those without a value, then Σ of weights w and of
excesses e beyond the threshold: w, w², we, we², w²e, w²e²."""


@dataclass(frozen=True)
class Event:
    """A figure beyond a threshold: above it with `sign` 1, below it with −1."""

    figure: str
    threshold: float
    sign: int

    def excess(self, values: Floats) -> Floats:
        """How far beyond the threshold; 0 and less is not beyond, NaN neither."""
        return self.sign * (values - self.threshold)


@dataclass(frozen=True)
class Weights:
    """1/(α + (1 − α)·exp(θ·g − θ²/2)) for scores g; all 1 without a shift."""

    shift: tuple[float, ...]
    plain: float

    def of(self, scores: Floats) -> Floats:
        """The weights of paths with these scores (scores, paths).

        By the C library's exp and in the order of the streams, so that no vector unit matters.
        """
        moved = [(j, step) for j, step in enumerate(self.shift) if step != 0.0]
        if not moved:
            return np.ones(scores.shape[1])
        power = np.full(scores.shape[1], -math.fsum(step * step for _, step in moved) / 2.0)
        for j, step in moved:
            power += step * scores[j]
        rest = 1.0 - self.plain
        return np.array([1.0 / (self.plain + rest * math.exp(min(x, 700.0))) for x in power])


class Tally:
    """Takes the blocks of one stratum: sums (BATCHES, 9) of the paths beyond the threshold."""

    def __init__(self, built: Built, keeper: Keeper, event: Event, weights: Weights) -> None:
        self.keeper, self.event, self.weights = keeper, event, weights
        self._draws = Record(built.plan.draws)
        self._streams = len(built.plan.draws.keys)
        self.sums = np.zeros((BATCHES, 9))

    def reduce(self, block: PathBlock) -> Floats:
        """The sums of a block."""
        values = self.keeper.reduce(block)[0]
        excess = self.event.excess(values)
        beyond = np.flatnonzero(excess > 0.0)
        weights = self.weights.of(self._scores(block)[:, beyond])
        batch, e = beyond % BATCHES, excess[beyond]
        made = np.empty((BATCHES, 9))
        made[:, N] = np.bincount(np.arange(block.paths) % BATCHES, minlength=BATCHES)
        made[:, HITS] = np.bincount(batch, minlength=BATCHES)
        made[:, EMPTY] = np.bincount(np.flatnonzero(np.isnan(values)) % BATCHES, minlength=BATCHES)
        square = weights * weights
        terms = (weights, square, weights * e, weights * e * e, square * e, square * e * e)
        for column, term in enumerate(terms, start=W):
            made[:, column] = np.bincount(batch, weights=term, minlength=BATCHES)
        return made

    def merge(self, partial: Floats) -> None:
        """Add a block, in path order."""
        self.sums += partial

    def _scores(self, block: PathBlock) -> Floats:
        if not any(self.weights.shift):
            return np.empty((0, block.paths))
        out = np.empty((self._streams, block.paths))
        score_block(self._draws, block.first, out)
        return out


@dataclass(frozen=True)
class Reckoned:
    """Figures of a sample: P, the mean excess of those beyond, and the variances of both.

    `plain` are the variances that as many plain paths would have, by the same sums.
    """

    chance: float
    excess: float
    variance: tuple[float, float]
    plain: tuple[float, float]
    effective: float


def reckon(strata: Sequence[Floats]) -> Reckoned | None:
    """From the sums (9,) of each stratum; None where no path is beyond or too few to compare.

    P = Σw/n over all strata, mean excess m = Σwe/Σw; variances are those within strata, of w and of
    w·(e − m), over n² and (Σw)².
    """
    total = np.sum(strata, axis=0)
    n, w = float(total[N]), float(total[W])
    if w <= 0.0 or any(part[N] < 2 for part in strata):
        return None
    chance, m = w / n, float(total[WE]) / w
    of_chance = sum(_scatter(part[N], part[W], part[WW]) for part in strata)
    of_excess = sum(_scatter(*_about(part, m)) for part in strata)
    spread = max(float(total[WEE]) - 2.0 * m * float(total[WE]) + m * m * w, 0.0) / n
    return Reckoned(
        chance,
        m,
        (of_chance / n**2, of_excess / w**2),
        (chance * (1.0 - chance) / n, spread / (n * chance**2)),
        w * w / float(total[WW]),
    )


def _about(part: Floats, m: float) -> tuple[float, float, float]:
    """Paths, sum and sum of squares of w·(e − m) in a stratum."""
    first = part[WE] - m * part[W]
    second = part[WWEE] - 2.0 * m * part[WWE] + m * m * part[WW]
    return float(part[N]), float(first), max(float(second), 0.0)


def _scatter(n: float, first: float, second: float) -> float:
    """n·variance of one path, from n, sum and sum of squares."""
    return float(n * max(second - first * first / n, 0.0) / (n - 1.0))
