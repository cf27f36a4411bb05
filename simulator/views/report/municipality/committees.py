"""What each budget of the payer saves in each calendar year, with its range."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from simulator.views.amounts import Amounts
from simulator.views.read import Estimate, as_estimate
from simulator.views.report.chapters.parties import pocket_name
from simulator.views.report.municipality.voice import is_swedish, own_pockets
from simulator.views.report.parts import Column, Line, Table
from simulator.views.report.source import Told
from simulator.views.words.names import Names

_BESIDE = 8  # so many years have room beside each other on an A4 page
_Pocket = Mapping[str, Any]


def pocket_tables(told: Told) -> list[Table]:
    """Budgets by year, at most eight years to a table; none where the payer holds no budget."""
    pockets = own_pockets(told.summary)
    years = [entry["year"] for entry in pockets[0]["by_year"]] if pockets else []
    found = [
        as_estimate(entry[key])
        for pocket in pockets
        for entry in pocket["by_year"]
        for key in ("avoided", "cashable")
    ]
    amounts = Amounts.of(told.language, [v for f in found if f for v in (f.value, f.p5, f.p95)])
    tables = -(-len(years) // _BESIDE) or 1
    each = -(-len(years) // tables) or 1
    return [
        _table(pockets, range(first, min(first + each, len(years))), amounts, told.names)
        for first in range(0, len(years), each)
    ]


def _table(pockets: Sequence[_Pocket], shown: range, amounts: Amounts, names: Names) -> Table:
    language, by_year = names.language, pockets[0]["by_year"]
    is_last = shown.stop == len(by_year)
    key = "council.committees" if is_swedish(language) else "council.committees.elsewhere"
    heads = [Column(language.say("pockets.pocket"), number=False)]
    heads += [Column(str(by_year[k]["year"])) for k in shown]
    heads += [Column(language.say("row.total"))] if is_last else []
    rows = tuple(row for pocket in pockets for row in _rows(pocket, shown, amounts, names))
    note = (language.say("council.committees.note"),) if is_last else ()
    caption = language.say(key, unit=amounts.unit)
    if len(shown) < len(by_year):
        ends = {"first": by_year[shown.start]["year"], "last": by_year[shown.stop - 1]["year"]}
        caption = language.say("council.committees.part", caption=caption, **ends)
    return Table(caption, tuple(heads), rows, note)


def _rows(pocket: _Pocket, shown: range, amounts: Amounts, names: Names) -> Iterator[Line]:
    """The budget's name, then mean, range and cashable part; the whole period in the last table."""
    cells = [pocket["by_year"][k] for k in shown]
    cells += [pocket] if shown.stop == len(pocket["by_year"]) else []
    avoided = [as_estimate(cell["avoided"]) or Estimate(0.0) for cell in cells]
    cashable = [as_estimate(cell["cashable"]) or Estimate(0.0) for cell in cells]
    yield Line((pocket_name(pocket, names), *("" for _ in cells)), "group")
    lines: dict[str, list[float | None]] = {
        "pockets.avoided": [found.value for found in avoided],
        "column.p5": [found.p5 for found in avoided],
        "column.p50": [found.p50 for found in avoided],
        "column.p95": [found.p95 for found in avoided],
        "pockets.cashable": [found.value for found in cashable],
    }
    for key, values in lines.items():
        yield Line((names.say(key), *(amounts.text(value) for value in values)))
