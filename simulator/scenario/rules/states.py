"""Placement states: shares, chances and effects that make a chain, and metrics that read it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from simulator.scenario.facts import certain, mean
from simulator.scenario.findings import Finding, Rule, known, missing, without_effect
from simulator.scenario.model import Metric, Scenario, States
from simulator.scenario.numbers import Number, number_is_given
from simulator.scenario.positions import Path
from simulator.scenario.rules.numbers import NOT_NEGATIVE, Range, out_of_range
from simulator.scenario.rules.ranges import PLACES, numbers_in
from simulator.scenario.rules.times import length
from simulator.scenario.walk import (
    cohorts_of,
    measured_metrics,
    metric_in,
    metrics_of,
    own_key,
    states_in,
    states_of,
)
from simulator.scenario.words import listed

FORMS = ("difference", "ratio", "odds_ratio")
READING = {"binary": "in_states", "count": "moves_to", "amount": "per_month"}
"""What a metric of each kind reads of the states."""
_OF_ITS_OWN = ("baseline", "effect", "spread", "persistence", "person", "given")
_DIFFERENCE: Range = (-1.0, 1.0, "a number between −1 and 1")
LONGEST = 1020
"""Months that a chain can be followed: a person's months have so many places in their stream."""


def shares(scenario: Scenario) -> Iterator[Finding]:
    """Everybody starts somewhere: shares that sum to 1."""
    for path, states, _ in states_of(scenario):
        if not own_key(scenario, path, "start"):
            continue
        total = math.fsum(certain(number) or 0.0 for number in states.start.values())
        if abs(total - 1) > 1e-9:
            allowed = "shares that sum to 1"
            yield Finding((*path, "start"), allowed, found=f"shares that sum to {total:.6g}")


def moves(scenario: Scenario) -> Iterator[Finding]:
    """Moves lead from one state to others that exist, with chances that leave room for staying."""
    for path, states, _ in states_of(scenario):
        if not own_key(scenario, path, "monthly") and not own_key(scenario, path, "start"):
            continue
        for origin, row in states.monthly.items():
            place = (*path, "monthly", origin)
            for target in row:
                yield from _target(states, origin, target, (*place, target))
            total = math.fsum(_mean(number) for number in row.values())
            if total > 1 + 1e-9:
                found = f"chances that sum to {total:.6g}"
                allowed = "chances of leaving that sum to 1 at most; the rest stay"
                yield Finding(place, allowed, found=found)


def titled(scenario: Scenario) -> Iterator[Finding]:
    """Titles are of states that there are."""
    for path, states, _ in states_of(scenario):
        if not own_key(scenario, path, "titles"):
            continue
        for name in states.titles or ():
            for finding in known(name, states.names, (*path, "titles", name), "states"):
                yield replace(finding, found=f"`{name}`", at_key=True)


def _mean(number: Number) -> float:
    return (mean(number) or 0.0) if number_is_given(number) else 0.0


def _target(states: States, origin: str, target: str, path: Path) -> Iterator[Finding]:
    if target == origin:
        allowed = "moves to other states: whoever does not move stays"
        yield Finding(path, allowed, "remove it", f"`{target}`", at_key=True)
        return
    for finding in known(target, states.names, path, "states, in `start` or with moves"):
        mend = finding.mend or f"add `{target} = {{}}` to `monthly`"
        yield Finding(path, finding.allowed, mend, f"`{target}`", at_key=True)


def effects(scenario: Scenario) -> Iterator[Finding]:
    """Effects are on moves that have a chance, each in exactly one form."""
    for path, states, _ in states_of(scenario):
        if own_key(scenario, path, "effect") or own_key(scenario, path, "monthly"):
            for origin, row in states.effect.items():
                for target, effect in row.items():
                    place = (*path, "effect", origin, target)
                    if target not in states.monthly.get(origin, {}):
                        allowed = f"an effect on a move that has a chance in `monthly.{origin}`"
                        mend = f"add `monthly.{origin}.{target}`, or remove the effect"
                        found = f"`{target}`, a move without a chance"
                        yield Finding(place, allowed, mend, found, at_key=True)
                    forms = [form for form in FORMS if getattr(effect, form) is not None]
                    if len(forms) != 1:
                        found = f"{listed(forms, 'and')} together" if forms else "no form of effect"
                        yield Finding(place, f"exactly one of {listed(FORMS)}", found=found)
        has_profile = states.profile != [1.0] and own_key(scenario, path, "profile")
        if has_profile and not any(states.effect.values()):
            yield without_effect((*path, "profile"), "a profile where there is an effect")


