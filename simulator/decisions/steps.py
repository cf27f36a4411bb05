"""From one scenario to another, one change at a time, each step a scenario by itself."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.analysis.inputs import flattened, leaves, places_in_order
from simulator.errors import ScenarioError
from simulator.scenario.document import Document
from simulator.scenario.load import scenario_from
from simulator.scenario.model import Scenario
from simulator.scenario.overlay import holds_names
from simulator.scenario.plain import in_order
from simulator.scenario.positions import Path
from simulator.scenario.resolved import to_toml

MOST = 40
"""Changes that are told one by one; of more, those of one thing are told together."""
_TRIES = 400  # scenarios examined in looking for changes that make sense together
_LEFT_OUT = ("realised", "sources", "variant", "overrides")
_SAID = ("source", "note")


@dataclass(frozen=True)
class Row:
    """A key that a step changes, with its value before and after as text; None where it is not."""

    key: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Step:
    """One change: the keys it sets, and the scenario with it and all changes before it."""

    rows: tuple[Row, ...]
    scenario: Scenario

    @property
    def what(self) -> str:
        """The keys."""
        return ", ".join(row.key for row in self.rows)


def steps_between(first: Scenario, last: Scenario) -> list[Step]:
    """Changes that lead from one scenario to the other, in the order of the language.

    A thing that only one of them has (a payment, a guarantee) is one change. A change that makes no
    valid scenario by itself waits for those that it needs, and is one change together with them.
    After the last step the scenario is `last`. Raises ScenarioError only for a fault of `last`.
    """
    ladder = _Ladder(_tree(first), _tree(last))
    rows = [(path, row) for path, row in _rows(first, last) if path not in ladder.of_all]
    ladder.climb(_coarse(_parts([path for path, _ in rows], ladder)))
    told = [
        (changed, scenario)
        for group, scenario in ladder.steps
        if (changed := tuple(row for path, row in rows if _within(path, group)))
    ]
    reached = [scenario or last for _, scenario in told[:-1]] + [last] * bool(told)
    return [Step(changed, there) for (changed, _), there in zip(told, reached, strict=True)]


def _tree(scenario: Scenario) -> dict[str, Any]:
    """The resolved scenario as plain tables, without what is said about its numbers."""
    tree = tomllib.loads(to_toml(in_order(scenario)))
    kept = {key: value for key, value in tree.items() if key not in _LEFT_OUT}
    found = _unsaid(kept, ())
    assert isinstance(found, dict)
    return found


def _unsaid(value: Any, path: Path) -> Any:
    """Without sources and notes: those of one file may lead nowhere in the other."""
    if isinstance(value, list):
        return [_unsaid(item, (*path, index)) for index, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    names = holds_names(path, value) if path else True
    return {
        key: _unsaid(item, (*path, key)) for key, item in value.items() if names or key not in _SAID
    }


def _rows(first: Scenario, last: Scenario) -> list[tuple[Path, Row]]:
    """Keys whose values differ, in the order of the language."""
    before, after = flattened(first), flattened(last)
    found = dict.fromkeys([*(path for path, _ in leaves(first)), *(p for p, _ in leaves(last))])
    by_key = {_key(path): path for path in found}
    return [
        (by_key[key], Row(key, before.get(key), after.get(key)))
        for key in places_in_order(by_key)
        if before.get(key) != after.get(key)
    ]


def _key(path: Path) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


def _parts(paths: Sequence[Path], ladder: _Ladder) -> list[Path]:
    """Where the trees differ: at a key, a whole list, or a table that only one of them has."""
    found: dict[Path, None] = {}
    for path in paths:
        words = path[: next((k for k, part in enumerate(path) if isinstance(part, int)), len(path))]
        depths = range(1, len(words))
        cut = (d for d in depths if _has(ladder.tree, words[:d]) != _has(ladder.goal, words[:d]))
        found.setdefault(words[: next(cut, len(words))])
    return list(found)


def _coarse(parts: list[Path]) -> list[Path]:
    """Few enough to be told: of very many, those of one thing, then those of one room, together."""
    for depth in (2, 1):
        if len(parts) > MOST:
            parts = list(dict.fromkeys(path[:depth] for path in parts))
    return parts


def _within(path: Path, group: Sequence[Path]) -> bool:
    return any(path[: len(part)] == part for part in group)


def _has(tree: Any, path: Path) -> bool:
    for part in path:
        if not isinstance(tree, dict) or part not in tree:
            return False
        tree = tree[part]
    return True


class _Ladder:
    """Takes the goal's values into a tree, and keeps each scenario that stands by itself.

    `of_all` are lists of cohorts that name all cohorts in both: they follow the cohorts.
    """

    def __init__(self, tree: dict[str, Any], goal: dict[str, Any]) -> None:
        self.tree, self.goal, self.tries = tree, goal, 0
        self.of_all = frozenset(_lists_of_all(tree) & _lists_of_all(goal))
        self.steps: list[tuple[list[Path], Scenario | None]] = []

    def climb(self, parts: Sequence[Path]) -> None:
        """Take all parts, in order; those that wait are tried again after each that succeeds."""
        waiting: list[Path] = []
        for part in parts:
            if not self._take([part]):
                waiting.append(part)
            else:
                waiting = self._again(waiting)
        while waiting:
            group = self._group(waiting)
            if not self._take(group):
                self.steps.append((waiting, None))
                return
            waiting = self._again([part for part in waiting if part not in group])

    def _again(self, waiting: list[Path]) -> list[Path]:
        return [part for part in waiting if not self._take([part])]

    def _group(self, waiting: list[Path]) -> list[Path]:
        """The first that waits, with as few others as make a valid scenario."""
        group: list[Path] = []
        for part in waiting:
            group.append(part)
            if len(group) > 1 and self._try(group) is not None:
                break
        for part in [*group]:
            fewer = [other for other in group if other != part]
            if len(fewer) > 1 and self._try(fewer) is not None:
                group = fewer
        return group

    def _take(self, group: Sequence[Path]) -> bool:
        scenario = self._try(group)
        if scenario is None:
            return False
        self.tree = self._with(group)
        self.steps.append(([*group], scenario))
        return True

    def _try(self, group: Iterable[Path]) -> Scenario | None:
        self.tries += 1
        if self.tries > _TRIES:
            return None
        try:
            return scenario_from(Document("scenario", self._with(group)), (), (), name="scenario")
        except ScenarioError:
            return None

    def _with(self, group: Iterable[Path]) -> dict[str, Any]:
        tree = copy.deepcopy(self.tree)
        for path in group:
            _carry(tree, self.goal, path)
        for room, name, key in self.of_all:
            if name in tree.get(room, {}):
                tree[room][name][key] = sorted(tree["cohorts"])
        return tree


def _lists_of_all(tree: dict[str, Any]) -> set[tuple[str, str, str]]:
    """Where all cohorts are listed, as the resolved scenario does by default."""
    everybody = sorted(tree["cohorts"])
    return {
        (room, name, "cohorts")
        for room in ("metrics", "states", "measures")
        for name, table in tree.get(room, {}).items()
        if sorted(table.get("cohorts", [])) == everybody
    }


def _carry(tree: dict[str, Any], goal: dict[str, Any], path: Path) -> None:
    """Set in the tree what the goal has at the path, or take it away."""
    there = _has(goal, path)
    here: Any = tree
    value: Any = goal
    for part in path[:-1]:
        if not there and part not in here:
            return
        here = here.setdefault(part, {})
        value = value.get(part, {}) if isinstance(value, dict) else {}
    if there:
        here[path[-1]] = copy.deepcopy(value[path[-1]])
    else:
        here.pop(path[-1], None)
