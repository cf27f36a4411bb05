"""Every contract that can be written can be settled and read, in both languages, in every form."""

import json
import re
from pathlib import Path

import pytest

from simulator.scenario.load import load_scenario
from simulator.settlement.statement import settle
from simulator.views.numbers import LANGUAGES
from simulator.views.report.settlement import Origin, render_settlement
from simulator.views.statement import settlement_lines
from simulator.views.words.conditions import given_conditions
from tests.shelf import contracts

ROOT = Path(__file__).parents[3]
FOLDERS = ("scenarios", "tests/cases/valid", "tests/cases/language")
FILES = sorted(path for folder in FOLDERS for path in contracts(ROOT / folder))
SETTLED = [path for path in FILES if load_scenario(path).realised is not None]
SMALL = {"count": 2, "rate": 0.3, "effect": 1, "effect per user": 0.1, "relative effect": 0.1}
# A key of a text, of a term or of a figure that was left as it is in the program.
RAW = re.compile(
    r"\b(statement|word|level|term|limit|own_limit|capital_drawn|per_service_user)[._]"
)


def results_of(scenario):
    """A small result for each measure, by cohort and period where a payment asks for it."""
    measures = {}
    for name, measure in scenario.measures.items():
        reading = [
            payment
            for payment in scenario.payments.values()
            if name in (payment.of, *(payment.of if isinstance(payment.of, dict) else ()))
            or any(term.times == name for term in payment.terms)
            or any(each.measure == name for each in given_conditions(payment.when))
        ]
        value = SMALL.get(measure.quantity or "saving", 100_000)
        value = [value] if any(p.per == "period" for p in reading) else value
        cohorts = measure.cohorts or list(scenario.cohorts)
        by_cohort = any(p.per == "cohort" for p in reading)
        measures[name] = dict.fromkeys(cohorts, value) if by_cohort else value
    capital = scenario.capital
    drawn = {"drawn": 0.5 * capital.commitment.value} if capital else {}
    return {**drawn, "measures": measures}


def read(scenario, results):
    """The statement as text and page in both languages; its data are JSON."""
    data = settle(scenario, results).to_dict()
    assert json.loads(json.dumps(data)) == data
    for lang in LANGUAGES:
        text = "\n".join(settlement_lines(data, lang))
        page = render_settlement(data, scenario, Origin("0"), lang)
        said = re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL)
        for each in (text, said):
            assert RAW.search(each) is None, RAW.search(each)
            assert re.search(r"None(?! of)", each) is None  # a sentence may begin with "None of"
            assert "nan" not in each.split()
        assert len(text.splitlines()) > 5
    return data["settlement"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_statement_of_any_result_is_read_in_both_languages(file):
    scenario = load_scenario(file)
    settled = read(scenario, results_of(scenario))
    paid = {line["name"] for line in settled["lines"] if line["kind"] not in ("limit", "guarantee")}
    # what is owed on an early end only is no claim where nothing ended early
    early = {name for name, p in scenario.payments.items() if p.if_terminated == "only then"}
    assert paid - early == set(scenario.payments) - early


@pytest.mark.parametrize("file", SETTLED, ids=lambda file: file.stem)
def test_a_statement_of_what_happened_is_read_in_both_languages(file):
    scenario = load_scenario(file)
    assert read(scenario, None)["basis"] == "as signed"
