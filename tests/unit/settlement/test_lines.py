"""What a statement derives: limits that bound, guarantees, what waits for completion, and dates."""

from __future__ import annotations

import pytest

from simulator.api import load_scenario, settle
from simulator.errors import ScenarioError
from tests.worked.deal import DEAL, statement

GUARANTOR = 'parties.guarantor="The state"'


def lines(found, kind):
    return [line for line in found.lines if line.kind == kind]


def steps(line):
    return [(word.term.split(".")[-1], word.value_in, word.value_out) for word in line.words]


# --- limits --------------------------------------------------------------------------------------


def test_a_limit_that_bound_says_what_went_in_and_what_is_left():
    # 40 % as delivered, of 100 in year 1 and 50 in year 2, and then a saving of 80: 140 of 100
    activity = DELIVERED.replace("0.1", "0.4")
    [limit] = lines(statement(activity, "limits.total=100", saving=80), "limit")
    assert (limit.name, limit.due, limit.payee) == ("total", "2026-12-31", "investor")
    assert limit.inputs == pytest.approx({"paid_before": 40, "room": 60})
    assert (limit.claimed, limit.paid) == pytest.approx((100, 60))  # 20 + 80, cut to 100 − 40
    assert steps(limit) == [("total", pytest.approx(100), pytest.approx(60))]


def test_the_tightest_limit_is_the_one_that_bound():
    found = statement("limits.total=170", "limits.multiple=1.1", saving=1000)
    [limit] = lines(found, "limit")
    assert limit.name == "multiple"
    assert limit.paid == pytest.approx(165)  # 1.1 × 150
    assert limit.inputs["capital_drawn"] == 150


@pytest.mark.parametrize(
    ("form", "room"),
    [
        # 100 drawn at the start, 50 after a year, all repaid at the end of year 2
        ("compound", 100 * 1.1**2 + 50 * 1.1),
        ("simple", 100 * 1.2 + 50 * 1.1),
    ],
)
def test_a_cap_on_the_return_shows_the_balance_it_leaves(form, room):
    cap = f'limits.annual_return={{ rate = 0.1, form = "{form}" }}'
    [limit] = lines(statement(cap, saving=1000), "limit")
    assert limit.name == f"annual_return_{form}"
    assert (limit.claimed, limit.paid) == pytest.approx((1000, room))


def test_a_limit_that_is_just_met_did_not_bind():
    found = statement("limits.total=100", saving=100)
    assert lines(found, "limit") == []
    assert found.repaid == 100


# --- guarantees ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "derivation"),
    [
        # drawn 150, received 60: a loss of 90
        (
            'reading = "pari passu", coverage = 0.5',
            [("object", 150, 150), ("loss", 150, 90), ("coverage", 90, 45), ("paid", 45, 45)],
        ),
        (
            'reading = "floor", coverage = 0.5',
            [
                ("object", 150, 150),
                ("coverage", 150, 75),
                ("short", 75, 15),
                ("at_most_loss", 15, 15),
                ("paid", 15, 15),
            ],
        ),
        (
            'reading = "first loss", coverage = 0.5, object = "committed", cap = 80',
            [
                ("object", 200, 200),
                ("coverage", 200, 100),
                ("at_most_loss", 100, 90),
                ("cap", 90, 80),
                ("paid", 90, 80),
            ],
        ),
        (
            'reading = "second loss", attachment = 30, detachment = { of_drawn = 0.5 }',
            [
                ("object", 150, 150),
                ("loss", 150, 90),
                ("attachment", 90, 60),
                ("width", 60, 45),
                ("paid", 45, 45),
            ],
        ),
        (
            'reading = "maximum loss", maximum = 40',
            [("object", 150, 150), ("loss", 150, 90), ("maximum", 90, 50), ("paid", 50, 50)],
        ),
        (
            'reading = "floor", coverage = 0.5, object = "with return", target_return = 0.2',
            [
                ("object", 150, 180),
                ("coverage", 180, 90),
                ("short", 90, 30),
                ("paid", 30, 30),
            ],
        ),
    ],
)
def test_a_guarantee_is_derived_step_by_step(words, derivation):
    found = statement(GUARANTOR, f"guarantees.state={{ {words} }}", saving=60)
    [guarantee] = lines(found, "guarantee")
    assert steps(guarantee) == [
        (term, pytest.approx(before), pytest.approx(after)) for term, before, after in derivation
    ]
    assert guarantee.inputs["received"] == 60
    assert (guarantee.payers, guarantee.payee, guarantee.due) == (
        {"guarantor": 1.0},
        "investor",
        "2026-12-31",
    )
    assert found.guarantee_payout == pytest.approx(guarantee.paid)


