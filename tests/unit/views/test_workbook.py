"""The workbook read back: every figure is the summary's, text is text, the same bytes each time."""

import datetime
import math
import time
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from simulator.results import Account
from simulator.scenario.numbers_of import assumptions
from simulator.views.language import Language
from simulator.views.report import Run
from simulator.views.workbook import write_workbook, written_in
from simulator.views.workbook.leaves import leaves
from tests.unit.views.page import source
from tests.unit.views.run import contract, example, simulated

FORBIDDEN = set("[]:*?/\\")
STRUCTURE = {"by_year", "by_pocket", "guarantees", "quantiles", "p1", "p5", "p25", "p50", "p75"}
STRUCTURE |= {"p95", "p99", "point_masses", "histogram", "payments", "below", "above", "paths"}
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\tx",
    "'quoted",
    '<script>alert(1)</script>&"',
    "=1+1" * 75,
    "\u202eright to left",
    "🧒🏽 barn",
    "https://example.org/",
    "0123",
    "TRUE",
    "#NAME?",
    "{=1}",
    "a\x01b_x0041_",
)


def made(run: Run, lang: str) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.xlsx"
        write_workbook(path, run, lang)
        return path.read_bytes()


@cache
def content(lang: str = "en") -> bytes:
    return made(source(), lang)


def opened(data: bytes) -> Workbook:
    """The workbook as another program reads it; a warning is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return openpyxl.load_workbook(BytesIO(data))


@cache
def book(lang: str = "en") -> Workbook:
    return opened(content(lang))


def sheet(name: str, lang: str = "en") -> Worksheet:
    return book(lang)[Language(lang).say(f"workbook.sheet.{name}")]


def headed(page: Worksheet) -> list[dict[str, Any]]:
    """The rows below the frozen headings, by heading, down to the first empty row."""
    top = page.freeze_panes and int(str(page.freeze_panes)[1:]) - 1
    rows = list(page.iter_rows(min_row=top, values_only=True))
    found = []
    for row in rows[1:]:
        if all(cell is None for cell in row):
            break
        found.append({str(head): cell for head, cell in zip(rows[0], row, strict=True) if head})
    return found


COLUMNS = {
    "Estimate": "estimate",
    "Standard error": "standard_error",
    "MC interval, low (95%)": "mc_low",
    "MC interval, high (95%)": "mc_high",
    "5% of outcomes": "p5",
    "50% of outcomes": "p50",
    "95% of outcomes": "p95",
}


def same(value: Any) -> Any:
    """A number as a workbook keeps it, with sixteen digits; anything else as it is."""
    if isinstance(value, list):
        return [same(item) for item in value]
    return pytest.approx(value, rel=2e-15, abs=0.0) if isinstance(value, float) else value


def promised(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every estimate of a summary by its key, walked here once more on its own."""
    if isinstance(data, Mapping):
        if "estimate" in data:
            yield ".".join(path), data
            return
        for key, value in data.items():
            yield from promised(value, (*path, key))
    elif isinstance(data, list):
        for item in data:
            if isinstance(item, Mapping):
                names = ("name", "metric", "measure", "event", "pocket", "year")
                name = next((str(item[key]) for key in names if key in item), None)
                if name is not None:
                    yield from promised(item, (*path, name))


def test_a_place_that_takes_no_file_is_an_error_of_the_system(tmp_path: Path) -> None:
    """Whoever writes a folder whole knows those; the writer of sheets wraps them up in its own."""
    with pytest.raises(FileNotFoundError):
        write_workbook(tmp_path / "nowhere" / "report.xlsx", source(), "en")


def test_every_estimate_of_the_summary_is_there_with_its_error_and_its_range() -> None:
    summary, _, _ = example()
    shown = {}
    for key in ("summary", "ranges", "pockets", "party_ranges", "outcomes"):
        for row in headed(sheet(key)):
            before = shown.setdefault(row["Key"], row)  # budgets are in the summary's sheet too
            assert before["Estimate"] == row["Estimate"]
    wanted = {
        key: found
        for key, found in promised(summary)
        if ".quantiles." not in key and key.split(".")[0] not in ("investors", "outcome_payers")
    }
    assert len(wanted) > 130
    assert set(wanted) - set(shown) == set()
    for key, found in wanted.items():
        for heading, part in COLUMNS.items():
            value = found.get(part)
            assert shown[key][heading] == same(value), (key, part)


