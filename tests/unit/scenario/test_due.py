"""What the rules say about due dates and bounds holds in the plan and in the twin."""

import random
from pathlib import Path

import pytest

from simulator.plan.due import due_of, last_spending
from simulator.plan.people import people_of
from simulator.plan.registry import Registry
from simulator.plan.timing import grid_of
from simulator.scenario.load import load_scenario
from simulator.scenario.model import Scenario
from simulator.scenario.rules import dominated, due
from simulator.scenario.rules.bounds import after, start
from tests.reference.terms import Quantities, Reader
from tests.shelf import contracts

ROOT = Path(__file__).parents[3]
FILES = [
    *contracts(ROOT / "scenarios"),
    *(ROOT / "tests/cases/valid").glob("*.toml"),
    *(ROOT / "tests/properties").glob("*.toml"),
    *(ROOT / "tests/worked").glob("*.toml"),
]
DEAL = ROOT / "tests/worked/deal.toml"
SENTENCES = 2_500
VALUES = 25


@pytest.mark.parametrize("file", sorted(FILES), ids=lambda file: file.stem)
def test_instants_are_those_of_the_plan(file):
    scenario = load_scenario(file)
    grid = grid_of(scenario)
    people = people_of(scenario, grid, Registry(scenario))
    if scenario.capital is not None:
        assert due.last_spending(scenario) == last_spending(scenario, grid)
    for name, payment in scenario.payments.items():
        if payment.paid == "as delivered" or payment.per == "period":
            continue
        if payment.if_terminated == "only then":  # due whenever the contract ends
            continue
        later = sum(grid.length(term.after) for term in payment.terms)
        cohorts = list(scenario.cohorts) if payment.per == "cohort" else [None]
        planned = [
            min(due_of(scenario, grid, people, payment, cohort) + later, grid.periods)
            for cohort in cohorts
        ]
        found = due.instants(scenario, payment)
        if found is not None:
            assert found[0] <= min(planned), name
            assert found[1] == max(planned), name


def sentence(chance):
    """A few words with levels from a small set, so that they meet often."""

    def level():
        x = chance.choice((0, 0.2, 0.5, 1, 2, -1))
        unit = chance.choice(("", "", "of_drawn", "of_commitment", "of_cost"))
        return {unit: x} if unit else x

    def word():
        key = chance.choice(
            ("at_most", "at_most", "at_least", "above", "if_at_least", "share", "price", "table")
        )
        if key == "share":
            return {key: chance.choice((-1, -0.5, 0, 0.5, 1))}
        if key == "price":
            return {key: chance.choice((-2, 0, 0.5, 3))}
        if key == "table":
            points = [[0, chance.choice((-1, 0, 1))], [1, chance.choice((0.5, 2))]]
            return {key: {"points": points, "form": chance.choice(("stepped", "interpolated"))}}
        return {key: level()}

    return [word() for _ in range(chance.randint(2, 5))]


def test_bounds_hold_and_what_never_binds_changes_nothing():
    """Random sentences on random values: each value lies in its bounds, and taking out a limit
    that is said never to bind changes no result."""
    chance = random.Random(7)
    deal = load_scenario(DEAL)
    tree = deal.model_dump(by_alias=True, exclude_unset=True)
    idle = 0
    for _ in range(SENTENCES):
        of = chance.choice(("saving", "rate", "count", "capital_drawn"))
        words = sentence(chance)
        tree["payments"] = {"pay": {"of": of, "terms": words}}
        scenario = Scenario.model_validate(tree)
        payment = scenario.payments["pay"]
        said = [f for f in dominated.terms(scenario) if "never binds" in (f.found or "")]
        idle += len(said)
        for _ in range(VALUES):
            drawn = chance.uniform(0, 2)
            quantities = Quantities(drawn, 2 * chance.random() + drawn, chance.uniform(0, 3))
            value = {"rate": chance.random(), "count": chance.uniform(0, 9)}.get(of)
            value = drawn if of == "capital_drawn" else value
            value = chance.uniform(-5, 5) if value is None else value
            reader = Reader(quantities)
            bounds, now = start(scenario, payment), value
            for i, term in enumerate(payment.terms):
                before, now = now, reader.apply(term, now)
                bounds = after(term, bounds)
                for unit, size in (
                    ("number", 1.0),
                    ("of_drawn", quantities.drawn),
                    ("of_commitment", quantities.commitment),
                    ("of_cost", quantities.cost),
                ):
                    low, high = bounds.of(unit)
                    assert low * size - 1e-9 <= now if size else True, (of, words, i, unit)
                    assert now <= high * size + 1e-9 if size else True, (of, words, i, unit)
                if any(finding.path[3] == i for finding in said):
                    assert now == pytest.approx(before, abs=1e-9), (of, words, i, value)
    assert idle > 100
