"""The internal fund: what committees pay back, by hand; and what must hold on every path."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulator.analysis import Assumptions, compare
from simulator.analysis.designs import Shelf, make_design
from simulator.analysis.internal_fund import InternalFund, pay_back
from simulator.engine import Engine

RICH = str(Path(__file__).parents[2] / "properties" / "rich.toml")


def one(outlay, *savings, share=1.0):
    """Payback by pocket and year, and balance by year, on one path."""
    paid, balance = pay_back(
        np.array(outlay, dtype=float)[:, None], np.array(savings, dtype=float)[:, :, None], share
    )
    return paid[:, :, 0].tolist(), balance[:, 0].tolist()


def test_a_committee_pays_back_what_it_saves_until_the_outlay_is_repaid():
    # outlay 100 + 50; savings 60, 70, 70: paid 60, 70 and the 20 that are left of 150
    paid, balance = one([100, 50, 0], [60, 70, 70])
    assert paid == [[60, 70, 20]]
    assert balance == [40, 20, 0]


def test_a_year_of_higher_costs_is_made_up_before_more_is_paid():
    # to date 30, 10, 50: paid 30, then nothing, then 50 − 30 = 20; nothing is returned
    paid, balance = one([100, 0, 0], [30, -20, 40])
    assert paid == [[30, 0, 20]]
    assert balance == [70, 70, 50]


def test_committees_share_what_is_left_in_proportion_to_what_they_can_pay():
    # 30 and 90 to pay, 60 lacking: 15 and 45
    paid, balance = one([60], [30], [90])
    assert paid == [[15], [45]]
    assert balance == [0]


def test_a_share_of_the_saving():
    # half of 40, then half of 40 + 100 less the 20 paid
    paid, balance = one([100, 0], [40, 100], share=0.5)
    assert paid == [[20, 50]]
    assert balance == [80, 30]


def test_a_committee_that_does_not_gain_pays_nothing():
    paid, balance = one([10], [-5], [4])
    assert paid == [[0], [4]]
    assert balance == [6]


AMOUNTS = st.floats(-1e6, 1e6, allow_nan=False)


@settings(deadline=None, max_examples=200)
@given(
    arrays(float, (4, 3), elements=st.floats(0, 1e6)),
    arrays(float, (2, 4, 3), elements=AMOUNTS),
    st.floats(0, 1),
)
def test_the_fund_never_receives_more_than_its_outlay(outlay, savings, share):
    paid, balance = pay_back(outlay, savings, share)
    room = 1e-9 * (1 + np.abs(outlay).sum() + np.abs(savings).sum())
    assert (paid >= 0).all()
    assert (balance >= -room).all()
    got = paid.sum(axis=0).cumsum(axis=0)
    assert (got <= outlay.cumsum(axis=0) + room).all()
    assert np.allclose(outlay.cumsum(axis=0) - got, balance, atol=room)
    best = np.maximum(savings.cumsum(axis=1), 0).max(axis=1)
    assert (paid.sum(axis=1) <= share * best + room).all()


@pytest.fixture(scope="module")
def compared():
    designs = [f"{RICH}@in_house", f"{RICH}@internal_fund"]
    return compare(designs, paths=400, switching=False)


def test_to_the_municipality_as_a_whole_it_is_in_house(compared):
    """Every figure but the fund's own, by year too: money between pockets nets to nothing."""
    own, fund = compared.summaries
    for part in ("municipality", "investor", "society", "outcomes", "measures", "parties"):
        assert own[part] == fund[part], part
    assert own["internal_fund"] is None


def test_the_funds_figures_add_up(compared):
    fund = compared.summaries[1]["internal_fund"]
    outlay, repaid, loss = (fund[k]["estimate"] for k in ("outlay", "repaid", "expected_loss"))
    assert outlay == pytest.approx(repaid + loss, rel=1e-12)
    assert fund["repaid_share"]["estimate"] == pytest.approx(repaid / outlay, rel=1e-12)
    years, pockets = fund["by_year"], fund["by_pocket"]
    assert sum(y["outlay"]["estimate"] for y in years) == pytest.approx(outlay, rel=1e-12)
    assert sum(y["payback"]["estimate"] for y in years) == pytest.approx(repaid, rel=1e-12)
    assert sum(p["payback"]["estimate"] for p in pockets) == pytest.approx(repaid, rel=1e-12)
    assert years[-1]["balance"]["estimate"] == pytest.approx(loss, rel=1e-12)
    assert 1 - years[-1]["repaid_probability"]["estimate"] == pytest.approx(
        fund["loss_probability"]["estimate"]
    )


def test_pockets_and_fund_sum_to_in_house_on_every_path():
    """Net in house = Σ pockets (avoided − payback) + (repaid − outlay) − other own costs."""
    shelf = Shelf((), lambda scenario: 0.0)
    design = make_design(f"{RICH}@internal_fund", shelf, Assumptions())
    built = design.built(1)
    fund = InternalFund.of(built.layout, 1.0)
    block = fund.extended(Engine(built, 1).block(0, 300))
    row = dict(zip(fund.extended_layout().figures, block.figures, strict=True))
    pockets = sum(row[f"internal_fund.pocket.{p}.net"] for p in fund.pockets)
    inside = pockets + row["internal_fund.repaid"] - row["internal_fund.outlay"]
    assert fund.pockets
    assert row["internal_fund.repaid"].max() > 0
    other = sum(
        (line.payee == "outcome_payer") * block.flows[k].sum(axis=0)
        - (line.payer == "outcome_payer") * block.flows[k].sum(axis=0)
        for k, line in enumerate(built.layout.lines)
        if line.kind != "memo" and line.account not in ("saving", "luck", "own contribution")
    )
    assert inside + other == pytest.approx(row["municipality.net_budget_effect"], rel=1e-9)
    assert (row["internal_fund.repaid"] <= row["internal_fund.outlay"] + 1e-6).all()
