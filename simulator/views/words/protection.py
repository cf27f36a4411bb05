"""Fees, other costs and guarantees in words."""

from __future__ import annotations

from simulator.scenario.contract import Cost, Fee, Guarantee
from simulator.views.words.capital import shock_words
from simulator.views.words.levels import level_in_words
from simulator.views.words.measures import in_words
from simulator.views.words.names import Names, capitalised, titled


def fee_sentences(names: Names) -> list[str]:
    """Every fee between two parties, in name order."""
    return [fee_sentence(name, names) for name in sorted(names.scenario.fees)]


def fee_sentence(name: str, names: Names) -> str:
    """Who pays whom which fee."""
    fee = names.scenario.fees[name]
    title = names.language.title(fee.title, name)
    parties = {"payer": names.inside(fee.payer), "payee": names.inside(fee.payee)}
    if fee.share is not None:
        share = in_words(fee.share, "share", names)
        of = names.say(f"fee.of.{fee.of}")
        text = names.say("fee.share", title=title, share=share, of=of, **parties)
    else:
        text = names.say("fee.amount", title=title, amount=_amount(fee, names), **parties)
    text = titled(title, text)
    return text if fee.buys_work else f"{text} {names.say('fee.pure')}"


def cost_sentences(names: Names) -> list[str]:
    """Every cost besides the programme, in name order."""
    return [cost_sentence(name, names) for name in sorted(names.scenario.costs)]


def cost_sentence(name: str, names: Names) -> str:
    """What a cost besides the programme's is, and who bears it."""
    cost = names.scenario.costs[name]
    title = names.language.title(cost.title, name)
    text = names.say(
        "cost.amount",
        title=title,
        party=names.inside(cost.party),
        amount=_amount(cost, names),
    )
    return titled(title, text)


def _amount(item: Fee | Cost, names: Names) -> str:
    """`SEK 100,000 on 1 July 2016`, or so much a year between two dates."""
    start = names.scenario.time.start
    found = []
    if item.amount is not None:
        day = names.language.day(item.date or start)
        found.append(
            names.say("amount.once", amount=in_words(item.amount, "money", names), day=day)
        )
    if item.per_year is not None:
        found.append(
            names.say(
                "amount.per_year",
                amount=in_words(item.per_year, "money", names),
                start=names.language.day(item.start or start),
                end=names.language.day(item.until or names.last_day()),
            )
        )
    text = names.language.join(found)
    if item.shock is None:
        return text
    return f"{text} {names.say('amount.shock', **shock_words(item.shock, names))}"


def guarantee_sentences(names: Names) -> list[str]:
    """Every guarantee in the order in which they are called."""
    guarantees = names.scenario.guarantees
    if not guarantees:
        return [names.say("guarantee.none")] if names.scenario.capital else []
    called = sorted(guarantees, key=lambda name: (guarantees[name].order, name))
    found = [guarantee_sentence(name, names) for name in called]
    if len(found) > 1:
        titles = [names.quote(names.guarantee(name)) for name in called]
        found.append(names.say("guarantee.order", titles=names.language.join(titles)))
    return found


def guarantee_sentence(name: str, names: Names) -> str:
    """What the guarantor shall cover, and when it is called."""
    guarantee = names.scenario.guarantees[name]
    key = f"guarantee.{guarantee.reading.replace(' ', '_')}"
    values = {
        "guarantor": names.inside(guarantee.guarantor),
        "coverage": names.value(guarantee.coverage, "share") if guarantee.coverage else "",
        "object": _object(guarantee, names),
        "attachment": level_in_words(guarantee.attachment, names) if guarantee.attachment else "",
        "detachment": level_in_words(guarantee.detachment, names) if guarantee.detachment else "",
        "maximum": level_in_words(guarantee.maximum, names) if guarantee.maximum else "",
    }
    text = names.say(key, **values)
    clauses = []
    if guarantee.cap is not None:
        clauses.append(names.say("guarantee.cap", level=level_in_words(guarantee.cap, names)))
    if guarantee.after is not None:
        clauses.append(
            names.say("guarantee.after", duration=names.language.duration(guarantee.after))
        )
    text = capitalised(text)
    return " ".join([text, names.say(f"guarantee.trigger{_trigger(guarantee, names)}"), *clauses])


def _trigger(guarantee: Guarantee, names: Names) -> str:
    """Which text says when it is called; where nothing ends early there is one only."""
    kinds = {event.kind for event in names.scenario.events.values()}
    if guarantee.trigger == "early termination":
        return ".early"
    if "termination" not in kinds:
        return ""
    return ".either" if guarantee.trigger == "either" else ".not_early"


def _object(guarantee: Guarantee, names: Names) -> str:
    """What the coverage refers to; pari passu always shares the loss on the capital drawn."""
    whole = guarantee.reading == "pari passu" and guarantee.object != "with return"
    key = f"guarantee.object.{'drawn' if whole else guarantee.object.replace(' ', '_')}"
    rate = names.value(guarantee.target_return, "share") if guarantee.target_return else ""
    return names.say(key, rate=rate)
