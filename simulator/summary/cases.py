"""Who gets what when it goes badly, on average, and when it goes well for the investor."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.summary.passes import TOLERANCE
from simulator.summary.reading import Reading
from simulator.summary.sketch import Sample
from simulator.summary.society import title_of

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario

BANDS = {"bad": (25, 75), "good": (925, 975)}
"""Quantiles of the investor's profit, in thousandths, between which a case's paths lie."""


def cases_section(reading: Reading, scenario: Scenario) -> dict[str, Any] | None:
    """Every party's mean transfers, real resources and net: bad, mean and good case.

    The mean is over all paths. Bad and good are over those of the first 131,072 paths whose profit
    lies within the band, both ends included, so that paths of the same profit stay together. Each
    case is a mean over whole paths, so its transfers sum to zero. None without capital.
    """
    if not reading.pictures or reading.mean("investor.drawn") <= TOLERANCE:
        return None
    sample = reading.sample("investor.profit")
    profit = sample.values
    made: dict[str, Any] = {"paths": len(profit)}
    for case, (low, high) in BANDS.items():
        chosen = np.flatnonzero(within(sample, low, high))
        made[case] = {
            "paths": len(chosen),
            "profit": float(profit[chosen].mean()),
            "profit_low": float(profit[chosen].min()),
            "profit_high": float(profit[chosen].max()),
            "parties": _parties(reading, scenario, chosen),
        }
    made["mean"] = {
        "paths": reading.paths,
        "profit": reading.mean("investor.profit"),
        "parties": _parties(reading, scenario, None),
    }
    return made


def within(sample: Sample, low: int, high: int) -> np.ndarray:
    """Which paths lie from the `low` to the `high` quantile (thousandths), to half a unit."""
    profit, ordered = sample.values, sample.ordered
    first, last = (
        ordered[max(1, math.ceil(len(ordered) * level / 1000)) - 1] for level in (low, high)
    )
    chosen: np.ndarray = (profit >= first - TOLERANCE) & (profit <= last + TOLERANCE)
    return chosen


def _parties(
    reading: Reading, scenario: Scenario, chosen: np.ndarray | None
) -> list[dict[str, Any]]:
    """Means of every party over the chosen paths (their places), or over all."""
    found = []
    for party in reading.plan.parties:
        transfers, real = (
            _mean(reading, f"party.{party}.{kind}", chosen) for kind in ("transfer", "real")
        )
        found.append(
            {
                "name": party,
                "title": title_of(scenario, party),
                "transfers": transfers,
                "real": real,
                "net": transfers + real,
            }
        )
    return found


def _mean(reading: Reading, name: str, chosen: np.ndarray | None) -> float:
    if chosen is None:
        return 0.0 if reading.is_nothing(name) else reading.mean(name)
    mean = float(reading.first_paths(name)[chosen].mean())
    return mean if abs(mean) > reading.rounding else 0.0
