"""Which figures of a path a series rests on, so that a plan need compute no others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulator.plan.build import Built
from simulator.plan.wanted import Wanted, narrowed
from simulator.results import FIGURES, Layout, PathBlock
from simulator.summary.series import (
    MARKS_OF_A_PAYER,
    MARKS_OF_AN_INVESTOR,
    MARKS_ON_EXPECTED_EFFECT,
    OF_A_PAYER,
    OF_AN_INVESTOR,
    ON_EXPECTED_EFFECT,
    investors,
    payers,
)

ERRORS = ("settlement_error", "settlement_error_outcome")
_OF_AN_INVESTOR = tuple(name.split(".")[1] for name in FIGURES if name.startswith("investor."))


def sources_of(name: str, layout: Layout) -> frozenset[str] | None:
    """Figures from which a series is made; None where it is made from movements of the ledger."""
    if name in layout.figures:
        return frozenset({name})
    owner, _, what = name.rpartition(".")
    if owner in investors(layout):
        return _of_investor(owner, what, several=len(layout.payers) > 1)
    if owner in (*payers(layout), "contract") and what in OF_A_PAYER:
        return frozenset(f"{owner}.{error}" for error in ERRORS)
    if owner in payers(layout) and what in MARKS_OF_A_PAYER:
        return frozenset({f"{owner}.net_budget_effect"})
    if name == "guarantor.is_called":
        return frozenset({"guarantor.payout"})
    if what == "reached" and owner.startswith("measures."):
        return frozenset({f"{owner}.measured"})
    return None


def _of_investor(owner: str, what: str, *, several: bool) -> frozenset[str] | None:
    """All figures of an investor, which are worked out together; errors where they are read."""
    figures = frozenset(f"{owner}.{figure}" for figure in _OF_AN_INVESTOR)
    if what in (*OF_AN_INVESTOR, *MARKS_OF_AN_INVESTOR):
        return figures
    if what in (*ON_EXPECTED_EFFECT, *MARKS_ON_EXPECTED_EFFECT):
        bearer = "contract" if several else "municipality"
        return figures | {f"{bearer}.{ERRORS[0]}"}
    return None


def narrowed_to(built: Built, names: Sequence[str]) -> Built:
    """The plan that computes what these series rest on; the whole plan where that is unknown."""
    found = [sources_of(name, built.layout) for name in names]
    figures = frozenset(figure for one in found if one is not None for figure in one)
    known = all(one is not None for one in found) and figures <= set(built.layout.figures)
    return narrowed(built, Wanted(figures)) if known else built


def widened(block: PathBlock, few: Layout, layout: Layout) -> PathBlock:
    """The block of a narrowed plan with every figure in its place; those not computed are NaN.

    What moves is not known, and stands as 0 without taking memory.
    """
    figures = np.full((len(layout.figures), block.paths), np.nan)
    figures[[layout.figures.index(name) for name in few.figures]] = block.figures
    shape = len(layout.lines), layout.periods + 1, block.paths
    return PathBlock(block.first, figures, np.broadcast_to(0.0, shape))
