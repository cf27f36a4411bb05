"""Shipped evidence and base rates: told before and after, and what a base rate says nothing of."""

import json
import math

import pytest
from click.testing import CliRunner
from scipy.optimize import brentq

from simulator.cli.app import main
from simulator.scenario.load import load_scenario
from simulator.scenario.numbers_of import assumptions
from simulator.scenario.resolved import to_toml
from simulator.scenario.weighed import evidence
from simulator.views.report.chapters.assumptions import assumptions_chapter
from simulator.views.report.municipality.basis import basis_section
from simulator.views.report.source import Run, Told
from simulator.views.workbook.contract import assumptions_sheet
from tests.unit.views.page import PROVENANCE
from tests.unit.views.run import simulated

CAVEAT = {
    "en": "prior for delivery, not for impact: achieved ÷ target is gross of deadweight",
    "sv": "utgångspunkt för genomförandet, inte för effekten: uppnått ÷ mål är brutto",
}
KEY = "cohorts.people.enrolment.reached"
# Published: 58 (30–70), 58 (48–66), 38 (14–56), 29 (21–37) per cent less risk, as ratios; of the
# Finnish one, which is lopsided, the interval's width gives the error.
TRIALS = [(0.42, 0.30, 0.70), (0.42, 0.34, 0.52), (0.62, 0.44, 0.86), (0.71, 0.63, 0.79)]


def shown(*arguments: str) -> str:
    outcome = CliRunner().invoke(main, ["show", *arguments])
    assert outcome.exit_code == 0, outcome.output
    return " ".join(outcome.output.replace("#", " ").split())


def test_the_health_bonds_effect_is_its_four_trials_less_what_is_taken_off():
    logs = [math.log(ratio) for ratio, _, _ in TRIALS]
    errors = [(math.log(high) - math.log(low)) / 3.92 for _, low, high in TRIALS]

    def pooled(between: float) -> tuple[float, float]:
        weights = [1 / (error**2 + between**2) for error in errors]
        middle = sum(w * x for w, x in zip(weights, logs, strict=True)) / sum(weights)
        spread = sum(w * (x - middle) ** 2 for w, x in zip(weights, logs, strict=True))
        return middle, spread - 3  # Paule and Mandel: the spread is its degrees of freedom

    middle = pooled(brentq(lambda sd: pooled(sd)[1], 0.01, 2.0))[0]
    found = evidence(load_scenario("region_stockholm"))["metrics.diabetes.effect.ratio"]
    stages = {row.stage: row.p50 for row in found.stages}
    assert stages["reported"] == pytest.approx(math.exp(middle), rel=1e-3)
    assert stages["drawn"] == pytest.approx(math.exp(middle * 0.6 * 0.9), rel=1e-3)


@pytest.mark.parametrize(
    ("lang", "before"), [("en", "As reported, one"), ("sv", "Som rapporterat, en")]
)
def test_show_tells_the_evidence_before_and_after(lang: str, before: str):
    text = shown("region_stockholm", "--lang", lang)
    assert before in text
    assert text.index(before) < text.index(
        {"en": "What the simulation draws", "sv": "Vad simuleringen drar"}[lang]
    )


@pytest.mark.parametrize("lang", ["en", "sv"])
@pytest.mark.parametrize("form", [(), ("--sources",)])
def test_show_says_what_a_base_rate_is_not(lang: str, form: tuple[str, ...]):
    assert CAVEAT[lang] in shown("uk_contract@as_delivered", "--lang", lang, *form)
    assert CAVEAT[lang] not in shown("uk_contract", "--lang", lang, *form)


def test_the_json_of_show_says_it_too():
    rows = json.loads(
        CliRunner()
        .invoke(main, ["show", "uk_contract@as_delivered", "--sources", "--json", "--lang", "en"])
        .output
    )["assumptions"]
    assert [row["key"] for row in rows if CAVEAT["en"] in row.get("caveat", "")] == [KEY]


def test_the_resolved_file_says_it():
    text = to_toml(load_scenario("uk_contract@as_delivered"))
    assert f"# base rate for {KEY}: a prior for delivery, not for impact (" in text
    assert "# base rate" not in to_toml(load_scenario("uk_contract"))


@pytest.mark.parametrize("lang", ["en", "sv"])
def test_the_reports_and_the_workbook_say_it(lang: str):
    scenario = load_scenario("uk_contract@as_delivered")
    run = Run(*simulated(scenario, paths=200), assumptions(scenario), PROVENANCE)
    told = Told(run, lang)
    (row,) = [row for row in told.rows if row.key == KEY]
    assert CAVEAT[lang] in row.note
    assert CAVEAT[lang] in str(assumptions_chapter(told).paragraphs)
    assert CAVEAT[lang] in str(basis_section(told))
    assert CAVEAT[lang] in str(assumptions_sheet(told))
