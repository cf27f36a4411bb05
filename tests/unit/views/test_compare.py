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
def compared(*designs):
    return compare(designs, paths=256)


def lines_of(lang, *designs):
    made = compared(*designs)
    return compare_lines(made.to_dict(), [design.base for design in made.designs], lang)


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_six_designs_stand_side_by_side_in_eighty_columns(lang):
    lines = lines_of(lang, *SIX)
    assert max(map(len, lines)) <= 80
    heads = [line for line in lines if line.split()[-6:] == list("ABCDEF")]
    assert len(heads) == 1


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_more_designs_stand_below_with_the_first_again(lang):
    lines = lines_of(lang, *SIX, "norrkoping@wide_perimeter", "norrkoping")
    assert max(map(len, lines)) <= 80
    assert sum(line.split()[-3:] == ["A", "G", "H"] for line in lines) == 1


def row(lines, label):
    (found,) = [line for line in lines if line.strip().startswith(label)]
    return found.split(label)[1].split()


def test_the_municipalitys_rows_add_up():
    """Saving − payments − programme and own costs = net, in every column of the deal."""
    lines = lines_of("en", DEAL, f"{DEAL}@in_house", f"{DEAL}@nothing")
    assert row(lines, "Saving in own budgets, true") == ["800", "800", "0"]
    assert row(lines, "− payments and fees") == ["400", "0", "0"]
    assert row(lines, "− programme and own costs") == ["0", "150", "0"]
    assert row(lines, "= net budget effect") == ["400", "650", "0"]
    assert row(lines, "Service users") == ["10", "10", "10"]


def test_an_investor_who_is_not_there_has_no_figures():
    lines = lines_of("en", DEAL, f"{DEAL}@in_house")
    assert row(lines, "Expected profit") == ["250", "–"]
    assert not any("investor: profit" in line for line in lines)


def test_equal_designs_are_said_to_be_equal():
    lines = lines_of("en", DEAL, DEAL)
    assert "   nothing differs in these figures" in lines
    assert any("start from the same inputs" in line for line in lines)


@pytest.mark.parametrize(("lang", "said"), [("en", "68.8% of the contract's"), ("sv", "68,8 % av")])
def test_the_switching_value_is_said_in_words_once_for_equal_answers(lang, said):
    lines = lines_of(lang, DEAL, f"{DEAL}@in_house", f"{DEAL}@internal_fund")
    text = " ".join(line.strip() for line in lines).replace("\u00a0", " ")
    assert text.count(said) == 1
    assert ("B and C" if lang == "en" else "B och C") in text
    assert ("45.5% better" if lang == "en" else "45,5 % bättre") in text  # 1/0.6875 − 1


def test_inputs_are_told_by_value_in_groups():
    lines = lines_of("sv", "norrkoping", "norrkoping@window_3y")
    found = lines[lines.index("Vad som skiljer i indata") + 1 :]
    assert [line.replace("\u00a0", " ") for line in found] == [
        "  Vad som mäts",
        "    Uppmätt besparing i socialtjänsten: mätfönster [measures.saving.window]",
        "      A: 2 år",
        "      B: 3 år",
    ]


@pytest.mark.parametrize(("lang", "payer"), [("sv", "Regionen"), ("en", "The region")])
def test_a_region_that_pays_is_called_a_region(lang, payer):
    lines = lines_of(lang, "health_bond", "health_bond@in_house")
    assert payer in lines
    assert not [line for line in lines if "kommun" in line.lower() or "municipality" in line]


@pytest.mark.parametrize(
    ("lang", "payer", "luck"),
    [("sv", "Den utfallsansvariga", "olika kontrakt"), ("en", "The outcome payer", "different")],
)
def test_different_scenarios_are_said_to_be_so_and_long_lists_are_folded(lang, payer, luck):
    lines = lines_of(lang, "norrkoping", "health_bond")
    assert max(map(len, lines)) <= 80
    assert payer in lines
    assert luck in " ".join(lines)
    heading = "Vad som skiljer i indata" if lang == "sv" else "What differs in the inputs"
    told = lines[lines.index(heading) :]
    assert len(told) < 200  # 250 keys differ
    assert not any("None" in line for line in told)
