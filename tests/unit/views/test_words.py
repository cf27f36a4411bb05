"""Every term and reading of the contract language has its words, in both languages."""

import typing

import pytest

from simulator.scenario.contract import Guarantee, Payment, Reference, Term
from simulator.views.language import texts
from simulator.views.words import contract_sections, contract_sentences
from tests.unit.views.small import plain, scenario


def payment(body: str, lang: str) -> str:
    """The sentence of the only payment, without its first words."""
    made = scenario(f'[payments.p]\ntitle = {{ sv = "P", en = "P" }}\n{body}')
    key = {"sv": "Vad som betalas", "en": "What is paid"}[lang]
    section = next(s for s in contract_sections(made, lang) if s.title == key)
    assert len(section.sentences) == 1
    start = {
        "sv": "P: Kommunen ska till fonden betala ",
        "en": "P: The municipality shall pay the fund ",
    }
    text = plain(section.sentences[0])
    assert text.startswith(start[lang])
    return text.removeprefix(start[lang])


PAYMENTS = [
    (
        'of = "cost"\nterms = [{ share = 0.40 }]\npaid = "as delivered"',
        "40 % av insatsens kostnad, oavsett resultat; "
        "betalas i slutet av varje halvår, i takt med att arbetet utförs.",
        "40% of the programme's cost, whatever the result; "
        "paid at the end of each half-year, as the work is delivered.",
    ),
    (
        'of = "saving"\nterms = [{ share = 0.60 }, { at_least = 0 }, { at_most = { '
        "of_drawn = 0.6 } }]",
        "60 öre av varje uppmätt sparad krona, aldrig mindre än noll, "
        "högst 60 % av det kapital som dragits; betalas när utvärderingen är klar.",
        "60 öre of each measured krona saved, never less than zero, "
        "at most 60% of the capital drawn; paid when the evaluation is done.",
    ),
    (
        'of = "saving"\nterms = [{ above = { of_drawn = 1.0 } }, { at_most = 2_500_000 }]\n'
        'when = { measure = "in_work", at_least = 0.20 }',
        "den del av den uppmätta besparingen som överstiger det kapital som dragits, "
        "högst 2,5 mnkr, men bara om ”arbete” är minst 20 %; betalas när utvärderingen är klar.",
        "the part of the measured saving above the capital drawn, at most SEK 2.5 million, "
        "but only if ‘employment’ is at least 20%; paid when the evaluation is done.",
    ),
    (
        'of = "found_work"\nterms = [{ above = 20 }, { price = 25_000 }, { after = "6 months" }]',
        "25 000 kr för varje deltagare som räknas i den del av det uppmätta värdet av ”nya jobb” "
        "som överstiger 20; betalas när utvärderingen är klar, med en fördröjning på 6 månader.",
        "SEK 25,000 for each service user counted in the part of the measured value of ‘new jobs’ "
        "above 20; paid when the evaluation is done, with a delay of 6 months.",
    ),
    (
        'of = "in_work"\nterms = [{ if_at_least = 0.4 }, { price = 1_000_000 }, { share = 0.5 }]',
        "det uppmätta värdet av ”arbete”, men bara om värdet når minst 40 %, "
        "vilket ger 10 000 kr för varje procentenhet av detta, varav 50 %; "
        "betalas när utvärderingen är klar.",
        "the measured value of ‘employment’, but only if the value reaches at least 40%, "
        "which gives SEK 10,000 for each percentage point of this, of which 50%; "
        "paid when the evaluation is done.",
    ),
    (
        'of = "fewer_days"\nterms = [{ table = { form = "stepped", points = [[0.1, '
        "200_000], [0.2, 500_000]] } }]\n"
        'paid = "at end"',
        "det som tabellen ger för det uppmätta värdet av ”färre dagar” (200 000 kr från 10 % och "
        "500 000 kr från 20 %; inget under det första steget); "
        "betalas när kontraktet löper ut, 31 december 2026.",
        "what the table gives for the measured value of ‘fewer days’ (SEK 200,000 from 10% and "
        "SEK 500,000 from 20%; nothing below the first step); "
        "paid when the contract ends, 31 December 2026.",
    ),
    (
        'of = "fewer_days"\nterms = [{ above = 0.05 }, '
        '{ table = { form = "interpolated", points = [[0.0, 0], [0.1, 100_000]] } }, '
        "{ share = 0.5 }]",
        "50 % av det som tabellen ger för den del av det uppmätta värdet av ”färre dagar” som "
        "överstiger 5 % (0 kr vid 0 % och 100 000 kr vid 10 %; rak linje däremellan, "
        "inget under den "
        "första punkten och det sista värdet efter den sista); betalas när utvärderingen är klar.",
        "50% of what the table gives for the part of the measured value of ‘fewer days’ above 5% "
        "(SEK 0 at 0% and SEK 100,000 at 10%; a straight line between, nothing below "
        "the first point "
        "and the last value beyond it); paid when the evaluation is done.",
    ),
    (
        'of = "found_work"\nterms = [{ bands = [{ above = 0, price = 10_000 }, { '
        "above = 20, price = 15_000 }] }, "
        "{ uplift = { per_year = 0.02, since = 2024-01-01 } }]",
        "för varje deltagare som räknas i det uppmätta värdet av ”nya jobb”: 10 000 "
        "kr i den del som "
        "ligger över 0 och 15 000 kr i den del som ligger över 20, uppräknat med 2 % om året från "
        "1 januari 2024; betalas när utvärderingen är klar.",
        "for each service user counted in the measured value of ‘new jobs’: SEK 10,000 in the part "
        "above 0 and SEK 15,000 in the part above 20, indexed by 2% a year since 1 January 2024; "
        "paid when the evaluation is done.",
    ),
    (
        "of = { in_work = 0.8, fewer_days = 0.2 }\nterms = [{ price = 1_000_000 }, { "
        "at_least = 100_000 }]\n"
        'when = [{ measure = "in_work", at_least = 0.1 }, { measure = "saving", below = 0 }]',
        "10 000 kr för varje procentenhet av den vägda summan av 0,2 × ”färre dagar” och "
        "0,8 × ”arbete”, minst 100 000 kr, men bara om ”arbete” är minst 10 % och ”besparingen” är "
        "under 0 kr; betalas när utvärderingen är klar.",
        "SEK 10,000 for each percentage point of the weighted sum of 0.2 × ‘fewer days’ and "
        "0.8 × ‘employment’, at least SEK 100,000, but only if ‘employment’ is at least 10% and "
        "‘the saving’ is below SEK 0; paid when the evaluation is done.",
    ),
    (
        'of = "saving"\nper = "cohort"\nterms = [{ at_most = { of_commitment = 0.5 } }, '
        "{ above = 100_000 }, { share = 0.6 }, { if_at_least = { of_cost = 1 } }]",
        "den uppmätta besparingen, högst 50 % av utfästelsen, varav bara den del som överstiger "
        "100 000 kr, varav 60 %, men bara om detta blir minst insatsens kostnad, för varje grupp "
        "för sig; betalas när utvärderingen är klar.",
        "the measured saving, at most 50% of the commitment, of which only the part above "
        "SEK 100,000, of which 60%, but only if this comes to at least the programme's cost, for "
        "each group on its own; paid when the evaluation is done.",
    ),
    (
        'of = "saving"\nterms = [{ bands = [{ above = 0, price = 0.5 }, '
        "{ above = 1e6, price = 0.2 }] }]",
        "för varje krona av den uppmätta besparingen: 0,5 kr i den del som ligger över 0 kr och "
        "0,2 kr i den del som ligger över 1 mnkr; betalas när utvärderingen är klar.",
        "for each krona of the measured saving: SEK 0.5 in the part above SEK 0 and "
        "SEK 0.2 in the part above SEK 1 million; paid when the evaluation is done.",
    ),
    (
        "of = { fewer_days = 1.0, in_work = 3.0 }\nterms = [{ price = 100 }]",
        "100 kr för varje enhet av den vägda summan av 1 × ”färre dagar” och 3 × ”arbete”; "
        "betalas när utvärderingen är klar. Där det är mindre än noll betalar fonden det i "
        "stället till kommunen.",
        "SEK 100 for each unit of the weighted sum of 1 × ‘fewer days’ and "
        "3 × ‘employment’; paid when the evaluation is done. Where this is less than zero, "
        "it is paid by the fund to the municipality instead.",
    ),
    (
        'of = "saving"\nper = "period"\nterms = [{ share = 0.255 }]',
        "25,5 % av den uppmätta besparingen, för varje halvår för sig; "
        "betalas när utvärderingen är klar. Där det är mindre än noll betalar fonden det i "
        "stället till kommunen.",
        "25.5% of the measured saving, for each half-year on its own; "
        "paid when the evaluation is done. Where this is less than zero, it is paid by the fund "
        "to the municipality instead.",
    ),
    (
        'of = "fewer_days"\nper = "period"\nterms = [{ table = { form = "stepped", points = '
        "[[0, 0.02], [0.05, 0.03]] } }, { at_least = { by_year = [0.02, 0.02, 0.0] } }, "
        '{ times = "capital_outstanding" }, { rounded = { to = 1_000, rule = "down" } }]',
        "det som tabellen ger för det uppmätta värdet av ”färre dagar” (2 % från 0 % och 3 % från "
        "5 %; inget under det första steget), minst 2 % under kontraktsår 1 till 2 och 0 % från "
        "och med kontraktsår 3, multiplicerat med det utestående kapitalet, avrundat nedåt till "
        "en hel multipel av 1 000 kr, för varje halvår för sig; betalas när utvärderingen är klar.",
        "what the table gives for the measured value of ‘fewer days’ (2% from 0% and 3% from 5%; "
        "nothing below the first step), at least 2% in contract years 1 to 2 and 0% from contract "
        "year 3 on, multiplied by the capital outstanding, rounded down to a whole multiple of "
        "SEK 1,000, for each half-year on its own; paid when the evaluation is done.",
    ),
    (
        'of = "found_work"\nper = "period"\nterms = [{ price = 1_000 }, { less = "p" }, '
        "{ at_least = 0 }]\nlimit = { of_drawn = 0.5 }\nprincipal = true",
        "1 000 kr för varje deltagare som räknas i det uppmätta värdet av ”nya jobb”, minus det "
        "som dittills betalats enligt denna punkt, aldrig mindre än noll, för varje halvår för "
        "sig; betalas när utvärderingen är klar. Sammanlagt betalas högst 50 % av det kapital som "
        "dragits. Betalningen återbetalar kapital, så att det utestående kapitalet minskar lika "
        "mycket.",
        "SEK 1,000 for each service user counted in the measured value of ‘new jobs’, less what "
        "this payment has paid so far, never less than zero, for each half-year on its own; paid "
        "when the evaluation is done. In all it pays at most 50% of the capital drawn. It repays "
        "capital, so that the capital outstanding falls by it.",
    ),
    (
        'of = "fewer_days"\nterms = [{ share = 0.5 }, { compounded = 3 }, '
        '{ times = "capital_drawn" }, { less = "capital_drawn" }]\npaid = "at end"',
        "ett plus 50 % av det uppmätta värdet av ”färre dagar”, med ränta på ränta i 3 år, "
        "multiplicerat med det kapital som dragits, minus det kapital som dragits; betalas när "
        "kontraktet löper ut, 31 december 2026. Där det är mindre än noll betalar fonden det i "
        "stället till kommunen.",
        "one plus 50% of the measured value of ‘fewer days’, compounded over 3 years, multiplied "
        "by the capital drawn, less the capital drawn; paid when the contract ends, 31 December "
        "2026. Where this is less than zero, it is paid by the fund to the municipality instead.",
    ),
    (
        'of = "saving"\nterms = [{ at_least = 0 }, { until_repaid = { interest = 0.05, '
        "share = 0.95, then = 0.4 } }, { at_most = { by_drawn = [[1_000_000, 500_000], "
        "[10_000_000, 3_000_000]] } }]",
        "den uppmätta besparingen, aldrig mindre än noll, varav 95 % tills det kapital som dragits "
        "har betalats tillbaka med 5 % om året i ränta på ränta, och 40 % av resten, högst det "
        "belopp som följer av det kapital som dragits (500 000 kr vid 1 mnkr och 3 mnkr vid "
        "10 mnkr; rak linje däremellan, samma belopp utanför); betalas när utvärderingen är klar.",
        "the measured saving, never less than zero, of which 95% until the capital drawn has been "
        "repaid with 5% a year in compound interest, and 40% of the rest, at most the amount that "
        "follows from the capital drawn (SEK 500,000 at SEK 1 million and SEK 3 million at SEK "
        "10 million; a straight line between, level outside); paid when the evaluation is done.",
    ),
    (
        'of = "capital_outstanding"\nterms = [{ share = 0.5 }, { at_most = { '
        'of_outstanding = 0.25 } }]\nif_terminated = "only then"\nterminated_by = ["a", "b"]\n'
        '[events.a]\ntitle = { sv = "uppsägning", en = "notice" }\nkind = "termination"\n'
        '[events.b]\nkind = "termination"',
        "50 % av det utestående kapitalet, högst 25 % av utestående kapital, men bara om "
        "kontraktet upphör i förtid genom ”uppsägning” eller ”b”; betalas när det förtida slutet "
        "får verkan.",
        "50% of the capital outstanding, at most 25% of the capital outstanding, but only if the "
        "contract ends early through ‘notice’ or ‘b’; paid when the early end takes effect.",
    ),
]


