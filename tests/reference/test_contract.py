"""Payments, limits and guarantees of the twin against hand-worked settlements."""

import datetime

import pytest

from simulator.scenario.contract import Guarantee, Steps, Term
from simulator.scenario.model import Scenario
from tests.reference.contract import Contract
from tests.reference.grid import grid_of
from tests.reference.guarantees import guarantee_payouts, payout
from tests.reference.limits import Compound, Simple
from tests.reference.settlement import Money, Settlement
from tests.reference.terms import Quantities, Reader, lag

DATE = datetime.date

BASE = {
    "title": "Settlement",
    "currency": "SEK",
    "time": {"start": DATE(2016, 7, 1), "period": "half-year", "horizon": "6 years"},
    "parties": {
        "investor": {"title": {"en": "Investor"}},
        "outcome_payer": {"title": {"en": "Municipality"}},
    },
    "cohorts": {"children": {"service_users": 60}},
    "metrics": {
        "cost": {
            "kind": "amount",
            "better": "lower",
            "baseline": 300_000,
            "spread": {"law": "constant"},
            "effect": {"ratio": 0.9},
        },
        "school": {
            "kind": "binary",
            "better": "higher",
            "baseline": 0.2,
            "effect": {"difference": 0.1},
        },
    },
    "measures": {
        "saving": {"perimeter": ["cost"], "window": "2 years", "reference": {"kind": "fixed"}},
        "school": {"metric": "school", "quantity": "rate", "window": "2 years"},
    },
    "capital": {"commitment": 10.0, "costs": {"schedule": [2.5, 2.5, 2.5]}},
    "payments": {
        "activity": {"of": "capital_drawn", "terms": [{"share": 0.4}], "paid": "as delivered"},
        "share": {
            "of": "saving",
            "terms": [{"share": 0.6}, {"at_least": 0.0}, {"at_most": {"of_drawn": 0.6}}],
        },
        "upside": {
            "of": "saving",
            "when": {"measure": "school", "at_least": 0.2},
            "terms": [{"above": {"of_drawn": 1.0}}, {"at_most": {"of_drawn": 0.2}}],
        },
    },
    "limits": {"multiple": 1.2},
}


def scenario(**changes):
    base = dict(BASE)
    for key, value in changes.items():
        base[key] = value
    return Scenario.model_validate({**base, "title": {"en": "Settlement"}})


def contract(subject, last_enrolment=3):
    grid = grid_of(subject)
    cohorts = sorted(subject.cohorts)
    return Contract(subject, grid, lambda name: cohorts, lambda cohort: last_enrolment)


def money(subject, drawn=7.5):
    periods = grid_of(subject).P
    each = [drawn / 3] * 3 + [0.0] * (periods - 3)
    return Money([*each, 0.0], each, 10.0)


def settlement(subject, saving, school, drawn=7.5):
    values = {"saving": saving, "school": school}
    found = Settlement(contract(subject), money(subject, drawn), lambda name, _: values[name])
    found.run()
    return found


def settled(subject, saving, school, drawn=7.5):
    return settlement(subject, saving, school, drawn).out.owed


@pytest.mark.parametrize(
    ("drawn", "saving", "school", "repaid"),
    [
        (7.5, 0.0, 0.34, 3.0),
        (7.5, -5.0, 0.34, 3.0),
        (7.5, 4.0, 0.34, 5.4),
        (7.5, 7.5, 0.34, 7.5),
        (7.5, 100.0, 0.34, 9.0),
        (7.5, 100.0, 0.10, 7.5),
        (10.0, 100.0, 0.34, 12.0),
    ],
)
def test_norrkoping_branches(drawn, saving, school, repaid):
    paid = settled(scenario(), saving, school, drawn)
    assert sum(paid.values()) == pytest.approx(repaid)


def test_norrkoping_saved_is_repaid():
    payments = {
        **BASE["payments"],
        "share": {
            "of": "saving",
            "terms": [{"above": {"of_drawn": 0.4}}, {"at_most": {"of_drawn": 0.6}}],
        },
    }
    paid = settled(scenario(payments=payments), 4.0, 0.34)
    assert sum(paid.values()) == pytest.approx(4.0)


