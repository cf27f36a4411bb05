"""Terms as numbers: each word of a payment's sentence becomes a step of its claims."""

from __future__ import annotations

from dataclasses import dataclass, field

from simulator.kernels.records import (
    ABOVE,
    AT_LEAST,
    AT_MOST,
    BANDS,
    BY_DRAWN,
    COMPOUNDED,
    DOWN,
    IF_AT_LEAST,
    INTERPOLATED,
    LESS,
    NEAREST,
    OF_COMMITMENT,
    OF_COST,
    OF_DRAWN,
    OF_INPUT,
    OF_NOTHING,
    OF_OUTSTANDING,
    OF_PAID,
    OF_PAYMENT,
    PRICE,
    ROUNDED,
    SHARE,
    STEPPED,
    UNTIL_REPAID,
    UP,
    WITHIN,
)
from simulator.plan.claims import CAPITAL_DRAWN, COST, OUTSTANDING, PAID
from simulator.plan.timing import DAYS_PER_YEAR, Grid
from simulator.scenario.contract import Payment, Relative, Term
from simulator.scenario.numbers import Number

RULES = {"nearest": NEAREST, "down": DOWN, "up": UP}
BASES = {CAPITAL_DRAWN: OF_DRAWN, COST: OF_COST, OUTSTANDING: OF_OUTSTANDING, PAID: OF_PAID}
Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Step:
    """One term as numbers."""

    word: int
    base: int = OF_NOTHING
    level: float = 0.0
    row: int = 0
    then: float = 0.0
    points: Points = ()
    name: str = ""  # the measure of `times`, the payment of `less`


@dataclass(frozen=True)
class Place:
    """What the terms of a claim look up: when it is due, and where measures and payments stand."""

    grid: Grid
    due: int
    period: int  # for levels by year
    rows: dict[str, int]  # input rows of measures, of the claim's own stretch
    payments: list[str]
    balances: list[tuple[float, str]] = field(default_factory=list)  # yearly interest and payee
    payee: str = ""  # the class of capital that is paid, empty for the investor as a whole


def number(value: Number | None) -> float:
    """A certain number, 0 where there is none."""
    return float(value.value or 0.0) if value is not None else 0.0


def level_of(
    level: Relative | Number | None, year: int = 0, default: float = 0.0
) -> tuple[int, float, Points]:
    """(base, number, points) of a level.

    A plain number, a multiple of a quantity of the path, the level of contract year 0, 1, …, or
    points by capital drawn.
    """
    if level is None:
        return OF_NOTHING, default, ()
    if not isinstance(level, Relative):
        return OF_NOTHING, number(level), ()
    for multiple, base in (
        (level.of_drawn, OF_DRAWN),
        (level.of_commitment, OF_COMMITMENT),
        (level.of_cost, OF_COST),
        (level.of_outstanding, OF_OUTSTANDING),
    ):
        if multiple is not None:
            return base, number(multiple), ()
    if level.by_year is not None:
        return OF_NOTHING, number(level.by_year[min(year, len(level.by_year) - 1)]), ()
    if level.by_drawn is not None:
        return BY_DRAWN, 1.0, tuple((point[0], point[1]) for point in level.by_drawn)
    return OF_NOTHING, default, ()


def levelled(word: int, level: Relative | Number, place: Place) -> Step:
    """A step with a level."""
    base, multiple, points = level_of(level, place.period // place.grid.per_year)
    return Step(word, base, multiple, points=points)


def step_of(term: Term, place: Place) -> Step | None:
    """A term as a step; None for `after`, which moves the date alone."""
    for word, level in (
        (ABOVE, term.above),
        (AT_MOST, term.at_most),
        (AT_LEAST, term.at_least),
        (IF_AT_LEAST, term.if_at_least),
        (PRICE, term.price),
        (SHARE, term.share),
        (COMPOUNDED, term.compounded),
    ):
        if level is not None:
            return levelled(word, level, place)
    if term.bands is not None:
        return Step(BANDS, points=tuple((number(b.above), number(b.price)) for b in term.bands))
    if term.table is not None:
        word = STEPPED if term.table.form == "stepped" else INTERPOLATED
        return Step(word, points=tuple((p[0], p[1]) for p in term.table.points))
    if term.uplift is not None:
        years = (place.grid.begins(place.due) - term.uplift.since).days / DAYS_PER_YEAR
        return Step(PRICE, level=(1.0 + number(term.uplift.per_year)) ** years)
    return running_step(term, place)


def running_step(term: Term, place: Place) -> Step | None:
    """A term that reads another quantity of the path."""
    if term.times is not None:
        if term.times in BASES:
            return Step(PRICE, BASES[term.times], 1.0)
        return Step(PRICE, OF_INPUT, 1.0, place.rows[term.times], name=term.times)
    if term.less is not None:
        if term.less in BASES:
            return Step(LESS, BASES[term.less], 1.0)
        return Step(LESS, OF_PAYMENT, 1.0, place.payments.index(term.less), name=term.less)
    if term.until_repaid is not None:
        words = term.until_repaid
        balance = (number(words.interest), place.payee)
        if balance not in place.balances:
            place.balances.append(balance)
        row = place.balances.index(balance)
        return Step(UNTIL_REPAID, OF_NOTHING, number(words.share), row, number(words.then))
    if term.rounded is not None:
        return Step(ROUNDED, OF_NOTHING, number(term.rounded.to), RULES[term.rounded.rule])
    return None


def steps_of(payment: Payment, place: Place) -> list[Step]:
    """The payment's terms for a claim, its own limit last."""
    steps = [step for term in payment.terms if (step := step_of(term, place)) is not None]
    if payment.limit is not None:
        steps.append(levelled(WITHIN, payment.limit, place))
    return steps
