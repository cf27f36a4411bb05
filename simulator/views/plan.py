"""How a scenario will be computed, in a screenful: `socsim show SCENARIO --plan`."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from typing import Any

from simulator.scenario.model import Scenario
from simulator.views.language import Language
from simulator.views.lines import aligned, wrap
from simulator.views.numbers import NOTHING, Lang
from simulator.views.plan_contract import (
    bound_lines,
    claim_lines,
    class_lines,
    event_lines,
    heads,
    key_of,
)
from simulator.views.speaking import language_of_scenario
from simulator.views.words.names import Names

Plan = Mapping[str, Any]


def plan_lines(plan: Plan, scenario: Scenario, lang: Lang, paths: int) -> list[str]:
    """The plan in words; `plan` is what `simulator.plan.outline.outline` says."""
    names = Names(scenario, language_of_scenario(scenario, lang))
    sections = (
        ("people", _people(plan, names)),
        ("levels", _levels(plan, names.language)),
        ("tables", _tables(plan, names.language)),
        ("sums", _sums(plan, names.language)),
        ("capped", _capped(plan, names.language)),
        ("numbers", _numbers(plan, names.language)),
        ("claims", claim_lines(plan, names)),
        ("classes", class_lines(plan, names)),
        ("events", event_lines(plan, names)),
        ("bounds", bound_lines(plan, names)),
        ("ledger", _ledger(plan, names.language)),
        ("memory", _memory(plan, names.language, paths)),
    )
    lines = [names.language.title(scenario.title, scenario.name), _grid(plan, names.language)]
    for title, body in sections:
        if body:
            lines += ["", names.say(f"plan.{title}"), *body]
    return lines


def _grid(plan: Plan, language: Language) -> str:
    grid = plan["grid"]
    return language.say(
        "plan.grid",
        periods=language.count(grid["periods"], grid["period"].replace("-", "_")),
        start=_day(grid["start"], language),
    )


def _people(plan: Plan, names: Names) -> list[str]:
    """One row for each metric, cohorts that differ in nothing else together."""
    language = names.language
    together: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for cell in plan["cells"]:
        how = names.say(f"plan.sampling.{key_of(cell['sampling'])}")
        row = (cell["metric"], _law(cell, names), how, language.decimal(cell["years"]))
        together.setdefault(row, []).append(cell)
    rows = [heads(language, "metric", "law", "sampling", "years", "draws", "cohorts")]
    for (metric, *said), cells in together.items():
        draws = language.decimal(sum(cell["draws_per_path"] for cell in cells))
        cohorts = (f"{c['cohort']} ({language.decimal(c['service_users'])})" for c in cells)
        rows.append((f"  {metric}", *said, draws, ", ".join(cohorts)))
    total = sum(cell["draws_per_path"] for cell in plan["cells"])
    note = language.say("plan.people.note", total=language.decimal(total))
    return [*aligned(rows, right=(3, 4)), *wrap(note, "  ")]


def _levels(plan: Plan, language: Language) -> list[str]:
    """Each level and what decided it, with its metrics; cohorts that differ are named."""
    levels: dict[str, set[tuple[str, str]]] = {}
    for cell in plan["cells"]:
        levels.setdefault(cell["metric"], set()).add((cell["level"], cell["why"]))
    together: dict[tuple[str, str], list[str]] = {}
    for cell in plan["cells"]:
        alike = len(levels[cell["metric"]]) == 1
        name = cell["metric"] if alike else f"{cell['metric']} ({cell['cohort']})"
        names = together.setdefault((cell["level"], cell["why"]), [])
        names += [name] if name not in names else []
    lines = []
    for (level, why), names in together.items():
        said = language.say(
            "plan.levels.row",
            level=language.say(f"plan.level.{level}"),
            why=language.say(f"plan.why.{why}"),
            metrics=", ".join(names),
        )
        lines += wrap(said, "  ")
    return lines


def _law(cell: Mapping[str, Any], names: Names) -> str:
    """The law of one service user's year, its table and what it is given."""
    law = names.say(f"plan.law.{key_of(cell['law'])}")
    if cell["table"] is not None:
        law = f"{law} [{cell['table'] + 1}]"
    return names.say("plan.given", law=law, metric=cell["given"]) if cell["given"] else law


