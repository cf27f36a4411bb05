"""Strengths, weaknesses and mitigants: a sentence stands only where its condition holds.

Every rule reads the terms or the result and gives the values of its sentence, or None. Thresholds
stand here and are told in the chapter's note.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.scenario.contract import Payment
from simulator.views.headline import has_capital
from simulator.views.read import estimate, find, number
from simulator.views.report.investor.decision import rests_on
from simulator.views.report.investor.evidence import effect_rows
from simulator.views.report.parts import Bullets, Section
from simulator.views.report.source import Told
from simulator.views.words.measures import measures_paid_on

RARE = 0.10
"""A chance of loss at most this is a strength."""
OFTEN = 1 / 3
"""A chance of loss, or of missing the hurdle, at least this is a weakness."""
WANTS = 2 / 3
"""A payer that gains with at least this chance has a reason of its own to go through with it."""
NOISY = 0.25
"""A settlement error of at least this share of the outcome payments, or of the loss, is one."""
_CONCURRENT = ("matched", "randomised", "difference in differences", "to be collected")

Values = dict[str, Any]
Rule = Callable[[Told], Values | None]


def strengths_section(told: Told) -> Section | None:
    """The sentences whose conditions hold, in three lists; None without private capital."""
    if not has_capital(told.summary):
        return None
    language = told.language
    parts = []
    for group, rules in _RULES.items():
        found = [(name, rule(told)) for name, rule in rules]
        said = tuple(language.say(name, **values) for name, values in found if values is not None)
        items = said or (language.say(_NONE[group]),)
        parts.append(Bullets(items, language.say(f"report.{group}")))
    note = language.say(
        "strengths.note",
        rare=language.stated_percent(RARE),
        often=language.percent(OFTEN, 0),
        noisy=language.stated_percent(NOISY),
    )
    return Section("strengths", language.say("report.strengths"), (note,), tuple(parts))


def _certain(told: Told) -> Values | None:
    """Part of the capital comes back whatever is measured."""
    worst = find(told.summary, "investor.maximum_loss") or {}
    committed = number(told.summary, "investor.committed")
    paid = [key for key in worst.get("rests_on") or [] if key.startswith("payments.")]
    if worst.get("amount") is None or not paid or committed is None:
        return None
    return {
        "what": told.language.join(rests_on(paid, told.names)),
        "worst": told.language.money(worst["amount"]),
        "committed": told.language.money(committed),
    }


def _gains(told: Told) -> Values | None:
    multiple = number(told.summary, "investor.expected_multiple")
    if multiple is None or multiple < 1.0:
        return None
    return {"multiple": told.language.decimal(multiple, 2)}


def _loses(told: Told) -> Values | None:
    multiple = number(told.summary, "investor.expected_multiple")
    if multiple is None or multiple >= 1.0:
        return None
    return {"multiple": told.language.decimal(multiple, 2)}


def _rarely(told: Told) -> Values | None:
    chance = number(told.summary, "investor.loss_probability")
    if chance is None or chance > RARE:
        return None
    return {"chance": told.language.percent(chance)}


def _frequently(told: Told) -> Values | None:
    chance = number(told.summary, "investor.loss_probability")
    if chance is None or chance < OFTEN:
        return None
    return {"chance": told.language.percent(chance)}


def _stepwise(told: Told) -> Values | None:
    """Capital is called as costs arise, so less is out than is committed."""
    capital = told.scenario.capital
    peak = number(told.summary, "investor.peak_exposure")
    committed = number(told.summary, "investor.committed")
    if capital is None or capital.drawdown != "as needed" or peak is None or committed is None:
        return None
    money = told.language.money
    return {"peak": money(peak), "committed": money(committed)} if peak < committed else None


def _payer_gains(told: Told) -> Values | None:
    chance = number(told.summary, "municipality.probability_positive")
    if chance is None or chance < WANTS:
        return None
    return {"payer": told.names.inside("outcome_payer"), "chance": told.language.percent(chance)}


def _compared(told: Told) -> Values | None:
    """Everything paid on is compared with people followed at the same time."""
    kinds = _references(told)
    if not kinds or not all(kind in _CONCURRENT for kind in kinds):
        return None
    return {}


def _fixed(told: Told) -> Values | None:
    """Something paid on is compared with a number set beforehand, or with nothing."""
    scenario, names = told.scenario, told.names
    found = [
        names.measure(name)
        for name in sorted(measures_paid_on(scenario) & set(scenario.measures))
        if (reference := scenario.measures[name].reference) is None
        or reference.kind in ("fixed", "none")
    ]
    return {"measures": told.language.join(found)} if found else None


def _references(told: Told) -> list[str]:
    scenario = told.scenario
    return [
        reference.kind if (reference := scenario.measures[name].reference) else "none"
        for name in sorted(measures_paid_on(scenario) & set(scenario.measures))
    ]


def _hurdle(told: Told) -> Values | None:
    chance = number(told.summary, "investor.hurdle_probability")
    if chance is None or 1.0 - chance < OFTEN:
        return None
    return {"chance": told.language.percent(1.0 - chance)}


def _lopsided(told: Told) -> Values | None:
    """What is lost in a bad case is more than what is gained in a good one."""
    profit = estimate(told.summary, "investor.expected_profit")
    if profit is None or profit.p5 is None or profit.p95 is None:
        return None
    if profit.p5 >= 0 or profit.p95 <= 0 or -profit.p5 <= profit.p95:
        return None
    money = told.language.money
    return {"low": money(-profit.p5), "high": money(profit.p95)}


def _everything(told: Told) -> Values | None:
    """Nothing is certain to come back."""
    worst = find(told.summary, "investor.maximum_loss") or {}
    committed = number(told.summary, "investor.committed")
    if worst.get("amount") is None or committed is None or worst["amount"] < committed:
        return None
    return {"worst": told.language.money(worst["amount"])}


def _unbounded(told: Told) -> Values | None:
    worst = find(told.summary, "investor.maximum_loss") or {}
    return {} if worst and worst.get("amount") is None else None


def _assumed(told: Told) -> Values | None:
    """Some of the effects are assumed."""
    rows = [row for row, _ in effect_rows(told) if "effect" in row.key]
    weak = [row for row in rows if row.grade in ("assumption", "ungraded")]
    if not weak or len(rows) == len(weak):
        return None
    decimal = told.language.decimal
    return {"weak": decimal(len(weak)), "total": decimal(len(rows))}


def _all_assumed(told: Told) -> Values | None:
    """Nothing known lies behind any effect."""
    rows = [row for row, _ in effect_rows(told) if "effect" in row.key]
    weak = all(row.grade in ("assumption", "ungraded") for row in rows)
    return {} if rows and weak else None


def _sourced(told: Told) -> Values | None:
    """Every number on an effect has a source or is computed from facts."""
    rows = [row for row, _ in effect_rows(told) if "effect" in row.key]
    if not rows or any(row.grade not in ("fact", "estimate") for row in rows):
        return None
    return {}


def _noisy(told: Told) -> Values | None:
    """Payments miss what the expected effect would give by a large part of themselves."""
    over = number(told.summary, "contract.overpayment.without_activity")
    under = number(told.summary, "contract.underpayment.without_activity")
    paid = number(told.summary, "municipality.outcome_payments")
    several = len(find(told.summary, "outcome_payers") or []) > 1
    if over is None or under is None or not paid or paid <= 0 or several:
        return None
    if max(over, under) < NOISY * paid:
        return None
    money = told.language.money
    return {"over": money(over), "under": money(under), "paid": money(paid)}


def _error_adds(told: Told) -> Values | None:
    """Settlement error is a large part of the loss, beyond what the paths leave open."""
    room = "investor.before_protection"
    seen = number(told.summary, f"{room}.expected_loss")
    added = estimate(told.summary, f"{room}.expected_loss_from_settlement_error")
    if not seen or added is None or added.low is None or added.low <= 0:
        return None
    if added.value < NOISY * seen:
        return None
    return {"added": told.language.money(added.value), "seen": told.language.money(seen)}


def _single(told: Told) -> Values | None:
    """Every payment that hangs on an outcome hangs on one and the same measure."""
    measures = set(told.scenario.measures)
    read = [_read(payment) & measures for payment in told.scenario.payments.values()]
    hanging = [names for names in read if names]
    common = set.intersection(*hanging) if hanging else set()
    return {"measure": told.names.measure(next(iter(common)))} if len(common) == 1 else None


def _read(payment: Payment) -> set[str]:
    """What a payment is of, multiplied with and tested on."""
    of = {payment.of} if isinstance(payment.of, str) else set(payment.of)
    factors = {term.times for term in payment.terms if term.times is not None}
    when = payment.when if isinstance(payment.when, list) else [payment.when]
    tested = {test.measure for test in when if test is not None and test.measure is not None}
    return of | factors | tested


def _no_events(told: Told) -> Values | None:
    return {} if not told.scenario.events else None


def _guaranteed(told: Told) -> Values | None:
    """What guarantees take off the expected loss, and how often they are called."""
    summary, language = told.summary, told.language
    chance = number(summary, "guarantor.call_probability")
    after = number(summary, "investor.expected_loss")
    before = number(summary, "investor.before_protection.expected_loss")
    if chance is None or after is None or before is None:
        return None
    return {
        "chance": language.percent(chance),
        "before": language.money(before),
        "after": language.money(after),
    }


def _unguaranteed(told: Told) -> Values | None:
    return None if told.scenario.guarantees else {}


def _cushion(told: Told) -> Values | None:
    """Grants and the provider's own pay bear part of what is drawn."""
    classes = told.scenario.capital.classes if told.scenario.capital else {}
    share = sum(c.share.value or 0.0 for c in classes.values() if c.kind != "loan")
    return {"share": told.language.stated_percent(round(share, 6))} if share > 0 else None


