"""Whether the investor bears each settlement error krona for krona, or why not (§8)."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.plan.claims import (
    CAPITAL_DRAWN,
    COST,
    INVESTOR,
    conditions_of,
    inputs_of,
)
from simulator.plan.classes import classes_by_name, loans
from simulator.scenario.contract import Level, Payment, Relative
from simulator.scenario.model import Scenario

_OF_CERTAIN = frozenset({CAPITAL_DRAWN, COST})


def why_not_apart(scenario: Scenario) -> tuple[str, ...]:
    """Why profit less the payers' settlement errors is not the profit on the expected effect.

    Empty where it is, on every path. Words: `recycling` (what is paid changes what is drawn),
    `classes` (the waterfall gives part of what is paid to a class that is no loan), `payees` (part
    of the error is another payee's), `payers` (what is owed is not what is paid), `fees` (the
    investor pays a share of outcome payments).
    """
    return tuple(_reasons(scenario))


def _reasons(scenario: Scenario) -> Iterator[str]:
    lenders = {INVESTOR, *loans(scenario)}
    if scenario.capital is not None and scenario.capital.recycling:
        yield "recycling"
    missing = {payment.payee for payment in scenario.payments.values() if _can_miss(payment)}
    classes = dict(classes_by_name(scenario))
    is_shared_out = INVESTOR in missing and INVESTOR not in classes
    if is_shared_out and any(_takes_part(one.kind, one.residual) for one in classes.values()):
        yield "classes"
    if missing - lenders:
        yield "payees"
    if any(event.kind in ("payer default", "late payment") for event in scenario.events.values()):
        yield "payers"
    if any(fee.of == "outcome_payments" and fee.payer in lenders for fee in scenario.fees.values()):
        yield "fees"


def _takes_part(kind: str, residual: object) -> bool:
    """Whether a class that is no loan gets part of what is paid: a grant does by residual alone."""
    if kind == "grant":
        return bool(getattr(residual, "value", None))
    return kind != "loan"


def _can_miss(payment: Payment) -> bool:
    """Whether a payment can differ from what the expected effect would give.

    One of cost or capital drawn alone cannot, where no word looks at measures or other payments.
    """
    if not set(inputs_of(payment)) <= _OF_CERTAIN or conditions_of(payment):
        return True
    words = ("times", "less", "until_repaid")
    levels: list[Level | None] = [payment.limit]
    for term in payment.terms:
        if any(getattr(term, word) is not None for word in words):
            return True
        levels += [term.above, term.at_most, term.at_least, term.if_at_least]
    return any(isinstance(x, Relative) and x.of_outstanding is not None for x in levels)
