"""What knowing more is worth, in words: every sentence says what its figures say."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.views.information import (
    Known,
    curves_listing,
    information_lines,
    listings,
    measuring,
    numbers_listing,
    ordered,
    sentences,
)
from simulator.views.report.drivers.words import Drivers
from tests.unit.views import small


def worth(estimate: float, error: float = 1000.0, changes: float = 0.2) -> dict[str, float]:
    return {"estimate": estimate, "standard_error": error, "changes": changes}


def option(name: str, mean: float, best: float) -> dict[str, Any]:
    return {
        "name": name,
        "mean": {"estimate": mean, "standard_error": 10.0},
        "probability_best": best,
        "expected_loss": 0.0,
    }


def decision(party: str, **changed: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "party": party,
        "question": "sign",
        "basis": "present value",
        "options": [option("not signing", 0.0, 0.2), option("small", 5e6, 0.8)],
        "best": "small",
        "most_probable": "small",
        "perfect": worth(200_000.0),
        "numbers": [
            {"number": "metrics.work.baseline", **worth(150_000.0)},
            {"number": "metrics.work.effect.difference", **worth(1_500.0)},
        ],
        "groups": [],
        "studies": [],
    }
    return {**made, **changed}


def data(*decisions: dict[str, Any], **changed: Any) -> dict[str, Any]:
    titles = [("small", "Avtalet", "The contract"), ("other", "I egen regi", "In-house")]
    made: dict[str, Any] = {
        "designs": [{"name": name, "title": {"sv": sv, "en": en}} for name, sv, en in titles],
        "decisions": list(decisions),
        "precision": [],
        "acceptability": None,
    }
    return {**made, **changed}


@pytest.fixture(scope="module")
def scenario():
    return small.scenario()


def said(scenario, *decisions, lang="en"):
    told = sentences(Known.of(data(*decisions), scenario, lang))
    return [small.plain(text) for text in told]


def test_who_signs_and_what_knowing_is_worth(scenario):
    (text,) = said(scenario, decision("municipality"))
    assert text.startswith(
        "The municipality: with today's knowledge it is better to sign, which is"
    )
    assert "SEK +5.00 million (present value at its own rate)" in text
    assert "worth SEK 200,000 (standard error SEK 1,000): with probability 20.0%" in text
    assert "“" in text or "‘" in text
    assert "SEK 150,000" in text


def test_who_does_not_sign(scenario):
    refused = decision("investor", best="not signing", basis="undiscounted")
    (text,) = said(scenario, refused, lang="sv")
    assert text.startswith("Investeraren: med dagens kunskap är det bättre att avstå;")
    assert "odiskonterat" in text


def test_what_changes_nothing_is_worth_nothing(scenario):
    (text,) = said(scenario, decision("investor", perfect=worth(0.0, 0.0, 0.0)))
    assert text.endswith("to know more is worth nothing to this decision.")


def test_what_cannot_be_told_from_nothing_has_no_amount(scenario):
    (text,) = said(scenario, decision("investor", perfect=worth(1_900.0)))
    assert "too little to be told apart from nothing" in text
    assert "1,900" not in text


def test_the_best_and_the_most_often_best_may_differ(scenario):
    options = [option("small", 5e6, 0.4), option("other", 4e6, 0.6)]
    found = decision("municipality", question="choose", options=options, most_probable="other")
    (text,) = said(scenario, found)
    assert "“The contract” has the highest expected net benefit" in text
    assert "“In-house” is best more often, with probability 60.0%" in text
    (alike,) = said(scenario, {**found, "most_probable": "small"})
    assert "more often" not in alike


def test_numbers_are_ordered_by_what_anybody_gains_and_small_ones_are_named(scenario):
    investor = decision(
        "investor",
        numbers=[
            {"number": "metrics.days.baseline", **worth(180_000.0)},
            {"number": "metrics.work.baseline", **worth(900.0)},
            {"number": "metrics.work.effect.difference", **worth(0.0, 0.0, 0.0)},
        ],
    )
    days = {"number": "metrics.days.baseline", **worth(0.0)}
    payer = decision("municipality", numbers=[*decision("municipality")["numbers"], days])
    known = Known.of(data(payer, investor), scenario, "en")
    # 180,000 to the investor comes before 150,000 to the payer; 1,500 is below 2 errors of 1,000
    assert ordered(known, "sign") == ["metrics.days.baseline", "metrics.work.baseline"]
    table = numbers_listing(known, "sign")
    assert [row[1] for row in table.rows] == ["0", "150", "200"]
    assert [row[3] for row in table.rows] == ["180", "1", "200"]
    assert table.kinds == ("", "", "total")
    assert any(
        "In work: effect" in note or "in work: effect" in note.lower() for note in table.notes
    )


@pytest.mark.parametrize(("lang", "words"), [("en", "practically all of it"), ("sv", "taget allt")])
def test_no_number_is_worth_more_than_all_of_them(scenario, lang, words):
    # 2,676 ± 415 of one number against 2,647 ± 415 of all: shown as 2,647, and said to be all of it
    first = {"number": "metrics.work.baseline", **worth(2_647.0, 415.0), "uncapped": 2_676.0}
    rest = {"number": "metrics.days.baseline", **worth(0.0, 0.0, 0.0), "uncapped": 0.0}
    found = decision("investor", perfect=worth(2_647.0, 415.0), numbers=[first, rest])
    (text,) = said(scenario, found, lang=lang)
    known = Known.of(data(found), scenario, lang)
    table = numbers_listing(known, "sign")
    capped = known.language.say("information.capped")
    assert words in text
    assert "676" not in text
    assert [small.plain(row[1])[-3:] for row in table.rows] == ["647", "647"]
    assert capped in table.notes
    half = {**first, "estimate": 1_500.0, "uncapped": 1_500.0}
    other = decision("investor", perfect=worth(2_647.0, 415.0), numbers=[half, rest])
    assert words not in said(scenario, other, lang=lang)[0]
    assert capped not in numbers_listing(Known.of(data(other), scenario, lang), "sign").notes


def test_the_truth_behind_a_reference_has_one_name(scenario):
    name = "measures.saving/truth/metrics.cost"
    for lang, said_so in (
        ("en", "placement cost: true level without the programme, against what the reference"),
        ("sv", "placeringskostnad: sann nivå utan insatsen, mot vad referensgruppen visade"),
    ):
        known = Known.of(data(), scenario, lang)
        drivers = Drivers.of({"inputs": []}, scenario, lang)
        assert known.number(name).startswith(said_so)
        assert known.number(name) == drivers.number(name) == known.deciding.uncertain(name)
        assert small.plain(drivers.value(name, 0.85)) in ("85.0%", "85,0 %")


def test_the_council_is_told_of_payers_only(scenario):
    all_of_them = data(decision("municipality"), decision("investor"))
    known = Known(all_of_them, Known.of(all_of_them, scenario, "en").deciding, ("municipality",))
    assert len(sentences(known)) == 1
    (table,) = listings(known)
    assert table.heads[1:] == ("The municipality", "standard error")


def moved(party: str, mean: float, worst: float) -> dict[str, Any]:
    def estimate(value: float) -> dict[str, float]:
        return {"estimate": value, "standard_error": 1000.0}

    return {
        "party": party,
        "mean": 0.0,
        "worst": 0.0,
        "mean_change": estimate(mean),
        "payments_change": estimate(mean),
        "worst_change": estimate(worst),
        "worst_payments_change": estimate(worst),
    }


@pytest.mark.parametrize(
    ("to_investor", "sentence"),
    [
        (5e5, "on average SEK 500,000 changes hands, from the municipality to the fund."),
        (-5e5, "on average SEK 500,000 changes hands, from the fund to the municipality."),
        (900.0, "on average as much is paid as before, as far as can be seen."),
        (0.0, "on average as much is paid as before, as far as can be seen."),
    ],
)
def test_the_council_is_told_in_a_sentence_what_better_measurement_moves(
    scenario, to_investor, sentence
):
    entry = {
        "change": "@longer",
        "title": {"en": "Three years"},
        "parties": [
            moved("investor", to_investor, 0.0),
            moved("outcome_payer", -to_investor, 0.0),
        ],
    }
    known = Known.of({"decisions": [], "precision": [entry]}, scenario, "en")
    (told,) = measuring(known)
    assert told.replace("\u00a0", " ") == f"Three years: {sentence}"


@pytest.mark.parametrize(
    ("real", "word"), [(0.0, ""), (500.0, "noise"), (50_000.0, "not one of measurement alone")]
)
def test_what_is_real_in_a_change_of_measurement_is_told(scenario, real, word):
    entry = {
        "change": "measures.in_work.window=2 years",
        "title": {},
        "cost": None,
        "cost_to": None,
        "real": {"estimate": real, "standard_error": 1000.0 if real else 0.0},
        "parties": [moved("investor", 700_000, 1), moved("outcome_payer", -700_000, 2)],
        "total": real,
    }
    (table,) = listings(Known.of(data(precision=[entry]), scenario, "en"))
    notes = " ".join(table.notes)
    assert (word in notes) if word else ("real" not in notes and "noise" not in notes)
    assert "No cost of measuring has been stated." in notes
    assert [row[1] for row in table.rows[:2]] == ["700", "−700"]


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_curves_that_no_price_moves_say_so(scenario, lang):
    def point(price: float, best: str) -> dict[str, Any]:
        return {
            "price": price,
            "best": best,
            "frontier": 0.8,
            "most_probable": best,
            "perfect": worth(50_000.0),
        }

    def listing(*points: dict[str, Any]) -> Any:
        curves = {"metric": "work", "options": ["small", "other"], "prices": list(points)}
        return curves_listing(Known.of(data(acceptability=curves), scenario, lang))

    same = Known.of(data(), scenario, lang).language.say("information.curves.same")
    assert same in listing(point(0.0, "small"), point(1e5, "small")).notes
    assert same not in listing(point(0.0, "small"), point(1e5, "other")).notes


def test_long_names_are_told_whole_on_a_terminal(scenario):
    long = [{"numbers": ["metrics.work.baseline", "metrics.work.effect.difference"], **worth(9e4)}]
    lines = information_lines(data(decision("investor", groups=long)), scenario, "en")
    text = " ".join(" ".join(lines).split())
    assert "…" not in text
    assert "effect, as a difference" in text
