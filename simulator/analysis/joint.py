"""Several designs on the same paths, block by block; memory does not grow with the paths."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from simulator import __version__
from simulator.analysis.designs import Assumptions, Design
from simulator.analysis.figures import SERIES, Leaf, figures_of, without_series
from simulator.analysis.internal_fund import InternalFund, fund_section
from simulator.analysis.paired import Paired, PairedPartial, catch, reached_series
from simulator.analysis.sections import SectionReading, Sections, section_size
from simulator.engine import Engine, Progress
from simulator.plan.build import Built
from simulator.plan.common import levels_of
from simulator.results import Layout, PathBlock
from simulator.scenario.resolved import scenario_hash
from simulator.scenario.sampling import Level
from simulator.summary import Accumulator
from simulator.summary.accumulate import Partial
from simulator.summary.estimates import Estimate
from simulator.summary.passes import Floats
from simulator.summary.reading import Reading
from simulator.summary.summary import parts_of, plain, summary_of

if TYPE_CHECKING:
    from simulator.cluster import Cluster
    from simulator.spread import Spread


class NamedReading(Reading):
    """Reads a run; an estimate that is a mean of a series says of which."""

    def estimate(self, name: str) -> Estimate | None:
        """The estimate with the series' name."""
        return _named(super().estimate(name), name)

    def mean_alone(self, name: str) -> Estimate | None:
        """The estimate with the series' name."""
        return _named(super().mean_alone(name), name)

    def share(self, indicator: str) -> Estimate | None:
        """The share with the series' name."""
        return _named(super().share(indicator), indicator)

    def reached_share(self, year_index: int, payer: int = 0) -> Estimate | None:
        """The share with the series' name."""
        party, year = self.plan.layout.payers[payer], self.plan.years[year_index]
        return _named(super().reached_share(year_index, payer), reached_series(party, year))


def _named(made: Estimate | None, name: str) -> Estimate | None:
    return None if made is None else {**made, SERIES: name}  # type: ignore[dict-item]


@dataclass
class Run:
    """One design while it is simulated."""

    design: Design
    built: Built
    layout: Layout
    fund: InternalFund | None
    accumulator: Accumulator
    sections: Sections
    engine: Engine[Any]
    by_section: list[dict[str, float | None]] = field(default_factory=list)

    @classmethod
    def of(
        cls, design: Design, assumed: Assumptions, seed: int, paths: int, threads: int | None
    ) -> Run:
        """A design made ready."""
        built = design.built(seed)
        fund = None
        layout = built.layout
        if design.kind == "internal_fund":
            fund = InternalFund.of(layout, assumed.payback_share)
            layout = fund.extended_layout()
        accumulator = Accumulator(layout, paths)
        sections = Sections(accumulator, section_size(paths))
        engine = Engine[Any](built, threads, reuse=True)
        return cls(design, built, layout, fund, accumulator, sections, engine)

    def beginning(self, first: int, like: Run | None = None) -> Run:
        """The same design from path `first` on, going on with the sections of the run `like`."""
        accumulator = Accumulator(self.layout, self.accumulator.expected, first=first)
        sections = like.sections if like else Sections(accumulator, self.sections.size)
        if like is None:
            sections.leave(first)
        sections.accumulator = accumulator
        return replace(self, accumulator=accumulator, sections=sections, by_section=[])

    def extended(self, block: PathBlock) -> PathBlock:
        """The block with the figures that the design has besides."""
        return block if self.fund is None else self.fund.extended(block)

    def summary(self, reading: Reading, seed: int) -> dict[str, Any]:
        """The summary of what was read, with the fund's own figures where there is one."""
        scenario = self.design.scenario
        made = summary_of(
            reading,
            scenario,
            seed=seed,
            version=__version__,
            scenario_hash=scenario_hash(scenario),
        )
        return {**made, "internal_fund": plain(self._fund_section(reading))}

    def figures(self, reading: SectionReading) -> dict[str, float | None]:
        """Every figure of one section."""
        parts = parts_of(reading, self.design.scenario)
        found = figures_of({**parts, "internal_fund": self._fund_section(reading)})
        return {sys.intern(name): leaf.number for name, leaf in found.items()}

    def absorb(self, parts: list[Partial]) -> None:
        """Add the parts of sections of the next block."""
        for part in parts:
            complete = self.sections.absorb(part)
            if complete is not None:
                self.by_section.append(self.figures(complete))

    def _fund_section(self, reading: Reading) -> dict[str, Any] | None:
        if self.fund is None:
            return None
        return fund_section(reading, self.design.scenario, self.fund)


@dataclass(frozen=True)
class _Left:
    """What is left of a block of one design."""

    partial: Partial
    sections: list[Partial]
    paired: PairedPartial | None


