"""What a fund run leaves behind: one `DesignResult` for each design, plain figures all through.

An *estimate* is `{"estimate", "standard_error", "mc_low", "mc_high"}` (95 % Monte Carlo interval);
a mean over paths has `p5`, `p50`, `p95` beside it, the range of outcomes. Money is in the fund's
currency, years are calendar years, present values are discounted to the fund's start. A figure that
does not exist is None. `to_dict` gives the promised JSON.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

Estimate = dict[str, float | None]
Texts = dict[str, str]

PARTIES = (
    "investor",
    "municipality",
    "other_budgets",
    "participants",
    "provider",
    "state",
    "others",
)
"""Who gains: private capital (loans), the lead outcome payer, all other payers and holders of
budgets, participants, the service provider, the state (the fund, its facilitator), everybody else.
They sum to society."""


@dataclass(frozen=True)
class FundYear:
    """One year of a fund's account."""

    year: int
    offered: int
    contracts: Estimate | None  # that happen, of those offered in the year
    committed: Estimate | None  # what is promised, the year's offers included, before payouts
    claims: Estimate | None  # payouts, with p5, p50, p95 and p99
    recoveries: Estimate | None  # fees and what comes back
    balance: Estimate | None  # at the year's end
    municipalities: Estimate | None  # net budget effect of all municipalities together


@dataclass(frozen=True)
class KindResult:
    """A kind of contract under a design."""

    kind: str
    offered: int
    contracts: Estimate | None
    additional_contracts: Estimate | None
    expected_claims: Estimate | None
    claim_share: Estimate | None  # share of all claims
    price: float | None  # the price key's value as offered
    repriced: float | None  # solved again with the support; None where it is not solved
    repriced_reason: str  # "" or why there is none: "not solved", "no price key" …


@dataclass(frozen=True)
class Position:
    """Mean present value of a party over all contracts, with the support and without."""

    party: str
    without: Estimate | None
    with_support: Estimate | None
    difference: Estimate | None


@dataclass(frozen=True)
class DesignResult:
    """Everything about one design; keys of the promised JSON first."""

    name: str
    title: Texts
    kind: str
    contracts: Estimate | None
    additional_contracts: Estimate | None
    expected_claims: Estimate | None  # all payouts, nominal
    claim_probability: Estimate | None  # any payout at all
    exhausted_probability: Estimate | None
    committed_year: Estimate | None  # over the paths on which an offer is refused for lack of room
    committed_probability: Estimate | None
    exhausted_year: Estimate | None  # over the paths on which a payout is not paid in full
    lapsed_year: Estimate | None
    lapsed_probability: Estimate | None
    unused_capital: Estimate | None  # of the money set aside, what was never promised
    capital_95: Estimate | None
    capital_99: Estimate | None
    actuarial_fee: Estimate | None  # for each krona guaranteed
    subsidy: Estimate | None  # actuarial fee less the fee charged, for each krona guaranteed
    private_capital_per_public_krona: Estimate | None  # additional ÷ net public cost
    private_capital_per_krona_set_aside: Estimate | None
    cost_per_additional_outcome: Estimate | None  # net public cost ÷ additional outcomes
    additional_outcomes_per_public_krona: Estimate | None  # the other way round
    public_budgets_per_additional_outcome: Estimate | None  # what all public budgets lose by it
    additional_outcomes: Estimate | None
    gains: dict[str, Estimate | None]  # by party and "society", for each krona of net public cost
    gains_repriced: dict[str, Estimate | None] | None
    gains_amount: dict[str, Estimate | None]  # present values, money
    fee_charged: Estimate | None  # for each krona guaranteed
    guaranteed: Estimate | None  # what is promised in all, over all years
    facilitator: float | None  # present value of a national facilitator, kept apart
    net_public_cost: Estimate | None  # PV(claims + administration − fees − recoveries)
    topped_up: Estimate | None  # paid by the state beyond the fund's money
    lapsed_capital: Estimate | None
    volume: Estimate | None  # Σ drawn of the contracts that happen
    private_capital: Estimate | None  # of it, private
    additional_private_capital: Estimate | None
    by_year: tuple[FundYear, ...]
    by_kind: tuple[KindResult, ...]
    concentration: dict[str, Estimate | None]  # "kind", "contract": largest share of all claims
    positions: tuple[Position, ...]


