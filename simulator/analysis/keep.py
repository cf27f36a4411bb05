"""A comparison's folder: JSON, two tables and who made it, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from simulator.analysis.compare import Comparison
from simulator.analysis.figures import figures_of
from simulator.folder import Writer, write_columns, write_json, write_whole
from simulator.saved import PROVENANCE, made_by
from simulator.scenario.resolved import scenario_hash, to_toml

_ERRORS = ("standard_error", "mc_low", "mc_high")
_RANGE = ("p5", "p50", "p95")
_TEXTS = ("design", "figure", "better", "method")


def save_comparison(comparison: Comparison, root: str | Path, more: Sequence[Writer] = ()) -> Path:
    """Write `root/compare/NAME/`; returns it. `more` write further files.

    comparison.json holds everything; differences.parquet and designs.parquet the figures in long
    form; design-1.resolved.toml and so on the scenarios behind the designs. Running the same
    comparison again gives the same bytes in all but provenance.json.
    """

    def fill(making: Path) -> None:
        write_json(making / "comparison.json", comparison.to_dict())
        write_columns(making / "differences.parquet", difference_columns(comparison), _TEXTS)
        write_columns(making / "designs.parquet", design_columns(comparison), _TEXTS)
        for number, design in enumerate(comparison.designs, start=1):
            (making / resolved_name(number)).write_text(to_toml(design.base), encoding="utf-8")
        write_json(making / PROVENANCE, provenance(comparison))
        for writer in more:
            writer(making)

    return write_whole(Path(root) / "compare" / comparison.key(), fill)


def resolved_name(number: int) -> str:
    """Where the scenario behind a design lies, counted from 1."""
    return f"design-{number}.resolved.toml"


def difference_columns(comparison: Comparison) -> dict[str, list[Any]]:
    """One row for each design and figure; what does not exist is NaN, or no text."""
    rows = comparison.differences
    known = [row.difference or {} for row in rows]
    return {
        "design": [row.design for row in rows],
        "figure": [row.figure for row in rows],
        "difference": [_number(gap.get("estimate")) for gap in known],
        **{name: [_number(gap.get(name)) for gap in known] for name in _ERRORS},
        "better": [row.better for row in rows],
        "share_better": [_number(row.share_better) for row in rows],
        "share_worse": [_number(row.share_worse) for row in rows],
        "method": [row.method for row in rows],
    }


def design_columns(comparison: Comparison) -> dict[str, list[Any]]:
    """Every figure of every design: estimate, its error, and the range of outcomes."""
    columns: dict[str, list[Any]] = {
        name: [] for name in ("design", "figure", "estimate", *_ERRORS, *_RANGE)
    }
    for row in _figures(comparison):
        for name, value in zip(columns, row, strict=True):
            columns[name].append(value)
    return columns


def _figures(comparison: Comparison) -> Iterator[tuple[Any, ...]]:
    for name, summary in zip(comparison.names, comparison.summaries, strict=True):
        for figure, leaf in figures_of(summary).items():
            if leaf.number is None:
                continue
            parts = leaf.value if isinstance(leaf.value, dict) else {}
            rest = (_number(parts.get(key)) for key in (*_ERRORS, *_RANGE))
            yield name, figure, leaf.number, *rest


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def provenance(comparison: Comparison) -> dict[str, Any]:
    """What was compared, with what, when and where."""
    return {
        "designs": [
            {"name": design.name, "scenario_hash": scenario_hash(design.base)}
            for design in comparison.designs
        ],
        "overrides": list(comparison.designs[0].base.overrides),
        "seed": comparison.seed,
        "paths": comparison.paths,
        **({} if comparison.workers is None else {"workers": comparison.workers}),
        **made_by(comparison.version, comparison.seconds),
    }
