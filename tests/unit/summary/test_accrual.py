"""The accrual view: liability, provision, contingent liability and what a year's result bears."""

import dataclasses
import itertools

import numpy as np
import pytest

from simulator.results import Line
from simulator.summary import Accumulator
from simulator.summary.accrual import accrual_years
from simulator.summary.accrual_rows import ACCRUED, REGRESSORS
from simulator.summary.accumulate import ACCRUAL_PATHS
from simulator.summary.provision import fitted_coefficients, solve
from tests.unit.summary.synthetic import LINES, PERIODS, block, layout, random_flows
from tests.unit.summary.test_investor import summary_of

WAITING = tuple(
    dataclasses.replace(line, earned_with="drawdown") if line.name == "activity" else line
    for line in LINES
)
FINANCED = tuple(
    dataclasses.replace(line, payee="outcome_payer")
    if line.name in ("drawdown", "programme_cost")
    else line
    for line in LINES
)


def nothing(paths):
    return np.zeros((len(LINES), PERIODS + 1, paths))


def reading_of(flows, **changes):
    gathered = Accumulator(layout(**changes))
    for first in range(0, flows.shape[2], 4096):
        gathered.add(block(flows[:, :, first : first + 4096], first))
    return gathered.reading()


def years_of(flows, **changes):
    return accrual_years(reading_of(flows, **changes))


def means(years, name):
    return [year[name]["estimate"] for year in years]


def two_counts(price, unit):
    """Every pair of counts 0, 1, 2 once; the saving shows each in its year, all is paid in year 4.

    A service user's event saves `unit`; the contract pays `price` for each.
    """
    first, second = np.array(list(itertools.product((0.0, 1.0, 2.0), repeat=2))).T
    flows = nothing(9)
    flows[7, 1], flows[7, 2] = unit * first, unit * second
    flows[4, 4] = price * (first + second)
    return flows


def test_a_provision_knows_the_first_count_and_expects_the_second():
    # price 10: after year 1 the provision is 10·(count1 + E[count2]) = 10·(count1 + 1)
    # = 10, 20 or 30, each on a third of the paths; after year 2 it is 10·(count1 + count2), which
    # is 0, 10, 20, 30, 40 on 1, 2, 3, 2, 1 paths of 9
    years = years_of(two_counts(10.0, 7.0))
    wanted = [(10.0, 20.0, 30.0), (0.0, 20.0, 40.0), (0.0, 20.0, 40.0), (0.0, 0.0, 0.0)]
    for year, ranges in zip(years, wanted, strict=True):
        found = [year["provision"][f"p{percent}"] for percent in (5, 50, 95)]
        assert found == pytest.approx(ranges, abs=1e-12)
    assert means(years, "provision") == pytest.approx([20.0, 20.0, 20.0, 0.0], abs=1e-12)


def test_the_error_of_a_provision_is_that_of_its_mean():
    # count1 + count2 has sum of squares 12 around 2 over 9 paths: the mean of 10·(count1 + count2)
    # has error √(10²·12/8/9) = √16.667
    years = years_of(two_counts(10.0, 7.0))
    assert years[0]["provision"]["standard_error"] == pytest.approx((100 * 12 / 8 / 9) ** 0.5)
    assert years[3]["provision"]["standard_error"] == 0.0


def test_what_is_paid_is_known_where_no_saving_shows_it():
    # no saving: after year 1 nothing is known, after year 2 the payment 10·count1 made then, after
    # which 5·count1 + 3·count2 is due: 5·count1 + 3
    first, second = np.array(list(itertools.product((0.0, 1.0, 2.0), repeat=2))).T
    flows = nothing(9)
    flows[4, 2], flows[4, 4] = 10 * first, 5 * first + 3 * second
    years = years_of(flows)
    found = [[year["provision"][f"p{percent}"] for percent in (5, 50, 95)] for year in years]
    assert found[0] == pytest.approx([18.0, 18.0, 18.0])  # 15·1 + 3·1
    assert found[1] == pytest.approx([3.0, 8.0, 13.0])
    assert means(years, "provision") == pytest.approx([18.0, 8.0, 8.0, 0.0], abs=1e-12)


def test_results_in_other_budgets_and_public_value_are_known_too():
    elsewhere = Line("luck.health", "real", "luck", "", "region", "health", "care")
    valued = Line("public_value.care", "real", "public value", "", "society", None, "care")
    flows = two_counts(10.0, 7.0)
    flows[6], flows[7] = 3 * flows[7], -2 * flows[7]  # 7·count = 3·7·count − 2·7·count
    lines = (*LINES[:6], elsewhere, valued, *LINES[8:])
    years = years_of(flows, lines=lines)
    found = [years[0]["provision"][f"p{percent}"] for percent in (5, 50, 95)]
    assert found == pytest.approx([10.0, 20.0, 30.0])


