"""Interim results as they come: who has enrolled, what has been measured, what it has cost.

[[enrolled]]
cohort = "younger"
planned = 15
enrolled = 12

[[outcomes]]
metric = "school"
successes = 9
of = 20
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from simulator.errors import Problem, ScenarioError, SocsimError
from simulator.scenario.document import Document, Place, problem_at, read_document
from simulator.scenario.model import Scenario
from simulator.scenario.strict import Strict
from simulator.scenario.texts import Title, Words
from simulator.scenario.translate import problems_of
from simulator.scenario.words import did_you_mean, listed

MOST = 100
"""Entries of interim results."""


class Enrolled(Strict):
    """So many of those planned to enrol by now have done so."""

    cohort: str
    """the cohort"""
    planned: Annotated[int, Field(ge=1, le=1_000_000)]
    """how many were planned to have enrolled by now"""
    enrolled: Annotated[int, Field(ge=0, le=1_000_000)]
    """how many have"""


class Outcome(Strict):
    """What is known of one metric: successes, events in a year, or the mean of a year's amounts."""

    metric: str
    """the metric"""
    cohort: str | None = None
    """the cohort; may be left out where only one has the metric"""
    of: Annotated[int, Field(ge=1, le=1_000_000)]
    """of how many service users it is known, the first of the cohort; of a milestone, how many of
    them were there at the one before it"""
    successes: Annotated[int, Field(ge=0)] | None = None
    """of a binary metric: how many succeeded"""
    events: Annotated[int, Field(ge=0)] | None = None
    """of a count: events of all of them in the year"""
    mean: float | None = None
    """of an amount: their mean in the year"""
    sd: Annotated[float, Field(gt=0)] | None = None
    """of an amount: standard deviation between them; needed only where the scenario has none"""
    year: Annotated[int, Field(ge=1, le=100)] = 1
    """of counts and amounts: which year since enrolment, the first unless told otherwise"""


class Spent(Strict):
    """What the programme has cost so far."""

    spent: Annotated[float, Field(gt=0)]
    """all cost from the start, in money of the time"""
    periods: Annotated[int, Field(ge=1)]
    """in how many periods from the start"""
    sd: Annotated[float, Field(gt=0)]
    """how far it may be off as a sign of what the rest will cost: a standard deviation"""


class Interim(Strict):
    """Interim results."""

    title: Title | None = None
    as_of: datetime.date | None = None
    """the day at which this was known"""
    note: Words | None = None
    enrolled: Annotated[list[Enrolled], Field(max_length=MOST, default_factory=list)]
    """who has enrolled, by cohort"""
    outcomes: Annotated[list[Outcome], Field(max_length=MOST, default_factory=list)]
    """what has been measured"""
    cost: Spent | None = None
    """what it has cost"""


_RESULTS = {"binary": ("successes",), "count": ("events",), "amount": ("mean", "sd")}
_ALLOWED = {
    "binary": (("successes",),),
    "count": (("events",),),
    "amount": (("mean",), ("mean", "sd")),
}


def read_interim(given: str | Path | Mapping[str, Any], scenario: Scenario) -> Interim:
    """Interim results from a TOML file or a mapping, held against the scenario.

    Raises ScenarioError with every problem, and SocsimError where there is no such file.
    """
    document = _document(given)
    try:
        interim = Interim.model_validate(document.tree)
    except ValidationError as error:
        found = [dict(item) for item in error.errors()]
        raise ScenarioError(problems_of(document, found)) from error
    problems = list(_problems(interim, scenario, document))
    if problems:
        raise ScenarioError(problems)
    return interim


def _document(given: str | Path | Mapping[str, Any]) -> Document:
    if isinstance(given, Mapping):
        nowhere = Place("interim", (0, 0), (0, 0), "")
        return Document("interim", dict(given), {(key,): nowhere for key in given}, Interim)
    place = Path(given)
    if not place.is_file():
        raise SocsimError(f"{place}: no such file\n    allowed: a TOML file with interim results")
    found = read_document(place)
    return Document(found.file, found.tree, found.places, Interim)


