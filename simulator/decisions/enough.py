"""Enough paths: blocks are added until figures are as precise as was asked.

    results = simulate_until(load_scenario("norrkoping"), ["investor.loss_probability=0.001"])
    results.count, results.convergence["reached"]

It is looked whether they are at fixed numbers of paths only: 8, 9, … 15 blocks of 4,096, then twice
as many, and so on. So the number of paths depends on scenario, seed and targets alone, is at most
an eighth more than needed, and the result is the one that a run of so many paths has.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.analysis.figures import Leaf, figures_of
from simulator.api import Results, check_numbers, results_of
from simulator.checkpoint import Checkpoints, Stored
from simulator.engine import CHUNK, Progress
from simulator.errors import SocsimError
from simulator.reducer import Keep
from simulator.running import Run
from simulator.scenario.model import Scenario
from simulator.scenario.words import did_you_mean
from simulator.summary.estimates import Z
from simulator.summary.reading import Reading
from simulator.summary.sketch import Distribution
from simulator.summary.summary import parts_of, plain

if TYPE_CHECKING:
    from simulator.cluster import Cluster

SCHEMA_VERSION = 1
MOST = 10_000_000
"""Paths at which it is given up, unless told otherwise."""
_FIRST = 8
"""Blocks before it is looked for the first time, and looks in each doubling."""
Row = list[float | None]
"""Paths, estimate, standard error."""


@dataclass(frozen=True)
class Target:
    """A figure and the largest standard error that will do: absolute, or relative to the figure."""

    figure: str
    size: float
    relative: bool = False

    @classmethod
    def read(cls, text: str) -> Target:
        """From `investor.loss_probability=0.001` or `investor.expected_profit=1%`.

        Raises SocsimError for anything else.
        """
        figure, _, size = (part.strip() for part in text.partition("="))
        relative = size.endswith("%")
        try:
            value = float(size.removesuffix("%").replace("_", "")) / (100 if relative else 1)
        except ValueError:
            value = 0.0
        if not figure or not (0 < value < math.inf):
            raise SocsimError(
                f"found `{text}`\n    allowed: a figure and its largest standard error, above 0, "
                "such as investor.loss_probability=0.001\n"
                "    mend: with % it is relative to the figure: investor.expected_profit=1%"
            )
        return cls(figure, value, relative)

    def allowed(self, estimate: float | None) -> float | None:
        """The largest standard error that will do; None while there is no estimate."""
        if not self.relative:
            return self.size
        return None if estimate is None else self.size * abs(estimate)

    def reached(self, row: Row) -> bool:
        """Whether it is precise enough after these paths."""
        _, estimate, error = row
        allowed = self.allowed(estimate)
        return error is not None and allowed is not None and error <= allowed

    def needed(self, row: Row) -> int | None:
        """About how many paths it takes, n · (error/allowed)²; None where nobody can say."""
        paths, estimate, error = row
        allowed = self.allowed(estimate)
        if error is None or not allowed or paths is None:
            return None
        return math.ceil(paths * (error / allowed) ** 2)


def looks(most: int) -> Iterator[int]:
    """Numbers of paths at which it is looked, up to `most`, which is the last."""
    step, blocks = 1, _FIRST
    while blocks * CHUNK < most:
        yield blocks * CHUNK
        blocks += step
        step *= 2 if blocks == 2 * _FIRST * step else 1
    yield most


class Look(Reading):
    """What is read on the way: figures with their errors, no ranges and no pictures."""

    pictures = False

    def range_of(self, name: str) -> Distribution | None:  # type: ignore[override]
        """None is wanted."""
        return None


def simulate_until(  # noqa: PLR0913
    scenario: Scenario,
    targets: Sequence[str | Target],
    *,
    most: int = MOST,
    seed: int = 1,
    threads: int | None = None,
    keep: Keep = "summary",
    progress: Progress | None = None,
    checkpoints: Checkpoints | None = None,
    cluster: Cluster | None = None,
) -> Results:
    """Simulate until every target is reached, or there are `most` paths.

    `convergence` of the result tells what was reached and the way to it. On a `cluster` (see
    `simulator.connect`) workers go on with the next paths while it is looked; the paths, and so
    the bits, are those of one machine. Raises SocsimError for a figure that does not exist or has
    no Monte Carlo error, once the first paths are there.
    """
    check_numbers(most, seed, threads)
    wanted = [Target.read(each) if isinstance(each, str) else each for each in targets]
    if not wanted:
        raise SocsimError("a figure and its largest standard error are needed")
    start = checkpoints.start if checkpoints else None
    if start is not None and not leads_to(start, wanted):
        raise SocsimError("a run with these targets does not come by this state")
    run = Run(
        scenario, seed=seed, threads=threads, keep=keep, checkpoints=checkpoints, cluster=cluster
    )
    run.checks = {each.figure: _way(start, each.figure) if start else [] for each in wanted}
    with _working_ahead(run, most):
        for paths in looks(most):
            if paths > run.done:
                run.advance(paths, _towards(progress, wanted, run, most))
            if paths > _looked(run):
                _look(run, scenario)
            if paths >= run.done and _all_reached(wanted, run):
                break
    results = results_of(run)
    results.convergence = _told(run, wanted, most)
    return results


@contextmanager
def _working_ahead(run: Run, most: int) -> Iterator[None]:
    """Workers of a cluster go on while it is looked; what was not needed is taken back."""
    if run.cluster is None:
        yield
        return
    from simulator.spread import Spread

    assert isinstance(run.engine, Spread)
    run.engine.foresee(looks(most))
    try:
        yield
    finally:
        run.engine.close()


def leads_to(stored: Stored, targets: Sequence[Target]) -> bool:
    """Whether a run with these targets comes by this state.

    It has read these figures wherever it was to be looked, and was not content before its end.
    """
    grid = _grid(stored)
    ways = [_way(stored, target.figure) for target in targets]
    if any([row[0] for row in way] != grid for way in ways):
        return False
    return not any(
        all(target.reached(row) for target, row in zip(targets, rows, strict=True))
        for rows in zip(*ways, strict=True)
    )


def _grid(stored: Stored) -> list[int]:
    """Where it was looked on the way to this state; where it ends, it may be looked again."""
    return [paths for paths in looks(stored.paths) if paths < stored.paths]


def _way(stored: Stored, figure: str) -> list[Row]:
    """What was read of a figure on the way to this state."""
    grid = set(_grid(stored))
    return [row for row in stored.checks.get(figure, []) if row[0] in grid]


def _looked(run: Run) -> float:
    """Paths at which it was last looked."""
    rows = next(iter(run.checks.values()))
    return (rows[-1][0] or 0) if rows else 0


def _all_reached(targets: Sequence[Target], run: Run) -> bool:
    return all(target.reached(run.checks[target.figure][-1]) for target in targets)


def _look(run: Run, scenario: Scenario) -> None:
    """Read the figures as they are now."""
    reading = run.accumulator.reading(Look)
    rooms = {figure.split(".")[0] for figure in run.checks}
    found = figures_of(plain(parts_of(reading, scenario, rooms)))
    for figure, rows in run.checks.items():
        leaf = found.get(figure)
        if leaf is None or leaf.number is None or leaf.is_exact:
            raise _no_figure(figure, leaf, run, scenario)
        rows.append([reading.paths, leaf.number, _error(leaf)])


def _error(leaf: Leaf) -> float | None:
    """The standard error; where no path differs, what the interval says about those not seen."""
    assert isinstance(leaf.value, dict)
    error, low, high = (leaf.value.get(key) for key in ("standard_error", "mc_low", "mc_high"))
    if error == 0.0 and low is not None and high is not None:
        return float(high - low) / (2 * Z)
    return None if error is None else float(error)


def _no_figure(figure: str, leaf: Leaf | None, run: Run, scenario: Scenario) -> SocsimError:
    found = figures_of(plain(parts_of(run.accumulator.reading(Look), scenario)))
    leaf = leaf or found.get(figure)
    like = "investor.loss_probability or municipality.net_budget_effect"
    if leaf is None:
        near = did_you_mean(figure, [name for name, each in found.items() if not each.is_exact])
        mend = near or "the keys of summary.json, joined by points"
        return SocsimError(
            f"`{figure}` is no figure of this scenario\n    allowed: such as {like}\n"
            f"    mend: {mend}"
        )
    if leaf.number is None:
        return SocsimError(
            f"`{figure}` exists on none of the first {run.done:,} futures\n"
            f"    allowed: such as {like}"
        )
    return SocsimError(f"`{figure}` has no Monte Carlo error\n    allowed: such as {like}")


def _towards(
    progress: Progress | None, targets: Sequence[Target], run: Run, most: int
) -> Progress | None:
    """Progress towards as many paths as it seems to take."""
    if progress is None:
        return None
    seems = [target.needed(rows[-1]) for target in targets if (rows := run.checks[target.figure])]
    known = [paths for paths in seems if paths is not None]
    goal = min(most, max(known)) if known and len(known) == len(targets) else most

    def told(done: int, following: int) -> None:
        progress(done, max(goal, following))

    return told


def _told(run: Run, targets: Sequence[Target], most: int) -> dict[str, Any]:
    """What is laid beside the summary: each target, and the way to it at doublings."""
    rows = {target.figure: run.checks[target.figure] for target in targets}
    told = []
    for target in targets:
        row = rows[target.figure][-1]
        reached = target.reached(row)
        told.append(
            {
                "figure": target.figure,
                "size": target.size,
                "relative": target.relative,
                "allowed": target.allowed(row[1]),
                "estimate": row[1],
                "standard_error": row[2],
                "reached": reached,
                "paths_needed": None if reached else target.needed(row),
            }
        )
    doublings = {_FIRST * CHUNK << power for power in range(64)}
    last = run.accumulator.paths
    return {
        "schema_version": SCHEMA_VERSION,
        "paths": last,
        "max_paths": most,
        "seed": run.seed,
        "reached": all(each["reached"] for each in told),
        "targets": told,
        "convergence": [
            {
                "figure": figure,
                "at": [
                    {"paths": row[0], "estimate": row[1], "standard_error": row[2]}
                    for row in each
                    if row[0] in doublings or row[0] == last
                ],
            }
            for figure, each in rows.items()
        ],
    }