def test_what_is_at_risk_is_what_activity_payments_left():
    found = statement(
        GUARANTOR,
        'guarantees.state={ reading = "first loss", coverage = 0.5, object = "at risk" }',
        'payments.activity={ of = "capital_drawn", terms = [{ share = 0.4 }] }',
        saving=0,
    )
    [guarantee] = lines(found, "guarantee")
    # 150 drawn, 60 back for activity: 90 at risk, half of it covered, the loss is 90
    assert guarantee.inputs == pytest.approx(
        {"capital_drawn": 150, "activity_payments": 60, "received": 60}
    )
    assert steps(guarantee)[0] == ("object", 150, pytest.approx(90))
    assert guarantee.paid == pytest.approx(45)


def test_each_guarantee_is_called_on_the_loss_that_is_left():
    found = statement(
        GUARANTOR,
        'guarantees.one={ reading = "first loss", coverage = 0.2, order = 1 }',
        'guarantees.two={ reading = "pari passu", coverage = 0.5, order = 2 }',
        saving=60,
    )
    # a loss of 90: 0.2 × 150 = 30, then half of the 60 that are left
    assert [(line.name, line.paid) for line in lines(found, "guarantee")] == [
        ("one", pytest.approx(30)),
        ("two", pytest.approx(30)),
    ]


# --- not completed -------------------------------------------------------------------------------

WAITING = 'payments.waiting={ of = "capital_drawn", terms = [{ share = 0.2 }, { at_least = 5 }] }'
DELIVERED = (
    'payments.delivered={ of = "capital_drawn", paid = "as delivered", terms = [{ share = 0.1 }] }'
)


@pytest.mark.parametrize(("completed", "waiting"), [(True, 30), (False, 0)])
def test_what_waits_for_the_plan_is_paid_only_where_it_was_carried_out(completed, waiting):
    scenario = load_scenario(DEAL, overrides=[WAITING, DELIVERED])
    results = {"drawn": 150.0, "completed": completed, "measures": {"saving": 60.0}}
    found = settle(scenario, results)
    assert found.activity_payments == pytest.approx(waiting + 15)
    assert found.outcome_payments == 60
    [line] = [line for line in found.lines if line.name == "waiting"]
    assert [word.value_out for word in line.words] == [30, 30]  # the floor pays nothing either
    assert line.conditions == (
        {
            "measure": "completed",
            "test": "completed",
            "level": 1.0,
            "value": float(completed),
            "holds": completed,
        },
    )
    assert (line.claimed, line.paid) == (waiting, waiting)
    assert "completed" not in found.assumed


def test_completion_is_assumed_where_it_matters_and_is_not_stated():
    results = {"drawn": 150.0, "measures": {"saving": 60.0}}
    assert "completed" in settle(load_scenario(DEAL, overrides=[WAITING]), results).assumed
    assert settle(load_scenario(DEAL), results).assumed == ("cost", "spread", "dates")
    assert settle(load_scenario(DEAL), {**results, "cost": 150.0}).assumed == ("spread", "dates")


# --- who pays whom, and when ---------------------------------------------------------------------


def test_every_movement_has_its_day():
    found = statement(DELIVERED, saving=60, drawn=120)
    # 150 was planned as 100 and 50; 120 is drawn as 80 and 40, on the first day of the year
    assert [(t.date, t.payer, t.payee, t.account, t.amount) for t in found.transfers] == [
        ("2025-01-01", "investor", "service_provider", "drawdown", 80),
        ("2025-12-31", "outcome_payer", "investor", "activity payment", 8),
        ("2026-01-01", "investor", "service_provider", "drawdown", 40),
        ("2026-12-31", "outcome_payer", "investor", "activity payment", 4),
        ("2026-12-31", "outcome_payer", "investor", "outcome payment", 60),
    ]


