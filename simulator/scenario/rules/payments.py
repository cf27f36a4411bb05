"""Payments: what they are of, on whom, by whom and to whom; and the contract's limits."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simulator.scenario.contract import Payment
from simulator.scenario.findings import Finding, Rule, without_effect
from simulator.scenario.model import Scenario
from simulator.scenario.positions import Path
from simulator.scenario.rules.referred import (
    ACTIVITY,
    OF_CAPITAL,
    conditions_with_paths,
    measures_of,
)
from simulator.scenario.walk import measured_cohorts
from simulator.scenario.words import listed

DELIVERED = ("capital_drawn", "cost")
"""What may be paid as it is delivered."""
STOCKS = ("capital_outstanding", "paid")
"""What is not of a period but stands at its end: paid for period by period."""


def of_capital(scenario: Scenario) -> Iterator[Finding]:
    """Payments of cost or capital need capital, and are the contract's."""
    for name, payment in scenario.payments.items():
        path: Path = ("payments", name)
        if payment.of not in ACTIVITY:
            continue
        if payment.of in OF_CAPITAL and scenario.capital is None:
            allowed = f"`{payment.of}` where there is [capital]"
            yield Finding((*path, "of"), allowed, "add [capital], or pay for a measure")
        fitting = ("contract", "period") if payment.of in STOCKS else ("contract",)
        if payment.per not in fitting:
            theirs = f"{listed(STOCKS, 'and')} may be the contract's or by period"
            ours = f"{listed(DELIVERED, 'and')} are the contract's"
            allowed = f'a measure `per = "{payment.per}"`; {ours}, {theirs}'
            yield Finding((*path, "per"), allowed, "remove `per`")
        if payment.paid == "as delivered" and payment.when is not None:
            allowed = "no condition on what is paid as delivered: nothing is measured then"
            yield Finding(
                (*path, "when"), allowed, 'write `paid = "at end"`', "`when`", at_key=True
            )


def as_delivered(scenario: Scenario) -> Iterator[Finding]:
    """Only cost and capital are paid as delivered."""
    for name, payment in scenario.payments.items():
        if payment.paid == "as delivered" and payment.of not in DELIVERED:
            allowed = f"`after evaluation` or `at end`; `as delivered` for {listed(DELIVERED)} only"
            yield Finding(("payments", name, "paid"), allowed)


def scopes(scenario: Scenario) -> Iterator[Finding]:
    """What is paid by cohort or period is measured so."""
    for name, payment in scenario.payments.items():
        path: Path = ("payments", name)
        for measure in dict.fromkeys((*measures_of(payment), *_factors(payment))):
            if measure in scenario.measures:
                yield from _scope(scenario, payment, measure, path)
        if payment.per == "cohort":
            yield from _same_cohorts(scenario, payment, path)


def _factors(payment: Payment) -> list[str]:
    return [term.times for term in payment.terms if term.times is not None]


def _scope(scenario: Scenario, payment: Payment, name: str, path: Path) -> Iterator[Finding]:
    measure = scenario.measures[name]
    allowed = ""
    if payment.per == "period" and measure.standard_error is not None:
        allowed = f"`contract` or `cohort`: `{name}` has a `standard_error` of its total"
        yield Finding((*path, "per"), allowed)
    if payment.per == "period" and measure.follow_up is not None:
        allowed = f"`contract` or `cohort`: `{name}` has a `follow_up` over its whole window"
        yield Finding((*path, "per"), allowed)
    if payment.per == "cohort" and "programme_cost" in (measure.perimeter or []):
        allowed = (
            f"`contract` or `period`: `{name}` subtracts the programme's cost, "
            "which no cohort bears alone"
        )
        yield Finding((*path, "per"), allowed)


def _same_cohorts(scenario: Scenario, payment: Payment, path: Path) -> Iterator[Finding]:
    measures = [m for m in measures_of(payment) if m in scenario.measures]
    if not measures:
        return
    first = set(measured_cohorts(scenario, measures[0]))
    for measure in measures[1:]:
        if set(measured_cohorts(scenario, measure)) != first:
            allowed = "measures of the same cohorts, where they are paid by cohort"
            yield Finding((*path, "of", measure), allowed, found=f"`{measure}`", at_key=True)
    named = [
        ((*path, "terms", index, "times"), term.times) for index, term in enumerate(payment.terms)
    ]
    named += [
        ((*where, "measure"), c.measure) for where, c in conditions_with_paths(payment.when, path)
    ]
    for where, other in named:
        without = first - set(
            measured_cohorts(scenario, other) if other in scenario.measures else ()
        )
        if other in scenario.measures and without:
            allowed = f"a measure that counts cohort {listed(sorted(without), 'and')} too"
            yield Finding(where, allowed)
        perimeter = scenario.measures[other].perimeter if other in scenario.measures else None
        if where[-1] == "measure" and "programme_cost" in (perimeter or []):
            allowed = f"a measure of each cohort: `{other}` subtracts the programme's cost"
            yield Finding(where, allowed)


def payers(scenario: Scenario) -> Iterator[Finding]:
    """Several payers share a payment to the full."""
    for name, payment in scenario.payments.items():
        if isinstance(payment.payer, str):
            continue
        path: Path = ("payments", name, "payer")
        total = math.fsum(payment.payers.values())
        if abs(total - 1) > 1e-9:
            found = f"shares that sum to {total:.6g}"
            yield Finding(path, "shares by payer that sum to 1", found=found)


def principal(scenario: Scenario) -> Iterator[Finding]:
    """Only the investor's principal is repaid."""
    for name, payment in scenario.payments.items():
        if payment.principal and not is_to_investor(scenario, payment):
            allowed = "`principal` on payments to the investor, who put the capital in"
            yield without_effect(("payments", name, "principal"), allowed)


def is_to_investor(scenario: Scenario, payment: Payment) -> bool:
    """Whether the payee has put capital in: the investor, or a class of capital."""
    classes = scenario.capital.classes if scenario.capital else {}
    return payment.payee == "investor" or payment.payee in classes


def limits(scenario: Scenario) -> Iterator[Finding]:
    """Limits that refer to capital have some."""
    for key in ("multiple", "annual_return"):
        if getattr(scenario.limits, key) is not None and scenario.capital is None:
            allowed = f"`{key}` where there is [capital]"
            yield Finding(("limits", key), allowed, "limit the `total`, or add [capital]")


RULES: tuple[Rule, ...] = (
    of_capital,
    as_delivered,
    scopes,
    payers,
    principal,
    limits,
)
