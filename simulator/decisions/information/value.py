"""What knowledge is worth to a decision: definitions on arrays.

An option's net benefit is a row, (options, paths) or (options, points of a quadrature); the first
of equal options is chosen, always. What is known before choosing enters as E[net benefit | known]:
luck, which nobody can know beforehand, is averaged away and never chosen on.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.decisions.information.regression import conditional_mean

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Worth:
    """What choosing with knowledge adds to the expected net benefit, in money.

    `changes` is the probability that the knowledge leads to another choice. `uncapped` is the
    estimate of a part of all knowledge before it was held to what all knowledge is worth.
    """

    estimate: float
    standard_error: float
    changes: float
    uncapped: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """The promised keys."""
        return asdict(self)


def means_of(net: Floats, weights: Floats | None = None) -> Floats:
    """The expected net benefit of each option, (options,)."""
    return np.asarray(np.average(net, axis=1, weights=weights), dtype=np.float64)


def best_of(net: Floats, weights: Floats | None = None) -> int:
    """The option with the highest expected net benefit; the first of equals."""
    return int(np.argmax(means_of(net, weights)))


def choice(given: Floats) -> Ints:
    """The best option on each path, given what is known there, (paths,); the first of equals."""
    return np.asarray(np.argmax(given, axis=0), dtype=np.int64)


def worth(net: Floats, chosen: Ints, weights: Floats | None = None) -> Worth:
    """Mean of NB(chosen) − NB(the option with the best mean).

    The net benefit may contain luck, as long as the choice was made without it.
    """
    paths = np.arange(net.shape[1])
    base = best_of(net, weights)
    gain = net[chosen, paths] - net[base]
    value = float(np.average(gain, weights=weights))
    error = 0.0 if weights is not None else float(gain.std(ddof=1) / np.sqrt(len(gain)))
    return Worth(value, error, float(np.average(chosen != base, weights=weights)))


def evpi(given: Floats, weights: Floats | None = None) -> Worth:
    """E[max NB] − max E[NB], with `given` = E[NB | every number], free of luck."""
    return worth(given, choice(given), weights)


def at_most(found: Worth, perfect: Worth) -> Worth:
    """min(found, EVPI): to know some numbers is never worth more than to know all.

    Both are learned by regression, each with its own error, so that the estimates may come out in
    the other order; the one that did stays in `uncapped`.
    """
    cap = max(perfect.estimate, 0.0)
    return replace(found, estimate=min(found.estimate, cap), uncapped=found.estimate)


def evppi(net: Floats, numbers: Floats, weights: Floats | None = None, *, folds: int = 2) -> Worth:
    """E[max E[NB | numbers]] − max E[NB], for numbers (k, paths) known before choosing.

    The choice is learned by regression on other paths than those it is valued on
    (`conditional_mean`), so that neither luck nor an over-fitted choice can add to the value; a
    choice not quite learned takes a little from it.
    """
    return worth(net, choice(conditional_mean(net, numbers, weights, folds=folds)), weights)


def evsi(
    net: Floats, statistics: Floats, weights: Floats | None = None, *, folds: int = 2
) -> Worth:
    """E[max E[NB | result of a study]] − max E[NB], for simulated results (k, paths).

    By regression on the study's summary statistics: Strong, Oakley, Brennan and Breeze, Medical
    Decision Making 35 (2015).
    """
    return evppi(net, statistics, weights, folds=folds)


def expected_loss(net: Floats, chosen: Ints, weights: Floats | None = None) -> Floats:
    """E[NB(chosen)] − E[NB(option)], (options,): the least of them is the value of knowing."""
    best = net[chosen, np.arange(net.shape[1])]
    return np.asarray(np.average(best - net, axis=1, weights=weights), dtype=np.float64)


def probability_best(chosen: Ints, options: int, weights: Floats | None = None) -> Floats:
    """P(option is the best given every number), (options,)."""
    marks = chosen == np.arange(options)[:, None]
    return np.asarray(np.average(marks, axis=1, weights=weights), dtype=np.float64)
