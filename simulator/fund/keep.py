"""A fund run's folder: JSON, a table by design and year, its contracts and who made it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from simulator.errors import ResultError
from simulator.folder import Writer, read_json, write_columns, write_json, write_whole
from simulator.fund.load import load_fund
from simulator.fund.model import Fund
from simulator.fund.resolved import own_files, to_toml
from simulator.fund.results import FundResult
from simulator.saved import PROVENANCE, made_by


def save_fund_run(
    fund: Fund,
    result: FundResult,
    root: Path,
    overrides: Sequence[str] = (),
    more: Sequence[Writer] = (),
) -> Path:
    """Write `root/FUND/RUN/`, whole or not at all; returns the folder. `more` write further files.

    It holds fund.json, claims.parquet (by design and year), fund.resolved.toml with copies of the
    contracts that lie beside the fund file, and provenance.json.
    """
    made = fund_provenance(result, overrides)

    def fill(making: Path) -> None:
        write_json(making / "fund.json", result.to_dict())
        write_json(making / PROVENANCE, made)
        (making / "fund.resolved.toml").write_text(to_toml(fund), encoding="utf-8")
        for name, file in own_files(fund).items():
            (making / name).write_bytes(file.read_bytes())
        write_columns(making / "claims.parquet", fund_years(result), ("design",))
        for writer in more:
            writer(making)

    name = f"{result.hash[:12]}-s{result.seed}-n{result.paths}"
    return write_whole(root / (result.name or "fund") / name, fill)


def read_fund(folder: Path) -> dict[str, Any]:
    """A stored fund run as its reports take it: `fund`, `result` and `overrides`.

    Raises ResultError where the folder is not one, or a file in it is damaged.
    """
    data, made = read_json(folder / "fund.json"), read_json(folder / PROVENANCE)
    try:
        result = FundResult.from_dict(data)
    except (KeyError, TypeError, AttributeError) as error:
        raise ResultError(f"{folder / 'fund.json'}: damaged: {error!r}") from error
    resolved = folder / "fund.resolved.toml"
    if not resolved.is_file():
        raise ResultError(f"{folder} is not a result folder: {resolved.name} is missing")
    fund = load_fund(resolved).model_copy(update={"name": result.name})
    return {"fund": fund, "result": result, "overrides": list(made.get("overrides", ()))}


def fund_provenance(result: FundResult, overrides: Sequence[str]) -> dict[str, Any]:
    """Who made this, with what, when and where."""
    return {
        "fund": result.name,
        "fund_hash": result.hash,
        "overrides": list(overrides),
        "seed": result.seed,
        "paths": result.paths,
        **({} if result.workers is None else {"workers": result.workers}),
        **made_by(result.version, result.seconds),
    }


_BY_YEAR = ("contracts", "committed", "claims", "recoveries", "balance", "municipalities")
_PARTS = ("estimate", "standard_error", "p5", "p50", "p95", "p99")


def fund_years(result: FundResult) -> dict[str, list[Any]]:
    """Columns by design and year: what is offered, promised, paid and left; NaN for nothing."""
    rows = [(design.name, year) for design in result.designs for year in design.by_year]
    columns: dict[str, list[Any]] = {
        "design": [name for name, _ in rows],
        "year": [year.year for _, year in rows],
        "offered": [year.offered for _, year in rows],
    }
    for key in _BY_YEAR:
        for part in _PARTS:
            values = [(getattr(year, key) or {}).get(part) for _, year in rows]
            name = key if part == "estimate" else f"{key}_{part}"
            columns[name] = [float("nan") if value is None else float(value) for value in values]
    return columns
