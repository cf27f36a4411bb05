"""Solved terms and break-even in words: in the contract's terms, and never against themselves."""

from functools import cache
from typing import Any

import pytest

from simulator.analysis.figures import direction, figures_of
from simulator.scenario.load import load_scenario
from simulator.scenario.numbers_of import assumptions
from simulator.views.deciding import Deciding
from simulator.views.report.chapters.searching import council_search, search_parts
from simulator.views.report.chapters.solving import council_solved, solved_parts
from simulator.views.report.parts import Bullets, Notes
from simulator.views.report.source import Run, Told
from simulator.views.solved import solved_sentences
from simulator.views.switching import turning
from tests.unit.views import small
from tests.unit.views.page import PROVENANCE
from tests.unit.views.run import simulated

SHARE, RATIO = "payments.activity.terms.1.share", "metrics.placement_cost.effect.ratio"
MONTE_CARLO = "Monte Carlo"


def solution(key: str = SHARE, **changed: Any) -> dict[str, Any]:
    value = {SHARE: 0.55, RATIO: 0.60}[key]
    crossing = {"value": value, "figure": 0.2, "mc_low": value - 0.01, "mc_high": value + 0.01}
    made: dict[str, Any] = {
        "key": key,
        "target": {"figure": "investor.loss_probability", "sign": "<=", "level": 0.2},
        "value": value,
        "now": {SHARE: 0.4, RATIO: 0.85}[key],
        "uncertain": key == RATIO,
        "at_now": {"at": 0.4, "figure": 0.64},
        "solutions": [crossing],
        "met": [{"from": value, "to": 1.0}],
        "at_low": {"at": 0.0, "figure": 1.0},
        "at_high": {"at": 1.0, "figure": 0.0},
    }
    return {**made, **changed}


@cache
def norrkoping() -> Any:
    return simulated(load_scenario("norrkoping"), paths=100)


def told(lang: str, **analyses: Any) -> Told:
    summary, flows, scenario = norrkoping()
    run = Run(summary, flows, scenario, assumptions(scenario), PROVENANCE, analyses)
    return Told(run, lang)


def council(lang: str, *found: dict[str, Any]) -> tuple[list[str], str]:
    """The running text and the note below it."""
    parts = council_solved(told(lang, solved={"solved": list(found)}))
    items = [text for part in parts if isinstance(part, Bullets) for text in part.items]
    notes = [text for part in parts if isinstance(part, Notes) for text in part.sentences]
    return [small.plain(item) for item in items], small.plain(" ".join(notes))


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_council_reads_the_contract_and_finds_the_interval_in_a_note(lang: str):
    (text,), note = council(lang, solution())
    met = {
        "sv": "Det nås med 55 % i stället för 40 % (andel som betalas i ”Aktivitetsersättning”)",
        "en": "It is met with 55% instead of 40% (share that is paid in ‘Activity payment’)",
    }
    then = {"sv": "Avtalet skulle då säga: Aktivitets", "en": "The contract would then say: Activ"}
    paid = {"sv": "betala 55 % av", "en": "55% of the capital drawn"}
    assert met[lang] in text
    assert then[lang] in text
    assert paid[lang] in text
    assert MONTE_CARLO not in text
    assert SHARE not in text
    assert MONTE_CARLO in note
    assert {"sv": "54 % till 56 %", "en": "54% to 56%"}[lang] in note


def test_a_value_that_is_exact_has_no_note():
    exact = {"value": 0.55, "figure": 0.2, "mc_low": None, "mc_high": None}
    assert council("en", solution(solutions=[exact]))[1] == ""


@pytest.mark.parametrize(
    ("lang", "now"),
    [("sv", "fast, i stället för osäkert kring −15"), ("en", "instead of uncertain around −15")],
)
def test_an_uncertain_number_is_not_one_value_now(lang: str, now: str):
    (text,), _ = council(lang, solution(RATIO))
    assert now in text
    assert "Avtalet" not in text
    (bullets,) = solved_parts(told(lang, solved={"solved": [solution(RATIO)]}))
    assert isinstance(bullets, Bullets)
    (item,) = bullets.items
    around = {"sv": "osäkert kring 0,85", "en": "uncertain around 0.85"}[lang]
    assert around in small.plain(item)


def test_no_answer_and_every_answer():
    none, every = (
        solution(value=None, solutions=[], met=met) for met in ([], [{"from": 0.0, "to": 1.0}])
    )
    (first, second), note = council("en", none, every)
    assert "No value that was tried meets it" in first
    assert "Every value that was tried meets it" in second
    assert note == ""