def test_plain_figures_and_quantiles_are_there_too() -> None:
    summary, _, _ = example()
    shown = {row["Key"]: row for row in headed(sheet("summary"))}
    investor, most = summary["investor"], summary["municipality"]["maximum_payment"]
    assert shown["investor.committed"]["Estimate"] == same(investor["committed"])
    assert shown["municipality.maximum_payment.amount"]["Estimate"] == same(most["amount"])
    assert shown["municipality.maximum_payment.year"]["Estimate"] == most["year"]
    quantiles = {row["Key"]: row for row in headed(sheet("quantiles"))}
    assert len(quantiles) >= 14
    found = investor["quantiles"]["profit"]["p5"]
    row = quantiles["investor.quantiles.profit.p5"]
    assert (row["Percentile"], row["Value"]) == (0.05, same(found["estimate"]))
    assert row["Standard error"] == same(found["standard_error"])
    text = [cell for line in sheet("quantiles").values for cell in line]
    for mass in investor["point_masses"]["profit"]:
        assert same(mass["value"]) in text
        assert same(mass["share"]) in text


@pytest.mark.parametrize("name", ["profit", "irr", "multiple"])
def test_histograms_are_those_of_the_summary(name: str) -> None:
    found = example()[0]["investor"]["histogram"][name]
    rows = headed(sheet(f"histogram_{name}"))
    assert [row["From"] for row in rows] == same(found["edges"][:-1])
    assert [row["To"] for row in rows] == same(found["edges"][1:])
    assert [row["Futures"] for row in rows] == found["counts"]
    assert [row["Without shared values"] for row in rows] == found["without_point_masses"]


def test_loss_exceedance_and_cases_are_those_of_the_summary() -> None:
    summary, _, _ = example()
    steps = headed(sheet("exceedance"))
    wanted = summary["investor"]["loss_exceedance"]
    assert [row["Loss"] for row in steps] == same([step["loss"] for step in wanted])
    chances = [step["probability"]["estimate"] for step in wanted]
    assert [row["Probability of losing more"] for row in steps] == same(chances)
    rows = headed(sheet("cases"))
    for name, said in (("bad", "Bad case"), ("mean", "Mean"), ("good", "Good case")):
        nets = [party["net"] for party in summary["cases"][name]["parties"]]
        assert [row[f"{said}: net"] for row in rows] == same(nets)


def test_cash_flows_are_those_of_the_run() -> None:
    _, flows, _ = example()
    for key, chosen in (
        ("party_periods", flows[flows["kind"] == "net"]),
        ("lines", flows[flows["kind"] != "net"]),
    ):
        rows = headed(sheet(key))
        assert len(rows) == len(chosen) > 20
        for row, (_, flow) in zip(rows, chosen.iterrows(), strict=True):
            assert isinstance(row["Date"], datetime.datetime)
            assert row["Date"].date() == flow["date"]
            assert row["Year"] == flow["year"]
            for heading, part in (
                ("Mean", "mean"),
                ("5% of outcomes", "p5"),
                ("50% of outcomes", "p50"),
                ("95% of outcomes", "p95"),
            ):
                assert row[heading] == same(flow[part])


def test_the_budget_by_year_is_signed_and_its_net_is_the_summarys() -> None:
    years = example()[0]["municipality"]["by_year"]
    rows = headed(sheet("budget"))
    assert [row["Year"] for row in rows] == [year["year"] for year in years]
    for row, year in zip(rows, years, strict=True):
        cells = list(row.values())
        # year, savings, received, payments, own costs, net, 5 %, 50 %, 95 %, running total, chance
        assert cells[1] == same(year["gross_savings"]["estimate"])
        assert cells[3] == same(-year["payments"]["estimate"])
        assert cells[5:9] == same([year["net"][part] for part in ("estimate", "p5", "p50", "p95")])
        assert math.isclose(sum(cells[1:5]), cells[5], rel_tol=1e-9, abs_tol=1e-3)
        assert cells[9] == same(year["cumulative_net"]["estimate"])
        assert cells[10] == same(year["break_even_probability"]["estimate"])


