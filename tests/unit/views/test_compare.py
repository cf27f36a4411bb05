"""A comparison in text: readable at eighty columns, in both languages, whatever is compared."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from simulator.analysis import compare
from simulator.views.compare import compare_lines

DEAL = str(Path(__file__).parents[2] / "worked" / "deal.toml")
SIX = (
    "norrkoping",
    "norrkoping@window_3y",
    "norrkoping@in_house",
    "norrkoping@in_house_reinvested",
    "norrkoping@internal_fund",
    "norrkoping@nothing",
)


@cache
def data(*designs):
    return compare(designs, paths=256).to_dict()


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_six_designs_stand_side_by_side_in_eighty_columns(lang):
    lines = compare_lines(data(*SIX), lang)
    assert max(map(len, lines)) <= 80
    heads = [line for line in lines if line.split()[-6:] == list("ABCDEF")]
    assert len(heads) == 1


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_more_designs_stand_below_with_the_first_again(lang):
    lines = compare_lines(data(*SIX, "norrkoping@wide_perimeter", "norrkoping"), lang)
    assert max(map(len, lines)) <= 80
    assert sum(line.split()[-3:] == ["A", "G", "H"] for line in lines) == 1


def row(lines, label):
    (found,) = [line for line in lines if line.strip().startswith(label)]
    return found.split(label)[1].split()


def test_the_municipalitys_rows_add_up():
    """Saving − payments − programme and own costs = net, in every column of the deal."""
    lines = compare_lines(data(DEAL, f"{DEAL}@in_house", f"{DEAL}@nothing"), "en")
    assert row(lines, "Saving in own budgets, true") == ["800", "800", "0"]
    assert row(lines, "− payments and fees") == ["400", "0", "0"]
    assert row(lines, "− programme and own costs") == ["0", "150", "0"]
    assert row(lines, "= net budget effect") == ["400", "650", "0"]
    assert row(lines, "Service users") == ["10", "10", "10"]


def test_an_investor_who_is_not_there_has_no_figures():
    lines = compare_lines(data(DEAL, f"{DEAL}@in_house"), "en")
    assert row(lines, "Expected profit") == ["250", "–"]
    assert not any("investor: profit" in line for line in lines)


def test_equal_designs_are_said_to_be_equal():
    lines = compare_lines(data(DEAL, DEAL), "en")
    assert "   nothing differs in these figures" in lines
    assert any("start from the same inputs" in line for line in lines)


@pytest.mark.parametrize(("lang", "said"), [("en", "68.8% of the contract's"), ("sv", "68,8 % av")])
def test_the_switching_value_is_said_in_words_once_for_equal_answers(lang, said):
    lines = compare_lines(data(DEAL, f"{DEAL}@in_house", f"{DEAL}@internal_fund"), lang)
    text = " ".join(line.strip() for line in lines).replace("\u00a0", " ")
    assert text.count(said) == 1
    assert ("B and C" if lang == "en" else "B och C") in text
    assert ("45.5% better" if lang == "en" else "45,5 % bättre") in text  # 1/0.6875 − 1


def test_inputs_are_told_by_value():
    lines = compare_lines(data("norrkoping", "norrkoping@window_3y"), "sv")
    found = [line.strip().replace("\u00a0", " ") for line in lines if "saving.window" in line]
    assert found == ["measures.saving.window: A: 2 år; B: 3 år"]
