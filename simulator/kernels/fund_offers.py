"""What the parties to an offer ask for, and what they expect: one offer, many paths."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, entry
from simulator.kernels.philox import fill_uniforms_53
from simulator.kernels.tables import by_knots, by_score, normal_quantiles

Paths = NDArray[np.float64]
Rows = NDArray[np.float64]


@entry
def fund_draws(
    key: NDArray[np.uint32], first: int, law: tuple[Paths, Paths], uniform: bool, out: Paths
) -> None:
    """out[p] = F⁻¹(Φ(z)), z the normal score of a stream at path first + p, as parameters have it.

    `law` has the scores and values of a law's table; where it is `uniform`, values by equal cells.
    """
    u, z = np.empty(LANES), np.empty(LANES)
    spots = np.empty(LANES, dtype=np.uint32), np.empty(LANES)
    scores, values = law
    for start in range(0, out.shape[0], LANES):
        fill_uniforms_53(key, first + start, u)
        normal_quantiles(u, spots, z)
        for lane in range(min(LANES, out.shape[0] - start)):
            if uniform:
                out[start + lane] = by_score(values, z[lane])
            else:
                out[start + lane] = by_knots(scores, values, z[lane])


@entry
def fund_worth(
    flows: Rows, grid: tuple[NDArray[np.int64], Paths], discount: Paths, out: Paths
) -> None:
    """out[p] = Σ_t f_t(m_p)·v_p^t, f_t(m) straight between the beliefs of the grid; by Horner.

    `flows` (instants, beliefs) is f; `grid` has the belief below m and the weight of the next one;
    `discount` is v.
    """
    place, part = grid
    last = flows.shape[1] - 1
    for p in range(out.shape[0]):
        out[p] = 0.0
    for t in range(flows.shape[0] - 1, -1, -1):
        row = flows[t]
        for p in range(out.shape[0]):
            low = row[place[p]]
            high = row[min(place[p] + 1, last)]
            out[p] = out[p] * discount[p] + (low + part[p] * (high - low))
