"""A scenario updated by interim results, in words for the terminal."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from simulator.scenario.model import Scenario
from simulator.views.lines import aligned, wrap
from simulator.views.numbers import Lang
from simulator.views.speaking import language_of_scenario
from simulator.views.updating_remarks import remarks
from simulator.views.updating_rows import figure_rows, number_rows, seen_rows
from simulator.views.words.names import Names

Data = Mapping[str, Any]


def updating_lines(data: Data, scenario: Scenario, lang: Lang) -> list[str]:
    """What was seen, what it says of the numbers, and the figures before and after."""
    names = Names(scenario, language_of_scenario(scenario, lang))
    lines = wrap(opening(data, names))
    lines += ["", names.say("updating.seen.table")]
    for entry, row in zip(data["data"], seen_rows(data, names), strict=True):
        filled = dict(zip(("seen", "before", "after", "below"), row[1:], strict=True))
        line = "updating.seen.line.cost" if entry["what"] == "cost" else "updating.seen.line"
        lines += wrap(f"{row[0]}: {names.say(line, **filled)}", "  ", hanging="    ")
    head = tuple(names.say(f"updating.{column}") for column in ("figure", "before", "after"))
    table = aligned([head, *figure_rows(data, names)], (1, 2))
    lines += ["", names.say("updating.figures.table"), *(f"  {line}" for line in table)]
    moved = number_rows(data, names)
    lines += ["", names.say("updating.numbers.table")] if moved else []
    for number, law_before, law_after in moved:
        said = (
            names.say("updating.range", mean=mean, range=names.language.span(low, high))
            for mean, low, high in (law_before, law_after)
        )
        lines += wrap(f"{number}: {' → '.join(said)}", "  ", hanging="    ")
    lines += [""]
    for sentence in remarks(data, names):
        lines += wrap(sentence)
    return lines


def opening(data: Data, names: Names) -> str:
    """What is told: `Given the results by 31 December 2017: …`."""
    as_of = data["interim"].get("as_of")
    if as_of is None:
        return names.say("updating.intro")
    day = names.language.day(datetime.date.fromisoformat(as_of))
    return names.say("updating.intro.as_of", day=day)