def cohort_of(entry: Outcome, scenario: Scenario) -> str:
    """The cohort that an outcome is of."""
    return entry.cohort or _having(entry.metric, scenario)[0]


def _having(metric: str, scenario: Scenario) -> list[str]:
    return sorted(scenario.metrics[metric].cohorts or scenario.cohorts)


def _problems(interim: Interim, scenario: Scenario, document: Document) -> Iterator[Problem]:
    if not interim.enrolled and not interim.outcomes and interim.cost is None:
        allowed = "`[[enrolled]]`, `[[outcomes]]` or `[cost]`"
        yield Problem(document.file, 0, 0, "file", "no results", allowed, f"give {allowed}")
    for number, entry in enumerate(interim.enrolled):
        yield from _of_enrolled(entry, number, scenario, document)
    for index, outcome in enumerate(interim.outcomes):
        yield from _of_outcome(outcome, index, scenario, document)
    yield from _twice(interim, scenario, document)
    yield from _together(interim, scenario, document)
    if interim.cost is not None and scenario.capital is None:
        allowed = "results of what the scenario has: it has no programme cost"
        yield problem_at(document, ("cost",), allowed, "remove it", found="`cost`", at_key=True)


def _unknown(document: Document, path: tuple[Any, ...], known: list[str], name: str) -> Problem:
    mend = did_you_mean(name, known)
    return problem_at(document, path, f"one of {listed(known)}", mend, found=f"`{name}`")


def _of_enrolled(
    entry: Enrolled, number: int, scenario: Scenario, document: Document
) -> Iterator[Problem]:
    path = ("enrolled", number)
    if entry.cohort not in scenario.cohorts:
        yield _unknown(document, (*path, "cohort"), sorted(scenario.cohorts), entry.cohort)
        return
    if entry.enrolled > entry.planned:
        allowed = f"at most the {entry.planned} planned"
        yield problem_at(document, (*path, "enrolled"), allowed, found=f"{entry.enrolled}")
    users = scenario.cohorts[entry.cohort].service_users
    if entry.planned > users:
        allowed = f"at most the cohort's {users} service users"
        yield problem_at(document, (*path, "planned"), allowed, found=f"{entry.planned}")


def _of_outcome(
    entry: Outcome, number: int, scenario: Scenario, document: Document
) -> Iterator[Problem]:
    path = ("outcomes", number)
    if entry.metric not in scenario.metrics:
        yield _unknown(document, (*path, "metric"), sorted(scenario.metrics), entry.metric)
        return
    having = _having(entry.metric, scenario)
    if entry.cohort is None and len(having) > 1:
        allowed = f"its cohort: {listed(having)}"
        yield problem_at(document, (*path, "cohort"), allowed, f'add `cohort = "{having[0]}"`')
        return
    if entry.cohort is not None and entry.cohort not in having:
        yield _unknown(document, (*path, "cohort"), having, entry.cohort)
        return
    yield from _form(entry, path, scenario, document)


