"""The account against a plain-Python twin on random portfolios, and what must always hold."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.fund.account import Layer, Offer, Stream, Terms
from simulator.fund.book import run_account
from tests.unit.fund import twin

PATHS = 64
YEARS = 9


def random_portfolio(seed):
    """Terms and offers as the twin has them, with arrays over paths; whole kronor, no ties."""
    g = np.random.default_rng(seed)
    terms = {
        "years": YEARS,
        "capital": float(g.integers(0, 200)) * 1000.0,
        "appropriations": tuple(float(x) * 1000.0 for x in g.integers(0, 60, g.integers(0, 6))),
        "interest": float(g.choice([0.0, 0.02, 0.05])),
        "administration": float(g.choice([0.0, 1500.0, 20_000.0])),
        "leverage": float(g.choice([1.0, 1.0, 3.0])),
        "when_empty": str(g.choice(["first come", "pro rata", "top-up"])),
        "lapses_after": [None, 1, 3, 5][g.integers(0, 4)],
        "cap_per_contract": float(g.choice([np.inf, 9_000.0])),
        "cap_per_municipality": float(g.choice([np.inf, 15_000.0])),
        "cap_portfolio": float(g.choice([np.inf, 0.3])),
    }
    offers = []
    for year in sorted(g.integers(0, 5, g.integers(1, 14))):
        streams = []
        for later in sorted(g.integers(0, 4, g.integers(1, 4))):
            amount = np.where(g.random(PATHS) < 0.6, g.random(PATHS) * 30_000.0, 0.0)
            back = min(int(year + later + g.integers(0, 3)), YEARS - 1)
            recovered, most = float(g.choice([0.0, 0.5])), g.normal(2_000.0, 4_000.0, PATHS)
            streams.append((int(year + later), amount, recovered, most, back))
        backs = [
            (min(int(year + g.integers(0, 4)), YEARS - 1), g.random(PATHS) * 5_000.0)
            for _ in range(g.integers(0, 2))
        ]
        offers.append(
            {
                "year": int(year),
                "municipality": int(g.integers(0, 3)),
                "wanted": g.random(PATHS) < 0.8,
                "promise": g.random(PATHS) * 40_000.0,
                "fee": g.random(PATHS) * 500.0,
                "streams": streams,
                "back": backs,
            }
        )
    return terms, offers


def as_offers(offers):
    return [
        Offer(
            o["year"],
            o["municipality"],
            o["wanted"],
            o["promise"],
            o["fee"],
            [Stream(y, a, share, most, back) for y, a, share, most, back in o["streams"]],
            o["back"],
        )
        for o in offers
    ]


def at_path(offers, p):
    return [
        {
            **o,
            "wanted": bool(o["wanted"][p]),
            "promise": float(o["promise"][p]),
            "fee": float(o["fee"][p]),
            "streams": [
                (y, a[p], share, most[p], back) for y, a, share, most, back in o["streams"]
            ],
            "back": [(y, a[p]) for y, a in o["back"]],
        }
        for o in offers
    ]


@pytest.mark.parametrize("seed", range(60))
def test_the_account_is_that_of_the_plain_twin(seed):
    terms, offers = random_portfolio(seed)
    account = run_account(Terms(**terms), as_offers(offers), PATHS)
    for p in range(0, PATHS, 7):
        slow = twin.account(terms, at_path(offers, p))
        assert account.happens[:, p].tolist() == slow["happens"]
        for name in ("claims", "balance", "promised", "recoveries"):
            assert getattr(account, name)[:, p] == pytest.approx(slow[name], abs=1e-6)
        for name in ("refused", "short", "lapsed", "lapsed_amount", "topped_up"):
            assert getattr(account, name)[p] == pytest.approx(slow[name], abs=1e-6)
        for fast_row, slow_row in zip(account.paid, slow["paid"], strict=True):
            assert [float(row[p]) for row in fast_row] == pytest.approx(slow_row, abs=1e-6)


@pytest.mark.parametrize("seed", range(60))
def test_balance_and_caps_hold_on_every_path(seed):
    terms, offers = random_portfolio(seed)
    account = run_account(Terms(**terms), as_offers(offers), PATHS)
    assert (account.balance >= -1e-6).all()
    assert (account.claims >= 0.0).all()
    by_contract = np.array([np.sum(row, axis=0) for row in account.paid])
    assert (by_contract <= terms["cap_per_contract"] + 1e-6).all()
    towns = np.array([o["municipality"] for o in offers])
    for town in set(towns.tolist()):
        spent = by_contract[towns == town].sum(axis=0)
        assert (spent <= terms["cap_per_municipality"] + 1e-6).all()
    if np.isfinite(terms["cap_portfolio"]):
        limit = terms["cap_portfolio"] * account.guaranteed
        assert (account.claims.sum(axis=0) <= limit + 1e-6).all()
    if terms["when_empty"] == "top-up":
        # what is paid and what was cut by caps is all that was due
        assert (account.cut == 0.0).all()
    else:
        only_administration = terms["administration"] * YEARS
        assert (account.topped_up <= only_administration + 1e-6).all()


def offer(year, promise, streams, wanted=True, fee=0.0, back=()):
    one = np.ones(1)
    made = [Stream(y, amount * one) for y, amount in streams]
    backs = [(y, amount * one) for y, amount in back]
    return Offer(year, 0, np.full(1, wanted), promise * one, fee * one, made, backs)


def test_an_account_by_hand():
    # 100 in, 5 a year for administration, 10 % interest. Year 1: 100 − 5 = 95, a promise of 60 and
    # its fee of 2; a second promise of 40 does not fit (95 − 60 = 35): refused in year 0.
    # (95 + 2)·1.1 = 106.7. Year 2: 106.7 − 5 = 101.7, ·1.1 = 111.87, payout 60 → 51.87.
    # Year 3: 46.87 · 1.1 = 51.557, and 20 comes back: 71.557.
    terms = Terms(years=3, capital=100.0, interest=0.1, administration=5.0)
    offers = [offer(0, 60.0, [(1, 60.0)], fee=2.0, back=[(2, 20.0)]), offer(0, 40.0, [(1, 1.0)])]
    account = run_account(terms, offers, 1)
    assert account.happens[:, 0].tolist() == [True, False]
    assert account.refused[0] == 0
    assert account.balance[:, 0] == pytest.approx([106.7, 51.87, 71.557], rel=1e-12)
    assert account.promised[:, 0].tolist() == [60.0, 60.0, 0.0]  # before payouts
    assert account.claims[:, 0].tolist() == [0.0, 60.0, 0.0]


def test_the_capital_that_meets_every_payout_by_hand():
    # Leveraged three times, 20 in the fund, promises of 30 and 25; payouts 30 after year 1 and 25
    # after year 2, no interest: needed 30 at the end of year 1 and 55 at the end of year 2.
    terms = Terms(years=2, capital=20.0, leverage=3.0, when_empty="pro rata")
    account = run_account(terms, [offer(0, 30.0, [(0, 30.0)]), offer(0, 25.0, [(1, 25.0)])], 1)
    assert account.required[0] == 55.0
    assert account.short[0] == 0
    assert account.claims[:, 0].tolist() == [20.0, 0.0]


def test_a_stop_loss_pays_the_layer_of_all_losses_of_the_year_in_proportion():
    # losses 30 and 10 on 100 drawn each: attachment 10 % and detachment 15 % of 200 drawn: 20 to 30
    # of the 40 lost: 10 is claimed, 7.5 and 2.5
    one = np.ones(1)
    offers = [
        Offer(0, 0, one > 0, 0 * one, 0 * one, [Stream(0, loss * one, base=100.0 * one)])
        for loss in (30.0, 10.0)
    ]
    layer = Layer((0.0, 0.10), (0.0, 0.15))
    account = run_account(Terms(years=1, capital=100.0, layer=layer), offers, 1)
    assert [float(row[0][0]) for row in account.paid] == pytest.approx([7.5, 2.5])


def test_money_that_is_not_promised_in_time_goes_back():
    # 100 in year 1, 50 in year 2, each lapses after 2 years. 30 is promised in year 1 and paid in
    # year 2: in year 3 70 of the first lapse, in year 4 the 50 of the second.
    terms = Terms(years=4, capital=100.0, appropriations=(0.0, 50.0), lapses_after=2)
    account = run_account(terms, [offer(0, 30.0, [(1, 30.0)])], 1)
    assert account.lapsed[0] == 2
    assert account.lapsed_amount[0] == 120.0
    assert account.balance[:, 0].tolist() == [100.0, 120.0, 50.0, 0.0]
