"""The contract in words: sentences generated from the scenario, in Swedish and English.

Every term and reading of the scenario language has its words here; whoever adds a term adds its
words, and a test holds the two lists together.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.scenario.model import Scenario
from simulator.views.numbers import Lang
from simulator.views.speaking import language_of_scenario
from simulator.views.words.capital import capital_sentences, people_sentences
from simulator.views.words.events import event_sentences
from simulator.views.words.limits import limit_sentences
from simulator.views.words.measures import measure_sentences
from simulator.views.words.names import Names
from simulator.views.words.payments import payment_sentences
from simulator.views.words.protection import (
    cost_sentences,
    fee_sentences,
    guarantee_sentences,
)
from simulator.views.words.states import state_sentences

__all__ = ["Section", "contract_sections", "contract_sentences"]


@dataclass(frozen=True)
class Section:
    """Sentences about one side of the contract, under a heading."""

    title: str
    sentences: tuple[str, ...]


def contract_sections(scenario: Scenario, lang: Lang) -> list[Section]:
    """The contract in words, side by side: people, funding, measurement, payments, protection."""
    names = Names(scenario, language_of_scenario(scenario, lang))
    sides = {
        "funding": capital_sentences(names),
        "people": people_sentences(names),
        "states": state_sentences(names),
        "measures": measure_sentences(names),
        "payments": payment_sentences(names),
        "limits": limit_sentences(names),
        "fees": [*fee_sentences(names), *cost_sentences(names)],
        "events": event_sentences(names),
        "protection": guarantee_sentences(names),
    }
    return [
        Section(names.say(f"contract.{side}"), tuple(sentences))
        for side, sentences in sides.items()
        if sentences
    ]


def contract_sentences(scenario: Scenario, lang: Lang) -> list[str]:
    """The contract in words, one string a rule: who funds what, what is measured, who pays what."""
    return [text for section in contract_sections(scenario, lang) for text in section.sentences]