def _form(
    entry: Outcome, path: tuple[str, int], scenario: Scenario, document: Document
) -> Iterator[Problem]:
    """The results that the kind of the metric has, and no others."""
    cohort = cohort_of(entry, scenario)
    metric = scenario.metric_in(cohort, entry.metric)
    allowed_forms = _ALLOWED[metric.kind]
    if metric.kind == "amount" and (metric.spread is None or metric.spread.law == "constant"):
        allowed_forms = (("mean", "sd"),)
    given = tuple(
        key for keys in _RESULTS.values() for key in keys if getattr(entry, key) is not None
    )
    if given not in allowed_forms:
        wanted = allowed_forms[0]
        allowed = f"{listed(wanted, 'and')}: `{entry.metric}` is {_KIND[metric.kind]}"
        found = listed(given, "and") if given else "no result"
        yield problem_at(document, path, allowed, found=found)
        return
    users = scenario.cohorts[cohort].service_users
    if entry.of > users:
        allowed = f"at most the cohort's {users} service users"
        yield problem_at(document, (*path, "of"), allowed, found=f"{entry.of}")
    if entry.mean is not None and entry.mean < 0:
        allowed = "an amount of 0 or more"
        yield problem_at(document, (*path, "mean"), allowed, found=f"{entry.mean:g}")
    if entry.successes is not None and entry.successes > entry.of:
        allowed = f"at most the {entry.of} of whom it is known"
        yield problem_at(document, (*path, "successes"), allowed, found=f"{entry.successes}")
    if metric.kind == "binary" and entry.year != 1:
        allowed = "no year: a success is settled once"
        yield problem_at(document, (*path, "year"), allowed, "remove it", found=f"{entry.year}")
    if metric.states is not None:
        allowed = "a metric that does not read `states`: what is learned of one move is not known"
        mend = "leave it out, or give what it says about enrolment or cost"
        yield problem_at(document, (*path, "metric"), allowed, mend, found=f"`{entry.metric}`")
    elif metric.given is not None and scenario.cohorts[cohort].drop_out is not None:
        allowed = "a metric without `given` in a cohort with `drop_out`"
        mend = "give the first milestone alone"
        yield problem_at(document, (*path, "metric"), allowed, mend, found=f"`{entry.metric}`")


_KIND = {"binary": "binary", "count": "a count", "amount": "an amount"}


def _twice(interim: Interim, scenario: Scenario, document: Document) -> Iterator[Problem]:
    """One entry for each cohort, and for each metric of a cohort and year.

    Of a metric `given` a success one year alone, since only its numbers may be learned.
    """
    seen: set[tuple[str, ...]] = set()
    entries: list[tuple[tuple[Any, ...], tuple[str, ...]]] = [
        (("enrolled", number), (entry.cohort,)) for number, entry in enumerate(interim.enrolled)
    ]
    for number, entry in enumerate(interim.outcomes):
        if entry.metric in scenario.metrics:
            key: tuple[str, ...] = (entry.metric, cohort_of(entry, scenario))
            years = scenario.metrics[entry.metric].given is None
            entries.append((("outcomes", number), (*key, f"year {entry.year}") if years else key))
    for path, key in entries:
        if key in seen:
            allowed = "one entry for each cohort, and for each metric of a cohort and year"
            found = f"a second of {' of '.join(key)}"
            yield problem_at(document, path, allowed, "put them together", found=found)
        seen.add(key)


def _together(interim: Interim, scenario: Scenario, document: Document) -> Iterator[Problem]:
    """Nobody has a result who has not enrolled, or not come so far."""
    enrolled = {entry.cohort: entry.enrolled for entry in interim.enrolled}
    known = [(entry, number) for number, entry in enumerate(interim.outcomes)]
    known = [pair for pair in known if pair[0].metric in scenario.metrics]
    reached = {
        (entry.metric, cohort_of(entry, scenario)): entry.successes
        for entry, _ in known
        if entry.successes is not None
    }
    for entry, number in known:
        cohort = cohort_of(entry, scenario)
        path = ("outcomes", number, "of")
        if cohort in enrolled and entry.of > enrolled[cohort]:
            allowed = f"at most the {enrolled[cohort]} who have enrolled in `{cohort}`"
            yield problem_at(document, path, allowed, found=f"{entry.of}")
        before = reached.get((scenario.metrics[entry.metric].given or "", cohort))
        if before is not None and entry.of > before:
            given = scenario.metrics[entry.metric].given
            allowed = f"at most the {before} who have succeeded at `{given}`"
            yield problem_at(document, path, allowed, found=f"{entry.of}")
