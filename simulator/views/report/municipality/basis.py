"""What the paper rests on: the assumptions that matter most, the sources, and how to redo it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from simulator.scenario.evidence import Evidence
from simulator.scenario.fitting import back, fit
from simulator.scenario.numbers import Number
from simulator.views.assumptions import AssumptionRow, web_address
from simulator.views.priors import caveats
from simulator.views.read import estimate
from simulator.views.report.chapters.again import COUNCIL, commands, given_sentences
from simulator.views.report.chapters.back import event_titles, limits
from simulator.views.report.municipality.studies import study_sentences
from simulator.views.report.parts import Bullets, Code, Column, Line, Part, Prose, Section, Table
from simulator.views.report.source import Told
from simulator.views.units import unit_of
from simulator.views.words.measures import measures_paid_on

_MOST = 8  # rows: the paper has room for so many
_WEAK = ("assumption", "ungraded", "estimate")


def basis_section(told: Told) -> Section:
    """A short list, the sources, what the model leaves out, and the command."""
    language = told.language
    parts: list[Part] = []
    chosen = chosen_assumptions(told)
    if chosen:
        parts.append(_table(chosen, told))
    studies = [*study_sentences(told, _metrics_paid_on(told)), *caveats(told.names)]
    if studies:
        parts.append(Bullets(tuple(studies), language.say("council.studies")))
    sources = Markup("; ").join(source_links(told))
    if sources:
        parts.append(Prose((sources,), language.say("council.sources")))
    said = language.say("limit.accounting")  # told where the accounts are
    told_limits = limits(language, named=event_titles(told.scenario, language))
    left_out = tuple(limit for limit in told_limits if limit != said)
    parts.append(Bullets(left_out, language.say("report.limits")))
    again = (*error_sentences(told), language.say("again.commands"), *given_sentences(told))
    parts.append(Prose(again, language.say("report.reproduce")))
    parts.append(Code("\n".join(commands(told, COUNCIL))))
    total = language.decimal(len(told.rows))
    intro = language.say("council.basis.intro", total=total)
    return Section("basis", language.say("council.basis"), (intro,), tuple(parts))


def error_sentences(told: Told) -> list[str]:
    """How well the simulation knows its own headline: intervals that more futures narrow."""
    language, paths = told.language, told.run.provenance["paths"]
    net = estimate(told.summary, "municipality.net_budget_effect")
    chance = estimate(told.summary, "municipality.probability_positive")
    ends = [found.low if found else None for found in (net, chance)]
    if net is None or chance is None or None in ends or net.high is None:
        return []
    values = {
        "paths": language.decimal(paths),
        "net": language.span(language.money(net.low), language.money(net.high)),
        "chance": language.span(language.percent(chance.low), language.percent(chance.high)),
    }
    return [language.say("council.precision", **values)]


_Chosen = list[tuple[AssumptionRow, Any]]


def chosen_assumptions(told: Told) -> _Chosen:
    """Numbers that are no facts, in the order of what the result is made of, at most eight.

    Effects first, then levels without the programme and what an outcome is worth, what is compared
    with, what can be freed, what the programme costs; of what is paid on before what is not.
    """
    paid = _metrics_paid_on(told)
    ranked = []
    for row, given in zip(told.rows, told.run.assumptions, strict=True):
        rank = _rank(row.key, paid)
        if row.grade in _WEAK and rank is not None and given.number is not None:
            ranked.append((rank, row, given))
    return [(row, given) for _, row, given in sorted(ranked, key=lambda entry: entry[0])[:_MOST]]


def _metrics_paid_on(told: Told) -> set[str]:
    found: set[str] = set()
    for name in measures_paid_on(told.scenario):
        measure = told.scenario.measures.get(name)
        if measure is not None:
            found |= {measure.metric} if measure.metric else set(measure.perimeter or ())
    return found


def _rank(key: str, paid: set[str]) -> int | None:
    """How early a number stands in the list; None of one that is not in it."""
    path = key.split(".")
    room = path[0]
    if room == "metrics" and len(path) > 2 and path[1] in paid:
        return {"effect": 0, "baseline": 1, "price": 1}.get(path[2])
    if room == "states":
        return 0 if "effect" in path else None
    if room == "measures" and "reference" in path:
        return 2 if path[-1] in ("drift", "bias", "value") else None
    if room == "pockets":
        return 3
    if room == "capital" and "costs" in path:
        return 4
    # one number of a list, as a level by contract year, says little by itself
    return 5 if room == "payments" and not path[-1].isdigit() else None


def _table(chosen: _Chosen, told: Told) -> Table:
    language = told.language
    return Table(
        language.say("council.assumptions"),
        tuple(
            Column(language.say(f"column.{name}"), number=False)
            for name in ("what", "value", "grade")
        ),
        tuple(Line((*_said(row, given, told), row.grade_text)) for row, given in chosen),
    )


def _said(row: AssumptionRow, given: Any, told: Told) -> tuple[str, str]:
    """What a number is and its value, without the words of statistics where there are others."""
    names, path = told.names, tuple(row.key.split("."))
    is_ratio = path[0] == "metrics" and path[-1] == "ratio"
    unit = "share" if is_ratio else unit_of(path, names)
    what = names.say("council.what.ratio", metric=names.metric(path[1])) if is_ratio else row.what
    if given.number.value is not None and not is_ratio:  # a stated value is said as everywhere
        return what, row.value
    return what, plain_value(given.number, unit, told) or row.value


def plain_value(number: Number, unit: str, told: Told) -> str:
    """A number as a middle and what it mostly lies within; nothing where its law has neither."""
    names, law = told.names, number.law
    if number.value is not None:
        return names.amount(number.value, unit)
    if number.evidence is not None:
        return _of_studies(number.evidence, unit, told)
    low, high, mode = (getattr(law, key, None) for key in ("low", "high", "mode"))
    mean, sd = _of_beta(law) or (getattr(law, "mean", None), getattr(law, "sd", None))
    median, sigma = getattr(law, "median", None), getattr(law, "sigma", None)
    if median is not None and sigma is not None:  # two futures of three, as ± one deviation
        least, most = (float(f"{median * math.exp(side * sigma):.2g}") for side in (-1, 1))
        span = _span(least, most, unit, told)
        return names.say("council.value.mostly", middle=names.amount(median, unit), span=span)
    if mean is not None and sd is not None:
        span = _span(round(mean - sd, 10), round(mean + sd, 10), unit, told)
        return names.say("council.value.mostly", middle=names.amount(mean, unit), span=span)
    if low is None or high is None:
        return ""
    span = _span(low, high, unit, told)
    if mode is None:
        return span
    return names.say("council.value.mode", span=span, middle=names.amount(mode, unit))


def _of_beta(law: object) -> tuple[float, float] | None:
    """Mean and standard deviation, in two figures, of a beta by its parameters or by a count."""
    alpha, beta = getattr(law, "alpha", None), getattr(law, "beta", None)
    successes, trials = getattr(law, "successes", None), getattr(law, "trials", None)
    if successes is not None and trials is not None:
        alpha, beta = successes, trials - successes
    if alpha is None or beta is None:
        return None
    total = alpha + beta
    sd = math.sqrt(alpha * beta / (total**2 * (total + 1)))
    return float(f"{alpha / total:.2g}"), float(f"{sd:.2g}")


def _of_studies(evidence: Evidence, unit: str, told: Told) -> str:
    """What a new site is taken to have: its middle, and two futures of three around it."""
    found = fit(evidence)
    drawn, scale = found.drawn, found.scale
    ends = (back(drawn.mean + side * drawn.sd, scale) for side in (-1, 1))
    least, most = (float(f"{end:.2g}") for end in ends)
    middle = told.names.amount(float(f"{back(drawn.mean, scale):.2g}"), unit)
    return told.names.say(
        "council.value.mostly", middle=middle, span=_span(least, most, unit, told)
    )


def _span(low: float, high: float, unit: str, told: Told) -> str:
    """Two ends with their unit; percentage points are named once."""
    names, language = told.names, told.language
    if unit != "points":
        return language.span(names.amount(low, unit), names.amount(high, unit))
    ends = (language.stated(round(end * 100, 8)) for end in (low, high))
    return names.points(language.span(*ends))


def source_links(told: Told) -> Iterator[str]:
    """Every source of the scenario, with a link where it has an address."""
    for source in told.scenario.sources.values():
        title = told.language.words(source.title)[0]
        address = web_address(source.address)
        if address:
            link = '<a href="{}" rel="noopener noreferrer">{}</a>'
            yield Markup(link).format(address, title)
        else:
            yield Markup.escape(title)
