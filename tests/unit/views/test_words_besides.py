"""Conditions, several payers, classes that are paid, early ends, triggers: what stands besides."""

import pytest

from simulator.views.language import Language
from simulator.views.words import contract_sections, contract_sentences
from simulator.views.words.capital import party_rows
from simulator.views.words.names import Names
from simulator.views.words.signs import can_be_negative
from tests.unit.views.small import plain, scenario

P = '[payments.p]\ntitle = { sv = "P", en = "P" }\nof = "found_work"\nterms = [{ price = 100 }]\n'
FIRST = '[payments.a]\ntitle = { sv = "A", en = "A" }\nof = "cost"\n'
ENDS = '[events.e]\ntitle = { sv = "uppsägning", en = "notice" }\nkind = "termination"\n'


def paid(body: str, lang: str) -> str:
    """The sentences about the payment `p`."""
    key = {"sv": "Vad som betalas", "en": "What is paid"}[lang]
    section = next(s for s in contract_sections(scenario(body), lang) if s.title == key)  # type: ignore[arg-type]
    return plain(next(text for text in section.sentences if text.startswith("P: ")))


SAID = [
    (
        P + 'when = { measure = "fewer_days", significant = 0.05 }\n',
        ", men bara om ”färre dagar” är bra och skiljer sig från ingen effekt på 5 %-nivån "
        "(tvåsidigt test);",
        ", but only if ‘fewer days’ is good and differs from no effect at the 5% level "
        "(two-sided test);",
    ),
    (
        P + 'when = { measure = "fewer_days", significant = 0.1, sides = 1 }\n',
        "på 10 %-nivån (ensidigt test);",
        "at the 10% level (one-sided test);",
    ),
    (
        FIRST + P + 'when = { payment = "a", paid = true }\n',
        ", men bara om något har betalats enligt ”A”;",
        ", but only if something has been paid under ‘A’;",
    ),
    (
        FIRST + P + 'when = { payment = "a", paid = false }\n',
        ", men bara om inget har betalats enligt ”A”;",
        ", but only if nothing has been paid under ‘A’;",
    ),
    (
        P + "payer = { outcome_payer = 0.8, guarantor = 0.2 }\n",
        "P: Staten (20 %) och kommunen (80 %) ska till fonden betala 100 kr",
        "P: The state (20%) and the municipality (80%) shall pay the fund SEK 100",
    ),
    (
        P + 'if_terminated = "paid"\n' + ENDS,
        "Upphör kontraktet i förtid betalas det som ännu inte förfallit ändå, efter vad som mäts "
        "och när det skulle ha betalats.",
        "If the contract ends early, what is not yet due is paid all the same, as measured and "
        "when it would have been.",
    ),
    (
        P + 'if_terminated = "paid"\nterminated_by = ["e"]\n' + ENDS,
        "genom ”uppsägning” betalas det som ännu inte förfallit ändå, efter vad som mäts och när "
        "det skulle ha betalats; upphör det i förtid på annat sätt går det förlorat.",
        "through ‘notice’, what is not yet due is paid all the same, as measured and when it "
        "would have been; if it ends early in another way, that is forfeited.",
    ),
    (
        P + 'if_terminated = "forfeited"\n' + ENDS,
        "Upphör kontraktet i förtid går det som ännu inte förfallit förlorat.",
        "If the contract ends early, what is not yet due is forfeited.",
    ),
    (
        P + 'if_terminated = "forfeited"\nterminated_by = ["e"]\n' + ENDS,
        "upphör det i förtid på annat sätt betalas det efter vad som mäts och när det skulle ha",
        "if it ends early in another way, it is paid as measured and when it would have been.",
    ),
    (
        FIRST + P.replace("{ price = 100 }", '{ price = 100 }, { less = "a" }'),
        "minus det som dittills betalats enligt ”A”; betalas",
        "less what has been paid under ‘A’ so far; paid",
    ),
    (
        P.replace('"found_work"', '"paid"').replace("price = 100", "share = 0.1"),
        "10 % av allt som fonden dittills har fått betalt, oavsett resultat;",
        "10% of all that has been paid to the fund so far, whatever the result;",
    ),
    (
        P.replace("{ price = 100 }", '{ price = 100 }, { times = "in_work" }'),
        "multiplicerat med det uppmätta värdet av ”arbete”; betalas",
        "multiplied by the measured value of ‘employment’; paid",
    ),
    (
        P.replace("price = 100 }", 'rounded = { to = 5 } }, { price = 100 }, { less = "cost" }'),
        "avrundat till närmaste hela multipel av 5 (halva bort från noll), vilket ger 100 kr för "
        "varje deltagare som räknas i detta, minus insatsens kostnad;",
        "rounded to the nearest whole multiple of 5 (halves away from zero), which gives SEK 100 "
        "for each service user counted in this, less the programme's cost;",
    ),
    (
        P.replace("{ price = 100 }", '{ price = 100 }, { rounded = { to = 50, rule = "up" } }'),
        "avrundat uppåt till en hel multipel av 50 kr;",
        "rounded up to a whole multiple of SEK 50;",
    ),
    (
        P.replace('"found_work"', '"capital_drawn"').replace("price = 100", "share = 1.0")
        + 'payee = "bank"\n[parties.bank]\ntitle = { sv = "Banken", en = "The bank" }\n'
        "[capital.classes.bank]\nshare = 0.6\n[capital.classes.investor]\nshare = 0.4\n",
        "ska till banken betala det kapital som dragits från banken, oavsett resultat;",
        "shall pay the bank the capital drawn from the bank, whatever the result;",
    ),
]


