"""What the council's paper says of a result: one case a line, in both languages."""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from simulator.scenario.load import load_scenario
from simulator.views.report.chapters.outcomes import settlement_section
from simulator.views.report.investor.summary import investor_summary
from simulator.views.report.municipality import (
    accrual,
    alternatives,
    budget,
    commitment,
    decision,
    error,
    payback,
    savings,
)
from simulator.views.report.source import Told
from tests.unit.views.page import source
from tests.unit.views.run import contract, example, simulated

Change = Callable[[dict[str, Any]], None]
NBSP = "\u00a0"


def told(lang: str, change: Change | None = None, run: Any = None) -> Told:
    summary, flows, scenario = run or example()
    summary = copy.deepcopy(summary)
    if change is not None:
        change(summary)
    return Told(source((summary, flows, scenario)), lang)


def plain(sentences: Any) -> str:
    return " ".join(sentences).replace(NBSP, " ")


def estimate(value: float, low: float | None = None, high: float | None = None) -> dict[str, Any]:
    """An estimate whose futures go from low to high; one amount in all of them by default."""
    ends = (value if low is None else low, value if high is None else high)
    made = {"estimate": value, "standard_error": 0.0, "mc_low": value, "mc_high": value}
    return {**made, "p5": ends[0], "p50": value, "p95": ends[1]}


def net(value: float, low: float, high: float, positive: float = 0.5) -> Change:
    def change(summary: dict[str, Any]) -> None:
        found = summary["municipality"]
        found["net_budget_effect"] = estimate(value, low, high)
        found["probability_positive"] = estimate(positive)
        found["probability_negative"] = estimate(1 - positive)

    return change


EFFECTS = {
    "a range that spans zero": (
        net(1.5e6, -4e6, 9e6, 0.7),
        "Kommunens budget väntas vinna 1,50 mnkr över 3 år, om också kostnader som undviks utan "
        "att pengar frigörs räknas som besparing; i nio framtider av tio hamnar effekten från "
        "−4,00 mnkr till 9,00 mnkr. Det kan alltså bli en vinst eller en förlust: att budgeten "
        "vinner är troligt (70,0 %).",
        "The municipality's budget is expected to gain SEK 1.50 million over 3 years, if costs "
        "that are avoided without freeing money count as savings too; in nine futures of ten the "
        "effect is from SEK −4.00 million to SEK 9.00 million. So it may be a gain or a loss: that "
        "the budget gains is likely (70.0%).",
    ),
    "a gain in nearly every future": (
        net(5e6, 1e6, 9e6, 0.98),
        "Kommunens budget väntas vinna 5,00 mnkr över 3 år, om också kostnader som undviks utan "
        "att pengar frigörs räknas som besparing; i nio framtider av tio hamnar effekten från "
        "1,00 mnkr till 9,00 mnkr. Att budgeten ändå förlorar är mycket osannolikt (2,0 %).",
        "The municipality's budget is expected to gain SEK 5.00 million over 3 years, if costs "
        "that are avoided without freeing money count as savings too; in nine futures of ten the "
        "effect is from SEK 1.00 million to SEK 9.00 million. That the budget loses after all is "
        "very unlikely (2.0%).",
    ),
    "a loss in nearly every future": (
        net(-5e6, -9e6, -1e6, 0.02),
        "Kommunens budget väntas förlora 5,00 mnkr över 3 år, också om kostnader som undviks utan "
        "att pengar frigörs räknas som besparing; i nio framtider av tio hamnar effekten från "
        "−9,00 mnkr till −1,00 mnkr. Att budgeten ändå vinner är mycket osannolikt (2,0 %).",
        "The municipality's budget is expected to lose SEK 5.00 million over 3 years, even if "
        "costs that are avoided without freeing money count as savings; in nine futures of ten the "
        "effect is from SEK −9.00 million to SEK −1.00 million. That the budget gains after all is "
        "very unlikely (2.0%).",
    ),
    "one loss in all futures": (
        net(-2e6, -2e6, -2e6, 0.0),
        "Kommunens budget förlorar 2,00 mnkr över 3 år, i alla framtider.",
        "The municipality's budget loses SEK 2.00 million over 3 years, in every future.",
    ),
    "nothing in all futures": (
        net(0.0, 0.0, 0.0, 0.0),
        "Kommunens budget varken vinner eller förlorar något över 3 år.",
        "The municipality's budget neither gains nor loses anything over 3 years.",
    ),
}


