"""A plan whose normal scores have other means: the draws of importance sampling.

Only the uncertain numbers move; luck is drawn as ever, at the addresses of the path.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from simulator.plan.arrays import floats
from simulator.plan.build import Built


def shifted(built: Built, shift: Sequence[float]) -> Built:
    """The plan with `shift` added to its normal scores, one number for each stream of scores."""
    draws = built.plan.draws
    if len(shift) != len(draws.keys):
        raise ValueError(f"{len(shift)} shifts for {len(draws.keys)} scores")
    moved = draws._replace(shift=floats([float(step) for step in shift]))
    return replace(built, plan=built.plan._replace(draws=moved))


def moves_of(built: Built, shift: Sequence[float]) -> tuple[tuple[str, float], ...]:
    """By how many standard deviations of its score each uncertain number moves: Σ loading·shift."""
    draws = built.plan.draws
    found = []
    for number, name in enumerate(built.uncertain):
        entries = range(int(draws.start[number]), int(draws.start[number + 1]))
        steps = (float(draws.loading[k]) * float(shift[int(draws.score[k])]) for k in entries)
        found.append((name, sum(steps)))
    return tuple(found)
