"""The council's paper shows what the result says: tables equal it, and follow when it changes."""

import copy
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from simulator.scenario.load import load_scenario
from simulator.views.language import Language
from simulator.views.report import Run, render_report
from tests.unit.views.page import Page, read, rendered, source
from tests.unit.views.run import contract, example, simulated

PERCENTILES = ("estimate", "p5", "p50", "p95")
NBSP = "\u00a0"


@cache
def page(lang: str) -> Page:
    return read(rendered(lang, reader="municipality"))


def table(found: Page, start: str) -> list[list[str]]:
    return next(rows for name, rows in found.tables.items() if name.startswith(start))


def thousands(values: list[float], lang: str = "sv") -> list[str]:
    return [Language(lang).decimal(value / 1000) for value in values]


def test_the_committees_table_is_the_pockets_by_year() -> None:
    (pocket,) = example()[0]["municipality"]["by_pocket"]
    rows = table(page("sv"), "Besparing per nämnd och år, tkr")
    assert rows[0] == ["budget", "2024", "2025", "2026", "Summa"]
    assert rows[1] == ["Socialnämnden"]
    for row, key in zip(rows[2:6], PERCENTILES, strict=True):
        cells = [*pocket["by_year"], pocket]
        assert row[1:] == thousands([cell["avoided"][key] for cell in cells])
    freed = [cell["cashable"]["estimate"] for cell in (*pocket["by_year"], pocket)]
    assert rows[6][1:] == thousands(freed)
    total = sum(cell["avoided"]["estimate"] for cell in pocket["by_year"])
    assert total == pytest.approx(pocket["avoided"]["estimate"], rel=1e-12)


def test_the_payments_table_is_the_summary() -> None:
    paid = example()[0]["municipality"]
    rows = table(page("sv"), "Vad kommunen betalar")
    kinds = ("activity_payments", "outcome_payments", "total_payments")
    for row, kind in zip(rows[1:4], kinds, strict=True):
        assert row[1:] == thousands([paid[kind][key] for key in PERCENTILES])
    assert rows[4][1] == thousands([paid["maximum_payment"]["amount"]])[0]


def test_the_payback_table_and_the_error_table_are_the_summary() -> None:
    found = example()[0]["municipality"]
    rows = table(page("sv"), "När budgeten går jämnt upp")
    for row, year in zip(rows[1:], found["by_year"], strict=True):
        assert row[0] == str(year["year"])
        assert row[1:5] == thousands([year["cumulative_net"][key] for key in PERCENTILES])
        assert row[5] == Language("sv").percent(year["break_even_probability"]["estimate"])
    rows = table(page("sv"), "Betalt för mycket och för lite, tkr")
    for row, side in zip(rows[1:], ("overpayment", "underpayment"), strict=True):
        assert row[1:] == thousands([found[side]["with_activity"][key] for key in PERCENTILES])


def test_the_follow_up_plan_has_every_measure_and_every_payment() -> None:
    summary, _, scenario = example()
    rows = table(page("sv"), "Vad som mäts, när och av vem")
    named = " ".join(row[0] for row in rows)
    for entry in summary["measures"]:
        assert entry["title"]["sv"] in named
        window = entry["window"]
        days = [window["from"], window["to"], window["reported"]]
        assert any(row[2:] == days and entry["title"]["sv"] in row[0] for row in rows)
    for due in summary["contract"]["payments"]:
        title = scenario.payments[due["payment"]].title["sv"]
        assert any(title in row[0] and row[4] == due["last_due"] for row in rows), title
    assert len(summary["contract"]["payments"]) == 2
    assert rows[-1][:2] == ["Garanti för investerarens förlust", "Staten"]


