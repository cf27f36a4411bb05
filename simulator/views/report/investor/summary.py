"""A report's first page: what its reader must know, in sentences, cards and a table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from simulator.scenario.model import Scenario
from simulator.views.headline import (
    Kind,
    has_budget,
    has_capital,
    headline_groups,
    headline_notes,
    write,
)
from simulator.views.language import Language
from simulator.views.numbers import SPACE, spans_zero
from simulator.views.read import Estimate, estimate, verdict_reason
from simulator.views.report.chapters import back
from simulator.views.report.chapters.stakes import payer_sentences
from simulator.views.report.investor.decision import decision_table, terms_in_short
from simulator.views.report.parts import (
    Box,
    Card,
    Cards,
    Column,
    Footnotes,
    Line,
    Part,
    Prose,
    Section,
    Table,
)
from simulator.views.report.source import Told

_Choice = tuple[str, str, Kind]
_INVESTOR: tuple[_Choice, ...] = (
    ("multiple", "investor.expected_multiple", "multiple"),
    ("irr", "investor.irr_of_expected_cash_flow", "rate"),
    ("loss", "investor.loss_probability", "chance"),
    ("worst", "investor.maximum_loss.amount", "money"),
)


def investor_summary(told: Told) -> Section:
    """The decision on a page: what to expect, what can be lost, the terms, what is left out."""
    language = told.language
    sentences = (
        *paragraph(_investor_sentences(told.summary, language)),
        *paragraph(
            _municipality_sentences(told.summary, told.scenario, language) + payer_sentences(told)
        ),
        *_evidence(told.graded, language),
    )
    cards = _cards(told.summary, _INVESTOR, language)
    parts: list[Part] = [Cards(cards)] if cards else []
    verdict = verdict_reason(told.summary, language)
    if verdict:
        parts.append(Box((verdict,)))
    parts.append(terms_in_short(told))
    if has_capital(told.summary):
        parts.append(decision_table(told))
    parts += [Footnotes(cards)] if cards else []
    left_out = back.limits(language, events=bool(told.scenario.events))
    parts.append(Prose((" ".join(left_out),), language.say("report.limits")))
    happened = back.happened(told.scenario, language)
    if happened:
        parts.append(Box(tuple(happened), language.say("report.happened"), "happened"))
    return Section("summary", language.say("report.summary"), sentences, tuple(parts))


def figures_chapter(told: Told) -> Section:
    """Every key figure of every party, with its range."""
    language = told.language
    parts = (_table(told.summary, language),)
    return Section("figures", language.say("report.figures"), (), parts)


def paragraph(sentences: list[str]) -> list[str]:
    """The sentences as one paragraph; none if there are none."""
    return [" ".join(sentences)] if sentences else []


def _investor_sentences(summary: Mapping[str, Any], language: Language) -> list[str]:
    multiple = estimate(summary, "investor.expected_multiple")
    chance = estimate(summary, "investor.loss_probability")
    if multiple is None:
        return []
    said = language.decimal(multiple.value, 2)
    if chance is None:
        return [language.say("headline.multiple.no_loss", multiple=said)]
    sentences = [
        language.say(
            "headline.multiple",
            multiple=said,
            likely=language.likely(chance.value),
            chance=language.percent(chance.value),
        )
    ]
    loss = estimate(summary, "investor.loss_given_loss.money") or estimate(
        summary, "investor.loss_given_loss"
    )
    if loss is not None and chance.value > 0:
        sentences.append(language.say("headline.loss", loss=language.money(loss.value)))
    return sentences


def _municipality_sentences(
    summary: Mapping[str, Any], scenario: Scenario, language: Language
) -> list[str]:
    net = estimate(summary, "municipality.net_budget_effect")
    if net is None or net.p5 is None or net.p95 is None:
        return []
    if net.value < 0 and not has_budget(summary):
        return [
            language.say(
                "headline.effect.paid",
                amount=language.money(-net.value),
                years=language.duration(scenario.time.horizon),
                low=language.money(-net.p95),
                high=language.money(-net.p5),
            )
        ]
    sentences = [
        language.say(
            "headline.effect.gain" if net.value >= 0 else "headline.effect.loss",
            amount=language.money(abs(net.value)),
            years=language.duration(scenario.time.horizon),
            low=language.money(net.p5),
            high=language.money(net.p95),
        )
    ]
    if spans_zero(net.p5, net.p95):
        sentences.append(language.say("headline.effect.zero"))
    return sentences


def _evidence(graded: Mapping[str, int], language: Language) -> list[str]:
    weak = [grade for grade in ("assumption", "ungraded") if graded.get(grade)]
    if not weak:
        return []
    values = {f"{grade}s": language.decimal(graded[grade]) for grade in weak}
    total = language.decimal(sum(graded.values()))
    return [language.say(f"headline.weak.{'_'.join(weak)}", total=total, **values)]


def _cards(
    summary: Mapping[str, Any], chosen: tuple[_Choice, ...], language: Language
) -> tuple[Card, ...]:
    found = []
    for name, key, kind in chosen:
        figure = estimate(summary, key)
        if key.startswith("investor") and not has_capital(summary):
            continue
        label = language.say(f"card.{name}")
        found.append(
            Card(
                label,
                _breakable(write(figure.value if figure else None, kind, language)),
                _under(name, figure, summary, language),
                _note(label, figure, kind, language),
            )
        )
    return tuple(found)


def _breakable(figure: str) -> str:
    """A large figure may break before its unit, never inside its number."""
    return re.sub(rf"{SPACE}(?=[^\d%])", " ", figure)


def _under(
    name: str, figure: Estimate | None, summary: Mapping[str, Any], language: Language
) -> str:
    if name == "multiple":
        drawn = estimate(summary, "investor.drawn")
        return language.say(
            "card.under.committed", drawn=language.money(drawn.value if drawn else None)
        )
    if name == "worst":
        return language.say("card.under.worst" if figure else "card.under.worst.unknown")
    return language.say(f"card.under.{name}")


def _note(label: str, figure: Estimate | None, kind: Kind, language: Language) -> str:
    if kind == "money":
        return language.say("card.note.terms", label=label)
    if figure is None or figure.low is None or figure.high is None:
        return language.say("card.note.none", label=label)
    digits = 4 if kind == "multiple" else 2
    low, high = (_precise(v, kind, digits, language) for v in (figure.low, figure.high))
    return language.say("card.note", label=label, low=low, high=high)


def _precise(value: float, kind: Kind, digits: int, language: Language) -> str:
    """With a digit or two more than the figure: the interval is narrower than what is shown."""
    if kind == "multiple":
        return language.decimal(value, digits)
    return language.percent(value, digits) if kind == "chance" else language.rate(value, digits)


def _table(summary: Mapping[str, Any], language: Language) -> Table:
    groups, amounts = headline_groups(summary, language)
    rows = []
    for group in groups:
        rows.append(Line((group.title, "", "", "", ""), "group"))
        rows += [Line((row.label, row.figure, *row.spread)) for row in group.rows]
    columns = ("figure", "estimate", "p5", "p50", "p95")
    return Table(
        language.say("headline.table", unit=amounts.unit),
        tuple(Column(language.say(f"column.{name}"), name != "figure") for name in columns),
        tuple(rows),
        headline_notes(summary, language),
    )
