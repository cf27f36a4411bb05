"""Whether the paths suffice for the figures that decisions rest on."""

from __future__ import annotations

from typing import Any

from simulator.summary.estimates import Estimate, Z, wilson
from simulator.summary.passes import TOLERANCE
from simulator.summary.reading import Reading

LOSS_PROBABILITY_ERROR = 0.005
"""Highest standard error of the probability of loss: 0.5 percentage points."""
PROFIT_ERROR = 0.005
"""Highest standard error of the expected profit, as a share of the capital drawn on average."""
TAIL_PATHS = 100
"""Fewest paths in a 5 % tail."""

_REASONS = {
    "enough": {
        "en": "The paths suffice for the headline figures.",
        "sv": "Antalet simuleringar räcker för huvudresultaten.",
    },
    "loss_probability": {
        "en": "Too few paths: the probability of loss has an error above 0.5 percentage points.",
        "sv": "För få simuleringar: förlustrisken har ett medelfel över 0,5 procentenheter.",
    },
    "expected_profit": {
        "en": "Too few paths: the expected profit has an error above 0.5 % of the capital drawn.",
        "sv": "För få simuleringar: väntat resultat har ett medelfel över 0,5 % av draget kapital.",
    },
    "tail": {
        "en": "Too few paths: fewer than 100 in each 5 % tail.",
        "sv": "För få simuleringar: färre än 100 i vardera 5-procentssvansen.",
    },
}


def verdict(reading: Reading, profit: Estimate | None) -> dict[str, Any]:
    """All checks with value and limit, and the verdict: every check met.

    The standard error of the probability of loss is Wilson's half width over 1.96, so that no loss
    in a few paths is not taken for certainty. Without capital the check of the profit is met, value
    null.
    """
    paths = reading.paths
    low, high = wilson(reading.count("investor.is_loss"), paths)
    loss_error = (high - low) / (2 * Z)
    drawn = reading.mean("investor.drawn")
    error = profit["standard_error"] if profit else None
    share = None if error is None or drawn <= TOLERANCE else error / drawn
    return judged(loss_error, share, paths, no_capital=drawn <= TOLERANCE)


def judged(
    loss_error: float | None, share: float | None, paths: int, *, no_capital: bool
) -> dict[str, Any]:
    """The verdict for two errors, that of the profit as a share of the capital drawn."""
    checks = [
        _check(
            "loss_probability",
            loss_error,
            LOSS_PROBABILITY_ERROR,
            loss_error is not None and loss_error <= LOSS_PROBABILITY_ERROR,
        ),
        _check(
            "expected_profit",
            share,
            PROFIT_ERROR,
            no_capital or (share is not None and share <= PROFIT_ERROR),
        ),
        _check("tail", paths // 20, TAIL_PATHS, paths // 20 >= TAIL_PATHS),
    ]
    failed = next((check["key"] for check in checks if not check["met"]), "enough")
    return {
        "verdict": failed == "enough",
        "key": failed,
        "reason": _REASONS[failed],
        "checks": checks,
    }


def _check(key: str, value: float | None, limit: float, met: bool) -> dict[str, Any]:
    return {"key": key, "value": value, "limit": limit, "met": met}
