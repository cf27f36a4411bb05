"""The manual of the language: in step with the program, complete, and its examples computed."""

import inspect
import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from docs.tools.language import ORDER, find_examples, is_common, manual, meaning
from docs.tools.terms import WORKED
from simulator.errors import ScenarioError
from simulator.scenario import base_rates, contract, evidence, fading, model, numbers, risks
from simulator.scenario.contract import Term
from simulator.scenario.language import keys_of
from simulator.scenario.rules.pending import PENDING
from tests.worked.deal import near, paid, statement

PAGE = Path(__file__).parents[3] / "docs" / "language.md"
TABLES = [table for _, tables in ORDER for _, table in tables]
SHARED = {numbers.Strict, numbers.Families}


def test_the_page_is_what_the_program_says():
    assert PAGE.read_text(encoding="utf-8") == manual(), "run `make docs`"


def test_every_table_of_the_language_is_there():
    found = {
        item
        for module in (numbers, base_rates, evidence, fading, model, contract, risks)
        for item in vars(module).values()
        if inspect.isclass(item) and issubclass(item, BaseModel) and "simulator" in item.__module__
    }
    assert found - SHARED == set(TABLES)
    assert len(TABLES) == len(set(TABLES))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_every_key_has_a_meaning_and_an_example(table):
    examples = find_examples()
    for name, field in table.model_fields.items():
        key = field.alias or name
        if key not in keys_of(table) or is_common(name, field, table):
            continue
        assert meaning(table, name), key
        assert (table, key) in examples, key


def test_links_within_the_page_lead_somewhere():
    text = PAGE.read_text(encoding="utf-8")
    anchors = set(re.findall(r'<a id="([a-z]+)">', text))
    links = set(re.findall(r"\]\(#([^)]+)\)", text))
    assert len(links) > 40
    assert links <= anchors


def test_every_word_of_a_payment_is_worked():
    assert [row.word for row in WORKED] == list(Term.model_fields)


@pytest.mark.parametrize("row", WORKED, ids=lambda row: row.word)
def test_the_worked_example_is_what_the_program_pays(row):
    if row.word in PENDING.get(Term, ()):
        with pytest.raises(ScenarioError):
            paid(f"[{row.sentence}]", row.measured)
        return
    sentence = f"payments.pay.terms=[{row.sentence}]"
    if row.word in ("price", "bands"):
        found = statement("payments.pay.of=count", sentence, count=row.measured)
    else:
        found = statement(sentence, saving=row.measured)
    assert found.outcome_payments == near(row.paid)
