"""The value of one key of a contract that meets a target, with its Monte Carlo interval.

    from simulator import load_scenario, solve
    found = solve(
        load_scenario("norrkoping"),
        "payments.activity.terms.1.share",
        "investor.loss_probability <= 0.2",
    )
    found.value, found.mc_low, found.mc_high

Every trial uses the same paths, so the figure is a plain function of the value: it is scanned on a
grid, and each change of sign is closed in on (Brent's method, whole numbers by halving).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from simulator.analysis.solve import Trial, error_at
from simulator.analysis.solve import solve as close_in
from simulator.api import check_numbers
from simulator.decisions.experiment import Experiment
from simulator.decisions.keys import Opened, Pair
from simulator.decisions.targets import Gauge, Target, gauge, read_target
from simulator.engine import Progress
from simulator.errors import SocsimError
from simulator.scenario.model import Scenario
from simulator.scenario.resolved import scenario_hash
from simulator.scenario.words import figure as written
from simulator.summary.estimates import Z

SCHEMA_VERSION = 1
SCAN = 8
"""Steps of the scan of a bracket that is given."""
_NEAR = (0.0, 0.25, 0.5, 0.75)
_UP = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
_FIRST = 3
"""So many steps away from the present value are scanned at once, the rest one by one."""
_FINE = 1e-5
"""The value is found to this share of the width of the scan's step."""
_TRIALS = 24
"""Trials that a solution takes, about: for the progress bar alone."""


@dataclass(frozen=True)
class Crossing:
    """One value at which the figure meets the level; `rising` says how the figure goes there.

    `mc_low` and `mc_high` are the 95 % Monte Carlo interval of the value.
    """

    value: float
    figure: float
    standard_error: float | None
    mc_low: float | None
    mc_high: float | None
    rising: bool


@dataclass(frozen=True)
class Solved:
    """What meets a target, and where it was looked for.

    `now` is the present value of the key, the mean of an uncertain number (`is_uncertain`), None
    where nothing stands there; `at_now` is the figure as it is, with an uncertain number as it is
    drawn. `between` is the bracket that was asked for, None where it was chosen here. `crossings`
    are all values found, in rising order; `met` the stretches of the bracket in which a target with
    ≤ or ≥ is met. `low` and `high` are the trials at the ends of the bracket.
    """

    key: str
    target: Target
    now: float | None
    at_now: Trial | None
    crossings: tuple[Crossing, ...]
    met: tuple[Pair, ...]
    low: Trial
    high: Trial
    trials: tuple[Trial, ...]
    is_whole: bool
    is_uncertain: bool
    between: Pair | None
    paths: int
    seed: int
    scenario_hash: str

    @property
    def nearest(self) -> Crossing | None:
        """The crossing that is nearest to the present value."""
        place = self.low.at if self.now is None else self.now
        return min(self.crossings, key=lambda c: abs(c.value - place), default=None)

    @property
    def value(self) -> float | None:
        """The value nearest to the present one that meets the target; None where none is found."""
        return self.nearest.value if self.nearest else None

    @property
    def mc_low(self) -> float | None:
        """Lower end of the value's 95 % Monte Carlo interval."""
        return self.nearest.mc_low if self.nearest else None

    @property
    def mc_high(self) -> float | None:
        """Upper end of the value's 95 % Monte Carlo interval."""
        return self.nearest.mc_high if self.nearest else None

    def to_dict(self) -> dict[str, Any]:
        """The solution as in solved.json; `value` is null where there is none."""
        return {
            "schema_version": SCHEMA_VERSION,
            "key": self.key,
            "target": self.target.to_dict(),
            "value": self.value,
            "mc_low": self.mc_low,
            "mc_high": self.mc_high,
            "now": self.now,
            "uncertain": self.is_uncertain,
            "between": None if self.between is None else list(self.between),
            "at_now": None if self.at_now is None else asdict(self.at_now),
            "solutions": [asdict(crossing) for crossing in self.crossings],
            "met": [{"from": low, "to": high} for low, high in self.met],
            "at_low": asdict(self.low),
            "at_high": asdict(self.high),
            "trials": [asdict(trial) for trial in self.trials],
            "whole_numbers": self.is_whole,
            "simulation": {"paths": self.paths, "seed": self.seed},
            "scenario_hash": self.scenario_hash,
        }


