"""The two invented contracts, settled by hand: a bond by quarters, and a chain of steps.

Both carry invented results, worked through in comments in their files; here every payment, every
drawdown and the whole waterfall are worked once more, and money is neither made nor lost.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import pytest

from simulator.api import load_scenario, settle
from simulator.settlement import Settlement
from tests.test_scenarios import SHELF

CENT = 0.005
T = 1_000.0  # amounts below are in thousands of kronor


@cache
def settled(name: str, variant: str = "") -> Settlement:
    return settle(load_scenario(SHELF / f"{name}.toml", variants=(variant,) if variant else ()))


def moves(result: Settlement, account: str, party: str, *, payee: bool) -> list[float]:
    """What a party gets or pays under an account, day by day."""
    by_day: dict[str, float] = defaultdict(float)
    for move in result.transfers:
        if move.account == account and (move.payee if payee else move.payer) == party:
            by_day[move.date] += move.amount
    return [by_day[day] for day in sorted(by_day)]


def net(result: Settlement) -> dict[str, float]:
    """In less out of every party."""
    sums: dict[str, float] = defaultdict(float)
    for move in result.transfers:
        sums[move.payee] += move.amount
        sums[move.payer] -= move.amount
    return sums


# --- two regions' bond, quarter by quarter --------------------------------------------------------

QUARTERS = (
    # further months at home; the regions pay; the bondholders pay; drawn; account keeps; released
    (-4.5, 0.0, 180.0, 1000.0, 0.0, 0.0),  # 4.5 × 40
    (-12, 0.0, 400.0, 1000.0, 0.0, 0.0),  # 12 × 40 = 480, at most 400
    (2, 260.0, 0.0, 1000.0, 260.0, 0.0),  # 2 × 130
    (6, 780.0, 0.0, 740.0, 780.0, 0.0),  # 6 × 130; drawn 1,000 − 260
    (12, 1640.0, 0.0, 220.0, 1640.0, 0.0),  # 1,300 + 2 × 170; drawn 1,000 − 780
    (15, 2000.0, 0.0, 0.0, 2000.0, 0.0),  # 1,300 + 5 × 170 = 2,150, at most 2,000
    # 1,300 + 4 × 170; the account had 1,640 − 1,000 + 2,000 − 1,000 = 1,640 and needs 2,000 more
    (14, 1980.0, 0.0, 0.0, 360.0, 1620.0),
    (
        13,
        1810.0,
        0.0,
        0.0,
        0.0,
        1810.0,
    ),  # 1,300 + 3 × 170; it has the 1,000 that the last one costs
    (0, 0.0, 0.0, 0.0, 0.0, 0.0),
)


def test_bond_is_paid_quarter_by_quarter_and_every_quarter_is_told() -> None:
    result = settled("two_regions_bond")
    for name, column, sign in (("months_home", 1, 1.0), ("months_short", 2, -1.0)):
        lines = [line for line in result.lines if line.name == name]
        assert [line.value for line in lines] == [row[0] for row in QUARTERS]
        expected = [sign * row[column] * T for row in QUARTERS]
        assert [line.paid for line in lines] == pytest.approx(expected, abs=CENT)
    (bound,) = [line for line in result.lines if line.kind == "limit"]
    assert (bound.name, bound.due, bound.claimed) == ("per_period", "2027-06-30", 2_150_000)


def test_bond_is_paid_by_both_regions_and_pays_both() -> None:
    result = settled("two_regions_bond")
    paid = [row[1] * T for row in QUARTERS if row[1]]
    for party, share in (("outcome_payer", 0.6), ("south", 0.4)):
        expected = [share * amount for amount in paid]
        assert moves(result, "outcome payment", party, payee=False) == pytest.approx(expected)
        back = [share * 180 * T, share * 400 * T]
        assert moves(result, "outcome payment", party, payee=True) == pytest.approx(back)


def test_bond_finances_later_quarters_out_of_what_is_paid() -> None:
    result = settled("two_regions_bond")
    by_class = {"bank": 0.7, "foundation": 0.2, "donor": 0.1}
    for party, share in by_class.items():
        expected = [share * row[3] * T for row in QUARTERS if row[3]]
        assert moves(result, "drawdown", party, payee=False) == pytest.approx(expected)
    kept = [row[4] * T for row in QUARTERS if row[4]]
    account = "contract account"
    assert moves(result, account, "contract_account", payee=True) == pytest.approx(kept)
    # 260 and 780 in the fourth and the fifth quarter, then the whole 1,000: each quarter has 1,000
    spent = [260 * T, 780 * T, 1000 * T, 1000 * T, 1000 * T, 1000 * T]
    assert moves(result, account, "service_provider", payee=True) == pytest.approx(spent)
    assert net(result)["service_provider"] == pytest.approx(9 * 1000 * T)


def test_bond_waterfall_repays_the_bank_with_interest_and_the_foundation_in_part() -> None:
    """The bank is owed 700, 1,400, 2,100, 2,618 and 2,772 at the starts of quarters 1 to 5.

    A quarter's rate is 1.04^¼ − 1 = 0.985341 %, on what is owed and on unpaid interest. Owed with
    interest, in thousands: after quarter 1 700 × 1.00985341 = 706.8974; then (706.8974 + 700) ×
    1.00985341 = 1,420.7601; 2,141.6568; (2,141.6568 + 518) × … = 2,685.8635; (2,685.8635 + 154) ×
    … = 2,867.8458; 2,896.1039; 2,924.6404 after quarter 7, when 1,620 is paid. 1,304.6404 ×
    1.00985341 = 1,317.4955 is the rest, and 1,810 less that the foundation's.
    """
    result = settled("two_regions_bond")
    got = moves(result, "distribution", "bank", payee=True)
    assert got == pytest.approx([1_620_000, 1_317_495.5], abs=0.1)
    to_the_foundation = moves(result, "distribution", "foundation", payee=True)
    assert to_the_foundation == pytest.approx([1_810_000 - 1_317_495.5], abs=0.1)
    # what the bondholders pay is borne as 7 to 2; a gift bears nothing
    assert moves(result, "distribution", "bank", payee=False) == pytest.approx(
        [180_000 * 7 / 9, 400_000 * 7 / 9]
    )
    assert moves(result, "distribution", "donor", payee=False) == []
    # received 3,430, lent 3,564, paid 580
    assert result.received == pytest.approx(3_430_000)
    assert result.investor_profit == pytest.approx(3_430_000 - 3_564_000 - 580_000)


def test_bond_makes_and_loses_no_money() -> None:
    """7,890 from the regions and 3,960 of capital are 9,000 of work and 2,850 to the classes."""
    result = settled("two_regions_bond")
    sums = net(result)
    assert sum(sums.values()) == pytest.approx(0.0, abs=CENT)
    assert sums["outcome_payer"] + sums["south"] == pytest.approx(-7_890_000)
    assert sums["investor"] == pytest.approx(0.0, abs=CENT)  # all of it passes through
    assert sums["contract_account"] == pytest.approx(0.0, abs=CENT)
    classes = sums["bank"] + sums["foundation"] + sums["donor"]
    assert classes == pytest.approx(3_430_000 - 580_000 - 3_960_000)
    assert (result.drawn, result.drawn_in_all) == pytest.approx((3_564_000, 3_960_000))


# --- newcomers' chain, step by step ---------------------------------------------------------------

INDEXED = 14 * 130_000 * 1.02 ** (1096 / 365.25)  # 1,096 days from 2026-01-01 to 2029-01-01
STEPS = (
    # payment, group, due, paid
    ("begun", "first", "2026-06-30", 32 * 8_000),
    ("begun", "second", "2027-06-30", 34 * 8_000),
    ("jobs", "first", "2027-12-31", 0.0),  # 9 of 40 is 22.5 %
    ("jobs", "second", "2028-12-31", INDEXED),  # 14 of 40 is 35 %
    ("jobs_pooled", "", "2029-06-30", 0.0),  # 28.75 % of all, but a group has been paid
    ("kept", "", "2029-12-31", 18 * 40_000 - 66 * 8_000),
    ("passed", "first", "2026-12-31", 21 * 30_000),
    ("passed", "second", "2027-12-31", 24 * 30_000),
)


def test_chain_is_paid_step_by_step() -> None:
    lines = [line for line in settled("newcomers_chain").lines if "payment" in line.kind]
    told = [line for line in lines if line.name != "if_the_school_fails"]
    assert [(line.name, line.stretch, line.due) for line in told] == [row[:3] for row in STEPS]
    assert [line.paid for line in told] == pytest.approx([row[3] for row in STEPS], abs=CENT)
    assert pytest.approx(1_931_424.74, abs=CENT) == INDEXED


def test_chain_falls_back_where_no_group_reaches_the_threshold() -> None:
    """8 and 9 of 40 are 20 and 22.5 %; 17 of 80 are 21.25 %: 17 × 80. Kept: 13 × 40 < 528."""
    result = settled("newcomers_chain", "fallback")
    paid = {(line.name, line.stretch): line.paid for line in result.lines}
    assert paid["jobs", "first"] == paid["jobs", "second"] == 0.0
    assert paid["jobs_pooled", ""] == pytest.approx(1_360_000)
    assert paid["kept", ""] == 0.0


def test_chain_repays_the_fund_before_the_school_has_anything() -> None:
    """Of every drawdown 70 % is the fund's, at 5 %: 1.05^½ − 1 = 2.4695077 % a half-year.

    Owed with interest after each half-year, in thousands, and what is paid then:
    1,015 → 1,040.0655 − 256 = 784.0655; + 455 → 1,269.6643 − 630 = 639.6643; + 1,015 → 1,695.5264
    − 272 = 1,423.5264; + 455 → 1,924.9167 − 720 = 1,204.9167; + 455 → 1,700.9085 after the fifth,
    1,742.9126 after the sixth, when 1,931.4247 is paid: the fund is repaid, and the school has the
    rest, 188.5122, and the 192 of the last payment.
    """
    result = settled("newcomers_chain")
    to_the_fund = moves(result, "distribution", "fund", payee=True)
    expected = [256_000, 630_000, 272_000, 720_000, 1_742_912.57]
    assert to_the_fund == pytest.approx(expected, abs=0.05)
    to_the_school = moves(result, "distribution", "service_provider", payee=True)
    assert to_the_school == pytest.approx([INDEXED - 1_742_912.57, 192_000], abs=0.05)


def test_chain_makes_and_loses_no_money() -> None:
    """What the municipality pays, 4,001.4247, is what fund and school get; the fee is apart."""
    result = settled("newcomers_chain")
    total = sum(row[3] for row in STEPS)
    assert result.repaid == pytest.approx(total, abs=CENT)
    sums = net(result)
    assert sum(sums.values()) == pytest.approx(0.0, abs=CENT)
    assert sums["outcome_payer"] == pytest.approx(-total, abs=CENT)
    assert sums["investor"] == pytest.approx(0.0, abs=CENT)
    assert (result.drawn, result.drawn_in_all) == pytest.approx((3_395_000, 4_850_000))
    fund = 256_000 + 630_000 + 272_000 + 720_000 + 1_742_912.57 - 3_395_000 - 40_000
    assert result.investor_profit == pytest.approx(fund, abs=0.05)
