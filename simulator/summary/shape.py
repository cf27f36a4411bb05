"""The shape of a distribution for a picture: point masses and a histogram of sensible bins."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from simulator.summary.sketch import Sample

_BINS = 60


def point_masses(sample: Sample, decimals: int) -> list[dict[str, float]]:
    """Values that hold at least 0.5 % of the paths (and two of them), each with its share.

    Values that agree in so many decimals are one. Shares refer to all paths of the sample, those
    without the figure (NaN) included.
    """
    values, begins, ends = sample.masses(decimals)
    shares = ((ends - begins) / len(sample)).tolist()
    return [{"value": v, "share": s} for v, s in zip(values.tolist(), shares, strict=True)]


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
    below = np.searchsorted(known, edges, side="left")
    _, begins, ends = sample.masses(2 if step > 0.5 else 8)
    held = np.clip(below[:, np.newaxis] - begins, 0, ends - begins).sum(axis=1)
    return {
        "edges": edges.tolist(),
        "counts": np.diff(below).tolist(),
        "below": int(below[0]),
        "above": len(known) - int(below[-1]),
        "without_point_masses": np.diff(below - held).tolist(),
        "paths": len(sample),
    }


def _round_width(width: float, size: float) -> float:
    """1, 2 or 5 times a power of ten, not below the width (or a bin around a single value)."""
    if width <= 1e-12 * max(size, 1e-6):
        width = max(size, 1.0) / _BINS
    power = math.floor(math.log10(width))
    factor = next(f for f in (1, 2, 5, 10) if f * 10.0**power >= width * (1 - 1e-9))
    return float(f"{factor}e{power}")
