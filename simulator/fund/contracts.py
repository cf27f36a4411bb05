"""A kind of contract in the form in which a design delivers it: scenario, plan, rows, expectations.

The contracts of a kind share one plan; an instance is a stretch of paths of its own. A design that
leaves the contract itself alone shares the plan, and so the simulation, with "nothing".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from simulator.analysis.transform import in_house, more_people, people_in, with_effect
from simulator.engine import Engine
from simulator.fund.instances import PATHS
from simulator.fund.model import Fund, Kind
from simulator.fund.pipeline import load_contract, overrides_of
from simulator.fund.reading import Reading, reading_of
from simulator.kernels.compile import LANES
from simulator.plan.arrays import floats, frozen
from simulator.plan.build import Built, build
from simulator.plan.common import drawn_finely
from simulator.plan.funding import completion_instant
from simulator.scenario.model import Factor, Scenario
from simulator.scenario.resolved import scenario_hash
from simulator.scenario.sampling import NOTHING_FINER, Fine

Floats = NDArray[np.float64]

ALONE = 4 * LANES
"""Paths of a block whose contract nobody follows."""


@dataclass(frozen=True)
class Delivery:
    """How a kind is delivered: as offered, or with what a design changes.

    `overrides` are `KEY=VALUE` texts after those of the pipeline; `effect` multiplies every effect;
    in `house` the municipality carries cost and risk, with a share `more` of the service.
    """

    variants: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    effect: float = 1.0
    house: bool = False
    more: float = 0.0


AS_OFFERED = Delivery()


def scenario_of(fund: Fund, kind: Kind, delivery: Delivery = AS_OFFERED) -> Scenario:
    """The scenario of a kind as it is delivered, with the fund's factors in it.

    Raises what `load_contract` raises.
    """
    scenario = load_contract(
        fund.folder,
        kind.scenario,
        (*kind.variants, *delivery.variants),
        (*overrides_of(kind.set), *delivery.overrides),
    )
    scenario = with_effect(_with_factors(scenario, kind), delivery.effect)
    if delivery.house:
        scenario = more_people(in_house(scenario, 1.0), delivery.more)
    return scenario


def _with_factors(scenario: Scenario, kind: Kind) -> Scenario:
    """The fund's factors beside the scenario's own; their streams are shared by all contracts."""
    factors = dict(scenario.factors)
    for key, row in kind.loadings.items():
        for name, loading in row.items():
            stream = f"fund/{name}"
            others = factors[stream].loadings if stream in factors else {}
            factors[stream] = Factor(loadings={**others, key: loading})
    return scenario.model_copy(update={"factors": factors})


def _built(scenario: Scenario, seed: int, cost_factor: float, fine: Fine) -> Built:
    built = build(scenario, seed, fine)
    if cost_factor == 1.0:
        return built
    capital = built.plan.capital
    scaled = capital._replace(cost_factor=floats(list(capital.cost_factor * cost_factor)))
    return replace(built, plan=built.plan._replace(capital=scaled))


@dataclass(frozen=True)
class Contract:
    """A kind as it is delivered. `completion` is the instant at which it is completed."""

    kind: str
    delivery: Delivery
    scenario: Scenario
    built: Built
    engine: Engine[Any]
    reading: Reading
    completion: int
    commitment: float
    numbers: tuple[int, float, float]
    outcome: str | None
    fine: Fine = NOTHING_FINER
    """metrics that are drawn for each participant, as in the contract as it is offered"""
    belief: float = 1.0
    """how many times as strong every effect is as the scenario says"""

    def __reduce__(self) -> tuple[Any, ...]:
        """Plans do not travel: another process plans the scenario again, to the same plan."""
        words = self.kind, self.delivery, self.scenario, self.numbers, self.outcome, self.fine
        return _planned_again, (words, self.belief, self.reading)

    @property
    def per_year(self) -> int:
        """Periods in a year."""
        return self.reading.per_year

    def rows(self, address: int, first: int, paths: int) -> Floats:
        """Rows of an instance at size 1 on paths first … first + paths − 1."""
        return rows_of((self,), address, first, paths)[0]

    def pick(self, rows: Floats, name: str) -> Floats:
        """One row by name; zeros where the contract has none of that year."""
        place = self.reading.place(name)
        return rows[place] if place is not None else np.zeros(rows.shape[1])

    def year_of(self, instant: int) -> int:
        """Contract year in which something at the end of a period falls."""
        return max(instant - 1, 0) // self.per_year


def rows_of(contracts: Sequence[Contract], address: int, first: int, paths: int) -> list[Floats]:
    """Rows of contracts of one programme, at size 1 on paths first … first + paths − 1.

    `first` is a multiple of 256. The first contract is simulated, the others are settled after it,
    tile by tile; a block is narrow enough for its flows to stay in cache.
    """
    made = [np.empty((len(contract.reading.names), paths)) for contract in contracts]
    leader, *others = contracts
    width = LANES if others else ALONE
    for start in range(0, paths, width):
        stop = min(start + width, paths)
        block = leader.engine.block(address * PATHS + first + start, stop - start)
        made[0][:, start:stop] = leader.reading.rows(block)
        for contract, rows in zip(others, made[1:], strict=True):
            tile = contract.engine.settled(leader.engine, block)
            rows[:, start:stop] = contract.reading.rows(tile)
    return made


Plans = dict[tuple[object, ...], "Contract"]
"""Contracts that are planned already, by kind, scenario, seed, rate and outcome."""


def contract_of(
    fund: Fund, name: str, delivery: Delivery, seed: int, plans: Plans | None = None
) -> Contract:
    """A kind as it is delivered; not planned again if it is among `plans`, else put there.

    Raises what `load_contract` raises.
    """
    kind = fund.pipeline[name]
    scenario = scenario_of(fund, kind, delivery)
    factor = 1.0
    if delivery.more:
        base = scenario_of(fund, kind, replace(delivery, more=0.0))
        factor = people_in(scenario) / people_in(base)
    rate = float(fund.rate.value or 0.0)
    known = plans if plans is not None else {}
    key = name, scenario_hash(scenario), seed, factor, rate, kind.outcome
    if key not in known:
        fine = drawn_finely(scenario_of(fund, kind), scenario)
        known[key] = _planned(name, delivery, scenario, (seed, factor, rate), kind.outcome, fine)
    return replace(known[key], delivery=delivery)


def _planned(
    name: str,
    delivery: Delivery,
    scenario: Scenario,
    numbers: tuple[int, float, float],
    outcome: str | None,
    fine: Fine,
) -> Contract:
    """The plan of a scenario; `numbers` are seed, factor on the programme's cost, common rate."""
    seed, factor, rate = numbers
    built = _built(scenario, seed, factor, fine)
    completion = completion_instant(scenario, built.grid, built.people, built.contract)
    commitment = float(scenario.capital.commitment.value or 0.0) if scenario.capital else 0.0
    return Contract(
        kind=name,
        delivery=delivery,
        scenario=scenario,
        built=built,
        engine=Engine(built, 1, reuse=True),
        reading=reading_of(built, scenario, rate=rate, completion=completion, outcome=outcome),
        completion=completion,
        commitment=commitment,
        numbers=numbers,
        outcome=outcome,
        fine=fine,
    )


