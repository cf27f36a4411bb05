"""The scenario: every word that a scenario file may contain.

Fields carry their meaning as docstrings; the JSON Schema and the manual are generated from them.
Rules that need more than one field live in `checks`.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Discriminator, Field, Tag, model_validator

from simulator.scenario.contract import (
    Capital,
    Cost,
    Fee,
    Guarantee,
    Limits,
    Measure,
    Payment,
)
from simulator.scenario.numbers import Certain, Grade, Number, Strict, Title, Words
from simulator.scenario.risks import Event

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
"""Names of things: lower-case letters, digits and underscores."""


class Time(Strict):
    """The grid of equal periods."""

    start: datetime.date
    """the first period's first day; a day of the month from 1 to 28"""
    period: Literal["month", "quarter", "half-year", "year"]
    """length of a period"""
    horizon: str
    """how long results are followed, as "6 years"; whole periods"""


class Party(Strict):
    """Someone with a stake. A plain text is taken as the title in both languages."""

    title: Title
    source: Words | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_plain(cls, data: Any) -> Any:
        return {"title": data} if isinstance(data, str) else data


class Pocket(Strict):
    """Whose budget a cost or a saving belongs to."""

    title: Title
    holder: str = "outcome_payer"
    """the party that holds the budget"""
    cashable: Number
    """share of an avoided cost that the budget can release"""


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
    enrolment: Enrolment = Enrolment()
    """default: all at the start"""
    drop_out: DropOut | None = None
    """who leaves the programme; default nobody"""
    metrics: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """what differs from the metric of that name in this cohort; the same keys as in `[metrics]`"""
    states: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """what differs from the states of that name in this cohort; the same keys as in `[states]`"""
    grade: Grade | None = None
    source: Words | None = None


class Effect(Strict):
    """What the programme does to the metric, at full strength; exactly one form."""

    difference: Number | None = None
    """added to the baseline: a risk difference, or units per service user and year"""
    ratio: Number | None = None
    """multiplies the baseline: 0.9 is ten per cent less"""
    odds_ratio: Number | None = None
    """multiplies the odds; binary metrics only"""
    grade: Grade | None = None
    source: Words | None = None


class Spread(Strict):
    """How service users differ from each other and from year to year, around the baseline."""

    law: Literal["gamma", "lognormal", "constant", "poisson", "negative binomial"]
    """the law: gamma, lognormal or constant for amounts, poisson or negative binomial for counts"""
    sd: Annotated[float, Field(gt=0)] | None = None
    """standard deviation between service users in one year, at the baseline's mean, zeros included
    (amounts)"""
    sigma: Annotated[float, Field(gt=0)] | None = None
    """lognormal only, instead of sd: standard deviation of the logarithm of those above zero"""
    none: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """share with nothing at all in a year (amounts)"""
    most: Annotated[float, Field(gt=0)] | None = None
    """most that one service user can have in a year, at the baseline's mean (amounts); mean and sd
    are kept"""
    dispersion: Annotated[float, Field(gt=0)] | None = None
    """negative binomial: variance = mean + dispersion × mean² in one year"""
    grade: Grade | None = None
    source: Words | None = None


class States(Strict):
    """Placement states of a service user, from month to month: a Markov chain."""

    title: Title | None = None
    start: Annotated[dict[Name, Certain], Field(min_length=1)]
    """shares by state in the first month since enrolment; they sum to 1. Every state stands here
    or in `monthly`"""
    monthly: Annotated[dict[Name, dict[Name, Number]], Field(min_length=1)]
    """without the programme: from each state, the chance of moving to each other one in a month;
    the rest stay, and a state without moves (`aged_out = {}`) is never left"""
    effect: dict[Name, dict[Name, Effect]] = Field(default_factory=dict)
    """what the programme does to these chances, by state and next state, while the person takes
    part; where a state's chances would pass 1 together they are scaled to 1"""
    profile: Annotated[list[float], Field(min_length=1)] = Field(default=[1.0])
    """share of the effect in year 1, 2, … since enrolment; the last value holds"""
    cohorts: list[str] | None = None
    """cohorts that have the states; default all"""
    grade: Grade | None = None
    source: Words | None = None

    @property
    def names(self) -> list[str]:
        """The states in name order: those that people start in, and those with moves."""
        return sorted({*self.start, *self.monthly})


