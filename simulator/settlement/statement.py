"""A settlement statement: claims through their terms, limits, guarantees, who gets what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.errors import SocsimError
from simulator.kernels.loop import settle_given
from simulator.kernels.workspace import make_workspace
from simulator.plan.build import Built, build
from simulator.results import FIGURES
from simulator.scenario.model import SETTLED, Published, Scenario
from simulator.settlement.given import Given, given_rows, realised_from
from simulator.settlement.walk import Line, walk


@dataclass(frozen=True)
class Settlement:
    """What the contract pays on measured outcomes.

    Amounts in the scenario's currency; None where unknown.
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
    measures: dict[str, Any]
    completed: bool
    published: dict[str, Any] | None
    agrees: bool | None
    check: str | None
    note: str | None
    percentile: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """The promised keys, ready for JSON."""
        figures = {name: _clean(getattr(self, name)) for name in SETTLED}
        return {
            "scenario": {
                "name": self.scenario.name,
                "title": dict(self.scenario.title),
                "currency": self.scenario.currency,
                "variant": list(self.scenario.variant),
            },
            "settlement": {
                **figures,
                "completed": self.completed,
                "measures": self.measures,
                "lines": [line.to_dict() for line in self.lines],
                "percentile": self.percentile,
                "published": self.published,
                "agrees": self.agrees,
                "check": self.check,
                "note": self.note,
            },
        }


def _clean(amount: float | None) -> float | None:
    """Without the dust of binary fractions: a millionth of a unit."""
    return None if amount is None else round(amount, 6) + 0.0


def settle(scenario: Scenario, results: dict[str, Any] | None = None) -> Settlement:
    """Settle on `results`, or on what the scenario carries under `[realised]`.

    Raises SocsimError.
    """
    own = results is None
    realised = scenario.realised if own else realised_from(results or {})
    if realised is None:
        raise SocsimError(
            f"{scenario.name}: nothing to settle: the scenario has no [realised]; "
            "give a results file"
        )
    built = build(scenario, 0)
    given = given_rows(scenario, built, realised)
    figures, flows = run_once(built, given)
    named = dict(zip(FIGURES, figures, strict=False))
    payout = named["guarantor.payout"] if realised.completed else 0.0
    lost = named["guarantor.payout"] - payout
    repaid = named["municipality.outcome_payments"] + named["municipality.activity_payments"]
    received = named["investor.received"] - lost
    irr = named["investor.irr"]
    published = scenario.realised.published if scenario.realised and own else None
    statement = Settlement(
        scenario=scenario,
        drawn=float(named["investor.drawn"]) if given.known_capital else None,
        repaid=float(repaid),
        outcome_payments=float(named["municipality.outcome_payments"]),
        activity_payments=float(named["municipality.activity_payments"]),
        guarantee_payout=float(payout),
        received=float(received),
        investor_profit=float(named["investor.profit"] - lost) if given.known_capital else None,
        investor_irr=float(irr)
        if given.known_capital and lost == 0.0 and np.isfinite(irr)
        else None,
        lines=tuple(walk(scenario, built, given, flows)),
        measures=dict(realised.measures),
        completed=realised.completed,
        published=_published(published),
        agrees=None,
        check=published.check if published else None,
        note=realised.note,
    )
    if published is None or scenario.variant or scenario.overrides:
        return statement
    return _compared(statement, published)


def run_once(built: Built, given: Given) -> tuple[np.ndarray, np.ndarray]:
    """Figures and flows of the one path."""
    layout = built.layout
    work = make_workspace(built.plan, built.years, len(layout.figures))
    figures = np.zeros(len(layout.figures))
    flows = np.zeros((len(layout.lines), layout.periods + 1))
    settle_given(built.plan, work, (given.rows, given.drawn, given.cost), figures, flows)
    return figures, flows


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
    return Settlement(**{**statement.__dict__, "agrees": agrees})