def test_every_assumption_is_there_with_number_grade_and_source() -> None:
    scenario = example()[2]
    rows = {row["Key"]: row for row in headed(sheet("assumptions"))}
    given = {row.key: row for row in assumptions(scenario)}
    assert set(rows) == set(given)
    share = rows["payments.activity.terms.1.share"]
    assert (share["Value"], share["Unit"], share["Grade"]) == (0.4, "%", "fact")
    assert share["Address"] == "https://example.org/paper"
    terms = {row["Key"] for row in headed(sheet("terms"))}
    assert "payments.activity.terms.1.share" in terms
    assert {key.split(".")[0] for key in terms} <= {
        *("capital", "costs", "fees", "payments", "limits", "guarantees", "measures")
    }


def test_the_terms_have_what_each_payment_comes_to() -> None:
    rows = list(sheet("terms").iter_rows(values_only=True))
    top = next(k for k, row in enumerate(rows) if str(row[0]).lower() == "payment")
    payments = example()[0]["contract"]["payments"]
    for row, entry in zip(rows[top + 1 :], payments, strict=False):
        amount = entry["expected_amount"]
        assert row[3].date().isoformat() == entry["first_due"]
        assert row[5] == entry["claims"]
        parts = [amount[part] for part in ("estimate", "p5", "p50", "p95")]
        assert row[6:10] == pytest.approx(parts, rel=1e-12)
        assert row[10] == entry["maximum_amount"]
    assert len(payments) == 2


def test_numbers_have_formats_and_headings_stay_in_sight() -> None:
    page = sheet("summary")
    top = int(str(page.freeze_panes)[1:]) - 1
    heads = [cell.value for cell in page[top]]
    column = heads.index("Estimate")
    formats = {
        str(row[-1].value): row[column].number_format
        for row in page.iter_rows(min_row=top + 1)
        if row[-1].value
    }
    assert formats["investor.expected_profit"] == "#,##0"
    assert formats["investor.loss_probability"] == "0.0%"
    assert formats["investor.expected_multiple"] == "0.00"
    assert formats["municipality.maximum_payment.year"] == "0"
    assert page.auto_filter.ref is not None
    assert page.print_title_rows == f"${top}:${top}"
    for page in book().worksheets:
        setup = page.page_setup
        assert (page.freeze_panes is None) == (page.title == "Contents")
        assert (setup.orientation, setup.paperSize) == ("landscape", 9)
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert setup.fitToHeight == 0


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_tabs_have_names_that_every_program_takes_and_links_lead_to_them(lang: str) -> None:
    names = book(lang).sheetnames
    assert len(names) > 12
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 0 < len(name) <= 31
        assert not FORBIDDEN & set(name)
        assert name.strip("'") == name
    contents = book(lang).worksheets[0]
    links = [cell.hyperlink.location for row in contents.rows for cell in row if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in names[1:]]


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_same_run_gives_the_same_bytes(lang: str) -> None:
    assert made(source(), lang) == content(lang)
    assert content("sv") != content("en")


def test_charts_are_drawn_from_the_cells() -> None:
    with zipfile.ZipFile(BytesIO(content())) as parts:
        assert len(set(parts.namelist())) == len(parts.namelist())
        charts = [name for name in parts.namelist() if name.startswith("xl/charts/chart")]
        drawn = "".join(parts.read(name).decode() for name in charts)
    assert len(charts) == 6  # budget, parties, loss exceedance, three histograms
    assert "'Budget by year'!$A$" in drawn
    assert "'Parties by year'!$B$" in drawn