class Metric(Strict):
    """An outcome of one service user."""

    title: Title | None = None
    kind: Literal["binary", "count", "amount"]
    """`binary`: success or not, once; `count`: events a year; `amount`: money, days or points a
    year"""
    better: Literal["higher", "lower"]
    """the direction of good"""
    unit: str | None = None
    """default the currency for an amount; anything else needs a `price` to be worth money"""
    baseline: Number = Number(value=0.0)
    """without the programme: chance of success, events or amount per service user and year; must be
    given unless the metric reads `states`"""
    effect: Effect | None = None
    """must be given, except for an amount that is `given` a binary metric, where none means no own
    effect"""
    profile: Annotated[list[float], Field(min_length=1)] = Field(default=[1.0])
    """share of the effect in year 1, 2, … since enrolment; the last value holds"""
    spread: Spread | None = None
    """counts and amounts; there is no default"""
    persistence: Certain | None = None
    """correlation of the same person's scores between any two years; counts and amounts"""
    person: str | None = None
    """metrics that name the same `person` share the person's lasting score"""
    given: str | None = None
    """a binary metric: the amount arises only for those who succeeded in it; for a binary metric,
    the milestone before: baseline and effect are then chances given that one"""
    states: str | None = None
    """placement states that the metric reads instead of a baseline, effect and spread of its own"""
    per_month: dict[Name, Number] | None = None
    """amount that reads states: units or money per month spent in each state; the others nothing"""
    in_states: Annotated[list[str], Field(min_length=1)] | None = None
    """binary that reads states: success is to be in one of these at `at`"""
    moves_to: Annotated[list[str], Field(min_length=1)] | None = None
    """count that reads states: moves into these states from others"""
    lasts: str | None = None
    """time since enrolment in which events or amounts arise; default to the horizon and the longest
    window"""
    at: str | None = None
    """binary: time since enrolment at which success is settled; default "1 year" """
    drawn: Literal["once", "per cohort"] = "once"
    """whether its uncertain numbers are drawn once, or once for each cohort (sites that differ)"""
    cohorts: list[str] | None = None
    """cohorts that have the metric; default all"""
    pocket: str | None = None
    """whose budget bears it; without one the metric is worth no money to any budget"""
    price: Number | None = None
    """money per unit (success, event, day); for metrics not in money"""
    recipient: str | None = None
    """a benefit paid to this party: a saving is then a transfer, not society's gain"""
    public_value: Number | None = None
    """society's valuation per unit of effect, beside budget savings; never added to them"""
    grade: Grade | None = None
    source: Words | None = None


def is_said(table: BaseModel, name: str) -> bool:
    """False for the baseline of a metric that reads states: its default stands for nothing."""
    return name != "baseline" or getattr(table, "states", None) is None


class Rate(Strict):
    """A discount rate a year, nominal or real."""

    nominal: Certain | None = None
    """yearly rate, price changes included"""
    real: Certain | None = None
    """yearly rate above price changes; needs `[index]`"""
    grade: Grade | None = None
    source: Words | None = None


class Index(Strict):
    """General price change, to convert between nominal and real rates and to lift amounts."""

    per_year: Certain
    """yearly price change"""
    lift_amounts: bool = False
    """true: amounts of metrics and costs are in prices of `price_year` and rise with the index"""
    grade: Grade | None = None
    source: Words | None = None


class Factor(Strict):
    """A shared factor: each named number's score is loading × factor + own part."""

    loadings: Annotated[dict[str, float], Field(min_length=1)]
    """by the number's key, such as "metrics.school.effect.difference" """
    grade: Grade | None = None
    source: Words | None = None


class Correlation(Strict):
    """A Gaussian copula over named numbers, by matrix."""

    numbers: Annotated[list[str], Field(min_length=2)]
    """keys of uncertain numbers"""
    matrix: Annotated[list[list[float]], Field(min_length=2)]
    """symmetric, ones on the diagonal, positive definite"""
    grade: Grade | None = None
    source: Words | None = None


