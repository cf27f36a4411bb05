"""A sweep: the same contract with one or two numbers at every point of a grid, resumable.

    found = sweep(load_scenario("norrkoping"), ["payments.activity.terms.1.share=0.2..0.8:7"])
    found.table

Every point is simulated on the same paths. With a folder each is kept as it is done, and a second
call with the same question goes on where the first stopped.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator import __version__
from simulator.analysis.figures import Leaf
from simulator.api import check_numbers
from simulator.checkpoint import made_with
from simulator.decisions.experiment import Experiment
from simulator.decisions.keys import Opened
from simulator.decisions.ranges import Range, check_ranges, read_range
from simulator.engine import Progress
from simulator.errors import ResultError, ScenarioError, SocsimError
from simulator.folder import MEND, read_json, reason, replace_file, write_json
from simulator.scenario.model import Scenario
from simulator.scenario.resolved import scenario_hash
from simulator.scenario.words import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from simulator.cluster import Cluster

SCHEMA_VERSION = 1
MOST_POINTS = 10_000
"""Points of one sweep at most."""
_SECONDS, _FIXED = 1e-5, 0.3
"""Seconds of a path and of a point, about, on two cores: to tell how long a large grid takes."""
POINTS = {1: 9, 2: 5}
"""Points along a key unless said otherwise, by the number of keys."""
FIGURES = (
    "municipality.net_budget_effect",
    "municipality.net_budget_effect_cashable",
    "municipality.total_payments",
    "municipality.gross_savings",
    "municipality.probability_negative",
    "investor.drawn",
    "investor.expected_profit",
    "investor.irr_of_expected_cash_flow",
    "investor.expected_multiple",
    "investor.loss_probability",
    "investor.expected_shortfall_95",
    "guarantor.expected_payout",
    "society.net_present_value",
)
"""Figures of every point that has them; more can be named."""
_PARTS = ("estimate", "standard_error", "mc_low", "mc_high", "p5", "p50", "p95")


@dataclass(frozen=True)
class Point:
    """One point of the grid: the values by key and the figures by name.

    `refused` says why the language does not allow the point; it has no figures then.
    """

    number: int
    values: Mapping[str, float]
    figures: Mapping[str, Mapping[str, float | None]]
    refused: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The point as in its file and in sweep.json."""
        return {
            "number": self.number,
            "values": dict(self.values),
            "figures": {name: dict(parts) for name, parts in self.figures.items()},
            "refused": self.refused,
        }


@dataclass(frozen=True)
class Sweep:
    """The figures of every point of a grid over one or two keys.

    `axes` are the values along each key in rising order, `now` the present value by key, None where
    nothing stands there; `figures` are the names of what every point was asked for.
    """

    name: str
    scenario: Scenario
    axes: Mapping[str, tuple[float, ...]]
    now: Mapping[str, float | None]
    figures: tuple[str, ...]
    points: tuple[Point, ...]
    paths: int
    seed: int

    def to_dict(self) -> dict[str, Any]:
        """The sweep as in sweep.json."""
        return {
            "schema_version": SCHEMA_VERSION,
            "scenario": self.scenario.name,
            "variant": list(self.scenario.variant),
            "overrides": list(self.scenario.overrides),
            "scenario_hash": scenario_hash(self.scenario),
            "simulation": {"paths": self.paths, "seed": self.seed, "version": __version__},
            "axes": [
                {"key": key, "values": list(values), "now": self.now[key]}
                for key, values in self.axes.items()
            ],
            "figures": list(self.figures),
            "points": [point.to_dict() for point in self.points],
        }

    def columns(self) -> dict[str, list[Any]]:
        """One row for each point and figure; what does not exist is NaN."""
        rows = [(point, name) for point in self.points for name in self.figures]
        found: dict[str, list[Any]] = {
            key: [float(point.values[key]) for point, _ in rows] for key in self.axes
        }
        found["figure"] = [name for _, name in rows]
        for part in _PARTS:
            values = [point.figures.get(name, {}).get(part) for point, name in rows]
            found[part] = [math.nan if value is None else float(value) for value in values]
        return found

    @property
    def table(self) -> pd.DataFrame:
        """The same as a table."""
        import pandas as pd

        return pd.DataFrame(self.columns())


