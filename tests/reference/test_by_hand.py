"""Two service users, two years, every number worked by hand."""

import datetime
import math

import pytest
from scipy import special, stats

from simulator.scenario.model import Scenario
from tests.reference import run_path
from tests.reference.path import Model
from tests.reference.people import (
    drop_out_time,
    enrolment_period,
    expected_active_share,
)
from tests.reference.philox import parameter_uniform, uniform

DATE = datetime.date

TWO = {
    "title": {"en": "Two users"},
    "currency": "SEK",
    "time": {"start": DATE(2024, 1, 1), "period": "year", "horizon": "3 years"},
    "parties": {
        "investor": {"title": {"en": "Investor"}},
        "outcome_payer": {"title": {"en": "Municipality"}},
        "service_provider": {"title": {"en": "Provider"}},
        "guarantor": {"title": {"en": "State"}},
    },
    "pockets": {"care": {"title": {"en": "Care"}, "cashable": 0.5}},
    "cohorts": {"pair": {"service_users": 2, "enrolment": {"by_period": [1, 1]}}},
    "metrics": {
        "cost": {
            "kind": "amount",
            "better": "lower",
            "baseline": 100.0,
            "effect": {"ratio": 0.7},
            "profile": [0.5, 1.0],
            "spread": {"law": "constant"},
            "pocket": "care",
        }
    },
    "measures": {
        "saving": {
            "perimeter": ["cost"],
            "window": "2 years",
            "reference": {"kind": "fixed", "value": 110.0},
        }
    },
    "capital": {"commitment": 60.0, "costs": {"schedule": [50.0, 20.0]}},
    "payments": {
        "activity": {"of": "capital_drawn", "terms": [{"share": 0.2}], "paid": "as delivered"},
        "share": {"of": "saving", "terms": [{"share": 0.3}]},
    },
    "fees": {
        "arranger": {"payer": "investor", "payee": "service_provider", "amount": 2.0},
    },
    "costs": {"own": {"party": "outcome_payer", "amount": 3.0, "date": DATE(2025, 6, 1)}},
    "guarantees": {"state": {"reading": "pari passu", "coverage": 0.5}},
    "rates": {"investor": {"nominal": 0.0}, "society": {"nominal": 0.25}},
}


def test_two_users_over_two_years_by_hand():
    found = run_path(Scenario.model_validate(TWO), 1, 0)
    flows = found["flows"]
    # cost per user: 85 in the first year, 70 after; user 1 enrols a year later
    # reference 220 each for two years; measured saving 440 − 2·155 = 130; true 400 − 310 = 90
    assert found["measures.saving.measured"] == pytest.approx(130)
    assert found["measures.saving.expected"] == pytest.approx(90)
    assert found["measures.saving.realised"] == pytest.approx(90)
    # by year: 15, 30 + 15, 30 + 30 within the horizon
    assert [flows["saving.cost", t] for t in range(4)] == pytest.approx([0, 15, 45, 60])
    assert [flows["luck.cost", t] for t in range(4)] == pytest.approx([0, 0, 0, 0])
    assert found["outcomes.cost.realised"] == pytest.approx(120)
    # drawn 50, then the 10 left of the commitment; the municipality adds 10
    assert [flows["drawdown", t] for t in range(4)] == [50, 10, 0, 0]
    assert [flows["own_contribution", t] for t in range(4)] == [0, 0, 10, 0]
    assert [flows["payments.activity", t] for t in range(4)] == pytest.approx([0, 10, 2, 0])
    # the second user's window ends with 2026: 0.3 · 130 at the end
    assert [flows["payments.share", t] for t in range(4)] == pytest.approx([0, 0, 0, 39])
    # received 51 of 60: the guarantee pays half of 9
    assert flows["guarantees.state", 3] == pytest.approx(4.5)
    assert found["investor.profit"] == pytest.approx(55.5 - 62)
    assert found["investor.profit_before_protection"] == pytest.approx(51 - 62)
    assert found["investor.net_present_value"] == pytest.approx(55.5 - 62)
    # net by instant: −50, −2 + 10 − 10, +2, +43.5
    assert found["investor.peak_exposure"] == pytest.approx(52)
    rate = found["investor.irr"]
    value = -50 - 2 / (1 + rate) + 2 / (1 + rate) ** 2 + 43.5 / (1 + rate) ** 3
    assert value == pytest.approx(0, abs=1e-9)
    # 120 saved − 51 paid − 10 own contribution − 3 own cost
    assert found["municipality.net_budget_effect"] == pytest.approx(56)
    assert found["municipality.net_budget_effect_cashable"] == pytest.approx(-4)
    # on the expected saving of 90 the share would have been 27
    assert found["municipality.settlement_error"] == pytest.approx(12)
    assert found["municipality.settlement_error_outcome"] == pytest.approx(12)
    assert found["guarantor.payout"] == pytest.approx(4.5)
    gains = 15 / 1.25 + 45 / 1.25**2 + 60 / 1.25**3
    takes = (50 + 2) / 1.25 + (20 + 3) / 1.25**2
    assert found["society.benefits"] == pytest.approx(gains)
    assert found["society.costs"] == pytest.approx(takes)
    assert found["society.net_present_value"] == pytest.approx(gains - takes)
    assert math.isnan(found["municipality.net_budget_effect_present_value"])


