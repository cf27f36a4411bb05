"""The sensitivity analysis on a contract that can be worked by hand.

Net = 10 × heads − first − second: heads ~ Binomial(100, ½), costs uniform on (40, 160) and
(80, 320). Var = 2500 + 120²/12 + 240²/12 = 2500 + 1200 + 4800 = 8500. Nothing
interacts, so total index = first-order index.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from simulator import load_scenario, simulate
from simulator.analysis.indices import Index
from simulator.decisions.sensitivity import Questions, sensitivity
from simulator.decisions.sensitivity.cohorts import _removed
from simulator.decisions.sensitivity.influence import influence_of
from simulator.errors import SocsimError

HERE = Path(__file__).parent
DRIVERS = str(HERE / "drivers.toml")
VALID = HERE.parents[1] / "cases" / "valid"
NET = "municipality.net_budget_effect"
FIRST, SECOND = "costs.first.amount", "costs.second.amount"
MOOD = "metrics.mood.effect.difference"
PATHS = 20_000
FAR = float(stats.norm.isf(0.5e-6))  # 4.89: a false alarm in one of a million
WHOLE = 8500.0


@pytest.fixture(scope="module")
def found():
    questions = Questions(maps=((FIRST, SECOND),))
    return sensitivity(load_scenario(DRIVERS), questions=questions, paths=PATHS, seed=4)


@pytest.fixture(scope="module")
def data(found):
    return json.loads(json.dumps(found.to_dict(), allow_nan=False))


def near(estimate, exact):
    return abs(estimate["estimate"] - exact) < FAR * estimate["standard_error"]


def of(data, name):
    return next(entry for entry in data["inputs"] if entry["name"] == name)


def test_only_the_figure_that_varies_is_read_by_default(data):
    """No capital: the investor's profit is nothing on every path."""
    assert [figure["name"] for figure in data["figures"]] == [NET]


def test_what_weighs_most_stands_first(data):
    assert [entry["name"] for entry in data["inputs"]] == [SECOND, FIRST, MOOD]


@pytest.mark.parametrize(("name", "share"), [(FIRST, 1200 / WHOLE), (SECOND, 4800 / WHOLE)])
def test_indices_are_shares_of_the_variance(data, name, share):
    """1200/8500 = 0.141 and 4800/8500 = 0.565; errors of at most 0.011, so 0.06 off is found."""
    entry = of(data, name)
    for index in (entry["first_order"], entry["total"]):
        assert index["standard_error"] < 0.011
        assert near(index, share)


def test_luck_is_the_rest(data):
    """2500/8500 = 0.294: the coins, given the costs."""
    figure = data["figures"][0]
    luck = data["luck"]["figures"][NET]
    assert near(luck["first_order"], 2500 / WHOLE)
    assert near(luck["total"], 2500 / WHOLE)
    assert figure["of_numbers"]["estimate"] == pytest.approx(1 - luck["total"]["estimate"])
    assert figure["variance"] == pytest.approx(WHOLE, rel=0.05)  # sd of the mean square: 0.7 %


@pytest.mark.parametrize(("name", "mean", "width"), [(FIRST, 100, 120), (SECOND, 200, 240)])
def test_the_swing_is_exact_since_the_rest_keeps_its_draws(data, name, mean, width):
    """From the 5 to the 95 % quantile net falls by 0.9 · width on every path."""
    entry = of(data, name)
    assert entry["low_value"] == pytest.approx(mean - 0.45 * width, rel=1e-6)
    assert entry["high_value"] == pytest.approx(mean + 0.45 * width, rel=1e-6)
    swing = entry["figures"][NET]["swing"]
    assert swing["estimate"] == pytest.approx(-0.9 * width, rel=1e-6)
    assert swing["standard_error"] == pytest.approx(0.0, abs=1e-9)
    # against the figure itself only this number's own draws are left: width / √(12 · 20,000)
    low = entry["figures"][NET]["low_difference"]
    assert near(low, 0.45 * width)
    assert low["standard_error"] == pytest.approx(width / 12**0.5 / PATHS**0.5, rel=0.05)
    assert entry["low"] - entry["high"] == pytest.approx(0.9 * width, rel=1e-6)


