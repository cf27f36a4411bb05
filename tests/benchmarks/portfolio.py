"""The bench's portfolio (`portfolio.toml`) beside the same in chunked NumPy, and its memory.

Contracts of the standing benchmark are offered every year. Each cohort succeeds with a chance
p = F⁻¹(Φ(0.6·F + 0.8·z)), F⁻¹ the quantile of Beta(12, 18), F one shock for all contracts of a
path, z the cohort's own. A fund pays half of what an investor has lost when a contract is
completed, and may promise five times the money it has.

The NumPy program computes that fund's account and nothing else: contracts taken on, claims and
balance by year. The engine computes besides it every contract's ledger and figures, and for seven
parties what they gain with the fund and without; the comparison leans towards NumPy.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import special

from simulator.fund.load import load_fund
from simulator.fund.model import Fund
from simulator.fund.run import run_fund
from tests.benchmarks.measuring import SOCSIM, Row, child, in_turn, pair_row
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.twins import (
    ALPHA,
    BETA,
    COHORTS,
    OUTLAY,
    contract,
    savings_of_successes,
)

Floats = NDArray[np.float64]

FILE = Path(__file__).with_name("portfolio.toml")
YEARS, CLAIMED_AFTER = 16, 4  # of the account; fund years from an offer to its claim
LOADING = 0.6
COVERAGE, LEVERAGE, INTEREST = 0.5, 5.0, 0.02
CAPITAL, APPROPRIATIONS = 6_000_000.0, (0.0, 500_000.0, 500_000.0, 500_000.0)
CHUNK = 2_000  # contract paths at a time, as in `twins`
KNOTS = np.linspace(-8.5, 8.5, 4_097)
CHANCES: Floats = special.betaincinv(ALPHA, BETA, special.ndtr(KNOTS))


def portfolio(offered: Sequence[int]) -> Fund:
    """The bench's fund with so many contracts offered by year."""
    return load_fund(FILE, overrides=(f"pipeline.contracts.offered={list(offered)}",))


@dataclass(frozen=True)
class Accounts:
    """`claims` and `balance` (years, paths); contracts, first refusal and first short payment."""

    claims: Floats
    balance: Floats
    contracts: Floats
    refused: NDArray[np.bool_]
    short: NDArray[np.bool_]


def numpy_portfolio(offered: Sequence[int], paths: int, seed: int = 1) -> Accounts:
    """The fund's account in NumPy, PCG64, few enough paths at a time to stay in cache."""
    rng = np.random.Generator(np.random.PCG64(seed))
    rows = (YEARS, paths)
    never = np.zeros(paths, dtype=np.bool_)
    out = Accounts(np.zeros(rows), np.zeros(rows), np.zeros(paths), never, never.copy())
    chunk = max(CHUNK // max(offered), 1)
    for start in range(0, paths, chunk):
        place = slice(start, min(start + chunk, paths))
        shock = rng.standard_normal(place.stop - start)
        _account([_claims(rng, shock, count) for count in offered], out, place)
    return out


def _claims(rng: np.random.Generator, shock: Floats, count: int) -> Floats:
    """What is claimed on the first 0 … count contracts of a year together, (count + 1, paths)."""
    n = count * len(shock)
    score = LOADING * np.tile(shock, count) + 0.8 * rng.standard_normal((COHORTS, n))
    chance = np.interp(score.ravel(), KNOTS, CHANCES).reshape(score.shape)
    flows, _ = contract(*savings_of_successes(rng, chance))
    claim = COVERAGE * np.maximum(OUTLAY - flows[1:].sum(axis=0), 0.0)
    together = np.zeros((count + 1, len(shock)))
    np.cumsum(claim.reshape(count, -1), axis=0, out=together[1:])
    return together


def _account(claims: Sequence[Floats], out: Accounts, place: slice) -> None:
    """Year by year: money in, promises while they fit, interest, payouts of contracts completed."""
    n = place.stop - place.start
    promise = COVERAGE * OUTLAY
    money, open_ones, taken = np.zeros(n), np.zeros(n), np.zeros((len(claims), n), np.int64)
    for year in range(YEARS):
        money += CAPITAL if year == 0 else 0.0
        money += APPROPRIATIONS[year] if year < len(APPROPRIATIONS) else 0.0
        if year < len(claims):
            offered = len(claims[year]) - 1
            fitting = np.floor((LEVERAGE * money * (1 + 1e-9)) / promise - open_ones)
            taken[year] = np.clip(fitting, 0, offered).astype(np.int64)
            out.refused[place] |= taken[year] < offered
            open_ones += taken[year]
            out.contracts[place] += taken[year]
        money *= 1.0 + INTEREST
        signed = year - CLAIMED_AFTER
        if 0 <= signed < len(claims):
            due = np.take_along_axis(claims[signed], taken[signed][None], axis=0)[0]
            out.short[place] |= due > money + 0.005
            paid = np.minimum(due, money)
            money -= paid
            open_ones -= taken[signed]
            out.claims[year, place] = paid
        out.balance[year, place] = money


def beside_numpy(sizes: Sizes) -> Iterator[Row]:
    """A whole fund on one thread, beside the NumPy program of its account."""
    offered, paths = sizes.fund_offered, sizes.fund_paths
    fund = portfolio(offered)
    items = sum(offered) * paths
    pair = in_turn(
        (lambda: run_fund(fund, paths=paths, threads=1, again=False), items),
        (lambda: numpy_portfolio(offered, paths), items),
        sizes.repetitions,
    )
    what = f"fund, {sum(offered):,} contracts, 1 thread"
    yield pair_row("fund", what, pair, peer="NumPy, its account alone")


def memory(sizes: Sizes) -> Iterator[Row]:
    """Peak memory and time of whole runs with a thousand contracts; the peer has fewer paths."""
    fewer: tuple[int, float] | None = None
    offered = list(sizes.fund_offered)
    for paths in sizes.fund_memory_paths:
        words = ("fund", str(FILE), "--paths", str(paths), "--no-report")
        with tempfile.TemporaryDirectory() as folder:
            done = child(
                [*SOCSIM, *words, "--set", f"pipeline.contracts.offered={offered}", "--out", folder]
            )
        yield Row(
            name=f"fund-memory-{paths}",
            what=f"peak, {sum(offered):,} contracts, {paths:,} paths",
            ours=done.peak,
            unit="MB",
            peer=f"{fewer[0]:,} paths" if fewer else "",
            theirs=fewer[1] if fewer else None,
            ratio=done.peak / fewer[1] if fewer else None,
            sense="memory",
            target="≤ 50 MB more" if fewer else "",
            met=done.peak - fewer[1] <= 50 if fewer else None,
            samples={"seconds": [done.seconds]},
        )
        fewer = paths, done.peak
