"""`socsim report`: from stored folders alone, for the right reader, whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

import simulator.views.pdf
from simulator import store
from simulator.analysis import compare
from simulator.cli import main
from simulator.errors import ResultError
from simulator.fund.results import FundResult
from simulator.views.report import render_report
from tests.unit.cli.stored import a_run, stored_fund, stored_run
from tests.unit.views.fund_result import fund_result
from tests.unit.views.page import source

DEAL = Path(__file__).parents[2] / "worked" / "deal.toml"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def report(*args):
    return CliRunner().invoke(main, ["report", *map(str, args)])


def names(folder):
    return {file.name for file in Path(folder).iterdir()}


@pytest.mark.parametrize(
    ("options", "file", "reader", "lang"),
    [
        ((), "report.html", "investor", "en"),
        (("--lang", "sv"), "report-investor.sv.html", "investor", "sv"),
        (("--for", "municipality"), "report-municipality.html", "municipality", "sv"),
        (
            ("--for", "municipality", "--lang", "en"),
            "report-municipality.en.html",
            "municipality",
            "en",
        ),
    ],
)
def test_a_runs_report_is_the_one_that_the_run_itself_gives(options, file, reader, lang):
    folder = stored_run(Path("results/example/a"))
    before = names(folder)
    outcome = report(folder, *options)
    assert outcome.exit_code == 0, outcome.stderr
    assert outcome.stdout == f"{folder / file}\n"
    assert names(folder) - before == {file}
    assert (folder / file).read_text(encoding="utf-8") == render_report(
        source(a_run()), reader, lang
    )


def test_a_name_means_its_latest_run():
    older = stored_run(Path("results/example/b"))
    newer = stored_run(Path("results/example/a"))
    os.utime(older / "provenance.json", (1e9, 1e9))
    (half := Path("results/example/.c.writing")).mkdir()
    (half / "provenance.json").write_text("{")
    assert report("example").stdout == f"{newer / 'report.html'}\n"
    os.utime(newer / "provenance.json", (9e8, 9e8))
    assert report("example").stdout == f"{older / 'report.html'}\n"
    assert report("results/example").stdout == f"{older / 'report.html'}\n"


def test_out_names_the_file_and_leaves_the_folder_as_it_was(tmp_path):
    folder = stored_run(Path("results/example/a"))
    before = names(folder)
    outcome = report("example", "--out", "here.html")
    assert outcome.exit_code == 0
    assert Path("here.html").read_text(encoding="utf-8") == render_report(
        source(a_run()), "investor", "en"
    )
    assert names(folder) == before
    assert names(tmp_path) == {"results", "here.html"}


def test_a_fund_is_told_from_its_folder_in_the_words_of_the_run(monkeypatch):
    folder = stored_fund(Path("results"), overrides=("behaviour.effort=0",))
    told = (folder / "report.html").read_bytes()
    (folder / "report.html").unlink()
    monkeypatch.setattr("simulator.fund.run.run_fund", None)  # nothing is simulated
    outcome = report("rich")
    assert outcome.exit_code == 0, outcome.stderr
    assert outcome.stdout == f"{folder / 'report.html'}\n"
    # contracts of one's own are named as the copies that lie in the folder
    assert (folder / "report.html").read_bytes() == told.replace(b"../contracts/", b"")
    swedish = report("rich", "--for", "policy", "--lang", "sv")
    assert swedish.stdout == f"{folder / 'report-policy.sv.html'}\n"
    assert '<html lang="sv">' in (folder / "report-policy.sv.html").read_text(encoding="utf-8")


def test_a_fund_result_survives_its_json():
    result = fund_result()
    assert len(result.robustness) > 0
    assert FundResult.from_dict(json.loads(json.dumps(result.to_dict()))) == result


def test_a_comparison_is_told_from_its_folder_in_the_words_of_the_run():
    designs = compare(
        (str(DEAL), f"{DEAL}@in_house"), paths=64, overrides=("cohorts.all.service_users=7",)
    )
    folder = store.save_compared(designs, Path("results"))
    told = (folder / "report.html").read_bytes()
    (folder / "report.html").unlink()
    outcome = report("compare")
    assert outcome.exit_code == 0, outcome.stderr
    assert outcome.stdout == f"{folder / 'report.html'}\n"
    assert (folder / "report.html").read_bytes() == told
    assert b"cohorts.all.service_users=7" in told


def test_a_comparison_beside_a_run_leaves_it_a_run():
    folder = stored_run(Path("results/example/a"))
    (folder / "comparison.json").write_text("{}")
    assert report("example").stdout == f"{folder / 'report.html'}\n"


@pytest.mark.parametrize(
    ("make", "reader", "said"),
    [
        (stored_run, "policy", "holds a run, whose report is for investor or municipality, not"),
        (stored_fund, "investor", "holds a fund, whose report is for policy, not for investor."),
    ],
)
def test_a_wrong_reader_is_told_whom_the_report_is_for(make, reader, said):
    folder = make(Path("results/example/a"))
    before = names(folder)
    outcome = report(folder, "--for", reader)
    assert outcome.exit_code == 2
    assert outcome.stdout == ""
    assert said in " ".join(outcome.stderr.split())
    assert names(folder) == before


@pytest.mark.parametrize(
    ("name", "command"),
    [("guarantee_fund", "socsim fund guarantee_fund"), ("newpin", "socsim run newpin")],
)
def test_a_shipped_name_without_a_run_says_how_to_make_one(name, command):
    outcome = report(name)
    assert outcome.exit_code == 1
    assert outcome.stderr.splitlines() == [
        f"error: results/{name} holds no run of {name} yet; make one: `{command}`"
    ]


def test_a_name_that_leads_nowhere_says_what_to_name():
    outcome = report("nowhere")
    assert outcome.exit_code == 1
    assert outcome.stdout == ""
    assert outcome.stderr.splitlines() == [
        "error: there is no nowhere, and results/nowhere holds no run; name the folder that "
        "`socsim run`, `socsim compare` or `socsim fund` wrote, or a scenario or a fund that has "
        "been run"
    ]
    Path("empty").mkdir()
    assert "empty is not a result folder, and" in report("empty").stderr


@pytest.mark.parametrize(
    ("make", "file", "said"),
    [
        (stored_run, "summary.json", "it has no summary.json, comparison.json or fund.json"),
        (stored_run, "cash_flows.parquet", "cash_flows.parquet is missing"),
        (stored_run, "scenario.resolved.toml", "scenario.resolved.toml is missing"),
        (stored_fund, "fund.resolved.toml", "fund.resolved.toml is missing"),
    ],
)
def test_a_missing_file_is_named(make, file, said):
    folder = make(Path("results/example/a"))
    (folder / file).unlink()
    after = names(folder)
    outcome = report(folder)
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert len(outcome.stderr.splitlines()) == 1
    assert said in outcome.stderr
    assert names(folder) == after


@pytest.mark.parametrize(
    ("make", "file"),
    [
        (stored_run, "summary.json"),
        (stored_run, "provenance.json"),
        (stored_run, "cash_flows.parquet"),
        (stored_run, "scenario.resolved.toml"),
        (stored_fund, "fund.json"),
        (stored_fund, "fund.resolved.toml"),
    ],
)
def test_a_damaged_file_is_named_and_nothing_is_written(make, file):
    folder = make(Path("results/example/a"))
    whole = (folder / file).read_bytes()
    (folder / file).write_bytes(whole[: len(whole) // 2] + b'"')
    after = names(folder)
    outcome = report(folder, "--lang", "sv")
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert file in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert names(folder) == after


def test_a_fund_file_of_other_keys_is_damaged():
    folder = stored_fund(Path("results"))
    (folder / "fund.json").write_text('{"fund": {}}')
    outcome = report(folder)
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert "fund.json: damaged: KeyError" in outcome.stderr


def test_what_cannot_be_written_is_said_and_leaves_nothing(tmp_path):
    stored_run(Path("results/example/a"))
    outcome = report("example", "--out", "not/there.html")
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert outcome.stderr.startswith("error: cannot write not/there.html: No such file")
    assert names(tmp_path) == {"results"}


def test_a_pdf_lies_where_the_page_would(monkeypatch):
    folder = stored_run(Path("results/example/a"))
    printed = []

    def write_pdf(path, page):
        printed.append(page)
        path.write_bytes(b"%PDF-")

    monkeypatch.setattr(simulator.views.pdf, "write_pdf", write_pdf)
    outcome = report("example", "--for", "municipality", "--format", "pdf")
    assert outcome.exit_code == 0, outcome.stderr
    assert outcome.stdout == f"{folder / 'report-municipality.pdf'}\n"
    assert (folder / "report-municipality.pdf").read_bytes() == b"%PDF-"
    assert printed == [render_report(source(a_run()), "municipality", "sv")]


def test_a_pdf_that_fails_leaves_the_older_one(monkeypatch):
    folder = stored_run(Path("results/example/a"))
    (folder / "report.pdf").write_bytes(b"older")

    def write_pdf(path, page):
        path.write_bytes(b"half")
        raise ResultError("the browser stopped")

    monkeypatch.setattr(simulator.views.pdf, "write_pdf", write_pdf)
    before = names(folder)
    outcome = report("example", "--format", "pdf")
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert outcome.stderr.splitlines()[-1] == "error: the browser stopped"
    assert names(folder) == before
    assert (folder / "report.pdf").read_bytes() == b"older"
