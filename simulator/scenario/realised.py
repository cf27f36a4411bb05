"""What happened: measured values, and what was published about the settlement."""

import datetime
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from simulator.scenario.numbers import Words
from simulator.scenario.strict import Strict

SETTLED = (
    "drawn",
    "repaid",
    "outcome_payments",
    "activity_payments",
    "guarantee_payout",
    "received",
    "investor_profit",
    "investor_irr",
)
"""Figures of a settlement, as they may have been published; the keys of `Published` among them."""


class Published(Strict):
    """What was published about the settlement."""

    drawn: float | None = None
    """capital drawn"""
    repaid: float | None = None
    """paid to the investor by the payments"""
    outcome_payments: float | None = None
    """of which paid for outcomes"""
    activity_payments: float | None = None
    """of which paid for cost or capital"""
    guarantee_payout: float | None = None
    """paid by guarantors"""
    received: float | None = None
    """all that the investor received"""
    investor_profit: float | None = None
    """received less paid in"""
    investor_irr: float | None = None
    """the investor's yearly internal rate of return"""
    tolerance: Annotated[float, Field(ge=0)] | None = None
    """how far the figures may be off: their rounding, in the currency"""
    source: str | None = None
    check: Words | None = None
    """how strong the check is"""


def _form_of_measured(data: Any) -> str:
    """The tag of a measured value."""
    if isinstance(data, dict):
        return "‹table›"
    return "‹list›" if isinstance(data, list) else "‹plain›"


_ByPeriod = Annotated[list[float], Field(min_length=1)]
_One = Annotated[
    Annotated[float, Tag("‹plain›")] | Annotated[_ByPeriod, Tag("‹list›")],
    Discriminator(_form_of_measured),
]
Spent = _One
"""An amount over the whole contract, or one for each period."""
Measured = Annotated[
    Annotated[float, Tag("‹plain›")]
    | Annotated[_ByPeriod, Tag("‹list›")]
    | Annotated[dict[str, _One], Tag("‹table›")],
    Discriminator(_form_of_measured),
]
"""A measured value: one number, one for each period, or a table by cohort."""


def total(amount: float | list[float]) -> float:
    """The sum of an amount that is given in all or by period."""
    return sum(amount) if isinstance(amount, list) else amount


class Realised(Strict):
    """What happened; the same form as a results file, which leaves out `published`."""

    drawn: Spent | None = None
    """capital drawn: in all, or a list by period from the first on"""
    cost: Spent | None = None
    """programme cost: in all, or a list by period; default: what was drawn"""
    completed: bool = True
    """whether the programme was carried out as planned; default: it was"""
    terminated: datetime.date | None = None
    """when the contract ended early; then `completed` is false"""
    terminated_by: str | None = None
    """the event that ended it"""
    measures: dict[str, Measured] = Field(default_factory=dict)
    """the measured values: a number, a list with one for each period, or a table by cohort of
    either. A list may be shorter than what is measured (a settlement to date): the periods after
    it are taken to be 0, and the statement says so; it may not be longer"""
    published: Published | None = None
    """what was published about the settlement"""
    note: Words | None = None
    source: str | None = None
    variant: str | None = None
    """the variant that gave values of its own; set when it is applied, never written by hand"""
