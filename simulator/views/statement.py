"""A settlement statement as lines of text: every payment through its terms, the sums, the check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.views.language import Language
from simulator.views.lines import WIDTH, aligned, scenario_title, wrap
from simulator.views.numbers import Lang
from simulator.views.read import find
from simulator.views.settled import (
    Titles,
    after,
    blocks,
    given,
)
from simulator.views.settled_sums import class_sums, conclusions, granted, remarks, sums
from simulator.views.speaking import language_of

_LABEL = 80  # a longer label has lines of its own above its amount


def settlement_lines(settlement: Mapping[str, Any], lang: Lang) -> list[str]:
    """The statement; `settlement` has the keys of `socsim settle --json`."""
    language = language_of(settlement, lang)
    data = find(settlement, "settlement") or settlement
    titles = Titles(settlement, language)
    title = scenario_title(settlement, language)
    ending = [*conclusions(settlement, language), *_granted(settlement, language)]
    return [
        *([title] if title else []),
        language.say("statement.head", currency=language.currency),
        *_measured(data.get("measures") or {}, titles),
        *[line for said in remarks(settlement, language) for line in wrap(said)],
        "",
        *_lines(data, titles),
        *_sums(settlement, language),
        *_classes(settlement, titles),
        "",
        *[line for said in ending for line in wrap(said)],
    ]


def _measured(measures: Mapping[str, Any], titles: Titles) -> list[str]:
    """What was measured, as it was given."""
    titled = find(titles.data, "scenario.titles.measures") or {}
    language = titles.language
    said = [
        f"{language.title(titled.get(name), name)} {given(name, value, titles)}"
        for name, value in measures.items()
    ]
    return wrap(language.say("statement.given", measures="; ".join(said))) if said else []


def _lines(data: Mapping[str, Any], titles: Titles) -> list[str]:
    """Each payment with its input, its terms and what is paid; then limits and guarantees."""
    rows: list[tuple[str, str]] = []
    for block in blocks(data, titles):
        rows.append((block.heading, ""))
        for step in block.steps:
            value = after(step, titles.language)
            *lines, last = wrap(step.label, "  ", _LABEL if value else WIDTH, "    ")
            rows += [*((line, "") for line in lines), (last, value)]
        rows.append(("", ""))
    return aligned(rows, right=(1,)) if rows else []


def _sums(settlement: Mapping[str, Any], language: Language) -> list[str]:
    """What each side gets, with what was published beside it."""
    rows = [("", language.say("statement.settled"), language.say("statement.published"))]
    rows += sums(settlement, language)
    if not any(row[2] for row in rows[1:]):
        return aligned([row[:2] for row in rows], right=(1,))
    return aligned(rows, right=(1, 2))


def _classes(settlement: Mapping[str, Any], titles: Titles) -> list[str]:
    """What each investor puts in and receives, where there are several."""
    rows = class_sums(settlement, titles)
    if not rows:
        return []
    say = titles.language.say
    heads = [say(f"settlement.column.{key}") for key in ("put_in", "receives", "result")]
    return ["", *aligned([("", *heads), *rows], right=(1, 2, 3))]


def _granted(settlement: Mapping[str, Any], language: Language) -> list[str]:
    said = granted(settlement, language)
    return [language.say("statement.granted", sentences=" ".join(said))] if said else []
