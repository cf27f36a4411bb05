"""The most a contract can pay, found by running its terms on the widest range of their inputs."""

from __future__ import annotations

import math
from typing import NamedTuple

from simulator.kernels.records import (
    ABOVE,
    AT_LEAST,
    AT_MOST,
    BANDS,
    BY_DRAWN,
    COMPOUNDED,
    DOWN,
    IF_AT_LEAST,
    INTERPOLATED,
    LESS,
    OF_COMMITMENT,
    OF_COST,
    OF_DRAWN,
    OF_INPUT,
    OF_NOTHING,
    OF_OUTSTANDING,
    PRICE,
    ROUNDED,
    SHARE,
    STEPPED,
    UNTIL_REPAID,
    UP,
    WITHIN,
)
from simulator.plan.claims import (
    CAPITAL_DRAWN,
    COST,
    OUTSTANDING,
    PAID,
    inputs_of,
    is_to_investor,
)
from simulator.plan.classes import payers_of
from simulator.plan.program import Contract
from simulator.plan.steps import Step, number
from simulator.scenario.model import Scenario

Range = tuple[float, float]
"""The lowest and the highest value that there can be."""

ANYTHING: Range = (-math.inf, math.inf)


def commitment_of(scenario: Scenario) -> float:
    """The most that can be drawn."""
    return number(scenario.capital.commitment) if scenario.capital else 0.0


def input_range(scenario: Scenario, name: str) -> Range:
    """What an input can be."""
    if name in (CAPITAL_DRAWN, OUTSTANDING):
        return 0.0, commitment_of(scenario)
    if name == COST:
        return 0.0, math.inf
    if name == PAID:
        return ANYTHING
    measure = scenario.measures[name]
    metric = scenario.metrics[measure.metric] if measure.metric else None
    if metric is None or measure.standard_error is not None:
        return ANYTHING
    users = float(sum(cohort.service_users for cohort in scenario.cohorts.values()))
    if measure.quantity == "relative effect":
        return (-math.inf, 1.0) if metric.better == "lower" else (-1.0, math.inf)
    binary = metric.kind == "binary"
    if measure.quantity == "rate":
        return 0.0, 1.0 if binary else math.inf
    if measure.quantity == "count":
        return 0.0, users if binary else math.inf
    if binary and measure.quantity == "effect per user":
        return -1.0, 1.0
    if binary and measure.quantity == "effect":
        return -users, users
    return ANYTHING


def product(one: Range, other: Range) -> Range:
    """Every product of two values; 0 times anything is 0."""
    values = [a * b if a and b else 0.0 for a in one for b in other]
    return min(values), max(values)


def base_range(scenario: Scenario, step: Step) -> Range:
    """What a step's level can be."""
    if step.base == OF_NOTHING:
        return step.level, step.level
    if step.base == BY_DRAWN:
        levels = [y for _, y in step.points]
        return min(levels), max(levels)
    thing = ANYTHING
    if step.base in (OF_DRAWN, OF_OUTSTANDING):
        thing = (0.0, commitment_of(scenario))
    elif step.base == OF_COMMITMENT:
        thing = (commitment_of(scenario), commitment_of(scenario))
    elif step.base == OF_COST:
        thing = (0.0, math.inf)
    elif step.base == OF_INPUT:
        thing = input_range(scenario, step.name)
    return product((step.level, step.level), thing)


def step_range(scenario: Scenario, step: Step, value: Range) -> Range:
    """What the step makes of a range of values."""
    low, high = value
    level = base_range(scenario, step)
    if step.word in (PRICE, SHARE):
        return product(value, level)
    if step.word == ABOVE:
        return max(0.0, low - level[1]), max(0.0, high - level[0])
    if step.word == AT_MOST:
        return min(low, level[0]), min(high, level[1])
    if step.word == AT_LEAST:
        return max(low, level[0]), max(high, level[1])
    if step.word == IF_AT_LEAST:
        return min(low, 0.0), max(high, 0.0) if high >= level[0] * (1 - 1e-9) else 0.0
    if step.word == LESS:
        return low - level[1], high - level[0]
    if step.word == WITHIN:
        return min(low, 0.0), min(high, max(level[1], 0.0))
    return shaped(step, value)


def shaped(step: Step, value: Range) -> Range:
    """Tables, bands and other shapes on a range of values."""
    low, high = value
    if step.word == BANDS:
        return bands_range(step, value)
    if step.word in (STEPPED, INTERPOLATED):
        reached = [y for x, y in step.points if x <= high * (1 + 1e-9)]
        return min([0.0, *reached]), max([0.0, *reached])
    if step.word == COMPOUNDED:
        return max(1.0 + low, 0.0) ** step.level, max(1.0 + high, 0.0) ** step.level
    if step.word == UNTIL_REPAID:
        shares = (min(step.level, step.then), max(step.level, step.then))
        return product(value, shares)
    if step.word == ROUNDED:
        return low - step.level, rounded_up(step, high)
    return ANYTHING


