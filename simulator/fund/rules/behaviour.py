"""Assumptions on behaviour that have something to act on."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.fund.model import Fund, Guarantee
from simulator.fund.rules.names import Contracts
from simulator.scenario.findings import Finding, without_effect


def without_hurdle(fund: Fund, _: Contracts) -> Iterator[Finding]:
    """What an investor believes matters only to one who wants something."""
    words = fund.behaviour
    if words.investor.hurdle is not None:
        return
    mend = "add `hurdle` to `behaviour.investor`, or remove it"
    if words.investor.belief is not None:
        why = "a belief where the investor has a hurdle; without one every offer is accepted"
        yield without_effect(("behaviour", "investor", "belief"), why, mend)
    if words.loosen is not None:
        why = "terms to loosen where the investor has a hurdle; without one all are accepted"
        yield without_effect(("behaviour", "loosen"), why, mend)


def loosen(fund: Fund, _: Contracts) -> Iterator[Finding]:
    """Terms that are loosened have a price."""
    priced = any(kind.price is not None for kind in fund.pipeline.values())
    if fund.behaviour.loosen is not None and not priced:
        why = "terms to loosen where a kind of contract has a `price`"
        yield without_effect(("behaviour", "loosen"), why, "add `price` to a kind, or remove it")


def effort(fund: Fund, _: Contracts) -> Iterator[Finding]:
    """Effort suffers where a guarantee covers."""
    guaranteed = any(isinstance(words, Guarantee) for words in fund.designs.values())
    if fund.behaviour.effort.value and not guaranteed:
        why = "a loss of effort where a design is a guarantee"
        yield without_effect(("behaviour", "effort"), why, "remove it, or add a guarantee")


RULES = (without_hurdle, loosen, effort)
