"""In which unit a number of the scenario is written, by its key."""

from __future__ import annotations

from simulator.scenario.contract import Payment
from simulator.views.words.conditions import given_conditions
from simulator.views.words.names import Names
from simulator.views.words.payments import term_units
from simulator.views.words.states import of_states

_UNITS = {
    "share": """
        cashable none indexed price_growth drift bias share coverage of_drawn of_commitment of_cost
        multiple rate target_return deadweight nominal real persistence lost_ratio before
        of_outstanding interest then residual recovery chance reached significant growth
    """,
    "money": """
        commitment amount schedule total cap attachment detachment maximum price public_value
        limit per_period per_service_user by_year
    """,
}
_SHARES, _MONEY = (frozenset(_UNITS[unit].split()) for unit in ("share", "money"))
_OF_THE_METRIC = frozenset(("baseline", "difference", "sd", "most", "value"))
_LEVELS = frozenset(("above", "at_most", "at_least", "if_at_least", "below", "by_year", "to"))


def unit_of(path: tuple[str, ...], names: Names) -> str:
    """In which unit the value is written: "money", "share", "points" or a word of the scenario."""
    words = [part for part in path if not part.isdigit()]
    last = words[-1]
    if path[0] == "measures" and last in ("standard_error", "target"):
        measure = names.scenario.measures.get(path[1])
        return names.unit_of(measure) if measure else ""
    if path[0] == "measures" and last == "per_person_most":
        return _person_unit(path, names)
    tested = path[0] == "payments" or (path[0] == "events" and "when" in path)
    if tested and last in _LEVELS:
        return level_unit(path, names)
    if of_states(path) and last != "profile":
        return {"difference": "points", "ratio": "", "odds_ratio": ""}.get(last, "share")
    if (path[0], last) != ("metrics", "price") and (last in _OF_THE_METRIC or "per_month" in path):
        return _metric_unit(path, last, names)
    return _by_name(path[0], words)


def _by_name(room: str, words: list[str]) -> str:
    """The unit that a key has by its name alone, wherever it stands."""
    last = words[-1]
    if last == "per_year":
        return "money" if room in ("capital", "fees", "costs") else "share"
    if last in _SHARES or (room == "payments" and words[-2] == "payer"):
        return "share"
    return "money" if last in _MONEY else ""


def level_unit(path: tuple[str, ...], names: Names) -> str:
    """The unit of the value that a level of a payment or an event meets."""
    scenario = names.scenario
    tested = (scenario.events if path[0] == "events" else scenario.payments)[path[1]]
    if isinstance(tested, Payment) and "terms" in path:
        units = term_units(tested, names)
        place = int(path[path.index("terms") + 1]) - 1
        return units[place] if place < len(units) else ""
    conditions = given_conditions(tested.when)
    digits = [int(part) for part in path if part.isdigit()]
    condition = conditions[digits[0] - 1 if digits else 0]
    measure = scenario.measures.get(condition.measure or "")
    return names.unit_of(measure) if measure else ""


def _person_unit(path: tuple[str, ...], names: Names) -> str:
    """The unit of what one service user counts in a measure."""
    measure = names.scenario.measures[path[1]]
    metric = names.scenario.metrics.get(measure.metric or next(iter(measure.perimeter or ()), ""))
    return names.unit_of_metric(metric) if metric is not None else ""


def _metric_unit(path: tuple[str, ...], last: str, names: Names) -> str:
    if path[0] == "measures":
        measure = names.scenario.measures.get(path[1])
        lines = (measure.perimeter or [measure.metric or ""]) if measure else [""]
        name = path[-1] if path[-1] in names.scenario.metrics else lines[0]
    else:
        name = path[3] if path[0] == "cohorts" and len(path) > 3 else path[1]
    metric = names.scenario.metrics.get(name)
    if metric is None:
        return ""
    if metric.kind == "binary":
        return "points" if last == "difference" else "share"
    return names.unit_of_metric(metric)
