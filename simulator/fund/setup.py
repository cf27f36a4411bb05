"""From a fund file to what blocks of paths need: plans, expectations, fees, designs in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from simulator.fund import model
from simulator.fund.contracts import Contract, Delivery, Plans, contract_of
from simulator.fund.crew import Crew
from simulator.fund.draws import Drawn
from simulator.fund.expectations import Case, Expectation, Memory, expectations
from simulator.fund.instances import Instance, instances_of
from simulator.fund.model import Fund
from simulator.fund.offers import Wants, fee_of, wants_of
from simulator.fund.portfolio import Arm, Setup, money_of, programmes_of
from simulator.fund.supports import Support, support_of

NOTHING = "nothing"
_NO_SUPPORT = model.Nothing(
    kind="nothing", title={"sv": "Inget stöd", "en": "No support"}, grade=None, source=None
)


class Workshop:
    """Plans of kinds by delivery, made once for a seed.

    `other` is the workshop of the fund of which this one is a trial: what is planned and expected
    there is not planned and simulated again.
    """

    def __init__(self, fund: Fund, seed: int, other: Workshop | None = None) -> None:
        self.fund, self.seed = fund, seed
        self.contracts: dict[tuple[str, Delivery], Contract] = {}
        self.memory: Memory = other.memory if other else {}
        self.plans: Plans = other.plans if other else {}

    def contract(self, kind: str, delivery: Delivery) -> Contract:
        """A kind as it is delivered."""
        key = kind, delivery
        if key not in self.contracts:
            self.contracts[key] = contract_of(self.fund, kind, delivery, self.seed, self.plans)
        return self.contracts[key]


def designs_of(fund: Fund) -> list[tuple[str, model.Design]]:
    """Designs in the order of the tables; one of the kind `nothing` comes first."""
    rows = list(fund.designs.items())
    nothing = [row for row in rows if row[1].kind == "nothing"]
    first = nothing[0] if nothing else (NOTHING, _NO_SUPPORT)
    return [first, *(row for row in rows if row[0] != first[0])]


def setup_of(
    fund: Fund,
    seed: int,
    workshop: Workshop | None = None,
    crew: Crew | None = None,
    stage: str = "expectations",
) -> Setup:
    """Everything that blocks need; `stage` is what the crew calls the work on expectations."""
    shop = workshop or Workshop(fund, seed)
    wants = wants_of(fund, seed)
    supports = [support_of(fund, name, words) for name, words in designs_of(fund)]
    plans = {s.name: {kind: s.delivery(kind) for kind in fund.pipeline} for s in supports}
    known = known_of(shop, wants, supports, plans, crew or Crew(), stage)
    instances = instances_of(fund)
    sizes = {name: Drawn("size", kind.size, seed) for name, kind in fund.pipeline.items()}
    places = {support.name: place for place, support in enumerate(supports)}
    arms = [
        replace(
            arm_of(fund, support, plans[support.name], known[support.name], instances),
            against=places[support.words.against] if support.words.against else 0,
        )
        for support in supports
    ]
    names = dict.fromkeys(instance.municipality for instance in instances)
    contracts = contracts_of(shop, arms)
    return Setup(
        fund=fund,
        seed=seed,
        instances=instances,
        contracts=contracts,
        programmes=programmes_of(arms, fund.pipeline, contracts),
        arms=arms,
        wants=wants,
        sizes=sizes,
        municipalities={name: place for place, name in enumerate(names)},
    )


def contracts_of(shop: Workshop, arms: Iterable[Arm]) -> dict[tuple[str, Delivery], Contract]:
    """The plans that these designs need."""
    return {
        (kind, delivery): shop.contract(kind, delivery)
        for arm in arms
        for kind, delivery in arm.deliveries.items()
    }


def known_of(
    shop: Workshop,
    wants: Wants,
    supports: list[Support],
    plans: dict[str, dict[str, Delivery]],
    crew: Crew,
    stage: str,
) -> dict[str, dict[str, Expectation]]:
    """Expectations by design and kind; designs that deliver a kind alike share the simulation."""
    known: dict[str, dict[str, Expectation]] = {support.name: {} for support in supports}
    cases = cases_of(shop, supports, plans)
    found = expectations(cases, wants.grid(), crew, stage, shop.memory)
    for case, rows in zip(cases, found, strict=True):
        for support, row in zip(case.supports, rows, strict=True):
            known[support.name][case.contract.kind] = row
    return known


def cases_of(
    shop: Workshop, supports: list[Support], plans: dict[str, dict[str, Delivery]]
) -> list[Case]:
    """By kind and delivery the designs that deliver it so."""
    together: dict[tuple[str, Delivery], list[Support]] = {}
    for kind in shop.fund.pipeline:
        for support in supports:
            together.setdefault((kind, plans[support.name][kind]), []).append(support)
    return [Case(shop.contract(*key), members) for key, members in together.items()]


def arm_of(
    fund: Fund,
    support: Support,
    deliveries: dict[str, Delivery],
    known: dict[str, Expectation],
    instances: list[Instance],
) -> Arm:
    """A design with its fees: what administration costs is shared by all that could be promised."""
    money = money_of(fund, support.words)
    promised = sum(known[instance.kind].promise for instance in instances)
    overhead = money.administration * money.years / promised if promised > 0.0 else 0.0
    fees = {kind: fee_of(support, row, overhead) for kind, row in known.items()}
    return Arm(support.name, support, deliveries, known, fees, money, overhead)


def with_prices(
    setup: Setup, shop: Workshop, prices: dict[str, dict[str, Delivery]], crew: Crew
) -> Setup:
    """The same portfolio with other deliveries of some designs; `prices` by design and kind."""
    arms = [arm for arm in setup.arms if arm.support.words.kind == "nothing"]
    places = {arm.name: place for place, arm in enumerate(arms)}
    changed = [arm for arm in setup.arms if arm.name in prices]
    plans = {arm.name: arm.deliveries | prices[arm.name] for arm in changed}
    supports = [arm.support for arm in changed]
    known = known_of(shop, setup.wants, supports, plans, crew, "expectations_again")
    for arm in changed:
        row = known[arm.name]
        made = arm_of(setup.fund, arm.support, plans[arm.name], row, setup.instances)
        arms.append(replace(made, against=places[setup.arms[arm.against].name]))
    contracts = contracts_of(shop, arms)
    return replace(
        setup,
        arms=arms,
        contracts=contracts,
        programmes=programmes_of(arms, setup.fund.pipeline, contracts),
    )
