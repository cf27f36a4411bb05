"""The shape of a distribution for a picture: point masses and a histogram of sensible bins."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from simulator.summary.passes import Flags, Floats, Ints
from simulator.summary.sketch import ATOM_SHARE, Sample

_BINS = 60


def point_masses(sample: Sample, decimals: int) -> list[dict[str, float]]:
    """Values that hold at least 0.5 % of the paths (and two of them), each with its share.

    Values that agree in so many decimals are one. Shares refer to all paths of the sample, those
    without the figure (NaN) included.
    """
    values, counts = sample.groups(decimals)
    held = _are_masses(sample, counts)
    shares = (counts[held] / len(sample)).tolist()
    return [{"value": v, "share": s} for v, s in zip(values[held].tolist(), shares, strict=True)]


def _are_masses(sample: Sample, counts: Ints) -> Flags:
    """Which groups of values are point masses."""
    return counts >= max(2, math.ceil(ATOM_SHARE * len(sample)))


def histogram(sample: Sample) -> dict[str, Any] | None:
    """About 60 bins of a round width from the 0.1 % to the 99.9 % quantile; None without values.

    `edges` (bins + 1), `counts` (bins, a bin has its left edge), `below` and `above` beyond the
    edges, `without_point_masses` the counts with the values of `point_masses` left out, `paths` in
    all.
    """
    known = sample.ordered
    if len(known) == 0:
        return None
    outside = len(known) // 1000
    low, high = float(known[outside]), float(known[-1 - outside])
    step = _round_width((high - low) / _BINS, max(abs(low), abs(high)))
    first, last = math.floor(low / step), math.floor(high / step) + 1
    edges = np.array([k * step for k in range(first, last + 1)])
    sizes = sample.groups(2 if step > 0.5 else 8)[1]
    loose = known[np.repeat(~_are_masses(sample, sizes), sizes)]
    counts = _counts(known, edges)
    return {
        "edges": edges.tolist(),
        "counts": counts[1:-1].tolist(),
        "below": int(counts[0]),
        "above": int(counts[-1]),
        "without_point_masses": _counts(loose, edges)[1:-1].tolist(),
        "paths": len(sample),
    }


def _counts(ordered: Floats, edges: Floats) -> Ints:
    """How many lie below the first edge, between each two, and from the last on."""
    below = np.searchsorted(ordered, edges, side="left")
    return np.diff(below, prepend=0, append=len(ordered))


def _round_width(width: float, size: float) -> float:
    """1, 2 or 5 times a power of ten, not below the width (or a bin around a single value)."""
    if width <= 1e-12 * max(size, 1e-6):
        width = max(size, 1.0) / _BINS
    power = math.floor(math.log10(width))
    factor = next(f for f in (1, 2, 5, 10) if f * 10.0**power >= width * (1 - 1e-9))
    return float(f"{factor}e{power}")
