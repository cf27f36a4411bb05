"""Result folders: written whole or not at all, read again.

Everything but `provenance.json` (clock, duration, host) is the same bytes for the same scenario,
seed, paths and version.
"""

from __future__ import annotations

import datetime
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from simulator.errors import ResultError
from simulator.scenario.load import load_scenario
from simulator.scenario.resolved import scenario_hash, to_toml

if TYPE_CHECKING:
    from simulator.api import Results

Writer = Callable[[Path], None]
NEVER_IN_STEP = "provenance.json"


def run_name(results: Results) -> str:
    """The run's folder: hash, seed and paths."""
    return f"{scenario_hash(results.scenario)[:12]}-s{results.seed}-n{results.count}"


def write_whole(folder: Path, fill: Writer) -> Path:
    """Fill a folder beside its place, then put it there in one step; an older one is replaced."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise ResultError(f"cannot write to {folder.parent}: {error.strerror}") from error
    try:
        making.chmod(0o755)
        fill(making)
        _put(making, folder)
    except OSError as error:
        raise ResultError(f"cannot write {folder}: {error.strerror}; nothing was changed") from error
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return folder


def _put(making: Path, folder: Path) -> None:
    """Swap the finished folder in; files that other analyses laid beside the run are kept."""
    if folder.exists():
        for kept in folder.iterdir():
            if not (making / kept.name).exists() and kept.is_file():
                shutil.copy2(kept, making / kept.name)
        aside = making.with_suffix(".old")
        os.replace(folder, aside)
        try:
            os.replace(making, folder)
        except OSError:
            os.replace(aside, folder)
            raise
        shutil.rmtree(aside, ignore_errors=True)
    else:
        os.replace(making, folder)


def write_result(results: Results, folder: Path, more: Sequence[Writer] = ()) -> Path:
    """Summary, resolved scenario, provenance, cash flows, and what else is asked for."""

    def fill(making: Path) -> None:
        write_json(making / "summary.json", results.summary())
        (making / "scenario.resolved.toml").write_text(to_toml(results.scenario), encoding="utf-8")
        write_json(making / NEVER_IN_STEP, provenance(results))
        write_parquet(making / "cash_flows.parquet", results.cash_flows)
        if results.keep in ("paths", "all"):
            write_parquet(making / "paths.parquet", results.paths)
        if results.keep == "all":
            write_parquet(making / "flows.parquet", results.flows)
        for writer in more:
            writer(making)

    return write_whole(folder, fill)


def write_json(path: Path, data: dict[str, Any]) -> None:
    """Indented JSON without NaN."""
    text = json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def write_parquet(path: Path, frame: pd.DataFrame) -> None:
    """Compressed Parquet with float64 columns, so that nothing is lost."""
    frame.to_parquet(path, compression="zstd", index=frame.index.name is not None)


def provenance(results: Results) -> dict[str, Any]:
    """Who made this, with what, when and where."""
    libraries = ("numpy", "numba", "scipy", "pandas", "pyarrow", "pydantic")
    return {
        "tool": "socsim",
        "version": results.version,
        "scenario": results.scenario.name,
        "variant": list(results.scenario.variant),
        "scenario_hash": scenario_hash(results.scenario),
        "seed": results.seed,
        "paths": results.count,
        "keep": results.keep,
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "host": platform.node(),
        "platform": platform.platform(),
        "python": platform.python_version(),
        "libraries": {name: metadata.version(name) for name in libraries},
    }


def read_result(folder: Path) -> Results:
    """A stored result; paths are computed again when they are asked for and were not kept."""
    from simulator.api import Results
    from simulator.plan.build import build

    needed = [folder / name for name in ("summary.json", NEVER_IN_STEP, "scenario.resolved.toml")]
    missing = [path.name for path in needed if not path.is_file()]
    if missing:
        raise ResultError(f"{folder} is not a result folder: {', '.join(missing)} is missing")
    try:
        summary = json.loads(needed[0].read_text(encoding="utf-8"))
        made = json.loads(needed[1].read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise ResultError(f"{folder}: a file is damaged: {error}") from error
    scenario = load_scenario(needed[2])
    results = Results(
        scenario=scenario,
        seed=made["seed"],
        count=made["paths"],
        layout=build(scenario, made["seed"]).layout,
        keep=made["keep"],
        version=made["version"],
    )
    results._summary = summary
    results._cash_flows = pd.read_parquet(folder / "cash_flows.parquet")
    if (folder / "paths.parquet").is_file():
        results._paths = pd.read_parquet(folder / "paths.parquet")
    if (folder / "flows.parquet").is_file():
        results._flows = pd.read_parquet(folder / "flows.parquet")
    return results
