"""Prices of a fund's contracts: solved again with each support, and loosened without any."""

from __future__ import annotations

from simulator.views.fund_tables import Row, Said
from simulator.views.language import Language
from simulator.views.numbers import NOTHING
from simulator.views.report.parts import Column, Line, Table


def prices_table(result: Row, said: Said) -> Table | None:
    """By design and kind the price as offered and solved again; None where none was solved."""
    say = said.language.say
    asked = [
        kind["name"]
        for kind in result["kinds"]
        if any(row["price"] is not None for _, row in _of_kind(result, kind["name"]))
    ]
    if not any(row["repriced"] is not None for kind in asked for _, row in _of_kind(result, kind)):
        return None
    by_design = {
        design["name"]: {row["kind"]: row for row in design["by_kind"]}
        for design in result["designs"]
    }
    rows = tuple(
        Line((said.names[name], *(_cell(kinds.get(kind), said.language) for kind in asked)))
        for name, kinds in by_design.items()
        if any(kinds[kind]["price"] is not None for kind in asked if kind in kinds)
    )
    heads = (
        Column(say("fund.column.design"), number=False),
        *(Column(said.kinds[kind]) for kind in asked),
    )
    return Table(say("fund.table.prices"), heads, rows, (say("fund.note.prices"),))


def _of_kind(result: Row, kind: str) -> list[tuple[str, Row]]:
    """The kind's figures under each design."""
    return [
        (design["name"], row)
        for design in result["designs"]
        for row in design["by_kind"]
        if row["kind"] == kind
    ]


def _cell(row: Row | None, language: Language) -> str:
    """`0.40 → 0.43`; a dash where nothing was solved, and after the arrow where none is enough."""
    if row is None or row["price"] is None:
        return NOTHING
    solved = NOTHING if row["repriced"] is None else price_text(row["repriced"], language)
    return f"{price_text(row['price'], language)} → {solved}"


def price_text(value: float, language: Language) -> str:
    """A price: as many digits as a reader can use."""
    return language.stated(float(f"{value:.3g}" if abs(value) < 1000 else f"{value:.4g}"))


def loosened_table(result: Row, said: Said) -> Table | None:
    """Terms loosened without support until investors accept; None where nothing was loosened."""
    language, rows = said.language, result["loosened"]
    if not rows:
        return None
    heads = ("kind", "accepting", "price", "loosened", "municipality_pays")
    share = language.percent(rows[0]["share"], 0)
    most = language.stated(rows[0]["most"])
    return Table(
        language.say("fund.table.loosened", unit=said.amounts.unit),
        tuple(
            Column(language.say(f"fund.column.{head}"), number=place > 0)
            for place, head in enumerate(heads)
        ),
        tuple(_loosened(row, said) for row in rows),
        (language.say("fund.note.loosened", share=share, most=most),),
    )


def _loosened(row: Row, said: Said) -> Line:
    language = said.language
    moved = NOTHING if row["loosened"] is None else price_text(row["loosened"], language)
    return Line(
        (
            said.kinds[row["kind"]],
            language.percent(row["accepting"], 0),
            price_text(row["price"], language),
            moved,
            said.money(row, "municipality"),
        )
    )