def among(before: Mapping[str, Any] | None, found: Mapping[str, Any]) -> dict[str, Any]:
    """The file beside a run: a new solution first, then those of other keys and targets."""
    kept = [
        one
        for one in (before or {}).get("solved", [])
        if (one["key"], one["target"]) != (found["key"], found["target"])
    ]
    return {"schema_version": SCHEMA_VERSION, "solved": [dict(found), *kept]}


def solve(
    scenario: Scenario,
    key: str,
    target: str | Target,
    *,
    between: Pair | None = None,
    paths: int = 100_000,
    seed: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Solved:
    """The value of a key at which a figure meets its target.

    `target` is like "investor.loss_probability <= 0.2". Without `between` the value is looked for
    around the present one, within what the language allows. Raises SocsimError for a key that
    holds no number, a text that is no target, a figure that does not exist, and ends that the
    language refuses.
    """
    check_numbers(paths, seed, threads)
    wanted = read_target(target) if isinstance(target, str) else target
    opened = Opened(scenario)
    now = opened.now(key)
    ends = _ends(opened, key, now, between)
    first = Experiment(scenario, paths=paths, seed=seed, threads=threads)
    curve = Curve(opened, key, gauge(wanted.figure, first), first, progress)
    whole = opened.is_whole(key, ends[0] if now is None else now)
    scanned = scan(curve, wanted, ends, None if between else now, whole)
    crossings = tuple(_crossings(curve, wanted, scanned, whole))
    trials = tuple(curve.known[at] for at in sorted(curve.known))
    return Solved(
        key=key,
        target=wanted,
        now=now,
        at_now=None if now is None else curve.present(now),
        crossings=crossings,
        met=tuple(_met(wanted, scanned, crossings, whole)),
        low=scanned[0],
        high=scanned[-1],
        trials=trials,
        is_whole=whole,
        is_uncertain=opened.is_uncertain(key),
        between=between,
        paths=paths,
        seed=seed,
        scenario_hash=scenario_hash(scenario),
    )


class Curve:
    """A figure by the value of a key, on the same paths throughout."""

    def __init__(
        self, opened: Opened, key: str, read: Gauge, first: Experiment, progress: Progress | None
    ) -> None:
        self.opened, self.key, self.read = opened, key, read
        self.first, self.progress = first, progress
        self.known: dict[float, Trial] = {}

    def at(self, value: float) -> Trial:
        """The trial at a value. Raises SocsimError where the language or the figure has none."""
        if value not in self.known:
            self.opened.refuse(self.key, value, "while looking")
            self.known[value] = self._tried(value, self.opened.at({self.key: value}))
            if self.progress:
                self.progress(len(self.known), max(_TRIALS, len(self.known) + 1))
        return self.known[value]

    def present(self, now: float) -> Trial:
        """The figure of the scenario as it is, with an uncertain number as it is drawn."""
        return self._tried(now, self.first.scenario)

    def _tried(self, value: float, scenario: Scenario) -> Trial:
        first = self.first
        lab = Experiment(scenario, paths=first.paths, seed=first.seed, threads=first.threads)
        found = self.read.read(lab)
        if found is None:
            raise SocsimError(
                f"{self.read.figure} does not exist with {self.key} = {written(value)}\n"
                "    allowed: a figure that the contract has; one of its investor needs capital"
            )
        return Trial(value, found.value, found.standard_error)


def _ends(opened: Opened, key: str, now: float | None, between: Pair | None) -> Pair:
    """Where to look."""
    if between is not None:
        low, high = between
        if not low < high:
            raise SocsimError(
                f"--between {written(low)} {written(high)}: the first must be below the second"
            )
        for end in between:
            opened.refuse(key, end, f"--between {written(low)} {written(high)}")
        return between
    if now is None:
        raise opened.nowhere(key)
    if not opened.allows(key, now):
        opened.refuse(key, now, "as it is now")
    return opened.bracket(key, now)


def scan(curve: Curve, target: Target, ends: Pair, now: float | None, whole: bool) -> list[Trial]:
    """Trials on a grid between the ends, in rising order.

    Around a present value the grid grows outwards, until the level is crossed or an end is reached.
    """
    low, high = ends
    if now is None:
        grid = [low + (high - low) * k / SCAN for k in range(SCAN + 1)]
        return [curve.at(at) for at in _rounded(grid, whole)]
    size = abs(now) or 0.1
    upward = _rounded([now, *(min(now + size * step, high) for step in _UP)], whole)
    if now > 0:
        downward = _rounded([low + (now - low) * part for part in _NEAR], whole)[::-1]
    else:
        downward = _rounded([max(now - size * step, low) for step in _UP], whole)[::-1]
    found = [curve.at(at) for at in (*downward[: _FIRST + 1], *upward[: _FIRST + 1])]
    for at in (*upward[_FIRST + 1 :], *downward[_FIRST + 1 :]):
        if _changes(target, sorted(found, key=_place)):
            break
        found.append(curve.at(at))
    return sorted({trial.at: trial for trial in found}.values(), key=_place)


def _place(trial: Trial) -> float:
    return trial.at


def _rounded(grid: Sequence[float], whole: bool) -> list[float]:
    return sorted({float(round(at)) if whole else at for at in grid})


def _changes(target: Target, trials: Sequence[Trial]) -> list[tuple[Trial, Trial]]:
    """Neighbours between which the figure goes to the other side of the level, or reaches it."""
    return [
        (one, two)
        for one, two in pairwise(trials)
        if (one.figure - target.level) * (two.figure - target.level) < 0
        or (two.figure == target.level) != (one.figure == target.level)
    ]


def _crossings(
    curve: Curve, target: Target, scanned: Sequence[Trial], whole: bool
) -> Iterator[Crossing]:
    """Every crossing that the scan shows, closed in on."""
    seen: set[float] = set()
    for one, two in _changes(target, scanned):
        found = _halved(curve, target, one, two) if whole else _closed(curve, target, one, two)
        if found.at in seen:
            continue
        seen.add(found.at)
        rising = two.figure > one.figure
        error = error_at({t.at: t for t in curve.known.values()}, found.at, (one.at, two.at))
        low, high = (None, None) if error is None else (found.at - Z * error, found.at + Z * error)
        yield Crossing(found.at, found.figure, error, low, high, rising)


def _closed(curve: Curve, target: Target, one: Trial, two: Trial) -> Trial:
    """The trial at the crossing; of the last two on either side, one that meets the target."""
    if target.level in (one.figure, two.figure):
        return one if one.figure == target.level else two

    def evaluate(value: float) -> tuple[float, float | None]:
        trial = curve.at(value)
        return trial.figure, trial.standard_error

    fine = _FINE * (two.at - one.at)
    found = close_in(evaluate, target.level, one.at, two.at, tolerance=fine)
    assert found.value is not None  # the figure changes sides
    trial = curve.at(found.value)
    near = [t for t in curve.known.values() if abs(t.at - trial.at) <= 4 * fine]
    meeting = [t for t in near if target.met(t.figure)]
    return min(meeting or [trial], key=lambda t: abs(t.at - trial.at))


def _halved(curve: Curve, target: Target, one: Trial, two: Trial) -> Trial:
    """The whole number at the crossing that meets the target, or is nearest to the level."""
    while two.at - one.at > 1:
        middle = curve.at(float((one.at + two.at) // 2))
        same = (middle.figure > target.level) == (one.figure > target.level)
        one, two = (middle, two) if same else (one, middle)
    meeting = [trial for trial in (one, two) if target.met(trial.figure)]
    return min(meeting or [one, two], key=lambda trial: abs(trial.figure - target.level))


def _met(
    target: Target, scanned: Sequence[Trial], crossings: Sequence[Crossing], whole: bool
) -> Iterator[Pair]:
    """The stretches of the bracket in which a target with ≤ or ≥ is met."""
    if target.sign == "=":
        return
    ends = [scanned[0].at, *(c.value for c in crossings), scanned[-1].at]
    met = target.met(scanned[0].figure)
    began = ends[0]
    for place, crossing in enumerate(crossings):
        if met:
            yield began, ends[place + 1]
        met, began = not met, crossing.value
    if met:
        yield began, ends[-1]


__all__ = ["Crossing", "Curve", "Solved", "scan", "solve"]
