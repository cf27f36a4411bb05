"""People: cohorts in name order, their enrolment groups, and the metrics they have as cells."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from simulator.kernels.records import (
    AMOUNT,
    BINARY,
    BY_COUNT,
    BY_PERSON,
    BY_SUM,
    COUNT,
    DIFFERENCE,
    DIGITS,
    NO_EFFECT,
    ODDS_RATIO,
    PEOPLE,
    RATIO,
    Cells,
    Cohorts,
    Laws,
)
from simulator.kernels.tables import SCORE_CELLS
from simulator.plan.arrays import floats, frozen, ints, starts, table
from simulator.plan.group_sums import GroupSums
from simulator.plan.laws import (
    UnitLaw,
    exponential_table,
    normal_table,
    score_knots,
    unit_law,
    words_before,
)
from simulator.plan.registry import NONE, Registry
from simulator.plan.states import NOT_READING, Chain, Reading, chain_of, reading_of
from simulator.plan.streams import stream_keys
from simulator.plan.timing import Grid, Group, enrolment_groups
from simulator.scenario.durations import months
from simulator.scenario.model import Metric, Scenario
from simulator.scenario.sampling import NOTHING_FINER, Fine, Sampling, samplings

LEVELS = {"participant": BY_PERSON, "count": BY_COUNT, "aggregate": BY_SUM}
BY_ONE = Sampling("participant", "exact")
KINDS = {"binary": BINARY, "count": COUNT, "amount": AMOUNT}
ENDLESS = 10_000
SLACK = 1e-6
"""Of a score, and far more than rounding: words from which on somebody may have something."""


@dataclass
class Cell:
    """A metric in a cohort; what evaluation adds to it starts empty."""

    cohort: str
    metric: str
    words: Metric
    baseline: int
    form: int
    effect: int
    law: int
    rho: float
    window_years: int = 0
    declared: float = 1.0
    growth: int = NONE
    growth_years: float = 0.0
    drift: int = NONE
    truth: int = NONE
    before: int = NONE
    needs_before: int = 0
    reading: Reading = NOT_READING
    sampling: Sampling = BY_ONE
    sums: int = NONE
    views: list[int] = field(default_factory=list)

    @property
    def lasts(self) -> int:
        """Years in which it arises."""
        return months(self.words.lasts) // 12 if self.words.lasts else ENDLESS

    @property
    def at_months(self) -> int:
        """When a binary metric is settled."""
        return months(self.words.at) if self.words.at else 12

    @property
    def binary(self) -> bool:
        """True for a binary metric."""
        return self.words.kind == "binary"


@dataclass
class UnitLaws:
    """The laws of one service user's year that the plan needs, each once."""

    laws: list[UnitLaw] = field(default_factory=list)
    places: dict[tuple[object, ...], int] = field(default_factory=dict)
    sums: GroupSums = field(default_factory=GroupSums)

    def place(self, metric: Metric, level: float) -> int:
        """Index of the law of this metric, or −1 where nobody differs."""
        spread = metric.spread
        if spread is None or metric.kind == "binary":
            return NONE
        name = (
            spread.law,
            spread.sd,
            spread.sigma,
            spread.none,
            spread.most,
            spread.dispersion,
            level,
        )
        if name not in self.places:
            law = unit_law(spread, level)
            self.places[name] = NONE if law.is_constant else len(self.laws)
            if not law.is_constant:
                self.laws.append(law)
        return self.places[name]

    def place_sums(self, law: int, people: Iterable[int]) -> int:
        """Index of the sums of these numbers of people, or −1 where nobody differs."""
        if law == NONE:
            return NONE
        name = next(name for name, place in self.places.items() if place == law)
        return self.sums.place(law, name, self.laws[law], people)

    def arrays(self) -> Laws:
        """All tables."""
        scores = [law.score_table() for law in self.laws]
        words = [law.uniform_table() for law in self.laws]
        normal, exponential = normal_table(), exponential_table()
        count, cells = len(self.laws), normal.value.size
        nothing = np.zeros(2)  # the knots of the cell NOTHING
        return Laws(
            by_score=frozen(
                np.array([np.append(t.x, nothing) for t in scores]).reshape(count, SCORE_CELLS + 3)
            ),
            none_score=floats([t.none_score for t in scores]),
            word_line=frozen(np.array([t.lines() for t in words]).reshape(count, cells, 2)),
            none_word=ints([t.none_word for t in words]),
            normal_line=frozen(normal.lines()),
            least_word=frozen(words_before(normal, score_knots()[:-1] - SLACK)),
            exponential_line=frozen(exponential.lines()),
            **self.sums.arrays(),
        )


@dataclass
class People:
    """Cohorts in name order with their groups and cells."""

    cohorts: list[str]
    groups: dict[str, list[Group]]
    cells: list[Cell]
    laws: UnitLaws
    chains: list[Chain] = field(default_factory=list)

    def of(self, cohort: str) -> list[Cell]:
        """The cohort's cells."""
        return [cell for cell in self.cells if cell.cohort == cohort]

    def draws_persons(self, cohort: str) -> bool:
        """Whether some metric of the cohort is drawn for each participant."""
        return any(cell.sampling.level == "participant" for cell in self.of(cohort))

    def find(self, cohort: str, metric: str) -> int:
        """Index of a cell, or −1."""
        for i, cell in enumerate(self.cells):
            if cell.cohort == cohort and cell.metric == metric:
                return i
        return NONE