@pytest.mark.parametrize(("body", "sv", "en"), SAID)
def test_what_stands_besides_the_terms_is_said(body: str, sv: str, en: str) -> None:
    assert sv in paid(body, "sv")
    assert en in paid(body, "en")


GUARANTEE = '[guarantees.g]\nreading = "pari passu"\ncoverage = 0.5\n'
TRIGGERS = [
    ("", "", "It is called when the contract is completed, after all its payments."),
    (ENDS, "", "after all its payments; if the contract ends early it is not called."),
    (ENDS, 'trigger = "early termination"\n', "It is called only if the contract ends early,"),
    (ENDS, 'trigger = "either"\n', "whether the contract is completed or ends early."),
]


@pytest.mark.parametrize(("event", "trigger", "en"), TRIGGERS)
def test_a_guarantee_says_when_it_is_called(event: str, trigger: str, en: str) -> None:
    made = scenario(GUARANTEE + trigger + event)
    assert en in plain(contract_sections(made, "en")[-1].sentences[-1])
    assert "infrias" in plain(contract_sections(made, "sv")[-1].sentences[-1])


def test_a_measure_says_its_cap_for_each_person_and_that_it_runs_on() -> None:
    made = scenario(
        '[payments.p]\nof = "m"\nper = "period"\n[measures.m]\nmetric = "days"\n'
        'quantity = "count"\nwindow = "2 years"\nper_person_most = 20\nto_date = true\n'
    )
    measured = plain(next(s for s in contract_sentences(made, "en") if s.startswith("‘m’")))
    assert "One service user counts for at most 20 days over that time." in measured
    assert "What is measured for each half-year is everything up to its end." in measured


SIGNS = [
    ("saving", "{ share = 0.5 }", True),
    ("saving", "{ above = 10 }", False),
    ("saving", "{ share = 0.5 }, { at_least = 0 }", False),
    ("saving", "{ at_least = -100_000 }", True),
    ("saving", "{ if_at_least = 0 }", False),
    ("found_work", "{ price = 10 }", False),
    ("found_work", "{ price = 10 }, { less = 'cost' }", True),
    ("found_work", "{ price = 10 }, { less = 'cost' }, { at_least = { of_cost = 0.1 } }", False),
    ("found_work", "{ price = 10 }, { at_most = { by_year = [5, -5] } }", True),
    ("found_work", "{ price = 10 }, { times = 'fewer_days' }", True),
    ("fewer_days", "{ table = { form = 'stepped', points = [[-0.1, -50], [0.1, 50]] } }", True),
    ("fewer_days", "{ table = { form = 'stepped', points = [[0.0, 10], [0.1, 50]] } }", False),
    ("fewer_days", "{ bands = [{ above = 0, price = 10 }] }", False),
    ("fewer_days", "{ compounded = 2 }", False),
]


