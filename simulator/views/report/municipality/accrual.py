"""The accrual view: what is owed, provided for, may be due, and what each year bears."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from simulator.views.amounts import Amounts
from simulator.views.language import Language
from simulator.views.read import Estimate, as_estimate
from simulator.views.report.municipality.voice import is_certain, is_swedish, years_of
from simulator.views.report.parts import Box, Column, Line, Section, Table
from simulator.views.report.source import Told

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


def accrual_section(told: Told) -> Section | None:
    """The two tables as a chapter, a basis for judgement; None where the payer has no year."""
    years, language = years_of(told.summary), told.language
    if not years or not told.scenario.payments:
        return None
    here = is_swedish(language)
    basis = language.say("council.accrual.basis" if here else "council.accrual.basis.elsewhere")
    said = heaviest_sentences(years, language)
    return Section(
        "accounting",
        language.say("council.accrual" if here else "council.accrual.elsewhere"),
        (" ".join(said),) if said else (),
        (*accrual_tables(years, language), Box((basis,))),
    )


def heaviest_sentences(years: Sequence[Any], language: Language) -> list[str]:
    """The year whose result bears most, and what the accounts show at the first year's end."""
    effects = [(row["year"], as_estimate(row.get("balanced_budget_effect"))) for row in years]
    known = [(year, found) for year, found in effects if found is not None]
    said = []
    if known:
        year, found = min(known, key=lambda entry: entry[1].value)
        kind = "heaviest" if found.value < 0 else "lightest"
        where = "" if is_swedish(language) else ".elsewhere"
        amount = language.money(abs(found.value))
        said.append(language.say(f"council.accrual.{kind}{where}", year=year, amount=amount))
        if not is_certain(found) and found.p5 is not None:
            said.append(language.say("council.accrual.low", low=language.money(found.p5)))
    first = as_estimate(years[0].get("provision"))
    if first is not None and first.value > 0:
        amount = language.money(first.value)
        said.append(language.say("council.accrual.first", year=years[0]["year"], amount=amount))
    return said


def accrual_tables(years: Sequence[Any], language: Language) -> tuple[Table, Table]:
    """What stands open at each year's end, and what each year's result bears.

    What a repayment that is forgiven brings has a column only where there can be one; what is
    cashable of the savings has one only where there are savings.
    """
    saves = any(_figure(row, "gross_savings", "") for row in years)
    cost = [("accrual_cost", "")]
    if any(row.get("forgiven_repayment") for row in years):
        cost.append(_FORGIVEN)
    return (
        _table("balance", _BALANCE, years, language),
        _table("result", (*cost, *(_EFFECT if saves else _EFFECT[:-1])), years, language),
    )


def _table(
    kind: str,
    columns: tuple[tuple[str, str], ...],
    years: Sequence[Any],
    language: Language,
) -> Table:
    rows = [[_figure(row, name, shown) for name, shown in columns] for row in years]
    amounts = Amounts.of(language, [value for row in rows for value in row])
    headings = [f"column.{shown}" if shown else f"accrual.{name}" for name, shown in columns]
    caption = f"accrual.{kind}"
    if kind == "result" and not is_swedish(language):
        caption = "accrual.result.elsewhere"
    return Table(
        language.say(caption, unit=amounts.unit),
        (
            Column(language.say("column.year"), number=False),
            *(Column(language.say(heading)) for heading in headings),
        ),
        tuple(
            Line((str(year["year"]), *(amounts.text(value) for value in row)))
            for year, row in zip(years, rows, strict=True)
        ),
        (language.say(f"accrual.{kind}.note"),),
    )


def _figure(row: Any, name: str, shown: str) -> float | None:
    found = as_estimate(row.get(name))
    return _SHOWN[shown](found) if found else None
