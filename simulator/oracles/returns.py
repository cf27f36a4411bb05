"""Returns: published bullets, a total loss, and why an expected IRR is no headline."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simulator.oracles.check import (
    ERRORS,
    Check,
    contract,
    error,
    found,
    mean_check,
    number,
    settled,
    summary_of,
)

PUBLISHED_STEPS = (
    (9.6, 0.0),
    (10.08, 0.0123),
    (10.176, 0.0147),
    (10.368, 0.0194),
    (10.944, 0.0333),
    (11.712, 0.0510),
)
"""payment in millions of dollars after four years on 9.6, and the published return"""
RIKERS = (
    "https://golab.bsg.ox.ac.uk/knowledge-bank/indigo/impact-bond-dataset-v2/ (INDIGO-POJ-0083)"
)
PATHS = 200_000


def rows() -> Iterator[Check]:
    """IRR of one payment at the end, by settlement; and the four returns of a risky bullet."""
    for paid, rate in PUBLISHED_STEPS:
        # returns are printed to a tenth of a per cent or a hundredth
        yield Check(
            f"yearly return (IRR): 9.6 put in, {paid:g} back after 4 years",
            rate,
            _irr(9.6, paid, 4),
            5e-5,
            RIKERS,
        )
    yield Check(
        "yearly return (IRR): 277,915 put in, 422,000 back after 3 years",
        (422_000 / 277_915) ** (1 / 3) - 1,
        _irr(277_915, 422_000, 3), 1e-6, "closed form: (paid/drawn)^(1/years) − 1",
    )  # fmt: skip
    yield Check(
        "yearly return (IRR): 100 put in, nothing back",
        -1.0,
        _irr(100, 0, 4),
        0.0,
        "by definition: nothing comes back",
    )
    yield from _risky_bullet()


def _irr(drawn: float, paid: float, years: int) -> float:
    overrides = [
        f"capital.commitment={drawn}",
        f"capital.costs.schedule=[{drawn}]",
        f"realised.drawn={drawn}",
        f"realised.measures.success={1 if paid else 0}",
        f"payments.bullet.terms=[{{ price = {paid or 1} }}]",
    ]
    if years != 4:
        keys = ("time.horizon", "metrics.success.at", "measures.success.window")
        overrides += [f'{key}="{years} years"' for key in keys]
    return number(settled(contract("bullet", (), overrides))["investor_irr"])


def _risky_bullet() -> Iterator[Check]:
    """Pays 1.30 with chance 0.8, else nothing."""
    investor = summary_of(contract("bullet"), PATHS)["investor"]
    name = "1 put in, 1.30 back after 4 years with chance 0.8"
    spread = 0.4 * 1.3  # sd of the multiple: √(0.8·0.2)·1.3
    yield mean_check(
        f"{name}: expected repaid per unit", 1.04, spread, PATHS, investor["expected_multiple"],
        "closed form: 0.8·1.30",
    )  # fmt: skip
    expected_flow = investor["irr_of_expected_cash_flow"]
    yield Check(
        f"{name}: IRR of the expected cash flow", 1.04**0.25 - 1, found(expected_flow),
        ERRORS * error(expected_flow), "closed form: 1.04^(1/4) − 1",
    )  # fmt: skip
    gain = 1.3**0.25 - 1
    yield mean_check(
        f"{name}: mean of the futures' IRRs", 0.8 * gain - 0.2, 0.4 * (1 + gain), PATHS,
        investor["mean_path_irr"], "closed form: 0.8·(1.30^(1/4) − 1) − 0.2",
    )  # fmt: skip
    yield mean_check(
        f"{name}: probability of loss", 0.2, math.sqrt(0.16), PATHS,
        investor["loss_probability"], "closed form: 1 − 0.8",
    )  # fmt: skip