def test_mean_provision_and_mean_paid_to_date_are_the_mean_of_all_payments():
    flows = random_flows(6000, 31)
    flows[4, 2] = 0.05 * np.maximum(flows[7, 1], 0.0)
    flows[4, 4] = np.maximum(flows[4, 4] - 60.0, 0.0)  # most paths pay nothing: fits fall below 0
    years = years_of(flows)
    total = flows[4].sum(axis=0)
    for index, year in enumerate(years):
        paid = flows[4, : index + 2].sum(axis=0).mean()
        assert year["provision"]["estimate"] + paid == pytest.approx(total.mean(), rel=1e-12)
        # no path shows a negative provision, though the straight line goes below nothing
        assert year["provision"]["p5"] >= 0.0
    saved = (flows[6] + flows[7])[1:].cumsum(axis=0)
    base, slopes = fitted_coefficients(reading_of(flows), 0)
    assert np.quantile(base + slopes[0] * saved[0], 0.05) < 0


def test_coefficients_are_those_of_least_squares_on_all_regressors():
    flows = random_flows(9000, 32)
    flows[4, 2] = 0.3 * flows[7, 1] ** 2 / 15
    valued = Line("public_value.care", "real", "public value", "", "society", None, "care")
    flows[9, 1:] = np.random.default_rng(33).normal(5, 9, (PERIODS, 9000)) + 0.2 * flows[7, 1:]
    flows[4, 4] += 0.4 * flows[9].sum(axis=0)
    reading = reading_of(flows, lines=(*LINES[:9], valued, LINES[10]))
    for index in range(3):
        known = [
            (flows[6] + flows[7])[: index + 2].sum(axis=0),
            flows[4, : index + 2].sum(axis=0),
            flows[9, : index + 2].sum(axis=0),
        ]
        used = [x for x in known if x.any()]
        due = flows[4, index + 2 :].sum(axis=0)
        wanted, *_ = np.linalg.lstsq(np.vstack([np.ones(9000), *used]).T, due, rcond=None)
        base, slopes = fitted_coefficients(reading, index)
        assert len(slopes) == len(REGRESSORS)
        found = [base, *(s for s, x in zip(slopes, known, strict=True) if x.any())]
        assert found == pytest.approx(wanted.tolist(), rel=1e-9)


def test_a_regressor_that_says_nothing_new_gets_nothing():
    assert solve([[1.0, 1.0], [1.0, 1.0]], [0.5, 0.5]) == [0.5, 0.0]
    assert solve([[0.0, 0.0], [0.0, 1.0]], [0.0, 0.25]) == [0.0, 0.25]
    # 2x + y = 4 and x + 2y = 5, halved
    assert solve([[1.0, 0.5], [0.5, 1.0]], [2.0, 2.5]) == pytest.approx([1.0, 2.0])


def test_an_activity_payment_that_waits_is_owed_as_it_is_earned():
    # 40 % of 30, 20 and 10 drawn at the start of years 1 to 3, paid at the end of year 4
    flows = nothing(50)
    flows[0, :3] = np.array([30.0, 20.0, 10.0])[:, None]
    flows[3, 4] = 24.0
    flows[3, 4, :25] = 12.0  # a limit cuts it to half: what is earned is halved with it
    years = years_of(flows, lines=WAITING)
    # full: 12, 20, 24, 0; halved: 6, 10, 12, 0
    assert means(years, "liability") == pytest.approx([9.0, 15.0, 18.0, 0.0], abs=1e-12)
    assert [year["liability"]["p5"] for year in years] == pytest.approx([6.0, 10.0, 12.0, 0.0])
    assert [year["liability"]["p95"] for year in years] == pytest.approx([12.0, 20.0, 24.0, 0.0])
    # sd of 12 or 6 on halves of 50 paths: 3·√(50/49), its mean 3/√49
    assert years[0]["liability"]["standard_error"] == pytest.approx(3 / 7)
    # the cost falls as it is earned, not when it is paid
    assert means(years, "accrual_cost") == pytest.approx([9.0, 6.0, 3.0, 0.0], abs=1e-12)
    assert means(years, "balanced_budget_effect") == pytest.approx([-9.0, -6.0, -3.0, 0.0])


