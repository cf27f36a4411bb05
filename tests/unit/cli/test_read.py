"""`socsim check`, `show` and `schema`, on shipped scenarios and on spoiled ones."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulator.cli import main
from simulator.scenario.find import resolve_name


def socsim(*args):
    return CliRunner().invoke(main, list(args))


@pytest.fixture
def spoiled(tmp_path):
    """Norrköping with three mistakes: two misspelt keys and a word that does not exist."""
    text = resolve_name("norrkoping").read_text(encoding="utf-8")
    file = tmp_path / "spoiled.toml"
    for good, bad in (
        ("price_year", "price_yaer"),
        ("\n[cohorts.younger]\n", "\n[cohorts.younger]\nservice_user = 3\n"),
        ('= "lower"', '= "lowest"'),
    ):
        assert good in text
        text = text.replace(good, bad, 1)
    file.write_text(text, encoding="utf-8")
    return file


def test_a_good_scenario_is_one_line():
    outcome = socsim("check", "norrkoping")
    assert outcome.exit_code == 0, outcome.stderr
    counted = r"60 service users, \d+ outcome metrics, \d+ payments"
    assert re.fullmatch(rf"norrkoping: no problems \({counted}\)\n", outcome.stdout)
    assert outcome.stderr == ""
    assert "inga fel" in socsim("check", "norrkoping", "--lang", "sv").stdout


def test_check_as_json():
    found = json.loads(socsim("check", "norrkoping@window_3y", "--json").stdout)
    assert found["valid"] is True
    assert found["problems"] == []
    assert found["scenario"]["variant"] == ["window_3y"]
    assert len(found["scenario"]["hash"]) == 64


@pytest.mark.parametrize("command", ["check", "show"])
def test_every_problem_at_once_with_its_place(command, spoiled):
    outcome = socsim(command, str(spoiled))
    assert outcome.exit_code == 1
    assert outcome.stdout == ""
    lines = spoiled.read_text(encoding="utf-8").splitlines()
    for word in ("price_yaer", "service_user = 3", '"lowest"'):
        line = next(number for number, text in enumerate(lines, 1) if word in text)
        assert f"{spoiled}:{line}:" in outcome.stderr
    assert "did you mean" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_misspelt_name_is_wrong_use_with_a_suggestion():
    outcome = socsim("check", "norkoping")
    assert outcome.exit_code == 2
    assert "norrkoping" in outcome.stderr


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (("--variant", "window3y"), "window_3y"),
        (("--set", "cohorts.younger.service_user=40"), "service_users"),
        (("--set", "cohorts.younger.service_users"), "KEY=VALUE"),
        (("--set", "cohorts.younger.service_users=0"), "service_users"),
    ],
)
def test_what_was_typed_wrongly_is_wrong_use(args, word):
    outcome = socsim("check", "norrkoping", *args)
    assert outcome.exit_code == 2
    assert outcome.stdout == ""
    assert word in outcome.stderr


def test_what_show_prints_is_the_same_scenario(tmp_path):
    shown = socsim("show", "norrkoping", "--variant", "window_3y")
    assert shown.exit_code == 0, shown.stderr
    copy = tmp_path / "copy.toml"
    copy.write_text(shown.stdout, encoding="utf-8")
    hashes = {
        json.loads(socsim("check", name, "--json").stdout)["scenario"]["hash"]
        for name in ("norrkoping@window_3y", str(copy))
    }
    assert len(hashes) == 1


def test_show_begins_with_the_contract_in_words():
    english, swedish = (
        socsim("show", "norrkoping", "--lang", lang).stdout for lang in ("en", "sv")
    )
    words = [line for line in english.splitlines() if line.startswith("#")]
    assert english.startswith("# ")
    assert "40% of" in " ".join(line.lstrip("#").strip() for line in words)
    assert english != swedish
    assert tomllib.loads(english) == tomllib.loads(swedish)


def test_show_with_a_changed_key():
    shown = socsim("show", "norrkoping", "--set", "cohorts.younger.service_users=40", "--json")
    found = json.loads(shown.stdout)
    assert found["resolved"]["cohorts"]["younger"]["service_users"] == 40
    assert found["resolved"]["time"]["start"] == "2016-07-01"
    assert found["contract"][0]["sentences"]


def test_sources_as_json_have_a_grade_each():
    rows = json.loads(socsim("show", "norrkoping", "--sources", "--json").stdout)["assumptions"]
    assert len(rows) > 20
    assert {row["grade"] for row in rows} <= {"fact", "estimate", "assumption", "ungraded"}
    commitment = next(row for row in rows if row["key"] == "capital.commitment")
    assert commitment["number"] == {"value": 10_000_000.0}
    assert commitment["source"]


def test_sources_as_a_table_name_keys_and_addresses():
    outcome = socsim("show", "norrkoping", "--sources")
    assert outcome.exit_code == 0, outcome.stderr
    assert "https://www.altinget.se" in outcome.stdout
    assert "Regionfakta" in outcome.stdout


def test_the_schema_is_json_for_editors():
    schema = json.loads(socsim("schema").stdout)
    assert "properties" in schema
    assert "cohorts" in schema["properties"]


@pytest.mark.parametrize("args", [("check", "norrkoping"), ("show", "norrkoping"), ("schema",)])
def test_reading_needs_no_engine(args):
    code = (
        "import atexit, sys;"
        "atexit.register(lambda: print(*sys.modules, file=sys.stderr));"
        f"sys.argv = ['socsim', *{list(args)!r}];"
        "from simulator.cli import main; main(prog_name='socsim')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    modules = {name.split(".")[0] for name in done.stderr.split()}
    assert modules.isdisjoint({"numpy", "numba", "pandas", "scipy", "plotly", "pyarrow"})


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("just above the 95% that have nothing", "some 6% of the mean", "1,080 draws")),
        ("sv", ("strax över de 95 % som inte har något", "omkring 6 % av", "1 080 dragningar")),
    ],
)
def test_the_plan_says_how_it_will_be_computed(lang, words):
    outcome = socsim("show", "norrkoping", "--plan", "--lang", lang)
    assert outcome.exit_code == 0, outcome.stderr
    text = " ".join(outcome.stdout.replace("\u00a0", " ").split())
    for word in (*words, "metrics.placement_cost.effect.ratio", "2019-12-31", "school_improved"):
        assert word in text


def test_the_plan_as_json():
    found = json.loads(socsim("show", "benchmark", "--plan", "--json").stdout)
    assert found["scenario"]["name"] == "benchmark"
    assert found["plan"]["grid"] == {"start": "2025-01-01", "period": "year", "periods": 5}
    # five cohorts: how many succeed, and the sum of their amounts in each of 3 years
    assert sum(cell["draws_per_path"] for cell in found["plan"]["cells"]) == 5 * (1 + 3)
    levels = {(cell["metric"], cell["level"], cell["why"]) for cell in found["plan"]["cells"]}
    assert levels == {("success", "count", "exact"), ("saving", "aggregate", "exact")}


LEVELS = {
    "en": ("how many succeed: success (nothing looks at one person", "the sum of a group: saving (",
           "20 tables of up to 20 people each"),
    "sv": ("hur många som lyckas: success (inget ser till den enskilda", "gruppens summa: saving (",
           "20 tabeller för upp till 20 personer vardera"),
}  # fmt: skip


@pytest.mark.parametrize("lang", LEVELS)
def test_the_plan_says_at_what_level_each_metric_is_drawn_and_why(lang):
    outcome = socsim("show", "benchmark", "--plan", "--lang", lang)
    text = " ".join(outcome.stdout.replace("\u00a0", " ").split())
    assert [word for word in LEVELS[lang] if word not in text] == []
    one = socsim("show", "newpin", "--plan", "--lang", lang)
    why = {"en": "an interim result can end the contract", "sv": "ett resultat längs vägen kan"}
    assert why[lang] in " ".join(one.stdout.split())


def test_a_level_that_is_not_exact_is_one_clear_error():
    outcome = socsim("show", "norrkoping", "--plan", "--set", 'metrics.school.sampled="count"')
    assert outcome.exit_code == 2
    assert outcome.stdout == ""
    assert outcome.stderr.count("metrics.school.sampled") == 1
    assert "people drop out one by one" in outcome.stderr


def test_sources_and_plan_are_asked_for_one_at_a_time():
    outcome = socsim("show", "norrkoping", "--plan", "--sources")
    assert outcome.exit_code == 2
    assert "one at a time" in outcome.stderr


STUDIES = str(Path(__file__).parents[2] / "cases" / "language" / "studies.toml")


@pytest.mark.parametrize(
    ("lang", "title", "drawn"),
    [
        ("en", "# What the numbers rest on", "What the simulation draws, after all"),
        ("sv", "# Vad talen vilar på", "Vad simuleringen drar, efter alla avdrag"),
    ],
)
def test_show_tells_evidence_before_and_after(lang, title, drawn):
    text = socsim("show", STUDIES, "--lang", lang).stdout
    assert title in text.splitlines()
    assert drawn in text
    assert drawn in socsim("show", STUDIES, "--sources", "--lang", lang).stdout
    tomllib.loads(text)  # what is printed is a scenario file


def test_sources_as_json_have_the_evidence_by_stage():
    rows = json.loads(socsim("show", STUDIES, "--sources", "--json").stdout)["assumptions"]
    found = {row["key"]: row["evidence"] for row in rows if "evidence" in row}
    assert len(found) == 4
    pooled = found["metrics.arrests.effect.ratio"]
    stages = [row["stage"] for row in pooled["stages"]]
    assert stages == ["mean over sites", "reported", "after design", "drawn"]
    assert [study["name"] for study in pooled["studies"]] == ["city", "county", "village"]
    assert all({"mean", "p5", "p50", "p95"} < row.keys() for row in pooled["stages"])
    assert pooled["between"]["method"] == "Paule-Mandel"


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "warning: measures.saving.window: found `10 years`, which for the last to enrol"),
        ("sv", "varning: measures.saving.window: fann `10 years`, som för de sist inskrivna"),
    ],
)
def test_check_warns_of_a_window_past_the_horizon(lang: str, said: str) -> None:
    # norrkoping: enrolled until 2017-06, ten years on: 2027-06-30; the horizon ends 2021-06-30
    longer = ("norrkoping", "--set", "measures.saving.window='10 years'")
    outcome = socsim("check", *longer, "--lang", lang)
    assert outcome.exit_code == 0
    assert said in outcome.stderr
    assert "time.horizon" in outcome.stderr
    assert "warning" not in outcome.stdout
    (warned,) = json.loads(socsim("check", *longer, "--json").stdout)["warnings"]
    assert warned == {
        "key": "measures.saving.window",
        "found": "10 years",
        "window_ends": "2027-06-30",
        "horizon_ends": "2021-06-30",
    }


def test_what_ends_within_the_horizon_is_no_warning() -> None:
    # the window may end on the horizon's last day: four years from 2017-06 end 2021-06-30
    for window in ("2 years", "4 years"):
        words = ("norrkoping", "--set", f"measures.saving.window='{window}'")
        assert socsim("check", *words).stderr == ""
        assert json.loads(socsim("check", *words, "--json").stdout)["warnings"] == []


def test_windows_that_end_alike_are_one_warning() -> None:
    words = [f"measures.{name}.window='9 years'" for name in ("saving", "school_improved")]
    outcome = socsim("check", "norrkoping", *(part for word in words for part in ("--set", word)))
    assert outcome.stderr.count("warning:") == 1
    assert "measures.saving.window, measures.school_improved.window: found" in outcome.stderr
