"""What is counted of a service user whose total over the window counts at most so much.

E[min(T, x)]/min(m·W, x) by the mean of a year m, T = Σ_k w_k·X_k: equal steps of
s = m·W/(m·W + x), from nothing to no end. The law of T is that of 2^16 points of Sobol's sequence
over the scores of the years, the lasting part among them; events are Poisson given the scores, in
closed form.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.records import CAP_STEPS
from simulator.plan.laws import UnitLaw, lookup_score, special

Floats = NDArray[np.float64]
POINTS = 16  # 2^16 of them
AT_ONCE = 16  # neighbours among the sorted rates that are taken together for events
FINE = 20_000  # steps of the mean number of events


@dataclass(frozen=True)
class Capped:
    """What the table depends on: the law of a year and who is counted for how much."""

    law: int
    events: bool
    rho: float
    weight: tuple[float, ...]
    most: float


@dataclass
class CappedTotals:
    """The tables that a plan needs, each once, and how far each can be off, in shares of x."""

    places: dict[Capped, int] = field(default_factory=dict)
    shares: list[Floats] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)

    def place(self, case: Capped, laws: list[UnitLaw]) -> int:
        """Index of the table."""
        if case not in self.places:
            law = laws[case.law] if case.law >= 0 else None
            shares, error = shares_counted(case, law)
            self.places[case] = len(self.shares)
            self.shares.append(shares)
            self.errors.append(error)
        return self.places[case]


def shares_counted(case: Capped, law: UnitLaw | None) -> tuple[Floats, float]:
    """E[min(T, x)]/min(E[T], x) at each step (CAP_STEPS + 1,), and its largest error.

    The error is that of E[min(T, x)], in shares of x. That of the points is what the second half of
    them changes, that of straight lines what they miss half-way between two steps; the two are
    added.
    """
    totals = window_totals(case, law)
    window = math.fsum(case.weight)
    s = np.arange(2 * CAP_STEPS) / (2 * CAP_STEPS)
    size = s / (1.0 - s)  # m·W/x
    means = size * case.most / window
    whole = counted(case, totals, means)
    half = counted(case, totals[: max(totals.size // 2, 1)], means)
    shares = np.append(whole[::2], np.mean(totals > 0.0))
    between = np.abs(whole[1::2] - 0.5 * (shares[:-1] + shares[1:]))
    scale = np.minimum(size, 1.0)
    return shares, float(np.max(np.abs(whole - half) * scale) + np.max(between * scale[1::2]))


def window_totals(case: Capped, law: UnitLaw | None) -> Floats:
    """Σ_k w_k·Y(z_k) at each point, with mean W."""
    weight = np.array(case.weight)
    if law is None:
        return np.full(1, weight.sum())
    from scipy.stats import qmc  # slow to load, and few plans have a cap

    lasting, yearly = case.rho > 0.0, case.rho < 1.0
    sobol = qmc.Sobol(int(lasting) + len(weight) * int(yearly), scramble=False)
    scores = special.ndtri(sobol.random_base2(POINTS) + 0.5 ** (POINTS + 1))
    z = math.sqrt(case.rho) * scores[:, :1] if lasting else np.zeros((1, 1))
    if yearly:
        z = z + math.sqrt(1.0 - case.rho) * scores[:, int(lasting) :]
    totals = np.asarray(lookup_score(law.score_table(), z) * weight).sum(axis=1)
    return np.asarray(totals * (weight.sum() / totals.mean()))


def counted(case: Capped, totals: Floats, means: Floats) -> Floats:
    """E[min(m·S, x)]/min(m·W, x) for each mean m, 1 at 0; of events N is Poisson of mean m·S."""
    ordered = np.sort(totals)
    scale = np.minimum(means * math.fsum(case.weight), case.most)
    if case.events:
        return _events(case.most, ordered, means, scale)
    below = np.append(0.0, np.cumsum(ordered))
    with np.errstate(divide="ignore"):
        level = case.most / means
    place = np.searchsorted(ordered, level, side="right")
    above = case.most * (ordered.size - place)
    found = np.append(1.0, ((means * below[place] + above) / ordered.size)[1:] / scale[1:])
    return np.asarray(found)


def _events(most: float, ordered: Floats, means: Floats, scale: Floats) -> Floats:
    if ordered.size > AT_ONCE:
        ordered = ordered.reshape(-1, AT_ONCE).mean(axis=1)
    nodes = np.linspace(0.0, most + 12.0 * math.sqrt(most) + 40.0, FINE + 1)
    values = events_counted(nodes, most)
    result = np.ones_like(means)
    for i, mean in enumerate(means):
        if mean > 0.0:
            result[i] = np.interp(mean * ordered, nodes, values).mean() / scale[i]
    return result


def events_counted(mean: Floats, most: float) -> Floats:
    """E[min(N, x)] = λ·P(N ≤ c − 1) + x·P(N > c), N Poisson of mean λ, c = ⌊x⌋."""
    whole = math.floor(most)
    fewer = special.pdtr(whole - 1, mean) if whole >= 1 else 0.0
    return np.asarray(mean * fewer + most * special.pdtrc(whole, mean))
