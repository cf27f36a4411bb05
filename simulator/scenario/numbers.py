"""Numbers with a birth certificate: a value or a distribution, its source and its grade.

A number in a scenario is written `0.4`, or `{ value = 0.4, grade = "fact", source = "…" }`, or,
where the model marks it as uncertain, `{ normal = { mean = 0.4, sd = 0.1 }, grade = "…" }`. All
three become a `Number` here; nothing below this room ever sees a bare float.
"""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from simulator.scenario.base_rates import BaseRate as BaseRate
from simulator.scenario.evidence import Evidence as Evidence
from simulator.scenario.strict import Strict
from simulator.scenario.texts import Grade as Grade
from simulator.scenario.texts import Name as Name
from simulator.scenario.texts import Title as Title
from simulator.scenario.texts import Words as Words
from simulator.scenario.texts import table_or_other as table_or_other

# --- families ---------------------------------------------------------------------------------


class Normal(Strict):
    """Normal with this mean and standard deviation."""

    mean: float
    """its mean"""
    sd: Annotated[float, Field(ge=0)]
    """its standard deviation; 0 is the mean itself"""


class TruncatedNormal(Strict):
    """Normal cut to [low, high]; `mean` and `sd` are those after the cut."""

    mean: float
    """mean after the cut"""
    sd: Annotated[float, Field(gt=0)]
    """standard deviation after the cut"""
    low: float | None = None
    """nothing lies below; default no cut"""
    high: float | None = None
    """nothing lies above; default no cut"""


class Lognormal(Strict):
    """Lognormal by `mean` and `sd`, or by `mean` or `median` and `sigma` (sd of the logarithm)."""

    mean: Annotated[float, Field(gt=0)] | None = None
    """its mean"""
    median: Annotated[float, Field(gt=0)] | None = None
    """its median"""
    sd: Annotated[float, Field(gt=0)] | None = None
    """its standard deviation"""
    sigma: Annotated[float, Field(gt=0)] | None = None
    """standard deviation of the logarithm"""


class Beta(Strict):
    """Beta by `alpha` and `beta`, `mean` and `sd`, or `successes` of `trials`: Beta(s, n − s)."""

    alpha: Annotated[float, Field(gt=0)] | None = None
    """first parameter"""
    beta: Annotated[float, Field(gt=0)] | None = None
    """second parameter"""
    mean: Annotated[float, Field(gt=0, lt=1)] | None = None
    """its mean"""
    sd: Annotated[float, Field(gt=0)] | None = None
    """its standard deviation"""
    successes: Annotated[float, Field(gt=0)] | None = None
    """successes seen"""
    trials: Annotated[float, Field(gt=0)] | None = None
    """of so many trials"""


class Gamma(Strict):
    """Gamma by `mean` and `sd`, or by `shape` and `scale`, or by `shape` and `mean`."""

    mean: Annotated[float, Field(gt=0)] | None = None
    """its mean"""
    sd: Annotated[float, Field(gt=0)] | None = None
    """its standard deviation"""
    shape: Annotated[float, Field(gt=0)] | None = None
    """its shape"""
    scale: Annotated[float, Field(gt=0)] | None = None
    """its scale: mean = shape × scale"""


class Uniform(Strict):
    """Uniform between `low` and `high`."""

    low: float
    """the lowest value"""
    high: float
    """the highest value"""


class Triangular(Strict):
    """Triangular from `low` over `mode` to `high`."""

    low: float
    """the lowest value"""
    mode: float
    """the likeliest value"""
    high: float
    """the highest value"""


class Pert(Strict):
    """PERT from `low` over `mode` to `high`: mean (low + weight·mode + high)/(weight + 2)."""

    low: float
    """the lowest value"""
    mode: float
    """the likeliest value"""
    high: float
    """the highest value"""
    weight: Annotated[float, Field(gt=0)] = 4.0
    """weight of the mode"""


class StudentT(Strict):
    """Student's t with `df` degrees of freedom, moved to `centre` and stretched by `scale`."""

    centre: float
    """its centre, and its mean"""
    scale: Annotated[float, Field(gt=0)]
    """how far it is stretched"""
    df: Annotated[float, Field(gt=0)]
    """degrees of freedom; above 1"""


class Discrete(Strict):
    """Each of `values` with its weight in `weights` (weights are shares that sum to 1)."""

    values: Annotated[list[float], Field(min_length=1)]
    """what it may be"""
    weights: Annotated[list[Annotated[float, Field(ge=0)]], Field(min_length=1)]
    """the share of each, which sum to 1"""