def test_an_exactly_met_condition_is_met_and_below_is_its_opposite():
    payments = {
        "met": {
            "of": "school",
            "when": {"measure": "saving", "at_least": 0.3},
            "terms": [{"price": 1.0}],
        },
        "missed": {
            "of": "school",
            "when": {"measure": "saving", "below": 0.3},
            "terms": [{"price": 1.0}],
        },
    }
    paid = settled(scenario(payments=payments, limits={}), 0.1 + 0.1 + 0.1 - 1e-16, 1.0)
    assert {name: amount for (name, _), amount in paid.items()} == {"met": 1.0, "missed": 0.0}


def test_due_when_the_last_window_is_reported_and_never_after_the_end():
    subject = scenario()
    found = contract(subject)
    # the last to enrol do so in period 3; two years later is instant 7
    assert found.due(subject.payments["share"]) == 7
    assert contract(subject, last_enrolment=11).due(subject.payments["share"]) == 12
    assert found.last_due() == 7
    measures = {**BASE["measures"]}
    measures["saving"] = {**measures["saving"], "reported_after": "4 months"}
    later = scenario(measures=measures)
    assert contract(later).due(later.payments["share"]) == 8


def test_activity_is_paid_at_the_end_of_each_period():
    paid = settled(scenario(), 0.0, 0.0)
    assert {t: a for (n, t), a in paid.items() if n == "activity" and a} == {1: 1.0, 2: 1.0, 3: 1.0}


# --- terms ---------------------------------------------------------------------------------------

BANDS = [{"above": 2.0, "price": 10.0}, {"above": 5.0, "price": 30.0}]
STEPS = [[1.0, 10.0], [3.0, 50.0]]


@pytest.mark.parametrize(
    ("term", "value", "result"),
    [
        ({"above": {"of_drawn": 0.5}}, 5.0, 1.0),
        ({"above": 3.0}, 1.0, 0.0),
        ({"price": 4.0}, 2.5, 10.0),
        ({"bands": BANDS}, 7.0, 90.0),
        ({"bands": BANDS}, 1.0, 0.0),
        ({"table": {"points": STEPS, "form": "stepped"}}, 2.9, 10.0),
        ({"table": {"points": STEPS, "form": "stepped"}}, 3.0 - 1e-12, 50.0),
        ({"table": {"points": STEPS, "form": "stepped"}}, 0.9, 0.0),
        ({"table": {"points": STEPS, "form": "interpolated"}}, 2.5, 40.0),
        ({"table": {"points": STEPS, "form": "interpolated"}}, 0.9, 0.0),
        ({"table": {"points": STEPS, "form": "interpolated"}}, 9.0, 50.0),
        ({"share": 0.25}, 8.0, 2.0),
        ({"at_most": {"of_commitment": 0.1}}, 8.0, 1.0),
        ({"at_least": {"of_cost": 0.5}}, -3.0, 6.0),
        ({"if_at_least": 0.1}, 0.1 - 1e-13, 0.1 - 1e-13),
        ({"if_at_least": 0.1}, 0.0999, 0.0),
        ({"uplift": {"per_year": 0.1, "since": DATE(2020, 1, 1)}}, 100.0, 121.0),
        ({"after": "1 year"}, 5.0, 5.0),
    ],
)
def test_terms(term, value, result):
    reader = Reader(Quantities(8.0, 10.0, 12.0), lambda date: 2.0)
    assert reader.apply(Term.model_validate(term), value) == pytest.approx(result)


def test_terms_are_read_from_top_to_bottom():
    terms = [Term.model_validate(t) for t in ({"share": 0.5}, {"above": 1.0}, {"after": "1 year"})]
    assert Reader().read(terms, 6.0) == 2.0
    assert Reader().read([terms[1], terms[0]], 6.0) == 2.5
    assert lag([*terms, Term.model_validate({"after": "1 quarter"})]) == 15


def test_steps_need_no_second_point():
    steps = Steps.model_validate({"points": [[2.0, 7.0]], "form": "interpolated"})
    reader = Reader()
    assert reader.apply(Term(table=steps), 2.0) == 7.0
    assert reader.apply(Term(table=steps), 1.0) == 0.0


# --- limits --------------------------------------------------------------------------------------


def test_what_is_cut_comes_from_outcome_payments_in_proportion():
    payments = {
        "first": {"of": "saving", "terms": [{"share": 3.0}]},
        "second": {"of": "saving", "terms": [{"share": 1.0}]},
    }
    subject = scenario(payments=payments, limits={"total": 6.0})
    assert settled(subject, 2.0, 0.0) == pytest.approx({("first", 7): 4.5, ("second", 7): 1.5})


