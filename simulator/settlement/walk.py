"""Each claim through its terms once more, by the same kernels, noting what goes in and out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from simulator.kernels.claims import PAID_ANYTHING
from simulator.kernels.records import OF_PAYMENT
from simulator.kernels.terms import reaches
from simulator.plan.build import Built
from simulator.plan.claims import Claim, conditions_of, inputs_of, is_activity, measures_paid
from simulator.scenario.contract import Payment, Term
from simulator.scenario.model import Scenario
from simulator.settlement.ended import End, is_owed
from simulator.settlement.line import Line, Word, day_of, in_languages

COMPLETED = "completed"
ENDED = "terminated"


def waits(payment: Payment) -> bool:
    """Whether an activity payment waits until it is known that all was carried out as planned."""
    return is_activity(payment) and payment.paid != "as delivered"


def walk(
    scenario: Scenario,
    built: Built,
    flows: np.ndarray,
    notes: np.ndarray,
    *,
    completed: bool,
    end: End | None = None,
    measured: Mapping[str, int] | None = None,
) -> list[Line]:
    """Every claim in the order of payment and date.

    `measured` says for how many periods each measure is given: a claim on one of them is there
    even if it pays nothing. Left out are claims of nothing on other periods, and on ends that
    never came.
    """
    claims = built.contract.claims
    lines = [claim_line(scenario, built, notes, i, completed) for i in range(len(claims))]
    if end is not None:
        owed = [is_owed(built, i, end) for i in range(len(claims))]
        lines = [ended(line, stands) for line, stands in zip(lines, owed, strict=True)]
    sums: dict[tuple[str, int], float] = {}
    for claim, line in zip(claims, lines, strict=True):
        key = (claim.payment, claim.due)
        sums[key] = sums.get(key, 0.0) + line.claimed
    kept = []
    for claim, line in zip(claims, lines, strict=True):
        after = paid_by_all(built, flows, claim.payment, claim.due)
        before = sums[(claim.payment, claim.due)]
        paid = line.claimed * (after / before) if before else 0.0
        seen = line.value or line.claimed or paid
        if seen or _is_told(scenario, claim, measured or {}):
            kept.append(replace(line, paid=float(paid)))
    return kept


def _is_told(scenario: Scenario, claim: Claim, measured: Mapping[str, int]) -> bool:
    """Whether a claim of nothing is told: it was measured, or it is the payment's only one."""
    if claim.stop is not None:
        return False
    if claim.period is None:
        return True
    names = measures_paid(scenario.payments[claim.payment])
    return any(claim.period < measured.get(name, 0) for name in names)


def ended(line: Line, stands: bool) -> Line:
    """The line of a contract that ended early, with whether its claim stands."""
    test = _test(ENDED, ENDED, 1.0, float(stands), stands)
    claimed = line.claimed if stands else 0.0
    return replace(line, conditions=(*line.conditions, test), claimed=claimed)


def paid_by_all(built: Built, flows: np.ndarray, payment: str, instant: int) -> float:
    """What a payment's payers pay together at an instant."""
    name = f"payments.{payment}"
    return sum(
        float(flows[place, instant])
        for place, line in enumerate(built.layout.lines)
        if line.name == name or line.name.startswith(f"{name}.")
    )


def claim_line(
    scenario: Scenario, built: Built, notes: np.ndarray, number: int, completed: bool
) -> Line:
    """One claim with its words as the kernels noted them, before limits."""
    claim = built.contract.claims[number]
    payment = scenario.payments[claim.payment]
    program = built.plan.program
    first = int(program.weight[number])
    seen = [float(notes[first + place]) for place in range(len(claim.inputs))]
    value = sum(entry.weight * amount for entry, amount in zip(claim.inputs, seen, strict=True))
    tests = _conditions(payment, built, number, notes)
    if waits(payment):
        tests.append(_test(COMPLETED, COMPLETED, 1.0, float(completed), completed))
    claimed = float(notes[int(program.note_claim) + number])
    return Line(
        kind="activity payment" if is_activity(payment) else "outcome payment",
        name=claim.payment,
        title=in_languages(payment.title),
        stretch=stretch_of(built, number),
        payers=dict(payment.payers),
        payee=payment.payee,
        due=day_of(built.grid, claim.due),
        inputs=dict(zip(inputs_of(payment), seen, strict=True)),
        value=value,
        conditions=tuple(tests),
        words=words_of(payment, built, notes, number, value),
        claimed=claimed if all(test["holds"] for test in tests) else 0.0,
        paid=0.0,
    )


def _conditions(
    payment: Payment, built: Built, number: int, notes: np.ndarray
) -> list[dict[str, Any]]:
    """Each condition with the value it tests and whether it holds."""
    program = built.plan.program
    first = int(program.note_condition) + int(program.condition[number])
    tests = []
    levels = built.contract.claims[number].conditions
    for place, ((name, word), test) in enumerate(zip(_tests(payment), levels, strict=True)):
        value = float(notes[first + place])
        reached = value > PAID_ANYTHING if test.base == OF_PAYMENT else reaches(value, test.level)
        tests.append(_test(name, word, test.level, value, bool(reached) != test.below))
    return tests


def _test(measure: str, test: str, level: float, value: float, holds: bool) -> dict[str, Any]:
    return {"measure": measure, "test": test, "level": level, "value": value, "holds": holds}


def _tests(payment: Payment) -> list[tuple[str, str]]:
    """(measure or payment, test) in the order in which a claim holds them."""
    result = []
    for condition in conditions_of(payment):
        if condition.payment is not None:
            result.append((condition.payment, "paid" if condition.paid else "not_paid"))
        if condition.measure is None:
            continue
        if condition.at_least is not None:
            result.append((condition.measure, "at_least"))
        if condition.below is not None:
            result.append((condition.measure, "below"))
        if condition.significant is not None:
            result.append((condition.measure, "significant"))
    return result


def words_of(
    payment: Payment, built: Built, notes: np.ndarray, number: int, value: float
) -> tuple[Word, ...]:
    """The terms one by one, and the payment's own limit."""
    program = built.plan.program
    step, end = (int(place) for place in program.step[number])

    def noted(place: int) -> tuple[float, float]:
        first = int(program.note_step) + 2 * place
        return float(notes[first]), float(notes[first + 1])

    words = []
    for term in payment.terms:
        name, level = spoken(term)
        before, value = value, value
        if term.after is None:
            before, value = noted(step)
            step += 1
        words.append(Word(name, level, before, value))
    if payment.limit is not None:
        level = payment.limit.model_dump(exclude_unset=True, mode="json")
        words.append(Word("own_limit", level.get("value", level), *noted(end - 1)))
    return tuple(words)


def spoken(term: Term) -> tuple[str, Any]:
    """The term's word and its level as written."""
    data = term.model_dump(exclude_unset=True, mode="json")
    name, level = next(iter(data.items()))
    if isinstance(level, dict) and "value" in level:
        level = level["value"]
    return name, level


def stretch_of(built: Built, number: int) -> str:
    """The cohort or the period that a claim is about; empty for the whole contract."""
    claim = built.contract.claims[number]
    if claim.period is not None:
        return f"{built.grid.begins(claim.period)}/{built.grid.begins(claim.period + 1)}"
    return claim.cohort
