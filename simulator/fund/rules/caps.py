"""Caps on payouts are below what could be paid without them, whatever the fund pays for."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simulator.errors import ScenarioError
from simulator.fund import model
from simulator.fund.model import Fund, Guarantee, Kind, Money
from simulator.fund.pipeline import load_contract, overrides_of
from simulator.fund.rules.names import Contracts
from simulator.plan.build import build
from simulator.scenario.facts import certain, support
from simulator.scenario.findings import Finding
from simulator.scenario.model import Scenario
from simulator.scenario.numbers import Number
from simulator.scenario.positions import Path
from simulator.scenario.words import figure

_WITHIN_PROMISES = (
    model.Guarantee,
    model.CoInvestment,
    model.SoleInvestor,
    model.LongerMeasurement,
)
"""Never pay more than they promise."""


def caps(fund: Fund, contracts: Contracts) -> Iterator[Finding]:
    """Caps on payouts are below what could be paid without them."""
    for name, words in fund.designs.items():
        if not isinstance(words, Money):
            continue
        path: Path = ("designs", name)
        if certain(words.cap_portfolio) == 1 and isinstance(words, _WITHIN_PROMISES):
            allowed = "a cap rate below 1: payouts never exceed what is promised"
            yield _never((*path, "cap_portfolio"), allowed)
        if words.cap_per_contract is not None or words.cap_per_municipality is not None:
            yield from _by_contract(fund, contracts, path, words)


def _by_contract(fund: Fund, contracts: Contracts, path: Path, words: Money) -> Iterator[Finding]:
    each, town = certain(words.cap_per_contract), certain(words.cap_per_municipality)
    most, most_town = 0.0, 0.0
    for name, kind in fund.pipeline.items():
        one = _most(fund, words, name, contracts.get(name))
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


def _most(fund: Fund, words: Money, name: str, offered: Scenario | None) -> float:
    """The most that a design can pay on a contract of a kind; infinite where it is not known."""
    kind = fund.pipeline[name]
    scenario = _changed(fund, kind, words.changes.get(name), offered)
    if scenario is None:
        return math.inf
    if isinstance(words, model.LongerMeasurement):
        changed = words.changes.get(name)
        return (certain(changed.cost) or 0.0) if changed else 0.0
    one = _of_size_one(words, scenario)
    return one * support(kind.size)[1] if one else 0.0


def _changed(
    fund: Fund, kind: Kind, changed: model.Changed | None, offered: Scenario | None
) -> Scenario | None:
    """The contract as the design has it; None where it cannot be read."""
    if offered is None or changed is None or not (changed.variants or changed.set):
        return offered
    texts = (*overrides_of(kind.set), *overrides_of(changed.set))
    try:
        return load_contract(fund.folder, kind.scenario, (*kind.variants, *changed.variants), texts)
    except ScenarioError:
        return None


def _of_size_one(words: Money, scenario: Scenario) -> float:
    """The most that a design can pay on a contract of size 1."""
    commitment = certain(scenario.capital.commitment) if scenario.capital else 0.0
    if commitment is None:
        return math.inf
    match words:
        case Guarantee():
            lift = 1.0 + (certain(words.target_return) or 0.0)
            return _share(words.coverage) * commitment * lift
        case model.CoInvestment():
            return _share(words.share) * commitment
        case model.SoleInvestor():
            return commitment
        case model.OutcomesFunding():
            highest = build(scenario, 1).layout.maximum_payment  # of all it pays: a bound
            return math.inf if highest is None else _share(words.share) * highest
    return math.inf  # an internal fund pays what the programme costs


def _share(number: Number | None) -> float:
    share = certain(number)
    return 1.0 if share is None else share


RULES = (caps,)
