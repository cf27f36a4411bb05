"""Evidence as readers meet it: before and after, in both languages, in show and in the report."""

import json
import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from simulator.errors import ScenarioError
from simulator.scenario.evidence import Evidence
from simulator.scenario.load import load_scenario
from simulator.scenario.numbers import Number
from simulator.scenario.numbers_of import assumptions
from simulator.scenario.resolved import scenario_hash, to_toml
from simulator.scenario.weighed import evidence
from simulator.views import report
from simulator.views.assumptions import assumption_rows
from simulator.views.language import Language
from simulator.views.report import render_report
from simulator.views.report.investor.evidence import effect_rows, evidence_section, people
from simulator.views.report.municipality.basis import plain_value
from simulator.views.report.municipality.studies import study_sentences
from simulator.views.report.parts import Table
from simulator.views.report.source import Told
from simulator.views.speaking import language_of_scenario
from simulator.views.studies import evidence_by_key, evidence_sections, rests
from simulator.views.terminal import sources_lines
from simulator.views.words.evidence import evidence_lines, told_evidence
from simulator.views.words.names import Names
from tests.unit.views.page import read, source
from tests.unit.views.run import contract, simulated

HEAD = """
title = "A test"
currency = "SEK"
[time]
start = 2020-01-01
period = "year"
horizon = "6 years"
[parties]
outcome_payer = "Town"
[cohorts.all]
service_users = 10
[metrics.work]
kind = "binary"
better = "higher"
baseline = 0.2
"""
POOLED = """
[sources]
trial = { title = "The trial of 2019" }
[metrics.work.effect.difference.evidence]
between = { sd = 0.04 }
by_design = { matched = { factor = 0.5, note = "weak" }, randomised = 1 }
haircuts = { optimism = { factor = 0.8, sd = 0.1 } }
[metrics.work.effect.difference.evidence.studies]
a = { estimate = 0.2, se = 0.03, design = "matched", source = "trial" }
[metrics.work.effect.difference.evidence.studies.b]
treated = { events = 40, of = 100 }
comparison = { events = 30, of = 100 }
design = "randomised"
"""


def loaded(tmp_path, words, *overrides):
    file = tmp_path / "one.toml"
    file.write_text(HEAD + words, encoding="utf-8")
    return load_scenario(file, overrides=list(overrides))


def effect(**more):
    study = "{ one = { estimate = 0.8, interval = [0.64, 1.0], level = 0.95 } }"
    rest = "".join(f", {key} = {value}" for key, value in more.items())
    return f"effect = {{ ratio = {{ evidence = {{ studies = {study}{rest} }} }} }}\n"


def sentences(scenario, lang):
    (section,) = evidence_sections(scenario, lang)
    return list(section.sentences)


def test_figures_by_stage_are_those_of_the_fit(tmp_path):
    # after design: 0.1 ± 0.015 and 0.1 ± 0.0671; as both are 0.1 the mean is 0.1, times 0.8
    found = evidence(loaded(tmp_path, POOLED))["metrics.work.effect.difference"]
    assert [row.stage for row in found.stages] == [
        "mean over sites", "reported", "after design", "drawn",
    ]  # fmt: skip
    assert found.stages[2].mean == pytest.approx(0.1)
    assert found.stages[3].mean == found.stages[3].p50 == pytest.approx(0.08)
    mean, reported = found.stages[:2]
    assert mean.p50 == reported.p50
    assert mean.p95 - mean.p5 < reported.p95 - reported.p5
    assert sum(study.share for study in found.studies) == pytest.approx(1.0)
    assert found.studies[1].estimate == pytest.approx(0.1)


def test_a_study_is_told_with_what_is_left_of_it(tmp_path):
    said = sentences(loaded(tmp_path, POOLED), "en")
    assert (
        "Study a (matched comparison): 20.0\u00a0percentage points (95% interval 14.1 to 25.9); "
        "reported with standard error 3.00; 50% of the effect counted; 77% of the mean." in said
    )
    assert any(line.startswith("Study b (randomised): 10.0") for line in said)
    assert "Design “matched comparison”: 50% of the effect counted (weak)." in said
    assert "For optimism: 80% of the effect counted, give or take 10%." in said
    svenska = sentences(loaded(tmp_path, POOLED), "sv")
    assert "För överoptimism: 80 % av effekten räknas, med standardavvikelsen 10 %." in [
        line.replace("\u00a0", " ") for line in svenska
    ]


