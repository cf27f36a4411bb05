"""Every number on a comparison's page is read from the comparison: alter it, the page follows."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest

from docs.tools.gallery import EXHIBITS, GALLERY
from simulator.api import load_scenario
from simulator.views.report.policy.comparison import render_comparison_report
from tests.unit.views.test_every_number import altered, numbers, stale, stirred

SHOWN = """
    designs.summary.municipality.gross_savings designs.summary.municipality.total_payments
    designs.summary.municipality.by_year.own_costs
    designs.summary.municipality.net_budget_effect
    designs.summary.municipality.net_budget_effect_cashable
    designs.summary.municipality.probability_negative
    designs.summary.municipality.maximum_payment.amount designs.summary.investor.drawn
    designs.summary.investor.expected_profit designs.summary.investor.expected_multiple
    designs.summary.investor.irr_of_expected_cash_flow designs.summary.investor.loss_probability
    designs.summary.investor.expected_shortfall_95 designs.summary.guarantor.expected_payout
    designs.summary.guarantor.call_probability designs.summary.society.net_present_value
    designs.summary.society.benefit_cost_ratio differences.difference differences.share_better
    differences.share_worse switching.value
"""
"""Keys of the comparison that its page shows, without the places in lists."""


@cache
def stored():
    """The gallery's comparison and the scenario of each of its designs."""
    (exhibit,) = [exhibit for exhibit in EXHIBITS if exhibit.against]
    text = (GALLERY / "data" / exhibit.name / "comparison.json").read_text(encoding="utf-8")
    data = json.loads(text)
    scenarios = [
        load_scenario(design["scenario"], variants=design["variant"]) for design in data["designs"]
    ]
    return data, scenarios


def page(data):
    return render_comparison_report(data=data, scenarios=stored()[1], lang="en", script="plotly.js")


@cache
def unaltered():
    return page(stored()[0])


def with_results(data, scale):
    """The same with every result multiplied; assumptions and inputs are no results."""
    results = {key: data[key] for key in ("designs", "differences", "switching")}
    return {**data, **altered(results, scale)}


@pytest.mark.parametrize("key", SHOWN.split())
def test_a_figure_that_changes_changes_the_page(key):
    touched = []

    def scale(found, _):
        if found == key:
            touched.append(found)
        return 0.613 if found == key else 1.0

    assert page(with_results(stored()[0], scale)) != unaltered()
    assert touched


def test_figures_that_stay_leave_the_page_as_it_is():
    assert page(with_results(stored()[0], lambda *_: 1.0)) == unaltered()


def test_no_number_of_an_older_comparison_stays():
    """Five comparisons that differ in every figure have no number in common, years apart."""
    data, _ = stored()
    pages = [unaltered(), *(page(with_results(data, stirred(salt))) for salt in "abcd")]
    found = stale(pages)
    for chapter in ("summary", "scorecard", "differences", "frontier"):
        years = {number for number in found[chapter] if re.fullmatch(r"20\d\d", number)}
        assert found[chapter] - years == set(), chapter
        assert len(numbers(pages[0])[chapter]) >= 3, chapter
