"""A small made-up contract: blocks of paths without an engine, with figures worked out in NumPy."""

import datetime

import numpy as np

from simulator.results import FIGURES, Layout, Line, MeasureLayout, OutcomeLayout, PathBlock
from simulator.scenario.model import Scenario

PERIODS = 4
LINES = (
    Line("drawdown", "transfer", "drawdown", "investor", "service_provider", at_start=True),
    Line("programme_cost", "real", "programme cost", "", "service_provider"),
    Line("own", "transfer", "own contribution", "outcome_payer", "service_provider"),
    Line("activity", "transfer", "activity payment", "outcome_payer", "investor"),
    Line("outcome", "transfer", "outcome payment", "outcome_payer", "investor"),
    Line("state", "transfer", "guarantee", "guarantor", "investor"),
    Line("saving.care", "real", "saving", "", "outcome_payer", "children", "care"),
    Line("luck.care", "real", "luck", "", "outcome_payer", "children", "care"),
    Line("cashable.care", "memo", "cashable", "", "outcome_payer", "children", "care"),
    Line("admin", "real", "cost", "", "outcome_payer"),
    Line("adviser", "transfer", "fee", "outcome_payer", "service_provider"),
)
EXTRA = (
    "outcomes.school.expected",
    "outcomes.school.realised",
    "measures.school.measured",
    "measures.school.expected",
    "measures.school.realised",
)
NAMES = (*FIGURES, *EXTRA)


def layout(lines=LINES, **changes):
    given = {
        "start": datetime.date(2016, 1, 1),
        "months_per_period": 12,
        "periods": PERIODS,
        "lines": lines,
        "figures": NAMES,
        "parties": ("guarantor", "investor", "outcome_payer", "service_provider"),
        "pockets": (("children", "outcome_payer"),),
        "outcomes": (
            OutcomeLayout(
                "school", "binary", "higher", 60, len(FIGURES), len(FIGURES) + 1, "persons"
            ),
        ),
        "measures": (
            MeasureLayout(
                "school",
                ("school",),
                "effect",
                len(FIGURES) + 2,
                len(FIGURES) + 3,
                len(FIGURES) + 4,
                3.0,
                60,
            ),
        ),
        "rates": {"investor": 0.05, "society": 0.035},
        "commitment": 100.0,
        "maximum_payment": 130.0,
        "maximum_payment_instant": 4,
        "settlement_instant": 4,
        **changes,
    }
    return Layout(**given)


def scenario(**changes):
    return Scenario.model_validate(
        {
            "name": "made_up",
            "title": {"en": "Made up"},
            "currency": "SEK",
            "time": {"start": datetime.date(2016, 1, 1), "period": "year", "horizon": "4 years"},
            "parties": {
                "investor": {"title": {"en": "Investor"}},
                "outcome_payer": {"title": {"en": "Municipality"}},
                "service_provider": {"title": {"en": "Provider"}},
                "guarantor": {"title": {"en": "State"}},
            },
            "pockets": {"children": {"title": {"en": "Children"}, "cashable": {"value": 0.5}}},
            "cohorts": {"all": {"service_users": 60}},
            "metrics": {
                "school": {
                    "title": {"en": "School"},
                    "kind": "binary",
                    "better": "higher",
                    "baseline": 0.2,
                }
            },
            **changes,
        }
    )


def annual_irr(flow):
    """IRR of each path by bisection on the discount factor; flow (instants, paths), annual periods.

    For flows that are first negative, then positive; −1 and NaN by the rules of the model.
    """
    low, high = np.zeros(flow.shape[1]), np.full(flow.shape[1], 1e6)
    powers = np.arange(len(flow))[:, None]
    for _ in range(120):
        middle = (low + high) / 2
        below = (flow * middle**powers).sum(axis=0) < 0
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    nothing_back = ~(flow > 1e-12).any(axis=0)
    found = np.where(nothing_back, -1.0, 1 / high - 1)
    return np.where((flow < -1e-12).any(axis=0), found, np.nan)