def _may_leave(told: Told) -> Values | None:
    """The investor may end the contract on an interim result."""
    classes = told.scenario.capital.classes if told.scenario.capital else {}
    loans = {name for name, entry in classes.items() if entry.kind == "loan"}
    lenders = {"investor", *loans} - {"service_provider"}
    found = [
        told.names.event(name)
        for name, event in sorted(told.scenario.events.items())
        if event.kind == "termination" and event.by in lenders
    ]
    return {"events": told.language.join(found)} if found else None


def _recycled(told: Told) -> Values | None:
    return {} if told.scenario.capital and told.scenario.capital.recycling else None


_NONE = {
    "strength": "strength.none",
    "weakness": "weakness.none",
    "mitigant": "mitigant.none",
}
_RULES: dict[str, tuple[tuple[str, Rule], ...]] = {
    "strength": (
        ("strength.certain", _certain),
        ("strength.gains", _gains),
        ("strength.rarely", _rarely),
        ("strength.stepwise", _stepwise),
        ("strength.payer", _payer_gains),
        ("strength.compared", _compared),
        ("strength.sourced", _sourced),
    ),
    "weakness": (
        ("weakness.loses", _loses),
        ("weakness.frequently", _frequently),
        ("weakness.hurdle", _hurdle),
        ("weakness.lopsided", _lopsided),
        ("weakness.everything", _everything),
        ("weakness.unbounded", _unbounded),
        ("weakness.single", _single),
        ("weakness.noisy", _noisy),
        ("weakness.error_adds", _error_adds),
        ("weakness.fixed", _fixed),
        ("weakness.assumed", _assumed),
        ("weakness.all_assumed", _all_assumed),
        ("weakness.unguaranteed", _unguaranteed),
        ("weakness.no_events", _no_events),
    ),
    "mitigant": (
        ("mitigant.guaranteed", _guaranteed),
        ("mitigant.cushion", _cushion),
        ("mitigant.may_leave", _may_leave),
        ("mitigant.recycled", _recycled),
    ),
}