@pytest.mark.parametrize(("body", "sv", "en"), PAYMENTS)
def test_a_payment_reads_as_its_terms(body: str, sv: str, en: str) -> None:
    assert payment(body, "sv") == sv
    assert payment(body, "en") == en


def test_the_table_above_has_every_term_of_the_language() -> None:
    said = " ".join(body for body, _, _ in PAYMENTS)
    assert {name for name in Term.model_fields if name not in said} == set()


GUARANTEES = [
    (
        'reading = "pari passu"\ncoverage = 0.5',
        "Staten ersätter 50 % av den förlust som återstår på det kapital som dragits (pari passu).",
        "The state shall make good 50% of the loss that is left on the capital drawn (pari passu).",
    ),
    (
        'reading = "floor"\ncoverage = 0.5\nobject = "committed"',
        "Staten fyller på det investeraren har fått tillbaka, så att det når 50 % av "
        "det utfästa kapitalet (golv).",
        "The state shall top up what the investor has received, so that it reaches 50% of "
        "the capital committed (floor).",
    ),
    (
        'reading = "first loss"\ncoverage = 0.5\nobject = "at risk"',
        "Staten bär den första förlusten, upp till 50 % av det riskutsatta kapitalet "
        "(draget kapital minus aktivitetsersättningar) (förstaförlust).",
        "The state shall bear the first loss, up to 50% of the capital at risk "
        "(capital drawn less activity payments) (first loss).",
    ),
    (
        'reading = "second loss"\nattachment = 1_000_000\ndetachment = { of_drawn = 0.5 }',
        "Staten bär den del av förlusten som ligger mellan 1 mnkr och 50 % av det "
        "kapital som dragits (andraförlust).",
        "The state shall bear the part of the loss between SEK 1 million and 50% of the "
        "capital drawn (second loss).",
    ),
    (
        'reading = "maximum loss"\nmaximum = 2_000_000',
        "Staten bär all förlust utöver 2 mnkr, som är det mesta investeraren själv bär.",
        "The state shall bear all loss beyond SEK 2 million, which is the most that the investor "
        "bears.",
    ),
]


