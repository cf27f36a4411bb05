"""Which range the numbers of a fund file stay in; the manual reads it off here."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from simulator.fund import model
from simulator.fund.model import Fund
from simulator.fund.rules.names import Contracts
from simulator.scenario.findings import Finding, missing
from simulator.scenario.numbers import Number
from simulator.scenario.positions import Path
from simulator.scenario.rules import numbers as of_scenarios
from simulator.scenario.rules.numbers import (
    DISCOUNT,
    NOT_NEGATIVE,
    PART,
    RATE,
    SHARE,
    Range,
    out_of_range,
)
from simulator.scenario.rules.ranges import numbers_in
from simulator.scenario.walk import walk

LEAST_ONE: Range = (1.0, math.inf, "1 or more")
_MONEY: dict[str, Range] = {
    "capital": NOT_NEGATIVE,
    "appropriations": NOT_NEGATIVE,
    "interest": RATE,
    "administration": NOT_NEGATIVE,
    "facilitator": NOT_NEGATIVE,
    "leverage": LEAST_ONE,
    "cap_per_contract": NOT_NEGATIVE,
    "cap_per_municipality": NOT_NEGATIVE,
    "cap_portfolio": SHARE,
}
PLACES: dict[type[BaseModel], dict[str, Range]] = {
    model.Fund: {"rate": DISCOUNT},
    model.Kind: {"size": NOT_NEGATIVE},
    model.InvestorBehaviour: {"hurdle": RATE, "belief": NOT_NEGATIVE},
    model.Behaviour: {"effort": SHARE},
    model.Loosen: {"share": PART, "most": LEAST_ONE},
    model.Money: _MONEY,
    model.Guarantee: {
        "coverage": SHARE,
        "target_return": NOT_NEGATIVE,
        "fee_rate": NOT_NEGATIVE,
        "recoveries": SHARE,
    },
    model.CoInvestment: {"share": SHARE},
    model.OutcomesFunding: {
        "share": SHARE,
        "method_support": NOT_NEGATIVE,
        "relief": NOT_NEGATIVE,
    },
    model.Changed: {"cost": NOT_NEGATIVE},
    model.InHouse: {"more": NOT_NEGATIVE},
    model.InternalFund: {"payback": SHARE},
}

_ANY_WHEN_DRAWN = ("hurdle",)
"""A drawn hurdle may be anything: below −1 everything is accepted."""


def numbers(fund: Fund, _: Contracts) -> Iterator[Finding]:
    """A number is a value or one distribution whose parameters make a law."""
    whole: Any = fund  # walked like a scenario
    for rule in (of_scenarios.one_form, of_scenarios.parameters, of_scenarios.not_gigantic):
        yield from rule(whole)


def in_place(fund: Fund, _: Contracts) -> Iterator[Finding]:
    """Every number stays in the range that its table gives it, whatever is drawn."""
    yield from out_of_range(_rows(fund))


def _rows(fund: Fund) -> Iterator[tuple[Path, Number | None, Range]]:
    whole: Any = fund
    for path, table in walk(whole):
        for form in type(table).__mro__:
            for key, limits in PLACES.get(form, {}).items():
                for where, number in numbers_in(getattr(table, key), (*path, key)):
                    if key not in _ANY_WHEN_DRAWN or not number.uncertain:
                        yield where, number, limits


def offers(fund: Fund, _: Contracts) -> Iterator[Finding]:
    """Something is offered, while the account is followed."""
    for name, kind in fund.pipeline.items():
        path: Path = ("pipeline", name, "offered")
        if len(kind.offered) > fund.years:
            allowed = f"at most {fund.years} numbers, one for each of the fund's `years`"
            found = f"{len(kind.offered)} numbers"
            yield Finding(path, allowed, "shorten the list, or raise `years`", found)
        elif not sum(kind.offered):
            yield Finding(path, "at least one contract", "offer some, or remove the kind")
        if kind.municipalities is not None and kind.municipalities >= sum(kind.offered) > 0:
            where = (*path[:2], "municipalities")
            allowed = f"fewer than the {sum(kind.offered)} contracts that are offered"
            mend = "remove it: each contract has a municipality of its own anyway"
            yield Finding(where, allowed, mend, unused=True, never_binds=True)


def start(fund: Fund, _: Contracts) -> Iterator[Finding]:
    """Anniversaries of the start exist in every year."""
    if fund.start.day > 28:
        yield Finding(("start",), "a day of the month from 1 to 28", f"write {fund.start:%Y-%m}-01")


def appropriations(fund: Fund, _: Contracts) -> Iterator[Finding]:
    """Money comes while the account is followed."""
    for name, words in fund.designs.items():
        given = getattr(words, "appropriations", None) or []
        if len(given) > fund.years:
            path: Path = ("designs", name, "appropriations")
            allowed = f"at most {fund.years} amounts, one for each of the fund's `years`"
            yield Finding(path, allowed, "shorten the list", f"{len(given)} amounts")
        lapses = getattr(words, "lapses_after", None)
        if lapses is not None and lapses >= fund.years:
            allowed = f"fewer than the {fund.years} years that the account is followed"
            found = f"`{lapses}`, which never comes"
            path = ("designs", name, "lapses_after")
            yield Finding(path, allowed, "lower it, or remove it", found, never_binds=True)


def needed(path: Path, value: object, why: str) -> Iterator[Finding]:
    """A key that must be given here."""
    if value is None:
        yield missing(path, why)


RULES = (numbers, in_place, offers, start, appropriations)
