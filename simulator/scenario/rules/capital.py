"""Money in and around: capital, fees, costs, rates and the index."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.contract import Cost, Fee
from simulator.scenario.findings import Finding, Rule, missing, without_effect
from simulator.scenario.model import Scenario
from simulator.scenario.positions import Path
from simulator.scenario.rules.times import grid_periods
from simulator.scenario.words import listed


def spending(scenario: Scenario) -> Iterator[Finding]:
    """The programme costs so much a year, or period by period, or for each service user."""
    if scenario.capital is None:
        return
    costs, path = scenario.capital.costs, ("capital", "costs")
    forms = [key for key in ("per_year", "schedule") if getattr(costs, key) is not None]
    if forms or costs.per_service_user is None:
        yield from _one_form(path, forms, ("per_year", "schedule"))
    if costs.per_year is None and (forms or costs.per_service_user is not None):
        for key in ("start", "until"):
            if getattr(costs, key) is not None:
                yield without_effect((*path, key), "dates together with `per_year`")
    if costs.schedule is None:
        return
    periods = grid_periods(scenario)
    if periods is not None and len(costs.schedule) > periods:
        allowed = f"at most {periods} amounts, one for each period of the horizon"
        yield Finding((*path, "schedule"), allowed, found=f"{len(costs.schedule)} amounts")


def shocks(scenario: Scenario) -> Iterator[Finding]:
    """What jumps has a price."""
    for name, fee in scenario.fees.items():
        if fee.shock is not None and fee.share is not None:
            allowed = "a shock of an `amount` or `per_year`; a share has no price of its own"
            yield without_effect(("fees", name, "shock"), allowed)


def _one_form(path: Path, given: list[str], forms: tuple[str, ...]) -> Iterator[Finding]:
    if len(given) != 1:
        found = f"{listed(given, 'and')} together" if given else "none of them"
        yield Finding(path, f"exactly one of {listed(forms)}", found=found, at_key=not given)


def fees_and_costs(scenario: Scenario) -> Iterator[Finding]:
    """A fee or a cost is an amount once, an amount a year, or (a fee) a share."""
    for name, fee in scenario.fees.items():
        yield from _dated(("fees", name), fee, ("amount", "per_year", "share"))
    for name, cost in scenario.costs.items():
        yield from _dated(("costs", name), cost, ("amount", "per_year"))


def _dated(path: Path, entry: Fee | Cost, forms: tuple[str, ...]) -> Iterator[Finding]:
    given = [form for form in forms if getattr(entry, form) is not None]
    yield from _one_form(path, given, forms)
    if len(given) != 1:
        return
    if entry.date is not None and given != ["amount"]:
        yield without_effect((*path, "date"), "a date together with `amount`")
    for key in ("start", "until"):
        if getattr(entry, key) is not None and given != ["per_year"]:
            yield without_effect((*path, key), f"`{key}` together with `per_year`")


def shares(scenario: Scenario) -> Iterator[Finding]:
    """A fee that is a share says of what, and that exists."""
    for name, fee in scenario.fees.items():
        path: Path = ("fees", name, "of")
        if fee.share is not None and fee.of is None:
            yield missing(path, "`capital_drawn` or `outcome_payments`")
        if fee.share is None and fee.of is not None:
            yield without_effect(path, "`of` together with `share`")
        if fee.of == "capital_drawn" and scenario.capital is None:
            allowed = "`capital_drawn` where there is [capital]"
            yield Finding(path, allowed, "add [capital], or remove the fee")
        if fee.of == "outcome_payments" and not scenario.payments:
            allowed = "`outcome_payments` where there are [payments]"
            yield Finding(path, allowed, "add [payments], or remove the fee")


def rates(scenario: Scenario) -> Iterator[Finding]:
    """A discount rate is nominal or real; a real one needs the index."""
    for name, rate in scenario.rates.items():
        path: Path = ("rates", name)
        forms = [key for key in ("nominal", "real") if getattr(rate, key) is not None]
        yield from _one_form(path, forms, ("nominal", "real"))
        if rate.real is not None and scenario.index is None:
            allowed = "a real rate where [index] says how prices rise"
            mend = "add [index] with `per_year`, or give the rate as `nominal`"
            yield Finding((*path, "real"), allowed, mend)


def price_year(scenario: Scenario) -> Iterator[Finding]:
    """Amounts are lifted from a stated year."""
    if scenario.index and scenario.index.lift_amounts and scenario.price_year is None:
        allowed = "`lift_amounts = true` where the scenario has a `price_year`"
        mend = "add `price_year` at the top of the file"
        yield Finding(("index", "lift_amounts"), allowed, mend)
    year = scenario.price_year
    if year is not None and not 1900 <= year <= 2200:
        yield Finding(("price_year",), "a year between 1900 and 2200")
    for name, measure in scenario.measures.items():
        for key in ("price_year", "year"):
            year = getattr(measure.reference, key, None)
            if year is not None and not 1900 <= year <= 2200:
                yield Finding(("measures", name, "reference", key), "a year between 1900 and 2200")


RULES: tuple[Rule, ...] = (
    spending,
    shocks,
    fees_and_costs,
    shares,
    rates,
    price_year,
)
