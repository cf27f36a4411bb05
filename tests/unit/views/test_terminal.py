"""What the command line prints, as lines."""

from dataclasses import dataclass

import pytest

from simulator.scenario.numbers_of import assumptions
from simulator.views.terminal import (
    settlement_lines,
    sources_lines,
    summary_lines,
    verify_lines,
)
from tests.unit.views.run import contract, example

NBSP = "\u00a0"

SETTLED = {
    "scenario": {
        "name": "n",
        "title": {"sv": "Ett", "en": "One"},
        "currency": "SEK",
        "variant": [],
    },
    "settlement": {
        "drawn": 7.5e6,
        "repaid": 5.4e6,
        "outcome_payments": 2.4e6,
        "activity_payments": 3e6,
        "guarantee_payout": 0.0,
        "received": 5.4e6,
        "investor_profit": -2.1e6,
        "investor_irr": -0.125,
        "completed": True,
        "measures": {"saving": 4e6, "school": {"a": 0.3, "b": [0.1, 0.2]}},
        "lines": [
            {
                "name": "activity",
                "kind": "activity payment",
                "stretch": f"{2016 + k}-01-01/{2017 + k}-01-01",
                "inputs": {"capital_drawn": 3.75e6},
                "conditions": [],
                "words": [{"term": "share", "level": 0.4, "value_in": 3.75e6, "value_out": 1.5e6}],
                "claimed": 1.5e6,
                "paid": 1.5e6,
            }
            for k in range(2)
        ]
        + [
            {
                "name": "savings_share",
                "kind": "outcome payment",
                "stretch": "",
                "inputs": {"saving": 4e6},
                "conditions": [
                    {
                        "measure": "school",
                        "test": "at_least",
                        "level": 0.2,
                        "value": 0.34,
                        "holds": True,
                    }
                ],
                "words": [
                    {"term": "share", "level": 0.6, "value_in": 4e6, "value_out": 2.4e6},
                    {
                        "term": "at_most",
                        "level": {"of_drawn": 0.6},
                        "value_in": 2.4e6,
                        "value_out": 2.4e6,
                    },
                ],
                "claimed": 2.5e6,
                "paid": 2.4e6,
            }
        ],
        "published": {"repaid": 5.4e6, "tolerance": 50_000, "source": "A paper"},
        "agrees": True,
        "check": "Strong.",
        "note": None,
    },
}


def words(lines: list[str]) -> list[str]:
    """Lines with single spaces, so that the test does not count columns."""
    return [" ".join(line.replace(NBSP, " ").split()) for line in lines]


def test_a_settlement_goes_term_by_term_and_sums_what_differs_by_period_only() -> None:
    lines = words(settlement_lines(SETTLED, "en"))
    start = lines.index("Activity payment: activity (2 periods)")
    assert lines[start + 1 : start + 4] == [
        "the capital drawn 7,500,000",
        "share 40% 3,000,000",
        "paid 3,000,000",
    ]
    start = lines.index("Outcome payment: savings share")
    assert lines[start + 1 : start + 7] == [
        "measured: saving 4,000,000",
        "share 60% 2,400,000",
        "at most 60% of the capital drawn 2,400,000",
        "condition: school 0.34, at least 0.2: holds",
        "before common caps 2,500,000",
        "paid 2,400,000",
    ]


def test_a_settlement_sets_published_beside_settled() -> None:
    lines = words(settlement_lines(SETTLED, "sv"))
    assert lines[0] == "Ett"
    assert lines[2] == "Uppmätt: saving 4 000 000; school a 0,3, b 0,1 / 0,2"
    assert "Återbetalat av utfallsansvarig 5 400 000 5 400 000" in lines
    assert "Investerarens resultat −2 100 000" in lines
    assert "Investerarens internränta −12,5 %" in lines
    assert "Stämmer med den publicerade avräkningen (A paper), inom 50 000 kr." in lines
    assert lines[-1] == "Strong."


@pytest.mark.parametrize(
    ("agrees", "published", "wanted"),
    [(False, {"repaid": 1.0}, "DOES NOT AGREE"), (None, None, None)],
)
def test_a_settlement_says_whether_it_agrees(agrees, published, wanted) -> None:
    data = {**SETTLED["settlement"], "agrees": agrees, "published": published}
    text = "\n".join(settlement_lines({**SETTLED, "settlement": data}, "en"))
    assert ("published" in text) == (published is not None)
    assert wanted is None or wanted in text


def test_an_unknown_capital_has_no_profit() -> None:
    data = {**SETTLED["settlement"], "drawn": None, "investor_profit": None, "investor_irr": None}
    lines = words(settlement_lines({**SETTLED, "settlement": data}, "en"))
    assert "Capital drawn –" in lines
    assert "The investor's profit –" in lines


