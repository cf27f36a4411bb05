"""What makes the difference between two results: changes and figures in words, for any form.

`data` is as in diff.json; `scenarios` are those of the first and of the second result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.scenario.model import Scenario
from simulator.views.amounts import Amounts
from simulator.views.headline import Kind, kind_of_figure
from simulator.views.inputs import InputRow, design_matrix
from simulator.views.language import Language
from simulator.views.numbers import NOTHING

Data = Mapping[str, Any]
Pair = tuple[Scenario, Scenario]


def result_name(side: Data, language: Language) -> str:
    """`norrkoping@window_3y (seed 1, 100,000 futures, version 0.1.0)`."""
    return language.say(
        "diff.result",
        name=scenario_name(side),
        seed=language.decimal(side["seed"]),
        paths=language.decimal(side["paths"]),
        version=side["version"],
    )


def scenario_name(side: Data) -> str:
    """`norrkoping@window_3y`."""
    return "@".join((str(side["scenario"]), *side["variant"]))


def inputs_of(change: Data, scenarios: Pair, language: Language) -> list[InputRow]:
    """Key by key, or in a sentence where a whole thing came or went."""
    groups = design_matrix(change["keys"], scenarios, language, most=len(change["keys"]) + 1)
    rooms = {row["key"].split(".")[0] for row in change["keys"]}
    return [row for group in groups for row in group.rows if row.key.split(".")[0] in rooms]


def values_of(row: InputRow, language: Language) -> tuple[str, str]:
    """Before and after; what one of the two does not have is said."""
    absent = language.say("compare.inputs.absent")
    before, after = (absent if value is None else value for value in row.values)
    return before, after


def draws_of(change: Data, language: Language) -> str:
    """Seed and paths, before and after."""
    return "; ".join(_draw(row, language) for row in change["keys"])


def _draw(row: Data, language: Language) -> str:
    before, after = (language.decimal(int(row[side])) for side in ("from", "to"))
    return language.say(f"diff.draw.{row['key']}", before=before, after=after)


def labels_of(changes: Sequence[Data], scenarios: Pair, language: Language) -> list[str]:
    """What each change is called beside a figure: its number and the first of its inputs."""
    found = []
    for number, change in enumerate(changes, start=1):
        if change["what"] == "luck":
            found.append(language.say("diff.luck"))
            continue
        rows = inputs_of(change, scenarios, language)
        label = rows[0].label if rows else change["what"]
        if len(rows) > 1:
            label += language.say("diff.more", count=language.decimal(len(rows) - 1))
        found.append(f"{number} {label}")
    return found


def figure_name(name: str, language: Language) -> str:
    """`The investor: expected result`; a figure without words of its own keeps its key."""
    group = f"group.{name.split('.')[0]}"
    if not language.has(f"figure.{name}"):
        return name
    label = language.say(f"figure.{name}")
    if not language.has(group):
        return label
    inside = label if label[1:2].isupper() else label[:1].lower() + label[1:]  # IRR stays IRR
    return f"{language.say(group)}: {inside}"


@dataclass(frozen=True)
class FigureRows:
    """One figure, in words: as it was, what each part adds with half its interval, as it is.

    `heading` has the unit; `rows` is None where one of the two results has not this figure.
    """

    heading: str
    rows: tuple[tuple[str, str, str], ...] | None


def figure_rows(data: Data, entry: Data, labels: Sequence[str], language: Language) -> FigureRows:
    """What the parts of the difference add to one figure; `entry` is of `data["figures"]`."""
    name = entry["figure"]
    kind = kind_of_figure(name)
    amounts = Amounts.of(language, [entry["from"], entry["to"]])
    label = figure_name(name, language)
    heading = language.say("diff.figure", figure=label, unit=amounts.unit)
    heading = heading if kind == "money" else label
    if entry["difference"] is None:
        return FigureRows(heading, None)
    rows = [(side(data["from"], language, "first"), _level(entry["from"], kind, amounts), "")]
    for change, told in zip(data["changes"], labels, strict=True):
        effect = change["effect"][name]
        rows.append((told, *_effect(effect["value"], effect["standard_error"], kind, amounts)))
    left = data["version"]["effect"][name]["value"]
    rows.append((language.say("diff.version"), *_effect(left, None, kind, amounts)))
    rows.append((side(data["to"], language, "second"), _level(entry["to"], kind, amounts), ""))
    return FigureRows(heading, tuple(rows))


def side(result: Data, language: Language, which: str) -> str:
    """`from: norrkoping`; `which` is `first` or `second`."""
    return language.say(f"diff.{which}", name=scenario_name(result))


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
