"""Random scenarios around random payments: people, measures, capital, guarantees and events.

Every number is certain and no amount differs between people, so that nothing is drawn but who
succeeds, whom an event befalls and when: the engine and the twin then agree to the last digits.
"""

from __future__ import annotations

import datetime
from random import Random
from typing import Any

from simulator.scenario import contract, model
from simulator.scenario.model import Scenario
from tests.fuzz.sentences import Sentences
from tests.fuzz.words import is_computed

Table = dict[str, Any]
START = datetime.date(2020, 1, 1)
PERIODS = {"month": 12, "quarter": 4, "half-year": 2, "year": 1}
PARTIES = (
    "outcome_payer",
    "region",
    "investor",
    "service_provider",
    "guarantor",
    "junior",
    "fund",
    "trust",
)


def random_scenario(seed: int, *, whole: bool = False) -> Scenario:
    """The scenario of a seed; `whole` with people, events and whatever moves the drawdown."""
    return Scenario.model_validate(random_table(seed, whole=whole))


def random_table(seed: int, *, whole: bool = False) -> Table:
    """The same as a table, as it would stand in a file."""
    rng = Random(seed)
    period = rng.choice(["quarter", "half-year", "half-year", "year"])
    years = rng.randint(2, 4)
    cohorts, metrics, measures, known = people(rng, years, whole)
    words = Sentences(rng, known, sorted(cohorts), rng.choice([1.0, 1e3, 2.5e5, 1e7]))
    scenario: Table = {
        "title": "Generated",
        "currency": "SEK",
        "time": {"start": START, "period": period, "horizon": f"{years} years"},
        "parties": {name: name for name in PARTIES},
        "cohorts": cohorts,
        "metrics": metrics,
        "measures": measures,
    }
    scenario["capital"] = capital(rng, words, years * PERIODS[period], years, whole)
    events = (
        some_events(rng, words, years) if whole and is_computed(model.Scenario, "events") else {}
    )
    words.ends = [n for n, e in events.items() if e["kind"] in ("termination", "non-start")]
    words.terminates = any(e["kind"] == "termination" for e in events.values())
    scenario["payments"] = words.payments(rng.randint(1, 4))
    one_scope(scenario["payments"], known)
    payers_named(events, scenario["payments"])
    scenario["events"] = events
    scenario["limits"] = limits(rng, words)
    scenario["guarantees"] = guarantees(rng, words)
    if whole:
        scenario |= fees_and_costs(rng, words)
    return scenario


def one_scope(payments: dict[str, Table], measures: dict[str, Table]) -> None:
    """What is paid by cohort reads measures of these cohorts only."""
    for payment in payments.values():
        if payment.get("per") != "cohort":
            continue
        of = [payment["of"]] if isinstance(payment["of"], str) else list(payment["of"])
        when = payment.get("when", [])
        tests = [c.get("measure") for c in (when if isinstance(when, list) else [when])]
        read = [*tests, *(term.get("times") for term in payment["terms"])]
        need = set(measures[of[0]]["cohorts"])
        known = [set(measures[name]["cohorts"]) for name in read if name in measures]
        if "none" in need.union(*known) or any(need - cohorts for cohorts in known):
            payment["per"] = "contract"


def payers_named(events: dict[str, Table], payments: dict[str, Table]) -> None:
    """Only who pays can pay late."""
    paying = {name for p in payments.values() for name in _payers(p)}
    for name in [n for n, e in events.items() if e.get("by") not in (None, *paying)]:
        del events[name]


def _payers(payment: Table) -> list[str]:
    payer = payment.get("payer", "outcome_payer")
    return [payer] if isinstance(payer, str) else list(payer)


# --- people and measures ---


def people(rng: Random, years: int, whole: bool) -> tuple[Table, Table, Table, Table]:
    """Cohorts, metrics and measures; and what is known of each measure."""
    cohorts: Table = {}
    for name in ("one", "two")[: rng.randint(1, 2)]:
        users = rng.randint(2, 5)
        cohorts[name] = {"service_users": users, "enrolment": enrolment(rng, users, whole)}
    metrics: Table = {
        "school": {
            "kind": "binary",
            "better": "higher",
            "baseline": 0.4,
            "effect": {"difference": round(rng.uniform(-0.1, 0.4), 3)},
            "price": 1000.0,
            "at": rng.choice(["6 months", "1 year", "18 months"]),
        }
    }
    if whole:
        if rng.random() < 0.6:
            metrics["cost"] = amount(rng)
        elif rng.random() < 0.6:  # the engine reads the time from a table: too coarse for amounts
            cohorts["one"]["drop_out"] = {"per_year": 0.3}
    measures: Table = {}
    known: Table = {}
    for name in ("first", "second", "third")[: rng.randint(1, 3)]:
        measures[name], known[name] = measure(rng, metrics, cohorts, years)
    return cohorts, metrics, measures, known