def _planned_again(words: tuple[Any, ...], belief: float, reading: Reading) -> Contract:
    """A contract that has travelled."""
    made = _planned(*words)
    if belief != 1.0:
        made = believed(made, belief)
    return replace(made, reading=reading)


def at_value(contract: Contract, path: tuple[str | int, ...], amount: float) -> Contract:
    """The contract with another value of one certain number, such as a price; nothing is checked.

    The same plan as that of a scenario in which the number is written so.
    """
    scenario: Scenario = _laid(contract.scenario, path, amount)
    kept = contract.numbers, contract.outcome, contract.fine
    return _planned(contract.kind, contract.delivery, scenario, *kept)


def _laid(thing: Any, path: tuple[str | int, ...], amount: float) -> Any:
    """A copy of a model, table or list in which the number at the path has the value."""
    if not path:
        return thing.model_copy(update={"value": amount})
    head, rest = path[0], path[1:]
    if isinstance(thing, BaseModel):
        fields = type(thing).model_fields
        name = next((n for n, field in fields.items() if (field.alias or n) == head), str(head))
        return thing.model_copy(update={name: _laid(getattr(thing, name), rest, amount)})
    if isinstance(thing, dict):
        return {**thing, head: _laid(thing[head], rest, amount)}
    copy = list(thing)
    copy[int(head)] = _laid(copy[int(head)], rest, amount)
    return copy


def by_instant(contract: Contract, families: Iterable[str]) -> Contract:
    """The contract with the rows by instant that expectations need, and rows of these families."""
    reading = reading_of(
        contract.built,
        contract.scenario,
        rate=contract.numbers[2],
        completion=contract.completion,
        outcome=contract.outcome,
        instants=True,
    )
    return replace(contract, reading=reading.only({*families, "investor"}))


def believed(contract: Contract, belief: float) -> Contract:
    """The contract with every effect `belief` times as strong: each year's profile × belief.

    The same bits as `with_effect` on the scenario, without planning it again.
    """
    plan = contract.built.plan
    cells = plan.cells._replace(profile=frozen(plan.cells.profile * belief))
    chains = plan.chains._replace(profile=frozen(plan.chains.profile * belief))
    built = replace(contract.built, plan=plan._replace(cells=cells, chains=chains))
    engine = Engine[Any](built, 1, reuse=True)
    return replace(contract, built=built, engine=engine, belief=contract.belief * belief)