def sweep(  # noqa: PLR0913
    scenario: Scenario,
    over: Sequence[str | Range],
    *,
    figures: Sequence[str] = (),
    paths: int = 100_000,
    seed: int = 1,
    threads: int | None = None,
    folder: str | Path | None = None,
    progress: Progress | None = None,
    cluster: Cluster | None = None,
) -> Sweep:
    """The figures of a contract at every point of a grid over one or two keys.

    `over` are ranges such as "payments.activity.terms.1.share=0.2..0.8:7". `figures` are names of
    the summary beside the usual ones. With `folder` each point is kept below it as soon as it is
    done, and one that other sources or libraries made is made again. `progress` is called with
    (done, all) points. On a `cluster` (see `simulator.connect`) each point is simulated by one
    worker, with the same bits. Raises SocsimError for more than two keys, a key named twice or that
    holds no number, ends that the language refuses, an unknown figure, and too many points.
    """
    check_numbers(paths, seed, threads)
    ranges = [read_range(one, "--over") if isinstance(one, str) else one for one in over]
    if not 1 <= len(ranges) <= 2:
        raise SocsimError(
            f"a sweep is over one or two keys; found {len(ranges)}\n"
            "    mend: name each with --over KEY=LOW..HIGH:POINTS"
        )
    counts = [one.points or POINTS[len(ranges)] for one in ranges]
    _check_points(math.prod(counts), paths)
    opened = Opened(scenario)
    check_ranges(ranges, opened, "--over")
    axes = {
        one.key: tuple(one.grid(count, opened.is_whole(one.key, one.low)))
        for one, count in zip(ranges, counts, strict=True)
    }
    lab = Experiment(scenario, paths=paths, seed=seed, threads=threads)
    wanted = _figures(lab, figures) if figures else FIGURES
    name = sweep_name(scenario, axes, wanted, paths, seed)
    keeping = None if folder is None else Path(folder) / name / "points"
    grid = list(product(*axes.values()))
    named = [
        (number, dict(zip(axes, row, strict=True))) for number, row in enumerate(grid, start=1)
    ]
    found = {number: _kept(keeping, number, values) for number, values in named}
    missing = [(number, values) for number, values in named if found[number] is None]
    asked = _asked(missing, opened, lab, wanted, alone=cluster is not None)
    made = cluster.in_order(point_of, asked) if cluster else (point_of(*one) for one in asked)
    points: list[Point] = []
    for number, _ in named:
        point = found[number]
        if point is None:
            point = next(made)
            _keep(keeping, point)
        points.append(point)
        if progress:
            progress(number, len(grid))
    there = [f for f in wanted if any(_exists(point, f) for point in points)]
    now = {key: opened.now(key) for key in axes}
    return Sweep(name, scenario, axes, now, tuple(there), tuple(points), paths, seed)


def sweep_name(
    scenario: Scenario,
    axes: Mapping[str, Sequence[float]],
    figures: Sequence[str],
    paths: int,
    seed: int,
) -> str:
    """The sweep's folder: what is asked, by hash, with seed and paths."""
    asked = [__version__, scenario_hash(scenario), *map(repr, axes.items()), *figures]
    mark = hashlib.sha256("\n".join(asked).encode()).hexdigest()[:12]
    return f"{scenario.name or 'scenario'}-{mark}-s{seed}-n{paths}"


def _check_points(points: int, paths: int) -> None:
    if points <= MOST_POINTS:
        return
    seconds = points * (_FIXED + _SECONDS * paths)
    raise SocsimError(
        f"a grid of {points:,} points would take about {_duration(seconds)} at {paths:,} paths\n"
        f"    allowed: at most {MOST_POINTS:,} points in one sweep\n"
        "    mend: ask for fewer, --over KEY=LOW..HIGH:POINTS, and look closer where it matters"
    )


