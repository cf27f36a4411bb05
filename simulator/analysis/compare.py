"""Designs side by side on common random numbers: summaries, paired differences, what differs.

In a notebook:

    from simulator import compare
    comparison = compare(["norrkoping", "norrkoping@in_house", "norrkoping@nothing"])
    comparison.difference("norrkoping@in_house", "municipality.net_budget_effect")
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from simulator import __version__
from simulator.analysis.designs import Assumptions, Design, Reference, Shelf, make_design
from simulator.analysis.figures import Leaf, direction, is_on_paths
from simulator.analysis.inputs import differing_inputs
from simulator.analysis.joint import Together, net_of_paths, simulate_together
from simulator.analysis.sections import sectioned
from simulator.analysis.switching import switching_values
from simulator.api import check_numbers, simulate
from simulator.engine import Progress
from simulator.errors import SocsimError
from simulator.plan.common import drawn_finely
from simulator.scenario.model import Scenario
from simulator.scenario.resolved import scenario_hash
from simulator.summary.estimates import Estimate, estimate

if TYPE_CHECKING:
    import pandas as pd

    from simulator.cluster import Cluster

SCHEMA_VERSION = 1
"""Rises when a key changes its meaning."""
Method = Literal["paired", "sections", "exact"]


@dataclass(frozen=True)
class Difference:
    """One figure of one design less that of the first.

    `difference` is None where the figure exists in one of them only. `better` is the direction of
    good; the shares are of paths on which the design is better or worse than the first, None where
    the figure is none of a path or has no better direction. `method`: from the differences path by
    path, from sections of paths, or between plain numbers.
    """

    design: str
    figure: str
    difference: Estimate | None
    better: Literal["higher", "lower"] | None
    share_better: float | None
    share_worse: float | None
    method: Method | None


@dataclass(frozen=True)
class Comparison:
    """Designs compared: each one's summary, and differences against the first.

    Everything that the command line, the files and the page show is in `to_dict`. `workers` of a
    cluster have computed it, None where this machine has.
    """

    designs: tuple[Design, ...]
    summaries: tuple[dict[str, Any], ...]
    differences: tuple[Difference, ...]
    inputs: tuple[dict[str, Any], ...]
    switching: tuple[dict[str, Any], ...]
    assumptions: Assumptions
    paths: int
    seed: int
    sections: tuple[int, int]
    level: str
    version: str = __version__
    seconds: float = 0.0
    workers: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the designs, the first being the one that the others are compared with."""
        return tuple(design.name for design in self.designs)

    def summary(self, design: str) -> dict[str, Any]:
        """A design's summary, as `simulate(…).summary()` gives it."""
        return self.summaries[self.names.index(design)]

    def difference(self, design: str, figure: str) -> Difference:
        """A design's difference in a figure, such as "investor.expected_profit"."""
        for found in self.differences:
            if (found.design, found.figure) == (design, figure):
                return found
        raise SocsimError(f"no difference of {figure!r} for {design!r}")

    def to_dict(self) -> dict[str, Any]:
        """The comparison as in comparison.json."""
        first = self.designs[0].base
        return {
            "schema_version": SCHEMA_VERSION,
            "currency": first.currency,
            "simulation": {
                "paths": self.paths,
                "seed": self.seed,
                "version": self.version,
                "level": self.level,
                "sections": self.sections[0],
                "section_paths": self.sections[1],
            },
            "assumptions": asdict(self.assumptions),
            "designs": [
                {
                    "name": design.name,
                    "title": design.title,
                    "kind": design.kind,
                    "made": design.made,
                    "scenario": design.base.name,
                    "variant": list(design.base.variant),
                    "hash": scenario_hash(design.base),
                    "summary": summary,
                }
                for design, summary in zip(self.designs, self.summaries, strict=True)
            ],
            "differences": [asdict(found) for found in self.differences],
            "inputs": list(self.inputs),
            "switching": list(self.switching),
        }

    @property
    def table(self) -> pd.DataFrame:
        """The differences, one row for each design and figure, as in differences.parquet."""
        import pandas as pd

        from simulator.analysis.keep import difference_columns

        return pd.DataFrame(difference_columns(self))

    def save(self, root: str | Path) -> Path:
        """Write the folder `root/compare/NAME/`, whole or not at all; returns it."""
        from simulator.analysis.keep import save_comparison

        return save_comparison(self, root)

    def key(self) -> str:
        """The comparison's folder: what is compared, by hash, with seed and paths."""
        assumed = sorted(asdict(self.assumptions).items())
        text = repr([[d.name, d.kind, scenario_hash(d.base)] for d in self.designs] + [assumed])
        mark = hashlib.sha256(text.encode()).hexdigest()[:12]
        return f"{self.designs[0].base.name or 'scenario'}-{mark}-s{self.seed}-n{self.paths}"


