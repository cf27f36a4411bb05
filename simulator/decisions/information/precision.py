"""What a more precise settlement is worth: it is written into the contract and decides nothing.

Two versions of a scenario run on the same paths; each party's mean and 5 % worst mean change. Money
is undiscounted: what one party pays another receives, so that changes of payments sum to nothing
over all parties, and all changes to minus the cost of measuring where nothing real changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.engine import Engine, Progress
from simulator.plan.build import build
from simulator.results import Layout, PathBlock
from simulator.scenario.model import Scenario
from simulator.scenario.sampling import NOTHING_FINER, Fine
from simulator.summary.sums import signed_for

Floats = NDArray[np.float64]
WORST = 0.05


@dataclass(frozen=True)
class Measured:
    """A change to the contract's measurement: `KEY=VALUE` as `--set` takes it, or `@VARIANT`.

    `cost` is what it costs more to measure so, None where nobody has said; `cost_to` is the party
    that bears it, if one was named. `title` is a variant's, by language.
    """

    change: str
    cost: float | None = None
    cost_to: str | None = None
    title: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Nets:
    """Every party's net over the whole horizon on each path, undiscounted, and its payments.

    `net` and `transfers` are (parties, paths); what is left of a net is real: savings and costs.
    """

    parties: tuple[str, ...]
    net: Floats
    transfers: Floats

    def of(self, party: str) -> tuple[Floats, Floats]:
        """(net, transfers) of a party; zeros for one that is not there."""
        if party not in self.parties:
            nothing = np.zeros(self.net.shape[1])
            return nothing, nothing
        place = self.parties.index(party)
        return self.net[place], self.transfers[place]

    @property
    def real(self) -> Floats:
        """What is real, of all parties together, (paths,): the sum of the nets."""
        return np.asarray(self.net.sum(axis=0), dtype=np.float64)


@dataclass(frozen=True)
class Moved:
    """A party's change, with standard errors: its mean, and its 5 % worst mean.

    `mean` and `worst` are of the party's net over the whole horizon, before the change;
    `payments_change` is the part of the mean's change that comes from payments between parties, and
    `worst_payments_change` the change of the worst mean if nothing but payments and the cost did.
    """

    party: str
    mean: float
    worst: float
    mean_change: float
    mean_error: float
    payments_change: float
    payments_error: float
    worst_change: float
    worst_error: float
    worst_payments_change: float
    worst_payments_error: float

    def to_dict(self) -> dict[str, Any]:
        """The promised keys."""
        return {
            "party": self.party,
            "mean": self.mean,
            "worst": self.worst,
            "mean_change": _estimate(self.mean_change, self.mean_error),
            "payments_change": _estimate(self.payments_change, self.payments_error),
            "worst_change": _estimate(self.worst_change, self.worst_error),
            "worst_payments_change": _estimate(
                self.worst_payments_change, self.worst_payments_error
            ),
        }


@dataclass(frozen=True)
class Precision:
    """A change to the contract's measurement, what it costs, and how it moves each party.

    `real` is the change of what is real, savings and costs in the scenario itself, with its
    standard error: nothing where only the settlement changes, and nothing but noise where the
    reference was observed beforehand, whose size says how well the truth is known.
    """

    measured: Measured
    parties: tuple[Moved, ...]
    real: float
    real_error: float

    @property
    def total(self) -> float:
        """Σ mean_change over the parties, less a cost that no party was named for: real − cost."""
        measured = self.measured
        unborne = measured.cost or 0.0 if measured.cost_to is None else 0.0
        return float(sum(moved.mean_change for moved in self.parties)) - unborne

    def to_dict(self) -> dict[str, Any]:
        """The promised keys."""
        return {
            "change": self.measured.change,
            "title": dict(self.measured.title),
            "cost": self.measured.cost,
            "cost_to": self.measured.cost_to,
            "real": _estimate(self.real, self.real_error),
            "parties": [moved.to_dict() for moved in self.parties],
            "total": self.total,
        }


def worst_mean(net: Floats, share: float = WORST) -> tuple[float, Floats]:
    """The mean of the worst share of paths, and each path's influence on it (mean 0).

    E[X | X among the worst] = q + E[min(X − q, 0)]/share at the quantile q; its derivative by q
    is 0 there, so a path's influence is min(X − q, 0)/share.
    """
    ordered = np.sort(net)
    q = ordered[max(int(np.ceil(share * len(net))) - 1, 0)]
    below = np.minimum(net - q, 0.0) / share
    value = float(q + below.mean())
    return value, np.asarray(below - below.mean(), dtype=np.float64)


def moved(
    party: str, before: tuple[Floats, Floats], after: tuple[Floats, Floats], cost: float = 0.0
) -> Moved:
    """A party's paired change from (net, transfers) to others, `cost` taken from what is after."""
    gap, paid = after[0] - cost - before[0], after[1] - before[1]
    worst, influence = worst_mean(before[0])
    worse, influenced = worst_mean(before[0] + gap)
    by_pay, influenced_by_pay = worst_mean(before[0] + paid - cost)
    return Moved(
        party=party,
        mean=float(before[0].mean()),
        worst=worst,
        mean_change=float(gap.mean()),
        mean_error=_error(gap),
        payments_change=float(paid.mean()),
        payments_error=_error(paid),
        worst_change=worse - worst,
        worst_error=_error(influenced - influence),
        worst_payments_change=by_pay - worst,
        worst_payments_error=_error(influenced_by_pay - influence),
    )


def precision(before: Nets, after: Nets, measured: Measured) -> Precision:
    """Each party's change from the contract to its changed version, on the same paths."""
    parties = sorted({*before.parties, *after.parties})
    found = tuple(
        moved(
            party,
            before.of(party),
            after.of(party),
            measured.cost or 0.0 if party == measured.cost_to else 0.0,
        )
        for party in parties
    )
    gap = after.real - before.real
    return Precision(measured, found, float(gap.mean()), _error(gap))


def nets_of(
    scenario: Scenario,
    *,
    paths: int,
    seed: int,
    threads: int | None = None,
    fine: Fine = NOTHING_FINER,
    progress: Progress | None = None,
) -> Nets:
    """Every party's net and transfers, simulated; metrics in `fine` for each participant."""
    built = build(scenario, seed, fine)
    keeper = _Keeper(built.layout)
    Engine[Floats](built, threads, reuse=True).run(keeper, paths, progress=progress)
    table = np.concatenate(keeper.parts, axis=1)
    half = len(keeper.parties)
    return Nets(keeper.parties, table[:half], table[half:])


class _Keeper:
    """Sums the flows of each block to nets and transfers of parties."""

    def __init__(self, layout: Layout) -> None:
        lines = [line for line in layout.lines if line.kind != "memo"]
        ends = {party for line in lines for party in (line.payer, line.payee) if party}
        self.parties = tuple(sorted({*layout.parties, *ends}))
        signs = np.array([[signed_for(line, p) for line in layout.lines] for p in self.parties])
        passed_on = np.array([line.kind == "transfer" for line in layout.lines])
        self.weights: Floats = np.concatenate([signs, signs * passed_on])
        self.parts: list[Floats] = []

    def reduce(self, block: PathBlock) -> Floats:
        """(2 · parties, paths)."""
        return np.asarray(self.weights @ block.flows.sum(axis=1), dtype=np.float64)

    def merge(self, partial: Floats) -> None:
        """In path order."""
        self.parts.append(partial)


def _error(values: Floats) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values)))


def _estimate(value: float, error: float) -> dict[str, float]:
    return {"estimate": value, "standard_error": error}
