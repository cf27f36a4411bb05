"""Samplers of the parameter layer: each path plain on its own, replicates stratified as promised.

Draws of the standing benchmark: five streams. Statistical tests raise a false alarm once in a
million runs of each comparison; seeds are fixed.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import chi2

from simulator.kernels.loop import record_of
from simulator.kernels.parameters import score_block
from simulator.kernels.samplers import BITS, REPLICATE
from simulator.plan.build import build
from simulator.plan.samplers import SAMPLERS, sampled, sobol_points
from simulator.scenario.load import load_scenario

BENCHMARK = Path(__file__).parents[3] / "scenarios" / "benchmark.toml"
STRATIFIED = ("lhs", "sobol")
TIED = ("antithetic", *STRATIFIED)
MANY, ALARM = 2_000, 1e-6


@pytest.fixture(scope="module")
def draws():
    built = build(load_scenario(BENCHMARK), 7)
    plans = {name: record_of(sampled(built, name).plan) for name in SAMPLERS}
    return {name: plan.fields.draws for name, plan in plans.items()} | {"plans": plans}


def scores(draws, sampler, first, paths):
    out = np.empty((len(draws[sampler].fields.keys), paths))
    score_block(draws[sampler], first, out)
    return out


def uniforms(draws, sampler, first=0, paths=REPLICATE):
    return ndtr(scores(draws, sampler, first, paths))


@pytest.fixture(scope="module")
def many(draws):
    """Uniforms of the first tile of many replicates, by sampler: (replicates, streams, lanes)."""
    return {
        sampler: np.array([uniforms(draws, sampler, REPLICATE * r, 256) for r in range(MANY)])
        for sampler in STRATIFIED
    }


def test_plain_draws_have_no_strata(draws):
    assert draws["plain"].fields.sampler == 0
    u = uniforms(draws, "plain")
    counts = np.bincount(np.floor(u[0] * REPLICATE).astype(int), minlength=REPLICATE)
    assert counts.max() > 1  # no strata: P(no two of 4,096 together) is below 1e-1000


def test_mirrored_paths_have_opposite_scores(draws):
    z = scores(draws, "antithetic", 3 * REPLICATE, REPLICATE)
    np.testing.assert_array_equal(z[:, ::-1], -z)
    plain = scores(draws, "plain", 3 * REPLICATE, REPLICATE)
    np.testing.assert_array_equal(z[:, : REPLICATE // 2], plain[:, : REPLICATE // 2])


@pytest.mark.parametrize("sampler", STRATIFIED)
@pytest.mark.parametrize("replicate", [0, 1, 2**40])
def test_every_stratum_of_every_number_holds_one_path(draws, sampler, replicate):
    u = uniforms(draws, sampler, replicate * REPLICATE)
    for row in u:
        assert sorted(np.floor(row * REPLICATE).astype(int)) == list(range(REPLICATE))


@pytest.mark.parametrize("sampler", TIED)
def test_a_path_has_its_bits_whatever_is_drawn_beside_it(draws, sampler):
    whole = scores(draws, sampler, REPLICATE, REPLICATE)
    part = scores(draws, sampler, REPLICATE + 2560, 300)
    np.testing.assert_array_equal(part, whole[:, 2560:2860])


def cells(u, bits_1, bits_2):
    """Points in each elementary interval of 2^−bits_1 × 2^−bits_2 of two numbers, in order."""
    first, second = (np.floor(u[k] * 2**b).astype(int) for k, b in ((0, bits_1), (1, bits_2)))
    return np.bincount((first << bits_2) + second, minlength=1 << (bits_1 + bits_2))


def test_scrambled_points_are_a_net(draws):
    """The first two streams are a (0, 12, 2)-net: one point in each interval of volume 2⁻¹²."""
    for replicate in (0, 5):
        u = uniforms(draws, "sobol", replicate * REPLICATE)
        for bits in range(BITS + 1):
            assert set(cells(u, bits, BITS - bits)) == {1}


def test_scrambling_keeps_how_evenly_any_two_numbers_lie(draws):
    """Counts of points by interval are only moved about; other pairs have t up to 2 or so."""
    u = uniforms(draws, "sobol", 9 * REPLICATE)
    points = draws["sobol"].fields.points / REPLICATE
    for pair in ([0, 3], [2, 4]):
        for bits in (3, 6, 8):
            moved, bare = (sorted(cells(x[pair], bits, BITS - bits)) for x in (u, points))
            assert moved == bare


def test_scrambling_is_nested(draws):
    """Two points share as many leading bits after it as before, and part at the next one."""
    u = uniforms(draws, "sobol", 4 * REPLICATE)[3]
    made = np.floor(u * REPLICATE).astype(int)
    bare = draws["sobol"].fields.points[3].astype(int)
    pairs = np.random.default_rng(1).integers(0, REPLICATE, (2, 5_000))
    before, after = (np.bitwise_xor(*x[pairs]) for x in (bare, made))
    lengths = [np.floor(np.log2(np.maximum(x, 0.5))) for x in (before, after)]
    np.testing.assert_array_equal(*lengths)
    assert (made != bare).any()


def even(counts, expected):
    """Pearson's chi-square against even counts, at one false alarm in a million."""
    statistic = float(((counts - expected) ** 2 / expected).sum())
    return statistic < chi2.isf(ALARM, counts.size - 1), statistic


@pytest.mark.parametrize("sampler", STRATIFIED)
def test_each_path_is_uniform_over_replicates(many, sampler):
    """In 64 cells of one number, and 8 × 8 of two together."""
    for lane in (0, 17, 255):
        one, two = (np.floor(many[sampler][:, k, lane] * 64).astype(int) for k in (1, 4))
        for cell in (one, two, 8 * (one >> 3) + (two >> 3)):
            fine, statistic = even(np.bincount(cell, minlength=64), MANY / 64)
            assert fine, (lane, statistic)


def test_two_paths_of_a_hypercube_lie_anyhow(many):
    """(π(i), π(j)) is as good as uniform on pairs: 8 × 8 cells, near and far in the network."""
    u = np.floor(many["lhs"][:, 2] * 8).astype(int)
    for i, j in ((0, 1), (0, 64), (5, 69), (3, 255)):
        counts = np.bincount(8 * u[:, i] + u[:, j], minlength=64)
        fine, statistic = even(counts, MANY / 64)
        assert fine, (i, j, statistic)


@pytest.mark.parametrize("sampler", STRATIFIED)
def test_replicates_are_independent(many, sampler):
    """Each beside the next, on one path: |correlation| < 4.9/√n, one false alarm in a million."""
    for lane in (0, 100):
        u = many[sampler][:, 3, lane]
        assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < 4.9 / np.sqrt(MANY)


def test_the_sequence_is_sobols_own_in_another_order():
    """Without order it is what SciPy gives; a table without streams is empty."""
    points = sobol_points(3)
    assert points.shape == (3, REPLICATE)
    assert sorted(points[0]) == list(range(REPLICATE))
    # 0, ½, ¾, ¼: the first points of the sequence lie together in no batch of every 32nd path
    places = [int(np.flatnonzero(points[0] == x)[0]) for x in (0, 2048, 3072, 1024)]
    assert len({place % 32 for place in places}) > 1
    assert sobol_points(0).shape == (0, REPLICATE)
