"""Measured outcomes as they come: TOML, CSV or Excel, held to the rules of `[realised]`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from simulator.errors import Problem, ScenarioError, SocsimError
from simulator.scenario import positions
from simulator.scenario.checks import check
from simulator.scenario.document import Document, Place, problem_at, read_document
from simulator.scenario.findings import Finding
from simulator.scenario.model import Realised, Scenario
from simulator.scenario.translate import problems_of
from simulator.scenario.words import shorten
from simulator.settlement.tables import table_document

KEYS = "drawn, cost, completed, terminated, terminated_by, measures.NAME, note and source"


class ResultsFile(dict[str, Any]):
    """The keys of a results file, and the places where they stand in it."""

    def __init__(self, document: Document) -> None:
        super().__init__(document.tree)
        self.document = document


def read_results(path: str | Path) -> ResultsFile:
    """The keys of a results file: drawn, cost, completed, measures.

    Raises ScenarioError with file, line, column and a way to mend it.
    """
    place = Path(path)
    suffix = place.suffix.lower()
    if suffix not in (".toml", ".csv", ".xlsx"):
        raise SocsimError(f"{place}: a results file ends in .toml, .csv or .xlsx")
    if not place.is_file():
        raise SocsimError(f"{place}: no such file")
    if suffix == ".toml":
        return ResultsFile(read_document(place))
    try:
        return ResultsFile(table_document(place))
    except UnicodeDecodeError as error:
        found = f"byte {error.start + 1} is not UTF-8"
        problem = Problem(str(place), 0, 0, "file", found, "text in UTF-8", "save it as UTF-8")
        raise ScenarioError([problem]) from error
    except OSError as error:
        raise SocsimError(f"{place}: {error.strerror or error}") from error


def realised_of(scenario: Scenario, data: Mapping[str, Any]) -> Realised:
    """A results file, or a mapping like one, as `Realised`.

    Raises ScenarioError with every value that has the wrong form or cannot be.
    """
    document = _below_realised(data)
    try:
        realised = Realised.model_validate(dict(data))
    except ValidationError as error:
        errors = [{**item, "loc": ("realised", *item["loc"])} for item in error.errors()]
        raise ScenarioError(_of_results(problems_of(document, errors))) from error
    if realised.published is not None or realised.variant is not None:
        key = "published" if realised.published is not None else "variant"
        raise ScenarioError(_of_results([_not_here(document, key)]))
    settled = scenario.model_copy(update={"realised": realised})
    found = [finding for finding in check(settled) if finding.path[:1] == ("realised",)]
    if found:
        raise ScenarioError(_of_results([_as_problem(document, item) for item in found]))
    return realised


def _named(data: Mapping[str, Any] | None, file: str) -> str:
    """Where the values came from: the results file, or `file`."""
    if data is None:
        return file
    return data.document.file if isinstance(data, ResultsFile) else "results"


def impossible_values(data: Mapping[str, Any] | None, file: str, keys: Mapping[str, str]) -> None:
    """Raise ScenarioError for values that cannot be; `keys` say what each can be."""
    file, mend = _named(data, file), "move the value to its period, or change the enrolment"
    raise ScenarioError(
        [Problem(file, 0, 0, key, "a value", allowed, mend) for key, allowed in keys.items()]
    )


def missing_values(data: Mapping[str, Any] | None, file: str, keys: Mapping[str, str]) -> None:
    """Raise ScenarioError for values that the settlement needs; `keys` say what each is."""
    file = _named(data, file)
    raise ScenarioError(
        [
            Problem(file, 0, 0, key, f"no `{key}`, which is needed here", what, f"add `{key}`")
            for key, what in keys.items()
        ]
    )


def _not_here(document: Document, key: str) -> Problem:
    return problem_at(
        document, ("realised", key), KEYS, "it stands in the scenario only", at_key=True,
        found=f"`{key}`",
    )  # fmt: skip


def _as_problem(document: Document, item: Finding) -> Problem:
    return problem_at(
        document, item.path, item.allowed, item.mend, found=item.found, at_key=item.at_key
    )


def _below_realised(data: Mapping[str, Any]) -> Document:
    """The document with everything below `realised`, so that the scenario's own rules fit it."""
    if isinstance(data, ResultsFile):
        places, file = data.document.places, data.document.file
    else:
        file = "results"
        places = {(): _nowhere(file, ""), **{p: _nowhere(file, v) for p, v in _leaves(dict(data))}}
    return Document(
        file,
        {"realised": dict(data)},
        {("realised", *path): place for path, place in places.items()},
    )


def _nowhere(file: str, value: Any) -> Place:
    return Place(file, (0, 0), (0, 0), shorten(str(value)))


def _leaves(tree: Any, path: positions.Path = ()) -> Iterator[tuple[positions.Path, Any]]:
    for key, value in tree.items() if isinstance(tree, dict) else ():
        yield (*path, str(key)), value
        yield from _leaves(value, (*path, str(key)))


def _of_results(problems: list[Problem]) -> list[Problem]:
    """The problems with keys as they stand in a results file."""
    return [
        replace(
            item,
            key=item.key.removeprefix("realised."),
            allowed=item.allowed.replace("`published`, ", ""),
        )
        for item in problems
    ]
