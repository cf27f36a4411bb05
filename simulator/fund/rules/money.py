"""The fund itself: it has money, and contracts that it can stand beside."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.fund import model
from simulator.fund.model import Fund, Money
from simulator.fund.rules.names import Contracts
from simulator.scenario.findings import Finding, missing, without_effect
from simulator.scenario.positions import Path

_OF_CAPITAL = (
    model.Guarantee,
    model.CoInvestment,
    model.SoleInvestor,
)


def _designs(fund: Fund) -> Iterator[tuple[Path, Money]]:
    for name, words in fund.designs.items():
        if isinstance(words, Money):
            yield ("designs", name), words


def has_money(fund: Fund, _: Contracts) -> Iterator[Finding]:
    """A fund has money when it starts, or gets some."""
    for path, words in _designs(fund):
        if isinstance(words, model.LongerMeasurement) and not _costs(words):
            continue
        if not any(number.value for number in (words.capital, *words.appropriations)):
            why = "an amount in the fund: without `capital` or `appropriations` it promises nothing"
            yield missing((*path, "capital"), why, "add `capital` or `appropriations`")


def _costs(words: model.LongerMeasurement) -> bool:
    return any(entry.cost.value for entry in words.changes.values())


def covers_capital(fund: Fund, contracts: Contracts) -> Iterator[Finding]:
    """What stands beside private capital needs contracts that have some."""
    if len(contracts) < len(fund.pipeline) or any(s.capital for s in contracts.values()):
        return
    for path, words in _designs(fund):
        if isinstance(words, _OF_CAPITAL):
            allowed = "contracts with [capital] for a design of this kind"
            mend = "name a contract with capital in the pipeline, or remove the design"
            found = f'kind = "{words.kind}", and no contract has capital'
            yield Finding((*path, "kind"), allowed, mend, found)


def in_house(fund: Fund, contracts: Contracts) -> Iterator[Finding]:
    """What a municipality carries itself is a programme whose cost is known: that of [capital]."""
    for name, words in fund.designs.items():
        if not isinstance(words, (model.InHouse, model.InternalFund, model.SpreadCost)):
            continue
        for kind, scenario in contracts.items():
            if scenario.capital is None:
                allowed = "contracts with [capital], which says what the programme costs"
                found = f'kind = "{words.kind}", and `{kind}` has no capital'
                mend = f"take `{kind}` out of the pipeline, or remove the design"
                yield Finding(("designs", name, "kind"), allowed, mend, found)
                break


def leverage(fund: Fund, _: Contracts) -> Iterator[Finding]:
    """Leverage belongs to a leveraged fund."""
    for path, words in _designs(fund):
        given = "leverage" in words.model_fields_set
        if words.funded == "fully" and given and words.leverage.value != 1:
            yield without_effect((*path, "leverage"), 'leverage where `funded = "leveraged"`')
        if words.funded == "leveraged" and not given:
            yield missing((*path, "leverage"), "promises for each krona of money, above 1")


RULES = (has_money, covers_capital, in_house, leverage)
