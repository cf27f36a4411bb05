"""Every reading of a guarantee on every object, worked by hand.

Capital 150 is drawn of a commitment of 200, 40 % comes back as delivered (60), the saving is
repaid. With a saving of 0, 30, 90 and 120 the investor has received 60, 90, 150 and 180: a loss of
90 and 60, break-even, and a profit.
"""

from __future__ import annotations

import pytest

from tests.worked.deal import near, statement

ACTIVITY = (
    'payments.activity={ of = "capital_drawn", paid = "as delivered", terms = [{ share = 0.4 }] }'
)
SAVINGS = (0, 30, 90, 120)


def guarded(saving: float, *guarantees: str, **more: float):
    """The deal under guarantees a, b, … settled on a saving."""
    named = [
        f"guarantees.{name}={{ {words} }}" for name, words in zip("abc", guarantees, strict=False)
    ]
    return statement(ACTIVITY, 'parties.guarantor="The state"', *named, saving=saving, **more)


def payouts(words: str) -> list[float]:
    return [guarded(saving, words).guarantee_payout for saving in SAVINGS]


@pytest.mark.parametrize(
    ("words", "pays"),
    [
        # coverage × loss
        ('object = "drawn", coverage = 0.5', (45, 30, 0, 0)),
        ('object = "drawn", coverage = 1.0', (90, 60, 0, 0)),
        ('object = "drawn", coverage = 0.0', (0, 0, 0, 0)),
        # of what was never drawn nothing can be lost
        ('object = "committed", coverage = 0.5', (45, 30, 0, 0)),
        # 180 with the return: short by 120, 90, 30 and nothing
        ('object = "with return", target_return = 0.2, coverage = 0.5', (60, 45, 15, 0)),
        ('object = "at risk", coverage = 0.5', (45, 30, 0, 0)),
    ],
)
def test_pari_passu(words, pays):
    assert payouts(f'reading = "pari passu", {words}') == near(pays)


@pytest.mark.parametrize(
    ("words", "pays"),
    [
        # lifts what was received to the floor
        ('object = "drawn", coverage = 0.5', (15, 0, 0, 0)),  # 75
        ('object = "drawn", coverage = 0.6', (30, 0, 0, 0)),  # 90: exactly reached by the second
        ('object = "drawn", coverage = 0.8', (60, 30, 0, 0)),  # 120
        ('object = "drawn", coverage = 1.0', (90, 60, 0, 0)),
        ('object = "committed", coverage = 0.5', (40, 10, 0, 0)),  # 100
        ('object = "committed", coverage = 0.8', (90, 60, 0, 0)),  # 160, but never above the loss
        ('object = "with return", target_return = 0.2, coverage = 0.8', (84, 54, 0, 0)),  # 144
        ('object = "with return", target_return = 0.2, coverage = 1.0', (120, 90, 30, 0)),
        # 90 at risk: 45 beside the activity payment
        ('object = "at risk", coverage = 0.5', (45, 15, 0, 0)),
    ],
)
def test_floor(words, pays):
    assert payouts(f'reading = "floor", {words}') == near(pays)


@pytest.mark.parametrize(
    ("words", "pays"),
    [
        # the first part of the loss
        ('object = "drawn", coverage = 0.2', (30, 30, 0, 0)),
        ('object = "drawn", coverage = 0.4', (60, 60, 0, 0)),  # exactly the second loss
        ('object = "drawn", coverage = 0.5', (75, 60, 0, 0)),
        ('object = "committed", coverage = 0.2', (40, 40, 0, 0)),
        ('object = "committed", coverage = 0.5', (90, 60, 0, 0)),  # 100, but never above the loss
        ('object = "with return", target_return = 0.2, coverage = 0.2', (36, 36, 30, 0)),
        ('object = "at risk", coverage = 0.2', (18, 18, 0, 0)),
        ('object = "at risk", coverage = 1.0', (90, 60, 0, 0)),
    ],
)
def test_first_loss(words, pays):
    assert payouts(f'reading = "first loss", {words}') == near(pays)


