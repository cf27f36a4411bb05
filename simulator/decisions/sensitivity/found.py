"""What a sensitivity analysis has found, and how it is written to JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from simulator.analysis.indices import Index
from simulator.decisions.numbers import LUCK
from simulator.decisions.sensitivity.cohorts import PerHead, Size
from simulator.decisions.sensitivity.everyday import Effect
from simulator.decisions.sensitivity.maps import Map
from simulator.decisions.sensitivity.reading import Asked, Difference
from simulator.decisions.sensitivity.shares import Variance
from simulator.decisions.sensitivity.stresses import Stress, Stresses
from simulator.decisions.sensitivity.tornado import Held, Swing

if TYPE_CHECKING:
    import pandas as pd

SCHEMA_VERSION = 1
"""Rises when a key changes its meaning."""
Others = Literal["integrated", "means"]
Influence = Literal["some", "negligible", "none here", "none"]
NEGLIGIBLE = 0.005
"""A total index whose interval ends below this share of the variance is negligible."""


@dataclass(frozen=True)
class Questions:
    """What a sensitivity analysis is asked, beside the figures.

    Each number is moved between the levels `quantiles`; meanwhile the `others` are "integrated"
    (they keep their draws) or at their "means". `maps` and `pairs` name two uncertain numbers each:
    a map over a grid of quantiles, and a stress of both at once; without pairs the two that weigh
    most are one.
    """

    quantiles: tuple[float, float] = (0.05, 0.95)
    others: Others = "integrated"
    maps: tuple[tuple[str, str], ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Sensitivity:
    """What drives a scenario's figures. Everything that is shown of it is in `to_dict`.

    `asked` are the figures asked for, the first being the one that orders; `figures` those and the
    parties' own. `values` is each figure in the run itself, `centres` what it is before a number is
    moved: the same, but with all numbers at their means where the others are held there. `order` is
    the order of numbers in every table and chart, `groups` has the group of each number. `moves`:
    how many promised figures a number moves that moves none of those read.
    """

    scenario: Mapping[str, Any]
    simulation: Mapping[str, Any]
    questions: Questions
    asked: tuple[Asked, ...]
    figures: tuple[Asked, ...]
    values: Mapping[str, Difference | None]
    centres: Mapping[str, float | None]
    order: tuple[str, ...]
    groups: Mapping[str, str]
    held: Mapping[str, Held]
    variances: Mapping[str, Variance]
    influence: Mapping[str, Influence]
    moves: Mapping[str, int]
    sizes: tuple[Size, ...]
    stresses: Stresses
    everyday: tuple[Effect, ...]
    maps: tuple[Map, ...]

    @property
    def main(self) -> str | None:
        """The figure that orders, whose numbers stand first; None where none exists."""
        return self.asked[0].name if self.asked else None

    @property
    def table(self) -> pd.DataFrame:
        """One row for each figure and number, in the order of all tables."""
        import pandas as pd

        return pd.DataFrame(
            [
                {"figure": figure, "number": entry["name"], **_flat(entry, found)}
                for figure in (asked.name for asked in self.figures)
                for entry in map(self._input, self.order)
                for found in (entry["figures"][figure],)
            ]
        )

    def to_dict(self) -> dict[str, Any]:
        """The analysis as in sensitivity.json."""
        return {
            "schema_version": SCHEMA_VERSION,
            "scenario": dict(self.scenario),
            "simulation": dict(self.simulation),
            "quantiles": list(self.questions.quantiles),
            "others": self.questions.others,
            "figures": [self._figure(asked) for asked in self.figures],
            "inputs": [self._input(name) for name in self.order],
            "luck": self._group(LUCK),
            "cohorts": [_size(size) for size in self.sizes],
            "stresses": _stresses(self.stresses, self.order),
            "everyday": [_effect(each) for each in self.everyday],
            "maps": [_map(each) for each in self.maps],
        }

    def _figure(self, asked: Asked) -> dict[str, Any]:
        variance = self.variances.get(asked.name)
        return {
            "name": asked.name,
            "asked": asked in self.asked,
            "better": {1: "higher", -1: "lower"}.get(asked.better),
            "value": _difference(self.values[asked.name]),
            "centre": self.centres[asked.name],
            "variance": None if variance is None else variance.variance,
            "of_numbers": None if variance is None else variance.of_numbers.to_dict(),
        }

    def _input(self, name: str) -> dict[str, Any]:
        held, group = self.held[name], self.groups[name]
        indices = self._group(group)
        figures = {
            asked.name: {**_swing(held.swings[asked.name]), **indices["figures"][asked.name]}
            for asked in self.figures
        }
        main = figures.get(self.main or "", {})
        return {
            "name": name,
            "stated": held.number.is_stated,
            "group": group,
            "with": [other for other in self.order if self.groups[other] == group != other],
            "mean": held.number.mean,
            "low_value": held.low,
            "high_value": held.high,
            "low": main.get("low"),
            "high": main.get("high"),
            "first_order": main.get("first_order"),
            "total": main.get("total"),
            "influence": self.influence[name],
            "moves": self.moves.get(name),
            "figures": figures,
        }

    def _group(self, group: str) -> dict[str, Any]:
        """The indices of a group by figure."""
        found: dict[str, Any] = {}
        for asked in self.figures:
            variance = self.variances.get(asked.name)
            both = None if variance is None else variance.by_group.get(group)
            found[asked.name] = {
                "first_order": None if both is None else both.first_order.to_dict(),
                "total": None if both is None else both.total.to_dict(),
            }
        return {"figures": found}


def _flat(entry: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the table: values of the number, the figure there, shares of the variance."""
    return {
        "low_value": entry["low_value"],
        "high_value": entry["high_value"],
        "low": found["low"],
        "high": found["high"],
        "first_order": (found["first_order"] or {}).get("estimate"),
        "total": (found["total"] or {}).get("estimate"),
        "influence": entry["influence"],
    }


