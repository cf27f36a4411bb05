"""Payments: what they are of, their terms, when they fall due; and the contract's limits."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from simulator.scenario.contract import Payment, Relative, Steps, Term
from simulator.scenario.facts import certain
from simulator.scenario.findings import Finding, Rule, missing
from simulator.scenario.model import Scenario
from simulator.scenario.numbers import Number
from simulator.scenario.positions import Path
from simulator.scenario.rules.metrics import is_money
from simulator.scenario.rules.names import conditions
from simulator.scenario.walk import measured_cohorts
from simulator.scenario.words import listed

ACTIVITY = ("capital_drawn", "cost")
TERMS = tuple(Term.model_fields)
MULTIPLES = ("of_drawn", "of_commitment", "of_cost")


def of_capital(scenario: Scenario) -> Iterator[Finding]:
    """Payments of cost or capital need capital, and are the contract's."""
    for name, payment in scenario.payments.items():
        path: Path = ("payments", name)
        if payment.of not in ACTIVITY:
            continue
        if scenario.capital is None:
            allowed = f"`{payment.of}` where there is [capital]"
            yield Finding((*path, "of"), allowed, "add [capital], or pay for a measure")
        if payment.per != "contract":
            allowed = (
                f'a measure `per = "{payment.per}"`; {listed(ACTIVITY, "and")} are the contract\'s'
            )
            yield Finding((*path, "per"), allowed, "remove `per`")
        if payment.paid == "as delivered" and payment.when is not None:
            allowed = "no condition on what is paid as delivered: nothing is measured then"
            yield Finding(
                (*path, "when"), allowed, 'write `paid = "at end"`', "`when`", at_key=True
            )


def as_delivered(scenario: Scenario) -> Iterator[Finding]:
    """Only cost and capital are paid as delivered."""
    for name, payment in scenario.payments.items():
        if payment.paid == "as delivered" and payment.of not in ACTIVITY:
            allowed = f"`after evaluation` or `at end`; `as delivered` for {listed(ACTIVITY)} only"
            yield Finding(("payments", name, "paid"), allowed)


def scopes(scenario: Scenario) -> Iterator[Finding]:
    """What is paid by cohort is measured on these cohorts; errors and follow-up know no periods."""
    for name, payment in scenario.payments.items():
        path: Path = ("payments", name)
        measures = [m for m in _measures(payment) if m in scenario.measures]
        if payment.per == "period":
            for measure in measures:
                if scenario.measures[measure].standard_error is not None:
                    allowed = (
                        f"`contract` or `cohort`: `{measure}` has a `standard_error` of its total"
                    )
                    yield Finding((*path, "per"), allowed)
                if scenario.measures[measure].follow_up is not None:
                    allowed = (
                        f"`contract` or `cohort`: `{measure}` has a `follow_up` over its whole "
                        "window"
                    )
                    yield Finding((*path, "per"), allowed)
        if payment.per == "cohort":
            for measure in measures:
                if "programme_cost" in (scenario.measures[measure].perimeter or []):
                    allowed = (
                        f"`contract` or `period`: `{measure}` subtracts the programme's cost, "
                        "which no cohort bears alone"
                    )
                    yield Finding((*path, "per"), allowed)
        if payment.per == "cohort" and measures:
            yield from _same_cohorts(scenario, payment, measures, path)


def _measures(payment: Payment) -> list[str]:
    return [payment.of] if isinstance(payment.of, str) else list(payment.of)


def _same_cohorts(
    scenario: Scenario, payment: Payment, measures: list[str], path: Path
) -> Iterator[Finding]:
    first = set(measured_cohorts(scenario, measures[0]))
    for measure in measures[1:]:
        if set(measured_cohorts(scenario, measure)) != first:
            allowed = "measures of the same cohorts, where they are paid by cohort"
            yield Finding((*path, "of", measure), allowed, found=f"`{measure}`", at_key=True)
    is_list = isinstance(payment.when, list)
    for index, condition in enumerate(conditions(payment.when)):
        if condition.measure not in scenario.measures:
            continue
        without = first - set(measured_cohorts(scenario, condition.measure))
        if without:
            where = (*path, "when", index) if is_list else (*path, "when")
            allowed = f"a measure that counts cohort {listed(sorted(without), 'and')} too"
            yield Finding((*where, "measure"), allowed)


def condition_form(scenario: Scenario) -> Iterator[Finding]:
    """A condition says from where or up to where it holds."""
    for name, payment in scenario.payments.items():
        is_list = isinstance(payment.when, list)
        for index, condition in enumerate(conditions(payment.when)):
            path = ("payments", name, "when", index) if is_list else ("payments", name, "when")
            if condition.at_least is None and condition.below is None:
                yield missing((*path, "at_least"), "`at_least`, `below`, or both")


