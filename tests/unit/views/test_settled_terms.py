"""Every term, level and condition of a settlement has words in both languages."""

from __future__ import annotations

import re

import pytest

from simulator.api import load_scenario, settle
from simulator.views.language import Language
from simulator.views.report.settlement import Origin, render_settlement
from simulator.views.settled import Titles, _condition
from simulator.views.settled_sums import class_sums
from simulator.views.settled_terms import term_text
from simulator.views.settled_units import shares_in
from simulator.views.statement import settlement_lines
from simulator.views.words.names import within
from tests.worked.deal import DEAL

DATA = {"scenario": {"titles": {"measures": {"rate": {"en": "the rate", "sv": "andelen"}}}}}
TERMS = [
    ("times", "rate", "times the rate"),
    ("times", "capital_drawn", "times the capital drawn"),
    ("less", "paid", "less what has been paid so far"),
    ("less", "capital_outstanding", "less the capital outstanding"),
    ("compounded", {"value": 3.0}, "with interest on interest over 3 years"),
    ("rounded", {"to": {"value": 100.0}, "rule": "down"}, "rounded down to a whole 100"),
    ("rounded", {"to": 100.0}, "rounded to the nearest whole 100"),
    ("own_limit", 40.0, "all of this payment together at most 40"),
    ("at_most", {"by_year": [10.0, 20.0]}, "at most by contract year: 10, 20"),
    ("at_most", {"of_outstanding": 0.5}, "at most 50% of the capital outstanding"),
    (
        "at_most",
        {"by_drawn": [[0.0, 10.0], [100.0, 20.0]]},
        "at most by capital drawn: 0: 10; 100: 20",
    ),
    ("limit.per_period", 50.0, "at most 50 at any one time"),
    ("limit.per_service_user", 5.0, "at most 5 for each service user who enrolled"),
    (
        "until_repaid",
        {"interest": 0.05, "share": 0.5, "then": 0.2},
        "50% until what was drawn is repaid with 5% a year, then 20%",
    ),
]


def titles(lang):
    return Titles(DATA, Language(lang, "EUR"))


@pytest.mark.parametrize(("term", "level", "said"), TERMS)
def test_terms_in_english(term, level, said):
    assert term_text({"term": term, "level": level}, {}, titles("en")).replace(" %", "%") == said


@pytest.mark.parametrize(("term", "level", "said"), TERMS)
def test_terms_in_swedish(term, level, said):
    swedish = term_text({"term": term, "level": level}, {}, titles("sv"))
    assert swedish
    assert swedish != said


@pytest.mark.parametrize("lang", ["en", "sv"])
@pytest.mark.parametrize("test", ["paid", "not_paid", "significant", "at_least", "below"])
def test_conditions(lang, test):
    condition = {"test": test, "measure": "rate", "value": 1.25, "level": 1.96, "holds": False}
    assert "1" in _condition(condition, titles(lang))


def test_a_condition_on_a_payment_says_which_way_it_goes():
    data = {"scenario": {"titles": {"payments": {"by_cohort": {"en": "Payment by group"}}}}}
    condition = {"test": "not_paid", "measure": "by_cohort", "value": 0.0, "holds": True}
    said = _condition(condition, Titles(data, Language("en", "EUR")))
    assert said == "condition: nothing has been paid under Payment by group (0): holds"
    said = _condition(
        {**condition, "test": "paid", "holds": False}, Titles(data, Language("en", "EUR"))
    )
    assert said.startswith(
        "condition: something has been paid under Payment by group (0): does not"
    )


@pytest.mark.parametrize(
    ("saving", "who"), [(30, "from {payer} to {payee}"), (-30, "from {payee} to {payer}")]
)
def test_what_is_paid_back_is_said_the_right_way_round(saving, who):
    scenario = load_scenario(DEAL)
    data = settle(scenario, {"drawn": 150, "measures": {"saving": saving}}).to_dict()
    title = {name: party.title["en"] for name, party in scenario.parties.items()}
    inside = {name: within(said, Language("en")) for name, said in title.items()}
    said = who.format(payer=inside["outcome_payer"], payee=inside["investor"])
    text = " ".join(" ".join(settlement_lines(data, "en")).split())
    page = render_settlement(data, scenario, Origin("0"), "en")
    both = (title["outcome_payer"], title["investor"])
    rows = [re.findall(r">([^<>]+)</t[dh]>", row) for row in page.split("</tr>")]
    (row,) = (row for row in rows if set(both) <= set(row))
    assert said in text
    assert [name for name in row if name in both] == list(both if saving > 0 else both[::-1])
    assert not any("−30" in cell for cell in row)


