"""Contracts of any size, written by a program: so many cohorts, outcomes, periods and terms."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from simulator import load_scenario
from simulator.scenario.model import Scenario

YEARS = 10
USERS = 20
PER_YEAR = {10: "year", 20: "half-year", 40: "quarter", 120: "month"}
"""The period that divides ten years into so many."""


@dataclass(frozen=True)
class Size:
    """What a contract has; `periods` is one of `PER_YEAR`, a division of its ten years."""

    cohorts: int = 2
    metrics: int = 2
    periods: int = 10
    terms: int = 2


def contract(size: Size) -> Scenario:
    """A checked contract of this size: savings of each outcome, paid for in shares and caps."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "grown.toml"
        file.write_text("\n".join(_lines(size)), encoding="utf-8")
        return load_scenario(file)


def _lines(size: Size) -> Iterator[str]:
    yield 'title = "Grown"\ncurrency = "SEK"'
    yield f'[time]\nstart = 2025-01-01\nhorizon = "{YEARS} years"'
    yield f'period = "{PER_YEAR[size.periods]}"'
    yield '[parties]\ninvestor = "Investor"\noutcome_payer = "Payer"'
    yield 'service_provider = "Provider"'
    yield '[pockets.budget]\ntitle = "Budget"\ncashable = 1.0\n[cohorts]'
    for number in range(size.cohorts):
        yield f"c{number} = {{ service_users = {USERS} }}"
    for number in range(size.metrics):
        yield from _metric(f"m{number}")
    names = ", ".join(f'"m{number}"' for number in range(size.metrics))
    yield f'[measures.saving]\nperimeter = [{names}]\nwindow = "2 years"'
    yield 'reference = { kind = "fixed" }'
    yield "[capital]\ncommitment = 100_000\ncosts = { schedule = [50_000, 50_000] }"
    yield f'[payments.share]\nof = "saving"\nterms = [{_terms(size.terms)}]'
    yield "[limits]\nmultiple = 1.5"


def _metric(name: str) -> Iterator[str]:
    """An amount for two years, drawn for each participant."""
    yield f'[metrics.{name}]\nkind = "amount"\nbetter = "lower"\npocket = "budget"'
    yield 'lasts = "2 years"\nbaseline = 2000\nsampled = "participant"'
    yield "effect = { ratio = { lognormal = { median = 0.8, sigma = 0.1 } } }"
    yield 'spread = { law = "lognormal", sigma = 0.6 }\npersistence = 0.5'


def _terms(count: int) -> str:
    """Shares and caps in turn, each cap tight enough to matter after the one before."""
    caps = [f"{{ at_most = {200_000 * 0.8**place:.0f} }}" for place in range(count)]
    return ", ".join("{ share = 0.9 }" if n % 2 == 0 else caps[n // 2] for n in range(count))
