"""The most a contract can pay, found by running its terms on the largest input there can be."""

from __future__ import annotations

import math

from simulator.kernels.records import (
    ABOVE,
    AT_LEAST,
    AT_MOST,
    BANDS,
    IF_AT_LEAST,
    INTERPOLATED,
    OF_COMMITMENT,
    OF_COST,
    OF_DRAWN,
    STEPPED,
)
from simulator.plan.claims import CAPITAL_DRAWN, COST, inputs_of
from simulator.plan.program import Contract, Step
from simulator.scenario.model import Scenario


def highest_input(scenario: Scenario, name: str) -> float:
    """The largest value an input can have."""
    if name == CAPITAL_DRAWN:
        return float(scenario.capital.commitment.value or 0.0) if scenario.capital else 0.0
    if name == COST:
        return math.inf
    measure = scenario.measures[name]
    metric = scenario.metrics[measure.metric] if measure.metric else None
    if metric is None or metric.kind != "binary":
        return (
            1.0
            if measure.quantity == "relative effect" and metric and metric.better == "lower"
            else math.inf
        )
    if measure.quantity in ("rate", "effect per user"):
        return 1.0
    if measure.quantity in ("count", "effect"):
        return float(sum(cohort.service_users for cohort in scenario.cohorts.values()))
    return math.inf


def step_up(step: Step, value: float, commitment: float) -> float:
    """The step on a largest value; capital drawn is taken at the commitment."""
    level = step.level
    if step.base in (OF_DRAWN, OF_COMMITMENT):
        level *= commitment
    elif step.base == OF_COST:
        level = math.inf if level > 0 else 0.0
    if step.word == ABOVE:
        return max(0.0, value - level) if math.isfinite(level) else 0.0
    if step.word == AT_MOST:
        return min(value, level)
    if step.word == AT_LEAST:
        return max(value, level)
    if step.word == IF_AT_LEAST:
        return value if value >= level else 0.0
    if step.word == BANDS:
        return bands_up(step, value)
    if step.word in (STEPPED, INTERPOLATED):
        reached = [y for x, y in step.points if x <= value]
        return max(reached, default=0.0)
    return value * level if level else 0.0


def bands_up(step: Step, value: float) -> float:
    """Marginal bands on a largest value."""
    total = 0.0
    for j, (start, price) in enumerate(step.points):
        top = value if j + 1 == len(step.points) else min(value, step.points[j + 1][0])
        width = max(top - start, 0.0)
        total += price * width if price else 0.0
    return total


def maximum_payment(scenario: Scenario, contract: Contract) -> float | None:
    """The highest sum of all payments, to the investor and others; None where nothing bounds it."""
    commitment = float(scenario.capital.commitment.value or 0.0) if scenario.capital else 0.0
    total = 0.0
    per_payment: dict[str, float] = {}
    for claim, steps in zip(contract.claims, contract.steps, strict=True):
        payment = scenario.payments[claim.payment]
        value = 0.0
        for name, weight in inputs_of(payment).items():
            highest = highest_input(scenario, name)
            value += weight * highest if weight else 0.0
        for step in steps:
            value = step_up(step, value, commitment)
        if payment.paid == "as delivered":  # the periods share one sum
            per_payment[claim.payment] = max(per_payment.get(claim.payment, 0.0), value)
        else:
            per_payment[claim.payment] = per_payment.get(claim.payment, 0.0) + value
    total = (
        math.fsum(per_payment.values())
        if all(map(math.isfinite, per_payment.values()))
        else math.inf
    )
    limits = scenario.limits
    if limits.total is not None:
        total = min(total, float(limits.total.value or 0.0))
    if limits.multiple is not None and scenario.capital is not None:
        total = min(total, float(limits.multiple.value or 0.0) * commitment)
    return total if math.isfinite(total) else None
