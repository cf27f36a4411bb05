"""A settlement statement: what it says, and whether it agrees with what was published."""

from __future__ import annotations

import json

import pytest

from simulator.api import load_scenario, settle
from simulator.errors import SocsimError
from tests.worked.deal import DEAL

REALISED = "realised={{ drawn = 150, measures = {{ saving = 60 }}, published = {{ {} }} }}"
KINDS = ("activity payment", "outcome payment", "limit", "guarantee")
GUARANTEE = (
    'parties.guarantor="The state"',
    'guarantees.state={ reading = "pari passu", coverage = 0.5 }',
)


def published(words: str, *overrides: str):
    words = words if "tolerance" in words else f"{words}, tolerance = 0"
    changed = load_scenario(DEAL, overrides=[*overrides, REALISED.format(words)])
    return settle(changed.model_copy(update={"overrides": ()}))  # as if the file itself said so


@pytest.mark.parametrize(
    ("words", "agrees"),
    [
        ("repaid = 60", True),
        ("repaid = 61", False),
        ("repaid = 61, tolerance = 1", True),
        ("repaid = 61.5, tolerance = 1", False),
        ("repaid = 60, investor_profit = -90", True),
        ("repaid = 60, investor_profit = -91", False),
        ("outcome_payments = 60, activity_payments = 0", True),
        ("outcome_payments = 60, activity_payments = 1, tolerance = 0.5", False),
        ("received = 60, guarantee_payout = 0", True),
        ("drawn = 150", None),  # what was put in proves nothing
    ],
)
def test_agreement_with_what_was_published(words, agrees):
    assert published(words).agrees is agrees


def test_what_was_published_is_carried_along():
    found = published('repaid = 60, tolerance = 2, check = "a zero branch"').to_dict()["settlement"]
    assert found["published"] == {"repaid": 60.0, "tolerance": 2.0, "source": None}
    assert found["check"] == "a zero branch"
    assert found["agrees"] is True


def test_other_results_are_not_compared_with_what_was_published():
    scenario = load_scenario(DEAL, overrides=[REALISED.format("repaid = 60, tolerance = 0")])
    found = settle(scenario, {"drawn": 150.0, "measures": {"saving": 60.0}})
    assert (found.published, found.agrees) == (None, None)


def test_a_variant_is_not_held_against_what_was_published(tmp_path):
    text = DEAL.read_text(encoding="utf-8")
    text += "\n[realised]\ndrawn = 150\nmeasures = { saving = 60 }\n"
    text += "published = { repaid = 60, tolerance = 0 }\n"
    text += '\n[variants.half]\ntitle = "Half"\npayments.pay.terms = [{ share = 0.5 }]\n'
    (tmp_path / "deal.toml").write_text(text, encoding="utf-8")
    plain = settle(load_scenario(tmp_path / "deal.toml"))
    half = settle(load_scenario(tmp_path / "deal.toml", variants=["half"]))
    assert (plain.repaid, plain.agrees) == (60, True)
    assert (half.repaid, half.agrees) == (30, None)


def test_without_results_there_is_nothing_to_settle():
    with pytest.raises(SocsimError, match="nothing to settle"):
        settle(load_scenario(DEAL))


def test_amounts_fit_together():
    found = published(
        "repaid = 60",
        *GUARANTEE,
        'payments.activity={ of = "capital_drawn", terms = [{ share = 0.1 }] }',
    )
    assert (found.activity_payments, found.outcome_payments) == pytest.approx((15, 60))
    assert found.repaid == pytest.approx(75)
    assert found.guarantee_payout == pytest.approx(37.5)
    assert found.received == pytest.approx(112.5)
    assert found.investor_profit == pytest.approx(-37.5)
    of = {kind: [x.paid for x in found.lines if x.kind == kind] for kind in KINDS}
    assert of["activity payment"] == pytest.approx([15])
    assert of["outcome payment"] == pytest.approx([60])
    assert of["guarantee"] == pytest.approx([37.5])


def test_a_guarantee_is_not_called_before_completion():
    scenario = load_scenario(DEAL, overrides=GUARANTEE)
    results = {"drawn": 150.0, "measures": {"saving": 60.0}}
    done = settle(scenario, {**results, "completed": True})
    under_way = settle(scenario, {**results, "completed": False})
    assert (done.guarantee_payout, done.investor_profit) == pytest.approx((45, -45))
    assert (under_way.guarantee_payout, under_way.investor_profit) == pytest.approx((0, -90))
    # 100 and, a year later, 50 are drawn; 105 comes back after two years, or 60: with x = 1 + rate,
    # 100x² + 50x = 105 or 60
    assert 100 * (1 + done.investor_irr) ** 2 + 50 * (1 + done.investor_irr) == pytest.approx(105)
    rate = under_way.investor_irr
    assert 100 * (1 + rate) ** 2 + 50 * (1 + rate) == pytest.approx(60)
    assert [line.kind for line in under_way.lines] == ["outcome payment"]
    assert done.completed
    assert not under_way.completed


def test_without_capital_nothing_is_said_of_the_investors_result(tmp_path):
    text = DEAL.read_text(encoding="utf-8")
    head, _, rest = text.partition("[capital]")
    (tmp_path / "deal.toml").write_text(
        head + rest[rest.index("[payments.pay]") :], encoding="utf-8"
    )
    found = settle(load_scenario(tmp_path / "deal.toml"), {"measures": {"saving": 60.0}})
    assert found.repaid == 60
    assert (found.drawn, found.investor_profit, found.investor_irr) == (None, None, None)


def test_cost_is_what_was_drawn_unless_it_is_given():
    overrides = ['payments.part={ of = "cost", terms = [{ share = 0.1 }] }']
    scenario = load_scenario(DEAL, overrides=overrides)
    results = {"drawn": 150.0, "measures": {"saving": 0.0}}
    assert settle(scenario, results).activity_payments == pytest.approx(15)
    assert settle(scenario, {**results, "cost": 180.0}).activity_payments == pytest.approx(18)


def test_the_statement_is_json_without_dust():
    found = published("repaid = 60").to_dict()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["scenario"]["currency"] == "SEK"
    assert found["settlement"]["investor_profit"] == -90.0
    [line] = found["settlement"]["lines"]
    assert line["name"] == "pay"
    assert line["inputs"] == {"saving": 60.0}


def test_a_total_loss_is_minus_one():
    found = settle(load_scenario(DEAL), {"drawn": 150.0, "measures": {"saving": 0.0}})
    assert found.investor_irr == -1.0
    assert (
        settle(load_scenario(DEAL), {"drawn": 0.0, "measures": {"saving": 0.0}}).investor_irr
        is None
    )
