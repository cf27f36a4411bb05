"""From drawn numbers to levels: what each metric's mean is without the programme and with it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, kernel
from simulator.kernels.records import BINARY, DIFFERENCE, ODDS_RATIO, RATIO, Cells, Cohorts


@kernel
def full_level(form: int, effect: float, b: float) -> float:
    """t = b + difference, b·ratio, or o/(1 + o) with o = odds_ratio·b/(1 − b); never below 0."""
    t = b
    if form == DIFFERENCE:
        t = b + effect
    elif form == RATIO:
        t = b * effect
    elif form == ODDS_RATIO:
        t = effect * b / (1.0 - b + effect * b)
    return max(t, 0.0)


@kernel
def cell_levels(
    cells: Cells, values: NDArray[np.float64], level: NDArray[np.float64], full: NDArray[np.float64]
) -> None:
    """level[c, l] = E[B] a year (a chance for binary metrics), full[c, l] = the level at full effect."""
    for cell in range(cells.kind.shape[0]):
        binary = cells.kind[cell] == BINARY
        for lane in range(LANES):
            b = values[cells.baseline[cell], lane] * cells.declared[cell]
            if cells.growth[cell] >= 0:
                b *= (1.0 + values[cells.growth[cell], lane]) ** cells.growth_years[cell]
            if cells.drift[cell] >= 0:
                b *= max(1.0 + values[cells.drift[cell], lane], 0.0)
            if cells.truth[cell] >= 0:
                b *= values[cells.truth[cell], lane]
            if cells.before[cell] >= 0:
                b *= 1.0 + cells.rho[cell] * (values[cells.before[cell], lane] - 1.0)
            b = max(b, 0.0)
            if binary:
                b = min(b, 1.0)
            t = b
            if cells.effect[cell] >= 0:
                t = full_level(cells.form[cell], values[cells.effect[cell], lane], b)
            if binary:
                t = min(t, 1.0)
            level[cell, lane] = b
            full[cell, lane] = t


@kernel
def expected_active(
    cells: Cells, cohorts: Cohorts, cell: int, year: int, values: NDArray[np.float64], out: NDArray[np.float64]
) -> None:
    """out[l] = (e^(−hk) − e^(−h(k + 1)))/h, the expected active share of year k; binary e^(−h·at)."""
    row = cohorts.hazard[cells.cohort[cell]]
    if row < 0:
        out[:] = 1.0
        return
    for lane in range(LANES):
        h = values[row, lane]
        if cells.kind[cell] == BINARY:
            out[lane] = math.exp(-h * cells.at_years[cell])
        elif h < 1e-9:
            out[lane] = 1.0
        else:
            out[lane] = (math.exp(-h * year) - math.exp(-h * (year + 1))) / h


@kernel
def expected_means(
    cells: Cells,
    cohorts: Cohorts,
    cell: int,
    year: int,
    values: NDArray[np.float64],
    levels: tuple[NDArray[np.float64], NDArray[np.float64]],
    out: NDArray[np.float64],
) -> None:
    """out[0] = E[B|θ], out[1] = E[T|θ] of one service user in year k (k ignored for binary metrics).

    An amount given a binary metric has E[B] = p_B·b and E[T] = p_T·μ.
    """
    level, full = levels
    k = cells.at_year[cell] if cells.kind[cell] == BINARY else year
    f = cells.profile[cell, min(k, cells.profile.shape[1] - 1)]
    expected_active(cells, cohorts, cell, year, values, out[1])
    given = cells.given[cell]
    for lane in range(LANES):
        b = level[cell, lane]
        active = out[1, lane] if given < 0 else 1.0
        out[0, lane] = b
        out[1, lane] = max(b + (full[cell, lane] - b) * f * active, 0.0)
        if cells.kind[cell] == BINARY:
            out[1, lane] = min(out[1, lane], 1.0)
    if given >= 0:
        f = cells.profile[given, min(cells.at_year[given], cells.profile.shape[1] - 1)]
        row = cohorts.hazard[cells.cohort[cell]]
        for lane in range(LANES):
            p = level[given, lane]
            active = 1.0 if row < 0 else math.exp(-values[row, lane] * cells.at_years[given])
            out[0, lane] *= p
            out[1, lane] *= min(max(p + (full[given, lane] - p) * f * active, 0.0), 1.0)
