"""The follow-up plan: what is measured, when, by whom, and when money moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulator.views.numbers import NOTHING
from simulator.views.read import find
from simulator.views.report.parts import Column, Line, Section, Table
from simulator.views.report.source import Told
from simulator.views.words.measures import measures_paid_on
from simulator.views.words.names import Names, capitalised

_MEASURE = Mapping[str, Any]
_MOST = 8  # titles in one cell
_DAYS = ("from", "to", "done")


def followup_section(told: Told) -> Section | None:
    """None where nothing is measured and nothing is paid."""
    rows = (*_measures(told), *_payments(told), *_guarantees(told))
    if not rows:
        return None
    language = told.language
    heads = ("what", "who", "from", "to", "done")
    table = Table(
        language.say("council.follow.table"),
        tuple(Column(language.say(f"council.follow.{head}"), head in _DAYS) for head in heads),
        rows,
    )
    title = language.say("council.follow")
    return Section("followup", title, (" ".join(_sentences(told)),), (table,))


def _sentences(told: Told) -> list[str]:
    evaluator = _evaluator(told.names)
    key = "council.follow.intro" if evaluator else "council.follow.intro.nobody"
    return [told.language.say(key, evaluator=evaluator)]


def _evaluator(names: Names) -> str:
    return names.inside("evaluator") if "evaluator" in names.scenario.parties else ""


def _measures(told: Told) -> Iterator[Line]:
    """What is measured and paid on, then what is followed without being paid on."""
    paid_on = measures_paid_on(told.scenario)
    entries = [entry for entry in told.summary.get("measures") or [] if entry["window"]]
    paid = [entry for entry in entries if entry["measure"] in paid_on]
    rest = [entry for entry in entries if entry["measure"] not in paid_on]
    for key, listed in (("council.follow.paid_on", paid), ("council.follow.not_paid_on", rest)):
        if listed:
            yield Line((told.language.say(key), "", "", "", ""), "group")
            yield from _rows(listed, told)


def _rows(entries: list[_MEASURE], told: Told) -> Iterator[Line]:
    """One row for all measures that are taken on the same days."""
    language = told.language
    who = language.say("council.follow.evaluator") if _evaluator(told.names) else NOTHING
    together: dict[tuple[str, str, str], list[str]] = {}
    for entry in entries:
        window = entry["window"]
        title = language.title(entry.get("title"), str(entry["measure"]))
        together.setdefault((window["from"], window["to"], window["reported"]), []).append(title)
    for (begins, ends, reported), titles in sorted(together.items(), key=lambda pair: pair[0][2]):
        yield Line((_listed(titles, told), who, begins, ends, reported))


def _listed(titles: list[str], told: Told) -> str:
    """All of them; of very many the first, and how many more: the terms name them all."""
    if len(titles) <= _MOST:
        return "; ".join(titles)
    more = told.language.say("council.follow.more", count=told.language.decimal(len(titles) - 3))
    return f"{'; '.join(titles[:3])} {more}"


def _payments(told: Told) -> Iterator[Line]:
    """When payments fall due, and who pays whom; one row for all that agree in both."""
    names, language = told.names, told.language
    together: dict[tuple[str, str, str, int], list[str]] = {}
    for due in find(told.summary, "contract.payments") or []:
        payers = language.join([names.inside(payer) for payer in due["payers"]])
        payee = names.inside(due["payee"])
        who = capitalised(language.say("council.follow.pays", payer=payers, payee=payee))
        key = (due["first_due"], due["last_due"], who, due["claims"])
        together.setdefault(key, []).append(names.payment(due["payment"]))
    if together:
        yield Line((language.say("council.follow.money"), "", "", "", ""), "group")
    for (first, last, who, claims), titles in sorted(together.items()):
        listed = _listed(titles, told)
        if claims > 1:
            listed = language.say("council.follow.times", payment=listed, count=claims)
        ends = (first, last) if claims > 1 else (NOTHING, NOTHING)
        yield Line((listed, who, *ends, last))


def _guarantees(told: Told) -> Iterator[Line]:
    """Who answers for the investor's loss once the contract is completed."""
    names, language = told.names, told.language
    if not told.scenario.guarantees:
        return
    yield Line((language.say("council.follow.guarantees"), "", "", "", ""), "group")
    for name, guarantee in sorted(told.scenario.guarantees.items()):
        title = language.say("council.follow.guarantee")
        if guarantee.title:
            title = language.title(guarantee.title, name)
        who = names.party(guarantee.guarantor)
        yield Line((title, who, NOTHING, NOTHING, language.say("council.follow.completion")))
