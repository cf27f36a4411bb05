"""Numbers: a value or one distribution, with parameters that make a law, inside its range."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from simulator.scenario.facts import certain, mean, support
from simulator.scenario.findings import Finding, Rule
from simulator.scenario.model import Scenario
from simulator.scenario.numbers import FAMILIES, Families, Number, number_is_given
from simulator.scenario.positions import Path
from simulator.scenario.rules.families import law_findings
from simulator.scenario.walk import metrics_of, numbers, own_key
from simulator.scenario.words import listed

LARGEST = 1e15


def one_form(scenario: Scenario) -> Iterator[Finding]:
    """A number is a value or one distribution."""
    for path, number in numbers(scenario):
        yield from _one_form(path, number)


def _one_form(path: Path, number: Families) -> Iterator[Finding]:
    given = [name for name in ("value", *FAMILIES) if getattr(number, name, None) is not None]
    if not given:
        allowed = "`value`, or one distribution"
        yield Finding(path, allowed, "add `value = …`", "a number without a value", at_key=True)
    elif len(given) > 1:
        mend = f"keep one of {listed(given, 'and')}"
        yield Finding(
            path, "`value`, or one distribution", mend, f"{listed(given, 'and')} together"
        )


def parameters(scenario: Scenario) -> Iterator[Finding]:
    """The parameters of a distribution make a law."""
    for path, number in numbers(scenario):
        if number.mixture is not None:
            yield from _parts(number, path)
        elif number_is_given(number) and number.law is not None:
            yield from law_findings(number.law, (*path, str(number.family)))


def _parts(number: Number, path: Path) -> Iterator[Finding]:
    assert number.mixture is not None
    parts = number.mixture.parts
    path = (*path, "mixture", "parts")
    for index, part in enumerate(parts):
        yield from _one_form((*path, index), part)
        if part.law is not None and part.value is None:
            yield from law_findings(part.law, (*path, index, str(part.family)))
    total = math.fsum(part.weight for part in parts)
    if abs(total - 1) > 1e-9:
        yield Finding(path, "weights that sum to 1", found=f"weights that sum to {total:.6g}")


def not_gigantic(scenario: Scenario) -> Iterator[Finding]:
    """Numbers beyond ±1e15 are slips of the pen, and would drown everything else in rounding."""
    for path, number in numbers(scenario):
        if number_is_given(number):
            low, high = support(number)
            worst = max((abs(end) for end in (low, high) if math.isfinite(end)), default=0.0)
            if worst > LARGEST:
                yield Finding(path, "numbers between −1e15 and 1e15", "count the zeros")


Range = tuple[float, float, str]
SHARE: Range = (0.0, 1.0, "a number between 0 and 1")
PART: Range = (0.0, 1.0, "a share above 0, at most 1")
NOT_NEGATIVE: Range = (0.0, math.inf, "0 or more")
POSITIVE: Range = (0.0, math.inf, "a number above 0")
RATE: Range = (-1.0, math.inf, "a rate above −1 (−100 %)")
DISCOUNT: Range = (-1.0, 1.0, "a rate a year above −1 (−100 %), at most 1 (100 %)")
LEVEL: Range = (0.0, 0.4999999999, "a level above 0 and below 0.5")
_OPEN = (LEVEL[2], PART[2], POSITIVE[2], RATE[2], DISCOUNT[2])
"""Ranges whose lower end does not belong to them."""


def in_range(scenario: Scenario) -> Iterator[Finding]:
    """The numbers of metrics stay in the range of their kind, whatever is drawn."""
    yield from out_of_range(_ranged(scenario))


def out_of_range(rows: Iterable[tuple[Path, Number | None, Range]]) -> Iterator[Finding]:
    """What lies outside its range, or may be drawn outside it."""
    for path, number, (low, high, allowed) in rows:
        if number is None or not number_is_given(number) or _has_bad_law(number, path):
            continue
        least, greatest = support(number)
        is_below = least <= low if allowed in _OPEN else least < low
        if is_below or greatest > high:
            yield Finding(path, allowed, _mend(number, low, high))


def _has_bad_law(number: Number, path: Path) -> bool:
    return number.law is not None and any(law_findings(number.law, path))


def _mend(number: Number, low: float, high: float) -> str:
    if number.evidence is not None:
        return f'pool on `scale = "{"log odds" if high == 1 else "log level"}"`'
    if number.family in ("normal", "student_t"):
        if high == 1:
            return "use `beta`, or `truncated_normal` with `low = 0` and `high = 1`"
        return "use `gamma` or `lognormal`, or `truncated_normal` with `low = 0`"
    if number.family:
        return "choose parameters that keep it there"
    value = certain(number)
    is_percentage = high == 1 and value is not None and 2 <= value <= 100
    return f"write a share: {value / 100:g} for {value:g} %" if is_percentage and value else ""


def _ranged(scenario: Scenario) -> Iterator[tuple[Path, Number | None, Range]]:
    for path, metric, _ in metrics_of(scenario):
        if own_key(scenario, path, "baseline"):
            baseline = SHARE if metric.kind == "binary" else NOT_NEGATIVE
            yield (*path, "baseline"), metric.baseline, baseline
        if own_key(scenario, path, "persistence"):
            yield (*path, "persistence"), metric.persistence, SHARE
        if metric.effect and own_key(scenario, path, "effect"):
            yield (*path, "effect", "odds_ratio"), metric.effect.odds_ratio, NOT_NEGATIVE
            # an uncertain ratio or difference may go too far: the level itself is kept in range
            for form, limits in (
                ("ratio", NOT_NEGATIVE),
                ("difference", (-1.0, 1.0, "a number between −1 and 1")),
            ):
                number = getattr(metric.effect, form)
                is_bound = form == "ratio" or metric.kind == "binary"
                if is_bound and certain(number) is not None:
                    yield (*path, "effect", form), number, limits


def means(scenario: Scenario) -> Iterator[Finding]:
    """An uncertain difference of two shares may go too far on a path, but not on average."""
    for path, metric, _ in metrics_of(scenario):
        number = metric.effect.difference if metric.effect else None
        if metric.kind != "binary" or number is None or not own_key(scenario, path, "effect"):
            continue
        place = (*path, "effect", "difference")
        if certain(number) is not None or not number_is_given(number):
            continue
        average = None if _has_bad_law(number, place) else mean(number)
        if average is not None and abs(average) > 1:
            allowed = "a mean between −1 and 1: it is a difference of two shares"
            mend = (
                f"write shares: {average / 100:g} for {average:g} %" if abs(average) <= 100 else ""
            )
            yield Finding(place, allowed, mend, f"a distribution with mean {average:g}")


RULES: tuple[Rule, ...] = (one_form, parameters, not_gigantic, in_range, means)
