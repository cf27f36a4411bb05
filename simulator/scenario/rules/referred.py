"""What payments and events refer to: measures, quantities of the contract, other payments."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.contract import Condition, Payment
from simulator.scenario.findings import Finding, Rule, known
from simulator.scenario.model import Scenario
from simulator.scenario.positions import Path
from simulator.scenario.words import listed

ACTIVITY = ("capital_drawn", "capital_outstanding", "cost", "paid")
"""What a payment may be of besides measures: it is then an activity payment."""
OF_CAPITAL = ("capital_drawn", "capital_outstanding", "cost")
FACTORS = ("capital_drawn", "capital_outstanding", "cost")
"""What `times` may name besides measures."""
DEDUCTIONS = ("capital_drawn", "cost", "paid")
"""What `less` may name besides payments."""


def conditions(when: object) -> list[Condition]:
    """The conditions of a payment or an event as a list."""
    if when is None:
        return []
    return when if isinstance(when, list) else [when]  # type: ignore[list-item]


def conditions_with_paths(when: object, path: Path) -> Iterator[tuple[Path, Condition]]:
    """Every condition with its path, of a single one or of a list."""
    for index, condition in enumerate(conditions(when)):
        yield ((*path, "when", index) if isinstance(when, list) else (*path, "when")), condition


def all_conditions(scenario: Scenario) -> Iterator[tuple[Path, Condition]]:
    """Every condition of the contract with its path: of payments and of events."""
    for name, payment in scenario.payments.items():
        yield from conditions_with_paths(payment.when, ("payments", name))
    for name, event in scenario.events.items():
        yield from conditions_with_paths(event.when, ("events", name))


def measures_of(payment: Payment) -> list[str]:
    """What a payment is of: its one quantity, or the measures of its weights."""
    return [payment.of] if isinstance(payment.of, str) else list(payment.of)


def measures(scenario: Scenario) -> Iterator[Finding]:
    """What is paid for is measured, or is a quantity of the contract."""
    for name, payment in scenario.payments.items():
        path: Path = ("payments", name, "of")
        if isinstance(payment.of, str):
            what = f"measures, {', '.join(ACTIVITY[:-1])} and {ACTIVITY[-1]}"
            yield from known(payment.of, [*scenario.measures, *ACTIVITY], path, what)
        else:
            for measure in payment.of:
                for finding in known(measure, scenario.measures, (*path, measure), "measures"):
                    found = f"`{measure}`"
                    yield Finding(finding.path, finding.allowed, finding.mend, found, at_key=True)


def tested(scenario: Scenario) -> Iterator[Finding]:
    """What a condition tests is measured, or is another payment."""
    for path, condition in all_conditions(scenario):
        if condition.measure is not None:
            yield from known(condition.measure, scenario.measures, (*path, "measure"), "measures")
        if condition.payment is not None and path[0] == "payments":
            yield from known(condition.payment, scenario.payments, (*path, "payment"), "payments")


def factors_and_deductions(scenario: Scenario) -> Iterator[Finding]:
    """What a term multiplies by or takes away exists, and there is capital for it to be of."""
    for name, payment in scenario.payments.items():
        for index, term in enumerate(payment.terms):
            path: Path = ("payments", name, "terms", index)
            if term.times is not None:
                what = f"measures, {', '.join(FACTORS[:-1])} and {FACTORS[-1]}"
                all_names = [*scenario.measures, *FACTORS]
                yield from known(term.times, all_names, (*path, "times"), what)
            if term.less is not None:
                what = f"payments, {', '.join(DEDUCTIONS[:-1])} and {DEDUCTIONS[-1]}"
                all_names = [*scenario.payments, *DEDUCTIONS]
                yield from known(term.less, all_names, (*path, "less"), what)
            for key in ("times", "less"):
                if getattr(term, key) in OF_CAPITAL and scenario.capital is None:
                    allowed = f"`{getattr(term, key)}` where there is [capital]"
                    yield Finding((*path, key), allowed, "add [capital], or name something else")


def circles(scenario: Scenario) -> Iterator[Finding]:
    """Payments that name each other could not be evaluated: none is first.

    A payment may name itself: what it has paid before is known.
    """
    named = {name: _names(name, payment) for name, payment in scenario.payments.items()}
    seen: set[frozenset[str]] = set()
    for name in sorted(named):
        circle = _circle(name, named)
        if not circle or frozenset(circle) in seen:
            continue
        seen.add(frozenset(circle))
        path = named[name][circle[1]]
        steps = " → ".join(f"`{step}`" for step in circle)
        allowed = "payments of which one can be evaluated first"
        mend = f"let one of {listed(sorted(set(circle)), 'and')} name no other"
        yield Finding(path, allowed, mend, f"a circle: {steps}")


def _names(name: str, payment: Payment) -> dict[str, Path]:
    """The other payments that a payment names, and where it does."""
    found: dict[str, Path] = {}
    for index, term in enumerate(payment.terms):
        if term.less is not None:
            found.setdefault(term.less, ("payments", name, "terms", index, "less"))
    for path, condition in conditions_with_paths(payment.when, ("payments", name)):
        if condition.payment is not None:
            found.setdefault(condition.payment, (*path, "payment"))
    return found


def _circle(start: str, named: dict[str, dict[str, Path]]) -> list[str]:
    """The shortest way from a payment back to itself over others; empty where there is none."""
    ways = [[start]]
    reached: set[str] = set()
    while ways:
        way = ways.pop(0)
        for step in sorted(named[way[-1]]):
            if step == start and len(way) > 1:
                return [*way, start]
            if step in named and step not in reached and step != way[-1] and step != start:
                reached.add(step)
                ways.append([*way, step])
    return []


RULES: tuple[Rule, ...] = (measures, tested, factors_and_deductions, circles)
