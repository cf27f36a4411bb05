"""Claims that are evaluated together, and those that must not be, worked by hand.

A payment for each of four years' savings is one sentence on four stretches. It is evaluated once
for all of them where nobody that reads a sum comes before it. What is paid must not depend on it.
"""

from __future__ import annotations

import pytest

from simulator.api import load_scenario
from simulator.plan.build import build
from tests.worked.deal import DEAL, near, statement
from tests.worked.test_running import by_date

WINDOW = 'measures.saving.window="4 years"'
YEARS = 'of = "saving", per = "period"'
PAY = f"payments.pay={{ {YEARS}, terms = [{{ above = 10 }}, {{ share = 0.5 }}] }}"
SAVINGS = [30.0, 10.0, 50.0, 20.0]
HALVES = {2025: 10.0, 2026: 0.0, 2027: 20.0, 2028: 5.0}  # half of what is above 10


def sizes(*overrides: str) -> dict[str, list[int]]:
    """How many claims each batch of a payment has."""
    built = build(load_scenario(DEAL, overrides=[WINDOW, *overrides]), 1)
    program, claims = built.plan.program, built.contract.claims
    found: dict[str, list[int]] = {}
    for first, together in zip(program.order, program.together, strict=True):
        found.setdefault(claims[first].payment, []).append(int(together))
    return found


def claimed(name: str, *overrides: str) -> dict[int, float]:
    return by_date(statement(WINDOW, *overrides, saving=SAVINGS), name)


def test_claims_that_read_no_sum_are_a_batch():
    assert sizes(PAY) == {"pay": [4]}
    assert claimed("pay", PAY) == near(HALVES)


def test_a_reader_sees_what_a_batch_has_brought_by_its_own_date_alone():
    # of each year's saving less what `pay` has paid so far: 30 − 10, 10 − 10, 50 − 30, 20 − 35
    zeta = f'payments.zeta={{ {YEARS}, terms = [{{ less = "pay" }}] }}'
    assert sizes(PAY, zeta) == {"pay": [4], "zeta": [1, 1, 1, 1]}
    assert claimed("pay", PAY, zeta) == near(HALVES)
    assert claimed("zeta", PAY, zeta) == near({2025: 20, 2026: 0, 2027: 20, 2028: -15})


def test_what_comes_after_a_reader_is_not_brought_forward():
    # alfa reads all that the investor has been paid, and comes before `pay` by name: 30 − 0, then
    # 10 − (30 + 10), 50 − (40 − 30 + 0) and 20 − (10 + 40 + 20)
    alfa = f'payments.alfa={{ {YEARS}, terms = [{{ less = "paid" }}] }}'
    assert sizes(PAY, alfa) == {"pay": [1, 1, 1, 1], "alfa": [1, 1, 1, 1]}
    assert claimed("pay", PAY, alfa) == near(HALVES)
    assert claimed("alfa", PAY, alfa) == near({2025: 30, 2026: -30, 2027: 40, 2028: -50})


def test_a_payment_with_a_limit_of_its_own_reads_what_it_has_paid():
    # 15 in all: 10, 0, then 5 of the 20
    limit = "payments.pay.limit=15"
    assert sizes(PAY, limit) == {"pay": [1, 1, 1, 1]}
    assert claimed("pay", PAY, limit) == near({2025: 10, 2027: 5, 2026: 0, 2028: 0})


@pytest.mark.parametrize(
    ("terms", "amounts"),
    [
        # the most of each year: 10, 20, 30, 40
        ("{ at_most = { by_year = [10, 20, 30, 40] } }", [10, 10, 30, 20]),
        # levels that are the same, then not, then the same
        (
            "{ above = 10 }, { at_most = { by_year = [5, 5, 30, 1] } }, { price = 2 }",
            [10, 0, 60, 2],
        ),
        # 0 below 20, then up to 100 at 40; 1 each, and 3 each above 20
        ("{ table = { points = [[20, 0], [40, 100]], form = 'interpolated' } }", [50, 0, 100, 0]),
        ("{ bands = [{ above = 0, price = 1 }, { above = 20, price = 3 }] }", [50, 10, 110, 20]),
        # times the same year's saving: its square
        ("{ times = 'saving' }", [900, 100, 2500, 400]),
        # a commitment of 200
        ("{ price = 10 }, { at_most = { of_commitment = 1 } }", [200, 100, 200, 200]),
    ],
)
def test_levels_may_differ_from_claim_to_claim_of_a_batch(terms, amounts):
    pay = f"payments.pay={{ {YEARS}, terms = [{terms}] }}"
    assert sizes(pay) == {"pay": [4]}
    assert claimed("pay", pay) == near(dict(zip(range(2025, 2029), amounts, strict=True)))


@pytest.mark.parametrize(
    ("lag", "by_year"),
    [
        # the claims of years 3 and 4 both fall due at the horizon, and so on
        ("1 year", {2026: 10, 2027: 0, 2028: 25}),
        ("2 years", {2027: 10, 2028: 25}),
        ("9 years", {2028: 35}),
    ],
)
def test_claims_of_a_batch_that_fall_due_together_are_added_up(lag, by_year):
    pay = PAY.replace("[{", f'[{{ after = "{lag}" }}, {{', 1)
    found = statement(WINDOW, pay, saving=SAVINGS)
    paid: dict[int, float] = {}
    for line in found.lines:
        if line.name == "pay":
            year = int(line.due[:4])
            paid[year] = paid.get(year, 0.0) + line.paid
    assert sizes(pay) == {"pay": [4]}
    assert paid == near(by_year)


def test_a_limit_cuts_a_batch_year_by_year():
    # at most 25 in all: 10, 0, 15 of the 20, nothing of the 5
    found = statement(WINDOW, PAY, "limits.total=25", saving=SAVINGS)
    paid = {int(line.due[:4]): line.paid for line in found.lines if line.name == "pay"}
    assert paid == near({2025: 10, 2026: 0, 2027: 15, 2028: 0})


def test_nothing_is_brought_forward_where_capital_recycles():
    recycling = "capital={ commitment = 200, costs = { schedule = [100, 50] }, recycling = true }"
    assert sizes(PAY, recycling) == {"pay": [1, 1, 1, 1]}


def test_more_claims_than_fit_side_by_side_come_in_several_batches():
    long = ['time.horizon="20 years"', 'measures.saving.window="20 years"']
    assert sizes(PAY, *long) == {"pay": [8, 8, 4]}
    savings = [10.0 + year for year in range(20)]  # half of 0, 1, 2 …
    found = by_date(statement(*long, PAY, saving=savings), "pay")
    assert found == near({2025 + year: year / 2 for year in range(20)})
