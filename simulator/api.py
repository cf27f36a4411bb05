"""What a notebook imports: load a scenario, simulate it, settle it, keep the result.

In a notebook:

    from simulator import load_scenario, simulate
    results = simulate(load_scenario("norrkoping"), paths=100_000)
    results.summary()["investor"]["loss_probability"]
"""

from __future__ import annotations

import datetime
import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from simulator import __version__
from simulator.engine import Engine, Progress
from simulator.errors import ResultError, SocsimError
from simulator.folder import (
    Writer,
    read_json,
    read_parquet,
    write_columns,
    write_json,
    write_parquet,
    write_whole,
)
from simulator.plan.build import build
from simulator.results import Layout, PathBlock
from simulator.scenario.load import load_scenario as _load_scenario
from simulator.scenario.model import Scenario
from simulator.scenario.resolved import scenario_hash, to_toml
from simulator.settlement import Settlement, read_results
from simulator.settlement import settle as _settle
from simulator.summary import Accumulator
from simulator.summary.accumulate import Partial
from simulator.summary.flows import TEXTS, Columns, frame_of

if TYPE_CHECKING:
    import pandas as pd

Keep = Literal["summary", "paths", "all"]

__all__ = [
    "Keep",
    "Results",
    "load",
    "load_scenario",
    "read_results",
    "save",
    "settle",
    "simulate",
]


def load_scenario(
    path: str | Path, *, variants: Sequence[str] = (), overrides: Sequence[str] = ()
) -> Scenario:
    """A checked scenario by path or shipped name.

    `variants` are applied in order, then `overrides` such as "cohorts.younger.service_users=40".
    Raises ScenarioError with every problem, or UnknownScenarioError.
    """
    return _load_scenario(path, variants=variants, overrides=overrides)


@dataclass
class Results:
    """A finished simulation.

    `paths` and `flows` are computed again where they were not kept; the bits are the same.
    """

    scenario: Scenario
    seed: int
    count: int
    layout: Layout
    keep: Keep
    version: str = __version__
    seconds: float = 0.0
    _summary: dict[str, Any] = field(default_factory=dict, repr=False)
    _columns: Columns | None = field(default=None, repr=False)
    _cash_flows: pd.DataFrame | None = field(default=None, repr=False)
    _paths: pd.DataFrame | None = field(default=None, repr=False)
    _flows: pd.DataFrame | None = field(default=None, repr=False)

    def summary(self) -> dict[str, Any]:
        """The promised summary, as in summary.json: money in its currency, rates a year."""
        return self._summary

    @property
    def cash_flows(self) -> pd.DataFrame:
        """Mean and 5th, 50th, 95th percentile by party or ledger line and period."""
        if self._cash_flows is None and self._columns is not None:
            self._cash_flows = frame_of(self._columns)
        if self._cash_flows is None:
            raise SocsimError("this result was stored without its cash flows")
        return self._cash_flows

    @property
    def paths(self) -> pd.DataFrame:
        """One row per path, one column per figure."""
        if self._paths is None:
            self._paths, self._flows = again(self)
        return self._paths

    @property
    def flows(self) -> pd.DataFrame:
        """One row for each path, line and instant with a movement: path, line, instant, amount."""
        if self._flows is None:
            self._paths, self._flows = again(self)
        return self._flows

    def save(self, folder: str | Path) -> Path:
        """Write the result folder, whole or not at all."""
        return save(self, folder)


class _Kept:
    """A reducer that summarises, and keeps what it is asked to keep."""

    def __init__(self, layout: Layout, keep: Keep, paths: int) -> None:
        self.layout = layout
        self.accumulator = Accumulator(layout, paths)
        self.keep = keep
        self.blocks: list[PathBlock] = []

    def reduce(self, block: PathBlock) -> tuple[Partial, PathBlock | None]:
        """Any thread."""
        kept = None
        if self.keep == "paths":
            kept = PathBlock(block.first, block.figures, block.flows[:, :0])
        elif self.keep == "all":
            kept = block
        return self.accumulator.reduce(block), kept

    def merge(self, partial: tuple[Partial, PathBlock | None]) -> None:
        """Path order."""
        self.accumulator.merge(partial[0])
        if partial[1] is not None:
            self.blocks.append(partial[1])


