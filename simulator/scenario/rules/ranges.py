"""Which range the numbers of each table stay in; the manual reads it off here."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from simulator.scenario import contract, model, risks
from simulator.scenario.facts import certain
from simulator.scenario.findings import Finding, Rule
from simulator.scenario.model import Scenario
from simulator.scenario.numbers import Number
from simulator.scenario.positions import Path
from simulator.scenario.rules.numbers import (
    DISCOUNT,
    LEVEL,
    NOT_NEGATIVE,
    PART,
    POSITIVE,
    RATE,
    SHARE,
    Range,
    out_of_range,
)
from simulator.scenario.walk import walk

PLACES: dict[type[BaseModel], dict[str, Range]] = {
    model.Pocket: {"cashable": SHARE},
    model.Enrolment: {"reached": SHARE},
    model.DropOut: {"per_year": NOT_NEGATIVE},
    model.States: {"start": SHARE, "monthly": SHARE},
    model.Metric: {"per_month": NOT_NEGATIVE},
    model.Index: {"per_year": RATE},
    model.Rate: {"nominal": DISCOUNT, "real": DISCOUNT},
    contract.Measure: {"standard_error": NOT_NEGATIVE, "per_person_most": POSITIVE},
    contract.FollowUp: {"share": SHARE, "lost_ratio": NOT_NEGATIVE},
    contract.Reference: {
        "before": NOT_NEGATIVE,
        "deadweight": SHARE,
        "drift": RATE,
        "bias": RATE,
        "price_growth": RATE,
        "indexed": RATE,
    },
    contract.Term: {"compounded": NOT_NEGATIVE},
    contract.Rounded: {"to": POSITIVE},
    contract.Uplift: {"per_year": RATE},
    contract.UntilRepaid: {"interest": NOT_NEGATIVE, "share": PART, "then": SHARE},
    contract.Condition: {"significant": LEVEL},
    contract.Payment: {"payer": PART, "limit": POSITIVE},
    contract.Limits: {
        "total": POSITIVE,
        "multiple": POSITIVE,
        "per_period": POSITIVE,
        "per_service_user": POSITIVE,
    },
    contract.AnnualReturn: {"rate": NOT_NEGATIVE},
    contract.Shock: {"share": RATE},
    contract.Spending: {
        "per_year": NOT_NEGATIVE,
        "schedule": NOT_NEGATIVE,
        "per_service_user": NOT_NEGATIVE,
        "growth": RATE,
    },
    contract.Capital: {"commitment": POSITIVE, "share": PART},
    contract.CapitalClass: {"share": PART, "interest": NOT_NEGATIVE, "residual": SHARE},
    contract.Fee: {"amount": NOT_NEGATIVE, "per_year": NOT_NEGATIVE, "share": SHARE},
    contract.Cost: {"amount": NOT_NEGATIVE, "per_year": NOT_NEGATIVE},
    contract.Guarantee: {"coverage": SHARE, "target_return": NOT_NEGATIVE},
    risks.Event: {
        "chance": SHARE,
        "per_year": NOT_NEGATIVE,
        "recovery": SHARE,
        "interest": NOT_NEGATIVE,
    },
}
CHANGES: dict[type[BaseModel], tuple[str, ...]] = {
    contract.Reference: ("drift", "bias", "price_growth", "indexed"),
    contract.Spending: ("growth",),
    contract.Shock: ("share",),
}
"""Relative changes: an uncertain one may go too far; what it changes never falls below 0."""


def in_place(scenario: Scenario) -> Iterator[Finding]:
    """Every number stays in the range that its table gives it, whatever is drawn."""
    yield from out_of_range(_rows(scenario))


def _rows(scenario: Scenario) -> Iterator[tuple[Path, Number | None, Range]]:
    for path, table in walk(scenario):
        for key, limits in PLACES.get(type(table), {}).items():
            place = (*path, type(table).model_fields[key].alias or key)
            is_change = key in CHANGES.get(type(table), ())
            for where, number in numbers_in(getattr(table, key), place):
                if not is_change or certain(number) is not None:
                    yield where, number, limits


def numbers_in(value: object, path: Path) -> Iterator[tuple[Path, Number]]:
    """A number, or each of a list or a table of them, at any depth."""
    if isinstance(value, Number):
        yield path, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from numbers_in(item, (*path, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from numbers_in(item, (*path, key))


RULES: tuple[Rule, ...] = (in_place,)
