"""Guarantees, called after every payment of the contract (§6)."""

from tests.reference.grid import months
from tests.reference.terms import Quantities, is_activity, level, to_investor
from tests.reference.waterfall import arrivals, shared


def payout(guarantee, quantities, received, activity, committed=None):
    """What a guarantee pays when the investor has received this much from the contract.

    `committed` is the part of the commitment that those covered have made; default all.
    """
    drawn = quantities.drawn
    committed = quantities.commitment if committed is None else committed
    loss = max(drawn - received, 0.0)  # on drawn capital, whatever the coverage refers to
    c = guarantee.coverage.value if guarantee.coverage is not None else 0.0
    target = guarantee.target_return.value if guarantee.target_return is not None else 0.0
    # I, and what is missing of it: of undrawn commitment nothing can be lost
    covered, missing = {
        "drawn": (drawn, loss),
        "committed": (committed, loss),
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


def base_of(contract, out):
    """(capital drawn, received, received as activity payments) of those whom guarantees cover.

    Where capital has classes these are the loans.
    """
    scenario, capital, instants = contract.scenario, contract.scenario.capital, contract.grid.P + 1
    paid = {True: 0.0, False: 0.0}  # by whether it is an activity payment
    for (name, _, _), amount in out.cash.items():
        payment = scenario.payments[name]
        if to_investor(scenario, payment):
            paid[is_activity(payment)] += amount
    if capital.classes:
        provided, given = shared(scenario, contract.grid, out, {})
        loans = loans_of(capital)
        named = sum(
            amount
            for (name, _, _), amount in out.cash.items()
            if scenario.payments[name].payee in loans
        )
        drawn = sum(sum(provided[name]) for name in loans)
        return drawn, named + sum(sum(given[name]) for name in loans), paid[True]
    received = sum(paid.values())
    if capital.recycling:
        pooled = sum(arrivals(scenario, out.cash, t)[0] for t in range(instants))
        received += sum(out.released) - pooled
    return sum(out.drawn), received, paid[True]


def loans_of(capital):
    return [name for name, part in capital.classes.items() if part.kind == "loan"]


def guarantee_payouts(contract, money, settlement):
    """Amounts by (guarantee, instant), called in ascending order, ties in name order."""
    if not contract.scenario.guarantees:
        return {}
    out, found = settlement.out, {}
    drawn, received, activity = base_of(contract, out)
    repaid = sum(settlement.before[name] for name in settlement.principal)
    due = contract.completed()
    quantities = Quantities(
        drawn,
        money.commitment,
        sum(money.cost),
        max(sum(out.drawn) - repaid, 0.0),
        (due - 1) // contract.grid.q + 1,
    )
    capital, guarantees = contract.scenario.capital, contract.scenario.guarantees
    loans = sum(capital.classes[name].share.value for name in loans_of(capital))
    committed = money.commitment * (loans if capital.classes else 1.0)
    for name in sorted(guarantees, key=lambda n: (guarantees[n].order, n)):
        guarantee = guarantees[name]
        amount = 0.0
        if contract.is_called(guarantee):
            amount = payout(guarantee, quantities, received, activity, committed)
        later = months(guarantee.after) if guarantee.after is not None else 0
        found[name, contract.shift(due, later)] = amount
        received += amount
    return found
