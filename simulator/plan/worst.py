"""The most that the investor can lose under the terms, whatever is measured."""

from __future__ import annotations

import math
from typing import NamedTuple

from simulator.kernels.records import OF_DRAWN, OF_NOTHING, PRICE, SHARE
from simulator.plan.bounds import (
    commitment_of,
    input_range,
    payment_ranges,
    product,
    step_range,
)
from simulator.plan.claims import CAPITAL_DRAWN, COST, INVESTOR, inputs_of
from simulator.plan.program import Contract
from simulator.plan.steps import number
from simulator.scenario.contract import Cost, Fee, Guarantee, Level, Payment, Relative
from simulator.scenario.model import Scenario


class Worst(NamedTuple):
    """No path loses more than `amount`, None where nothing bounds it or the bound is not known.

    `rests_on` names the payments (`payments.NAME`) and the guarantee (`guarantees.NAME`) that are
    paid whatever is measured, and so keep the loss below what is put in.
    """

    amount: float | None
    rests_on: tuple[str, ...]


NOTHING_IN = Worst(None, ())


def worst_loss(scenario: Scenario, contract: Contract) -> Worst:
    """The commitment and what the investor pays besides, less what comes back in any case.

    loss(D) = D − r·D + n of the capital drawn D, r the shares of it that are paid whatever is
    measured, n what the investor may have to pay besides. It is highest at the whole commitment. Of
    several guarantees the one that leaves least is counted, since any other only adds to it. The
    contract may be completed, or ended by any of its terminations: the worst of them counts.
    """
    if scenario.capital is None:
        return NOTHING_IN
    capital, besides = commitment_of(scenario) * _loans(scenario), _besides(scenario, contract)
    if besides is None or capital <= 0.0:
        return NOTHING_IN
    ends = [name for name, event in scenario.events.items() if event.kind == "termination"]
    found = [_where(scenario, contract, end, capital, besides) for end in (None, *sorted(ends))]
    rests = dict.fromkeys(name for one in found for name in one.rests_on)
    worst = max(one.amount or 0.0 for one in found)
    return Worst(round(worst, 2), tuple(rests))


def _where(
    scenario: Scenario, contract: Contract, end: str | None, capital: float, besides: float
) -> Worst:
    """The most that is lost where the contract ends so: by an event, or completed (None)."""
    certain = {
        name: ratio
        for name in sorted(scenario.payments)
        if (ratio := _certain_share(scenario, contract, name, end)) > 0.0
    }
    if not _within_limits(scenario, sum(certain.values()) * capital, capital):
        certain = {}
    lost = capital * (1.0 - sum(certain.values())) + besides
    rests = [f"payments.{name}" for name in certain]
    left = {
        name: _left(scenario, guarantee, max(lost, 0.0), besides, capital)
        for name, guarantee in sorted(scenario.guarantees.items())
        if _is_certain(scenario, guarantee, end)
    }
    best = min(left, key=lambda name: left[name], default=None)
    if best is not None and left[best] < lost:
        lost = left[best]
        rests.append(f"guarantees.{best}")
    return Worst(max(lost, 0.0), tuple(rests))


def _loans(scenario: Scenario) -> float:
    """The share of every drawdown that is the investor's."""
    classes = scenario.capital.classes if scenario.capital else {}
    if not classes:
        return 1.0
    return sum(number(entry.share) for entry in classes.values() if entry.kind == "loan")


def _lenders(scenario: Scenario) -> set[str]:
    """The party investor, and every class of capital that is a loan."""
    classes = scenario.capital.classes if scenario.capital else {}
    return {INVESTOR, *(name for name, entry in classes.items() if entry.kind == "loan")}


def _besides(scenario: Scenario, contract: Contract) -> float | None:
    """The most the investor may pay besides the capital; None where that is not known.

    Payments that can turn negative, and fees and costs of a known amount.
    """
    lenders, total = _lenders(scenario), 0.0
    for name, (low, _) in payment_ranges(scenario, contract).items():
        if scenario.payments[name].payee in lenders:
            total += max(-low, 0.0)
    borne: list[Fee | Cost] = [fee for fee in scenario.fees.values() if fee.payer in lenders]
    borne += [cost for cost in scenario.costs.values() if cost.party in lenders]
    for entry in borne:
        if entry.amount is None or entry.amount.value is None or entry.shock is not None:
            return None
        total += max(entry.amount.value, 0.0)
    return total if math.isfinite(total) else None


def _certain_share(scenario: Scenario, contract: Contract, name: str, end: str | None) -> float:
    """The share of the investor's capital drawn that a payment gives back in any case; else 0."""
    capital, payment = scenario.capital, scenario.payments[name]
    assert capital is not None
    part = 1.0
    if payment.payee in capital.classes:
        entry = capital.classes[payment.payee]
        part = number(entry.share) / _loans(scenario) if entry.kind == "loan" else 0.0
    elif payment.payee != INVESTOR or any(c.kind != "loan" for c in capital.classes.values()):
        return 0.0
    bare = payment.when is None and payment.limit is None and payment.per == "contract"
    if not bare or capital.recycling or not _survives(scenario, payment, end):
        return 0.0
    return part * max(_least_of_drawn(scenario, contract, name), 0.0)


