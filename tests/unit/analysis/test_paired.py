"""Differences path by path: exact, zero against oneself, the same whatever the threads."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from simulator.analysis import compare
from simulator.analysis.figures import direction, figures_of
from simulator.api import load_scenario, simulate

RICH = str(Path(__file__).parents[2] / "properties" / "rich.toml")
PATHS = 700


@pytest.fixture(scope="module")
def against_itself():
    return compare([RICH, RICH], paths=PATHS)


@pytest.fixture(scope="module")
def against_nothing():
    return compare([RICH, f"{RICH}@nothing"], paths=PATHS)


@pytest.fixture(scope="module")
def alone():
    return simulate(load_scenario(RICH), paths=PATHS, keep="paths")


def test_a_design_against_itself_is_exactly_zero(against_itself):
    assert len(against_itself.differences) > 200
    for row in against_itself.differences:
        if row.difference is None:
            assert against_itself.names[1] == row.design
            continue
        assert row.difference["estimate"] == 0.0, row.figure
        assert row.difference["standard_error"] in (0.0, None), row.figure
        assert row.share_better in (0.0, None), row.figure
        assert row.share_worse in (0.0, None), row.figure


def test_a_design_against_itself_has_an_error_of_zero_wherever_a_section_has_the_figure(
    against_itself,
):
    without = [r.figure for r in against_itself.differences if _error(r) is None]
    known = figures_of(against_itself.summaries[0])
    for figure in without:
        # figures that exist on too few paths for ten sections
        assert known[figure].number is None or "given_loss" in figure or "events." in figure, figure


def _error(row):
    return None if row.difference is None else row.difference["standard_error"]


def test_the_names_of_equal_designs_are_told_apart(against_itself):
    assert against_itself.names == ("rich", "rich (2)")


def test_each_summary_is_that_of_a_run(against_nothing, alone):
    summary = dict(against_nothing.summaries[0])
    assert summary.pop("internal_fund") is None
    assert summary == alone.summary()


@pytest.mark.parametrize(
    ("figure", "column", "sign"),
    [
        ("municipality.net_budget_effect", "municipality.net_budget_effect", 1),
        ("municipality.total_payments", "municipality.total_payments", -1),
        ("investor.expected_profit", "investor.profit", 1),
        ("society.net_present_value", "society.net_present_value", 1),
    ],
)
def test_a_mean_is_paired_path_by_path(against_nothing, alone, figure, column, sign):
    """Mean, standard error and shares as numpy has them from the figures of both designs."""
    other = simulate(against_nothing.designs[1].scenario, paths=PATHS, keep="paths")
    gap = other.paths[column].to_numpy() - alone.paths[column].to_numpy()
    row = against_nothing.difference("rich@nothing", figure)
    assert row.method == "paired"
    assert row.difference["estimate"] == pytest.approx(gap.mean(), rel=1e-12)
    error = gap.std(ddof=1) / math.sqrt(PATHS)
    assert row.difference["standard_error"] == pytest.approx(error, rel=1e-12)
    assert row.difference["mc_high"] == pytest.approx(gap.mean() + 1.959963984540054 * error)
    for percent in (5, 50, 95):  # a sketch: to 0.8 % of itself
        exact = np.quantile(gap, percent / 100, method="inverted_cdf")
        assert row.difference[f"p{percent}"] == pytest.approx(exact, rel=0.008, abs=1e-9)
    better, worse = (gap * sign > 0.005).mean(), (gap * sign < -0.005).mean()
    assert (row.share_better, row.share_worse) == (better, worse)
    assert 0 < better <= 1
    assert 0 <= worse < 1


def test_a_probability_is_the_mean_of_its_indicator(against_nothing, alone):
    other = simulate(against_nothing.designs[1].scenario, paths=PATHS, keep="paths")
    column = "municipality.net_budget_effect"
    lost = [run.paths[column].to_numpy() < -0.005 for run in (other, alone)]
    gap = lost[0].astype(float) - lost[1]
    row = against_nothing.difference("rich@nothing", "municipality.probability_negative")
    assert row.better == "lower"
    assert row.difference["estimate"] == pytest.approx(gap.mean(), abs=1e-15)
    assert row.difference["standard_error"] == pytest.approx(gap.std(ddof=1) / math.sqrt(PATHS))
    assert row.share_better == (gap < 0).mean()


def test_every_difference_is_that_of_the_figures(against_nothing):
    """Whatever the method, the centre is the figure of the one less that of the other."""
    first, other = (figures_of(summary) for summary in against_nothing.summaries)
    methods = set()
    for row in against_nothing.differences:
        if row.difference is None:
            continue
        methods.add(row.method)
        gap = other[row.figure].number - first[row.figure].number
        size = max(abs(other[row.figure].number), abs(first[row.figure].number), 1.0)
        assert row.difference["estimate"] == pytest.approx(gap, abs=1e-9 * size), row.figure
    assert methods == {"paired", "sections", "exact"}


def test_what_only_one_design_has_is_no_difference(against_nothing):
    row = against_nothing.difference("rich@nothing", "investor.expected_multiple")
    assert row.difference is None
    assert row.share_better is None
    assert row.method is None


def test_shares_are_told_only_where_a_direction_is(against_nothing):
    for row in against_nothing.differences:
        if row.share_better is not None:
            assert row.better is not None, row.figure
            assert row.share_better + row.share_worse <= 1.0 + 1e-12
    assert against_nothing.difference("rich@nothing", "investor.drawn").better is None


@pytest.mark.parametrize(
    ("figure", "sign"),
    [
        ("investor.expected_profit", 1),
        ("investor.loss_probability", -1),
        ("investor.before_protection.expected_shortfall_95", -1),
        ("investor.quantiles.profit.p5", 1),
        ("investors.patient.expected_loss", -1),
        ("municipality.total_payments", -1),
        ("municipality.by_year.2018.own_costs", -1),
        ("municipality.by_year.2018.break_even_probability", 1),
        ("municipality.overpayment.with_activity", -1),
        ("outcomes.school.cost_per_additional_outcome", -1),
        ("outcomes.school.true_effect", 1),
        ("guarantor.expected_payout", -1),
        ("society.benefit_cost_ratio", 1),
        ("parties.region.net", 1),
        ("parties.region.transfers", 0),
        ("internal_fund.repaid_share", 1),
        ("internal_fund.expected_loss", -1),
    ],
)
def test_the_better_direction_is_that_of_the_party_whose_figure_it_is(figure, sign):
    assert direction(figure) == sign


def test_threads_change_nothing():
    """More than one block, a last one that is short, and one thread or three: the same data."""
    made = [
        compare([RICH, f"{RICH}@in_house"], paths=9000, threads=threads, switching=False).to_dict()
        for threads in (1, 3)
    ]
    assert made[0] == made[1]


def test_a_path_without_the_figure_is_not_paired_with_one_that_has_it():
    """Two series of which one lacks a value on a path: their means are over different paths."""
    from simulator.analysis.paired import Paired
    from simulator.plan.build import build
    from simulator.summary.series import plan_series

    plan = plan_series(build(load_scenario(RICH), 1).layout)
    pair = Paired(plan, plan)
    first = np.ones((len(pair.names), 4))
    other = first * 3.0
    row = pair.names["investor.irr"]
    first[row, 1] = other[row, 1] = np.nan  # missing in both: still paired
    pair.absorb(pair.reduce(first, other, 0), 4)
    assert pair.difference("investor.irr")["estimate"] == 2.0
    assert pair.shares("investor.irr") == (0.75, 0.0)
    other[row, 2] = np.nan  # missing in one
    pair.absorb(pair.reduce(first, other, 0), 4)
    assert pair.difference("investor.irr") is None
    assert pair.difference("investor.profit")["estimate"] == 2.0


def test_what_rounding_leaves_of_amounts_is_nothing_and_a_small_rate_is_not():
    from simulator.analysis.paired import Paired
    from simulator.plan.build import build
    from simulator.summary.series import plan_series

    plan = plan_series(build(load_scenario(RICH), 1).layout)
    pair = Paired(plan, plan)
    first = np.ones((len(pair.names), 4))
    pair.absorb(pair.reduce(first, first + 1e-6, 0), 4)
    assert pair.difference("investor.profit")["estimate"] == pytest.approx(1e-6, rel=1e-6)
    assert pair.difference("investor.profit", rounding=1e-5)["estimate"] == 0.0
    assert pair.difference("investor.irr", rounding=1e-5)["estimate"] == pytest.approx(1e-6, 1e-6)
    assert pair.shares("investor.profit") == (0.0, 0.0)  # less than half the smallest unit: a tie
    assert pair.shares("investor.irr") == (1.0, 0.0)
