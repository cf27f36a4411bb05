"""Switching values: how far an uncertain number must go for a party's figure to change sides.

    found = switching_values(load_scenario("norrkoping"))
    found.numbers[0].crossings[0].value, found.numbers[0].crossings[0].probability

Each number is held at one value on every path, the others are drawn as ever, on the same paths. The
figure is followed over the number's own law, from its 0.05 % to its 99.95 % point; where it crosses
the level is the switching value, and the chance of being beyond is read off the law.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from statistics import NormalDist
from typing import Any, Literal

from simulator.analysis.solve import Trial, error_at
from simulator.analysis.solve import solve as close_in
from simulator.decisions.experiment import Change, Experiment
from simulator.decisions.targets import Gauge, Reading, Target, gauge, of_leaf, of_series
from simulator.decisions.targets import read_target as _read_target
from simulator.engine import Progress
from simulator.errors import SocsimError
from simulator.scenario.model import Scenario
from simulator.scenario.resolved import scenario_hash
from simulator.summary.estimates import Z

SCHEMA_VERSION = 1
LEAST, MOST = 0.0005, 0.9995
"""The part of a number's own law that is looked through."""
_NORMAL = NormalDist()
_ENDS = (_NORMAL.inv_cdf(LEAST), _NORMAL.inv_cdf(MOST))
_BETWEEN = (_NORMAL.inv_cdf(0.05), 0.0, _NORMAL.inv_cdf(0.95))
_FINE = 5e-4
"""Tolerance of a crossing, in standard deviations of the number's normal score."""
Side = Literal["below", "above", "several"]


@dataclass(frozen=True)
class Threshold:
    """A party's figure, the level at which its decision turns, and the figure as it is."""

    figure: str
    level: float
    now: float
    standard_error: float | None


@dataclass(frozen=True)
class Switch:
    """Where a number turns a decision; `value` is None where it does so nowhere in its law.

    `mc_low` and `mc_high` are the 95 % Monte Carlo interval of the value. `probability` is the
    chance, by the number's own law, that it lies where the figure is on the other side of the level
    than now, with the interval that follows from that of the value. `side` says where that is;
    `others` are further crossings. `at_low` and `at_high` are the figures at the ends of the law.
    """

    figure: str
    level: float
    value: float | None
    mc_low: float | None
    mc_high: float | None
    probability: float
    probability_low: float | None
    probability_high: float | None
    side: Side | None
    others: tuple[float, ...]
    at_low: Trial
    at_high: Trial


@dataclass(frozen=True)
class Switched:
    """One number: its law in three figures, and where it turns each decision.

    `has_influence` is False where the figures stay the same bit for bit over the whole law.
    """

    name: str
    mean: float
    p5: float
    p95: float
    has_influence: bool
    crossings: tuple[Switch, ...]

    @property
    def probability(self) -> float:
        """The largest chance of turning a decision."""
        return max((switch.probability for switch in self.crossings), default=0.0)


@dataclass(frozen=True)
class Switching:
    """The switching values of every uncertain number, the likeliest to turn a decision first."""

    thresholds: tuple[Threshold, ...]
    numbers: tuple[Switched, ...]
    paths: int
    seed: int
    scenario_hash: str

    def to_dict(self) -> dict[str, Any]:
        """The values as in switching.json."""
        return {
            "schema_version": SCHEMA_VERSION,
            "simulation": {"paths": self.paths, "seed": self.seed},
            "scenario_hash": self.scenario_hash,
            "law": {"from": LEAST, "to": MOST},
            "thresholds": [asdict(threshold) for threshold in self.thresholds],
            "numbers": [asdict(number) for number in self.numbers],
        }


