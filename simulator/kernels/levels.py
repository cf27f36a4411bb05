"""From drawn numbers to levels: what each metric's mean is without the programme and with it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, kernel
from simulator.kernels.lanes import assign, fill, is_alike, multiply
from simulator.kernels.records import BINARY, DIFFERENCE, ODDS_RATIO, RATIO, Cells, Plan

Row = NDArray[np.float64]


@kernel
def full_levels(form: int, effect: Row, b: Row, t: Row) -> None:
    """t = b + difference, b·ratio, or o/(1 + o) with o = odds_ratio·b/(1 − b); never below 0."""
    if form == DIFFERENCE:
        for lane in range(LANES):
            t[lane] = max(b[lane] + effect[lane], 0.0)
    elif form == RATIO:
        for lane in range(LANES):
            t[lane] = max(b[lane] * effect[lane], 0.0)
    elif form == ODDS_RATIO:
        for lane in range(LANES):
            odds = effect[lane] * b[lane]
            t[lane] = max(odds / (1.0 - b[lane] + odds), 0.0)
    else:
        assign(t, b)


@kernel
def cut_at_one(row: Row) -> None:
    """row ← min(row, 1), for chances."""
    for lane in range(LANES):
        row[lane] = min(row[lane], 1.0)


@kernel
def level_without(cells: Cells, cell: int, values: NDArray[np.float64], b: Row) -> None:
    """b = baseline·declared·(1 + growth)^y·(1 + drift)·ε·(1 + ρ·(before − 1)), never below 0."""
    baseline = values[cells.baseline[cell]]
    declared = cells.declared[cell]
    for lane in range(LANES):
        b[lane] = baseline[lane] * declared
    if cells.growth[cell] >= 0:
        growth = values[cells.growth[cell]]
        years = cells.growth_years[cell]
        for lane in range(LANES):
            b[lane] *= (1.0 + growth[lane]) ** years
    if cells.drift[cell] >= 0:
        drift = values[cells.drift[cell]]
        for lane in range(LANES):
            b[lane] *= max(1.0 + drift[lane], 0.0)
    if cells.truth[cell] >= 0:
        multiply(b, values[cells.truth[cell]])
    if cells.before[cell] >= 0:
        before = values[cells.before[cell]]
        rho = cells.rho[cell]
        for lane in range(LANES):
            b[lane] *= 1.0 + rho * (before[lane] - 1.0)
    for lane in range(LANES):
        b[lane] = max(b[lane], 0.0)


@kernel
def cell_levels(
    cells: Cells, values: NDArray[np.float64], level: NDArray[np.float64], full: NDArray[np.float64]
) -> None:
    """level[c, l] = E[B] a year (or a chance), full[c, l] = the level at full effect."""
    for cell in range(cells.kind.shape[0]):
        binary = cells.kind[cell] == BINARY
        level_without(cells, cell, values, level[cell])
        if binary:
            cut_at_one(level[cell])
        if cells.effect[cell] >= 0:
            effect = values[cells.effect[cell]]
            full_levels(cells.form[cell], effect, level[cell], full[cell])
        else:
            assign(full[cell], level[cell])
        if binary:
            cut_at_one(full[cell])


@kernel
def fill_stays(hazard: Row, until: Row, stays: NDArray[np.float64]) -> None:
    """stays[k] = e^(−h·k), the share who have not dropped out after k = 0, 1, 2 … years.

    It stays as it is from an early end, `until`, on. Mostly all paths have one hazard and no end.
    """
    alike = is_alike(hazard) and is_alike(until)
    for k in range(stays.shape[0]):
        row = stays[k]
        if alike:
            fill(row, math.exp(-hazard[0] * min(float(k), max(until[0], 0.0))))
            continue
        for lane in range(LANES):
            row[lane] = math.exp(-hazard[lane] * min(float(k), max(until[lane], 0.0)))


@kernel
def stay_for(years: float, hazard: Row, stays: NDArray[np.float64], out: Row) -> None:
    """out = e^(−h·years), where the contract does not end before; whole years are known."""
    whole = int(years)
    if whole == years and whole < stays.shape[0]:
        assign(out, stays[whole])
    else:
        for lane in range(LANES):
            out[lane] = math.exp(-hazard[lane] * years)


@kernel
def expected_active(
    cells: Cells,
    cell: int,
    year: int,
    hazard: Row,
    known: tuple[Row, NDArray[np.float64]],
    out: Row,
) -> None:
    """out[l] = (e^(−hk) − e^(−h(k + 1)))/h, the active share of year k; binary e^(−h·at).

    Of the year only what comes before an early end, `until`; a success settled after it is lost.
    `known` are the years until then and `stays`.
    """
    until, stays = known
    if cells.kind[cell] == BINARY:
        at = cells.at_years[cell]
        stay_for(at, hazard, stays, out)
        for lane in range(LANES):
            out[lane] = out[lane] if until[lane] >= at else 0.0
        return
    before, after = stays[year], stays[year + 1]
    for lane in range(LANES):
        h = hazard[lane]
        first = min(float(year), max(until[lane], 0.0))
        last = min(year + 1.0, max(until[lane], 0.0))
        share = (before[lane] - after[lane]) / h
        out[lane] = last - first if h < 1e-9 else share


@kernel
def active_until(cells: Cells, cell: int, year: int, until: Row, out: Row) -> None:
    """out[l] = share of year k before an early end; of a success 1 where it is settled by then."""
    if cells.kind[cell] == BINARY:
        at = cells.at_years[cell]
        for lane in range(LANES):
            out[lane] = 1.0 if until[lane] >= at else 0.0
    else:
        for lane in range(LANES):
            out[lane] = min(max(until[lane] - year, 0.0), 1.0)


@kernel
def with_effect(level: Row, full: Row, f: float, share: Row) -> None:
    """share ← max(b + (t − b)·f·share, 0), the mean at that active share."""
    for lane in range(LANES):
        b = level[lane]
        share[lane] = max(b + (full[lane] - b) * f * share[lane], 0.0)


@kernel
def at_effect(level: Row, full: Row, f: float, out: Row) -> None:
    """out = max(b + (t − b)·f, 0), the mean of those who take part all the while."""
    for lane in range(LANES):
        b = level[lane]
        out[lane] = max(b + (full[lane] - b) * f, 0.0)


@kernel
def expected_means(
    plan: Plan,
    cell: int,
    year: int,
    known: tuple[NDArray[np.float64], Row, NDArray[np.float64]],
    levels: tuple[NDArray[np.float64], NDArray[np.float64]],
    out: NDArray[np.float64],
) -> None:
    """out[0] = E[B|θ], out[1] = E[T|θ] of one service user in year k (k ignored for chances).

    `known` are the values, the years until an early end, and who has not dropped out (`stays`).
    """
    level, full = levels
    values, until, stays = known
    cells = plan.cells
    binary = cells.kind[cell] == BINARY
    k = cells.at_year[cell] if binary else year
    f = cells.profile[cell, min(k, cells.profile.shape[1] - 1)]
    row = plan.cohorts.hazard[cells.cohort[cell]]
    assign(out[0], level[cell])
    if row >= 0:
        expected_active(cells, cell, year, values[row], (until, stays), out[1])
        with_effect(level[cell], full[cell], f, out[1])
    elif plan.risks.ends == 1:
        active_until(cells, cell, year, until, out[1])
        with_effect(level[cell], full[cell], f, out[1])
    else:
        at_effect(level[cell], full[cell], f, out[1])
    if binary:
        cut_at_one(out[1])


@kernel
def times_chance(given: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    """E[B] ← p_B·E[B], E[T] ← p_T·E[T], for an amount given the success `given` (2, lanes)."""
    multiply(out[0], given[0])
    multiply(out[1], given[1])
