"""Each guarantee's payout step by step: object, loss, reading, coverage, cap."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from simulator.errors import InternalError
from simulator.kernels.records import BY_DRAWN, OF_COMMITMENT, OF_COST, OF_DRAWN, OF_OUTSTANDING
from simulator.plan.build import Built
from simulator.plan.claims import is_to_investor
from simulator.plan.funding import completion_instant, ordered_guarantees
from simulator.plan.steps import level_of
from simulator.scenario.contract import Guarantee
from simulator.scenario.model import Scenario
from simulator.settlement.given import Given
from simulator.settlement.limits import DUST
from simulator.settlement.line import Line, Word, day_of, in_languages


def guarantee_lines(
    scenario: Scenario,
    built: Built,
    given: Given,
    claims: list[Line],
    flows: np.ndarray,
    protection: float,
) -> list[Line]:
    """A line for each guarantee in the order of calling, each on the loss that is left.

    Where capital has classes, it is the loans' loss; `protection` is what guarantees gave them.
    Raises InternalError where the kernels paid something else.
    """
    to_investor = [
        line for line in claims if is_to_investor(scenario, scenario.payments[line.name])
    ]
    share = float(built.plan.guarantees.loans)
    received = math.fsum(line.paid for line in to_investor)
    if built.layout.classes:
        received = received_by_loans(built, flows) - protection
    activity = math.fsum(line.paid for line in to_investor if line.kind == "activity payment")
    repaid = math.fsum(line.paid for line in claims if _repays(scenario, line))
    names = [line.name for line in built.layout.lines]
    completed = completion_instant(scenario, built.grid, built.people, built.contract)
    lines = []
    for place, (name, guarantee) in enumerate(ordered_guarantees(scenario)):
        due = int(built.plan.guarantees.due[place])
        known = {
            "capital_drawn": float(given.drawn.sum()) * share,
            "commitment": float(built.plan.capital.commitment),
            "committed": float(built.plan.capital.commitment) * share,
            "cost": float(given.cost.sum()),
            "activity_payments": activity,
            "received": received,
            "target_return": _target(guarantee),
            "capital_outstanding": max(float(given.drawn.sum()) - repaid, 0.0),
            "year": float((completed - 1) // built.grid.per_year),
        }
        words = payout_words(guarantee, known)
        paid = float(flows[names.index(f"guarantees.{name}"), due])
        if abs(words[-1].value_out - paid) > DUST * max(1.0, abs(paid)):
            raise InternalError(f"guarantee {name} is {words[-1].value_out!r}, but paid {paid!r}")
        lines.append(_line(name, guarantee, day_of(built.grid, due), known, words))
        received += paid
    return lines


def received_by_loans(built: Built, flows: np.ndarray) -> float:
    """What loans get by name and through the waterfall, payouts of guarantees included."""
    loans = {entry.name for entry in built.layout.classes if entry.kind == "loan"}
    return math.fsum(
        float(flows[place].sum())
        for place, line in enumerate(built.layout.lines)
        if line.payee in loans
        and line.account in ("distribution", "activity payment", "outcome payment")
    )


def _repays(scenario: Scenario, line: Line) -> bool:
    """Whether a payment repays principal: those so marked, or all to the investor."""
    if any(payment.principal for payment in scenario.payments.values()):
        return scenario.payments[line.name].principal
    return is_to_investor(scenario, scenario.payments[line.name])


def _line(
    name: str, guarantee: Guarantee, due: str, known: dict[str, float], words: list[Word]
) -> Line:
    shown = _shown(guarantee)
    read = ["commitment"] if shown == "committed" else ["capital_drawn"]
    if shown == "at risk":
        read.append("activity_payments")
    if shown == "with return":
        read.append("target_return")
    claimed = next(word.value_in for word in words if word.term == "guarantee.paid")
    return Line(
        kind="guarantee",
        name=name,
        title=in_languages(guarantee.title),
        stretch="",
        payers={guarantee.guarantor: 1.0},
        payee=guarantee.beneficiary,
        due=due,
        inputs={
            key: known["committed" if key == "commitment" else key] for key in (*read, "received")
        },
        value=words[0].value_out,
        conditions=(),
        words=tuple(words),
        claimed=claimed,
        paid=words[-1].value_out,
        reading=guarantee.reading,
    )


class _Steps:
    """Words written one after the other, each on what the one before gave."""

    def __init__(self, value: float) -> None:
        self.value = value
        self.words: list[Word] = []

    def step(self, term: str, level: Any, value: float) -> None:
        """value ← `value`, by this word."""
        self.words.append(Word(f"guarantee.{term}", level, self.value, value))
        self.value = value


def payout_words(guarantee: Guarantee, known: dict[str, float]) -> list[Word]:
    """From the object to the payout, by the reading (model §6); the last word is `paid`."""
    drawn, received = known["capital_drawn"], known["received"]
    shown = _shown(guarantee)
    thing = _object(shown, known)
    with_return = shown == "with return"
    loss = max((thing if with_return else drawn) - received, 0.0)
    steps = _Steps(known["committed"] if shown == "committed" else drawn)
    steps.step("object", shown, thing)
    coverage = float(guarantee.coverage.value or 0.0) if guarantee.coverage else 0.0
    if guarantee.reading == "pari passu":
        steps.step("loss", received, loss)
        steps.step("coverage", coverage, coverage * loss)
    elif guarantee.reading == "floor":
        activity = known["activity_payments"] if shown == "at risk" else 0.0
        steps.step("coverage", coverage, coverage * thing)
        steps.step("short", received - activity, max(0.0, steps.value - (received - activity)))
        if not with_return:
            steps.step("at_most_loss", loss, min(steps.value, loss))
    elif guarantee.reading == "first loss":
        steps.step("coverage", coverage, coverage * thing)
        steps.step("at_most_loss", loss, min(steps.value, loss))
    else:
        steps.step("loss", received, loss)
        _layer(guarantee, steps, known)
    claim = steps.value
    if guarantee.cap is not None:
        steps.step("cap", *_at_most(guarantee.cap, claim, known))
    steps.words.append(Word("guarantee.paid", None, claim, steps.value))
    return steps.words


def _layer(guarantee: Guarantee, steps: _Steps, known: dict[str, float]) -> None:
    """The loss above the attachment, up to the width; or all of it above the maximum."""
    if guarantee.reading == "maximum loss":
        low = _amount(guarantee.maximum, known)
        steps.step("maximum", low, max(0.0, steps.value - low))
        return
    low, high = _amount(guarantee.attachment, known), _amount(guarantee.detachment, known)
    steps.step("attachment", low, max(0.0, steps.value - low))
    width = max(high - low, 0.0)
    steps.step("width", width, min(steps.value, width))


def _shown(guarantee: Guarantee) -> str:
    """The object that the reading looks at: a share of the loss is of the capital drawn."""
    if guarantee.reading in ("floor", "first loss") or guarantee.object == "with return":
        return guarantee.object
    return "drawn"


def _target(guarantee: Guarantee) -> float:
    return float(guarantee.target_return.value or 0.0) if guarantee.target_return else 0.0


def _object(shown: str, known: dict[str, float]) -> float:
    """I: what the coverage refers to."""
    drawn = known["capital_drawn"]
    if shown == "committed":
        return known["committed"]
    if shown == "with return":
        return drawn * (1.0 + known["target_return"])
    return max(drawn - known["activity_payments"], 0.0) if shown == "at risk" else drawn


def _at_most(level: Any, value: float, known: dict[str, float]) -> tuple[float, float]:
    most = _amount(level, known)
    return most, min(value, most)


def _amount(level: Any, known: dict[str, float]) -> float:
    """A level in money."""
    if level is None:
        return 0.0
    base, multiple, points = level_of(level, int(known["year"]))
    if base == BY_DRAWN:
        inputs, outputs = zip(*points, strict=True)
        return float(np.interp(known["capital_drawn"], inputs, outputs))
    quantities = {
        OF_DRAWN: "capital_drawn",
        OF_COMMITMENT: "commitment",
        OF_COST: "cost",
        OF_OUTSTANDING: "capital_outstanding",
    }
    return multiple * known[quantities[base]] if base in quantities else multiple
