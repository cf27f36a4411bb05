"""The accrual view in the municipality's chapter: what is owed, provided for and may be due."""

from __future__ import annotations

from typing import Any

from simulator.views.amounts import Amounts
from simulator.views.language import Language
from simulator.views.read import Estimate, as_estimate
from simulator.views.report.parts import Column, Line, Table

_EFFECTS = ("balanced_budget_effect", "balanced_budget_effect_cashable")


def accrual_table(years: list[Any], language: Language) -> Table:
    """Liability, provision with its range, contingent liability, cost and effect by year-end.

    What a repayment that is forgiven brings has a column only where there can be one.
    """
    names = ["contingent_liability", "accrual_cost", *_EFFECTS]
    if any(row.get("forgiven_repayment") for row in years):
        names.insert(2, "forgiven_repayment")
    found = [{name: _figure(row, name) for name in ("liability", *names)} for row in years]
    provisions = [_figure(row, "provision") for row in years]
    values: list[float | None] = [f.value for figures in found for f in figures.values() if f]
    values += [v for f in provisions if f for v in (f.value, f.p5, f.p95)]
    amounts = Amounts.of(language, values)
    rows = [
        _line(row, provision, figures, names, amounts)
        for row, provision, figures in zip(years, provisions, found, strict=True)
    ]
    headings = ("liability", "provision", "p5", "p95", *names)
    return Table(
        language.say("accrual.table", unit=amounts.unit),
        (
            Column(language.say("column.year"), number=False),
            *(Column(_heading(name, language)) for name in headings),
        ),
        tuple(rows),
        (language.say("accrual.note"), language.say("accrual.basis")),
    )


def _figure(row: Any, name: str) -> Estimate | None:
    return as_estimate(row.get(name))


def _heading(name: str, language: Language) -> str:
    return language.say(f"column.{name}" if name in ("p5", "p95") else f"accrual.{name}")


def _line(
    row: Any,
    provision: Estimate | None,
    figures: dict[str, Estimate | None],
    names: list[str],
    amounts: Amounts,
) -> Line:
    def mean(found: Estimate | None) -> str:
        return amounts.text(found.value if found else None)

    return Line(
        (
            str(row["year"]),
            mean(figures["liability"]),
            mean(provision),
            amounts.text(provision.p5 if provision else None),
            amounts.text(provision.p95 if provision else None),
            *(mean(figures[name]) for name in names),
        )
    )