@pytest.mark.parametrize("case", EFFECTS)
def test_what_the_budget_gains_or_loses(case: str) -> None:
    change, *wanted = EFFECTS[case]
    for lang, text in zip(("sv", "en"), wanted, strict=True):
        page = told(lang, change)
        said = decision.effect_sentences(page.summary, page.scenario, page.language)
        assert plain(said) == text


def test_without_a_budget_of_its_own_the_payer_only_pays() -> None:
    def change(summary: dict[str, Any]) -> None:
        net(-3e6, -4e6, -2e6, 0.0)(summary)
        summary["municipality"]["by_pocket"] = []

    wanted = {
        "sv": "Kommunen väntas betala 3,00 mnkr under 3 år; i nio framtider av tio blir det "
        "2,00 mnkr till 4,00 mnkr. Besparingar räknas inte, eftersom underlaget inte nämner någon "
        "budget hos kommunen där de kunde uppstå.",
        "en": "The municipality is expected to pay SEK 3.00 million over 3 years; in nine futures "
        "of ten it is SEK 2.00 million to SEK 4.00 million. Savings are not counted, since no "
        "budget of the municipality is named in which they could arise.",
    }
    for lang, text in wanted.items():
        page = told(lang, change)
        said = decision.effect_sentences(page.summary, page.scenario, page.language)
        assert plain(said) == text
    point = plain([next(decision.decision_points(told("sv", change)))])
    assert "en väntad kostnad för budgeten på 3,00 mnkr till och med 2026;" in point
    assert "i nio framtider av tio 2,00 mnkr till 4,00 mnkr." in point


@pytest.mark.parametrize(
    ("value", "cashable", "swedish", "english"),
    [
        (1e6, -2e6, "i stället förlora 2,00 mnkr", "instead expected to lose SEK 2.00 million"),
        (1e6, 0.4e6, "väntas budgeten vinna 400 tkr", "is expected to gain SEK 400,000"),
        (-1e6, -2e6, "väntas budgeten förlora 2,00 mnkr", "is expected to lose SEK 2.00 million"),
        (-1e6, 2e6, "i stället vinna 2,00 mnkr", "instead expected to gain SEK 2.00 million"),
    ],
)
def test_what_can_be_freed_may_turn_the_sign(
    value: float, cashable: float, swedish: str, english: str
) -> None:
    def change(summary: dict[str, Any]) -> None:
        summary["municipality"]["net_budget_effect"] = estimate(value, value - 1, value + 1)
        summary["municipality"]["net_budget_effect_cashable"] = estimate(cashable)

    for lang, text in (("sv", swedish), ("en", english)):
        page = told(lang, change)
        assert text in plain(decision.cashable_sentences(page.summary, page.language))


def test_when_nobody_is_ever_enrolled() -> None:
    def change(summary: dict[str, Any]) -> None:
        for entry in summary["outcomes"]:
            entry["expected_effect"] = entry["true_effect"] = estimate(0.0)

    wanted = {
        "sv": "Kontraktet gäller 60 deltagare, men enligt underlaget hinner ingen börja: inga "
        "utfall påverkas.",
        "en": "The contract covers 60 service users, but on these terms nobody ever starts: no "
        "outcome changes.",
    }
    for lang, text in wanted.items():
        assert plain(decision.people_sentences(told(lang, change))) == text
    days = "2024-01-01 till 2026-12-31"
    assert days in plain(decision.people_sentences(told("sv")))


