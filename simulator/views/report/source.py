"""What a report is made from: a run's result, and the analyses that lie beside it."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from simulator.scenario.model import Scenario
from simulator.views.assumptions import AssumptionRow, assumption_rows
from simulator.views.language import Language
from simulator.views.numbers import Lang
from simulator.views.read import find
from simulator.views.speaking import language_of_scenario
from simulator.views.words.names import Names

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Run:
    """A run as a report reads it, in memory or from its folder.

    `summary` has the keys of summary.json; `cash_flows` is the table of the run, one row a line and
    instant; `assumptions` the rows of `simulator.scenario.numbers_of.assumptions`; `provenance` has
    version, scenario_hash, seed and paths. `analyses` holds what lies beside the summary, by the
    name of its file without ending: a report shows what is there.
    """

    summary: Mapping[str, Any]
    cash_flows: pd.DataFrame
    scenario: Scenario
    assumptions: Sequence[Any]
    provenance: Mapping[str, Any]
    analyses: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """A run in one language: what every chapter is handed."""

    run: Run
    lang: Lang

    @property
    def summary(self) -> Mapping[str, Any]:
        """The summary's keys."""
        return self.run.summary

    @property
    def scenario(self) -> Scenario:
        """The scenario as it was simulated."""
        return self.run.scenario

    @cached_property
    def language(self) -> Language:
        """The reader's language with the scenario's currency and payer."""
        return language_of_scenario(self.run.scenario, self.lang)

    @cached_property
    def names(self) -> Names:
        """What things are called."""
        return Names(self.run.scenario, self.language)

    @cached_property
    def rows(self) -> list[AssumptionRow]:
        """Every assumption in words."""
        return assumption_rows(self.run.assumptions, self.names)

    @cached_property
    def graded(self) -> Mapping[str, int]:
        """How many numbers of the scenario have each grade."""
        return Counter(row.grade for row in self.rows)

    @property
    def reference(self) -> str:
        """The scenario as a command names it: `norrkoping@window_3y`."""
        name = str(find(self.summary, "scenario.name") or "scenario")
        return shlex.quote("@".join((name, *variant_names(self.summary))))


def variant_names(summary: Mapping[str, Any]) -> list[str]:
    """Names of the variants applied, in order."""
    variant = find(summary, "scenario.variant")
    if not variant:
        return []
    return [variant] if isinstance(variant, str) else [str(name) for name in variant]