def cohorts(scenario: Scenario) -> Iterator[Finding]:
    """Cohorts change only states that they have."""
    for name, entry in scenario.states.items():
        for index, cohort in enumerate(entry.cohorts or ()):
            yield from known(
                cohort, scenario.cohorts, ("states", name, "cohorts", index), "cohorts"
            )
    for name, cohort_entry in scenario.cohorts.items():
        for states, own in cohort_entry.states.items():
            path: Path = ("cohorts", name, "states", states)
            for finding in known(states, scenario.states, path, "states"):
                yield Finding(path, finding.allowed, finding.mend, f"`{states}`", at_key=True)
            if states in scenario.states and not _has(scenario, name, states):
                allowed = f"states that the cohort has; `states.{states}.cohorts` leaves it out"
                mend = "add the cohort there, or remove this table"
                yield Finding(path, allowed, mend, f"`{states}`", at_key=True)
            for key in ("title", "cohorts"):
                if key in own:
                    allowed = "`start`, `monthly`, `effect`, `profile` or `fade`, which may differ"
                    mend = f"say it once, in [states.{states}]"
                    yield Finding((*path, key), allowed, mend, f"`{key}`", at_key=True)


def _has(scenario: Scenario, cohort: str, states: str) -> bool:
    named = scenario.states[states].cohorts
    return named is None or cohort in named


def reading(scenario: Scenario) -> Iterator[Finding]:
    """A metric that reads states says what of them, and has nothing that they already say."""
    for path, metric, cohort in metrics_of(scenario):
        if metric.states is None:
            for key in READING.values():
                if getattr(metric, key) is not None and own_key(scenario, path, key):
                    yield without_effect((*path, key), "keys of metrics that read `states`")
            continue
        if cohort is None:
            where = (*path, "states")
            yield from known(metric.states, scenario.states, where, "states")
        for key in _OF_ITS_OWN:
            is_given = key in metric.model_fields_set and getattr(metric, key) is not None
            if is_given and own_key(scenario, path, key):
                allowed = "no such key: the metric is what its states make of it"
                yield Finding((*path, key), allowed, "remove it", f"`{key}`", at_key=True)
        yield from _keys_read(scenario, path, metric, cohort)


def _keys_read(
    scenario: Scenario, path: Path, metric: Metric, cohort: str | None
) -> Iterator[Finding]:
    needed = READING[metric.kind]
    if getattr(metric, needed) is None and cohort is None:
        meaning = {
            "in_states": "the states in which it is a success to be",
            "moves_to": "the states into which moves count",
            "per_month": "an amount per month for each state, such as `{ hvb = 90_000 }`",
        }[needed]
        yield missing((*path, needed), meaning)
    for kind, key in READING.items():
        if getattr(metric, key) is None or not own_key(scenario, path, key):
            continue
        if key != needed:
            yield without_effect((*path, key), f"keys of `{metric.kind}` metrics; not of {kind}")
        elif metric.states in scenario.states:
            yield from _states_named(scenario, path, metric, key)


def _states_named(scenario: Scenario, path: Path, metric: Metric, key: str) -> Iterator[Finding]:
    """The states that a metric reads exist in each of its cohorts."""
    assert metric.states is not None
    having = cohorts_of(scenario, str(path[-1])) if path[0] == "metrics" else [str(path[1])]
    names: set[str] = set(scenario.states[metric.states].names)
    for cohort in having:
        if cohort in scenario.cohorts:
            names &= set(states_in(scenario, cohort, metric.states).names)
    named = getattr(metric, key)
    for index, name in enumerate(named):
        is_table = isinstance(named, dict)
        place = (*path, key, name if is_table else index)
        for finding in known(name, names, place, "states"):
            yield Finding(place, finding.allowed, finding.mend, f"`{name}`", at_key=is_table)
    for cohort in having:
        if cohort in scenario.cohorts and not _has(scenario, cohort, metric.states):
            allowed = f"states that cohort `{cohort}` has; `states.{metric.states}.cohorts` has not"
            yield Finding((*path, "states"), allowed, "name the same cohorts in both")


