"""Limits and guarantees as kernels: against the interpreter, and against the plain twin's rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from simulator.kernels.compile import LANES
from simulator.kernels.guarantees import guarantee_claim
from simulator.kernels.limits import limit_instant, open_limits
from simulator.plan.build import build
from simulator.scenario.load import load_scenario
from tests.reference.grid import grid_of
from tests.reference.guarantees import payout
from tests.reference.limits import Rooms, limited
from tests.reference.terms import Quantities
from tests.worked.deal import DEAL

PAYMENTS = [
    'payments.activity={ of = "capital_drawn", paid = "as delivered", terms = [{ share = 0.4 }] }',
    'payments.more={ of = "saving", terms = [{ share = 0.5 }] }',
    'payments.provider={ of = "saving", payee = "service_provider", terms = [{ share = 0.5 }] }',
]
LIMITS = [
    "limits.per_period=60",
    "limits.per_service_user=230",  # one service user
    "limits.total=220",
    "limits.multiple=1.3",
    "limits.annual_return={ rate = 0.08 }",
    'limits.annual_return={ rate = 0.08, form = "simple" }',
    "limits={ total = 250, multiple = 1.4, annual_return = { rate = 0.2 } }",
    'limits={ total = 250, annual_return = { rate = 0.1, form = "simple" } }',
]


@dataclass(frozen=True)
class Case:
    """Random capital (instants, lanes) and payments (payments, instants, lanes) under limits."""

    scenario: object
    program: object
    drawn: np.ndarray
    pay: np.ndarray


def case(limit: str) -> Case:
    scenario = load_scenario(DEAL, overrides=[*PAYMENTS, limit])
    rng = np.random.default_rng(11)
    drawn = np.zeros((5, LANES))
    drawn[:3] = rng.uniform(0, 100, (3, LANES)) * rng.integers(0, 2, (3, LANES))
    pay = rng.lognormal(3, 1.5, (4, 5, LANES)) * rng.integers(0, 2, (4, 5, LANES))
    pay[:, 0] = 0.0
    return Case(scenario, build(scenario, 1).plan.program, drawn, pay)


def limit_payments(
    program: object, drawn: np.ndarray, pay: np.ndarray, plain: bool = False
) -> None:
    """All instants in turn, compiled or by the interpreter; `pay` is cut in place."""
    rows, users = np.zeros((8, LANES)), np.full(LANES, 1.0)
    begin = open_limits.py_func if plain else open_limits
    limit = limit_instant.py_func if plain else limit_instant
    begin(program, drawn, users, rows, False)
    for instant in range(drawn.shape[0]):
        limit(program, instant, drawn[instant], rows, pay)
        rows[3] += drawn[instant]


def twin_limits(it: Case, grid: object, due: dict, drawn: list[float]) -> dict:
    """The plain twin's limits, instant by instant."""
    rooms, found = Rooms(it.scenario.limits, grid.q, 1), {}
    for t in range(5):
        row = {name: x for (name, instant), x in due.items() if instant == t}
        cut = limited(it.scenario, row, rooms.at(sum(drawn)))
        rooms.pay(sum(x for name, x in cut.items() if name != "provider"), drawn[t])
        found |= {(name, t): x for name, x in cut.items()}
    return found


@pytest.mark.parametrize("limit", LIMITS)
def test_limits_are_those_of_the_twin(limit):
    it = case(limit)
    found = it.pay.copy()
    limit_payments(it.program, it.drawn, found)
    names = sorted(it.scenario.payments)
    grid = grid_of(it.scenario)
    assert (found != it.pay).any(axis=(0, 1)).sum() > LANES // 4  # the limit does bind
    for lane in range(0, LANES, 3):
        due = {(n, t): it.pay[i, t, lane] for i, n in enumerate(names) for t in range(5)}
        expected = twin_limits(it, grid, due, it.drawn[:, lane].tolist())
        row = [[expected[n, t] for t in range(5)] for n in names]
        np.testing.assert_allclose(found[:, :, lane], row, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("limit", LIMITS)
def test_limits_are_those_of_the_interpreter(limit):
    it = case(limit)
    compiled, plain = it.pay.copy(), it.pay.copy()
    limit_payments(it.program, it.drawn, compiled)
    limit_payments(it.program, it.drawn, plain, plain=True)
    np.testing.assert_array_equal(compiled, plain)


@pytest.mark.parametrize("limit", LIMITS)
def test_limits_leave_other_payees_alone_and_raise_nothing(limit):
    it = case(limit)
    found = it.pay.copy()
    limit_payments(it.program, it.drawn, found)
    provider = sorted(it.scenario.payments).index("provider")
    np.testing.assert_array_equal(found[provider], it.pay[provider])
    assert np.all(found <= it.pay * (1 + 1e-12))
    assert np.all(found >= 0)


READINGS = [
    'reading = "pari passu", coverage = 0.5',
    'reading = "floor", coverage = 0.6, object = "committed"',
    'reading = "floor", coverage = 0.6, object = "at risk"',
    'reading = "floor", coverage = 0.9, object = "with return", target_return = 0.2',
    'reading = "first loss", coverage = 0.3, object = "with return", target_return = 0.2',
    'reading = "first loss", coverage = 0.5, object = "at risk"',
    'reading = "second loss", attachment = 20, detachment = 70',
    'reading = "maximum loss", maximum = 25',
]


@pytest.mark.parametrize("words", READINGS)
def test_claims_are_those_of_the_interpreter_and_of_the_twin(words):
    overrides = ['parties.guarantor="The state"', f"guarantees.a={{ {words} }}"]
    scenario = load_scenario(DEAL, overrides=[*PAYMENTS, *overrides])
    guarantees = build(scenario, 1).plan.guarantees
    levels = (float(guarantees.low[0]), float(guarantees.high[0]))
    rng = np.random.default_rng(12)
    claims = []
    for _ in range(100):
        drawn = rng.uniform(0, 200)
        activity = rng.uniform(0, 0.5) * drawn
        received = activity + rng.uniform(0, 200) * rng.integers(0, 2)
        arguments = (guarantees, 0, (drawn, 200.0, activity), received, levels)
        claim = guarantee_claim(*arguments)
        assert claim == guarantee_claim.py_func(*arguments)
        quantities = Quantities(drawn, 200.0, 150.0)
        twin = payout(scenario.guarantees["a"], quantities, received, activity)
        assert claim == pytest.approx(twin, abs=1e-9)
        claims.append(claim)
    assert 0 < np.count_nonzero(claims) < 100