def test_every_figure_and_account_is_called_something_in_both_languages() -> None:
    summary, flows, _ = example()
    for language in (Language("sv"), Language("en")):
        for leaf in leaves({**summary, "cases": None}):  # these have a sheet of their own
            assert language.has(f"workbook.part.{leaf.path[0]}"), leaf.key
            for word in leaf.words:
                assert word in STRUCTURE or language.has(f"workbook.of.{word}"), leaf.key
        for account in get_args(Account):
            name = account.replace(" ", "_")
            keys = (f"settlement.account.{name}", f"workbook.account.{name}")
            assert any(map(language.has, keys)), account
        for kind in set(flows["kind"]):
            assert language.has(f"workbook.kind.{kind}")


@pytest.mark.serial
def test_writing_takes_less_than_a_second() -> None:
    run = source()
    made(run, "sv")  # what is imported and compiled once is no writing
    begun = time.process_time()
    made(run, "sv")
    assert time.process_time() - begun < 1.0


def test_another_result_gives_other_numbers() -> None:
    run = source()
    summary = dict(run.summary)
    profit = {**summary["investor"]["expected_profit"], "estimate": 123456.789}
    summary["investor"] = {**summary["investor"], "expected_profit": profit}
    altered = opened(made(replace(run, summary=summary), "en"))
    rows = {row["Key"]: row for row in headed(altered["Summary"])}
    assert rows["investor.expected_profit"]["Estimate"] == 123456.789


SETTLED = {
    "scenario": {
        "name": "deal",
        "currency": "SEK",
        "variant": [],
        "overrides": [],
        "titles": {
            "parties": {
                "outcome_payer": {"sv": "Kommunen", "en": "The municipality"},
                "investor": {"sv": "Fonden", "en": "The fund"},
            },
            "measures": {"saving": {"sv": "Besparingen", "en": "=Saving"}},
        },
        "shares": ["saving"],
    },
    "settlement": {
        "drawn": 7_500_000.0,
        "drawn_in_all": 7_500_000.0,
        "activity_payments": 3_000_000.0,
        "outcome_payments": 0.0,
        "repaid": 3_000_000.0,
        "guarantee_payout": 0.0,
        "received": 3_000_000.0,
        "investor_profit": -4_500_000.0,
        "investor_irr": -0.340537,
        "completed": True,
        "terminated": None,
        "basis": "as signed",
        "assumed": ["cost"],
        "partly": {},
        "measures": {"saving": 0.25, "by_period": [1.0, 2.0]},
        "lines": [
            {
                "kind": "activity payment",
                "name": "activity",
                "title": {"sv": "Aktivitetsersättning", "en": "Activity payment"},
                "stretch": "",
                "payers": {"outcome_payer": 1.0},
                "payee": "investor",
                "due": "2019-12-31",
                "inputs": {"capital_drawn": 7_500_000.0},
                "conditions": [],
                "words": [
                    {"term": "share", "level": 0.4, "value_in": 7.5e6, "value_out": 3_000_000.0}
                ],
                "claimed": 3_000_000.0,
                "paid": 3_000_000.0,
                "reading": "",
            }
        ],
        "transfers": [
            {
                "date": "2019-12-31",
                "account": "activity payment",
                "name": "activity",
                "payer": "outcome_payer",
                "payee": "investor",
                "amount": amount,
            }
            for amount in (3_000_000.0, -250.5)
        ],
        "published": {"repaid": 3_000_000.0, "source": None, "tolerance": 1.0},
        "agrees": True,
        "check": None,
        "note": None,
        "percentile": None,
    },
}


def test_a_settlement_beside_the_run_has_sheets_of_its_own() -> None:
    run = replace(source(), analyses={"settlement": SETTLED})
    data = made(run, "en")
    assert data == made(run, "en")
    book = opened(data)
    rows = {row["Item"]: row for row in headed(book["Settlement"])}
    assert rows["The investor's profit"]["Settled"] == -4_500_000
    assert rows["Repaid by outcome payers"]["Published"] == 3_000_000
    assert rows["The investor's IRR"]["Settled"] == -0.340537
    cells = [cell for line in book["Settlement"].values for cell in line]
    assert 0.25 in cells
    assert "=Saving" in cells
    step = next(line for line in book["Settlement"].values if line[1:3] == (7_500_000, 3_000_000))
    assert "40%" in str(step[0])
    paid = headed(book["Settled payments"])
    assert [row["Amount"] for row in paid] == [3_000_000, 250.5]
    assert [row["Payer"] for row in paid] == ["The municipality", "The fund"]
    assert {row["Date"].date() for row in paid} == {datetime.date(2019, 12, 31)}