class Joint:
    """A reducer of the first design's blocks that simulates the same paths of all the others.

    Designs compared together are planned together, at the finest level any of them needs: see
    `common_level`.
    """

    def __init__(self, runs: list[Run]) -> None:
        self.runs = runs
        plans = [run.accumulator.plan for run in runs]
        self.pairs = [Paired(plans[0], plan) for plan in plans[1:]]

    def reduce(self, block: PathBlock) -> list[_Left]:
        """Any thread: this stretch of paths in every design."""
        left: list[_Left] = []
        first: Floats | None = None
        for number, run in enumerate(self.runs):
            mine = block if number == 0 else run.engine.block(block.first, block.paths)
            mine = run.extended(mine)
            rows: list[Floats] = []
            partial = run.accumulator.reduce(mine, catch(run.accumulator.plan, rows))
            sections = run.sections.reduce(mine)
            first = rows[0] if first is None else first
            paired = self.pairs[number - 1].reduce(first, rows[0], block.first) if number else None
            left.append(_Left(partial, sections, paired))
        return left

    def merge(self, left: list[_Left]) -> None:
        """In path order."""
        for number, (run, mine) in enumerate(zip(self.runs, left, strict=True)):
            run.accumulator.merge(mine.partial)
            run.absorb(mine.sections)
            if mine.paired is not None:
                self.pairs[number - 1].absorb(mine.paired, mine.partial.paths)


def common_level(designs: list[Design]) -> Level:
    """The level at which designs that are compared are drawn: the finest that any of them needs.

    Of several metrics the finest; each metric has one level in all of them (`Design.fine`).
    """
    found = {
        level for design in designs for level in levels_of(design.scenario, design.fine).values()
    }
    return min(found, key=get_args(Level).index)


@dataclass(frozen=True)
class Together:
    """What came out of simulating designs together.

    `level` is that at which all are drawn; `summaries` and `figures` by design; `pairs` and
    `sections` as they are used for differences, `rounding` what rounding leaves of amounts.
    """

    level: Level
    summaries: list[dict[str, Any]]
    figures: list[dict[str, Leaf]]
    pairs: list[Paired]
    rounding: float
    sections: list[list[dict[str, float | None]]]
    section_paths: int
    layouts: list[Layout]


def simulate_together(
    designs: list[Design],
    assumed: Assumptions,
    *,
    paths: int,
    seed: int,
    threads: int | None = None,
    progress: Progress | None = None,
    cluster: Cluster | None = None,
) -> Together:
    """Simulate all designs over the same paths, at their common level."""
    level = common_level(designs)
    runs = [Run.of(design, assumed, seed, paths, threads) for design in designs]
    joint = Joint(runs)
    engine: Engine[Any] | Spread = runs[0].engine
    if cluster is not None:
        engine = _spread(cluster, runs, assumed, seed, paths)
    engine.run(joint, paths, progress=progress)
    readings = [run.accumulator.reading(NamedReading) for run in runs]
    named = [run.summary(reading, seed) for run, reading in zip(runs, readings, strict=True)]
    return Together(
        level=level,
        summaries=[without_series(summary) for summary in named],
        figures=[figures_of(summary) for summary in named],
        pairs=joint.pairs,
        rounding=max(reading.rounding for reading in readings),
        sections=[run.by_section for run in runs],
        section_paths=runs[0].sections.size,
        layouts=[run.layout for run in runs],
    )


def net_of_paths(
    design: Design,
    *,
    paths: int,
    seed: int,
    threads: int | None,
    progress: Progress | None = None,
    cluster: Cluster | None = None,
) -> Floats:
    """The municipality's net budget effect on each path, (paths,)."""
    built = design.built(seed)
    keeper = Keeper(built.layout.figures.index("municipality.net_budget_effect"))
    here = Engine[Any](built, threads, reuse=True)
    engine = here if cluster is None else _spread_figure(cluster, here, design, seed)
    engine.run(keeper, paths, progress=progress)
    return np.concatenate(keeper.parts)


def _spread(
    cluster: Cluster, runs: list[Run], assumed: Assumptions, seed: int, paths: int
) -> Spread:
    """What simulates designs on a cluster; it is imported where there is one."""
    from simulator.analysis.spread import OfDesigns
    from simulator.spread import Spread

    designs = [run.design for run in runs]
    return Spread(cluster, runs[0].engine, OfDesigns.of(designs, assumed, seed, paths))


def _spread_figure(cluster: Cluster, engine: Engine[Any], design: Design, seed: int) -> Spread:
    """The same for one figure on each path."""
    from simulator.analysis.spread import OfFigure
    from simulator.spread import Spread

    return Spread(cluster, engine, OfFigure.of(design, seed))


class Keeper:
    """Keeps one figure of every path."""

    def __init__(self, row: int) -> None:
        self.row = row
        self.parts: list[Floats] = []

    def reduce(self, block: PathBlock) -> Floats:
        """The figure of a block; any thread."""
        kept: Floats = block.figures[self.row].copy()
        return kept

    def merge(self, partial: Floats) -> None:
        """Path order."""
        self.parts.append(partial)
