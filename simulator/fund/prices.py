"""Prices solved again: what a reference investor asks for once the support is there, and loosening.

The reference investor has the median hurdle and believes in the effect as stated. What is expected
is computed once on a grid of prices, on the same calibration paths for all designs, with straight
lines between; the bracketed solver runs on those. Prices do not change what a programme does, so
that all of them are settled after one simulation of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from simulator.analysis.solve import solve
from simulator.errors import ScenarioError, SocsimError
from simulator.fund.contracts import Contract, Delivery, at_value
from simulator.fund.crew import Crew
from simulator.fund.draws import Drawn
from simulator.fund.expectations import Case, Expectation, expectations
from simulator.fund.model import Fund
from simulator.fund.offers import fee_of
from simulator.fund.pipeline import load_contract, overrides_of
from simulator.fund.portfolio import Arm, Setup
from simulator.fund.results import Estimate, Loosened
from simulator.fund.setup import Workshop
from simulator.fund.supports import value
from simulator.scenario.numbers_of import number_key
from simulator.scenario.positions import Path
from simulator.scenario.walk import numbers

Floats = NDArray[np.float64]

MOST = 3.0
"""A price is solved again up to so many times what is offered."""
BELOW, ABOVE = 0.125, 0.25
"""Steps of the grid below what is offered, and above it without end."""
INVESTORS = 16_384
"""Investors drawn to see how many accept."""


@dataclass(frozen=True)
class Price:
    """A kind's price: as offered, solved again (None where it is not), and why not."""

    offered: float | None
    solved: float | None
    reason: str


def place_of_price(fund: Fund, kind: str, contract: Contract) -> tuple[Path, float]:
    """Where the price stands in the contract's scenario, and what it is there."""
    key = fund.pipeline[kind].price or ""
    wanted = key.replace("[", ".").replace("]", "")
    for path, number in numbers(contract.scenario):
        if number_key(path) == wanted and number.value is not None:
            return path, float(number.value)
    raise SocsimError(
        f"pipeline.{kind}.price: found `{key}`, which is no certain number of the scenario\n"
        "    allowed: the key of a number, such as payments.bonus.terms.1.share\n"
        "    mend: look for the key with `socsim show`"
    )


def at_price(shop: Workshop, kind: str, delivery: Delivery, price: float) -> Delivery:
    """A delivery at another price, planned in the workshop."""
    contract = shop.contract(kind, delivery)
    path, _ = place_of_price(shop.fund, kind, contract)
    key = shop.fund.pipeline[kind].price
    changed = replace(delivery, overrides=(*delivery.overrides, f"{key}={price!r}"))
    if (kind, changed) not in shop.contracts:
        made = replace(at_value(contract, path, price), delivery=changed)
        shop.contracts[kind, changed] = made
    return changed


def is_allowed(fund: Fund, kind: str, delivery: Delivery, price: float) -> bool:
    """Whether the language lets the contract have this price: a share, say, is at most 1."""
    entry = fund.pipeline[kind]
    variants = (*entry.variants, *delivery.variants)
    texts = (*overrides_of(entry.set), *delivery.overrides, f"{entry.price}={price!r}")
    try:
        load_contract(fund.folder, entry.scenario, variants, texts)
    except ScenarioError:
        return False
    return True


class PriceTable:
    """Expectations of one kind by price, for designs that deliver it alike; step 1 is known."""

    def __init__(self, fund: Fund, contract: Contract, arms: Sequence[Arm], beliefs: Floats):
        self.path, self.offered = place_of_price(fund, contract.kind, contract)
        self.contract, self.arms = contract, list(arms)
        self.known = {1.0: [arm.known[contract.kind].among(beliefs) for arm in arms]}

    def case(self, step: float) -> Case:
        """What is to be expected at so many times the price that is offered."""
        contract = at_value(self.contract, self.path, step * self.offered)
        return Case(contract, [arm.support for arm in self.arms])

    def at(self, step: float, place: int) -> Expectation:
        """Expectations of a design between two prices of the grid."""
        width = BELOW if step < 1.0 else ABOVE
        base = 0.0 if step < 1.0 else 1.0
        low = base + np.floor((step - base) / width + 1e-9) * width
        part = (step - low) / width
        first = self.known[float(low)][place]
        if part < 1e-9:
            return first
        return between(first, self.known[float(low + width)][place], float(part))