def test_the_figure_is_that_of_the_run(data):
    summary = simulate(load_scenario(DRIVERS), paths=PATHS, seed=4).summary()
    expected = summary["municipality"]["net_budget_effect"]
    assert data["figures"][0]["value"]["estimate"] == pytest.approx(expected["estimate"])
    assert data["figures"][0]["value"]["mc_high"] == pytest.approx(expected["mc_high"])


def test_a_number_without_influence_is_named_and_its_zero_is_exact(data):
    """Mood is followed and not paid for: it moves figures of its own, and none of those read."""
    entry = of(data, MOOD)
    assert entry["influence"] == "none here"
    assert entry["moves"] > 0
    assert entry["figures"][NET]["exactly_zero"]
    assert entry["total"]["estimate"] == entry["total"]["standard_error"] == 0.0
    assert of(data, FIRST)["influence"] == "some"


@pytest.mark.parametrize(("place", "factor"), [(1, 2), (2, 4)])
def test_a_larger_cohort_removes_the_coins_luck_and_nothing_else(data, place, factor):
    """Of 8500, 2500/k of luck is left: k = 2 removes 1250/8500 = 15 %, k = 4 1875/8500 = 22 %."""
    size = data["cohorts"][place]
    assert (size["factor"], size["service_users"]) == (factor, 100 * factor)
    figure = size["figures"][NET]
    assert near(figure["removed"], 2500 / WHOLE * (1 - 1 / factor))
    assert near(figure["of_numbers"], 6000 / (6000 + 2500 / factor))
    assert figure["value"] == pytest.approx(200, abs=FAR * 92.2 / size["paths"] ** 0.5)


def test_a_rare_loss_that_no_larger_cohort_has_on_few_paths_is_removed_whole():
    """By the formula: 1 − 0/σ², whose relative error would be 0/0."""
    some, none = np.array([0.0, 0.0, 0.0, 4.0]), np.zeros(4)
    assert _removed(none, some) == Index(1.0, 0.0)
    assert _removed(some, some.copy()).standard_error > 0.0


def test_the_bad_case_of_both_is_the_sum_of_both(data):
    """Both costs dear: 0.45 · (120 + 240) = 162 less, on average over the coins."""
    stress = data["stresses"]["together"][NET]
    assert set(stress["held"]) == {FIRST, SECOND}
    assert near(stress["difference"], -162)
    (pair,) = data["stresses"]["pairs"]
    assert pair["names"] == [SECOND, FIRST]
    assert pair["figures"][NET]["value"] == stress["value"]
    single = {entry["names"][0]: entry["figures"][NET] for entry in data["stresses"]["single"]}
    assert single[FIRST]["held"] == {FIRST: of(data, FIRST)["high_value"]}
    assert single[FIRST]["value"] == of(data, FIRST)["high"]
    assert single[MOOD]["held"] == {}


def test_half_the_effect_is_half_the_heads(data):
    """50 heads at 10 kronor: 25 less are 250 less, none 500 less; 5 or 7 heads of luck a path."""
    for each, lost in zip(data["everyday"], (250, 500), strict=True):
        assert near(each["figures"][NET]["difference"], -lost)
    assert [each["effect"] for each in data["everyday"]] == [0.5, 0.0]


def test_a_map_is_the_figure_at_both_values(data):
    (grid,) = data["maps"]
    cells = grid["figures"][NET]
    for i, first in enumerate(grid["values"][0]):
        for j, second in enumerate(grid["values"][1]):
            moved = (grid["values"][0][2] - first) + (grid["values"][1][2] - second)
            assert cells[i][j] - cells[2][2] == pytest.approx(moved, abs=1e-6)


