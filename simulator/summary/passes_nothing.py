"""The compiled passes that find out which flows of a block are nothing on every path."""

from __future__ import annotations

from simulator.summary.passes import Flags, Floats, compiled, is_zero


@compiled
def zeros_change(flows: Floats, filled: Flags, zero: Flags) -> bool:
    """zero[r] = every entry of flow r is 0; whether that is another answer than it was.

    Rows that are not `filled` are known to be 0 and not read.
    """
    change = False
    for r in range(len(flows)):
        nothing = not filled[r] or is_zero(flows[r])
        change |= nothing != zero[r]
        zero[r] = nothing
    return change


@compiled
def more_than_nothing(flows: Floats, filled: Flags, nothing: Flags, moved: Flags) -> bool:
    """Whether a flow that is taken for `nothing` is something in this part; `moved` is kept up.

    Rows that are not `filled` are known to be 0 and not read.
    """
    more = False
    for r in range(len(flows)):
        if filled[r] and (nothing[r] or not moved[r]) and not is_zero(flows[r]):
            moved[r] = True
            more |= nothing[r]
    return more


@compiled
def is_opposite(one: Flags, other: Flags) -> bool:
    """Whether each flag is up where the other one is down."""
    alike = 0
    for r in range(len(one)):
        alike += one[r] == other[r]
    return alike == 0
