"""The parameter layer: every uncertain number once per path."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.borrow import Record
from simulator.kernels.compile import LANES, entry, kernel
from simulator.kernels.lanes import fill
from simulator.kernels.philox import fill_uniforms_53
from simulator.kernels.records import ANTITHETIC, PLAIN, Draws
from simulator.kernels.samplers import fill_stratified, mirror, mirrored
from simulator.kernels.tables import by_knots, by_score, normal_quantiles

LOW_WORD = 0xFFFFFFFF
Rooms = tuple[NDArray[np.float64], NDArray[np.float64]]  # scores and values of a tile


@kernel
def draw_scores(
    draws: Draws, path: int, u: NDArray[np.float64], scores: NDArray[np.float64]
) -> None:
    """scores[j, l] = Φ⁻¹(uniform of stream j at path + l) + shift_j; `u` a spare row.

    The contract of a portfolio is the high word of its paths; shared streams read the low word.
    """
    for j in range(draws.keys.shape[0]):
        at = path & LOW_WORD if draws.shared[j] == 1 else path
        if draws.sampler == PLAIN:
            fill_uniforms_53(draws.keys[j], at, u)
            normal_quantiles(u, scores[j])
        elif draws.sampler == ANTITHETIC:
            fill_uniforms_53(draws.keys[j], mirrored(at), u)
            normal_quantiles(u, scores[j])
            if mirrored(at) != at:
                mirror(scores[j])
        else:
            fill_stratified(draws, j, at, u, scores[j])
            normal_quantiles(u, scores[j])
        if draws.shift[j] != 0.0:
            for lane in range(LANES):
                scores[j, lane] += draws.shift[j]


@kernel
def draw_values(
    draws: Draws, scores: NDArray[np.float64], z: NDArray[np.float64], values: NDArray[np.float64]
) -> None:
    """values[i, l] = F_i⁻¹(Φ(Σ_j loading_ij·scores[j, l])); certain values are left as they are."""
    for i in range(draws.grid.shape[0]):
        fill(z, 0.0)
        target = values[draws.value[i]]
        for k in range(draws.start[i], draws.start[i + 1]):
            row = scores[draws.score[k]]
            loading = draws.loading[k]
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


@entry
def _draw_block(
    draws: Draws, path: int, row: NDArray[np.float64], rooms: Rooms, out: NDArray[np.float64]
) -> None:
    """The entry of `draw_block`."""
    scores, values = rooms
    n = out.shape[1]
    for start in range(0, n, LANES):
        draw_scores(draws, path + start, row, scores)
        draw_values(draws, scores, row, values)
        for i in range(out.shape[0]):
            for lane in range(min(LANES, n - start)):
                out[i, start + lane] = values[draws.value[i], lane]


@entry
def _score_block(
    draws: Draws, path: int, row: NDArray[np.float64], rooms: Rooms, out: NDArray[np.float64]
) -> None:
    """The entry of `score_block`."""
    scores, _ = rooms
    n = out.shape[1]
    for start in range(0, n, LANES):
        draw_scores(draws, path + start, row, scores)
        for j in range(out.shape[0]):
            for lane in range(min(LANES, n - start)):
                out[j, start + lane] = scores[j, lane]


def score_block(draws: Record, path: int, out: NDArray[np.float64]) -> None:
    """out[j, l] = score of stream j on path + l; (scores, paths); `path` begins a tile."""
    rooms = np.empty((len(draws.fields.keys), LANES)), np.empty((0, LANES))
    run: Any = _score_block
    run(draws, path, np.empty(LANES), rooms, out)


def draw_block(draws: Record, path: int, out: NDArray[np.float64]) -> None:
    """out[i, l] = the value of uncertain number i on path + l; (uncertain, paths)."""
    fields = draws.fields
    rooms = np.empty((len(fields.keys), LANES)), np.empty((int(fields.values), LANES))
    run: Any = _draw_block
    run(draws, path, np.empty(LANES), rooms, out)
