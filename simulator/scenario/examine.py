"""One design of a scenario, shape first and then the rules between its keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from simulator.errors import Problem
from simulator.scenario.checks import check
from simulator.scenario.document import Document, problem_at
from simulator.scenario.findings import Finding
from simulator.scenario.model import Metric, Scenario, States
from simulator.scenario.positions import Path
from simulator.scenario.repair import repaired, scenario_form
from simulator.scenario.translate import Error, data_path, problems_of

_BY_COHORT = ("metrics", "states")
"""Tables whose entries a cohort may change."""


@dataclass(frozen=True)
class Examination:
    """What an examination found.

    `unused` are keys without effect: problems only if they have none in any variant either. `idle`
    are their paths. `complete` is False where errors of form kept such keys from being judged.
    """

    scenario: Scenario | None
    problems: list[Problem]
    unused: list[Problem] = field(default_factory=list)
    idle: tuple[Path, ...] = ()
    complete: bool = True


def examine(document: Document, *, trying: bool = False) -> Examination:
    """The scenario of a document, or everything that is wrong with it.

    With `trying` what never binds is no problem: a number is being tried out.
    """
    scenario, errors = scenario_form(document.tree)
    if scenario is not None:
        errors = _cohort_errors(document.tree, scenario)
    problems = problems_of(document, errors)
    if not errors and scenario is not None:
        findings = [item for item in check(scenario) if not (trying and item.never_binds)]
        hard = as_problems(document, [item for item in findings if not item.unused])
        unused = as_problems(document, [item for item in findings if item.unused])
        idle = tuple(item.path for item in findings if item.unused)
        return Examination(scenario, hard, unused, idle)
    return Examination(None, problems + _behind(document, errors), complete=False)


def _cohort_errors(tree: dict[str, Any], scenario: Scenario) -> list[Error]:
    """Errors of form in what cohorts say about metrics and states of their own."""
    errors: list[Error] = []
    forms: tuple[tuple[str, type[BaseModel]], ...] = (("metrics", Metric), ("states", States))
    for cohort, entry in scenario.cohorts.items():
        for table, form in forms:
            for name, own in getattr(entry, table).items():
                if name in getattr(scenario, table):
                    shared, prefix = tree[table][name], ("cohorts", cohort, table, name)
                    errors += _own_errors(form, shared, own, prefix)
    return errors


def _own_errors(
    form: type[BaseModel], shared: dict[str, Any], own: dict[str, Any], prefix: Path
) -> list[Error]:
    """Errors of form in the keys that a cohort lays over the shared ones."""
    try:
        form.model_validate({**shared, **own})
    except ValidationError as error:
        return [
            {**item, "loc": (*prefix, *item["loc"])}
            for item in error.errors()
            if item["loc"][0] in own
        ]
    return []


def _behind(document: Document, errors: list[Error]) -> list[Problem]:
    """What the rules find besides errors of form, away from where those are."""
    mended = repaired(document, errors)
    if mended is None:
        return []
    tree, scenario, touched = mended
    seen = {data_path(error["loc"], document) for error in errors}
    more = [e for e in _cohort_errors(tree, scenario) if data_path(e["loc"], document) not in seen]
    findings = [
        item
        for item in check(scenario, knows_time=all(path[0] != "time" for path in touched))
        if not item.unused and not any(_near(item.path, path) for path in touched)
    ]
    return problems_of(document, more) + as_problems(document, findings)


def _near(path: Path, touched: Path) -> bool:
    """Whether a finding may only follow from the error of form at `touched`."""
    if path[:1] == ("cohorts",) and path[2:3] == touched[:1] and touched[0] in _BY_COHORT:
        path = path[2:]
    if path == ("realised", "drawn") and touched[0] == "capital":
        return True
    depth = 1 if touched[0] in ("time", "capital", "index", "correlation") else 2
    return path[:depth] == touched[:depth]


def as_problems(document: Document, findings: Iterable[Finding]) -> list[Problem]:
    """Findings with the places where they stand."""
    return [
        problem_at(
            document, item.path, item.allowed, item.mend, found=item.found, at_key=item.at_key
        )
        for item in findings
    ]
