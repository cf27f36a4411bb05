"""Every number in every report is read from the result: alter the result, and the page follows."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from html import unescape

import pytest

from simulator.fund.load import load_fund
from simulator.fund.results import FundResult
from simulator.views.report import render_report
from simulator.views.report.policy.fund import render_fund_report
from tests.unit.cli.stored import RICH
from tests.unit.views.fund_result import fund_result
from tests.unit.views.page import source
from tests.unit.views.run import example

SHOWN = {
    "investor": """
        investor.drawn investor.committed investor.peak_exposure investor.expected_profit
        investor.expected_multiple investor.irr_of_expected_cash_flow investor.median_irr
        investor.net_present_value investor.hurdle_probability investor.loss_probability
        investor.loss_over_half_probability investor.total_loss_probability investor.expected_loss
        investor.loss_given_loss.money investor.expected_shortfall_95 investor.maximum_loss.amount
        investor.before_protection.expected_loss investor.quantiles.profit.p5
        investor.quantiles.profit.p50 investor.quantiles.profit.p95 investor.quantiles.irr.p50
        investor.by_year.net investor.by_year.cumulative_net investor.loss_exceedance.loss
        investor.loss_exceedance.probability investor.point_masses.profit.value
        investor.point_masses.profit.share investor.histogram.profit.edges
        municipality.net_budget_effect municipality.gross_savings municipality.outcome_payments
        municipality.activity_payments municipality.total_payments
        municipality.probability_positive municipality.overpayment.with_activity
        municipality.underpayment.with_activity municipality.by_pocket.avoided
        outcomes.true_effect measures.expected measures.true measures.measured
        guarantor.expected_payout guarantor.call_probability society.benefit_cost_ratio
        parties.transfers parties.real parties.net parties.by_year.net cases.bad.profit
        cases.bad.parties.net cases.good.profit cases.good.parties.net cases.mean.parties.net
        simulation.sufficient.checks.value
        investor.before_protection.expected_loss_on_expected_effect
        investor.before_protection.loss_probability_on_expected_effect
        investor.before_protection.expected_loss_from_settlement_error
        investor.before_protection.loss_probability_from_settlement_error
        contract.payments.expected_amount contract.payments.maximum_amount
        outcomes.effect_per_krona
    """,
    "municipality": """
        municipality.net_budget_effect municipality.net_budget_effect_cashable
        municipality.gross_savings municipality.gross_savings_cashable
        municipality.outcome_payments municipality.activity_payments municipality.total_payments
        municipality.probability_positive municipality.maximum_payment.amount
        municipality.overpayment.with_activity municipality.underpayment.with_activity
        municipality.worst_year.net municipality.by_year.gross_savings
        municipality.by_year.payments municipality.by_year.own_costs municipality.by_year.received
        municipality.by_year.net municipality.by_year.cumulative_net
        municipality.by_year.break_even_probability municipality.by_year.provision
        municipality.by_year.contingent_liability municipality.by_year.accrual_cost
        municipality.by_year.forgiven_repayment municipality.by_year.balanced_budget_effect
        municipality.by_year.balanced_budget_effect_cashable municipality.by_pocket.avoided
        municipality.by_pocket.cashable municipality.by_pocket.by_year.avoided
        municipality.by_pocket.by_year.cashable measures.true measures.measured
        investor.before_protection.expected_loss_on_expected_effect
    """,
}
"""Keys of the summary that each reader's page shows, without the places in lists."""
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def page(summary, flows, reader):
    run = (summary, flows, example()[2])
    return render_report(source(run), reader, "en", script="plotly.js")


@cache
def unaltered(reader):
    summary, flows, _ = example()
    return page(summary, flows, reader)


def altered(value, scale, key=""):
    """The same with every figure multiplied; an estimate keeps its order of quantiles.

    `scale(key, place)` gives the factor; the place has the positions in lists too.
    """
    return _altered(value, scale, key, key)