def in_range(scenario: Scenario) -> Iterator[Finding]:
    """What a cohort says stays in the range of the shared numbers; effects in that of their form.

    An uncertain ratio or difference may go too far: the chance itself is kept in range.
    """
    yield from out_of_range(_ranged(scenario))


def _ranged(scenario: Scenario) -> Iterator[tuple[Path, Number | None, Range]]:
    tables: list[tuple[Path, States | Metric, str | None]] = [*states_of(scenario)]
    for path, table, cohort in [*tables, *metrics_of(scenario)]:
        for key, limits in PLACES[type(table)].items() if cohort is not None else ():
            if own_key(scenario, path, key):
                for where, number in numbers_in(getattr(table, key), (*path, key)):
                    yield where, number, limits
    for path, states, _ in states_of(scenario):
        for origin, row in states.effect.items() if own_key(scenario, path, "effect") else ():
            for target, effect in row.items():
                place = (*path, "effect", origin, target)
                yield (*place, "odds_ratio"), effect.odds_ratio, NOT_NEGATIVE
                if certain(effect.ratio) is not None:
                    yield (*place, "ratio"), effect.ratio, NOT_NEGATIVE
                if certain(effect.difference) is not None:
                    yield (*place, "difference"), effect.difference, _DIFFERENCE


def references(scenario: Scenario) -> Iterator[Finding]:
    """A chain has no year before; and what was observed can scale amounts, but not chances."""
    for name, measure in scenario.measures.items():
        if measure.reference is None:
            continue
        kind = measure.reference.kind
        for metric in measured_metrics(scenario, name):
            entry = scenario.metrics[metric]
            if entry.states is None:
                continue
            others = ("fixed", "matched", "randomised", "to be collected", "none")
            if kind in ("own past", "difference in differences"):
                allowed = f"{listed(others)}: `{metric}` reads states, which have no year before"
                yield Finding(("measures", name, "reference", "kind"), allowed)
            elif kind == "observed" and entry.kind != "amount":
                what = "a number of moves" if entry.kind == "count" else "a share of people"
                allowed = (
                    f"{listed(others)}: `{metric}` is {what}, which follows from the chances of "
                    f"`{entry.states}`; one observed number could not move them all"
                )
                mend = (
                    f"state chances in `states.{entry.states}` that give what was observed, and "
                    "write `fixed`; or observe an amount, such as months in a state"
                )
                yield Finding(("measures", name, "reference", "kind"), allowed, mend)


def is_known(scenario: Scenario, cohort: str, metric: str) -> bool:
    """Whether no number behind the metric's level without the programme is uncertain."""
    entry = metric_in(scenario, cohort, metric)
    if entry.states is None or entry.states not in scenario.states:
        return not entry.baseline.uncertain
    states = states_in(scenario, cohort, entry.states)
    behind = [number for row in states.monthly.values() for number in row.values()]
    return not any(number.uncertain for number in [*behind, *(entry.per_month or {}).values()])


def idle(scenario: Scenario) -> Iterator[Finding]:
    """Every table of states is read by some metric."""
    used = {metric.states for metric in scenario.metrics.values() if metric.states}
    if used - scenario.states.keys():
        return  # a misspelt name stands for one of them
    for name in scenario.states:
        if name not in used:
            found, allowed = f"`{name}`, which nothing reads", "states that a metric reads"
            mend = f'remove it, or write `states = "{name}"` in a metric'
            yield Finding(("states", name), allowed, mend, found, True, True)


def not_too_long(scenario: Scenario) -> Iterator[Finding]:
    """A chain is followed for 85 years at most."""
    if not scenario.states:
        return
    spans: list[tuple[Path, str | None]] = [(("time", "horizon"), scenario.time.horizon)]
    spans += [(("measures", name, "window"), m.window) for name, m in scenario.measures.items()]
    spans += [(("metrics", name, "at"), m.at) for name, m in scenario.metrics.items()]
    for path, text in spans:
        if (length(text) or 0) > LONGEST:
            yield Finding(path, f"at most {LONGEST // 12} years where there are [states]")


RULES: tuple[Rule, ...] = (
    shares,
    moves,
    titled,
    effects,
    cohorts,
    reading,
    in_range,
    references,
    idle,
    not_too_long,
)
