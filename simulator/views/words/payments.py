"""Payments and limits in words: one sentence for each payment, from its terms."""

from __future__ import annotations

from simulator.scenario.contract import Condition, Measure, Payment
from simulator.scenario.numbers import Number
from simulator.views.words.names import Names
from simulator.views.words.terms import Phrase, apply_term

_TARIFF = 4  # so many payments that differ in their price alone are told as one list


def payment_sentences(names: Names) -> list[str]:
    """Every payment in name order; a tariff of prices for each outcome as one sentence."""
    lists: dict[tuple[str, str, str], list[str]] = {}
    for name, payment in sorted(names.scenario.payments.items()):
        if _is_price_each(payment, names):
            lists.setdefault((names.payers(payment), payment.payee, payment.paid), []).append(name)
    tariffs = [listed for listed in lists.values() if len(listed) >= _TARIFF]
    told = {name for listed in tariffs for name in listed}
    found = [_tariff(listed, names) for listed in tariffs]
    rest = sorted(set(names.scenario.payments) - told)
    return found + [_payment(name, names.scenario.payments[name], names) for name in rest]


def _is_price_each(payment: Payment, names: Names) -> bool:
    """Whether the payment is a price for each one counted, and nothing else."""
    if not isinstance(payment.of, str) or payment.when or payment.per != "contract":
        return False
    measure = names.scenario.measures.get(payment.of)
    only_price = len(payment.terms) == 1 and payment.terms[0].price is not None
    return measure is not None and measure.quantity == "count" and only_price


def _tariff(listed: list[str], names: Names) -> str:
    payments = [names.scenario.payments[name] for name in listed]
    prices = [
        names.say(
            "payment.tariff.price",
            title=payment_title(name, names),
            price=names.value(price, "money"),
        )
        for name, payment in zip(listed, payments, strict=True)
        if (price := payment.terms[0].price) is not None
    ]
    return names.say(
        "payment.tariff",
        payer=names.payers(payments[0]),
        payee=names.party(payments[0].payee),
        prices="; ".join(prices),
        when=_when(payments[0], names),
    )


def is_activity(payment: Payment) -> bool:
    """A payment on cost or capital is an activity payment; all others follow outcomes."""
    return payment.of in ("capital_drawn", "cost")


def payment_title(name: str, names: Names) -> str:
    """The payment's title, or its kind and name."""
    payment = names.scenario.payments[name]
    if payment.title:
        return names.language.title(payment.title, name)
    kind = names.say("payment.kind.activity" if is_activity(payment) else "payment.kind.outcome")
    return names.say("payment.kind.named", kind=kind, name=name.replace("_", " "))


def _payment(name: str, payment: Payment, names: Names) -> str:
    phrase = _head(payment, names)
    for term in payment.terms:
        phrase = apply_term(phrase, term, names)
    if is_activity(payment) and not payment.when:
        phrase = phrase.then(names.say("payment.unconditional"))
    if payment.per != "contract":
        phrase = phrase.then(names.say(f"payment.per.{payment.per}", period=names.period()))
    return names.say(
        "payment.sentence",
        title=payment_title(name, names),
        payer=names.payers(payment),
        payee=names.party(payment.payee),
        amount=phrase.text,
        conditions=_conditions(payment, names),
        when=_when(payment, names) + "".join(phrase.delays),
    )


def term_units(payment: Payment, names: Names) -> list[str]:
    """In which unit each term reads the value that reaches it."""
    phrase, units = _head(payment, names), []
    for term in payment.terms:
        units.append(phrase.unit)
        phrase = apply_term(phrase, term, names)
    return units


def _when(payment: Payment, names: Names) -> str:
    key = f"payment.paid.{payment.paid.replace(' ', '_')}"
    return names.say(key, period=names.period(), day=names.language.day(names.last_day()))


def _conditions(payment: Payment, names: Names) -> str:
    given = (
        payment.when if isinstance(payment.when, list) else [payment.when] if payment.when else []
    )
    tests = [test for condition in given for test in _condition(condition, names)]
    return names.say("payment.condition", tests=names.language.join(tests)) if tests else ""