def test_a_negative_payment_is_paid_the_other_way():
    found = statement("payments.pay.terms=[{ share = 0.5 }]", saving=-20)
    last = found.transfers[-1]
    assert (last.payer, last.payee, last.amount) == ("investor", "outcome_payer", 10)


# --- what cannot be ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "place", "key", "allowed"),
    [
        ("r.toml", "drawn = 150\n[measures]\nsaving = 1\ncount = 11\n", "4:9", "measures.count",
         "at most 10"),
        ("r.csv", "key,value\ndrawn,150\nmeasures.saving,1\nmeasures.count,11\n", "4:16",
         "measures.count", "at most 10"),
        ("r.csv", "key;value\ndrawn;150\nmeasures.saving;1\nmeasures.count;4,5\n", "4:16",
         "measures.count", "a whole number"),
        ("r.toml", "drawn = 250\nmeasures.saving = 1\n", "1:9", "drawn", "at most the commitment"),
        ("r.csv", "key,value\ndrawn,-1\nmeasures.saving,1\n", "2:7", "drawn", "0 or more"),
        ("r.toml", "drawn = 150\nmeasures = { saving = 1, rate = 34 }\n", "2:33", "measures.rate",
         "between 0 and 1"),
        ("r.toml", "drawn = 150\nmeasures.saving = 1\npublished = { repaid = 1 }\n", "3:1",
         "published", "it stands in the scenario only"),
        ("r.toml", "drawn = 150\nmesures.saving = 1\n", "2:1", "mesures",
         "did you mean `measures`"),
        ("r.csv", "key,value\ndrawn,150\nmeasures.savings,1\n", "3:1", "measures.savings",
         "did you mean `saving`"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_clear_error(tmp_path, name, text, place, key, allowed):
    from simulator.settlement import read_results

    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        settle(load_scenario(DEAL), read_results(file))
    [problem] = caught.value.problems
    assert f"{problem.line}:{problem.column}" == place
    assert (problem.file, problem.key) == (str(file), key)
    assert allowed in str(problem)


def test_the_same_in_a_sheet(tmp_path):
    import pandas as pd

    from simulator.settlement import read_results

    rows = [("drawn", 150), ("measures.saving", 1), ("measures.count", 11)]
    pd.DataFrame(rows, columns=["key", "value"]).to_excel(tmp_path / "r.xlsx", index=False)
    with pytest.raises(ScenarioError) as caught:
        settle(load_scenario(DEAL), read_results(tmp_path / "r.xlsx"))
    [problem] = caught.value.problems
    assert (problem.line, problem.column, problem.key) == (4, 2, "measures.count")


def test_an_estimate_need_not_be_whole():
    traced = "measures.count.follow_up={ share = 0.8 }"
    scenario = load_scenario(DEAL, overrides=[traced])
    found = settle(scenario, {"drawn": 150.0, "measures": {"saving": 1.0, "count": 4.5}})
    assert found.measures["count"] == 4.5


# --- whose values --------------------------------------------------------------------------------

VARIANTS = """
[realised]
drawn = 150
measures = { saving = 60 }
published = { repaid = 60, tolerance = 0, check = "strong" }

[variants.half]
payments.pay.terms = [{ share = 0.5 }]

[variants.other]
realised.measures.saving = 80
realised.note = "longer"

[variants.noted]
payments.pay.terms = [{ share = 0.5 }]
realised.note = "only a note"
"""


@pytest.mark.parametrize(
    ("variants", "overrides", "basis"),
    [
        ((), (), "as signed"),
        (("half",), (), "as signed"),
        (("noted",), (), "as signed"),
        (("other",), (), "own"),
        ((), ("realised.measures.saving=10",), "changed"),
    ],
)
def test_a_statement_knows_whose_values_it_settles(tmp_path, variants, overrides, basis):
    (tmp_path / "deal.toml").write_text(DEAL.read_text(encoding="utf-8") + VARIANTS)
    found = settle(load_scenario(tmp_path / "deal.toml", variants=variants, overrides=overrides))
    assert found.basis == basis
    assert (found.agrees is None) == bool(variants or overrides)


def test_a_results_file_is_a_basis_of_its_own():
    found = statement(saving=60)
    assert (found.basis, found.published, found.check) == ("results", None, None)