POINTS = {
    "bounded": (
        None,
        "åtar sig att betala högst 9,00 mnkr. Underlag: 6,00 mnkr väntas bli betalt, och i en "
        "framtid av tjugo mer än 8,00 mnkr.",
        "commits to paying at most SEK 9.00 million. It rests on: SEK 6.00 million is expected to "
        "be paid, and more than SEK 8.00 million in one future of twenty.",
    ),
    "the highest is paid often": (
        estimate(6e6, 4e6, 9e6),
        "och i minst en framtid av tjugo så gott som hela det högsta beloppet.",
        "and practically the whole of the highest amount in at least one future of twenty.",
    ),
    "always the same": (
        estimate(6e6),
        "6,00 mnkr väntas bli betalt, samma belopp i alla framtider.",
        "SEK 6.00 million is expected to be paid, the same in every future.",
    ),
}


@pytest.mark.parametrize("case", POINTS)
def test_the_point_on_what_is_committed(case: str) -> None:
    paid, *wanted = POINTS[case]

    def change(summary: dict[str, Any]) -> None:
        summary["municipality"]["total_payments"] = paid or estimate(6e6, 4e6, 8e6)
        summary["municipality"]["maximum_payment"] = {"amount": 9e6, "year": 2026}

    for lang, text in zip(("sv", "en"), wanted, strict=True):
        assert text in plain(decision.decision_points(told(lang, change)))


def test_a_commitment_without_a_highest_amount_is_said_to_have_none() -> None:
    def change(summary: dict[str, Any]) -> None:
        summary["municipality"]["maximum_payment"] = {"amount": None, "year": None}

    wanted = {"sv": "utan beräknat högsta belopp", "en": "without a known highest amount"}
    for lang, text in wanted.items():
        page = told(lang, change)
        assert text in plain(decision.decision_points(page))
    said = plain(commitment.commitment_sentences(told("sv", change)))
    assert said.startswith("Kontraktet har inget beräknat högsta belopp.")


def test_every_point_leaves_the_decision_open() -> None:
    for point in decision.decision_points(told("sv")):
        assert point.startswith("Att ")
        assert ", eller inte " in point
        assert "Underlag: " in point
    for point in decision.decision_points(told("en")):
        assert point.startswith("To ")
        assert ", or not to " in point


def test_years_with_payments_are_named_or_summed_up() -> None:
    def pay(*amounts: float) -> Change:
        def change(summary: dict[str, Any]) -> None:
            years = summary["municipality"]["by_year"]
            first = years[0]["year"]
            made = [{**years[0], "year": first + k} for k in range(len(amounts))]
            for row, amount in zip(made, amounts, strict=True):
                row["payments"] = estimate(amount)
            summary["municipality"]["by_year"] = made

        return change

    points = plain(decision.decision_points(told("sv", pay(0, 2e6, 0))))
    assert "Underlag: väntat 2,00 mnkr år 2025." in points
    points = plain(decision.decision_points(told("en", pay(1e6, 2e6))))
    assert "expected SEK 1.00 million in 2024 and SEK 2.00 million in 2025." in points
    points = plain(decision.decision_points(told("sv", pay(1e6, 2e6, 3e6, 2e6))))
    assert "betalningarna 2024 till 2027. Underlag: väntat som mest 3,00 mnkr år 2026." in points


