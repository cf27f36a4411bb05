"""The words of a payment's sentence, each in a line or two (§6 and the language itself)."""

import math
from dataclasses import dataclass, field
from itertools import pairwise

from tests.reference.grid import months

TOLERANCE = 1e-9
ACTIVITY = ("cost", "capital_drawn", "capital_outstanding", "paid")


def reaches(value, level):
    """value ≥ level, within a relative 1e-9."""
    return value >= level - TOLERANCE * abs(level)


@dataclass(frozen=True)
class Quantities:
    """What a level may be a multiple of; `year` is the contract year, 1 for the first."""

    drawn: float = 0.0
    commitment: float = 0.0
    cost: float = 0.0
    outstanding: float = 0.0
    year: int = 1


def level(x, quantities):
    """A number, a multiple of a quantity of the path, or a level by year or by capital drawn."""
    for name in ("drawn", "commitment", "cost", "outstanding"):
        multiple = getattr(x, f"of_{name}", None)
        if multiple is not None:
            return multiple.value * getattr(quantities, name)
    if getattr(x, "by_year", None) is not None:
        return x.by_year[min(quantities.year, len(x.by_year)) - 1].value
    if getattr(x, "by_drawn", None) is not None:
        return line_through(x.by_drawn, quantities.drawn)
    return x.value


def line_through(points, value):
    """Straight lines between the points, the end values outside them."""
    if value <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in pairwise(points):
        if value < x1:
            return y0 + (y1 - y0) * (value - x0) / (x1 - x0)
    return points[-1][1]


def bands(parts, value):
    """Σ price × the part of value in the band."""
    total = 0.0
    for i, band in enumerate(parts):
        top = parts[i + 1].above.value if i + 1 < len(parts) else float("inf")
        total += band.price.value * max(0.0, min(value, top) - band.above.value)
    return total


def table(steps, value):
    """`stepped`: the highest step reached; `interpolated`: straight lines; 0 below the first."""
    points = steps.points
    if not reaches(value, points[0][0]):
        return 0.0
    if steps.form == "stepped":
        return [y for x, y in points if reaches(value, x)][-1]
    return line_through(points, value)


def rounded(rounding, value):
    """To the next whole multiple by the rule; what is a multiple within 1e-9 is that one."""
    x = value / rounding.to.value
    whole = math.floor(abs(x) + 0.5)
    if abs(abs(x) - whole) <= TOLERANCE * abs(x):
        steps = math.copysign(whole, x)
    elif rounding.rule == "down":
        steps = math.floor(x)
    elif rounding.rule == "up":
        steps = math.ceil(x)
    else:  # halves away from zero
        steps = math.copysign(math.floor(abs(x) * (1 + TOLERANCE) + 0.5), x)
    return steps * rounding.to.value


def until_repaid(term, value, balance):
    """share·part + then·(v − part), part = min(v, max(B, 0)/share)."""
    share, left = term.share.value, max(balance, 0.0)
    if share:
        part = min(value, left / share)
    else:
        part = value if left > 0 else 0.0
    return term.share.value * part + term.then.value * (value - part)


def _unknown(*_):
    raise ValueError("this quantity is not known here")


@dataclass(frozen=True)
class Reader:
    """Applies terms to a claim.

    `years_since(date)`: years from a date to the payment; `factor(name)`, `deduction(name)`: what
    `times` and `less` name; `balance(rate)`: principal and interest outstanding before this
    instant's payments.
    """

    quantities: Quantities = field(default_factory=Quantities)
    years_since: object = _unknown
    factor: object = _unknown
    deduction: object = _unknown
    balance: object = _unknown

    def apply(self, term, value):
        word = next(name for name in type(term).model_fields if getattr(term, name) is not None)
        x = getattr(term, word)
        if word in ("above", "at_most", "at_least", "if_at_least"):
            return self.compare(word, value, level(x, self.quantities))
        return {
            "price": lambda: value * x.value,
            "share": lambda: value * x.value,
            "bands": lambda: bands(x, value),
            "table": lambda: table(x, value),
            "times": lambda: value * self.factor(x),
            "less": lambda: value - self.deduction(x),
            "compounded": lambda: max(1 + value, 0.0) ** x.value,
            "until_repaid": lambda: until_repaid(x, value, self.balance(x.interest.value)),
            "rounded": lambda: rounded(x, value),
            "uplift": lambda: value * (1 + x.per_year.value) ** self.years_since(x.since),
            "after": lambda: value,
        }[word]()

    def compare(self, word, value, x):
        if word == "above":
            return max(0.0, value - x)
        if word == "at_most":
            return min(value, x)
        if word == "at_least":
            return max(value, x)
        return value if reaches(value, x) else 0.0

    def read(self, terms, value):
        for term in terms:
            value = self.apply(term, value)
        return value


def lag(terms):
    """Months of all `after` terms together."""
    return sum(months(term.after) for term in terms if term.after is not None)


def weights_of(payment):
    """Weights by measure, or by a quantity of the contract."""
    if isinstance(payment.of, str):
        return {payment.of: 1.0}
    return {name: weight.value for name, weight in payment.of.items()}


def factors_of(payment):
    """What the payment's terms multiply by."""
    return [term.times for term in payment.terms if term.times is not None]


def conditions_of(holder):
    """The conditions of a payment or an event."""
    if holder.when is None:
        return []
    return holder.when if isinstance(holder.when, list) else [holder.when]


def measures_of(payment):
    """Measures that the value of a payment is made of, in `of` and `times`."""
    names = [*weights_of(payment), *factors_of(payment)]
    return [name for name in names if name not in ACTIVITY]


def is_activity(payment):
    """A payment of cost, capital drawn or outstanding, or what was paid, and of no measure."""
    return not measures_of(payment)


def to_investor(scenario, payment):
    """True where the investor, pooled, or a class of its capital is paid."""
    classes = scenario.capital.classes if scenario.capital is not None else {}
    return payment.payee == "investor" or payment.payee in classes
