"""What a fund file takes for given, as it stands on paper, where no key is printed."""

from __future__ import annotations

from collections import Counter

import pytest

from simulator.fund.load import load_fund
from simulator.fund.resolved import fund_assumptions
from simulator.views.assumptions import AssumptionRow
from simulator.views.fund_assumptions import fund_assumption_rows, together
from simulator.views.language import Language
from simulator.views.numbers import Lang
from tests.unit.views.small import plain


def shown(name: str, lang: Lang, currency: str = "SEK") -> list[AssumptionRow]:
    fund, language = load_fund(name), Language(lang, currency)
    return together(fund_assumption_rows(fund_assumptions(fund), fund, language), language)


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize(
    ("name", "currency"),
    [("guarantee_fund", "SEK"), ("national_support", "SEK"), ("uk_portfolio", "GBP")],
)
def test_no_two_numbers_are_called_the_same(name: str, currency: str, lang: Lang) -> None:
    counted = Counter(row.what for row in shown(name, lang, currency))
    assert [what for what, count in counted.items() if count > 1] == []
    assert len(counted) > 40


def test_a_number_set_in_a_contract_has_the_contracts_words_and_unit() -> None:
    said = {row.key: row for row in shown("guarantee_fund", "sv")}
    at = "pipeline.placements.set"
    effect = said[f"{at}.metrics.placement_cost.effect.ratio.normal.mean"]
    assert effect.what == (
        "Placerade barn, som i Norrköping: Socialtjänstens kostnad för placeringar: effekt, som "
        "kvot, medelvärde (ändrat i kontraktet)"
    )
    assert effect.value == "0,8"
    assert plain(said[f"{at}.metrics.school.public_value"].value) == "200 000 kr"
    most = said[f"{at}.payments.upside.terms.3.at_most.of_drawn"]
    assert plain(most.value) == "40 %"


def test_loadings_and_durations_are_in_swedish() -> None:
    rows = shown("guarantee_fund", "sv")
    loading = next(row for row in rows if row.key.endswith("effect.ratio.effect"))
    assert loading.value == "−0,5"
    assert loading.what.endswith("effekt, som kvot, laddning för en gemensam stöt")
    (lag,) = [row for row in rows if row.key.endswith(".after")]
    assert plain(lag.value) == "6 månader"


def test_several_outcome_payers_are_no_municipalities_where_there_are_none() -> None:
    said = {
        (lang, currency): Language(lang, currency).say("fund.party.municipality")
        for lang in ("sv", "en")
        for currency in ("SEK", "GBP")
    }
    assert said["sv", "SEK"] == "kommuner"
    assert said["sv", "GBP"] == "utfallsansvariga"
    assert said["en", "SEK"] == "municipalities"
    assert said["en", "GBP"] == "outcome payers"
