"""The terms in short, and the figures that an investor decides on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.scenario.contract import Guarantee
from simulator.views.amounts import Amounts
from simulator.views.headline import Kind, write
from simulator.views.language import Language
from simulator.views.read import Estimate, as_estimate, estimate, find
from simulator.views.report.parts import Column, Line, Table
from simulator.views.report.source import Told
from simulator.views.words.limits import limit_sentences
from simulator.views.words.names import Names


@dataclass(frozen=True)
class _Figure:
    """A row: its text's key, its place in the summary, its kind; `spread` if not its own range."""

    name: str
    key: str
    kind: Kind
    spread: str = ""


# beside the cards, which have repayment, IRR, the chance of loss and the most that can be lost
_FIGURES = (
    _Figure("investor.net_present_value", "investor.net_present_value", "money"),
    _Figure("investor.median_irr", "investor.median_irr", "rate", "investor.quantiles.irr"),
    _Figure("investor.expected_profit", "investor.expected_profit", "money"),
    _Figure("investor.total_loss_probability", "investor.total_loss_probability", "chance"),
    _Figure("investor.hurdle_missed", "investor.hurdle_probability", "chance"),
    _Figure("investor.expected_shortfall_95", "investor.expected_shortfall_95", "money"),
)


def terms_in_short(told: Told) -> Table:
    """Who puts in how much, what comes back, what bounds it, what protects it, and until when."""
    language = told.language
    rows = [(row, text) for row, text in _terms(told) if text]
    return Table(
        language.say("short.table"),
        (
            Column(language.say("column.item"), number=False),
            Column(language.say("short.term"), number=False),
        ),
        tuple(Line((language.say(f"short.{row}"), text)) for row, text in rows),
    )


def _terms(told: Told) -> list[tuple[str, str]]:
    scenario, names, language = told.scenario, told.names, told.language
    capital = scenario.capital
    investors = [names.party(name) for name in sorted(capital.classes)] if capital else []
    committed = names.value(capital.commitment, "money") if capital else ""
    until = find(told.summary, "contract.maximum_payment.year")
    return [
        ("investor", language.join(investors or [names.party("investor")]) if capital else ""),
        ("capital", committed),
        ("payer", language.join(_payers(names))),
        ("payments", "; ".join(names.payment(name) for name in sorted(scenario.payments))),
        ("limits", " ".join(limit_sentences(names))),
        ("protection", _protection(names)),
        ("ends", "; ".join(names.event(e) for e in sorted(_endings(told)))),
        (
            "time",
            language.say(
                "short.from_to",
                start=language.day(scenario.time.start),
                end=language.day(names.last_day()),
            ),
        ),
        ("last", str(until) if until is not None else ""),
    ]


def _payers(names: Names) -> list[str]:
    found = {name for payment in names.scenario.payments.values() for name in payment.payers}
    return [names.party(name) for name in sorted(found)]


def _endings(told: Told) -> list[str]:
    ends = ("non-start", "termination")
    return [name for name, event in told.scenario.events.items() if event.kind in ends]


def _protection(names: Names) -> str:
    guarantees = sorted(
        names.scenario.guarantees.items(), key=lambda item: (item[1].order, item[0])
    )
    if not guarantees:
        return names.say("short.protection.none") if names.scenario.capital else ""
    return "; ".join(_guarantee(name, guarantee, names) for name, guarantee in guarantees)


def _guarantee(name: str, guarantee: Guarantee, names: Names) -> str:
    if not guarantee.title:
        return names.guarantee(name)
    guarantor = names.party(guarantee.guarantor)
    return names.say("short.guarantee", title=names.guarantee(name), guarantor=guarantor)


