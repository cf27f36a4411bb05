"""The table on the terminal, and the same as JSON."""

from __future__ import annotations

import dataclasses
import datetime
import json
import os
import platform
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

from tests.benchmarks.measuring import Row

WIDTHS = (40, 10, 27, 10, 25, 15, 3)
HEADS = ("measured", "socsim", "beside", "", "ratio (quartiles)", "target", "met")


def head() -> str:
    """Names of the columns, underlined."""
    return _line(HEADS) + "\n" + "─" * (sum(WIDTHS) + len(WIDTHS))


def line(row: Row) -> str:
    """One row."""
    met = {True: "yes", False: "no", None: ""}[row.met]
    theirs = "" if row.theirs is None else number(row.theirs, row.unit)
    ours = number(row.ours, row.unit)
    return _line((row.what, ours, row.peer, theirs, _ratio(row), row.target, met))


def number(value: float, unit: str) -> str:
    """Three figures, with its unit."""
    if unit == "modules":
        return f"{value:.0f}"
    text = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
    return f"{text} {unit}".replace(" a path", "").replace(" a word", "")


def _ratio(row: Row) -> str:
    if row.ratio is None:
        return ""
    spread = f" ({_short(row.quartiles[0])}–{_short(row.quartiles[1])})" if row.quartiles else ""
    ratio = f"{row.ratio:,.0f}" if row.ratio >= 100 else f"{row.ratio:.3g}"
    return f"{ratio} × {row.sense}{spread}"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def _line(cells: Iterable[str]) -> str:
    return " ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()


def machine() -> dict[str, Any]:
    """What the figures depend on besides the program."""
    libraries = ("numpy", "numba", "llvmlite", "pyxirr")
    return {
        "processor": platform.machine(),
        "system": platform.system(),
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
        "python": platform.python_version(),
        "libraries": {name: metadata.version(name) for name in libraries},
    }


def store(rows: list[Row], folder: Path, *, quick: bool) -> Path:
    """Write the run to FOLDER/<time>.json; returns the file."""
    now = datetime.datetime.now(datetime.UTC)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now:%Y%m%dT%H%M%SZ}{'-quick' if quick else ''}.json"
    document = {
        "made": now.isoformat(timespec="seconds"),
        "quick": quick,
        "machine": machine(),
        "rows": [dataclasses.asdict(row) for row in rows],
    }
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
