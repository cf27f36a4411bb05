"""Fund files as JSON Schema, for editors that complete and check as one writes."""

from __future__ import annotations

from typing import Any

from simulator.fund.model import Fund
from simulator.scenario.schema import DIALECT, plain_forms, written_tables


def fund_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a fund file; rules between keys are in `fund.rules`."""
    definitions = plain_forms(written_tables(Fund))
    root = definitions.pop("Fund")
    for key in ("name", "folder"):
        root["properties"].pop(key)
    return {"$schema": DIALECT, "title": "socsim fund", **root, "$defs": definitions}
