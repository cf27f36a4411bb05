"""A fund, run: blocks of portfolio paths on threads, merged in path order."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from simulator import __version__
from simulator.api import check_numbers
from simulator.errors import SocsimError
from simulator.fund.collect import Collected, Partial, reduce_figures
from simulator.fund.contracts import Delivery
from simulator.fund.load import load_fund
from simulator.fund.model import Fund
from simulator.fund.portfolio import Setup, block_paths, simulate_block
from simulator.fund.prices import Price, at_price, loosened, repriced
from simulator.fund.report import design_result, kind_rows, rankings_of, texts
from simulator.fund.results import FundResult
from simulator.fund.robustness import TRIED_PATHS, robustness
from simulator.fund.setup import Workshop, setup_of, with_prices
from simulator.fund.tried import tried
from simulator.scenario.resolved import scenario_hash

Progress = Callable[[int, int], None]
"""Called with (done, all) simulated contract paths."""

MOST_PATHS = 1 << 31
"""The high word of a path is the contract."""
REPRICED_PATHS = 8_192
"""Who gains once prices are solved again rests on so many paths at most."""


def run_fund(
    fund: Fund | str | Path,
    *,
    paths: int = 100_000,
    seed: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
    again: bool = True,
    robust: bool = True,
) -> FundResult:
    """Every design of a fund, or of a fund file by path or name, on the same paths.

    The result depends on the fund, paths, seed and version alone. `again`: prices are solved again
    with each support, and terms loosened without. `robust`: the trials of the fund's `robustness`
    are run too, on fewer paths. Raises SocsimError for what cannot be run.
    """
    began = time.monotonic()
    check_numbers(paths, seed, threads)
    if paths > MOST_PATHS:
        raise SocsimError(f"paths of a fund must be at most 2^31; found {paths}")
    fund = fund if isinstance(fund, Fund) else load_fund(fund)
    shop = Workshop(fund, seed)
    setup = setup_of(fund, seed, shop)
    _fits(setup)
    prices = repriced(setup, shop) if again else {}
    changed = _changed(setup, shop, prices)
    second = with_prices(setup, shop, changed) if changed else None
    few = min(paths, REPRICED_PATHS)
    tries = _tries(fund, seed) if robust else {}
    fewer = min(paths, TRIED_PATHS)
    work = _work(setup, paths) + (_work(second, few) if second else 0)
    work += sum(_work(each, fewer) for each in tries.values())
    counter = _Counter(progress, work)
    found = _collect(setup, paths, threads, counter)
    later = _collect(second, few, threads, counter) if second else []
    after = {arm.name: row for arm, row in zip(second.arms, later, strict=True)} if second else {}
    offered = {name: list(kind.offered) for name, kind in fund.pipeline.items()}
    designs = [
        design_result(
            fund,
            arm,
            row,
            after.get(arm.name) if arm.name in prices else None,
            {k: (p.offered, p.solved, p.reason) for k, p in prices.get(arm.name, {}).items()},
            offered,
        )
        for place, (arm, row) in enumerate(zip(setup.arms, found, strict=True))
    ]
    named = [(arm.name, row) for arm, row in zip(setup.arms, found, strict=True)]
    return FundResult(
        name=fund.name,
        title=texts(fund.title),
        currency=fund.currency,
        start=fund.start.isoformat(),
        years=fund.years,
        paths=paths,
        seed=seed,
        version=__version__,
        hash=fund_hash(setup),
        kinds=kind_rows(fund, setup.arms[0]),
        designs=tuple(designs),
        rankings=rankings_of(named[1:]),
        loosened=loosened(setup, shop) if again else (),
        robustness=robustness(
            fund, named[1:], tries, fewer, lambda each, n: _collect(each, n, threads, counter)
        ),
        seconds=time.monotonic() - began,
    )


def _tries(fund: Fund, seed: int) -> dict[str, Setup]:
    """What each trial needs, by name."""
    made = {}
    for name in fund.robustness:
        made[name] = setup_of(tried(fund, name), seed)
        _fits(made[name])
    return made


def _changed(
    setup: Setup, shop: Workshop, prices: dict[str, dict[str, Price]]
) -> dict[str, dict[str, Delivery]]:
    """Deliveries at the prices that were solved, by design and kind."""
    changed: dict[str, dict[str, Delivery]] = {}
    for arm in setup.arms[1:]:
        for kind, price in prices.get(arm.name, {}).items():
            if price.solved is not None:
                delivery = at_price(shop, kind, arm.deliveries[kind], price.solved)
                changed.setdefault(arm.name, {})[kind] = delivery
    return changed


def _fits(setup: Setup) -> None:
    """Raises SocsimError where contracts outlast the account."""
    fund = setup.fund
    needed = 0
    for arm in setup.arms:
        for instance in setup.instances:
            contract = setup.contracts[instance.kind, arm.deliveries[instance.kind]]
            last = contract.reading.years
            needed = max(needed, instance.year + last, instance.year + arm.support.lasts(contract))
    if needed > fund.years:
        raise SocsimError(
            f"years: found {fund.years}\n"
            f"    allowed: at least {needed}: the last offers, their contracts' length and lags\n"
            f"    mend: years = {needed}"
        )


def _work(setup: Setup, paths: int) -> int:
    return len(setup.instances) * paths


class _Counter:
    """Progress of several threads."""

    def __init__(self, progress: Progress | None, whole: int) -> None:
        self.progress, self.whole, self.done = progress, whole, 0
        self.lock = threading.Lock()

    def __call__(self, paths: int) -> None:
        if self.progress is None:
            return
        with self.lock:
            self.done += paths
            self.progress(self.done, self.whole)


def _collect(setup: Setup, paths: int, threads: int | None, counter: _Counter) -> list[Collected]:
    """All blocks; Ctrl-C stops after those under way."""
    width = block_paths(setup)
    workers = threads or os.cpu_count() or 1
    found = [Collected() for _ in setup.arms]

    def work(first: int) -> list[Partial]:
        figures = simulate_block(setup, first, min(width, paths - first), counter)
        return [reduce_figures(row, first) for row in figures]

    def merge(done: Future[list[Partial]]) -> None:
        for collected, partial in zip(found, done.result(), strict=True):
            collected.merge(partial)

    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[list[Partial]]] = deque()
        try:
            for first in range(0, paths, width):
                waiting.append(pool.submit(work, first))
                while len(waiting) > workers:
                    merge(waiting.popleft())
            while waiting:
                merge(waiting.popleft())
        except BaseException:
            for future in waiting:
                future.cancel()
            raise
    return found


def fund_hash(setup: Setup) -> str:
    """SHA-256 of the fund's words and of every scenario it resolves to, in hexadecimal."""
    digest = hashlib.sha256()
    words = setup.fund.model_dump_json(exclude={"name", "folder"})
    digest.update(words.encode())
    for kind in setup.fund.pipeline:
        contract = setup.contracts[kind, setup.arms[0].deliveries[kind]]
        digest.update(scenario_hash(contract.scenario).encode())
    return digest.hexdigest()
