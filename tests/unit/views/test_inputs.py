"""Inputs in words: every key of every shipped scenario has a name and a value in its unit."""

from __future__ import annotations

import pytest

from simulator.analysis.compare import prepare
from simulator.analysis.designs import Assumptions, Shelf
from simulator.analysis.inputs import differing_inputs, flattened, leaves
from simulator.scenario.find import shipped
from simulator.scenario.load import load_scenario
from simulator.scenario.numbers import Number
from simulator.scenario.plain import text_of
from simulator.views.assumptions import named_field, value_in_words, what
from simulator.views.inputs import design_matrix, every_input
from simulator.views.language import Language
from simulator.views.speaking import language_of_scenario
from simulator.views.words.names import Names, within

NAMES = [scenario.name for scenario in shipped()]
BY_NAME = {"payer", "of", "loadings", "start", "monthly", "effect", "per_month"}
"""Tables whose keys are names of the scenario, not words of the language."""


def plain(text):
    return text.replace("\u00a0", " ")


def differing(*designs):
    made = prepare(designs, Shelf((), lambda _: 0.1), Assumptions())
    return differing_inputs(made), [design.base for design in made]


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_every_key_has_a_name_and_a_value_in_words(name, lang):
    scenario = load_scenario(name)
    names = Names(scenario, language_of_scenario(scenario, lang))
    for path, value in leaves(scenario):
        words = tuple(str(part + 1) if isinstance(part, int) else part for part in path)
        kinds = [part for part in words if not part.isdigit()]
        if not BY_NAME & set(kinds[:-1]):
            assert named_field(words, names.language), words
        number = value if isinstance(value, Number) else None
        said = value_in_words(words, number, text_of(value), names)
        assert said and "None" not in said, words
        if isinstance(value, bool):
            assert said in ("ja", "nej", "yes", "no"), words
        assert what(words, names), words


def test_a_number_is_one_value_however_it_is_written():
    """`0.4` and a table with value, grade and source are the same input."""
    bare = load_scenario("norrkoping", overrides=("capital.commitment=10_000_000",))
    assert flattened(bare) == flattened(load_scenario("norrkoping"))
    assert flattened(bare)["capital.commitment"] == "10000000"
    assert flattened(bare)["payments.savings_share.terms.1.share"] == "0.6"


def test_no_row_is_empty_and_nothing_beside_the_inputs_is_told():
    rows, _ = differing("norrkoping", "health_bond")
    assert all(value != "" for row in rows for value in row["values"].values())
    assert not [row["key"] for row in rows if row["key"].split(".")[-1] in ("source", "grade")]
    assert "limits" not in [row["key"] for row in rows]


def test_a_price_that_is_a_rate_of_the_capital_is_said_as_a_rate():
    """The rate is multiplied by the capital drawn: 4/3 for each whole is 1.33 % for each point."""
    rows, scenarios = differing("norrkoping", "health_bond")
    groups = every_input(rows, scenarios, Language("en", "SEK", "payer"))
    said = {row.key: row.values for group in groups for row in group.rows}
    assert said["payments.variable.terms.2.price"] == (None, "1.333333% per percentage point")
    assert len(said) == len(rows)


def test_a_thing_that_all_have_is_told_by_key_and_one_that_some_have_in_a_sentence():
    rows, scenarios = differing("norrkoping", "norrkoping@window_3y", "norrkoping@guarantee_floor")
    groups = design_matrix(rows, scenarios, Language("en"))
    told = {row.key: row for group in groups for row in group.rows}
    assert set(told) == {"measures.saving.window", "guarantees.state", "parties.guarantor"}
    window = tuple(plain(value) for value in told["measures.saving.window"].values)
    assert window == ("2 years", "3 years", "2 years")
    first, second, floor = told["guarantees.state"].values
    assert first is None and second is None
    assert floor.startswith("The state shall top up")


def test_a_longer_group_is_cut_and_what_is_left_out_is_kept_by_name():
    rows, scenarios = differing("norrkoping", "health_bond")
    groups = design_matrix(rows, scenarios, Language("en"), most=3)
    assert all(len(group.rows) <= 4 for group in groups[1:])  # all parties are told
    cut = [group for group in groups if group.rest]
    assert cut and all(len(group.rows) == 3 for group in cut)
    whole = design_matrix(rows, scenarios, Language("en"), most=1000)
    assert [len(g.rows) + len(g.rest) for g in groups] == [len(g.rows) for g in whole]


@pytest.mark.parametrize(
    ("lang", "title", "inside"),
    [
        ("en", "The region", "the region"),
        ("en", "Norrköping municipality", "Norrköping municipality"),
        ("sv", "Staten (sjukförsäkringen)", "staten (sjukförsäkringen)"),
        ("sv", "Norrköpings kommun", "Norrköpings kommun"),
        ("sv", "Region Stockholm", "Region Stockholm"),
    ],
)
def test_a_common_noun_has_no_capital_inside_a_sentence(lang, title, inside):
    assert within(title, Language(lang)) == inside
