"""The designs that every scenario has: nothing, in-house, more of it, an internal fund.

Each is the scenario with something taken away or changed. Factors and correlations stay as they
are, and every number keeps the name of its stream, so that all that is left has the same draws.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from simulator.scenario.contract import Limits
from simulator.scenario.model import Scenario
from simulator.scenario.numbers import Number
from simulator.scenario.people import Enrolment
from simulator.scenario.risks import Event

OF_THE_CONTRACT = ("payer default", "late payment")
"""Kinds of events that befall payments; without a contract nothing is owed."""
_NONE = Number(value=0.0)


def without_contract(scenario: Scenario) -> Scenario:
    """No programme and no contract: the same people, with none of the effect and no money moved."""
    return with_effect(scenario, 0.0).model_copy(
        update={
            "capital": None,
            "payments": {},
            "limits": Limits(),
            "guarantees": {},
            "fees": {},
            "costs": {},
            "events": {},
        }
    )


def in_house(scenario: Scenario, same_effect: float) -> Scenario:
    """The outcome payer bears the programme's cost; `same_effect` × the effect of the contract.

    Its own fees and costs stay, and everybody else's but those of who finances or guarantees. What
    can go wrong stays too, but for what the contract alone brings: ends called by an investor or on
    interim results, and payments that fail. Needs `capital`, which says what the programme costs.
    """
    assert scenario.capital is not None
    gone = financiers(scenario)
    capital = scenario.capital.model_copy(
        update={
            "commitment": _NONE,
            "share": _NONE,
            "drawdown": "as needed",
            "recycling": False,
            "classes": {},
        }
    )
    fees = {
        name: fee
        for name, fee in scenario.fees.items()
        if fee.of is None and not gone & {fee.payer, fee.payee}
    }
    return with_effect(scenario, same_effect).model_copy(
        update={
            "capital": capital,
            "payments": {},
            "limits": Limits(),
            "guarantees": {},
            "fees": fees,
            "costs": {k: cost for k, cost in scenario.costs.items() if cost.party not in gone},
            "events": {k: e for k, e in scenario.events.items() if not _ends_contract(e, gone)},
        }
    )


def financiers(scenario: Scenario) -> set[str]:
    """Who is there because of the contract: investors, givers of grants, and guarantors.

    A provider whose own fee is at risk stays, and so does the outcome payer, whatever it finances.
    """
    classes = scenario.capital.classes if scenario.capital else {}
    found = {"investor", *(name for name, entry in classes.items() if entry.kind != "own fee")}
    found |= {guarantee.guarantor for guarantee in scenario.guarantees.values()}
    return found - {"outcome_payer", "service_provider"}


def _ends_contract(event: Event, gone: set[str]) -> bool:
    return event.kind in OF_THE_CONTRACT or event.by in gone or event.when is not None


def with_effect(scenario: Scenario, factor: float) -> Scenario:
    """Every effect × factor, at full strength and on the way there: each year's profile × factor.

    The level of year k is b + (t − b)·f_k·a (docs/model.md §3), so this holds for a difference, a
    ratio and odds alike, and for the moves between states.
    """
    if factor == 1.0:
        return scenario
    cohorts = {
        name: cohort.model_copy(
            update={
                "metrics": {
                    k: _scaled_words(raw, scenario.metric_in(name, k), factor)
                    for k, raw in cohort.metrics.items()
                },
                "states": {
                    k: _scaled_words(raw, scenario.states_in(name, k), factor)
                    for k, raw in cohort.states.items()
                },
            }
        )
        for name, cohort in scenario.cohorts.items()
    }
    return scenario.model_copy(
        update={
            "metrics": {k: _scaled(metric, factor) for k, metric in scenario.metrics.items()},
            "states": {k: _scaled(states, factor) for k, states in scenario.states.items()},
            "cohorts": cohorts,
        }
    )


def _scaled(entry: Any, factor: float) -> Any:
    return entry.model_copy(
        update={"profile": [share * factor for share in entry.shares], "fade": None}
    )


def _scaled_words(raw: dict[str, Any], merged: Any, factor: float) -> dict[str, Any]:
    """A cohort's own keys: its profile, or what its fade comes to, where it has one."""
    if "profile" not in raw and merged.fade is None:
        return raw
    own = {key: item for key, item in raw.items() if key != "fade"}
    return {**own, "profile": [share * factor for share in merged.shares]}


def more_people(scenario: Scenario, share: float) -> Scenario:
    """Each cohort with `share` more service users, rounded (a half is one more)."""
    cohorts = {}
    for name, cohort in scenario.cohorts.items():
        users = math.floor(cohort.service_users * (1.0 + share) + 0.5 + 1e-9)
        enrolment = cohort.enrolment
        if enrolment.by_period is not None:
            spread = _spread(enrolment.by_period, users)
            enrolment = _with_periods(enrolment, spread)
        cohorts[name] = cohort.model_copy(update={"service_users": users, "enrolment": enrolment})
    return scenario.model_copy(update={"cohorts": cohorts})


def people_in(scenario: Scenario) -> int:
    """Service users in all cohorts."""
    return sum(cohort.service_users for cohort in scenario.cohorts.values())


def _with_periods(enrolment: Enrolment, by_period: list[int]) -> Enrolment:
    return enrolment.model_copy(update={"by_period": by_period})


def _spread(numbers: Sequence[int], total: int) -> list[int]:
    """Whole numbers in proportion to these that sum to `total`: largest remainders first."""
    whole = sum(numbers)
    exact = [number * total / whole for number in numbers]
    spread = [math.floor(part + 1e-9) for part in exact]
    order = sorted(range(len(exact)), key=lambda k: spread[k] - exact[k])
    for k in order[: total - sum(spread)]:
        spread[k] += 1
    return spread


def margin(scenario: Scenario) -> float | None:
    """The highest return that the contract allows, as a share of the capital; None if unlimited.

    The lower of the limit on the multiple − 1 and the limit on the total ÷ commitment − 1.
    """
    assert scenario.capital is not None
    limits = scenario.limits
    found = []
    if limits.multiple is not None:
        found.append(float(limits.multiple.value or 0.0) - 1.0)
    commitment = float(scenario.capital.commitment.value or 0.0)
    if limits.total is not None and commitment > 0.0:
        found.append(float(limits.total.value or 0.0) / commitment - 1.0)
    return min(found, default=None)
