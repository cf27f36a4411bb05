"""How service users differ: spread, and the same person's persistence over years."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simulator.scenario.facts import mean
from simulator.scenario.findings import Finding, Rule, missing, without_effect
from simulator.scenario.model import Metric, Scenario, Spread
from simulator.scenario.positions import Path
from simulator.scenario.rules.times import length
from simulator.scenario.walk import measured_metrics, metrics_of, own_key
from simulator.scenario.words import figure, listed

LAWS = {"amount": ("gamma", "lognormal", "constant"), "count": ("poisson", "negative binomial")}
KEYS = {
    "gamma": ("sd", "none", "most"),
    "lognormal": ("sd", "sigma", "none", "most"),
    "constant": ("none",),
    "poisson": (),
    "negative binomial": ("dispersion",),
}


def given(scenario: Scenario) -> Iterator[Finding]:
    """Counts and amounts say how service users differ; nothing is assumed."""
    for path, metric, cohort in metrics_of(scenario):
        if metric.states is not None:
            continue
        if metric.kind != "binary" and metric.spread is None and cohort is None:
            laws = listed(LAWS[metric.kind])
            allowed = f"how service users differ: `law` one of {laws}, with its parameters"
            yield missing((*path, "spread"), allowed)


def law_and_keys(scenario: Scenario) -> Iterator[Finding]:
    """The law fits the kind, and its parameters are there, and no others."""
    for path, metric, spread in _spreads(scenario):
        if spread.law not in LAWS[metric.kind]:
            allowed = f"{listed(LAWS[metric.kind])} for a {metric.kind} metric"
            yield Finding((*path, "law"), allowed)
            continue
        for key in ("sd", "sigma", "most", "dispersion", "none"):
            is_given = getattr(spread, key) not in (None, 0.0)
            if is_given and key not in KEYS[spread.law]:
                yield without_effect((*path, key), f"keys of a {spread.law} law; not this one")
        yield from _needed(path, spread)


def _needed(path: Path, spread: Spread) -> Iterator[Finding]:
    if spread.law == "negative binomial" and spread.dispersion is None:
        yield missing((*path, "dispersion"), "the dispersion of a negative binomial law")
    if spread.law == "gamma" and spread.sd is None:
        yield missing((*path, "sd"), "the standard deviation between service users in one year")
    if spread.law == "lognormal" and (spread.sd is None) == (spread.sigma is None):
        found = "no `sd`" if spread.sd is None else "`sd` and `sigma` together"
        yield Finding(path, "exactly one of `sd` and `sigma`", found=found)


def attainable(scenario: Scenario) -> Iterator[Finding]:
    """A law with this mean, these zeros and this most can have this standard deviation."""
    for path, metric, spread in _spreads(scenario):
        level = level_of_spread(metric)
        if "baseline" not in metric.model_fields_set:
            continue
        if level is None or level < 0 or metric.kind != "amount" or spread.law == "constant":
            continue
        if level == 0:
            allowed = "a baseline (or difference) above 0, which the spread surrounds"
            yield Finding((*path[:-1], "baseline"), allowed)
            continue
        above_zero = level / (1 - spread.none)
        if spread.most is not None and spread.most <= above_zero:
            allowed = f"more than {figure(above_zero)}, the mean of those above zero"
            yield Finding((*path, "most"), allowed)
        elif spread.sd is not None:
            yield from _sd(path, spread, level, above_zero)


def _sd(path: Path, spread: Spread, level: float, above_zero: float) -> Iterator[Finding]:
    assert spread.sd is not None
    least = math.sqrt(level * above_zero - level**2) if spread.none else 0.0
    if spread.sd <= least:
        none = figure(spread.none)
        allowed = f"above {figure(least)}, which a share {none} with nothing gives alone"
        yield Finding((*path, "sd"), allowed, "raise sd, or lower `none`")
    if spread.most is not None:
        widest = math.sqrt(max(spread.most * level - level**2, 0.0))
        if spread.sd >= widest:
            allowed = f"below {figure(widest)}, the widest when nobody has more than `most`"
            yield Finding((*path, "sd"), allowed, "lower sd, or raise `most`")


def level_of_spread(metric: Metric) -> float | None:
    """The mean that the spread refers to: the baseline, or the difference where that is 0."""
    level = mean(metric.baseline)
    if level == 0 and metric.effect is not None and metric.effect.difference is not None:
        return mean(metric.effect.difference)
    return level


def persistence(scenario: Scenario) -> Iterator[Finding]:
    """Where people differ and years can arise, it is said how alike one person's years are."""
    for path, metric, cohort in metrics_of(scenario):
        spread = metric.spread
        if metric.kind == "binary" or spread is None or spread.law not in LAWS[metric.kind]:
            continue
        name = str(path[-1])
        if not differs(spread):
            for key in ("persistence", "person"):
                if getattr(metric, key) is not None and own_key(scenario, path, key):
                    allowed = "a law under which service users differ"
                    yield without_effect((*path, key), allowed)
        elif metric.persistence is None and cohort is None and _has_years(scenario, name, metric):
            allowed = "the correlation of the same person's years, between 0 and 1"
            mend = "add `persistence`: the same person is the same person next year"
            yield missing((*path, "persistence"), allowed, mend)


def differs(spread: Spread) -> bool:
    """Whether a person's score means anything under this law."""
    return spread.law != "poisson" and not (spread.law == "constant" and spread.none == 0)


def _has_years(scenario: Scenario, name: str, metric: Metric) -> bool:
    """Whether one person can have more than one year of the metric, a year before included."""
    measures = [
        m for key, m in scenario.measures.items() if name in measured_metrics(scenario, key)
    ]
    past = ("own past", "difference in differences")
    if any(m.reference and m.reference.kind in past for m in measures):
        return True
    lasts = length(metric.lasts)
    if lasts is not None and lasts <= 12:
        return False
    spans = [length(scenario.time.horizon), *(length(measure.window) for measure in measures)]
    return any(span is None or span > 12 for span in spans)


def _spreads(scenario: Scenario) -> Iterator[tuple[Path, Metric, Spread]]:
    for path, metric, _ in metrics_of(scenario):
        is_own = own_key(scenario, path, "spread") or own_key(scenario, path, "baseline")
        if metric.spread is not None and metric.kind in LAWS and is_own:
            yield (*path, "spread"), metric, metric.spread


RULES: tuple[Rule, ...] = (given, law_and_keys, attainable, persistence)
