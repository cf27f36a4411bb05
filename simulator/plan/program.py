"""The contract as arrays: claims, steps of terms, conditions and limits."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np

from simulator.kernels.records import TO_INVESTOR, TO_OTHERS, Program
from simulator.plan.arrays import floats, frozen, ints, starts
from simulator.plan.batches import in_order, is_running, same_levels
from simulator.plan.claims import (
    Claim,
    classes_of,
    is_activity,
    is_to_investor,
    lag_of,
    measures_paid,
)
from simulator.plan.ends import possible_ends
from simulator.plan.measures import Rows
from simulator.plan.people import People
from simulator.plan.registry import NONE
from simulator.plan.steps import Place, Step, number, steps_of
from simulator.plan.stretches import measure_row, stretches
from simulator.plan.timing import Grid
from simulator.scenario.model import Scenario


@dataclass
class Contract:
    """Claims and their steps, as they are built."""

    claims: list[Claim] = field(default_factory=list)
    steps: list[list[Step]] = field(default_factory=list)
    balances: list[tuple[float, str]] = field(default_factory=list)


def contract_of(scenario: Scenario, grid: Grid, people: People, rows: Rows) -> Contract:
    """Every claim of every payment, payments in name order.

    A payment that is owed only where the contract ends early has its claims once for each instant
    at which that can be.
    """
    contract = Contract()
    names = sorted(scenario.payments)
    for name in names:
        payment = scenario.payments[name]
        written = stretches(scenario, grid, people, rows, name)
        if payment.if_terminated == "only then":
            ends = possible_ends(scenario, grid, people)
            written = [replace(claim, due=t, stop=t) for t in ends for claim in written]
        for claim in written:
            late = min(max(claim.due + lag_of(payment.terms, grid.months), 1), grid.periods)
            place = Place(
                grid,
                late,
                late - 1 if claim.period is None else claim.period,
                {m: measure_row(rows, people, claim, m) for m in measures_paid(payment)},
                names,
                contract.balances,
                payment.payee if payment.payee in classes_of(scenario) else "",
            )
            contract.claims.append(replace(claim, due=late))
            contract.steps.append(steps_of(payment, place))
    return contract


def hurdle_of(scenario: Scenario, grid: Grid) -> tuple[float, int]:
    """(rate a period, 1 for simple interest) of the limit on the annual return."""
    words = scenario.limits.annual_return
    if words is None:
        return math.inf, 0
    rate = number(words.rate)
    if words.form == "simple":
        return rate / grid.per_year, 1
    return per_period(rate, grid), 0


def per_period(rate: float, grid: Grid) -> float:
    """A yearly compound rate as one a period."""
    return float((1.0 + rate) ** (1.0 / grid.per_year) - 1.0)


def program_record(scenario: Scenario, grid: Grid, contract: Contract) -> Program:
    """Claims, steps and limits as arrays."""
    names = sorted(scenario.payments)
    payments = [scenario.payments[name] for name in names]
    claims = contract.claims
    steps = [step for row in contract.steps for step in row]
    ends = np.cumsum([len(row) for row in contract.steps]) if claims else np.empty(0)
    spans = [[int(end) - len(row), int(end)] for end, row in zip(ends, contract.steps, strict=True)]
    inputs = [entry for claim in claims for entry in claim.inputs]
    tests = [entry for claim in claims for entry in claim.conditions]
    points = [point for step in steps for point in step.points]
    running = is_running(scenario, claims, contract.steps)
    batches = in_order(scenario, grid.periods, claims, contract.steps)
    payees = sorted({payment.payee for payment in payments})
    shares = classes_of(scenario)
    marked = any(payment.principal for payment in payments)
    investor = [is_to_investor(scenario, payment) for payment in payments]
    to_investor = dict(zip(names, investor, strict=True))
    due = [0] * (grid.periods + 1)
    for claim in claims:
        due[claim.due] = max(
            due[claim.due], TO_INVESTOR if to_investor[claim.payment] else TO_OTHERS
        )
    limits = scenario.limits
    hurdle, simple = hurdle_of(scenario, grid)

    def limit(value: object) -> float:
        return number(value) if value is not None else math.inf  # type: ignore[arg-type]

    return Program(
        payment=ints([names.index(claim.payment) for claim in claims]),
        due=ints([claim.due for claim in claims]),
        order=ints(batches.first),
        together=ints(batches.together),
        first=starts(batches.begins),
        straight=ints(batches.straight),
        in_place=ints(batches.in_place),
        opens=ints(batches.opens),
        falls_due=ints(due),
        investor=ints([place for place, to in enumerate(investor) if to]),
        weight=starts([len(claim.inputs) for claim in claims]),
        weight_base=ints([entry.base for entry in inputs]),
        weight_row=ints([entry.row for entry in inputs]),
        weight_factor=floats([entry.weight for entry in inputs]),
        condition=starts([len(claim.conditions) for claim in claims]),
        condition_base=ints([test.base for test in tests]),
        condition_row=ints([test.row for test in tests]),
        condition_below=ints([1 if test.below else 0 for test in tests]),
        condition_level=floats([test.level for test in tests]),
        step=frozen(np.array(spans, dtype=np.int64).reshape(len(spans), 2)),
        word=ints([step.word for step in steps]),
        base=ints([step.base for step in steps]),
        row=ints([step.row for step in steps]),
        level=floats([step.level for step in steps]),
        same=ints(same_levels(batches, contract.steps)),
        then=floats([step.then for step in steps]),
        point=starts([len(step.points) for step in steps]),
        point_x=floats([x for x, _ in points]),
        point_y=floats([y for _, y in points]),
        activity=ints([1 if is_activity(payment) else 0 for payment in payments]),
        to_investor=ints([1 if to else 0 for to in investor]),
        payee=ints([payees.index(payment.payee) for payment in payments]),
        principal=ints(
            [
                1 if (payment.principal if marked else to) else 0
                for payment, to in zip(payments, investor, strict=True)
            ]
        ),
        own_class=ints([1 if payment.payee in shares else 0 for payment in payments]),
        class_share=floats([shares.get(payment.payee, 1.0) for payment in payments]),
        running=ints(1 if running else 0),
        balance_rate=floats([per_period(rate, grid) for rate, _ in contract.balances]),
        balance_share=floats([shares.get(payee, 1.0) for _, payee in contract.balances]),
        balance_payee=ints(
            [payees.index(payee) if payee else NONE for _, payee in contract.balances]
        ),
        total=floats(limit(limits.total)),
        multiple=floats(limit(limits.multiple)),
        per_period=floats(limit(limits.per_period)),
        per_user=floats(limit(limits.per_service_user)),
        hurdle=floats(hurdle),
        simple=ints(simple),
        note_step=ints(len(inputs)),
        note_condition=ints(len(inputs) + 2 * len(steps)),
        note_claim=ints(len(inputs) + 2 * len(steps) + len(tests)),
        notes=ints(len(inputs) + 2 * len(steps) + len(tests) + len(claims)),
    )
