"""What a plan amounts to, as plain data: draws, tables, claims, limits, lines and memory.

Read off what `build` made, so that it cannot say anything else than what will be computed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.plan.build import Built
from simulator.plan.laws import UnitLaw, special
from simulator.plan.laws.score_table import CELLS_PER_SCORE, SCORE_END, lookup_score
from simulator.plan.laws.sums import digits_within
from simulator.plan.laws.uniform_table import WORDS, lookup_uniform, places_of
from simulator.plan.outline_contract import contract_outline
from simulator.plan.people import Cell
from simulator.scenario.model import Scenario
from simulator.scenario.numbers_of import uncertain_numbers
from simulator.scenario.plain import text_of

BYTES = 8
POINTS = 8  # points a cell at which a table is compared with its law


def outline(scenario: Scenario, built: Built, block: int) -> dict[str, Any]:
    """The plan in plain data; `block` is the number of paths that are computed together."""
    layout = built.layout
    return {
        "grid": {
            "start": built.grid.start.isoformat(),
            "period": scenario.time.period,
            "periods": built.grid.periods,
        },
        "cells": [_cell(built, cell) for cell in built.people.cells],
        "tables": [_table(built, law, by) for law, by in _tables_used(built)],
        "sums": [_sums(built, place) for place in built.people.laws.sums.laws],
        "capped": _capped(scenario, built),
        "numbers": _numbers(scenario, built),
        **contract_outline(scenario, built),
        "lines": [{"line": line.name, "kind": line.kind} for line in layout.lines],
        "figures": len(layout.figures),
        "memory": _memory(built, block),
    }


def _cell(built: Built, cell: Cell) -> dict[str, Any]:
    """A metric in a cohort: the law of one service user, how it is sampled, draws on a path."""
    lasting, yearly, events = _draws(built, cell)
    return {
        "metric": cell.metric,
        "cohort": cell.cohort,
        "level": cell.sampling.level,
        "why": cell.sampling.why,
        "service_users": sum(group.size for group in built.people.groups[cell.cohort]),
        "kind": cell.words.kind,
        "law": _law(cell),
        "sampling": _sampling(cell),
        "given": cell.words.given,
        "table": cell.law if cell.law >= 0 else None,
        "years": 1 if cell.binary else max(_years(built, cell), default=0),
        "draws_per_path": lasting + yearly + events,
    }


def _law(cell: Cell) -> str:
    """The law of one service user's year or outcome."""
    if cell.words.states is not None:
        return "states"
    spread = cell.words.spread
    return "chance" if cell.binary else spread.law if spread else "constant"


def _sampling(cell: Cell) -> str:
    """How one service user's value in a year is found."""
    if cell.words.states is not None:
        return "months"
    if cell.sampling.level == "count":
        return "how many"
    if cell.sampling.level == "aggregate":
        return _sum_sampling(cell)
    if cell.binary:
        return "chance"
    if cell.law < 0:
        return "events" if cell.words.kind == "count" else "same for all"
    how = "by word" if cell.rho == 0 else "lasting score" if cell.rho == 1 else "by score"
    return f"{how}, events" if cell.words.kind == "count" else how


def _sum_sampling(cell: Cell) -> str:
    """How the sum of a group in a year is found."""
    if cell.words.kind == "count":
        return "events of all" if cell.sums < 0 else "sum, events"
    return "same for all" if cell.sums < 0 else "sum"


def _years(built: Built, cell: Cell) -> list[int]:
    """Years sampled for each enrolment group; as `years_of` in the kernels."""
    grid = built.grid
    ahead = [
        math.ceil((grid.periods - group.period) / grid.per_year)
        for group in built.people.groups[cell.cohort]
    ]
    return [min(cell.lasts, max(years, cell.window_years)) for years in ahead]


def _draws(built: Built, cell: Cell) -> tuple[int, int, int]:
    """Words for lasting scores, for years, and for events or success, at most, on one path."""
    sizes = [group.size for group in built.people.groups[cell.cohort]]
    users = sum(sizes)
    if cell.words.states is not None:
        return 0, 0, _months_drawn(built, cell)
    if cell.sampling.level == "count":
        return 0, 0, len(sizes)
    if cell.sampling.level == "aggregate":
        return 0, *_sums_drawn(cell, sizes, _years(built, cell))
    if cell.binary:
        return 0, 0, users
    years = sum(size * n for size, n in zip(sizes, _years(built, cell), strict=True))
    years += users * cell.needs_before
    varies = cell.law >= 0
    lasting = users if varies and cell.rho > 0 else 0
    yearly = years if varies and cell.rho < 1 else 0
    return lasting, yearly, years if cell.words.kind == "count" else 0


def _sums_drawn(cell: Cell, sizes: list[int], years: list[int]) -> tuple[int, int]:
    """Words for the sums of all groups and years, one for each digit of the number of people."""
    digits = [len(digits_within(size)) if cell.sums >= 0 else 0 for size in sizes]
    sums = sum(n * k for n, k in zip(digits, years, strict=True))
    return sums, sum(years) if cell.words.kind == "count" else 0