def test_a_comparison_beside_the_run_has_sheets_of_its_own() -> None:
    from tests.unit.views.test_workbook_policy import compared

    book = opened(made(replace(source(), analyses={"comparison": compared()}), "sv"))
    assert {"Jämförelse", "Siffror per upplägg", "Skillnader"} <= set(book.sheetnames)
    assert len(headed(book["Skillnader"])) == len(compared()["differences"])


def test_a_workbook_says_in_which_language_it_is(tmp_path: Path) -> None:
    for lang in ("sv", "en"):
        (tmp_path / f"{lang}.xlsx").write_bytes(content(lang))
        assert written_in(tmp_path / f"{lang}.xlsx") == lang


@cache
def made_hostile() -> bytes:
    """A run whose every title, source and note is one of the hostile texts."""
    run = source()
    given = run.scenario
    texts = iter(HOSTILE * 200)

    def titles(things: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: thing.model_copy(update={"title": dict.fromkeys(("sv", "en"), next(texts))})
            for name, thing in things.items()
        }

    scenario = given.model_copy(
        update={
            "title": {"sv": HOSTILE[0], "en": HOSTILE[0]},
            "description": {"sv": HOSTILE[0], "en": HOSTILE[0]},
            **{
                table: titles(getattr(given, table))
                for table in ("parties", "cohorts", "metrics", "measures", "pockets", "payments")
            },
        }
    )
    rows = [
        replace(row, source=next(texts), note=next(texts), value=row.value)
        for row in assumptions(scenario)
    ]
    summary, flows, _ = simulated(scenario)
    return made(Run(summary, flows, scenario, rows, run.provenance), "en")


def test_hostile_text_is_text() -> None:
    seen = set()
    for page in opened(made_hostile()).worksheets:
        assert len(page.title) <= 31
        for row in page.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (page.title, cell.coordinate)
                assert cell.data_type != "e", (page.title, cell.coordinate)
                if isinstance(cell.value, str) and cell.value in HOSTILE:
                    seen.add(cell.value)
                    assert cell.hyperlink is None
                    assert bool(cell.quotePrefix) == (cell.value[0] in "=+-@\t")
    assert seen >= set(HOSTILE) - {"a\x01b_x0041_"}


def test_a_chart_never_reads_a_name_as_a_formula() -> None:
    run = source()
    with zipfile.ZipFile(BytesIO(made(_named(run, "=1+1" * 20), "en"))) as parts:
        charts = [name for name in parts.namelist() if name.startswith("xl/charts/chart")]
        drawn = "".join(parts.read(name).decode() for name in charts)
    assert "<c:f>1+1" not in drawn


def _named(run: Run, name: str) -> Run:
    """The same run with every party called so."""
    summary = dict(run.summary)
    title = {"sv": name, "en": name}
    summary["parties"] = [{**party, "title": title} for party in summary["parties"]]
    return replace(run, summary=summary)


def test_twenty_years_and_long_names() -> None:
    years = {'horizon = "3 years"': 'horizon = "20 years"'}
    run = source(simulated(contract(**years), 500))
    data = made(_named(run, "Kommunalförbundet för barn och unga i mellersta delen " * 6), "sv")
    page = opened(data)["Budget per år"]
    rows = headed(page)
    assert [row["År"] for row in rows] == list(range(2024, 2044))
    heights = [page.row_dimensions[number].height or 15 for number in range(1, page.max_row + 1)]
    assert max(heights) <= 400


def test_what_is_not_a_number_leaves_its_cell_empty() -> None:
    run = source()
    flows = run.cash_flows.copy()
    flows.loc[flows["kind"] == "net", "p5"] = math.nan
    page = opened(made(replace(run, cash_flows=flows), "en"))["Parties by period"]
    assert {row["5% of outcomes"] for row in headed(page)} == {None}
    assert all(row["Mean"] is not None for row in headed(page))
