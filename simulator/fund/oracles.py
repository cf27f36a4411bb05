"""Rows of `socsim verify` for funds: claims by reading, and what 300 million carries."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from simulator.fund.account import Offer, Stream, Terms
from simulator.fund.book import run_account
from simulator.fund.model import Guarantee
from simulator.fund.supports import claim_of, volume
from simulator.oracles.check import Check
from simulator.scenario.numbers import Number

CAPITAL = 300.0
READINGS = (
    # reading, object, formula, claim at I = 7.5 and R = 3.0, volume with a floor of 40 %, without
    ("pari passu", "drawn", "0.5·max(I − R, 0)", 2.25, 1000.0, 600.0),
    ("floor", "drawn", "max(0, 0.5·I − R)", 0.75, 3000.0, 600.0),
    ("first loss", "drawn", "min(0.5·I, max(I − R, 0))", 3.75, 600.0, 600.0),
    ("first loss", "at risk", "min(0.5·(I − activity), max(I − R, 0))", 2.25, 1000.0, 600.0),
)


def rows() -> Iterator[Check]:
    """Every row."""
    for reading, thing, formula, claim, with_floor, without in READINGS:
        words = Guarantee.model_validate(
            {
                "kind": "guarantee",
                "title": "half",
                "reading": reading,
                "object": thing,
                "coverage": Number(value=0.5),
            }
        )
        name = reading if thing == "drawn" else f"{reading} on the part {thing}"
        source = f"closed form: {formula}"
        yield Check(
            f"fund, {name}: claim on Norrköping as settled (million kronor)",
            claim,
            claim_of(words, 7.5, 3.0, 3.0),
            1e-9,
            source,
        )
        for floor, carried in ((0.4, with_floor), (0.0, without)):
            yield Check(
                f"fund, {name}: volume of 300 million, {floor:.0%} certain (million kronor)",
                carried,
                volume(CAPITAL, words, floor),
                1e-6,
                f"{source}; 300 ÷ the highest claim on 1 krona",
            )
            yield Check(
                f"fund, {name}: contracts of 1 million that fit, {floor:.0%} certain",
                carried,
                _contracts_that_fit(words, floor, round(carried) + 5),
                0.0,
                "by the account: the highest claim of each is promised until 300 million is full",
            )


def _contracts_that_fit(words: Guarantee, floor: float, offered: int) -> float:
    """How many contracts of 1 million the account takes on, offered one after the other."""
    one = np.ones(1)
    promise = claim_of(words, 1.0, floor, floor) * one
    offer = Offer(0, 0, one > 0.0, promise, 0.0 * one, [Stream(0, 0.0 * one)])
    account = run_account(Terms(years=1, capital=CAPITAL), [offer] * offered, 1)
    happens = float(account.happens.sum())
    return happens if math.isfinite(account.refused[0]) else math.nan
