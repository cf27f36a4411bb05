"""Measures, funding, fees, names and tariffs: how the rest of a contract reads."""

import pytest

from simulator.views.words import contract_sections, contract_sentences
from tests.unit.views.small import plain, scenario


def test_measures_say_window_perimeter_follow_up_report_and_target() -> None:
    made = scenario(
        "[cohorts.some]\nservice_users = 5\n"
        '[payments.p]\nof = "m"\n[measures.m]\ntitle = { en = "M" }\n'
        'perimeter = ["cost", "programme_cost"]\nwindow = "18 months"\ncohorts = ["some"]\n'
        'reported_after = "1 quarter"\ntarget = 4_000_000\nstandard_error = 750_000\n'
        'follow_up = { share = 0.9, rule = "failure" }\n'
    )
    measured = next(s for s in contract_sentences(made, "en") if s.startswith("‘M’"))
    assert plain(measured) == (
        "‘M’ is the saving on ‘placement cost’ over 18 months from each service user's start "
        "(some only), after the programme's own cost is deducted. "
        "The measurement is taken to meet the real outcome but for a random error, whose "
        "standard error is SEK 750,000. The share of service users that can be followed up is 90%; "
        "the rest count as if the programme had not helped them. The "
        "evaluator's report comes 1 quarter after the last "
        "window. The target is SEK 4 million."
    )


def test_measures_without_a_payment_are_named_together() -> None:
    made = scenario('[payments.p]\nof = "saving"\n')
    last = next(s for s in contract_sentences(made, "sv") if s.startswith("Följs också"))
    assert plain(last) == (
        "Följs också upp, utan att påverka någon betalning: ”färre dagar” (18 månader), "
        "”nya jobb” (1 år) och ”arbete” (1 år)."
    )


FUNDING = [
    (
        "costs = { per_year = 3_000_000 }",
        "Insatsens kostnad om året är 3 mnkr från 1 januari 2024 till 31 december 2026.",
    ),
    (
        "costs = { per_year = { pert = { low = 2e6, mode = 3e6, high = 4e6 } } }",
        "kostnad om året är mellan 2 mnkr och 4 mnkr, troligast 3 mnkr, från",
    ),
    (
        "costs = { per_year = { normal = { mean = 3e6, sd = 5e5 } } }",
        "ett osäkert värde (normalfördelning med medelvärde 3 mnkr och "
        "standardavvikelse 500 000 kr)",
    ),
    (
        "costs = { schedule = [1_000_000, 2_000_000] }",
        "halvår för halvår från starten, 1 mnkr och 2 mnkr",
    ),
    (
        "costs = { schedule = [1_000_000, 1_000_000, 1_000_000] }",
        "Insatsen kostar 1 mnkr halvår för halvår från starten, 3 gånger.",
    ),
    (
        "costs = { schedule = [1_500_000] }",
        "Insatsen kostar 1,5 mnkr, allt i den första perioden.",
    ),
]


@pytest.mark.parametrize(("costs", "wanted"), FUNDING)
def test_funding_says_commitment_cost_and_who_bears_the_rest(costs: str, wanted: str) -> None:
    made = scenario(**{"costs = { per_year = 3_000_000 }": costs})
    text = plain(" ".join(contract_sections(made, "sv")[0].sentences))
    assert text.startswith("Fonden finansierar insatsen med upp till 10 mnkr.")
    assert wanted in text
    assert text.endswith("Det som överstiger utfästelsen bärs av kommunen.")


def test_fees_and_costs_are_said_with_payer_amount_and_dates() -> None:
    made = scenario(
        '[fees.a]\npayer = "outcome_payer"\npayee = "guarantor"\nshare = 0.01\nof = '
        '"capital_drawn"\n'
        "buys_work = false\n"
        '[fees.b]\npayer = "investor"\npayee = "guarantor"\namount = 50_000\ndate = 2024-05-02\n'
        '[costs.c]\nparty = "outcome_payer"\nper_year = 100_000\nuntil = 2025-12-31\n'
    )
    section = next(s for s in contract_sections(made, "en") if s.title == "Fees and other costs")
    assert [plain(s) for s in section.sentences] == [
        "a: The municipality shall pay the state 1% of the capital drawn. "
        "It is a pure transfer that buys no work.",
        "b: The fund shall pay the state SEK 50,000 on 2 May 2024.",
        "c: SEK 100,000 a year from 1 January 2024 to 31 December 2025, borne by the municipality.",
    ]


def test_without_capital_the_outcome_payer_pays() -> None:
    made = scenario().model_copy(update={"capital": None})
    assert contract_sentences(made, "en")[0] == (
        "No investor puts in capital; the programme is paid for by the municipality."
    )


def test_names_fall_back_to_the_other_language_and_then_to_the_key() -> None:
    made = scenario(
        '[payments.own_risk]\ntitle = { sv = "Bara svenska" }\nof = '
        '"cost"\n[parties.agency]\ntitle = { en = "Agency" }\n'
    )
    assert any(s.startswith("Bara svenska: ") for s in contract_sentences(made, "en"))
    untitled = scenario('[payments.own_risk]\nof = "cost"\n')
    assert any(
        s.startswith("Activity payment (own risk): ") for s in contract_sentences(untitled, "en")
    )


TARIFF = "".join(
    f'[measures.m{k}]\ntitle = {{ sv = "M{k}", en = "M{k}" }}\nmetric = "work"\n'
    f'quantity = "count"\nwindow = "1 year"\n'
    f'[payments.p{k}]\ntitle = {{ sv = "P{k}", en = "P{k}" }}\nof = "m{k}"\n'
    f"terms = [{{ price = {k}000 }}]\n"
    for k in range(1, 5)
)


def test_a_tariff_is_one_sentence_with_every_price() -> None:
    made = scenario(TARIFF)
    sections = {s.title: s.sentences for s in contract_sections(made, "en")}
    assert [plain(s) for s in sections["What is paid"]] == [
        "The municipality shall pay the fund a price for each one counted: P1, SEK 1,000; "
        "P2, SEK 2,000; P3, SEK 3,000; P4, SEK 4,000. Paid when the evaluation is done."
    ]
    assert plain(sections["What is measured"][0]) == (
        "Numbers counted within 1 year of each service user's start, compared with nothing: "
        "‘M1’, ‘M2’, ‘M3’ and ‘M4’."
    )


def test_a_payment_with_more_than_a_price_stands_outside_the_tariff() -> None:
    made = scenario(TARIFF.replace("{ price = 4000 }", "{ price = 4000 }, { at_most = 90_000 }"))
    paid = contract_sections(made, "en")[3].sentences
    assert len(paid) == 4
    assert all("a price for each one counted" not in sentence for sentence in paid)