def one_word(scenario: Scenario) -> Iterator[Finding]:
    """A term is exactly one word."""
    for path, term in _terms(scenario):
        given = [key for key in TERMS if getattr(term, key) is not None]
        if len(given) != 1:
            found = f"{listed(given, 'and')} in one term" if given else "an empty term"
            mend = "write " + ", ".join(f"{{ {key} = … }}" for key in given) if given else ""
            yield Finding(path, f"exactly one of {listed(TERMS)}", mend, found)


def _terms(scenario: Scenario) -> Iterator[tuple[Path, Term]]:
    for name, payment in scenario.payments.items():
        for index, term in enumerate(payment.terms):
            yield ("payments", name, "terms", index), term


def shares(scenario: Scenario) -> Iterator[Finding]:
    """A share is a share; what multiplies otherwise is a price."""
    for path, term in _terms(scenario):
        value = certain(term.share)
        if value is not None and not -1 <= value <= 1:
            mend = f"write {value / 100:g} for {value:g} %, or use `price`"
            yield Finding((*path, "share"), "a share between −1 and 1", mend)


def ascending(scenario: Scenario) -> Iterator[Finding]:
    """Bands and the points of a table ascend."""
    for path, term in _terms(scenario):
        starts = [certain(band.above) for band in term.bands or ()]
        if None not in starts and not _ascends([start or 0.0 for start in starts]):
            yield Finding((*path, "bands"), "bands in ascending order of `above`, all different")
        if isinstance(term.table, Steps):
            inputs = [point[0] for point in term.table.points]
            if not _ascends(inputs):
                allowed = "points in ascending order of their inputs, all different"
                yield Finding((*path, "table", "points"), allowed)


def _ascends(row: list[float]) -> bool:
    return all(first < second for first, second in pairwise(row))


def uplift(scenario: Scenario) -> Iterator[Finding]:
    """An uplift's rate is above −100 %."""
    for path, term in _terms(scenario):
        rate = certain(term.uplift.per_year) if term.uplift else None
        if rate is not None and rate <= -1:
            yield Finding((*path, "uplift", "per_year"), "a rate above −1 (−100 %)")


def levels(scenario: Scenario) -> Iterator[Finding]:
    """A multiple is of one thing, and there is capital for it to be of."""
    for path, level in _levels(scenario):
        if not isinstance(level, Relative):
            continue
        given = [key for key in MULTIPLES if getattr(level, key) is not None]
        if len(given) != 1:
            yield Finding(path, f"exactly one of {listed(MULTIPLES)}")
        if scenario.capital is None:
            yield Finding(path, "a number; multiples need [capital]", "add [capital], or give it")


def _levels(scenario: Scenario) -> Iterator[tuple[Path, Relative | Number | None]]:
    for path, term in _terms(scenario):
        for key in ("above", "at_most", "at_least", "if_at_least"):
            yield (*path, key), getattr(term, key)
    for name, guarantee in scenario.guarantees.items():
        for key in ("attachment", "detachment", "maximum", "cap"):
            yield ("guarantees", name, key), getattr(guarantee, key)


def becomes_money(scenario: Scenario) -> Iterator[Finding]:
    """What is not money passes a price, bands or a table before it is paid."""
    for name, payment in scenario.payments.items():
        if not isinstance(payment.of, str) or payment.of not in scenario.measures:
            continue
        measure = scenario.measures[payment.of]
        metric = scenario.metrics.get(measure.metric or "")
        if metric is None or measure.quantity is None:
            continue
        in_money = is_money(scenario, metric) and measure.quantity != "relative effect"
        words = {key for term in payment.terms for key in TERMS if getattr(term, key) is not None}
        if not in_money and not words & {"price", "bands", "table"}:
            allowed = f"a `price`, `bands` or a `table`: a {measure.quantity} is not money"
            yield missing(
                ("payments", name, "terms"), allowed, "add the price of each to the terms"
            )


def limits(scenario: Scenario) -> Iterator[Finding]:
    """Limits are above nothing, and those that refer to capital have some."""
    for key in ("total", "multiple"):
        value = certain(getattr(scenario.limits, key))
        if value is not None and value <= 0:
            yield Finding(("limits", key), "a number above 0")
    annual = scenario.limits.annual_return
    if annual is not None and (certain(annual.rate) or 0.0) < 0:
        yield Finding(("limits", "annual_return", "rate"), "0 or more")
    for key in ("multiple", "annual_return"):
        if getattr(scenario.limits, key) is not None and scenario.capital is None:
            allowed = f"`{key}` where there is [capital]"
            yield Finding(("limits", key), allowed, "limit the `total`, or add [capital]")


RULES: tuple[Rule, ...] = (
    of_capital,
    as_delivered,
    scopes,
    condition_form,
    one_word,
    shares,
    ascending,
    uplift,
    levels,
    becomes_money,
    limits,
)
