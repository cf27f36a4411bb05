"""Evidence for a number: studies, how they differ, and what is taken off for a new site.

Studies are pooled on a scale on which effects add up, each after what is taken off for its design;
what is drawn is a *new site*, so that the error of the mean and the spread between sites both
count. Nothing is taken off and no spread is added that the file does not state. The formulas are in
docs/model.md §3 and in `simulator.scenario.fitting`.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from simulator.scenario.strict import Strict
from simulator.scenario.texts import Name, Title, Words

Scale = Literal["difference", "ratio", "odds ratio", "level", "log level", "log odds"]
EFFECT_SCALES: dict[str, Scale] = {
    "difference": "difference",
    "ratio": "ratio",
    "odds_ratio": "odds ratio",
}
"""The scale of the evidence for each form of an effect."""


class Counts(Strict):
    """So many events among so many people."""

    events: Annotated[float, Field(ge=0)]
    """to how many it happened"""
    of: Annotated[float, Field(gt=0)]
    """of how many people"""


class Haircut(Strict):
    """A factor on an effect; a bare number is the factor."""

    factor: Annotated[float, Field(gt=0, le=1)]
    """what is left of the effect; 1 takes nothing off. Of a ratio it multiplies the logarithm"""
    sd: Annotated[float, Field(ge=0)] = 0.0
    """standard deviation of the factor, where it is itself uncertain"""
    title: Title | None = None
    source: Words | None = None
    note: Words | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_plain(cls, data: Any) -> Any:
        if isinstance(data, (int, float)) and not isinstance(data, bool):
            return {"factor": data}
        return data


class Study(Strict):
    """One study, in one form: two groups, one group, or an estimate with its error or interval."""

    title: Title | None = None
    treated: Counts | None = None
    """events in the group that took part; with `comparison`"""
    comparison: Counts | None = None
    """events in the group that it is compared with"""
    group: Counts | None = None
    """events in one group alone: for a level such as a baseline"""
    estimate: float | None = None
    """what was found, as it is written: a ratio as a ratio, not its logarithm"""
    se: Annotated[float, Field(gt=0)] | None = None
    """standard error of the estimate; for differences and levels"""
    se_log: Annotated[float, Field(gt=0)] | None = None
    """standard error of the estimate's logarithm, of its odds where the scale is odds"""
    interval: Annotated[list[float], Field(min_length=2, max_length=2)] | None = None
    """confidence interval of the estimate, from low to high; with `level`"""
    level: Annotated[float, Field(gt=0, lt=1)] | None = None
    """level of the interval, such as 0.95"""
    scale: Scale | None = None
    """the scale it was reported on, where one wants that checked: it must be the evidence's"""
    design: Name | None = None
    """how it was made, such as `randomised` or `matched`: what `by_design` takes off"""
    haircut: Haircut | None = None
    """what is left of this study's effect, instead of what its design says"""
    source: Words | None = None
    note: Words | None = None


class Between(Strict):
    """How much the true effect differs from site to site: stated, or estimated from the studies."""

    sd: Annotated[float, Field(ge=0)] | None = None
    """its standard deviation on the scale (of logarithms for ratios and odds), after what is taken
    off by design; 0 says that the effect is the same everywhere"""
    method: Literal["Paule-Mandel", "DerSimonian-Laird"] | None = None
    """how it is estimated instead; weak with few studies"""


class Evidence(Strict):
    """Studies pooled on a scale and carried over to a new site, less what is taken off."""

    scale: Scale | None = None
    """where effects add up; of an effect that of its form (`ratio` and `odds_ratio` by logarithms);
    must be given for any other number: `log odds` for a share, `log level` for what is above 0"""
    studies: Annotated[dict[Name, Study], Field(min_length=1)]
    """the studies, by name"""
    between: Between | None = None
    """spread between sites; must be given with several studies"""
    by_design: Annotated[dict[Name, Haircut], Field(min_length=1)] | None = None
    """what is left of an effect by the design of the study; its uncertainty is shared by all
    studies of that design"""
    haircuts: Annotated[dict[Name, Haircut], Field(min_length=1)] | None = None
    """what is left of the pooled effect at the new site, for reasons by name, such as `optimism`
    and `transfer`; the factors are multiplied"""
    continuity: Annotated[float, Field(gt=0, le=1)] | None = None
    """added to each cell of a study whose counts alone have no finite error, such as 0.5"""


def with_scale(data: Any) -> Any:
    """An effect's table in which evidence says on which scale it is: that of its form."""
    if not isinstance(data, dict):
        return data
    found = dict(data)
    for form, scale in EFFECT_SCALES.items():
        number = found.get(form)
        if not isinstance(number, dict):
            continue
        given = number.get("evidence")
        if isinstance(given, dict) and "scale" not in given:
            found[form] = {**number, "evidence": {"scale": scale, **given}}
    return found
