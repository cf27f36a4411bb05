"""A result's folder without its reports: written whole, and read again."""

from __future__ import annotations

import datetime
import platform
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

from simulator.api import Results, load_scenario
from simulator.checkpoint import STATE, write_state
from simulator.errors import ResultError
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
from simulator.plan.samplers import Sampler
from simulator.scenario.model import Scenario
from simulator.scenario.resolved import scenario_hash, to_toml
from simulator.streaming import FIGURES, FLOWS, copy_files, write_frame
from simulator.summary.flows import TEXTS

PROVENANCE = "provenance.json"
"""The one file of a folder that differs between runs of one scenario, seed and version."""

CONVERGENCE = "convergence.json"
"""Beside the summary of a run to a given precision: its targets, and the way to them."""


def run_name(scenario: Scenario, seed: int, paths: int, sampler: Sampler = "plain") -> str:
    """The run's folder: hash, seed, paths, and the sampler where it is not plain."""
    drawn = "" if sampler == "plain" else f"-{sampler}"
    return f"{scenario_hash(scenario)[:12]}-s{seed}-n{paths}{drawn}"


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
        if results._files is not None:
            copy_files(results._files, making, results.count)
        elif results.keep in ("paths", "all"):
            write_frame(making / FIGURES, results.paths, FIGURES, results.count)
        if results._files is None and results.keep == "all":
            write_frame(making / FLOWS, results.flows, FLOWS, results.count)
        if results.convergence is not None:
            write_json(making / CONVERGENCE, results.convergence)
        if results._run is not None and results._keeps_state:
            write_state(making / STATE, results._run.state())
        for writer in more:
            writer(making)

    return write_whole(Path(folder), fill)


def without_paths(results: Results) -> Results:
    """The same result as if it had kept no paths, where there is no room for them."""
    return replace(results, keep="summary", _paths=None, _flows=None, _files=None)


def provenance(results: Results) -> dict[str, Any]:
    """Who made this, with what, when and where."""
    return {
        "scenario": results.scenario.name,
        "variant": list(results.scenario.variant),
        "scenario_hash": scenario_hash(results.scenario),
        "seed": results.seed,
        "paths": results.count,
        "keep": results.keep,
        "sampler": results.sampler,
        **({} if results.workers is None else {"workers": results.workers}),
        "made_with": results.made_with,
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
        "libraries": {name: _version_of(name) for name in libraries},
    }


def _version_of(library: str) -> str:
    """Its version; of one that is loaded without looking among all that is installed."""
    loaded = sys.modules.get(library)
    return str(getattr(loaded, "__version__", None) or metadata.version(library))


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
        scenario = load_scenario(resolved)
        results = Results(
            scenario=scenario,
            seed=made["seed"],
            count=made["paths"],
            layout=build(scenario, made["seed"]).layout,
            keep=made["keep"],
            version=made["version"],
            seconds=made["seconds"],
            sampler=made.get("sampler", "plain"),
            made_with=made.get("made_with", ""),
        )
    except KeyError as error:
        raise ResultError(f"{place}: {PROVENANCE} is damaged: {error} is missing") from error
    results._place = place
    if (place / CONVERGENCE).is_file():
        results.convergence = read_json(place / CONVERGENCE)
    results._summary = summary
    results._cash_flows = read_parquet(place / "cash_flows.parquet")
    if results.keep != "summary":  # else they are left of a run before, perhaps another program's
        results._paths = read_parquet(place / FIGURES)
    if results.keep == "all":
        results._flows = read_parquet(place / FLOWS)
    return results