SAVINGS = {
    "all of it can be freed": (
        (5e6, 5e6),
        [],
        "Hela den väntade besparingen i kommunens budgetar, 5,00 mnkr, kan tas hem, om budgetarna "
        "verkligen minskas. Vad andra huvudmän, som staten eller andra delar av det offentliga, "
        "kan spara är inte medräknat.",
        "All of the expected saving in the municipality's budgets, SEK 5.00 million, can be freed, "
        "if the budgets really are reduced. What other public bodies may save, such as the state, "
        "is not counted.",
    ),
    "one budget loses what cannot be freed": (
        (5e6, 7e6),
        [],
        "I kommunens budgetar väntas sammantaget en besparing på 5,00 mnkr. Räknas bara det som "
        "kan tas hem blir den 7,00 mnkr: merkostnaderna i en budget väger då lättare än "
        "besparingen i en annan. Vad andra huvudmän, som staten eller andra delar av det "
        "offentliga, kan spara är inte medräknat.",
        "Taken together, a saving of SEK 5.00 million is expected in the municipality's budgets. "
        "If only what can be freed is counted it is SEK 7.00 million: added costs in one budget "
        "then weigh less than the saving in another. What other public bodies may save, such as "
        "the state, is not counted.",
    ),
    "what can be freed is an added cost": (
        (1e6, -2e6),
        [],
        "I kommunens budgetar väntas sammantaget en besparing på 1,00 mnkr, men räknas bara det "
        "som kan tas hem blir det en merkostnad på 2,00 mnkr. Vad andra huvudmän, som staten "
        "eller andra delar av det offentliga, kan spara är inte medräknat.",
        "Taken together, a saving of SEK 1.00 million is expected in the municipality's budgets, "
        "but if only what can be freed is counted it is an added cost of SEK 2.00 million. What "
        "other public bodies may save, such as the state, is not counted.",
    ),
    "a saving, one other holder": (
        (9e6, 7e6),
        [("agency", 2e6)],
        "Av en väntad besparing på 9,00 mnkr i kommunens budgetar kan 7,00 mnkr tas hem, om "
        "budgetarna verkligen minskas. Resten är kostnader som undviks, till exempel tid hos "
        "personal som ändå är anställd. Därtill väntas 2,00 mnkr landa hos agency; de pengarna "
        "finns inte för betalningen.",
        "Of an expected saving of SEK 9.00 million in the municipality's budgets, "
        "SEK 7.00 million can be freed, if the budgets really are reduced. The rest is cost "
        "avoided, such as the time of staff who are employed anyway. Besides, SEK 2.00 million is "
        "expected to land with agency; that money is not there for the payment.",
    ),
    "a negative saving, only one pocket": (
        (-2e6, -1e6),
        [],
        "Kostnaderna i kommunens budgetar väntas bli 2,00 mnkr högre, inte lägre. Vad andra "
        "huvudmän, som staten eller andra delar av det offentliga, kan spara är inte medräknat.",
        "Costs in the municipality's budgets are expected to be SEK 2.00 million higher, not "
        "lower. What other public bodies may save, such as the state, is not counted.",
    ),
    "two other holders": (
        (-2e6, -1e6),
        [("agency", 2e6), ("school", 1e6)],
        "Kostnaderna i kommunens budgetar väntas bli 2,00 mnkr högre, inte lägre. Därtill "
        "påverkas budgetar hos agency och school; det som landar där finns inte för betalningen.",
        "Costs in the municipality's budgets are expected to be SEK 2.00 million higher, not "
        "lower. Besides, budgets of agency and school are affected; what lands there is not there "
        "for the payment.",
    ),
}


@pytest.mark.parametrize("case", SAVINGS)
def test_what_is_saved_and_where_it_lands(case: str) -> None:
    (gross, freed), others, *wanted = SAVINGS[case]

    def change(summary: dict[str, Any]) -> None:
        found = summary["municipality"]
        found["gross_savings"] = estimate(gross, gross - 1e6, gross + 1e6)
        found["gross_savings_cashable"] = estimate(freed)
        (own,) = found["by_pocket"]
        found["by_pocket"] += [
            {**own, "pocket": holder, "holder": holder, "avoided": estimate(amount)}
            for holder, amount in others
        ]

    for lang, text in zip(("sv", "en"), wanted, strict=True):
        page = told(lang, change)
        assert plain(savings.savings_sentences(page)) == text
        section = savings.savings_section(page)
        assert section is not None
        assert len(section.parts) == (2 if others else 1)


def loss_by_error(before: dict[str, Any]) -> Change:
    def change(summary: dict[str, Any]) -> None:
        summary["investor"]["before_protection"] |= before

    return change


