"""What money is told as, word for word: effect per krona, settlement error, payments."""

from dataclasses import replace
from typing import Any

import pytest

from simulator.views.report.chapters.contract import contract_chapter
from simulator.views.report.chapters.loss_error import loss_error_sentences, loss_error_table
from simulator.views.report.chapters.payments import payments_table
from simulator.views.report.investor.impact import impact_section
from simulator.views.report.investor.returns import return_section
from simulator.views.report.investor.strengths import strengths_section
from simulator.views.report.parts import Table
from simulator.views.report.source import Told
from tests.unit.views.small import plain
from tests.unit.views.test_sentences_investor import (
    GUARANTEE,
    estimate,
    outcome_of,
    run_of,
    text,
    told,
)

AMOUNTS = [
    (
        "cost",
        estimate(2.5e6, -1e6, 6e6),
        estimate(0.834),
        "effekten är i genomsnitt 2,50 mnkr till det bättre (−1,00 mnkr till 6,00 mnkr, 5–95 %); "
        "det är 0,83 per krona som insatsen kostar.",
        "the effect is SEK 2.50 million for the better on average (SEK −1.00 million to SEK 6.00 "
        "million, 5–95%), which is 0.83 for each krona that the programme costs.",
    ),
    (  # days: 1,234 in all, 41.1 for each million
        "days",
        estimate(1234.0, 100.0, 2000.0),
        estimate(41.13e-6),
        "effekten är i genomsnitt 1 234 days till det bättre (100 days till 2 000 days, "
        "5–95 %); det är 41,1 per mnkr som insatsen kostar.",
        "the effect is 1,234 days for the better on average (100 days to 2,000 days, 5–95%), "
        "which is 41.1 for each SEK million that the programme costs.",
    ),
    (  # it does harm
        "cost",
        estimate(-2.5e6, -6e6, 1e6),
        estimate(-0.5),
        "i genomsnitt blir det inte bättre; effekten är −2,50 mnkr (−6,00 mnkr till 1,00 mnkr, "
        "5–95 %), det vill säga −0,50 per krona som insatsen kostar.",
        "on average it gets no better; the effect is SEK −2.50 million (SEK −6.00 million to SEK "
        "1.00 million, 5–95%), which is −0.50 for each krona that the programme costs.",
    ),
    (  # no cost is known
        "cost",
        estimate(2.5e6, -1e6, 6e6),
        None,
        "effekten är i genomsnitt 2,50 mnkr till det bättre (−1,00 mnkr till 6,00 mnkr, 5–95 %).",
        "the effect is SEK 2.50 million for the better on average (SEK −1.00 million to SEK 6.00 "
        "million, 5–95%).",
    ),
]


@pytest.mark.parametrize(("metric", "effect", "per", "sv", "en"), AMOUNTS)
def test_impact_of_counts_and_amounts_is_told_per_krona(
    metric: str, effect: Any, per: Any, sv: str, en: str
) -> None:
    outcomes = outcome_of(metric, true_effect=effect, effect_per_krona=per)
    for lang, wanted in (("sv", sv), ("en", en)):
        section = impact_section(told(lang, {"outcomes": outcomes}))
        assert wanted in text(section)
        assert section is not None
        table = section.parts[-1]
        assert isinstance(table, Table)
        cell = plain(table.rows[0].cells[-1])
        assert cell == "–" if per is None else cell in wanted


def _interval(value: float, low: float, high: float) -> dict[str, Any]:
    return {**estimate(value, -1e6, 1e6), "mc_low": low, "mc_high": high}


def _loss(
    seen: float, ideal: float, *interval: float, chances: tuple[float, ...]
) -> dict[str, Any]:
    """Losses and chances as paid and on the expected effect; the interval of the difference."""
    keys = ("loss_probability", "loss_probability_on_expected_effect")
    gap = chances[0] - chances[1]
    return {
        "expected_loss": estimate(seen, 0.0, 4e6),
        "expected_loss_on_expected_effect": estimate(ideal, 0.0, 3e6),
        "expected_loss_from_settlement_error": _interval(seen - ideal, *interval),
        "loss_probability_from_settlement_error": _interval(gap, gap - 0.01, gap + 0.01),
        "settlement_error_not_apart": [],
        **{key: estimate(chance) for key, chance in zip(keys, chances, strict=True)},
    }


