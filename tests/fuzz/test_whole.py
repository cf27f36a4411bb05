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

import pytest

from simulator.engine import Engine
from simulator.plan.build import build
from simulator.scenario.model import Scenario
from tests.fuzz.scenarios import random_scenario
from tests.reference import run_path

SCENARIOS, GROUPS, PATHS, SEED = 240, 8, 3, 11
TOLERANCE = 1e-9
RATES = ("irr", "irr_roots")  # have their own accuracy, and are held elsewhere

PAYMENTS = ("outcome payment", "activity payment")

Figures = dict[str, float]
Flows = dict[tuple[str, int], float]


def simulated(scenario: Scenario) -> list[tuple[Figures, Flows]]:
    """Figures and movements of the first paths."""
    built = build(scenario, SEED)
    layout = built.layout
    block = Engine(built, 1).block(0, PATHS)
    figures, flows = block.figures, block.flows
    names = [line.name for line in layout.lines]
    return [
        (
            dict(zip(layout.figures, figures[:, p].tolist(), strict=True)),
            {
                (name, t): float(flows[i, t, p])
                for i, name in enumerate(names)
                for t in range(layout.periods + 1)
            },
        )
        for p in range(PATHS)
    ]


def differences(scenario: Scenario) -> dict[tuple[object, ...], tuple[float, float]]:
    """Where engine and twin differ: (path, figure) or (path, line, instant)."""
    found: dict[tuple[object, ...], tuple[float, float]] = {}
    for path, (figures, flows) in enumerate(simulated(scenario)):
        twin = run_path(scenario, SEED, path)
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


@pytest.mark.parametrize("group", range(GROUPS))
def test_the_engine_computes_what_the_twin_computes(group: int) -> None:
    each = SCENARIOS // GROUPS
    wrong = {}
    for seed in range(group * each, (group + 1) * each):
        if found := differences(random_scenario(seed, whole=True)):
            wrong[seed] = found
    some = {seed: dict(list(found.items())[:6]) for seed, found in list(wrong.items())[:3]}
    assert not wrong, f"{len(wrong)} of {each} scenarios differ: {some}"


@pytest.mark.parametrize("group", range(GROUPS))
def test_nobody_pays_more_than_the_most_that_can_be_owed(group: int) -> None:
    """Each payer, and all together: late interest among it, whatever is measured (§8)."""
    bounded = 0
    each = 2 * SCENARIOS // GROUPS
    for seed in range(group * each, (group + 1) * each):
        scenario = random_scenario(seed, whole=True)
        layout = build(scenario, SEED).layout
        highest = dict(layout.maximum_by_payer or {})
        for _, flows in simulated(scenario):
            paid = dict.fromkeys(highest, 0.0)
            for line in layout.lines:
                if line.account in PAYMENTS and line.payer in paid:
                    paid[line.payer] += sum(
                        x for (name, _), x in flows.items() if name == line.name
                    )
            slack = TOLERANCE * max(map(abs, paid.values()), default=0.0)
            for payer, most in highest.items():
                bounded += most is not None
                assert most is None or paid[payer] <= most + slack, (seed, payer)
            whole = layout.contract_maximum
            assert whole is None or sum(paid.values()) <= whole + slack, seed
    assert bounded > each


@pytest.mark.parametrize("group", range(GROUPS))
def test_money_is_conserved_among_the_parties_on_every_path(group: int) -> None:
    """Every transfer has a payer and a payee, so parties' nets sum to the real rows (§7)."""
    each = SCENARIOS // GROUPS
    for seed in range(group * each, (group + 1) * each):
        scenario = random_scenario(seed, whole=True)
        built = build(scenario, SEED)
        lines = built.layout.lines
        parties = {party for line in lines for party in (line.payer, line.payee)} - {""}
        for _, flows in simulated(scenario):
            net = dict.fromkeys(parties, 0.0)
            real = largest = 0.0
            for line in lines:
                amount = sum(x for (name, _), x in flows.items() if name == line.name)
                if line.kind == "memo":
                    continue
                largest = max(largest, abs(amount))
                net[line.payee] += amount
                if line.kind == "transfer":
                    net[line.payer] -= amount
                else:
                    real += amount
            assert abs(sum(net.values()) - real) <= TOLERANCE * largest, seed
