"""The NumPy program beside which a fund is timed has the fund's figures.

Each has its own draws: 1,024 portfolio paths of 1,000 contracts. Fixed seeds; were they drawn anew,
one of the 36 means would be 5.5 standard errors of the difference away by chance in about 1 of
700,000 runs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

from simulator.fund.gains import Figures
from simulator.fund.portfolio import simulate_block
from simulator.fund.setup import setup_of
from tests.benchmarks import portfolio as twin
from tests.benchmarks.portfolio import YEARS, Accounts, numpy_portfolio, portfolio

OFFERED = (100,) * 10
PATHS = 1_024
FAR = 5.5


def pairs(fund: Figures, accounts: Accounts) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """What both compute of each path."""
    for year in range(YEARS):
        yield fund.years["balance"][year], accounts.balance[year]
        yield fund.years["claims"][year], accounts.claims[year]
    yield fund.columns["contracts"], accounts.contracts
    yield fund.columns["claims"] ** 2, accounts.claims.sum(axis=0) ** 2
    for name, happens in (("refused", accounts.refused), ("short", accounts.short)):
        yield np.isfinite(fund.columns[name]).astype(np.float64), happens.astype(np.float64)


def misses(one: np.ndarray, other: np.ndarray) -> float:
    """How many standard errors of the difference two means are apart."""
    error = math.hypot(*(x.std(ddof=1) / math.sqrt(x.size) for x in (one, other)))
    gap = abs(one.mean() - other.mean())
    return 0.0 if gap < 1e-6 else gap / max(error, 1e-12)


@pytest.fixture(scope="module")
def fund() -> Figures:
    """The fund's own figures."""
    return simulate_block(setup_of(portfolio(OFFERED), 7), 0, PATHS)[1]


@pytest.mark.statistical
def test_the_numpy_portfolio_is_the_funds(fund: Figures) -> None:
    accounts = numpy_portfolio(OFFERED, PATHS, seed=8)
    found = [misses(*pair) for pair in pairs(fund, accounts)]
    assert max(found) < FAR, found
    assert 0.01 < accounts.short.mean() < 0.2  # both happen, and not always
    assert 0.2 < accounts.refused.mean() < 0.8


@pytest.mark.slow
@pytest.mark.statistical
@pytest.mark.parametrize(
    ("name", "changed"),
    [("LEVERAGE", 4.5), ("LOADING", 0.3), ("COVERAGE", 0.45), ("CLAIMED_AFTER", 5)],
)
def test_a_program_that_is_a_little_wrong_is_found_out(
    fund: Figures, monkeypatch: pytest.MonkeyPatch, name: str, changed: float
) -> None:
    monkeypatch.setattr(twin, name, changed)
    accounts = numpy_portfolio(OFFERED, PATHS, seed=8)
    assert max(misses(*pair) for pair in pairs(fund, accounts)) > FAR