def switching(now: float, value: float, mean: float, side: str, level: float = 0.0) -> Any:
    crossing = {"value": value, "side": side, "probability": 0.567, "at_low": 0, "at_high": 1}
    return {
        "thresholds": [
            {"figure": "investor.expected_profit", "level": level, "now": now, "standard_error": 1}
        ],
        "numbers": [
            {
                "name": "metrics.work.effect.difference",
                "mean": mean,
                "has_influence": True,
                "crossings": [crossing],
            }
        ],
    }


def turns(data: Any, lang: str = "en") -> str:
    (text,) = turning(data, 0, Deciding.of(small.scenario(), lang))
    return small.plain(text)


def test_a_mean_on_the_other_side_is_explained_and_not_contradicted():
    # a loss on average although the expected 25 points are above the 22.9 where it turns
    odd = turns(switching(-32_000, 0.229, 0.25, "above"))
    assert "instead of the expected" not in odd
    assert "and so does the expected 25 percentage points" in odd
    assert "negative only because the number is uncertain: a cap, a floor or the like" in odd
    assert "more likely than not (56.7%)" in odd
    gain = turns(switching(32_000, 0.271, 0.25, "below"))
    assert "positive only because the number is uncertain" in gain
    assert "takes the result below" in turns(switching(9e4, 0.271, 0.25, "below", level=5e4))
    assert "lifts the result to" in turns(switching(1e4, 0.229, 0.25, "above", level=5e4))
    near = turns(switching(-1, 0.229, 0.25, "above"))
    assert "cannot be told from SEK 0" in near
    assert "only because" not in near
    plain = turns(switching(-32_000, 0.271, 0.25, "above"))
    assert "instead of the expected 25 percentage points" in plain
    assert "uncertain" not in plain


def design(number: int, loss: float, net: float) -> dict[str, Any]:
    def within(value: float) -> dict[str, float]:
        return {"estimate": value, "mc_low": 0.9 * value, "mc_high": 1.1 * value}

    figures = {
        "investor.expected_profit": within(1e5),
        "investor.loss_probability": within(loss),
        "municipality.net_budget_effect": within(net),
        "investor.irr_of_expected_cash_flow": {"estimate": 0.02, "mc_low": None, "mc_high": None},
    }
    values = {SHARE: 0.3 + 0.1 * number, "limits.multiple": 1.0 + 0.1 * number}
    state = {"present": False, "undominated": True, "dominated_by": None, "alike": []}
    return {"number": number, "values": values, "figures": figures, **state}


def said(part: Bullets | Notes) -> str:
    return small.plain(" ".join(part.items if isinstance(part, Bullets) else part.sentences))


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_designs_have_their_intervals_in_a_note_for_a_council_and_in_the_text_for_others(lang: str):
    data = {
        "designs": [design(0, 0.5, 1e6), design(1, 0.3, 2e6)],
        "frontier": [0, 1],
        "margins": {"municipality.net_budget_effect": 1e4},
        "refused": 0,
        "terms": [{"key": SHARE}, {"key": "limits.multiple"}],
    }
    run = told(lang, search=data)
    plain, full = council_search(run), search_parts(run)
    words = [said(part) for part in plain if isinstance(part, Bullets)]
    notes = [said(part) for part in plain if isinstance(part, Notes)]
    interval = {"sv": "(45,0 % till 55,0 %)", "en": "(45.0% to 55.0%)"}[lang]
    assert interval not in words[0]
    assert MONTE_CARLO not in words[0]
    assert interval in notes[0]
    assert MONTE_CARLO in notes[0]
    assert not any(isinstance(part, Notes) for part in full)
    assert interval in said(next(part for part in full if isinstance(part, Bullets)))


def test_where_a_target_is_met_is_not_the_value_told_again():
    deciding = Deciding.of(load_scenario("norrkoping"), "en")
    alone = solved_sentences(solution(met=[{"from": 1.0, "to": 1.0}]), deciding)
    assert not any(text.startswith("The target is met") for text in alone)
    stretch = solved_sentences(solution(), deciding)
    assert "The target is met: 55% to 100%." in stretch


def test_each_payment_of_the_contract_is_among_the_figures():
    found = figures_of(norrkoping()[0])
    expected = found["contract.payments.activity.expected_amount"]
    assert expected.number is not None
    assert expected.number > 0
    assert found["contract.payments.activity.maximum_amount"].is_exact
    assert direction("contract.payments.activity.expected_amount") == 0


def test_the_lead_of_several_payers_goes_by_its_own_name():
    figure = "municipality.net_budget_effect"
    several = Deciding.of(load_scenario("two_regions_bond"), "sv")
    assert several.figure(figure).startswith("Norra regionen: nettoeffekt")
    alone = Deciding.of(load_scenario("norrkoping"), "sv")
    assert alone.figure(figure).startswith("Kommunen: nettoeffekt")
