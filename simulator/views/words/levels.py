"""Levels and running quantities in words: amounts that only the path of the contract shows."""

from __future__ import annotations

from itertools import groupby

from simulator.scenario.contract import Level, Payment, Relative
from simulator.scenario.numbers import Number
from simulator.views.words.names import Names

CAPITAL = ("capital_drawn", "capital_outstanding")
_OF_CAPITAL = {"of_drawn": "capital_drawn", "of_outstanding": "capital_outstanding"}
_MULTIPLES = ("of_drawn", "of_commitment", "of_cost", "of_outstanding")


def owner_of(payment: Payment, names: Names) -> str:
    """The payee where it is a class of capital: capital then means its own; else nothing."""
    capital = names.scenario.capital
    return payment.payee if capital is not None and payment.payee in capital.classes else ""


def quantity(name: str, payee: str, owner: str, names: Names) -> str:
    """`the capital drawn`, `all that the fund has been paid so far`; empty where it is neither."""
    if name in CAPITAL and owner:
        return names.say(f"of.{name}.own", owner=names.inside(owner))
    if name == "paid":
        return names.say("of.paid", payee=names.inside(payee))
    return names.say(f"of.{name}") if name in (*CAPITAL, "cost") else ""


def level_in_words(level: Level, names: Names, unit: str = "money", owner: str = "") -> str:
    """A level: an amount, a multiple of a quantity of the path, or a table by year or capital."""
    if not isinstance(level, Relative):
        return names.value(level, unit)
    if level.by_year is not None:
        return _by_year([each.value or 0.0 for each in level.by_year], unit, names)
    if level.by_drawn is not None:
        return _by_drawn(level.by_drawn, unit, owner, names)
    for key in _MULTIPLES:
        multiple: Number | None = getattr(level, key)
        if multiple is not None:
            return _multiple(key, multiple.value or 0.0, owner, names)
    return names.amount(0.0, unit)


def _multiple(key: str, value: float, owner: str, names: Names) -> str:
    """`60 % of the capital drawn`; the whole of it where the multiple is 1."""
    own = owner if key in _OF_CAPITAL else ""
    whole = (
        quantity(_OF_CAPITAL[key], owner, own, names) if own else names.say(f"level.{key}.whole")
    )
    if value == 1:
        return whole
    share = names.language.stated_percent(value)
    return names.say("term.share", share=share, of=whole)


def _by_year(levels: list[float], unit: str, names: Names) -> str:
    """`2% in contract years 1 to 3 and 0% from contract year 4 on`."""
    runs = [(value, len(list(run))) for value, run in groupby(levels)]
    if len(runs) == 1:
        return names.amount(runs[0][0], unit)
    said, year = [], 1
    for place, (value, length) in enumerate(runs):
        is_last = place == len(runs) - 1
        key = "last" if is_last else "one" if length == 1 else "several"
        last = year + length - 1
        amount = names.amount(value, unit)
        said.append(names.say(f"level.by_year.{key}", amount=amount, year=year, last=last))
        year += length
    return names.language.join(said)


def _by_drawn(points: list[list[float]], unit: str, owner: str, names: Names) -> str:
    """The amount that follows from the capital drawn, point by point."""
    if len(points) == 1:
        return names.amount(points[0][1], unit)
    pairs = [
        names.say(
            "level.by_drawn.point",
            amount=names.amount(value, unit),
            drawn=names.language.stated_money(drawn),
        )
        for drawn, value in points
    ]
    capital = quantity("capital_drawn", owner, owner, names)
    return names.say("level.by_drawn", points=names.language.join(pairs), capital=capital)