def changed(**changes):
    return Scenario.model_validate({**TWO, **changes})


def test_an_uncertain_number_is_read_from_its_stream():
    metric = {**TWO["metrics"]["cost"], "effect": {"ratio": {"normal": {"mean": 0.7, "sd": 0.1}}}}
    found = run_path(changed(metrics={"cost": metric}), 5, 3)
    u = parameter_uniform(5, "metrics.cost.effect.ratio", 3)
    ratio = 0.7 + 0.1 * special.ndtri(u)
    assert found["measures.saving.expected"] == pytest.approx(2 * 100 * (1 - ratio) * 1.5)


def test_a_year_is_read_from_the_persons_and_the_years_stream():
    metric = {
        **TWO["metrics"]["cost"],
        "spread": {"law": "gamma", "sd": 50.0},
        "persistence": 0.36,
        "profile": [0.0],
    }
    found = run_path(changed(metrics={"cost": metric}), 5, 3)
    total = 0.0
    for i in (0, 1):
        x = special.ndtri(uniform(5, "cohorts.pair/metrics.cost/person", i, 3))
        for k in (0, 1):
            y = special.ndtri(uniform(5, "cohorts.pair/metrics.cost/year", 64 * i + k, 3))
            total += stats.gamma(4, scale=25).ppf(stats.norm.cdf(0.6 * x + 0.8 * y))
    assert found["measures.saving.measured"] == pytest.approx(440 - total)


def test_drop_out_stops_the_effect_and_is_expected_in_closed_form():
    cohorts = {"pair": {**TWO["cohorts"]["pair"], "drop_out": {"per_year": 0.8}}}
    metric = {**TWO["metrics"]["cost"], "profile": [1.0]}
    model = Model(changed(cohorts=cohorts, metrics={"cost": metric}), 5, 3)
    shares = 0.0
    for i in (0, 1):
        time = -math.log(1 - uniform(5, "cohorts.pair/drop_out", i, 3)) / 0.8
        assert drop_out_time(model, "pair", i) == pytest.approx(time)
        shares += min(time, 2.0)
    assert model.value("saving").realised == pytest.approx(30 * shares)
    expected = 2 * 30 * (1 - math.exp(-1.6)) / 0.8
    assert model.value("saving").expected == pytest.approx(expected)
    assert expected_active_share(0.8, 1) == pytest.approx((math.exp(-0.8) - math.exp(-1.6)) / 0.8)


def test_enrolment_is_even_over_the_days_of_the_interval():
    enrolment = {"from": DATE(2024, 1, 1), "to": DATE(2025, 12, 31)}
    cohorts = {"pair": {"service_users": 4, "enrolment": enrolment}}
    scenario = changed(cohorts=cohorts)
    grid = Model(scenario, 1, 0).grid
    # 731 days: users enter after 91, 274, 456 and 639 of them; 2024 has 366
    found = [enrolment_period(grid, scenario.cohorts["pair"], i) for i in range(4)]
    assert found == [0, 0, 1, 1]