def decision_table(told: Told) -> Table:
    """The figures with their ranges; Monte Carlo intervals and conventions stand beneath."""
    summary, language = told.summary, told.language
    found = [(figure, _read(summary, figure)) for figure in _FIGURES]
    known = [(figure, value) for figure, value in found if value is not None]
    amounts = Amounts.for_headline(
        language,
        [v for f, e in known if f.kind == "money" for v in (e.value, e.p5, e.p95)],
    )
    rows = [_row(figure, value, amounts) for figure, value in known]
    columns = ("figure", "estimate", "p5", "p50", "p95")
    return Table(
        language.say("decision.table", unit=amounts.unit),
        tuple(Column(language.say(f"column.{name}"), name != "figure") for name in columns),
        tuple(rows),
        (_errors(known, language), " ".join((*_conventions(told), _worst_note(told)))),
    )


def _read(summary: Mapping[str, Any], figure: _Figure) -> Estimate | None:
    """The figure; of the chance of reaching the hurdle the other side, of a quantile its others."""
    found = estimate(summary, figure.key)
    if found is None:
        return None
    if figure.name == "investor.hurdle_missed":
        low, high = found.low, found.high
        return Estimate(
            1.0 - found.value,
            None if high is None else 1.0 - high,
            None if low is None else 1.0 - low,
        )
    if figure.spread:
        p5, p50, p95 = (
            as_estimate(find(summary, f"{figure.spread}.{level}")) for level in ("p5", "p50", "p95")
        )
        value = (found.value, found.low, found.high)
        return Estimate(*value, *(e.value if e else None for e in (p5, p50, p95)))
    return found


def _row(figure: _Figure, found: Estimate, amounts: Amounts) -> Line:
    def text(value: float | None) -> str:
        if value is None:
            return ""
        if figure.kind == "money":
            return amounts.text(value)
        return write(value, figure.kind, amounts.language)

    label = amounts.language.say(f"figure.{figure.name}")
    return Line((label, *(text(v) for v in (found.value, found.p5, found.p50, found.p95))))


def _errors(known: list[tuple[_Figure, Estimate]], language: Language) -> str:
    """The simulation's own uncertainty of every figure, in one sentence."""
    said = []
    for figure, found in known:
        if found.low is None or found.high is None:
            continue
        low, high = (_precise(v, figure.kind, language) for v in (found.low, found.high))
        said.append(
            language.say(
                "decision.error",
                figure=language.say(f"figure.{figure.name}"),
                span=language.span(low, high),
            )
        )
    return language.say("decision.errors", errors="; ".join(said)) if said else ""


def _precise(value: float, kind: Kind, language: Language) -> str:
    if kind == "money":
        return language.money(value)
    if kind == "multiple":
        return language.decimal(value, 4)
    return language.percent(value, 2) if kind == "chance" else language.rate(value, 2)


def _worst_note(told: Told) -> str:
    """What the most that can be lost rests on."""
    names, found = told.names, find(told.summary, "investor.maximum_loss") or {}
    if found.get("amount") is None:
        return names.say("decision.worst.unknown")
    rests = rests_on(found.get("rests_on") or [], names)
    if not rests:
        return names.say("decision.worst.all")
    return names.say("decision.worst.rests", what=names.language.join(rests))


def rests_on(keys: list[str], names: Names) -> list[str]:
    """Titles of the payments and the guarantee that are paid whatever is measured."""
    found = []
    for key in keys:
        room, _, name = key.partition(".")
        if room == "payments":
            found.append(names.quote(names.payment(name)))
        else:
            found.append(names.quote(names.guarantee(name)))
    return found


def _conventions(told: Told) -> list[str]:
    """How IRR and the hurdle are meant."""
    names, rate = told.names, told.scenario.rates.get("investor")
    said = [names.say("decision.irr")]
    if rate is None:
        return [*said, names.say("decision.no_rate")]
    form = "nominal" if rate.nominal is not None else "real"
    stated = rate.nominal or rate.real
    if stated is None:
        return [*said, names.say("decision.no_rate")]
    return [*said, names.say(f"decision.rate.{form}", rate=names.value(stated, "share"))]
