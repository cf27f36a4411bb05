"""Asking for a rare event: the question checked, the pilot, the weighted paths, the plain ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.analysis.paired import series_names
from simulator.decisions.experiment import Experiment
from simulator.decisions.rare.found import (
    AGREES,
    CHECKABLE,
    Check,
    Gain,
    RareEvent,
    Told,
)
from simulator.decisions.rare.pilot import Drawn, Round, find_shift
from simulator.decisions.rare.strata import Stratum, tally
from simulator.decisions.rare.weighing import (
    BATCHES,
    EMPTY,
    HITS,
    WE,
    Event,
    Floats,
    N,
    Reckoned,
    Weights,
    reckon,
)
from simulator.engine import CHUNK, Progress
from simulator.errors import SocsimError
from simulator.kernels.borrow import Record
from simulator.kernels.parameters import score_block
from simulator.plan.shifting import moves_of, shifted
from simulator.scenario.model import Scenario
from simulator.summary.series import plan_series

if TYPE_CHECKING:
    from simulator.cluster import Cluster

LOSS = "investor.loss"
PLAIN_SHARE = 0.2
LEAST, MOST = 1_000, 10**9
PILOT = 8_192
T31_995 = 2.744042
"""The 99.5 % quantile of Student's t with 31 degrees of freedom."""
_NORMAL = 1.959964
_OFTEN = (
    "investor.loss",
    "investor.profit",
    "municipality.net_budget_effect",
    "municipality.total_payments",
    "guarantor.payout",
    "society.net_present_value",
)


@dataclass(frozen=True)
class Question:
    """A figure of a path, and the threshold that it is to be above or below."""

    figure: str = LOSS
    above: float | None = None
    below: float | None = None

    def event(self) -> Event:
        """Checked; SocsimError for no threshold, two, or one that is no number."""
        given = {"above": self.above, "below": self.below}
        found = {side: value for side, value in given.items() if value is not None}
        if len(found) != 1 or not math.isfinite(next(iter(found.values()))):
            said = ", ".join(f"{side} {value:g}" for side, value in found.items()) or "nothing"
            raise SocsimError(
                f"threshold of {self.figure}: found {said}\n"
                "    allowed: either above or below, a finite number\n"
                "    mend: say what counts as rare, such as above 5000000"
            )
        ((side, threshold),) = found.items()
        return Event(self.figure, threshold, 1 if side == "above" else -1)


def rare(  # noqa: PLR0913 (what a notebook may say of it, all by name)
    scenario: Scenario,
    figure: str = LOSS,
    *,
    above: float | None = None,
    below: float | None = None,
    paths: int = 100_000,
    seed: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
    cluster: Cluster | None = None,
) -> RareEvent:
    """The chance that a figure of a path is above (or below) a threshold, and its mean there.

    `figure` as in a path's figures: "investor.loss", "municipality.net_budget_effect". So many
    weighted paths after a pilot, and as many plain ones, which are those of the run, to check. On a
    `cluster` (see `simulator.connect`) workers take whole stretches; the bits are the same.
    SocsimError for a question that cannot be asked.
    """
    event = Question(figure, above, below).event()
    _check_paths(paths)
    lab = Experiment(scenario, paths=paths, seed=seed, threads=threads)
    _check_event(lab, event)
    return _Inquiry(lab, event, progress, cluster).answer()


def _check_paths(paths: int) -> None:
    if not LEAST <= paths <= MOST:
        raise SocsimError(
            f"paths: found {paths}\n    allowed: {LEAST} to {MOST}\n    mend: choose one of these"
        )


