"""Things that go wrong: how often each event happens, and what is left to the parties then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.results import Layout
from simulator.summary.estimates import Estimate, mean_estimate
from simulator.summary.passes import Floats

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario
    from simulator.summary.reading import Reading

PREFIX = "events."
GIVEN = ("investor.profit", "municipality.net_budget_effect")
"""Figures whose means are told for the paths on which an event happened."""


def events_of(layout: Layout) -> tuple[str, ...]:
    """Names of the events, in name order."""
    return tuple(name.removeprefix(PREFIX) for name in layout.figures if name.startswith(PREFIX))


def given_name(event: str, figure: str) -> str:
    """The series of a figure on the paths on which an event happened."""
    return f"{figure} given {PREFIX}{event}"


def given_names(layout: Layout) -> tuple[str, ...]:
    """All of them."""
    return tuple(given_name(event, figure) for event in events_of(layout) for figure in GIVEN)


def given_events(row: dict[str, Floats], layout: Layout) -> dict[str, Floats]:
    """Each figure of GIVEN on the paths with the event, NaN on the others; each (paths,)."""
    return {
        given_name(event, figure): np.where(row[f"{PREFIX}{event}"] == 1.0, row[figure], np.nan)
        for event in events_of(layout)
        for figure in GIVEN
    }


def events_section(reading: Reading, scenario: Scenario) -> list[dict[str, Any]]:
    """One entry for each event, in name order; of early ends the share of paths that it ended."""
    return [_event(reading, scenario, name) for name in events_of(reading.plan.layout)]


def _event(reading: Reading, scenario: Scenario, name: str) -> dict[str, Any]:
    event = scenario.events[name]
    return {
        "event": name,
        "title": dict(event.title) if event.title else None,
        "kind": event.kind,
        "by": event.by,
        "probability": reading.share(f"{PREFIX}{name}"),
        "investor_profit": _given(reading, name, GIVEN[0]),
        "municipality_net": _given(reading, name, GIVEN[1]),
    }


def _given(reading: Reading, event: str, figure: str) -> Estimate | None:
    """Mean over the paths with the event; None where there is none."""
    name = given_name(event, figure)
    return mean_estimate(reading.known(name), reading.mean(name), reading.m2(name), None)
