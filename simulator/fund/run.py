"""A fund, run: blocks of portfolio paths on threads, merged in path order."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from simulator import __version__
from simulator.api import check_numbers
from simulator.errors import SocsimError
from simulator.fund.collect import Collected, Partial, reduce_figures
from simulator.fund.contracts import Delivery
from simulator.fund.crew import Crew, Job, Progress, Shared, Step
from simulator.fund.expectations import CALIBRATION
from simulator.fund.instances import instances_of
from simulator.fund.load import load_fund
from simulator.fund.model import Fund
from simulator.fund.offers import GRID
from simulator.fund.portfolio import Setup, block_paths, simulate_block
from simulator.fund.prices import Price, at_price, loosened, repriced
from simulator.fund.report import design_result, kind_rows, rankings_of, texts
from simulator.fund.results import FundResult, Tried
from simulator.fund.robustness import TRIED_PATHS, robustness
from simulator.fund.setup import Workshop, setup_of, with_prices
from simulator.fund.tried import item_path, tried
from simulator.scenario.resolved import scenario_hash

if TYPE_CHECKING:
    from simulator.cluster import Cluster

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
    cluster: Cluster | None = None,
) -> FundResult:
    """Every design of a fund, or of a fund file by path or name, on the same paths.

    The result depends on the fund, paths, seed and version alone. `again`: prices are solved again
    with each support, and terms loosened without. `robust`: the trials of the fund's `robustness`
    are run too, on fewer paths. On a `cluster` (see `simulator.connect`) workers simulate what is
    expected and blocks of the portfolio, with the same bits. Raises SocsimError for what cannot be
    run.
    """
    began = time.monotonic()
    check_numbers(paths, seed, threads)
    if paths > MOST_PATHS:
        raise SocsimError(f"paths of a fund must be at most 2^31; found {paths}")
    fund = fund if isinstance(fund, Fund) else load_fund(fund)
    crew = Crew(threads or os.cpu_count() or 1, progress, cluster)
    crew.foresee(**_outlook(fund, paths, again=again, robust=robust))
    shop = Workshop(fund, seed)
    setup = setup_of(fund, seed, shop, crew)
    _fits(setup)
    prices = repriced(setup, shop, crew) if again else {}
    changed = _changed(setup, shop, prices)
    if not changed:
        crew.foresee(prices=0, expectations_again=0)
    second = with_prices(setup, shop, changed, crew) if changed else None
    found = _collect({"portfolio": setup}, paths, crew)["portfolio"]
    later = _collect({"again": second}, min(paths, REPRICED_PATHS), crew)["again"]
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
        loosened=loosened(setup, shop, crew) if again else (),
        robustness=_robustness(shop, named[1:], paths, crew) if robust else (),
        seconds=time.monotonic() - began,
        workers=None if cluster is None else len(cluster.helped),
    )


def _robustness(
    shop: Workshop, named: Sequence[tuple[str, Collected]], paths: int, crew: Crew
) -> tuple[Tried, ...]:
    """Every trial of the fund, one after the other."""
    setups = {}
    for name in shop.fund.robustness:
        fund = tried(shop.fund, name)
        own = Workshop(fund, shop.seed, shop)
        setups[name] = setup_of(fund, shop.seed, own, crew, f"expectations of {name}")
        _fits(setups[name])
    stages = {f"trial {name}": setup for name, setup in setups.items()}
    found = _collect(stages, min(paths, TRIED_PATHS), crew)
    rows = {name: found[f"trial {name}"] for name in setups}
    return robustness(shop.fund, named, setups, min(paths, TRIED_PATHS), rows)


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


def _outlook(fund: Fund, paths: int, *, again: bool, robust: bool) -> dict[str, int]:
    """Contract paths of all stages, before any begins: as if each kind had two programmes."""
    offers, kinds = len(instances_of(fund)), len(fund.pipeline)
    once = 2 * kinds * CALIBRATION
    beliefs = 1 if fund.behaviour.investor.belief is None else GRID + 1
    stages = {"expectations": once * beliefs, "portfolio": offers * paths}
    if again and any(kind.price is not None for kind in fund.pipeline.values()):
        stages |= {"prices": once, "expectations_again": once * beliefs}
        stages |= {"again": offers * min(paths, REPRICED_PATHS)}
        if fund.behaviour.loosen is not None:
            stages["loosened"] = once * beliefs // 2
    for name, trial in fund.robustness.items() if robust else ():
        stages[f"trial {name}"] = offers * min(paths, TRIED_PATHS)
        paths_of = [item_path(key) for key in (*trial.set, *trial.without)]
        touched = {p[1] for p in paths_of if p[0] == "pipeline" and p[-1] != "reservation"}
        stages[f"expectations of {name}"] = len(touched) * once * beliefs // kinds
    return stages


def _collect(
    setups: Mapping[str, Setup | None], paths: int, crew: Crew
) -> dict[str, list[Collected]]:
    """All blocks of each stage, merged in path order; nothing where there is no portfolio."""
    crew.foresee(**{name: _offers(setup) * paths for name, setup in setups.items()})
    found = {name: [Collected() for _ in setup.arms] for name, setup in setups.items() if setup}

    def merge(made: tuple[str, list[Partial]]) -> None:
        for collected, one in zip(found[made[0]], made[1], strict=True):
            collected.merge(one)

    crew.run(_jobs(setups, paths), merge)
    return {name: found.get(name, []) for name in setups}


def _offers(setup: Setup | None) -> int:
    return len(setup.instances) if setup else 0


def _jobs(
    setups: Mapping[str, Setup | None], paths: int
) -> Iterator[Job[tuple[str, list[Partial]]]]:
    """Every block of every stage."""
    for name, setup in setups.items():
        if setup is None:
            continue
        shared, width = Shared(setup), block_paths(setup)
        for first in range(0, paths, width):
            count = min(width, paths - first)
            yield Job(sums_of_block, shared, (name, first, count), _offers(setup) * count)


def sums_of_block(
    setup: Setup, stage: str, first: int, paths: int, step: Step
) -> tuple[str, list[Partial]]:
    """What is left of a block of each design, here or on a worker; with the stage's name."""
    figures = simulate_block(setup, first, paths, step)
    return stage, [reduce_figures(row, first) for row in figures]


def fund_hash(setup: Setup) -> str:
    """SHA-256 of the fund's words and of every scenario it resolves to, in hexadecimal."""
    digest = hashlib.sha256()
    words = setup.fund.model_dump_json(exclude={"name", "folder"})
    digest.update(words.encode())
    for kind in setup.fund.pipeline:
        contract = setup.contracts[kind, setup.arms[0].deliveries[kind]]
        digest.update(scenario_hash(contract.scenario).encode())
    return digest.hexdigest()
