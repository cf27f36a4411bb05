"""What happened: values in the form the contract needs, and none that cannot be.

The same rules hold for `[realised]` and for a results file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simulator.scenario.contract import Measure, Payment
from simulator.scenario.facts import certain
from simulator.scenario.findings import Finding, Rule, known, missing, without_effect
from simulator.scenario.model import SETTLED, Scenario
from simulator.scenario.positions import Path
from simulator.scenario.realised import Spent, total
from simulator.scenario.rules.due import period_of, periods_measured
from simulator.scenario.rules.times import grid_periods
from simulator.scenario.walk import measured_cohorts

ROUNDING = 1e-9


def measures(scenario: Scenario) -> Iterator[Finding]:
    """Realised values are of measures, by cohort and period where payments are."""
    if scenario.realised is None:
        return
    for name, value in scenario.realised.measures.items():
        path: Path = ("realised", "measures", name)
        if name not in scenario.measures:
            for finding in known(name, scenario.measures, path, "measures"):
                yield Finding(path, finding.allowed, finding.mend, f"`{name}`", at_key=True)
            continue
        yield from _cohorts(scenario, name, value, path)
        yield from _periods(scenario, name, value, path)


def possible(scenario: Scenario) -> Iterator[Finding]:
    """No value that nobody can have measured: more people than took part, a rate of 34."""
    if scenario.realised is None:
        return
    for name, value in scenario.realised.measures.items():
        if name in scenario.measures:
            yield from _possible(scenario, name, value, ("realised", "measures", name))


def _reads(payment: Payment) -> tuple[set[str], set[str]]:
    """The measures that the payment is of, and those that it tests."""
    of = {payment.of} if isinstance(payment.of, str) else set(payment.of)
    when = payment.when if isinstance(payment.when, list) else [payment.when]
    return of, {c.measure for c in when if c is not None and c.measure is not None}


def _by_cohort(scenario: Scenario, measure: str) -> bool:
    """Whether a payment by cohort reads the measure."""
    return any(
        payment.per == "cohort" and measure in set.union(*_reads(payment))
        for payment in scenario.payments.values()
    )


def _by_period(scenario: Scenario, measure: str) -> bool:
    """Whether a payment by period is of the measure; conditions are tested on the whole."""
    return any(
        payment.per == "period" and measure in _reads(payment)[0]
        for payment in scenario.payments.values()
    )


def _cohorts(scenario: Scenario, name: str, value: Any, path: Path) -> Iterator[Finding]:
    cohorts = measured_cohorts(scenario, name)
    if isinstance(value, dict):
        for cohort in value:
            for finding in known(cohort, cohorts, (*path, cohort), "measure's cohorts"):
                found = f"`{cohort}`"
                yield Finding(finding.path, finding.allowed, finding.mend, found, at_key=True)
    elif _by_cohort(scenario, name) and len(cohorts) > 1:
        allowed = "a table by cohort: a payment is made by cohort"
        yield Finding(path, allowed, f"write `{{ {cohorts[0]} = …, {cohorts[1]} = … }}`")
    rows = value.values() if isinstance(value, dict) else [value]
    if _by_period(scenario, name) and not all(isinstance(row, list) for row in rows):
        allowed = "a list with a value for each period: a payment is made by period"
        yield Finding(path, allowed, "write `[…, …]`")


def _periods(scenario: Scenario, name: str, value: Any, path: Path) -> Iterator[Finding]:
    """No more values than there are periods in which something is measured."""
    periods = grid_periods(scenario)
    rows = value.items() if isinstance(value, dict) else [(None, value)]
    for cohort, row in rows:
        if not isinstance(row, list) or periods is None:
            continue
        where = path if cohort is None else (*path, cohort)
        last = periods_measured(scenario, name, cohort)
        found = f"{len(row)} values"
        if len(row) > periods:
            allowed = f"at most {periods} values, one for each period of the horizon"
            yield Finding(where, allowed, found=found)
        elif last is not None and len(row) > last:
            allowed = f"at most {last} values: `{name}` is measured until the end of period {last}"
            mend = f"leave out the last {len(row) - last}, or lengthen its `window`"
            yield Finding(where, allowed, mend, found)


def _possible(scenario: Scenario, name: str, value: Any, path: Path) -> Iterator[Finding]:
    """One finding at most for each value: by cohort, or for the whole."""
    cohorts = measured_cohorts(scenario, name)
    rows = value if isinstance(value, dict) else {"": value}
    for cohort, row in rows.items():
        if cohort and cohort not in cohorts:
            continue
        where = (*path, cohort) if cohort else path
        people = sum(scenario.cohorts[c].service_users for c in ([cohort] if cohort else cohorts))
        complaint = _impossible(scenario, scenario.measures[name], row, people)
        if complaint is not None:
            yield Finding(where, *complaint)


def _impossible(
    scenario: Scenario, measure: Measure, row: Any, people: int
) -> tuple[str, str] | None:
    """(what is allowed, how to mend it) where a measured value cannot be; `people` took part."""
    items = row if isinstance(row, list) else [row]
    metric = scenario.metrics.get(measure.metric or "")
    if metric is None:
        return None
    binary = metric.kind == "binary"
    if measure.quantity in ("rate", "count") and min(items) < 0:
        return (
            "a share between 0 and 1" if binary and measure.quantity == "rate" else "0 or more",
            "",
        )
    if measure.quantity == "relative effect" and not _loose(measure):
        return _more_than_all(metric.better, items)
    if not binary:
        return None
    if measure.quantity == "rate" and max(items) > 1:
        return "a share between 0 and 1", f"{_as_share(max(items))}"
    if measure.quantity == "count":
        return _impossible_count(measure, items, people)
    if measure.quantity == "effect" and _total(measure, items) > people * (1 + ROUNDING):
        return f"between −{people} and {people}: {people} service users are measured", ""
    if measure.quantity == "effect per user" and max(map(abs, items)) > 1:
        return "between −1 and 1: it is a difference of two shares", _as_share(max(items))
    return None


def _total(measure: Measure, items: list[float]) -> float:
    """The largest sum that the values make, as a size; values to date are sums already."""
    return max(map(abs, items), default=0.0) if measure.to_date else abs(sum(items))


def _as_share(value: float) -> str:
    return f"write {value / 100:g} for {value:g} %" if 1 < value <= 100 else ""


def _impossible_count(measure: Measure, items: list[float], people: int) -> tuple[str, str] | None:
    """People who succeeded: whole ones, and no more than took part."""
    if _total(measure, items) > people * (1 + ROUNDING):
        return (
            f"at most {people}: that many service users are measured",
            "count each person once; if more took part, change the cohort's `service_users`",
        )
    if not _loose(measure) and any(abs(item - round(item)) > ROUNDING * people for item in items):
        return "a whole number: service users are counted", "give how many they are, not a share"
    return None


def _loose(measure: Measure) -> bool:
    """Whether the measure is an estimate: scaled up from those traced, or with a stated error."""
    return measure.follow_up is not None or measure.standard_error is not None


def _more_than_all(better: str, items: list[float]) -> tuple[str, str] | None:
    """No more can be taken away than there was."""
    if better == "lower" and max(items) > 1:
        return "at most 1: no more than everything can be avoided", _as_share(max(items))
    if better == "higher" and min(items) < -1:
        return "at least −1: no more than everything can be lost", ""
    return None


def drawn(scenario: Scenario) -> Iterator[Finding]:
    """What was drawn: not negative, no more than was committed, no more than the programme cost."""
    realised = scenario.realised
    if realised is None:
        return
    for key in ("drawn", "cost"):
        yield from _amounts(scenario, key, getattr(realised, key))
    commitment = certain(scenario.capital.commitment) if scenario.capital else None
    if realised.drawn is None or scenario.capital is None:
        return
    spent = total(realised.drawn)
    if commitment and 0 < commitment * (1 + ROUNDING) < spent:
        yield Finding(("realised", "drawn"), f"at most the commitment, {commitment:.12g}")
    elif realised.cost is not None and 0 <= total(realised.cost) < spent * (1 - ROUNDING):
        allowed = f"at least what was drawn, {spent:.12g}: capital is drawn for costs"
        yield Finding(("realised", "cost"), allowed)


def _amounts(scenario: Scenario, key: str, value: Spent | None) -> Iterator[Finding]:
    """Money that was drawn or spent: in all, or in each period."""
    path: Path = ("realised", key)
    if value is None:
        return
    if scenario.capital is None:
        yield without_effect(path, f"`{key}` where there is [capital]")
    if min(value if isinstance(value, list) else [value]) < 0:
        yield Finding(path, "0 or more")
    periods = grid_periods(scenario)
    if isinstance(value, list) and periods is not None and len(value) > periods:
        allowed = f"at most {periods} values, one for each period of the horizon"
        yield Finding(path, allowed, found=f"{len(value)} values")


def published(scenario: Scenario) -> Iterator[Finding]:
    """Published amounts come with the tolerance within which they hold."""
    if scenario.realised is None or scenario.realised.published is None:
        return
    entry, path = scenario.realised.published, ("realised", "published")
    has_figures = any(getattr(entry, key) is not None for key in SETTLED)
    if has_figures and entry.tolerance is None:
        allowed = "how far the published figures may be off, in the currency: their rounding"
        yield missing((*path, "tolerance"), allowed)
    if not has_figures and entry.tolerance is not None:
        yield without_effect((*path, "tolerance"), "a tolerance where figures are published")


def ended(scenario: Scenario) -> Iterator[Finding]:
    """An early end lies inside the horizon, has a cause that ends contracts, is no completion."""
    realised = scenario.realised
    if realised is None:
        return
    if realised.terminated is None:
        if realised.terminated_by is not None:
            yield missing(("realised", "terminated"), "the date on which the contract ended")
        return
    if realised.completed and "completed" in realised.model_fields_set:
        allowed = "false, or no `completed`: the contract ended early"
        yield Finding(("realised", "completed"), allowed, "remove `completed`")
    periods = grid_periods(scenario)
    day = realised.terminated
    late = periods is not None and period_of(scenario, day) >= periods
    if day < scenario.time.start or late:
        allowed = "a date inside the horizon"
        yield Finding(("realised", "terminated"), allowed, "write when the contract ended")
    ending = [n for n, e in scenario.events.items() if e.kind in ("termination", "non-start")]
    if realised.terminated_by is not None and ending:
        path: Path = ("realised", "terminated_by")
        yield from known(realised.terminated_by, ending, path, "terminations in [events]")


RULES: tuple[Rule, ...] = (measures, possible, drawn, published, ended)
