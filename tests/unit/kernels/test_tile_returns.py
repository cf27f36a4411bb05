"""Returns of a tile, side by side, against brentq and against the rules for one path."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import brentq

from simulator.kernels.compile import LANES
from simulator.kernels.factors import ROWS, few_steps, more_steps
from simulator.kernels.few_flows import SHORT_ROWS
from simulator.kernels.returns import SCANNED, rate_of_return, tile_rates, value_at, values_scanned

Flows = NDArray[np.float64]


def amounts(flows: Flows) -> tuple[Flows, Flows]:
    """Paid in and received, of flows (instants, lanes)."""
    return np.maximum(-flows, 0.0).sum(axis=0), np.maximum(flows, 0.0).sum(axis=0)


def rates(flows: Flows, per_year: int = 1) -> tuple[Flows, Flows]:
    """Rates and roots of a tile; what was in the rows before must not matter."""
    spare = np.full((ROWS, LANES), np.nan), np.full((SHORT_ROWS, LANES), np.nan, np.float32)
    rate, roots = np.full(LANES, np.nan), np.full(LANES, np.nan)
    tile_rates(np.ascontiguousarray(flows), amounts(flows), per_year, spare, (rate, roots))
    return rate, roots


def settled(flows: Flows) -> NDArray[np.bool_]:
    """Lanes whose factor was found side by side."""
    filled = np.zeros((max(len(flows), 5), LANES))
    filled[: len(flows)] = flows
    spare = np.zeros(ROWS * LANES), np.zeros(SHORT_ROWS * LANES, np.float32)
    found = np.zeros(LANES), np.zeros(LANES)
    if few_steps(filled.ravel(), amounts(flows), spare, 1.0, found) > 0:
        more_steps(filled.ravel(), amounts(flows), spare[0], 1.0, found)
    return found[1] == 1


def by_brentq(flows: Flows) -> float:
    """The root in ln(factor) of ln(Σ coming back·v^t) − ln(Σ going in·v^t), which only rises."""
    times = np.arange(len(flows))

    def imbalance(x: float) -> float:
        worth = np.abs(flows) * np.exp(times * x - np.max(times * x))
        return math.log(worth[flows > 0].sum()) - math.log(worth[flows < 0].sum())

    reach = 1.0
    while imbalance(-reach) > 0 or imbalance(reach) < 0:
        reach *= 2
    return math.exp(-brentq(imbalance, -reach, reach, xtol=1e-16, rtol=1e-15)) - 1


def one_change(rng: np.random.Generator, instants: int, hostility: int) -> Flows:
    """A tile of flows that go in first and come back after, by how unlike a loan they are."""
    flows = np.zeros((instants, LANES))
    for lane in range(LANES):
        turn = rng.integers(1, instants)
        flows[:turn, lane] = -rng.lognormal(10, 0.5 * hostility, turn)
        flows[turn:, lane] = rng.lognormal(9.5, 0.7 * hostility, instants - turn)
        if hostility == 1 and lane % 2 == 0:  # most grids are mostly empty
            flows[1:, lane] *= rng.random(instants - 1) < 0.3
            flows[instants - 1, lane] = 3e4
    return flows * np.exp(rng.uniform(-14, 28, LANES)) if hostility == 2 else flows


@pytest.mark.parametrize("instants", [2, 3, 4, 5, 6, 8, 9, 11, 12, 41, 81])
def test_a_tile_against_brentq(instants):
    # f′·v is at least all that comes back at the root, so that rounding of some 1e-16 in each of
    # `instants` terms moves the factor by no more than a few times that: 1e-13 is far off.
    rng = np.random.default_rng(instants)
    for hostility in (0, 1, 2):
        flows = one_change(rng, instants, hostility)
        found, roots = rates(flows)
        wanted = np.array([by_brentq(flows[:, lane]) for lane in range(LANES)])
        assert np.all(roots == 1)
        assert np.max(np.abs(found - wanted) / (1 + wanted)) < 1e-13


@pytest.mark.parametrize("instants", [4, 6, 11, 17, 81])
@pytest.mark.parametrize("back", [1e-9, 1e-4, 0.02, 0.3, 30.0, 1e9])
def test_nearly_all_lost_and_much_more_than_paid_in(instants, back):
    # A bullet: −1 at 0, `back` at the end: r = back^(1/T) − 1. And the same drawn in two parts.
    flows = np.zeros((instants, LANES))
    flows[0], flows[-1] = -1.0, back * (1 + np.arange(LANES) / LANES)
    found, _ = rates(flows)
    wanted = flows[-1] ** (1 / (instants - 1)) - 1
    assert np.max(np.abs(found - wanted) / (1 + wanted)) < 1e-13
    flows[1] = -0.5
    found, _ = rates(flows)
    wanted = np.array([by_brentq(flows[:, lane]) for lane in range(LANES)])
    assert np.max(np.abs(found - wanted) / (1 + wanted)) < 1e-13


@pytest.mark.parametrize("power", [-120, -70, 40, 66, 100])
def test_amounts_too_large_or_small_for_seven_digits(power):
    # Numbers of seven digits end at 2^128 and squares of flows stand in a step: from 2^57 on, and
    # below 2^−69, steps fail and the lanes begin again. A rate does not know the unit of money.
    rng = np.random.default_rng(4)
    for instants in (3, 6, 8):
        flows = one_change(rng, instants, 0)
        found, roots = rates(flows * 2.0**power)
        usual, _ = rates(flows)
        assert np.all(roots == 1)
        assert np.max(np.abs(found - usual) / (1 + usual)) < 1e-14


def any_signs(rng: np.random.Generator, instants: int) -> Flows:
    """Lanes of every status: empty, lost, given first, many changes of sign, a root beside none."""
    flows = rng.normal(0, 1, (instants, LANES)) * (rng.random((instants, LANES)) < 0.6)
    flows[:, 0:8] = 0.0
    flows[:, 8:16] = -np.abs(flows[:, 8:16])
    flows[:, 16:24] = np.abs(flows[:, 16:24])
    flows[0, 24:200] = -3.0
    flows[1:, 24:100] = np.abs(flows[1:, 24:100])
    flows[:, 100:104] = np.array([-100.0, 100.0, -100.0, *[0.0] * (instants - 3)])[:, None]
    flows[:, 104:108] = np.array([-1.0, 5.0, -6.0, *[0.0] * (instants - 3)])[:, None]
    flows[1, 108:112] = -0.0
    return flows


@pytest.mark.parametrize("per_year", [1, 4])
def test_every_status_is_the_one_of_its_own_path(per_year):
    rng = np.random.default_rng(8)
    for instants in (3, 5, 6, 13):
        flows = any_signs(rng, instants)
        paid, got = amounts(flows)
        found, roots = rates(flows, per_year)
        for lane in range(LANES):
            one = rate_of_return(flows[:, lane].copy(), paid[lane], got[lane], per_year)
            assert roots[lane] == one[1]
            assert found[lane] == pytest.approx(one[0], rel=1e-11, abs=1e-12, nan_ok=True)
        assert {0.0, 1.0, 2.0} <= set(roots)


def test_no_lane_looks_at_another():
    # Hard lanes make a tile take more steps; easy ones must not notice.
    rng = np.random.default_rng(5)
    for instants in (4, 6, 13):
        mixed = any_signs(rng, instants)
        mixed[:, 120:] = one_change(rng, instants, 1)[:, 120:]
        order = rng.permutation(LANES)
        here, there = rates(mixed), rates(mixed[:, order])
        assert np.array_equal(here[0][order], there[0], equal_nan=True)
        assert np.array_equal(here[1][order], there[1])
        for lane in (30, 130, 200):
            alone, _ = rates(np.repeat(mixed[:, lane : lane + 1], LANES, axis=1))
            assert alone[0] == here[0][lane] or math.isnan(here[0][lane])


def test_returns_of_contracts_are_found_side_by_side():
    # What is found one by one takes a hundred times as long: it must stay what is rare.
    rng = np.random.default_rng(3)
    for instants in (3, 6, 11, 21):
        flows = np.zeros((instants, LANES))
        flows[: instants // 3 + 1] = -100.0
        flows[instants // 3 + 1 :] = rng.lognormal(4.7, 0.8, (instants - instants // 3 - 1, LANES))
        assert settled(flows).all()
        flows[instants // 3 + 1 :] *= 0.05  # nineteen twentieths lost
        assert settled(flows).all()


def test_values_are_scanned_as_they_are_computed_one_by_one():
    flows = np.random.default_rng(1).normal(0, 100, 15)
    values = values_scanned(flows)
    assert all(values[k] == value_at(flows, SCANNED[k]) for k in range(0, 401, 40))
    assert SCANNED[-1] == pytest.approx(20.0, rel=1e-12)
