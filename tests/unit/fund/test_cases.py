"""Every rule of a fund file has a tiny file that breaks it alone, where its first line says."""

from pathlib import Path

import pytest

from simulator.errors import ScenarioError, UnknownScenarioError
from simulator.fund.load import load_fund
from simulator.scenario.load import load_scenario
from tests.announced import expectations

CASES = Path(__file__).parents[2] / "cases" / "fund"
INVALID = sorted((CASES / "invalid").glob("*.toml"))
PLAIN = CASES / "valid" / "plain.toml"


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
def test_the_rule_speaks_at_the_place_and_no_other_does(file):
    expected = expectations(file)
    with pytest.raises(ScenarioError) as caught:
        load_fund(file)
    problems = caught.value.problems
    assert [(p.line, p.column, p.key) for p in problems] == [e[:3] for e in expected], problems
    for problem, (_, _, _, text) in zip(problems, expected, strict=True):
        assert text in str(problem), problem
        assert problem.found and problem.allowed and problem.mend, problem


@pytest.mark.parametrize("file", sorted((CASES / "valid").glob("*.toml")), ids=lambda f: f.stem)
def test_valid_files_load(file):
    fund = load_fund(file)
    assert fund.name == file.stem
    assert fund.folder == str(file.parent)


def test_there_are_cases():
    assert len(INVALID) >= 60


@pytest.mark.parametrize(
    ("override", "read", "value"),
    [
        ("behaviour.effort=0", lambda f: f.behaviour.effort.value, 0),
        ("designs.floor.coverage=0.3", lambda f: f.designs["floor"].coverage.value, 0.3),
        ("designs.floor.coverage=0", lambda f: f.designs["floor"].coverage.value, 0),
        ("pipeline.loans.offered=[3]", lambda f: f.pipeline["loans"].offered, [3]),
        ("pipeline.loans.offered[2]=5", lambda f: f.pipeline["loans"].offered, [1, 5]),
        (
            'pipeline.loans.set."capital.commitment"=2_000_000',
            lambda f: f.pipeline["loans"].set,
            {"capital.commitment": 2_000_000},
        ),
        ("years=20", lambda f: f.years, 20),
    ],
)
def test_one_key_from_the_command_line(override, read, value):
    assert read(load_fund(PLAIN)) != value or override == "behaviour.effort=0"
    assert read(load_fund(PLAIN, overrides=[override])) == value


@pytest.mark.parametrize(
    ("override", "key", "text"),
    [
        ("designs.flor.coverage=0.3", "designs.flor.coverage", "did you mean `floor`?"),
        ("designs.floor.coverage=1.3", "designs.floor.coverage", "between 0 and 1"),
        ("designs.floor.fee_rate=0.1", "designs.floor.fee_rate", 'fee = "flat"'),
        ("behaviour.efort=0", "behaviour.efort", "did you mean `effort`?"),
        ("kind=scenario", "kind", "a key of the fund file"),
        ("variants.a.years=3", "variants.a.years", "a key of the fund file"),
        ('pipeline.loans.set."capital.x"=1', 'loans.set."capital.x"', "unknown key `x`"),
        ('pipeline.loans.variants=["a"]', "pipeline.loans.variants[1]", "`dearer`"),
        ("nonsense", "--set", "KEY=VALUE"),
    ],
)
def test_a_bad_override_is_a_problem_of_the_command_line(override, key, text):
    with pytest.raises(ScenarioError) as caught:
        load_fund(PLAIN, overrides=[override])
    (problem,) = caught.value.problems
    assert key in problem.key
    assert text in str(problem)
    assert "--set" in (problem.file, problem.key)


def test_a_number_that_is_tried_out_may_pass_where_it_never_binds():
    fund = load_fund(PLAIN, overrides=["designs.floor.cap_per_contract=900_000"])
    assert fund.designs["floor"].cap_per_contract.value == 900_000


def test_a_key_to_which_an_override_leaves_nothing_is_left_out(tmp_path):
    text = (CASES / "valid" / "rich.toml").read_text(encoding="utf-8")
    file = tmp_path / "rich.toml"
    file.write_text(text.replace("../contracts", str(CASES / "contracts")), encoding="utf-8")
    assert load_fund(file).designs["floor"].fee_rate.value == 0.02
    fund = load_fund(file, overrides=['designs.floor.fee="none"'])
    assert fund.designs["floor"].fee_rate is None


def test_a_scenario_is_no_fund_and_a_fund_no_scenario():
    with pytest.raises(ScenarioError) as caught:
        load_fund("norrkoping")
    (problem,) = caught.value.problems
    assert problem.key == "kind"
    assert "socsim run norrkoping" in problem.mend
    with pytest.raises(ScenarioError) as caught:
        load_scenario(PLAIN)
    (problem,) = caught.value.problems
    assert (problem.line, problem.key) == (1, "kind")
    assert f"socsim fund {PLAIN}" in problem.mend


def test_a_fund_that_forgot_to_say_so(tmp_path):
    text = PLAIN.read_text(encoding="utf-8").replace('kind = "fund"\n', "")
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_fund(file)
    assert caught.value.problems[0].mend == 'add `kind = "fund"` at the top'


def test_a_name_that_leads_nowhere():
    with pytest.raises(UnknownScenarioError, match="no such fund"):
        load_fund("guarante_fnd")