def simulate(
    scenario: Scenario,
    *,
    paths: int = 100_000,
    seed: int = 1,
    threads: int | None = None,
    keep: Keep = "summary",
    progress: Progress | None = None,
) -> Results:
    """Simulate a scenario.

    The result depends on scenario, paths, seed and version alone: not on threads, and the first N
    paths of a longer run are those of a shorter one. `progress` is called with (done, all) paths.
    Raises SocsimError for numbers of paths, seeds or threads that make no sense.
    """
    check_numbers(paths, seed, threads)
    began = time.monotonic()
    built = build(scenario, seed)
    kept = _Kept(built.layout, keep, paths)
    engine = Engine[tuple[Partial, PathBlock | None]](built, threads, reuse=keep == "summary")
    engine.run(kept, paths, progress=progress)
    accumulator = kept.accumulator
    results = Results(scenario, seed, paths, built.layout, keep)
    results._summary = accumulator.summary(
        scenario, seed=seed, version=__version__, scenario_hash=scenario_hash(scenario)
    )
    results._columns = accumulator.cash_flow_columns()
    results.seconds = time.monotonic() - began
    if kept.blocks:
        results._paths = figures_frame(built.layout, kept.blocks)
    if keep == "all":
        results._flows = flows_frame(built.layout, kept.blocks)
    return results


def check_numbers(paths: int, seed: int, threads: int | None) -> None:
    if not 1 <= paths <= 10**12:
        raise SocsimError(f"paths must be between 1 and 10^12; found {paths}")
    if not 0 <= seed < 2**63:
        raise SocsimError(f"seed must be between 0 and 2^63 − 1; found {seed}")
    if threads is not None and not 1 <= threads <= 1024:
        raise SocsimError(f"threads must be between 1 and 1024; found {threads}")


def again(results: Results) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Paths and flows of a result, computed again."""
    if results.version != __version__:
        raise SocsimError(
            f"the result was made by version {results.version}; "
            "its paths can be computed again by that version only"
        )
    fresh = simulate(results.scenario, paths=results.count, seed=results.seed, keep="all")
    return fresh.paths, fresh.flows


def figures_frame(layout: Layout, blocks: list[PathBlock]) -> pd.DataFrame:
    """Figures of kept blocks, one row per path."""
    import pandas as pd

    table = np.concatenate([block.figures for block in blocks], axis=1)
    frame = pd.DataFrame({name: table[i] for i, name in enumerate(layout.figures)})
    frame.index.name = "path"
    return frame


def flows_frame(layout: Layout, blocks: list[PathBlock]) -> pd.DataFrame:
    """Movements of kept blocks in long form."""
    import pandas as pd

    columns: dict[str, list[Any]] = {"path": [], "line": [], "instant": [], "amount": []}
    for block in blocks:
        line, instant, path = np.nonzero(block.flows)
        columns["path"].append(path + block.first)
        columns["line"].append(line)
        columns["instant"].append(instant)
        columns["amount"].append(block.flows[line, instant, path])
    frame = pd.DataFrame({name: np.concatenate(parts) for name, parts in columns.items()})
    names = [line.name for line in layout.lines]
    codes = np.asarray(frame["line"], dtype=np.int64)
    frame["line"] = pd.Categorical.from_codes(codes, categories=pd.Index(names))
    return frame.sort_values(["path", "line", "instant"], ignore_index=True)


def settle(
    scenario: Scenario,
    results: dict[str, Any] | None = None,
    *,
    ex_ante_paths: int | None = None,
    seed: int = 1,
) -> Settlement:
    """What the contract pays on measured outcomes: those given, or the scenario's own.

    `results` has the keys of `[realised]`: drawn, measures, completed. With `ex_ante_paths` the
    scenario is simulated too, and `percentile` says in which share of the futures the investor
    fared as badly or worse. Raises SocsimError where a payment needs a value that is not there.
    """
    settlement = _settle(scenario, results)
    if ex_ante_paths is None:
        return settlement
    paths = simulate(scenario, paths=ex_ante_paths, seed=seed, keep="paths").paths
    return replace(settlement, percentile=share_as_bad(settlement, paths))


def share_as_bad(settlement: Settlement, paths: pd.DataFrame) -> float | None:
    """Share of paths on which the investor got back as little or less per unit put in.

    Where capital is unknown, the share on which as little or less was repaid.
    """
    if settlement.drawn:
        had = paths["investor.received"] / paths["investor.paid_in"]
        got = settlement.received / (settlement.received - (settlement.investor_profit or 0.0))
    else:
        had, got = paths["municipality.total_payments"], settlement.repaid
    had = had.dropna()
    return float((had <= got + 1e-9 * abs(got)).mean()) if len(had) else None


PROVENANCE = "provenance.json"
"""The one file of a folder that differs between runs of one scenario, seed and version."""


def run_name(scenario: Scenario, seed: int, paths: int) -> str:
    """The run's folder: hash, seed and paths."""
    return f"{scenario_hash(scenario)[:12]}-s{seed}-n{paths}"