def rounded_up(step: Step, value: float) -> float:
    """A largest value after rounding; of a table's last step exactly."""
    if not math.isfinite(value):
        return value
    units = value / step.level
    slack = 1e-9 * abs(units)
    if step.row == DOWN:
        return step.level * math.floor(units + slack)
    if step.row == UP:
        return step.level * math.ceil(units - slack)
    return step.level * math.floor(units + slack + 0.5)


def bands_range(step: Step, value: Range) -> Range:
    """Marginal bands on a range: prices below 0 lower the lowest, others raise the highest."""
    lowest = highest = total = 0.0
    for j, (start, price) in enumerate(step.points):
        last = j + 1 == len(step.points)
        top = value[1] if last else min(value[1], step.points[j + 1][0])
        width = max(top - start, 0.0)
        total += price * width if price else 0.0
        lowest, highest = min(lowest, total), max(highest, total)
    return lowest, highest


def claim_ranges(scenario: Scenario, contract: Contract) -> list[Range]:
    """What each claim can come to."""
    ranges = []
    for claim, steps in zip(contract.claims, contract.steps, strict=True):
        value = (0.0, 0.0)
        for name, weight in inputs_of(scenario.payments[claim.payment]).items():
            low, high = product((weight, weight), input_range(scenario, name))
            value = (value[0] + low, value[1] + high)
        for step in steps:
            value = step_range(scenario, step, value)
        if claim.conditions:
            value = (min(value[0], 0.0), max(value[1], 0.0))
        ranges.append(value)
    return ranges


def payment_ranges(scenario: Scenario, contract: Contract) -> dict[str, Range]:
    """The least and the most that each payment comes to, within its own limit."""
    found: dict[str, Range] = {}
    most: dict[str, float] = {}
    ended: dict[tuple[str, int], Range] = {}  # owed where the contract ends early at an instant
    for claim, steps, (low, high) in zip(
        contract.claims, contract.steps, claim_ranges(scenario, contract), strict=True
    ):
        lowest, highest = found.get(claim.payment, (0.0, 0.0))
        if claim.stop is not None:
            # it ends once: the instants share one sum
            key = (claim.payment, claim.stop)
            before = ended.get(key, (0.0, 0.0))
            ended[key] = (before[0] + low, before[1] + high)
            found[claim.payment] = (min(lowest, ended[key][0]), max(highest, ended[key][1]))
        elif scenario.payments[claim.payment].paid == "as delivered":
            # the periods share one sum
            found[claim.payment] = (min(lowest, low), max(highest, high))
        else:
            found[claim.payment] = (lowest + low, highest + high)
        if steps and steps[-1].word == WITHIN:
            level = max(base_range(scenario, steps[-1])[1], 0.0)
            most[claim.payment] = max(most.get(claim.payment, 0.0), level)
    return {name: (low, min(high, most.get(name, math.inf))) for name, (low, high) in found.items()}


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
    """The highest sum of all payments, to the investor and others; None where nothing bounds it."""
    sums = {True: 0.0, False: 0.0}
    for name, (_, high) in sorted(payment_ranges(scenario, contract).items()):
        sums[is_to_investor(scenario, scenario.payments[name])] += high
    total = min(sums[True], room(scenario, contract)) + sums[False]
    return total if math.isfinite(total) else None


def payer_maximum(scenario: Scenario, contract: Contract, party: str) -> float | None:
    """The most that one payer's shares can come to; None where nothing bounds it.

    Every payment is within its highest, and those to the investor within the limits less the lowest
    that negative ones can be; room goes first to the payments of which the party bears most.
    """
    payers = {name: payment.payers for name, payment in scenario.payments.items()}
    if all(shares == {party: 1.0} for shares in payers.values()):
        return maximum_payment(scenario, contract)
    ranges = payment_ranges(scenario, contract)
    to_investor = {name: is_to_investor(scenario, scenario.payments[name]) for name in ranges}
    negative = sum(min(low, 0.0) for name, (low, _) in ranges.items() if to_investor[name])
    left = room(scenario, contract) - negative
    total = 0.0
    for name in sorted(ranges, key=lambda name: (-payers[name].get(party, 0.0), name)):
        share = payers[name].get(party, 0.0)
        amount = max(ranges[name][1], 0.0)
        if share and to_investor[name]:
            amount = min(amount, max(left, 0.0))
            left -= amount
        total += share * amount if share else 0.0
    return total if math.isfinite(total) else None
