"""Files as they come: encodings, line ends, and what is no TOML at all."""

import pytest

from simulator.errors import ScenarioError, UnknownScenarioError
from simulator.scenario.load import load_scenario

TEXT = """title = "Åtgärd"
currency = "SEK"
time = { start = 2020-01-01, period = "year", horizon = "2 years" }
parties.outcome_payer = "Town"
cohorts.all.service_users = 5
metrics.work = { kind = "binary", better = "higher", baseline = 0.2, effect.difference = 0.1 }
"""


@pytest.fixture
def load(tmp_path):
    def load(content):
        file = tmp_path / "s.toml"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return load_scenario(file)

    return load


def problems(load, content):
    with pytest.raises(ScenarioError) as caught:
        load(content)
    return caught.value.problems


def test_line_ends_and_byte_order_marks_change_nothing(load):
    plain = load(TEXT)
    assert plain.title == {"sv": "Åtgärd", "en": "Åtgärd"}
    assert load("\ufeff" + TEXT) == plain
    assert load(TEXT.replace("\n", "\r\n")) == plain
    (problem,) = problems(load, TEXT.replace("0.2", '"0.2"').replace("\n", "\r\n"))
    assert (problem.line, problem.column) == (6, 65)


def test_other_encodings_are_refused(load):
    (problem,) = problems(load, TEXT.encode("latin-1"))
    assert "not UTF-8" in problem.found
    assert "UTF-8" in problem.mend


def test_an_empty_file_says_what_is_missing(load):
    missing = {problem.key for problem in problems(load, "")}
    assert {"title", "currency", "time", "parties", "cohorts", "metrics"} == missing


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("x = " + "[" * 3000 + "]" * 3000, (1, 1)),
        ("x = " + "[" * 40 + "]" * 40, (1, 35)),
        (".".join("a" * 40) + " = 1", (1, 61)),
        ("x = " + "9" * 5000, (1, 1)),
        (TEXT + "[cohorts", (7, 9)),
        ("\x00", (1, 1)),
    ],
)
def test_monsters(load, content, place):
    problem = problems(load, content)[0]
    assert (problem.key, problem.line, problem.column) == ("TOML", *place)


def test_a_folder_is_no_scenario(tmp_path):
    with pytest.raises(UnknownScenarioError):
        load_scenario(tmp_path)


def test_rules_are_asked_behind_misspelt_keys_and_wrong_forms(load):
    """A misspelt key and two wrong forms, and what the rules find beside and behind them."""
    spoiled = TEXT.replace("better", "beter").replace('"year"', '"yaer"').replace("0.2", "20")
    spoiled += 'measures.m = { metric = "wrk", quantity = "rate", window = "1 year" }\n'
    spoiled += 'rates.twon.nominal = "0.02"\n'
    found = {problem.key: problem.mend for problem in problems(load, spoiled)}
    assert found == {
        "time.period": "did you mean `year`?",
        "metrics.work.beter": "did you mean `better`?",
        "metrics.work.baseline": "write a share: 0.2 for 20 %",
        "measures.m.metric": "did you mean `work`?",
        "rates.twon.nominal": "remove the quotes: 0.02",
    }


def test_problems_come_in_file_order_and_read_as_sentences(load):
    spoiled = TEXT.replace('"SEK"', '"kr"').replace("service_users", "service_user")
    found = problems(load, spoiled.replace("0.1 }", "0.1, sd = 1 }"))
    assert [problem.line for problem in found] == [2, 5, 6]
    assert str(found[1]).splitlines() == [
        f"{found[1].file}:5:13: cohorts.all.service_user: found unknown key `service_user`",
        "    allowed: `title`, `service_users`, `enrolment`, `drop_out`, `metrics`, `states`, "
        "`grade` and `source`",
        "    mend: did you mean `service_users`?",
    ]
    assert found[2].mend == "write it inside `spread`"
