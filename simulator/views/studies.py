"""The evidence of a scenario in words: what numbers rest on, before and after what is taken off."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.scenario.evidence import Evidence
from simulator.scenario.model import Scenario
from simulator.scenario.numbers_of import number_key
from simulator.scenario.sources import written_out
from simulator.scenario.walk import numbers
from simulator.views.assumptions import what
from simulator.views.numbers import Lang
from simulator.views.speaking import language_of_scenario
from simulator.views.units import unit_of
from simulator.views.words import Section
from simulator.views.words.evidence import (
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
    unit = unit_of(path, names)

    def write(value: float) -> str:
        return names.amount(value, unit)

    language, evidence = names.language, _sources_written_out(given, names.scenario)
    return Rests(
        key,
        what(path, names),
        evidence_in_words(evidence, language, write),
        tuple(evidence_lines(evidence, language, write)),
        told_evidence(evidence, language, write),
    )


def _sources_written_out(given: Evidence, scenario: Scenario) -> Evidence:
    """The evidence with what its sources are called in place of their keys."""
    studies = {
        name: study.model_copy(update={"source": written_out(scenario, study.source)[0]})
        for name, study in given.studies.items()
    }
    return given.model_copy(update={"studies": studies})


def evidence_sections(scenario: Scenario, lang: Lang) -> list[Section]:
    """A section for `socsim show`: each number with its studies, before and after."""
    names = Names(scenario, language_of_scenario(scenario, lang))
    sentences = []
    for entry in rests(names):
        head = names.say("studies.head", what=capitalised(entry.what), value=entry.value)
        sentences += [head, *entry.lines]
    return [Section(names.say("studies.title"), tuple(sentences))] if sentences else []


def evidence_by_key(scenario: Scenario, lang: Lang) -> dict[str, Rests]:
    """The same by the number's key, for the list of sources."""
    names = Names(scenario, language_of_scenario(scenario, lang))
    return {entry.key: entry for entry in rests(names)}
