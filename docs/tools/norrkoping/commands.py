"""The commands that the page shows, by the name under which its template asks for their figures."""

from __future__ import annotations

COMMANDS: dict[str, str] = {
    "settle": "socsim settle norrkoping",
    "run": "socsim run norrkoping",
    "sensitivity": "socsim sensitivity norrkoping",
    "larger_group": "socsim information norrkoping --precision measures.saving.reference.size=240",
    "third_year": "socsim information norrkoping --precision @window_3y",
    "compare": "socsim compare norrkoping norrkoping@window_3y norrkoping@saved_is_repaid "
    "norrkoping@guarantee_pari_passu norrkoping@guarantee_floor norrkoping@guarantee_first_loss",
    "even": "socsim solve norrkoping --key payments.activity.terms.1.share "
    "--target investor.expected_profit=0",
    "at_even": "socsim run norrkoping --set payments.activity.terms.1.share=0.7213",
    "one_in_five": "socsim solve norrkoping --key payments.activity.terms.1.share "
    '--target "investor.loss_probability <= 0.2"',
    "switching": "socsim solve norrkoping --switching",
}
"""With `--json` each prints what the template reads; nothing else is changed."""

SETTLED_AT_ZERO = """\
from simulator import load_scenario, simulate

paths = simulate(load_scenario("norrkoping"), paths=100_000, keep="paths").paths
measured, expected = paths["measures.saving.measured"], paths["measures.saving.expected"]
zero = paths[measured.abs() < 1_000_000]  # measured within a million of nothing
figures = {
    "share": len(zero) / len(paths),
    "nothing_paid": (paths["municipality.outcome_payments"] == 0).mean(),
    "loss": -zero["investor.profit"].mean(),
    "settlement_error": -zero["municipality.settlement_error"].mean(),
    "rest": -(zero["investor.profit"] - zero["municipality.settlement_error"]).mean(),
    "underpaid": (zero["municipality.settlement_error"] < -0.5).mean(),
    "expected_saving": zero["measures.saving.expected"].mean(),
    "expected_saving_5": zero["measures.saving.expected"].quantile(0.05),
    "expected_saving_95": zero["measures.saving.expected"].quantile(0.95),
    "sd_expected": expected.std(),
    "sd_noise": (measured - expected).std(),
    "correlation": measured.corr(expected),
}
"""
"""Python that the page shows; its `figures` are read under "zero"."""
