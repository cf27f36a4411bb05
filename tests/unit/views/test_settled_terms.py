"""Every term, level and condition of a settlement has words in both languages."""

from __future__ import annotations

import re

import pytest

from simulator.api import load_scenario, settle
from simulator.views.language import Language
from simulator.views.report.settlement import Origin, render_settlement
from simulator.views.settled import Titles, _condition, _term
from simulator.views.statement import settlement_lines
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
    assert _term({"term": term, "level": level}, {}, titles("en")).replace(" %", "%") == said


@pytest.mark.parametrize(("term", "level", "said"), TERMS)
def test_terms_in_swedish(term, level, said):
    swedish = _term({"term": term, "level": level}, {}, titles("sv"))
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
    said = who.format(payer=title["outcome_payer"], payee=title["investor"])
    text = " ".join(" ".join(settlement_lines(data, "en")).split())
    page = render_settlement(data, scenario, Origin("0"), "en")
    both = (title["outcome_payer"], title["investor"])
    rows = [re.findall(r">([^<>]+)</t[dh]>", row) for row in page.split("</tr>")]
    (row,) = (row for row in rows if set(both) <= set(row))
    assert said in text
    assert [name for name in row if name in both] == list(both if saving > 0 else both[::-1])
    assert not any("−30" in cell for cell in row)