def _why(*words: str) -> dict[str, Any]:
    return {**_loss(2e6, 1e6, 9e5, 1.1e6, chances=(0.5, 0.4)), "settlement_error_not_apart": words}


LOSS_ERROR = [
    (
        _loss(2e6, 1.5e6, 4e5, 6e5, chances=(0.5, 0.4)),
        "Av investerarens väntade förlust före garantier, 2,00 mnkr, är 500 tkr (25 %) "
        "avräkningsfel: hade allt betalats på den väntade effekten hade den varit 1,50 mnkr, och "
        "chansen att förlora 40,0 % i stället för 50,0 %.",
        "Of the investor's expected loss before guarantees, SEK 2.00 million, SEK 500,000 (25%) is "
        "settlement error: had all been paid on the expected effect it would have been SEK 1.50 "
        "million, and the chance of loss 40.0% instead of 50.0%.",
    ),
    (
        _loss(1.5e6, 2e6, -6e5, -4e5, chances=(0.4, 0.6)),
        "Avräkningsfelet sänker investerarens väntade förlust före garantier med 500 tkr: den är "
        "1,50 mnkr, men hade allt betalats på den väntade effekten hade den varit 2,00 mnkr, och "
        "chansen att förlora 60,0 % i stället för 40,0 %.",
        "Settlement error lowers the investor's expected loss before guarantees by SEK 500,000: it "
        "is SEK 1.50 million, but had all been paid on the expected effect it would have been SEK "
        "2.00 million, and the chance of loss 60.0% instead of 40.0%.",
    ),
    (  # the interval spans zero
        _loss(2e6, 1.9e6, -1e5, 3e5, chances=(0.5, 0.4)),
        "Om avräkningsfelet höjer eller sänker investerarens väntade förlust före garantier går "
        "inte att avgöra med så här många simuleringar: den är 2,00 mnkr, och hade varit 1,90 mnkr",
        "Whether settlement error raises or lowers the investor's expected loss before guarantees "
        "cannot be told from so many futures: it is SEK 2.00 million, and would have been SEK 1.90",
    ),
    (  # loss impossible on the expected effect
        _loss(2e6, 0.0, 1.9e6, 2.1e6, chances=(0.5, 0.0)),
        "Hela investerarens väntade förlust före garantier, 2,00 mnkr, är avräkningsfel: hade allt "
        "betalats på den väntade effekten hade ingenting förlorats i någon framtid, i stället för "
        "i 50,0 % av dem.",
        "All of the investor's expected loss before guarantees, SEK 2.00 million, is settlement "
        "error: had all been paid on the expected effect nothing would have been lost in any "
        "future, instead of in 50.0% of them.",
    ),
    (  # loss certain on the expected effect, impossible as paid
        _loss(0.0, 2e6, -2.1e6, -1.9e6, chances=(0.0, 1.0)),
        "hade den väntade förlusten varit 2,00 mnkr och chansen att förlora 100 %. Som det betalas "
        "förloras ingenting i någon framtid.",
        "the expected loss would have been SEK 2.00 million and the chance of loss 100%. As it is "
        "paid nothing is lost in any future.",
    ),
    (  # payments that follow nothing that is measured
        _loss(2e6, 2e6, 0.0, 0.0, chances=(0.5, 0.5)),
        "Inget av investerarens väntade förlust före garantier, 2,00 mnkr, är avräkningsfel: den "
        "hade varit densamma om allt betalats på den väntade effekten.",
        "None of the investor's expected loss before guarantees, SEK 2.00 million, is settlement "
        "error: it would have been the same had all been paid on the expected effect.",
    ),
    (
        _why("recycling", "fees"),
        "går inte att skilja ut här: återbetalt kapital används igen, så andra betalningar hade "
        "gett ett annat utnyttjande och investeraren betalar en avgift på utfallsbetalningarna.",
        "cannot be told apart here: capital that is repaid is used again, so that other payments "
        "would have drawn other sums and the investor pays a fee on the outcome payments.",
    ),
    (
        _why("classes"),
        "en del av det som betalas går till bidrag eller utförarens egen insats.",
        "part of what is paid goes to grants or the provider's own pay at risk.",
    ),
    (
        _why("payees", "payers"),
        "en del av felet bärs av andra mottagare än investeraren och en betalare kan utebli eller "
        "betala sent.",
        "part of the error is borne by other payees than the investor and a payer may default or "
        "pay late.",
    ),
]


