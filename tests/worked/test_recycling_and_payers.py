"""Capital that recycles, one payer late and the other in default: instant by instant, by hand.

Six years, a cost of 100 in each of the first five; 260 can be drawn. A part of each year's cost is
owed at its end, half by the municipality, half by the region. The municipality pays everything a
year late, with 10 %. The region defaults on 1 January of year 3, which takes effect at its end,
instant 3: from what is due then on it pays half of what it owes.

At each instant: what is paid enters the account; what no cost to come needs leaves it; then the
account pays the coming year's cost, the investor what is missing, and the municipality the rest.
"""

from __future__ import annotations

import pytest

from simulator.api import load_scenario, simulate
from tests.worked.deal import DEAL, near

DEFAULTS = (
    'events.broke={ kind = "payer default", by = "region", per_year = 1e6, from = 2027-01-01, '
    "recovery = 0.5 }",
    'events.slow={ kind = "late payment", by = "outcome_payer", chance = 1, delay = "1 year", '
    "interest = 0.1 }",
)
HALVES = (
    "time.horizon=6 years",
    'parties.region="The region"',
    "capital.commitment=260",
    "capital.costs={ schedule = [100, 100, 100, 100, 100] }",
    "capital.recycling=true",
)
PAY = (
    'payments.pay={{ of = "cost", terms = [{{ price = {} }}], paid = "as delivered", '
    "payer = {{ outcome_payer = 0.5, region = 0.5 }} }}"
)


def run(*overrides):
    """Amounts by instant of every line, and the figures of the investor; the same on every path."""
    scenario = load_scenario(DEAL, overrides=[*HALVES, *overrides])
    found = simulate(scenario, paths=3, seed=1, keep="all")
    first = found.flows[found.flows["path"] == 0]
    lines = {line.name: [0.0] * 7 for line in found.layout.lines}
    for line, instant, amount in zip(first["line"], first["instant"], first["amount"], strict=True):
        lines[str(line)][int(instant)] = float(amount)
    return lines, found.paths.iloc[0]


def test_without_trouble():
    # 60 comes back each year: 30 and 30
    lines, _ = run(PAY.format(0.6))
    assert lines["drawdown"] == near([100, 40, 40, 40, 40, 0, 0])
    assert lines["account.spent"] == near([0, 60, 60, 60, 60, 0, 0])
    assert lines["own_contribution"] == near([0.0] * 7)


def test_late_and_defaulting_payers_leave_more_to_draw():
    # owed 60 at instants 1 to 5. The region pays 30, 30, then 15, 15, 15; the municipality 33 at
    # instants 2 to 6. Together they come to:
    paid = [0, 30, 30 + 33, 15 + 33, 15 + 33, 15 + 33, 33]
    lines, figures = run(PAY.format(0.6), *DEFAULTS)
    assert lines["payments.pay.region"] == near([0, 30, 30, 15, 15, 15, 0])
    assert lines["payments.pay.outcome_payer"] == near([0, 0, 33, 33, 33, 33, 33])
    # at instants 1 to 4 all of it goes into the coming year's 100; nothing is needed after that
    assert lines["account.kept"] == near([*paid[:5], 0, 0])
    assert lines["account.spent"] == near([0, 30, 63, 48, 48, 0, 0])
    assert lines["account.released"] == near([0.0] * 7)
    # 100, 70, 37, 52 make 259 of 260: 1 is left for year 5, which then lacks 100 − 48 − 1
    assert lines["drawdown"] == near([100, 70, 37, 52, 1, 0, 0])
    assert lines["own_contribution"] == near([0, 0, 0, 0, 0, 51, 0])
    # the last two amounts pass through to the investor: 48 and 33
    assert figures["investor.received"] == near(81)
    assert figures["investor.profit"] == near(81 - 260)
    # 260 + 51 + 189 pay for 500; the municipality bears 165 and 51, the region 105
    assert -sum(lines["programme_cost"]) == near(500)
    assert sum(lines["account.spent"]) == near(189)
    assert figures["municipality.total_payments"] == near(165)
    assert figures["outcome_payers.region.total_payments"] == near(105)
    # owed 300 in all, on expected values too: what is late or lost is no settlement error
    assert figures["municipality.settlement_error"] == near(0)


