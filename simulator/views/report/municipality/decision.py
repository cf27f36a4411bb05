"""What a council decides on, in half a page: what the contract does, and neutral points."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from simulator.scenario.model import Scenario
from simulator.views.headline import has_budget
from simulator.views.language import Language
from simulator.views.numbers import spans_zero
from simulator.views.read import Estimate, estimate, find, number, verdict_reason
from simulator.views.report.chapters import back
from simulator.views.report.chapters.contract import changes
from simulator.views.report.chapters.parties import pocket_name
from simulator.views.report.chapters.stakes import payer_sentences
from simulator.views.report.municipality.commitment import paid_phrase
from simulator.views.report.municipality.voice import (
    is_certain,
    is_nothing,
    is_swedish,
    own_pockets,
    saves,
    service_users,
    years_of,
    years_paid,
)
from simulator.views.report.parts import Box, Bullets, Part, Section
from simulator.views.report.source import Told

_LISTED = 3  # so many years are named one by one


def municipality_summary(told: Told) -> Section:
    """What the contract does to the budget, in sentences, and what there is to decide."""
    summary, language = told.summary, told.language
    said = [
        *people_sentences(told),
        *payer_sentences(told),
        *effect_sentences(summary, told.scenario, language),
        *cashable_sentences(summary, language),
        *evidence_sentences(told.graded, language),
    ]
    parts: list[Part] = [Box((note,)) for note in changes(told)]
    points = tuple(decision_points(told))
    if points:
        parts.append(Bullets(points, language.say("council.points")))
    verdict = verdict_reason(summary, language)
    if verdict:
        parts.append(Box((verdict,)))
    happened = back.happened(told.scenario, language)
    if happened:
        parts.append(Box((" ".join(happened),), language.say("report.happened"), "happened"))
    return Section("summary", language.say("council.summary"), (" ".join(said),), tuple(parts))


def people_sentences(told: Told) -> list[str]:
    """How many may take part, and over which years."""
    language, people = told.language, service_users(told.scenario)
    users = language.count(people, "service_user")
    begins, ends = told.scenario.time.start, told.names.last_day()
    if enrols_nobody(told.summary):
        return [language.say("council.nobody", users=users)]
    dates = {"start": begins.isoformat(), "end": ends.isoformat()}
    return [language.say("council.people", users=users, **dates)]


def enrols_nobody(summary: Mapping[str, Any]) -> bool:
    """True where nobody ever takes part: no outcome differs, expected or true, in any future."""
    outcomes = summary.get("outcomes") or []
    effects = [estimate(entry, key) for entry in outcomes for key in _EFFECTS]
    return bool(outcomes) and all(
        found is not None and found.value == 0 and found.p5 == 0 and found.p95 == 0
        for found in effects
    )


_EFFECTS = ("expected_effect", "true_effect")


def effect_sentences(
    summary: Mapping[str, Any], scenario: Scenario, language: Language
) -> list[str]:
    """What the budget is expected to gain or lose, and whether it may be either."""
    net = estimate(summary, "municipality.net_budget_effect")
    if net is None or net.p5 is None or net.p95 is None:
        return []
    years = language.duration(scenario.time.horizon)
    if is_certain(net):
        amount = language.money(abs(net.value))
        return [language.say(f"council.effect.certain.{_sign(net)}", amount=amount, years=years)]
    if net.value < 0 and not has_budget(summary):
        span = language.span(language.money(-net.p95), language.money(-net.p5))
        amount = language.money(-net.value)
        return [language.say("council.effect.paid", amount=amount, years=years, span=span)]
    span = language.span(language.money(net.p5), language.money(net.p95))
    amount = language.money(abs(net.value))
    said = [language.say(f"council.effect.{_sign(net)}", amount=amount, years=years, span=span)]
    which = "positive" if spans_zero(net.p5, net.p95) or net.value < 0 else "negative"
    chance = number(summary, f"municipality.probability_{which}")
    if chance is not None:
        key = "either" if spans_zero(net.p5, net.p95) else which
        values = {"likely": language.likely(chance), "chance": language.percent(chance)}
        said.append(language.say(f"council.chance.{key}", **values))
    return said


def _sign(found: Estimate) -> str:
    if is_nothing(found.value):
        return "nothing"
    return "gain" if found.value > 0 else "loss"


def cashable_sentences(summary: Mapping[str, Any], language: Language) -> list[str]:
    """What is left where only savings that can be freed are counted."""
    net = estimate(summary, "municipality.net_budget_effect")
    found = estimate(summary, "municipality.net_budget_effect_cashable")
    if net is None or found is None or not saves(summary) or is_nothing(found.value):
        return []
    turned = net.value * found.value < 0
    key = f"council.cashable.{'turned' if turned else 'same'}.{_sign(found)}"
    return [language.say(key, amount=language.money(abs(found.value)))]


def evidence_sentences(graded: Mapping[str, int], language: Language) -> list[str]:
    """How many numbers rest on no source."""
    weak = sum(graded.get(grade, 0) for grade in ("assumption", "ungraded"))
    if not weak:
        return []
    total = sum(graded.values())
    key = f"council.weak.{'one' if weak == 1 else 'many'}"
    return [language.say(key, weak=language.decimal(weak), total=language.decimal(total))]


# --- the points -----------------------------------------------------------------------------------


def decision_points(told: Told) -> Iterator[str]:
    """Each point in neutral wording, with the numbers that it rests on."""
    yield from _contract(told)
    if told.scenario.payments:
        yield _commitment(told)
        yield from _budgets(told)
    yield from _savings(told)
    yield from _follow_up(told)


def _contract(told: Told) -> Iterator[str]:
    language = told.language
    net = estimate(told.summary, "municipality.net_budget_effect")
    years = years_of(told.summary)
    if net is None or not years:
        return
    amount = language.money(abs(net.value))
    paid = net.value < 0 and not has_budget(told.summary)  # nothing could be saved: a cost
    values = {"net": language.say(f"council.net.{'paid' if paid else _sign(net)}", amount=amount)}
    values["last"] = str(years[-1]["year"])
    if is_certain(net):
        yield language.say("council.point.contract.certain", **values)
        return
    low, high = net.p5, net.p95
    if paid and low is not None and high is not None:
        low, high = -high, -low
    span = language.span(language.money(low), language.money(high))
    yield language.say("council.point.contract", span=span, **values)


def _commitment(told: Told) -> str:
    language = told.language
    paid = estimate(told.summary, "municipality.total_payments") or Estimate(0.0)
    rests = paid_phrase(told.summary, language)
    most = number(told.summary, "municipality.maximum_payment.amount")
    expected = language.money(paid.value)
    if most is None:
        return language.say("council.point.unbounded", expected=expected, high=rests)
    amount = language.money(most)
    return language.say("council.point.commitment", most=amount, expected=expected, high=rests)


def _budgets(told: Told) -> Iterator[str]:
    language, paid = told.language, years_paid(told.summary)
    if not paid:
        return
    if len(paid) <= _LISTED:
        parts = [
            language.say("council.in_year", amount=language.money(amount), year=year)
            for year, amount in paid
        ]
        yield language.say("council.point.budget", years=language.join(parts))
        return
    year, amount = max(paid, key=lambda entry: entry[1])
    values = {"first": paid[0][0], "last": paid[-1][0], "year": year}
    yield language.say("council.point.budgets", amount=language.money(amount), **values)


def _savings(told: Told) -> Iterator[str]:
    summary, language = told.summary, told.language
    gross = number(summary, "municipality.gross_savings")
    freed = number(summary, "municipality.gross_savings_cashable")
    if gross is None or freed is None or gross <= 0 or not saves(summary):
        return
    pockets = [pocket_name(entry, told.names) for entry in own_pockets(summary)]
    where = "" if is_swedish(language) else ".elsewhere"
    if not 0 <= freed <= gross:  # budgets that lose weigh differently in the two sums
        where = ".mixed"
    yield language.say(
        f"council.point.savings{where}",
        pockets="; ".join(pockets),
        gross=language.money(gross),
        freed=language.money(freed),
    )


def _follow_up(told: Told) -> Iterator[str]:
    language = told.language
    reports = [m["window"]["reported"] for m in told.summary.get("measures") or [] if m["window"]]
    dues = [due["last_due"] for due in find(told.summary, "contract.payments") or []]
    if not reports:
        return
    reported = language.day(datetime.date.fromisoformat(max(reports)))
    if not dues:
        yield language.say("council.point.follow_up.unpaid", reported=reported)
        return
    due = language.day(datetime.date.fromisoformat(max(dues)))
    yield language.say("council.point.follow_up", reported=reported, due=due)
