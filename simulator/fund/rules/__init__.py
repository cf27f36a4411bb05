"""Rules between the keys of a fund file, and between them and the contracts that it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from simulator.fund.model import Fund
from simulator.fund.rules import behaviour, caps, guarantees, money, names, ranges, trials
from simulator.fund.rules import contracts as of_contracts
from simulator.scenario.findings import Finding
from simulator.scenario.model import Scenario

RULES = (
    *names.RULES,
    *ranges.RULES,
    *of_contracts.RULES,
    *behaviour.RULES,
    *money.RULES,
    *caps.RULES,
    *guarantees.RULES,
    *trials.RULES,
)


OF_A_KEY = {
    "currency": (of_contracts.currency,),
    "years": (of_contracts.length, ranges.offers, ranges.appropriations),
}
"""Rules that mean nothing where this key is a stand-in."""


def check(
    fund: Fund, contracts: Mapping[str, Scenario], unknown: Iterable[str] = ()
) -> Iterator[Finding]:
    """Everything that is wrong with a fund whose every key has the right form.

    `contracts` holds the scenario of each kind that could be loaded; rules about one that is
    missing keep silent. Keys at the top in `unknown` are stand-ins.
    """
    silent = [rule for key in unknown for rule in OF_A_KEY.get(key, ())]
    for rule in RULES:
        if rule not in silent:
            yield from rule(fund, contracts)
