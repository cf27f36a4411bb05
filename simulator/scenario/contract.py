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


def _relative_or_number(data: Any) -> str:
    """The tag of a level: a multiple when a key begins with `of`, else a number."""
    is_table = isinstance(data, dict) and any(str(key).startswith("of") for key in data)
    return "‹relative›" if is_table or isinstance(data, Relative) else "‹plain›"


Level = Annotated[
    Annotated[Relative, Tag("‹relative›")] | Annotated[Certain, Tag("‹plain›")],
    Discriminator(_relative_or_number),
]
"""A number, or a multiple of a quantity of the path: `{ of_drawn = 0.6 }`."""


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
    grade: Literal["fact", "estimate", "assumption"] | None = None
    source: Words | None = None


# --- payments -----------------------------------------------------------------------------------


class Band(Strict):
    """A marginal band: `price` for each unit between `above` and the next band."""

    above: Certain
    price: Certain


class Steps(Strict):
    """A table from the input to a value."""

    points: Annotated[
        list[Annotated[list[float], Field(min_length=2, max_length=2)]], Field(min_length=1)
    ]
    """pairs [input, value] with inputs ascending"""
    form: Literal["stepped", "interpolated"]
    """`stepped`: the highest step reached, 0 below the first; `interpolated`: straight lines
    between the points, 0 below the first, the last value above it"""


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
    uplift: Uplift | None = None
    """value × (1 + rate)^years since the date"""
    after: str | None = None
    """paid this much later; amounts due after the last period fall in it"""


class Condition(Strict):
    """A test on another measure: all that are given must hold."""

    measure: str
    at_least: Certain | None = None
    """holds when the measured value ≥ this (within a relative 1e-9)"""
    below: Certain | None = None
    """holds when the measured value < this"""


def _conditions(data: Any) -> str:
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
    """a measure, `capital_drawn` or `cost`; or weights by measure, `{ learning = 0.8, enrolment =
    0.2 }`, which are multiplied and added"""
    per: Literal["contract", "cohort", "period"] = "contract"
    """`contract`: once, over all cohorts; `cohort`: once for each cohort on its own result;
    `period`: on what is measured in each period"""
    when: (
        Annotated[
            Annotated[list[Condition], Field(min_length=1), Tag("‹plain›")]
            | Annotated[Condition, Tag("‹table›")],
            Discriminator(_conditions),
        ]
        | None
    ) = None
    """paid only when every condition holds"""
    terms: list[Term] = Field(default_factory=list)
    """read from top to bottom"""
    paid: Literal["as delivered", "after evaluation", "at end"] = "after evaluation"
    """`as delivered` (cost and capital drawn only): at the end of each period on what that period
    brought"""
    payer: str = "outcome_payer"
    payee: str = "investor"
    grade: Literal["fact", "estimate", "assumption"] | None = None
    source: Words | None = None


class AnnualReturn(Strict):
    """A cap on the investor's yearly return."""

    rate: Certain
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
    grade: Literal["fact", "estimate", "assumption"] | None = None
    source: Words | None = None


# --- money in -----------------------------------------------------------------------------------


class Spending(Strict):
    """Spending over time: by the year between two dates, or period by period from the start."""

    per_year: Number | None = None
    start: datetime.date | None = None
    """default: the time grid's start"""
    until: datetime.date | None = None
    """last day of spending; default: the end of the horizon"""
    schedule: Annotated[list[Number], Field(min_length=1)] | None = None
    """amount in each period, from the first on; the rest nothing"""


class Capital(Strict):
    """What the investor puts in: costs are drawn as they arise, up to the commitment."""

    commitment: Certain
    """the most that can be drawn"""
    costs: Spending
    """the programme's cost; what exceeds the commitment is borne by the outcome payer"""
    drawdown: Literal["as needed", "at start"] = "as needed"
    """`as needed`: at the start of the period in which the cost arises; `at start`: the commitment
    at once"""
    grade: Literal["fact", "estimate", "assumption"] | None = None
    source: Words | None = None


class Fee(Strict):
    """A fee between two parties: an amount, a yearly amount, or a share of a quantity."""

    title: Title | None = None
    payer: str
    payee: str
    amount: Number | None = None
    """once, on `date`"""
    date: datetime.date | None = None
    """default: the start"""
    per_year: Number | None = None
    start: datetime.date | None = None
    until: datetime.date | None = None
    share: Number | None = None
    """share of `of`, paid in the period in which it arises"""
    of: Literal["capital_drawn", "outcome_payments"] | None = None
    buys_work: bool = True
    """true: the payee's work uses real resources of the same value; false for a pure transfer such
    as a guarantee fee"""


class Cost(Strict):
    """A real cost besides the programme: administration, evaluation, own staff."""

    title: Title | None = None
    party: str
    """who bears it"""
    amount: Number | None = None
    date: datetime.date | None = None
    per_year: Number | None = None
    start: datetime.date | None = None
    until: datetime.date | None = None


class Guarantee(Strict):
    """A guarantee on the investor's loss, called at completion, after all payments."""

    title: Title | None = None
    guarantor: str = "guarantor"
    beneficiary: Literal["investor"] = "investor"
    reading: Literal["pari passu", "floor", "first loss", "second loss", "maximum loss"]
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
    trigger: Literal["completion"] = "completion"
    order: int = 1
    """guarantees are called in ascending order, each on the loss left; ties in name order"""
    after: str | None = None
    """payout lag; amounts due after the last period fall in it"""
    grade: Literal["fact", "estimate", "assumption"] | None = None
    source: Words | None = None
