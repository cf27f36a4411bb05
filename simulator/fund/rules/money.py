"""The fund itself: it has money, and what bounds its promises and payouts can bind."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simulator.fund import model
from simulator.fund.model import Fund, Guarantee, Money
from simulator.fund.rules.names import Contracts
from simulator.scenario.facts import certain, support
from simulator.scenario.findings import Finding, missing, without_effect
from simulator.scenario.numbers import Number
from simulator.scenario.positions import Path
from simulator.scenario.words import figure

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


def caps(fund: Fund, contracts: Contracts) -> Iterator[Finding]:
    """Caps on payouts are below what could be paid without them."""
    for path, words in _designs(fund):
        if certain(words.cap_portfolio) == 1:
            allowed = "a cap rate below 1: payouts never exceed what is guaranteed"
            yield _never((*path, "cap_portfolio"), allowed)
        yield from _by_contract(fund, contracts, path, words)


def _by_contract(fund: Fund, contracts: Contracts, path: Path, words: Money) -> Iterator[Finding]:
    each, town = certain(words.cap_per_contract), certain(words.cap_per_municipality)
    most, most_town = 0.0, 0.0
    for name, kind in fund.pipeline.items():
        one = _most(words, contracts, name, kind.size)
        count = -(-sum(kind.offered) // kind.municipalities) if kind.municipalities else 1
        most, most_town = max(most, one), max(most_town, one * max(count, 1))
    if each is not None and each >= most:
        yield _never((*path, "cap_per_contract"), f"less than {figure(most)}, the highest payout")
    elif each is not None and town is not None and town <= each:
        allowed = f"less than `cap_per_municipality`, {figure(town)}"
        yield _never((*path, "cap_per_contract"), allowed)
    if town is not None and town >= most_town:
        allowed = f"less than {figure(most_town)}, the highest payout in one municipality"
        yield _never((*path, "cap_per_municipality"), allowed)


def _never(path: Path, allowed: str) -> Finding:
    found = f"`{path[-1]}`, which never binds"
    return Finding(path, allowed, "lower it, or remove it", found, unused=True, never_binds=True)


def _most(words: Money, contracts: Contracts, kind: str, size: Number) -> float:
    """The most that a guarantee can pay on a contract; infinite where it is not known."""
    scenario = contracts.get(kind)
    if scenario is None or not isinstance(words, Guarantee):
        return math.inf
    commitment = certain(scenario.capital.commitment) if scenario.capital else 0.0
    if commitment is None:
        return math.inf
    share = certain(words.coverage)
    if share is None:
        share = 1.0
    lift = 1.0 + (certain(words.target_return) or 0.0)
    return share * commitment * lift * support(size)[1]


RULES = (has_money, covers_capital, in_house, leverage, caps)