def test_payments_of_the_same_days_and_parties_stand_in_one_row() -> None:
    summary, flows, scenario = example()
    altered = copy.deepcopy(summary)
    for due in altered["contract"]["payments"]:
        due |= {"first_due": "2025-06-30", "last_due": "2026-12-31", "claims": 4}
    found = read(rendered("sv", (altered, flows, scenario), "municipality"))
    rows = table(found, "Vad som mäts, när och av vem")
    paid = next(row for row in rows if "4 gånger" in row[0])
    assert paid[0] == "Aktivitetsersättning; Del av besparingen, 4 gånger"
    assert paid[1:] == ["Kommunen till fonden", "2025-06-30", "2026-12-31", "2026-12-31"]


def test_very_many_payments_of_the_same_day_are_counted_not_listed() -> None:
    """23 milestones: the first three are named, and 20 more are in the terms."""
    found = simulated(load_scenario("reboot_west"), 300)
    rows = table(read(rendered("en", found, "municipality")), "What is measured, when and by whom")
    paid = [row[0] for row in rows if row[0].endswith("and 20 more")]
    assert [cell.count(";") for cell in paid] == [2, 2]


def test_what_is_left_of_an_even_division_is_no_cost_of_its_own() -> None:
    """A third of 40 million three times, rounded up to öre, is two öre more than 40 million."""
    for cost, stands in ((0.02, False), (2_000.0, True)):
        summary, flows, scenario = example()
        altered = copy.deepcopy(summary)
        for row in altered["municipality"]["by_year"]:
            row["own_costs"] = dict.fromkeys(row["own_costs"], cost)
        found = rendered("en", (altered, flows, scenario), "municipality")
        assert ("own costs</th>" in found) == stands


def test_without_a_guarantee_the_plan_has_none() -> None:
    summary, flows, scenario = example()
    bare = scenario.model_copy(update={"guarantees": {}})
    found = read(rendered("sv", (summary, flows, bare), "municipality"))
    rows = table(found, "Vad som mäts, när och av vem")
    assert ["Garantier"] not in rows
    assert ["Garantier"] in table(page("sv"), "Vad som mäts, när och av vem")


def compared() -> dict[str, Any]:
    """A comparison of the example with a design that gains a million more on average."""
    summary = example()[0]
    other = copy.deepcopy(summary)
    net = other["municipality"]["net_budget_effect"]
    for key in PERCENTILES:
        net[key] += 1e6
    gap = {"estimate": 1e6, "standard_error": 1e4, "mc_low": 0.98e6, "mc_high": 1.02e6}
    title = {"sv": "I egen regi", "en": "In-house"}
    return {
        "designs": [
            {"name": "x", "title": {"sv": "X", "en": "X"}, "kind": "scenario", "summary": summary},
            {"name": "x@in_house", "title": title, "kind": "in_house", "summary": other},
        ],
        "differences": [
            {
                "design": "x@in_house",
                "figure": "municipality.net_budget_effect",
                "difference": gap,
                "share_better": 0.7,
                "share_worse": 0.3,
            }
        ],
    }


def test_a_comparison_beside_the_run_is_a_table_and_sentences() -> None:
    made, data = source(), compared()
    beside = Run(
        made.summary,
        made.cash_flows,
        made.scenario,
        made.assumptions,
        made.provenance,
        {"comparison": data},
    )
    text = render_report(beside, "municipality", "sv")
    found = read(text)
    rows = table(found, "Effekt på kommunens budget, tkr")
    assert [row[0] for row in rows[1:]] == ["X", "I egen regi"]
    for row, design in zip(rows[1:], data["designs"], strict=True):
        net = design["summary"]["municipality"]["net_budget_effect"]
        assert row[1:5] == thousands([net[key] for key in PERCENTILES])
        lost = design["summary"]["municipality"]["probability_negative"]["estimate"]
        assert row[5] == Language("sv").percent(lost)
    said = found.text.replace(NBSP, " ")
    assert "I egen regi: i snitt 1,00 mnkr bättre för kommunens budget än kontraktet" in said
    assert "bättre i 70,0 % av framtiderna, sämre i 30,0 %" in said
    assert "I egen regi ± 20 tkr" in said  # the error of the difference stands in a note
    # no line says that it could be made; the command that made it ends the paper
    assert said.count("socsim compare") == 1
    assert said.index("socsim compare x x@in_house") > said.index("Så görs analysen om")
    assert "socsim compare" in page("sv").text


