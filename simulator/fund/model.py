"""The fund file: every word that it may contain.

A fund file names a pipeline of offered contracts, how they hang together, how people behave, and
one or more support designs. Fields carry their meaning as docstrings. Rules that need more than one
field live in `fund.rules`; the words of a guarantee are those of a scenario's `[guarantees]`.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from simulator.scenario.levels import Level
from simulator.scenario.model import Source
from simulator.scenario.numbers import Certain, Grade, Name, Number, Title, Words
from simulator.scenario.strict import Strict

Share = Certain
"""A number from 0 to 1 (checked by the rules)."""


# --- the pipeline ---------------------------------------------------------------------------------


class Kind(Strict):
    """A kind of contract: a scenario, and how many contracts like it are offered when."""

    title: Title
    """what the kind is called"""
    scenario: str
    """a shipped scenario's name, or a file beside the fund file"""
    variants: list[str] = Field(default_factory=list)
    """variants of the scenario, in order"""
    set: dict[str, Any] = Field(default_factory=dict)
    """keys of the scenario with other values, as on the command line:
    `{ "capital.commitment" = 12_000_000 }`"""
    offered: Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=1)]
    """contracts offered in fund year 1, 2, …"""
    size: Number = Number(value=1.0)
    """multiplies every amount of money of a contract; where uncertain, drawn for each contract and
    path. The number of service users stays: a bigger contract is a dearer one"""
    municipalities: Annotated[int, Field(ge=1)] | None = None
    """the offers go round among so many municipalities; default: each contract has its own"""
    outcome: str | None = None
    """the metric whose realised effect counts as additional good outcomes; default: none counted"""
    price: str | None = None
    """key of the scenario (any that `--set` takes) that is solved again when the risk falls, from
    nothing to three times what is offered, and moved when terms are loosened; always a number that
    the contract may have there. Default: the price stays"""
    reservation: Number | None = None
    """what a municipality asks for on contracts of this kind, instead of `reservation` in
    `behaviour.municipality`; negative where it pays for the outcome itself"""
    luck: Literal["own", "shared"] = "own"
    """`own`: each contract has its own draws beside the shared factors; `shared`: all contracts of
    the kind have the same draws (correlation 1)"""
    loadings: dict[str, dict[Name, float]] = Field(default_factory=dict)
    """shared shocks: key of an uncertain number of the scenario → factor → loading. Factors that
    the scenario has of its own stay beside them; those are each contract's alone. All loadings on
    a number have squares that sum to less than 1"""
    grade: Grade | None = None
    """how well it is known"""
    source: Words | None = None
    """where it was read, or why it is assumed"""
    note: Words | None = None
    """more about it"""


class SharedFactor(Strict):
    """A shock that contracts share: standard normal, drawn once for each path of the portfolio."""

    title: Title
    """what it stands for"""
    grade: Grade | None = None
    """how well it is known"""
    source: Words | None = None
    """where it was read, or why it is assumed"""
    note: Words | None = None
    """more about it"""


# --- behaviour ------------------------------------------------------------------------------------


class InvestorBehaviour(Strict):
    """What an investor wants; drawn for each contract and path."""

    hurdle: Number | None = None
    """required return a year, nominal; default: every offer is accepted"""
    belief: Number | None = None
    """multiplier on the effect that the investor believes in; default 1"""


class MunicipalityBehaviour(Strict):
    """What a municipality wants; drawn for each contract and path."""

    reservation: Number | None = None
    """what the cashable present value must reach: the cost of measuring and of saying yes, for each
    contract; default: every offer is accepted"""


class Loosen(Strict):
    """Terms that are loosened until investors accept without any support."""

    share: Share = Number(value=0.5)
    """share of the investors who are to accept"""
    most: Certain = Number(value=3.0)
    """the price moves to so many times its present value at most"""


class Behaviour(Strict):
    """Stated assumptions; a part that is left out is switched off."""

    investor: InvestorBehaviour = InvestorBehaviour()
    """when an investor accepts"""
    municipality: MunicipalityBehaviour = MunicipalityBehaviour()
    """when a municipality accepts"""
    effort: Share = Number(value=0.0)
    """share of the effect that is lost where the investor's risk is covered in full (weaker
    selection, softer effort); with coverage c the effect is multiplied by 1 − c·effort"""
    loosen: Loosen | None = None
    """loosen the terms instead, without support, and say what it costs the municipality"""
    grade: Grade | None = None
    """how well it is known"""
    source: Words | None = None
    """where it was read, or why it is assumed"""


# --- designs --------------------------------------------------------------------------------------