@pytest.mark.parametrize(("figures", "sv", "en"), LOSS_ERROR)
def test_how_much_of_the_loss_is_settlement_error(figures: Any, sv: str, en: str) -> None:
    before = {**run_of()[0]["investor"]["before_protection"], **figures}
    for lang, wanted in (("sv", sv), ("en", en)):
        section = return_section(told(lang, {"investor.before_protection": before}))
        assert wanted in text(section)


def test_the_loss_with_and_without_settlement_error_stands_in_a_table() -> None:
    figures = _loss(1.5e6, 2e6, -6e5, -4e5, chances=(0.4, 0.6))
    before = {**run_of()[0]["investor"]["before_protection"], **figures}
    table = loss_error_table(told("en", {"investor.before_protection": before}))
    assert table is not None
    assert [tuple(map(plain, row.cells)) for row in table.rows] == [
        ("expected loss", "1,500", "2,000", "−500"),
        ("loss reached or exceeded in one future of twenty", "4,000", "3,000", "–"),
        ("chance of loss", "40.0%", "60.0%", "−20.0 pp"),
    ]
    run = run_of(without=GUARANTEE)
    without = {**run[0]["investor"]["before_protection"], **figures}
    page = told("en", {"investor.before_protection": without}, run)
    assert "before guarantees" not in " ".join(loss_error_sentences(page))


def test_nothing_is_said_of_the_loss_where_there_is_none_or_no_capital() -> None:
    figures = _loss(0.0, 0.0, 0.0, 0.0, chances=(0.0, 0.0))
    page = told("en", {"investor.before_protection": figures})
    assert loss_error_sentences(page) == []
    assert loss_error_table(page) is None
    summary = {**page.summary, "investor": {**page.summary["investor"], "expected_multiple": None}}
    assert loss_error_sentences(Told(replace(page.run, summary=summary), "en")) == []


@pytest.mark.parametrize(
    ("figures", "stands"),
    [
        (_loss(2e6, 1.5e6, 4e5, 6e5, chances=(0.5, 0.4)), True),  # 25 %, the threshold itself
        (_loss(2e6, 1.6e6, 3e5, 5e5, chances=(0.5, 0.4)), False),  # 20 %
        (_loss(2e6, 1.5e6, -1e5, 1.1e6, chances=(0.5, 0.4)), False),  # or nothing at all
    ],
)
def test_a_loss_that_is_mostly_settlement_error_is_a_weakness(figures: Any, stands: bool) -> None:
    before = {**run_of()[0]["investor"]["before_protection"], **figures}
    for lang, wanted in (
        ("sv", "är avräkningsfel: 500 tkr av 2,00 mnkr."),
        ("en", "is settlement error: SEK 500,000 of SEK 2.00 million."),
    ):
        said = text(strengths_section(told(lang, {"investor.before_protection": before})))
        assert (wanted in said) == stands


def test_the_terms_say_what_each_payment_is_expected_to_come_to() -> None:
    amount = estimate(3e6, 1e6, 4e6)
    entries = [
        {**entry, "expected_amount": amount, "maximum_amount": most}
        for entry, most in zip(run_of()[0]["contract"]["payments"], (None, 4.5e6), strict=True)
    ]
    table = payments_table(told("en", {"contract.payments": entries}))
    assert table is not None
    first, second = [tuple(map(plain, row.cells)) for row in table.rows]
    assert first[0] == "Activity payment"
    assert first[2].startswith("6 times, ")  # half-years of spending over three years
    assert first[3:] == ("3,000", "1,000", "3,000", "4,000", "–")
    assert second[0] == "Share of the saving"
    assert not second[2].startswith("1 times")
    assert second[3:] == ("3,000", "1,000", "3,000", "4,000", "4,500")
    chapter = contract_chapter(told("en", {"contract.payments": entries}))
    assert table in chapter.parts
    assert payments_table(told("en", {"contract.payments": []})) is None