def compare(  # noqa: PLR0913
    designs: Sequence[Reference],
    *,
    paths: int = 100_000,
    seed: int = 1,
    threads: int | None = None,
    overrides: Sequence[str] = (),
    assumptions: Assumptions | None = None,
    switching: bool = True,
    progress: Progress | None = None,
    cluster: Cluster | None = None,
) -> Comparison:
    """Simulate two or more designs over the same paths and compare each with the first.

    A design is a scenario by name or path, `NAME@variant`, a scenario already loaded, or a
    scenario with one of the designs that need no file: `@nothing`, `@in_house`,
    `@in_house_reinvested`, `@internal_fund`. `overrides` apply to all. `assumptions` are those of
    the designs without a file; `switching` says whether to look for the effect at which in-house
    and contract are equally good. On a `cluster` (see `simulator.connect`) workers simulate whole
    stretches of paths, with the same bits. Raises SocsimError for fewer than two designs, for
    currencies that differ, and for designs that a scenario cannot have.
    """
    check_numbers(paths, seed, threads)
    began = time.monotonic()
    assumed = assumptions or Assumptions()

    def expected_margin(scenario: Scenario) -> float:
        summary = simulate(
            scenario, paths=paths, seed=seed, threads=threads, cluster=cluster
        ).summary()
        drawn = summary["investor"]["drawn"]["estimate"]
        return float(summary["investor"]["expected_profit"]["estimate"] / drawn) if drawn else 0.0

    made = prepare(designs, Shelf(tuple(overrides), expected_margin), assumed)
    alike: dict[str, Any] = {"paths": paths, "seed": seed, "threads": threads}
    alike |= {"progress": progress, "cluster": cluster}
    together = simulate_together(made, assumed, **alike)
    simulated = partial(net_of_paths, **alike)
    solved = switching_values(made, simulated) if switching else []
    return Comparison(
        designs=tuple(made),
        summaries=tuple(together.summaries),
        differences=tuple(differences(made, together, paths)),
        inputs=tuple(differing_inputs(made)),
        switching=tuple(solved),
        assumptions=assumed,
        paths=paths,
        seed=seed,
        sections=(len(together.sections[0]), together.section_paths),
        level=together.level,
        seconds=time.monotonic() - began,
        workers=None if cluster is None else len(cluster.helped),
    )


def prepare(designs: Sequence[Reference], shelf: Shelf, assumed: Assumptions) -> list[Design]:
    """All designs, named apart and drawn alike; refuses what cannot be compared."""
    if len(designs) < 2:
        raise SocsimError(
            f"a comparison needs at least two designs; found {len(designs)}\n"
            "    mend: name another one, such as SCENARIO@in_house or SCENARIO@nothing"
        )
    made: list[Design] = []
    for reference in designs:
        design = make_design(reference, shelf, assumed)
        same = sum(known.name.split(" (")[0] == design.name for known in made)
        made.append(replace(design, name=f"{design.name} ({same + 1})") if same else design)
    currencies = {design.name: design.base.currency for design in made}
    if len(set(currencies.values())) > 1:
        listed = ", ".join(f"{name}: {currency}" for name, currency in currencies.items())
        raise SocsimError(
            f"designs in different currencies cannot be compared; found {listed}\n"
            "    mend: compare designs in one currency"
        )
    fine = drawn_finely(*(design.scenario for design in made))
    return [replace(design, fine=fine) for design in made]


def differences(designs: list[Design], together: Together, paths: int) -> list[Difference]:
    """Every figure of every design against the first, in the order of the first's summary."""
    known = dict.fromkeys(
        name
        for figures in together.figures
        for name, leaf in figures.items()
        if leaf.value is not None
    )
    return [
        _difference(design, number, figure, together, paths)
        for number, design in enumerate(designs)
        if number
        for figure in known
    ]


def _difference(
    design: Design, number: int, figure: str, together: Together, paths: int
) -> Difference:
    nothing = Leaf(None)
    first = together.figures[0].get(figure, nothing)
    other = together.figures[number].get(figure, nothing)
    sign = direction(figure)
    better: Literal["higher", "lower"] | None = "higher" if sign > 0 else "lower" if sign else None
    mine, theirs = first.number, other.number
    if mine is None or theirs is None:
        return Difference(design.name, figure, None, better, None, None, None)
    if first.is_exact and other.is_exact:
        found = estimate(theirs - mine, 0.0)
        return Difference(design.name, figure, found, better, None, None, "exact")
    pair = together.pairs[number - 1]
    if first.series is not None and first.series == other.series and first.series in pair.names:
        gap = pair.difference(first.series, together.rounding)
        if gap is not None:
            told = sign if is_on_paths(figure) else 0
            shares = _shares(pair.shares(first.series), told)
            return Difference(design.name, figure, gap, better, *shares, "paired")
    gap = _sectioned(theirs - mine, figure, number, together, paths)
    return Difference(design.name, figure, gap, better, None, None, "sections")


def _shares(higher_lower: tuple[float, float], sign: int) -> tuple[float | None, float | None]:
    if sign == 0:
        return None, None
    return higher_lower if sign > 0 else (higher_lower[1], higher_lower[0])


def _sectioned(gap: float, figure: str, number: int, together: Together, paths: int) -> Estimate:
    by_section = [
        None
        if mine.get(figure) is None or theirs.get(figure) is None
        else theirs[figure] - mine[figure]  # type: ignore[operator]
        for mine, theirs in zip(together.sections[0], together.sections[number], strict=True)
    ]
    return sectioned(gap, by_section, together.section_paths, paths)