def enrolment(rng: Random, users: int, whole: bool) -> Table:
    form = rng.choice(["at once", "by period", "dates"])
    made: Table = {}
    if form == "by period":
        first = rng.randint(0, users)
        made = {"by_period": [first, users - first]}
    if form == "dates":
        made = {"from": START, "to": START + datetime.timedelta(days=rng.randint(30, 400))}
    if whole and is_computed(model.Enrolment, "reached") and rng.random() < 0.3:
        made["reached"] = round(rng.uniform(0.3, 1.0), 2)
    return made


def amount(rng: Random) -> Table:
    """The same for everybody, so that it is exact."""
    return {
        "kind": "amount",
        "better": "lower",
        "baseline": 500.0,
        "effect": {"ratio": round(rng.uniform(0.5, 1.1), 4)},
        "profile": [1.0, round(rng.uniform(0.2, 1.0), 2)],
        "spread": {"law": "constant"},
    }


def measure(rng: Random, metrics: Table, cohorts: Table, years: int) -> tuple[Table, Table]:
    """A measure, and its quantity, typical size and cohorts."""
    quantity = rng.choice(
        ["count", "rate", "effect", "effect per user", "relative effect", "saving"]
    )
    chosen = sorted(cohorts)
    table: Table = {"window": f"{rng.choice([18, 24, 12 * years])} months"}
    metric = rng.choice(sorted(metrics))
    if quantity == "saving":
        table["perimeter"] = [metric]
        if rng.random() < 0.2:
            table["perimeter"].append("programme_cost")
    else:
        table |= {"metric": metric, "quantity": quantity}
    if quantity not in ("count", "rate"):
        table["reference"] = {"kind": "fixed", "value": 0.3 if metric == "school" else 480.0}
    if len(chosen) > 1 and rng.random() < 0.3:
        chosen = [rng.choice(chosen)]
        table["cohorts"] = chosen
    if rng.random() < 0.4:
        table["reported_after"] = f"{rng.randint(1, 9)} months"
    unit = 1.0 if metric == "school" else 400.0
    size = {"rate": unit, "effect per user": 0.3 * unit, "relative effect": 0.5}.get(
        quantity, 3 * unit * (1000.0 if quantity == "saving" and metric == "school" else 1.0)
    )
    by_cohort = "programme_cost" not in table.get("perimeter", ())
    tested = "reference" in table
    return table, {
        "quantity": quantity,
        "size": size,
        "cohorts": chosen if by_cohort else [*chosen, "none"],
        "tested": tested,
    }


# --- capital ---


def capital(rng: Random, words: Sentences, periods: int, years: int, whole: bool) -> Table:
    commitment = round(words.scale * rng.uniform(0.4, 1.5), 2)
    made: Table = {"commitment": commitment, "costs": costs(rng, words, periods, years, whole)}
    if rng.random() < 0.2:
        made["drawdown"] = "at start"
    if whole and is_computed(contract.Capital, "share") and rng.random() < 0.3:
        made["share"] = round(rng.uniform(0.3, 1.0), 2)
    if whole and is_computed(contract.Capital, "recycling") and "drawdown" not in made:
        made["recycling"] = rng.random() < 0.35
    if whole and is_computed(contract.Capital, "classes") and rng.random() < 0.4:
        made["classes"] = classes(rng)
        words.classes = list(made["classes"])
    return made


def classes(rng: Random) -> Table:
    kinds = ["loan", *rng.sample(["loan", "grant", "own fee"], rng.randint(1, 2))]
    parties = {"loan": "junior", "grant": "trust", "own fee": "service_provider"}
    names = ["fund", *(parties[kind] for kind in kinds[1:])]
    shares = [0.5, 0.5] if len(names) == 2 else [0.5, 0.3, 0.2]
    made: Table = {}
    for name, kind, share in zip(names, kinds, shares, strict=True):
        made[name] = {"share": share, "kind": kind}
        if kind != "grant":
            made[name] |= {"rank": rng.randint(1, 2)}
            if rng.random() < 0.6:
                made[name]["interest"] = round(rng.uniform(0.0, 0.08), 3)
    if rng.random() < 0.4:
        for name, share in zip(names, shares, strict=True):
            made[name]["residual"] = share
    return made


def costs(rng: Random, words: Sentences, periods: int, years: int, whole: bool) -> Table:
    made: Table = {}
    if rng.random() < 0.5:
        number = rng.randint(1, periods)
        made["schedule"] = [round(words.amount(0, 0.5), 2) for _ in range(number)]
    else:
        made["per_year"] = words.amount(0.1, 0.6)
        if rng.random() < 0.6:
            made["until"] = START + datetime.timedelta(days=rng.randint(60, 365 * years - 10))
        if rng.random() < 0.3:
            made["start"] = START + datetime.timedelta(days=rng.randint(1, 50))
    if not whole:
        return made
    if is_computed(contract.Spending, "per_service_user") and rng.random() < 0.4:
        made["per_service_user"] = words.amount(0.01, 0.1)
    if is_computed(contract.Spending, "growth") and rng.random() < 0.4:
        made["growth"] = round(rng.uniform(-0.05, 0.1), 3)
    if is_computed(contract.Spending, "shock") and rng.random() < 0.4:
        made["shock"] = shock(rng)
    return made


