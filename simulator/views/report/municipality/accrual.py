"""The accrual view in the municipality's chapter: what is owed, provided for and may be due."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.views.amounts import Amounts
from simulator.views.language import Language
from simulator.views.read import Estimate, as_estimate
from simulator.views.report.parts import Column, Line, Table

_Read = Callable[[Estimate], float | None]
_SHOWN: dict[str, _Read] = {
    "": lambda found: found.value,
    "p5": lambda found: found.p5,
    "p95": lambda found: found.p95,
}
_BALANCE = (
    ("liability", ""),
    ("provision", ""),
    ("provision", "p5"),
    ("provision", "p95"),
    ("contingent_liability", ""),
)
_FORGIVEN = ("forgiven_repayment", "")
_EFFECT = (
    ("balanced_budget_effect", ""),
    ("balanced_budget_effect", "p5"),
    ("balanced_budget_effect", "p95"),
    ("balanced_budget_effect_cashable", ""),
)


def accrual_tables(years: list[Any], language: Language) -> tuple[Table, Table]:
    """What stands open at each year's end, and what each year's result bears.

    What a repayment that is forgiven brings has a column only where there can be one; what is
    cashable of the savings has one only where there are savings.
    """
    saves = any(_figure(row, "gross_savings", "") for row in years)
    cost = [("accrual_cost", "")]
    if any(row.get("forgiven_repayment") for row in years):
        cost.append(_FORGIVEN)
    return (
        _table("balance", _BALANCE, years, language, "accrual.basis"),
        _table("result", (*cost, *(_EFFECT if saves else _EFFECT[:-1])), years, language),
    )


def _table(
    kind: str,
    columns: tuple[tuple[str, str], ...],
    years: list[Any],
    language: Language,
    *notes: str,
) -> Table:
    rows = [[_figure(row, name, shown) for name, shown in columns] for row in years]
    amounts = Amounts.of(language, [value for row in rows for value in row])
    headings = [f"column.{shown}" if shown else f"accrual.{name}" for name, shown in columns]
    return Table(
        language.say(f"accrual.{kind}", unit=amounts.unit),
        (
            Column(language.say("column.year"), number=False),
            *(Column(language.say(heading)) for heading in headings),
        ),
        tuple(
            Line((str(year["year"]), *(amounts.text(value) for value in row)))
            for year, row in zip(years, rows, strict=True)
        ),
        (language.say(f"accrual.{kind}.note"), *(language.say(note) for note in notes)),
    )


def _figure(row: Any, name: str, shown: str) -> float | None:
    found = as_estimate(row.get(name))
    return _SHOWN[shown](found) if found else None