def _months_drawn(built: Built, cell: Cell) -> int:
    """Words for the months of the people's chain, and for where each starts, at most.

    Metrics of one chain share them: they stand at the first that reads it, 0 at the others.
    """
    chain = built.people.chains[cell.reading.chain]
    if built.people.cells[chain.readers[0]] is not cell:
        return 0
    readers = [built.people.cells[place] for place in chain.readers]
    words = 0
    for number, group in enumerate(built.people.groups[cell.cohort]):
        spans = [r.at_months if r.binary else 12 * _years(built, r)[number] for r in readers]
        words += group.size * (1 + max(spans))
    return words


def _numbers(scenario: Scenario, built: Built) -> list[dict[str, Any]]:
    """Numbers drawn once on every path, each from its own stream; `law` is None for the model's."""
    laws = {key: text_of(number) for key, number in uncertain_numbers(scenario)}
    return [
        {"stream": name, "law": laws.get(name.partition("@")[0]), "mean": mean}
        for name, mean in zip(built.uncertain, built.means, strict=True)
    ]


def _tables_used(built: Built) -> list[tuple[int, str]]:
    """Laws of service users that are tabulated, by score or by word, each once."""
    used = {
        (cell.law, "word" if cell.rho == 0 else "score")
        for cell in built.people.cells
        if cell.law >= 0 and cell.sampling.level != "aggregate"
    }
    return sorted(used)


@dataclass(frozen=True)
class TableErrors:
    """How far single values of a table are from its law, in shares of the mean."""

    elsewhere: float
    above_none: float | None


def table_errors(law: UnitLaw, by: str) -> TableErrors:
    """Largest errors of a table `by` score or word: in the cell above the zeros, and elsewhere.

    Compared at eight points in each cell of the scores from −6 to 6.
    """
    z = np.arange(-6.0, 6.0, 1.0 / (CELLS_PER_SCORE * POINTS))
    if by == "score":
        off = np.abs(lookup_score(law.score_table(), z) - law.of_score(z))
        cell = np.floor((z + SCORE_END) * CELLS_PER_SCORE)
        at_start = cell == np.floor((law.none_score + SCORE_END) * CELLS_PER_SCORE)
    else:
        table = law.uniform_table()
        words = np.unique((special.ndtr(z) * WORDS).astype(np.uint64))
        off = np.abs(
            lookup_uniform(table, words.astype(np.uint32)) - law.quantile((words + 0.5) / WORDS)
        )
        side, cells, _ = places_of(words)
        first_side, first_cell, _ = places_of(np.array([table.none_word], dtype=np.uint64))
        at_start = (cells == first_cell) & (side == first_side)
    if not law.none:
        return TableErrors(float(off.max()), None)
    above = float(off[at_start].max(initial=0.0))
    return TableErrors(float(off[~at_start].max(initial=0.0)), above)


def _table(built: Built, place: int, by: str) -> dict[str, Any]:
    """A tabulated law of one service user's year, with mean 1: how far single draws are off."""
    law = built.people.laws.laws[place]
    errors = table_errors(law, by)
    return {
        "table": place,
        "by": by,
        "law": law.law.family,
        "sd": law.sd,
        "none": law.none,
        "most": None if math.isinf(law.most) else law.most,
        "error_of_mean": 0.0,
        "largest_error": errors.elsewhere,
        "largest_error_above_none": errors.above_none,
    }


def _sums(built: Built, law: int) -> dict[str, Any]:
    """The tables of the sums of a law: how many, of how many people, how far they are off at most.

    Errors are shares of a sum's own standard deviation; means are exact.
    """
    sums = built.people.laws.sums
    rows = sums.tables_of(law)
    unit = built.people.laws.laws[law]
    return {
        "table": law,
        "law": unit.law.family,
        "tables": len(rows),
        "most_people": max((row.people for row in rows), default=0),
        "error_of_mean": 0.0,
        "error_of_sd": max((row.error_of_sd for row in rows), default=0.0),
        "largest_error": max((row.error for row in rows), default=0.0),
    }


def _capped(scenario: Scenario, built: Built) -> list[dict[str, Any]]:
    """Measures that count a person up to a cap: how far their expected values are off at most.

    `largest_error` is a share of the cap, for each service user.
    """
    names, views = sorted(scenario.measures), built.plan.views
    found: dict[str, float] = {}
    for comparison, place in zip(views.comparison, views.counted, strict=True):
        if place >= 0:
            name = names[int(built.plan.comparisons.measure[comparison])]
            found[name] = max(found.get(name, 0.0), built.capped[int(place)])
    return [{"measure": name, "largest_error": error} for name, error in found.items()]


def _memory(built: Built, block: int) -> dict[str, int]:
    """Bytes: a block on one thread, and what a kept path adds with and without its flows."""
    layout = built.layout
    figures = BYTES * len(layout.figures)
    flows = BYTES * len(layout.lines) * (layout.periods + 1)
    return {
        "block_paths": block,
        "bytes_per_thread": block * (figures + flows),
        "bytes_per_path_keep_paths": figures,
        "bytes_per_path_keep_all": figures + flows,
    }
