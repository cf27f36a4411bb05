"""Capital drawn at the start of a contract that ends early, by hand.

The plan costs 100 in year 1 and 50 in year 2, and 150 is drawn at once. Where the contract ends
with year 1, instant 1, the 50 that nobody has spent go back before anything that is due then.
"""

from __future__ import annotations

import pytest

from simulator.api import load_scenario, simulate
from tests.worked.deal import DEAL, near

ENDS = (
    'capital.drawdown="at start"',
    "events.over={{ kind = 'termination', by = 'outcome_payer', chance = {}, date = 2025-12-31 }}",
    "payments.pay.if_terminated={}",
)


def run(*overrides, chance=1.0, rule="forfeited"):
    """Amounts by instant of every line, and the figures; the same on every path."""
    words = [ENDS[0], ENDS[1].format(chance), ENDS[2].format(rule), *overrides]
    found = simulate(load_scenario(DEAL, overrides=words), paths=3, seed=1, keep="all")
    first = found.flows[found.flows["path"] == 0]
    lines = {line.name: [0.0] * 5 for line in found.layout.lines}
    for line, instant, amount in zip(first["line"], first["instant"], first["amount"], strict=True):
        lines[str(line)][int(instant)] = float(amount)
    return lines, found.paths.iloc[0]


def test_all_is_drawn_and_what_is_not_spent_goes_back():
    lines, figures = run()
    assert lines["drawdown"] == near([150, -50, 0, 0, 0])
    assert lines["programme_cost"] == near([0, -100, 0, 0, 0])
    assert lines["own_contribution"] == near([0.0] * 5)
    for name, amount in (("drawn", 100), ("paid_in", 100), ("received", 0), ("profit", -100)):
        assert figures[f"investor.{name}"] == near(amount), name
    assert figures["investor.peak_exposure"] == near(150)
    assert figures["investor.irr"] == pytest.approx(50 / 150 - 1)  # a third came back in a year


def test_a_contract_that_runs_its_course_draws_the_same():
    lines, figures = run(chance=0.0)
    assert lines["drawdown"] == near([150, 0, 0, 0, 0])
    assert figures["investor.drawn"] == near(150)


@pytest.mark.parametrize(
    ("words", "drawdown", "own"),
    [
        # of a commitment of 120 nothing is left in year 2, of which 20 go back
        (("capital.commitment=120",), [120, -20, 0, 0, 0], [0, 0, 0, 0, 0]),
        # 90 do not last for year 1: nothing goes back
        (("capital.commitment=90",), [90, 0, 0, 0, 0], [0, 10, 0, 0, 0]),
        # 0.8 of 150, of which 0.8 of 100 is spent
        (("capital.share=0.8",), [120, -40, 0, 0, 0], [0, 20, 0, 0, 0]),
        # a fee of 10 % is on all that is drawn, and is not paid back
        (
            (
                'fees.manager={ payer = "investor", payee = "service_provider", share = 0.1, '
                'of = "capital_drawn" }',
            ),
            [150, -50, 0, 0, 0],
            [0, 0, 0, 0, 0],
        ),
    ],
)
def test_what_goes_back_is_what_capital_has_not_paid_for(words, drawdown, own):
    lines, _ = run(*words)
    assert lines["drawdown"] == near(drawdown)
    assert lines["own_contribution"] == near(own)
    if "fees.manager" in lines:
        assert lines["fees.manager"] == near([0, 15, 0, 0, 0])


def test_a_contract_that_never_starts_draws_nothing():
    never = "events.over={ kind = 'non-start', chance = 1.0 }"
    found = simulate(load_scenario(DEAL, overrides=[ENDS[0], never]), paths=2, seed=1, keep="all")
    assert not found.flows["amount"].any()


COUPON = (
    'payments.coupon={ of = "capital_outstanding", per = "period", terms = [{ share = 0.1 }], '
    "if_terminated = 'paid' }"
)


def test_what_went_back_is_no_longer_outstanding():
    # ended with year 2, at which 50 + 50 of a plan of 300 are spent: 200 go back. The coupon of
    # year 1 is on all 300, that of year 2 on the 100 that stay, and so on less what coupons repay
    words = (
        "capital.costs={ schedule = [50, 50, 100, 100] }",
        "capital.commitment=300",
        "events.over.date=2026-12-31",
        "payments.pay.terms=[{ price = 0 }]",
        COUPON,
    )
    lines, figures = run(*words)
    assert lines["drawdown"] == near([300, 0, -200, 0, 0])
    assert lines["payments.coupon"] == near([0, 30, 7, 6.3, 5.67])
    assert figures["investor.profit"] == near(48.97 - 100)


@pytest.mark.parametrize(
    ("form", "paid"),
    # 300·1.1 = 330, less 200 at instant 2: B = 330·1.1 − 200 = 163; simple: 300 + 30 + 30 − 200
    [("compound", 163), ("simple", 160)],
)
def test_a_limit_on_the_return_counts_interest_until_it_went_back(form, paid):
    words = (
        "capital.costs={ schedule = [50, 50, 100, 100] }",
        "capital.commitment=300",
        "events.over.date=2026-12-31",
        f'limits.annual_return={{ rate = 0.1, form = "{form}" }}',
        "metrics.cost.effect.ratio=0",  # saves 2,000 in the window, known at the end of year 2
    )
    lines, _ = run(*words, rule="paid")
    assert lines["payments.pay"] == near([0, 0, paid, 0, 0])


def test_until_repaid_and_the_interest_of_classes_count_it_too():
    words = (
        "capital.costs={ schedule = [50, 50, 100, 100] }",
        "capital.commitment=300",
        "events.over.date=2026-12-31",
        'parties.bank="The bank"',
        'parties.fund="The fund"',
        "capital.classes={ bank = { share = 0.5, rank = 1, interest = 0.1 }, "
        "fund = { share = 0.5, rank = 2, residual = 1 } }",
        "payments.pay.terms=[{ until_repaid = { interest = 0.1, share = 1, then = 0.5 } }]",
        "metrics.cost.effect.ratio=0.9",  # 10 people save 10 a year each: 200
    )
    lines, _ = run(*words, rule="paid")
    # B = 163 (as above): all of 163, and half of the 37 beyond
    assert lines["payments.pay"] == near([0, 0, 163 + 18.5, 0, 0])
    # each gave 150 and gets 100 back at instant 2. The bank: interest 15 + 16.5, then 50; the fund:
    # its 50, and what is left
    assert lines["drawdown.bank"] == near([150, 0, -100, 0, 0])
    assert lines["distribution.bank"] == near([0, 0, 81.5, 0, 0])
    assert lines["distribution.fund"] == near([0, 0, 181.5 - 81.5, 0, 0])