def figures_of(flows, extra):
    """All figures of FIGURES from the flows (lines, instants, paths), plus `extra` (5, paths)."""
    total = dict(zip([line.name for line in LINES], flows.sum(axis=1), strict=True))
    paths = flows.shape[2]
    drawn, received = total["drawdown"], total["activity"] + total["outcome"] + total["state"]
    net = flows[3] + flows[4] + flows[5] - flows[0]
    irr = annual_irr(net)
    savings = total["saving.care"] + total["luck.care"]
    payments = total["activity"] + total["outcome"] + total["adviser"]
    effect = savings - payments - total["own"] + total["admin"]
    factors = 1.05 ** -np.arange(PERIODS + 1.0)
    benefits, costs = savings, -total["programme_cost"] - total["admin"]
    known = {
        "investor.drawn": drawn,
        "investor.paid_in": drawn,
        "investor.received": received,
        "investor.profit": received - drawn,
        "investor.profit_before_protection": received - total["state"] - drawn,
        "investor.irr": irr,
        "investor.irr_roots": np.where(np.isnan(irr), 0.0, 1.0),
        "investor.net_present_value": factors @ net,
        "investor.peak_exposure": np.maximum((-net).cumsum(axis=0).max(axis=0), 0.0),
        "municipality.gross_savings": savings,
        "municipality.gross_savings_expected": total["saving.care"],
        "municipality.gross_savings_cashable": total["cashable.care"],
        "municipality.outcome_payments": total["outcome"],
        "municipality.activity_payments": total["activity"],
        "municipality.total_payments": payments,
        "municipality.net_budget_effect": effect,
        "municipality.net_budget_effect_cashable": effect - savings + total["cashable.care"],
        "municipality.net_budget_effect_present_value": np.full(paths, np.nan),
        "municipality.settlement_error": 0.6 * total["luck.care"],
        "municipality.settlement_error_outcome": 0.5 * total["luck.care"],
        "guarantor.payout": total["state"],
        "society.net_present_value": benefits - costs,
        "society.benefits": benefits,
        "society.costs": costs,
    }
    return np.vstack([np.array([known[name] for name in FIGURES]), extra])


def block(flows, first=0, extra=None):
    paths = flows.shape[2]
    if extra is None:
        extra = np.zeros((len(EXTRA), paths))
    return PathBlock(first, figures_of(flows, extra), np.ascontiguousarray(flows))


def bullet(repaid):
    """100 drawn at the start, `repaid` (paths,) at the end of year 4; nothing else."""
    flows = np.zeros((len(LINES), PERIODS + 1, len(repaid)))
    flows[0, 0] = 100.0
    flows[1, 1] = -100.0
    flows[4, 4] = repaid
    return flows


def random_flows(paths, seed):
    """Something of everything: luck, thresholds, a guarantee that tops up to 40 %."""
    rng = np.random.default_rng(seed)
    flows = np.zeros((len(LINES), PERIODS + 1, paths))
    flows[0, :3] = rng.uniform(20, 40, (3, paths))
    flows[1, 1:4] = -flows[0, :3] - 2.0
    flows[2, 1:4] = 2.0
    flows[3, 1:4] = 0.3 * flows[0, :3]
    flows[6, 1:] = rng.normal(30, 20, paths)
    flows[7, 1:] = rng.normal(0, 15, (PERIODS, paths))
    measured = flows[6].sum(axis=0) + flows[7].sum(axis=0)
    flows[4, 4] = np.clip(0.6 * measured, 0.0, 90.0)
    drawn, back = flows[0].sum(axis=0), flows[3].sum(axis=0) + flows[4].sum(axis=0)
    flows[5, 4] = np.maximum(0.4 * drawn - back, 0.0)
    flows[8] = 0.5 * (flows[6] + flows[7])
    flows[9, 1:] = -1.0
    flows[10, 1] = 3.0
    return flows


def extra_figures(paths, seed):
    rng = np.random.default_rng(seed)
    expected = rng.normal(4, 2, paths)
    realised = expected + rng.normal(0, 3, paths)
    measured = np.round(realised + rng.normal(0, 2, paths))
    return np.array([expected, realised, measured, expected, realised])
