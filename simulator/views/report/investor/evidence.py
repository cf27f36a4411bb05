"""What the expected effect rests on, and with whom the service users are compared."""

from __future__ import annotations

from collections import Counter
from typing import Any

from simulator.scenario.evidence import Evidence
from simulator.views.assumptions import AssumptionRow
from simulator.views.numbers import NOTHING
from simulator.views.report.investor.studies import study_tables
from simulator.views.report.parts import Column, Line, Part, Section, Table
from simulator.views.report.source import Told
from simulator.views.words.measures import measures_paid_on

_ROOMS = ("metrics", "cohorts", "states")


def evidence_section(told: Told) -> Section | None:
    """Effects and baselines with value, people behind them, grade and source; then the design."""
    language = told.language
    found = effect_rows(told)
    parts: list[Part] = []
    paragraphs: list[str] = []
    if found:
        counts = Counter(row.grade for row, _ in found)
        paragraphs.append(
            language.say(
                "evidence.intro",
                total=language.decimal(len(found)),
                **{
                    f"{grade}s": language.decimal(counts.get(grade, 0))
                    for grade in ("fact", "estimate", "assumption", "ungraded")
                },
            )
        )
        parts.append(_effects(found, told))
    parts += study_tables(told)
    design = _designs(told)
    if design is not None:
        parts.append(design)
    if not parts:
        return None
    return Section("evidence", language.say("report.evidence"), tuple(paragraphs), tuple(parts))


def effect_rows(told: Told) -> list[tuple[AssumptionRow, int | None]]:
    """Every effect and baseline in words, with the number of people it was counted in, if said."""
    return [
        (row, people(given.number))
        for row, given in zip(told.rows, told.run.assumptions, strict=True)
        if _is_evidence(given.key.split("."))
    ]


def _is_evidence(path: list[str]) -> bool:
    return path[0] in _ROOMS and (
        "effect" in path or "effects" in path or path[-1] in ("baseline", "fade")
    )


def people(number: Any) -> int | None:
    """Of how many it was counted: successes of trials, or all who are in the studies."""
    if getattr(number, "evidence", None) is not None:
        return _in_studies(number.evidence)
    law = getattr(number, "beta", None)
    trials = getattr(law, "trials", None)
    return None if trials is None else round(trials)


def _in_studies(evidence: Evidence) -> int | None:
    """Everybody in the studies' groups; none where a study does not say how many it had."""
    groups = [
        (study.treated, study.comparison) if study.group is None else (study.group,)
        for study in evidence.studies.values()
    ]
    counted = [[group.of for group in pair if group is not None] for pair in groups]
    return round(sum(sum(each) for each in counted)) if all(counted) else None


def _effects(found: list[tuple[AssumptionRow, int | None]], told: Told) -> Table:
    language, paid = told.language, metrics_paid_on(told)
    rows: list[Line] = []
    for bears in (True, False):
        chosen = [one for one in found if bool(set(one[0].key.split(".")) & paid) == bears]
        if not chosen:
            continue
        heading = language.say("outcomes.paid" if bears else "outcomes.unpaid")
        rows.append(Line((heading, *[""] * 4), "group"))
        rows += [_effect(row, n, told) for row, n in chosen]
    heads = ("what", "value", "people", "grade", "source")
    return Table(
        language.say("evidence.table"),
        tuple(
            Column(
                language.say(f"evidence.{head}" if head == "people" else f"column.{head}"),
                head == "people",
            )
            for head in heads
        ),
        tuple(rows),
        (language.say("evidence.table.note"),),
    )


def _effect(row: AssumptionRow, n: int | None, told: Told) -> Line:
    return Line(
        (
            row.what,
            row.value,
            NOTHING if n is None else told.language.decimal(n),
            row.grade_text,
            " · ".join(text for text in (row.source, row.note) if text) or NOTHING,
        )
    )


def metrics_paid_on(told: Told) -> set[str]:
    """Metrics, and the states they are read from, that some payment follows."""
    scenario, found = told.scenario, set()
    for name in measures_paid_on(scenario) & set(scenario.measures):
        measure = scenario.measures[name]
        found |= {measure.metric} if measure.metric else set(measure.perimeter or ())
    states = {scenario.metrics[name].states for name in found if name in scenario.metrics}
    return {name for name in (*found, *states) if isinstance(name, str)}


def _designs(told: Told) -> Table | None:
    """How each measure that is paid on is compared."""
    language, names, scenario = told.language, told.names, told.scenario
    measured = {str(entry["measure"]): entry for entry in told.summary.get("measures") or []}
    rows = []
    for name in sorted(measures_paid_on(scenario) & set(scenario.measures)):
        measure = scenario.measures[name]
        reference = measure.reference
        kind = reference.kind if reference else "none"
        size = reference.size if reference else None
        entry = measured.get(name, {})
        rows.append(
            Line(
                (
                    language.title(measure.title, name),
                    language.say(f"evidence.reference.{kind.replace(' ', '_')}"),
                    language.decimal(entry.get("service_users")),
                    NOTHING if size is None else language.decimal(size),
                    language.duration(measure.window),
                )
            )
        )
    if not rows:
        return None
    heads = ("measure", "compared", "users", "reference_people", "window")
    return Table(
        names.say("evidence.designs"),
        tuple(
            Column(language.say(f"evidence.{head}"), head in ("users", "reference_people"))
            for head in heads
        ),
        tuple(rows),
        (language.say("evidence.designs.note"),),
    )
