"""The pilot: where the numbers lie on the paths that come nearest to what is asked for.

The cross-entropy method (Rubinstein & Kroese 2004; de Boer, Kroese, Mannor & Rubinstein 2005, "A
tutorial on the cross-entropy method", Annals of Operations Research 134): of normal scores with
free means the one that is nearest to the law given the event has the means of the scores on the
paths of the event. Where the event is too rare to be seen, the tenth of the paths that came nearest
stand for it, and the next round is drawn from there.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.decisions.rare.weighing import Event

Floats = NDArray[np.float64]
Drawn = tuple[Floats, Floats]
"""The figure (paths,) and the scores (streams, paths) of a round."""
ELITE = 0.1
ROUNDS = 10
PROGRESS = 0.1
"""A round that comes nearer by less than so much of the way that was left is the last."""
NOISE = 2.0
"""A mean nearer to 0 than so many of its errors is noise, and not moved."""


@dataclass(frozen=True)
class Round:
    """One round: the level that stood for the event, paths beyond the threshold, (Σw)²/Σw²."""

    level: float
    paths: int
    beyond: int
    effective_paths: float


def find_shift(
    event: Event, streams: int, draw: Callable[[tuple[float, ...], int], Drawn]
) -> tuple[tuple[float, ...], tuple[Round, ...]]:
    """The means of the scores to draw with, and the rounds that found them.

    `draw` gives the paths of a round under a shift; its number is the second argument. Ends when
    the level is the threshold, or comes hardly nearer to it. A last round that came no nearer has
    cost its paths too; its shift is not taken.
    """
    shift: tuple[float, ...] = (0.0,) * streams
    rounds: list[Round] = []
    nearest = -math.inf
    for number in range(ROUNDS):
        values, scores = draw(shift, number)
        excess = np.where(np.isnan(values), -math.inf, event.excess(values))
        level, beyond = _level(excess), int((excess > 0.0).sum())
        if level == -math.inf:
            break
        chosen = np.flatnonzero(excess > 0.0 if level > 0.0 else excess >= level)
        weights = _ratios(shift, scores[:, chosen])
        means, effective = _means(weights, scores[:, chosen])
        told = event.threshold + event.sign * min(level, 0.0)
        rounds.append(Round(told, len(values), beyond, effective))
        if level > nearest:
            shift = means
        if level > 0.0 or level - nearest < PROGRESS * -nearest:
            break
        nearest = level
    return shift, tuple(rounds)


def _level(excess: Floats) -> float:
    """The excess that a tenth of the paths reach; above 0 where that is the event itself."""
    place = len(excess) - max(math.floor(ELITE * len(excess)), 1)
    return float(np.partition(excess, place)[place])


def _ratios(shift: tuple[float, ...], scores: Floats) -> list[float]:
    """φ(g)/φ(g − θ) = exp(θ²/2 − θ·g)."""
    half = math.fsum(step * step for step in shift) / 2.0
    power = np.full(scores.shape[1], half)
    for step, row in zip(shift, scores, strict=True):
        power -= step * row
    return [math.exp(x) for x in power]


def _means(weights: list[float], scores: Floats) -> tuple[tuple[float, ...], float]:
    """Weighted means of the scores, those that are noise put to 0, and the effective paths."""
    total = math.fsum(weights)
    effective = total**2 / math.fsum(w * w for w in weights)
    least = NOISE / math.sqrt(effective)
    means = [math.fsum(map(float.__mul__, weights, row.tolist())) / total for row in scores]
    return tuple(mean if abs(mean) > least else 0.0 for mean in means), effective
