"""The waterfall by hand: what each class of capital gets of what the investor receives.

150 is drawn, 100 at the start and 50 a year later; the saving is paid out after two years. Sixty
per cent is the senior's, with 10 % interest: it is owed 60, then 60 + 6 of interest and 30 more,
then 90 + 15.6, the interest of the second year being (90 + 6)·10 %. The junior's forty per cent
bear no interest: 60 are owed.
"""

from __future__ import annotations

import pytest

from tests.worked.deal import near, statement

PARTIES = (
    'parties.senior="The bank"',
    'parties.junior="The fund"',
    'parties.donor="The foundation"',
    'parties.guarantor="The state"',
)
RANKED = "senior = { share = 0.6, interest = 0.1 }, junior = { share = 0.4, rank = 2 }"
EQUAL = "senior = { share = 0.6, interest = 0.1 }, junior = { share = 0.4 }"
TO_JUNIOR = (
    "senior = { share = 0.6, interest = 0.1 }, junior = { share = 0.4, rank = 2, residual = 1.0 }"
)
GIVEN = 'senior = { share = 0.5 }, donor = { share = 0.5, kind = "grant" }'
GIVEN_SHARE = (
    "senior = { share = 0.5, residual = 0.5 }, "
    'donor = { share = 0.5, kind = "grant", residual = 0.5 }'
)


def settled(classes: str, saving: float, *more: str, **measures: float):
    """The deal with these classes, settled on a saving."""
    named = f"capital.classes={{ {classes} }}"
    return statement(*PARTIES, named, *more, saving=saving, **measures)


def got(result, party: str) -> float:
    """What the waterfall gives a class, less what it pays back."""
    moves = [move for move in result.transfers if move.account == "distribution"]
    to = sum(move.amount for move in moves if move.payee == party)
    return to - sum(move.amount for move in moves if move.payer == party)


@pytest.mark.parametrize(
    ("classes", "saving", "senior", "other"),
    [
        (RANKED, 10.0, 10.0, 0.0),  # a part of the interest
        (RANKED, 65.6, 65.6, 0.0),  # interest, and 50 of the principal
        (RANKED, 105.6, 105.6, 0.0),  # all that the senior is owed
        (RANKED, 135.6, 105.6, 30.0),  # half of the junior's principal
        (RANKED, 165.6, 105.6, 60.0),  # everybody is repaid
        (RANKED, 265.6, 165.6, 100.0),  # 100 left: 60 and 40 by share
        (EQUAL, 15.6, 15.6, 0.0),  # interest comes first, and only the senior has any
        (EQUAL, 90.6, 60.6, 30.0),  # 15.6, then 75 shared as 90 to 60
        (EQUAL, 165.6, 105.6, 60.0),
        (TO_JUNIOR, 265.6, 105.6, 160.0),  # what is left is the junior's alone
        (GIVEN, 60.0, 60.0, 0.0),  # the senior is owed 75, the grant nothing
        (GIVEN, 100.0, 100.0, 0.0),  # what is left is shared among all but grants
        (GIVEN_SHARE, 100.0, 87.5, 12.5),  # 25 left, half of it the foundation's
    ],
)
def test_ranks_interest_principal_and_the_rest(classes, saving, senior, other):
    result = settled(classes, saving)
    second = "donor" if "donor" in classes else "junior"
    assert (got(result, "senior"), got(result, second)) == near((senior, other))
    loans = senior if second == "donor" else senior + other
    assert result.received == near(loans)
    assert result.drawn == near(75.0 if second == "donor" else 150.0)
    assert result.repaid == near(saving)


@pytest.mark.parametrize(
    ("saving", "senior", "junior"),
    [(0.0, 0.0, 0.0), (7.6, 7.6, 0.0), (83.6, 83.6, 0.0), (100.0, 83.6, 16.4)],
)
def test_a_payment_by_name_is_interest_first_and_then_principal(saving, senior, junior):
    # 20 after a year: 6 of interest and 14 of 60; owed 46 + 30 = 76, and 7.6 a year later
    own = 'payments.own={ of = "rate", payee = "senior", terms = [{ price = 20 }] }'
    result = settled(RANKED, saving, own, rate=1.0)
    assert (got(result, "senior"), got(result, "junior")) == near((senior, junior))
    assert result.received == near(saving + 20)


def test_a_negative_payment_is_borne_by_share():
    # a saving of 50 less the cost of 150: the investor pays 100 back
    result = settled(RANKED, 50.0, 'payments.pay.terms=[{ less = "cost" }]')
    assert (got(result, "senior"), got(result, "junior")) == near((-60.0, -40.0))
    assert result.investor_profit == near(-250.0)
    assert result.received == 0.0


def test_a_guarantee_covers_the_loss_of_the_loans_and_passes_through_the_waterfall():
    # the loans provide 0.8 of 150; 60 come back: half of the loss of 60 is paid, all to the senior
    classes = (
        "senior = { share = 0.6 }, junior = { share = 0.2, rank = 2 }, "
        'donor = { share = 0.2, kind = "grant" }'
    )
    guarantee = 'guarantees.half={ reading = "pari passu", coverage = 0.5 }'
    result = settled(classes, 60.0, guarantee)
    assert result.guarantee_payout == near(30.0)
    assert (got(result, "senior"), got(result, "junior")) == near((90.0, 0.0))
    assert result.investor_profit == near(-30.0)
    # committed: the loans' 160 of 200, covered up to a quarter
    floor = 'guarantees.half={ reading = "first loss", object = "committed", coverage = 0.25 }'
    assert settled(classes, 60.0, floor).guarantee_payout == near(40.0)


def test_everything_that_is_provided_and_passed_on_is_accounted_for():
    result = settled(GIVEN_SHARE, 100.0)
    drawn = [move for move in result.transfers if move.account == "drawdown"]
    assert sum(move.amount for move in drawn) == near(150.0)
    assert {move.payer for move in drawn} == {"senior", "donor"}
    pool = [move for move in result.transfers if "investor" in (move.payer, move.payee)]
    assert sum(m.amount if m.payee == "investor" else -m.amount for m in pool) == near(0.0)