def test_the_summary_is_a_table_in_one_unit_with_errors_and_ranges() -> None:
    summary, _, _ = example()
    lines = summary_lines(summary, "en")
    assert lines[:2] == ["Example", "3,000 simulated futures, seed 7"]
    rows = words(lines)
    assert "amounts in SEK million estimate MC error outcomes 5% 50% 95%" in rows
    assert "Capital drawn 7.50 ± 0.00 7.50 7.50 7.50" in rows
    chance = 100 * summary["investor"]["loss_probability"]["estimate"]
    row = next(row for row in rows if row.startswith("Probability of loss "))
    assert row.startswith(f"Probability of loss {chance:.1f}% ± ")
    assert row.endswith(" pp")
    table = lines[3 : lines.index("", 3)]
    assert {len(line) for line in table if line.endswith(("95%", "7.50"))} == {len(table[0])}
    assert max(len(line) for line in lines) <= 100


def test_returns_that_do_not_exist_or_are_several_are_told_when_there_are_any() -> None:
    summary, _, _ = example()  # one path in a hundred has no return
    one = {**summary["investor"], "multiple_root_share": 0.0}
    summary = {**summary, "investor": one}
    rows = words(summary_lines(summary, "en"))
    assert any(row.startswith("Share of futures without an IRR 1.0% ±") for row in rows)
    assert not any("several IRRs" in row for row in rows)
    many = {**summary["investor"], "undefined_irr_share": 0.0, "multiple_root_share": 0.25}
    rows = words(summary_lines({**summary, "investor": many}, "en"))
    assert not any("without an IRR" in row for row in rows)
    assert any(row.startswith("Share of futures with several IRRs 25.0%") for row in rows)


@pytest.mark.parametrize("pockets", [[], [{"pocket": "state", "holder": "state"}]])
def test_without_a_budget_there_are_no_savings_and_the_reader_is_told_why(pockets) -> None:
    summary, _, _ = example()
    assert "Savings are not counted" not in "\n".join(summary_lines(summary, "en"))
    municipality = {**summary["municipality"], "by_pocket": pockets}
    text = "\n".join(summary_lines({**summary, "municipality": municipality}, "en"))
    assert "Savings are not counted" in text
    assert "Saving in own budgets" not in text
    assert "cashable" not in text
    assert "Net budget effect" in text


def test_too_few_paths_are_told_with_the_reason() -> None:
    summary, _, _ = example()
    few = {**summary["simulation"], "sufficient": {"verdict": False, "reason": {"en": "Too few."}}}
    assert summary_lines({**summary, "simulation": few}, "en")[-1] == "Too few."
    enough = {**few, "sufficient": {"verdict": True, "reason": {"en": "Enough."}}}
    assert "Enough." not in summary_lines({**summary, "simulation": enough}, "en")


def test_variants_stand_beside_the_title() -> None:
    summary, _, _ = example()
    named = {**summary["scenario"], "variant": ["window_3y", "other"]}
    assert summary_lines({**summary, "scenario": named}, "sv")[0] == (
        "Exempel (variant window_3y, other)"
    )


def test_sources_list_every_assumption_with_its_reason() -> None:
    rows = assumptions(contract())
    lines = sources_lines(rows, "en")
    assert len([line for line in lines if line.split(" ")[0] in {row.key for row in rows}]) == len(
        rows
    )
    at = next(
        k for k, line in enumerate(lines) if line.startswith("payments.activity.terms.1.share")
    )
    assert lines[at].split()[1:] == ["0.4", "fact"]
    assert lines[at + 1 : at + 3] == ["    A paper", "    https://example.org/paper"]
    facts = sum(row.grade == "fact" for row in rows)
    assert lines[-1].startswith(f"{len(rows)} numbers: {facts} facts, ")


@dataclass
class Check:
    name: str
    expected: object
    computed: object
    tolerance: float
    source: str
    passed: bool


def test_checks_are_counted_and_failures_are_loud() -> None:
    rows = [
        Check("repaid", 3e6, 3_000_000.0000001, 0.01, "Altinget", True).__dict__,
        Check("label", "a very long text indeed", None, 0.0, "here", False).__dict__,
    ]
    lines = verify_lines(rows, "en")
    assert words(lines)[1] == "pass 3,000,000 3,000,000 0.01 [1] repaid"
    assert words(lines)[2] == "FAIL – a very long text … 0 [2] label"
    row = {**rows[0], "computed": 1523541.85541, "expected": 1520773.7, "tolerance": 28460.4989}
    assert words(verify_lines([row], "en"))[1] == "pass 1,523,542 1,520,774 28,460 [1] repaid"
    assert lines[4:6] == ["[1] Altinget", "[2] here"]
    assert lines[-1] == "1 of 2 checks fail."
    assert verify_lines(rows[:1] * 2, "sv")[-1] == "Alla 2 kontroller stämmer."
