"""The compiled pass over a block: its sums, its figures, and what is found of both.

One call for all of it: what is done in Python around a compiled pass runs with caches that the
simulation has filled with other things, and costs as much as a dozen rows.
"""

from __future__ import annotations

from typing import NamedTuple

from simulator.summary.passes import Columns, Flags, Floats, Ints, Moments, compiled
from simulator.summary.passes_lanes import lent
from simulator.summary.passes_making import make_part
from simulator.summary.passes_marks import Marks, Place, add_figures, finish_figures, imbalance
from simulator.summary.passes_merge import strange_row
from simulator.summary.passes_moments import Tally
from simulator.summary.passes_nothing import is_opposite, more_than_nothing, zeros_change
from simulator.summary.passes_shape import Shape
from simulator.summary.passes_sums import (
    FoundSums,
    Wanted,
    add_sums,
    begin_sums,
    finish_sums,
    take_totals,
    which_totals,
)

PART = 1024
"""Paths that are gone through together: all rows of so many lie in a core's own caches."""


class Block(NamedTuple):
    """The figures (figures, n) and flows (lines, instants, n) of a block, n of its paths at a time.

    Flows that are not `filled` (lines, instants) are known to be 0 and not read.
    """

    paths: int
    figures: Floats
    flows: Floats
    filled: Flags


class Found(NamedTuple):
    """What is found of a block's rows beside their moments: of sums, and which figures are 0."""

    sums: FoundSums
    figures_zero: Flags


class Space(NamedTuple):
    """What is used again for each block.

    `nothing`: which flows were nothing when the shape of the sums was found; `moved`: which have
    been something in a part of a block that is made here; `rows` for the sums, as long as a block
    or PART; flags as of `add_sums`; of which totals there are moments without going through them,
    and these; what is added up of sums and of figures.
    """

    nothing: Flags
    moved: Flags
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
    making: tuple[int, int, int, int],
    block: Block,
    shape: Shape,
    space: Space,
    read: Read,
    place: Place,
    found: Found,
    out: Moments,
) -> tuple[bool, float, int]:
    """Moments of all rows of a block into `out`: flows, sums that are counted, figures.

    The block is there as a whole, or is made here PART paths at a time (`make_part`), each part in
    the place of the one before: `making` holds its first path, and where the loop that makes it,
    its plan and its working space are; 0 where the block is there.

    Returns whether the shape is that of these flows; how far transfers are from summing to zero
    (`imbalance`); and the first row that cannot be (`strange_row`), or −1. Where the shape is
    another one nothing is done, of a whole block, but to say in `space.nothing` which are nothing;
    of one that is made here what was found so far is of no use.
    """
    block, shape, space, read = lent((block, shape, space, read))
    place, found, out = lent((place, found, out))
    figures, part = block.figures, (block.figures, block.flows, block.filled)
    filled = block.filled.reshape(block.filled.size)
    flows = block.flows.reshape(len(filled), block.flows.shape[2])
    paths, (path, loop, plan, work) = block.paths, making
    rows, have, moved = space.rows, space.have, space.moved
    if loop == 0 and zeros_change(flows, filled, space.nothing):
        return False, 0.0, -1
    stored, moved[:] = len(flows), False
    first, first_total, worst = stored + read.sums.counted, len(rows) - len(have), 0.0
    which_totals(shape, space.flags[0], first, have)
    begin_sums(shape, found.sums)
    for left in range(0, paths, PART):
        columns = Columns(left, min(left + PART, paths), paths)
        if loop != 0:
            make_part((loop, plan, work), path + left, part)
            if more_than_nothing(flows, filled, space.nothing, moved):
                return False, 0.0, -1
        add_sums(flows, shape, rows, space.flags, read.sums, columns, space.of_sums, found.sums)
        totals = rows[first_total:]
        add_figures(figures, totals, read.marks, have, columns, place, space.of_figures)
        worst = max(worst, imbalance(rows, read.transfers, columns))
    if loop != 0 and not is_opposite(moved, space.nothing):
        return False, 0.0, -1
    finish_sums(flows, paths, shape, space.flags, read.sums, space.of_sums, found.sums, out)
    take_totals(shape, have, paths, out, space.totals)
    sums, known, mean, m2 = out
    m2[: read.sums.first_squared] = 0.0  # these gave theirs to others
    rest = sums[first:], known[first:], mean[first:], m2[first:]
    of_totals = have, space.totals
    finish_figures(
        len(figures), paths, read.marks, of_totals, space.of_figures, found.figures_zero, rest
    )
    return True, worst, strange_row(known, stored, paths, mean)
