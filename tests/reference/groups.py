"""Groups of people at once: a binomial count, and the law of a sum by a plain lattice (§4, §9)."""

import math
from functools import cache

import numpy as np
from scipy import special

from simulator.plan.timing import enrolment_groups, grid_of
from simulator.scenario.sampling import samplings
from tests.reference.people import enrolment_period

POINTS, AMOUNTS = 2**16, 2**20
DIGIT = 32


def levels(scenario):
    """The level that the engine has chosen for each metric in each cohort."""
    grid = grid_of(scenario)
    groups = {name: len(enrolment_groups(grid, c)) for name, c in scenario.cohorts.items()}
    return {cell: found.level for cell, found in samplings(scenario, groups).items()}


def groups_of(model, cohort):
    """(first planned, those who enrol) of each enrolment group with anybody in it."""
    scenario = model.scenario.cohorts[cohort]
    first, enrolled = {}, {}
    for i in range(scenario.service_users):
        first.setdefault(enrolment_period(model.grid, scenario, i), i)
    for i in model.enrolled(cohort):
        enrolled.setdefault(enrolment_period(model.grid, scenario, i), []).append(i)
    return [(first[period], users) for period, users in enrolled.items()]


def binomial_quantile(u, n, p):
    """Smallest k with P(K ≤ k) ≥ u."""
    return next(k for k in range(n + 1) if k == n or special.bdtr(k, n, min(p, 1.0)) >= u)


def binomial_below(k, n, p):
    """P(K ≤ k), 0 below nobody."""
    return float(special.bdtr(k, n, min(p, 1.0))) if k >= 0 else 0.0


def sum_at(spread, people, u):
    """The sum of so many people's amounts of mean 1, at u."""
    if spread.law == "constant" and spread.none == 0:
        return float(people)
    if spread.law == "gamma" and spread.none == 0 and math.isinf(spread.cap):
        shape, scale = spread.parameters
        return float(scale * special.gammaincinv(people * shape, u))
    x, below = _sum_law(spread.law, spread.none, spread.cap, tuple(spread.parameters), people)
    return float(np.interp(u, below, x)) if u > below[0] else 0.0


@cache
def _sum_law(law, none, cap, parameters, people):
    """(values, P(S ≤ value)): a million amounts of equal weight on a lattice, to the power m."""
    from tests.reference.spread import Spread

    share = (np.arange(AMOUNTS) + 0.5) / AMOUNTS
    some = Spread(law, none, cap, parameters).positive(share)
    end = people + 12 * float(np.std(some)) * math.sqrt(people) + float(some[-1])
    step = end / POINTS
    place = some / step
    low = np.floor(place).astype(int)
    chance = np.bincount(low, weights=1 - (place - low), minlength=POINTS + 1)
    chance += np.bincount(low + 1, weights=place - low, minlength=POINTS + 1)
    chance = chance[:POINTS] * (1 - none) / AMOUNTS
    chance[0] += none
    whole = np.fft.irfft(np.fft.rfft(chance) ** people, POINTS)
    below = np.cumsum(np.maximum(whole, 0.0))
    x = (np.arange(POINTS) + 0.5) * step
    return np.append(0.0, x), np.append(none**people, np.maximum(below, none**people))
