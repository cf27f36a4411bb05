"""What the evaluator sees: measures, references and who can be followed up."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from simulator.scenario.numbers import Certain, Number, Title, Words, names_or_number
from simulator.scenario.strict import Strict

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
