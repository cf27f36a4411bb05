"""The most a contract can pay: every payment at its highest, within limits, with late interest."""

from __future__ import annotations

import math
from typing import NamedTuple

from simulator.plan.bounds import Range, commitment_of, payment_ranges
from simulator.plan.claims import is_to_investor
from simulator.plan.classes import payers_of
from simulator.plan.late import growth_by_payment
from simulator.plan.program import Contract
from simulator.plan.steps import number
from simulator.plan.timing import grid_of
from simulator.scenario.model import Scenario


def room(scenario: Scenario, contract: Contract) -> float:
    """The most that limits let the sum of all payments to the investor be."""
    limits = scenario.limits
    bounds = [math.inf]
    if limits.total is not None:
        bounds.append(number(limits.total))
    if limits.multiple is not None and scenario.capital is not None:
        bounds.append(number(limits.multiple) * commitment_of(scenario))
    if limits.per_period is not None:
        to_investor = [
            claim.due
            for claim in contract.claims
            if is_to_investor(scenario, scenario.payments[claim.payment])
        ]
        bounds.append(number(limits.per_period) * len(set(to_investor)))
    if limits.per_service_user is not None:
        users = sum(cohort.service_users for cohort in scenario.cohorts.values())
        bounds.append(number(limits.per_service_user) * users)
    return min(bounds)


class Highest(NamedTuple):
    """The highest sum of all payments, and of each payer's shares; None where nothing bounds it."""

    whole: float | None
    by_payer: dict[str, float | None]


def highest_payment(scenario: Scenario, contract: Contract) -> Highest:
    """The most that the contract, and each of its payers, can pay."""
    by_payer = {payer: payer_maximum(scenario, contract, payer) for payer in payers_of(scenario)}
    return Highest(maximum_payment(scenario, contract), by_payer)


def maximum_payment(scenario: Scenario, contract: Contract) -> float | None:
    """The highest sum of all payments, to the investor and others; None where nothing bounds it.

    Limits look at what is owed; what late payers owe on it in interest comes on top.
    """
    sums = {True: 0.0, False: 0.0}
    ranges = payment_ranges(scenario, contract)
    for name, (_, high) in sorted(ranges.items()):
        sums[is_to_investor(scenario, scenario.payments[name])] += high
    grown = growth_by_payment(scenario, grid_of(scenario), first_due(contract))
    interest = {name: factor - 1.0 for name, factor in grown.items()}
    total = min(sums[True], room(scenario, contract)) + sums[False]
    total += most_within(scenario, contract, ranges, interest)
    return total if math.isfinite(total) else None


def maximum_by_payment(scenario: Scenario, contract: Contract) -> dict[str, float | None]:
    """The most that each payment can come to, limits and late interest included."""
    ranges = payment_ranges(scenario, contract)
    grown = growth_by_payment(scenario, grid_of(scenario), first_due(contract))
    found: dict[str, float | None] = {}
    for name in ranges:
        alone = {other: grown[name] if other == name else 0.0 for other in ranges}
        highest = most_within(scenario, contract, ranges, alone)
        found[name] = highest if math.isfinite(highest) else None
    return found


def first_due(contract: Contract) -> dict[str, int]:
    """The first instant at which each payment can be due."""
    found: dict[str, int] = {}
    for claim in contract.claims:
        found[claim.payment] = min(claim.due, found.get(claim.payment, claim.due))
    return found


def most_within(
    scenario: Scenario, contract: Contract, ranges: dict[str, Range], factors: dict[str, float]
) -> float:
    """The highest Σ factor·x, each payment x within its highest and above nothing.

    Those to the investor together stay within the limits less the lowest that negative ones can be;
    room goes first to the payments that weigh most.
    """
    to_investor = {name: is_to_investor(scenario, scenario.payments[name]) for name in ranges}
    negative = sum(min(low, 0.0) for name, (low, _) in ranges.items() if to_investor[name])
    left = room(scenario, contract) - negative
    total = 0.0
    for name in sorted(ranges, key=lambda name: (-factors[name], name)):
        amount = max(ranges[name][1], 0.0)
        if factors[name] and to_investor[name]:
            amount = min(amount, max(left, 0.0))
            left -= amount
        total += factors[name] * amount if factors[name] else 0.0
    return total


def payer_maximum(scenario: Scenario, contract: Contract, party: str) -> float | None:
    """The most that one payer's shares, and its interest, come to; None where nothing bounds it."""
    if all(payment.payers == {party: 1.0} for payment in scenario.payments.values()):
        return maximum_payment(scenario, contract)
    factors = growth_by_payment(scenario, grid_of(scenario), first_due(contract), party)
    ranges = payment_ranges(scenario, contract)
    total = most_within(scenario, contract, ranges, factors)
    return total if math.isfinite(total) else None