class Empirical(Strict):
    """Every value in `values` is equally likely; or a column of a CSV file beside the scenario."""

    values: Annotated[list[float], Field(min_length=2)] | None = None
    """the values, each as likely"""
    file: str | None = None
    """a CSV file beside the scenario, instead of `values`"""
    column: str | None = None
    """the file's column"""


class Quantiles(Strict):
    """Passes exactly through `values` at the stated `levels`; smooth between and beyond them."""

    levels: Annotated[list[Annotated[float, Field(gt=0, lt=1)]], Field(min_length=2)]
    """shares below, ascending"""
    values: Annotated[list[float], Field(min_length=2)]
    """the value at each level, ascending"""


FAMILIES = (
    "normal",
    "truncated_normal",
    "lognormal",
    "beta",
    "gamma",
    "uniform",
    "triangular",
    "pert",
    "student_t",
    "discrete",
    "mixture",
    "empirical",
    "quantiles",
    "evidence",
    "base_rate",
)


class Families(Strict):
    """At most one distribution, under the name of its family."""

    normal: Normal | None = None
    """a normal distribution"""
    truncated_normal: TruncatedNormal | None = None
    """a normal distribution, cut"""
    lognormal: Lognormal | None = None
    """a lognormal distribution"""
    beta: Beta | None = None
    """a beta distribution"""
    gamma: Gamma | None = None
    """a gamma distribution"""
    uniform: Uniform | None = None
    """a uniform distribution"""
    triangular: Triangular | None = None
    """a triangular distribution"""
    pert: Pert | None = None
    """a PERT distribution"""
    student_t: StudentT | None = None
    """a Student's t distribution"""
    discrete: Discrete | None = None
    """a discrete distribution"""
    empirical: Empirical | None = None
    """values that were observed"""
    quantiles: Quantiles | None = None
    """a distribution through stated quantiles"""

    @property
    def family(self) -> str | None:
        """The name of the family that is given, or None."""
        return next((name for name in FAMILIES if getattr(self, name, None) is not None), None)

    @property
    def law(self) -> Strict | None:
        """The distribution that is given, or None."""
        return getattr(self, self.family) if self.family else None


class Part(Families):
    """One part of a mixture: a `weight`, and a `value` or a distribution."""

    weight: Annotated[float, Field(gt=0, le=1)]
    """share of the time; the weights of all parts sum to 1"""
    value: float | None = None
    """a value, instead of a distribution"""


class Mixture(Strict):
    """A share `weight` of the time each part; weights sum to 1."""

    parts: Annotated[list[Part], Field(min_length=1)]
    """the parts"""


class Number(Families):
    """A value or a distribution, with its source and grade."""

    value: float | None = None
    """the value, where the number is not a distribution"""
    mixture: Mixture | None = None
    """several distributions, each a share of the time"""
    evidence: Evidence | None = None
    """studies, pooled and carried over to a new site"""
    base_rate: BaseRate | None = None
    """as in real contracts: `"users reached"`, for the share of planned service users who enrol"""
    grade: Grade | None = None
    """how well it is known"""
    source: Words | None = None
    """where it was read: a key of `[sources]`, or words"""
    note: Words | None = None
    """why this value"""

    @property
    def uncertain(self) -> bool:
        """True when the number is a distribution, drawn once per path."""
        return self.value is None

    @model_validator(mode="before")
    @classmethod
    def _from_plain(cls, data: Any) -> Any:
        if isinstance(data, (int, float)) and not isinstance(data, bool):
            return {"value": data}
        return data


def _no_uncertainty(data: Any) -> Any:
    """Certain numbers: a term of the contract, a time, a size; a distribution here is an error."""
    if isinstance(data, dict) and any(name in data for name in FAMILIES):
        raise ValueError(
            "a distribution is not allowed here; give a value (vary it with a variant or --set)"
        )
    return data


Certain = Annotated[Number, BeforeValidator(_no_uncertainty)]
"""A number that may carry a source and grade but not a distribution."""


def names_or_number(data: Any) -> str:
    """The tag of a form that is either a table by name or a number, which may be a table too."""
    by_name = isinstance(data, dict) and not {*FAMILIES, "value", "grade"} & data.keys()
    return "‹table›" if by_name else "‹plain›"


def number_is_given(number: Number) -> bool:
    """True when exactly one of value and distribution is present."""
    families = [name for name in FAMILIES if getattr(number, name, None) is not None]
    return (number.value is not None) + len(families) == 1
