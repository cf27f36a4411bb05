"""Folders are written whole or not at all; what is damaged in them is told."""

from __future__ import annotations

import errno
import math
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simulator.errors import ResultError
from simulator.folder import (
    force_to_disk,
    read_json,
    read_parquet,
    reason,
    write_json,
    write_parquet,
    write_whole,
)


def content(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in sorted(folder.iterdir())}


def writer(**files: str):
    def fill(making: Path) -> None:
        for name, text in files.items():
            (making / f"{name}.json").write_text(text)

    return fill


def test_a_folder_appears_with_everything_in_it(tmp_path):
    place = write_whole(tmp_path / "a" / "b" / "run", writer(summary="1", more="2"))
    assert place == tmp_path / "a" / "b" / "run"
    assert content(place) == {"more.json": "2", "summary.json": "1"}
    assert [p.name for p in place.parent.iterdir()] == ["run"]
    assert place.stat().st_mode & 0o777 == 0o755


def test_nothing_is_seen_before_everything_is_there(tmp_path):
    def fill(making: Path) -> None:
        (making / "summary.json").write_text("1")
        assert not (tmp_path / "run").exists()

    write_whole(tmp_path / "run", fill)
    assert (tmp_path / "run").exists()


@pytest.mark.parametrize("trouble", [ValueError("no number"), KeyboardInterrupt(), MemoryError()])
@pytest.mark.parametrize("existing", [False, True])
def test_a_writer_that_fails_leaves_nothing_and_touches_nothing(tmp_path, trouble, existing):
    if existing:
        write_whole(tmp_path / "run", writer(summary="old"))

    def fill(making: Path) -> None:
        (making / "summary.json").write_text("half")
        raise trouble

    with pytest.raises(type(trouble)):
        write_whole(tmp_path / "run", fill)
    assert [p.name for p in tmp_path.iterdir()] == (["run"] if existing else [])
    if existing:
        assert content(tmp_path / "run") == {"summary.json": "old"}


@pytest.mark.parametrize("existing", [False, True])
def test_a_full_disk_is_told_and_touches_nothing(tmp_path, existing):
    if existing:
        write_whole(tmp_path / "run", writer(summary="old"))

    def fill(making: Path) -> None:
        (making / "summary.json").write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(ResultError, match=r"No space left on device; nothing was changed"):
        write_whole(tmp_path / "run", fill)
    assert [p.name for p in tmp_path.iterdir()] == (["run"] if existing else [])


def test_a_swap_that_fails_puts_the_old_folder_back(tmp_path, monkeypatch):
    write_whole(tmp_path / "run", writer(summary="old"))
    replace = os.replace

    def stubborn(source, target):
        if Path(target) == tmp_path / "run" and not str(source).endswith(".old"):
            raise OSError(13, "Permission denied")
        replace(source, target)

    monkeypatch.setattr(os, "replace", stubborn)
    with pytest.raises(ResultError, match="Permission denied"):
        write_whole(tmp_path / "run", writer(summary="new"))
    assert content(tmp_path / "run") == {"summary.json": "old"}
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_a_place_under_a_file_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ResultError, match="cannot write to"):
        write_whole(tmp_path / "file" / "run", writer(summary="1"))
    assert (tmp_path / "file").read_text() == "in the way"


