"""The grid, durations and dates."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from simulator.scenario.durations import FORM, UNITS, end_of, months
from simulator.scenario.findings import Finding, Rule
from simulator.scenario.model import Scenario
from simulator.scenario.positions import Path
from simulator.scenario.walk import metrics_of, own_key, states_of

FIRST_YEAR, LAST_YEAR = 1900, 2200


def length(text: str | None) -> int | None:
    """Months in a duration; None where it is absent or unreadable."""
    try:
        return months(text) if text is not None else None
    except ValueError:
        return None


def grid_end(scenario: Scenario) -> datetime.date | None:
    """The first day after the horizon; None where the grid itself is wrong."""
    start = scenario.time.start
    is_usable = FIRST_YEAR <= start.year <= LAST_YEAR and length(scenario.time.horizon) is not None
    return end_of(scenario.time) if is_usable else None


def grid_periods(scenario: Scenario) -> int | None:
    """Periods in the horizon; None where the horizon is wrong."""
    horizon = length(scenario.time.horizon)
    return None if horizon is None else horizon // UNITS[scenario.time.period]


def durations(scenario: Scenario) -> Iterator[Finding]:
    """Durations are whole months, more than none, and no more than a hundred years."""
    for path, text in _durations(scenario):
        if text is None:
            continue
        found = length(text)
        if found is None or (found == 0 and path[-1] not in ("reported_after", "after", "notice")):
            yield Finding(path, f"{FORM}, a hundred years at most", _mend_duration(text))


def _mend_duration(text: str) -> str:
    """What was probably meant: `2 yrs`, `2 år`, `18`, `5.5 years`."""
    part = re.fullmatch(r"\s*(\d{1,2})[.,](\d+)\s*(y|å)[\w. -]*", text.lower())
    if part and (length := 12 * float(f"{part[1]}.{part[2]}")) == int(length):
        return f'write "{int(length)} months"'
    match = re.fullmatch(r"\s*(\d{1,3})\s*([a-zåä]?)[\w. -]*", text.lower())
    units = {
        "y": "year",
        "å": "year",
        "m": "month",
        "q": "quarter",
        "k": "quarter",
        "h": "half-year",
    }
    unit = units.get(match[2], "month") if match else "year"
    count = int(match[1]) if match and int(match[1]) else 2
    return f'write "{count} {unit}{"s" if count > 1 else ""}"'


def _durations(scenario: Scenario) -> Iterator[tuple[Path, str | None]]:
    yield ("time", "horizon"), scenario.time.horizon
    for path, metric, _ in metrics_of(scenario):
        for key in ("lasts", "at"):
            if own_key(scenario, path, key):
                yield (*path, key), getattr(metric, key)
    yield from _ages(scenario)
    for name, measure in scenario.measures.items():
        yield ("measures", name, "window"), measure.window
        yield ("measures", name, "reported_after"), measure.reported_after
    for name, payment in scenario.payments.items():
        for index, term in enumerate(payment.terms):
            yield ("payments", name, "terms", index, "after"), term.after
    for name, guarantee in scenario.guarantees.items():
        yield ("guarantees", name, "after"), guarantee.after
    for name, event in scenario.events.items():
        yield ("events", name, "notice"), event.notice
        yield ("events", name, "delay"), event.delay


def _ages(scenario: Scenario) -> Iterator[tuple[Path, str | None]]:
    """When effects that fade were measured."""
    fades = [(path, metric.fade) for path, metric, _ in metrics_of(scenario)]
    fades += [(path, states.fade) for path, states, _ in states_of(scenario)]
    for path, fade in fades:
        if fade is not None and own_key(scenario, path, "fade"):
            for index, item in enumerate(fade.measured):
                yield (*path, "fade", "measured", index, "at"), item.at


def whole_periods(scenario: Scenario) -> Iterator[Finding]:
    """The horizon is whole periods; a metric lasts whole years."""
    horizon = length(scenario.time.horizon)
    if horizon and horizon % UNITS[scenario.time.period]:
        yield Finding(("time", "horizon"), f"whole periods of a {scenario.time.period}")
    for path, metric, _ in metrics_of(scenario):
        lasts = length(metric.lasts)
        if lasts and lasts % 12 and own_key(scenario, path, "lasts"):
            yield Finding((*path, "lasts"), 'whole years, such as "2 years"')


def start_of_grid(scenario: Scenario) -> Iterator[Finding]:
    """Every month has the day on which periods begin."""
    start = scenario.time.start
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        yield Finding(("time", "start"), f"a year between {FIRST_YEAR} and {LAST_YEAR}")
    elif start.day > 28:
        mend = "begin on the first of a month"
        yield Finding(("time", "start"), "a day of the month from 1 to 28", mend)


def dates(scenario: Scenario) -> Iterator[Finding]:
    """Dates lie inside the horizon and in their order."""
    end = grid_end(scenario)
    if end is None:
        return
    last = end - datetime.timedelta(days=1)
    allowed = f"a date from {scenario.time.start} to {last}, the horizon"
    for path, date in _dates(scenario):
        if date is not None and not scenario.time.start <= date <= last:
            mend = "move the date, or `time.start`" if date < last else "or lengthen `time.horizon`"
            yield Finding(path, allowed, mend)
    for path, first, second in _pairs(scenario):
        if first is not None and second is not None and second < first:
            yield Finding(path, f"a date not before {first}")


def _pairs(
    scenario: Scenario,
) -> Iterator[tuple[Path, datetime.date | None, datetime.date | None]]:
    for name, cohort in scenario.cohorts.items():
        enrolment = cohort.enrolment
        yield ("cohorts", name, "enrolment", "to"), enrolment.start, enrolment.until
    for name, event in scenario.events.items():
        yield ("events", name, "to"), event.start, event.until
    if scenario.capital:
        costs = scenario.capital.costs
        yield ("capital", "costs", "until"), costs.start, costs.until
    for table in ("fees", "costs"):
        for name, entry in getattr(scenario, table).items():
            yield (table, name, "until"), entry.start, entry.until


def _dates(scenario: Scenario) -> Iterator[tuple[Path, datetime.date | None]]:
    for name, cohort in scenario.cohorts.items():
        yield ("cohorts", name, "enrolment", "from"), cohort.enrolment.start
        yield ("cohorts", name, "enrolment", "to"), cohort.enrolment.until
    if scenario.capital:
        for key in ("start", "until"):
            yield ("capital", "costs", key), getattr(scenario.capital.costs, key)
    for table in ("fees", "costs"):
        for name, entry in getattr(scenario, table).items():
            for key in ("date", "start", "until"):
                yield (table, name, key), getattr(entry, key)
            yield (table, name, "shock", "from"), entry.shock.start if entry.shock else None
    if scenario.capital and scenario.capital.costs.shock:
        yield ("capital", "costs", "shock", "from"), scenario.capital.costs.shock.start
    for name, event in scenario.events.items():
        yield ("events", name, "date"), event.date
        yield ("events", name, "from"), event.start
        yield ("events", name, "to"), event.until


RULES: tuple[Rule, ...] = (durations, whole_periods, start_of_grid, dates)
