"""The compiled pass over a block: its sums, its figures, and what is found of both.

One call for all of it: what is done in Python around a compiled pass runs with caches that the
simulation has filled with other things, and costs as much as a dozen rows.
"""

from __future__ import annotations

from typing import NamedTuple

from simulator.summary.passes import Flags, Floats, Ints, Moments, compiled
from simulator.summary.passes_lanes import lent
from simulator.summary.passes_marks import Marks, Place, add_figures, finish_figures, imbalance
from simulator.summary.passes_merge import strange_row
from simulator.summary.passes_moments import Tally
from simulator.summary.passes_shape import Shape
from simulator.summary.passes_sums import (
    FoundSums,
    Wanted,
    add_sums,
    begin_sums,
    finish_sums,
    take_totals,
    which_totals,
    zeros_change,
)

PART = 1024
"""Paths that are gone through together: all rows of so many lie in a core's own caches."""


class Block(NamedTuple):
    """The figures (figures, paths) and flows (flows, paths) of a block.

    Flows that are not `filled` are known to be 0 and not read.
    """

    figures: Floats
    flows: Floats
    filled: Flags


class Found(NamedTuple):
    """What is found of a block's rows beside their moments: of sums, and which figures are 0."""

    sums: FoundSums
    figures_zero: Flags


class Space(NamedTuple):
    """What is used again for each block.

    `nothing`: which flows were nothing when the shape of the sums was found; `rows` for the sums,
    as long as a block or PART; flags as of `add_sums`; of which totals there are moments without
    going through them, and these; what is added up of sums and of figures.
    """

    nothing: Flags
    rows: Floats
    flags: tuple[Flags, Flags, Flags, Flags]
    have: Flags
    totals: Moments
    of_sums: Tally
    of_figures: Tally


class Read(NamedTuple):
    """What is read of the sums, how figures are made, and which sums are transfers of a party."""

    sums: Wanted
    marks: Marks
    transfers: Ints


@compiled
def reduce_rows(
    block: Block,
    shape: Shape,
    space: Space,
    read: Read,
    place: Place,
    found: Found,
    out: Moments,
) -> tuple[bool, float, int]:
    """Moments of all rows of a block into `out`: flows, sums that are counted, figures.

    Returns whether the shape is that of these flows: where it is not, nothing is done but to say in
    `space.nothing` which are nothing; how far transfers are from summing to zero (`imbalance`); and
    the first row that cannot be (`strange_row`), or −1.
    """
    block, shape, space, read = lent((block, shape, space, read))
    place, found, out = lent((place, found, out))
    figures, flows, filled = block
    if zeros_change(flows, filled, space.nothing):
        return False, 0.0, -1
    (stored, paths), rows, have = flows.shape, space.rows, space.have
    first, first_total, worst = stored + read.sums.counted, len(rows) - len(have), 0.0
    which_totals(shape, space.flags[0], first, have)
    begin_sums(shape, found.sums)
    for left in range(0, paths, PART):
        columns = left, min(left + PART, paths)
        add_sums(flows, shape, rows, space.flags, read.sums, columns, space.of_sums, found.sums)
        totals = rows[first_total:]
        add_figures(figures, totals, read.marks, have, columns, place, space.of_figures)
        worst = max(worst, imbalance(rows, read.transfers, paths, columns))
    finish_sums(flows, shape, space.flags, read.sums, space.of_sums, found.sums, out)
    take_totals(shape, have, paths, out, space.totals)
    sums, known, mean, m2 = out
    m2[: read.sums.first_squared] = 0.0  # these gave theirs to others
    rest = sums[first:], known[first:], mean[first:], m2[first:]
    of_totals = have, space.totals
    finish_figures(
        len(figures), paths, read.marks, of_totals, space.of_figures, found.figures_zero, rest
    )
    return True, worst, strange_row(known, stored, paths, mean)