@dataclass(frozen=True)
class Ranking:
    """A figure of two designs, on the same paths: which is ahead, and whether that is settled.

    `decided` is False where the Monte Carlo interval of the difference includes zero.
    """

    figure: str
    better: str
    worse: str
    difference: Estimate
    decided: bool


@dataclass(frozen=True)
class Loosened:
    """Terms of a kind loosened without support until a share of investors accepts."""

    kind: str
    key: str
    price: float
    loosened: float | None  # None where no price in reach is enough
    share: float  # of the investors who are to accept
    accepting: float  # share that accepts the terms as they are
    municipality: Estimate | None  # what it costs the municipality: present value, a contract
    most: float  # the price moves to so many times what is offered at most


@dataclass(frozen=True)
class TriedDesign:
    """A design where something is assumed otherwise; figures as in `DesignResult`."""

    name: str
    contracts: Estimate | None
    additional_contracts: Estimate | None
    additional_outcomes: Estimate | None
    net_public_cost: Estimate | None
    additional_outcomes_per_public_krona: Estimate | None
    public_budgets_per_additional_outcome: Estimate | None


@dataclass(frozen=True)
class Held:
    """Whether an order of designs holds in a trial.

    Of the `settled` pairs of designs whose order is settled as assumed, `held` come in the same
    order, settled; `open` are not settled in the trial; `turned` come settled the other way round
    (`better` and `worse` as in the trial).
    """

    figure: str
    first: str  # design ahead in the trial
    lead: bool  # whether it is settled that it is ahead of the next
    settled: int
    held: int
    open: int
    turned: tuple[Ranking, ...]


@dataclass(frozen=True)
class Tried:
    """Everything run again with something assumed otherwise, on the first `paths` paths."""

    name: str
    title: Texts
    changes: tuple[str, ...]  # KEY=VALUE, or "without KEY"
    paths: int
    designs: tuple[TriedDesign, ...]
    orders: tuple[Held, ...]


@dataclass(frozen=True)
class FundResult:
    """A finished fund run."""

    name: str
    title: Texts
    currency: str
    start: str
    years: int
    paths: int
    seed: int
    version: str
    hash: str
    kinds: tuple[dict[str, Any], ...]  # name, title, scenario, offered, duration in years …
    designs: tuple[DesignResult, ...]
    rankings: tuple[Ranking, ...]
    loosened: tuple[Loosened, ...]
    robustness: tuple[Tried, ...] = ()
    notes: tuple[str, ...] = ()  # codes of what a reader should know
    seconds: float = field(default=0.0, compare=False)
    workers: int | None = field(default=None, compare=False)  # of a cluster that have helped

    def design(self, name: str) -> DesignResult:
        """A design by name; KeyError where there is none."""
        found = [design for design in self.designs if design.name == name]
        if not found:
            raise KeyError(name)
        return found[0]

    def to_dict(self) -> dict[str, Any]:
        """The promised object of `socsim fund --json`; everything in it is plain."""
        return {
            "schema_version": 1,
            "fund": {
                "name": self.name,
                "title": self.title,
                "currency": self.currency,
                "start": self.start,
                "years": self.years,
                "hash": self.hash,
            },
            "simulation": {"paths": self.paths, "seed": self.seed, "version": self.version},
            "kinds": list(self.kinds),
            "designs": [_design(design) for design in self.designs],
            "rankings": [asdict(ranking) for ranking in self.rankings],
            "loosened": [asdict(row) for row in self.loosened],
            "robustness": [asdict(row) for row in self.robustness],
            "notes": list(self.notes),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> FundResult:
        """The result whose `to_dict` gave `data`; KeyError or TypeError where it is no such."""
        flat = {**data["fund"], **data["simulation"], **data}
        for key in ("schema_version", "fund", "simulation"):
            del flat[key]
        result: FundResult = _made(cls, flat)
        return result


def _made(kind: Any, data: Any) -> Any:
    """Plain data as what it is annotated to be: dataclasses, and tuples of them."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{name: _made(hints.get(name), value) for name, value in data.items()})  # type: ignore[operator]
    if get_origin(kind) is tuple:
        return tuple(_made(get_args(kind)[0], item) for item in data)
    return data


def _design(design: DesignResult) -> dict[str, Any]:
    return asdict(design)
