"""How likely it is to lose more than so much over the whole life of the contract."""

from __future__ import annotations

from typing import Any

from simulator.views.amounts import Amounts
from simulator.views.language import Language
from simulator.views.read import Estimate, as_estimate, find, number
from simulator.views.report import figures
from simulator.views.report.chapters.rare import rare_losses
from simulator.views.report.parts import Chart, Column, Line, Section, Table
from simulator.views.report.source import Told

_TOLD = (0.25, 0.5)  # shares of the largest loss with a sentence
_EVERY = 2  # rows of the table, in steps of 2.5 %

_Point = tuple[float, Estimate]


def exceedance_section(told: Told) -> Section | None:
    """The curve; a sentence alone where no path loses, None without capital."""
    language = told.language
    points = _points(find(told.summary, "investor.loss_exceedance") or [])
    if not points:
        return None
    title = language.say("report.exceedance")
    if len(points) == 1:
        return Section(
            "exceedance", title, (language.say("exceedance.none"), *rare_losses(told)), ()
        )
    chart = Chart(
        "chart-exceedance",
        _conclusion(points, language),
        language.say("exceedance.alt"),
        _figure(points, language),
        _table(points, language),
    )
    paragraphs = (language.say("exceedance.intro"), *_bound(told), *rare_losses(told))
    return Section("exceedance", title, paragraphs, (chart,))


def _points(rows: list[Any]) -> list[_Point]:
    found = [(float(row["loss"]), as_estimate(row["probability"])) for row in rows]
    return [(loss, chance) for loss, chance in found if chance is not None]


def _conclusion(points: list[_Point], language: Language) -> str:
    """The chance of any loss, and of more than a quarter and half of the largest shown."""
    said = [language.say("exceedance.any", chance=language.percent(points[0][1].value))]
    for share in _TOLD:
        loss, chance = points[round(share * (len(points) - 1))]
        if 0 < loss < points[-1][0]:
            said.append(
                language.say(
                    "exceedance.more",
                    chance=language.percent(chance.value),
                    loss=language.money(loss),
                )
            )
    if points[-1][1].value == 0:
        said.append(language.say("exceedance.never", loss=language.money(points[-1][0])))
    return language.say("exceedance.conclusion", parts=language.join(said))


def _bound(told: Told) -> list[str]:
    worst = number(told.summary, "investor.maximum_loss.amount")
    if worst is None:
        return []
    return [told.language.say("exceedance.bound", amount=told.language.money(worst))]


def _figure(points: list[_Point], language: Language) -> figures.Figure:
    amounts = Amounts.for_axis(language, [loss for loss, _ in points])
    curve = figures.line(
        language.say("exceedance.curve"),
        [amounts.scaled(loss) for loss, _ in points],
        [100 * chance.value for _, chance in points],
        figures.DEEP,
    )
    # what is counted is counted at the steps alone: between two it is no higher than at the lower
    curve["line"] = {"color": figures.DEEP, "width": 3, "shape": "hv"}
    curve["mode"] = "lines"
    return figures.figure(
        [curve],
        language,
        x={"title": figures.axis_title(language.say("exceedance.x", unit=amounts.unit))},
        y={
            "title": figures.axis_title(language.say("return.y")),
            "range": [0, min(105.0, 110 * points[0][1].value + 1)],
        },
        showlegend=False,
    )


def _table(points: list[_Point], language: Language) -> Table:
    shown = [point for k, point in enumerate(points) if k % _EVERY == 0 or point is points[-1]]
    amounts = Amounts.for_headline(language, [loss for loss, _ in points])
    return Table(
        language.say("exceedance.table", unit=amounts.unit),
        (
            Column(language.say("exceedance.loss"), number=False),
            Column(language.say("exceedance.chance")),
        ),
        tuple(Line((amounts.text(loss), language.percent(chance.value))) for loss, chance in shown),
        (language.say("exceedance.note", step=language.money(points[1][0] - points[0][0])),),
    )
