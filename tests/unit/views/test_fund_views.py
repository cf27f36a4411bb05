"""A fund run in words: the tables of the terminal and the page."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from simulator.fund import model
from simulator.fund.load import load_fund
from simulator.fund.results import FundResult
from simulator.scenario.language import arms, choices
from simulator.views.fund import WIDTH, fund_lines
from simulator.views.fund_tables import has_fund, said_of
from simulator.views.fund_words import matrix
from simulator.views.language import Language, texts
from simulator.views.report.policy.fund import render_fund_report
from simulator.views.report.policy.fund_gains import gains_section
from simulator.views.report.policy.fund_sections import cost_section
from tests.unit.views.fund_result import fund_result

RICH = Path(__file__).parents[2] / "cases" / "fund" / "valid" / "rich.toml"


def lines(lang: str) -> list[str]:
    return [line.replace("\u00a0", " ") for line in fund_lines(fund_result().to_dict(), lang)]


def row(found: list[str], table: str, design: str) -> str:
    """The line of a design below the table's caption."""
    start = next(place for place, line in enumerate(found) if line.startswith(table))
    return next(line for line in found[start:] if line.startswith(design))


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_every_line_fits_in_80_columns(lang: str) -> None:
    assert max(map(len, lines(lang))) <= WIDTH == 80


def test_figures_stand_with_their_error_and_their_range() -> None:
    found = lines("en")
    assert row(found, "What happens", "shared").split() == (
        ["shared", "7.5", "±0.1", "1.0", "±0.1", "56.9", "±3.7", "35.8", "±0.4", "25.8", "47.8"]
    )
    # 629 and −386 thousand an outcome, in a unit of their own
    outcomes = row(found, "Additional good outcomes", "shared").split()
    assert outcomes[-6:] == ["1.59", "±0.10", "629", "±40", "−386", "±55"]
    # the fee in per cent: 85.6 with a decimal, 1,326 without
    assert row(found, "Capital that", "shared").split()[-6:] == (
        ["85.6", "±1.4", "0.0", "±0.0", "1,326", "±157"]
    )


def test_swedish_numbers_have_their_own_clothes() -> None:
    assert "35,8 ±0,4" in row(lines("sv"), "Vad som händer", "shared")


def test_dates_say_how_often_and_when() -> None:
    assert "86.3%, 2034" in row(lines("en"), "When the fund", "shared")
    found = lines("en")
    start = next(place for place, line in enumerate(found) if line.startswith("When the fund"))
    assert not any(line.startswith("nothing") for line in found[start : start + 6])  # no fund


def test_long_names_are_cut_so_that_none_is_mistaken_for_another() -> None:
    result = fund_result().to_dict()
    names = [line.split()[0] for line in lines("en")[4 : 4 + len(result["designs"])]]
    assert len(set(names)) == len(names) == 4
    assert all(len(name) <= 15 for name in names)


def test_an_order_that_is_not_settled_is_a_warning_and_equals_are_said_to_be() -> None:
    text = " ".join(" ".join(lines("en")).split())
    assert "No difference at all between shared and nothing." in text
    assert "do not settle the order of a_desig…ame_one and shared: the interval" in text
    assert text.count("Not settled: ") == 1


@pytest.mark.parametrize(
    ("lang", "sole", "own"),
    [
        ("sv", "Staten skjuter till hela kapitalet", "Kommunen driver och betalar insatsen själv"),
        ("en", "The state puts in all the capital", "The municipality runs and pays for the pro"),
    ],
)
def test_a_design_that_changes_who_pays_is_not_called_as_offered(lang, sole, own) -> None:
    """Only no support leaves the contracts as they are offered."""
    fund = load_fund("national_support")
    table = matrix(fund, Language(lang))
    said = dict(zip(fund.designs, (row.cells[1] for row in table.rows), strict=True))
    assert sole in said["sole_investor"]
    assert own in said["in_house"]
    offered = Language(lang).say("fund.terms.nothing")
    assert [name for name, text in said.items() if text == offered] == ["nothing"]


