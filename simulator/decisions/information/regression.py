"""E[net benefit | what is known], learned from simulated paths by least squares.

Each number enters as a natural cubic spline; of several numbers the most influential also enter as
products in pairs, and the fit so far enters once more as a spline of itself and times each of
those: what is capped or floored bends along it. No path's own outcome takes part in its own fit:
the even paths are fitted on the odd ones and the other way round.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ALONE = (0.01, 0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95, 0.99)
"""Levels of the knots of a number that stands alone, and of the fit so far."""
AMONG = (0.05, 0.3, 0.5, 0.7, 0.95)
"""Levels of the knots of one number among several."""
CROSSED = 8
"""How many numbers enter in pairs."""
ROOM = 20
"""Paths that a column must have to be learned from; with fewer paths there are fewer columns."""
CHUNK = 20_000
_SMALL = 1e-12


@dataclass(frozen=True)
class Spline:
    """A natural cubic spline of one number: linear beyond its first and last knot.

    `centre` and `scale` standardise the number; `knots` stand in those units. With fewer than three
    different knots it is a straight line.
    """

    centre: float
    scale: float
    knots: tuple[float, ...]

    @classmethod
    def of(cls, x: Floats, weights: Floats, levels: tuple[float, ...]) -> Spline | None:
        """The spline of a number as it is drawn, (paths,); None where it never varies."""
        centre = float(np.average(x, weights=weights))
        scale = float(np.sqrt(np.average((x - centre) ** 2, weights=weights)))
        if scale <= _SMALL * max(abs(centre), _SMALL):
            return None
        order = np.argsort(x, kind="stable")
        below = np.cumsum(weights[order]) / weights.sum()
        places = np.minimum(np.searchsorted(below, levels), len(x) - 1)
        knots = np.unique((x[order][places] - centre) / scale)
        return cls(centre, scale, tuple(float(k) for k in knots))

    def columns(self, x: Floats) -> list[Floats]:
        """x, then d_k − d_last with d_k = ((x − ξ_k)³₊ − (x − ξ_K)³₊)/(ξ_K − ξ_k)."""
        z = (x - self.centre) / self.scale
        if len(self.knots) < 3:
            return [z]
        last = self.knots[-1]
        end = _cube(np.maximum(z - last, 0.0))

        def bend(knot: float) -> Floats:
            made: Floats = (_cube(np.maximum(z - knot, 0.0)) - end) / (last - knot)
            return made

        final = bend(self.knots[-2])
        return [z, *(bend(knot) - final for knot in self.knots[:-2])]

    def line(self, x: Floats) -> Floats:
        """The number standardised."""
        made: Floats = (x - self.centre) / self.scale
        return made


def _cube(x: Floats) -> Floats:
    return x * x * x


@dataclass(frozen=True)
class Terms:
    """The columns of a regression on some numbers: splines, and products of pairs."""

    splines: tuple[tuple[int, Spline], ...]
    pairs: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, numbers: Floats, weights: Floats, room: float) -> Terms:
        """Splines of every number that varies, straight lines without room; numbers (k, paths)."""
        levels = ALONE if len(numbers) == 1 else AMONG
        made = cls._with(numbers, weights, levels)
        return made if made.columns <= room else cls._with(numbers, weights, ())

    @classmethod
    def _with(cls, numbers: Floats, weights: Floats, levels: tuple[float, ...]) -> Terms:
        made = ((k, Spline.of(x, weights, levels)) for k, x in enumerate(numbers))
        return cls(tuple((k, spline) for k, spline in made if spline is not None))

    @property
    def columns(self) -> int:
        """How many columns there are, the constant among them."""
        return 1 + sum(max(len(s.knots) - 1, 1) for _, s in self.splines) + len(self.pairs)

    def crossed(self, numbers: Floats, outcome: Floats, weights: Floats, room: float) -> Terms:
        """The same with products of the numbers that go most with the outcome, (paths,)."""
        count = min(CROSSED, len(self.splines))
        while count > 1 and self.columns + count * (count + 1) // 2 + len(ALONE) > room:
            count -= 1
        if count < 2:
            return self
        centred = outcome - np.average(outcome, weights=weights)
        strength = [
            abs(np.average(spline.line(numbers[k]) * centred, weights=weights))
            for k, spline in self.splines
        ]
        first = sorted(np.argsort(-np.array(strength), kind="stable")[:count].tolist())
        return Terms(self.splines, tuple(combinations(first, 2)))

    def matrix(self, numbers: Floats) -> Floats:
        """The columns, (columns, paths), the constant first."""
        rows = [np.ones(numbers.shape[1])]
        for k, spline in self.splines:
            rows += spline.columns(numbers[k])
        lines = {j: self.splines[j][1].line(numbers[self.splines[j][0]]) for j in self.strong}
        rows += [lines[i] * lines[j] for i, j in self.pairs]
        return np.array(rows)

    @property
    def strong(self) -> tuple[int, ...]:
        """Places, among the splines, of the numbers that enter in pairs."""
        return tuple(sorted({place for pair in self.pairs for place in pair}))


def conditional_mean(
    net: Floats, numbers: Floats, weights: Floats | None = None, *, folds: int = 2
) -> Floats:
    """E[net | numbers] on each path, (rows, paths).

    `net` is (rows, paths), `numbers` (k, paths). With `weights` the paths are points of a
    quadrature; those want `folds=1`, which fits on all points.
    """
    weight = np.ones(net.shape[1]) if weights is None else weights
    room = net.shape[1] * (folds - 1) / folds / ROOM if folds > 1 else np.inf
    terms = Terms.of(numbers, weight, room)
    if not terms.splines:
        mean = np.average(net, axis=1, weights=weight)
        return np.repeat(mean[:, None], net.shape[1], axis=1)
    made = np.empty_like(net)
    part = np.arange(net.shape[1]) % folds
    for fold in range(folds):
        known = (part != fold) if folds > 1 else np.ones(net.shape[1], dtype=bool)
        asked = part == fold
        for row in range(len(net)):
            made[row, asked] = _one(net[row], numbers, weight, terms, known, room)[asked]
    return made


def _one(
    net: Floats, numbers: Floats, weight: Floats, terms: Terms, known: Floats, room: float
) -> Floats:
    """One row's E[net | numbers] on every path, fitted on those that are known."""
    use = np.where(known, weight, 0.0)
    if not np.any(net[known] != net[known][0]):
        return np.full(len(net), float(net[known][0]))
    if len(terms.splines) == 1:
        return _fit(net, use, _chunks(numbers, terms))
    full = terms.crossed(numbers, net, use, room)
    first = _fit(net, use, _chunks(numbers, full))
    index = Spline.of(first, use, ALONE)
    if index is None or full.columns + len(ALONE) > room:
        return first
    return _fit(net, use, _chunks(numbers, full, (index, first)))