def test_what_settlement_error_does_to_the_investors_loss_stands_where_it_is_known() -> None:
    figures = {
        "expected_loss": estimate(1.5e6),
        "loss_probability": estimate(0.4),
        "expected_loss_on_expected_effect": estimate(2e6),
        "loss_probability_on_expected_effect": estimate(0.6),
        "expected_loss_from_settlement_error": estimate(-5e5),
        "loss_probability_from_settlement_error": estimate(-0.2),
        "settlement_error_not_apart": [],
    }
    wanted = {
        "sv": "Avräkningsfelet sänker investerarens väntade förlust före garantier med 500 tkr",
        "en": "Settlement error lowers the investor's expected loss before guarantees by SEK",
    }
    unknown = {key: None for key in figures if "effect" in key or "error" in key}
    for lang, text in wanted.items():
        found = error.error_section(told(lang, loss_by_error(figures)))
        assert found is not None
        assert text in plain(found.paragraphs)
        silent = error.error_section(
            told(lang, loss_by_error({**unknown, "settlement_error_not_apart": ["fees"]}))
        )
        assert silent is not None
        assert "investerarens" not in plain(silent.paragraphs)
        assert "investor's" not in plain(silent.paragraphs)


def test_over_and_underpayment() -> None:
    page = told("sv")
    nothing, seen = estimate(0.0), estimate(1e6, 0.0, 5e6)
    rare = estimate(1e5, 0.0, 0.0) | {"p95": 0.0, "p5": 0.0}
    said = plain(error.error_sentences(page, seen_as(seen), seen_as(nothing)))
    assert said.endswith(
        "I snitt betalas 1,00 mnkr för mycket, och i en framtid av tjugo mer än 5,00 mnkr för "
        "mycket. Ingenting betalas för lite."
    )
    said = plain(error.error_sentences(told("en"), seen_as(nothing), seen_as(rare)))
    assert said.endswith(
        "Nothing is paid too much. On average SEK 100,000 is paid too little, in fewer than one "
        "future of twenty."
    )
    said = plain(error.error_sentences(page, seen_as(nothing), seen_as(nothing)))
    assert said == (
        "Betalningarna beror inte på vad mätningen råkar visa: ingenting betalas för mycket eller "
        "för lite."
    )


def seen_as(found: dict[str, Any]) -> Any:
    from simulator.views.read import as_estimate

    return as_estimate(found)


DESIGNS = {
    "same": ((0.0, 0.0, 0.0), 0.0, 0.0, "samma effekt på kommunens budget i varje framtid."),
    "better": (
        (1e6, 0.9e6, 1.1e6),
        0.6,
        0.4,
        "i snitt 1,00 mnkr bättre för kommunens budget än kontraktet; bättre i 60,0 % av "
        "framtiderna, sämre i 40,0 %.",
    ),
    "worse": (
        (-1e6, -1.1e6, -0.9e6),
        0.3,
        0.6,
        "i snitt 1,00 mnkr sämre för kommunens budget än kontraktet; sämre i 60,0 % av "
        "framtiderna, bättre i 30,0 %.",
    ),
    "an interval that spans zero": (
        (1e4, -2e4, 4e4),
        0.5,
        0.5,
        "ingen säker skillnad i snitt mot kontraktet; bättre för kommunens budget i 50,0 % av "
        "framtiderna, sämre i 50,0 %.",
    ),
}


@pytest.mark.parametrize("case", DESIGNS)
def test_a_design_against_the_contract(case: str) -> None:
    (value, low, high), better, worse, wanted = DESIGNS[case]
    gap = {"estimate": value, "standard_error": 1.0, "mc_low": low, "mc_high": high}
    compared = {
        "designs": [
            {"name": "a", "title": {"sv": "Kontraktet"}},
            {"name": "b", "title": {"sv": "I egen regi"}},
        ],
        "differences": [
            {
                "design": "b",
                "figure": "municipality.net_budget_effect",
                "difference": gap,
                "share_better": better,
                "share_worse": worse,
            }
        ],
    }
    said = alternatives.difference_sentences(compared, told("sv").language)
    assert plain(said) == f"I egen regi: {wanted}"


