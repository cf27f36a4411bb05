"""Why two stored results differ: what was changed, one thing at a time; luck; version and method.

    told = diff("results/norrkoping/0a1b…", "results/norrkoping/2c3d…")
    told.effects("investor.expected_profit")    # one for each part, which sum to the whole

Under the current version, on the first result's seed and paths, the first scenario is taken to the
second one change at a time: a part is what its change adds to those before it, path by path. Then
come the second result's seed and paths: luck of the draw. What is left is what the current version
does not reproduce of the stored figures.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator import __version__
from simulator.analysis.figures import Leaf, figures_of
from simulator.api import Results
from simulator.decisions.experiment import Experiment
from simulator.decisions.steps import Row, Step, steps_between
from simulator.engine import Progress
from simulator.errors import ResultError, SocsimError
from simulator.folder import write_json, write_whole
from simulator.saved import load, run_name
from simulator.scenario.model import Scenario
from simulator.scenario.resolved import scenario_hash, to_toml

SCHEMA_VERSION = 1
FIGURES = (
    "investor.expected_profit",
    "investor.loss_probability",
    "municipality.net_budget_effect",
)
"""What is explained unless other figures are named."""
_SHARED = ("cohorts", "metrics", "states", "measures", "payments")

Values = Mapping[str, float | None]


@dataclass(frozen=True)
class Effect:
    """What one part adds to a figure; None where the figure does not exist before or after it.

    `standard_error` is that of the paired paths; None where the figure is no mean over paths.
    """

    value: float | None
    standard_error: float | None = None


@dataclass(frozen=True)
class Part:
    """One part of the difference: an input or several that go together, or luck of the draw.

    `levels` are the figures once this part and all before it have changed.
    """

    what: str
    rows: tuple[Row, ...]
    levels: Values
    effects: Mapping[str, Effect]


@dataclass(frozen=True)
class Side:
    """One of the two results: whose it is, and its figures as stored and as computed again."""

    scenario: Scenario
    seed: int
    paths: int
    version: str
    stored: Values
    again: Values


@dataclass(frozen=True)
class Diff:
    """Two results, and what makes the difference between them."""

    first: Side
    second: Side
    figures: tuple[str, ...]
    changes: tuple[Part, ...]

    def whole(self, figure: str) -> float | None:
        """The difference of the stored figures."""
        return _less(self.second.stored[figure], self.first.stored[figure])

    def version(self, figure: str) -> float | None:
        """What version and method leave: stored less computed again, second less first."""
        kept = [_less(s.stored[figure], s.again[figure]) for s in (self.first, self.second)]
        return _less(kept[1], kept[0])

    def effects(self, figure: str) -> dict[str, float | None]:
        """Every part by what it changes, version and method last; they sum to the whole."""
        found = {part.what: part.effects[figure].value for part in self.changes}
        return {**found, "version": self.version(figure)}

    def to_dict(self) -> dict[str, Any]:
        """As in diff.json; `version` is the remainder: what this version does not reproduce."""
        return {
            "schema_version": SCHEMA_VERSION,
            "kind": "diff",
            "from": _side(self.first),
            "to": _side(self.second),
            "figures": [self._figure(figure) for figure in self.figures],
            "changes": [_part(part) for part in self.changes],
            "version": {
                "now": __version__,
                "from": self.first.version,
                "to": self.second.version,
                "effect": {figure: {"value": self.version(figure)} for figure in self.figures},
            },
        }

    def beside(self) -> dict[str, Any]:
        """As it lies beside the second result: with the first one's scenario, resolved."""
        found = self.to_dict()
        found["from"]["resolved"] = to_toml(self.first.scenario)
        return found

    def key(self) -> str:
        """A name for the two results: hash, seed and paths of each."""
        return "--".join(
            run_name(side.scenario, side.seed, side.paths) for side in (self.first, self.second)
        )

    def save(self, root: str | Path) -> Path:
        """Write `root/diff/NAME/diff.json`; returns the folder."""

        def fill(making: Path) -> None:
            write_json(making / "diff.json", self.to_dict())

        return write_whole(Path(root) / "diff" / self.key(), fill)

    def _figure(self, figure: str) -> dict[str, Any]:
        return {
            "figure": figure,
            "from": self.first.stored[figure],
            "to": self.second.stored[figure],
            "difference": self.whole(figure),
        }