@pytest.mark.parametrize(
    ("full", "empty", "sv", "en"),
    [
        (0.0, 0.0, "Utrymmet och pengarna räcker alltid.", "Room and money always suffice."),
        (0.25, 0.0, "utrymme; pengarna räcker alltid.", "room; the money always suffices."),
        (0.0, 0.25, "Utrymmet räcker alltid; i 25,0", "Room always suffices; in 25.0%"),
        (0.25, 0.5, "i 50,0 % betalas en utbetalning inte", "in 50.0% a payout is not paid in f"),
    ],
)
def test_what_never_happens_is_not_told_as_nought_per_cent(full, empty, sv, en) -> None:
    data = fund_result().to_dict()
    for design in data["designs"]:
        for key, value in (("committed", full), ("exhausted", empty)):
            found = design[f"{key}_probability"]
            if found is not None:
                design[f"{key}_probability"] = {**found, "estimate": value}
    for lang, wanted in (("sv", sv), ("en", en)):
        page = render_fund_report(
            result=FundResult.from_dict(data), fund=load_fund(RICH), lang=lang, script="p.js"
        ).replace("\u00a0", " ")
        assert wanted in page


def test_one_design_with_a_fund_is_neither_dearest_nor_cheapest() -> None:
    data = fund_result().to_dict()
    alone = [design for design in data["designs"] if has_fund(design)][-1:]
    for lang, word in (("sv", "billigast"), ("en", "cheapest")):
        names = {design["name"]: design["name"] for design in data["designs"]}
        said = said_of(data, Language(lang), names)
        several, one = (
            cost_section({**data, "designs": kept}, said).parts[0].conclusion
            for kept in (data["designs"], alone)
        )
        assert word in several
        assert word not in one
        assert said.names[alone[0]["name"]] in one


@pytest.mark.parametrize(
    ("gain", "said"),
    [(0.3, "society gets most"), (-0.3, "no design gives society back"), (0.002, "it evens out")],
)
def test_society_neither_gains_nor_loses_what_would_be_told_as_nothing(gain, said) -> None:
    data = fund_result().to_dict()
    for design in data["designs"]:
        if design["gains"]:
            design["gains"]["society"] = {"estimate": gain, "standard_error": 0.01}
    names = {design["name"]: design["name"] for design in data["designs"]}
    section = gains_section(data, said_of(data, Language("en"), names))
    assert said in section.parts[0].conclusion
    assert "0.00" not in section.parts[0].conclusion


def test_parties_sum_to_society() -> None:
    cells = row(lines("en"), "Who gains from each public krona, terms", "shared").split()[1:]
    parts = [float(cell.replace("−", "-")) for cell in cells]
    assert sum(parts[:-1]) == pytest.approx(parts[-1])


def test_whether_the_order_holds_is_told_in_words_and_counted() -> None:
    found = lines("en")
    text = " ".join(" ".join(found).split())
    assert "effort No effort" in text
    assert "a_desig…ame_two comes first as assumed, and in 1 of 2 trials." in text
    assert "In the trial “belief” the first place is not settled (a_desig…ame_one is" in text
    assert (
        "Settled pairs that turn round: a_desig…ame_one before a_desig…ame_two in "
        "“belief”, by 1.50 contracts (1.25 to 1.75)."
    ) in text
    held = next(
        place for place, line in enumerate(found) if line.startswith("Does the order hold? Of")
    )
    rows = [line.split() for line in found[held : held + 8]]
    assert ["effort", "3/1/0"] in rows
    assert ["belief", "2/1/1"] in rows
    table = row(found, "Additional contracts, with one thing", "a_desig…ame_one").split()
    assert table[1:] == ["2.0", "±0.1", "2.0", "±0.2", "3.0", "±0.2"]


def test_what_each_party_has_sums_to_society() -> None:
    # seven parties of one million each
    cells = row(lines("en"), "What the contracts that happen", "shared").split()
    assert cells[1:] == [*["1.0"] * 7, "7.0"]


