"""Runs of small scenarios, shared by the properties; bits are compared as bits."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from simulator.api import Results, load_scenario, simulate

RICH = Path(__file__).with_name("rich.toml")
CASES = [RICH, *sorted((Path(__file__).parents[1] / "cases" / "twin").glob("*.toml"))]
PATHS = 256


@cache
def run(file: Path = RICH, overrides: tuple[str, ...] = (), paths: int = PATHS) -> Results:
    """A scenario with overrides, everything kept."""
    return simulate(load_scenario(file, overrides=overrides), paths=paths, keep="all")


def same_bits(one: pd.DataFrame, other: pd.DataFrame) -> None:
    """Equal columns and equal bits in every one of them; every NaN is one."""
    assert list(one.columns) == list(other.columns)
    for name in one.columns:
        a, b = one[name].to_numpy(), other[name].to_numpy()
        if a.dtype.kind != "f":
            assert list(a) == list(b), name
            continue
        differ = (a.view(np.int64) != b.view(np.int64)) & ~(np.isnan(a) & np.isnan(b))
        assert not differ.any(), f"{name}: {differ.sum()} of {len(a)} differ"


def bytes_of(results: Results) -> bytes:
    """The summary as it is written."""
    return json.dumps(results.summary(), ensure_ascii=False, allow_nan=False).encode()


def toml_of(tree: dict[str, Any], order: Sequence[str] | None = None) -> str:
    """A scenario's tree as TOML of one line a top-level key, in the order of the mapping."""
    return "".join(f"{name} = {_inline(tree[name])}\n" for name in order or tree)


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(k)} = {_inline(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(item) for item in value) + "]"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)
