"""What the command line prints, as lines of plain text: figures, settlements, sources, checks.

Pure functions; only the command line prints. Columns are aligned with spaces, so that the text
reads the same in a terminal, a pipe and a file.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from simulator.scenario.warnings import Warned
from simulator.views.headline import class_group, headline_groups, headline_notes
from simulator.views.language import Language
from simulator.views.lines import aligned, scenario_title, wrap
from simulator.views.numbers import NOTHING, Lang
from simulator.views.read import find, verdict_reason
from simulator.views.sampling import sampler_sentences
from simulator.views.speaking import language_of

__all__ = ["settlement_lines", "sources_lines", "summary_lines", "verify_lines", "warnings_told"]

_TEXT = 18
_GRADES = ("fact", "estimate", "assumption")


def summary_lines(summary: Mapping[str, Any], lang: Lang) -> list[str]:
    """The headline figures of a run as an aligned table, with what the columns mean."""
    language = language_of(summary, lang)
    groups, amounts = headline_groups(summary, language)
    columns = ("estimate", "error", "p5", "p50", "p95")
    unit = language.say("terminal.unit", unit=amounts.unit)
    rows = [(unit, *(language.say(f"terminal.{column}") for column in columns))]
    for group in [*groups, *class_group(summary, amounts)]:
        rows.append((group.title, "", "", "", "", ""))
        rows += [(f"  {row.label}", row.figure, row.error, *row.spread) for row in group.rows]
    return [
        *summary_title(summary, language),
        "",
        *aligned(rows, right=range(1, 6)),
        "",
        *wrap(language.say("terminal.note")),
        *(line for said in sampler_sentences(summary, language) for line in wrap(said)),
        *(line for note in headline_notes(summary, language) for line in wrap(note)),
        *verdict_lines(summary, language),
    ]


def settlement_lines(settlement: Mapping[str, Any], lang: Lang) -> list[str]:
    """A settlement: what was measured, paid and repaid, and by which terms."""
    from simulator.views import statement  # with all of its words, which no run needs

    return statement.settlement_lines(settlement, lang)


def summary_title(summary: Mapping[str, Any], language: Language) -> list[str]:
    """The scenario's title, its variants, and what was simulated."""
    title = scenario_title(summary, language)
    return [
        title,
        language.say(
            "terminal.simulated",
            paths=language.decimal(find(summary, "simulation.paths")),
            seed=find(summary, "simulation.seed"),
        ),
    ]


def verdict_lines(summary: Mapping[str, Any], language: Language) -> list[str]:
    """The reason when the paths do not suffice; silence when they do."""
    reason = verdict_reason(summary, language)
    return wrap(reason) if reason else []


def sources_lines(
    rows: Sequence[Any], lang: Lang, evidence: Mapping[str, Any] | None = None
) -> list[str]:
    """Every assumption: key, value and grade on a line, source and reason below it.

    `rows` are those of `simulator.scenario.numbers_of.assumptions`; `evidence` has, by key, what
    `simulator.views.studies` says of the numbers that rest on studies.
    """
    rests = evidence or {}
    language = Language(lang)
    table = aligned(
        [
            tuple(language.say(f"sources.{name}") for name in ("key", "value", "grade")),
            *(
                (
                    row.key,
                    rests[row.key].value if row.key in rests else str(row.value),
                    language.say(f"grade.{row.grade}"),
                )
                for row in rows
            ),
        ]
    )
    lines = [table[0]]
    for line, row in zip(table[1:], rows, strict=True):
        lines.append(line)
        for text in (language.words(row.source)[0], row.address, language.words(row.note)[0]):
            lines += wrap(text, "    ") if text else []
        for text in rests[row.key].lines if row.key in rests else ():
            lines += wrap(text, "    ", hanging="      ")
    counts = Counter(row.grade for row in rows)
    total = {f"{grade}s": language.decimal(counts[grade]) for grade in _GRADES}
    ungraded = language.decimal(counts["ungraded"])
    number = language.decimal(len(rows))
    return [*lines, "", language.say("sources.counted", total=number, ungraded=ungraded, **total)]


def warnings_told(warned: Iterable[Warned], lang: Lang) -> list[str]:
    """What may not be meant: where, what was found, what follows, how to mend it.

    Warnings that say the same of several keys are one.
    """
    language, together = Language(lang), dict[tuple[str, Any], list[Warned]]()
    for one in warned:
        together.setdefault((one.found, one.window_ends), []).append(one)
    return [
        language.say(
            "check.window",
            key=", ".join(one.key for one in alike),
            found=alike[0].found,
            ends=language.day(alike[0].window_ends),
            horizon=language.day(alike[0].horizon_ends),
        )
        for alike in together.values()
    ]


def verify_lines(rows: Sequence[Mapping[str, Any]], lang: Lang) -> list[str]:
    """The oracle table: computed, expected, how near it must be; the sources numbered below it."""
    language = Language(lang)
    names = ("result", "computed", "expected", "tolerance", "source", "name")
    sources = list(dict.fromkeys(str(row["source"]) for row in rows))
    table = [tuple(language.say(f"verify.{name}") for name in names)]
    table += [
        (
            language.say("verify.passed" if row["passed"] else "verify.failed"),
            *(_checked(row[key], row["tolerance"], language) for key in ("computed", "expected")),
            _plain(row["tolerance"], language),
            f"[{sources.index(str(row['source'])) + 1}]",
            str(row["name"]),
        )
        for row in rows
    ]
    failed = sum(not row["passed"] for row in rows)
    key = "verify.some_failed" if failed else "verify.all_passed"
    counts = {"failed": language.decimal(failed), "total": language.decimal(len(rows))}
    return [
        *aligned(table, right=(1, 2, 3)),
        "",
        *(f"[{place}] {source}" for place, source in enumerate(sources, 1)),
        "",
        language.say(key, **counts),
    ]


def _checked(value: Any, tolerance: float | None, language: Language) -> str:
    """A computed or expected value with the digits that its tolerance can tell apart."""
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not tolerance:
        return _plain(value, language)
    return language.stated(round(value, min(max(2 - math.floor(math.log10(tolerance)), 0), 6)))


def _plain(value: Any, language: Language) -> str:
    """A value of the oracle table: a number of three digits at least, or the start of a text."""
    if value is None:
        return NOTHING
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        text = str(value)
        return text if len(text) <= _TEXT else text[: _TEXT - 1] + "…"
    if value != 0 and (abs(value) < 1e-4 or abs(value) >= 1e15):
        return f"{value:.3g}".replace("-", "−")
    digits = 2 - math.floor(math.log10(abs(value))) if value else 0
    return language.stated(round(value, min(max(digits, 0), 6)))
