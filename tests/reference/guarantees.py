"""Guarantees, called after every payment of the contract (§6)."""

from tests.reference.grid import months
from tests.reference.terms import level


def payout(guarantee, quantities, received, activity):
    """What a guarantee pays when the investor has received this much from the contract."""
    drawn = quantities.drawn
    loss = max(drawn - received, 0.0)  # on drawn capital, whatever the coverage refers to
    c = guarantee.coverage.value if guarantee.coverage is not None else 0.0
    target = guarantee.target_return.value if guarantee.target_return is not None else 0.0
    # I, and what is missing of it: of undrawn commitment nothing can be lost
    covered, missing = {
        "drawn": (drawn, loss),
        "committed": (quantities.commitment, loss),
        "with return": (drawn * (1 + target), max(drawn * (1 + target) - received, 0.0)),
        "at risk": (max(drawn - activity, 0.0), loss),
    }[guarantee.object]
    counted = received - activity if guarantee.object == "at risk" else received
    if guarantee.reading == "pari passu":
        claim = c * missing
    elif guarantee.reading == "floor":
        claim = max(0.0, c * covered - counted)
    elif guarantee.reading == "first loss":
        claim = min(c * covered, missing)
    elif guarantee.reading == "second loss":
        attachment = level(guarantee.attachment, quantities)
        detachment = level(guarantee.detachment, quantities)
        claim = min(max(loss - attachment, 0.0), detachment - attachment)
    else:
        claim = max(0.0, loss - level(guarantee.maximum, quantities))
    if guarantee.object != "with return":
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
        found[name, contract.shift(contract.completed(), later)] = amount
        received += amount
    return found
