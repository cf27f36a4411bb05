"""The parameter layer: every uncertain number once per path."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.borrow import Record
from simulator.kernels.compile import LANES, entry, kernel
from simulator.kernels.lanes import add_scaled, fill, scale
from simulator.kernels.philox import fill_uniforms_53
from simulator.kernels.records import ANTITHETIC, PLAIN, Draws
from simulator.kernels.samplers import fill_stratified, mirror, mirrored
from simulator.kernels.tables import Spots, at_scores, by_knots, normal_quantiles

LOW_WORD = 0xFFFFFFFF
Rooms = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.uint32], NDArray[np.float64]]
"""Scores and values of a tile, and spots."""


@kernel
def draw_scores(
    draws: Draws, path: int, u: NDArray[np.float64], spots: Spots, scores: NDArray[np.float64]
) -> None:
    """scores[j, l] = Φ⁻¹(uniform of stream j at path + l) + shift_j; `u` and `spots` are spare.

    The contract of a portfolio is the high word of its paths; shared streams read the low word.
    """
    for j in range(draws.keys.shape[0]):
        at = path & LOW_WORD if draws.shared[j] == 1 else path
        if draws.sampler == PLAIN:
            fill_uniforms_53(draws.keys[j], at, u)
            normal_quantiles(u, spots, scores[j])
        elif draws.sampler == ANTITHETIC:
            fill_uniforms_53(draws.keys[j], mirrored(at), u)
            normal_quantiles(u, spots, scores[j])
            if mirrored(at) != at:
                mirror(scores[j])
        else:
            fill_stratified(draws, j, at, u, scores[j])
            normal_quantiles(u, spots, scores[j])
        if draws.shift[j] != 0.0:
            for lane in range(LANES):
                scores[j, lane] += draws.shift[j]


@kernel
def draw_values(
    draws: Draws,
    scores: NDArray[np.float64],
    z: NDArray[np.float64],
    spots: Spots,
    values: NDArray[np.float64],
) -> None:
    """values[i, l] = F_i⁻¹(Φ(Σ_j loading_ij·scores[j, l])); certain values are left as they are."""
    for i in range(draws.grid.shape[0]):
        target = values[draws.value[i]]
        first, end = draws.start[i], draws.start[i + 1]
        scale(z, draws.loading[first], scores[draws.score[first]])
        for k in range(first + 1, end):
            add_scaled(z, draws.loading[k], scores[draws.score[k]])
        if draws.grid[i] >= 0:
            at_scores(draws.tables[draws.grid[i]], z, spots, target)
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
    scores, values, cells, fractions = rooms
    n = out.shape[1]
    for start in range(0, n, LANES):
        draw_scores(draws, path + start, row, (cells, fractions), scores)
        draw_values(draws, scores, row, (cells, fractions), values)
        for i in range(out.shape[0]):
            for lane in range(min(LANES, n - start)):
                out[i, start + lane] = values[draws.value[i], lane]


@entry
def _score_block(
    draws: Draws, path: int, row: NDArray[np.float64], rooms: Rooms, out: NDArray[np.float64]
) -> None:
    """The entry of `score_block`."""
    scores, _, cells, fractions = rooms
    n = out.shape[1]
    for start in range(0, n, LANES):
        draw_scores(draws, path + start, row, (cells, fractions), scores)
        for j in range(out.shape[0]):
            for lane in range(min(LANES, n - start)):
                out[j, start + lane] = scores[j, lane]


def rooms_for(scores: int, values: int) -> Rooms:
    """Room for a tile."""
    cells = np.empty(LANES, dtype=np.uint32)
    return np.empty((scores, LANES)), np.empty((values, LANES)), cells, np.empty(LANES)


def score_block(draws: Record, path: int, out: NDArray[np.float64]) -> None:
    """out[j, l] = score of stream j on path + l; (scores, paths); `path` begins a tile."""
    rooms = rooms_for(len(draws.fields.keys), 0)
    run: Any = _score_block
    run(draws, path, np.empty(LANES), rooms, out)


def draw_block(draws: Record, path: int, out: NDArray[np.float64]) -> None:
    """out[i, l] = the value of uncertain number i on path + l; (uncertain, paths)."""
    fields = draws.fields
    rooms = rooms_for(len(fields.keys), int(fields.values))
    run: Any = _draw_block
    run(draws, path, np.empty(LANES), rooms, out)
