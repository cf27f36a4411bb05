"""How a run came to be as precise as was asked: for the command line and for reports."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.scenario.model import Scenario
from simulator.views.deciding import Deciding, kind_of
from simulator.views.lines import wrap
from simulator.views.numbers import NOTHING, Lang

MOST = 10**12
"""Futures that a run may have."""

Data = Mapping[str, Any]


def convergence_lines(data: Data, scenario: Scenario, lang: Lang) -> list[str]:
    """What `socsim run --target-se` says: each target, and how its figure settled."""
    deciding = Deciding.of(scenario, lang)
    lines = ["", *(line for text in target_sentences(data, deciding) for line in wrap(text))]
    for way in ways(data, deciding):
        widths = [max(map(len, column)) for column in zip(*way.rows, strict=True)]
        lines += ["", way.caption]
        lines += [
            "  " + "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
            for row in way.rows
        ]
    return lines


def target_sentences(data: Data, deciding: Deciding) -> list[str]:
    """Each target: how precise the figure is, and what was asked."""
    return [
        _sentence("reached" if target["reached"] else "missed", target, data, deciding)
        for target in data["targets"]
    ]


def unreached(data: Data, scenario: Scenario, lang: Lang, *, goes_on: bool = True) -> list[str]:
    """What was not reached, and how many futures it would take.

    `goes_on`: a longer run can go on from what is stored.
    """
    deciding = Deciding.of(scenario, lang)
    missed = [target for target in data["targets"] if not target["reached"]]
    lines = [_sentence("missed", target, data, deciding) for target in missed]
    needed = [target["paths_needed"] for target in missed]
    if all(needed):
        more = _round_up(max(needed))
        key = "enough.beyond" if more > MOST else "enough.more" if goes_on else "enough.anew"
        lines.append(deciding.language.say(key, paths=str(more)))
    lines.append(deciding.language.say("enough.folder"))
    return lines


def _sentence(key: str, target: Data, data: Data, deciding: Deciding) -> str:
    language, figure = deciding.language, target["figure"]
    needed = target["paths_needed"]
    if key == "missed" and needed is None:
        key = "missed.unknown"
    return language.say(
        f"enough.{key}",
        figure=deciding.figure(figure),
        paths=language.decimal(data["paths"]),
        error=_error(figure, target["standard_error"], deciding),
        asked=(
            language.stated_percent(target["size"])
            if target["relative"]
            else _error(figure, target["size"], deciding)
        ),
        needed=language.decimal(_round_up(needed)) if needed else "",
    )


def _round_up(number: int) -> int:
    """Up, to two figures."""
    unit = int(10 ** max(len(str(number)) - 2, 0))
    return -(-number // unit) * unit


@dataclass(frozen=True)
class Way:
    """How one figure settled, as a table of text: the first row is the heading."""

    caption: str
    rows: tuple[tuple[str, str, str], ...]


def ways(data: Data, deciding: Deciding) -> Iterator[Way]:
    """For each figure its estimate and standard error as the futures doubled."""
    language = deciding.language
    heads = (language.say(f"enough.column.{name}") for name in ("paths", "estimate", "error"))
    first, second, third = heads
    for way in data["convergence"]:
        figure = way["figure"]
        rows = (
            (
                language.decimal(at["paths"]),
                _estimate(figure, at["estimate"], at["standard_error"], deciding),
                _error(figure, at["standard_error"], deciding),
            )
            for at in way["at"]
        )
        caption = language.say("enough.table", figure=deciding.figure(figure))
        yield Way(caption, ((first, second, third), *rows))


def _is_share(figure: str) -> bool:
    return kind_of(figure) in ("chance", "rate")


def _digits(size: float) -> int:
    """Decimals that show two figures of a size."""
    return min(max(1 - math.floor(math.log10(size)), 0), 8) if size > 0 else 0


def _estimate(figure: str, value: float, error: float | None, deciding: Deciding) -> str:
    """As many decimals as its error has; money in whole units."""
    if error is None:
        return deciding.amount(figure, value)
    if _is_share(figure):
        return deciding.language.percent(value, _digits(100 * error))
    text = deciding.language.decimal(value, _digits(error))
    return f"{text} {_unit(figure, deciding)}".rstrip()


def _error(figure: str, error: float | None, deciding: Deciding) -> str:
    """Two figures, in percentage points where the figure is a share."""
    if error is None:
        return NOTHING
    language = deciding.language
    if _is_share(figure):
        points = language.decimal(100 * error, _digits(100 * error))
        return language.say("unit.points.short", points=points)
    return f"{language.decimal(error, _digits(error))} {_unit(figure, deciding)}".rstrip()


def _unit(figure: str, deciding: Deciding) -> str:
    return deciding.language.currency if kind_of(figure) == "money" else ""
