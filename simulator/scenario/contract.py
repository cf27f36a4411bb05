"""The words of a contract: measures, capital, payments, limits, fees and guarantees.

A payment is a sentence: what it is `of`, a list of small terms read from top to bottom, and when it
is paid. Nothing here is ever a formula in a string.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from simulator.scenario.numbers import (
    Certain,
    Number,
    Strict,
    Title,
    Words,
    names_or_number,
    table_or_other,
)

# --- references to other quantities -------------------------------------------------------------


class Relative(Strict):
    """An amount stated as a multiple of another one that is known only on the path."""

    of_drawn: Certain | None = None
    """multiple of the capital drawn, never of the commitment"""
    of_commitment: Certain | None = None
    """multiple of the commitment"""
    of_cost: Certain | None = None
    """multiple of the programme's whole cost"""
    of_outstanding: Certain | None = None
    """multiple of the capital outstanding just before the payment: drawn less principal repaid"""
    by_year: Annotated[list[Certain], Field(min_length=1)] | None = None
    """the level in contract year 1, 2, …, counted from the time grid's start; the last one holds"""
    by_drawn: (
        Annotated[
            list[Annotated[list[float], Field(min_length=2, max_length=2)]], Field(min_length=1)
        ]
        | None
    ) = None
    """pairs [capital drawn, level]: straight lines between them, level outside"""


def _relative_or_number(data: Any) -> str:
    """The tag of a level: relative when a key begins with `of` or `by`, else a number."""
    is_table = isinstance(data, dict) and any(str(key)[:2] in ("of", "by") for key in data)
    return "‹relative›" if is_table or isinstance(data, Relative) else "‹plain›"


Level = Annotated[
    Annotated[Relative, Tag("‹relative›")] | Annotated[Certain, Tag("‹plain›")],
    Discriminator(_relative_or_number),
]
"""A number, a multiple of a quantity of the path, `{ of_drawn = 0.6 }`, or a level by year."""


# --- evaluation ---------------------------------------------------------------------------------

ReferenceKind = Literal[
    "fixed",
    "observed",
    "to be collected",
    "matched",
    "randomised",
    "own past",
    "difference in differences",
    "none",
]


class Reference(Strict):
    """What the evaluator compares with."""

    kind: ReferenceKind
    """how the comparison is made (docs/model.md, section 5)"""
    value: (
        Annotated[
            Annotated[dict[str, Certain], Tag("‹table›")] | Annotated[Certain, Tag("‹plain›")],
            Discriminator(names_or_number),
        ]
        | None
    ) = None
    """its known number, per service user and year (rate for a binary metric); by metric when there
    are several; kinds `fixed` and `observed`; default: the metric's baseline"""
    size: Annotated[int, Field(ge=1)] | None = None
    """people in the reference group; kinds `observed`, `to be collected`, `matched`, `randomised`,
    `difference in differences`"""
    year: int | None = None
    """when the group was followed; information only"""
    drift: Number | None = None
    """how far the cohort's true counterfactual has moved from the group, as a share of it; kinds
    `observed`, `to be collected`, `difference in differences`"""
    bias: Number | None = None
    """share by which the reference overstates the counterfactual when averaged over samples; kind
    `matched`"""
    before: Number | None = None
    """level of the people in the year before, as a multiple of their long-run mean; kind `own past`
    (1.3 for a group selected at its peak)"""
    deadweight: Certain | None = None
    """share of successes that would have come anyway, stated for the reader; kind `none`"""
    price_growth: Number | None = None
    """true yearly price change from the reference's price year on; needs `price_year`"""
    price_year: int | None = None
    """year whose prices the reference's number is in; needs the scenario's `price_year`"""
    indexed: Certain | None = None
    """yearly rate by which the contract lifts the reference's prices; default 0: not at all"""
    grade: Literal["fact", "estimate", "assumption"] | None = None
    source: Words | None = None


class FollowUp(Strict):
    """Who can be traced when the evaluator measures."""

    share: Number
    """chance that a service user can be traced"""
    lost_ratio: Number | None = None
    """outcome level of those lost relative to those traced; default 1: they do not differ"""
    rule: Literal["excluded", "failure"] = "excluded"
    """`excluded`: the mean of the traced stands for all; `failure`: those lost count as no success
    and as their reference"""


