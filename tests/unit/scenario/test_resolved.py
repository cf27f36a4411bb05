"""The resolved scenario: it loads to the same scenario, and its hash knows content from writing."""

import random
import re
from pathlib import Path

import pytest

from simulator.scenario.document import parse_document
from simulator.scenario.load import load_scenario, scenario_from
from simulator.scenario.plain import in_order
from simulator.scenario.resolved import scenario_hash, to_toml

ROOT = Path(__file__).parents[3]
VALID = sorted((ROOT / "tests/cases/valid").glob("*.toml"))
DESIGNS = [
    "norrkoping",
    "norrkoping@window_3y@cap_8_a_year",
    "norrkoping@guarantee_first_loss_at_risk",
    "reboot_west",
    "benchmark",
    *map(str, VALID),
    f"{ROOT}/tests/cases/valid/saving.toml@longer",
    f"{ROOT}/tests/cases/valid/saving.toml@randomised",
]


def reload(text):
    return scenario_from(parse_document(text, "resolved.toml"), (), (), "resolved")


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: Path(design).name)
def test_the_resolved_text_gives_the_same_scenario(design):
    scenario = load_scenario(design)
    text = to_toml(scenario)
    again = reload(text)
    assert again == scenario
    assert scenario_hash(again) == scenario_hash(scenario)
    assert to_toml(again) == text


def test_defaults_are_spelled_out():
    text = to_toml(load_scenario("benchmark"))
    for line in (
        'paid = "after evaluation"',
        'payer = "outcome_payer"',
        'object = "drawn"',
        "profile = [1.0]",
        'quantity = "saving"',
        'cohorts = ["c0", "c1", "c2", "c3", "c4"]',
    ):
        assert line in text
    assert load_scenario(VALID[0].with_name("odd_writing.toml")).metrics["work"].at == "1 year"


def test_texts_survive_their_quoting():
    scenario = load_scenario(VALID[0].with_name("odd_writing.toml"))
    assert scenario.title == {"sv": "Flera\nrader", "en": 'a "quoted" # word'}
    assert scenario.description == {"en": 'å and " and \\'}
    odd = scenario.model_copy(update={"title": {"en": "tab\t, bell\x07, delete\x7f, “å” 🙂"}})
    assert reload(to_toml(odd)).title == odd.title


def shuffled(text, seed):
    """The file with its tables in another order; what stands before the first stays first."""
    head, *tables = re.split(r"(?m)^(?=\[)", text)
    random.Random(seed).shuffle(tables)
    return head + "\n" + "\n".join(tables)


@pytest.mark.parametrize("name", ["norrkoping", "reboot_west", "benchmark"])
def test_the_order_of_tables_changes_nothing(name):
    text = (ROOT / "scenarios" / f"{name}.toml").read_text(encoding="utf-8")
    first = scenario_from(parse_document(text, "a.toml"), (), (), "s")
    for seed in range(5):
        document = parse_document(shuffled(text, seed), "b.toml")
        assert list(document.tree) != list(parse_document(text, "a.toml").tree)
        other = scenario_from(document, (), (), "s")
        assert other == first
        assert scenario_hash(other) == scenario_hash(first)
        assert to_toml(other) == to_toml(first)


def hash_of(text):
    return scenario_hash(reload(text))


def test_the_hash_knows_content_from_writing():
    text = VALID[0].with_name("rate_card.toml").read_text(encoding="utf-8")
    first = hash_of(text)
    assert re.fullmatch("[0-9a-f]{64}", first)
    same = {
        "another file name": text,
        "white space": text.replace(" = ", "   =  ").replace("\n\n", "\n# words\n\n\n"),
        "a decimal point": text.replace("per_year = 0.02", "per_year = 2e-2"),
        "whole or not": text.replace("price = 500", "price = 500.0"),
        "a table for a number": text.replace("price = 500", "price = { value = 500 }"),
        "a default": text.replace("[metrics.work]", '[metrics.work]\nprofile = [1]\nat = "1 year"'),
    }
    for what, other in same.items():
        assert other != text or what == "another file name"
        assert hash_of(other) == first, what
    changed = {
        "a number": text.replace("price = 500", "price = 501"),
        "a source": text.replace("A trial, 2018", "A trial, 2019"),
        "a word": text.replace('better = "higher"', 'better = "lower"'),
        "a title": text.replace("A rate card", "A tariff"),
    }
    hashes = {first, *(hash_of(other) for other in changed.values())}
    assert len(hashes) == 5


def test_a_variant_has_a_hash_of_its_own():
    file = VALID[0].with_name("saving.toml")
    assert scenario_hash(load_scenario(file)) != scenario_hash(load_scenario(f"{file}@longer"))


def test_names_in_order_are_those_of_the_resolved_file():
    scenario = load_scenario("norrkoping")
    ordered = in_order(scenario)
    assert list(scenario.metrics) != sorted(scenario.metrics)
    assert list(ordered.metrics) == sorted(scenario.metrics)
    assert ordered == scenario
    assert ordered.model_fields_set == scenario.model_fields_set
    assert to_toml(ordered) == to_toml(scenario)
    assert in_order(ordered) is ordered