def test_a_file_in_the_folders_place_is_left_alone(tmp_path):
    (tmp_path / "run").write_text("in the way")
    with pytest.raises(ResultError, match="nothing was changed"):
        write_whole(tmp_path / "run", writer(summary="1"))
    assert (tmp_path / "run").read_text() == "in the way"
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_read_only_parent_is_told(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(ResultError, match=r"cannot write to .*Permission denied"):
            write_whole(tmp_path / "run", writer(summary="1"))
    finally:
        tmp_path.chmod(0o700)
    assert list(tmp_path.iterdir()) == []


def test_a_parent_that_refuses_is_told(tmp_path, monkeypatch):
    def refuse(**_: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("simulator.folder.tempfile.mkdtemp", refuse)
    with pytest.raises(ResultError, match=r"cannot write to .*Permission denied"):
        write_whole(tmp_path / "run", writer(summary="1"))
    assert list(tmp_path.iterdir()) == []


def test_an_older_folder_is_replaced(tmp_path):
    write_whole(tmp_path / "run", writer(summary="old", paths="old"))
    write_whole(tmp_path / "run", writer(summary="new"))
    assert content(tmp_path / "run") == {"summary.json": "new"}
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_what_was_laid_beside_the_same_run_is_kept(tmp_path):
    write_whole(tmp_path / "run", writer(summary="same", provenance="old"))
    (tmp_path / "run" / "decisions.json").write_text("kept")
    (tmp_path / "run" / "deeper").mkdir()
    write_whole(tmp_path / "run", writer(summary="same", provenance="new"))
    assert content(tmp_path / "run") == {
        "decisions.json": "kept",
        "provenance.json": "new",
        "summary.json": "same",
    }


def test_what_a_killed_process_left_is_removed_an_hour_later(tmp_path):
    """It may be gigabytes; a folder that changed within the hour may be another process's."""
    names = [".run.0a_b1c2d", ".run.0a_b1c2e.old", ".run.fresh_12"]
    others = [".run.paths.new", ".run.state", ".runs.0a_b1c2d"]
    for name in (*names, *others):
        (tmp_path / name).mkdir()
        (tmp_path / name / "paths.parquet").write_text("half")
        if name != ".run.fresh_12":
            os.utime(tmp_path / name, (1e9, 1e9))
    write_whole(tmp_path / "run", writer(summary="1"))
    assert {p.name for p in tmp_path.iterdir()} == {"run", ".run.fresh_12", *others}


@pytest.mark.skipif(not hasattr(os, "O_DIRECTORY"), reason="folders cannot be forced to disk")
def test_all_of_a_folder_is_forced_to_disk_and_its_name_too(tmp_path, monkeypatch):
    folder = write_whole(tmp_path / "run", writer(summary="1", more="2"))
    forced = set()
    monkeypatch.setattr(os, "fsync", lambda handle: forced.add(os.fstat(handle).st_ino))
    force_to_disk(folder)
    places = (tmp_path, folder, folder / "summary.json", folder / "more.json")
    assert forced == {place.stat().st_ino for place in places}


def test_leftovers_of_an_interrupted_run_are_not_in_the_way(tmp_path):
    left = tmp_path / ".run.abcd1234"
    left.mkdir()
    (left / "summary.json").write_text("half")
    write_whole(tmp_path / "run", writer(summary="1"))
    assert content(tmp_path / "run") == {"summary.json": "1"}
    assert (left / "summary.json").read_text() == "half"  # perhaps another run's, still under way


def test_json_comes_back_and_never_holds_nan(tmp_path):
    data = {"namn": "Norrköping", "value": 0.1, "none": None, "list": [1, 2.5]}
    write_json(tmp_path / "a.json", data)
    assert read_json(tmp_path / "a.json") == data
    assert "Norrköping" in (tmp_path / "a.json").read_text(encoding="utf-8")
    for number in (math.nan, math.inf):
        with pytest.raises(ValueError, match="not JSON compliant"):
            write_json(tmp_path / "b.json", {"value": number})
    assert not (tmp_path / "b.json").exists()


@pytest.mark.parametrize("text", ["", "{", '{"a": 1', "[1, 2]", "3", "\ufeff{", "null"])
def test_damaged_json_is_told(tmp_path, text):
    (tmp_path / "summary.json").write_text(text, encoding="utf-8")
    with pytest.raises(ResultError, match="damaged"):
        read_json(tmp_path / "summary.json")


def test_a_missing_file_says_that_it_is_no_result_folder(tmp_path):
    with pytest.raises(ResultError, match=r"is not a result folder: summary\.json is missing"):
        read_json(tmp_path / "summary.json")
    assert read_parquet(tmp_path / "paths.parquet") is None


def test_parquet_keeps_every_bit(tmp_path):
    frame = pd.DataFrame({"a": [0.1, -0.0, np.nan, np.inf, 5e-324], "n": np.arange(5)})
    frame.index.name = "path"
    write_parquet(tmp_path / "paths.parquet", frame)
    found = read_parquet(tmp_path / "paths.parquet")
    assert found is not None
    assert found.index.name == "path"
    assert found["a"].to_numpy().tobytes() == frame["a"].to_numpy().tobytes()
    assert found["n"].tolist() == frame["n"].tolist()


def test_damaged_parquet_is_told(tmp_path):
    (tmp_path / "paths.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(ResultError, match="damaged"):
        read_parquet(tmp_path / "paths.parquet")


@pytest.mark.parametrize("words", [(), (errno.ENOSPC,)])
def test_why_a_file_could_not_be_written_is_told_in_the_systems_words(words):
    """Arrow puts them into its own, with the number of the error and without."""
    error = OSError(*words, f"Error writing bytes to file. Detail: [errno {errno.ENOSPC}] whatever")
    assert reason(error) == os.strerror(errno.ENOSPC)