def _least_of_drawn(scenario: Scenario, contract: Contract, name: str) -> float:
    """The least that a payment comes to, as a share of the capital drawn; 0 where it is no share.

    Its terms run on the widest range of their inputs; the capital drawn may enter once, and after
    it only factors. A cost is at least the capital drawn for it.
    """
    payment = scenario.payments[name]
    inputs = inputs_of(payment)
    drawn = set(inputs) <= {CAPITAL_DRAWN, COST}
    value = (0.0, 0.0)
    for each, weight in inputs.items():
        low, high = (1.0, 1.0) if drawn else input_range(scenario, each)
        low, high = product((weight, weight), (low, high))
        value = (value[0] + low, value[1] + high)
    claims = zip(contract.claims, contract.steps, strict=True)
    steps = next((steps for claim, steps in claims if claim.payment == name), None)
    if steps is None:  # what is owed after an early end alone has no claim where none came
        return 0.0
    for step in steps:
        factor = step.word in (PRICE, SHARE)
        if step.base == OF_DRAWN and factor and not drawn:
            drawn, value = True, product(value, (step.level, step.level))
        elif step.base == OF_NOTHING and (factor or not drawn):
            value = step_range(scenario, step, value)
        else:
            return 0.0
    return value[0] if drawn else 0.0


def _survives(scenario: Scenario, payment: Payment, end: str | None) -> bool:
    """Whether the payment is made where the contract ends so, and no payer of it can default."""
    for event in scenario.events.values():
        if event.kind == "payer default" and event.by in payment.payers:
            return False
    if end is None:
        return payment.if_terminated != "only then"
    meant = payment.terminated_by is None or end in payment.terminated_by
    if payment.if_terminated == "forfeited":
        return not meant
    return meant and payment.if_terminated in (None, "paid", "only then")


def _within_limits(scenario: Scenario, certain: float, capital: float) -> bool:
    """Whether no limit can cut what is paid in any case."""
    limits = scenario.limits
    if (limits.per_period, limits.per_service_user) != (None, None):
        return False
    as_delivered = any(payment.paid == "as delivered" for payment in scenario.payments.values())
    if limits.annual_return is not None and as_delivered:
        return False
    bounds = [math.inf]
    if limits.total is not None:
        bounds.append(number(limits.total))
    if limits.multiple is not None:
        bounds.append(number(limits.multiple) * capital)
    return certain <= min(bounds)


def _is_certain(scenario: Scenario, guarantee: Guarantee, end: str | None) -> bool:
    """Whether the guarantee is called where the contract ends so, in a form that is read here."""
    capital = scenario.capital
    assert capital is not None
    wanted = "completion" if end is None else "early termination"
    all_loans = all(entry.kind == "loan" for entry in capital.classes.values())
    triggered = guarantee.trigger in ("either", wanted)
    return triggered and all_loans and guarantee.object == "drawn" and not capital.recycling


def _left(
    scenario: Scenario, guarantee: Guarantee, lost: float, besides: float, capital: float
) -> float:
    """The highest loss after the guarantee; `lost` is the one before it, at the commitment."""
    cap = _level(scenario, guarantee.cap, capital, lowest=True)
    share = number(guarantee.coverage) if guarantee.coverage else 0.0
    if guarantee.reading == "pari passu":
        left = lost * (1.0 - share)
    elif guarantee.reading == "floor":
        left = min(lost, capital * (1.0 - share))
    elif guarantee.reading == "first loss":
        left = max(lost - share * capital, besides)
    elif guarantee.reading == "second loss":
        begins = _level(scenario, guarantee.attachment, capital)
        ends = _level(scenario, guarantee.detachment, capital, lowest=True)
        left = max(min(lost, begins), lost - max(ends - begins, 0.0))
    else:
        left = min(lost, _level(scenario, guarantee.maximum, capital))
    return max(left, lost - cap, min(besides, lost))


def _level(
    scenario: Scenario, level: Level | None, capital: float, *, lowest: bool = False
) -> float:
    """What a level is at the commitment: at most, or with `lowest` at least; inf without one."""
    if level is None:
        return math.inf
    if not isinstance(level, Relative):
        return number(level)
    if level.of_commitment is not None:
        return number(level.of_commitment) * commitment_of(scenario)
    if level.of_drawn is not None:
        return number(level.of_drawn) * capital
    if level.by_drawn is not None:
        values = [value for _, value in level.by_drawn]
        return min(values) if lowest else max(values)
    return 0.0 if lowest else math.inf
