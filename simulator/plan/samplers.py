"""A plan whose uncertain numbers are drawn by another sampler than plain; see kernels.samplers."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.records import ANTITHETIC, LATIN, PLAIN, SOBOL
from simulator.kernels.samplers import BITS, REPLICATE
from simulator.plan.arrays import frozen, ints
from simulator.plan.build import Built

Sampler = Literal["plain", "antithetic", "lhs", "sobol"]
"""How the uncertain numbers of the paths of a replicate lie to each other."""
SAMPLERS: tuple[Sampler, ...] = get_args(Sampler)
_NUMBERS = {"plain": PLAIN, "antithetic": ANTITHETIC, "lhs": LATIN, "sobol": SOBOL}


def sampled(built: Built, sampler: Sampler) -> Built:
    """The plan with its uncertain numbers drawn by `sampler`; luck is drawn as ever."""
    if sampler == "plain":
        return built
    draws = built.plan.draws._replace(sampler=ints(_NUMBERS[sampler]))
    if sampler == "sobol":
        draws = draws._replace(points=sobol_points(len(draws.keys)))
    return replace(built, plan=built.plan._replace(draws=draws))


def sobol_points(streams: int) -> NDArray[np.uint16]:
    """The first 4,096 points of a Sobol sequence in 12 bits, (streams, 4096), read-only.

    Direction numbers of Joe & Kuo 2008, as in SciPy. The points stand in an order of their own, the
    same for all streams: the jackknife's batches take every 32nd path, and every 32nd point of the
    sequence lies in one corner.
    """
    if streams == 0:
        return frozen(np.empty((0, REPLICATE), dtype=np.uint16))
    from scipy.stats import qmc

    points = qmc.Sobol(streams, scramble=False, bits=BITS).random_base2(BITS)
    order = np.random.Generator(np.random.Philox(0)).permutation(REPLICATE)
    return frozen((points[order] * REPLICATE).astype(np.uint16).T)
