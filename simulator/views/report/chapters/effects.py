"""What the programme does to each outcome, what one more costs, and what the money gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.views import numbers
from simulator.views.numbers import NOTHING
from simulator.views.read import estimate
from simulator.views.report.parts import Column, Line, Table, range_columns
from simulator.views.words.names import Names


def effects_table(outcomes: list[Any], names: Names) -> Table:
    """Every outcome with its effect, what one more costs and what a krona gives."""
    language = names.language
    return Table(
        language.say("outcomes.effects"),
        (
            Column(language.say("column.outcome"), number=False),
            Column(language.say("outcomes.n")),
            *range_columns(language, "outcomes.effect"),
            Column(language.say("outcomes.cost")),
            Column(language.say("outcomes.per_krona")),
        ),
        tuple(_effect_row(entry, names) for entry in outcomes),
        (language.say("outcomes.effects.note", coin=_coin(names)),),
    )


def is_money(entry: Mapping[str, Any], names: Names) -> bool:
    """Whether the outcome is an amount of money."""
    metric = names.scenario.metrics.get(str(entry["metric"]))
    return metric is not None and names.unit_of_metric(metric) == "money"


def per_krona(entry: Mapping[str, Any], names: Names) -> str:
    """`0.82 for each SEK million`, of money `0.04 for each krona`; a dash without a cost."""
    found, language = estimate(entry, "effect_per_krona"), names.language
    if found is None:
        return NOTHING
    if is_money(entry, names):
        value = language.decimal(found.value, 2)
        return language.say("outcomes.per", value=value, of=_coin(names))
    each = 1e6 * found.value
    million = numbers.one_million(language.currency, language.lang)
    text = language.decimal(each, _decimals(each))
    return language.say("outcomes.per", value=text, of=million)


def _coin(names: Names) -> str:
    """One unit of the scenario's currency."""
    return numbers.coin(names.language.currency, names.language.lang)


def _decimals(value: float) -> int:
    """Enough for two figures of a small number, and no more than one of a large one."""
    size = abs(value)
    return next((k for k, least in enumerate((100.0, 10.0, 0.1, 0.01)) if size >= least), 4)


def _effect_row(entry: Mapping[str, Any], names: Names) -> Line:
    language = names.language
    money = is_money(entry, names)
    true = estimate(entry, "true_effect")
    cost = estimate(entry, "cost_per_additional_outcome")

    def write(value: float | None) -> str:
        if value is None:
            return NOTHING
        return language.money(value) if money else language.decimal(value, 1)

    values = (true.value, true.p5, true.p50, true.p95) if true else (None,) * 4
    return Line(
        (
            language.title(entry.get("title"), str(entry["metric"])),
            language.decimal(entry.get("n")),
            *(write(v) for v in values),
            language.money(cost.value) if cost and cost.value > 0 else NOTHING,
            per_krona(entry, names),
        )
    )
