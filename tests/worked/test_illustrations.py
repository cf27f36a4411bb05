"""The sick-leave contract and the health bond settled by hand, on results made up for the purpose.

Amounts in millions of kronor; both files say which of their terms are published.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simulator.api import load_scenario, settle

SHELF = Path(__file__).resolve().parents[2] / "scenarios"
M = 1_000_000


def settled(
    name: str, measure: str, value: float, drawn: float, variants: tuple[str, ...]
) -> dict[str, Any]:
    changes = [f"realised.drawn={drawn * M}", f"realised.measures={{ {measure} = {value} }}"]
    scenario = load_scenario(SHELF / f"{name}.toml", variants=variants, overrides=changes)
    found: dict[str, Any] = settle(scenario).to_dict()["settlement"]
    return found


SICK_LEAVE = (
    # fall, drawn, variants, activity payment, outcome payment
    (0.10, 20.0, (), 8.0, 12.0),  # the published break-even: 0.4 × 20 + 6 × 0.10 × 20
    (0.08, 19.0, (), 7.6, 9.12),  # 0.4 × 19; 6 × 0.08 × 19
    (-0.03, 20.0, (), 8.0, 0.0),
    (0.15, 20.0, (), 8.0, 18.0),  # 6 × 0.15 = 0.9, the most
    (0.30, 20.0, (), 8.0, 18.0),
    (0.10, 20.0, ("no_activity_payment",), 0.0, 12.0),
    (0.10, 20.0, ("larger_comparison",), 8.0, 12.0),  # measures otherwise, pays the same
)


@pytest.mark.parametrize(("fall", "drawn", "variants", "activity", "outcome"), SICK_LEAVE)
def test_sick_leave_pays_for_work_done_and_in_step_with_the_fall(
    fall: float, drawn: float, variants: tuple[str, ...], activity: float, outcome: float
) -> None:
    settlement = settled("sick_leave", "fall", fall, drawn, variants)
    assert settlement["activity_payments"] == pytest.approx(activity * M)
    assert settlement["outcome_payments"] == pytest.approx(outcome * M, abs=0.005)
    assert settlement["investor_profit"] == pytest.approx((activity + outcome - drawn) * M, abs=1)


HEALTH_BOND = (
    # share out of the risk zone, variants, repaid
    (0.25, (), 24.0),  # the published floor: 0.8 × 30
    (0.10, (), 24.0),
    (0.40, (), 30.0),  # 0.8 + 4/3 × 0.15 = 1
    (0.475, (), 33.0),  # 0.8 + 4/3 × 0.225 = 1.1, the published cap
    (0.80, (), 33.0),
    (0.325, ("everyone_tested",), 27.0),  # 0.8 + 4/3 × 0.075 = 0.9
    (0.25, ("low_floor",), 12.0),
    (0.40, ("low_floor",), 30.0),  # 0.4 + 4 × 0.15
    (0.50, ("low_floor",), 33.0),  # 0.4 + 0.7, the same cap
)


@pytest.mark.parametrize(("share", "variants", "repaid"), HEALTH_BOND)
def test_health_bond_is_redeemed_between_its_bounds(
    share: float, variants: tuple[str, ...], repaid: float
) -> None:
    settlement = settled("health_bond", "out_of_risk", share, 30.0, variants)
    assert settlement["repaid"] == pytest.approx(repaid * M, abs=0.005)


def test_sick_leave_breaks_even_for_a_municipality_of_its_size_at_twelve_per_cent() -> None:
    """The published 12 % of 400 workplaces' absence in three years is the money put in."""
    scenario = load_scenario(SHELF / "sick_leave.toml")
    baseline = scenario.metrics["short_absence"].baseline
    assert baseline.value is not None and scenario.capital is not None
    absence = scenario.cohorts["workplaces"].service_users * baseline.value * 3
    commitment = scenario.capital.commitment.value
    assert commitment is not None
    assert 0.12 * absence == pytest.approx(commitment, rel=0.01)
