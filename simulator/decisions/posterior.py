"""Exact posteriors: a beta law of a chance, and successes counted on it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.decisions.experiment import Experiment
from simulator.decisions.likelihood import Datum
from simulator.scenario import numbers as words
from simulator.scenario.document import Document
from simulator.scenario.load import scenario_from
from simulator.scenario.model import Scenario
from simulator.scenario.numbers_of import number_key
from simulator.scenario.positions import Path
from simulator.scenario.resolved import to_toml
from simulator.scenario.walk import numbers


@dataclass(frozen=True)
class Beta:
    """Beta(alpha, beta)."""

    alpha: float
    beta: float

    @classmethod
    def of(cls, law: words.Beta) -> Beta:
        """By any of its parameters; mean m and sd give m·ν and (1 − m)·ν, ν = m(1 − m)/sd² − 1."""
        if law.alpha is not None and law.beta is not None:
            return cls(law.alpha, law.beta)
        if law.successes is not None and law.trials is not None:
            return cls(law.successes, law.trials - law.successes)
        mean, sd = float(law.mean or 0.0), float(law.sd or 0.0)
        size = mean * (1.0 - mean) / sd**2 - 1.0
        return cls(mean * size, (1.0 - mean) * size)

    def after(self, successes: float, of: float) -> Beta:
        """Beta(alpha + successes, beta + failures)."""
        return Beta(self.alpha + successes, self.beta + of - successes)


def posterior_betas(data: Sequence[Datum], lab: Experiment) -> dict[str, Beta]:
    """The posterior of each number with a beta law of its own that results count directly.

    A number that depends on others, or that has a draw for each cohort, is left to the weights.
    """
    found: dict[str, Beta] = {}
    stated = {number_key(path): number for path, number in numbers(lab.scenario)}
    for entry in data:
        key = entry.key
        if key is None or key not in lab.numbers:
            continue
        law = stated[key].law if key in stated else None
        group = next(g for g in lab.groups.values() if key in g.numbers)
        if not isinstance(law, words.Beta) or len(group.numbers) > 1:
            continue
        found[key] = found.get(key, Beta.of(law)).after(entry.seen, entry.of)
    return found


def with_betas(scenario: Scenario, betas: Mapping[str, Beta]) -> Scenario:
    """The scenario with the laws of these numbers replaced; everything else as it was."""
    tree = tomllib.loads(to_toml(scenario))
    for path, number in numbers(scenario):
        posterior = betas.get(number_key(path))
        if posterior is not None and number.uncertain:
            _put(tree, path, {"alpha": posterior.alpha, "beta": posterior.beta})
    return scenario_from(Document("updated", tree), (), (), name=scenario.name or "scenario")


def _put(tree: dict[str, Any], path: Path, law: dict[str, float]) -> None:
    here: Any = tree
    for part in path[:-1]:
        here = here[part]
    here[path[-1]] = {"beta": law}
