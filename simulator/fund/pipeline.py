"""The contracts that a fund file names: found, loaded and checked, faults told where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any

from simulator.errors import Problem, ScenarioError, UnknownScenarioError
from simulator.fund.model import Fund, Kind
from simulator.scenario.document import COMMAND_LINE, Document, problem_at
from simulator.scenario.find import is_fund_file, resolve_name, shipped, split_name
from simulator.scenario.load import load_scenario
from simulator.scenario.model import Scenario
from simulator.scenario.overrides import key_path
from simulator.scenario.positions import Path
from simulator.scenario.resolved import inline
from simulator.scenario.words import did_you_mean, dotted, listed


@dataclass(frozen=True)
class Contracts:
    """The scenario of each kind that could be loaded, as it is offered, and what is wrong."""

    offered: dict[str, Scenario] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def contract_file(folder: str, name: str) -> str:
    """The file beside the fund file, where there is one; else the name as it stands."""
    plain, variants = split_name(name)
    beside = FilePath(folder) / plain
    if folder and beside.is_file():
        return "@".join((str(beside), *variants))
    return name


def overrides_of(changes: Mapping[str, Any]) -> tuple[str, ...]:
    """A table `set` as the texts of `--set`."""
    return tuple(f"{key}={inline(value)}" for key, value in changes.items())


def load_contract(
    folder: str, name: str, variants: Iterable[str], overrides: Iterable[str]
) -> Scenario:
    """A contract as it is offered. Raises what `load_scenario` raises."""
    where = contract_file(folder, name)
    file = resolve_name(split_name(where)[0])
    found = _loaded(where, tuple(variants), tuple(overrides), str(file), file.stat().st_mtime_ns)
    if isinstance(found, ScenarioError):
        raise found
    return found


@lru_cache(maxsize=256)
def _loaded(
    where: str, variants: tuple[str, ...], overrides: tuple[str, ...], _file: str, _changed: int
) -> Scenario | ScenarioError:
    """Fund files are checked often and name the same contracts; a changed file is read again."""
    try:
        return load_scenario(where, variants=variants, overrides=overrides)
    except ScenarioError as error:
        return error


def contracts_of(document: Document, fund: Fund) -> Contracts:
    """Each kind's contract, and those that designs change."""
    found = Contracts()
    for name, kind in fund.pipeline.items():
        path: Path = ("pipeline", name)
        scenario = _contract(document, fund, kind, path, (), {}, found.problems)
        if scenario is None:
            continue
        found.offered[name] = scenario
        for design, words in fund.designs.items():
            changed = words.changes.get(name)
            if changed is not None:
                place: Path = ("designs", design, "changes", name)
                _contract(
                    document, fund, kind, place, changed.variants, changed.set, found.problems
                )
    return found


def _contract(
    document: Document,
    fund: Fund,
    kind: Kind,
    path: Path,
    variants: Sequence[str],
    changes: dict[str, Any],
    problems: list[Problem],
) -> Scenario | None:
    """The contract with what stands at `path`: the kind itself, or a design's changes of it."""
    is_kind = path[0] == "pipeline"
    named = (*kind.variants, *variants)
    texts = (*overrides_of(kind.set), *overrides_of(changes))
    try:
        return load_contract(fund.folder, kind.scenario, named, texts)
    except UnknownScenarioError:
        problems.append(_nowhere(document, kind, (*path, "scenario")))
    except ScenarioError as error:
        keys = list(kind.set if is_kind else changes)
        own = kind.variants if is_kind else variants
        for problem in error.problems:
            problems.append(_placed(document, problem, path, own, keys))
    return None


def _nowhere(document: Document, kind: Kind, path: Path) -> Problem:
    names = [scenario.name for scenario in shipped()]
    allowed = f"a .toml file beside this one, or one of the scenarios: {listed(names)}"
    mend = did_you_mean(kind.scenario, names) or "see `socsim scenarios`"
    return problem_at(document, path, allowed, mend)


def _placed(
    document: Document, problem: Problem, path: Path, variants: Sequence[str], keys: list[str]
) -> Problem:
    """A problem of the contract at the words of the fund file that bring it about."""
    whose = f" (in the contract of `{dotted(path)}`)"
    told: dict[str, Any] = {"allowed": problem.allowed + whose, "mend": problem.mend}
    if problem.key == "--variant":
        name = problem.found.strip("`")
        place = (*path, "variants", variants.index(name)) if name in variants else path
        return problem_at(document, place, found=problem.found, **told)
    if problem.key == "kind" and is_fund_file(FilePath(problem.file)):
        return problem_at(document, (*path, "scenario"), problem.allowed, "name a scenario")
    if COMMAND_LINE in (problem.file, problem.key):
        key = _nearest_key(problem, keys)
        place = (*path, "set", key) if key is not None else path
        return problem_at(document, place, found=problem.found, at_key=True, **told)
    return replace(problem, found=problem.found + whose)


def _nearest_key(problem: Problem, keys: list[str]) -> str | None:
    """The key of `set` at or around which the problem stands."""
    if problem.key == COMMAND_LINE:
        return next((key for key in keys if f"`{key}=" in problem.found), None)
    read = {key: dotted(key_path(key)) for key in keys}
    around = [
        key
        for key, text in read.items()
        if problem.key == text or problem.key.startswith((f"{text}.", f"{text}["))
        if text
    ]
    within = [key for key, text in read.items() if text.startswith(problem.key)]
    return max(around, key=len, default=next(iter(within), None))
