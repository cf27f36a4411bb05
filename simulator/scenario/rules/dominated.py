"""Limits that can never bind, because another one is always tighter."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from simulator.scenario.contract import Payment, Term
from simulator.scenario.facts import certain
from simulator.scenario.findings import Finding, Rule
from simulator.scenario.model import Scenario
from simulator.scenario.positions import Path
from simulator.scenario.rules.bounds import Bounds, after, level_of, start
from simulator.scenario.rules.payments import is_to_investor
from simulator.scenario.rules.referred import measures_of
from simulator.scenario.walk import measured_cohorts
from simulator.scenario.words import figure

SLACK = 1e-9
"""Limits that are equal to within this share may both be written: neither is wrong."""
IN_WORDS = {
    "number": "{x}",
    "of_drawn": "{x} × capital drawn",
    "of_commitment": "{x} × the commitment",
    "of_cost": "{x} × the cost",
    "of_outstanding": "{x} × capital outstanding",
}


def terms(scenario: Scenario) -> Iterator[Finding]:
    """A term that limits can bind after those before it."""
    for name, payment in scenario.payments.items():
        bounds = start(scenario, payment)
        for index, term in enumerate(payment.terms):
            for key in ("at_most", "at_least", "if_at_least"):
                level = level_of(getattr(term, key))
                if level is None:
                    continue
                for finding in _idle(key, level, bounds, ("payments", name, "terms", index, key)):
                    yield replace(finding, mend=_mend(scenario, payment, index, (key, level)))
            bounds = after(term, bounds)


def _mend(
    scenario: Scenario, payment: Payment, index: int, tested: tuple[str, tuple[str, float]]
) -> str:
    """What to change: the term without which this one could bind, else what is paid for."""
    places = sorted(range(index), key=lambda place: (_is_limit(payment.terms[place]), place))
    for place in reversed(places):
        bounds = start(scenario, payment)
        for other, term in enumerate(payment.terms[:index]):
            if other != place:
                bounds = after(term, bounds)
        if not list(_idle(*tested, bounds, ())):
            return f"remove it, or change what is tighter: {_called(payment.terms[place], place)}"
    of = payment.of if isinstance(payment.of, str) else " and ".join(sorted(payment.of))
    return f"remove it, or change what is tighter: what `of = {of}` can be at all"


def _is_limit(term: Term) -> bool:
    """Whether the term holds the value within bounds, rather than rescale it."""
    keys = ("at_most", "at_least", "if_at_least", "above", "table")
    return any(getattr(term, key) is not None for key in keys)


def _called(term: Term, place: int) -> str:
    """`at_most = 20` in terms[1]."""
    key = next(name for name in Term.model_fields if getattr(term, name) is not None)
    level = level_of(getattr(term, key)) if key in ("at_most", "at_least", "if_at_least") else None
    said = f"{key} = {IN_WORDS[level[0]].format(x=figure(level[1]))}" if level else key
    return f"`{said}` in terms[{place + 1}]"


def _idle(key: str, level: tuple[str, float], bounds: Bounds, path: Path) -> Iterator[Finding]:
    unit, x = level
    low, high = bounds.of(unit)
    most, least = IN_WORDS[unit].format(x=figure(high)), IN_WORDS[unit].format(x=figure(low))
    if key == "at_most" and _exceeds(x, high):
        yield _never(path, f"at most {most}, which the value cannot exceed here")
    elif key == "at_most" and _exceeds(low, x):
        allowed = f"at least {least}, which the value cannot fall below here"
        yield _never(path, allowed, "which leaves one value only")
    elif key == "at_least" and _exceeds(low, x):
        yield _never(path, f"at least {least}, which the value cannot fall below here")
    elif key in ("at_least", "if_at_least") and _exceeds(x, high):
        allowed = f"at most {most}, which the value cannot exceed here"
        why = "which leaves one value only" if key == "at_least" else "which no value reaches"
        yield _never(path, allowed, why)


def _never(path: Path, allowed: str, why: str = "which never binds") -> Finding:
    mend = "remove it, or change what is tighter"
    name = f"`{path[-1]}`, {why}" if path else why
    return Finding(path, allowed, mend, name, unused=True, never_binds=True)


def _exceeds(a: float, b: float) -> bool:
    """a > b by more than rounding, both of them finite."""
    return math.isfinite(a) and math.isfinite(b) and a > b + SLACK * max(abs(a), abs(b))


def may_charge(scenario: Scenario) -> bool:
    """Whether a payment to the investor can be negative: it can then lose more than it put in."""
    return any(
        _at_the_end(scenario, payment).of("number")[0] < 0
        for payment in scenario.payments.values()
        if is_to_investor(scenario, payment)
    )


def _at_the_end(scenario: Scenario, payment: Payment) -> Bounds:
    bounds = start(scenario, payment)
    for term in payment.terms:
        bounds = after(term, bounds)
    return bounds


def most_of(scenario: Scenario, payment: Payment) -> float:
    """The most that all claims of a payment can come to together; infinite where unknown."""
    one = _in_money(scenario, _at_the_end(scenario, payment))
    claims = {"contract": 1.0, "cohort": 1.0, "period": math.inf}[payment.per]
    if payment.per == "cohort":
        measures = [name for name in measures_of(payment) if name in scenario.measures]
        claims = float(len({c for name in measures for c in measured_cohorts(scenario, name)}))
    if payment.paid == "as delivered":
        claims = math.inf if one > 0 else 1.0
    limit = level_of(payment.limit)
    own = _in_money(scenario, Bounds({limit[0]: (0.0, limit[1])})) if limit else math.inf
    return min(own, one * claims if one > 0 else max(one, 0.0))


def _in_money(scenario: Scenario, bounds: Bounds) -> float:
    commitment = certain(scenario.capital.commitment) if scenario.capital else None
    highs = [bounds.of("number")[1]]
    if commitment is not None:
        # what is drawn, and what of it is outstanding, is never more than the commitment
        for unit in ("of_drawn", "of_commitment", "of_outstanding"):
            high = bounds.of(unit)[1]
            highs.append(high * commitment if math.isfinite(high) else math.inf)
    return min(highs)


def own_limits(scenario: Scenario) -> Iterator[Finding]:
    """A payment's limit is within what its terms can come to."""
    for name, payment in scenario.payments.items():
        limit = level_of(payment.limit)
        if limit is None or limit[0] != "number":
            continue
        most = most_of(scenario, payment.model_copy(update={"limit": None}))
        if _exceeds(limit[1], most):
            path: Path = ("payments", name, "limit")
            yield _never(path, f"at most {figure(most)}, which its terms never exceed")


