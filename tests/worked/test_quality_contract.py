"""The quality contract settled by hand: what the provider gains or loses of its own money.

Its own money is 2 million kronor. Placed again: 0 at 40 %, twice the money at 25 %, a cut of all of
it at 55 %, straight lines between. In school: 0 at 55 %, all of the money at 70 %, never a cut.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simulator.api import load_scenario, settle

FILE = Path(__file__).resolve().parents[2] / "scenarios" / "quality_contract.toml"
M = 1_000_000


def settled(placed_again: float, in_school: float, *variants: str) -> dict[str, Any]:
    changes = [
        "realised.drawn=2_000_000",
        f"realised.measures={{ placed_again = {placed_again}, in_school = {in_school} }}",
    ]
    scenario = load_scenario(FILE, variants=variants, overrides=changes)
    found: dict[str, Any] = settle(scenario).to_dict()["settlement"]
    return found


CASES = (
    # placed again, in school, variants, paid by the municipality in millions
    (0.31, 0.61, (), 2 * (0.09 / 0.15 * 2 + 0.06 / 0.15)),  # 2 × (1.2 + 0.4) = 3.2
    (0.40, 0.55, (), 0.0),  # as usual: the home has lost its 2 million
    (0.475, 0.50, (), -1.0),  # halfway to the cut: 2 × −0.5, and the school is never a cut
    (0.475, 0.70, (), 1.0),  # −1 for placements, +2 for school
    (0.60, 0.55, (), -2.0),  # the cut ends at 55 %
    (0.10, 0.90, (), 6.0),  # both at their highest: 2 × 2 + 2 × 1
    (0.475, 0.50, ("bonus_only",), 0.0),
    (0.31, 0.55, ("bonus_only",), 2.4),
    (0.35, 0.55, ("one_threshold",), 0.0),  # 14 of 40: the threshold is to be below it
    (0.325, 0.55, ("one_threshold",), 3.0),  # 13 of 40: 2 × 1.5
    (0.09, 0.55, ("compared",), 2.4),  # nine points fewer than the group: 2 × 13.33 × 0.09
    (-0.10, 0.55, ("compared",), -2.0),  # ten points more: 13.33 × −0.10, held at −1
)


@pytest.mark.parametrize(("again", "school", "variants", "paid"), CASES)
def test_pays_by_both_shares(
    again: float, school: float, variants: tuple[str, ...], paid: float
) -> None:
    settlement = settled(again, school, *variants)
    assert settlement["outcome_payments"] == pytest.approx(paid * M, abs=0.005)
    assert settlement["activity_payments"] == 0


def test_a_cut_is_paid_by_the_home_to_the_municipality() -> None:
    """47.5 % placed again: 2 × −0.5 = 1 million the other way."""
    settlement = settled(0.475, 0.50)
    (line,) = [one for one in settlement["lines"] if one["name"] == "fewer_placed_again"]
    assert line["paid"] == pytest.approx(-1 * M)


def test_no_outside_investor_has_anything_at_stake() -> None:
    """All capital is the provider's own fee, so that no investor has lent or is paid anything."""
    settlement = settled(0.25, 0.70)
    assert (settlement["drawn"], settlement["received"], settlement["investor_profit"]) == (0, 0, 0)


def test_a_placement_avoided_is_priced_at_what_the_budget_can_release() -> None:
    """A point is 2 ÷ 0.15 × 2 million ÷ 100; of 40 people it is 0.4 placements: 666,667 each."""
    scenario = load_scenario(FILE)
    price, cashable = scenario.metrics["placed_again"].price, scenario.pockets["placements"]
    assert price is not None and price.value is not None and cashable.cashable.value is not None
    assert (
        pytest.approx(cashable.cashable.value * price.value, rel=0.02)
        == 2 / 0.15 * 2 * M / 100 / 0.4
    )