def learn(
    tables: Sequence[tuple[PriceTable, Floats]], beliefs: Floats, crew: Crew, stage: str
) -> None:
    """Fill tables in at these steps, all at once: prices of a programme share its simulation."""
    wanted = [(table, float(step)) for table, steps in tables for step in steps]
    cases = [table.case(step) for table, step in wanted]
    found = expectations(cases, beliefs, crew, stage)
    for (table, step), row in zip(wanted, found, strict=True):
        table.known[step] = row


def steps_below() -> Floats:
    """Prices below what is offered, in times of it."""
    return np.arange(0.0, 1.0, BELOW, dtype=np.float64)


def steps_above(most: float) -> Floats:
    """Prices above what is offered, up to at least `most` times of it."""
    count = int(np.ceil((most - 1.0) / ABOVE - 1e-9))
    return 1.0 + ABOVE * np.arange(1, count + 1, dtype=np.float64)


def between(one: Expectation, other: Expectation, part: float) -> Expectation:
    """(1 − part)·one + part·other."""
    width = max(one.flows.shape[1], other.flows.shape[1])

    def padded(known: Expectation) -> Floats:
        return np.pad(known.flows, ((0, 0), (0, width - known.flows.shape[1])))

    def mixed(first: float, second: float) -> float:
        return (1.0 - part) * first + part * second

    return replace(
        one,
        flows=(1.0 - part) * padded(one) + part * padded(other),
        cashable=mixed(one.cashable, other.cashable),
        highest=mixed(one.highest, other.highest),
        claim=mixed(one.claim, other.claim),
        promise=mixed(one.promise, other.promise),
        drawn=mixed(one.drawn, other.drawn),
    )


def repriced(setup: Setup, shop: Workshop, crew: Crew | None = None) -> dict[str, dict[str, Price]]:
    """Prices by design and kind, for designs with a private investor."""
    arms = [arm for arm in setup.arms[1:] if not arm.support.alone and not is_nothing(arm)]
    made: dict[str, dict[str, Price]] = {arm.name: {} for arm in arms}
    together: dict[tuple[str, Delivery], list[Arm]] = {}
    for kind in setup.fund.pipeline:
        for arm in arms:
            together.setdefault((kind, arm.deliveries[kind]), []).append(arm)
    tables = []
    for (kind, delivery), members in together.items():
        reason = why_not(setup, kind, members)
        if reason:
            made |= {a.name: made[a.name] | {kind: Price(None, None, reason)} for a in members}
        else:
            contract = shop.contract(kind, delivery)
            tables.append(PriceTable(setup.fund, contract, members, np.ones(1)))
    for table, prices in zip(tables, solved(setup, tables, crew or Crew()), strict=True):
        for arm, price in zip(table.arms, prices, strict=True):
            made[arm.name][table.contract.kind] = price
    return made


def is_nothing(arm: Arm) -> bool:
    """Whether the design is no support."""
    return arm.support.words.kind == "nothing"


def why_not(setup: Setup, kind: str, arms: Sequence[Arm]) -> str:
    """Why no price is solved for a kind; "" where one is."""
    if setup.fund.pipeline[kind].price is None:
        return "no price key"
    if setup.wants.hurdle is None or not any(arm.known[kind].has_investor for arm in arms):
        return "no investor to ask"
    return ""


def solved(setup: Setup, tables: Sequence[PriceTable], crew: Crew) -> list[list[Price]]:
    """By table and design the price at which the reference investor just accepts."""
    hurdle = setup.wants.hurdle
    if hurdle is None:
        return []
    wanted = []
    for table in tables:
        easy = {_worth(table, place, hurdle.median, 1.0) >= 0.0 for place in range(len(table.arms))}
        steps = [*(steps_below() if True in easy else ())]
        steps += [*(steps_above(MOST) if False in easy else ())]
        wanted.append((table, np.array(steps)))
    learn(wanted, np.ones(1), crew, "prices")
    return [
        [
            _within(setup.fund, table.contract, _solved(table, place, hurdle.median))
            for place in range(len(table.arms))
        ]
        for table in tables
    ]