def metric_key(scenario: Scenario, cohort: str, metric: str, name: str) -> str:
    """Key of a metric's number: the cohort's own where the cohort states it, else the shared."""
    own = scenario.cohorts[cohort].metrics.get(metric, {})
    head = f"cohorts.{cohort}.metrics" if name.split(".")[0] in own else "metrics"
    return f"{head}.{metric}.{name}"


def level_of_law(registry: Registry, metric: Metric) -> float:
    """The level at which a spread is stated: the baseline's mean, or the effect's if that is 0."""
    baseline = registry.mean(metric.baseline)
    if baseline == 0.0 and metric.effect and metric.effect.difference:
        return registry.mean(metric.effect.difference)
    return baseline


def effect_of(
    registry: Registry, cohort: str, name: str, metric: Metric, by: str
) -> tuple[int, int]:
    """(form, value row) of a metric's effect."""
    if metric.effect is None:
        return NO_EFFECT, NONE
    forms = (("difference", DIFFERENCE), ("ratio", RATIO), ("odds_ratio", ODDS_RATIO))
    for form, code in forms:
        number = getattr(metric.effect, form)
        if number is not None:
            key = metric_key(registry.scenario, cohort, name, f"effect.{form}")
            return code, registry.number(key, number, by)
    return NO_EFFECT, NONE


def people_of(
    scenario: Scenario, grid: Grid, registry: Registry, fine: Fine = NOTHING_FINER
) -> People:
    """Every cohort's groups, chains and cells; cells that others are `given` first.

    Metrics in `fine` are drawn for each participant.
    """
    laws = UnitLaws()
    cells: list[Cell] = []
    chains: list[Chain] = []
    names = sorted(scenario.cohorts)
    groups = {name: enrolment_groups(grid, scenario.cohorts[name]) for name in names}
    levels = samplings(scenario, {name: len(groups[name]) for name in names}, fine)
    for cohort in names:
        for name in sorted(
            scenario.metrics,
            key=lambda m: (scenario.metrics[m].kind != "binary", steps_before(scenario, m), m),
        ):
            metric = scenario.metric_in(cohort, name)
            if metric.cohorts is not None and cohort not in metric.cohorts:
                continue
            by = cohort if metric.drawn == "per cohort" else ""
            if metric.states is not None:
                reading = read_states(scenario, registry, chains, (cohort, name), len(cells))
                one = registry.constant(1.0)  # the level is a factor on what the states bring
                cells.append(Cell(cohort, name, metric, one, NO_EFFECT, NONE, NONE, 0.0))
                cells[-1].reading, cells[-1].sampling = reading, levels[cohort, name]
                continue
            form, effect = effect_of(registry, cohort, name, metric, by)
            baseline = registry.number(
                metric_key(scenario, cohort, name, "baseline"), metric.baseline, by
            )
            law = laws.place(metric, level_of_law(registry, metric))
            rho = float(metric.persistence.value or 0.0) if metric.persistence else 0.0
            cells.append(Cell(cohort, name, metric, baseline, form, effect, law, rho))
            cells[-1].sampling = levels[cohort, name]
            if cells[-1].sampling.level == "aggregate":
                sizes = summed_sizes(scenario, metric, groups[cohort])
                cells[-1].sums = laws.place_sums(law, sizes)
    return People(names, groups, cells, laws, chains)


def summed_sizes(scenario: Scenario, metric: Metric, groups: list[Group]) -> set[int]:
    """Numbers of people whose sum may be drawn: those of the groups, and where it varies fewer."""
    sizes = {group.size for group in groups}
    events = any(event.kind in ("non-start", "termination") for event in scenario.events.values())
    reached = any(c.enrolment.reached is not None for c in scenario.cohorts.values())
    varies = metric.given is not None or events or reached
    return set(range(max(sizes) + 1)) if varies else sizes


def steps_before(scenario: Scenario, metric: str) -> int:
    """Number of metrics that this one is given, one after the other."""
    given = scenario.metrics[metric].given
    return 0 if given is None else 1 + steps_before(scenario, given)


def read_states(
    scenario: Scenario,
    registry: Registry,
    chains: list[Chain],
    names: tuple[str, str],
    cell: int,
) -> Reading:
    """What the metric (cohort, name) in this cell reads; its chain is made if it is the first."""
    cohort, name = names
    metric = scenario.metric_in(cohort, name)
    assert metric.states is not None
    place = next(
        (i for i, c in enumerate(chains) if (c.cohort, c.name) == (cohort, metric.states)), NONE
    )
    if place == NONE:
        place = len(chains)
        chains.append(chain_of(scenario, registry, cohort, metric.states))
    chains[place].readers.append(cell)
    by = cohort if metric.drawn == "per cohort" else ""
    head = metric_key(scenario, cohort, name, "per_month")
    return reading_of(registry, head, metric, chains[place], place, by)