Quantity = Literal["count", "rate", "effect", "effect per user", "relative effect", "saving"]


class Measure(Strict):
    """What the evaluator sees: a quantity of one metric, or a saving over several cost lines."""

    title: Title | None = None
    metric: str | None = None
    """the metric that is measured; for a saving give `perimeter` instead"""
    perimeter: Annotated[list[str], Field(min_length=1)] | None = None
    """the money metrics whose cost lines count in the saving; `programme_cost` among them deducts
    the programme"""
    quantity: Quantity | None = None
    """default `saving` with a perimeter; must be given with a metric"""
    window: str
    """time since enrolment that counts, as "2 years" or "18 months" """
    cohorts: list[str] | None = None
    """cohorts that count; default all that have the metric"""
    reference: Reference | None = None
    """needed for effects and savings unless `standard_error` is given"""
    standard_error: Number | None = None
    """measured = realised effect + Normal(0, this), in the measure's quantity"""
    follow_up: FollowUp | None = None
    """who is lost to follow-up; default none"""
    reported_after: str | None = None
    """time from the end of the last window to the evaluator's report; default none"""
    target: Certain | None = None
    """level promised or hoped for; the summary gives the probability of reaching it"""
    per_person_most: Certain | None = None
    """the most that one service user counts over the window, in the metric's unit: a cap on repeat
    claims, or on one person's measured cost; the reference's people are capped alike"""
    to_date: bool = False
    """true: what is measured in a period is all from the start to its end (payments `per =
    "period"`); false: that period's alone"""
    grade: Literal["fact", "estimate", "assumption"] | None = None
    source: Words | None = None


# --- payments -----------------------------------------------------------------------------------


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
    """date at which the amount is stated"""


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
    """value × (1 + rate)^years since the date"""
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


class AnnualReturn(Strict):
    """A cap on the investor's yearly return."""

    rate: Certain
    """yearly rate of return"""
    form: Literal["compound", "simple"] = "compound"
    """`compound`: the payment that would lift the IRR above the rate is cut, exactly; `simple`:
    simple interest on the balance"""


class Limits(Strict):
    """What the contract pays at most, whatever its payments say."""

    total: Certain | None = None
    """amount, over the whole contract"""
    multiple: Certain | None = None
    """multiple of the capital drawn, over the whole contract"""
    annual_return: AnnualReturn | None = None
    """cap on the investor's yearly return"""
    per_period: Certain | None = None
    """amount due at any one time"""
    per_service_user: Certain | None = None
    """amount for each service user who enrolled, over the whole contract"""
    grade: Literal["fact", "estimate", "assumption"] | None = None
    source: Words | None = None


# --- money in -----------------------------------------------------------------------------------


class Shock(Strict):
    """A jump of a price during the contract."""

    share: Number
    """the change as a share: 0.15 is 15 % dearer"""
    start: Annotated[datetime.date, Field(alias="from")]
    """from the period that holds this day"""


class Spending(Strict):
    """Spending over time: by the year between two dates, or period by period from the start."""

    per_year: Number | None = None
    """amount a year, by days of the calendar year"""
    start: datetime.date | None = None
    """default: the time grid's start"""
    until: datetime.date | None = None
    """last day of spending; default: the end of the horizon"""
    schedule: Annotated[list[Number], Field(min_length=1)] | None = None
    """amount in each period, from the first on; the rest nothing"""
    per_service_user: Number | None = None
    """amount for each service user, in the period of enrolment; alone or beside the others"""
    growth: Number | None = None
    """true yearly change of price since the grid's start"""
    shock: Shock | None = None
    """a jump of price"""


class CapitalClass(Strict):
    """A tranche: one party's capital, with its place in the waterfall."""

    title: Title | None = None
    share: Certain
    """share of every drawdown; the classes' shares sum to 1"""
    kind: Literal["loan", "grant", "own fee"] = "loan"
    """`grant`: is not repaid and no private capital; `own fee`: the provider's own pay at risk"""
    rank: Annotated[int, Field(ge=1)] = 1
    """1 is repaid first; equal ranks in proportion to what they are owed"""
    interest: Certain | None = None
    """yearly rate on what is outstanding, compound; paid before principal"""
    residual: Certain | None = None
    """share of what is left when every class is repaid; shares sum to 1; default: in proportion to
    `share` among all but grants"""
    grade: Literal["fact", "estimate", "assumption"] | None = None
    source: Words | None = None