def _tables(plan: Plan, language: Language) -> list[str]:
    """Each tabulated law with how far it is off; nothing where no law is tabulated."""
    lines = []
    for table in plan["tables"]:
        law = language.say(f"plan.law.{table['law'].replace(' ', '_')}")
        said = language.say(
            "plan.table",
            place=table["table"] + 1,
            law=law,
            by=language.say(f"plan.by.{table['by']}"),
            sd=language.decimal(table["sd"], 2),
            error=_share(table["largest_error"], language),
        )
        if table["largest_error_above_none"] is not None:
            said += language.say(
                "plan.table.none",
                none=language.stated_percent(table["none"]),
                error=_share(table["largest_error_above_none"], language),
            )
        lines += wrap(said, "  ")
    note = "plan.tables.note" if lines else ""
    if any(table["largest_error_above_none"] is not None for table in plan["tables"]):
        note = "plan.tables.note.none"
    return lines + (wrap(language.say(note), "  ") if note else [])


def _sums(plan: Plan, language: Language) -> list[str]:
    """The tables of sums of each law, with how far they are off."""
    lines = []
    for row in plan["sums"]:
        said = language.say(
            "plan.sum",
            place=row["table"] + 1,
            law=language.say(f"plan.law.{row['law'].replace(' ', '_')}"),
            tables=language.decimal(row["tables"]),
            people=language.decimal(row["most_people"]),
            sd=_share(row["error_of_sd"], language),
            error=_share(row["largest_error"], language),
        )
        lines += wrap(said, "  ")
    return lines


def _capped(plan: Plan, language: Language) -> list[str]:
    """Each measure with a cap on one service user: the largest error of what is expected."""
    lines = []
    for row in plan["capped"]:
        error = _share(row["largest_error"], language)
        said = language.say("plan.capped.row", measure=row["measure"], error=error)
        lines += wrap(said, "  ")
    return lines


def _share(value: float, language: Language) -> str:
    """A small share with the digits it needs."""
    return language.percent(value, 2 if value >= 0.0001 else 4)


def _numbers(plan: Plan, language: Language) -> list[str]:
    """Each number drawn once on a path, by the name of its stream."""
    rows = [
        (
            f"  {number['stream']}",
            number["law"] or language.say("plan.own_law"),
            language.stated(round(number["mean"], 6)),
        )
        for number in plan["numbers"]
    ]
    if not rows:
        return []
    return aligned([heads(language, "stream", "law", "mean"), *rows], right=(2,))


def _ledger(plan: Plan, language: Language) -> list[str]:
    """How many lines of each kind there are, and their names."""
    kinds = Counter(line["kind"] for line in plan["lines"])
    counts = {kind: language.decimal(kinds[kind]) for kind in ("transfer", "real", "memo")}
    said = language.say("plan.ledger.count", total=language.decimal(len(plan["lines"])), **counts)
    listed = ", ".join(line["line"] for line in plan["lines"])
    return [*wrap(said, "  "), *wrap(listed, "    ")]


def _memory(plan: Plan, language: Language, paths: int) -> list[str]:
    """What a run takes, and what keeping its paths takes besides."""
    memory = plan["memory"]
    said = language.say(
        "plan.memory.said",
        block=language.decimal(memory["block_paths"]),
        thread=_size(memory["bytes_per_thread"], language),
        paths=language.decimal(paths),
        some=_size(paths * memory["bytes_per_path_keep_paths"], language),
        all=_size(paths * memory["bytes_per_path_keep_all"], language),
    )
    return wrap(said, "  ")


def _size(count: int, language: Language) -> str:
    """Bytes as MB or GB."""
    if count >= 1e9:
        return f"{language.decimal(count / 1e9, 1)} GB"
    return f"{language.decimal(count / 1e6, 0 if count >= 1e7 else 1)} MB"


def _day(text: str, language: Language) -> str:
    return language.day(datetime.date.fromisoformat(text)) if text else NOTHING