SHOWN: dict[str, tuple[str, ...]] = {
    "the summary": ("municipality", "net_budget_effect", "estimate"),
    "its range": ("municipality", "net_budget_effect", "p5"),
    "its chance": ("municipality", "probability_positive", "estimate"),
    "what can be freed": ("municipality", "gross_savings_cashable", "estimate"),
    "what is committed": ("municipality", "maximum_payment", "amount"),
    "what is paid": ("municipality", "total_payments", "p95"),
    "a year": ("municipality", "by_year", "1", "net", "p95"),
    "a committee's year": ("municipality", "by_pocket", "0", "by_year", "1", "avoided", "p95"),
    "a provision": ("municipality", "by_year", "1", "provision", "p5"),
    "a contingent liability": ("municipality", "by_year", "1", "contingent_liability", "estimate"),
    "a year's result": ("municipality", "by_year", "1", "balanced_budget_effect", "p95"),
    "a running total": ("municipality", "by_year", "2", "cumulative_net", "p50"),
    "a chance of break-even": (
        "municipality",
        "by_year",
        "2",
        "break_even_probability",
        "estimate",
    ),
    "how well it is known": ("municipality", "net_budget_effect", "mc_low"),
    "an overpayment": ("municipality", "overpayment", "with_activity", "p95"),
}


def changed(path: tuple[str, ...]) -> tuple[float, float, Page]:
    """The leaf before and after, and the page of the changed result."""
    summary, flows, scenario = example()
    altered = copy.deepcopy(summary)
    place: Any = altered
    for step in path[:-1]:
        place = place[int(step)] if step.isdigit() else place[step]
    before = place[path[-1]]
    after = before * (0.37 if "probability" in " ".join(path) else 1.37) + 1.0 * (before > 1)
    place[path[-1]] = after
    return before, after, read(rendered("sv", (altered, flows, scenario), "municipality"))


@pytest.mark.parametrize("what", SHOWN)
def test_the_page_follows_the_result(what: str) -> None:
    before, after, found = changed(SHOWN[what])
    language = Language("sv")
    is_chance = "probability" in " ".join(SHOWN[what])
    writes: list[Callable[[float], str]] = (
        [language.percent] if is_chance else [language.money, lambda v: language.decimal(v / 1000)]
    )
    was, now = page("sv").text, found.text
    counts = [(was.count(write(before)), now.count(write(before))) for write in writes]
    assert any(old > new for old, new in counts), counts  # the old number has left its places
    gained = [now.count(write(after)) - was.count(write(after)) for write in writes]
    assert any(gain > 0 for gain in gained), gained


def test_days_of_the_result_move_the_plan() -> None:
    summary, flows, scenario = example()
    altered = copy.deepcopy(summary)
    for due in altered["contract"]["payments"]:
        due["last_due"] = "2031-05-31"
    for entry in altered["measures"]:
        entry["window"]["reported"] = "2030-02-28"
    text = read(rendered("sv", (altered, flows, scenario), "municipality")).text
    assert "2031-05-31" in text
    assert "rapporterad 28 februari 2030, och den sista betalningen förfaller 31 maj 2031" in text


def test_twenty_years_fit_in_tables_of_at_most_eight() -> None:
    long = contract(
        **{
            'horizon = "3 years"': 'horizon = "20 years"',
            'period = "half-year"': 'period = "year"',
        }
    )
    summary, flows, scenario = simulated(long, 100)
    found = read(rendered("en", (summary, flows, scenario), "municipality"))
    assert len(summary["municipality"]["by_year"]) == 20
    caption = "Saving by committee and year, SEK thousand, nominal, "
    for first, last in ((2024, 2030), (2031, 2037), (2038, 2043)):
        years = [str(year) for year in range(first, last + 1)]
        rows = found.tables[f"{caption}{first}–{last}"]
        assert rows[0] == ["budget", *years, *(["Total"] if last == 2043 else [])]
