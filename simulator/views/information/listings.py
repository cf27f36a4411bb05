"""What knowing more is worth, as tables of text: for the terminal, the reports and the workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from simulator.views.amounts import Amounts
from simulator.views.information.known import (
    SURE,
    Data,
    Known,
    change_label,
    is_capped,
    is_seen,
    study_label,
    value_of,
)
from simulator.views.numbers import NOTHING
from simulator.views.words.names import capitalised


@dataclass(frozen=True)
class Listing:
    """A table as text: the first column names the row; `kinds` marks totals."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: int = 0
    notes: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[Literal["", "total"], ...]:
        """One for each row: the last ones may be totals."""
        plain = len(self.rows) - self.totals
        return tuple("" if k < plain else "total" for k in range(len(self.rows)))


def listings(known: Known) -> list[Listing]:
    """Every table: numbers, studies, precision, curves."""
    found = [numbers_listing(known, question) for question in ("sign", "choose")]
    found += [studies_listing(known)]
    found += [
        precision_listing(known, entry, is_first=k == 0)
        for k, entry in enumerate(known.data["precision"])
    ]
    found += [curves_listing(known)]
    return [listing for listing in found if listing is not None]


def ordered(known: Known, question: str) -> list[str]:
    """Numbers that are worth knowing to somebody, from the most that any party gains by one."""
    most: dict[str, float] = {}
    for found in known.decisions(question):
        for entry in found["numbers"]:
            if is_seen(entry, found["perfect"]):
                name = entry["number"]
                most[name] = max(most.get(name, 0.0), entry["estimate"])
    return sorted(most, key=lambda name: -most[name])


def numbers_listing(known: Known, question: str) -> Listing | None:
    """Numbers and groups as rows, parties as columns, each with its standard error."""
    decisions = known.decisions(question)
    if not decisions or not any(found["perfect"]["changes"] for found in decisions):
        return None
    say = known.language.say
    amounts = Amounts.of(known.language, [d["perfect"]["estimate"] for d in decisions])
    shown = ordered(known, question)
    rows = [
        (known.number(name), *_worths(decisions, amounts, lambda d, n=name: _entry(d, n)))
        for name in shown
    ]
    for place, group in enumerate(decisions[0]["groups"]):
        label = " + ".join(known.number(name) for name in group["numbers"])
        rows.append((label, *_worths(decisions, amounts, lambda d, k=place: d["groups"][k])))
    rows.append((say("information.all"), *_worths(decisions, amounts, lambda d: d["perfect"])))
    left = [e["number"] for e in decisions[0]["numbers"] if e["number"] not in shown]
    notes = [say("information.note")] if question == "sign" else []
    if any(is_capped(e, d["perfect"]) for d in decisions for e in (*d["numbers"], *d["groups"])):
        notes.append(say("information.capped"))
    if left and question == "sign":
        listed = "; ".join(known.number(name) for name in left)
        notes.append(say("information.left", numbers=listed))
    return Listing(
        say(f"information.table.{question}", unit=amounts.unit),
        (say("information.number"), *_heads(known, decisions)),
        tuple(rows),
        1,
        tuple(notes),
    )


def _entry(decision: Data, number: str) -> Data:
    found: Data = next(e for e in decision["numbers"] if e["number"] == number)
    return found


def _worths(decisions: Sequence[Data], amounts: Amounts, of: Any) -> list[str]:
    """Value and standard error for each decision."""
    cells: list[str] = []
    for decision in decisions:
        entry = of(decision)
        cells += [
            amounts.text(value_of(entry, decision["perfect"])),
            amounts.text(entry["standard_error"]),
        ]
    return cells


def _heads(known: Known, decisions: Sequence[Data]) -> list[str]:
    error = known.language.say("information.error")
    return [head for found in decisions for head in (known.party(found["party"]), error)]


