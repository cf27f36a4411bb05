"""No path of a shipped contract loses more than its terms allow."""

import pytest

from simulator.api import simulate
from tests.test_scenarios import every_form, load

PATHS = 600
FORMS = [form for form in every_form() if not form.startswith("reboot_west")]
"""Without the contract that has no private capital."""
UNBOUNDED = ("peterborough",)
"""A price for reoffending avoided, which may be negative without a bound."""


@pytest.mark.parametrize("form", FORMS)
def test_no_path_loses_more_than_the_terms_allow(form: str) -> None:
    results = simulate(load(form), paths=PATHS, keep="paths", threads=1)
    summary = results.summary()
    investor = summary["investor"]
    most = investor["maximum_loss"]["amount"]
    profit = results.paths["investor.profit"]
    if most is None:  # else nothing but the provider's own pay is at risk
        assert form.startswith(UNBOUNDED) or investor["committed"] == 0.0
        return
    assert -profit.min() <= most + 0.01
    rows = investor["by_year"]
    last = rows[-1]["cumulative_net"]["estimate"]
    assert last == pytest.approx(profit.mean(), rel=1e-9, abs=1e-3)
    for case in ("bad", "mean", "good"):
        parties = summary["cases"][case]["parties"]
        gross = sum(abs(party["transfers"]) for party in parties)
        assert abs(sum(party["transfers"] for party in parties)) <= 1e-9 * max(gross, 1.0)
