"""Studies pooled as published: the 13 trials of the BCG vaccine, and a new site's spread."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from simulator.oracles.check import Check
from simulator.scenario.evidence import Evidence, Scale
from simulator.scenario.fitting import Fit, fit

# Colditz et al. (1994), JAMA 271:698: tuberculosis and none, vaccinated; the same, not vaccinated.
TRIALS = (
    (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619),
    (33, 5036, 47, 5761), (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892),
    (29, 7470, 45, 7232), (17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338),
    (27, 16886, 29, 17825),
)  # fmt: skip
SAME = {"sd": 0.0}
METAFOR = (
    "https://github.com/wviechtb/metafor, tests/testthat/test_misc_metan_vs_rma.uni_with_dat.bcg.r:"
    " the BCG trials by metafor and by Stata's metan"
)
FOUR_DECIMALS = 5e-5


@dataclass(frozen=True)
class Published:
    """A pooled effect on its scale with its 95 % interval, and the variance between trials."""

    scale: Scale
    called: str
    between: str | None
    mean: float
    low: float
    high: float
    square: float | None = None


PUBLISHED = (
    Published("ratio", "log risk ratio", None, -0.4303, -0.5097, -0.3509),
    Published("ratio", "log risk ratio", "DerSimonian-Laird", -0.7141, -1.0644, -0.3638, 0.3088),
    Published("odds ratio", "log odds ratio", None, -0.4361, -0.5190, -0.3533),
    Published(
        "odds ratio", "log odds ratio", "DerSimonian-Laird", -0.7474, -1.1242, -0.3706, 0.3663
    ),
    Published("difference", "risk difference", None, -0.0009, -0.0014, -0.0005),
    Published("difference", "risk difference", "DerSimonian-Laird", -0.0071, -0.0101, -0.0040),
)  # fmt: skip


def rows() -> Iterator[Check]:
    """Mean, interval and spread of the BCG trials as published."""
    for row in PUBLISHED:
        found = _pooled(row.scale, {"method": row.between} if row.between else SAME)
        name = f"13 trials pooled, {row.called}, {row.between or 'the same effect everywhere'}"
        half = 1.959963984540054 * found.reported.se
        mean = found.reported.mean
        yield Check(f"{name}: mean", row.mean, mean, FOUR_DECIMALS, METAFOR)
        yield Check(f"{name}: 2.5 %", row.low, mean - half, FOUR_DECIMALS, METAFOR)
        yield Check(f"{name}: 97.5 %", row.high, mean + half, FOUR_DECIMALS, METAFOR)
        if row.square is not None:
            square = found.reported.between**2
            yield Check(f"{name}: τ²", row.square, square, FOUR_DECIMALS, METAFOR)
    yield _new_site()


def _pooled(scale: Scale, between: dict[str, Any]) -> Fit:
    studies = {
        f"trial_{place:02d}": {
            "treated": {"events": a, "of": a + b},
            "comparison": {"events": c, "of": c + d},
        }
        for place, (a, b, c, d) in enumerate(TRIALS, 1)
    }
    return fit(Evidence.model_validate({"scale": scale, "studies": studies, "between": between}))


def _new_site() -> Check:
    """Four studies with variance 0.03² + 0.04² each: the mean has 0.025², a site 0.04² more."""
    effects = {"a": 0.02, "b": 0.18, "c": 0.05, "d": 0.15}
    studies = {name: {"estimate": effect, "se": 0.03} for name, effect in effects.items()}
    given = {"scale": "difference", "studies": studies, "between": {"sd": 0.04}}
    found = fit(Evidence.model_validate(given)).drawn
    source = "closed form: √(0.05²/4 + 0.04²)"
    return Check(
        "4 studies: sd of a new site", math.sqrt(0.025**2 + 0.04**2), found.sd, 1e-12, source
    )