def _within(fund: Fund, contract: Contract, price: Price) -> Price:
    """The price, or none where the contract could not be written with it."""
    if price.solved is None or is_allowed(fund, contract.kind, contract.delivery, price.solved):
        return price
    return Price(price.offered, None, "no price that the contract allows is enough")


def _worth(table: PriceTable, place: int, hurdle: float, step: float) -> float:
    """What the reference investor expects at a price, for each krona drawn."""
    arm, known = table.arms[place], table.at(step, place)
    fee = fee_of(arm.support, known, arm.overhead)
    found = known.worth(np.full(1, hurdle), np.ones(1), fee)[0]
    return float(found) / max(known.drawn, 1.0)


def _solved(table: PriceTable, place: int, hurdle: float) -> Price:
    offered = table.offered

    def worth(step: float) -> tuple[float, None]:
        return _worth(table, place, hurdle, step), None

    easy = worth(1.0)[0] >= 0.0
    low, high = (0.0, 1.0) if easy else (1.0, MOST)
    found = solve(worth, 0.0, low, high)
    if found.value is not None:
        return Price(offered, found.value * offered, "")
    if easy:
        return Price(offered, 0.0, "accepted even at a price of 0")
    return Price(offered, None, "no price in reach is enough")


# --- loosening ------------------------------------------------------------------------------------


def loosened(setup: Setup, shop: Workshop, crew: Crew | None = None) -> tuple[Loosened, ...]:
    """By kind the price at which enough investors accept without support."""
    words, arm = setup.fund.behaviour.loosen, setup.arms[0]
    if words is None or setup.wants.hurdle is None:
        return ()
    share, most, beliefs = value(words.share), value(words.most), setup.wants.grid()
    tables = [
        PriceTable(setup.fund, shop.contract(kind, arm.deliveries[kind]), [arm], beliefs)
        for kind, entry in setup.fund.pipeline.items()
        if entry.price is not None and arm.known[kind].has_investor
    ]
    few = [table for table in tables if accepting(setup, table, 1.0) < share]
    learn([(table, steps_above(most)) for table in few], beliefs, crew or Crew(), "loosened")
    return tuple(_loosen(setup, table, share, most) for table in tables)


def accepting(setup: Setup, table: PriceTable, step: float) -> float:
    """Share of the investors who accept at so many times the price that is offered."""
    hurdle, belief = _many(setup.wants.hurdle), _many(setup.wants.belief)
    return float(np.mean(table.at(step, 0).accepts(hurdle, belief, 0.0)))


def _loosen(setup: Setup, table: PriceTable, share: float, most: float) -> Loosened:
    """The lowest price in reach at which a share of the investors accepts, by bisection."""
    kind, offered = table.contract.kind, table.offered
    key = setup.fund.pipeline[kind].price or ""
    now = accepting(setup, table, 1.0)
    if now >= share:
        return Loosened(kind, key, offered, offered, share, now, _certain(0.0), most)
    low, high = 1.0, most
    if accepting(setup, table, high) < share:
        return Loosened(kind, key, offered, None, share, now, None, most)
    while high - low > 1e-3:
        middle = 0.5 * (low + high)
        enough = accepting(setup, table, middle) >= share
        low, high = (low, middle) if enough else (middle, high)
    if not is_allowed(setup.fund, kind, table.contract.delivery, high * offered):
        return Loosened(kind, key, offered, None, share, now, None, most)
    cost = table.at(1.0, 0).cashable - table.at(high, 0).cashable
    return Loosened(kind, key, offered, high * offered, share, now, _certain(cost), most)


def _many(drawn: Drawn | None) -> Floats:
    """Draws from a stream of their own, the same for every price; 1 where it is switched off."""
    return np.ones(INVESTORS) if drawn is None else drawn.values("fund/investors", 0, INVESTORS)


def _certain(number: float) -> Estimate:
    return {"estimate": number, "standard_error": None, "mc_low": None, "mc_high": None}


__all__ = [
    "Price",
    "PriceTable",
    "at_price",
    "is_nothing",
    "loosened",
    "repriced",
]
