"""The scenario language as JSON Schema, for editors that complete and check as one writes.

An editor sees shapes and words; the rules between keys are asked by `socsim check`.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from simulator.scenario.model import Scenario

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PART = "Change"
"""Suffix of the loose forms, in which nothing is required: variants say only what differs."""


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a scenario file, its variants included."""
    tables = written_tables(Scenario)
    loose = {f"{name}{_PART}": _loose(table) for name, table in tables.items()}
    for cohort in (tables["Cohort"], loose[f"Cohort{_PART}"]):
        cohort["properties"]["metrics"]["additionalProperties"] = _ref(f"Metric{_PART}")
        cohort["properties"]["states"]["additionalProperties"] = _ref(f"States{_PART}")
    variant = loose[f"Scenario{_PART}"]
    variant["description"] = "What differs from the scenario under this variant."
    variant["properties"]["unset"] = {
        "type": "array",
        "items": {"type": "string"},
        "description": "keys of the scenario that this variant takes away",
    }
    definitions = {**plain_forms(tables), **plain_forms(loose)}
    root = definitions.pop("Scenario")
    root["properties"]["variants"] = {
        "type": "object",
        "description": "Named variants: only what differs. Run one with --variant NAME.",
        "additionalProperties": _ref(f"Scenario{_PART}"),
    }
    return {"$schema": DIALECT, "title": "socsim scenario", **root, "$defs": definitions}


def written_tables(root: type[BaseModel]) -> dict[str, Any]:
    """Schemas by name of a model and all tables below it, as they are written in TOML."""
    whole = root.model_json_schema(ref_template="#/$defs/{model}")
    tables: dict[str, Any] = whole.pop("$defs")
    tables[root.__name__] = whole
    return {name: _as_written(table) for name, table in tables.items()}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def _as_written(schema: Any) -> Any:
    """Titles as they are written, and alternatives that may overlap."""
    if isinstance(schema, list):
        return [_as_written(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("propertyNames", {}).get("enum") == ["sv", "en"]:
        kept = {key: schema[key] for key in ("description", "default") if key in schema}
        table = {
            "type": "object",
            "properties": {"sv": {"type": "string"}, "en": {"type": "string"}},
            "additionalProperties": False,
            "minProperties": 1,
        }
        return {**kept, "anyOf": [{"type": "string"}, table]}
    written = {
        ("anyOf" if key == "oneOf" else key): _as_written(
            " ".join(item.split()) if key == "description" and isinstance(item, str) else item
        )
        for key, item in schema.items()
        if not (key == "title" and isinstance(item, str))
        and key != "discriminator"
        and not (key == "default" and (item is None or isinstance(item, dict)))
    }
    return _without_null(written)


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """TOML has no null: what may be left out is left out."""
    options = [item for item in _flat(schema) if item != {"type": "null"}]
    if "anyOf" not in schema:
        return schema
    rest = {key: item for key, item in schema.items() if key != "anyOf"}
    return {**options[0], **rest} if len(options) == 1 else {**rest, "anyOf": options}


def _flat(schema: dict[str, Any]) -> list[Any]:
    """The alternatives, those of alternatives included, each once."""
    found: list[Any] = []
    for item in schema.get("anyOf", ()):
        for option in item["anyOf"] if item.keys() == {"anyOf"} else (item,):
            if option not in found:
                found.append(option)
    return found


def _loose(schema: Any) -> Any:
    """The same with nothing required, referring to loose forms."""
    if isinstance(schema, list):
        return [_loose(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: f"{item}{_PART}" if key == "$ref" else _loose(item)
        for key, item in schema.items()
        if key not in ("required", "minProperties") or not isinstance(item, (list, int))
    }


def plain_forms(tables: dict[str, Any]) -> dict[str, Any]:
    """Numbers may be bare, parties a bare text."""
    written = dict(tables)
    for name, bare in (
        ("Number", "number"),
        ("Party", "string"),
        ("Haircut", "number"),
        ("BaseRate", "string"),
    ):
        for full in (name, f"{name}{_PART}"):
            if full in written:
                table = written.pop(full)
                written[full] = {"anyOf": [{"type": bare}, table]}
    return written
