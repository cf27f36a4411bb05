"""What a statement says of what is not given, of periods that pay nothing, and of capital apart."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from simulator.api import load_scenario, read_results, settle
from simulator.errors import ScenarioError
from simulator.settlement import Settlement
from simulator.views.statement import settlement_lines
from tests.worked.deal import DEAL, near

BY_YEAR = 'payments.pay={ of = "saving", per = "period", terms = [{ share = 0.5 }] }'
FLOOR = 'payments.pay={ of = "saving", per = "period", terms = [{ at_least = 10 }] }'
CLASSES = (
    'parties.bank="The bank"',
    'parties.donor="The donor"',
    "capital.classes={ bank = { share = 0.6 }, "
    'service_provider = { share = 0.3, kind = "own fee", rank = 2 }, '
    'donor = { share = 0.1, kind = "grant" } }',
)


def settled(*overrides: str, **results: Any) -> Settlement:
    return settle(load_scenario(DEAL, overrides=overrides), {"drawn": 150.0, **results})


def said(result: Settlement, lang: Any = "en") -> str:
    text = " ".join(" ".join(settlement_lines(result.to_dict(), lang)).split())
    return text.replace("\u00a0", " ")


def test_a_measured_period_that_pays_nothing_is_told() -> None:
    result = settled(BY_YEAR, measures={"saving": [0, 40]})
    assert [(line.value, line.paid) for line in result.lines] == [(0, 0), (40, 20)]
    assert "saving 0 share 50% 0 paid 0" in said(result).replace("measured: ", "")
    assert result.partly == {}


def test_periods_in_a_row_that_pay_nothing_are_one_block() -> None:
    cut = 'payments.pay={ of = "saving", per = "period", terms = [{ at_most = 0 }] }'
    text = said(settled(cut, measures={"saving": [7, 40.5]}))
    assert "Outcome payment (pay)" not in text
    assert "1 January 2025 to 31 December 2026" in text
    assert "saving: 7 / 40.5 at most 0 paid 0" in text


def test_periods_that_are_not_given_are_taken_as_nothing_and_said() -> None:
    result = settled(BY_YEAR, measures={"saving": [40]})
    assert [line.paid for line in result.lines] == [20]  # the second year is not told as measured
    assert result.partly["saving"].to_dict() == {
        "given": 1,
        "periods": 2,
        "to_date": False,
        "paid": 0.0,
    }
    assert "saving is given for the first 1 of 2 periods; the others are taken to be 0." in said(
        result
    )
    assert "saving är angivet för de första 1 av 2 perioder; de övriga antas vara 0." in said(
        result, "sv"
    )


def test_what_is_paid_on_periods_that_are_not_given_is_said() -> None:
    result = settled(FLOOR, measures={"saving": [40]})
    assert [line.paid for line in result.lines] == [40, 10]  # the floor pays on 0 too
    assert "10 of what is paid is for periods that are not given." in said(result)


def test_more_values_than_are_measured_are_refused() -> None:
    with pytest.raises(ScenarioError) as caught:
        settled(BY_YEAR, measures={"saving": [40, 40, 0]})
    text = str(caught.value)
    assert "measures.saving: found 3 values" in text
    assert "at most 2 values: `saving` is measured until the end of period 2" in text
    assert "leave out the last 1, or lengthen its `window`" in text


def test_capital_by_period_is_drawn_as_it_is_given() -> None:
    result = settled(drawn=[30, 70, 50], cost=[100, 50], measures={"saving": 0})
    drawn = [(t.date, t.amount) for t in result.transfers if t.account == "drawdown"]
    assert drawn == [("2025-01-01", 30), ("2026-01-01", 70), ("2027-01-01", 50)]
    assert "spread" not in result.assumed


@pytest.mark.parametrize(
    ("drawn", "complaint"),
    [([100, 50, 51], "at most the commitment"), ([100, -1], "0 or more"), ([1] * 5, "at most 4")],
)
def test_capital_by_period_that_cannot_be(drawn: list[float], complaint: str) -> None:
    with pytest.raises(ScenarioError, match=complaint):
        settled(drawn=drawn, measures={"saving": 0})


def test_grants_and_fees_at_risk_are_told_apart_from_the_investors_capital() -> None:
    result = settled(*CLASSES, measures={"saving": 0})
    assert (result.drawn, result.drawn_in_all) == (near(90.0), near(150.0))
    text = said(result)
    assert "Capital drawn, all classes 150" in text
    assert "of which the investor's (grants and fees at risk apart) 90" in text
    assert "all classes" not in said(settled(measures={"saving": 0}))


def test_an_early_end_has_its_cells(tmp_path: Any) -> None:
    file = tmp_path / "r.csv"
    file.write_text("key,value\ndrawn,50\nterminated,2026-03-31\nterminated_by,no_gain\n")
    assert read_results(file) == {
        "drawn": 50.0,
        "terminated": datetime.date(2026, 3, 31),
        "terminated_by": "no_gain",
    }
    file.write_text("key,value\nterminated,in March\n")
    with pytest.raises(ScenarioError, match="a day such as 2026-03-31"):
        read_results(file)