def _altered(value, scale, key, place):
    if isinstance(value, dict):
        whole = "estimate" in value
        return {
            name: _altered(
                item,
                scale,
                key if whole else f"{key}.{name}".strip("."),
                place if whole else f"{place}.{name}",
            )
            for name, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_altered(item, scale, key, f"{place}.{n}") for n, item in enumerate(value)]
    if key.endswith((".counts", ".paths")):  # whole numbers
        return round(value * scale(key, place))
    return value * scale(key, place) if isinstance(value, float) else value


def stirred(salt):
    """A factor from 0.35 to 0.85, another one for each place: chances stay chances."""

    def scale(_, place):
        digest = hashlib.sha256(f"{salt} {place}".encode()).digest()
        return 0.35 + 0.5 * int.from_bytes(digest[:4], "big") / 2**32

    return scale


def stirred_flows(flows, salt):
    """Cash flows with a factor for each row."""
    scale, made = stirred(salt), flows.copy()
    for name in made.columns:
        if made[name].dtype.kind == "f":
            made[name] = [value * scale("", f"row {n}") for n, value in enumerate(made[name])]
    return made


@pytest.mark.slow
@pytest.mark.parametrize(
    ("reader", "key"), [(reader, key) for reader, keys in SHOWN.items() for key in keys.split()]
)
def test_a_figure_that_changes_changes_the_page(reader, key):
    summary, flows, _ = example()
    touched = []

    def scale(found, _):
        if found == key:
            touched.append(found)
        return 0.613 if found == key else 1.0

    assert page(altered(summary, scale), flows, reader) != unaltered(reader)
    assert touched


def test_figures_that_stay_leave_the_page_as_it_is():
    summary, flows, _ = example()
    assert page(altered(summary, lambda *_: 1.0), flows, "investor") == unaltered("investor")


def numbers(html):
    """Numbers of three digits or more in each chapter's words and tables, by its id."""
    chapters = re.findall(
        r'<section[^>]*aria-labelledby="([^"]+)"[^>]*>(.*?)</section>', html, re.S
    )
    found = {}
    for name, inside in chapters:
        bare = re.sub(r"<script.*?</script>|<code>.*?</code>|<[^>]+>", " ", inside, flags=re.S)
        said = set(NUMBER.findall(unescape(bare).replace(",", "")))
        found[name] = {number for number in said if len(number.replace(".", "").strip("0")) >= 3}
    return found


def stale(pages):
    """Numbers that stand in the same chapter of all the pages, by chapter."""
    seen = [numbers(html) for html in pages]
    common = set.intersection(*(set(one) for one in seen))
    return {name: set.intersection(*(one[name] for one in seen)) for name in common}


YEARS = {"2024", "2025", "2026"}


@pytest.mark.parametrize("reader", sorted(SHOWN))
def test_no_number_of_an_older_result_stays(reader):
    """Five results that differ in every figure have no number in common but years."""
    summary, flows, _ = example()
    pages = [unaltered(reader)]
    for salt in "abcd":
        pages.append(page(altered(summary, stirred(salt)), stirred_flows(flows, salt), reader))
    for chapter, stayed in stale(pages).items():
        assert stayed - YEARS == set(), chapter
    assert sum(map(len, numbers(pages[0]).values())) > 100


def test_no_number_of_an_older_fund_stays():
    fund = load_fund(RICH)

    def told(result):
        return render_fund_report(result=result, fund=fund, lang="en", script="plotly.js")

    data = fund_result().to_dict()
    pages = [told(fund_result())]
    for salt in "abcd":
        made = altered(
            {key: data[key] for key in ("designs", "rankings", "loosened")}, stirred(salt)
        )
        trials = {"robustness": altered(data["robustness"], stirred(salt))}
        pages.append(told(FundResult.from_dict({**data, **made, **trials})))
    found = stale(pages)
    for chapter in ("summary", "cost", "claims", "gains", "ranking"):
        years = {number for number in found[chapter] if re.fullmatch(r"20\d\d", number)}
        assert found[chapter] - years == set(), chapter
    assert len(numbers(pages[0])["cost"]) > 10