class Capital(Strict):
    """What the investor puts in: costs are drawn as they arise, up to the commitment."""

    commitment: Certain
    """the most that can be drawn"""
    costs: Spending
    """the programme's cost; what exceeds the commitment is borne by the outcome payer"""
    drawdown: Literal["as needed", "at start"] = "as needed"
    """`as needed`: at the start of the period in which the cost arises; `at start`: the commitment
    at once"""
    share: Certain | None = None
    """share of each cost that capital finances; the outcome payer bears the rest; default all"""
    recycling: bool = False
    """true: what is repaid finances later costs before more is drawn, and what is not needed for
    them goes to the investor"""
    classes: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], CapitalClass] = Field(
        default_factory=dict
    )
    """tranches by party; payments to the investor pass through their waterfall"""
    grade: Literal["fact", "estimate", "assumption"] | None = None
    source: Words | None = None


class Fee(Strict):
    """A fee between two parties: an amount, a yearly amount, or a share of a quantity."""

    title: Title | None = None
    payer: str
    """the party that pays"""
    payee: str
    """the party that is paid"""
    amount: Number | None = None
    """once, on `date`"""
    date: datetime.date | None = None
    """default: the start"""
    per_year: Number | None = None
    """amount a year, by days"""
    start: datetime.date | None = None
    """first day of a yearly fee; default the start"""
    until: datetime.date | None = None
    """last day of a yearly fee; default the end"""
    share: Number | None = None
    """share of `of`, paid in the period in which it arises"""
    of: Literal["capital_drawn", "outcome_payments"] | None = None
    """what `share` is a share of"""
    buys_work: bool = True
    """true: the payee's work uses real resources of the same value; false for a pure transfer such
    as a guarantee fee"""
    shock: Shock | None = None
    """a jump of the amount"""


class Cost(Strict):
    """A real cost besides the programme: administration, evaluation, own staff."""

    title: Title | None = None
    party: str
    """who bears it"""
    amount: Number | None = None
    """once, on `date`"""
    date: datetime.date | None = None
    """default: the start"""
    per_year: Number | None = None
    """amount a year, by days"""
    start: datetime.date | None = None
    """first day of a yearly cost; default the start"""
    until: datetime.date | None = None
    """last day of a yearly cost; default the end"""
    shock: Shock | None = None
    """a jump of the amount"""


class Guarantee(Strict):
    """A guarantee on the investor's loss, called at completion, after all payments."""

    title: Title | None = None
    guarantor: str = "guarantor"
    """the party that pays"""
    beneficiary: Literal["investor"] = "investor"
    """whose loss it covers"""
    reading: Literal["pari passu", "floor", "first loss", "second loss", "maximum loss"]
    """how it is read: the formula of its payout (docs/model.md, section 6)"""
    coverage: Certain | None = None
    """share of the object; not used by `second loss` and `maximum loss`"""
    object: Literal["drawn", "committed", "with return", "at risk"] = "drawn"
    """what the coverage refers to; `at risk`: capital drawn less the activity payments received"""
    target_return: Certain | None = None
    """for object `with return`: the object is the capital drawn × (1 + this)"""
    attachment: Level | None = None
    """second loss: loss at which the guarantee begins"""
    detachment: Level | None = None
    """second loss: loss at which it ends"""
    maximum: Level | None = None
    """maximum loss: what the investor bears at most"""
    cap: Level | None = None
    """the guarantor pays at most this"""
    trigger: Literal["completion", "early termination", "either"] = "completion"
    """`completion`: not called on a contract that was terminated; `early termination`: on none
    other; a contract that never started is neither"""
    order: int = 1
    """guarantees are called in ascending order, each on the loss left; ties in name order"""
    after: str | None = None
    """payout lag; amounts due after the last period fall in it"""
    grade: Literal["fact", "estimate", "assumption"] | None = None
    source: Words | None = None
