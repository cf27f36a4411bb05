"""Does the order of designs hold where something is assumed otherwise? Tables and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from simulator.views.fund_orders import orders, writer
from simulator.views.fund_tables import Row, Said
from simulator.views.numbers import NOTHING, SPACE
from simulator.views.read import Estimate, as_estimate
from simulator.views.report.parts import Column, Line, Table

FIGURES = (
    ("additional_contracts", "count"),
    ("additional_outcomes_per_public_krona", "per_million"),
    ("public_budgets_per_additional_outcome", "each"),
)
"""What is shown by trial, and how `Said` writes it."""
_TOLD = 3
"""Pairs that turn round are told one by one up to so many."""


def trial_tables(
    result: Row, said: Said, *, most: int = 99, figures: int = len(FIGURES)
) -> Iterator[Table]:
    """A table for each figure: designs by trial, at most so many trials in each."""
    for figure, write in FIGURES[:figures]:
        for some in _parts(result.get("robustness", ()), most):
            yield _trial_table(result, said, (figure, write), some)


def _parts(rows: Sequence[Row], most: int) -> Iterator[Sequence[Row]]:
    """Rows in parts of about the same length, none above `most`."""
    if not rows:
        return
    parts = -(-len(rows) // most)
    length = -(-len(rows) // parts)
    for first in range(0, len(rows), length):
        yield rows[first : first + length]


def _trial_table(result: Row, said: Said, figure: tuple[str, str], trials: Sequence[Row]) -> Table:
    say = said.language.say
    key, write = figure
    rows = []
    by_trial = [{row["name"]: row for row in trial["designs"]} for trial in trials]
    for design in result["designs"][1:]:
        found = [design, *(rows.get(design["name"], {}) for rows in by_trial)]
        cells = tuple(getattr(said, write)(row, key) for row in found)
        if any(cell != NOTHING for cell in cells):
            rows.append(Line((said.names[design["name"]], *cells)))
    heads = (
        Column(say("fund.column.design"), number=False),
        Column(say("fund.column.assumed")),
        *(Column(said.trials[trial["name"]]) for trial in trials),
    )
    caption = say(f"fund.table.trials.{key}", small=said.small.unit)
    paths = said.language.decimal(trials[0]["paths"])
    return Table(caption, heads, tuple(rows), (say("fund.note.trials", paths=paths),))


# --- does the order hold? -------------------------------------------------------------------------


def held_table(result: Row, said: Said) -> Table | None:
    """By trial and figure how many settled pairs hold, are open, are turned: `33 / 1 / 0`."""
    trials = result.get("robustness", ())
    if not trials:
        return None
    say, figures = said.language.say, _figures(trials)
    rows = tuple(
        Line(
            (
                said.trials[trial["name"]],
                *(_held(_order_of(trial, figure), said) for figure in figures),
            )
        )
        for trial in trials
    )
    heads = (
        Column(say("fund.column.trial"), number=False),
        *(Column(say(f"fund.column.figure.{figure}")) for figure in figures),
    )
    return Table(say("fund.table.held"), heads, rows, (say("fund.note.held"),))


def _held(row: Row | None, said: Said) -> str:
    if row is None:
        return NOTHING
    counts = (row["held"], row["open"], len(row["turned"]))
    return "/".join(said.language.decimal(count) for count in counts)


def _figures(trials: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(row["figure"] for trial in trials for row in trial["orders"]))


def _order_of(trial: Row, figure: str) -> Row | None:
    return next((row for row in trial["orders"] if row["figure"] == figure), None)


def held_in_words(result: Row, said: Said) -> list[str]:
    """A paragraph for each figure: who stays first, which settled pairs turn round, and where."""
    trials = result.get("robustness", ())
    before = {order.figure: order.names[0] for order in orders(result)}
    return [
        " ".join(_in_words(figure, before[figure], trials, said))
        for figure in _figures(trials)
        if figure in before
    ]


def _in_words(figure: str, first: str, trials: Sequence[Row], said: Said) -> Iterator[str]:
    say = said.language.say
    rows = [(trial, row) for trial in trials if (row := _order_of(trial, figure)) is not None]
    same = sum(row["first"] == first for _, row in rows)
    yield say(
        "fund.held.first",
        figure=say(f"fund.figure.{figure}"),
        name=said.names[first],
        same=said.language.decimal(same),
        trials=said.language.decimal(len(rows)),
    )
    for trial, row in rows:
        if row["first"] != first:
            key = "fund.held.other" if row["lead"] else "fund.held.other_unsettled"
            yield say(key, trial=said.trials[trial["name"]], name=said.names[row["first"]])
    turned = [(trial, pair) for trial, row in rows for pair in row["turned"]]
    turned.sort(key=lambda entry: -entry[1]["difference"]["estimate"])
    if not turned:
        yield say("fund.held.none")
        return
    told = "; ".join(_turned(trial, pair, said) for trial, pair in turned[:_TOLD])
    key = "fund.held.turned" if len(turned) <= _TOLD else "fund.held.turned_most"
    yield say(key, count=said.language.decimal(len(turned)), pairs=told)


def _turned(trial: Row, pair: Mapping[str, Any], said: Said) -> str:
    language, gap = said.language, as_estimate(pair["difference"])
    assert gap is not None
    return language.say(
        "fund.held.pair",
        first=said.names[pair["better"]],
        second=said.names[pair["worse"]],
        trial=said.trials[trial["name"]],
        **_by_how_much(pair["figure"], gap, said),
    )


def _by_how_much(figure: str, gap: Estimate, said: Said) -> dict[str, str]:
    """A difference and its interval: money with its unit at each number, else the unit once."""
    language = said.language
    if figure == "society":
        money = language.money
        return {
            "difference": money(gap.value),
            "interval": language.span(money(gap.low), money(gap.high)),
        }
    write = writer(figure, said)
    unit = language.say(f"fund.unit.{figure}")
    interval = language.span(write(gap.low), write(gap.high))
    return {"difference": f"{write(gap.value)}{SPACE}{unit}", "interval": interval}


def trials_in_words(result: Row, said: Said) -> list[tuple[str, str]]:
    """Each trial's short name and what is assumed: `effort: Cover does nothing to effort`."""
    language = said.language
    return [
        (trial["name"], language.title(trial["title"], trial["name"]))
        for trial in result.get("robustness", ())
    ]