@pytest.mark.parametrize(("body", "sv", "en"), GUARANTEES)
def test_a_guarantee_reads_as_its_reading(body: str, sv: str, en: str) -> None:
    made = scenario(f"[guarantees.g]\n{body}\n")
    for lang, wanted in (("sv", sv), ("en", en)):
        assert plain(contract_sections(made, lang)[-1].sentences[0]).startswith(wanted)


def test_a_guarantee_says_its_cap_its_delay_and_the_order() -> None:
    made = scenario(
        '[guarantees.b]\nreading = "pari passu"\ncoverage = 0.5\ncap = 1_500_000\norder = 1\n'
        '[guarantees.a]\nreading = "floor"\ncoverage = 0.2\nobject = "with return"\n'
        'target_return = 0.1\nafter = "1 year"\norder = 2\n'
    )
    first, second, order = (plain(s) for s in contract_sections(made, "en")[-1].sentences)
    assert first.endswith("The guarantor pays at most SEK 1.5 million.")
    assert "20% of the capital drawn with a return of 10% (floor)" in second
    assert second.endswith("The payout comes 1 year later.")
    assert order.startswith(
        "The guarantees are called in the order ‘guarantee from the state (b)’ and ‘guarantee from "
        "the state (a)’"
    )


LIMITS = [
    ("total = 12_000_000", "till fonden tillsammans", "All payments to the fund together may not"),
    ("total = 12_000_000", "12 mnkr", "SEK 12 million"),
    ("per_period = 500_000", "vid ett och samma tillfälle får", "any one time may not exceed SEK"),
    ("per_service_user = 90_000", "90 000 kr för varje deltagare", "90,000 for each service user"),
    ("multiple = 1.2", "120 % av det kapital som dragits", "120% of the capital drawn"),
    ("annual_return = { rate = 0.08 }", "internränta", "compound"),
    ('annual_return = { rate = 0.08, form = "simple" }', "enkel ränta", "simple interest"),
]


