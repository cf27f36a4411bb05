"""The headline figures, for terminal and report alike: estimate, error, range of outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from simulator.views.amounts import Amounts
from simulator.views.language import Language
from simulator.views.read import Estimate, estimate, find

Kind = Literal["money", "multiple", "rate", "chance"]


@dataclass(frozen=True)
class Row:
    """One figure as text: `error` is the Monte Carlo error, `spread` 5, 50, 95 % of outcomes."""

    key: str
    label: str
    figure: str
    error: str
    spread: tuple[str, str, str]


@dataclass(frozen=True)
class Group:
    """The figures of one party."""

    title: str
    rows: tuple[Row, ...]


_FIGURES: dict[str, tuple[tuple[str, Kind], ...]] = {
    "investor": (
        ("investor.drawn", "money"),
        ("investor.expected_multiple", "multiple"),
        ("investor.irr_of_expected_cash_flow", "rate"),
        ("investor.median_irr", "rate"),
        ("investor.undefined_irr_share", "chance"),
        ("investor.multiple_root_share", "chance"),
        ("investor.expected_profit", "money"),
        ("investor.net_present_value", "money"),
        ("investor.loss_probability", "chance"),
        ("investor.loss_over_half_probability", "chance"),
        ("investor.total_loss_probability", "chance"),
        ("investor.expected_loss", "money"),
        ("investor.expected_shortfall_95", "money"),
    ),
    "municipality": (
        ("municipality.gross_savings", "money"),
        ("municipality.activity_payments", "money"),
        ("municipality.outcome_payments", "money"),
        ("municipality.total_payments", "money"),
        ("municipality.net_budget_effect", "money"),
        ("municipality.net_budget_effect_cashable", "money"),
        ("municipality.net_budget_effect_present_value", "money"),
        ("municipality.probability_positive", "chance"),
        ("municipality.probability_negative", "chance"),
    ),
    "guarantor": (
        ("guarantor.expected_payout", "money"),
        ("guarantor.call_probability", "chance"),
    ),
    "society": (
        ("society.net_present_value", "money"),
        ("society.benefit_cost_ratio", "multiple"),
    ),
}


_OF_AN_EVENT: tuple[tuple[str, Kind], ...] = (
    ("probability", "chance"),
    ("investor_profit", "money"),
    ("municipality_net", "money"),
)
_OF_A_CLASS: tuple[tuple[str, Kind], ...] = (
    ("drawn", "money"),
    ("expected_profit", "money"),
    ("loss_probability", "chance"),
)
# Shown only where they warn of something: returns that do not exist, or are not the only ones.
_WARNINGS = frozenset(("investor.undefined_irr_share", "investor.multiple_root_share"))
# Without a budget of its own the outcome payer has no saving to count.
_OF_SAVINGS = frozenset(("municipality.gross_savings", "municipality.net_budget_effect_cashable"))


_BY_WORD: tuple[tuple[str, Kind], ...] = (
    ("probability", "chance"),
    ("share", "chance"),
    ("irr", "rate"),
    ("multiple", "multiple"),
    ("ratio", "multiple"),
    ("cost", "money"),
    ("target", "multiple"),
)


def headline_keys() -> frozenset[str]:
    """The names of the figures that are shown first."""
    return frozenset(key for figures in _FIGURES.values() for key, _ in figures)


def kind_of_figure(name: str) -> Kind:
    """How a figure of the summary is written, by its dotted name."""
    known = {key: kind for figures in _FIGURES.values() for key, kind in figures}
    if name in known:
        return known[name]
    last = name.rsplit(".", 1)[-1]
    counted: Kind = "multiple" if name.split(".")[0] in ("outcomes", "measures") else "money"
    return next((kind for word, kind in _BY_WORD if word in last), counted)


def headline_groups(summary: Mapping[str, Any], language: Language) -> tuple[list[Group], Amounts]:
    """Every headline figure that exists, by party, and the unit of all amounts among them."""
    money = [
        found
        for figures in _FIGURES.values()
        for key, kind in figures
        if kind == "money" and (found := _shown(summary, key)) is not None
    ]
    money += [
        found
        for entry in _events(summary)
        for key, kind in _OF_AN_EVENT
        if kind == "money" and (found := estimate(entry, key)) is not None
    ]
    amounts = Amounts.for_headline(language, [v for f in money for v in (f.value, f.p5, f.p95)])
    groups = []
    for party, figures in _FIGURES.items():
        if party == "investor" and not has_capital(summary):
            continue
        rows = [_row(summary, key, kind, amounts) for key, kind in figures]
        kept = tuple(row for row in rows if row is not None)
        if kept:
            groups.append(Group(language.say(f"group.{party}"), kept))
    told = tuple(row for entry in _events(summary) for row in _event_rows(entry, amounts))
    return [*groups, *([Group(language.say("group.events"), told)] if told else [])], amounts


def _events(summary: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return find(summary, "events") or []


def _event_rows(entry: Mapping[str, Any], amounts: Amounts) -> list[Row]:
    """How often an event happens, and what it leaves the investor and the municipality then."""
    language = amounts.language
    name = str(entry["event"])
    title = language.title(entry.get("title"), name)
    rows = []
    for key, kind in _OF_AN_EVENT:
        found = estimate(entry, key)
        if found is not None:
            label = language.say(f"figure.event.{key}", event=title)
            texts = _write(found.value, kind, amounts), _error(found, kind, amounts)
            rows.append(Row(f"events.{name}.{key}", label, *texts, ("", "", "")))
    return rows


def class_group(summary: Mapping[str, Any], amounts: Amounts) -> list[Group]:
    """What each class of capital provides, earns and risks; nothing where there are no classes."""
    entries = find(summary, "investors") or []
    rows = [row for entry in entries for row in _class_rows(entry, amounts)]
    return [Group(amounts.language.say("group.classes"), tuple(rows))] if len(entries) > 1 else []


def _class_rows(entry: Mapping[str, Any], amounts: Amounts) -> list[Row]:
    """A grant provides and gets nothing back, so that it neither earns nor risks."""
    language, name = amounts.language, str(entry["name"])
    title = language.title(entry.get("title"), name)
    figures = _OF_A_CLASS[:1] if entry.get("kind") == "grant" else _OF_A_CLASS
    rows = []
    for key, kind in figures:
        label = language.say(f"figure.class.{key}", title=title)
        row = _row_of(estimate(entry, key), f"investors.{name}.{key}", label, kind, amounts)
        rows += [row] if row is not None else []
    return rows


def has_capital(summary: Mapping[str, Any]) -> bool:
    """Whether anybody puts in capital; without it there is no return and no loss to speak of."""
    return estimate(summary, "investor.expected_multiple") is not None


def has_budget(summary: Mapping[str, Any]) -> bool:
    """Whether the outcome payer has a budget in which a saving can show."""
    pockets = find(summary, "municipality.by_pocket")
    return pockets is None or any(pocket["holder"] == "outcome_payer" for pocket in pockets)


def headline_notes(summary: Mapping[str, Any], language: Language) -> tuple[str, ...]:
    """Why figures that a reader looks for are missing."""
    return () if has_budget(summary) else (language.say("headline.no_budget"),)


def _shown(summary: Mapping[str, Any], key: str) -> Estimate | None:
    """The figure, unless it says nothing: no warning, or a saving that nobody could have."""
    found = estimate(summary, key)
    if key in _OF_SAVINGS and not has_budget(summary):
        return None
    return None if found is not None and key in _WARNINGS and found.value == 0 else found


def _row(summary: Mapping[str, Any], key: str, kind: Kind, amounts: Amounts) -> Row | None:
    label = amounts.language.say(f"figure.{key}")
    return _row_of(_shown(summary, key), key, label, kind, amounts)


def _row_of(
    found: Estimate | None, key: str, label: str, kind: Kind, amounts: Amounts
) -> Row | None:
    if found is None:
        return None
    low, middle, high = (
        "" if value is None else _write(value, kind, amounts)
        for value in (found.p5, found.p50, found.p95)
    )
    return Row(
        key,
        label,
        _write(found.value, kind, amounts),
        _error(found, kind, amounts),
        (low, middle, high),
    )


def _write(value: float, kind: Kind, amounts: Amounts) -> str:
    return amounts.text(value) if kind == "money" else write(value, kind, amounts.language)


def write(value: float | None, kind: Kind, language: Language) -> str:
    """A figure by its kind."""
    if kind == "money":
        return language.money(value)
    if kind == "multiple":
        return language.decimal(value, 2)
    return language.percent(value) if kind == "chance" else language.rate(value)


def _error(found: Estimate, kind: Kind, amounts: Amounts) -> str:
    """`± 0.3`: half the 95 % Monte Carlo interval, in the unit of the figure."""
    error, language = found.error, amounts.language
    if error is None:
        return ""
    if kind == "money":
        return f"± {_small(amounts.scaled(error) or 0.0, amounts.digits, language)}"
    if kind == "multiple":
        return f"± {_small(error, 2, language)}"
    return language.say("unit.points.short", points=f"± {_small(error * 100, 1, language)}")


def _small(value: float, digits: int, language: Language) -> str:
    """A small error with at least one digit that is not zero, but never more than two extra."""
    for more in (digits, digits + 1, digits + 2):
        if round(value, more) > 0 or value == 0:
            return language.decimal(value, digits if value == 0 else more)
    return f"<{language.decimal(10.0 ** -(digits + 2), digits + 2)}"
