"""When measures are taken and payments fall due, as the layout says."""

import datetime
from dataclasses import astuple

import pytest

from simulator.plan.build import build
from simulator.results import Window
from simulator.scenario.load import load_scenario
from tests.unit.views.small import scenario


def test_norrkopings_days() -> None:
    """Half-years from 2016-07-01; the last enrol until 2017-06-30, so their two years end with
    2019-06-30; the report takes six months more, and everything is settled then."""
    layout = build(load_scenario("norrkoping"), 1).layout
    saving = next(m for m in layout.measures if m.measure == "saving")
    days = (datetime.date(2016, 8, 1), datetime.date(2019, 6, 30), datetime.date(2019, 12, 31))
    assert saving.window == Window(*days)
    assert [(due.payment, due.kind, due.claims) for due in layout.dues] == [
        ("activity", "activity payment", 1),
        ("savings_share", "outcome payment", 1),
        ("upside", "outcome payment", 1),
    ]
    assert {(due.first, due.last) for due in layout.dues} == {(days[2], days[2])}
    # of 10 million drawn at most: 40 %, 60 %, and 20 % above what has been lent
    assert [due.maximum for due in layout.dues] == pytest.approx([4e6, 6e6, 2e6])


def test_a_payment_as_delivered_has_a_claim_for_each_period_of_spending() -> None:
    """Half-years from 2024-01-01 over three years, all of them with a cost.

    The cost is not bounded by anything, so nor is a share of it.
    """
    made = scenario(
        '[payments.work]\nof = "cost"\nterms = [{ share = 0.4 }]\npaid = "as delivered"'
    )
    (due,) = build(made, 1).layout.dues
    first, last = datetime.date(2024, 6, 30), datetime.date(2026, 12, 31)
    expected = ("work", "activity payment", ("outcome_payer",), "investor", first, last, 6, None)
    assert astuple(due) == expected
