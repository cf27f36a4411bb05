"""The contract's part of a plan: payments, classes of capital, events, limits and guarantees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.views.language import Language
from simulator.views.lines import aligned, wrap
from simulator.views.numbers import NOTHING
from simulator.views.words.names import Names

Plan = Mapping[str, Any]


def heads(language: Language, first: str, *others: str) -> tuple[str, ...]:
    """The heading of a table that is set in by two spaces."""
    said = [language.say(f"plan.head.{head}") for head in (first, *others)]
    return (f"  {said[0]}", *said[1:])


def key_of(text: str) -> str:
    """A word of the language as part of a text's key."""
    return text.replace(", ", "_").replace(" ", "_").replace("-", "_")


def claim_lines(plan: Plan, names: Names) -> list[str]:
    """When each payment falls due, what it reads and what is done with it, in which order."""
    language = names.language
    if not plan["claims"]:
        return []
    rows, terms = [heads(language, "due", "payment", "reads")], [[""]]
    for claim in plan["claims"]:
        due = claim["last_due"]
        if claim["claims"] > 1:
            several = {"first": claim["first_due"], "last": due, "count": claim["claims"]}
            due = language.say("plan.due.several", **several)
        kind = language.say(f"plan.kind.{key_of(claim['kind'])}")
        rows.append((f"  {due}", f"{claim['payment']} ({kind})", _reads(claim, language)))
        terms.append([" → ".join(claim["terms"]), *_besides(claim, language)])
    lines = []
    for row, said in zip(aligned(rows), terms, strict=True):
        lines += [row, *wrap("; ".join(part for part in said if part), "      ")]
    order = plan["order"]
    if order != sorted(order):
        lines += wrap(language.say("plan.order", order=", ".join(order)), "  ")
    return lines


def _reads(claim: Mapping[str, Any], language: Language) -> str:
    """What goes in, and what is tested."""
    reads = ", ".join(claim["reads"])
    where = "period" if claim["by_period"] else "cohort" if claim["cohort"] else "all"
    said = language.say(f"plan.reads.{where}", reads=reads, cohort=claim["cohort"] or "")
    pairs = zip(claim["conditions"], claim["tests"], strict=True)
    tests = [
        f"{name} ({', '.join(language.say(f'plan.test.{key_of(test)}') for test in each)})"
        for name, each in pairs
        if name
    ]
    return language.say("plan.reads.if", reads=said, tests=", ".join(tests)) if tests else said


def _besides(claim: Mapping[str, Any], language: Language) -> list[str]:
    """What else is done: a limit of its own, several payers, principal, an early end."""
    said = []
    if claim["limit"]:
        said.append(language.say("plan.own_limit"))
    if len(claim["payers"]) > 1:
        shares = claim["payers"].items()
        parts = [f"{name} {language.stated_percent(share)}" for name, share in shares]
        said.append(language.say("plan.payers", payers=", ".join(parts)))
    if claim["payee"] != "investor":
        said.append(language.say("plan.payee", payee=claim["payee"]))
    if claim["principal"]:
        said.append(language.say("plan.principal"))
    if claim["if_terminated"]:
        said.append(language.say(f"plan.if_terminated.{key_of(claim['if_terminated'])}"))
    return said


def class_lines(plan: Plan, names: Names) -> list[str]:
    """Classes of capital in the order of the waterfall."""
    language = names.language
    if not plan["classes"]:
        return []
    rows = [heads(language, "class", "kind", "share", "rank", "interest", "residual")]
    for each in plan["classes"]:
        shares = (each["share"], each["interest"], each["residual"])
        share, interest, residual = (
            NOTHING if value is None else language.stated_percent(value) for value in shares
        )
        kind = language.say(f"plan.class.{key_of(each['kind'])}")
        rank = NOTHING if each["rank"] is None else language.decimal(each["rank"])
        rows.append((f"  {each['class']}", kind, share, rank, interest, residual))
    return aligned(rows, right=(2, 3, 4, 5))


def event_lines(plan: Plan, names: Names) -> list[str]:
    """Each event with what decides it and when it can take effect."""
    language = names.language
    if not plan["events"]:
        return []
    rows = [heads(language, "stream", "kind", "decided", "law")]
    for event in plan["events"]:
        kind = language.say(f"plan.event.{key_of(event['kind'])}")
        if event["by"]:
            kind = f"{kind} ({event['by']})"
        decided = language.say(f"plan.decided.{event['decided']}", reads=", ".join(event["reads"]))
        days = [event[key] for key in ("date", "from", "to") if event[key]]
        decided = ", ".join([decided, " – ".join(days)]) if days else decided
        rows.append((f"  {event['stream']}", kind, decided, event["chance"] or NOTHING))
    return aligned(rows)


def bound_lines(plan: Plan, names: Names) -> list[str]:
    """Limits, then guarantees, in the order in which they are applied."""
    language = names.language
    said = []
    for limit in plan["limits"]:
        value = limit["value"]
        is_money = limit["limit"] in ("total", "per_period", "per_service_user")
        amount = language.stated_money(value) if is_money else language.stated_percent(value)
        said.append(language.say(f"plan.limit.{limit['limit']}", value=amount))
    for guarantee in plan["guarantees"]:
        text = language.say(
            "plan.guarantee",
            name=guarantee["guarantee"],
            reading=names.say(f"choice.{key_of(guarantee['reading'])}"),
            object=names.say(f"choice.{key_of(guarantee['object'])}"),
            due=guarantee["due"],
        )
        if guarantee["trigger"] != "completion":
            text += names.say(f"plan.trigger.{key_of(guarantee['trigger'])}")
        said.append(text)
    lines = [line for k, text in enumerate(said, 1) for line in wrap(f"{k}. {text}", "  ")]
    return lines or wrap(language.say("plan.bounds.none"), "  ")