@pytest.mark.parametrize(
    ("saving", "pays"),
    [(0, 50), (20, 50), (25, 45), (30, 40), (69, 1), (70, 0), (71, 0), (90, 0), (120, 0)],
)
def test_second_loss_lies_between_attachment_and_detachment(saving, pays):
    words = 'reading = "second loss", attachment = 20, detachment = 70'
    assert guarded(saving, words).guarantee_payout == near(pays)


def test_second_loss_of_multiples():
    words = (
        'reading = "second loss", attachment = { of_drawn = 0.1 }, '
        "detachment = { of_commitment = 0.4 }"
    )
    assert payouts(words) == near((65, 45, 0, 0))  # between 15 and 80


@pytest.mark.parametrize(
    ("maximum", "pays"),
    [
        ("25", (65, 35, 0, 0)),
        ("60", (30, 0, 0, 0)),  # exactly the second loss
        ("0", (90, 60, 0, 0)),
        ("{ of_drawn = 0.1 }", (75, 45, 0, 0)),
        ("{ of_cost = 0.4 }", (30, 0, 0, 0)),
        ("1000", (0, 0, 0, 0)),
    ],
)
def test_maximum_loss_is_what_the_investor_bears(maximum, pays):
    assert payouts(f'reading = "maximum loss", maximum = {maximum}') == near(pays)


@pytest.mark.parametrize(
    ("cap", "pays"),
    [
        ("20", (20, 20, 0, 0)),
        ("30", (30, 30, 0, 0)),
        ("35", (35, 30, 0, 0)),
        ("{ of_drawn = 0.1 }", (15, 15, 0, 0)),
        ("{ of_commitment = 0.2 }", (40, 30, 0, 0)),
        ("0", (0, 0, 0, 0)),
    ],
)
def test_the_guarantor_never_pays_more_than_the_cap(cap, pays):
    assert payouts(f'reading = "pari passu", coverage = 0.5, cap = {cap}') == near(pays)


@pytest.mark.parametrize(
    ("first", "second", "pays"),
    [
        # half of 90, then a fifth of 150 at most of the 45 left
        ('reading = "pari passu", coverage = 0.5', 'reading = "first loss", coverage = 0.2', 75),
        # the other way round: 30, then half of the 60 left
        (
            'reading = "pari passu", coverage = 0.5, order = 2',
            'reading = "first loss", coverage = 0.2',
            60,
        ),
        # one that takes all leaves nothing
        ('reading = "maximum loss", maximum = 0', 'reading = "floor", coverage = 1.0', 90),
    ],
)
def test_guarantees_are_called_in_order_on_the_loss_that_is_left(first, second, pays):
    assert guarded(0, first, second).guarantee_payout == near(pays)


@pytest.mark.parametrize("saving", [-30, 0, 10, 30, 60, 89, 90, 200])
@pytest.mark.parametrize("reading", ["pari passu", "floor", "first loss"])
@pytest.mark.parametrize("thing", ["drawn", "committed", "at risk"])
def test_payout_and_loss_after_make_the_loss_before(saving, reading, thing):
    found = guarded(saving, f'reading = "{reading}", object = "{thing}", coverage = 0.7')
    # a saving of −30 is paid in: it adds to the loss, though the investor receives no less
    before = max(found.guarantee_payout - found.investor_profit, 0)
    after = max(-found.investor_profit, 0)
    assert found.guarantee_payout + after == near(before)


def test_a_guarantee_comes_after_the_limits():
    # 180 would be received; the limit leaves 120, a loss of 30
    found = statement(
        ACTIVITY,
        'parties.guarantor="The state"',
        'guarantees.a={ reading = "pari passu", coverage = 0.5 }',
        "limits.total=120",
        saving=120,
    )
    assert (found.repaid, found.guarantee_payout, found.received) == near((120, 15, 135))
