"""What makes the difference between two results, as lines of plain text."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.views.diff_rows import (
    Data,
    Pair,
    draws_of,
    figure_rows,
    inputs_of,
    labels_of,
    result_name,
    values_of,
)
from simulator.views.language import Language
from simulator.views.lines import aligned, wrap
from simulator.views.numbers import Lang
from simulator.views.speaking import language_of_scenario

_WIDTH = 44  # of a part's name on a screen
_MOST = 4  # keys of one change that are told; diff.json has all


def diff_lines(data: Data, scenarios: Pair, lang: Lang) -> list[str]:
    """The changes in words, then each figure from the first result to the second."""
    language = language_of_scenario(scenarios[1], lang)
    lines = wrap(
        language.say(
            "diff.title",
            first=result_name(data["from"], language),
            second=result_name(data["to"], language),
        )
    )
    labels = labels_of(data["changes"], scenarios, language)
    lines += _changes(data["changes"], labels, scenarios, language)
    for entry in data["figures"]:
        lines += ["", *_figure(data, entry, labels, language)]
    return [*lines, "", *wrap(language.say("diff.note", paths=_paths(data, language)))]


def _paths(data: Data, language: Language) -> str:
    return language.decimal(data["from"]["paths"])


def _changes(
    changes: Sequence[Data], labels: Sequence[str], scenarios: Pair, language: Language
) -> list[str]:
    if not any(change["what"] != "luck" for change in changes):
        return ["", *wrap(language.say("diff.same_inputs"))]
    lines = ["", *wrap(language.say("diff.changes"))]
    for number, (change, label) in enumerate(zip(changes, labels, strict=True), start=1):
        if change["what"] == "luck":
            lines += wrap(f"{label}: {draws_of(change, language)}", "  ", hanging="     ")
            continue
        rows = inputs_of(change, scenarios, language)
        for place, row in enumerate(rows[:_MOST]):
            mark = f"{number}" if place == 0 else " " * len(str(number))
            before, after = values_of(row, language)
            text = f"{mark} {row.label} [{row.key}]: {before} → {after}"
            lines += wrap(
                text if place == 0 else text.lstrip(),
                "  " if place == 0 else "    ",
                hanging="      ",
            )
        if len(rows) > _MOST:
            rest = language.say("diff.rest", count=language.decimal(len(rows) - _MOST))
            lines += wrap(rest, "    ")
    return lines


def _figure(data: Data, entry: Data, labels: Sequence[str], language: Language) -> list[str]:
    """One figure: as it was, what each part adds, as it is."""
    told = figure_rows(data, entry, labels, language)
    if told.rows is None:
        return [told.heading, *wrap(language.say("diff.no_figure"), "  ")]
    rows = [(_cut(first), *rest) for first, *rest in told.rows]
    return [told.heading, *(f"  {line}" for line in aligned(rows, (1, 2)))]


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1].rstrip()}…"
