"""Which language a text is in: its currency, and what the outcome payer is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.scenario.model import Scenario
from simulator.views.language import Language, Payer
from simulator.views.numbers import Lang
from simulator.views.read import find


def payer_of(title: Mapping[Any, str] | None) -> Payer:
    """What the outcome payer is, by what it is called; without a title a municipality."""
    said = " ".join((title or {}).values()).casefold()
    if not said or any(word in said for word in ("kommun", "municipal", "stad", "city")):
        return "municipality"
    return "region" if "region" in said else "payer"


def language_of(data: Mapping[str, Any], lang: Lang) -> Language:
    """The language of a summary or a settlement: its currency, and who pays for outcomes."""
    title = (find(data, "scenario.titles.parties") or {}).get("outcome_payer")
    for party in data.get("parties") or []:
        title = party.get("title") if party.get("name") == "outcome_payer" else title
    return Language(lang, find(data, "scenario.currency") or "SEK", payer_of(title))


def language_of_scenario(scenario: Scenario, lang: Lang) -> Language:
    """The language of a scenario: its currency, and who pays for outcomes."""
    payer = scenario.parties.get("outcome_payer")
    return Language(lang, scenario.currency, payer_of(payer.title if payer else None))
