"""The manual of fund files: in step with the program, and complete."""

import inspect
import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from docs.tools.fund_language import ORDER, manual
from simulator.fund import model
from simulator.scenario.language import keys_of

PAGE = Path(__file__).parents[3] / "docs" / "fund-language.md"
TABLES = [table for _, tables in ORDER for _, table in tables]


def test_the_page_is_what_the_program_says():
    assert PAGE.read_text(encoding="utf-8") == manual(), "run `make docs`"


def test_every_table_is_there():
    found = {
        item
        for item in vars(model).values()
        if inspect.isclass(item) and issubclass(item, BaseModel)
        if item.__module__ == model.__name__
    }
    assert found == set(TABLES)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_every_key_is_told_once_with_its_meaning(table):
    text = manual()
    for key in keys_of(table):
        if key in ("grade", "source", "note", "kind"):
            continue
        owner = next(base for base in reversed(table.__mro__) if key in _fields(base))
        start = text.index(f'<a id="{owner.__name__.lower()}"></a>')
        end = text.find("<a id=", start + 1)
        rows = re.findall(rf"^\| `{key}` \| (.+?) \|", text[start:end], re.MULTILINE)
        assert len(rows) == 1, (table, key)
        assert len(rows[0]) > 3


def _fields(base):
    return getattr(base, "model_fields", {})


def test_links_lead_somewhere():
    text = manual()
    other = PAGE.with_name("language.md").read_text(encoding="utf-8")
    for page, target in re.findall(r"\]\(([\w-]*(?:\.md)?)#(\w+)\)", text):
        assert f'<a id="{target}"></a>' in (other if page else text), target
    for link in re.findall(r"\]\((\.\./[^)]+)\)", text):
        assert (PAGE.parent / link).resolve().is_file()
