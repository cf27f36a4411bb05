"""Payments in words: one sentence for each payment, from its terms, and what else holds for it."""

from __future__ import annotations

from dataclasses import replace

from simulator.scenario.contract import Measure, Payment
from simulator.scenario.numbers import Number
from simulator.views.words.conditions import conditions_in_words, early_end
from simulator.views.words.levels import level_in_words, owner_of, quantity
from simulator.views.words.names import Names, capitalised, is_activity, titled
from simulator.views.words.signs import can_be_negative
from simulator.views.words.terms import Phrase, apply_terms, worth_unit

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
    return found + [payment_sentence(name, names) for name in rest]


def _is_price_each(payment: Payment, names: Names) -> bool:
    """Whether the payment is a price for each one counted, and nothing else."""
    special = (payment.when, payment.limit, payment.if_terminated, payment.principal)
    if not isinstance(payment.of, str) or payment.per != "contract" or any(special):
        return False
    measure = names.scenario.measures.get(payment.of)
    only_price = len(payment.terms) == 1 and payment.terms[0].price is not None
    return measure is not None and measure.quantity == "count" and only_price


def _tariff(listed: list[str], names: Names) -> str:
    payments = [names.scenario.payments[name] for name in listed]
    prices = [
        names.say(
            "payment.tariff.price",
            title=names.payment(name),
            price=names.value(price, "money"),
        )
        for name, payment in zip(listed, payments, strict=True)
        if (price := payment.terms[0].price) is not None
    ]
    tariff = names.say(
        "payment.tariff",
        payer=names.payers(payments[0]),
        payee=names.inside(payments[0].payee),
        prices="; ".join(prices),
        when=_when(payments[0], names),
    )
    return capitalised(tariff)


def payment_sentence(name: str, names: Names) -> str:
    """Who shall pay whom what for which outcome, and when."""
    payment = names.scenario.payments[name]
    phrase = apply_terms(_head(name, payment, names), payment.terms, names)[-1]
    if is_activity(payment) and not payment.when and payment.if_terminated != "only then":
        phrase = phrase.then(names.say("payment.unconditional"))
    if payment.per != "contract":
        phrase = phrase.then(names.say(f"payment.per.{payment.per}", period=names.period()))
    several = len(payment.payers) > 1
    sentence = names.say(
        "payment.sentence.several" if several else "payment.sentence",
        title=names.payment(name),
        payer=names.payers(payment),
        payee=names.inside(payment.payee),
        amount=phrase.text,
        conditions=conditions_in_words(payment, names),
        when=_when(payment, names) + "".join(phrase.delays),
    )
    return " ".join([titled(names.payment(name), sentence), *_besides(payment, names)])


def _besides(payment: Payment, names: Names) -> list[str]:
    """What else holds: the other direction, the limit, what it repays, an early end."""
    parties = {"payer": names.payers(payment), "payee": names.inside(payment.payee)}
    found = []
    if can_be_negative(payment, names.scenario):
        found.append(names.say("payment.negative", **parties))
    if payment.limit is not None:
        level = level_in_words(payment.limit, names, owner=owner_of(payment, names))
        found.append(names.say("payment.limit", level=level))
    if payment.principal:
        found.append(names.say("payment.principal", **parties))
    ended = early_end(payment, names)
    return [*found, ended] if ended else found


def term_units(payment: Payment, names: Names) -> list[str]:
    """In which unit each term reads the value that reaches it."""
    return [phrase.unit for phrase in apply_terms(_head("", payment, names), payment.terms, names)]


def worth_units(payment: Payment, names: Names) -> list[str]:
    """In which unit each term that is a table or a price gives its value."""
    phrases = apply_terms(_head("", payment, names), payment.terms, names)[:-1]
    return [
        worth_unit(replace(phrase, ahead=tuple(payment.terms[place + 1 :])))
        for place, phrase in enumerate(phrases)
    ]


def _when(payment: Payment, names: Names) -> str:
    how = payment.if_terminated if payment.if_terminated == "only then" else payment.paid
    key = f"payment.paid.{how.replace(' ', '_')}"
    return names.say(key, period=names.period(), day=names.language.day(names.last_day()))


def _head(name: str, payment: Payment, names: Names) -> Phrase:
    """The quantity that the payment starts from, with what its terms must know."""
    owner = owner_of(payment, names)
    return replace(
        _start(payment, names, owner),
        name=name,
        payee=payment.payee,
        owner=owner,
        ahead=tuple(payment.terms),
    )


def _start(payment: Payment, names: Names, owner: str) -> Phrase:
    if isinstance(payment.of, dict):
        return _weighted(payment, payment.of, names)
    running = quantity(payment.of, payment.payee, owner, names)
    if running:
        return Phrase(running, "money")
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
