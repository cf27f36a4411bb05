"""The fund's page: in which order the designs come, and whether that holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.views.fund_orders import is_same, order_in_words, orders, writer
from simulator.views.fund_robustness import (
    held_in_words,
    held_table,
    trial_tables,
    trials_in_words,
)
from simulator.views.fund_tables import Said
from simulator.views.numbers import NOTHING
from simulator.views.read import as_estimate
from simulator.views.report.parts import Bullets, Column, Line, Prose, Section, Table

Row = Mapping[str, Any]


def ranking_section(data: Row, said: Said) -> Section:
    """Designs in order of each figure, with a warning where the order is not settled."""
    say = said.language.say
    sentences = [" ".join(order_in_words(order, said)) for order in orders(data)]
    title = say("fund.section.ranking")
    return Section("ranking", title, (say("fund.ranking.intro"), *sentences), ())


def robustness_section(data: Row, said: Said) -> Section | None:
    """Whether the order holds where something is assumed otherwise; None where nothing is tried."""
    held = held_table(data, said)
    if held is None:
        return None
    say = said.language.say
    paths = said.language.decimal(data["robustness"][0]["paths"])
    intro = say("fund.robustness.intro", paths=paths)
    tried = tuple(f"{said.trials[name]}: {title}" for name, title in trials_in_words(data, said))
    words = held_in_words(data, said)
    return Section(
        "robustness",
        say("fund.section.robustness"),
        (intro,),
        (Bullets(tried), held, Prose(tuple(words)), *trial_tables(data, said)),
    )


def _decided(row: Row) -> str:
    if is_same(row["difference"]):
        return "same"
    return "yes" if row["decided"] else "no"


def pairs_table(data: Row, said: Said) -> Table:
    """Neighbours of each order: the difference on the same paths, and whether it is settled."""
    language = said.language
    rows: list[Line] = []
    for place, row in enumerate(data["rankings"]):
        if not place or row["figure"] != data["rankings"][place - 1]["figure"]:
            title = language.say(f"fund.figure.{row['figure']}")
            rows.append(Line((title, "", "", "", ""), "group"))
        gap = as_estimate(row["difference"])
        write = writer(row["figure"], said)
        rows.append(
            Line(
                (
                    said.names[row["better"]],
                    said.names[row["worse"]],
                    write(gap.value if gap else None),
                    language.span(write(gap.low), write(gap.high)) if gap else NOTHING,
                    language.say(f"fund.decided.{_decided(row)}"),
                )
            )
        )
    heads = ("ahead", "behind", "difference", "interval", "decided")
    columns = tuple(
        Column(language.say(f"fund.column.{head}"), number=head in ("difference", "interval"))
        for head in heads
    )
    caption = language.say("fund.table.ranking", unit=said.amounts.unit)
    return Table(caption, columns, tuple(rows), (language.say("fund.note.ranking"),))
