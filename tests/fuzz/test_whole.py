"""Random whole scenarios, simulated: the engine against the twin, path by path.

As in `test_contracts`, and besides: cost by the year, by the period and by the service user, with
growth and a shock; the share of cost that is capital, drawdown as needed and at once, recycling
through the contract account, classes with ranks, interest and residual; enrolment that falls short,
drop-out; non-starts, terminations by hazard, date and interim result with notice, payers that
default or pay late; fees and costs with a shock. Nothing is uncertain but who succeeds, whom an
event befalls and when, so figures and movements agree within a relative 1e-9 of the largest amount
of the path. Deterministic: no false alarms.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from simulator.engine import Engine
from simulator.plan.build import build
from simulator.results import Layout
from simulator.scenario.model import Scenario
from tests.fuzz.scenarios import random_scenario
from tests.reference import run_path

SCENARIOS, GROUPS, PATHS, SEED = 480, 8, 3, 11
TWIN = 2  # every second scenario is computed by the twin too
TOLERANCE = 1e-9
RATES = ("irr", "irr_roots")  # have their own accuracy, and are held elsewhere

PAYMENTS = ("outcome payment", "activity payment")

Figures = dict[str, float]
Flows = dict[tuple[str, int], float]


@dataclass(frozen=True)
class Simulated:
    """A random scenario, and the engine's first paths of it."""

    seed: int
    scenario: Scenario
    layout: Layout
    figures: NDArray[np.float64]  # (figures, paths)
    flows: NDArray[np.float64]  # (lines, instants, paths)

    def path(self, path: int) -> tuple[Figures, Flows]:
        """Figures and movements of one path, by name."""
        found = self.flows[:, :, path].tolist()
        rows = zip(self.layout.lines, found, strict=True)
        flows = {(line.name, t): x for line, row in rows for t, x in enumerate(row)}
        return dict(zip(self.layout.figures, self.figures[:, path].tolist(), strict=True)), flows


@pytest.fixture(scope="module", params=range(GROUPS))
def simulated(request: pytest.FixtureRequest) -> list[Simulated]:
    """The scenarios of a group, simulated once for all that is held of them."""
    made, each = [], SCENARIOS // GROUPS
    for seed in range(request.param * each, (request.param + 1) * each):
        scenario = random_scenario(seed, whole=True)
        built = build(scenario, SEED)
        block = Engine(built, 1).block(0, PATHS)
        made.append(Simulated(seed, scenario, built.layout, block.figures, block.flows))
    return made


def differences(it: Simulated) -> dict[tuple[object, ...], tuple[float, float]]:
    """Where engine and twin differ: (path, figure) or (path, line, instant)."""
    found: dict[tuple[object, ...], tuple[float, float]] = {}
    for path in range(PATHS):
        figures, flows = it.path(path)
        twin = run_path(it.scenario, SEED, path)
        wanted = twin.pop("flows")
        slack = TOLERANCE * max((abs(x) for x in wanted.values()), default=0.0)
        for key in {*flows, *wanted}:
            pair = flows.get(key, 0.0), wanted.get(key, 0.0)
            if not abs(pair[0] - pair[1]) <= slack:
                found[path, *key] = pair
        for name, value in figures.items():
            if name.rsplit(".", 1)[-1] in RATES or (math.isnan(value) and math.isnan(twin[name])):
                continue
            close = slack + TOLERANCE * abs(value)
            if name not in twin or not abs(value - twin[name]) <= close:
                found[path, name] = value, twin.get(name, math.nan)
    return found


def test_the_engine_computes_what_the_twin_computes(simulated: list[Simulated]) -> None:
    compared = simulated[::TWIN]
    wrong = {it.seed: found for it in compared if (found := differences(it))}
    some = {seed: dict(list(found.items())[:6]) for seed, found in list(wrong.items())[:3]}
    assert not wrong, f"{len(wrong)} of {len(compared)} scenarios differ: {some}"


def test_nobody_pays_more_than_the_most_that_can_be_owed(simulated: list[Simulated]) -> None:
    """Each payer, and all together: late interest among it, whatever is measured (§8)."""
    bounded = 0
    for it in simulated:
        highest = dict(it.layout.maximum_by_payer or {})
        sums = it.flows.sum(axis=1)
        for path in range(PATHS):
            paid = dict.fromkeys(highest, 0.0)
            for line, amount in zip(it.layout.lines, sums[:, path].tolist(), strict=True):
                if line.account in PAYMENTS and line.payer in paid:
                    paid[line.payer] += amount
            slack = TOLERANCE * max(map(abs, paid.values()), default=0.0)
            for payer, most in highest.items():
                bounded += most is not None
                assert most is None or paid[payer] <= most + slack, (it.seed, payer)
            whole = it.layout.contract_maximum
            assert whole is None or sum(paid.values()) <= whole + slack, it.seed
    assert bounded > len(simulated)


def test_money_is_conserved_among_the_parties_on_every_path(simulated: list[Simulated]) -> None:
    """Every transfer has a payer and a payee, so parties' nets sum to the real rows (§7)."""
    for it in simulated:
        lines = it.layout.lines
        parties = {party for line in lines for party in (line.payer, line.payee)} - {""}
        sums = it.flows.sum(axis=1)
        for path in range(PATHS):
            net = dict.fromkeys(parties, 0.0)
            real = largest = 0.0
            for line, amount in zip(lines, sums[:, path].tolist(), strict=True):
                if line.kind == "memo":
                    continue
                largest = max(largest, abs(amount))
                net[line.payee] += amount
                if line.kind == "transfer":
                    net[line.payer] -= amount
                else:
                    real += amount
            assert abs(sum(net.values()) - real) <= TOLERANCE * largest, it.seed
