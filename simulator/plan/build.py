"""The staircase from a scenario to a plan: each step is one function, and nothing comes back up."""

from __future__ import annotations

from dataclasses import dataclass, replace

from simulator.kernels.records import Plan
from simulator.plan.classes import classes_record
from simulator.plan.evaluation import evaluation_of
from simulator.plan.events import latest_delay, risks_record
from simulator.plan.funding import capital_record, guarantees_record
from simulator.plan.happened import happened_record
from simulator.plan.layout import layout_of
from simulator.plan.ledger import ledger_record
from simulator.plan.lines import lines_of
from simulator.plan.maximum import highest_payment
from simulator.plan.measured import reference_stream
from simulator.plan.measures import (
    Rows,
    comparisons_record,
    input_rows,
    measures_record,
    takings_of,
    takings_record,
    traces_record,
    views_record,
)
from simulator.plan.people import (
    People,
    cells_record,
    cohorts_record,
    people_of,
    years_needed,
)
from simulator.plan.program import Contract, contract_of, program_record
from simulator.plan.registry import Registry
from simulator.plan.reports import groups_of, reports_record
from simulator.plan.states import chains_record
from simulator.plan.timing import Grid, grid_of, price_levels
from simulator.plan.worst import worst_loss
from simulator.results import Layout
from simulator.scenario.model import Scenario
from simulator.scenario.sampling import NOTHING_FINER, Fine

FAR = 128  # years of prices beyond the horizon, for windows that reach past it


@dataclass(frozen=True)
class Built:
    """A plan with the names of what it reads and writes."""

    plan: Plan
    layout: Layout
    years: int  # the most follow-up years of anybody
    rows: Rows
    contract: Contract
    people: People
    grid: Grid
    uncertain: tuple[str, ...]  # keys of the uncertain numbers, in the order of their draws
    means: tuple[float, ...]  # their means
    capped: tuple[float, ...]  # largest errors of the expected values of capped totals


def build(scenario: Scenario, seed: int, fine: Fine = NOTHING_FINER) -> Built:
    """The plan of a scenario for one seed.

    Metrics in `fine` are drawn for each participant, as another plan beside it must draw them.
    """
    grid = grid_of(scenario)
    lift = price_levels(grid, scenario, grid.periods + FAR * grid.per_year)
    registry = Registry(scenario)
    people = people_of(scenario, grid, registry, fine)
    evaluation = evaluation_of(scenario, grid, people, registry, lift)
    rows = input_rows(scenario, grid, people, evaluation)
    contract = contract_of(scenario, grid, people, rows)
    lines = lines_of(scenario, grid, registry, lift)
    years = years_needed(people, grid)
    traced = [sum(1 for _, c, _ in evaluation.traces if c == name) for name in people.cohorts]
    ledger, scheduled = ledger_record(scenario, grid, registry, lines, lift)
    measures = measures_record(scenario, people, evaluation, registry, rows)
    groups = groups_of(
        len(scenario.metrics),
        len(evaluation.measures),
        len(scenario.events),
        len(ledger.drawn),
        len(ledger.payer_share),
    )
    plan = Plan(
        cohorts=cohorts_record(scenario, people, registry, seed, traced),
        traces=traces_record(evaluation, seed),
        cells=cells_record(people, grid, sorted(scenario.metrics), seed, years),
        chains=chains_record(
            people.cohorts,
            people.chains,
            [cell.reading for cell in people.cells],
            seed,
            [reference_stream(comparison) for comparison in evaluation.comparisons],
            years,
        ),
        laws=people.laws.arrays(),
        views=views_record(evaluation, years),
        comparisons=comparisons_record(evaluation, scenario, registry, seed, years),
        measures=measures,
        takings=takings_record(takings_of(measures, grid.periods)),
        capital=capital_record(scenario, grid, registry, rows, lift),
        classes=classes_record(scenario, grid),
        program=program_record(scenario, grid, contract),
        guarantees=guarantees_record(scenario, grid, people, contract),
        risks=risks_record(scenario, grid, people, registry, rows, contract.claims, seed),
        scheduled=scheduled,
        ledger=ledger,
        reports=reports_record(groups, len(lines.lines)),
        happened=happened_record(len(people.cells), years),
        draws=registry.draws(seed),  # last: the records above add numbers of their own
    )
    highest = highest_payment(scenario, contract)
    worst = worst_loss(scenario, contract)
    last = max((claim.due for claim in contract.claims), default=grid.periods)
    settled = min(last + latest_delay(scenario, grid), grid.periods)
    return Built(
        plan=plan,
        layout=replace(
            layout_of(scenario, grid, people, evaluation, lines, contract, highest, settled),
            worst_loss=worst.amount,
            worst_loss_rests_on=worst.rests_on,
        ),
        years=years,
        rows=rows,
        contract=contract,
        people=people,
        grid=grid,
        uncertain=uncertain_keys(registry),
        means=tuple(registry.means),
        capped=tuple(evaluation.capped.errors),
    )


def uncertain_keys(registry: Registry) -> tuple[str, ...]:
    """Keys of the uncertain numbers, in the order of their draws."""
    names = {row: name for name, row in registry.rows.items()}
    return tuple(names[row] for row, _, _ in registry.uncertain)
