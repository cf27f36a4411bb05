"""Small funds for tests, and the figures of a stretch of their paths."""

from __future__ import annotations

import datetime
from pathlib import Path

from simulator.fund.model import Fund
from simulator.fund.portfolio import simulate_block
from simulator.fund.setup import setup_of

FOLDER = Path(__file__).parent
KEY = "metrics.cost.effect.difference"


def guarantee(coverage=0.5, reading="pari passu", **more):
    words = {"kind": "guarantee", "title": "g", "reading": reading, "capital": 1e9} | more
    return words if coverage is None else words | {"coverage": coverage}


def fund(offered=(1,), designs=None, *, years=6, rate=0.0, behaviour=None, factors=(), **kind):
    """A fund over the coin contract, unless `scenario` says otherwise."""
    words = {"title": "k", "scenario": "coin.toml", "offered": list(offered)} | kind
    tree = {
        "kind": "fund",
        "title": "t",
        "currency": "SEK",
        "start": datetime.date(2027, 1, 1),
        "years": years,
        "rate": rate,
        "pipeline": {"coins": words},
        "factors": {name: {"title": name} for name in factors},
        "behaviour": behaviour or {},
        "designs": designs or {"half": guarantee()},
        "folder": str(FOLDER),
    }
    return Fund.model_validate(tree)


def figures(words, paths=4096, first=0, seed=1):
    """Figures of each design by name, on one block of paths."""
    setup = setup_of(words, seed)
    rows = simulate_block(setup, first, paths)
    return {arm.name: row for arm, row in zip(setup.arms, rows, strict=True)}
