"""A settlement statement: claims through their terms, limits, guarantees, who gets what."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from simulator.errors import SocsimError
from simulator.kernels.borrow import Record
from simulator.kernels.loop import record_of, settle_given
from simulator.kernels.records import AS_GIVEN
from simulator.kernels.workspace import make_workspace
from simulator.plan.arrays import ints
from simulator.plan.build import Built, build
from simulator.plan.measured import quantity_of
from simulator.results import FIGURES
from simulator.scenario.contract import Term
from simulator.scenario.model import SETTLED, Published, Realised, Scenario
from simulator.scenario.numbers import Words
from simulator.scenario.resolved import scenario_hash
from simulator.settlement.ended import End, end_of, with_end
from simulator.settlement.files import realised_of
from simulator.settlement.given import Given, given_rows
from simulator.settlement.guarantees import guarantee_lines
from simulator.settlement.limits import limit_lines
from simulator.settlement.line import Line, Transfer
from simulator.settlement.partly import Partly, partly_measured, periods_given
from simulator.settlement.transfers import transfers_of
from simulator.settlement.walk import waits, walk

Basis = Literal["as signed", "own", "changed", "results"]


@dataclass(frozen=True)
class Settlement:
    """What the contract pays on measured outcomes.

    Amounts in the scenario's currency; None where unknown. `basis` says whose values they are:
    those of the contract as signed, the variant's own, those changed by an override, or those of a
    results file.
    `assumed` names what was not given and taken for granted (model §10), `partly` the measures that
    are given for a part of their periods. `drawn` is the investor's; `drawn_in_all` has grants and
    fees at risk too.
    """

    scenario: Scenario
    drawn: float | None
    repaid: float
    outcome_payments: float
    activity_payments: float
    guarantee_payout: float
    received: float
    investor_profit: float | None
    investor_irr: float | None
    lines: tuple[Line, ...]
    transfers: tuple[Transfer, ...]
    measures: dict[str, Any]
    completed: bool
    basis: Basis
    assumed: tuple[str, ...]
    published: dict[str, Any] | None
    agrees: bool | None
    check: Words | None
    note: Words | None
    terminated: datetime.date | None = None
    terminated_by: str | None = None
    cost: float | None = None
    partly: dict[str, Partly] = field(default_factory=dict)
    drawn_in_all: float | None = None
    percentile: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """The promised keys, ready for JSON."""
        figures = {name: _clean(getattr(self, name)) for name in SETTLED}
        return {
            "scenario": {
                "name": self.scenario.name,
                "title": dict(self.scenario.title),
                "currency": self.scenario.currency,
                "hash": scenario_hash(self.scenario),
                "variant": list(self.scenario.variant),
                "overrides": list(self.scenario.overrides),
                "titles": _titles(self.scenario),
                "shares": _shares(self.scenario),
            },
            "settlement": {
                **figures,
                "drawn_in_all": _clean(self.drawn_in_all),
                "cost": _clean(self.cost),
                "completed": self.completed,
                "terminated": self.terminated.isoformat() if self.terminated else None,
                "terminated_by": self.terminated_by,
                "basis": self.basis,
                "assumed": list(self.assumed),
                "partly": {name: part.to_dict() for name, part in self.partly.items()},
                "measures": self.measures,
                "lines": [line.to_dict() for line in self.lines],
                "transfers": [dict(transfer.__dict__) for transfer in self.transfers],
                "percentile": self.percentile,
                "published": self.published,
                "agrees": self.agrees,
                "check": self.check,
                "note": self.note,
            },
        }


def _titles(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """What parties, measures, cohorts, payments and sources are called, where they have titles."""
    groups: dict[str, Mapping[str, Any]] = {
        "parties": scenario.parties,
        "measures": scenario.measures,
        "cohorts": scenario.cohorts,
        "payments": scenario.payments,
    }
    found: dict[str, dict[str, Any]] = {
        group: {name: dict(item.title) for name, item in sorted(items.items()) if item.title}
        for group, items in groups.items()
    }
    return {**found, "sources": {n: source.title for n, source in sorted(scenario.sources.items())}}


def _shares(scenario: Scenario) -> list[str]:
    """The measures whose values are shares: rates of a binary metric, and relative effects."""
    return [
        name
        for name, measure in sorted(scenario.measures.items())
        if quantity_of(measure) == "relative effect"
        or (
            quantity_of(measure) == "rate"
            and measure.metric is not None
            and scenario.metrics[measure.metric].kind == "binary"
        )
    ]


def _clean(amount: float | None) -> float | None:
    """Without the dust of binary fractions: a millionth of a unit."""
    return None if amount is None else round(amount, 6) + 0.0


def settle(scenario: Scenario, results: Mapping[str, Any] | None = None) -> Settlement:
    """Settle on `results`, or on what the scenario carries under `[realised]`.

    Raises SocsimError; ScenarioError for every value that is missing or cannot be.
    """
    realised = scenario.realised if results is None else realised_of(scenario, results)
    if realised is None:
        raise SocsimError(
            f"{scenario.name}: nothing to settle: the scenario has no [realised]; "
            "give a results file"
        )
    contract = as_it_pays(scenario, realised)
    built = build(contract, 0)
    end = end_of(contract, built, realised)
    given = given_rows(contract, built, realised, results, end)
    figures, flows, notes = run_once(built, given, end)
    named = dict(zip(FIGURES, (float(figure) for figure in figures), strict=False))
    completed = realised.completed or end is not None  # an early end has rules of its own
    measured = {name: count for name, (count, _) in periods_given(scenario, realised).items()}
    claims = walk(scenario, built, flows, notes, completed=completed, end=end, measured=measured)
    lines = [
        *claims,
        *limit_lines(contract, built, given, claims, flows),
        *guarantee_lines(contract, built, given, claims, flows, _protection(named)),
    ]
    published = scenario.realised.published if scenario.realised and results is None else None
    basis = _basis(scenario, own=results is None)
    statement = Settlement(
        scenario=scenario,
        **_sums(
            named,
            given,
            _paid(built, flows, "outcome payment"),
            _paid(built, flows, "activity payment"),
        ),
        lines=tuple(lines),
        transfers=tuple(transfers_of(built, flows)),
        measures=dict(realised.measures),
        completed=realised.completed and end is None,
        basis=basis,
        assumed=_assumed(scenario, realised),
        partly=partly_measured(scenario, built, realised, claims, end),
        drawn_in_all=float(given.drawn.sum()) if given.known_capital else None,
        published=_published(published),
        agrees=None,
        check=published.check if published else None,
        terminated=realised.terminated,
        terminated_by=realised.terminated_by,
        note=None if basis == "changed" else realised.note,  # it is about other values
    )
    if published is None or scenario.variant or scenario.overrides:
        return statement
    return _compared(statement, published)


def as_it_pays(scenario: Scenario, realised: Realised) -> Scenario:
    """The contract, and what it no longer pays where the programme was not completed (model §10).

    Activity payments that wait are nothing then, and guarantees are not called. Where the contract
    ended early, it says itself what is owed.
    """
    scenario = with_end(scenario, realised)
    if realised.completed or realised.terminated is not None:
        return scenario
    nothing = Term.model_validate({"share": 0.0})
    payments = {
        name: payment.model_copy(update={"terms": [*payment.terms, nothing]})
        if waits(payment)
        else payment
        for name, payment in scenario.payments.items()
    }
    return scenario.model_copy(update={"payments": payments, "guarantees": {}})


def run_once(
    built: Built, given: Given, end: End | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Figures and flows of the one path, and the kernels' notes on every claim."""
    layout = built.layout
    plan = built.plan
    if int(plan.capital.recycling):
        plan = plan._replace(capital=plan.capital._replace(recycling=ints(AS_GIVEN)))
    work = make_workspace(plan, built.years, len(layout.figures), noted=True)
    if end is not None:
        work.stop[:], work.cause[:] = end.stop, end.cause
    figures = np.zeros(len(layout.figures))
    flows = np.zeros((len(layout.lines), layout.periods + 1))
    settle_given(
        record_of(plan), Record(work), (given.rows, given.drawn, given.cost), figures, flows
    )
    return figures, flows, work.notes


