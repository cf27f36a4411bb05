"""The words of a payment's sentence: each alone, and its levels."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from simulator.scenario.contract import Relative, Steps, Term
from simulator.scenario.facts import certain
from simulator.scenario.findings import Finding, Rule, missing, without_effect
from simulator.scenario.model import Scenario
from simulator.scenario.numbers import Number
from simulator.scenario.positions import Path
from simulator.scenario.rules.metrics import is_money
from simulator.scenario.words import listed

TERMS = tuple(Term.model_fields)
FORMS = tuple(Relative.model_fields)
MAKE_MONEY = frozenset(("price", "bands", "table", "times"))


def terms(scenario: Scenario) -> Iterator[tuple[Path, Term]]:
    """Every term with its path."""
    for name, payment in scenario.payments.items():
        for index, term in enumerate(payment.terms):
            yield ("payments", name, "terms", index), term


def one_word(scenario: Scenario) -> Iterator[Finding]:
    """A term is exactly one word."""
    for path, term in terms(scenario):
        given = [key for key in TERMS if getattr(term, key) is not None]
        if len(given) != 1:
            found = f"{listed(given, 'and')} in one term" if given else "an empty term"
            mend = "write " + ", ".join(f"{{ {key} = … }}" for key in given) if given else ""
            yield Finding(path, f"exactly one of {listed(TERMS)}", mend, found)


def shares(scenario: Scenario) -> Iterator[Finding]:
    """A share is a share; what multiplies otherwise is a price."""
    for path, term in terms(scenario):
        value = certain(term.share)
        if value is not None and not -1 <= value <= 1:
            mend = f"write {value / 100:g} for {value:g} %, or use `price`"
            yield Finding((*path, "share"), "a share between −1 and 1", mend)


def until_repaid(scenario: Scenario) -> Iterator[Finding]:
    """What is repaid is capital."""
    for path, term in terms(scenario):
        if term.until_repaid is not None and scenario.capital is None:
            allowed = "`until_repaid` where there is [capital], which is repaid"
            yield Finding((*path, "until_repaid"), allowed, "add [capital], or pay a `share`")


def ascending(scenario: Scenario) -> Iterator[Finding]:
    """Bands and the points of a table ascend."""
    for path, term in terms(scenario):
        starts = [certain(band.above) for band in term.bands or ()]
        if None not in starts and not _ascends([start or 0.0 for start in starts]):
            yield Finding((*path, "bands"), "bands in ascending order of `above`, all different")
        if isinstance(term.table, Steps):
            yield from _points(term.table.points, (*path, "table", "points"), "inputs")


def _points(points: list[list[float]], path: Path, what: str) -> Iterator[Finding]:
    if not _ascends([point[0] for point in points]):
        yield Finding(path, f"points in ascending order of their {what}, all different")


def _ascends(row: list[float]) -> bool:
    return all(first < second for first, second in pairwise(row))


def levels(scenario: Scenario) -> Iterator[Finding]:
    """A level has one form, its points ascend, and there is capital for it to be of."""
    for path, level in _levels(scenario):
        if not isinstance(level, Relative):
            continue
        given = [key for key in FORMS if getattr(level, key) is not None]
        if len(given) != 1:
            found = f"{listed(given, 'and')} together" if given else "none of them"
            yield Finding(path, f"exactly one of {listed(FORMS)}", found=found)
        if scenario.capital is None and given != ["by_year"]:
            yield Finding(path, "a number; multiples need [capital]", "add [capital], or give it")
        yield from _points(level.by_drawn or [], (*path, "by_drawn"), "capital drawn")


def _levels(scenario: Scenario) -> Iterator[tuple[Path, Relative | Number | None]]:
    for path, term in terms(scenario):
        for key in ("above", "at_most", "at_least", "if_at_least"):
            yield (*path, key), getattr(term, key)
    for name, payment in scenario.payments.items():
        yield ("payments", name, "limit"), payment.limit
    for name, guarantee in scenario.guarantees.items():
        for key in ("attachment", "detachment", "maximum", "cap"):
            yield ("guarantees", name, key), getattr(guarantee, key)


def becomes_money(scenario: Scenario) -> Iterator[Finding]:
    """What is not money is made money before it is paid: priced, read off a table, multiplied."""
    for name, payment in scenario.payments.items():
        if not isinstance(payment.of, str) or payment.of not in scenario.measures:
            continue
        measure = scenario.measures[payment.of]
        metric = scenario.metrics.get(measure.metric or "")
        if metric is None or measure.quantity is None:
            continue
        in_money = is_money(scenario, metric) and measure.quantity != "relative effect"
        words = {key for term in payment.terms for key in TERMS if getattr(term, key) is not None}
        if not in_money and not words & MAKE_MONEY:
            allowed = f"a `price`, `bands`, a `table` or `times`: a {measure.quantity} is not money"
            yield missing(
                ("payments", name, "terms"), allowed, "add the price of each to the terms"
            )


def at_the_end(scenario: Scenario) -> Iterator[Finding]:
    """What is paid at the end cannot wait any longer."""
    for name, payment in scenario.payments.items():
        for index, term in enumerate(payment.terms):
            if payment.paid == "at end" and term.after is not None:
                path: Path = ("payments", name, "terms", index, "after")
                yield without_effect(path, '`after` on a payment that is not paid "at end"')


RULES: tuple[Rule, ...] = (
    one_word,
    shares,
    until_repaid,
    ascending,
    levels,
    becomes_money,
    at_the_end,
)