class Changed(Strict):
    """What a design changes in one kind of contract."""

    variants: list[str] = Field(default_factory=list)
    """variants of the scenario, after those of the pipeline"""
    set: dict[str, Any] = Field(default_factory=dict)
    """keys with other values"""
    cost: Certain = Number(value=0.0)
    """what the change costs for one contract, paid by the state at signing; of longer measurement
    only"""


class Plain(Strict):
    """What every design has."""

    title: Title
    """what the design is called"""
    short: Title | None = None
    """a shorter title for tables and charts"""
    grade: Grade | None = None
    """how well it is known"""
    source: Words | None = None
    """whose proposal it is, or why it is tried"""
    note: Words | None = None
    """more about it"""
    against: Name | None = None
    """the design of kind `nothing` that stands for "without": what is additional and who gains is
    told against it; default the first one"""
    changes: dict[Name, Changed] = Field(default_factory=dict)
    """by kind of contract: what is agreed otherwise under this design; a kind that is not named
    stays as it is offered"""


class Money(Plain):
    """The fund itself: its money, and how far it may be promised."""

    capital: Certain = Number(value=0.0)
    """amount in the fund when it starts"""
    appropriations: list[Certain] = Field(default_factory=list)
    """amounts added at the start of fund year 1, 2, …"""
    interest: Certain = Number(value=0.0)
    """interest a year on the balance"""
    administration: Certain = Number(value=0.0)
    """cost a year of running the fund, paid out of it"""
    facilitator: Certain = Number(value=0.0)
    """cost a year of a national facilitator, beside the fund and never paid out of it"""
    frame: Literal["coverage", "exposure"] = "coverage"
    """how a promise counts against the frame: `coverage` × object, or the highest claim that there
    can be (`exposure`)"""
    funded: Literal["fully", "leveraged"] = "fully"
    """`fully`: promises never exceed the money that is there; `leveraged`: they may be `leverage`
    times as much"""
    leverage: Certain = Number(value=1.0)
    """promises for each krona of money, where the fund is leveraged"""
    when_empty: Literal["first come", "pro rata", "top-up"] = "first come"
    """a payout beyond the balance: `first come`: by order of contract, until the money is gone;
    `pro rata`: all due in a year get the same share; `top-up`: the state pays the rest"""
    lapses_after: Annotated[int, Field(ge=1)] | None = None
    """years after which money that is not promised goes back; default never"""
    cap_per_contract: Certain | None = None
    """the most that is paid on one contract"""
    cap_per_municipality: Certain | None = None
    """the most that is paid to contracts of one municipality"""
    cap_portfolio: Share | None = None
    """cap rate c: all payouts together stay within what is guaranteed (volume × coverage) × c"""


class Nothing(Plain):
    """No support: contracts happen where both sides want them."""

    kind: Literal["nothing"]


class Guarantee(Money):
    """The fund bears a part of the investor's loss."""

    kind: Literal["guarantee"]
    reading: Literal[
        "pari passu", "floor", "first loss", "second loss", "maximum loss", "stop loss"
    ]
    """how it is read: the formula of its payout (docs/model.md, section 6). `stop loss`: what all
    contracts completed in a year lose together between attachment and detachment. Investors do not
    count on it, since it depends on what others lose: by assumption it makes no contract happen"""
    coverage: Share | None = None
    """share of the object; not used by `second loss` and `maximum loss`"""
    object: Literal["drawn", "committed", "with return", "at risk"] = "drawn"
    """what the coverage refers to; `at risk`: capital drawn less the activity payments received"""
    target_return: Certain | None = None
    """for object `with return`: the object is the capital drawn × (1 + this)"""
    attachment: Level | None = None
    """second loss and stop loss: loss at which the guarantee begins; an amount, `{ of_drawn = … }`
    or `{ of_commitment = … }`"""
    detachment: Level | None = None
    """second loss and stop loss: loss at which it ends"""
    maximum: Level | None = None
    """maximum loss: what the investor bears at most"""
    trigger: Literal["completion", "early termination", "either"] = "completion"
    """`completion`: not called on a contract that was terminated; `early termination`: on none
    other; a contract that never started is neither"""
    order: Literal["after activity payment", "before activity payment"] = "after activity payment"
    """`after`: what the activity payment gives counts as repaid before the guarantee is called;
    `before`: the guarantee is called on the loss without it, and pays no more than is lost in the
    end. Guarantees of the contract's own are always called first"""
    after: str | None = None
    """payout lag after completion"""
    fee: Literal["none", "flat", "actuarial"] = "none"
    """what the investor pays at signing: nothing, `fee_rate` × the amount guaranteed, or expected
    claims and administration for each krona guaranteed"""
    fee_rate: Certain | None = None
    """fee for each krona guaranteed, where the fee is flat"""
    recoveries: Share | None = None
    """share of a payout that is paid back where a later evaluation shows savings, up to the saving
    that came after the contract's measurement was over"""
    recovered_after: Annotated[int, Field(ge=0)] = 1
    """years from payout to recovery"""