@pytest.mark.parametrize(("of", "terms", "negative"), SIGNS)
def test_a_payment_can_turn_round_only_where_no_term_keeps_it_above_zero(
    of: str, terms: str, negative: bool
) -> None:
    made = scenario(f'[payments.p]\nof = "{of}"\nterms = [{terms}]\n')
    assert can_be_negative(made.payments["p"], made) is negative


GUARDS = [
    ('{ measure = "fewer_days", at_least = 0.1 }', False),
    ('{ measure = "fewer_days", significant = 0.05 }', False),
    ('{ measure = "fewer_days", at_least = -0.1 }', True),
    ('{ measure = "fewer_days", below = 0.1 }', True),
    ('{ measure = "in_work", at_least = 0.1 }', True),
]


@pytest.mark.parametrize(("when", "negative"), GUARDS)
def test_a_condition_on_the_same_thing_keeps_a_payment_above_zero(
    when: str, negative: bool
) -> None:
    made = scenario(f'[payments.p]\nof = "fewer_days"\nterms = [{{ price = 9 }}]\nwhen = {when}\n')
    assert can_be_negative(made.payments["p"], made) is negative


EVENTS = [
    (
        'when = { measure = "in_work", below = 0.1 }\nby = "investor"\n',
        "”e”: om ”arbete” är under 10 %, avslutar fonden kontraktet i förtid;",
        "‘e’: if ‘employment’ is below 10%, the contract is ended early by the fund;",
    ),
    (
        'when = { measure = "in_work", below = 0.1 }\nchance = 0.5\n',
        "med sannolikheten 50 %, om ”arbete” är under 10 %, upphör kontraktet i förtid;",
        "with a probability of 50%, if ‘employment’ is below 10%, the contract is ended early;",
    ),
]


@pytest.mark.parametrize(("body", "sv", "en"), EVENTS)
def test_an_early_end_says_who_ends_it_and_on_what(body: str, sv: str, en: str) -> None:
    made = scenario('[events.e]\nkind = "termination"\n' + body)
    assert sv in plain(" ".join(contract_sentences(made, "sv")))
    assert en in plain(" ".join(contract_sentences(made, "en")))


def test_a_party_without_a_known_role_is_another_party() -> None:
    made = scenario('[parties.arranger]\ntitle = { sv = "Banken", en = "The bank" }\n')
    assert ("annan part", "Banken") in party_rows(Names(made, Language("sv", "SEK")))
    assert ("another party", "The bank") in party_rows(Names(made, Language("en", "SEK")))


@pytest.mark.parametrize(
    ("ends", "drawdown", "said"),
    [(ENDS, "at start", True), (ENDS, "as needed", False), ("", "at start", False)],
)
def test_capital_drawn_at_the_start_goes_back_where_the_contract_can_end(
    ends: str, drawdown: str, said: bool
) -> None:
    made = scenario(ends, **{"commitment = 10": f'drawdown = "{drawdown}"\ncommitment = 10'})
    for lang, words in (
        ("sv", "betalas det kapital som inte har använts tillbaka genast"),
        ("en", "what is not spent of the capital goes back at once"),
    ):
        assert (words in " ".join(contract_sentences(made, lang))) is said  # type: ignore[arg-type]


def test_a_party_is_called_by_what_it_pays_provides_or_guarantees() -> None:
    made = scenario(
        '[parties.bank]\ntitle = { sv = "Banken", en = "The bank" }\n'
        '[parties.second]\ntitle = { sv = "Grannen", en = "The neighbour" }\n'
        "[capital.classes.bank]\nshare = 0.6\n[capital.classes.investor]\nshare = 0.4\n"
        '[payments.more]\nof = "in_work"\nterms = [{ price = 1 }]\npayer = "second"\n'
    )
    for lang, bank, second in (
        ("sv", "skjuter till kapital", "utfallsansvarig"),
        ("en", "provides capital", "the outcome payer"),
    ):
        rows = {name: role for role, name in party_rows(Names(made, Language(lang, "SEK")))}
        assert rows["Banken" if lang == "sv" else "The bank"] == bank
        assert rows["Grannen" if lang == "sv" else "The neighbour"] == second
