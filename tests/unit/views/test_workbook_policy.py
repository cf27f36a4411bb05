"""Workbooks of comparisons and funds read back: their figures are those of the JSON files."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from openpyxl.workbook import Workbook

from simulator.fund.load import load_fund
from simulator.views.language import Language
from simulator.views.workbook import write_comparison_workbook, write_fund_workbook
from tests.unit.views.fund_result import fund_result
from tests.unit.views.run import contract, example, simulated
from tests.unit.views.test_workbook import headed, opened, promised, same

RICH = Path(__file__).parents[2] / "cases" / "fund" / "valid" / "rich.toml"
SHOWN = {"Estimate": "estimate", "Standard error": "standard_error", "5% of outcomes": "p5"}


@cache
def less() -> Any:
    return simulated(contract(**{"coverage = 0.5": "coverage = 0.25"}))


@cache
def compared() -> dict[str, Any]:
    """A comparison of two made-up runs, in the form of comparison.json."""
    other = less()
    designs = [
        {
            "name": name,
            "title": {"sv": title, "en": title},
            "made": None,
            "scenario": "deal",
            "variant": [],
            "hash": hashed,
            "summary": summary,
        }
        for name, title, hashed, summary in (
            ("deal", "The deal", "a" * 64, example()[0]),
            ("deal@less", "=Less cover", "b" * 64, other[0]),
        )
    ]
    gap = {
        "estimate": 1234.5,
        "standard_error": 10.0,
        "mc_low": 1214.9,
        "mc_high": 1254.1,
        "p5": -1.0,
        "p50": 2.0,
        "p95": 3.0,
    }
    return {
        "currency": "SEK",
        "simulation": {"paths": 3000, "seed": 7, "version": "0.1.0"},
        "assumptions": {"same_effect": 1.0, "payback_share": 1.0},
        "designs": designs,
        "differences": [
            {
                "design": "deal@less",
                "figure": figure,
                "difference": gap,
                "better": None,
                "share_better": 0.75,
                "share_worse": 0.25,
                "method": "paired",
            }
            for figure in ("municipality.net_budget_effect", "municipality.by_year.2024.net")
        ],
        "inputs": [
            {"key": "guarantees.state.coverage", "values": {"deal": "0.5", "deal@less": "0.25"}}
        ],
        "switching": [],
    }


@cache
def comparison(lang: str = "en") -> Workbook:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.xlsx"
        given = {"data": compared(), "scenarios": [example()[2], less()[2]], "lang": lang}
        write_comparison_workbook(path, **given)
        first = path.read_bytes()
        write_comparison_workbook(path, **given)
        assert path.read_bytes() == first
    return opened(first)


@cache
def fund(lang: str = "en") -> Workbook:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.xlsx"
        given = {"result": fund_result(), "fund": load_fund(RICH), "lang": lang}
        write_fund_workbook(path, **given)
        first = path.read_bytes()
        write_fund_workbook(path, **given)
        assert path.read_bytes() == first
    return opened(first)


def sheet(book: Workbook, name: str, lang: str = "en") -> list[dict[str, Any]]:
    return headed(book[Language(lang).say(f"workbook.sheet.{name}")])


def test_every_figure_of_every_design_is_there() -> None:
    rows = {(row["Design"], row["Key"]): row for row in sheet(comparison(), "designs")}
    for letter, design in zip("AB", compared()["designs"], strict=True):
        title = f"{letter}  {design['title']['en']}"
        wanted = {
            key: found
            for key, found in promised(design["summary"])
            if ".quantiles." not in key and key.split(".")[0] not in ("investors", "outcome_payers")
        }
        assert len(wanted) > 130
        for key, found in wanted.items():
            for heading, part in SHOWN.items():
                assert rows[title, key][heading] == same(found.get(part)), key


def test_the_scorecard_and_the_overview_are_those_of_the_designs() -> None:
    summaries = [design["summary"] for design in compared()["designs"]]
    nets = [summary["municipality"]["net_budget_effect"] for summary in summaries]
    rows = [list(row.values()) for row in sheet(comparison(), "scorecard")]
    place = next(n for n, row in enumerate(rows) if row[0] == "= net budget effect")
    assert rows[place][1:] == same([net["estimate"] for net in nets])
    assert rows[place + 1][1:] == same([net["p5"] for net in nets])
    assert rows[place + 3][1:] == same([net["p95"] for net in nets])
    overview = [list(row.values()) for row in sheet(comparison(), "overview")]
    assert [row[1] for row in overview] == same([net["estimate"] for net in nets])
    assert [row[-1] for row in overview] == ["deal", "deal@less"]


def test_differences_are_those_of_the_comparison() -> None:
    rows = sheet(comparison(), "differences")
    assert [(row["Key"], row["Year"], row["Estimate"], row["Better in"]) for row in rows] == [
        ("municipality.net_budget_effect", None, 1234.5, 0.75),
        ("municipality.by_year.2024.net", 2024, 1234.5, 0.75),
    ]
    assert {row["Design"] for row in rows} == {"B  =Less cover"}
    assert {row["Worse in"] for row in rows} == {0.25}


def test_inputs_that_differ_are_told_in_words() -> None:
    rows = sheet(comparison(), "inputs")
    told = next(row for row in rows if row["Key"] == "guarantees.state.coverage")
    assert (told["A  The deal"], told["B  =Less cover"]) == ("50%", "25%")


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_nothing_is_a_formula_and_all_has_a_name(lang: str) -> None:
    for book in (comparison(lang), fund(lang)):
        assert len(set(map(str.casefold, book.sheetnames))) == len(book.sheetnames)
        for page in book.worksheets:
            assert len(page.title) <= 31
            for row in page.iter_rows():
                for cell in row:
                    assert cell.data_type not in ("f", "e"), (page.title, cell.coordinate)


def figures(data: Any, path: tuple[str, ...] = ()) -> dict[str, Any]:
    """Every estimate of a design of a fund by its key."""
    if isinstance(data, Mapping):
        if "estimate" in data:
            return {".".join(path): data}
        names = ("party", "kind", "year") if path and path[-1] in LISTS else ()
        named = next((str(data[key]) for key in names if key in data), "")
        path = (*path, named) if named else path
        return {
            k: v for key, value in data.items() for k, v in figures(value, (*path, key)).items()
        }
    if isinstance(data, (list, tuple)):
        return {k: v for item in data for k, v in figures(item, path).items()}
    return {}


LISTS = ("by_year", "by_kind", "positions")


def test_every_figure_of_every_design_of_a_fund_is_there() -> None:
    book, data = fund(), fund_result().to_dict()
    shown = {row["Key"]: row for name in ("designs", "fund_years") for row in sheet(book, name)}
    wanted = {
        key: found
        for design in data["designs"]
        for key, found in figures(design, (design["name"],)).items()
    }
    assert len(wanted) > 200
    for key, found in wanted.items():
        for heading, part in {**SHOWN, "99% of outcomes": "p99"}.items():
            assert shown[key][heading] == same(found.get(part)), key


def test_gains_order_and_trials_are_those_of_the_fund() -> None:
    book, data = fund(), fund_result().to_dict()
    gains = [list(row.values()) for row in sheet(book, "gains")]
    # investors 0.25, municipalities 0.5, the state −1, society −0.25; nothing has no cost
    assert gains[0][1:] == [None] * 8
    assert gains[1][1:] == [0.25, 0.5, 0, 0, 0, -1, 0, -0.25]
    order = sheet(book, "order")
    assert [row["Settled"] for row in order] == [
        "yes" if row["decided"] else "no" for row in data["rankings"]
    ]
    assert [row["Difference"] for row in order] == same(
        [row["difference"]["estimate"] for row in data["rankings"]]
    )
    trials = sheet(book, "trials")
    assert len(trials) == len(data["designs"]) * (1 + len(data["robustness"]))
    overview = sheet(book, "overview")
    costs = [design["net_public_cost"]["estimate"] for design in data["designs"]]
    assert [row["Net public cost"] for row in overview] == same(costs)


def test_assumptions_of_a_fund_have_their_numbers() -> None:
    rows = sheet(fund(), "assumptions")
    assert len(rows) > 20
    assert {row["Grade"] for row in rows} <= {"fact", "estimate", "assumption", "not stated"}
    assert any(isinstance(row["Value"], (int, float)) for row in rows)