@pytest.mark.parametrize(("body", "sv", "en"), LIMITS)
def test_a_limit_is_said_with_what_is_cut_first(body: str, sv: str, en: str) -> None:
    made = scenario(f'[payments.p]\nof = "saving"\n[limits]\n{body}\n')
    for lang, wanted, cut in (("sv", sv, "i första hand"), ("en", en, "first, in proportion")):
        first, last = (plain(s) for s in contract_sections(made, lang)[4].sentences)
        assert wanted in first
        assert cut in last


REFERENCES = [
    ("fixed", "ett tal som står i kontraktet", "a number written into the contract"),
    (
        "observed",
        "redan har följts: 80 personer från 2013",
        "already been followed: 80 people from 2013",
    ),
    ("to be collected", "ska samlas in: 80 personer", "yet to be collected: 80 people"),
    ("matched", "matchad jämförelsegrupp: 80 personer", "matched comparison group: 80 people"),
    ("randomised", "lottad kontrollgrupp: 80 personer", "randomised control group: 80 people"),
    ("own past", "samma deltagare året före start", "the same service users in the year before"),
    (
        "difference in differences",
        "jämförs med förändringen i en referensgrupp",
        "change in a reference group",
    ),
    ("none", "inte med någon referens", "compared with nothing"),
]


