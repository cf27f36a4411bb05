"""Outcomes of one service user: metrics, effects, spreads and placement states."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, model_validator

from simulator.scenario.evidence import with_scale
from simulator.scenario.fading import Fade, shares_of
from simulator.scenario.numbers import Certain, Grade, Name, Number, Title, Words
from simulator.scenario.strict import Strict


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

    @model_validator(mode="before")
    @classmethod
    def _evidence_on_its_scale(cls, data: Any) -> Any:
        return with_scale(data)


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
    titles: dict[Name, Title] | None = None
    """what each state is called; default: its name"""
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
    fade: Fade | None = None
    """instead of a profile: effects measured at two ages or more, and what is between and after"""
    cohorts: list[str] | None = None
    """cohorts that have the states; default all"""
    grade: Grade | None = None
    source: Words | None = None

    @property
    def shares(self) -> list[float]:
        """Share of the effect in year 1, 2, … since enrolment, from profile or fade."""
        return shares_of(self)

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
    unit: Words | None = None
    """in the plural, such as "days"; default the currency for an amount; anything else needs a
    `price` to be worth money"""
    baseline: Number = Number(value=0.0)
    """without the programme: chance of success, events or amount per service user and year; must be
    given unless the metric reads `states`"""
    effect: Effect | None = None
    """must be given, except for an amount that is `given` a binary metric, where none means no own
    effect"""
    profile: Annotated[list[float], Field(min_length=1)] = Field(default=[1.0])
    """share of the effect in year 1, 2, … since enrolment; the last value holds"""
    fade: Fade | None = None
    """instead of a profile: effects measured at two ages or more, and what is between and after"""
    spread: Spread | None = None
    """counts and amounts; there is no default"""
    persistence: Certain | None = None
    """correlation of the same person's scores between any two years; must be given for counts and
    amounts that arise in more than one year"""
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
    sampled: Literal["participant", "count", "aggregate"] | None = None
    """how it is drawn: each participant; how many succeed (binary); the sum of those who enrol
    together (counts, amounts). Default: the coarsest that changes nothing in law, where it pays"""
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

    @property
    def shares(self) -> list[float]:
        """Share of the effect in year 1, 2, … since enrolment, from profile or fade."""
        return shares_of(self)


def is_said(table: BaseModel, name: str) -> bool:
    """False for the baseline of a metric that reads states: its default stands for nothing."""
    return name != "baseline" or getattr(table, "states", None) is None