Chunks = list[tuple[slice, Terms, Floats, tuple[Spline, Floats] | None]]


def _chunks(numbers: Floats, terms: Terms, index: tuple[Spline, Floats] | None = None) -> Chunks:
    paths = numbers.shape[1]
    places = [slice(first, min(first + CHUNK, paths)) for first in range(0, paths, CHUNK)]
    return [(place, terms, numbers, index) for place in places]


def _matrix(chunk: tuple[slice, Terms, Floats, tuple[Spline, Floats] | None]) -> Floats:
    place, terms, numbers, index = chunk
    made = terms.matrix(numbers[:, place])
    if index is None:
        return made
    spline, fitted = index
    line = spline.line(fitted[place])
    lines = [terms.splines[j][1].line(numbers[terms.splines[j][0], place]) for j in terms.strong]
    return np.concatenate([made, spline.columns(fitted[place])[1:], [line * x for x in lines]])


def _fit(net: Floats, weight: Floats, chunks: Chunks) -> Floats:
    """Weighted least squares, block by block; columns of one scale, those that repeat left out."""
    gram: Floats = np.zeros(())
    moment: Floats = np.zeros(())
    centre = float(np.average(net, weights=weight))
    for chunk in chunks:
        columns = _matrix(chunk)
        scaled = columns * weight[chunk[0]]
        gram = gram + scaled @ columns.T
        moment = moment + scaled @ (net[chunk[0]] - centre)
    scale = np.sqrt(np.maximum(np.diagonal(gram), _SMALL))
    found = np.linalg.lstsq(gram / np.outer(scale, scale), moment / scale, rcond=_SMALL)[0]
    coefficients = found / scale
    made = np.empty_like(net)
    for chunk in chunks:
        made[chunk[0]] = coefficients @ _matrix(chunk) + centre
    return made
