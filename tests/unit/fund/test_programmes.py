"""Contracts with one programme: settled after it, they are what they are when simulated."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.engine import Engine
from simulator.fund.contracts import AS_OFFERED, Delivery, at_value, contract_of, rows_of
from simulator.fund.prices import place_of_price
from simulator.fund.programmes import grouped, is_one_programme
from simulator.kernels.fund_settle import beside
from simulator.kernels.workspace import make_workspace
from simulator.plan.build import build
from simulator.scenario.load import load_scenario
from tests.shelf import SHELF, contracts
from tests.unit.fund.funds import fund

PRICE = "payments.upside.terms.3.at_most.of_drawn"
NO_FLOOR = (
    "payments.activity.terms.1.share=0.0",
    "payments.savings_share.terms.1.share=1.0",
    "payments.savings_share.terms.3.at_most.of_drawn=1.0",
)


def norrkoping(delivery=AS_OFFERED):
    words = fund((1,), years=12, scenario="norrkoping", price=PRICE)
    return contract_of(words, "coins", delivery, 1), words


@pytest.mark.parametrize("file", contracts(SHELF), ids=lambda file: file.stem)
def test_a_contract_settled_after_its_own_programme_is_itself_bit_for_bit(file):
    scenario = load_scenario(file)
    one, other = build(scenario, 1), build(scenario, 1)
    leader, follower = Engine(one, 1, reuse=True), Engine(other, 1, reuse=True)
    recycles = int(one.plan.capital.recycling) != 0
    assert is_one_programme(one, other) is not recycles
    for first in (0, 256) if not recycles else ():
        block = leader.block(first, 256)
        tile = follower.settled(leader, block)
        assert np.array_equal(tile.flows, block.flows)
        assert np.array_equal(tile.figures, block.figures, equal_nan=True)


def test_prices_and_terms_follow_the_programme_bit_for_bit():
    contract, words = norrkoping()
    path, offered = place_of_price(words, "coins", contract)
    dearer = at_value(contract, path, 1.5 * offered)
    no_floor = norrkoping(Delivery(overrides=NO_FLOOR))[0]
    assert grouped([contract, dearer, no_floor]) == [[0, 1, 2]]
    together = rows_of((contract, dearer, no_floor), 5, 256, 700)
    for one, rows in zip((contract, dearer, no_floor), together, strict=True):
        assert np.array_equal(rows, one.rows(5, 256, 700))
    received = [
        c.pick(r, "received") for c, r in zip((contract, no_floor), together[::2], strict=True)
    ]
    assert not np.array_equal(*received)


def test_other_effects_costs_people_and_seeds_are_other_programmes():
    contract, words = norrkoping()
    assert not is_one_programme(contract.built, norrkoping(Delivery(effect=0.9))[0].built)
    house = norrkoping(Delivery(house=True))[0]
    assert not is_one_programme(contract.built, house.built)
    cost = Delivery(overrides=("capital.commitment=9_000_000",))
    assert not is_one_programme(contract.built, norrkoping(cost)[0].built)
    other = contract_of(words, "coins", AS_OFFERED, 2)
    assert not is_one_programme(contract.built, other.built)
    assert grouped([contract, house, contract]) == [[0, 2], [1]]


def test_a_workspace_is_not_shared_with_a_programme_of_another_size():
    plans = [build(load_scenario(name), 1) for name in ("norrkoping", "benchmark")]
    works = [make_workspace(b.plan, b.years, len(b.layout.figures)) for b in plans]
    with pytest.raises(ValueError, match="found"):
        beside(*works)


def test_rows_that_were_left_out_are_not_taken_for_zeros():
    contract, _ = norrkoping()
    few = contract.reading.only({"net", "drawn", "ended"})
    assert few.names.keys() == {"drawn", "ended"} | {f"net.{k}" for k in range(few.years)}
    block = contract.engine.block(0, 512)
    whole, part = contract.reading.rows(block), few.rows(block)
    for name, place in few.names.items():
        assert np.array_equal(part[place], whole[contract.reading.names[name]]), name
    with pytest.raises(KeyError):
        few.place("received")
    assert few.place("net.99") is None
