"""Things that go wrong on a path: when the contract ends, who pays late or not (§6)."""

import datetime
import math
from dataclasses import dataclass, field

from tests.reference.grid import ceil_div, months
from tests.reference.philox import parameter_uniform
from tests.reference.terms import conditions_of

DAYS = 365.25


@dataclass(frozen=True)
class Risks:
    """Instants at which payers default, with what they still pay; and delays in months."""

    defaults: dict = field(default_factory=dict)  # event: (payer, instant, recovery)
    delays: dict = field(default_factory=dict)  # event: (payer, months, interest)

    def of_payer(self, payer, t, amount, grid):
        """(instant, amount) of what a payer pays of an amount due at t."""
        for who, since, recovery in self.defaults.values():
            if who == payer and t >= since:
                amount *= recovery
        later, interest = t, 0.0
        for who, delay, rate in self.delays.values():
            if who == payer:
                moved = min(later + ceil_div(delay, grid.m), grid.P)
                interest += rate * (moved - later) / grid.q
                later = moved
        return later, amount * (1 + interest)


class Events:
    """What happens on a path; `holds(condition)` tests an interim measure, `reported(condition)`
    gives the instant of its report, `last_spending` is a period."""

    def __init__(self, scenario, grid, parameters, holds, reported, last_spending):
        self.scenario, self.grid, self.parameters = scenario, grid, parameters
        self.holds, self.reported, self.last_spending = holds, reported, last_spending

    def uniform(self, name):
        return parameter_uniform(self.parameters.seed, f"events.{name}", self.parameters.path)

    def number(self, name, field_name, default):
        number = getattr(self.scenario.events[name], field_name)
        value = self.parameters.value(f"events.{name}.{field_name}", number)
        return default if value is None else value

    def instant(self, name):
        """The instant at which an event takes effect; None where it does not happen."""
        event = self.scenario.events[name]
        decided = self.decided(name, event)
        if decided is None:
            return None
        notice = ceil_div(months(event.notice), self.grid.m) if event.notice is not None else 0
        return decided + notice if decided + notice < self.grid.P else None

    def decided(self, name, event):
        """A non-start at 0, an interim result at its report, a day at its period's end."""
        if event.per_year is not None:
            return self.by_hazard(name, event)
        if not self.uniform(name) < self.number(name, "chance", 1.0):
            return None
        if event.kind in ("non-start", "late payment"):
            return 0
        if event.when is not None:
            conditions = conditions_of(event)
            if not all(self.holds(condition) for condition in conditions):
                return None
            return max(self.reported(condition) for condition in conditions)
        return self.end_of_period(event.date)

    def by_hazard(self, name, event):
        """−ln(1 − u)/per_year years after the first day, if not after the last."""
        first = event.start or self.grid.start
        rate = self.number(name, "per_year", 0.0)
        days = -math.log1p(-self.uniform(name)) / rate * DAYS if rate > 0 else math.inf
        spent = event.kind == "termination"
        last = event.until or self.grid.day(self.last_spending + 1 if spent else self.grid.P)
        limit = (last - first).days + (1 if event.until is not None else 0)
        if not math.floor(days) < limit:
            return None
        return self.end_of_period(first + datetime.timedelta(days=math.floor(days)))

    def end_of_period(self, day):
        return None if day >= self.grid.day(self.grid.P) else self.grid.period_of(day) + 1

    def end(self):
        """(instant, event) of the first non-start or termination; (None, None) without one."""
        ends = {
            name: self.instant(name)
            for name, event in self.scenario.events.items()
            if event.kind in ("non-start", "termination")
        }
        found = [(instant, name) for name, instant in ends.items() if instant is not None]
        return min(found, default=(None, None))

    def risks(self):
        """Defaults and delays that happen."""
        defaults, delays = {}, {}
        for name, event in sorted(self.scenario.events.items()):
            if event.kind == "payer default" and (since := self.instant(name)) is not None:
                recovery = event.recovery.value if event.recovery is not None else 0.0
                defaults[name] = (event.by, since, recovery)
            if event.kind == "late payment" and self.instant(name) is not None:
                interest = event.interest.value if event.interest is not None else 0.0
                delays[name] = (event.by, months(event.delay), interest)
        return Risks(defaults, delays)
