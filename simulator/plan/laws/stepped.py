"""Laws with atoms, and mixtures."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from simulator.plan.laws import special
from simulator.plan.laws.base import Floats, Law, LawError, refuse_unless, score_of_tails, total
from simulator.scenario import numbers as words

PART_CELLS = 4096
"""cells of the score grid laid over each continuous part of a mixture"""


def discrete(law: words.Discrete) -> Law:
    """Each value with its weight."""
    refuse_unless(
        len(law.values) == len(law.weights),
        f"values and weights must be as many; found {len(law.values)} and {len(law.weights)}",
    )
    _sums_to_one(law.weights)
    return stepped("discrete", law.values, law.weights)


def empirical(law: words.Empirical) -> Law:
    """Every value equally likely."""
    if law.values is None:
        raise LawError("an empirical distribution needs its values")
    return stepped("empirical", law.values, [1.0] * len(law.values))


def _sums_to_one(weights: Sequence[float]) -> None:
    found = math.fsum(weights)
    refuse_unless(abs(found - 1) <= 1e-9, f"weights must sum to 1; they sum to {found:.10g}")


def stepped(family: str, values: Sequence[float], weights: Sequence[float]) -> Law:
    """The law with these atoms; weights in any unit, equal values merged."""
    merged: dict[float, list[float]] = {}
    for value, share in zip(values, weights, strict=True):
        if share > 0:
            merged.setdefault(value, []).append(share)
    at = np.array(sorted(merged))
    weight = np.array([math.fsum(merged[value]) for value in at.tolist()])
    whole = total(weight)
    below = np.array([math.fsum(weight[: i + 1].tolist()) for i in range(len(at))]) / whole
    above = np.array([math.fsum(weight[i + 1 :].tolist()) for i in range(len(at))]) / whole
    below[-1], above[-1] = 1.0, 0.0
    chance = weight / whole
    steps = score_of_tails(below[:-1], above[:-1])
    mean = total(at * weight) / whole
    sd = math.sqrt(total((at - mean) ** 2 * weight) / whole)

    def reached(x: Floats, chances: Floats, before: float) -> Floats:
        return np.append(before, chances)[np.searchsorted(at, x, side="right")]

    return Law(
        family, mean, sd, float(at[0]), float(at[-1]),
        of_low=lambda p: at[np.searchsorted(below[:-1], p, side="left")],
        of_high=lambda q: at[len(at) - np.searchsorted(above[::-1], q, side="right")],
        below=lambda x: reached(x, below, 0.0),
        above=lambda x: reached(x, above, 1.0),
        direct=lambda z: at[np.searchsorted(steps, z, side="left")],
        jumps=True,
        atoms=(at, chance),
        knots=_stairs(steps, at),
    )  # fmt: skip


def _stairs(steps: Floats, at: Floats) -> tuple[Floats, Floats]:
    """Knots of a staircase: each step's score twice, once with the value on either side."""
    scores = np.concatenate([[-9.0], np.repeat(steps, 2), [9.0]])
    return scores, np.repeat(at, 2)


def mixture(parts: Sequence[tuple[float, Law]]) -> Law:
    """The law that is each part with its weight; weights sum to 1.

    Kept as knots on the exact distribution function (scores of the mixture at values taken from the
    parts), so that atoms and gaps are exact; `quantile` refines between two knots by bisection on
    the exact function and is therefore monotone.
    """
    weights = [weight for weight, _ in parts]
    _sums_to_one(weights)
    mean = math.fsum(weight * law.mean for weight, law in parts)
    if all(law.atoms is not None or law.sd == 0 for _, law in parts):
        pairs = [(value, weight * chance) for weight, law in parts for value, chance in _atoms(law)]
        return stepped("mixture", [value for value, _ in pairs], [chance for _, chance in pairs])
    sd: float | None = None
    if all(law.sd is not None for _, law in parts):
        sd = math.sqrt(
            math.fsum(w * ((law.sd or 0.0) ** 2 + (law.mean - mean) ** 2) for w, law in parts)
        )
    score = _score(parts)
    scores, values = _knots(parts, score)

    def direct(z: Floats) -> Floats:
        return _invert(z, scores, values, score)

    return Law(
        "mixture", mean, sd, min(law.low for _, law in parts), max(law.high for _, law in parts),
        of_low=lambda p: direct(special.ndtri(p)),
        of_high=lambda q: direct(-special.ndtri(q)),
        below=lambda x: _sum([w * law.below(x) for w, law in parts]),
        above=lambda x: _sum([w * law.above(x) for w, law in parts]),
        direct=direct,
        jumps=True,
        knots=(scores, values),
    )  # fmt: skip


def _atoms(law: Law) -> list[tuple[float, float]]:
    if law.atoms is None:
        return [(law.mean, 1.0)] if law.sd == 0 else []
    return list(zip(law.atoms[0].tolist(), law.atoms[1].tolist(), strict=True))


def _sum(terms: Sequence[Floats]) -> Floats:
    result = np.zeros_like(terms[0])
    for term in terms:
        result = result + term
    return result


def _score(parts: Sequence[tuple[float, Law]]) -> Callable[[Floats], Floats]:
    """Φ⁻¹ of the mixture's distribution function."""

    def score(x: Floats) -> Floats:
        below = _sum([weight * law.below(x) for weight, law in parts])
        above = _sum([weight * law.above(x) for weight, law in parts])
        return score_of_tails(below, above)

    return score


def _knots(
    parts: Sequence[tuple[float, Law]], score: Callable[[Floats], Floats]
) -> tuple[Floats, Floats]:
    """Scores and values: every part's grid, every atom from both sides, gaps as equal scores."""
    grid = np.linspace(-8.5, 8.5, PART_CELLS + 1)
    continuous = [law for _, law in parts if not _atoms(law)]
    at = np.unique(np.concatenate([law.of_score(grid) for law in continuous]))
    jumps = np.unique([value for _, law in parts for value, _ in _atoms(law)])
    values = np.unique(np.concatenate([at, jumps]))
    is_jump = np.isin(values, jumps)
    after = np.maximum.accumulate(score(values))
    # the score just below an atom is that of the largest float below it
    before = np.where(is_jump, score(np.nextafter(values, -np.inf)), after)
    before = np.minimum(np.maximum(before, np.append(-np.inf, after[:-1])), after)
    keep = np.column_stack([np.ones_like(is_jump), is_jump]).ravel()
    scores = np.column_stack([before, after]).ravel()[keep]
    return np.clip(scores, -9.0, 9.0), np.repeat(values, 2)[keep]


def _invert(z: Floats, scores: Floats, values: Floats, score: Callable[[Floats], Floats]) -> Floats:
    """Smallest float x with score(x) ≥ z, between the two knots around z."""
    flat = np.asarray(z, dtype=np.float64).ravel()
    right = np.clip(np.searchsorted(scores, flat, side="left"), 0, len(scores) - 1)
    low, high = values[np.maximum(right - 1, 0)], values[right]
    for _ in range(60):
        middle = low + 0.5 * (high - low)
        open_ = (low < middle) & (middle < high)
        if not open_.any():
            break
        reached = score(middle) >= flat
        high = np.where(open_ & reached, middle, high)
        low = np.where(open_ & ~reached, middle, low)
    return np.asarray(high.reshape(np.shape(z)))
