"""Rules between the keys of a fund file, and between them and the contracts that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simulator.fund.model import Fund
from simulator.fund.rules import behaviour, contracts, guarantees, money, names, ranges
from simulator.scenario.findings import Finding
from simulator.scenario.model import Scenario

RULES = (
    *names.RULES,
    *ranges.RULES,
    *contracts.RULES,
    *behaviour.RULES,
    *money.RULES,
    *guarantees.RULES,
)


def check(fund: Fund, contracts: Mapping[str, Scenario]) -> Iterator[Finding]:
    """Everything that is wrong with a fund whose every key has the right form.

    `contracts` holds the scenario of each kind that could be loaded; rules about one that is
    missing keep silent.
    """
    for rule in RULES:
        yield from rule(fund, contracts)
