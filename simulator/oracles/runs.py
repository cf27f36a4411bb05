"""Whole contracts with a known answer: a published simulation, and the standing benchmark."""

from __future__ import annotations

import math
from collections.abc import Iterator

from scipy import special

from simulator.oracles.check import ERRORS, Check, contract, error, found, summary_of

PATHS = 1_000_000
B2SOF = "https://rstudio-pubs-static.s3.amazonaws.com/921915_f8dee183fe524b6baa5f57f110970871.html"
EXACT = "exact: discrete Fourier transform of the sums' laws"


def rows() -> Iterator[Check]:
    """Both runs, a million paths each."""
    yield from _published_simulation()
    yield from _benchmark()


def _published_simulation() -> Iterator[Check]:
    investor = summary_of(contract("published_simulation"), PATHS)["investor"]
    se = 0.0797797
    height = 0.2 / se
    density = math.exp(-0.5 * height**2) / math.sqrt(2 * math.pi)
    mean = 4 * (se * density + 0.2 * float(special.ndtr(height))) / 0.8
    name = "published simulation, four payments"
    computed = 1 + found(investor["expected_profit"])
    yield Check(f"{name}: mean total", mean, computed, 0.0008, "closed form: 4·[se·φ + 0.2·Φ]/0.8")
    # 100,000 published draws: two standard errors of theirs and what is left of ours
    yield Check(f"{name}: mean total, published", 0.9994181, computed, 0.002, B2SOF)
    quantiles = investor["quantiles"]["profit"]
    for level, fine, published in (("p5", -0.32477, -0.3259126), ("p95", 0.32815, 0.3266359)):
        value = found(quantiles[level])
        place = f"{name}: {level[1:]} % quantile of the return"
        yield Check(place, fine, value, 0.0017, "exact law of the sum, numerically")
        yield Check(f"{place}, published", published, value, 0.004, B2SOF)


def _benchmark() -> Iterator[Check]:
    summary = summary_of(contract("benchmark"), PATHS)
    investor, guarantor = summary["investor"], summary["guarantor"]
    exact = (
        ("mean received", 194_855.95, investor["received"]),
        (
            "mean paid by the outcome payer",
            194_838.10,
            summary["municipality"]["outcome_payments"],
        ),
        ("mean guarantee payout", 17.850, guarantor["expected_payout"]),
        ("probability of a guarantee call", 0.0019386, guarantor["call_probability"]),
    )
    for name, expected, estimate in exact:
        yield Check(
            f"benchmark: {name}", expected, found(estimate), ERRORS * error(estimate), EXACT
        )
    source = "48 million paths of an independent implementation (± 0.00003)"
    irr = (
        ("mean IRR", 0.08724, investor["mean_path_irr"]),
        ("5 % quantile of IRR", -0.07807, investor["quantiles"]["irr"]["p5"]),
    )
    for name, expected, estimate in irr:
        tolerance = ERRORS * error(estimate) + 3e-5
        yield Check(f"benchmark: {name}", expected, found(estimate), tolerance, source)