class Source(Strict):
    """A place where facts were read; numbers name it by its key."""

    title: Words
    address: str | None = None
    """where it can be read"""
    note: Words | None = None


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
Measured = Annotated[
    Annotated[float, Tag("‹plain›")]
    | Annotated[_ByPeriod, Tag("‹list›")]
    | Annotated[dict[str, _One], Tag("‹table›")],
    Discriminator(_form_of_measured),
]
"""A measured value: one number, one for each period, or a table by cohort."""


class Realised(Strict):
    """What happened; the same form as a results file, which leaves out `published`."""

    drawn: float | None = None
    """capital drawn"""
    cost: float | None = None
    """programme cost; default: what was drawn"""
    completed: bool = True
    """whether the programme was carried out as planned; default: it was"""
    terminated: datetime.date | None = None
    """when the contract ended early; then `completed` is false"""
    terminated_by: str | None = None
    """the event that ended it"""
    measures: dict[str, Measured] = Field(default_factory=dict)
    """the measured values: a number, one for each period, or a table by cohort"""
    published: Published | None = None
    """what was published about the settlement"""
    note: Words | None = None
    source: str | None = None
    variant: str | None = None
    """the variant that gave values of its own; set when it is applied, never written by hand"""


def _as_tuple(data: Any) -> Any:
    return tuple(data) if isinstance(data, list) else data


class Scenario(Strict):
    """A contract, its people and what is believed about them."""

    name: str = ""
    """taken from the file's name"""
    title: Title
    description: Title | None = None
    """what the contract is about, in a paragraph"""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    """three letters, such as SEK"""
    price_year: int | None = None
    """year whose prices amounts are in"""
    time: Time
    """the grid of periods"""
    index: Index | None = None
    """general price change"""
    sources: dict[Name, Source] = Field(default_factory=dict)
    """where facts were read"""
    parties: dict[Name, Party]
    """who has a stake; at least `outcome_payer`, and with capital `investor` and
    `service_provider`"""
    pockets: dict[Name, Pocket] = Field(default_factory=dict)
    """budgets that bear costs and feel savings"""
    cohorts: Annotated[dict[Name, Cohort], Field(min_length=1)]
    """the service users, in groups"""
    metrics: Annotated[dict[Name, Metric], Field(min_length=1)]
    """outcomes of one service user"""
    states: dict[Name, States] = Field(default_factory=dict)
    """placement states and moves between them"""
    measures: dict[Name, Measure] = Field(default_factory=dict)
    """what the evaluator sees"""
    events: dict[Name, Event] = Field(default_factory=dict)
    """things that can go wrong"""
    factors: dict[Name, Factor] = Field(default_factory=dict)
    """dependence through shared factors"""
    correlation: Correlation | None = None
    """dependence by matrix"""
    capital: Capital | None = None
    """what the investor puts in"""
    payments: dict[Name, Payment] = Field(default_factory=dict)
    """what is paid, for what, by whom"""
    limits: Limits = Limits()
    """what is paid at most"""
    fees: dict[Name, Fee] = Field(default_factory=dict)
    """fees between parties"""
    costs: dict[Name, Cost] = Field(default_factory=dict)
    """costs besides the programme's"""
    guarantees: dict[Name, Guarantee] = Field(default_factory=dict)
    """guarantees on the investor's loss"""
    rates: dict[Name, Rate] = Field(default_factory=dict)
    """by party; `society` and `common` besides"""
    realised: Realised | None = None
    """what happened, where it did"""
    variant: Annotated[tuple[str, ...], BeforeValidator(_as_tuple)] = ()
    """names of the variants that were applied, in order"""
    overrides: Annotated[tuple[str, ...], BeforeValidator(_as_tuple)] = ()
    """what `--set` changed, as it was written"""

    def metric_in(self, cohort: str, metric: str) -> Metric:
        """The metric as it is in the cohort: its own keys laid over the shared ones."""
        raw = self.cohorts[cohort].metrics.get(metric)
        shared = self.metrics[metric]
        if not raw:
            return shared
        return Metric.model_validate({**shared.model_dump(exclude_unset=True), **raw})

    def states_in(self, cohort: str, states: str) -> States:
        """The states as they are in the cohort: its own keys laid over the shared ones."""
        raw = self.cohorts[cohort].states.get(states, {})
        shared = self.states[states]
        if not raw:
            return shared
        return States.model_validate({**shared.model_dump(exclude_unset=True), **raw})