def test_capital_that_goes_back_unspent_earns_nothing():
    # 60 drawn at the start of year 1, 20 of it back at that of year 3: 24 are for the 40 that stay,
    # all of which is earned after a year, and no more than all
    flows = nothing(3)
    flows[0, 0], flows[0, 2] = 60.0, -20.0
    flows[3, 4] = 24.0
    assert means(years_of(flows, lines=WAITING), "liability") == pytest.approx([24, 24, 24, 0])


def test_earned_with_a_cost_that_falls_at_the_end_of_periods():
    flows = nothing(3)
    flows[1, 1:4] = -np.array([10.0, 30.0, 60.0])[:, None]
    flows[3, 4] = 50.0
    lines = tuple(
        dataclasses.replace(line, earned_with="programme_cost") if line.name == "activity" else line
        for line in LINES
    )
    years = years_of(flows, lines=lines)
    assert means(years, "liability") == pytest.approx([5.0, 20.0, 50.0, 0.0], abs=1e-12)


def test_an_activity_payment_paid_as_it_is_earned_leaves_no_liability():
    years = years_of(random_flows(300, 34))
    assert means(years, "liability") == [0.0] * 4
    # the line that earns it never moves: earned as it is paid
    flows = random_flows(300, 34)
    flows[0] = 0.0
    assert means(years_of(flows, lines=WAITING), "liability") == [0.0] * 4


def test_years_of_the_view_add_up_to_the_cash_of_the_whole():
    flows = random_flows(5000, 35)
    flows[3, 4], flows[3, :4] = flows[3].sum(axis=0), 0.0
    made = summary_of(flows, lines=WAITING)["municipality"]["by_year"]
    for accrued, cash in (
        (means(made, "balanced_budget_effect"), means(made, "net")),
        (
            means(made, "accrual_cost"),
            [*means(made, "payments"), *means(made, "own_costs")],
        ),
    ):
        assert sum(accrued) == pytest.approx(sum(cash), rel=1e-11)
    # cashable is half of the saving in these flows
    gap = np.array(means(made, "balanced_budget_effect"))
    gap -= means(made, "balanced_budget_effect_cashable")
    assert gap == pytest.approx(np.array(means(made, "gross_savings")) / 2)
    # year 1 bears the provision: net − all outcome payments expected − what is earned unpaid
    wanted = made[0]["net"]["estimate"] - flows[4].sum(axis=0).mean()
    wanted -= (0.3 * flows[0, 0]).mean()
    assert made[0]["balanced_budget_effect"]["estimate"] == pytest.approx(wanted)


def test_a_years_result_bears_the_change_of_the_provision_on_each_path():
    years = years_of(two_counts(10.0, 7.0))
    # year 1: 7·count1 − 10·(count1 + 1) = −10 − 3·count1; year 2: 7·count2 − 10·(count2 − 1)
    # = 10 − 3·count2; year 4 pays what is provided
    wanted = [(-16.0, -13.0, -10.0), (4.0, 7.0, 10.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)]
    for year, ranges in zip(years, wanted, strict=True):
        found = [year["balanced_budget_effect"][f"p{percent}"] for percent in (5, 50, 95)]
        assert found == pytest.approx(ranges, abs=1e-12)
    # the mean: 7 − 20, 7, 0, 0
    assert means(years, "balanced_budget_effect") == pytest.approx([-13.0, 7.0, 0.0, 0.0])
    assert means(years, "accrual_cost") == pytest.approx([20.0, 0.0, 0.0, 0.0], abs=1e-12)


def test_contingent_liability_is_what_can_still_be_paid_beyond_what_is_provided():
    # highest payment 130; provisions 20 in the mean; nothing is owed or paid before year 4
    years = years_of(two_counts(10.0, 7.0))
    assert means(years, "contingent_liability") == pytest.approx([110.0, 110.0, 110.0, 0.0])
    # 130 − 30, 130 − 20, 130 − 10
    found = [years[0]["contingent_liability"][f"p{percent}"] for percent in (5, 50, 95)]
    assert found == pytest.approx([100.0, 110.0, 120.0])
    # with a highest payment of 35 no provision is above it: 10·4 is held at 35
    held = years_of(two_counts(10.0, 7.0), maximum_payment=35.0)
    assert held[1]["provision"]["p95"] == 35.0
    assert held[1]["contingent_liability"]["p5"] == 0.0
    # earlier settlement: nothing can be due after it
    early = years_of(two_counts(10.0, 7.0), settlement_instant=2)
    assert means(early, "contingent_liability")[1:] == [0.0, 0.0, 0.0]


