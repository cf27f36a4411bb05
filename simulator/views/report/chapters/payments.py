"""What each payment is expected to come to, beside its dates and the most that it can be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.views.amounts import Amounts
from simulator.views.numbers import NOTHING
from simulator.views.read import estimate, find, number
from simulator.views.report.parts import Column, Line, Table
from simulator.views.report.source import Told
from simulator.views.words.names import capitalised

_AMOUNT, _MOST = "expected_amount", "maximum_amount"


def payments_table(told: Told) -> Table | None:
    """One row for each payment of the contract as it is written; None without payments."""
    entries = [
        entry
        for entry in find(told.summary, "contract.payments") or []
        if estimate(entry, _AMOUNT) is not None
    ]
    if not entries:
        return None
    language = told.language
    amounts = Amounts.of(language, [value for entry in entries for value in _amounts(entry)])
    heads = ("column.expected", "column.p5", "column.p50", "column.p95", "payments.most")
    return Table(
        language.say("payments.table", unit=amounts.unit),
        (
            Column(language.say("payments.payment"), number=False),
            Column(language.say("payments.who"), number=False),
            Column(language.say("payments.due"), number=all(map(_is_once, entries))),
            *(Column(language.say(head)) for head in heads),
        ),
        tuple(_row(entry, amounts, told) for entry in entries),
        (language.say("payments.note"),),
    )


def _amounts(entry: Mapping[str, Any]) -> tuple[float | None, ...]:
    found = estimate(entry, _AMOUNT)
    ends = (found.value, found.p5, found.p50, found.p95) if found else ()
    return (*ends, number(entry, _MOST))


def _row(entry: Mapping[str, Any], amounts: Amounts, told: Told) -> Line:
    language, names = told.language, told.names
    most = number(entry, _MOST)
    who = language.say(
        "payments.from_to",
        payer=language.join([names.inside(payer) for payer in entry["payers"]]),
        payee=names.inside(entry["payee"]),
    )
    return Line(
        (
            names.payment(entry["payment"]),
            capitalised(who),
            _due(entry, told),
            *amounts.cells(estimate(entry, _AMOUNT)),
            amounts.text(most) if most is not None else NOTHING,
        )
    )


def _is_once(entry: Mapping[str, Any]) -> bool:
    """Whether there is a single day, which is kept in one line."""
    return bool(entry["claims"] == 1 or entry["first_due"] == entry["last_due"])


def _due(entry: Mapping[str, Any], told: Told) -> str:
    """The day, or how often from which day to which."""
    first, last = str(entry["first_due"]), str(entry["last_due"])
    if _is_once(entry):
        return last
    return told.language.say("payments.times", count=entry["claims"], first=first, last=last)
