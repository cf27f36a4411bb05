"""What a report ends with: what the model leaves out, how to reproduce it, a glossary."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.scenario.model import Scenario
from simulator.scenario.realised import total
from simulator.views.converging import Way, target_sentences, ways
from simulator.views.deciding import Deciding
from simulator.views.language import Language
from simulator.views.read import find
from simulator.views.report.chapters.again import INVESTOR, commands, given_sentences
from simulator.views.report.parts import (
    Bullets,
    Code,
    Column,
    Definitions,
    Line,
    Part,
    Prose,
    Section,
    Table,
)
from simulator.views.report.source import Told, variant_names
from simulator.views.sampling import sampler_sentences
from simulator.views.words.names import Names

_LIMITS = (
    "behaviour",
    "effect",
    "other_budgets",
    "selection",
    "prices",
    "human",
    "accounting",
    "tax",
)
_GLOSSARY = (
    "activity_payment",
    "outcome_payment",
    "reference",
    "multiple",
    "irr",
    "cashable",
    "shortfall",
    "range",
    "settlement_error",
    "guarantee",
)
_GLOSSARY_OF_RETURN = ("hurdle", "exceedance", "single", "event")


def limits_chapter(told: Told) -> Section:
    """What the model does not cover."""
    language = told.language
    parts = (Bullets(tuple(limits(language, events=bool(told.scenario.events)))),)
    return Section("limits", language.say("report.limits"), (), parts)


def reproduce_chapter(told: Told) -> Section:
    """The commands that give the same numbers, and what determines them."""
    language = told.language
    parts: tuple[Part, ...] = (Code("\n".join(commands(told, INVESTOR))), _facts(told))
    convergence = told.run.analyses.get("convergence")
    if convergence is not None:
        deciding = Deciding(told.names)
        said = tuple(target_sentences(convergence, deciding))
        parts += (Prose(said, language.say("enough.title")),)
        parts += tuple(_way(way) for way in ways(convergence, deciding))
    how = (
        language.say("report.reproduce.how"),
        *given_sentences(told),
        *sampler_sentences(told.summary, language),
    )
    return Section("reproduce", language.say("report.reproduce"), how, parts)


def _way(way: Way) -> Table:
    heads, *rows = way.rows
    return Table(way.caption, tuple(map(Column, heads)), tuple(map(Line, rows)))


def glossary_chapter(told: Told) -> Section:
    """Words and what they mean."""
    language = told.language
    parts = (Definitions(tuple(glossary(language, _GLOSSARY + _GLOSSARY_OF_RETURN))),)
    return Section("glossary", language.say("report.glossary"), (), parts)


def limits(language: Language, *, events: bool = False, named: Sequence[str] = ()) -> list[str]:
    """What the model does not cover, one sentence each.

    `events`: some of it is in events, which a chapter lists; `named`: their titles, where
    none does.
    """
    names = [name for name in _LIMITS if name != "accounting" or language.currency == "SEK"]
    if events or named:
        behaviour = "behaviour.named" if named else "behaviour.events"
        names = [behaviour if name == "behaviour" else name for name in names]
    return [language.say(f"limit.{name}", events=language.join(named)) for name in names]


def event_titles(scenario: Scenario, language: Language) -> list[str]:
    """The titles of the events that a scenario has in it."""
    names = Names(scenario, language)
    return [names.event(name) for name in sorted(scenario.events)]


def glossary(language: Language, words: tuple[str, ...] = _GLOSSARY) -> list[tuple[str, str]]:
    """Words and what they mean."""
    return [
        (language.say(f"glossary.{name}"), language.say(f"glossary.{name}.means")) for name in words
    ]


def happened(scenario: Scenario, language: Language) -> list[str]:
    """What was published about a contract that has been carried out; else nothing."""
    realised = scenario.realised
    if realised is None or realised.published is None or realised.published.repaid is None:
        return []
    published, names = realised.published, Names(scenario, language)
    source = _source_title(published.source, names) or names.say("report.happened.source_unstated")
    drawn = published.drawn if published.drawn is not None else realised.drawn
    drawn = total(drawn) if drawn is not None else None
    said = []
    if drawn is not None:
        money = language.stated_money(drawn)
        if realised.terminated is None:
            said.append(names.say("report.happened.drawn", drawn=money))
        else:
            day = language.day(realised.terminated)
            said.append(names.say("report.happened.ended", day=day, drawn=money))
    repaid = language.stated_money(published.repaid or 0.0)
    said.append(names.say("report.happened.repaid", repaid=repaid, source=source))
    if published.guarantee_payout:
        amount = language.stated_money(published.guarantee_payout)
        said.append(names.say("report.happened.guarantee", amount=amount))
    return [*said, names.say("report.happened.note")]


def _source_title(name: str | None, names: Names) -> str | None:
    if name is None:
        return None
    source = names.scenario.sources.get(name)
    return names.language.words(source.title)[0] if source else name


def _facts(told: Told) -> Table:
    """What determines the numbers."""
    language, made = told.language, told.run.provenance
    none = language.say("reproduce.none")
    sampler = find(told.summary, "simulation.sampler.name")
    facts = (
        ("version", str(made["version"])),
        ("hash", str(made["scenario_hash"])),
        ("seed", str(made["seed"])),
        ("paths", language.decimal(made["paths"])),
        *([("sampler", language.say(f"sampler.{sampler}"))] if sampler else []),
        ("variants", ", ".join(variant_names(told.summary)) or none),
        ("overrides", ", ".join(told.scenario.overrides) or none),
    )
    return Table(
        language.say("reproduce.table"),
        (
            Column(language.say("column.item"), number=False),
            Column(language.say("column.value"), number=False),
        ),
        tuple(Line((language.say(f"reproduce.{key}"), value)) for key, value in facts),
    )
