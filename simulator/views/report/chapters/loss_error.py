"""How much of the investor's loss is settlement error, before anything is guaranteed."""

from __future__ import annotations

from typing import Any

from simulator.views.amounts import Amounts
from simulator.views.headline import has_capital
from simulator.views.numbers import NOTHING
from simulator.views.read import Estimate, estimate, find
from simulator.views.report.parts import Column, Line, Table
from simulator.views.report.source import Told

_ROOM = "investor.before_protection"
_NOTHING = 0.005
"""Half the smallest unit of a currency."""


def loss_error_sentences(told: Told) -> list[str]:
    """What settlement error adds to the loss, or takes off it; why that is not known, if so.

    Nothing without private capital, or where nothing is lost either way.
    """
    why = find(told.summary, f"{_ROOM}.settlement_error_not_apart")
    if not has_capital(told.summary) or why is None:
        return []
    if why:
        reasons = told.language.join([told.language.say(f"loss_error.why.{word}") for word in why])
        return [told.language.say("loss_error.not_apart", reasons=reasons)]
    found = _found(told)
    if found is None:
        return []
    seen, ideal, added = (found[key] for key in ("seen", "ideal", "added"))
    if max(seen.value, ideal.value) <= _NOTHING:
        return []
    return [told.language.say(f"loss_error.{_case(seen, ideal, added)}", **_values(told, found))]


def loss_error_table(told: Told) -> Table | None:
    """The loss as paid, on the expected effect, and the difference; None where that is unknown."""
    found = _found(told)
    if found is None or max(found["seen"].value, found["ideal"].value) <= _NOTHING:
        return None
    language = told.language
    seen, ideal = found["seen"], found["ideal"]
    amounts = Amounts.of(language, [seen.value, seen.p95, ideal.value, ideal.p95])
    chances = [found[f"{key}_chance"].value for key in ("seen", "ideal")]
    money = [(seen.value, ideal.value), (seen.p95, ideal.p95)]
    rows = [
        (language.say(f"loss_error.row.{key}"), amounts.text(one), amounts.text(other))
        for key, (one, other) in zip(("expected", "bad"), money, strict=True)
    ]
    added = (amounts.text(found["added"].value), NOTHING)
    lines = [Line((*row, more)) for row, more in zip(rows, added, strict=True)]
    lines.append(
        Line(
            (
                language.say("loss_error.row.chance"),
                *(language.percent(chance) for chance in chances),
                _points(found["added_chance"].value, told),
            )
        )
    )
    heads = ("paid", "ideal", "added")
    return Table(
        language.say(f"loss_error.table{_guaranteed(told)}", unit=amounts.unit),
        (
            Column(language.say("column.figure"), number=False),
            *(Column(language.say(f"loss_error.column.{head}")) for head in heads),
        ),
        tuple(lines),
        (language.say("loss_error.note"),),
    )


def _found(told: Told) -> dict[str, Estimate] | None:
    """Loss and chance of it, as paid and on the expected effect, and what the error adds."""
    keys = {
        "seen": "expected_loss",
        "seen_chance": "loss_probability",
        "ideal": "expected_loss_on_expected_effect",
        "ideal_chance": "loss_probability_on_expected_effect",
        "added": "expected_loss_from_settlement_error",
        "added_chance": "loss_probability_from_settlement_error",
    }
    found = {name: estimate(told.summary, f"{_ROOM}.{key}") for name, key in keys.items()}
    known = {name: each for name, each in found.items() if each is not None}
    return known if len(known) == len(keys) else None


def _case(seen: Estimate, ideal: Estimate, added: Estimate) -> str:
    """Which sentence fits: decided by the interval of the paired difference."""
    if added.value == 0.0 and added.low in (0.0, None) and added.high in (0.0, None):
        return "nothing"
    if added.low is None or added.high is None or added.low <= 0.0 <= added.high:
        return "open"
    if added.value < 0.0:
        return "lowers" if seen.value > _NOTHING else "lowers.all"
    return "raises" if ideal.value > _NOTHING else "raises.all"


def _values(told: Told, found: dict[str, Estimate]) -> dict[str, Any]:
    language, seen, added = told.language, found["seen"], found["added"]
    share = added.value / seen.value if seen.value > 0.0 else 0.0
    return {
        "before": language.say(f"loss_error.before{_guaranteed(told)}"),
        "seen": language.money(seen.value),
        "ideal": language.money(found["ideal"].value),
        "added": language.money(abs(added.value)),
        "share": language.percent(share, 0),
        "seen_chance": language.percent(found["seen_chance"].value),
        "ideal_chance": language.percent(found["ideal_chance"].value),
    }


def _points(value: float, told: Told) -> str:
    points = told.language.decimal(100 * value, 1, sign=True)
    return told.language.say("unit.points.short", points=points)


def _guaranteed(told: Told) -> str:
    """The ending of keys that say `before guarantees`, where there is any."""
    return ".guaranteed" if told.scenario.guarantees else ".plain"
