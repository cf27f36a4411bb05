"""The compiled pass over a block: its sums, its figures, and what is found of both.

One call for all of it: what is done in Python around a compiled pass runs with caches that the
simulation has filled with other things, and costs as much as a dozen rows.
"""

from __future__ import annotations

from typing import NamedTuple

from simulator.summary.passes import Flags, Floats, Ints, compiled
from simulator.summary.passes_lanes import lent
from simulator.summary.passes_marks import Marks, headline_rows
from simulator.summary.passes_merge import strange_row
from simulator.summary.passes_shape import Shape
from simulator.summary.passes_sums import Moments, Wanted, sums_of_block, zeros_change


class Block(NamedTuple):
    """The figures (figures, paths) and flows (flows, paths) of a block.

    Flows that are not `filled` are known to be 0 and not read.
    """

    figures: Floats
    flows: Floats
    filled: Flags


class Found(NamedTuple):
    """What is found of a block's rows beside their moments.

    Which flows and sums are nothing on every path, and which figures; on how many paths each of the
    rows `reached` is not below nothing; and the comoments of the `pairs`.
    """

    zero: Flags
    figures_zero: Flags
    reached: Ints
    comoments: Floats


class Space(NamedTuple):
    """What is used again for each block.

    `nothing`: which flows were nothing when the shape of the sums was found; `rows` for the sums;
    flags as of `sum_up`; for which of the totals there are moments without going through them, and
    these.
    """

    nothing: Flags
    rows: Floats
    flags: tuple[Flags, Flags, Flags, Flags]
    have: Flags
    totals: Moments


class Read(NamedTuple):
    """What is read of the sums, how figures are made, and which totals are transfers."""

    sums: Wanted
    marks: Marks
    transfers: Ints


@compiled
def reduce_rows(
    block: Block,
    shape: Shape,
    space: Space,
    read: Read,
    place: tuple[Floats, int, int, int],
    found: Found,
    out: Moments,
) -> tuple[bool, float, int]:
    """Moments of all rows of a block into `out`: flows, sums that are counted, figures.

    `place` as of `headline_rows`. Returns whether the shape is that of these flows: where it is
    not, nothing is done but to say in `space.nothing` which are nothing; how far transfers are from
    summing to zero (`imbalance`); and the first row that cannot be (`strange_row`), or −1.
    """
    block, shape, space, read = lent((block, shape, space, read))
    place, found, out = lent((place, found, out))
    figures, flows, filled = block
    if zeros_change(flows, filled, space.nothing):
        return False, 0.0, -1
    stored, rows, of_totals = len(flows), space.rows, (space.have, space.totals)
    first = stored + read.sums.counted
    of_sums = found.zero, found.reached, found.comoments
    sums_of_block(flows, shape, rows, space.flags, read.sums, out, of_sums, of_totals)
    totals, zero = rows[len(rows) - len(space.have) :], found.figures_zero
    sums, known, mean, m2 = out
    rest = sums[first:], known[first:], mean[first:], m2[first:]
    worst = headline_rows(figures, totals, read.marks, place, zero, read.transfers, of_totals, rest)
    return True, worst, strange_row(known, stored, figures.shape[1], mean)