def _condition(condition: Condition, names: Names) -> list[str]:
    if condition.measure is None:
        return []
    measure = names.scenario.measures.get(condition.measure)
    unit = names.unit_of(measure) if measure else ""
    called = names.measure(condition.measure)
    found = []
    if condition.at_least is not None:
        level = names.value(condition.at_least, unit)
        found.append(names.say("condition.at_least", measure=called, level=level))
    if condition.below is not None:
        level = names.value(condition.below, unit)
        found.append(names.say("condition.below", measure=called, level=level))
    return found


def _head(payment: Payment, names: Names) -> Phrase:
    """The quantity that the payment starts from."""
    if isinstance(payment.of, dict):
        return _weighted(payment, payment.of, names)
    if payment.of in ("capital_drawn", "cost"):
        return Phrase(names.say(f"of.{payment.of}"), "money")
    measure = names.scenario.measures.get(payment.of)
    if measure is None:
        return Phrase(names.quote(payment.of), "")
    if names.unit_of(measure) == "money" and (measure.quantity or "saving") == "saving":
        alone = (
            sum((m.quantity or "saving") == "saving" for m in names.scenario.measures.values()) == 1
        )
        which = "" if alone else names.say("of.saving.which", measure=names.measure(payment.of))
        return Phrase(names.say("of.saving", which=which), "money", each="money", saved=which)
    head = names.say("of.measure", measure=names.measure(payment.of))
    return Phrase(head, names.unit_of(measure), each=_each(measure, names))


def _weighted_unit(payment: Payment, measures: list[Measure], names: Names) -> str:
    """Money where nothing turns the sum into it; a mean of one unit keeps that unit."""
    if not any(term.price or term.bands or term.table for term in payment.terms):
        return "money"
    assert isinstance(payment.of, dict)
    units = {names.unit_of(measure) for measure in measures}
    mean = abs(sum(weight.value or 0.0 for weight in payment.of.values()) - 1) < 1e-9
    return units.pop() if mean and len(units) == 1 else ""


def _weighted(payment: Payment, weights: dict[str, Number], names: Names) -> Phrase:
    parts = [
        names.say(
            "of.weighted.part",
            weight=names.language.stated(weights[name].value or 0.0),
            measure=names.measure(name),
        )
        for name in sorted(weights)
    ]
    measures = [
        names.scenario.measures[name] for name in weights if name in names.scenario.measures
    ]
    unit = _weighted_unit(payment, measures, names)
    alike = len({_each(measure, names) for measure in measures}) == 1
    each = _each(measures[0], names) if unit and alike else "unit"
    return Phrase(names.say("of.weighted", parts=names.language.join(parts)), unit, each=each)


def _each(measure: Measure, names: Names) -> str:
    """What one unit of the measure's value is: a person, an event, a percentage point, money."""
    metric = names.scenario.metrics.get(measure.metric or "")
    unit = names.unit_of(measure)
    if unit in ("share", "points"):
        return "point"
    if metric is None:
        return "unit"
    per_user = measure.quantity in ("rate", "effect per user")
    if unit == "money":
        return "money"
    if unit:
        return "named"
    if metric.kind == "binary":
        return "success" if measure.quantity == "count" else "additional"
    return "event" if metric.kind == "count" and not per_user else "unit"


def limit_sentences(names: Names) -> list[str]:
    """What the contract pays at most, and what is cut first."""
    limits, found = names.scenario.limits, []
    if limits.total is not None:
        found.append(names.say("limit.total", amount=names.value(limits.total, "money")))
    if limits.multiple is not None:
        found.append(names.say("limit.multiple", share=names.value(limits.multiple, "share")))
    if limits.annual_return is not None:
        rate = names.value(limits.annual_return.rate, "share")
        found.append(names.say(f"limit.annual_return.{limits.annual_return.form}", rate=rate))
    if not found:
        return [names.say("limit.none")] if names.scenario.payments else []
    return [*found, names.say("limit.cut")]
