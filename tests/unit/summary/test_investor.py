"""The investor's figures on hand-worked contracts."""

import numpy as np
import pytest

from simulator.summary import Accumulator
from simulator.summary.investor import LEVELS
from tests.unit.summary.synthetic import block, bullet, layout, random_flows, scenario


def summary_of(flows, **changes):
    gathered = Accumulator(layout(**changes))
    paths = flows.shape[2]
    for first in range(0, paths, 4096):
        gathered.add(block(flows[:, :, first : first + 4096], first))
    return gathered.summary(scenario(), seed=1, version="0", scenario_hash="hash")


def test_a_four_year_bullet_that_pays_1_30_with_chance_0_8():
    investor = summary_of(bullet(np.array([130.0] * 80 + [0.0] * 20)))["investor"]
    assert investor["expected_multiple"]["estimate"] == pytest.approx(1.04, abs=1e-15)
    assert investor["irr_of_expected_cash_flow"]["estimate"] == pytest.approx(0.0098534, abs=1e-7)
    # 0.8 · (1.3^0.25 − 1) − 0.2 = −0.145768
    assert investor["mean_path_irr"]["estimate"] == pytest.approx(-0.1457680, abs=1e-7)
    assert investor["median_irr"]["estimate"] == pytest.approx(1.3**0.25 - 1, abs=1e-12)
    assert investor["expected_profit"]["estimate"] == pytest.approx(4.0, abs=1e-13)
    assert investor["expected_profit"]["p5"] == -100.0
    assert investor["expected_profit"]["p50"] == 30.0
    assert investor["loss_probability"]["estimate"] == 0.2
    assert investor["total_loss_probability"]["estimate"] == 0.2
    assert investor["expected_loss"]["estimate"] == pytest.approx(20.0, abs=1e-13)
    assert investor["loss_given_loss"]["money"]["estimate"] == 100.0
    assert investor["loss_given_loss"]["share_of_drawn"]["estimate"] == 1.0
    assert investor["value_at_risk_95"]["estimate"] == 100.0
    assert investor["expected_shortfall_95"]["estimate"] == 100.0
    assert investor["undefined_irr_share"]["estimate"] == 0.0
    assert investor["point_masses"]["profit"] == [
        {"value": -100.0, "share": 0.2},
        {"value": 30.0, "share": 0.8},
    ]
    assert [mass["share"] for mass in investor["point_masses"]["irr"]] == [0.2, 0.8]
    assert sum(investor["histogram"]["profit"]["counts"]) == 100
    assert sum(investor["histogram"]["profit"]["without_point_masses"]) == 0


def test_value_at_risk_at_an_atom_that_begins_at_95_percent():
    # 95 of 100 paths lose nothing: P(L ≤ 0) = 0.95, so the value at risk is 0 and the shortfall 60
    investor = summary_of(bullet(np.array([100.0] * 95 + [40.0] * 5)))["investor"]
    assert investor["value_at_risk_95"]["estimate"] == 0.0
    assert investor["expected_shortfall_95"]["estimate"] == 60.0
    assert investor["loss_probability"]["estimate"] == 0.05


def test_break_even_and_exactly_half_lost_are_not_losses_beyond():
    back = np.array([100.0 - 0.004, 100.0 - 0.006, 50.0, 49.9, 0.004, 0.0])
    investor = summary_of(bullet(back))["investor"]
    assert investor["loss_probability"]["estimate"] == 5 / 6
    assert investor["loss_over_half_probability"]["estimate"] == 3 / 6
    assert investor["total_loss_probability"]["estimate"] == 2 / 6
    wanted = (0.006 + 50 + 50.1 + 99.996 + 100) / 6
    assert investor["expected_loss"]["estimate"] == pytest.approx(wanted, rel=1e-12)


def test_protection_is_seen_before_and_after():
    # 20 of 100 come back on half of the paths; the guarantor lifts them to 40
    flows = bullet(np.array([120.0, 20.0] * 50))
    flows[5, 4, 1::2] = 20.0
    made = summary_of(flows)
    investor, before = made["investor"], made["investor"]["before_protection"]
    assert investor["expected_shortfall_95"]["estimate"] == pytest.approx(60.0)
    assert before["expected_shortfall_95"]["estimate"] == pytest.approx(80.0)
    assert investor["loss_given_loss"]["share_of_drawn"]["estimate"] == pytest.approx(0.6)
    assert before["loss_given_loss"]["share_of_drawn"]["estimate"] == pytest.approx(0.8)
    assert set(before) == {
        "loss_probability",
        "loss_over_half_probability",
        "total_loss_probability",
        "expected_loss",
        "loss_given_loss",
        "value_at_risk_95",
        "expected_shortfall_95",
        "expected_loss_on_expected_effect",
        "loss_probability_on_expected_effect",
        "expected_loss_from_settlement_error",
        "loss_probability_from_settlement_error",
        "settlement_error_not_apart",
    }
    assert made["guarantor"]["expected_payout"]["estimate"] == 10.0
    assert made["guarantor"]["call_probability"]["estimate"] == 0.5
    assert made["guarantor"]["quantiles"]["p95"]["estimate"] == 20.0


ON_EXPECTED = ("expected_loss_on_expected_effect", "loss_probability_on_expected_effect")
FROM_ERROR = ("expected_loss_from_settlement_error", "loss_probability_from_settlement_error")


