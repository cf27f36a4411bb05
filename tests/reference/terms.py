"""The words of a payment's sentence, each in a line or two (§6 and the language itself)."""

from dataclasses import dataclass, field
from itertools import pairwise

from tests.reference.grid import months

TOLERANCE = 1e-9


def reaches(value, level):
    """value ≥ level, within a relative 1e-9."""
    return value >= level - TOLERANCE * abs(level)


@dataclass(frozen=True)
class Quantities:
    """What a level may be a multiple of."""

    drawn: float = 0.0
    commitment: float = 0.0
    cost: float = 0.0


def level(x, quantities):
    """A number, or a multiple of a quantity of the path."""
    for name in ("drawn", "commitment", "cost"):
        multiple = getattr(x, f"of_{name}", None)
        if multiple is not None:
            return multiple.value * getattr(quantities, name)
    return x.value


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
    for (x0, y0), (x1, y1) in pairwise(points):
        if value < x1:
            return y0 + (y1 - y0) * (max(value, x0) - x0) / (x1 - x0)
    return points[-1][1]


@dataclass(frozen=True)
class Reader:
    """Applies terms; `years_since` gives the years from a date to the payment."""

    quantities: Quantities = field(default_factory=Quantities)
    years_since: object = None

    def apply(self, term, value):
        q = self.quantities
        if term.above is not None:
            return max(0.0, value - level(term.above, q))
        if term.price is not None:
            return value * term.price.value
        if term.bands is not None:
            return bands(term.bands, value)
        if term.table is not None:
            return table(term.table, value)
        if term.share is not None:
            return value * term.share.value
        if term.at_most is not None:
            return min(value, level(term.at_most, q))
        if term.at_least is not None:
            return max(value, level(term.at_least, q))
        if term.if_at_least is not None:
            return value if reaches(value, level(term.if_at_least, q)) else 0.0
        if term.uplift is not None:
            return value * (1 + term.uplift.per_year.value) ** self.years_since(term.uplift.since)
        return value  # `after`

    def read(self, terms, value):
        for term in terms:
            value = self.apply(term, value)
        return value


def lag(terms):
    """Months of all `after` terms together."""
    return sum(months(term.after) for term in terms if term.after is not None)


def is_activity(payment):
    """A payment of cost or capital is an activity payment."""
    return payment.of in ("capital_drawn", "cost")
