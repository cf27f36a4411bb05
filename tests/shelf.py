"""The scenario files of a folder, without the fund files that may stand beside them."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

SHELF = Path(__file__).resolve().parent.parent / "scenarios"


def contracts(folder: Path) -> list[Path]:
    """TOML files of single contracts, in name order; `kind = "fund"` marks those of many."""
    return [path for path in sorted(folder.glob("*.toml")) if not _is_fund(path)]


def funds(folder: Path) -> list[Path]:
    """TOML files of funds, in name order."""
    return [path for path in sorted(folder.glob("*.toml")) if _is_fund(path)]


@cache
def _is_fund(path: Path) -> bool:
    return tomllib.loads(path.read_text(encoding="utf-8")).get("kind") == "fund"