def _protection(named: Mapping[str, float]) -> float:
    """What guarantees have added to the investor's profit."""
    return named["investor.profit"] - named["investor.profit_before_protection"]


def _paid(built: Built, flows: np.ndarray, account: str) -> float:
    """All payments of an account, whoever bears them."""
    rows = [place for place, line in enumerate(built.layout.lines) if line.account == account]
    return float(flows[rows].sum())


def _sums(
    named: Mapping[str, float], given: Given, outcome: float, activity: float
) -> dict[str, Any]:
    """The figures of the statement; the investor's result where the capital is known."""
    known = given.known_capital
    irr = named["investor.irr"]
    return {
        "drawn": named["investor.drawn"] if known else None,
        "repaid": outcome + activity,
        "outcome_payments": outcome,
        "activity_payments": activity,
        "guarantee_payout": named["guarantor.payout"],
        "received": named["investor.received"],
        "investor_profit": named["investor.profit"] if known else None,
        "investor_irr": irr if known and np.isfinite(irr) else None,
        "cost": float(given.cost.sum()) if known else None,
    }


def _basis(scenario: Scenario, *, own: bool) -> Basis:
    """Whose measured values are settled."""
    if not own:
        return "results"
    if any(text.startswith("realised.") for text in scenario.overrides):
        return "changed"
    return "own" if scenario.realised and scenario.realised.variant else "as signed"


def _assumed(scenario: Scenario, realised: Realised) -> tuple[str, ...]:
    """What was not given and is taken for granted; empty where nothing hangs on it."""
    found = []
    if scenario.capital is not None and realised.cost is None:
        found.append("cost")
    as_needed = scenario.capital is not None and scenario.capital.drawdown == "as needed"
    if as_needed and not isinstance(realised.drawn, list):
        found.append("spread")
    waiting = any(waits(payment) for payment in scenario.payments.values())
    unsaid = "completed" not in realised.model_fields_set and realised.terminated is None
    if (waiting or scenario.guarantees) and unsaid:
        found.append("completed")
    return (*found, "dates")


def _published(published: Published | None) -> dict[str, Any] | None:
    if published is None:
        return None
    kept = {
        name: getattr(published, name) for name in SETTLED if getattr(published, name) is not None
    }
    return {**kept, "tolerance": published.tolerance, "source": published.source}


def _compared(statement: Settlement, published: Published) -> Settlement:
    """The statement with `agrees`: every published amount within the tolerance.

    None where none is published.
    """
    amounts = [name for name in SETTLED if name not in ("drawn", "investor_irr")]
    pairs = [
        (getattr(statement, name), getattr(published, name))
        for name in amounts
        if getattr(published, name) is not None
    ]
    if not pairs:
        return statement
    tolerance = published.tolerance or 0.0
    agrees = all(found is not None and abs(found - said) <= tolerance for found, said in pairs)
    return replace(statement, agrees=agrees)
