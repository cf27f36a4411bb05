"""Every shipped contract can be solved, swept and searched; its pages take the answers."""

from __future__ import annotations

import json
import math

import pytest

from simulator import search, solve, sweep
from simulator.api import load_scenario
from simulator.decisions.keys import Opened
from simulator.decisions.solving_oracles import rows
from simulator.errors import SocsimError
from simulator.laid import lay_analysis, run_beside
from simulator.scenario.numbers import Number
from simulator.views.searching import search_lines
from simulator.views.solved import solved_lines
from simulator.views.sweeping import render_sweep, sweep_lines
from tests.shelf import SHELF, contracts

pytestmark = pytest.mark.slow
FILES = contracts(SHELF)
NET = "municipality.net_budget_effect"


def terms_of(opened):
    """Keys that may be a tenth more or less than they are, those of payments first, with both."""
    numbers = {
        key: value.value
        for key, value in opened.keys.items()
        if isinstance(value, Number) and value.value and not key.startswith("realised.")
    }
    found = {}
    for key in sorted(numbers, key=lambda key: not key.startswith("payments.")):
        ends = tuple(sorted((0.9 * numbers[key], 1.1 * numbers[key])))
        if len(found) < 2 and all(opened.allows(key, end) for end in ends):
            found[key] = ends
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_shipped_contract(file, tmp_path):
    scenario = load_scenario(file)
    terms = terms_of(Opened(scenario))
    folder = run_beside(scenario, tmp_path, paths=16, seed=1)
    key, ends = next(iter(terms.items()))
    solved = told_and_laid_once_solved(scenario, key, ends, folder)
    swept_in_words_and_on_its_page(scenario, key, ends)
    drawn = json.loads((folder / "summary.json").read_text("utf-8"))["investor"]["drawn"]
    if not drawn["estimate"]:
        with pytest.raises(SocsimError, match="this contract has no investor"):
            search(scenario, terms, designs=4, paths=16)
        return
    found = search(scenario, terms, designs=4, paths=16).to_dict()
    data = json.loads(json.dumps(found, allow_nan=False))
    assert data["frontier"]
    lay_analysis("search", data, folder)
    assert json.loads((folder / "solved.json").read_text("utf-8"))["solved"] == [solved]
    for lang in ("sv", "en"):
        assert search_lines(data, scenario, lang)


def told_and_laid_once_solved(scenario, key, ends, folder):
    """A term that is solved for, beside the run and in words."""
    found = solve(scenario, key, f"{NET} >= 0", between=ends, paths=16).to_dict()
    lay_analysis("solved", {"schema_version": 1, "solved": [found]}, folder)
    for lang in ("sv", "en"):
        assert solved_lines(found, scenario, lang)
    return json.loads(json.dumps(found))


def swept_in_words_and_on_its_page(scenario, key, ends):
    """A sweep over a key, three points of it."""
    swept = sweep(scenario, [f"{key}={ends[0]!r}..{ends[1]!r}:3"], paths=16)
    nets = [point.figures[NET]["estimate"] for point in swept.points]
    assert len(nets) == 3
    assert all(map(math.isfinite, nets))
    data = json.loads(json.dumps(swept.to_dict(), allow_nan=False))
    for lang in ("sv", "en"):
        assert sweep_lines(data, scenario, lang)
        page = render_sweep(data, scenario, lang)
        same = {"sv": "Lika i alla punkter", "en": "The same at every point"}[lang]
        assert "<table>" in page or same in page


def test_known_answers():
    """Rows of `socsim verify`."""
    for row in rows():
        assert row.passed, row
