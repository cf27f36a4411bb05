"""A stretch of portfolio paths: every contract simulated, every design's account kept.

Path p of the portfolio is path p of every instance's own stretch. Instances come in the order of
`instances_of`; what one brings is added to the figures of its path in that order, so nothing
depends on blocks or threads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulator.fund import model
from simulator.fund.account import Account, Layer, Offer, Stream, run_account
from simulator.fund.account import Terms as Money
from simulator.fund.contracts import Contract, Delivery
from simulator.fund.draws import Drawn
from simulator.fund.instances import Instance
from simulator.fund.model import Fund
from simulator.fund.offers import Asked, Expectation, Wants, asked_of, wanted
from simulator.fund.results import PARTIES
from simulator.fund.supports import Support, Terms, value
from simulator.scenario.levels import Level, Relative
from simulator.scenario.numbers import Number

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

KEPT = 256 << 20
"""Bytes that the rows of a block may take on one thread."""
UNSCALED = ("ended", "unstarted", "good")


@dataclass(frozen=True)
class Arm:
    """A design as it is run: its support, how it delivers each kind, what is expected, its fees.

    `overhead` is what administration costs for each krona promised, for actuarial fees; `against`
    the place of the design that stands for "without".
    """

    name: str
    support: Support
    deliveries: dict[str, Delivery]
    known: dict[str, Expectation]
    fees: dict[str, float]
    money: Money
    overhead: float = 0.0
    against: int = 0


@dataclass(frozen=True)
class Setup:
    """Everything that blocks need, made once; `arms[0]` is "nothing"."""

    fund: Fund
    seed: int
    instances: list[Instance]
    contracts: dict[tuple[str, Delivery], Contract]
    arms: list[Arm]
    wants: Wants
    sizes: dict[str, Drawn]
    municipalities: dict[str, int]

    @property
    def rate(self) -> float:
        """The common nominal rate a year."""
        return value(self.fund.rate)


@dataclass
class Figures:
    """Per-path figures of one design: `columns` (paths,), `years` (years, paths) by name."""

    columns: dict[str, Floats] = field(default_factory=dict)
    years: dict[str, Floats] = field(default_factory=dict)


@dataclass
class _Kept:
    """What is kept of one instance while the accounts are run: scaled rows by delivery."""

    asked: Asked
    rows: dict[Delivery, dict[str, Floats]]


def money_of(fund: Fund, words: model.Design) -> Money:
    """A design's money as plain numbers; those without a fund of their own pay as they go."""
    if not isinstance(words, model.Money):
        return Money(years=fund.years, limited=False)
    extra = value(words.method_support) if isinstance(words, model.OutcomesFunding) else 0.0

    def cap(number: Number | None) -> float:
        return np.inf if number is None else value(number)

    return Money(
        years=fund.years,
        capital=value(words.capital),
        appropriations=tuple(value(number) for number in words.appropriations),
        interest=value(words.interest),
        administration=value(words.administration) + extra,
        leverage=value(words.leverage, 1.0) if words.funded == "leveraged" else 1.0,
        when_empty=words.when_empty,
        lapses_after=words.lapses_after,
        cap_per_contract=cap(words.cap_per_contract),
        cap_per_municipality=cap(words.cap_per_municipality),
        cap_portfolio=cap(words.cap_portfolio),
        layer=_layer(words),
    )


def _layer(words: model.Design) -> Layer | None:
    if not isinstance(words, model.Guarantee) or words.reading != "stop loss":
        return None

    def level(words: Level | None, default: float) -> tuple[float, float]:
        if words is None:
            return default, 0.0
        if isinstance(words, Relative):
            return 0.0, value(words.of_drawn if words.of_drawn is not None else words.of_commitment)
        return value(words), 0.0

    return Layer(level(words.attachment, 0.0), level(words.detachment, np.inf))


def block_paths(setup: Setup) -> int:
    """Paths of a block: as many as fit, 256 to 4,096, a power of two."""
    kept = sum(1 for _ in _names(setup, next(iter(setup.contracts.values())))) + 8
    deliveries = max(len({arm.deliveries[k] for arm in setup.arms}) for k in setup.fund.pipeline)
    each = 8 * len(setup.instances) * (kept * deliveries + 6 * len(setup.arms))
    paths = 4096
    while paths > 256 and paths * each > KEPT:
        paths //= 2
    return paths


def _names(setup: Setup, contract: Contract) -> list[str]:
    """The rows that are kept of an instance for every design."""
    years = [f"net.{k}" for k in range(contract.reading.years)]
    return [*(f"pv.{party}" for party in PARTIES), *years, "good", "drawn"]


def simulate_block(
    setup: Setup, first: int, paths: int, stepped: Callable[[int], None] | None = None
) -> list[Figures]:
    """Figures of each arm on portfolio paths first … first + paths − 1.

    `stepped` is called with the number of contract paths that were simulated.
    """
    kept: list[_Kept] = []
    terms: list[list[Terms]] = [[] for _ in setup.arms]
    for instance in setup.instances:
        entry, made = _instance(setup, instance, first, paths)
        kept.append(entry)
        for place, arm_terms in enumerate(made):
            terms[place].append(arm_terms)
        if stepped is not None:
            stepped(paths)
    yes = [_wants(setup, arm, kept) for arm in setup.arms]
    return [
        _arm_figures(setup, arm, kept, terms[place], (yes[arm.against], yes[place]), paths)
        for place, arm in enumerate(setup.arms)
    ]


