"""Limits and guarantees as kernels: against the interpreter, and against the plain twin's rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from simulator.kernels import limits
from simulator.kernels.borrow import Record
from simulator.kernels.compile import LANES, cached
from simulator.kernels.guarantees import claim_at_end, guarantee_claim
from simulator.kernels.limits import (
    ROOM,
    limit_instant,
    open_limits,
    owe_drawn,
    room_for_payments,
)
from simulator.kernels.records import TO_INVESTOR
from simulator.kernels.running import Side
from simulator.plan.arrays import ints
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
    program = build(scenario, 1).plan.program
    return Case(scenario, program._replace(falls_due=np.full(5, TO_INVESTOR)), drawn, pay)


@cached  # both workers need it
def limited_payments(program, side, capital, users):  # type: ignore[no-untyped-def]
    """All instants in turn; `side.pay` is cut in place."""
    place = ROOM
    room_for_payments(program, capital, users, False, side.limits[ROOM])
    open_limits(program, side, False)
    for instant in range(side.drawn.shape[0]):
        place = limit_instant(program, side, instant, place)
        owe_drawn(program, side, instant)


def limit_payments(program: object, drawn: np.ndarray, pay: np.ndarray) -> None:
    """The same on a side that has nothing but payments and capital; `pay` is cut in place."""
    capital, users, nothing = drawn.sum(axis=0), np.full(LANES, 1.0), np.zeros(1)
    side = Side(*[nothing for _ in Side._fields])
    side = side._replace(pay=pay, drawn=drawn, limits=np.zeros((13, LANES)))
    if limit_instant is limits.limit_instant:
        limited_payments(Record(program), Record(side), capital, users)
        return
    place = ROOM
    limits.room_for_payments(program, capital, users, False, side.limits[ROOM])
    limits.open_limits(program, side, False)
    for instant in range(drawn.shape[0]):
        place = limits.limit_instant(program, side, instant, place)
        limits.owe_drawn(program, side, instant)


def interpret(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on every kernel that limits use is run by the Python interpreter."""
    for name, kernel in list(vars(limits).items()):
        if hasattr(kernel, "py_func"):
            monkeypatch.setattr(limits, name, kernel.py_func)


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
def test_limits_are_those_of_the_interpreter(limit, monkeypatch):
    it = case(limit)
    compiled, plain = it.pay.copy(), it.pay.copy()
    limit_payments(it.program, it.drawn, compiled)
    interpret(monkeypatch)
    with np.errstate(divide="ignore", invalid="ignore"):
        limit_payments(it.program, it.drawn, plain)
    np.testing.assert_array_equal(compiled, plain)


@pytest.mark.parametrize("payments", [[1], [1, 3], [0, 1], [0, 1, 3]])
@pytest.mark.parametrize("limit", ["total=120", "multiple=0.9", "per_service_user=100"])
def test_a_limit_per_period_that_never_binds_changes_no_bit(limit, payments):
    """Without one, sum, comparison and what is left are one pass; with one they are apart.

    Payments 0 is an activity payment, which is cut last.
    """
    apart = case(f"limits={{ {limit.replace('=', ' = ')}, per_period = 1e12 }}")
    joined = case(f"limits.{limit}")
    found = []
    for it in (joined, apart):
        pay = it.pay.copy()
        limit_payments(it.program._replace(investor=ints(payments)), it.drawn, pay)
        found.append(pay)
    np.testing.assert_array_equal(found[0].view(np.int64), found[1].view(np.int64))
    assert (found[0] != joined.pay).any(axis=(0, 1)).sum() > LANES // 4  # the limit does bind


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
    record = Record(guarantees)
    levels = (float(guarantees.low[0]), float(guarantees.high[0]))
    rng = np.random.default_rng(12)
    drawn = rng.uniform(0, 200, LANES)
    activity = rng.uniform(0, 0.5, LANES) * drawn
    received = activity + rng.uniform(0, 200, LANES) * rng.integers(0, 2, LANES)
    bases = np.array([drawn, np.full(LANES, 200.0), np.full(LANES, 150.0), np.zeros(LANES)])
    found, plain = np.zeros(LANES), np.zeros(LANES)
    for claim, words, out in (
        (claim_at_end, record, found),
        (claim_at_end.py_func, guarantees, plain),
    ):
        claim(words, 0, bases, (activity, received), np.zeros((10, LANES)), out)
    np.testing.assert_array_equal(found, plain)
    assert 0 < np.count_nonzero(found) < LANES
    for lane in range(0, LANES, 2):
        quantities = Quantities(drawn[lane], 200.0, 150.0)
        twin = payout(scenario.guarantees["a"], quantities, received[lane], activity[lane])
        assert found[lane] == pytest.approx(twin, abs=1e-9)
        capital = (drawn[lane], 200.0, activity[lane])
        assert found[lane] == guarantee_claim(record, 0, capital, received[lane], levels)
