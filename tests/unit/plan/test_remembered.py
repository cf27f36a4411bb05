"""Tables on disk are, bit for bit, what would be worked out; what is not to be trusted is not."""

from __future__ import annotations

import os

import numpy as np
import pytest

from simulator import kept
from simulator.plan.laws import remembered as room
from simulator.plan.laws.continuous import gamma_by
from simulator.plan.laws.remembered import remembered
from simulator.plan.laws.score_table import score_table
from simulator.plan.laws.stepped import mixture
from simulator.plan.laws.unit import _unit_law
from simulator.scenario.model import Spread


def forget():
    """What this process knows of the folder."""
    kept.home.cache_clear()
    room._folder.cache_clear()


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """An empty folder for tables."""
    monkeypatch.setenv("SOCSIM_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(room.SHELF, "written", 0)
    forget()
    yield room._folder()
    forget()


class Maker:
    """Counts how often a table is worked out."""

    def __init__(self):
        self.times = 0

    def __call__(self):
        self.times += 1
        return np.arange(3.0) / 7.0


STATED = ("gamma", 0.5, 2.0)


def test_a_table_is_worked_out_once(shelf):
    make = Maker()
    first, again = (remembered("score", STATED, make) for _ in range(2))
    assert make.times == 1
    assert first.tobytes() == again.tobytes()
    assert len(list(shelf.iterdir())) == 1


def test_another_number_function_or_kind_of_zero_is_another_table(shelf):
    make = Maker()
    for what, stated in (
        ("score", ("gamma", 0.5, 2.0)),
        ("score", ("gamma", 0.5, 2.0000000000000004)),
        ("words", ("gamma", 0.5, 2.0)),
        ("score", ("lognormal", 0.0, 2.0)),
        ("score", ("lognormal", -0.0, 2.0)),
    ):
        remembered(what, stated, make)
    assert make.times == 5


def test_what_is_stated_by_more_than_numbers_is_always_worked_out(shelf):
    make = Maker()
    for _ in range(2):
        remembered("score", (), make)
    assert make.times == 2
    law = mixture([(0.5, gamma_by(2.0, 1.0)), (0.5, gamma_by(3.0, 1.0))])
    assert law.stated == ()


@pytest.mark.parametrize("damage", [b"", b"\0" * 40, None])
def test_a_damaged_table_is_worked_out_again_and_replaced(shelf, damage):
    make = Maker()
    remembered("score", STATED, make)
    (file,) = shelf.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] if damage is None else damage)
    remembered("score", STATED, make)
    assert make.times == 2
    assert file.read_bytes() == whole


def test_a_table_under_another_name_is_not_taken(shelf):
    make = Maker()
    remembered("score", STATED, make)
    (file,) = shelf.iterdir()
    other = repr(("score", ("gamma", 0.5, 3.0)))
    file.rename(shelf / f"{kept.short(other)}.kept")
    remembered("score", ("gamma", 0.5, 3.0), make)
    assert make.times == 2


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="POSIX permissions")
def test_a_folder_that_others_can_write_to_is_not_read(shelf):
    make = Maker()
    remembered("score", STATED, make)
    shelf.chmod(0o777)
    remembered("score", STATED, make)
    assert make.times == 2


def test_where_nothing_can_be_written_it_is_worked_out_each_time(shelf):
    shelf.parent.mkdir(parents=True, exist_ok=True)
    shelf.write_text("a file where the folder should be: even root cannot write there")
    make = Maker()
    for _ in range(2):
        remembered("score", STATED, make)
    assert make.times == 2


def test_a_search_does_not_fill_the_disk(shelf, monkeypatch):
    """66 laws leave 64 tables; the next process removes the first of more than 60."""
    make = Maker()
    for shape in range(66):
        remembered("score", ("gamma", float(shape), 1.0), make)
    assert len(list(shelf.iterdir())) == room.MOST_WRITTEN == 64
    monkeypatch.setattr(room.SHELF, "written", 0)
    monkeypatch.setattr(room.SHELF, "most_kept", 60)
    remembered("score", ("gamma", 66.0, 1.0), make)
    assert len(list(shelf.iterdir())) == 60
    remembered("score", ("gamma", 66.0, 1.0), make)
    assert make.times == 67


def test_what_chooses_how_a_processor_computes_is_part_of_the_name(shelf, monkeypatch):
    monkeypatch.setenv("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-AVX2")
    room._folder.cache_clear()
    assert room._folder() != shelf


def tables():
    """A law's table over scores, and both tables of a cut gamma with zeros, all made anew."""
    gamma_by.cache_clear()
    law = gamma_by(1.7, 0.3)
    people = _unit_law(Spread(law="gamma", sd=1.5, none=0.3, most=6.0), 1.0)
    words = people.uniform_table()
    return (
        score_table(law).x, people.score_table().x, words.value, words.slope,
        np.array([people.score_table().none_score, people.covariance(0.4), words.mean, words.sd]),
    )  # fmt: skip


def test_tables_of_laws_are_read_bit_for_bit(shelf):
    made = tables()
    # score, cut, unit score, unit words, covariance
    assert len(list(shelf.iterdir())) == 5
    stamps = {file: file.stat().st_mtime_ns for file in shelf.iterdir()}
    read = tables()
    assert [a.tobytes() for a in read] == [a.tobytes() for a in made]
    assert {file: file.stat().st_mtime_ns for file in shelf.iterdir()} == stamps
