"""What was asked of rare futures, where it lies beside a run: one row for each question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.views.deciding import Deciding, kind_of
from simulator.views.rare import event_of, is_money, number_of, told_whole
from simulator.views.report.source import Told
from simulator.views.workbook.sheet import Cell, Grid, Head, Row, Sheet, Unit

Data = Mapping[str, Any]
_UNITS: dict[str, Unit] = {
    "money": "money",
    "chance": "share",
    "rate": "rate",
    "multiple": "multiple",
}


def rare_sheet(told: Told) -> Sheet:
    """The questions in the order asked, and the numbers that come together in each."""
    asked, say = told.run.analyses["rare"]["rare"], told.language.say
    deciding = Deciding(told.names)
    return Sheet(
        "rare",
        say("workbook.sheet.rare"),
        say("rare.title"),
        (say("rare.what"), *(told_whole(data, deciding) for data in asked)),
        (_answers(asked, deciding), _reliance(asked, deciding), *_moves(asked, deciding)),
    )


def _answers(asked: list[Data], deciding: Deciding) -> Grid:
    say = deciding.language.say
    heads = (
        Head(say("rare.column.asked")),
        Head(say("workbook.solve.key")),
        Head(say("rare.column.threshold"), "row"),
        *(_chance(say(f"rare.column.{name}")) for name in ("chance", "error", "low", "high")),
        _chance(say("rare.column.at_most")),
        Head(say("rare.column.one_in"), "count"),
        *(Head(say(f"rare.column.{name}"), "row") for name in ("mean", "mean_error")),
    )
    rows = tuple(Row(_answer(data, deciding), _unit(data["figure"], deciding)) for data in asked)
    return Grid(heads, rows)


def _reliance(asked: list[Data], deciding: Deciding) -> Grid:
    """What each answer rests on, what was gained, and what plain futures say."""
    say = deciding.language.say
    heads = (
        Head(say("rare.column.asked")),
        *(Head(say(f"rare.column.{name}"), "count") for name in ("paths", "beyond", "effective")),
        *(Head(say(f"rare.column.{name}"), "number") for name in ("gain", "gain_low", "gain_high")),
        Head(say("rare.column.plain_beyond"), "count"),
        _chance(say("rare.column.plain")),
        Head(say("rare.column.apart"), "number"),
        Head(say("rare.column.check")),
    )
    rows = tuple(Row(_support(data, deciding)) for data in asked)
    return Grid(heads, rows, say("rare.reliance.table"))


def _chance(title: str) -> Head:
    return Head(title, "chance", precise=True)


def _unit(figure: str, deciding: Deciding) -> Unit:
    return "money" if is_money(figure, deciding) else _UNITS.get(kind_of(figure), "number")


def _answer(data: Data, deciding: Deciding) -> tuple[Cell, ...]:
    chance, mean = data["probability"] or {}, data["mean_beyond"] or {}
    estimate = chance.get("estimate")
    return (
        event_of(data, deciding),
        data["figure"],
        data["threshold"],
        *(chance.get(part) for part in ("estimate", "standard_error", "low", "high")),
        data["at_most"],
        1.0 / estimate if estimate else None,
        *(mean.get(part) for part in ("estimate", "standard_error")),
    )


def _support(data: Data, deciding: Deciding) -> tuple[Cell, ...]:
    gain, check = data["gain"] or {}, data["check"]
    return (
        event_of(data, deciding),
        data["paths"],
        data["beyond"],
        data["effective_paths"],
        *(gain.get(part) for part in ("ratio", "low", "high")),
        check["beyond"],
        check["probability"],
        check["z"],
        deciding.language.say(f"rare.agrees.{check['agrees'].replace(' ', '_')}"),
    )


def _moves(asked: list[Data], deciding: Deciding) -> tuple[Grid, ...]:
    """By how much each number was moved, the most first; nothing where it is luck."""
    say = deciding.language.say
    rows = tuple(
        Row((event_of(data, deciding), number_of(move["name"], deciding), move["name"], move["by"]))
        for data in asked
        for move in sorted(data["moves"], key=lambda move: -abs(move["by"]))
    )
    heads = (
        Head(say("rare.column.asked")),
        Head(say("rare.column.number")),
        Head(say("workbook.solve.key")),
        Head(say("rare.column.by"), "number"),
    )
    return (Grid(heads, rows, say("rare.moves.table")),) if rows else ()