def test_observed_moves_the_truth_and_not_the_reference():
    measures = {
        "saving": {
            "perimeter": ["cost"],
            "window": "2 years",
            "reference": {
                "kind": "observed",
                "value": 110.0,
                "size": 50,
                "drift": {"uniform": {"low": -0.1, "high": 0.1}},
            },
        }
    }
    metric = {**TWO["metrics"]["cost"], "spread": {"law": "gamma", "sd": 50.0}, "persistence": 1.0}
    found = run_path(changed(measures=measures, metrics={"cost": metric}), 5, 3)
    drift = -0.1 + 0.2 * parameter_uniform(5, "measures.saving.reference.drift", 3)
    # persistence 1: a person's two-year total has the relative sd of one year, ½
    u = parameter_uniform(5, "measures.saving/truth/metrics.cost", 3)
    error = stats.gamma(200, scale=1 / 200).ppf(u)
    b = 110 * (1 + drift) * error
    assert found["measures.saving.expected"] == pytest.approx(2 * b * 0.3 * 1.5)
    settled = found["measures.saving.measured"] - found["measures.saving.realised"]
    assert settled == pytest.approx(2 * 2 * (110 - b))


def test_own_past_regresses_to_the_mean():
    measures = {
        "saving": {
            "perimeter": ["cost"],
            "window": "2 years",
            "reference": {"kind": "own past", "before": 1.5},
        }
    }
    metric = {**TWO["metrics"]["cost"], "spread": {"law": "gamma", "sd": 50.0}, "persistence": 0.4}
    found = run_path(changed(measures=measures, metrics={"cost": metric}), 5, 3)
    b = 100 * (1 + 0.4 * 0.5)
    assert found["measures.saving.expected"] == pytest.approx(2 * b * 0.3 * 1.5)
    before = 0.0
    for i in (0, 1):
        x = special.ndtri(uniform(5, "cohorts.pair/metrics.cost/person", i, 3))
        y = special.ndtri(uniform(5, "cohorts.pair/metrics.cost/year", 64 * i + 63, 3))
        score = math.sqrt(0.4) * x + math.sqrt(0.6) * y
        before += 150 * stats.gamma(4, scale=0.25).ppf(stats.norm.cdf(score))
    gap = found["measures.saving.measured"] - found["measures.saving.realised"]
    assert gap == pytest.approx(2 * before - 4 * b)


def test_lost_people_and_those_who_stand_for_them():
    share = 0.5
    for rule in ("excluded", "failure"):
        saving = {
            **TWO["measures"]["saving"],
            "follow_up": {"share": share, "lost_ratio": 3.0, "rule": rule},
        }
        for path in range(8):
            found = run_path(changed(measures={"saving": saving}), 5, path)
            traced = [
                uniform(5, "cohorts.pair/measures.saving/traced", i, path) < share for i in (0, 1)
            ]
            seen = 155 / (0.5 + 0.5 * 3.0)
            if rule == "failure" or not any(traced):
                total = sum(seen if t else 220 for t in traced)
            else:
                total = 2 * seen
            assert found["measures.saving.measured"] == pytest.approx(440 - total)


def test_difference_in_differences_by_hand():
    measures = {
        "saving": {
            "perimeter": ["cost"],
            "window": "18 months",
            "reference": {"kind": "difference in differences", "size": 3, "drift": 0.25},
        }
    }
    found = run_path(changed(measures=measures), 5, 3)
    # constant law: own before 100, reference before 100, after 80 a year; R = 1.5·80
    # T = 85 + ½·70 = 120
    assert found["measures.saving.measured"] == pytest.approx(2 * (120 - 120))
    assert found["measures.saving.expected"] == pytest.approx(2 * (150 - 120))


def test_by_period_what_comes_after_the_horizon_falls_in_the_last_period():
    payments = {"each": {"of": "saving", "per": "period", "terms": [{"share": 1.0}]}}
    time = {**TWO["time"], "horizon": "2 years"}
    found = run_path(changed(payments=payments, guarantees={}, time=time), 5, 3)
    flows = found["flows"]
    # 110 − 85; then 110 − 70 and 110 − 85, and the second user's second year 110 − 70
    assert [flows["payments.each", t] for t in range(3)] == pytest.approx([0, 25, 105])
    assert found["outcomes.cost.realised"] == pytest.approx(15 + 45)
