"""Dependence between uncertain numbers: correlation by matrix, shared factors."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simulator.scenario.findings import Finding, Rule, known
from simulator.scenario.model import Scenario
from simulator.scenario.numbers_of import uncertain_numbers
from simulator.scenario.positions import Path
from simulator.scenario.words import figure


def _keys(scenario: Scenario) -> list[str]:
    return [key for key, _ in uncertain_numbers(scenario)]


def names(scenario: Scenario) -> Iterator[Finding]:
    """Correlated numbers and those with loadings are uncertain numbers of the scenario."""
    what = "uncertain numbers"
    if scenario.correlation is not None:
        path: Path = ("correlation", "numbers")
        for index, key in enumerate(scenario.correlation.numbers):
            yield from known(key, _keys(scenario), (*path, index), what)
            if key in scenario.correlation.numbers[:index]:
                yield Finding((*path, index), "each number once", "remove the second")
    for name, factor in scenario.factors.items():
        for key in factor.loadings:
            path = ("factors", name, "loadings", key)
            for finding in known(key, _keys(scenario), path, what):
                yield Finding(path, finding.allowed, finding.mend, f"`{key}`", at_key=True)


def matrix(scenario: Scenario) -> Iterator[Finding]:
    """The matrix is square, symmetric, with ones on its diagonal, and positive definite."""
    if scenario.correlation is None:
        return
    rows, count = scenario.correlation.matrix, len(scenario.correlation.numbers)
    path: Path = ("correlation", "matrix")
    if len(rows) != count or any(len(row) != count for row in rows):
        allowed = f"{count} rows of {count} numbers, one for each of `numbers`"
        yield Finding(path, allowed)
        return
    fault = _entry_fault(rows)
    if fault:
        yield fault
    elif not _is_positive_definite(rows):
        allowed = "a positive definite matrix: these correlations cannot all hold together"
        yield Finding(path, allowed, "lower the largest of them")


def _entry_fault(rows: list[list[float]]) -> Finding | None:
    path: Path = ("correlation", "matrix")
    for i, row in enumerate(rows):
        for j, entry in enumerate(row):
            if i == j and entry != 1:
                return Finding((*path, i, j), "1 on the diagonal")
            if not -1 <= entry <= 1:
                return Finding((*path, i, j), "a correlation between −1 and 1")
            if abs(entry - rows[j][i]) > 1e-12:
                return Finding((*path, i, j), f"the same as its mirror image, {figure(rows[j][i])}")
    return None


def _is_positive_definite(rows: list[list[float]]) -> bool:
    """Cholesky's decomposition goes through; pivots of 1e-10 and less are rounding."""
    lower: list[list[float]] = []
    for i, row in enumerate(rows):
        current: list[float] = []
        for j in range(i):
            left = row[j] - math.fsum(current[k] * lower[j][k] for k in range(j))
            current.append(left / lower[j][j])
        pivot = row[i] - math.fsum(entry**2 for entry in current)
        if pivot <= 1e-10:
            return False
        lower.append([*current, math.sqrt(pivot)])
    return True


def loadings(scenario: Scenario) -> Iterator[Finding]:
    """A number shares less than its whole variance with factors, and is not in the matrix too."""
    squares: dict[str, float] = {}
    in_matrix = scenario.correlation.numbers if scenario.correlation else []
    for name, factor in sorted(scenario.factors.items()):
        for key, loading in factor.loadings.items():
            path: Path = ("factors", name, "loadings", key)
            squares[key] = squares.get(key, 0.0) + loading**2
            if squares[key] >= 1:
                allowed = "loadings whose squares sum to less than 1 for each number"
                yield Finding(path, allowed, "lower the loading")
            if key in in_matrix:
                allowed = "a number in [correlation] or in a factor, not both"
                yield Finding(path, allowed, "remove one", f"`{key}` in both", at_key=True)


def _by_cohort(scenario: Scenario, key: str) -> bool:
    parts = key.split(".")
    metric = parts[parts.index("metrics") + 1] if "metrics" in parts[:-1] else ""
    return metric in scenario.metrics and scenario.metrics[metric].drawn == "per cohort"


def order(scenario: Scenario) -> Iterator[Finding]:
    """Numbers drawn once come before those that each cohort draws for itself."""
    if scenario.correlation is None:
        return
    own = ""
    for index, key in enumerate(scenario.correlation.numbers):
        if _by_cohort(scenario, key):
            own = own or key
        elif own:
            allowed = f"numbers drawn once before `{own}`, which each cohort draws for itself"
            yield Finding(
                ("correlation", "numbers", index), allowed, "move it to the front of the list"
            )


RULES: tuple[Rule, ...] = (names, matrix, order, loadings)