def _check_event(lab: Experiment, event: Event) -> None:
    """Refuse a figure that no path has, and what cannot happen or has no number behind it."""
    if not lab.has_series(event.figure):
        raise SocsimError(_unknown(lab, event.figure))
    if event.figure.startswith("investor") and lab.scenario.capital is None:
        raise SocsimError(
            f"{event.figure}: nobody lays out capital in this scenario\n"
            "    allowed: a figure of the outcome payer, of the society or of an outcome\n"
            "    mend: ask for municipality.net_budget_effect, for example"
        )
    if not len(lab.built.plan.draws.keys):
        raise SocsimError(
            "this scenario has no uncertain number: whatever is rare in it is luck\n"
            "    allowed: a scenario with an uncertain number\n"
            "    mend: simulate more futures with `socsim run` instead"
        )
    worst = lab.built.layout.worst_loss
    if event.figure == LOSS and event.sign > 0 and worst is not None and event.threshold >= worst:
        raise SocsimError(
            f"a loss above {event.threshold:,.0f} cannot be: the contract lets the investor lose "
            f"{worst:,.0f} at most\n    allowed: below {worst:,.0f}\n    mend: ask for a smaller "
            "loss, or for investor.profit_before_protection"
        )


def _unknown(lab: Experiment, figure: str) -> str:
    """There are hundreds of series: told are those that are asked for most, and the nearest."""
    plan = plan_series(lab.built.layout)
    known = sorted({*plan.layout.figures, *series_names(plan)})
    near = get_close_matches(figure, known, 3, 0.5)
    said = f"did you mean {' or '.join(near)}?" if near else "take one of these"
    return (
        f"figure: found {figure}\n    allowed: a figure that each future has, such as "
        f"{', '.join(name for name in _OFTEN if name in known)}\n    mend: {said}"
    )


