"""Who gets what by class of capital, by outcome payer and by guarantee, where there are several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.views.amounts import Amounts
from simulator.views.numbers import NOTHING
from simulator.views.read import estimate
from simulator.views.report.parts import Column, Line, Table
from simulator.views.report.source import Told
from simulator.views.words.names import Names, capitalised


def stake_tables(summary: Mapping[str, Any], names: Names) -> list[Table]:
    """A table for classes, payers and guarantees each, where there is more than one."""
    found = []
    for key, make in (
        ("investors", classes_table),
        ("outcome_payers", payers_table),
    ):
        entries = summary.get(key) or []
        if len(entries) > 1:
            found.append(make(entries, names))
    guarantees = (summary.get("guarantor") or {}).get("guarantees") or []
    if len(guarantees) > 1:
        found.append(guarantees_table(guarantees, names))
    return found


def classes_table(entries: list[Any], names: Names) -> Table:
    """What each class provides and gets back, and how often it loses."""
    language = names.language
    money = ("drawn", "received", "expected_profit")
    amounts = Amounts.of(language, _values(entries, money))
    rows = [
        Line(
            (
                _party(entry, names),
                language.say(f"classes.kind.{entry['kind'].replace(' ', '_')}"),
                _order(str(entry["name"]), names),
                *(amounts.text(_value(entry, key)) for key in money),
                *(
                    NOTHING if entry["kind"] == "grant" else _percent(entry, key, names)
                    for key in ("loss_probability", "median_irr")
                ),
            )
        )
        for entry in entries
    ]
    titles = ("drawn", "received", "profit", "loss", "irr")
    return Table(
        language.say("classes.table", unit=amounts.unit),
        (
            Column(language.say("classes.class"), number=False),
            Column(language.say("classes.kind"), number=False),
            Column(language.say("classes.order.column"), number=False),
            *(Column(language.say(f"classes.{title}")) for title in titles),
        ),
        tuple(rows),
        (language.say("classes.note"),),
    )


def _order(name: str, names: Names) -> str:
    """When a class is repaid; the last of several ranks bears the first loss."""
    classes = names.scenario.capital.classes if names.scenario.capital else {}
    ranks = sorted({entry.rank for entry in classes.values() if entry.kind != "grant"})
    if name not in classes or classes[name].kind == "grant":
        return names.say("classes.order.none")
    rank = classes[name].rank
    if len(ranks) > 1 and rank == ranks[-1]:
        return names.say("classes.order.last", place=ranks.index(rank) + 1)
    return names.language.decimal(ranks.index(rank) + 1)


def payer_sentences(told: Told) -> list[str]:
    """Where several pay: of whom the report speaks, and where the others' parts stand."""
    names = [str(entry["name"]) for entry in told.summary.get("outcome_payers") or []]
    others = [told.names.inside(name) for name in names if name != "outcome_payer"]
    if "outcome_payer" not in names or not others:
        return []
    values = {
        "payer": told.names.inside("outcome_payer"),
        "others": told.language.join(others),
    }
    return [told.language.say("report.one_of_several", **values)]


def payers_table(entries: list[Any], names: Names) -> Table:
    """What each payer saves, pays, pays at most, and is left with."""
    language = names.language
    money = ("gross_savings", "total_payments", "net_budget_effect")
    most = [entry["maximum_payment"]["amount"] for entry in entries]
    amounts = Amounts.of(language, [*_values(entries, money), *(m for m in most if m is not None)])
    rows = [
        Line(
            (
                _party(entry, names),
                amounts.text(_value(entry, "gross_savings")),
                amounts.text(_value(entry, "total_payments")),
                amounts.text(highest),
                amounts.text(_value(entry, "net_budget_effect")),
                _percent(entry, "probability_positive", names),
            )
        )
        for entry, highest in zip(entries, most, strict=True)
    ]
    titles = ("saved", "paid", "most", "net", "positive")
    return Table(
        language.say("payers.table", unit=amounts.unit),
        (
            Column(language.say("payers.payer"), number=False),
            *(Column(language.say(f"payers.{title}")) for title in titles),
        ),
        tuple(rows),
        (language.say("payers.note"),),
    )


def guarantees_table(entries: list[Any], names: Names) -> Table:
    """What each guarantee pays on the loss that those before it have left."""
    language = names.language
    amounts = Amounts.of(language, _values(entries, ("expected_payout",)))
    rows = [
        Line(
            (
                capitalised(names.guarantee(str(entry["name"]))),
                names.party(str(entry["guarantor"])),
                amounts.text(_value(entry, "expected_payout")),
                _percent(entry, "call_probability", names),
            )
        )
        for entry in entries
    ]
    return Table(
        language.say("guarantees.table", unit=amounts.unit),
        (
            Column(language.say("guarantees.guarantee"), number=False),
            Column(language.say("guarantees.guarantor"), number=False),
            Column(language.say("guarantees.payout")),
            Column(language.say("guarantees.called")),
        ),
        tuple(rows),
    )


def _party(entry: Mapping[str, Any], names: Names) -> str:
    return names.language.title(entry["title"], "") if entry.get("title") else str(entry["name"])


def _value(entry: Mapping[str, Any], key: str) -> float | None:
    found = estimate(entry, key)
    return found.value if found else None


def _values(entries: list[Any], keys: tuple[str, ...]) -> list[float]:
    return [v for entry in entries for key in keys if (v := _value(entry, key)) is not None]


def _percent(entry: Mapping[str, Any], key: str, names: Names) -> str:
    value = _value(entry, key)
    return "–" if value is None else names.language.percent(value)