def test_the_chance_of_having_broken_even() -> None:
    def rows(*chances: float) -> list[dict[str, Any]]:
        return [
            {
                "year": 2024 + k,
                "break_even_probability": estimate(chance),
                "cumulative_net": estimate(1e6, -2e6, 3e6) if k else estimate(0.0),
            }
            for k, chance in enumerate(chances)
        ]

    swedish, english = told("sv").language, told("en").language
    # the first year's 100 % is of nothing that has moved, and is not held against the last
    assert plain([payback.chance_conclusion(rows(1.0, 0.5, 0.7), swedish)]) == (
        "När 2026 är slut är det troligt (70,0 %) att budgeten har gått jämnt upp."
    )
    assert plain([payback.chance_conclusion(rows(1.0, 0.8, 0.1), english)]) == (
        "By the end of 2026 it is unlikely (10.0%) that the budget has broken even; the chance is "
        "highest at the end of 2025, 80.0%, before everything is paid."
    )


def test_years_before_anything_has_moved_have_no_chance_and_are_not_the_best() -> None:
    """Nothing paid and nothing saved is even by itself: 100 % would look like a success."""

    def change(summary: dict[str, Any]) -> None:
        first, second = summary["municipality"]["by_year"][:2]
        nothing = {"cumulative_net": estimate(0.0), "net": estimate(0.0)}
        even = {"break_even_probability": estimate(1.0)}
        lost = {"net": estimate(-1e6, -2e6, 0.0), "cumulative_net": estimate(-1e6, -2e6, 0.0)}
        never = {"break_even_probability": estimate(0.0)}
        summary["municipality"]["by_year"] = [first | nothing | even, second | lost | never]
        summary["municipality"]["worst_year"] = {"year": second["year"], "net": lost["net"]}

    for lang, note in (("sv", "Ett streck: ännu har"), ("en", "A dash: nothing has")):
        page = told(lang, change)
        section = payback.payback_section(page)
        assert section is not None
        (chart,) = section.parts
        assert chart.table.rows[0].cells[-1] == "–"
        assert plain([chart.table.rows[1].cells[-1]]).replace(" ", "") == "0%"
        assert plain(chart.table.notes).startswith(note)
        assert chart.figure["data"][0]["y"] == [None, 0.0]
        years = page.summary["municipality"]["by_year"]
        said = plain([budget.budget_conclusion(page.summary, years, page.language)])
        assert str(years[0]["year"]) not in said
        assert str(years[1]["year"]) in said


@pytest.mark.parametrize(
    ("over", "under", "sv", "en"),
    [
        ((3e6, 1e6, 5e6), (0.0, 0.0, 0.0), "mer än den verkliga", "more than the true"),
        ((0.0, 0.0, 0.0), (3e6, 1e6, 5e6), "mindre än den verkliga", "less than the true"),
        ((3e6, 0.0, 5e6), (1e6, 0.0, 4e6), "minst av allt med få", "least of all with few"),
    ],
)
def test_an_error_that_always_leans_one_way_is_not_called_chance(over, under, sv, en) -> None:
    """Utah paid for 95 of 100 children whom nobody would have sent to special education."""
    sides = estimate(*over), estimate(*under)

    def change(summary: dict[str, Any]) -> None:
        for side, found in zip(("overpayment", "underpayment"), sides, strict=True):
            summary["municipality"][side]["with_activity"] = found

    leans = "minst av allt" not in sv
    for lang, wanted in (("sv", sv), ("en", en)):
        page = told(lang, change)
        said = plain(error.error_sentences(page, *map(seen_as, sides)))
        assert wanted in said
        chapter = settlement_section(page)
        assert chapter is not None
        told_there = plain(chapter.paragraphs)
        assert ("slump i utfallen" in told_there or "because of chance in" in told_there) != leans
        assert ("nitton" in told_there or "nineteen" in told_there) == leans


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("sv", "gäller bara Norra regionen; vad som faller på Södra regionen står i tabellen"),
        ("en", "holds for the north region alone; the part of the south region stands in"),
    ],
)
def test_a_paper_on_one_of_several_payers_says_of_whom_it_speaks(lang: str, said: str) -> None:
    page = told(lang, run=simulated(load_scenario("two_regions_bond"), 100))
    assert said in plain(decision.municipality_summary(page).paragraphs)
    assert said in plain(investor_summary(page).paragraphs)
    alone = told(lang)
    assert "alone" not in plain(decision.municipality_summary(alone).paragraphs)
    assert "gäller bara" not in plain(decision.municipality_summary(alone).paragraphs)


