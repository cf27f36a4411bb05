"""What differs in the inputs of designs, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from string import ascii_uppercase
from typing import Any

from simulator.scenario.model import Scenario
from simulator.views.inputs import InputGroup, InputRow, design_matrix
from simulator.views.language import Language
from simulator.views.lines import wrap

WIDTH = 80
_MOST = 5  # rows of a group: the report has more


def wrapped(text: str, indent: str = "", hanging: str | None = None) -> list[str]:
    """A paragraph of at most eighty characters a line."""
    return wrap(text, indent, WIDTH, hanging)


def letters(count: int) -> list[str]:
    """What the designs are called in tables: A, B, … Z, then numbers."""
    return [*ascii_uppercase, *map(str, range(27, count + 1))][:count]


def input_lines(
    inputs: Sequence[Mapping[str, Any]], scenarios: Sequence[Scenario], language: Language
) -> list[str]:
    """Inputs that differ, group by group, each value once with the letters that have it."""
    lines = [language.say("compare.inputs")]
    groups = design_matrix(inputs, scenarios, language, most=_MOST)
    if not groups:
        return [*lines, *wrapped(language.say("compare.inputs.none"), "  ")]
    for group in groups:
        lines += _group(group, language)
    if any(group.rest for group in groups):
        count = language.decimal(len(inputs))
        lines += wrapped(language.say("compare.inputs.all", count=count), "  ")
    return lines


def _group(group: InputGroup, language: Language) -> Iterator[str]:
    yield f"  {group.title}"
    for row in group.rows:
        yield from _row(row, language)
    if group.rest:
        labels = "; ".join(row.label for row in group.rest)
        count = language.decimal(len(group.rest))
        said = language.say("compare.inputs.rest", count=count, labels=labels)
        yield from wrapped(said, "    ", "       ")


def _row(row: InputRow, language: Language) -> Iterator[str]:
    """One line where the values are short, else a paragraph for each value."""
    by_value: dict[str, list[str]] = {}
    for letter, value in zip(letters(len(row.values)), row.values, strict=True):
        said = language.say("compare.inputs.absent") if value is None else value
        by_value.setdefault(said, []).append(letter)
    head = f"{row.label} [{row.key}]"
    told = [f"{', '.join(who)}: {text}" for text, who in by_value.items()]
    if len(short := f"    {head}  {'; '.join(told)}") <= WIDTH:
        yield short
        return
    yield from wrapped(head, "    ", "    ")
    for text in told:
        yield from wrapped(text, "      ", "         ")