def test_nothing_taken_off_and_nothing_said_of_other_sites_is_told(tmp_path):
    said = sentences(loaded(tmp_path, effect()), "en")
    assert any(line.startswith("Nothing is taken off the reported effect") for line in said)
    assert any(
        line.startswith("The scenario says nothing of how much sites differ") for line in said
    )
    drawn = [line for line in said if line.startswith("What the simulation draws")]
    # σ = ln(1/0.64)/(2·1.96) = 0.11385: mean 0.8·e^(σ²/2) = 0.805; 0.8·e^(±1.6449σ)
    assert drawn == [
        "What the simulation draws, one new site as reported: mean 0.805; 5%, 50% and 95%: "
        "0.663, 0.800 and 0.965."
    ]


def test_a_stated_spread_of_nothing_is_told_as_such(tmp_path):
    said = sentences(loaded(tmp_path, effect(between="{ sd = 0 }")), "en")
    assert any(line.startswith("The scenario states that the truth is the same") for line in said)


@pytest.mark.parametrize(("studies", "weak"), [(2, True), (3, True), (4, False)])
def test_few_studies_are_told_to_be_weak(tmp_path, studies, weak):
    rows = "\n".join(
        f"s{i} = {{ estimate = {0.7 + 0.1 * i}, se_log = 0.05 }}" for i in range(studies)
    )
    words = (
        "[metrics.work.effect.ratio.evidence]\n"
        'between = { method = "Paule-Mandel" }\n'
        f"[metrics.work.effect.ratio.evidence.studies]\n{rows}\n"
    )
    for lang, start in (
        ("en", f"From {studies} studies the spread"),
        ("sv", f"Ur {studies} studier"),
    ):
        said = [line.replace("\u00a0", " ") for line in sentences(loaded(tmp_path, words), lang)]
        assert any(line.startswith(start) for line in said) == weak


def test_a_level_has_nothing_to_take_off(tmp_path):
    words = (
        'price = { evidence = { scale = "log level", studies = { one = { estimate = 5_000, '
        'interval = [4_000, 6_250], level = 0.95 } } } }\npocket = "p"\n'
        'effect = { difference = 0.1 }\n[pockets.p]\ntitle = "P"\ncashable = 1\n'
    )
    said = sentences(loaded(tmp_path, words), "en")
    assert not any("taken off" in line or "counted" in line for line in said)
    assert any("5,000\u00a0SEK" in line for line in said)


def test_the_list_of_sources_tells_it_under_the_number(tmp_path):
    scenario = loaded(tmp_path, POOLED)
    lines = sources_lines(assumptions(scenario), "en", evidence_by_key(scenario, "en"))
    place = next(i for i, line in enumerate(lines) if line.startswith("metrics.work.effect"))
    assert "from 2\u00a0studies: at a new site" in lines[place]
    assert lines[place + 1].startswith("    Study a (matched comparison): 20.0")


def test_a_source_of_a_study_is_written_out(tmp_path):
    scenario = loaded(tmp_path, POOLED)
    (entry,) = rests(Names(scenario, language_of_scenario(scenario, "en")))
    assert [study.source for study in entry.told.studies] == ["The trial of 2019", ""]


def test_the_resolved_file_gives_the_same_evidence_back(tmp_path):
    scenario = loaded(tmp_path, POOLED)
    again = tmp_path / "again.toml"
    again.write_text(to_toml(scenario), encoding="utf-8")
    loaded_again = load_scenario(again)
    assert scenario_hash(loaded_again) == scenario_hash(scenario)
    assert evidence(loaded_again) == evidence(scenario)
    text = again.read_text(encoding="utf-8")
    assert 'scale = "difference"' in text
    assert "# evidence for metrics.work.effect.difference: mean, 5 %, 50 % and 95 %" in text
    drawn = evidence(scenario)["metrics.work.effect.difference"].stages[-1]
    figures = (drawn.mean, drawn.p5, drawn.p50, drawn.p95)
    assert f"#   drawn: {'  '.join(f'{x:.4g}' for x in figures)}" in text


