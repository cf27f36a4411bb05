"""The door: from a file or a name to a frozen, checked fund."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from simulator.errors import InternalError, Problem, ScenarioError
from simulator.fund.model import Design, Fund
from simulator.fund.pipeline import contracts_of
from simulator.fund.rules import check
from simulator.scenario.columns import read_columns
from simulator.scenario.document import COMMAND_LINE, Document, problem_at, read_document, without
from simulator.scenario.examine import as_problems
from simulator.scenario.find import resolve_name
from simulator.scenario.language import arms, choices
from simulator.scenario.overrides import apply_override, key_path
from simulator.scenario.positions import Path
from simulator.scenario.repair import mended
from simulator.scenario.translate import Error, problems_of
from simulator.scenario.words import did_you_mean, listed

_NOT_SET = ("kind", "name", "folder", "variants", "variant", "overrides")


def load_fund(path_or_name: str | FilePath, *, overrides: Sequence[str] = ()) -> Fund:
    """Read, change and check a fund file and the contracts that it names.

    `path_or_name` is a file or a name; `overrides` are `KEY=VALUE` texts. Raises
    `UnknownScenarioError` for a name that leads nowhere, and `ScenarioError` with every problem of
    the file, of its contracts and of the overrides.
    """
    file = resolve_name(path_or_name, "fund")
    document = read_document(file)
    if document.tree.get("kind") != "fund":
        _refuse_scenario(document, str(path_or_name))
    own = Document(document.file, document.tree, document.places, Fund)
    return fund_from(own, overrides, name=file.stem, folder=str(file.parent))


def _refuse_scenario(document: Document, name: str) -> None:
    """A file without `kind` is a scenario, unless it holds what funds alone do."""
    if "kind" in document.tree:
        return
    is_fund = bool({"pipeline", "designs"} & document.tree.keys())
    mend = 'add `kind = "fund"` at the top' if is_fund else f"run it with `socsim run {name}`"
    found = "no `kind`" if is_fund else "no `kind`: a scenario, which is one contract"
    allowed = '`kind = "fund"`: a fund file names contracts and designs'
    raise ScenarioError([problem_at(document, ("kind",), allowed, mend, found=found)])


def fund_from(document: Document, overrides: Sequence[str], *, name: str, folder: str) -> Fund:
    """The checked fund of a parsed document whose form is `Fund`."""
    document, problems = read_columns(document)
    base = _examine(document, folder)
    problems += [*base.problems, *base.unused]
    result, design = base, document
    if overrides:
        for text in overrides:
            design, more = _override(design, text)
            problems += more
        design, unread = read_columns(design)
        result = _examine(design, folder, trying=True)
        known = {_identity(problem) for problem in base.problems}
        problems += unread
        problems += [found for found in result.problems if _identity(found) not in known]
        problems += [found for found in result.unused if found.line == 0]
    if problems or result.fund is None:
        raise ScenarioError(list(dict.fromkeys(problems)))
    return _without_idle(result, design, name, folder)


def fund_tried(document: Document, overrides: Sequence[str], *, name: str, folder: str) -> Fund:
    """The fund of a document that is right as it stands, with overrides.

    Keys to which they leave nothing to do are left out. Raises ScenarioError for what the overrides
    make impossible.
    """
    problems: list[Problem] = []
    for text in overrides:
        document, more = _override(document, text)
        problems += more
    result = _examine(document, folder, trying=True)
    if problems or result.problems or result.fund is None:
        raise ScenarioError(list(dict.fromkeys([*problems, *result.problems])))
    return _without_idle(result, document, name, folder)


def _without_idle(result: _Examined, design: Document, name: str, folder: str) -> Fund:
    """The fund without keys to which an override left nothing to do."""
    while result.idle:
        design = without(design, result.idle)
        result = _examine(design, folder, trying=True)
    if result.fund is None:
        raise InternalError("a key without effect could not be left out")
    return result.fund.model_copy(update={"name": result.fund.name or name, "folder": folder})


def _override(document: Document, text: str) -> tuple[Document, list[Problem]]:
    key = text.partition("=")[0].strip()
    head = key_path(key)[:1]
    if head and head[0] in _NOT_SET:
        allowed = "a key of the fund file, such as behaviour.effort or designs.NAME.coverage"
        mend = "a contract's variants are set by pipeline.KIND.variants"
        return document, [Problem(COMMAND_LINE, 0, 0, key, f"`{head[0]}`", allowed, mend)]
    return apply_override(document, text)


def _identity(problem: Problem) -> tuple[Any, ...]:
    return problem.line, problem.column, problem.key, problem.found


@dataclass(frozen=True)
class _Examined:
    fund: Fund | None
    problems: list[Problem]
    unused: list[Problem] = field(default_factory=list)
    idle: tuple[Path, ...] = ()


def _examine(document: Document, folder: str, *, trying: bool = False) -> _Examined:
    """The fund of a document, or everything that is wrong with it and its contracts."""
    fund, errors = fund_form(document.tree)
    if fund is None:
        problems = _errors_of_form(document, errors)
        return _Examined(None, problems + _behind(document, errors, folder))
    fund = fund.model_copy(update={"folder": folder})
    contracts = contracts_of(document, fund)
    findings = [
        item for item in check(fund, contracts.offered) if not (trying and item.never_binds)
    ]
    hard = as_problems(document, [item for item in findings if not item.unused])
    unused = as_problems(document, [item for item in findings if item.unused])
    idle = tuple(item.path for item in findings if item.unused)
    return _Examined(fund, contracts.problems + hard, unused, idle)


def _behind(document: Document, errors: list[Error], folder: str) -> list[Problem]:
    """What the rules find besides errors of form, away from where those are."""
    found = mended(document, errors, fund_form)
    if found is None:
        return []
    _, fund, touched = found
    fund = fund.model_copy(update={"folder": folder})
    near = {path[:2] for path in touched}
    contracts = contracts_of(document, fund)
    findings = [
        item
        for item in check(fund, contracts.offered, {str(path[0]) for path in touched})
        if not item.unused and item.path[:2] not in near and item.path[:1] not in near
    ]
    return contracts.problems + as_problems(document, findings)


# --- errors of form -------------------------------------------------------------------------------


def fund_form(tree: dict[str, Any]) -> tuple[Fund | None, list[Error]]:
    """The fund of a tree, or its errors of form, without the kinds that pydantic names in paths."""
    try:
        return Fund.model_validate(tree), []
    except ValidationError as error:
        return None, [_without_kind(dict(item)) for item in error.errors()]


def _without_kind(error: Error) -> Error:
    location = error["loc"]
    if location[:1] == ("designs",) and len(location) > 2 and location[2] in _kinds():
        return {**error, "loc": (*location[:2], *location[3:])}
    return error


def _kinds() -> list[str]:
    return [word for form in arms(Design) for word in choices(form.model_fields["kind"].annotation)]


def _errors_of_form(document: Document, errors: list[Error]) -> list[Problem]:
    """A design of no kind is told as such; the rest as in a scenario."""
    kinds = _kinds()
    problems = []
    rest = []
    for error in errors:
        if error["type"] not in ("union_tag_invalid", "union_tag_not_found"):
            rest.append(error)
            continue
        path: Path = (*error["loc"][:2], "kind")
        written = document.place(path).text.strip("\"'") if document.has(path) else ""
        mend = did_you_mean(written, kinds) or ("" if written else "add `kind`")
        problems.append(problem_at(document, path, listed(kinds), mend))
    return problems + problems_of(document, rest)
