"""Measured outcomes as they come: from `[realised]`, or from a TOML, CSV or Excel file like it."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from simulator.errors import SocsimError
from simulator.plan.build import Built
from simulator.plan.measured import quantity_of
from simulator.scenario.contract import Measure
from simulator.scenario.model import Measured, Realised, Scenario

if TYPE_CHECKING:
    import pandas as pd


def read_results(path: str | Path) -> dict[str, Any]:
    """The keys of a results file: drawn, cost, completed, measures.

    Raises SocsimError with a way to mend it.
    """
    place = Path(path)
    suffix = place.suffix.lower()
    try:
        if suffix == ".toml":
            return tomllib.loads(place.read_text(encoding="utf-8"))
        if suffix in (".csv", ".xlsx"):
            return _from_table(place)
    except FileNotFoundError as error:
        raise SocsimError(f"{place}: no such file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SocsimError(f"{place}: not a TOML file: {error}") from error
    raise SocsimError(f"{place}: a results file ends in .toml, .csv or .xlsx")


def _csv(place: Path) -> pd.DataFrame:
    """A CSV file with commas, or with semicolons, decimal commas and spaced thousands."""
    import pandas as pd

    head = place.read_text(encoding="utf-8-sig").split("\n", 1)[0]
    if ";" in head:
        frame = pd.read_csv(place, sep=";", dtype=str, encoding="utf-8-sig")
        if "value" in frame:
            spaced = frame["value"].str.replace(r"\s", "", regex=True)
            frame["value"] = spaced.str.replace("−", "-").str.replace(",", ".")
        return frame
    return pd.read_csv(place, encoding="utf-8-sig")


def _from_table(place: Path) -> dict[str, Any]:
    import pandas as pd

    try:
        frame = _csv(place) if place.suffix.lower() == ".csv" else pd.read_excel(place)
    except FileNotFoundError:
        raise
    except ImportError as error:
        raise SocsimError(
            f"{place}: reading Excel needs openpyxl; save the sheet as CSV instead"
        ) from error
    except (ValueError, UnicodeDecodeError, pd.errors.ParserError, OSError) as error:
        raise SocsimError(f"{place}: cannot be read: {error}") from error
    missing = {"key", "value"} - set(frame.columns)
    if missing:
        raise SocsimError(
            f"{place}: the columns key and value are needed; "
            f"found {', '.join(map(str, frame.columns))}"
        )
    rows: dict[str, list[Row]] = {}
    for record in frame.to_dict("records"):
        key, row = _row({str(name): value for name, value in record.items()}, place)
        rows.setdefault(key, []).append(row)
    result: dict[str, Any] = {}
    for key, entries in rows.items():
        value = _assembled(key, entries, place)
        if key.startswith("measures."):
            result.setdefault("measures", {})[key.removeprefix("measures.")] = value
        else:
            result[key] = value
    return result


Row = tuple[str, float | None, Any]
"""(cohort, period, value) of one row of a table; no cohort is "", no period None."""


def _row(record: dict[str, Any], place: Path) -> tuple[str, Row]:
    """The key of a row, and what the row says."""
    key, value = str(record["key"]).strip(), record["value"]
    if key == "completed":
        return key, ("", None, str(value).strip().lower() in ("true", "1", "1.0", "yes", "ja"))
    cohort, period = _filled(record.get("cohort")), _filled(record.get("period"))
    try:
        number = float(value)
        when = None if period is None else float(period)
    except (TypeError, ValueError) as error:
        raise SocsimError(f"{place}: {key}: {error}") from error
    if number != number:
        raise SocsimError(f"{place}: {key}: the value is missing")
    return key, ("" if cohort is None else str(cohort).strip(), when, number)


def _assembled(key: str, rows: list[Row], place: Path) -> Any:
    """The value of a key: one number, a list by period, or a table by cohort of either."""
    by_cohort: dict[str, list[Row]] = {}
    for row in rows:
        by_cohort.setdefault(row[0], []).append(row)
    values = {cohort: _one_or_list(key, entries, place) for cohort, entries in by_cohort.items()}
    if "" not in values:
        return values
    if len(values) > 1:
        raise SocsimError(f"{place}: {key}: some rows name a cohort and some do not")
    return values[""]


def _one_or_list(key: str, rows: list[Row], place: Path) -> Any:
    """One number, or numbers of periods 1, 2, 3 … without gaps."""
    if len(rows) == 1 and rows[0][1] is None:
        return rows[0][2]
    periods = [row[1] for row in rows if row[1] is not None]
    if not periods:
        raise SocsimError(f"{place}: {key} stands there {len(rows)} times; once is allowed")
    if len(periods) < len(rows) or sorted(periods) != list(range(1, len(rows) + 1)):
        found = ", ".join("none" if row[1] is None else f"{row[1]:g}" for row in rows)
        allowed = "the periods must be 1, 2, 3 … without gaps"
        raise SocsimError(f"{place}: {key}: {allowed}; found {found}")
    return [row[2] for row in sorted(rows, key=lambda row: row[1] or 0.0)]


def _filled(value: Any) -> Any:
    return None if value is None or value != value or value == "" else value


def realised_from(data: dict[str, Any]) -> Realised:
    """A results file as `Realised`. Raises SocsimError naming every key that does not fit."""
    try:
        return Realised.model_validate(data)
    except ValidationError as error:
        lines = []
        for problem in error.errors():
            key = ".".join(str(part) for part in problem["loc"][:2])
            lines.append(f"{key}: {problem['msg'].lower()}; found {problem['input']!r}")
        allowed = "drawn, cost, completed and measures.NAME"
        unique = "\n".join(dict.fromkeys(lines))
        raise SocsimError(f"the results do not fit ({allowed} are allowed):\n{unique}") from error


@dataclass(frozen=True)
class Given:
    """Input rows of the contract, capital drawn by instant and cost by period."""

    rows: NDArray[np.float64]
    drawn: NDArray[np.float64]
    cost: NDArray[np.float64]
    known_capital: bool


def given_rows(scenario: Scenario, built: Built, realised: Realised) -> Given:
    """Realised values on the rows that the contract reads.

    Raises SocsimError where one is missing.
    """
    _possible(scenario, realised)
    periods = built.grid.periods
    rows = np.full(built.rows.capital + 2 + 2 * periods, np.nan)
    for name, place in built.rows.pooled.items():
        value = realised.measures.get(name)
        if value is not None:
            rows[place] = pooled(scenario.measures[name], value, scenario)
            if name in built.rows.cohort:
                first = built.rows.cohort[name]
                rows[first : first + len(scenario.cohorts)] = by_cohort(name, value, scenario)
            if name in built.rows.period:
                first = built.rows.period[name]
                rows[first : first + periods] = by_period(name, value, periods)
    _all_present(scenario, built, realised, rows)
    drawn, cost = capital_rows(built, realised)
    first = built.rows.capital
    rows[first], rows[first + 1] = drawn.sum(), cost.sum()
    rows[first + 2 : first + 2 + periods] = drawn[:periods]
    rows[first + 2 + periods :] = cost
    return Given(
        np.nan_to_num(rows),
        drawn,
        cost,
        realised.drawn is not None and scenario.capital is not None,
    )


def _possible(scenario: Scenario, realised: Realised) -> None:
    """Refuse what cannot have happened: a rate of 34, more drawn than committed."""
    wrong = []
    capital = scenario.capital
    if capital is not None and realised.drawn is not None:
        most = float(capital.commitment.value or 0.0)
        if not 0.0 <= realised.drawn <= most * (1 + 1e-9):
            wrong.append(f"drawn: {realised.drawn:,.0f}, but the commitment is {most:,.0f}")
    for name, value in sorted(realised.measures.items()):
        measure = scenario.measures.get(name)
        metric = scenario.metrics.get(measure.metric or "") if measure else None
        if measure is None or metric is None or metric.kind != "binary":
            continue
        if measure.quantity == "rate" and any(rate > 1.0 for rate in _numbers(value)):
            wrong.append(f"measures.{name}: a rate is at most 1: 0.34 for 34 %")
    if wrong:
        raise SocsimError("these results cannot be: " + "; ".join(wrong))


def _numbers(value: Measured) -> list[float]:
    if isinstance(value, dict):
        return [number for part in value.values() for number in _numbers(part)]
    return list(value) if isinstance(value, list) else [value]


def _all_present(
    scenario: Scenario, built: Built, realised: Realised, rows: NDArray[np.float64]
) -> None:
    unknown = sorted(set(realised.measures) - set(scenario.measures))
    if unknown:
        known = ", ".join(sorted(scenario.measures))
        raise SocsimError(
            "the results name measures that the contract does not have: "
            f"{', '.join(unknown)}; it has {known}"
        )
    for name, value in realised.measures.items():
        _known_cohorts(name, value, scenario)
    needed = set(built.plan.program.weight_row) | set(built.plan.program.condition_row)
    missing = []
    for name, place in built.rows.pooled.items():
        spans = [place]
        if name in built.rows.cohort:
            spans += range(built.rows.cohort[name], built.rows.cohort[name] + len(scenario.cohorts))
        if name in built.rows.period:
            spans += range(built.rows.period[name], built.rows.period[name] + built.grid.periods)
        if any(row in needed and np.isnan(rows[row]) for row in spans):
            missing.append(f"measures.{name} ({quantity_of(scenario.measures[name])})")
    if scenario.capital is not None and realised.drawn is None:
        missing.append("drawn (capital drawn, in the scenario's currency)")
    if missing:
        raise SocsimError("the settlement needs " + ", ".join(missing))


def _known_cohorts(name: str, value: Measured, scenario: Scenario) -> None:
    """Refuse a table that names cohorts which the contract, or the measure, does not have."""
    known = scenario.measures[name].cohorts or sorted(scenario.cohorts)
    unknown = sorted(set(value) - set(known)) if isinstance(value, dict) else []
    if unknown:
        there = f"the cohorts are {', '.join(known)}"
        raise SocsimError(f"measures.{name}: no cohort {', '.join(unknown)}; {there}")


def pooled(measure: Measure, value: Measured, scenario: Scenario) -> float:
    """One number for the whole contract: a sum, or for rates the mean by users or periods."""
    ratio = quantity_of(measure) in ("rate", "effect per user", "relative effect")
    if isinstance(value, dict):
        if set(measure.cohorts or scenario.cohorts) - set(value):
            return math.nan  # a part is not the whole
        parts = [
            (pooled(measure, part, scenario), scenario.cohorts[c].service_users)
            for c, part in sorted(value.items())
            if c in scenario.cohorts
        ]
        if ratio:
            return sum(part * users for part, users in parts) / max(
                sum(users for _, users in parts), 1
            )
        return sum(part for part, _ in parts)
    if isinstance(value, list):
        return sum(value) / len(value) if ratio and value else sum(value)
    return float(value)


def by_cohort(name: str, value: Measured, scenario: Scenario) -> NDArray[np.float64]:
    """A value for each cohort in name order."""
    names = sorted(scenario.cohorts)
    if not isinstance(value, dict):
        if len(names) == 1 and not isinstance(value, list):
            return np.array([value])
        raise SocsimError(
            f"measures.{name} is paid by cohort: give a table, "
            f"one value for each of {', '.join(names)}"
        )
    return np.array([_one(value.get(cohort, np.nan)) for cohort in names])


def _one(value: float | list[float]) -> float:
    return float(sum(value)) if isinstance(value, list) else float(value)


def by_period(name: str, value: Measured, periods: int) -> NDArray[np.float64]:
    """A value for each period from the first on; later ones nothing."""
    if isinstance(value, dict):
        lists = [part if isinstance(part, list) else [part] for part in value.values()]
        length = max(len(part) for part in lists)
        value = [sum(part[i] for part in lists if i < len(part)) for i in range(length)]
    if not isinstance(value, list):
        raise SocsimError(
            f"measures.{name} is paid by period: give a list, "
            "one value for each period from the first on"
        )
    if len(value) > periods:
        raise SocsimError(
            f"measures.{name}: {len(value)} values, but the contract has {periods} periods"
        )
    return np.array([*value, *([0.0] * (periods - len(value)))])


def capital_rows(
    built: Built, realised: Realised
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Capital drawn by instant and cost by period: realised totals, spread as planned."""
    periods = built.grid.periods
    plan = built.plan
    values = np.zeros(int(plan.draws.values))
    values[plan.draws.constant_value] = plan.draws.constant
    for place, row in enumerate(plan.draws.value):
        values[row] = built.means[place]
    planned = np.maximum(values[plan.capital.cost_value] * plan.capital.cost_factor, 0.0)
    shape = planned / planned.sum() if planned.sum() > 0 else np.eye(periods)[0]
    total = realised.drawn or 0.0
    drawn = np.zeros(periods + 1)
    if int(plan.capital.at_start) == 1:
        drawn[0] = total
    else:
        drawn[:periods] = total * shape
    cost = total if realised.cost is None else realised.cost
    return drawn, cost * shape
