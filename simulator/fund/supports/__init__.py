"""What a design does to one contract: what the fund promises, pays and gets back, and for whom.

All amounts are read from the rows of the contract as the design delivers it. A `Flow` has the
amount of a contract year, for the account, and its present value at the contract's start, for who
gains; what the account cuts, it cuts of both.
"""

from __future__ import annotations

from collections.abc import Callable

from simulator.fund import model
from simulator.fund.model import Fund
from simulator.fund.supports.base import Flow, Support, Terms, value
from simulator.fund.supports.capital import CoInvested
from simulator.fund.supports.claims import claim_of, highest_claim, level_at, volume
from simulator.fund.supports.guarantees import Guaranteed
from simulator.fund.supports.outcomes import Measured, OutcomesFunded
from simulator.fund.supports.own import OwnFund, OwnRun, OwnSpread

_KINDS: dict[type, Callable[..., Support]] = {
    model.Nothing: Support,
    model.Guarantee: Guaranteed,
    model.CoInvestment: CoInvested,
    model.SoleInvestor: CoInvested,
    model.OutcomesFunding: OutcomesFunded,
    model.LongerMeasurement: Measured,
    model.InHouse: OwnRun,
    model.InternalFund: OwnFund,
    model.SpreadCost: OwnSpread,
}


def support_of(fund: Fund, name: str, words: model.Design) -> Support:
    """The design as it is computed."""
    return _KINDS[type(words)](fund, name, words)


__all__ = [
    "CoInvested",
    "Flow",
    "Guaranteed",
    "Support",
    "Terms",
    "claim_of",
    "highest_claim",
    "level_at",
    "support_of",
    "value",
    "volume",
]
