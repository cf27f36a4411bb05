"""The contract: what was changed for this run, the terms in words, and who the parties are."""

from __future__ import annotations

from simulator.views.report.chapters.payments import payments_table
from simulator.views.report.parts import Box, Bullets, Column, Line, Part, Section, Table
from simulator.views.report.source import Told, variant_names
from simulator.views.words import contract_sections
from simulator.views.words.capital import party_rows
from simulator.views.words.names import Names


def contract_chapter(told: Told, *, parties: bool = True) -> Section:
    """The terms, generated from the scenario, so that they can be held against the contract.

    Below them what each payment is expected to come to.
    """
    parts: list[Part] = [Box((note,)) for note in changes(told)]
    if parties:
        parts.append(party_table(told.names))
    parts += [
        Bullets(side.sentences, side.title) for side in contract_sections(told.scenario, told.lang)
    ]
    amounts = payments_table(told)
    parts += [amounts] if amounts else []
    return Section("contract", told.language.say("report.contract"), (), tuple(parts))


def changes(told: Told) -> list[str]:
    """Variant and overrides, one sentence each; none for the contract as it stands in its file."""
    language, said = told.language, []
    variants = variant_names(told.summary)
    if variants:
        said.append(language.say("report.variant", variants=language.join(variants)))
    if told.scenario.overrides:
        overrides = "; ".join(told.scenario.overrides)
        said.append(language.say("report.overrides", overrides=overrides))
    return said


def party_table(names: Names) -> Table:
    """Who is who."""
    heads = ("column.role", "column.party")
    return Table(
        names.say("table.parties"),
        tuple(Column(names.say(head), number=False) for head in heads),
        tuple(Line((role, party)) for role, party in party_rows(names)),
    )
