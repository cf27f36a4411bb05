"""The JSON Schema that editors use."""

import copy
import datetime
import tomllib
from pathlib import Path

import jsonschema
import pytest

from simulator.scenario.schema import json_schema
from tests.shelf import contracts

ROOT = Path(__file__).parents[3]
FOLDERS = ("scenarios", "tests/cases/valid", "tests/cases/language")
FILES = sorted(file for folder in FOLDERS for file in contracts(ROOT / folder))


@pytest.fixture(scope="module")
def validator():
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def as_json(value):
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def read(file):
    return as_json(tomllib.loads(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_shipped_and_valid_scenarios_satisfy_the_schema(validator, file):
    assert [error.message for error in validator.iter_errors(read(file))] == []


def change(tree, path, value):
    tree = copy.deepcopy(tree)
    holder = tree
    for key in path[:-1]:
        holder = holder.setdefault(key, {})
    holder[path[-1]] = value
    return tree


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("metrics", "cost", "kind"), "binry"),
        (("metrics", "cost", "baselin"), 3),
        (("metrics", "cost", "baseline"), "3"),
        (("metrics", "cost", "baseline"), {"binomial": {}}),
        (("cohorts", "young", "service_users"), 1.5),
        (("cohorts", "old", "metrics", "cost", "colour"), 1),
        (("payments", "share", "terms"), [{"shre": 1}]),
        (("title",), {"no": "x"}),
        (("time", "start"), None),
        (("variants", "longer", "measures", "saving", "windw"), "3 years"),
        (("variants", "longer", "colour"), 1),
        (("variants", "longer", "unset"), "x"),
        (("parties", "investor"), {}),
    ],
)
def test_the_schema_refuses(validator, path, value):
    tree = read(ROOT / "tests/cases/valid/saving.toml")
    assert validator.is_valid(tree)
    assert not validator.is_valid(change(tree, path, value))


def test_keys_explain_themselves():
    schema = json_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    persistence = schema["$defs"]["Metric"]["properties"]["persistence"]
    assert persistence["description"].startswith("correlation of the same person")
    texts = str(schema)
    assert "‹" not in texts
    assert "\\n" not in texts
