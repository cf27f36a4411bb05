"""Placement states and milestones in the contract's words, in both languages."""

from pathlib import Path

import pytest

from simulator.scenario.load import load_scenario
from simulator.scenario.numbers_of import assumptions
from simulator.views.assumptions import assumption_rows
from simulator.views.language import Language
from simulator.views.words import contract_sections
from simulator.views.words.names import Names
from simulator.views.words.states import state_sentences
from tests.unit.views.small import plain

CASES = Path(__file__).parents[2] / "cases"
TITLE = {"sv": "Tillstånd och steg", "en": "States and steps"}


def sentences(file: str, lang: str) -> list[str]:
    """The sentences about states and steps."""
    sections = contract_sections(load_scenario(CASES / file), lang)
    found = next(section for section in sections if section.title == TITLE[lang])
    return [plain(text) for text in found.sentences]


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        (
            "sv",
            [
                "Varje deltagare är varje månad i ett av tillstånden i ”Placering”: "
                "aged out, agency foster home, foster home, home, hvb och sis. Insatsen ändrar "
                "chansen att gå från foster home till home, från foster home till hvb, från home "
                "till hvb och från hvb till home, så länge deltagaren är kvar i den.",
                "”Hemma efter två år” är att vara i home eller aged out 2 år efter starten.",
                "”Dygn på institution” (i days) är summan över månaderna av vad en månad innebär i "
                "det tillstånd där den tillbringas: hvb 30,4 och sis 30,4; i övriga tillstånd "
                "ingenting.",
                "”Kostnad för placeringar” är summan över månaderna av vad en månad innebär i det "
                "tillstånd där den tillbringas: agency foster home 76 000 kr, foster home "
                "20 300 kr, hvb 137 000 kr och sis 228 000 kr; i övriga tillstånd ingenting.",
                "”Återplaceringar” är antalet byten till foster home, agency foster home, hvb "
                "eller sis från andra tillstånd.",
            ],
        ),
        (
            "en",
            [
                "Each month each service user is in one of the states of ‘Placement’: "
                "aged out, agency foster home, foster home, home, hvb and sis. The programme "
                "changes the chance of moving from foster home to home, from foster home to hvb, "
                "from home to hvb and from hvb to home, for as long as the service user takes "
                "part.",
                "‘At home after two years’ is to be in home or aged out 2 years after the start.",
                "‘Days in institutions’ (in days) is the sum over the months of what a month "
                "brings in the state where it is spent: hvb 30.4 and sis 30.4; in the other states "
                "nothing.",
                "‘Cost of placements’ is the sum over the months of what a month brings in the "
                "state where it is spent: agency foster home SEK 76,000, foster home SEK 20,300, "
                "hvb SEK 137,000 and sis SEK 228,000; in the other states nothing.",
                "‘Re-entries to care’ is the number of moves into foster home, agency foster home, "
                "hvb or sis from other states.",
            ],
        ),
    ],
)
def test_states_and_what_reads_them(lang, expected):
    assert sentences("valid/placement_states.toml", lang) == expected


def test_a_step_says_which_comes_before():
    found = sentences("twin/states.toml", "en")
    assert "‘attended’ can only be reached by those who have reached ‘enrolled’." in found
    assert "changes no chance" not in " ".join(found)


def test_numbers_of_states_have_names_and_units():
    scenario = load_scenario(CASES / "valid/placement_states.toml")
    for lang, expected in (
        (
            "sv",
            {
                "metrics.placement_cost.per_month.hvb": (
                    "Kostnad för placeringar: en månad i hvb",
                    "137 000 kr",
                ),
                "states.placement.start.foster_home": (
                    "Placering: andel som börjar i foster home",
                    "50 %",
                ),
                "cohorts.teenagers.states.placement.monthly.sis.hvb": (
                    "Tonåringar, Placering: chans på en månad att gå från sis till hvb",
                    "8 %",
                ),
            },
        ),
        (
            "en",
            {
                "states.placement.effect.foster_home.hvb.odds_ratio": (
                    "Placement: moving from foster home to hvb: effect, as an odds ratio",
                    "0.7",
                ),
                "states.placement.effect.home.hvb.difference": (
                    "Placement: moving from home to hvb: effect, as a difference",
                    "−0.2 percentage points",
                ),
            },
        ),
    ):
        rows = assumption_rows(assumptions(scenario), Names(scenario, Language(lang, "SEK")))
        found = {row.key: (plain(row.what), plain(row.value)) for row in rows}
        assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "sv",
            (
                "i ett av tillstånden i ”Var den unga vårdas”: dagvård, hemma och avdelning.",
                "”Månader hemma” (i månader) är summan över månaderna av vad en månad innebär i "
                "det tillstånd där den tillbringas: hemma 1;",
            ),
        ),
        (
            "en",
            (
                "the states of ‘Where the young person is treated’: day care, at home and on a "
                "ward.",
                "‘Months at home’ (in months) is the sum over the months of what a month brings in "
                "the state where it is spent: at home 1;",
            ),
        ),
    ],
)
def test_states_and_units_have_names_in_both_languages(lang, said):
    names = Names(load_scenario("two_regions_bond"), Language(lang, "SEK"))
    text = " ".join(state_sentences(names)).replace("\u00a0", " ")
    assert [part for part in said if part not in text] == []
