"""Every rule has a tiny file that breaks it alone, at the place stated in the first line."""

from pathlib import Path

import pytest

from simulator.errors import ScenarioError
from simulator.scenario.load import load_scenario
from simulator.scenario.rules.pending import NOT_YET
from tests.announced import expectations

CASES = Path(__file__).parents[2] / "cases"
INVALID = sorted((CASES / "invalid").glob("*.toml"))
VALID = sorted((CASES / "valid").glob("*.toml"))


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
def test_the_rule_speaks_at_the_place_and_no_other_does(file):
    expected = expectations(file)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    # a word that is not computed yet is refused besides, as long as it is not
    problems = [p for p in caught.value.problems if NOT_YET not in p.allowed]
    assert [(p.line, p.column) for p in problems] == [(e[0], e[1]) for e in expected], problems
    for problem, (_, _, key, text) in zip(problems, expected, strict=True):
        assert problem.file == str(file)
        assert key in problem.key, problem
        assert text in str(problem), problem
        assert problem.found and problem.allowed, problem


@pytest.mark.parametrize("file", VALID, ids=lambda file: file.stem)
def test_valid_files_load(file):
    scenario = load_scenario(file)
    assert scenario.name == file.stem


def test_there_are_cases():
    assert len(INVALID) > 200
    assert len(VALID) >= 5
