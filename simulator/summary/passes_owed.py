"""The compiled pass that finds what activity payments have earned before they are paid."""

from __future__ import annotations

import numpy as np

from simulator.summary.passes import Columns, Flags, Floats, Ints, columns_of, compiled


@compiled
def owe(
    flows: Floats,
    lines: tuple[int, int, int],
    until: tuple[Ints, Ints],
    holding: Ints,
    rows: Floats,
    flags: tuple[Flags, Flags, Flags],
    columns: Columns,
) -> None:
    """liability = A · (Σ base to date / Σ base) − Σ paid to date; entered into rows[holding].

    A = Σ paid of the path, liability 0 where Σ base = 0. `lines` are the first rows of paid and of
    base in `flows`, and how many rows each has; `until` (years,) how many of them are to date.
    `holding` (5, years) names the rows to which the liability (first two), its change over the year
    (third) and minus its change (last two) are added. `flags`: zero of flows, zero and clean of
    rows, kept up for the rows written.
    """
    paid, base, instants = lines
    stored, zero, clean = flags
    paths = columns.last - columns.first
    whole, earning = np.zeros(paths), np.zeros(paths)
    if not (_gather(flows, stored, (paid, instants), columns, whole)):
        return
    _gather(flows, stored, (base, instants), columns, earning)
    earned, settled = np.zeros(paths), np.zeros(paths)
    before, now, change = np.zeros(paths), np.empty(paths), np.empty(paths)
    first, second = 0, 0
    owed = False
    for k in range(holding.shape[1]):
        _gather(flows, stored, (paid + first, until[0][k] - first), columns, settled)
        _gather(flows, stored, (base + second, until[1][k] - second), columns, earned)
        first, second = until[0][k], until[1][k]
        was, owed = owed, False
        for i in range(paths):
            # capital that went back unspent earns nothing: never more than all is earned
            part = min(earned[i] / earning[i], 1.0) if earning[i] != 0.0 else 0.0
            now[i] = whole[i] * part - (settled[i] if earning[i] != 0.0 else 0.0)
            change[i] = now[i] - before[i]
            before[i] = now[i]
            owed |= now[i] != 0.0
        if not (owed or was):
            continue
        for j in range(5):
            row = columns_of(rows, holding[j, k], columns)
            zero[holding[j, k]] = clean[holding[j, k]] = False
            part = now if j < 2 else change
            sign = 1.0 if j < 3 else -1.0
            for i in range(paths):
                row[i] += sign * part[i]


@compiled
def _gather(
    flows: Floats, zero: Flags, which: tuple[int, int], columns: Columns, total: Floats
) -> bool:
    """Add columns of rows to `total`; False when all of them are nothing.

    `which`: the first row, and how many.
    """
    found = False
    for source in range(which[0], which[0] + which[1]):
        if not zero[source]:
            found = True
            row = columns_of(flows, source, columns)
            for i in range(len(row)):
                total[i] += row[i]
    return found
