"""Trials of `[robustness]`: each changes something, and the fund can be run with it."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.errors import Problem, ScenarioError
from simulator.fund.model import Fund, Trial
from simulator.fund.rules.names import Contracts
from simulator.fund.tried import item_path, stands, tree_of, tried
from simulator.scenario.findings import Finding
from simulator.scenario.overrides import key_path
from simulator.scenario.positions import Path
from simulator.scenario.words import dotted


def trials(fund: Fund, contracts: Contracts) -> Iterator[Finding]:
    """What a trial leaves out is there, and what it sets can be set."""
    complete = len(contracts) == len(fund.pipeline)
    for name, trial in fund.robustness.items():
        path: Path = ("robustness", name)
        if not trial.set and not trial.without:
            allowed = "`set` or `without`: what is assumed otherwise"
            yield Finding(path, allowed, "add one, or remove it", f"`{name}`, empty", at_key=True)
            continue
        missing = list(_missing(fund, trial, path))
        yield from missing
        if complete and not missing:
            yield from _impossible(fund, name, trial)


def _missing(fund: Fund, trial: Trial, path: Path) -> Iterator[Finding]:
    tree = tree_of(fund)
    for place, key in enumerate(trial.without):
        if not stands(tree, item_path(key)):
            allowed = "a key that the fund file has, such as behaviour.investor.belief"
            yield Finding((*path, "without", place), allowed, "see `socsim show`")


def _impossible(fund: Fund, name: str, trial: Trial) -> Iterator[Finding]:
    """What is wrong with the fund once the trial is laid over it, at the words that bring it."""
    try:
        tried(fund, name)
    except ScenarioError as error:
        for problem in error.problems:
            key = _brought_by(problem, trial)
            path: Path = ("robustness", name)
            place = (*path, "set", key) if key is not None else path
            allowed = f"{problem.allowed} (at `{problem.key}`, in this trial)"
            yield Finding(place, allowed, problem.mend, problem.found, at_key=True)


def _brought_by(problem: Problem, trial: Trial) -> str | None:
    """The key of `set` at or around which the problem stands."""
    for key in trial.set:
        read = dotted(key_path(key))
        if problem.key.startswith(read) or f"`{key}=" in problem.found:
            return key
    return None


RULES = (trials,)
