"""Names that point to something in the fund file: sources, factors, kinds of contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulator.fund.model import Fund, LongerMeasurement
from simulator.scenario.findings import Finding, known, missing, without_effect
from simulator.scenario.model import Scenario
from simulator.scenario.positions import Path
from simulator.scenario.rules import names as of_scenarios
from simulator.scenario.sources import source_key, sources_named

Contracts = Mapping[str, Scenario]


def sources(fund: Fund, _: Contracts) -> Iterator[Finding]:
    """A source of one small-letter word names an entry of [sources], and each entry is named."""
    whole: Any = fund  # walked like a scenario
    yield from of_scenarios.sources(whole)
    used = {source_key(text, fund.sources) for _, text in sources_named(whole)}
    if not used - {None} - fund.sources.keys():
        for name in fund.sources:
            if name not in used:
                yield _idle(("sources", name), "sources that something names")


def factors(fund: Fund, _: Contracts) -> Iterator[Finding]:
    """Loadings name factors of the fund, and every factor has loadings."""
    used = set()
    for name, kind in fund.pipeline.items():
        for key, row in kind.loadings.items():
            for factor in row:
                used.add(factor)
                path: Path = ("pipeline", name, "loadings", key, factor)
                for finding in known(factor, fund.factors, path, "factors"):
                    mend = finding.mend or f"add [factors.{factor}]"
                    yield Finding(path, finding.allowed, mend, f"`{factor}`", at_key=True)
    if used <= fund.factors.keys():
        for name in fund.factors:
            if name not in used:
                yield _idle(("factors", name), "factors that a loading names")


def _idle(path: Path, allowed: str) -> Finding:
    found = f"`{path[-1]}`, which nothing uses"
    return Finding(path, allowed, "remove it, or name it where it belongs", found, True, True)


def changes(fund: Fund, _: Contracts) -> Iterator[Finding]:
    """What a design changes is a kind of the pipeline, and something of it is changed."""
    for design, words in fund.designs.items():
        measures = isinstance(words, LongerMeasurement)
        if measures and not words.changes:
            why = "what is measured otherwise: without `changes` the design is no other"
            yield missing(("designs", design, "changes"), why, "add `changes.KIND`")
        for name, entry in words.changes.items():
            path: Path = ("designs", design, "changes", name)
            if entry.cost.value and not measures:
                why = "a cost of a change where the state pays for longer measurement"
                yield without_effect((*path, "cost"), why, "remove it")
            for finding in known(name, fund.pipeline, path, "kinds of contract"):
                yield Finding(path, finding.allowed, finding.mend, f"`{name}`", at_key=True)
            if not entry.variants and not entry.set and not entry.cost.value:
                allowed = "`variants`, `set` or `cost`: what is otherwise, or what it costs"
                yield Finding(
                    path, allowed, "add one, or remove it", f"`{name}`, empty", at_key=True
                )


def against(fund: Fund, _: Contracts) -> Iterator[Finding]:
    """What a design is held against is one of the kind `nothing`, and not itself."""
    nothing = [name for name, words in fund.designs.items() if words.kind == "nothing"]
    for design, words in fund.designs.items():
        if words.against is not None:
            others = [name for name in nothing if name != design]
            path: Path = ("designs", design, "against")
            yield from known(words.against, others, path, "designs of the kind `nothing`")


RULES = (sources, factors, changes, against)
