"""From collected figures to the result of a design, and which design is ahead."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.fund.collect import Collected, quotient
from simulator.fund.model import Design, Fund, Money
from simulator.fund.portfolio import Arm
from simulator.fund.results import (
    PARTIES,
    DesignResult,
    Estimate,
    FundYear,
    KindResult,
    Position,
    Ranking,
)
from simulator.fund.supports import value
from simulator.summary.estimates import ratio_estimate

Floats = NDArray[np.float64]
_PV = tuple(f"pv.{party}" for party in PARTIES)
_WITHOUT = tuple(f"without.{party}" for party in PARTIES)
RANKED: tuple[tuple[str, Sequence[str], Callable[[Floats], float | None]], ...] = (
    ("additional_contracts", ("additional", "one"), lambda s: float(s[0] / s[1])),
    ("additional_outcomes", ("good", "one"), lambda s: float(s[0] / s[1])),
    (
        "private_capital_per_public_krona",
        ("additional_private", "net_cost"),
        lambda s: quotient(float(s[0]), float(s[1])),
    ),
    (
        "additional_outcomes_per_public_krona",
        ("good", "net_cost"),
        lambda s: quotient(float(s[0]), float(s[1])),
    ),
    (
        "society",
        (*_PV, *_WITHOUT, "one"),
        lambda s: float((s[: len(PARTIES)].sum() - s[len(PARTIES) : -1].sum()) / s[-1]),
    ),
)
"""Figures by which designs are ranked, the highest first: name, the sums and the formula."""


def _ratio(found: Collected, top: str, bottom: str) -> Estimate | None:
    return found.ratio((top, bottom), lambda s: quotient(float(s[0]), float(s[1])))


def budgets_per_outcome(found: Collected) -> Estimate | None:
    """What all public budgets lose together for each additional outcome; below 0 they gain."""
    parties = ("state", "municipality", "other_budgets")
    names = [f"{side}.{party}" for side in ("pv", "without") for party in parties]
    return found.ratio(
        (*names, "good"), lambda s: quotient(float(s[3:6].sum() - s[:3].sum()), float(s[6]))
    )


def gains_of(found: Collected) -> dict[str, Estimate | None]:
    """Present value with − without for each krona of net public cost; shares sum to society's."""

    def share(party: str) -> Estimate | None:
        names = (f"pv.{party}", f"without.{party}", "net_cost")
        return found.ratio(names, lambda s: quotient(float(s[0] - s[1]), float(s[2])))

    def society(s: Floats) -> float | None:
        gap = s[: len(PARTIES)].sum() - s[len(PARTIES) : -1].sum()
        return quotient(float(gap), float(s[-1]))

    gains = {party: share(party) for party in PARTIES}
    gains["society"] = found.ratio((*_PV, *_WITHOUT, "net_cost"), society)
    return gains


def amounts_of(found: Collected) -> dict[str, Estimate | None]:
    """Present value with − without, in money."""

    def mean(s: Floats) -> float:
        half = (len(s) - 1) // 2
        return float((s[:half].sum() - s[half:-1].sum()) / s[-1])

    made: dict[str, Estimate | None] = {
        party: found.ratio((f"pv.{party}", f"without.{party}", "one"), mean) for party in PARTIES
    }
    made["society"] = found.ratio((*_PV, *_WITHOUT, "one"), mean)
    return made


def design_result(
    fund: Fund,
    arm: Arm,
    found: Collected,
    repriced: Collected | None,
    prices: dict[str, tuple[float | None, float | None, str]],
    offered: dict[str, list[int]],
) -> DesignResult:
    """The result of one design; `prices` are (as offered, solved again, why not) by kind."""
    words = arm.support.words
    first = fund.start.year
    is_fund = isinstance(words, Money)
    fee = _ratio(found, "fees", "guaranteed")
    actuarial = found.ratio(
        ("claims", "administration", "guaranteed"),
        lambda s: quotient(float(s[0] + s[1]), float(s[2])),
    )
    subsidy = found.ratio(
        ("claims", "administration", "fees", "guaranteed"),
        lambda s: quotient(float(s[0] + s[1] - s[2]), float(s[3])),
    )
    return DesignResult(
        name=arm.name,
        title=texts(words.title),
        kind=words.kind,
        contracts=found.mean("contracts"),
        additional_contracts=found.mean("additional"),
        expected_claims=found.mean("claims"),
        claim_probability=found.share("claims"),
        exhausted_probability=found.share("short") if is_fund else None,
        committed_year=found.date("refused", first) if is_fund else None,
        committed_probability=found.share("refused") if is_fund else None,
        exhausted_year=found.date("short", first) if is_fund else None,
        lapsed_year=found.date("lapsed", first) if is_fund else None,
        lapsed_probability=found.share("lapsed") if is_fund else None,
        unused_capital=found.mean("unused") if is_fund else None,
        capital_95=found.quantile("required", 95) if is_fund else None,
        capital_99=found.quantile("required", 99) if is_fund else None,
        actuarial_fee=actuarial,
        subsidy=subsidy,
        private_capital_per_public_krona=_ratio(found, "additional_private", "net_cost"),
        private_capital_per_krona_set_aside=_ratio(found, "additional_private", "set_aside"),
        cost_per_additional_outcome=_ratio(found, "net_cost", "good") if is_fund else None,
        additional_outcomes_per_public_krona=_ratio(found, "good", "net_cost"),
        public_budgets_per_additional_outcome=budgets_per_outcome(found),
        additional_outcomes=found.mean("good"),
        gains=gains_of(found),
        gains_repriced=gains_of(repriced) if repriced is not None else None,
        gains_amount=amounts_of(found),
        fee_charged=fee,
        guaranteed=found.mean("guaranteed"),
        facilitator=facilitator_of(fund, words),
        net_public_cost=found.mean("net_cost"),
        topped_up=found.mean("topped_up"),
        lapsed_capital=found.mean("lapsed_amount"),
        volume=found.mean("drawn"),
        private_capital=found.mean("private"),
        additional_private_capital=found.mean("additional_private"),
        by_year=tuple(_year(fund, found, year, offered) for year in range(fund.years)),
        by_kind=tuple(_kind(found, kind, offered, prices) for kind in fund.pipeline),
        concentration=_concentration(fund, found),
        positions=tuple(_position(found, party) for party in PARTIES),
    )


