"""The scenario: every word that a scenario file may contain.

Fields carry their meaning as docstrings; the JSON Schema and the manual are generated from them.
Rules that need more than one field live in `checks`.
"""

import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from simulator.scenario.contract import (
    Capital,
    Cost,
    Fee,
    Guarantee,
    Limits,
    Measure,
    Payment,
)
from simulator.scenario.numbers import Certain, Grade, Name, Number, Title, Words
from simulator.scenario.outcomes import Effect, Metric, Spread, States, is_said
from simulator.scenario.people import Cohort, DropOut, Enrolment
from simulator.scenario.realised import SETTLED, Measured, Published, Realised
from simulator.scenario.risks import Event
from simulator.scenario.strict import Strict

__all__ = [
    "SETTLED",
    "Cohort",
    "Correlation",
    "DropOut",
    "Effect",
    "Enrolment",
    "Event",
    "Factor",
    "Index",
    "Measured",
    "Metric",
    "Name",
    "Party",
    "Pocket",
    "Published",
    "Rate",
    "Realised",
    "Scenario",
    "Source",
    "Spread",
    "States",
    "Time",
    "is_said",
]


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


def _as_tuple(data: Any) -> Any:
    return tuple(data) if isinstance(data, list) else data


def _laid_over(shared: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """A cohort's own keys over the shared ones; a profile and a fade replace each other."""
    other = {"profile": "fade", "fade": "profile"}
    replaced = {other[key] for key in own if key in other} - own.keys()
    return {**{key: item for key, item in shared.items() if key not in replaced}, **own}


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
    limits: Limits = Limits.model_construct()
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
        return Metric.model_validate(_laid_over(shared.model_dump(exclude_unset=True), raw))

    def states_in(self, cohort: str, states: str) -> States:
        """The states as they are in the cohort: its own keys laid over the shared ones."""
        raw = self.cohorts[cohort].states.get(states, {})
        shared = self.states[states]
        if not raw:
            return shared
        return States.model_validate(_laid_over(shared.model_dump(exclude_unset=True), raw))
