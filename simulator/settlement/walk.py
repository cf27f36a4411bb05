"""Each claim through its terms once more, by the same kernels, noting what goes in and out."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Word:
    """One term: what went in and what came out."""

    term: str
    level: Any
    value_in: float
    value_out: float


@dataclass(frozen=True)
class Line:
    """One claim: its inputs, conditions, terms, and what is paid before and after the limits."""

    payment: str
    kind: str
    stretch: str
    due: str
    inputs: dict[str, float]
    value: float
    conditions: tuple[dict[str, Any], ...]
    words: tuple[Word, ...]
    claimed: float
    paid: float

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        data = dict(self.__dict__)
        data["words"] = [dict(word.__dict__) for word in self.words]
        data["conditions"] = list(self.conditions)
        return data


def walk(scenario: Scenario, built: Built, given: Given, flows: np.ndarray) -> list[Line]:
    """Every claim in the order of payment and date, without claims of nothing that pay nothing."""
    lines = []
    bases = np.zeros((3, LANES))
    bases[0] = given.drawn.sum()
    bases[1] = float(built.plan.capital.commitment)
    bases[2] = given.cost.sum()
    claimed = [
        claim_line(scenario, built, given, bases, i) for i in range(len(built.contract.claims))
    ]
    sums: dict[tuple[str, int], float] = {}
    for claim, (_, amount) in zip(built.contract.claims, claimed, strict=True):
        key = (claim.payment, claim.due)
        sums[key] = sums.get(key, 0.0) + amount
    names = [line.name for line in built.layout.lines]
    for claim, (line, amount) in zip(built.contract.claims, claimed, strict=True):
        after = flows[names.index(f"payments.{claim.payment}"), claim.due]
        before = sums[(claim.payment, claim.due)]
        paid = amount * (after / before) if before else 0.0
        if line.value or amount or len(built.contract.claims) == len(scenario.payments):
            lines.append(Line(**{**line.__dict__, "paid": float(paid)}))
    return lines


def claim_line(
    scenario: Scenario, built: Built, given: Given, bases: np.ndarray, number: int
) -> tuple[Line, float]:
    """One claim with its words; its amount before limits."""
    claim = built.contract.claims[number]
    payment = scenario.payments[claim.payment]
    names = list(inputs_of(payment))
    found = {
        name: float(given.rows[row]) for name, (row, _) in zip(names, claim.inputs, strict=True)
    }
    value = sum(weight * float(given.rows[row]) for row, weight in claim.inputs)
    words, amount = words_of(payment, built, number, value, bases)
    tests = []
    for condition, (row, below, level) in zip(_tests(payment), claim.conditions, strict=True):
        holds = bool(reaches(given.rows[row], level)) != below
        tests.append(
            {
                "measure": condition[0],
                "test": condition[1],
                "level": level,
                "value": float(given.rows[row]),
                "holds": holds,
            }
        )
        amount = amount if holds else 0.0
    line = Line(
        payment=claim.payment,
        kind="activity payment" if is_activity(payment) else "outcome payment",
        stretch=stretch_of(built, number),
        due=built.grid.begins(claim.due).isoformat(),
        inputs=found,
        value=value,
        conditions=tuple(tests),
        words=words,
        claimed=amount,
        paid=0.0,
    )
    return line, amount


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
