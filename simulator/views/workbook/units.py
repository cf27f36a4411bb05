"""In which unit each figure of a result is shown, by its name."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.views.language import Language
from simulator.views.words.names import Names
from simulator.views.workbook.sheet import Unit

SCENARIO_UNITS: dict[str, Unit] = {"money": "money", "share": "share", "points": "points"}
"""Units that numbers of a scenario have by their kind; any other is a word of the scenario."""

_UNITS: dict[str, Unit] = {
    "expected_multiple": "multiple",
    "benefit_cost_ratio": "multiple",
    "private_capital_per_public_krona": "multiple",
    "private_capital_per_krona_set_aside": "multiple",
    "additional_outcomes_per_public_krona": "tiny",
    "share_of_drawn": "share",
    "share": "share",
    "actuarial_fee": "share",
    "fee_charged": "share",
    "subsidy": "share",
    "service_users": "count",
    "n": "count",
    "paths": "count",
    "claims": "count",
    "offered": "count",
    "contracts": "number",
    "additional_contracts": "number",
    "additional_outcomes": "number",
    "price": "number",
    "repriced": "number",
}
_OF_THE_THING = frozenset(
    ("expected_effect", "true_effect", "measured_effect", "target", "expected", "true", "measured")
)


@dataclass(frozen=True)
class Units:
    """Units of one result: `own` says in which unit a metric or measure is."""

    language: Language
    own: Callable[[Mapping[str, Any]], str]

    def of(
        self, section: str, words: tuple[str, ...], item: Mapping[str, Any], value: Any
    ) -> tuple[Unit, str]:
        """How the figure is shown, and its unit in words."""
        unit, said = self._unit(section, words, item, value)
        return unit, said or self.said(unit)

    def said(self, unit: Unit) -> str:
        """A unit in words."""
        return self.language.say(f"workbook.unit.{unit}", currency=self.language.currency)

    def _unit(
        self, section: str, words: tuple[str, ...], item: Mapping[str, Any], value: Any
    ) -> tuple[Unit, str]:
        name = words[-1] if words else section
        if isinstance(value, datetime.date):
            return "date", ""
        if name in _OF_THE_THING and section in ("outcomes", "measures"):
            own = self.own(item)
            return (SCENARIO_UNITS[own], "") if own in SCENARIO_UNITS else ("number", own)
        if name == "effect_per_krona":  # money for money, or a few outcomes for millions
            return ("multiple" if self.own(item) == "money" else "tiny"), ""
        if name == "claims" and isinstance(value, Mapping):
            return "money", ""  # what a fund pays out, not a number of claims
        if name in _UNITS:
            return _UNITS[name], ""
        return _by_pattern(name, words), ""


def _by_pattern(name: str, words: tuple[str, ...]) -> Unit:
    """The unit that figures of this kind have."""
    if "gains" in words or "gains_repriced" in words:
        return "multiple"
    if name == "year" or name.endswith("_year"):
        return "year"
    if "concentration" in words or name.endswith(("probability", "share")):
        return "share"
    if name.startswith(("probability", "share")):
        return "share"
    return "rate" if "irr" in words or "irr" in name.split("_") else "money"


def units_of_scenario(names: Names) -> Units:
    """Units of a run, whose scenario says in what each metric is measured."""

    def own(item: Mapping[str, Any]) -> str:
        measure = names.scenario.measures.get(str(item.get("measure")))
        if measure is not None:
            return names.unit_of(measure)
        metric = names.scenario.metrics.get(str(item.get("metric")))
        return names.unit_of_metric(metric) if metric is not None else ""

    return Units(names.language, own)


def units_of_summary(summary: Mapping[str, Any], language: Language) -> Units:
    """Units of a design, of which only the summary is at hand."""
    metrics = {str(entry["metric"]): entry for entry in summary.get("outcomes") or []}

    def of_metric(metric: Mapping[str, Any]) -> str:
        if metric.get("kind") == "amount" and metric.get("unit") in (None, language.currency):
            return "money"
        return language.words(metric.get("unit"))[0]

    def own(item: Mapping[str, Any]) -> str:
        if "measure" not in item:
            return of_metric(item)
        quantity = item.get("quantity") or "saving"
        if quantity in ("saving", "relative effect"):
            return "money" if quantity == "saving" else "share"
        metric = metrics.get(str(next(iter(item.get("metrics") or ()), "")), {})
        if metric.get("kind") == "binary":
            return {"rate": "share", "effect per user": "points"}.get(str(quantity), "")
        return of_metric(metric)

    return Units(language, own)
