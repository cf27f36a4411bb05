"""Each claim through its terms once more, by the same kernels, noting what goes in and out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from simulator.kernels.compile import LANES
from simulator.kernels.contract import apply_term
from simulator.kernels.terms import reaches
from simulator.plan.build import Built
from simulator.plan.claims import conditions_of, inputs_of, is_activity
from simulator.scenario.contract import Payment, Term
from simulator.scenario.model import Scenario
from simulator.settlement.given import Given
from simulator.settlement.line import Line, Word, day_of, in_languages

COMPLETED = "completed"


def waits(payment: Payment) -> bool:
    """Whether an activity payment waits until it is known that all was carried out as planned."""
    return is_activity(payment) and payment.paid != "as delivered"


def walk(
    scenario: Scenario, built: Built, given: Given, flows: np.ndarray, completed: bool
) -> list[Line]:
    """Every claim in the order of payment and date, without claims of nothing that pay nothing."""
    bases = np.zeros((3, LANES))
    bases[0] = given.drawn.sum()
    bases[1] = float(built.plan.capital.commitment)
    bases[2] = given.cost.sum()
    claims = built.contract.claims
    lines = [claim_line(scenario, built, given, bases, i, completed) for i in range(len(claims))]
    sums: dict[tuple[str, int], float] = {}
    for claim, line in zip(claims, lines, strict=True):
        key = (claim.payment, claim.due)
        sums[key] = sums.get(key, 0.0) + line.claimed
    names = [line.name for line in built.layout.lines]
    kept = []
    for claim, line in zip(claims, lines, strict=True):
        after = flows[names.index(f"payments.{claim.payment}"), claim.due]
        before = sums[(claim.payment, claim.due)]
        paid = line.claimed * (after / before) if before else 0.0
        if line.value or line.claimed or len(claims) == len(scenario.payments):
            kept.append(replace(line, paid=float(paid)))
    return kept


def claim_line(
    scenario: Scenario,
    built: Built,
    given: Given,
    bases: np.ndarray,
    number: int,
    completed: bool,
) -> Line:
    """One claim with its words, before limits."""
    claim = built.contract.claims[number]
    payment = scenario.payments[claim.payment]
    names = list(inputs_of(payment))
    found = {
        name: float(given.rows[row]) for name, (row, _) in zip(names, claim.inputs, strict=True)
    }
    value = sum(weight * float(given.rows[row]) for row, weight in claim.inputs)
    words, amount = words_of(payment, built, number, value, bases)
    tests = _conditions(payment, built, number, given)
    if waits(payment):
        tests.append(_test(COMPLETED, COMPLETED, 1.0, float(completed), completed))
    return Line(
        kind="activity payment" if is_activity(payment) else "outcome payment",
        name=claim.payment,
        title=in_languages(payment.title),
        stretch=stretch_of(built, number),
        payers=dict(payment.payers),
        payee=payment.payee,
        due=day_of(built.grid, claim.due),
        inputs=found,
        value=value,
        conditions=tuple(tests),
        words=words,
        claimed=amount if all(test["holds"] for test in tests) else 0.0,
        paid=0.0,
    )


def _conditions(payment: Payment, built: Built, number: int, given: Given) -> list[dict[str, Any]]:
    """Each condition with the value it tests and whether it holds."""
    tests = []
    levels = built.contract.claims[number].conditions
    for (measure, test), (row, below, level) in zip(_tests(payment), levels, strict=True):
        value = float(given.rows[row])
        tests.append(_test(measure, test, level, value, bool(reaches(value, level)) != below))
    return tests


def _test(measure: str, test: str, level: float, value: float, holds: bool) -> dict[str, Any]:
    return {"measure": measure, "test": test, "level": level, "value": value, "holds": holds}


def _tests(payment: Payment) -> list[tuple[str, str]]:
    """(measure, test) in the order in which a claim holds them."""
    result = []
    for condition in conditions_of(payment):
        if condition.measure is None:
            continue
        if condition.at_least is not None:
            result.append((condition.measure, "at_least"))
        if condition.below is not None:
            result.append((condition.measure, "below"))
    return result


def words_of(
    payment: Payment, built: Built, number: int, value: float, bases: np.ndarray
) -> tuple[tuple[Word, ...], float]:
    """The terms applied one by one."""
    v = np.full(LANES, value)
    x = np.zeros(LANES)
    words = []
    step = int(built.plan.program.step[number, 0])
    for term in payment.terms:
        name, level = spoken(term)
        before = float(v[0])
        if term.after is None:
            apply_term(built.plan.program, step, bases, v, x)
            step += 1
        words.append(Word(name, level, before, float(v[0])))
    return tuple(words), float(v[0])


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
