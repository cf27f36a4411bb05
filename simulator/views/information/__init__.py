"""What knowing more is worth, in words and tables: for the terminal and the reports."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from simulator.scenario.model import Scenario
from simulator.views.information.known import Data, Known, change_label, study_label
from simulator.views.information.listings import (
    Listing,
    curves_listing,
    listings,
    numbers_listing,
    ordered,
)
from simulator.views.information.words import measuring, sentences
from simulator.views.lines import aligned, wrap
from simulator.views.numbers import Lang

__all__ = [
    "Known",
    "Listing",
    "change_label",
    "curves_listing",
    "information_lines",
    "listings",
    "measuring",
    "numbers_listing",
    "ordered",
    "sentences",
    "study_label",
]

_WIDEST = 52  # characters of a row's name on a terminal


def information_lines(data: Data, scenario: Scenario, lang: Lang) -> list[str]:
    """Sentences and tables for the terminal."""
    known = Known.of(data, scenario, lang)
    lines = wrap(known.language.say("information.intro"))
    for sentence in sentences(known):
        lines += ["", *wrap(sentence)]
    for listing in listings(known):
        lines += ["", *wrap(listing.caption)]
        columns = range(1, len(listing.heads))
        rows = [row for label, *cells in listing.rows for row in _wrapped(label, cells)]
        lines += aligned([("", *listing.heads[1:]), *rows], columns)
        for note in listing.notes:
            lines += wrap(note, "  · ", hanging="    ")
    return lines


def _wrapped(label: str, cells: list[str]) -> Iterator[tuple[str, ...]]:
    """A row whose long label goes on below its figures, so that names stay apart."""
    first, *more = textwrap.wrap(label, _WIDEST) or [""]
    yield first, *cells
    for line in more:
        yield f"  {line}", *("" for _ in cells)
