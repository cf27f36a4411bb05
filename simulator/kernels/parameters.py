"""The parameter layer: every uncertain number once per path."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, kernel
from simulator.kernels.lanes import fill
from simulator.kernels.philox import fill_uniforms_53
from simulator.kernels.records import Draws
from simulator.kernels.tables import by_knots, by_score, normal_quantiles

LOW_WORD = 0xFFFFFFFF


@kernel
def draw_scores(
    draws: Draws, path: int, u: NDArray[np.float64], scores: NDArray[np.float64]
) -> None:
    """scores[j, l] = Φ⁻¹(uniform of stream j at path + l); `u` a spare row.

    The contract of a portfolio is the high word of its paths; shared streams read the low word.
    """
    for j in range(draws.keys.shape[0]):
        at = path & LOW_WORD if draws.shared[j] == 1 else path
        fill_uniforms_53(draws.keys[j], at, u)
        normal_quantiles(u, scores[j])


@kernel
def draw_values(
    draws: Draws, scores: NDArray[np.float64], z: NDArray[np.float64], values: NDArray[np.float64]
) -> None:
    """values[i, l] = F_i⁻¹(Φ(Σ_j loading_ij·scores[j, l])); certain values are left as they are."""
    for i in range(draws.grid.shape[0]):
        fill(z, 0.0)
        target = values[draws.value[i]]
        for entry in range(draws.start[i], draws.start[i + 1]):
            row = scores[draws.score[entry]]
            loading = draws.loading[entry]
            for lane in range(LANES):
                z[lane] += loading * row[lane]
        if draws.grid[i] >= 0:
            table = draws.tables[draws.grid[i]]
            for lane in range(LANES):
                target[lane] = by_score(table, z[lane])
        else:
            knots = slice(draws.knot[i], draws.knot[i + 1])
            for lane in range(LANES):
                target[lane] = by_knots(draws.knot_z[knots], draws.knot_x[knots], z[lane])


@kernel
def fill_constants(draws: Draws, values: NDArray[np.float64]) -> None:
    """values[constant_value[i], l] = constant[i]."""
    for i in range(draws.constant.shape[0]):
        fill(values[draws.constant_value[i]], draws.constant[i])