def test_what_no_cost_needs_leaves_at_once():
    # three years of cost, of which 1.2 is owed: the region pays 60, 60 and 30, the municipality
    # 66 a year later. Instant 2: 126 come in and 100 are needed, so 26 pass through
    costs = "capital.costs={ schedule = [100, 100, 100] }"
    lines, figures = run(costs, PAY.format(1.2), *DEFAULTS)
    assert lines["payments.pay.region"] == near([0, 60, 60, 30, 0, 0, 0])
    assert lines["payments.pay.outcome_payer"] == near([0, 0, 66, 66, 66, 0, 0])
    assert lines["drawdown"] == near([100, 40, 0, 0, 0, 0, 0])
    assert lines["account.kept"] == near([0, 60, 100, 0, 0, 0, 0])
    assert lines["account.spent"] == near([0, 60, 100, 0, 0, 0, 0])
    assert figures["investor.received"] == near(26 + 96 + 66)
    assert figures["investor.profit"] == near(188 - 140)


def test_a_limit_on_the_multiple_looks_at_what_is_owed_and_drawn_so_far():
    # at most 0.7 of what was drawn before, of what is owed, late or not:
    #  1: 0.7·100 = 70; 60 is owed. The region pays 30; 33 follow. Drawn 70, 170 so far
    #  2: 0.7·170 = 119, less 60: 59. 29.5 now, 32.45 later; in 62.5, drawn 37.5: 207.5 so far
    #  3: 145.25 less 119: 26.25. Half of 13.125 now, 14.4375 later; in 39.0125, drawn the last 52.5
    #  4: 182 less 145.25: 36.75. Half of 18.375 now, 20.2125 later; in 23.625, nothing left to draw
    #  5: 182 less 182: nothing. 20.2125 pass through
    lines, figures = run(PAY.format(0.6), *DEFAULTS, "limits.multiple=0.7")
    assert lines["payments.pay.region"] == near([0, 30, 29.5, 6.5625, 9.1875, 0, 0])
    assert lines["payments.pay.outcome_payer"] == near([0, 0, 33, 32.45, 14.4375, 20.2125, 0])
    assert lines["drawdown"] == near([100, 70, 37.5, 52.5, 0, 0, 0])
    assert lines["account.spent"] == near([0, 30, 62.5, 39.0125, 23.625, 0, 0])
    assert lines["own_contribution"] == near([0, 0, 0, 0, 100 - 39.0125 - 52.5, 100 - 23.625, 0])
    assert figures["investor.received"] == near(20.2125)


def test_a_coupon_on_what_is_outstanding_counts_what_is_owed_as_repaid():
    # 10 % of what was drawn before less what was owed before (coupons are no principal):
    #  1: 0.1·100 = 10, paid late as 11 at 2
    #  2: 170 − 60 = 110 → 11, 12.1 later: by name it comes before the 60 of this instant
    coupon = (
        'payments.coupon={ of = "capital_outstanding", per = "period", terms = [{ share = 0.1 }] }'
    )
    lines, _ = run(PAY.format(0.6), *DEFAULTS, coupon, "payments.pay.principal=true")
    # 1: in 30, drawn 70. 2: in 30 + 33 + 11 = 74, drawn 26: 196 so far. 3: 196 − 120 = 76 → 7.6,
    # 8.36 later; in 15 + 33 + 12.1 = 60.1, drawn 39.9: 235.9. 4: 235.9 − 180 → 5.59, 6.149 later;
    # in 48 + 8.36 = 56.36, drawn the last 24.1. 5: 260 − 240 → 2, 2.2 later. 6: 260 − 300 → nothing
    assert lines["payments.coupon"] == near([0, 0, 11, 12.1, 8.36, 6.149, 2.2])
    assert lines["drawdown"] == near([100, 70, 26, 39.9, 24.1, 0, 0])
    assert lines["own_contribution"] == near([0, 0, 0, 0, 0, 100 - 56.36 - 24.1, 0])


@pytest.mark.parametrize("by", ["outcome_payer", "region"])
def test_the_last_payments_of_the_horizon_are_not_moved_out_of_it(by):
    # cost in every one of the six years: 60 is owed at instant 6, and late interest cannot accrue
    costs = "capital.costs={ schedule = [100, 100, 100, 100, 100, 100] }"
    late = DEFAULTS[1].replace('"outcome_payer"', f'"{by}"')
    lines, _ = run(costs, PAY.format(0.6), late)
    assert lines[f"payments.pay.{by}"] == near([0, 0, 33, 33, 33, 33, 33 + 30])
