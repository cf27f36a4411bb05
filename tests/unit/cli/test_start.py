"""`socsim scenarios` and `socsim init`: where to begin."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulator.cli import main
from simulator.scenario import find

ALPHA = """# a comment worth keeping
title.sv = "Första"
title.en = "The first"
[sources.paper]
title = "A paper"
address = "https://example.org/paper"
[variants.longer]
title.en = "Longer"
[variants.cheaper]
title.en = "Cheaper"
"""
BETA = 'title = "Second"\n'


@pytest.fixture
def shelf(monkeypatch, tmp_path):
    """Two shipped scenarios, and an empty folder to work in."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    for name, text in (("norrkoping", ALPHA), ("beta", BETA)):
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    desk = tmp_path / "desk"
    desk.mkdir()
    monkeypatch.setattr(find, "_shelf", lambda: folder)
    monkeypatch.chdir(desk)
    return folder


def socsim(*args):
    return CliRunner().invoke(main, list(args))


def test_scenarios_lists_title_source_and_variants(shelf):
    outcome = socsim("scenarios")
    assert outcome.exit_code == 0, outcome.stderr
    assert outcome.stdout.splitlines() == [
        "beta: Second",
        "norrkoping: The first",
        "    source: A paper https://example.org/paper",
        "    variants: cheaper, longer",
    ]
    assert "norrkoping: Första\n    källa: A paper" in socsim("scenarios", "--lang", "sv").stdout


def test_scenarios_as_json(shelf):
    second = json.loads(socsim("scenarios", "--json").stdout)["scenarios"][1]
    assert second["name"] == "norrkoping"
    assert second["title"] == {"sv": "Första", "en": "The first"}
    assert second["variants"] == ["cheaper", "longer"]


@pytest.mark.parametrize(
    ("args", "target", "text"),
    [
        ((), "my_contract.toml", ALPHA),
        (("ours",), "ours.toml", ALPHA),
        (("ours.toml", "--from", "beta"), "ours.toml", BETA),
        (("beta",), "beta.toml", BETA),
        (("beta", "ours.toml"), "ours.toml", BETA),
        (("norrkoping", "--from", "beta"), "norrkoping.toml", BETA),
    ],
)
def test_init_copies_byte_for_byte(shelf, args, target, text):
    outcome = socsim("init", *args)
    assert outcome.exit_code == 0, outcome.stderr
    assert outcome.stdout == f"{target}\n"
    assert f"socsim check {target}" in outcome.stderr
    assert Path(target).read_text(encoding="utf-8") == text
    assert [path.name for path in Path().iterdir()] == [target]


def test_init_copies_a_file_of_ones_own(shelf):
    Path("own.toml").write_text("own = 1")
    assert socsim("init", "next", "--from", "own.toml").exit_code == 0
    assert Path("next.toml").read_text() == "own = 1"


def test_init_never_overwrites_unless_forced(shelf):
    Path("ours.toml").write_text("precious")
    outcome = socsim("init", "ours")
    assert outcome.exit_code == 1
    assert outcome.stdout == ""
    assert "--force" in outcome.stderr
    assert Path("ours.toml").read_text() == "precious"
    assert socsim("init", "ours", "--force").exit_code == 0
    assert Path("ours.toml").read_text(encoding="utf-8") == ALPHA


def test_init_from_a_name_that_leads_nowhere_writes_nothing(shelf):
    outcome = socsim("init", "ours", "--from", "betta")
    assert outcome.exit_code == 2
    assert "beta" in outcome.stderr
    assert not list(Path().iterdir())


def test_init_into_a_folder_that_is_not_there(shelf):
    outcome = socsim("init", "nowhere/ours")
    assert outcome.exit_code == 1
    assert "nowhere is not a folder" in outcome.stderr


def test_init_with_two_sources_is_wrong_use(shelf):
    outcome = socsim("init", "beta", "ours.toml", "--from", "norrkoping")
    assert outcome.exit_code == 2
    assert not list(Path().iterdir())
