"""What the payer commits to: the most it can pay, what is expected, and the terms in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.views.amounts import Amounts
from simulator.views.language import Language
from simulator.views.numbers import NOTHING
from simulator.views.read import Estimate, estimate, find, number
from simulator.views.report.chapters.stakes import payers_table
from simulator.views.report.municipality.voice import is_certain, is_nothing
from simulator.views.report.parts import Bullets, Column, Line, Part, Section, Table
from simulator.views.report.source import Told
from simulator.views.words.limits import limit_sentences
from simulator.views.words.payments import payment_sentences

_KINDS = ("activity_payments", "outcome_payments", "total_payments")


def commitment_section(told: Told) -> Section | None:
    """None of a contract without payments."""
    if not told.scenario.payments:
        return None
    names, language = told.names, told.language
    parts: list[Part] = [_table(told)]
    terms = (*payment_sentences(names), *limit_sentences(names))
    parts.append(Bullets(terms, language.say("council.terms")))
    payers = told.summary.get("outcome_payers") or []
    if len(payers) > 1:
        parts.append(payers_table(payers, names))
    title = language.say("council.commitment")
    return Section("commitment", title, tuple(commitment_sentences(told)), tuple(parts))


def commitment_sentences(told: Told) -> list[str]:
    """The most that can be paid and when the last of it falls due; the worst year."""
    summary, language = told.summary, told.language
    most = number(summary, "municipality.maximum_payment.amount")
    if most is None:
        said = [language.say("council.most.unbounded")]
    else:
        year = find(summary, "municipality.maximum_payment.year")
        said = [language.say("council.most", amount=language.money(most), year=year)]
    paid = estimate(summary, "municipality.total_payments")
    if paid is not None and paid.p95 is not None:
        values = {"amount": language.money(paid.value), "high": paid_phrase(summary, language)}
        said.append(language.say("council.paid", **values))
    return [" ".join(said)]


def paid_phrase(summary: Mapping[str, Any], language: Language) -> str:
    """What is paid in the dearest future of twenty: more than an amount, the whole, or the same."""
    paid = estimate(summary, "municipality.total_payments") or Estimate(0.0)
    most = number(summary, "municipality.maximum_payment.amount")
    if is_certain(paid):
        return language.say("council.paid.always")
    high = language.money(paid.p95)
    if most is not None and high == language.money(most):
        return language.say("council.paid.whole")
    return language.say("council.paid.more", high=high)


def _table(told: Told) -> Table:
    summary, language = told.summary, told.language
    found = {kind: estimate(summary, f"municipality.{kind}") for kind in _KINDS}
    most = number(summary, "municipality.maximum_payment.amount")
    values = [v for f in found.values() if f for v in (f.value, f.p5, f.p50, f.p95)]
    amounts = Amounts.of(language, [*values, most])
    rows = [
        Line(
            (language.say(f"council.{kind}"), *amounts.cells(each)),
            "total" if kind == "total_payments" else "",
        )
        for kind, each in found.items()
        if each is not None and not (is_nothing(each.value) and is_certain(each))
    ]
    highest = NOTHING if most is None else amounts.text(most)
    rows.append(Line((language.say("council.highest"), highest, "", "", "")))
    heads = ("column.expected", "column.p5", "column.p50", "column.p95")
    return Table(
        language.say("council.payments.table", unit=amounts.unit),
        (
            Column(language.say("council.payment"), number=False),
            *(Column(language.say(head)) for head in heads),
        ),
        tuple(rows),
        (language.say("council.range"),),
    )
