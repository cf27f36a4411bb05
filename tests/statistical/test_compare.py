"""Comparing designs: what common draws save, errors from sections, doing nothing.

Each check allows a false alarm in one of a million runs (4.89 standard errors, two-sided).
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from simulator.analysis.designs import Assumptions, Shelf, make_design
from simulator.analysis.joint import simulate_together
from simulator.analysis.sections import section_size, sectioned
from simulator.api import load_scenario, simulate

pytestmark = [pytest.mark.statistical, pytest.mark.slow]

FALSE_ALARM = 1e-6
FAR = float(stats.norm.isf(FALSE_ALARM / 2))  # 4.89
THIRTY = (
    "payments.tariff.terms=[{ table = { points = [[0.30, 0.0], [0.60, 60000.0]], "
    'form = "interpolated" } }]'
)


@pytest.mark.parametrize("figure", ["investor.profit", "municipality.total_payments"])
def test_common_draws_make_a_threshold_change_twenty_times_clearer(figure):
    """The tariff of the benchmark begins at 30 % instead of 25 %.

    Ratio of the variance of the difference with independent draws to that on the same paths, about
    42 for both. Its standard error is the jackknife's over 50 groups of paths; the ratio must be
    above 20 by 4.89 of them. (The municipality's net has 13: savings and payments vary together,
    so that it varies less than payments to begin with, while their difference is the same.)
    """
    paths = 50_000
    before, after = load_scenario("benchmark"), load_scenario("benchmark", overrides=[THIRTY])
    first, same, independent = (
        simulate(scenario, paths=paths, seed=seed, keep="paths").paths[figure].to_numpy()
        for scenario, seed in ((before, 1), (after, 1), (after, 2))
    )

    def ratio(kept):
        apart = np.var(independent[kept] - first[kept], ddof=1)
        return apart / np.var(same[kept] - first[kept], ddof=1)

    groups = np.arange(paths) % 50
    without = np.array([ratio(groups != k) for k in range(50)])
    error = math.sqrt(49 / 50 * ((without - without.mean()) ** 2).sum())
    assert ratio(groups >= 0) - FAR * error > 20


def test_the_interval_from_sections_covers_nineteen_times_in_twenty():
    """Quantile and ratio of means of two dependent figures, 2,000 runs of 1,600 paths.

    Known differences: X normal, Y = 1.2·X + 0.3: the 5 % quantile differs by 0.3 − 0.2·1.645. U
    gamma with mean 2 and V = U + E, E exponential: E[V]/E[U] − 1 = 1/2. With 95 % coverage the
    share of intervals that cover has a standard error of 0.0049: 4.89 of them, and 0.01 for the
    bias of quantiles and ratios, make 0.034; a coverage of 0.90 and less is found in all but one
    of ten thousand cases.
    """
    runs, paths = 2000, 1600
    size = section_size(paths)
    assert paths // size >= 20
    rng = np.random.default_rng(7)
    covered = {"quantile": 0, "ratio": 0}
    for _ in range(runs):
        x = rng.normal(size=paths)
        u = rng.gamma(4.0, 0.5, size=paths)
        v = u + rng.exponential(size=paths)

        def quantile(cut, x=x):
            rank = math.ceil(0.05 * len(x[cut])) - 1
            low = np.sort(x[cut])[rank]
            return 1.2 * low + 0.3 - low

        def ratio(cut, u=u, v=v):
            return v[cut].mean() / u[cut].mean() - 1.0

        truth = {"quantile": 0.3 + 0.2 * stats.norm.ppf(0.05), "ratio": 0.5}
        whole = slice(0, paths)
        cuts = [slice(k * size, (k + 1) * size) for k in range(paths // size)]
        for name, formula in (("quantile", quantile), ("ratio", ratio)):
            found = sectioned(formula(whole), [formula(cut) for cut in cuts], size, paths)
            covered[name] += found["mc_low"] <= truth[name] <= found["mc_high"]
    for name, hits in covered.items():
        assert abs(hits / runs - 0.95) < 0.034, (name, hits / runs)


def test_errors_from_sections_agree_with_errors_path_by_path():
    """For means both can be had: (K − 1)·s²/σ² is chi-squared with K − 1 degrees of freedom.

    Sections of 2,048 paths, so that their means are normal; σ from the paths. Four figures, each
    allowed a quarter of the false alarm.
    """
    shelf = Shelf((), lambda scenario: 0.0)
    names = ("norrkoping", "norrkoping@in_house")
    designs = [make_design(name, shelf, Assumptions()) for name in names]
    paths = 49_152
    together = simulate_together(designs, Assumptions(), paths=paths, seed=3)
    sections = len(together.sections[0])
    assert (sections, together.section_paths) == (24, 2048)
    low, high = stats.chi2.ppf([FALSE_ALARM / 8, 1 - FALSE_ALARM / 8], sections - 1)
    for figure, series in (
        ("municipality.net_budget_effect", "municipality.net_budget_effect"),
        ("municipality.probability_negative", "municipality.is_negative"),
        ("investor.expected_profit", "investor.profit"),
        ("municipality.by_year.2018.net", "party.outcome_payer.year.2018"),
    ):
        gaps = [
            theirs[figure] - mine[figure] for mine, theirs in zip(*together.sections, strict=True)
        ]
        made = sectioned(0.0, gaps, together.section_paths, paths)
        paired = together.pairs[0].difference(series)
        square = (made["standard_error"] / paired["standard_error"]) ** 2
        assert low < square * (sections - 1) < high, (figure, square)


def test_doing_nothing_is_luck_and_the_difference_is_the_effect():
    """Mean 0; and on each path contract − nothing is the expected effect but for noise of mean 0.

    The second is far sharper: the luck of both is the same but where the effect has changed it.
    """
    paths = 40_000
    design = make_design("norrkoping@nothing", Shelf((), lambda _: 0.0), Assumptions())
    contract = simulate(design.base, paths=paths, keep="paths").paths
    nothing = simulate(design.scenario, paths=paths, keep="paths").paths
    luck = nothing["municipality.gross_savings"].to_numpy()
    assert (nothing["municipality.gross_savings_expected"] == 0).all()
    error = luck.std(ddof=1) / math.sqrt(paths)
    assert error > 0
    assert abs(luck.mean()) < FAR * error
    gained = contract["municipality.gross_savings"].to_numpy() - luck
    left = gained - contract["municipality.gross_savings_expected"].to_numpy()
    assert abs(left.mean()) < FAR * left.std(ddof=1) / math.sqrt(paths)
    assert left.var() < 0.2 * luck.var()  # the same luck
