"""The sensitivity analysis in the reports: what follows the file, in both languages."""

from __future__ import annotations

import copy
import re
from dataclasses import replace

import pytest

from simulator.api import load_scenario
from simulator.decisions.sensitivity import Questions, sensitivity
from simulator.views.report.chapters.drivers import drivers_parts, stresses_parts
from simulator.views.report.chapters.everyday import council_drivers
from simulator.views.report.parts import Chart, Prose, Table
from simulator.views.report.source import Told
from simulator.views.workbook.drivers import drivers_sheet
from tests.unit.cli.test_sensitivity import NET, RICH
from tests.unit.views.page import source
from tests.unit.views.run import simulated

PAIR = ("metrics.school.effect.difference", "metrics.visits.price")


@pytest.fixture(scope="module")
def analysis():
    scenario = load_scenario(RICH)
    return sensitivity(scenario, questions=Questions(maps=(PAIR,)), paths=256, seed=2).to_dict()


@pytest.fixture(scope="module")
def run():
    return replace(source(simulated(load_scenario(RICH))), analyses={})


def told(run, data, lang="en") -> Told:
    return Told(replace(run, analyses={"sensitivity": data}), lang)


def charts(parts):
    return [part for part in parts if isinstance(part, Chart)]


@pytest.mark.parametrize("lang", ["en", "sv"])
def test_tables_and_charts_stand_in_one_order(run, analysis, lang):
    parts = drivers_parts(told(run, analysis, lang))
    drawn = charts(parts)
    full = [row.cells[0] for row in drawn[len(_tornados(drawn))].table.rows][:-1]
    for chart in _tornados(drawn):
        names = [row.cells[0] for row in chart.table.rows]
        assert names == [name for name in full if name in names]
        assert len(chart.figure["data"][0]["y"]) == len(names)
    sheet = drivers_sheet(told(run, analysis, lang))
    assert sheet is not None
    first = [
        row.cells[1]
        for row in sheet.grids[0].rows
        if row.cells[0] == sheet.grids[0].rows[0].cells[0]
    ]
    assert first[:-1] == [row.cells[0] for row in _tornados(drawn)[0].table.rows]


def _tornados(drawn):
    return [chart for chart in drawn if chart.id.startswith("chart-tornado")]


def test_every_chart_has_its_numbers_and_a_conclusion(run, analysis):
    for chart in charts(drivers_parts(told(run, analysis))):
        assert chart.table.rows
        assert chart.conclusion.endswith((".", "%"))
        assert re.fullmatch(r"chart-[a-z]+(-\d+)*", chart.id)


def test_the_page_follows_the_file(run, analysis):
    changed = copy.deepcopy(analysis)
    entry = next(e for e in changed["inputs"] if not e["figures"][NET]["exactly_zero"])
    entry["figures"][NET]["low"] = 12_345_678.0
    said = [
        cell
        for chart in charts(drivers_parts(told(run, changed)))
        for row in chart.table.rows
        for cell in row.cells
    ]
    assert any("12.3" in cell for cell in said)
    changed["stresses"]["together"][NET]["value"] = -98_765_432.0
    (_, table) = stresses_parts(told(run, changed))
    assert isinstance(table, Table)
    assert any("98.8" in cell for cell in table.rows[-1].cells)


@pytest.mark.parametrize(
    ("lang", "half", "jargon"),
    [
        (
            "sv",
            "Om effekten blir hälften så stor som väntat",
            ("kvot", "varians", "kvantil", "Sobol"),
        ),
        (
            "en",
            "If the effect is half as large as expected",
            ("ratio", "varianc", "quantile", "Sobol"),
        ),
    ],
)
def test_the_council_reads_plain_words(run, analysis, lang, half, jargon):
    prose, table, *_ = council_drivers(told(run, analysis, lang))
    assert isinstance(prose, Prose)
    assert isinstance(table, Table)
    assert table.rows[0].cells[0] == half
    text = " ".join([*prose.paragraphs, *table.notes, table.caption])
    text += " ".join(cell for row in table.rows for cell in row.cells)
    for word in jargon:
        assert word not in text


def test_a_scenario_without_numbers_says_so_and_draws_no_tornado(run, analysis):
    bare = {**analysis, "inputs": [], "maps": []}
    bare["stresses"] = {"figures": [NET], "single": [], "pairs": [], "together": {}}
    parts = drivers_parts(told(run, bare))
    assert isinstance(parts[0], Prose)
    assert "no uncertain number" in parts[0].paragraphs[0]
    assert [chart.id for chart in charts(parts)] == ["chart-indices"]
    assert all(isinstance(part, Prose) for part in stresses_parts(told(run, bare)))


def test_hostile_names_are_text_in_every_chart(run, analysis):
    scenario = run.scenario
    hostile = "<script>alert(1)</script>"
    metrics = {
        name: metric.model_copy(update={"title": {"sv": hostile, "en": hostile}, "unit": hostile})
        for name, metric in scenario.metrics.items()
    }
    changed = replace(run, scenario=scenario.model_copy(update={"metrics": metrics}))
    for chart in charts(drivers_parts(told(changed, analysis))):
        assert "<script" not in str(chart.figure)
    assert any(
        hostile in chart.conclusion for chart in charts(drivers_parts(told(changed, analysis)))
    )