def _duration(seconds: float) -> str:
    """`3 hours`, `14 days`."""
    for unit, size in (("year", 31_557_600.0), ("day", 86_400.0), ("hour", 3_600.0)):
        if seconds >= 1.5 * size:
            return f"{seconds / size:,.0f} {unit}s"
    return f"{max(seconds / 60.0, 1.0):,.0f} minutes"


def _figures(lab: Experiment, more: Sequence[str]) -> tuple[str, ...]:
    """The usual figures and those named, each once."""
    known = lab.figures()
    for name in more:
        if name not in known:
            near = did_you_mean(name, known)
            raise SocsimError(
                f"--figure {name}: is no figure of this scenario's summary\n"
                "    allowed: a dotted name of `socsim run … --json`"
                + (f"\n    mend: {near}" if near else "")
            )
    return tuple(dict.fromkeys((*FIGURES, *more)))


def _exists(point: Point, figure: str) -> bool:
    return point.figures.get(figure, {}).get("estimate") is not None


def _asked(
    missing: Sequence[tuple[int, Mapping[str, float]]],
    opened: Opened,
    like: Experiment,
    wanted: Sequence[str],
    *,
    alone: bool,
) -> Iterator[tuple[Any, ...]]:
    """What `point_of` is to be asked for each point: its scenario, or why there is none.

    A point that is `alone` is simulated on one thread: a worker's others have points of their own.
    """
    threads = 1 if alone else like.threads
    for number, values in missing:
        scenario: Scenario | str
        try:
            scenario = opened.at(values)
        except ScenarioError as error:
            scenario = str(error.problems[0])
        yield number, values, scenario, like.paths, like.seed, threads, wanted


def point_of(
    number: int,
    values: Mapping[str, float],
    scenario: Scenario | str,
    paths: int,
    seed: int,
    threads: int | None,
    wanted: Sequence[str],
) -> Point:
    """One point, here or on a worker; where the language refuses it, why."""
    if isinstance(scenario, str):
        return Point(number, values, {}, scenario)
    lab = Experiment(scenario, paths=paths, seed=seed, threads=threads)
    figures = lab.figures()
    return Point(number, values, {name: _parts(figures.get(name)) for name in wanted})


def _parts(leaf: Leaf | None) -> dict[str, float | None]:
    """An estimate's parts; a plain number has no error."""
    if leaf is None or leaf.number is None:
        return {}
    if not isinstance(leaf.value, dict):
        return {"estimate": leaf.number, "standard_error": 0.0}
    return {part: leaf.value.get(part) for part in _PARTS}


def _file(keeping: Path, number: int) -> Path:
    return keeping / f"{number:05d}.json"


def _kept(keeping: Path | None, number: int, values: Mapping[str, float]) -> Point | None:
    """A point that was done before; None where there is none.

    One of other values, or that another version, sources or libraries made, is none.
    """
    if keeping is None or not _file(keeping, number).is_file():
        return None
    try:
        data = read_json(_file(keeping, number))
        point = Point(number, data["values"], data["figures"], data["refused"])
        ours = data["made_with"] == made_with()
    except (ResultError, KeyError):
        return None
    return point if ours and point.values == values else None


def _keep(keeping: Path | None, point: Point) -> None:
    """Keep a point whole, or not at all."""
    if keeping is None:
        return
    try:
        keeping.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ResultError(f"cannot write to {keeping}: {reason(error)}\n{MEND}") from error
    data = {**point.to_dict(), "made_with": made_with()}
    replace_file(_file(keeping, point.number), lambda making: write_json(making, data))


__all__ = ["FIGURES", "MOST_POINTS", "Point", "Sweep", "sweep", "sweep_name"]