def _whole(paths: int) -> int:
    """The next multiple of CHUNK."""
    return -(-paths // CHUNK) * CHUNK


class _Inquiry:
    """One question on one scenario.

    Paths: first the check's, which are the run's, then the plain ones of the mixture, those drawn
    with moved scores, and the pilot's; no address is used twice.
    """

    def __init__(
        self, lab: Experiment, event: Event, progress: Progress | None, cluster: Cluster | None
    ) -> None:
        self.lab, self.event, self._progress, self._cluster = lab, event, progress, cluster
        self.plain_paths = round(PLAIN_SHARE * lab.paths)
        self.pilot_paths = min(max(lab.paths // 10, LEAST), PILOT)
        self.plain_at = _whole(lab.paths)
        self.moved_at = self.plain_at + _whole(self.plain_paths)
        self.pilot_at = self.moved_at + _whole(lab.paths - self.plain_paths)
        self._done = 0

    def answer(self) -> RareEvent:
        """The pilot, both strata, and the check."""
        streams = len(self.lab.built.plan.draws.keys)
        shift, rounds = find_shift(self.event, streams, self._draw)
        weights = Weights(shift, self.plain_paths / self.lab.paths)
        unmoved, moved = Stratum(self.event, weights), Stratum(self.event, weights, shift)
        strata = [
            self._tally(unmoved, self.plain_at, self.plain_paths),
            self._tally(moved, self.moved_at, self.lab.paths - self.plain_paths),
        ]
        ones = Stratum(self.event, Weights((), 1.0))
        plain = self._tally(ones, 0, self.lab.paths).sum(axis=0)
        return self._told(shift, rounds, strata, plain)

    def _draw(self, shift: tuple[float, ...], number: int) -> Drawn:
        """A round of the pilot."""
        built = shifted(self.lab.built, shift)
        first = self.pilot_at + number * _whole(self.pilot_paths)
        values = self.lab.stretch(built, [self.event.figure], (first, first + self.pilot_paths))
        scores = np.empty((len(shift), self.pilot_paths))
        score_block(Record(built.plan.draws), first, scores)
        return values[0], scores

    def _tally(self, stratum: Stratum, first: int, paths: int) -> Floats:
        """The sums (BATCHES, columns) of a stratum."""
        begun = self._done

        def step(done: int, _: int) -> None:
            self._done = begun + done - first
            if self._progress is not None:
                self._progress(self._done, 2 * self.lab.paths)

        return tally(self.lab, stratum, first, paths, step, self._cluster)

    def _told(
        self,
        shift: tuple[float, ...],
        rounds: tuple[Round, ...],
        strata: Sequence[Floats],
        plain: Floats,
    ) -> RareEvent:
        event, lab = self.event, self.lab
        found = reckon([part.sum(axis=0) for part in strata])
        seen = plain[HITS] + strata[0][:, HITS].sum()
        cost = sum(entry.paths for entry in rounds)
        return RareEvent(
            scenario=lab.scenario,
            figure=event.figure,
            side="above" if event.sign > 0 else "below",
            threshold=event.threshold,
            paths=lab.paths,
            seed=lab.seed,
            plain_share=self.plain_paths / lab.paths,
            rounds=rounds,
            moves=tuple((name, by) for name, by in moves_of(lab.built, shift) if by != 0.0),
            beyond=int(sum(part[:, HITS].sum() for part in strata)),
            effective_paths=0.0 if found is None else found.effective,
            probability=None if found is None else _chance(found),
            mean_beyond=None if found is None else _mean(found, event),
            gain=_gain(strata, 0, lab.paths / (lab.paths + cost)),
            gain_mean=_gain(strata, 1, lab.paths / (lab.paths + cost)),
            check=_checked(plain, found, event),
            without_value=float(plain[EMPTY] / plain[N]),
            at_most=_at_most(int(seen), lab.paths + self.plain_paths) if found is None else None,
        )


def _chance(found: Reckoned) -> Told:
    """P with an interval that is even on the scale of its logarithm; weights may sum beyond 1."""
    error, chance = math.sqrt(found.variance[0]), min(found.chance, 1.0)
    factor = math.exp(min(_NORMAL * error / chance, 700.0))
    return Told(chance, error, chance / factor, min(chance * factor, 1.0))


def _mean(found: Reckoned, event: Event) -> Told:
    """The figure's mean over the paths beyond."""
    error = math.sqrt(found.variance[1])
    mean = event.threshold + event.sign * found.excess
    return Told(mean, error, mean - _NORMAL * error, mean + _NORMAL * error)


def _gain(strata: Sequence[Floats], which: int, share: float) -> Gain | None:
    """Plain variance over that found, `share` of it for the pilot's paths; by the jackknife.

    The interval is that of the logarithm, from leaving out one batch after the other.
    """
    whole = _ratio([part.sum(axis=0) for part in strata], which)
    left = [
        _ratio([part.sum(axis=0) - part[batch] for part in strata], which)
        for batch in range(BATCHES)
    ]
    if whole is None or any(one is None for one in left):
        return None
    logs = [math.log(one) for one in left if one is not None]
    middle = math.fsum(logs) / BATCHES
    scatter = math.fsum((one - middle) ** 2 for one in logs) * (BATCHES - 1) / BATCHES
    factor = math.exp(min(T31_995 * math.sqrt(scatter), 700.0))
    return Gain(share * whole, share * whole / factor, share * whole * factor)


def _ratio(strata: Sequence[Floats], which: int) -> float | None:
    found = reckon(strata)
    if found is None or found.variance[which] <= 0.0 or found.plain[which] <= 0.0:
        return None
    return found.plain[which] / found.variance[which]


def _checked(plain: Floats, found: Reckoned | None, event: Event) -> Check:
    """Plain paths beside the weighted ones; their error is that expected at the chance found."""
    paths, beyond = int(plain[N]), int(plain[HITS])
    mean = event.threshold + event.sign * float(plain[WE]) / beyond if beyond else None
    chance = beyond / paths
    if found is None:
        return Check(paths, beyond, chance, mean, None, "too few")
    error = math.sqrt(found.variance[0] + max(found.chance * (1.0 - found.chance), 0.0) / paths)
    z = (chance - found.chance) / error if error > 0.0 else 0.0
    agrees: Any = "yes" if abs(z) <= AGREES else "no"
    few = found.chance * paths < CHECKABLE and agrees == "yes"
    return Check(paths, beyond, chance, mean, z, "too few" if few else agrees)


def _at_most(seen: int, paths: int) -> float:
    """The chance at which so few or fewer of so many paths would be seen once in twenty."""
    from scipy.special import betaincinv

    return float(betaincinv(seen + 1, max(paths - seen, 1), 0.95))
