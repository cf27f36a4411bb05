"""Every assumption with its grade and source, weakest evidence first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simulator.views.assumptions import AssumptionRow
from simulator.views.language import Language
from simulator.views.priors import caveats
from simulator.views.report.parts import Assumptions, Section
from simulator.views.report.source import Told

GRADES = ("assumption", "ungraded", "estimate", "fact")
"""From the weakest evidence to the strongest."""


def assumptions_chapter(told: Told) -> Section:
    """The list, after how many there are of each grade."""
    language = told.language
    return Section(
        "assumptions",
        language.say("report.assumptions"),
        (*assumption_paragraphs(len(told.rows), told.graded, language), *caveats(told.names)),
        (assumption_groups(told.rows, told.graded, language),),
    )


def assumption_paragraphs(
    total: int, graded: Mapping[str, int], language: Language
) -> tuple[str, ...]:
    """How many numbers there are by grade, and what illustrative ones are."""
    counts = {f"{grade}s": language.decimal(graded.get(grade, 0)) for grade in GRADES}
    key = "assumptions.all.ungraded" if graded.get("ungraded") else "assumptions.all"
    return (
        language.say(key, total=language.decimal(total), **counts),
        language.say("assumptions.illustrative"),
    )


def assumption_groups(
    rows: Sequence[AssumptionRow], graded: Mapping[str, int], language: Language
) -> Assumptions:
    """The rows by grade."""
    columns = ("what", "value", "grade", "source")
    return Assumptions(
        tuple(language.say(f"column.{name}") for name in columns),
        tuple(
            {
                "title": language.say(f"assumptions.group.{grade}"),
                "caption": language.say(f"assumptions.caption.{grade}"),
                "rows": [row for row in rows if row.grade == grade],
            }
            for grade in GRADES
            if graded.get(grade)
        ),
    )