def save(results: Results, folder: str | Path, more: Sequence[Writer] = ()) -> Path:
    """Write a result folder, whole or not at all; returns it. `more` write further files."""

    def fill(making: Path) -> None:
        write_json(making / "summary.json", results.summary())
        (making / "scenario.resolved.toml").write_text(to_toml(results.scenario), encoding="utf-8")
        write_json(making / PROVENANCE, provenance(results))
        if results._columns is not None:
            write_columns(making / "cash_flows.parquet", results._columns, TEXTS)
        else:
            write_parquet(making / "cash_flows.parquet", results.cash_flows)
        if results.keep in ("paths", "all"):
            write_parquet(making / "paths.parquet", results.paths)
        if results.keep == "all":
            write_parquet(making / "flows.parquet", results.flows)
        for writer in more:
            writer(making)

    return write_whole(Path(folder), fill)


def provenance(results: Results) -> dict[str, Any]:
    """Who made this, with what, when and where."""
    return {
        "scenario": results.scenario.name,
        "variant": list(results.scenario.variant),
        "scenario_hash": scenario_hash(results.scenario),
        "seed": results.seed,
        "paths": results.count,
        "keep": results.keep,
        **made_by(results.version, results.seconds),
    }


def made_by(version: str, seconds: float) -> dict[str, Any]:
    """Tool, version, date, time taken, machine and libraries."""
    libraries = ("numpy", "numba", "scipy", "pandas", "pyarrow", "pydantic")
    return {
        "tool": "socsim",
        "version": version,
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
        "host": platform.node(),
        "platform": platform.platform(),
        "python": platform.python_version(),
        "libraries": {name: metadata.version(name) for name in libraries},
    }


def load(folder: str | Path) -> Results:
    """A stored result; paths are computed again when they are asked for and were not kept.

    Raises ResultError where the folder is not one, or a file in it is damaged.
    """
    place = Path(folder)
    summary = read_json(place / "summary.json")
    made = read_json(place / PROVENANCE)
    resolved = place / "scenario.resolved.toml"
    if not resolved.is_file():
        raise ResultError(f"{place} is not a result folder: {resolved.name} is missing")
    try:
        scenario = _load_scenario(resolved)
        results = Results(
            scenario=scenario,
            seed=made["seed"],
            count=made["paths"],
            layout=build(scenario, made["seed"]).layout,
            keep=made["keep"],
            version=made["version"],
            seconds=made["seconds"],
        )
    except KeyError as error:
        raise ResultError(f"{place}: {PROVENANCE} is damaged: {error} is missing") from error
    results._summary = summary
    results._cash_flows = read_parquet(place / "cash_flows.parquet")
    results._paths = read_parquet(place / "paths.parquet")
    results._flows = read_parquet(place / "flows.parquet")
    return results