def test_another_currency_is_not_spoken_of_as_kronor() -> None:
    for lang in ("sv", "en"):
        text = " ".join(fund_lines(fund_result("GBP").to_dict(), lang))
        assert "kron" not in text.lower()
        assert "GBP" in text


def test_every_number_and_word_of_a_fund_file_has_a_name_in_both_languages() -> None:
    tables = {item for item in vars(model).values() if inspect.isclass(item)}
    tables = {item for item in tables if item.__module__ == model.__name__} - {model.Fund}
    beside = {"title", "grade", "source", "note", "kind", "description", "variants", "set"}
    beside |= {"short", "without"}  # of a trial, told as what it changes
    beside |= {
        "outcome",
        "price",
        "loadings",
        "investor",
        "municipality",
        "loosen",
        "most",
        "against",
    }
    keys = {key for table in tables for key in table.model_fields} - beside
    for lang in ("sv", "en"):
        known = {key.removeprefix("fund.field.") for key in texts(lang)}
        assert keys - known == {"cost"}  # told by the change that it is the cost of
        kinds = {word for form in arms(model.Design) for word in _kinds(form)}
        assert all(f"fund.kind.{kind.replace(' ', '_')}" in known for kind in kinds)


def _kinds(form) -> list[str]:
    return choices(form.model_fields["kind"].annotation)


# --- the page -------------------------------------------------------------------------------------


def page(lang: str) -> str:
    return render_fund_report(
        result=fund_result(), fund=load_fund(RICH), overrides=["behaviour.effort=0"], lang=lang
    )


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_page_is_whole_and_asks_for_nothing_from_outside(lang: str) -> None:
    text = page(lang)
    assert text.startswith("<!DOCTYPE html>")
    assert f'<html lang="{lang}">' in text
    assert not re.search(r'(src|href)="(?!#|https://example\.org)[^"]*//', text)
    assert "{{" not in re.sub(r"<script.*?</script>", "", text, flags=re.S)
    for chapter in (
        "designs",
        "cost",
        "claims",
        "gains",
        "ranking",
        "robustness",
        "assumptions",
        "reproduce",
    ):
        assert f'<section aria-labelledby="{chapter}">' in text
    assert text == page(lang)


def test_the_page_says_what_the_run_found() -> None:
    text = re.sub(r"\s+", " ", page("en").replace("\u00a0", " "))
    assert "8 contracts are offered and followed for 4 years" in text
    assert "Half of the loss: 7.5 contracts happen, 1.0 of them because of the support." in text
    assert "The support costs SEK 35.8 million net in expectation" in text
    assert "NO: the interval includes zero" in text
    assert "Most additional contracts: the order of The first and Half of the loss." in text
    assert "SEK 430 million" in text
    assert "socsim fund rich --set behaviour.effort=0 --paths 1000 --seed 7" in text
    # −0.25 as terms are, +0.5 once the price is solved again
    assert "least is lost for each public krona with Half of the loss, 0.25." in text
    assert "society gets most for each public krona from Half of the loss, 0.50" in text
    assert "51,230" in text  # a solved price, four figures


def test_the_page_lists_every_number_of_the_fund_file_with_its_grade() -> None:
    text = page("en")
    for key in (
        "behaviour.investor.hurdle",
        "pipeline.loans.size",
        "pipeline.loans.loadings.cohorts.all.drop_out.per_year.cycle",
        "designs.floor.capital",
        "designs.longer.changes.loans.cost",
    ):
        assert f"<code>{key}</code>" in text
    assert "https://example.org/report" in text


def test_a_loading_beside_a_factor_of_the_contracts_own_is_told_as_such() -> None:
    text = page("en")
    assert text.count("own shock town (0.2)") == 1  # of cycle; of politics it is "as above"


def test_hostile_titles_stay_text() -> None:
    fund = load_fund(RICH)
    bad = '<img src=x onerror="alert(1)">'
    fund = fund.model_copy(update={"title": {"sv": bad, "en": bad}})
    assert "<img src=x" not in render_fund_report(result=fund_result(), fund=fund)
