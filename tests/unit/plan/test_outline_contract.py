"""The contract in the plan: terms, tests, payers, order, classes, events, as the words say them."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.plan.build import build
from simulator.plan.outline import outline
from simulator.plan.outline_contract import contract_outline
from simulator.scenario.document import parse_document
from simulator.scenario.load import load_scenario
from simulator.scenario.model import Scenario
from simulator.views.numbers import LANGUAGES
from simulator.views.plan import plan_lines
from tests.shelf import contracts

ROOT = Path(__file__).parents[3]
FILES = sorted(
    path
    for folder in ("scenarios", "tests/cases/valid", "tests/cases/language")
    for path in contracts(ROOT / folder)
)


def parsed(file, old="", new=""):
    """The scenario as it is written, whether or not the engine computes all its words."""
    text = (ROOT / file).read_text(encoding="utf-8").replace(old, new)
    return Scenario.model_validate(parse_document(text, str(file)).tree)


@pytest.fixture(scope="module")
def placements():
    scenario = parsed("tests/cases/language/placements.toml")
    return contract_outline(scenario, build(scenario, 1))


@pytest.fixture(scope="module")
def bond():
    scenario = parsed("tests/cases/language/bond.toml")
    return contract_outline(scenario, build(scenario, 1))


def test_a_claim_has_its_terms_tests_and_payers(placements):
    claims = {claim["payment"]: claim for claim in placements["claims"]}
    started = claims["started"]
    assert started["terms"] == ["bands", "less started", "at_least", "rounded"]
    assert started["payers"] == {"outcome_payer": 0.75, "region": 0.25}
    assert (started["limit"], started["principal"]) == (True, False)
    school = claims["school"]
    assert school["conditions"] == ["effect", "saving"]
    assert school["tests"] == [["significant"], ["paid"]]
    assert claims["saving"]["principal"] is True
    assert claims["compensation"]["if_terminated"] == "only then"
    assert claims["compensation"]["kind"] == "activity payment"


def test_payments_are_evaluated_after_those_that_they_read(placements):
    # `school` tests whether `saving` has paid, which comes before it by name anyway
    assert placements["order"] == ["compensation", "saving", "school", "started"]
    # tested on `started` instead, it waits for that one
    tested = ('payment = "saving"', 'payment = "started"')
    scenario = parsed("tests/cases/language/placements.toml", *tested)
    plan = outline(scenario, build(scenario, 1), 4096)
    assert plan["order"] == ["compensation", "saving", "started", "school"]
    said = " ".join(plan_lines(plan, scenario, "en", 1000))
    assert "in the order compensation, saving, started, school" in said


def test_events_have_what_decides_them(placements):
    events = {event["event"]: event for event in placements["events"]}
    assert list(events) == sorted(events)
    assert events["withdrawal"]["decided"] == "hazard"
    assert (events["withdrawal"]["from"], events["withdrawal"]["to"]) == (
        "2026-10-01",
        "2028-12-31",
    )
    assert (events["interim"]["decided"], events["interim"]["reads"]) == ("result", ["effect"])
    assert (events["dated"]["decided"], events["dated"]["date"]) == ("chance", "2028-01-01")
    assert events["late"]["stream"] == "events.late"


def test_limits_are_all_there(placements, bond):
    assert placements["limits"] == [
        {"limit": "multiple", "value": 1.3},
        {"limit": "per_period", "value": 6_000_000},
        {"limit": "per_service_user", "value": 800_000},
    ]
    assert bond["limits"] == [
        {"limit": "total", "value": 45_000_000},
        {"limit": "annual_return", "value": 0.07, "form": "simple"},
    ]


def test_classes_stand_in_the_order_of_the_waterfall_and_grants_last(bond):
    assert [(c["class"], c["kind"], c["rank"]) for c in bond["classes"]] == [
        ("senior_bank", "loan", 1),
        ("investor", "loan", 2),
        ("service_provider", "own fee", 3),
        ("foundation", "grant", None),
    ]
    assert [g["trigger"] for g in bond["guarantees"]] == ["either", "completion", "completion"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_plan_of_every_scenario_is_said_in_both_languages(file):
    in_language = file.parent.name == "language"
    scenario = parsed(file) if in_language else load_scenario(file)
    plan = outline(scenario, build(scenario, 1), 4096)
    said = {lang: plan_lines(plan, scenario, lang, 100_000) for lang in LANGUAGES}
    assert all(said.values())
    for text in ("\n".join(lines) for lines in said.values()):
        assert "None" not in text
        assert "plan." not in text
        for name in (*scenario.payments, *scenario.events, *scenario.guarantees):
            assert name in text
        for name in scenario.capital.classes if scenario.capital else ():
            assert name in text