class CoInvestment(Money):
    """The state invests beside the private investor."""

    kind: Literal["co-investment"]
    share: Share
    """the state's share of every drawdown"""
    terms: Literal["equal", "subordinated"] = "equal"
    """`equal`: it is repaid in the same share; `subordinated`: the private investor's capital comes
    back first, then the state's, then the rest in shares"""


class SoleInvestor(Money):
    """The state is the only investor."""

    kind: Literal["sole investor"]


class OutcomesFunding(Money):
    """The state pays a share of outcome payments in the municipality's place."""

    kind: Literal["outcomes funding"]
    share: Share
    """share of every outcome payment"""
    method_support: Certain = Number(value=0.0)
    """support for methods and measuring, a year, paid out of the fund"""
    relief: Certain = Number(value=0.0)
    """what method support takes off each municipality's reservation: measuring and saying yes cost
    it so much less"""


class LongerMeasurement(Money):
    """The state pays for a longer window or a larger reference group."""

    kind: Literal["longer measurement"]


class InHouse(Plain):
    """The municipality carries cost and risk itself; same service, same effect."""

    kind: Literal["in-house"]
    more: Certain = Number(value=0.0)
    """so much more of the service, as a share"""


class InternalFund(Money):
    """A fund inside the municipality pays; committees pay back out of what they save."""

    kind: Literal["internal fund"]
    payback: Share = Number(value=1.0)
    """share of each year's cashable saving that is paid back, until the outlay is"""


class SpreadCost(Plain):
    """In-house, and the cost is spread over several budget years."""

    kind: Literal["spread cost"]
    over: Annotated[int, Field(ge=1)]
    """years over which each year's cost is spread, in equal parts, from that year on"""


Design = Annotated[
    Nothing
    | Guarantee
    | CoInvestment
    | SoleInvestor
    | OutcomesFunding
    | LongerMeasurement
    | InHouse
    | InternalFund
    | SpreadCost,
    Field(discriminator="kind"),
]
"""A support design, by its `kind`."""


# --- what the order of the designs rests on ------------------------------------------------------


class Trial(Strict):
    """Something assumed otherwise, to see whether the designs keep their order."""

    title: Title
    """what is assumed instead"""
    short: Title | None = None
    """a shorter title for tables"""
    set: dict[str, Any] = Field(default_factory=dict)
    """keys of the fund file with other values, as on the command line:
    `{ "behaviour.effort" = 0.0 }`"""
    without: list[str] = Field(default_factory=list)
    """keys of the fund file that are left out, which switches off what they stand for"""
    grade: Grade | None = None
    """how well it is known"""
    source: Words | None = None
    """where it was read, or why it is tried"""
    note: Words | None = None
    """more about it"""


class Fund(Strict):
    """A pipeline of contracts, how they hang together, how people behave, and support designs."""

    kind: Literal["fund"]
    """says that the file is a fund, not a scenario"""
    name: str = ""
    """taken from the file's name"""
    folder: str = ""
    """the file's folder, filled in when it is read: scenarios beside it are found there"""
    title: Title
    """what the fund or the comparison is called"""
    description: Title | None = None
    """what it is about, in a paragraph"""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    """three letters; every contract has the same"""
    start: datetime.date
    """fund year 1 begins; contracts offered in year y start on its anniversary"""
    years: Annotated[int, Field(ge=1)]
    """years that the account is followed: all offers, the contracts' lengths and lags"""
    rate: Certain
    """nominal rate a year for all present values, discounted to the fund's start"""
    sources: dict[Name, Source] = Field(default_factory=dict)
    """where facts were read"""
    pipeline: Annotated[dict[Name, Kind], Field(min_length=1)]
    """kinds of contracts, offered in this order within a year"""
    factors: dict[Name, SharedFactor] = Field(default_factory=dict)
    """named shared shocks"""
    behaviour: Behaviour = Behaviour()
    """when a contract happens, and what support does to effort"""
    designs: Annotated[dict[Name, Design], Field(min_length=1)]
    """support designs, in the order of the tables; a design `nothing` is always computed first"""
    robustness: dict[Name, Trial] = Field(default_factory=dict)
    """what is assumed otherwise, one thing at a time, on fewer paths, to see whether the order of
    the designs holds"""