def person_stream(head: str, metric: str, words: Metric) -> str:
    """Stream of the lasting score: shared by metrics that name the same person."""
    return f"{head}/persons.{words.person}" if words.person else f"{head}/metrics.{metric}/person"


def cohorts_record(
    scenario: Scenario, people: People, registry: Registry, seed: int, traces: list[int]
) -> Cohorts:
    """People as arrays."""
    groups = [people.groups[name] for name in people.cohorts]
    flat = [group for row in groups for group in row]
    hazards = []
    for name in people.cohorts:
        drop_out = scenario.cohorts[name].drop_out
        rate = drop_out.per_year if drop_out else None
        hazards.append(registry.maybe(f"cohorts.{name}.drop_out.per_year", rate))
    return Cohorts(
        group=starts([len(row) for row in groups]),
        period=ints([group.period for group in flat]),
        size=ints([group.size for group in flat]),
        first=ints([group.first for group in flat]),
        cell=starts([len(people.of(name)) for name in people.cohorts]),
        hazard=ints(hazards),
        drop_key=frozen(stream_keys(seed, [f"cohorts.{name}/drop_out" for name in people.cohorts])),
        trace=starts(traces),
        reached=ints(
            [
                registry.maybe(
                    f"cohorts.{name}.enrolment.reached", scenario.cohorts[name].enrolment.reached
                )
                for name in people.cohorts
            ]
        ),
        users=ints([scenario.cohorts[name].service_users for name in people.cohorts]),
        persons=ints([1 if people.draws_persons(name) else 0 for name in people.cohorts]),
        everybody=floats(float(sum(cohort.service_users for cohort in scenario.cohorts.values()))),
    )


def years_needed(people: People, grid: Grid) -> int:
    """The most follow-up years that anybody has."""
    most = 1
    for cell in people.cells:
        for group in people.groups[cell.cohort]:
            ahead = math.ceil(max(grid.periods - group.period, 0) / grid.per_year)
            most = max(most, min(cell.lasts, max(ahead, cell.window_years)))
    return most


def cells_record(people: People, grid: Grid, metrics: list[str], seed: int, years: int) -> Cells:
    """Cells as arrays; called when evaluation has said what it needs of them."""
    cells = people.cells
    index = {name: i for i, name in enumerate(people.cohorts)}

    def keys(kind: str) -> list[str]:
        return [f"cohorts.{c.cohort}/metrics.{c.metric}/{kind}" for c in cells]

    return Cells(
        cohort=ints([index[c.cohort] for c in cells]),
        metric=ints([metrics.index(c.metric) for c in cells]),
        kind=ints([KINDS[c.words.kind] for c in cells]),
        direction=floats([1.0 if c.words.better == "higher" else -1.0 for c in cells]),
        baseline=ints([c.baseline for c in cells]),
        form=ints([c.form for c in cells]),
        effect=ints([c.effect for c in cells]),
        declared=floats([c.declared for c in cells]),
        growth=ints([c.growth for c in cells]),
        growth_years=floats([c.growth_years for c in cells]),
        drift=ints([c.drift for c in cells]),
        truth=ints([c.truth for c in cells]),
        before=ints([c.before for c in cells]),
        needs_before=ints([c.needs_before for c in cells]),
        rho=floats([c.rho for c in cells]),
        table=ints([c.law for c in cells]),
        lasts=ints([c.lasts for c in cells]),
        window_years=ints([c.window_years for c in cells]),
        profile=table([c.words.shares for c in cells], max(years, 1), math.nan),
        at_year=ints([max(math.ceil(c.at_months / 12) - 1, 0) for c in cells]),
        at_periods=ints([max(math.ceil(c.at_months / grid.months), 1) for c in cells]),
        at_years=floats([c.at_months / 12 for c in cells]),
        given=ints(
            [people.find(c.cohort, c.words.given) if c.words.given else NONE for c in cells]
        ),
        person_key=frozen(
            stream_keys(
                seed, [person_stream(f"cohorts.{c.cohort}", c.metric, c.words) for c in cells]
            )
        ),
        year_key=frozen(stream_keys(seed, keys("year"))),
        outcome_key=frozen(stream_keys(seed, keys("outcome"))),
        events_key=frozen(stream_keys(seed, keys("events"))),
        view_start=starts([len(c.views) for c in cells]),
        currency=ints([1 if is_money(c.words) else 0 for c in cells]),
        level=ints([LEVELS[c.sampling.level] for c in cells]),
        expects=ints([1 for _ in cells]),
        sums=ints([c.sums for c in cells]),
        count_key=frozen(stream_keys(seed, keys("count"))),
        sum_key=frozen(stream_keys(seed, sum_streams(keys("sum")))),
    )


def sum_streams(heads: list[str]) -> list[str]:
    """The streams of each digit of the number of people: sum, sum.32, sum.1024."""
    tails = ["", *(f".{PEOPLE**i}" for i in range(1, DIGITS))]
    return [head + tail for head in heads for tail in tails]


def is_money(metric: Metric) -> bool:
    """True for an amount in the scenario's currency."""
    return metric.kind == "amount" and metric.unit is None
