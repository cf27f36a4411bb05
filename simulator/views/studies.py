"""The evidence of a scenario in words: what numbers rest on, before and after what is taken off."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from simulator.scenario.evidence import Evidence
from simulator.scenario.model import Scenario
from simulator.scenario.numbers_of import number_key
from simulator.scenario.sources import written_out
from simulator.scenario.walk import numbers
from simulator.views.assumptions import what
from simulator.views.numbers import SPACE, Lang
from simulator.views.priors import Prior, priors
from simulator.views.speaking import language_of_scenario
from simulator.views.units import unit_of
from simulator.views.words import Section
from simulator.views.words.evidence import (
    DIGITS,
    EvidenceWords,
    evidence_in_words,
    evidence_lines,
    told_evidence,
)
from simulator.views.words.names import Names, capitalised


@dataclass(frozen=True)
class Rests:
    """A number that rests on evidence: its key, what it is, and the evidence in words."""

    key: str
    what: str
    value: str
    unit: str
    lines: tuple[str, ...]
    told: EvidenceWords


def rests(names: Names) -> list[Rests]:
    """Every number that rests on evidence, in the order of the scenario."""
    found = []
    for path, number in numbers(names.scenario):
        if number.evidence is not None:
            words = tuple(str(part + 1) if isinstance(part, int) else part for part in path)
            found.append(_rests(number_key(path), words, number.evidence, names))
    return found


def _rests(key: str, path: tuple[str, ...], given: Evidence, names: Names) -> Rests:
    unit, language = unit_of(path, names), names.language
    say, bare = _writers(unit, names)
    told = told_evidence(_sources_written_out(given, names.scenario), language, say, bare)
    value = evidence_in_words(given, language, lambda value: names.amount(value, unit))
    lines = tuple(evidence_lines(told, language))
    return Rests(key, what(path, names), value, _column_unit(unit, names), lines, told)


def _writers(unit: str, names: Names) -> tuple[Callable[[float], str], Callable[[float], str]]:
    """Ways to write a value with three significant digits: in its unit, and where that is said."""
    language, scale = names.language, 100 if unit in ("share", "points") else 1

    def bare(value: float) -> str:
        places = DIGITS - 1 - math.floor(math.log10(abs(value * scale))) if value else 0
        if places < 0:
            return language.decimal(round(value * scale, places))
        if unit == "share":
            return language.percent(value, places)
        return language.decimal(value * scale, places)

    def say(value: float) -> str:
        if unit in ("", "share"):
            return bare(value)
        noun = _column_unit(unit, names)
        return f"{bare(value)}{SPACE}{noun}"

    return say, bare


def _column_unit(unit: str, names: Names) -> str:
    """The unit as a word of its own; none of shares, which carry their sign, and of ratios."""
    if unit == "points":
        return names.say("studies.points")
    if unit == "money":
        return names.language.currency
    return "" if unit == "share" else unit


def _sources_written_out(given: Evidence, scenario: Scenario) -> Evidence:
    """The evidence with what its sources are called in place of their keys."""
    studies = {
        name: study.model_copy(update={"source": written_out(scenario, study.source)[0]})
        for name, study in given.studies.items()
    }
    return given.model_copy(update={"studies": studies})


def evidence_sections(scenario: Scenario, lang: Lang) -> list[Section]:
    """A section for `socsim show`: each number with its studies, before and after, or base rate."""
    names = Names(scenario, language_of_scenario(scenario, lang))
    sentences = []
    found: list[Rests | Prior] = [*rests(names), *priors(names)]
    for entry in found:
        head = names.say("studies.head", what=capitalised(entry.what), value=entry.value)
        sentences += [head, *entry.lines]
    return [Section(names.say("studies.title"), tuple(sentences))] if sentences else []


def evidence_by_key(scenario: Scenario, lang: Lang) -> dict[str, Rests | Prior]:
    """The same by the number's key, for the list of sources."""
    names = Names(scenario, language_of_scenario(scenario, lang))
    found: list[Rests | Prior] = [*rests(names), *priors(names)]
    return {entry.key: entry for entry in found}
