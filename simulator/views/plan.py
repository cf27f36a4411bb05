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
from simulator.views.words.names import Names

Plan = Mapping[str, Any]


def plan_lines(plan: Plan, scenario: Scenario, lang: Lang, paths: int) -> list[str]:
    """The plan in words; `plan` is what `simulator.plan.outline.outline` says."""
    names = Names(scenario, Language(lang, scenario.currency))
    sections = (
        ("people", _people(plan, names)),
        ("tables", _tables(plan, names.language)),
        ("numbers", _numbers(plan, names.language)),
        ("claims", _claims(plan, names)),
        ("bounds", _bounds(plan, names)),
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
        how = names.say(f"plan.sampling.{_word(cell['sampling'])}")
        row = (cell["metric"], _law(cell, names), how, language.decimal(cell["years"]))
        together.setdefault(row, []).append(cell)
    rows = [_heads(language, "metric", "law", "sampling", "years", "draws", "cohorts")]
    for (metric, *said), cells in together.items():
        draws = language.decimal(sum(cell["draws_per_path"] for cell in cells))
        cohorts = (f"{c['cohort']} ({language.decimal(c['service_users'])})" for c in cells)
        rows.append((f"  {metric}", *said, draws, ", ".join(cohorts)))
    total = sum(cell["draws_per_path"] for cell in plan["cells"])
    note = language.say("plan.people.note", total=language.decimal(total))
    return [*aligned(rows, right=(3, 4)), *wrap(note, "  ")]


def _heads(language: Language, first: str, *others: str) -> tuple[str, ...]:
    """The heading of a table that is set in by two spaces."""
    said = [language.say(f"plan.head.{head}") for head in (first, *others)]
    return (f"  {said[0]}", *said[1:])


def _law(cell: Mapping[str, Any], names: Names) -> str:
    """The law of one service user's year, its table and what it is given."""
    law = names.say(f"plan.law.{_word(cell['law'])}")
    if cell["table"] is not None:
        law = f"{law} [{cell['table'] + 1}]"
    return names.say("plan.given", law=law, metric=cell["given"]) if cell["given"] else law


def _word(text: str) -> str:
    return text.replace(", ", "_").replace(" ", "_")


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
    return aligned([_heads(language, "stream", "law", "mean"), *rows], right=(2,))


def _claims(plan: Plan, names: Names) -> list[str]:
    """When each payment falls due, and what it reads."""
    language = names.language
    if not plan["claims"]:
        return []
    rows = [_heads(language, "due", "payment", "reads")]
    for claim in plan["claims"]:
        due = claim["last_due"]
        if claim["claims"] > 1:
            several = {"first": claim["first_due"], "last": due, "count": claim["claims"]}
            due = language.say("plan.due.several", **several)
        reads = ", ".join(claim["reads"])
        where = "period" if claim["by_period"] else "cohort" if claim["cohort"] else "all"
        said = language.say(f"plan.reads.{where}", reads=reads, cohort=claim["cohort"] or "")
        tests = [name for name in claim["conditions"] if name]
        if tests:
            said = language.say("plan.reads.if", reads=said, tests=", ".join(tests))
        kind = language.say(f"plan.kind.{_word(claim['kind'])}")
        rows.append((f"  {due}", f"{claim['payment']} ({kind})", said))
    return aligned(rows)


def _bounds(plan: Plan, names: Names) -> list[str]:
    """Limits, then guarantees, in the order in which they are applied."""
    language = names.language
    said = []
    for limit in plan["limits"]:
        value = limit["value"]
        is_money = limit["limit"] in ("total", "per_period", "per_service_user")
        amount = language.stated_money(value) if is_money else language.stated_percent(value)
        said.append(language.say(f"plan.limit.{limit['limit']}", value=amount))
    for guarantee in plan["guarantees"]:
        said.append(
            language.say(
                "plan.guarantee",
                name=guarantee["guarantee"],
                reading=names.say(f"choice.{_word(guarantee['reading'])}"),
                object=names.say(f"choice.{_word(guarantee['object'])}"),
                due=guarantee["due"],
            )
        )
    lines = [line for k, text in enumerate(said, 1) for line in wrap(f"{k}. {text}", "  ")]
    return lines or wrap(language.say("plan.bounds.none"), "  ")


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
