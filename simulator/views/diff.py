"""What makes the difference between two results, as lines of plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.scenario.model import Scenario
from simulator.views.amounts import Amounts
from simulator.views.headline import Kind, kind_of_figure
from simulator.views.inputs import InputRow, design_matrix
from simulator.views.language import Language
from simulator.views.lines import aligned, wrap
from simulator.views.numbers import NOTHING, Lang
from simulator.views.speaking import language_of_scenario

_WIDTH = 44
_MOST = 4  # keys of one change that are told; diff.json has all


def diff_lines(
    data: Mapping[str, Any], scenarios: tuple[Scenario, Scenario], lang: Lang
) -> list[str]:
    """The changes in words, then each figure from the first result to the second."""
    language = language_of_scenario(scenarios[1], lang)
    lines = wrap(
        language.say(
            "diff.title",
            first=result_name(data["from"], language),
            second=result_name(data["to"], language),
        )
    )
    labels = _labels(data["changes"], scenarios, language)
    lines += _changes(data["changes"], labels, scenarios, language)
    for number, entry in enumerate(data["figures"]):
        lines += ["", *_figure(data, number, entry, labels, language)]
    return [*lines, "", *wrap(language.say("diff.note", paths=_paths(data, language)))]


def result_name(side: Mapping[str, Any], language: Language) -> str:
    """`norrkoping@window_3y, seed 1, 100,000 futures, version 0.1.0`."""
    name = "@".join((str(side["scenario"]), *side["variant"]))
    return language.say(
        "diff.result",
        name=name,
        seed=language.decimal(side["seed"]),
        paths=language.decimal(side["paths"]),
        version=side["version"],
    )


def _paths(data: Mapping[str, Any], language: Language) -> str:
    return language.decimal(data["from"]["paths"])


def _inputs(
    change: Mapping[str, Any], scenarios: tuple[Scenario, Scenario], language: Language
) -> list[InputRow]:
    """Key by key, or in a sentence where a whole thing came or went."""
    groups = design_matrix(change["keys"], scenarios, language, most=len(change["keys"]) + 1)
    rooms = {row["key"].split(".")[0] for row in change["keys"]}
    return [row for group in groups for row in group.rows if row.key.split(".")[0] in rooms]


def _labels(
    changes: Sequence[Mapping[str, Any]], scenarios: tuple[Scenario, Scenario], language: Language
) -> list[str]:
    """What each change is called in the tables."""
    found = []
    for number, change in enumerate(changes, start=1):
        if change["what"] == "luck":
            found.append(language.say("diff.luck"))
            continue
        rows = _inputs(change, scenarios, language)
        label = rows[0].label if rows else change["what"]
        if len(rows) > 1:
            label += language.say("diff.more", count=language.decimal(len(rows) - 1))
        found.append(_cut(f"{number} {label}"))
    return found


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1].rstrip()}…"


def _changes(
    changes: Sequence[Mapping[str, Any]],
    labels: Sequence[str],
    scenarios: tuple[Scenario, Scenario],
    language: Language,
) -> list[str]:
    if not any(change["what"] != "luck" for change in changes):
        return ["", *wrap(language.say("diff.same_inputs"))]
    lines = ["", *wrap(language.say("diff.changes"))]
    for number, (change, label) in enumerate(zip(changes, labels, strict=True), start=1):
        if change["what"] == "luck":
            values = [f"{_draw(row, language)}" for row in change["keys"]]
            lines += wrap(f"{label}: {'; '.join(values)}", "  ", hanging="     ")
            continue
        rows = _inputs(change, scenarios, language)
        for place, row in enumerate(rows[:_MOST]):
            mark = f"{number}" if place == 0 else " " * len(str(number))
            before, after = (_said(value, language) for value in row.values)
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


def _draw(row: Mapping[str, Any], language: Language) -> str:
    before, after = (language.decimal(int(row[side])) for side in ("from", "to"))
    return language.say(f"diff.draw.{row['key']}", before=before, after=after)


def _said(value: str | None, language: Language) -> str:
    return language.say("compare.inputs.absent") if value is None else value


def _figure(
    data: Mapping[str, Any],
    number: int,
    entry: Mapping[str, Any],
    labels: Sequence[str],
    language: Language,
) -> list[str]:
    """One figure: as it was, what each part adds, as it is."""
    name = entry["figure"]
    kind = kind_of_figure(name)
    amounts = Amounts.of(language, [entry["from"], entry["to"]])
    label = language.say(f"figure.{name}") if language.has(f"figure.{name}") else name
    heading = language.say("diff.figure", figure=label, unit=amounts.unit)
    lines = [heading if kind == "money" else label]
    if entry["difference"] is None:
        return [*lines, *wrap(language.say("diff.no_figure"), "  ")]
    rows = [(_side(data["from"], language, "first"), _level(entry["from"], kind, amounts), "")]
    for change, told in zip(data["changes"], labels, strict=True):
        effect = change["effect"][name]
        rows.append((told, *_effect(effect["value"], effect["standard_error"], kind, amounts)))
    left = data["version"]["effect"][name]["value"]
    rows.append((language.say("diff.version"), *_effect(left, None, kind, amounts)))
    rows.append((_side(data["to"], language, "second"), _level(entry["to"], kind, amounts), ""))
    return [*lines, *(f"  {line}" for line in aligned(rows, (1, 2)))]


def _side(side: Mapping[str, Any], language: Language, which: str) -> str:
    name = "@".join((str(side["scenario"]), *side["variant"]))
    return _cut(language.say(f"diff.{which}", name=name))


def _level(value: float | None, kind: Kind, amounts: Amounts) -> str:
    language = amounts.language
    if kind == "money":
        return amounts.text(value)
    if kind == "multiple":
        return language.decimal(value, 2)
    return language.percent(value) if kind == "chance" else language.rate(value)


def _effect(
    value: float | None, error: float | None, kind: Kind, amounts: Amounts
) -> tuple[str, str]:
    """A change with its sign, and half its 95 % Monte Carlo interval."""
    if value is None:
        return NOTHING, ""
    language = amounts.language
    half = None if error is None else 1.96 * error

    def number(amount: float, *, sign: bool) -> str:
        if kind == "money":
            return language.decimal(amounts.scaled(amount), amounts.digits, sign=sign)
        if kind == "multiple":
            return language.decimal(amount, 2, sign=sign)
        points = language.decimal(round(amount * 100, 4) + 0.0, 1, sign=sign)
        return language.say("unit.points.short", points=points)

    return number(value, sign=value != 0), f"± {number(half, sign=False)}" if half else ""
