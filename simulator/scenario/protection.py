"""What bounds a contract: limits on what is paid, and guarantees on the investor's loss."""

from typing import Literal

from simulator.scenario.levels import Level
from simulator.scenario.numbers import Certain, Title, Words
from simulator.scenario.strict import Strict


class AnnualReturn(Strict):
    """A cap on the investor's yearly return."""

    rate: Certain
    """yearly rate of return"""
    form: Literal["compound", "simple"] = "compound"
    """`compound`: the payment that would lift the IRR above the rate is cut, exactly; `simple`:
    simple interest on the balance"""


class Limits(Strict):
    """What the contract pays at most, whatever its payments say.

    `multiple` and `annual_return` count what is paid to the investor in full: where capital is
    recycled, also what enters the contract account and is spent there.
    """

    total: Certain | None = None
    """amount, over the whole contract"""
    multiple: Certain | None = None
    """multiple of the capital drawn, over the whole contract"""
    annual_return: AnnualReturn | None = None
    """cap on the investor's yearly return"""
    per_period: Certain | None = None
    """amount due at any one time"""
    per_service_user: Certain | None = None
    """amount for each service user who enrolled, over the whole contract"""
    grade: Literal["fact", "estimate", "assumption"] | None = None
    source: Words | None = None


class Guarantee(Strict):
    """A guarantee on the investor's loss, called at completion, after all payments."""

    title: Title | None = None
    guarantor: str = "guarantor"
    """the party that pays"""
    beneficiary: Literal["investor"] = "investor"
    """whose loss it covers"""
    reading: Literal["pari passu", "floor", "first loss", "second loss", "maximum loss"]
    """how it is read: the formula of its payout (docs/model.md, section 6)"""
    coverage: Certain | None = None
    """share of the object; not used by `second loss` and `maximum loss`"""
    object: Literal["drawn", "committed", "with return", "at risk"] = "drawn"
    """what the coverage refers to; `at risk`: capital drawn less the activity payments received"""
    target_return: Certain | None = None
    """for object `with return`: the object is the capital drawn × (1 + this)"""
    attachment: Level | None = None
    """second loss: loss at which the guarantee begins"""
    detachment: Level | None = None
    """second loss: loss at which it ends"""
    maximum: Level | None = None
    """maximum loss: what the investor bears at most"""
    cap: Level | None = None
    """the guarantor pays at most this"""
    trigger: Literal["completion", "early termination", "either"] = "completion"
    """`completion`: not called on a contract that was terminated; `early termination`: on none
    other; a contract that never started is neither"""
    order: int = 1
    """guarantees are called in ascending order, each on the loss left; ties in name order"""
    after: str | None = None
    """payout lag; amounts due after the last period fall in it"""
    grade: Literal["fact", "estimate", "assumption"] | None = None
    source: Words | None = None
