"""What a contract pays: payments, their terms and their conditions.

A payment is a sentence: what it is `of`, a list of small terms read from top to bottom, and when it
is paid. Nothing here is ever a formula in a string.
"""

import datetime
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from simulator.scenario.levels import Level
from simulator.scenario.numbers import Certain, Title, Words, table_or_other
from simulator.scenario.strict import Strict


class Band(Strict):
    """A marginal band: `price` for each unit between `above` and the next band."""

    above: Certain
    """where the band begins"""
    price: Certain
    """price of each unit in it"""


class Steps(Strict):
    """A table from the input to a value."""

    points: Annotated[
        list[Annotated[list[float], Field(min_length=2, max_length=2)]], Field(min_length=1)
    ]
    """pairs [input, value] with inputs ascending"""
    form: Literal["stepped", "interpolated"]
    """`stepped`: the highest step reached, 0 below the first; `interpolated`: straight lines
    between the points, 0 below the first, the last value above it"""


class UntilRepaid(Strict):
    """A share until principal and interest are repaid, another one after that."""

    interest: Certain
    """yearly interest on what is outstanding, compound"""
    share: Certain
    """share of the value until what was drawn is repaid with that interest"""
    then: Certain
    """share of the rest of the value"""


class Rounded(Strict):
    """Rounding to whole multiples."""

    to: Certain
    """the unit, such as 1 for whole kronor or 0.01 for whole percentage points"""
    rule: Literal["nearest", "down", "up"] = "nearest"
    """`nearest`: halves away from zero; a value within a relative 1e-9 of a multiple is that one"""


class Uplift(Strict):
    """Indexation by a yearly rate."""

    per_year: Certain
    """yearly rate"""
    since: datetime.date
    """date at which the amount is stated; years are counted from it to the first day after the
    period in which the amount is due"""


class Term(Strict):
    """One word of a payment's sentence; exactly one key."""

    above: Level | None = None
    """max(0, value − x)"""
    price: Certain | None = None
    """value × price"""
    bands: Annotated[list[Band], Field(min_length=1)] | None = None
    """Σ price × the part of value in the band"""
    table: Steps | None = None
    """the table's value"""
    share: Certain | None = None
    """value × share"""
    at_most: Level | None = None
    """min(value, x)"""
    at_least: Level | None = None
    """max(value, x)"""
    if_at_least: Level | None = None
    """value where value ≥ x, else 0"""
    times: str | None = None
    """value × `capital_drawn`, `capital_outstanding`, `cost` or a measure; of the payee's own
    capital where the payee is a class of capital"""
    less: str | None = None
    """value − `cost`, `capital_drawn`, `paid` (all that the payee has been paid so far) or what the
    payment of this name has paid so far"""
    compounded: Certain | None = None
    """(1 + value)^years: a yearly return over this many years"""
    until_repaid: UntilRepaid | None = None
    """share × the part of value that repays principal and interest, then × the rest"""
    rounded: Rounded | None = None
    """value rounded to whole multiples"""
    uplift: Uplift | None = None
    """value × (1 + rate)^years since the date, until the first day after the period in which the
    amount is due, any `after` included"""
    after: str | None = None
    """paid this much later; amounts due after the last period fall in it"""


class Condition(Strict):
    """A test on a measure, or on another payment: all that are given must hold."""

    measure: str | None = None
    """the measure that is tested"""
    at_least: Certain | None = None
    """holds when the measured value ≥ this (within a relative 1e-9)"""
    below: Certain | None = None
    """holds when the measured value < this"""
    significant: Certain | None = None
    """holds when the measured effect is good and differs from nothing at this level (0.05)"""
    sides: Literal[1, 2] = 2
    """one- or two-sided, for `significant`"""
    payment: str | None = None
    """another payment of the contract, evaluated before this one"""
    paid: bool | None = None
    """true: holds when that payment has paid anything so far; false: when it has not"""


def conditions_form(data: Any) -> str:
    """The tag of `when`: a list of conditions, or a single one."""
    return "‹plain›" if isinstance(data, list) else "‹table›"


class Payment(Strict):
    """One payment of the contract."""

    title: Title | None = None
    of: Annotated[
        Annotated[str, Tag("‹plain›")]
        | Annotated[dict[str, Certain], Field(min_length=1), Tag("‹table›")],
        Discriminator(table_or_other),
    ]
    """a measure, `cost`, `capital_drawn`, `capital_outstanding` or `paid` (all that the payee has
    been paid so far); or weights by measure, `{ learning = 0.8, enrolment = 0.2 }`, which are
    multiplied and added"""
    per: Literal["contract", "cohort", "period"] = "contract"
    """`contract`: once, over all cohorts; `cohort`: once for each cohort on its own result;
    `period`: on what is measured in each period"""
    when: (
        Annotated[
            Annotated[list[Condition], Field(min_length=1), Tag("‹plain›")]
            | Annotated[Condition, Tag("‹table›")],
            Discriminator(conditions_form),
        ]
        | None
    ) = None
    """paid only when every condition holds"""
    terms: list[Term] = Field(default_factory=list)
    """read from top to bottom"""
    paid: Literal["as delivered", "after evaluation", "at end"] = "after evaluation"
    """`as delivered` (cost and capital drawn only): at the end of each period on what that period
    brought"""
    payer: Annotated[
        Annotated[str, Tag("‹plain›")]
        | Annotated[dict[str, Certain], Field(min_length=1), Tag("‹table›")],
        Discriminator(table_or_other),
    ] = "outcome_payer"
    """a party, or shares by party that sum to 1"""
    payee: str = "investor"
    """a party; a class of capital by its party's name"""
    limit: Level | None = None
    """the most that all claims of this payment together pay"""
    principal: bool = False
    """true: it repays principal, so that capital outstanding falls; where no payment says so, every
    payment to the investor does"""
    if_terminated: Literal["paid", "forfeited", "only then"] | None = None
    """what a termination does to what is not yet due: `paid` as measured, `forfeited`, or `only
    then` owed, when the termination takes effect; must be given where the contract can end early"""
    terminated_by: Annotated[list[str], Field(min_length=1)] | None = None
    """the terminations meant by `if_terminated`; default all"""
    grade: Literal["fact", "estimate", "assumption"] | None = None
    source: Words | None = None

    @property
    def payers(self) -> dict[str, float]:
        """Shares by payer, in name order."""
        if isinstance(self.payer, str):
            return {self.payer: 1.0}
        return {name: float(share.value or 0.0) for name, share in sorted(self.payer.items())}