def switching_values(
    scenario: Scenario,
    *,
    targets: Sequence[str | Target] = (),
    paths: int = 100_000,
    seed: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Switching:
    """Where each uncertain number turns a party's decision, with the chance that it does.

    Without `targets` the decisions turn where the investor's expected profit and each outcome
    payer's net budget effect cross 0. Raises SocsimError for a text that is no target and a figure
    that does not exist.
    """
    lab = Experiment(scenario, paths=paths, seed=seed, threads=threads)
    wanted = [_read_target(t) if isinstance(t, str) else t for t in targets] or _own_targets(lab)
    gauges = [gauge(target.figure, lab) for target in wanted]
    thresholds = tuple(
        Threshold(target.figure, target.level, reading.value, reading.standard_error)
        for target, found in zip(wanted, read_all(lab, gauges, Change()), strict=True)
        for reading in (_there(target, found),)
    )
    names = list(lab.numbers)
    found = []
    for place, name in enumerate(names):
        found.append(_Followed(lab, name, gauges, thresholds).switched())
        if progress:
            progress(place + 1, len(names))
    return Switching(
        thresholds,
        tuple(sorted(found, key=lambda one: (-one.probability, not one.has_influence, one.name))),
        paths,
        seed,
        scenario_hash(scenario),
    )


def _there(target: Target, found: Reading | None) -> Reading:
    if found is None:
        raise SocsimError(
            f"{target.figure} does not exist in this scenario\n"
            "    allowed: a figure that the contract has; one of its investor needs capital"
        )
    return found


def _own_targets(lab: Experiment) -> list[Target]:
    """Zero for the investor, where there is one, and for each outcome payer."""
    figures = lab.figures()
    drawn = figures["investor.drawn"].number
    payers = [
        name
        for name in figures
        if name.startswith("outcome_payers.")
        and name.endswith(".net_budget_effect")
        and name.count(".") == 2
    ]
    own = ["investor.expected_profit"] if drawn else []
    return [Target(name, ">=", 0.0) for name in (*own, "municipality.net_budget_effect", *payers)]


def read_all(lab: Experiment, gauges: Sequence[Gauge], change: Change) -> list[Reading | None]:
    """Several figures of one experiment, simulated once where each has a series, else twice."""
    names = list(dict.fromkeys(g.series for g in gauges if g.series is not None))
    rows = dict(zip(names, lab.series(names, change), strict=True)) if names else {}
    leaves = lab.figures(change) if any(g.series is None for g in gauges) else {}
    return [
        of_leaf(leaves.get(g.leaf), g.part)
        if g.series is None
        else of_series(rows[g.series], g.percent)
        for g in gauges
    ]


class _Followed:
    """One number, followed over its law: readings by normal score."""

    def __init__(
        self,
        lab: Experiment,
        name: str,
        gauges: Sequence[Gauge],
        thresholds: Sequence[Threshold],
    ) -> None:
        self.lab, self.name, self.gauges, self.thresholds = lab, name, gauges, thresholds
        self.known: dict[float, list[Trial]] = {}

    def value(self, score: float) -> float:
        """The number at a normal score."""
        return self.lab.quantile(self.name, min(max(_NORMAL.cdf(score), 1e-12), 1 - 1e-12))

    def at(self, score: float) -> list[Trial]:
        """The figures with the number held there, by threshold; places are scores."""
        if score not in self.known:
            held = Change(held={self.name: self.value(score)})
            found = read_all(self.lab, self.gauges, held)
            self.known[score] = [
                Trial(score, reading.value, reading.standard_error)
                for threshold, one in zip(self.thresholds, found, strict=True)
                for reading in (_there(Target(threshold.figure, "=", threshold.level), one),)
            ]
        return self.known[score]

    def switched(self) -> Switched:
        """The number's law, and a switch for each threshold."""
        low, high = (self.at(score) for score in _ENDS)
        moves = any(
            one.figure != two.figure or one.figure != threshold.now
            for one, two, threshold in zip(low, high, self.thresholds, strict=True)
        )
        for score in _BETWEEN if moves else ():
            self.at(score)
        return Switched(
            name=self.name,
            mean=self.lab.numbers[self.name].mean,
            p5=self.lab.quantile(self.name, 0.05),
            p95=self.lab.quantile(self.name, 0.95),
            has_influence=moves,
            crossings=tuple(self._switch(place) for place in range(len(self.thresholds))),
        )

    def _switch(self, place: int) -> Switch:
        threshold = self.thresholds[place]
        trials = sorted((row[place] for row in self.known.values()), key=lambda trial: trial.at)
        scores = [
            (self._crossed(place, one, two), one, two)
            for one, two in pairwise(trials)
            if _side(one, threshold) != _side(two, threshold)
        ]
        places = [score for score, _, _ in scores]
        chances = _beyond(places, trials, threshold)
        nearest = min(scores, key=lambda found: abs(found[0]), default=None)
        ends = [
            Trial(self.value(trial.at), trial.figure, trial.standard_error)
            for trial in (trials[0], trials[-1])
        ]
        if nearest is None:
            return Switch(
                figure=threshold.figure,
                level=threshold.level,
                value=None,
                mc_low=None,
                mc_high=None,
                probability=chances,
                probability_low=None,
                probability_high=None,
                side=None,
                others=(),
                at_low=ends[0],
                at_high=ends[1],
            )
        score, one, two = nearest
        known = {at: row[place] for at, row in self.known.items()}
        error = error_at(known, score, (one.at, two.at))
        reach = None if error is None else Z * error
        shifts = [] if reach is None else [-reach, reach]
        moved = [_beyond([at + by for at in places], trials, threshold) for by in shifts]
        above = _side(trials[-1], threshold) != _now(threshold)
        return Switch(
            figure=threshold.figure,
            level=threshold.level,
            value=self.value(score),
            mc_low=None if reach is None else self.value(score - reach),
            mc_high=None if reach is None else self.value(score + reach),
            probability=chances,
            probability_low=min(moved, default=None),
            probability_high=max(moved, default=None),
            side="several" if len(places) > 1 else "above" if above else "below",
            others=tuple(self.value(s) for s in places if s != score),
            at_low=ends[0],
            at_high=ends[1],
        )

    def _crossed(self, place: int, one: Trial, two: Trial) -> float:
        """The normal score at which the figure crosses its level, between two trials."""
        level = self.thresholds[place].level

        def evaluate(score: float) -> tuple[float, float | None]:
            trial = self.at(score)[place]
            return trial.figure, trial.standard_error

        found = close_in(evaluate, level, one.at, two.at, tolerance=_FINE)
        assert found.value is not None  # the figure changes sides
        return found.value


def _side(trial: Trial, threshold: Threshold) -> bool:
    return trial.figure >= threshold.level


def _now(threshold: Threshold) -> bool:
    return threshold.now >= threshold.level


def _beyond(places: Sequence[float], trials: Sequence[Trial], threshold: Threshold) -> float:
    """The chance of a score at which the figure is on the other side than now."""
    return sum((high - low for low, high in _stretches(places, trials, threshold)), 0.0)


def _stretches(
    places: Sequence[float], trials: Sequence[Trial], threshold: Threshold
) -> Iterator[tuple[float, float]]:
    """Stretches of the law on the other side, as chances; the sides alternate at each place."""
    ends = [0.0, *(_NORMAL.cdf(place) for place in places), 1.0]
    is_other = _side(trials[0], threshold) != _now(threshold)
    for low, high in pairwise(ends):
        if is_other:
            yield low, high
        is_other = not is_other


__all__ = ["Switch", "Switched", "Switching", "Threshold", "switching_values"]