def total(scenario: Scenario) -> Iterator[Finding]:
    """The total is within what the payments and the other limits allow."""
    value = certain(scenario.limits.total)
    paying = [p for p in scenario.payments.values() if is_to_investor(scenario, p)]
    if value is None or not paying:
        return
    most, why = min(_ceilings(scenario, paying), key=lambda item: item[0])
    if _exceeds(value, most):
        yield _never(("limits", "total"), f"at most {figure(most)}: {why}")


def _ceilings(scenario: Scenario, paying: list[Payment]) -> Iterator[tuple[float, str]]:
    yield sum(most_of(scenario, p) for p in paying), "the payments never come to more"
    people = sum(cohort.service_users for cohort in scenario.cohorts.values())
    per_user = certain(scenario.limits.per_service_user)
    if per_user is not None:
        yield per_user * people, f"`per_service_user` × the {people} planned is less"
    multiple = certain(scenario.limits.multiple)
    commitment = certain(scenario.capital.commitment) if scenario.capital else None
    if multiple is not None and commitment is not None:
        yield multiple * commitment, "`multiple` × the commitment is less"


def per_period(scenario: Scenario) -> Iterator[Finding]:
    """What is due at one time is limited below what is paid in all."""
    value, whole = certain(scenario.limits.per_period), certain(scenario.limits.total)
    if value is not None and whole is not None and _exceeds(value, whole):
        yield _never(("limits", "per_period"), f"at most the `total`, {figure(whole)}")


RULES: tuple[Rule, ...] = (terms, own_limits, total, per_period)
