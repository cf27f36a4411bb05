"""The accrual view on the page: what the summary says, in the words of municipal accounting."""

import copy

from simulator.views.language import Language
from simulator.views.report.municipality.accrual import accrual_tables
from tests.unit.views.page import read, rendered
from tests.unit.views.run import contract, example, simulated

BALANCE = (("liability", "estimate"), *(("provision", k) for k in ("estimate", "p5", "p95")))


def test_the_balance_table_is_the_summary_in_both_languages() -> None:
    years = example()[0]["municipality"]["by_year"]
    for lang, caption in (("sv", "Skuld, avsättning"), ("en", "Liability, provision")):
        language = Language(lang)
        tables = read(rendered(lang, reader="municipality")).tables
        rows = next(rows for name, rows in tables.items() if name.startswith(caption))
        assert [row[0] for row in rows[1:]] == ["2024", "2025", "2026"]
        for row, year in zip(rows[1:], years, strict=True):
            assert row[1:5] == [language.decimal(year[n][k] / 1000) for n, k in BALANCE]
    assert any(year["provision"]["estimate"] > 1e5 for year in years)  # not a table of zeros


def test_a_contract_that_pays_at_its_end_shows_what_is_owed() -> None:
    waits = contract(**{'paid = "as delivered"': 'paid = "at end"'})
    years = simulated(waits)[0]["municipality"]["by_year"]
    owed = [year["liability"]["estimate"] for year in years]
    assert owed[0] > 1e3
    assert owed[-1] == 0.0
    balance, _ = accrual_tables(years, Language("en"))
    shown = Language("en").decimal(owed[0] / 1000)
    assert balance.rows[0].cells[1] == shown


def test_where_nothing_bounds_the_contract_a_dash_stands_for_the_contingent_liability() -> None:
    years = copy.deepcopy(example()[0]["municipality"]["by_year"])
    for year in years:
        year["contingent_liability"] = None
    balance, _ = accrual_tables(years, Language("sv"))
    assert {row.cells[5] for row in balance.rows} == {"–"}


def test_a_forgiven_repayment_has_a_column_only_where_there_can_be_one() -> None:
    # the example has no service provider: the investor's money goes to the municipality itself
    years = copy.deepcopy(example()[0]["municipality"]["by_year"])
    language = Language("sv")
    _, forgiven = accrual_tables(years, language)
    assert [column.title for column in forgiven.columns][2] == "efterskänkt återbetalning"
    wanted = [language.decimal(year["forgiven_repayment"]["estimate"] / 1000) for year in years]
    assert [row.cells[2] for row in forgiven.rows] == wanted
    assert wanted[-1] != "0"
    for year in years:
        year["forgiven_repayment"] = None
    _, plain = accrual_tables(years, language)
    assert [column.title for column in plain.columns] == [
        "år",
        "årets kostnad",
        "effekt, väntad",
        "5\u00a0%",
        "95\u00a0%",
        "med endast realiserbar besparing",
    ]