def test_activity_payments_are_cut_last():
    subject = scenario(limits={"total": 2.5})
    paid = settled(subject, 7.5, 0.0)
    assert paid["share", 7] == 0.0
    assert [paid["activity", t] for t in (1, 2, 3)] == pytest.approx([1.0, 1.0, 0.5])


def test_compound_room_is_what_lifts_the_return_to_the_rate():
    room = Compound(0.21, 2)
    room.pay(0.0, 100.0)
    assert room.at() == pytest.approx(110.0)
    room.pay(10.0, 0.0)
    assert room.at() == pytest.approx(110.0)
    room.pay(110.0, 0.0)
    assert room.balance == pytest.approx(0.0)


def test_simple_interest_is_paid_first_and_earns_none():
    room = Simple(0.10, 1)
    room.pay(0.0, 100.0)
    assert room.at() == pytest.approx(110.0)
    room.pay(0.0, 0.0)
    assert room.at() == pytest.approx(120.0)
    room.pay(50.0, 0.0)  # 20 interest, 30 principal
    assert (room.principal, room.interest) == pytest.approx((70.0, 0.0))
    assert room.at() == pytest.approx(77.0)


# --- guarantees ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "pays"),
    [
        ({"reading": "pari passu", "coverage": 0.5}, 2.25),
        ({"reading": "floor", "coverage": 0.5}, 0.75),
        ({"reading": "first loss", "coverage": 0.5}, 3.75),
        ({"reading": "first loss", "coverage": 0.5, "object": "at risk"}, 2.25),
        ({"reading": "pari passu", "coverage": 0.5, "object": "at risk"}, 2.25),
        ({"reading": "first loss", "coverage": 0.9}, 4.5),
        ({"reading": "pari passu", "coverage": 0.5, "object": "committed"}, 2.25),
        ({"reading": "first loss", "coverage": 0.4, "object": "committed"}, 4.0),
        ({"reading": "floor", "coverage": 0.5, "object": "committed"}, 2.0),
        ({"reading": "floor", "coverage": 0.9, "object": "committed"}, 4.5),
        (
            {"reading": "floor", "coverage": 0.5, "object": "with return", "target_return": 0.2},
            1.5,
        ),
        ({"reading": "second loss", "attachment": 1.0, "detachment": {"of_drawn": 0.4}}, 2.0),
        ({"reading": "maximum loss", "maximum": {"of_commitment": 0.2}}, 2.5),
        ({"reading": "first loss", "coverage": 0.5, "cap": {"of_drawn": 0.2}}, 1.5),
        ({"reading": "pari passu", "coverage": 0.0}, 0.0),
    ],
)
def test_readings_on_the_settled_contract(words, pays):
    guarantee = Guarantee.model_validate(words)
    assert payout(guarantee, Quantities(7.5, 10.0, 7.5), 3.0, 3.0) == pytest.approx(pays)


def test_guarantees_are_called_in_order_on_the_loss_that_is_left():
    guarantees = {
        "b": {"reading": "pari passu", "coverage": 0.5},
        "a": {"reading": "first loss", "coverage": 0.2, "order": 2, "after": "7 months"},
        "c": {"reading": "maximum loss", "maximum": 0.5, "order": 2},
    }
    subject = scenario(guarantees=guarantees)
    # on 7.5 drawn 3.0 are paid as delivered, and nothing of a saving of nothing
    done = settlement(subject, 0.0, 0.0)
    found = guarantee_payouts(contract(subject), money(subject), done)
    # loss 4.5: b pays 2.25, a 1.5 of the 2.25 left, c what is above 0.5 of the 0.75 left
    assert found == pytest.approx({("b", 7): 2.25, ("a", 9): 1.5, ("c", 7): 0.25})


def test_payout_and_loss_after_make_the_loss_before():
    for received in (0.0, 2.0, 3.0, 6.0, 7.5, 8.0):
        for reading in ("pari passu", "floor", "first loss"):
            guarantee = Guarantee.model_validate({"reading": reading, "coverage": 0.5})
            pays = payout(guarantee, Quantities(7.5, 10.0, 7.5), received, 3.0)
            before = max(7.5 - received, 0.0)
            after = max(7.5 - received - pays, 0.0)
            assert pays + after == pytest.approx(before)
