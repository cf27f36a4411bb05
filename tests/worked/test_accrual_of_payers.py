"""What each of several payers owes, provides for and may still have to pay, by hand.

Ten service users; N of them succeed in year 1, for which 10 each is paid at the end of year 4: by
the municipality 7, by the region 3. A success is worth 8 to the region. Besides, 0.4 of what is
drawn, 100 and 50 at the start of years 1 and 2, is paid at the end of year 4: by the municipality
0.75 of it, by the region 0.25. At most 200 can be drawn.
"""

from __future__ import annotations

import numpy as np
import pytest

from simulator.api import load_scenario, simulate
from tests.worked.deal import DEAL

TWO_PAYERS = (
    'parties.region="The region"',
    'pockets.health={ title = "Health", cashable = 0.5, holder = "region" }',
    "metrics.success.pocket=health",
    "metrics.success.price=8",
    "payments.pay.of=count",
    'payments.pay.terms=[{ price = 10 }, { after = "3 years" }]',
    "payments.pay.payer={ outcome_payer = 0.7, region = 0.3 }",
    'payments.advance={ of = "capital_drawn", paid = "at end", terms = [{ share = 0.4 }], '
    "payer = { outcome_payer = 0.75, region = 0.25 } }",
)
PATHS = 4000


@pytest.fixture(scope="module")
def run():
    found = simulate(load_scenario(DEAL, overrides=TWO_PAYERS), paths=PATHS, seed=3, keep="paths")
    successes = found.paths["measures.count.measured"].to_numpy()
    assert len(np.unique(successes)) >= 9
    return found.summary(), successes


def figures(summary, payer, key, part="estimate"):
    """A key of every year of a payer: 0 the municipality, 1 the region."""
    return [year[key][part] for year in summary["outcome_payers"][payer]["by_year"]]


@pytest.mark.parametrize(("payer", "share"), [(0, 0.75), (1, 0.25)])
def test_each_owes_its_share_of_what_is_earned(run, payer, share):
    # 40 of 60 is earned after a year, all after two; it is paid at the end of year 4
    owed = [share * 40, share * 60, share * 60, 0.0]
    assert figures(run[0], payer, "liability") == pytest.approx(owed, abs=1e-9)


@pytest.mark.parametrize(("payer", "price"), [(0, 7.0), (1, 3.0)])
def test_each_provides_for_its_share_of_what_is_due(run, payer, price):
    # after year 1 the number is known: to the region by its own saving, to the municipality by
    # the region's; so the provision is what will be paid, on every path
    summary, successes = run
    for part, wanted in (
        ("estimate", price * successes.mean()),
        ("p5", price * np.quantile(successes, 0.05, method="inverted_cdf")),
        ("p50", price * np.quantile(successes, 0.5, method="inverted_cdf")),
        ("p95", price * np.quantile(successes, 0.95, method="inverted_cdf")),
    ):
        found = figures(summary, payer, "provision", part)
        assert found == pytest.approx([wanted] * 3 + [0.0], abs=1e-6), part


@pytest.mark.parametrize(
    # 10 successes at 7 or 3, and 0.4 of 200
    ("payer", "price", "share", "most"),
    [(0, 7.0, 0.75, 70 + 60), (1, 3.0, 0.25, 30 + 20)],
)
def test_what_each_may_have_to_pay_beyond_that(run, payer, price, share, most):
    summary, successes = run
    entry = summary["outcome_payers"][payer]
    assert entry["maximum_payment"]["amount"] == pytest.approx(most)
    expected = price * successes.mean()
    left = [most - share * owed - expected for owed in (40, 60, 60)]
    found = figures(summary, payer, "contingent_liability")
    assert found == pytest.approx([*left, 0.0], abs=1e-6)


def test_the_result_of_each_year_bears_what_is_earned_and_provided(run):
    # the region: 8·(N − 3) is saved in year 1 against a chance of 0.3, half of it cashable
    summary, successes = run
    n = successes.mean()
    saved = 8 * (n - 3)
    costs = [0.25 * 40 + 3 * n, 0.25 * 20, 0.0, 0.0]
    assert figures(summary, 1, "accrual_cost") == pytest.approx(costs, abs=1e-6)
    effect = figures(summary, 1, "balanced_budget_effect")
    assert effect == pytest.approx([saved - costs[0], -costs[1], 0.0, 0.0], abs=1e-6)
    cashable = figures(summary, 1, "balanced_budget_effect_cashable")
    assert cashable == pytest.approx([saved / 2 - costs[0], -costs[1], 0.0, 0.0], abs=1e-6)
    for payer in (0, 1):  # over all years it is the cash
        net = sum(figures(summary, payer, "net"))
        assert sum(figures(summary, payer, "balanced_budget_effect")) == pytest.approx(net)
    years = summary["outcome_payers"][1]["by_year"]
    assert [year["forgiven_repayment"] for year in years] == [None] * 4


@pytest.mark.parametrize("key", ["liability", "provision", "accrual_cost"])
def test_the_parts_are_those_of_a_single_payer(run, key):
    alone = [x for x in TWO_PAYERS if "payer" not in x.split("=")[0]]
    alone[-1] = alone[-1].replace(", payer = { outcome_payer = 0.75, region = 0.25 }", "")
    summary = simulate(load_scenario(DEAL, overrides=alone), paths=PATHS, seed=3).summary()
    whole = [year[key]["estimate"] for year in summary["municipality"]["by_year"]]
    parts = [figures(run[0], payer, key) for payer in (0, 1)]
    assert [a + b for a, b in zip(*parts, strict=True)] == pytest.approx(whole, abs=1e-6)
