"""Guarantees, called after every payment of the contract (§6)."""

from tests.reference.grid import months
from tests.reference.terms import level


def payout(guarantee, quantities, received, activity):
    """What a guarantee pays when the investor has received this much from the contract."""
    drawn = quantities.drawn
    loss = max(drawn - received, 0.0)
    c = guarantee.coverage.value if guarantee.coverage is not None else 0.0
    target = guarantee.target_return.value if guarantee.target_return is not None else 0.0
    covered, counted = {
        "drawn": (drawn, received),
        "committed": (quantities.commitment, received),
        "with return": (drawn * (1 + target), received),
        "at risk": (max(drawn - activity, 0.0), received - activity),
    }[guarantee.object]
    if guarantee.reading == "pari passu":
        claim = c * max(covered - counted, 0.0)
    elif guarantee.reading == "floor":
        claim = max(0.0, c * covered - counted)
    elif guarantee.reading == "first loss":
        claim = min(c * covered, max(covered - counted, 0.0))
    elif guarantee.reading == "second loss":
        attachment = level(guarantee.attachment, quantities)
        detachment = level(guarantee.detachment, quantities)
        claim = min(max(loss - attachment, 0.0), detachment - attachment)
    else:
        claim = max(0.0, loss - level(guarantee.maximum, quantities))
    if guarantee.object in ("drawn", "at risk"):
        claim = min(claim, loss)
    if guarantee.cap is not None:
        claim = min(claim, level(guarantee.cap, quantities))
    return claim


def guarantee_payouts(scenario, contract, quantities, received, activity):
    """Amounts by (guarantee, instant), called in ascending order, ties in name order."""
    found = {}
    guarantees = scenario.guarantees
    for name in sorted(guarantees, key=lambda n: (guarantees[n].order, n)):
        guarantee = guarantees[name]
        amount = payout(guarantee, quantities, received, activity)
        later = months(guarantee.after) if guarantee.after is not None else 0
        found[name, contract.shift(contract.last_due(), later)] = amount
        received += amount
    return found
