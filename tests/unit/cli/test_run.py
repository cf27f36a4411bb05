"""`socsim run`: what it passes on, what it says, where it says it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from simulator.cli import main
from simulator.cli.options import cores
from simulator.errors import Interrupted, ResultError
from tests.unit.cli.conftest import SUMMARY


def run(*args, **kwargs):
    return CliRunner().invoke(main, ["run", *args], **kwargs)


def test_defaults_are_passed_on(house):
    outcome = run("tiny")
    assert outcome.exit_code == 0, outcome.stderr
    assert house.asked["load"] == ("tiny", (), ())
    assert house.asked["simulate"] == {
        "paths": 100_000,
        "seed": 1,
        "threads": cores(),
        "keep": "summary",
    }
    assert house.asked["checkpoints"] == {
        "paths": 100_000,
        "seed": 1,
        "resume": False,
        "at_end": None,
        "keep": "summary",
    }
    assert house.asked["save"] == {
        "root": Path("results"),
        "report": True,
        "languages": ("en", "sv"),
    }


def test_every_option_is_passed_on(house, tmp_path):
    outcome = run(
        *("tiny", "--variant", "a", "--variant", "b", "--set", "x.y=1", "--paths", "1e3"),
        *("--seed", "7", "--threads", "1", "--keep", "all", "--no-report", "--lang", "sv"),
        *("--out", str(tmp_path)),
    )
    assert outcome.exit_code == 0, outcome.stderr
    assert house.asked["load"] == ("tiny", ("a", "b"), ("x.y=1",))
    assert house.asked["simulate"] == {"paths": 1000, "seed": 7, "threads": 1, "keep": "all"}
    assert house.asked["save"] == {
        "root": tmp_path,
        "report": False,
        "languages": ("sv", "sv"),
    }


def test_it_says_at_once_what_it_will_do(house):
    outcome = run("tiny", "--variant", "a", "--paths", "20000", "--seed", "3", "--threads", "2")
    first = outcome.stderr.splitlines()[0]
    for word in ("tiny", "variant a", "20,000 paths", "seed 3", "2 threads"):
        assert word in first


def test_a_scenario_that_is_not_there_is_refused_before_anything_is_announced(house):
    outcome = run("nowhere@a")
    assert outcome.exit_code == 2
    assert outcome.stdout == ""
    assert outcome.stderr.splitlines() == ["error: no scenario nowhere"]


def test_compilation_is_labelled_when_it_happens_and_has_help(house, monkeypatch):
    assert "compiling" not in run("tiny").stderr and "helper" not in house.order
    for name in ("reduce_rows", "simulate_block"):  # the passes that sum are compiled apart
        (house.cache / name).unlink()
        assert "compiling for this machine: the first time" in run("tiny").stderr
        assert house.order.count("helper") == 1
        house.order.clear()
        (house.cache / name).touch()
    (house.cache / "simulate_block").unlink()
    compiling = sys.modules["simulator.kernels.compile"]
    monkeypatch.setattr(compiling, "is_being_compiled", lambda: True)
    assert "as another process does" in run("tiny").stderr
    assert "helper" not in house.order


def test_the_last_lines_are_headline_folder_and_next_command(house):
    outcome = run("tiny@a", "--set", "note='x y'", "--no-report")
    headline, _, folder, following = outcome.stdout.splitlines()
    assert headline == "headline (en)"
    assert folder.split()[-1] == str(Path("results/tiny/abc-1-10"))
    assert following.endswith("""socsim show tiny@a --set 'note='"'"'x y'"'"'' --sources""")


def test_a_contract_that_has_ended_is_worth_settling(house):
    house.realised = SimpleNamespace()
    assert run("tiny", "--variant", "a").stdout.splitlines()[-1].endswith("socsim settle tiny@a")


def test_json_is_the_summary_and_nothing_else(house):
    outcome = run("tiny", "--json")
    assert json.loads(outcome.stdout) == SUMMARY
    assert str(Path("results/tiny")) in outcome.stderr


def test_what_is_stored_and_gone_on_from_is_passed_on_and_forgotten_last(house):
    assert run("tiny", "--resume", "--keep-state").exit_code == 0
    assert house.asked["checkpoints"] == {
        "paths": 100_000,
        "seed": 1,
        "resume": True,
        "at_end": True,
        "keep": "summary",
    }
    assert house.order == ["load", "simulate", "save", "forget"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--target-se", "x=1", "--paths", "5"), "exclude each other"),
        (("--max-paths", "5"), "it is missing"),
        (("--keep", "paths", "--cluster", "tcp://a:1"), "sends sums, not paths"),
    ],
)
def test_what_does_not_go_together_is_wrong_use(house, words, said):
    outcome = run("tiny", *words)
    assert outcome.exit_code == 2
    assert outcome.stdout == ""
    assert said in outcome.stderr
    assert house.order == []


@pytest.mark.parametrize(
    ("stopped", "said"),
    [
        (Interrupted(9000, 4096), "4,096 paths are stored; the same command with --resume goes on"),
        (Interrupted(9000, 0), "after 9,000 paths, too few to be worth storing"),
    ],
)
def test_an_interrupted_run_says_how_to_go_on(house, monkeypatch, stopped, said):
    def interrupted(*args, **kwargs):
        raise stopped

    monkeypatch.setattr("simulator.api.simulate", interrupted)
    outcome = run("tiny")
    assert outcome.exit_code == 130
    assert outcome.stdout == ""
    assert said in outcome.stderr
    assert house.order == ["load"]


def test_an_interrupted_run_writes_nothing(house, monkeypatch):
    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("simulator.api.simulate", interrupted)
    outcome = run("tiny")
    assert outcome.exit_code == 130
    assert outcome.stdout == ""
    assert "save" not in house.order


def test_a_folder_that_cannot_be_written_is_1_with_empty_stdout(house, monkeypatch):
    def refuse(*args, **kwargs):
        raise ResultError("results: no space left")

    monkeypatch.setattr("simulator.store.save_run", refuse)
    outcome = run("tiny", "--json")
    assert outcome.exit_code == 1
    assert outcome.stdout == ""
    assert "no space left" in outcome.stderr


def test_no_progress_bar_without_a_terminal(house):
    outcome = run("tiny")
    assert "\x1b" not in outcome.stderr
    assert "━" not in outcome.stderr


def test_out_must_not_be_a_file(house, tmp_path):
    taken = tmp_path / "file"
    taken.write_text("")
    outcome = run("tiny", "--out", str(taken))
    assert outcome.exit_code == 2
    assert "load" not in house.order


def test_a_place_that_cannot_be_written_is_refused_before_simulating(house, tmp_path):
    taken = tmp_path / "file"
    taken.write_text("")
    outcome = run("tiny", "--out", str(taken / "deeper"))
    assert outcome.exit_code == 1
    assert str(taken) in outcome.stderr
    assert house.order == []


def test_a_sampler_takes_whole_replicates_near_the_usual_number(house):
    outcome = run("tiny", "--sampler", "sobol")
    assert outcome.exit_code == 0, outcome.stderr
    assert house.asked["sampler"] == "sobol"
    assert house.asked["simulate"]["paths"] == 24 * 4096
    assert "checkpoints" not in house.asked  # nothing to go on from is stored
    assert house.asked["work"] is None
    assert run("tiny", "--sampler", "lhs", "--paths", "40960").exit_code == 0
    assert house.asked["simulate"]["paths"] == 40960


def test_a_sampler_that_keeps_paths_writes_them_meanwhile(house):
    assert run("tiny", "--sampler", "lhs", "--keep", "paths").exit_code == 0
    assert house.asked["work_folder"] == {"paths": 24 * 4096, "seed": 1, "sampler": "lhs"}
    assert house.asked["work"] == Path("results/work")


@pytest.mark.parametrize(
    "option",
    [
        ("--resume",),
        ("--keep-state",),
        ("--cluster", "tcp://127.0.0.1:1"),
        ("--target-se", "investor.loss_probability=0.001"),
    ],
)
def test_a_sampler_goes_without_what_only_plain_draws_can_have(house, option):
    outcome = run("tiny", "--sampler", "antithetic", *option)
    assert outcome.exit_code == 2
    assert f"--sampler antithetic goes without {option[0]}: " in outcome.stderr
    assert "simulate" not in house.asked
