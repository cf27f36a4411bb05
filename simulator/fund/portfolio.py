"""A stretch of portfolio paths: every contract simulated, every design's account kept.

Path p of the portfolio is path p of every instance's own stretch. Years pass, and in each the
instances offered come in the order of `instances_of`: one is simulated, every design takes it on or
not, what it is worth is added to the sums of its path, and nothing else is kept of it than what
the fund may still have to pay. Nothing depends on blocks or threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from simulator.fund import model
from simulator.fund.account import Layer, Offer, Stream
from simulator.fund.account import Terms as Money
from simulator.fund.book import Book
from simulator.fund.contracts import Contract, Delivery, rows_of
from simulator.fund.draws import Drawn
from simulator.fund.expectations import Expectation
from simulator.fund.gains import Figures, Gains, Signed
from simulator.fund.instances import Instance
from simulator.fund.model import Fund
from simulator.fund.offers import Asked, Wants, asked_of, wanted
from simulator.fund.programmes import grouped
from simulator.fund.results import PARTIES
from simulator.fund.supports import Support, Terms, value
from simulator.scenario.levels import Level, Relative
from simulator.scenario.numbers import Number

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Programme = tuple[Contract, ...]
"""Contracts of a kind with one programme: the first is simulated, the others are settled."""

KEPT = 128 << 20
"""Bytes that open contracts of a block may take on one thread."""
NARROWEST, WIDEST = 256, 1024
"""Paths of a block: enough for the calls not to count, and few enough for two threads to share."""
FAMILIES = (*(f"pv.{party}" for party in PARTIES), "net", "good", "drawn")
"""Rows of a contract that every design reads."""


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
    programmes: dict[str, list[Programme]]
    arms: list[Arm]
    wants: Wants
    sizes: dict[str, Drawn]
    municipalities: dict[str, int]

    @property
    def rate(self) -> float:
        """The common nominal rate a year."""
        return value(self.fund.rate)


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


def programmes_of(
    arms: Sequence[Arm], kinds: Iterable[str], plans: dict[tuple[str, Delivery], Contract]
) -> dict[str, list[Programme]]:
    """By kind the contracts that designs need, with the rows that they read, by programme."""
    made: dict[str, list[Programme]] = {}
    for kind in kinds:
        families: dict[Delivery, set[str]] = {}
        for arm in arms:
            families.setdefault(arm.deliveries[kind], {*FAMILIES}).update(arm.support.families)
        contracts = [
            replace(plans[kind, delivery], reading=plans[kind, delivery].reading.only(names))
            for delivery, names in families.items()
        ]
        made[kind] = [tuple(contracts[i] for i in group) for group in grouped(contracts)]
    return made


def block_paths(setup: Setup) -> int:
    """Paths of a block: as many as fit, a power of two.

    A design keeps of an open contract what is promised and each amount that may be paid.
    """
    floats = 0
    for arm in setup.arms:
        for instance in setup.instances:
            if any(name in arm.support.families for name in ("paid", "outcome", "cost")):
                delivery = arm.deliveries[instance.kind]
                floats += 4 * setup.contracts[instance.kind, delivery].reading.years
            floats += 6
    paths = WIDEST
    while paths > NARROWEST and paths * 8 * floats > KEPT:
        paths //= 2
    return paths


def simulate_block(
    setup: Setup, first: int, paths: int, stepped: Callable[[int], None] | None = None
) -> list[Figures]:
    """Figures of each arm on portfolio paths first … first + paths − 1.

    `stepped` is called with the number of contract paths that were simulated.
    """
    desks = [_Desk(setup, arm, paths) for arm in setup.arms]
    offered: dict[int, list[Instance]] = {}
    for instance in setup.instances:
        offered.setdefault(instance.year, []).append(instance)
    for year in range(setup.fund.years):
        for desk in desks:
            desk.book.open_year(year)
        for instance in offered.get(year, []):
            _offer_to_all(setup, desks, instance, first, paths)
            if stepped is not None:
                stepped(paths)
        for desk in desks:
            desk.gains.settle(desk.book.close_year(year))
    return [
        desk.gains.figures(desk.arm.money, desk.book.ended(), desks[desk.arm.against].gains)
        for desk in desks
    ]


def _offer_to_all(
    setup: Setup, desks: list[_Desk], instance: Instance, first: int, paths: int
) -> None:
    """One instance on all paths: what its parties ask, its rows, and each design."""
    kind, size = instance.kind, setup.sizes[instance.kind]
    asked = asked_of(setup.wants, kind, size, instance.stream, first, paths)
    rows: dict[Delivery, tuple[Contract, Floats]] = {}
    for programme in setup.programmes[kind]:
        tables = rows_of(programme, instance.address, first, paths)
        for contract, table in zip(programme, tables, strict=True):
            rows[contract.delivery] = contract, table
    yes = [
        wanted(arm.support, arm.known[kind], asked, arm.fees[kind])
        for arm in (desk.arm for desk in desks)
    ]
    for desk, wishes in zip(desks, yes, strict=True):
        contract, table = rows[desk.arm.deliveries[kind]]
        desk.take_on(instance, contract, table, asked, (wishes, yes[desk.arm.against]))


class _Desk:
    """One design on a stretch of paths: its account, and who gains."""

    def __init__(self, setup: Setup, arm: Arm, paths: int) -> None:
        self.setup, self.arm = setup, arm
        self.book = Book(arm.money, paths)
        self.gains = Gains(arm.support, setup.fund.years, list(setup.fund.pipeline), paths)

    def take_on(
        self,
        instance: Instance,
        contract: Contract,
        rows: Floats,
        asked: Asked,
        wishes: tuple[Flags, Flags],
    ) -> None:
        """An offer: whether it happens, and what it is then worth; `wishes` with and without."""
        fee = self.arm.fees[instance.kind]
        terms = self.arm.support.terms(contract, rows, asked.size)
        place = self.book.offers
        happens = self.book.take_on(self.offer(instance, asked, terms, wishes[0]))
        self.gains.sign(instance, contract, rows, asked, (happens, wishes[1]), terms)
        if fee != 0.0:
            self.gains.fee(instance, fee * asked.size, happens)
        if terms.out:
            self.gains.open[place] = Signed(instance, terms)

    def offer(self, instance: Instance, asked: Asked, terms: Terms, wanted: Flags) -> Offer:
        """A contract as the fund's account sees it."""
        setup, arm, last = self.setup, self.arm, self.setup.fund.years - 1
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
        size = np.ones_like(asked.size) if arm.support.fixed else asked.size
        return Offer(
            year=instance.year,
            municipality=setup.municipalities[instance.municipality],
            wanted=wanted,
            promise=arm.known[instance.kind].promise * size,
            fee=arm.fees[instance.kind] * asked.size,
            streams=streams,
            back=[(min(instance.year + flow.year, last), flow.amount) for flow in terms.back],
        )