def _instance(
    setup: Setup, instance: Instance, first: int, paths: int
) -> tuple[_Kept, list[Terms]]:
    """One instance on all paths: what its parties ask, its rows, what each design means to it."""
    asked = asked_of(
        setup.wants,
        instance.kind,
        setup.sizes[instance.kind],
        instance.stream,
        first,
        paths,
    )
    simulated: dict[Delivery, Floats] = {}
    terms: list[Terms] = []
    for arm in setup.arms:
        delivery = arm.deliveries[instance.kind]
        contract = setup.contracts[instance.kind, delivery]
        if delivery not in simulated:
            simulated[delivery] = contract.rows(instance.address, first, paths)
        terms.append(arm.support.terms(contract, simulated[delivery], asked.size))
    rows: dict[Delivery, dict[str, Floats]] = {}
    for delivery, table in simulated.items():
        contract = setup.contracts[instance.kind, delivery]
        rows[delivery] = {
            name: contract.pick(table, name) * (1.0 if name in UNSCALED else asked.size)
            for name in _names(setup, contract)
        }
    return _Kept(asked, rows), terms


def _wants(setup: Setup, arm: Arm, kept: list[_Kept]) -> list[Flags]:
    """Of each instance, whether both sides want it under a design."""
    return [
        wanted(arm.support, arm.known[i.kind], entry.asked, arm.fees[i.kind])
        for i, entry in zip(setup.instances, kept, strict=True)
    ]


def _offer(
    setup: Setup, arm: Arm, instance: Instance, entry: _Kept, terms: Terms, yes: Flags
) -> Offer:
    """A contract as the fund's account sees it."""
    last = setup.fund.years - 1
    known = arm.known[instance.kind]
    streams = [
        Stream(
            min(instance.year + flow.year, last),
            flow.amount,
            flow.recovered,
            flow.recoverable,
            min(instance.year + flow.back_year, last),
            flow.base,
        )
        for flow in terms.out
    ]
    fixed = arm.support.fixed
    size = np.ones_like(entry.asked.size) if fixed else entry.asked.size
    return Offer(
        year=instance.year,
        municipality=setup.municipalities[instance.municipality],
        wanted=yes,
        promise=known.promise * size,
        fee=arm.fees[instance.kind] * entry.asked.size,
        streams=streams,
        back=[(min(instance.year + flow.year, last), flow.amount) for flow in terms.back],
    )


def _arm_figures(
    setup: Setup,
    arm: Arm,
    kept: list[_Kept],
    terms: list[Terms],
    wants: tuple[list[Flags], list[Flags]],
    paths: int,
) -> Figures:
    """The account of one design, and what it comes to for everybody."""
    base, yes = wants
    offers = [
        _offer(setup, arm, instance, kept[i], terms[i], yes[i])
        for i, instance in enumerate(setup.instances)
    ]
    account = run_account(arm.money, offers, paths)
    gathered = _Gains(setup, arm, paths)
    for i, instance in enumerate(setup.instances):
        gathered.contract(instance, kept[i], base[i], account.happens[i], terms[i])
        gathered.support(instance, kept[i], terms[i], account, i)
        gathered.kind(instance, account, i, base[i])
    return gathered.figures(account)