def test_one_year_has_no_best_and_no_worst() -> None:
    def change(summary: dict[str, Any]) -> None:
        row = summary["municipality"]["by_year"][0] | {"net": estimate(1e6, -1e6, 2e6)}
        summary["municipality"]["by_year"] = [row]
        summary["municipality"]["worst_year"] = {"year": row["year"], "net": row["net"]}

    wanted = {
        "sv": "Budgetens netto 2024 väntas bli 1,00 mnkr.",
        "en": "The budget's net in 2024 is expected to be SEK 1.00 million.",
    }
    for lang, text in wanted.items():
        page = told(lang, change)
        years = page.summary["municipality"]["by_year"]
        assert plain([budget.budget_conclusion(page.summary, years, page.language)]) == text
        assert budget.worst_sentences(page.summary, page.language) == []
    short = contract(**{'horizon = "3 years"': 'horizon = "1 year"'})
    page = Told(source(simulated(short, 200)), "en")
    said = decision.effect_sentences(page.summary, page.scenario, page.language)
    assert "over 1 year," in plain(said)


def test_the_year_that_bears_most_in_the_accounts() -> None:
    rows = [
        {"year": 2024, "balanced_budget_effect": estimate(-3e6, -5e6, 0), "provision": None},
        {"year": 2025, "balanced_budget_effect": estimate(1e6), "provision": None},
    ]
    swedish = told("sv").language
    assert plain(accrual.heaviest_sentences(rows, swedish)) == (
        "Tyngst för balanskravsresultatet är 2024: en väntad försämring med 3,00 mnkr. I en "
        "framtid av tjugo är effekten det året lägre än −5,00 mnkr."
    )
    assert plain(accrual.heaviest_sentences(rows[1:], swedish)) == (
        "Inget år väntas försämra balanskravsresultatet; minst förbättras det 2025, med 1,00 mnkr."
    )
    pounds = replace(told("en").language, currency="GBP")
    assert plain(accrual.heaviest_sentences(rows[1:], pounds)) == (
        "No year is expected to worsen the year's result; it improves least in 2025, by "
        "GBP 1.00 million."
    )


def test_a_region_is_called_a_region_and_a_foreign_payer_an_outcome_payer() -> None:
    region = contract(
        **{
            'sv = "Kommunen"': 'sv = "Region Mitt"',
            'en = "The municipality"': 'en = "The region of Mitt"',
        }
    )
    run = simulated(region, 200)
    said = plain(decision.decision_points(told("sv", run=run)))
    assert "att regionen ingår kontraktet" in said
    assert "ommunen" not in said
    assert "the region enters into the contract" in plain(
        decision.decision_points(told("en", run=run))
    )
    pounds = simulated(contract().model_copy(update={"currency": "GBP"}), 200)
    for lang, called in (("sv", "den utfallsansvariga"), ("en", "the outcome payer")):
        page = told(lang, run=pounds)
        said = plain(decision.decision_points(page))
        assert called in said
        assert "ommunen" not in said
        assert "municipality" not in said
        section = accrual.accrual_section(page)
        assert section is not None
        assert "balans" not in str(section.parts)
        assert "RKR" not in str(section.parts)