def shock(rng: Random) -> Table:
    day = START + datetime.timedelta(days=rng.randint(0, 700))
    return {"share": round(rng.uniform(-0.2, 0.4), 3), "from": day}


def fees_and_costs(rng: Random, words: Sentences) -> Table:
    fee: Table = {"payer": "investor", "payee": "service_provider", "buys_work": rng.random() < 0.5}
    fee["per_year" if rng.random() < 0.5 else "amount"] = words.amount(0.001, 0.02)
    cost: Table = {"party": "outcome_payer"}
    cost["per_year" if rng.random() < 0.5 else "amount"] = words.amount(0.001, 0.02)
    for table, kind in ((fee, contract.Fee), (cost, contract.Cost)):
        if is_computed(kind, "shock") and rng.random() < 0.5:
            table["shock"] = shock(rng)
    return {"fees": {"admin": fee}, "costs": {"staff": cost}}


# --- limits, guarantees, events ---


def limits(rng: Random, words: Sentences) -> Table:
    made: Table = {}
    if rng.random() < 0.25:
        made["total"] = words.amount(0.2, 1.5)
    if rng.random() < 0.25:
        made["multiple"] = round(rng.uniform(0.5, 1.6), 3)
    if rng.random() < 0.25:
        form = rng.choice(["compound", "simple"])
        made["annual_return"] = {"rate": round(rng.uniform(0, 0.12), 3), "form": form}
    if is_computed(contract.Limits, "per_period") and rng.random() < 0.25:
        made["per_period"] = words.amount(0.05, 0.6)
    if is_computed(contract.Limits, "per_service_user") and rng.random() < 0.25:
        made["per_service_user"] = words.amount(0.02, 0.4)
    return made


READINGS = ("pari passu", "floor", "first loss", "second loss", "maximum loss")


def guarantees(rng: Random, words: Sentences) -> Table:
    names = ("gamma", "omega")[: rng.choice([0, 0, 1, 2])]
    return {name: guarantee(rng, words) for name in names}


def guarantee(rng: Random, words: Sentences) -> Table:
    reading = rng.choice(READINGS)
    made: Table = {"reading": reading, "order": rng.randint(1, 2)}
    if rng.random() < 0.4:
        made["guarantor"] = "region"
    if reading in READINGS[:3]:
        made["coverage"] = round(rng.uniform(0.1, 0.9), 2)
        made["object"] = rng.choice(["drawn", "committed", "with return", "at risk"])
        if made["object"] == "with return":
            made["target_return"] = round(rng.uniform(0, 0.3), 2)
    elif reading == "second loss":
        made |= {"attachment": {"of_drawn": 0.1}, "detachment": {"of_drawn": 0.7}}
    else:
        made["maximum"] = words.level(words.scale * 0.5)
    if rng.random() < 0.3:
        made["cap"] = words.level(words.scale * 0.5)
    if rng.random() < 0.3:
        made["after"] = words.months()
    if words.terminates and is_computed(contract.Guarantee, "trigger"):
        made["trigger"] = rng.choice(["completion", "early termination", "either"])
    return made


def some_events(rng: Random, words: Sentences, years: int) -> Table:
    made: Table = {}
    if rng.random() < 0.25:
        made["never_started"] = {"kind": "non-start", "chance": 0.3}
    for name in ("closed", "stopped")[: rng.choice([0, 1, 1, 2])]:
        made[name] = termination(rng, words, years)
    if rng.random() < 0.4:
        made["bankrupt"] = {
            "kind": "payer default",
            "by": rng.choice(["outcome_payer", "region"]),
            "per_year": 0.5,
            "recovery": round(rng.uniform(0, 0.9), 2),
        }
        if rng.random() < 0.5:
            until = START + datetime.timedelta(days=rng.randint(400, 365 * years - 5))
            made["bankrupt"] |= {"from": START + datetime.timedelta(days=100), "to": until}
    if rng.random() < 0.4:
        made["delayed"] = {
            "kind": "late payment",
            "by": rng.choice(["outcome_payer", "region"]),
            "chance": 0.6,
            "delay": words.months(),
        }
        if rng.random() < 0.7:
            made["delayed"]["interest"] = round(rng.uniform(0, 0.1), 3)
    return made


def termination(rng: Random, words: Sentences, years: int) -> Table:
    form = rng.choice(["hazard", "date", "interim"])
    made: Table = {"kind": "termination", "by": rng.choice(["outcome_payer", "service_provider"])}
    if form == "hazard":
        made["per_year"] = 0.5
        if rng.random() < 0.8:
            made["from"] = START + datetime.timedelta(days=rng.randint(0, 200))
            made["to"] = START + datetime.timedelta(days=rng.randint(400, 365 * years - 5))
    elif form == "date":
        day = START + datetime.timedelta(days=rng.randint(0, 365 * years - 5))
        made |= {"chance": 0.7, "date": day}
    else:
        made["when"] = words.condition()
        if rng.random() < 0.5:
            made["chance"] = 0.8
    if rng.random() < 0.4:
        made["notice"] = words.months(8)
    return made