def _difference(found: Difference | None) -> dict[str, float | None] | None:
    return None if found is None else found.to_dict()


def _index(found: Index | None) -> dict[str, float] | None:
    return None if found is None else found.to_dict()


def _swing(swing: Swing) -> dict[str, Any]:
    return {
        "low": swing.low,
        "high": swing.high,
        "low_difference": _difference(swing.from_base_low),
        "high_difference": _difference(swing.from_base_high),
        "swing": _difference(swing.swing),
        "exactly_zero": swing.is_zero,
    }


def _size(size: Size) -> dict[str, Any]:
    return {
        "factor": size.factor,
        "service_users": size.service_users,
        "paths": size.paths,
        "figures": {name: _per_head(each) for name, each in size.figures.items()},
    }


def _per_head(each: PerHead) -> dict[str, Any]:
    return {
        "value": each.value,
        "sd": each.sd,
        "of_numbers": _index(each.of_numbers),
        "removed": each.removed.to_dict(),
    }


def _stresses(found: Stresses, order: tuple[str, ...]) -> dict[str, Any]:
    return {
        "figures": list(found.figures),
        "single": [{"names": [name], "figures": _cases(found.single[name])} for name in order],
        "pairs": [
            {"names": list(pair), "figures": _cases(cases)} for pair, cases in found.pairs.items()
        ],
        "together": _cases(found.together),
    }


def _cases(cases: Mapping[str, Stress]) -> dict[str, Any]:
    return {
        name: {
            "held": dict(case.held),
            "value": case.value,
            "difference": _difference(case.difference),
        }
        for name, case in cases.items()
    }


def _effect(each: Effect) -> dict[str, Any]:
    return {
        "effect": each.factor,
        "figures": {
            name: {"value": value, "difference": _difference(each.differences[name])}
            for name, value in each.values.items()
        },
    }


def _map(found: Map) -> dict[str, Any]:
    return {
        "numbers": list(found.numbers),
        "levels": list(found.levels),
        "values": [list(found.first), list(found.second)],
        "figures": {name: [list(row) for row in rows] for name, rows in found.cells.items()},
    }
