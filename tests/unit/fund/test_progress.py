"""What is told while a fund runs, and what is kept of contracts that are over."""

from __future__ import annotations

import threading
from itertools import pairwise

import pytest

from simulator.fund.crew import Crew, Job, Shared
from simulator.fund.model import Fund
from simulator.fund.portfolio import _Desk, _offer_to_all
from simulator.fund.run import run_fund
from simulator.fund.setup import setup_of
from simulator.fund.tried import tried
from tests.unit.fund.funds import fund, guarantee

PRICE = "payments.pay.terms.2.price"
ASKING = {
    "investor": {"hurdle": {"normal": {"mean": 0.05, "sd": 0.05}}, "belief": 1.0},
    "loosen": {"share": 0.9},
}


def told(words, **more):
    calls = []
    run_fund(words, paths=512, threads=2, progress=lambda *call: calls.append(call), **more)
    return calls


def test_progress_begins_before_anything_is_simulated_and_ends_with_all_of_it():
    calls = told(fund((2, 1), {"half": guarantee()}, behaviour=ASKING, price=PRICE))
    done = [call[0] for call in calls]
    assert done[0] == 0
    assert done == sorted(done)
    assert all(done <= whole for done, whole in calls)
    # expectations 16,384, prices below what is offered 16,384, expectations again 16,384, three
    # contracts on 512 paths twice, and terms loosened 16,384
    assert calls[-1] == (4 * 16_384 + 2 * 3 * 512,) * 2
    steps = {after - before for before, after in pairwise(done)}
    assert max(steps) <= 4_096


def test_progress_without_prices_is_that_of_expectations_and_portfolio():
    calls = told(fund((2, 1), {"half": guarantee()}), again=False)
    assert calls[-1] == (16_384 + 3 * 512,) * 2


def test_nothing_is_kept_of_contracts_that_are_over():
    designs = {
        "half": guarantee(recoveries=0.5, recovered_after=1),
        "beside": {"kind": "co-investment", "title": "c", "capital": 1e9, "share": 0.4},
        "own": {"kind": "internal fund", "title": "f", "capital": 1e9},
    }
    setup = setup_of(fund((3, 2), designs, years=6), 1)
    desks = [_Desk(setup, arm, 256) for arm in setup.arms]
    for year in range(6):
        for desk in desks:
            desk.book.open_year(year)
        for instance in [i for i in setup.instances if i.year == year]:
            _offer_to_all(setup, desks, instance, 0, 256)
        open_now = [len(desk.gains.open) for desk in desks]
        # a coin is tossed within a year; capital may move in the year after
        expected = {0: [0, 3, 3, 3], 1: [0, 2, 5, 5], 2: [0, 0, 2, 2]}
        assert open_now == expected.get(year, [0, 0, 0, 0])
        for desk in desks:
            desk.gains.settle(desk.book.close_year(year))
    assert not any(desk.gains.open for desk in desks)


def test_a_crew_merges_in_order_and_hands_on_what_goes_wrong():
    told, seen = [], []
    crew = Crew(3, lambda *call: told.append(call))
    gate = threading.Event()

    def work(shared, k, step):
        assert shared == "for all"
        if k == 0:
            gate.wait(5)
        gate.set()
        step(2)
        return k

    shared = Shared("for all")
    crew.run([Job(work, shared, (k,), 2) for k in range(30)], seen.append)
    assert seen == list(range(30))
    assert told[-1] == (60, 60)

    def fails(shared, k, step):
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        crew.results([Job(fails if k == 0 else work, shared, (k,), 2) for k in range(20)])


def test_a_trial_of_who_says_yes_expects_nothing_anew_and_is_the_fund_so_assumed():
    words = fund((2, 1), {"half": guarantee()}, behaviour=ASKING, price=PRICE)
    trial = {"title": "t", "set": {"behaviour.investor.hurdle": 0.02}}
    words = Fund.model_validate(
        words.model_dump(exclude_unset=True) | {"robustness": {"low": trial}}
    )
    calls = []
    found = run_fund(words, paths=512, again=False, progress=lambda *call: calls.append(call))
    assert calls[-1] == (16_384 + 2 * 3 * 512,) * 2
    alone = run_fund(tried(words, "low"), paths=512, again=False)
    (row,) = found.robustness
    for one, other in zip(row.designs, alone.designs, strict=True):
        assert one.contracts == other.contracts
        assert one.net_public_cost == other.net_public_cost
    assert alone.designs[0].contracts != found.designs[0].contracts