def facilitator_of(fund: Fund, words: Design) -> float | None:
    """Present value of the facilitator's cost at the start of each year of the account."""
    if not isinstance(words, Money):
        return None
    rate, cost = value(fund.rate), value(words.facilitator)
    return float(sum(cost * (1.0 + rate) ** -year for year in range(fund.years)))


def _year(fund: Fund, found: Collected, year: int, offered: dict[str, list[int]]) -> FundYear:
    return FundYear(
        year=fund.start.year + year,
        offered=sum(row[year] if year < len(row) else 0 for row in offered.values()),
        contracts=found.year("contracts", year),
        committed=found.year("promised", year),
        claims=found.year("claims", year),
        recoveries=found.year("recoveries", year),
        balance=found.year("balance", year),
        municipalities=found.year("net", year),
    )


def _kind(
    found: Collected,
    kind: str,
    offered: dict[str, list[int]],
    prices: dict[str, tuple[float | None, float | None, str]],
) -> KindResult:
    price, repriced, reason = prices.get(kind, (None, None, "not solved"))
    return KindResult(
        kind=kind,
        offered=sum(offered[kind]),
        contracts=found.mean(f"contracts.{kind}"),
        additional_contracts=found.mean(f"additional.{kind}"),
        expected_claims=found.mean(f"claims.{kind}"),
        claim_share=_ratio(found, f"claims.{kind}", "claims"),
        price=price,
        repriced=repriced,
        repriced_reason=reason,
    )


def _concentration(fund: Fund, found: Collected) -> dict[str, Estimate | None]:
    """The kind with the largest expected claims, and the largest contract of each path."""
    largest = max(fund.pipeline, key=lambda kind: found.total(f"claims.{kind}"))
    return {
        "kind": _ratio(found, f"claims.{largest}", "claims"),
        "contract": _ratio(found, "largest_contract", "claims"),
    }


def _position(found: Collected, party: str) -> Position:
    names = (f"pv.{party}", f"without.{party}", "one")
    return Position(
        party=party,
        without=found.mean(f"without.{party}"),
        with_support=found.mean(f"pv.{party}"),
        difference=found.ratio(names, lambda s: float((s[0] - s[1]) / s[2])),
    )


def rankings_of(designs: Sequence[tuple[str, Collected]]) -> tuple[Ranking, ...]:
    """Designs next to each other by each figure, on the same paths; whether that is settled."""
    made: list[Ranking] = []
    for figure, names, formula in RANKED:
        for ahead, behind in pairwise(in_order(designs, names, formula)):
            gap = gap_of(ahead[1], behind[1], names, formula)
            if gap is not None:
                made.append(Ranking(figure, ahead[0], behind[0], gap, is_decided(gap)))
    return tuple(made)


def in_order(
    designs: Sequence[tuple[str, Collected]],
    names: Sequence[str],
    formula: Callable[[Floats], float | None],
) -> list[tuple[str, Collected]]:
    """Designs that have the figure, the highest first."""
    known: list[tuple[float, str, Collected]] = []
    for name, found in designs:
        estimate = found.ratio(names, formula)
        if estimate is not None and estimate["estimate"] is not None:
            known.append((estimate["estimate"], name, found))
    known.sort(key=lambda entry: -entry[0])
    return [(name, found) for _, name, found in known]


def gap_of(
    ahead: Collected,
    behind: Collected,
    names: Sequence[str],
    formula: Callable[[Floats], float | None],
) -> Estimate | None:
    """A figure of one design less that of another, on the same paths."""
    both = np.concatenate([ahead.batches(names), behind.batches(names)])

    def difference(s: Floats) -> float | None:
        one, other = formula(s[: len(names)]), formula(s[len(names) :])
        return None if one is None or other is None else one - other

    return ratio_estimate(both, ahead.paths, difference)


def is_decided(gap: Estimate) -> bool:
    """Whether the interval of a difference is on one side of 0."""
    low, high = gap["mc_low"], gap["mc_high"]
    return low is not None and high is not None and (low > 0.0 or high < 0.0)


def kind_rows(fund: Fund, arm: Arm) -> tuple[dict[str, Any], ...]:
    """What a reader wants to know of each kind of contract as it is offered."""
    rows = []
    for name, kind in fund.pipeline.items():
        known = arm.known[name]
        rows.append(
            {
                "name": name,
                "title": texts(kind.title),
                "scenario": kind.scenario,
                "variants": list(kind.variants),
                "offered": list(kind.offered),
                "drawn": known.drawn,
                "cashable": known.cashable,
                "outcome": kind.outcome,
                "price": kind.price,
            }
        )
    return tuple(rows)


def texts(title: Mapping[Any, str]) -> dict[str, str]:
    """A title by language."""
    return {str(lang): text for lang, text in title.items()}


__all__ = [
    "RANKED",
    "amounts_of",
    "budgets_per_outcome",
    "design_result",
    "gains_of",
    "gap_of",
    "in_order",
    "is_decided",
    "kind_rows",
    "rankings_of",
    "texts",
]