class _Gains:
    """Sums over the contracts of a design, contract by contract."""

    def __init__(self, setup: Setup, arm: Arm, paths: int) -> None:
        self.setup, self.arm, self.paths = setup, arm, paths
        names = [f"{side}.{party}" for side in ("pv", "without") for party in PARTIES]
        names += ["contracts", "additional", "drawn", "private", "additional_private", "good"]
        names += ["claims_present", "fees_present", "recoveries_present", "largest_contract"]
        for kind in setup.fund.pipeline:
            names += [f"{what}.{kind}" for what in ("contracts", "additional", "claims")]
        self.sums = {name: np.zeros(paths) for name in names}
        years = ("net", "net_without", "contracts")
        self.years = {name: np.zeros((setup.fund.years, paths)) for name in years}

    def add(self, name: str, amount: Floats) -> None:
        """Adds to a figure of the path."""
        self.sums[name] += amount

    def contract(
        self, instance: Instance, entry: _Kept, base: Flags, happens: Flags, terms: Terms
    ) -> None:
        """What the contract itself is worth to everybody, with the design and without."""
        setup = self.setup
        discount = (1.0 + setup.rate) ** -instance.year
        own = entry.rows[self.arm.deliveries[instance.kind]]
        other = entry.rows[setup.arms[self.arm.against].deliveries[instance.kind]]
        for party in PARTIES:
            self.add(f"pv.{party}", np.where(happens, own[f"pv.{party}"] * discount, 0.0))
            self.add(f"without.{party}", np.where(base, other[f"pv.{party}"] * discount, 0.0))
        additional = happens & ~base
        self.add("contracts", happens.astype(np.float64))
        self.add("additional", additional.astype(np.float64))
        self.add("drawn", np.where(happens, own["drawn"], 0.0))
        self.add("private", np.where(happens, terms.private, 0.0))
        self.add("additional_private", np.where(happens, terms.private, 0.0))
        self.add("additional_private", -np.where(base, other["drawn"], 0.0))
        self.add("good", np.where(happens, own["good"], 0.0) - np.where(base, other["good"], 0.0))
        self.years["contracts"][instance.year] += happens
        last = setup.fund.years - 1
        for year, amount in terms.shifted:
            at = min(instance.year + year, last)
            self.years["net"][at] += np.where(happens, amount, 0.0)
        for rows, mask, name in ((own, happens, "net"), (other, base, "net_without")):
            for key, row in rows.items():
                if key.startswith("net."):
                    year = min(instance.year + int(key[4:]), last)
                    self.years[name][year] += np.where(mask, row, 0.0)

    def support(
        self, instance: Instance, entry: _Kept, terms: Terms, account: Account, i: int
    ) -> None:
        """What moves between the fund and everybody else."""
        arm, setup = self.arm, self.setup
        discount = (1.0 + setup.rate) ** -instance.year
        support = arm.support
        last = setup.fund.years - 1
        paid_in_all = np.zeros(self.paths)
        for flow, paid in zip(terms.out, account.paid[i], strict=True):
            worth = np.divide(
                flow.present, flow.amount, out=np.zeros(self.paths), where=flow.amount != 0.0
            )
            present = paid * worth * discount
            paid_in_all += paid
            self.move(present, support.bearer, 1.0)
            self.add("claims_present", present)
            if support.bearer == "municipality" != support.owner:
                self.years["net"][min(instance.year + flow.year, last)] += paid
        for k, back in enumerate(account.back[i]):
            present = back * self.back_worth(terms, k) * discount
            self.move(present, support.repays, -1.0)
            if support.repays == "municipality" != support.owner:
                at = terms.out[0].back_year if not terms.back else terms.back[k].year
                self.years["net"][min(instance.year + at, last)] -= back
            self.add("recoveries_present", present)
        if arm.fees[instance.kind] != 0.0:
            fee = arm.fees[instance.kind] * entry.asked.size
            present = np.where(account.happens[i], fee * discount, 0.0)
            self.move(present, "investor", -1.0)
            self.add("fees_present", present)
        self.add(f"claims.{instance.kind}", paid_in_all)
        self.sums["largest_contract"] = np.maximum(self.sums["largest_contract"], paid_in_all)

    def back_worth(self, terms: Terms, k: int) -> Floats | float:
        """Present value at the contract's start of a krona that comes back."""
        if not terms.back:
            return terms.out[0].back_discount
        flow = terms.back[k]
        return np.divide(
            flow.present, flow.amount, out=np.zeros(self.paths), where=flow.amount != 0.0
        )

    def move(self, present: Floats, party: str, sign: float) -> None:
        """A present value from the fund's owner to a party (sign 1), or the other way round."""
        if party == self.arm.support.owner:
            return
        if party:
            self.sums[f"pv.{party}"] += sign * present
        self.sums[f"pv.{self.arm.support.owner}"] -= sign * present

    def kind(self, instance: Instance, account: Account, i: int, base: Flags) -> None:
        """Contracts by kind."""
        happens = account.happens[i]
        self.add(f"contracts.{instance.kind}", happens.astype(np.float64))
        self.add(f"additional.{instance.kind}", (happens & ~base).astype(np.float64))

    def figures(self, account: Account) -> Figures:
        """Everything by name."""
        money = self.arm.money
        columns = self.sums
        years = np.arange(money.years)
        spent = money.administration * float(np.sum((1.0 + self.setup.rate) ** -years))
        columns[f"pv.{self.arm.support.owner}"] -= spent
        columns["administration_present"] = np.full(self.paths, spent)
        columns["administration"] = account.administration.sum(axis=0)
        columns["one"] = np.ones(self.paths)
        columns["claims"] = account.claims.sum(axis=0)
        columns["fees"] = account.fees.sum(axis=0)
        columns["guaranteed"] = account.guaranteed
        columns["required"] = account.required
        columns["topped_up"] = account.topped_up
        columns["lapsed_amount"] = account.lapsed_amount
        set_aside = sum(money.appropriated(year) for year in range(money.years))
        peak = account.promised.max(axis=0) / money.leverage
        columns["unused"] = np.maximum(set_aside - peak, 0.0)
        columns["set_aside"] = np.full(self.paths, set_aside)
        for name in ("refused", "short", "lapsed"):
            columns[name] = getattr(account, name)
        columns["net_cost"] = (
            columns["claims_present"]
            + spent
            - columns["fees_present"]
            - columns["recoveries_present"]
        )
        rows = self.years | {
            "claims": account.claims,
            "balance": account.balance,
            "promised": account.promised,
            "recoveries": account.recoveries + account.fees,
        }
        return Figures(columns, rows)
