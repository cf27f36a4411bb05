"""The service users: cohorts, when they start and who leaves."""

import datetime
from typing import Annotated, Any

from pydantic import Field

from simulator.scenario.numbers import Grade, Number, Title, Words
from simulator.scenario.strict import Strict


class Enrolment(Strict):
    """When service users start: evenly between two dates, or a number in each period."""

    start: datetime.date | None = Field(default=None, alias="from")
    """first day of enrolment; alone: everybody in the period that holds it"""
    until: datetime.date | None = Field(default=None, alias="to")
    """last day of enrolment"""
    by_period: Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=1)] | None = None
    """service users starting in each period; must sum to the cohort's number"""
    reached: Number | None = None
    """share of the planned service users who enrol, in the order planned; default all"""
    grade: Grade | None = None
    source: Words | None = None


class DropOut(Strict):
    """Leaving the programme: from then on no effect; the person is still measured."""

    per_year: Number
    """rate per service user and year"""


class Cohort(Strict):
    """A group of service users with its own enrolment and, where stated, its own outcomes."""

    title: Title | None = None
    service_users: Annotated[int, Field(ge=1, le=1_000_000)]
    """how many are planned"""
    enrolment: Enrolment = Enrolment.model_construct()
    """default: all at the start"""
    drop_out: DropOut | None = None
    """who leaves the programme; default nobody"""
    metrics: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """what differs from the metric of that name in this cohort; the same keys as in `[metrics]`"""
    states: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """what differs from the states of that name in this cohort; the same keys as in `[states]`"""
    grade: Grade | None = None
    source: Words | None = None