def studies_listing(known: Known) -> Listing | None:
    """Studies as rows: what each is worth to each party, its cost, and what is left."""
    decisions = known.decisions("sign")
    if not decisions or not decisions[0]["studies"]:
        return None
    say = known.language.say
    every = [s for d in decisions for s in d["studies"]]
    values = [x for s in every for x in (s["estimate"], s["cost"], s["net"])]
    amounts = Amounts.of(known.language, values)
    rows = []
    for place, study in enumerate(decisions[0]["studies"]):
        nets = [d["studies"][place]["net"] for d in decisions]
        rows.append(
            (
                study_label(known, study["study"]),
                *_worths(decisions, amounts, lambda d, k=place: d["studies"][k]),
                NOTHING if study["cost"] is None else amounts.text(study["cost"]),
                *(NOTHING if net is None else amounts.text(net) for net in nets),
            )
        )
    notes = [say("information.studies.note")]
    if any(is_capped(s, d["perfect"]) for d in decisions for s in d["studies"]):
        notes.append(say("information.capped"))
    return Listing(
        say("information.table.studies", unit=amounts.unit),
        (
            say("information.study"),
            *_heads(known, decisions),
            say("information.cost"),
            *(say("information.net", party=known.party(d["party"])) for d in decisions),
        ),
        tuple(rows),
        0,
        tuple(notes),
    )


def precision_listing(known: Known, entry: Data, *, is_first: bool = True) -> Listing:
    """One change inside the contract: each party's mean and worst mean, summing to −cost."""
    say, names = known.language.say, known.deciding.names
    moved = [p for p in entry["parties"] if p["mean_change"]["standard_error"] or _moves(p)]
    parts = ("mean_change", "payments_change", "worst_change", "worst_payments_change")
    amounts = Amounts.of(
        known.language, [p[part]["estimate"] for p in moved for part in parts] + [entry["cost"]]
    )
    blank = ("", "", "", "", "")
    rows = [
        (
            capitalised(names.party(party["party"])),
            amounts.text(party["mean_change"]["estimate"]),
            amounts.text(party["mean_change"]["standard_error"]),
            amounts.text(party["payments_change"]["estimate"]),
            amounts.text(party["worst_change"]["estimate"]),
            amounts.text(party["worst_change"]["standard_error"]),
            amounts.text(party["worst_payments_change"]["estimate"]),
        )
        for party in moved
    ]
    if entry["cost"] is not None and entry["cost_to"] is None:
        rows.append((say("information.unborne"), amounts.text(-entry["cost"]), *blank))
    rows.append((say("information.sum"), amounts.text(entry["total"]), *blank))
    return Listing(
        say("information.table.precision", change=change_label(known, entry), unit=amounts.unit),
        tuple(
            say(f"information.precision.{head}")
            for head in ("party", "mean", "error", "payments", "worst", "error", "payments")
        ),
        tuple(rows),
        1,
        tuple(_precision_notes(known, entry, is_first)),
    )


def _moves(party: Data) -> bool:
    return bool(abs(party["mean_change"]["estimate"]) > 0.5)


def _precision_notes(known: Known, entry: Data, is_first: bool) -> list[str]:
    say, language = known.language.say, known.language
    notes = [say("information.precision.note")] if is_first else []
    real = entry["real"]
    if abs(real["estimate"]) > 0.5 or real["standard_error"] > 0.5:
        sure = abs(real["estimate"]) > SURE * real["standard_error"]
        notes.append(
            say(
                "information.precision.real" if sure else "information.precision.noise",
                value=language.money(real["estimate"], sign=True),
                error=language.money(real["standard_error"]),
            )
        )
    if entry["cost"] is None:
        notes.append(say("information.precision.no_cost"))
    return notes


def letters(options: Sequence[str]) -> dict[str, str]:
    """A letter for each design, in order."""
    return {name: chr(ord("A") + k) for k, name in enumerate(options)}


def curves_listing(known: Known) -> Listing | None:
    """At each price: the best on average, how probably it is the best, what knowing is worth."""
    curves = known.data["acceptability"]
    if curves is None:
        return None
    say, language = known.language.say, known.language
    amounts = Amounts.of(language, [p["perfect"]["estimate"] for p in curves["prices"]])
    called = letters(curves["options"])
    rows = tuple(
        (
            language.money(point["price"]),
            called[point["best"]],
            language.percent(point["frontier"]),
            called[point["most_probable"]],
            amounts.text(max(point["perfect"]["estimate"], 0.0)),
        )
        for point in curves["prices"]
    )
    alike = len({cells[1:] for cells in rows}) == 1
    same = (say("information.curves.same"),) if alike else ()
    heads = ("price", "best", "frontier", "most", "loss")
    legend = "; ".join(f"{letter}: {known.design(name)}" for name, letter in called.items())
    return Listing(
        say(
            "information.table.curves",
            metric=known.deciding.names.metric(curves["metric"]),
            unit=amounts.unit,
        ),
        tuple(say(f"information.curves.{head}") for head in heads),
        rows,
        0,
        (f"{legend}.", *same, say("information.curves.note")),
    )
