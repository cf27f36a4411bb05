"""The standing benchmark at 5·10⁶ paths, at every level and with every sampler, against its law.

The four values are known by Fourier transform of the sums' laws. 1,221 blocks of 4,096 paths are
independent of each other whatever the sampler (a block is its replicate), so the spread of their
means is the standard error. Beyond 4 of them lies 1 in 15,000 comparisons of a correct engine
(Student's t with 1,220 degrees of freedom): fewer than one miss in 10,000, and by Bonferroni one of
the 48 here in 310. Seeds are fixed. An error of 6.4 standard errors is found 99 times in 100: that
is 0.09 per cent of what is received, and 6 per cent of the chance of a call.

The return is not among the four: no transform gives it. What is known of it are figures of 48
million simulated paths (mean 0.08724, 5 % quantile -0.07807), and `socsim verify` holds them.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import t

from simulator.engine import CHUNK, Engine
from simulator.plan.build import build
from simulator.plan.samplers import SAMPLERS, sampled
from simulator.scenario.load import load_scenario

pytestmark = pytest.mark.statistical
PATHS = 5_000_000
BLOCKS = math.ceil(PATHS / CHUNK)
WITHIN = 4.0
LEVELS = {
    "participant": (
        'metrics.success.sampled="participant"',
        'metrics.saving.sampled="participant"',
    ),
    "count": ('metrics.saving.sampled="participant"',),
    "aggregate": (),
}
EXACT = {
    "investor.received": (194_855.95, 0.0009),  # the call included; error that is found, relative
    "municipality.outcome_payments": (194_838.10, 0.0009),
    "guarantor.payout": (17.850, 0.09),
    "called": (0.0019386, 0.07),
}


def block_means(level, sampler):
    """Means of the four figures in each block, (blocks, 4)."""
    scenario = load_scenario("benchmark", overrides=LEVELS[level])
    built = sampled(build(scenario, 5), sampler)
    names = list(built.layout.figures)
    rows = [names.index(name) for name in EXACT if name != "called"]
    engine = Engine(built, 1, reuse=True)
    means = np.empty((BLOCKS, len(EXACT)))
    for place in range(BLOCKS):
        figures = engine.block(place * CHUNK, CHUNK).figures
        for column, row in enumerate(rows):
            means[place, column] = figures[row].mean()
        means[place, -1] = (figures[rows[-1]] > 0.0).mean()
    return means


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("level", LEVELS)
def test_five_million_paths_have_the_exact_values(level, sampler):
    means = block_means(level, sampler)
    errors = means.std(axis=0, ddof=1) / math.sqrt(BLOCKS)
    gaps = {}
    for (name, (exact, found)), mean, error in zip(
        EXACT.items(), means.mean(axis=0), errors, strict=True
    ):
        gaps[name] = (mean - exact) / error
        assert 6.4 * error < found * exact, name
    assert all(abs(gap) < WITHIN for gap in gaps.values()), gaps


def test_the_false_alarm_rate_is_the_one_that_is_stated():
    rate = 2 * t.sf(WITHIN, BLOCKS - 1)
    assert rate < 1e-4
    assert len(LEVELS) * len(SAMPLERS) * len(EXACT) * rate < 1 / 300


def test_the_levels_are_those_that_they_are_called():
    """What each plan draws: people, counts, sums."""
    drawn = {
        level: set(
            np.asarray(build(load_scenario("benchmark", overrides=said), 5).plan.cells.level)
        )
        for level, said in LEVELS.items()
    }
    assert drawn == {"participant": {0}, "count": {0, 1}, "aggregate": {1, 2}}