def test_the_others_at_their_means_leave_only_luck(found):
    """Swings stay, and against the centre nothing but the number itself is left to vary."""
    questions = Questions(others="means", quantiles=(0.1, 0.9))
    data = sensitivity(
        load_scenario(DRIVERS), [NET], questions=questions, paths=2000, seed=4
    ).to_dict()
    assert data["others"] == "means"
    low = of(data, FIRST)["figures"][NET]["low_difference"]
    assert low["estimate"] == pytest.approx(0.4 * 120, rel=1e-6)
    assert low["standard_error"] == pytest.approx(0.0, abs=1e-9)
    assert data["figures"][0]["centre"] == pytest.approx(200, abs=FAR * 50 / 2000**0.5)


def test_a_figure_that_is_no_mean_has_a_plain_difference_and_no_indices():
    figure = "municipality.by_year.2025.net"
    plain = "outcomes.mood.n"
    data = sensitivity(load_scenario(DRIVERS), [plain, figure], paths=500).to_dict()
    kinds = {entry["name"]: entry for entry in data["figures"]}
    assert kinds[plain]["variance"] is None
    assert kinds[figure]["variance"] > 0
    assert data["inputs"][0]["figures"][plain]["swing"] == {
        "estimate": 0.0,
        "standard_error": None,
        "mc_low": None,
        "mc_high": None,
    }


def test_numbers_that_depend_on_each_other_share_their_indices():
    data = sensitivity(load_scenario(VALID / "by_cohort.toml"), paths=200).to_dict()
    joined = [entry for entry in data["inputs"] if entry["with"]]
    assert joined
    for entry in joined:
        others = [of(data, name) for name in entry["with"]]
        assert all(other["group"] == entry["group"] for other in others)
        assert all(other["total"] == entry["total"] for other in others)


def test_without_uncertain_numbers_the_answer_is_luck_alone():
    data = sensitivity(load_scenario(VALID / "odd_writing.toml"), paths=500).to_dict()
    assert data["inputs"] == []
    assert data["stresses"]["together"] == {}
    varying = [figure for figure in data["figures"] if figure["variance"] is not None]
    assert varying
    assert all(figure["of_numbers"]["estimate"] == 0.0 for figure in varying)


def test_the_table_has_a_row_for_each_figure_and_number(found, data):
    table = found.table
    assert list(table["number"]) == [entry["name"] for entry in data["inputs"]]
    row = table[table["number"] == FIRST].iloc[0]
    assert row["low"] == of(data, FIRST)["low"]
    assert row["total"] == of(data, FIRST)["total"]["estimate"]


def test_a_number_is_called_without_influence_only_if_it_moves_no_promised_figure(found):
    """Mood moves figures of its own; a number that moved none would be called so."""
    entry, group = found.held[MOOD], found.groups[MOOD]
    called = [influence_of(MOOD, entry, group, found.variances, {MOOD: moves}) for moves in (0, 1)]
    assert called == ["none", "none here"]


def test_progress_ends_at_the_end():
    seen = []
    sensitivity(
        load_scenario(DRIVERS), paths=64, progress=lambda done, total: seen.append(done / total)
    )
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


@pytest.mark.parametrize(
    ("figures", "questions", "said"),
    [
        (["municipality.net_budget_efect"], Questions(), "did you mean `municipality.net_budget_"),
        (["investor.median_irr"], Questions(), "does not exist in this scenario"),
        ([], Questions(quantiles=(0.9, 0.1)), "found 0.9 and 0.1"),
        ([], Questions(quantiles=(0.0, 0.9)), "between 0 and 1"),
        ([], Questions(maps=((FIRST, "costs.secnd.amount"),)), f"did you mean `{SECOND}`"),
        ([], Questions(pairs=((FIRST, "cohorts.all.service_users"),)), "no uncertain number"),
        ([], Questions(maps=((FIRST, FIRST),)), "twice"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(figures, questions, said):
    with pytest.raises(SocsimError) as refused:
        sensitivity(load_scenario(DRIVERS), figures, questions=questions, paths=64)
    assert said in str(refused.value)
