"""Prices solved again: what a reference investor asks for once the support is there, and loosening.

The reference investor has the median hurdle and believes in the effect as stated. What is expected
is computed once on a grid of prices, on the same calibration paths for all designs that deliver a
kind alike, with straight lines between; the bracketed solver runs on those.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from simulator.analysis.solve import solve
from simulator.errors import ScenarioError, SocsimError
from simulator.fund.contracts import Contract, Delivery, at_value, by_instant
from simulator.fund.draws import Drawn
from simulator.fund.model import Fund
from simulator.fund.offers import Expectation, expectations, fee_of
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
        shop.contracts[kind, changed] = at_value(contract, path, price)
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
    """Expectations of one kind by price, for designs that deliver it alike; made as asked for."""

    def __init__(self, fund: Fund, contract: Contract, arms: Sequence[Arm], beliefs: Floats):
        self.path, self.offered = place_of_price(fund, contract.kind, contract)
        self.contract, self.arms, self.beliefs = contract, list(arms), beliefs
        self._known: dict[float, list[Expectation]] = {}

    def at_step(self, step: float) -> list[Expectation]:
        """Expectations by design at a price of the grid; step 1 is what is offered."""
        if step not in self._known:
            contract = by_instant(at_value(self.contract, self.path, step * self.offered))
            supports = [arm.support for arm in self.arms]
            self._known[step] = expectations(supports, contract, self.beliefs)
        return self._known[step]

    def at(self, step: float, place: int) -> Expectation:
        """Expectations of a design between two prices of the grid."""
        width = BELOW if step < 1.0 else ABOVE
        base = 0.0 if step < 1.0 else 1.0
        low = base + np.floor((step - base) / width + 1e-9) * width
        part = (step - low) / width
        first = self.at_step(float(low))[place]
        if part < 1e-9:
            return first
        return between(first, self.at_step(float(low + width))[place], float(part))


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


def repriced(setup: Setup, shop: Workshop) -> dict[str, dict[str, Price]]:
    """Prices by design and kind, for designs with a private investor."""
    arms = [arm for arm in setup.arms[1:] if not arm.support.alone and not is_nothing(arm)]
    made: dict[str, dict[str, Price]] = {arm.name: {} for arm in arms}
    for kind in setup.fund.pipeline:
        together: dict[Delivery, list[Arm]] = {}
        for arm in arms:
            together.setdefault(arm.deliveries[kind], []).append(arm)
        for delivery, members in together.items():
            prices = solve_prices(setup, shop.contract(kind, delivery), members)
            for arm, price in zip(members, prices, strict=True):
                made[arm.name][kind] = price
    return made


def is_nothing(arm: Arm) -> bool:
    """Whether the design is no support."""
    return arm.support.words.kind == "nothing"


def solve_prices(setup: Setup, contract: Contract, arms: Sequence[Arm]) -> list[Price]:
    """For each design the price at which the reference investor just accepts."""
    kind, hurdle = contract.kind, setup.wants.hurdle
    if setup.fund.pipeline[kind].price is None:
        return [Price(None, None, "no price key")] * len(arms)
    if hurdle is None or not any(arm.known[kind].has_investor for arm in arms):
        return [Price(None, None, "no investor to ask")] * len(arms)
    table = PriceTable(setup.fund, contract, arms, np.ones(1))
    found = [_solved(table, place, hurdle.median) for place in range(len(arms))]
    return [_within(setup.fund, contract, price) for price in found]


def _within(fund: Fund, contract: Contract, price: Price) -> Price:
    """The price, or none where the contract could not be written with it."""
    if price.solved is None or is_allowed(fund, contract.kind, contract.delivery, price.solved):
        return price
    return Price(price.offered, None, "no price that the contract allows is enough")


def _solved(table: PriceTable, place: int, hurdle: float) -> Price:
    arm, offered = table.arms[place], table.offered

    def worth(step: float) -> tuple[float, None]:
        known = table.at(step, place)
        fee = fee_of(arm.support, known, arm.overhead)
        found = known.worth(np.full(1, hurdle), np.ones(1), fee)[0]
        return float(found) / max(known.drawn, 1.0), None

    easy = worth(1.0)[0] >= 0.0
    low, high = (0.0, 1.0) if easy else (1.0, MOST)
    found = solve(worth, 0.0, low, high)
    if found.value is not None:
        return Price(offered, found.value * offered, "")
    if easy:
        return Price(offered, 0.0, "accepted even at a price of 0")
    return Price(offered, None, "no price in reach is enough")


# --- loosening ------------------------------------------------------------------------------------


def loosened(setup: Setup, shop: Workshop) -> tuple[Loosened, ...]:
    """By kind the price at which enough investors accept without support."""
    words, arm = setup.fund.behaviour.loosen, setup.arms[0]
    if words is None or setup.wants.hurdle is None:
        return ()
    rows = []
    for kind, entry in setup.fund.pipeline.items():
        if entry.price is not None and arm.known[kind].has_investor:
            contract = shop.contract(kind, arm.deliveries[kind])
            table = PriceTable(setup.fund, contract, [arm], setup.wants.grid())
            rows.append(_loosen(setup, table, value(words.share), value(words.most)))
    return tuple(rows)


def _loosen(setup: Setup, table: PriceTable, share: float, most: float) -> Loosened:
    """The lowest price in reach at which a share of the investors accepts, by bisection."""
    kind, offered, wants = table.contract.kind, table.offered, setup.wants
    key = setup.fund.pipeline[kind].price or ""
    hurdle = _many(wants.hurdle)
    belief = _many(wants.belief) if wants.belief is not None else np.ones(INVESTORS)

    def accepting(step: float) -> float:
        return float(np.mean(table.at(step, 0).accepts(hurdle, belief, 0.0)))

    now = accepting(1.0)
    if now >= share:
        return Loosened(kind, key, offered, offered, share, now, _certain(0.0), most)
    low, high = 1.0, most
    if accepting(high) < share:
        return Loosened(kind, key, offered, None, share, now, None, most)
    while high - low > 1e-3:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if accepting(middle) >= share else (middle, high)
    if not is_allowed(setup.fund, kind, table.contract.delivery, high * offered):
        return Loosened(kind, key, offered, None, share, now, None, most)
    cost = table.at(1.0, 0).cashable - table.at(high, 0).cashable
    return Loosened(kind, key, offered, high * offered, share, now, _certain(cost), most)


def _many(drawn: Drawn | None) -> Floats:
    """Draws from a stream of their own, the same for every price."""
    assert drawn is not None
    return drawn.values("fund/investors", 0, INVESTORS)


def _certain(number: float) -> Estimate:
    return {"estimate": number, "standard_error": None, "mc_low": None, "mc_high": None}


__all__ = [
    "Price",
    "PriceTable",
    "at_price",
    "is_nothing",
    "loosened",
    "repriced",
    "solve_prices",
]