SHARE = {"scenario": {"shares": ["rate"]}}
TABLE = {"points": [[0.05, 0.08], [0.2, 0.15]], "form": "stepped"}


def units(*words):
    line = {"inputs": {"rate": 0.24}, "words": [{"term": t, "level": at} for t, at in words]}
    return shares_in(line, Titles(SHARE, Language("en", "AUD")))


def test_a_table_of_rates_gives_a_share_until_capital_multiplies_it():
    """24 % → 15 % → 1.15⁵ → money; a price that nothing multiplies is money at once."""
    found = units(("table", TABLE), ("compounded", 5), ("times", "capital_drawn"))
    assert found == [(True, True), (True, False), (False, False)]
    assert units(("above", 0.1), ("price", 1e6), ("at_most", 5e4)) == [
        (True, True),
        (True, False),
        (False, False),
    ]


@pytest.mark.parametrize(
    ("word", "lang", "said"),
    [
        (("table", TABLE), "en", "table, step by step: 8% from 5%, 15% from 20%"),
        (("table", TABLE), "sv", "tabell, stegvis: 8 % från 5 %, 15 % från 20 %"),
        (("at_most", 0.3), "en", "at most 30%"),
        (("price", 4 / 3), "en", "price for a percentage point 1.333333%"),
    ],
)
def test_levels_stand_in_the_units_of_what_meets_them(word, lang, said):
    term, level = word
    found = term_text({"term": term, "level": level}, {}, titles(lang), share=True, rate=True)
    assert found.replace("\u00a0", " ") == said


def test_every_point_of_an_interpolated_table_in_money():
    level = {"points": [[0.0, 0.0], [10.0, 500.0]], "form": "interpolated"}
    said = term_text({"term": "table", "level": level}, {}, titles("en"))
    assert said == "table, straight lines between: 0 at 0, 500 at 10"


@pytest.fixture(scope="module")
def bond():
    return settle(load_scenario("benevolent_society")).to_dict()


def test_each_class_is_told_with_what_it_puts_in_and_receives(bond):
    """2.5 M × 1.15⁵ = 5,028,392.97 and 7.5 M × 1.07⁵ = 10,519,137.98 (the bond's two classes)."""
    rows = class_sums(bond, Titles(bond, Language("en", "AUD")))
    assert rows == [
        ("Class E (principal at risk)", "2,500,000", "5,028,392.97", "2,528,392.97"),
        ("Class P (principal protected)", "7,500,000", "10,519,137.98", "3,019,137.98"),
    ]
    text = "\n".join(settlement_lines(bond, "en"))
    assert "times the capital drawn, 2,500,000" in text
    assert "15% from 20%" in text


def test_one_investor_has_no_table_of_classes():
    alone = settle(load_scenario("norrkoping")).to_dict()
    assert class_sums(alone, Titles(alone, Language("en"))) == []


def test_levels_of_the_capital_drawn_are_told_in_money():
    """Drawn 7.5 M: 60 % of it is 4.5 M, 20 % is 1.5 M."""
    alone = settle(load_scenario("norrkoping")).to_dict()
    lines = [" ".join(line.split()) for line in settlement_lines(alone, "en")]
    assert "at most 60% of the capital drawn, 4,500,000 0" in lines
    assert "at most 20% of the capital drawn, 1,500,000 0" in lines


def test_everybody_who_pays_or_is_paid_signs(bond):
    page = render_settlement(bond, load_scenario("benevolent_society"), Origin("1"), "en")
    signatures = page.split('id="signatures"')[1]
    for name in ("Class E", "Class P", "New South Wales Government", "evaluator"):
        assert name in signatures
    assert "What each investor puts in and receives, in AUD" in page


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_party_that_is_a_common_noun_has_no_capital_inside_a_sentence(lang):
    paid = settle(load_scenario("two_regions_bond")).to_dict()
    text = " ".join(" ".join(settlement_lines(paid, lang)).split())
    assert " from The " not in text and " to The " not in text and "till Obligationens" not in text
    assert ("till obligationens ägare" if lang == "sv" else "to the bondholders") in text
