"""Who takes part, who funds what and who bears the rest, in words."""

from __future__ import annotations

from simulator.scenario.contract import Shock, Spending
from simulator.views.words.classes import class_sentences
from simulator.views.words.measures import in_words
from simulator.views.words.names import Names, capitalised

_MAIN = ("investor", "outcome_payer", "service_provider", "evaluator", "intermediary", "guarantor")


def people_sentences(names: Names) -> list[str]:
    """How many service users, in which groups, from when, followed until when."""
    cohorts = names.scenario.cohorts
    total = names.language.count(sum(c.service_users for c in cohorts.values()), "service_user")
    followed = names.say(
        "people.followed",
        start=names.language.day(names.scenario.time.start),
        end=names.language.day(names.last_day()),
    )
    if len(cohorts) == 1:
        return [names.say("people.one", total=total), followed]
    groups = [
        names.say(
            "people.group",
            cohort=names.cohort(name),
            number=names.language.decimal(cohorts[name].service_users),
        )
        for name in sorted(cohorts)
    ]
    return [names.say("people.many", total=total, groups=names.language.join(groups)), followed]


def capital_sentences(names: Names) -> list[str]:
    """Who funds the programme, up to which commitment, and what it costs."""
    provider = _provider(names)
    capital = names.scenario.capital
    if capital is None:
        return [*provider, names.say("capital.none", payer=names.inside("outcome_payer"))]
    commitment = names.value(capital.commitment, "money")
    payer = names.inside("outcome_payer")
    drawn = names.say(
        f"capital.{capital.drawdown.replace(' ', '_')}", period=names.period(), payer=payer
    )
    found = [
        capitalised(
            names.say("capital.funds", investor=names.inside("investor"), commitment=commitment)
        ),
        *class_sentences(capital, names),
        *provider,
        *spending_sentences(capital.costs, names),
        drawn,
    ]
    if capital.share is not None:
        share = names.value(capital.share, "share")
        found.append(names.say("capital.share", share=share, payer=payer))
    if capital.recycling:
        found.append(names.say("capital.recycling", investor=names.inside("investor")))
    ends = any(event.kind == "termination" for event in names.scenario.events.values())
    if ends and capital.drawdown == "at start":
        found.append(names.say("capital.unspent"))
    return found


def _provider(names: Names) -> list[str]:
    if "service_provider" not in names.scenario.parties:
        return []
    return [names.say("capital.provider", provider=names.inside("service_provider"))]


def spending_sentences(spending: Spending, names: Names) -> list[str]:
    """What the programme is expected to cost: by the year, period by period, by enrolment."""
    found = []
    if spending.per_year is not None:
        start = spending.start or names.scenario.time.start
        found.append(
            names.say(
                "spending.per_year",
                amount=in_words(spending.per_year, "money", names),
                start=names.language.day(start),
                end=names.language.day(spending.until or names.last_day()),
            )
        )
    elif spending.schedule is not None:
        found.append(_schedule([in_words(n, "money", names) for n in spending.schedule], names))
    if spending.per_service_user is not None:
        amount = in_words(spending.per_service_user, "money", names)
        beside = "spending.per_service_user.beside" if found else "spending.per_service_user"
        found.append(names.say(beside, amount=amount))
    if spending.growth is not None:
        found.append(names.say("spending.growth", rate=in_words(spending.growth, "share", names)))
    if spending.shock is not None:
        found.append(names.say("spending.shock", **shock_words(spending.shock, names)))
    return found


def _schedule(amounts: list[str], names: Names) -> str:
    """What each period costs; the same amount again and again is said once."""
    if len(amounts) == 1:
        return names.say("spending.schedule.once", amount=amounts[0])
    if len(set(amounts)) == 1:
        return names.say(
            "spending.schedule.even",
            amount=amounts[0],
            period=names.period(),
            times=names.language.decimal(len(amounts)),
        )
    return names.say(
        "spending.schedule", period=names.period(), amounts=names.language.join(amounts)
    )


def shock_words(shock: Shock, names: Names) -> dict[str, str]:
    """The size of a jump of price, and its day."""
    return {
        "share": in_words(shock.share, "share", names),
        "day": names.language.day(shock.start),
    }


def party_rows(names: Names) -> list[tuple[str, str]]:
    """Each party's role and title, the main roles first."""
    parties = names.scenario.parties
    ordered = [role for role in _MAIN if role in parties]
    ordered += sorted(role for role in parties if role not in _MAIN)
    return [
        (_role(role, names), names.language.title(parties[role].title, role)) for role in ordered
    ]


def _role(party: str, names: Names) -> str:
    """What a party does in the contract: by its own name, else by what it pays or provides."""
    scenario = names.scenario
    if names.language.has(f"party.{party}"):
        return names.say(f"party.{party}")
    if any(party in payment.payers for payment in scenario.payments.values()):
        return names.say("party.outcome_payer")
    if scenario.capital is not None and party in scenario.capital.classes:
        return names.say("party.class")
    if any(party == guarantee.guarantor for guarantee in scenario.guarantees.values()):
        return names.say("party.guarantor")
    return names.say("party.other")