def test_one_key_of_a_study_can_be_set_and_another_form_replaces_it(tmp_path):
    key = "metrics.work.effect.difference.evidence"
    halved = evidence(loaded(tmp_path, POOLED, f"{key}.haircuts.optimism=0.4"))
    drawn = halved["metrics.work.effect.difference"].stages[-1]
    assert drawn.p50 == pytest.approx(0.04)
    other = loaded(
        tmp_path,
        POOLED,
        f"{key}.studies.a={{ treated = {{ events = 3, of = 9 }}, "
        'comparison = { events = 2, of = 9 }, design = "matched" }',
    )
    study = other.metrics["work"].effect.difference.evidence.studies["a"]
    assert (study.estimate, study.treated.events) == (None, 3)
    plain = loaded(tmp_path, POOLED, "metrics.work.effect.difference=0.1")
    assert plain.metrics["work"].effect.difference.value == 0.1
    assert evidence(plain) == {}


def test_a_study_with_an_unknown_source_is_refused(tmp_path):
    with pytest.raises(ScenarioError, match="unknown_trial"):
        loaded(tmp_path, POOLED.replace('"trial"', '"unknown_trial"'))


def test_every_way_to_state_evidence_has_its_words_in_both_languages():
    forms = {
        "difference": ({"estimate": -1.0, "se": 1.0},),
        "ratio": (
            {"estimate": 0.5, "se_log": 0.2},
            {"estimate": 0.5, "interval": [0.4, 0.625], "level": 0.9},
            {"estimate": 0.5, "interval": [0.4, 0.625], "level": 0.95},
        ),
        "odds ratio": ({"treated": {"events": 0, "of": 5}, "comparison": {"events": 2, "of": 5}},),
        "level": ({"group": {"events": 1, "of": 5}},),
        "log level": ({"estimate": 5.0, "se_log": 0.1},),
        "log odds": ({"group": {"events": 1, "of": 5}},),
    }  # fmt: skip
    spreads = (
        None,
        {"sd": 0.0},
        {"sd": 0.1},
        {"method": "Paule-Mandel"},
        {"method": "DerSimonian-Laird"},
    )
    for scale, studies in forms.items():
        for between in spreads:
            for study in studies:
                given = {"a": study, "b": study} if between else {"a": study}
                more = {"between": between} if between else {}
                made = Evidence.model_validate(
                    {"scale": scale, "studies": given, "continuity": 0.5, **more}
                )
                for lang in ("sv", "en"):
                    told = told_evidence(made, Language(lang), str, str)
                    lines = evidence_lines(told, Language(lang))
                    assert len(lines) >= 4
                    assert all(re.search(r"\w", line) and "{" not in line for line in lines)


def test_both_languages_name_the_same_designs_and_reasons():
    room = Path(__file__).parents[3] / "simulator" / "views" / "text"
    both = [json.loads((room / f"studies.{lang}.json").read_text("utf-8")) for lang in ("sv", "en")]
    assert list(both[0]) == list(both[1])


def test_a_fade_is_told_with_its_measurements_and_its_years(tmp_path):
    words = (
        "effect = { difference = 0.1 }\n"
        '[metrics.cost]\nkind = "amount"\nbetter = "lower"\nbaseline = 9\n'
        'spread = { law = "constant" }\neffect = { ratio = 0.8 }\n'
        '[metrics.cost.fade]\nmeasured = [{ at = "1 year", effect = 0.8 }, '
        '{ at = "3 years", effect = 0.92 }]\n'
        'before = "held"\nbetween = "straight"\nbeyond = "gone"\n'
    )
    scenario = loaded(tmp_path, words)
    told = {}
    for lang in ("en", "sv"):
        rows = assumption_rows(
            assumptions(scenario), Names(scenario, language_of_scenario(scenario, lang))
        )
        row = next(row for row in rows if row.key == "metrics.cost.fade")
        told[lang] = row.value.replace("\u00a0", " ")
    # years 2 and 3: (1 + 0.7)/2 and (0.7 + 0.4)/2 of the effect
    assert told["en"] == (
        "measured as 0.8 after 1 year and 0.92 after 3 years; before that as at the first age; "
        "in a straight line between; after that nothing; 100%, 85%, 55%, 0% of the effect in "
        "year 1, 2, …, then as in the last"
    )
    assert told["sv"].startswith("mätt till 0,8 efter 1 år och 0,92 efter 3 år; ")


