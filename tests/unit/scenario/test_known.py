"""A file without fault is examined once; a file with one is examined each time, and so is a change.

What is known lies in a folder that is empty at the beginning of each test.
"""

from __future__ import annotations

import pytest

from simulator import kept
from simulator.errors import ScenarioError
from simulator.scenario import document, known, load
from simulator.scenario.find import resolve_name

FILE = "[time]\nstart = 2020-01-01\nyears = [1, 2.5]\n"


def forget():
    """What this process knows of files and of the folder."""
    kept.home.cache_clear()
    known._folder.cache_clear()
    document._document_of.cache_clear()
    load._OPENED.clear()


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    monkeypatch.setenv("SOCSIM_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(known.SHELF, "written", 0)
    forget()
    yield
    forget()


@pytest.fixture
def examined(monkeypatch):
    """Every tree that is examined."""
    seen = []
    real = load.examine

    def told(what, **more):
        seen.append(what.tree)
        return real(what, **more)

    monkeypatch.setattr(load, "examine", told)
    return seen


@pytest.fixture
def scenario(tmp_path):
    """A scenario with one variant, in a file of its own."""
    text = resolve_name("benchmark").read_text(encoding="utf-8")
    file = tmp_path / "mine.toml"
    file.write_text(text + "\n[variants.lasting]\ntime.horizon = '12 years'\n", encoding="utf-8")
    return file


def loaded(file, **more):
    """The scenario, as a process loads it that knows nothing but what is on disk."""
    forget()
    return load.load_scenario(file, **more)


def test_a_file_without_fault_is_examined_once(shelf, examined, scenario):
    first = loaded(scenario)
    once = len(examined)  # the scenario, its variants, and what is left without idle keys
    again = loaded(scenario)
    assert again == first
    assert 1 <= len(examined) - once < once


def test_what_changes_it_is_examined_all_the_same(shelf, examined, scenario):
    loaded(scenario)
    for change in ({"overrides": ["limits.multiple=-1"]}, {"variants": ["nobody"]}):
        with pytest.raises(ScenarioError):
            loaded(scenario, **change)


def test_a_fault_in_a_variant_that_is_not_run_is_found_each_time(shelf, examined, scenario):
    scenario.write_text(scenario.read_text().replace("'12 years'", "'12 yeers'"))
    for _ in range(2):
        with pytest.raises(ScenarioError, match=r"variants\.lasting\.time\.horizon"):
            loaded(scenario)


def test_another_text_is_another_file(shelf, examined, scenario):
    """The variant is examined again when anything is edited."""
    loaded(scenario)
    before = len(examined)
    scenario.write_text(scenario.read_text().replace("'12 years'", "'11 years'"))
    loaded(scenario)
    horizons = {tree["time"]["horizon"] for tree in examined[before:]}
    assert "11 years" in horizons


def test_a_column_of_another_file_is_part_of_what_it_says(shelf, examined, tmp_path):
    """The same text, and a CSV file beside it that has changed to something that cannot be."""
    text = resolve_name("benchmark").read_text(encoding="utf-8")
    file = tmp_path / "mine.toml"
    file.write_text(
        text.replace(
            "cashable = { value = 1.0", 'cashable = { empirical = { file = "shares.csv" }', 1
        ),
        encoding="utf-8",
    )
    (tmp_path / "shares.csv").write_text("x\n0.1\n0.2\n")
    assert [found(file), found(file)] == ["", ""]
    (tmp_path / "shares.csv").write_text("x\n0.1\n7.0\n")
    assert "pockets.budget.cashable" in found(file)


def found(file):
    """The problems of a file, or none."""
    try:
        loaded(file)
    except ScenarioError as error:
        return str(error)
    return ""


def test_places_are_read_as_they_were_found(shelf):
    first = known.parsed(FILE, "a.toml", document.parse_document)

    def never(text, file):
        raise AssertionError("parsed again")

    again = known.parsed(FILE, "a.toml", never)
    assert again == first
    assert again.place(("time", "years", 1)).value == (3, 13)
    with pytest.raises(AssertionError):
        known.parsed(FILE, "b.toml", never)  # problems name the file
    with pytest.raises(AssertionError):
        known.parsed(FILE + "#", "a.toml", never)


def test_where_nothing_can_be_kept_all_is_examined(monkeypatch, tmp_path, examined, scenario):
    """A file stands where the folder should be: even root cannot write there."""
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    monkeypatch.setattr(known, "_folder", lambda: blocked)
    monkeypatch.setattr(known.SHELF, "folder", lambda: blocked)
    load._OPENED.clear()
    document._document_of.cache_clear()
    load.load_scenario(scenario)
    once = len(examined)
    load._OPENED.clear()
    document._document_of.cache_clear()
    load.load_scenario(scenario)
    assert len(examined) == 2 * once
