"""Where a realised result lies among the futures simulated before it."""

from __future__ import annotations

import pandas as pd
import pytest

from simulator.api import load_scenario, settle, share_as_bad, simulate


def test_share_as_bad_counts_ties_and_worse() -> None:
    settlement = settle(load_scenario("norrkoping"))  # 3.0 back of 7.5: 0.4 per krona
    paths = pd.DataFrame(
        {"investor.received": [3.0, 4.0, 8.0, 6.0], "investor.paid_in": [10.0, 10.0, 10.0, 0.0]}
    )
    paths.loc[3, "investor.received"] = float("nan")
    assert share_as_bad(settlement, paths) == pytest.approx(2 / 3)


def test_the_percentile_is_that_of_the_scenario_itself() -> None:
    scenario = load_scenario("norrkoping")
    asked = settle(scenario, ex_ante_paths=3000, seed=5)
    paths = simulate(scenario, paths=3000, seed=5).paths
    back = paths["investor.received"] / paths["investor.paid_in"]
    assert asked.percentile == pytest.approx(float((back < 0.4 + 1e-6).mean()), abs=1e-12)
    assert settle(scenario).percentile is None