def diff(
    a: str | Path | Results,
    b: str | Path | Results,
    *,
    figures: Sequence[str] = FIGURES,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Diff:
    """Explain the difference from result `a` to result `b`: folders, or results in memory.

    Every step is simulated with the paths of `a`. Raises ResultError for what is no run, or where
    the two have no currency or no contract in common, and SocsimError for an unknown figure.
    """
    one, two = (each if isinstance(each, Results) else load(each) for each in (a, b))
    _comparable(one.scenario, two.scenario)
    stored = [_stored(results, figures) for results in (one, two)]
    steps = steps_between(one.scenario, two.scenario)
    climb = _Climb(one, two, steps, tuple(figures), threads, progress)
    levels, parts = climb.made()
    sides = [
        Side(each.scenario, each.seed, each.count, each.version, kept, again)
        for each, kept, again in zip((one, two), stored, (levels[0], levels[-1]), strict=True)
    ]
    return Diff(sides[0], sides[1], tuple(figures), tuple(parts))


def _comparable(one: Scenario, two: Scenario) -> None:
    if one.currency != two.currency:
        raise ResultError(
            f"two currencies have no difference: found {one.currency} and {two.currency}\n"
            "    allowed: results in one currency"
        )
    names = [
        {(room, name) for room in _SHARED for name in getattr(each, room)} for each in (one, two)
    ]
    if not names[0] & names[1]:
        raise ResultError(
            f"{one.name} and {two.name} are two contracts with nothing in common: no cohort, "
            "metric, measure or payment of one name\n"
            "    allowed: results of one scenario, of its variants, or of two that share names"
        )


def _stored(results: Results, figures: Sequence[str]) -> Values:
    """The chosen figures as they were stored."""
    try:
        known = figures_of(results.summary())
    except (KeyError, TypeError, IndexError) as error:
        raise ResultError(f"summary.json of {results.scenario.name}: damaged: {error!r}") from error
    for figure in figures:
        if figure not in known:
            near = [name for name in known if figure.rsplit(".", 1)[-1] in name][:8]
            raise SocsimError(
                f"`{figure}` is no figure of {results.scenario.name}\n"
                f"    allowed: a figure of summary.json, such as {', '.join(near or FIGURES)}"
            )
    return {figure: known[figure].number for figure in figures}


class _Climb:
    """Simulates every step, and keeps what it adds."""

    def __init__(
        self,
        one: Results,
        two: Results,
        steps: Sequence[Step],
        figures: tuple[str, ...],
        threads: int | None,
        progress: Progress | None,
    ) -> None:
        self.one, self.two, self.steps, self.figures = one, two, steps, figures
        self.threads, self.progress = threads, progress
        self.redrawn = (one.seed, one.count) != (two.seed, two.count)
        passes = 2 * (1 + len(steps)) if steps else 1
        self.total = passes * one.count + self.redrawn * two.count
        self.done = 0

    def made(self) -> tuple[list[Values], list[Part]]:
        """The figures before and after each part, and the parts."""
        one, two = self.one, self.two
        found = self._figures(one.scenario, one.seed, one.count)
        series = self._series(one.scenario, found) if self.steps else {}
        levels, parts = [_numbers(found)], []
        for step in self.steps:
            following = self._figures(step.scenario, one.seed, one.count)
            drawn = self._series(step.scenario, following)
            levels.append(_numbers(following))
            errors = {name: _paired(series.get(name), drawn.get(name)) for name in self.figures}
            parts.append(_added(step.what, step.rows, levels, errors))
            found, series = following, drawn
        if self.redrawn:
            fresh = self._figures(two.scenario, two.seed, two.count)
            levels.append(_numbers(fresh))
            errors = {n: _apart(found[n], fresh[n], one.seed != two.seed) for n in self.figures}
            parts.append(_added("luck", _draws(one, two), levels, errors))
        return levels, parts

    def _figures(self, scenario: Scenario, seed: int, paths: int) -> dict[str, Leaf]:
        lab = Experiment(scenario, paths=paths, seed=seed, threads=self.threads)
        known = lab.figures(progress=self._step)
        self.done += paths
        return {figure: known.get(figure, Leaf(None)) for figure in self.figures}

    def _series(self, scenario: Scenario, found: Mapping[str, Leaf]) -> dict[str, _Series]:
        """The paths of those figures that are means over them."""
        one = self.one
        wanted = {figure: leaf.series for figure, leaf in found.items() if leaf.series}
        lab = Experiment(scenario, paths=one.count, seed=one.seed, threads=self.threads)
        known = {name for name in wanted.values() if lab.has_series(name)}
        names = sorted(known)
        rows = lab.series(names, progress=self._step) if names else ()
        self.done += one.count
        by_name = dict(zip(names, rows, strict=True))
        return {figure: by_name[name] for figure, name in wanted.items() if name in known}

    def _step(self, done: int, _: int) -> None:
        if self.progress is not None:
            self.progress(self.done + done, self.total)


_Series = NDArray[np.float64]


def _numbers(found: Mapping[str, Leaf]) -> Values:
    return {figure: leaf.number for figure, leaf in found.items()}


def _added(
    what: str,
    rows: tuple[Row, ...],
    levels: Sequence[Values],
    errors: Mapping[str, float | None],
) -> Part:
    before, after = levels[-2:]
    effects = {
        figure: Effect(change, None if change is None else errors[figure])
        for figure in after
        for change in [_less(after[figure], before[figure])]
    }
    return Part(what, rows, after, effects)


def _less(after: float | None, before: float | None) -> float | None:
    return None if after is None or before is None else after - before


def _paired(before: _Series | None, after: _Series | None) -> float | None:
    """Standard error of a mean difference on the same paths."""
    if before is None or after is None or len(before) < 2:
        return None
    error = float(np.std(after - before, ddof=1)) / math.sqrt(len(before))
    return error if math.isfinite(error) else None


def _apart(before: Leaf, after: Leaf, independent: bool) -> float | None:
    """Standard error of the difference between two independent runs."""
    errors = [
        leaf.value.get("standard_error") if isinstance(leaf.value, dict) else None
        for leaf in (before, after)
    ]
    if not independent or errors[0] is None or errors[1] is None:
        return None
    return math.hypot(errors[0], errors[1])


def _draws(one: Results, two: Results) -> tuple[Row, ...]:
    pairs = (("seed", one.seed, two.seed), ("paths", one.count, two.count))
    return tuple(Row(key, str(a), str(b)) for key, a, b in pairs if a != b)


def _side(side: Side) -> dict[str, Any]:
    scenario = side.scenario
    return {
        "scenario": scenario.name,
        "title": dict(scenario.title) if scenario.title else None,
        "variant": list(scenario.variant),
        "overrides": list(scenario.overrides),
        "scenario_hash": scenario_hash(scenario),
        "currency": scenario.currency,
        "version": side.version,
        "seed": side.seed,
        "paths": side.paths,
        "figures": dict(side.stored),
        "computed_again": dict(side.again),
    }


def _part(part: Part) -> dict[str, Any]:
    single = len(part.rows) == 1
    return {
        "what": part.what,
        "from": part.rows[0].before if single else None,
        "to": part.rows[0].after if single else None,
        "keys": [{"key": r.key, "from": r.before, "to": r.after} for r in part.rows],
        "effect": {
            figure: {"value": effect.value, "standard_error": effect.standard_error}
            for figure, effect in part.effects.items()
        },
        "figures": dict(part.levels),
    }