# --- the reports --------------------------------------------------------------------------------

SMALL = """
[metrics.work.effect.difference.evidence]
between = { sd = 0.04 }
by_design = { matched = { factor = 0.5, note = "<b>weak</b>" }, randomised = 1 }
haircuts = { optimism = { factor = 0.8, sd = 0.1 } }
[metrics.work.effect.difference.evidence.studies]
a = { title = "<script>alert(1)</script>", estimate = 0.2, se = 0.03, design = "matched" }
[metrics.work.effect.difference.evidence.studies.b]
treated = { events = 40, of = 100 }
comparison = { events = 30, of = 100 }
design = "randomised"
"""


@cache
def report_run():
    """The small contract of the views' tests, with an effect that rests on two studies."""
    made = contract(SMALL, **{"effect = { difference = 0.1 }": ""})
    return source(simulated(made, 300))


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_investors_chapter_shows_studies_and_stages(lang):
    section = evidence_section(Told(report_run(), lang))
    studies, stages = [part for part in section.parts if isinstance(part, Table)][1:3]
    # weights 1/(0.015² + 0.04²) and 1/(0.0045 + 0.04²): 77 and 23 %
    shares = [row.cells[4].replace("\u00a0", "") for row in studies.rows]
    assert shares == ["77%", "23%"]
    assert {"sv": "procentenheter", "en": "percentage points"}[lang] in stages.caption
    # the figures of the first test: 10 points after design, 8 drawn
    assert [row.cells[1].replace(",", ".") for row in stages.rows][2:] == ["10.0", "8.00"]
    assert [row.kind for row in stages.rows] == ["", "", "", "total"]


def test_the_people_behind_an_effect_are_those_of_its_studies():
    (row,) = [n for r, n in effect_rows(Told(report_run(), "en")) if "difference" in r.key]
    assert row is None  # study a does not say how many it had
    evidence_of_two = Number.model_validate(
        {
            "evidence": {
                "scale": "log odds",
                "studies": {
                    "a": {"group": {"events": 1, "of": 7}},
                    "b": {"group": {"events": 2, "of": 9}},
                },
            }
        }
    )
    assert people(evidence_of_two) == 16


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_titles_and_notes_of_studies_are_shown_as_text(lang):
    page = read(render_report(report_run(), "investor", lang))
    assert "<script>alert(1)</script>" in page.text
    assert "<b>weak</b>" in page.text


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("sv", "8 procentenheter, för det mesta"),
        ("en", "8 percentage points, mostly"),
    ],
)
def test_the_council_paper_says_it_without_the_words_of_statistics(lang, said):
    told = Told(report_run(), lang)
    number = told.scenario.metrics["work"].effect.difference
    assert plain_value(number, "points", told).replace("\u00a0", " ").startswith(said)


@pytest.mark.parametrize(
    ("lang", "reported", "drawn", "few"),
    [
        ("sv", "tyder sammantaget på", "räknar kalkylen med 8 procentenheter", "Så få studier"),
        ("en", "taken together point to", "8 percentage points is counted on", "So few studies"),
    ],
)
def test_the_council_is_told_what_studies_say_and_what_is_counted_on(lang, reported, drawn, few):
    told = Told(report_run(), lang)
    (said,) = [line.replace("\u00a0", " ") for line in study_sentences(told, {"work"})]
    assert reported in said and drawn in said
    assert few not in said  # the spread between sites is stated, not estimated
    assert study_sentences(told, {"cost"}) == []


def test_the_council_is_told_where_nothing_is_taken_off_and_where_studies_are_few(tmp_path):
    studies = "\n".join(f"s{i} = {{ estimate = {0.7 + 0.1 * i}, se_log = 0.05 }}" for i in (0, 1))
    words = (
        '[metrics.work.effect.ratio.evidence]\nbetween = { method = "Paule-Mandel" }\n'
        f"[metrics.work.effect.ratio.evidence.studies]\n{studies}\n"
    )
    scenario = loaded(tmp_path, words)
    told = Told(report.Run({}, pd.DataFrame(), scenario, assumptions(scenario), {}), "en")
    (said,) = study_sentences(told, {"work"})
    # √(0.7·0.8) = 0.748, in two digits
    assert "level with the programme of 75% of that without" in said
    assert "Nothing is taken off" in said
    assert said.endswith("from place to place.")
