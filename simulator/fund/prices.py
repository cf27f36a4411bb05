"""Prices solved again: what a reference investor asks for once the support is there, and loosening.

The reference investor has the median hurdle and believes in the effect as stated. Each trial is the
kind simulated on the same calibration paths, so the figure is a smooth function of the price.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from simulator.analysis.solve import solve
from simulator.errors import ScenarioError, SocsimError
from simulator.fund.contracts import Delivery, by_instant
from simulator.fund.draws import Drawn
from simulator.fund.offers import Expectation, expectations, fee_of
from simulator.fund.portfolio import Arm, Setup
from simulator.fund.results import Estimate, Loosened
from simulator.fund.setup import Workshop
from simulator.fund.supports import value
from simulator.scenario.numbers_of import number_key
from simulator.scenario.walk import numbers

Floats = NDArray[np.float64]

MOST = 3.0
"""A price is sought up to so many times what is offered."""
PRECISION = 1e-3
"""Of a price, relative to what is offered."""
INVESTORS = 16_384
"""Investors drawn to see how many accept."""


@dataclass(frozen=True)
class Price:
    """A kind's price: as offered, solved again (None where it is not), and why not."""

    offered: float | None
    solved: float | None
    reason: str


def offered_price(shop: Workshop, kind: str) -> float | None:
    """What the price key is worth in the scenario as it is offered; None without a key."""
    key = shop.fund.pipeline[kind].price
    if key is None:
        return None
    scenario = shop.contract(kind, Delivery()).scenario
    wanted = key.replace("[", ".").replace("]", "")
    for path, number in numbers(scenario):
        if number_key(path) == wanted and number.value is not None:
            return float(number.value)
    raise SocsimError(
        f"pipeline.{kind}.price: found `{key}`, which is no certain number of the scenario\n"
        "    allowed: the key of a number, such as payments.bonus.terms.1.share\n"
        "    mend: look for the key with `socsim show`"
    )


def at_price(delivery: Delivery, key: str, price: float) -> Delivery:
    """A delivery at another price."""
    return replace(delivery, overrides=(*delivery.overrides, f"{key}={price!r}"))


def solve_price(setup: Setup, shop: Workshop, arm: Arm, kind: str) -> Price:
    """The price at which the reference investor just accepts with the support."""
    key, offered = setup.fund.pipeline[kind].price, offered_price(shop, kind)
    hurdle = setup.wants.hurdle
    if key is None or offered is None:
        return Price(None, None, "no price key")
    if hurdle is None or arm.support.alone or not arm.known[kind].has_investor:
        return Price(offered, None, "no investor to ask")
    asked = np.full(1, hurdle.median)

    def worth(price: float) -> tuple[float, None]:
        known, fee = expected_at(shop, arm, kind, key, price, np.ones(1))
        return float(known.worth(asked, np.ones(1), fee)[0]) / max(known.drawn, 1.0), None

    now = worth(offered)[0]
    low, high = (0.0, offered) if now >= 0.0 else (offered, _highest(worth, offered))
    if not low < high:
        return Price(offered, None, "no price in reach is enough")
    found = solve(worth, 0.0, low, high, tolerance=PRECISION * offered)
    if found.value is None:
        easy = now >= 0.0
        return Price(offered, 0.0 if easy else None, _why(easy))
    return Price(offered, found.value, "")


def _why(easy: bool) -> str:
    return "accepted even at a price of 0" if easy else "no price in reach is enough"


def _highest(worth, offered: float) -> float:  # type: ignore[no-untyped-def]
    """The highest price that the scenario allows, of a few."""
    for factor in (MOST, 2.0, 1.5, 1.25):
        try:
            worth(factor * offered)
        except ScenarioError:
            continue
        return factor * offered
    return offered


def expected_at(
    shop: Workshop, arm: Arm, kind: str, key: str, price: float, beliefs: Floats
) -> tuple[Expectation, float]:
    """Expectations and fee of a design at a price."""
    contract = shop.trial(kind, at_price(arm.deliveries[kind], key, price))
    known = expectations([arm.support], by_instant(contract), beliefs)[0]
    return known, fee_of(arm.support, known, 0.0)


def repriced(setup: Setup, shop: Workshop) -> dict[str, dict[str, Price]]:
    """Prices by design and kind, for designs with a private investor."""
    return {
        arm.name: {kind: solve_price(setup, shop, arm, kind) for kind in setup.fund.pipeline}
        for arm in setup.arms[1:]
        if not arm.support.alone
    }


def loosened(setup: Setup, shop: Workshop) -> tuple[Loosened, ...]:
    """By kind the price at which enough investors accept without support."""
    words = setup.fund.behaviour.loosen
    if words is None or setup.wants.hurdle is None:
        return ()
    rows = []
    for kind, entry in setup.fund.pipeline.items():
        if entry.price is not None and setup.arms[0].known[kind].has_investor:
            rows.append(_loosen(setup, shop, kind, value(words.share), value(words.most, MOST)))
    return tuple(rows)


def _loosen(setup: Setup, shop: Workshop, kind: str, share: float, most: float) -> Loosened:
    key, offered = setup.fund.pipeline[kind].price, offered_price(shop, kind)
    assert key is not None
    assert offered is not None
    arm, wants = setup.arms[0], setup.wants
    hurdle = _many(wants.hurdle)
    belief = _many(wants.belief) if wants.belief is not None else np.ones(INVESTORS)

    def accepting(known: Expectation) -> float:
        return float(np.mean(known.accepts(hurdle, belief, 0.0)))

    now = accepting(arm.known[kind])
    if now >= share:
        return Loosened(kind, key, offered, offered, share, now, _zero())
    low, high, best = offered, most * offered, None
    for _ in range(10):
        middle = high if best is None else 0.5 * (low + high)
        try:
            known, _ = expected_at(shop, arm, kind, key, middle, wants.grid())
        except ScenarioError:
            if best is None:
                high = 0.5 * (offered + high)
                continue
            break
        if accepting(known) >= share:
            high, best = middle, (middle, known)
        elif best is None:
            break
        else:
            low = middle
    if best is None:
        return Loosened(kind, key, offered, None, share, now, None)
    cost = arm.known[kind].cashable - best[1].cashable
    return Loosened(kind, key, offered, best[0], share, now, _plain(cost))


def _many(drawn: Drawn | None) -> Floats:
    """Draws from a stream of their own, the same for every price."""
    assert drawn is not None
    return drawn.values("fund/investors", 0, INVESTORS)


def _zero() -> Estimate:
    return _plain(0.0)


def _plain(number: float) -> Estimate:
    return {"estimate": number, "standard_error": None, "mc_low": None, "mc_high": None}


__all__ = ["Price", "at_price", "loosened", "repriced", "solve_price"]