def test_how_much_of_the_loss_is_settlement_error():
    """Profits of 30, −20, 0 and −40; 42, −30, 0 and −12 of them are settlement error.

    On the expected effect they are −12, 10, 0 and −28, so losses 12, 0, 0 and 28, in the mean 10
    on half of the paths; as paid 0, 20, 0 and 40, in the mean 15 on half of them.
    """
    flows = bullet(np.array([130.0, 80.0, 100.0, 60.0] * 8))
    flows[7, 4] = np.array([70.0, -50.0, 0.0, -20.0] * 8)  # the error is 0.6 of the luck
    flows[6, 4] = 100.0
    before = summary_of(flows)["investor"]["before_protection"]
    assert before["expected_loss"]["estimate"] == pytest.approx(15.0, rel=1e-12)
    loss, chance = (before[key]["estimate"] for key in ON_EXPECTED)
    assert (loss, chance) == (pytest.approx(10.0, rel=1e-12), 0.5)
    added, more = (before[key] for key in FROM_ERROR)
    assert added["estimate"] == pytest.approx(5.0, rel=1e-12)
    # −12, 20, 0 and 12 around 5: 17² + 15² + 5² + 7² = 588 in each four of 32
    error = (8 * 588 / 31 / 32) ** 0.5
    assert added["standard_error"] == pytest.approx(error, rel=1e-12)
    assert (added["p5"], added["p95"]) == (pytest.approx(-12.0), pytest.approx(20.0))
    assert more["estimate"] == 0.0  # a loss less on the first of four, one more on the second
    assert more["standard_error"] == pytest.approx((16 / 31 / 32) ** 0.5, rel=1e-12)
    assert before["settlement_error_not_apart"] == []


def test_settlement_error_that_is_not_the_investors_alone_is_not_told_apart():
    made = summary_of(bullet(np.array([120.0, 20.0] * 5)), error_not_apart=("recycling", "fees"))
    before = made["investor"]["before_protection"]
    assert before["settlement_error_not_apart"] == ["recycling", "fees"]
    assert [before[key] for key in (*ON_EXPECTED, *FROM_ERROR)] == [None] * 4
    assert before["expected_loss"]["estimate"] == pytest.approx(40.0)


def test_without_capital_there_is_no_return():
    flows = random_flows(70, 1)
    flows[[0, 3, 4, 5]] = 0.0
    investor = summary_of(flows, commitment=None)["investor"]
    for name in (
        "committed",
        "expected_multiple",
        "irr_of_expected_cash_flow",
        "median_irr",
        "mean_path_irr",
    ):
        assert investor[name] is None
    assert investor["undefined_irr_share"]["estimate"] == 1.0
    assert investor["loss_probability"]["estimate"] == 0.0
    assert investor["loss_given_loss"] == {"money": None, "share_of_drawn": None}
    assert investor["quantiles"]["irr"] == {f"p{level}": None for level in LEVELS}
    assert investor["histogram"]["irr"] is None
    assert investor["histogram"]["multiple"] is None


def test_paths_without_capital_are_left_out_of_the_mean_return_and_counted():
    flows = bullet(np.array([130.0, 130.0, 0.0, 0.0]))
    flows[0, 0, 3] = 0.0
    investor = summary_of(flows)["investor"]
    assert investor["undefined_irr_share"]["estimate"] == 0.25
    assert investor["mean_path_irr"]["estimate"] == pytest.approx((2 * 1.3**0.25 - 2 - 1) / 3)
    # the multiple is of the means: 260 / 300
    assert investor["expected_multiple"]["estimate"] == pytest.approx(260 / 300)


def test_figures_agree_with_numpy_on_a_varied_contract():
    flows = random_flows(3000, 5)
    made = summary_of(flows)["investor"]
    drawn = flows[0].sum(axis=0)
    profit = flows[3:6].sum(axis=(0, 1)) - drawn
    loss = -profit
    lost = loss > 0.005
    assert made["drawn"]["estimate"] == pytest.approx(drawn.mean(), rel=1e-13)
    error = profit.std(ddof=1) / np.sqrt(3000)
    assert made["expected_profit"]["standard_error"] == pytest.approx(error, rel=1e-10)
    for level in LEVELS:
        wanted = np.quantile(profit, level / 100, method="inverted_cdf")
        assert made["quantiles"]["profit"][f"p{level}"]["estimate"] == pytest.approx(wanted)
    assert made["loss_probability"]["estimate"] == lost.mean()
    assert made["loss_given_loss"]["money"]["estimate"] == pytest.approx(loss[lost].mean())
    share = loss[lost].sum() / drawn[lost].sum()
    assert made["loss_given_loss"]["share_of_drawn"]["estimate"] == pytest.approx(share)
    worst = np.sort(loss)[-150:].mean()
    assert made["expected_shortfall_95"]["estimate"] == pytest.approx(worst, rel=1e-12)
    assert made["hurdle_probability"]["estimate"] == pytest.approx(
        (block(flows).figures[7] >= -0.005).mean()
    )


def test_many_roots_are_counted():
    flows = bullet(np.array([130.0] * 10))
    one = block(flows)
    one.figures[6, :3] = 2.0
    gathered = Accumulator(layout())
    gathered.add(one)
    made = gathered.summary(scenario(), seed=1, version="0", scenario_hash="hash")
    assert made["investor"]["multiple_root_share"]["estimate"] == 0.3
