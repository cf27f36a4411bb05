"""Measures that are given for a part of their periods only: a settlement to date.

What is not given is taken to be 0, or, of a measure `to_date`, what there was last. That is right
for a payment on what has happened so far, and it is said in the statement, together with what is
paid on values that nobody has given (a floor pays on 0 too).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from simulator.plan.build import Built
from simulator.plan.claims import measures_read
from simulator.scenario.model import Realised, Scenario
from simulator.scenario.rules.due import periods_measured
from simulator.settlement.ended import End
from simulator.settlement.line import Line


@dataclass(frozen=True)
class Partly:
    """Values given for the first `given` of `periods`; `paid`: for the periods after them."""

    given: int
    periods: int
    to_date: bool
    paid: float

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {**asdict(self), "paid": round(self.paid, 6) + 0.0}


def periods_given(scenario: Scenario, realised: Realised) -> dict[str, tuple[int, int]]:
    """(periods with values, periods measured) of each measure that is given by period."""
    found = {}
    for name, value in realised.measures.items():
        rows = value if isinstance(value, dict) else {None: value}
        if not all(isinstance(row, list) for row in rows.values()):
            continue
        periods = periods_measured(scenario, name) or 0
        counts = [
            periods if len(row) >= (periods_measured(scenario, name, cohort) or 0) else len(row)
            for cohort, row in rows.items()
            if isinstance(row, list)
        ]
        found[name] = (min(counts, default=0), periods)
    return found


def partly_measured(
    scenario: Scenario, built: Built, realised: Realised, lines: Sequence[Line], end: End | None
) -> dict[str, Partly]:
    """The measures of which some periods are not given, by name."""
    found = {}
    for name, (given, periods) in periods_given(scenario, realised).items():
        periods = periods if end is None else min(periods, end.stop)
        if given >= periods:
            continue
        begins = built.grid.begins(given).isoformat()
        resting = [
            line.paid
            for line in lines
            if "/" in line.stretch
            and line.stretch >= begins
            and name in measures_read(scenario.payments[line.name])
        ]
        to_date = scenario.measures[name].to_date
        found[name] = Partly(given, periods, to_date, float(sum(resting)))
    return found