def test_paid_and_owed_are_no_longer_contingent():
    flows = nothing(20)
    flows[0, :2] = 50.0
    flows[3, 4], flows[4, 2], flows[4, 4] = 40.0, 15.0, 25.0
    years = years_of(flows, lines=WAITING)
    # year 1: 130 − owed 20 − provided 40 = 70; year 2: 130 − paid 15 − owed 40 − provided 25 = 50
    assert means(years, "contingent_liability") == pytest.approx([70.0, 50.0, 50.0, 0.0])


def test_where_nothing_bounds_it_there_is_none_and_others_bear_their_own():
    flows = two_counts(10.0, 7.0)
    open_ended = years_of(flows, maximum_payment=None, maximum_payment_instant=None)
    assert [year["contingent_liability"] for year in open_ended] == [None] * 4
    shared = list(LINES)
    shared[3] = dataclasses.replace(LINES[3], payer="region")
    # the bound is the municipality's own: 130 less the provision of 20, whoever pays the rest
    others = years_of(flows, lines=tuple(shared))
    assert means(others, "contingent_liability") == pytest.approx([110.0, 110.0, 110.0, 0.0])
    assert means(others, "provision") == pytest.approx([20.0, 20.0, 20.0, 0.0], abs=1e-12)


def test_money_the_municipality_receives_is_owed_until_it_is_repaid_or_forgiven():
    # 10 received and spent in year 1; 0 or 12 repaid in year 4 with equal chances, known only then
    flows = nothing(40)
    flows[0, 0], flows[1, 1] = 10.0, -10.0
    flows[4, 4, :20] = 12.0
    years = years_of(flows, lines=FINANCED)
    assert means(years, "provision") == pytest.approx([6.0, 6.0, 6.0, 0.0], abs=1e-12)
    # the service costs 10; in year 4 either 10 is forgiven or 2 is paid beyond the loan
    assert means(years, "accrual_cost") == pytest.approx([10.0, 0.0, 0.0, 1.0], abs=1e-12)
    assert means(years, "forgiven_repayment") == [0.0, 0.0, 0.0, 5.0]
    effect = [year["balanced_budget_effect"] for year in years]
    assert [e["estimate"] for e in effect] == pytest.approx([-10.0, 0.0, 0.0, 4.0], abs=1e-12)
    assert (effect[3]["p5"], effect[3]["p95"]) == pytest.approx((-2.0, 10.0))
    # where the provider receives it there is nothing to forgive
    assert [year["forgiven_repayment"] for year in years_of(flows)] == [None] * 4


def test_intervals_of_provision_and_effect_cover_their_means():
    # 600 runs of 200 paths. At the stated coverage misses are Binomial(600, 0.05), or up to 0.055
    # with the skewness of 200 paths: fewer than 8 have chance 3e-7, more than 62 at most 1e-6.
    # Errors of the fitted values alone are √(2/10) of the right ones: 38 % missed, never below 62.
    rng, missed = np.random.default_rng(36), np.zeros(2, dtype=int)
    for _ in range(600):
        first, second = rng.poisson(2.0, (2, 200)).astype(float)
        late = rng.poisson(6.0, 200)  # nothing shows the third count before it is paid
        flows = nothing(200)
        flows[7, 1], flows[7, 2] = 7 * first, 7 * second
        flows[4, 4] = 10 * (first + second + late)
        year = years_of(flows, maximum_payment=None)[0]
        # E[10·(count1 + count2 + count3)] = 100; 7·2 − 100 = −86
        for k, (name, truth) in enumerate((("provision", 100.0), ("balanced_budget_effect", -86))):
            missed[k] += not year[name]["mc_low"] <= truth <= year[name]["mc_high"]
    assert (missed >= 8).all()
    assert (missed <= 62).all()


def test_ranges_keep_the_first_paths_only_and_means_rest_on_all():
    paths = ACCRUAL_PATHS + 4096
    flows = nothing(paths)
    flows[4, 4] = np.random.default_rng(37).uniform(0, 50, paths)
    reading = reading_of(flows)
    assert reading.accrued.shape == (1, len(ACCRUED), 4, ACCRUAL_PATHS)
    made = accrual_years(reading)[0]["provision"]["estimate"]
    assert made == pytest.approx(flows[4, 4].mean(), rel=1e-12)


def test_blocks_of_a_path_with_a_waiting_payment_do_not_mix():
    # the second block has nothing: what the first left in the working space must be gone
    flows = nothing(8192)
    flows[0, 0, :4096], flows[3, 4, :4096] = 10.0, 4.0
    years = years_of(flows, lines=WAITING)
    assert means(years, "liability") == pytest.approx([2.0, 2.0, 2.0, 0.0])
    assert means(years, "accrual_cost") == pytest.approx([2.0, 0.0, 0.0, 0.0], abs=1e-12)
