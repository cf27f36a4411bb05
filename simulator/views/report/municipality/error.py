"""Over- and underpayment: what is paid because of luck and measurement, in money and words."""

from __future__ import annotations

from simulator.views.amounts import Amounts
from simulator.views.read import Estimate, estimate, find
from simulator.views.report.chapters.loss_error import loss_error_sentences
from simulator.views.report.chapters.outcomes import leaning, measured_sentence
from simulator.views.report.municipality.voice import is_nothing
from simulator.views.report.parts import Column, Line, Section, Table
from simulator.views.report.source import Told

_SIDES = ("overpayment", "underpayment")


def error_section(told: Told) -> Section | None:
    """None of a contract without payments."""
    found = {side: estimate(told.summary, f"municipality.{side}.with_activity") for side in _SIDES}
    over, under = found["overpayment"], found["underpayment"]
    if over is None or under is None or not told.scenario.payments:
        return None
    paragraphs = [" ".join(error_sentences(told, over, under))]
    tables: tuple[Table, ...] = ()
    if not (is_nothing(over.value) and is_nothing(under.value)):
        paragraphs += [*measured_sentence(told), *_borne(told)]
        tables = (_table(told, {"overpayment": over, "underpayment": under}),)
    title = told.language.say("council.error")
    return Section("settlement", title, tuple(paragraphs), tables)


def _borne(told: Told) -> list[str]:
    """What that does to the investor's loss, where it is known."""
    unknown = find(told.summary, "investor.before_protection.settlement_error_not_apart")
    return [] if unknown else loss_error_sentences(told)


def error_sentences(told: Told, over: Estimate, under: Estimate) -> list[str]:
    """What is paid too much and too little on average, and in one future of twenty."""
    language = told.language
    if is_nothing(over.value) and is_nothing(under.value):
        return [language.say("council.error.none")]
    said = [language.say(f"council.error.why{leaning(over, under)}")]
    for side, found in (("over", over), ("under", under)):
        if is_nothing(found.value):
            said.append(language.say(f"council.error.{side}.never"))
            continue
        values = {"amount": language.money(found.value), "high": language.money(found.p95)}
        key = f"council.error.{side}.{'rare' if is_nothing(found.p95) else 'seen'}"
        said.append(language.say(key, **values))
    return said


def _table(told: Told, found: dict[str, Estimate]) -> Table:
    language = told.language
    amounts = Amounts.of(language, [v for f in found.values() for v in (f.value, f.p95)])
    heads = ("column.expected", "column.p5", "column.p50", "column.p95")
    return Table(
        language.say("council.error.table", unit=amounts.unit),
        (
            Column(language.say("council.payment"), number=False),
            *(Column(language.say(head)) for head in heads),
        ),
        tuple(
            Line((language.say(f"settlement.{side}.with_activity"), *amounts.cells(each)))
            for side, each in found.items()
        ),
    )
