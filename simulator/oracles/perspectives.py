"""Who gains what: a published cost–benefit table through the ledger, party by party."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from scipy import special

from simulator.oracles.check import ERRORS, Check, contract, found, summary_of

WSIPP = "https://wsipp.wa.gov/BenefitCost"
FAMILY_THERAPY = f"{WSIPP}/Program/32"
ROUNDING = 2.0
"""Dollars by which the table's rounded rows may miss their sum."""
PATHS = 100_000


@dataclass(frozen=True)
class Programme:
    """Dollars per participant, as printed: by party, in all, and benefit ÷ cost."""

    name: str
    taxpayers: float
    participants: float
    others: float
    indirect: float
    total: float
    cost: float
    net: float
    ratio: float
    source: str = WSIPP

    @property
    def changes(self) -> tuple[str, ...]:
        """The contract with this programme's numbers."""
        parties = ("taxpayers", "participants", "others", "indirect")
        told = [f"metrics.{p}.effect.difference={getattr(self, p)}" for p in parties]
        return (*told, f"costs.programme.amount={self.cost}")


PROGRAMMES = (
    Programme(
        "family therapy, probation (2017)",
        8017, 1507, 19378, 1890, 30792, 3470, 27322, 8.87, FAMILY_THERAPY,
    ),
    Programme(
        "nurse–family partnership (2017)", 7489, 8995, 5931, -3257, 19157, 10170, 8988, 1.88
    ),
    Programme(
        "correctional education (2016)", 6449, 0, 12712, 2627, 21788, 1187, 20601, 18.36
    ),
    Programme("intensive supervision (2024)", 95, 0, 168, -18, 246, 131, 115, 1.87),
)  # fmt: skip


def rows() -> Iterator[Check]:
    """Each party's gain, all together, net and ratio; and the chance of a net benefit."""
    for programme in PROGRAMMES:
        yield from _table(programme)
    yield from _first_order()


def _table(programme: Programme) -> Iterator[Check]:
    summary = summary_of(contract("perspectives", (), programme.changes), 2)
    nets = {party["name"]: found(party["net"]) for party in summary["parties"]}
    payer = nets.pop("outcome_payer")
    yield Check(
        f"{programme.name}: taxpayers' gain less the cost (USD)",
        programme.taxpayers - programme.cost, payer, ROUNDING, programme.source,
    )  # fmt: skip
    total = payer + programme.cost + sum(nets.values())
    society = summary["society"]
    yield Check(
        f"{programme.name}: benefits of all parties (USD)",
        programme.total, total, ROUNDING, programme.source,
    )  # fmt: skip
    yield Check(
        f"{programme.name}: net benefit to society (USD)",
        programme.net, found(society["net_present_value"]), ROUNDING, programme.source,
    )  # fmt: skip
    # amounts are rounded to a dollar, and the ratio to 0.01
    yield Check(
        f"{programme.name}: benefit ÷ cost",
        programme.ratio, found(society["benefit_cost_ratio"]), 0.01, programme.source,
    )  # fmt: skip


def _first_order() -> Iterator[Check]:
    """Effect size ~ Normal(−0.005, 0.041), 311 dollars at its mean, cost 1.5 · 131 ± 10 %."""
    chance = summary_of(contract("perspectives", ("first_order",)), PATHS)["municipality"]
    worth, weighed = 311 / 0.005, 1.5 * 131
    # the cost's own spread moves the chance by less than 1e-5
    closed = float(special.ndtr((0.005 - weighed / worth) / 0.041))
    yield Check(
        "intensive supervision to first order: chance of a net benefit",
        closed, found(chance["probability_positive"]),
        ERRORS * math.sqrt(closed * (1 - closed) / PATHS),
        "closed form: Φ((0.005 − 196.5 ÷ 62,200) ÷ 0.041) = 51.8 %; published 51 %",
    )  # fmt: skip
    held = ("metrics.taxpayers.effect.difference=-0.00316", "costs.programme.amount=196.5")
    net = found(
        summary_of(contract("perspectives", ("first_order",), held), 2)["municipality"][
            "net_budget_effect"
        ]
    )
    # −0.00316 is rounded to 1e-5, which is worth 0.62 dollars: half of it
    yield Check(
        "intensive supervision to first order: net benefit at the effect size −0.00316 (USD)",
        0.0, net, 0.5 * 1e-5 * worth, "closed form: 196.5 ÷ 62,200 = 0.00316",
    )  # fmt: skip