@pytest.mark.parametrize(("kind", "sv", "en"), REFERENCES)
def test_a_reference_is_said_by_its_kind(kind: str, sv: str, en: str) -> None:
    made = scenario(
        '[payments.p]\nof = "m"\n[measures.m]\nmetric = "days"\nquantity = '
        '"effect"\nwindow = "2 years"\n'
        f'reference = {{ kind = "{kind}", size = 80, year = 2013 }}\n'
    )
    for lang, wanted in (("sv", sv), ("en", en)):
        assert wanted in " ".join(plain(s) for s in contract_sentences(made, lang))


def choices(model: type, field: str) -> tuple[str, ...]:
    return typing.get_args(model.model_fields[field].annotation)


def test_every_reading_object_and_kind_of_the_language_has_words() -> None:
    assert {body.split('"')[1] for body, _, _ in GUARANTEES} == set(choices(Guarantee, "reading"))
    assert {kind for kind, _, _ in REFERENCES} == set(choices(Reference, "kind"))
    for lang in ("sv", "en"):
        known = texts(lang)
        for word in choices(Guarantee, "object"):
            assert f"guarantee.object.{word.replace(' ', '_')}" in known
        for word in choices(Payment, "per"):
            assert f"payment.per.{word}" in known
        for word in choices(Payment, "paid"):
            assert f"payment.paid.{word.replace(' ', '_')}" in known
