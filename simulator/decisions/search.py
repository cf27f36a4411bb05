"""A search over two to four terms: what each party can have, and what no other design betters.

    found = search(
        load_scenario("norrkoping"),
        {"payments.activity.terms.1.share": (0.2, 0.8), "limits.multiple": (1.0, 2.0)},
    )
    [design.values for design in found.frontier]

Designs are spread over the ranges (scrambled Halton or Sobol points, or a grid), all are simulated
on the same paths, and the undominated ones are kept: those that no other betters in the investor's
expected profit, its probability of loss and the municipality's net budget effect. What one party
gains in the mean the other mostly pays, so that hardly any design is better in all three; money
that differs by no more than a margin counts as equal, and the frontier shows for each division of
the money how low the probability of loss can be brought (the ε-constraint method).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

import numpy as np

from simulator.api import check_numbers
from simulator.decisions.experiment import Experiment, Floats
from simulator.decisions.keys import Opened, Pair
from simulator.decisions.ranges import Range, check_ranges
from simulator.engine import Progress
from simulator.errors import ScenarioError, SocsimError
from simulator.scenario.model import Scenario
from simulator.scenario.resolved import scenario_hash
from simulator.summary.estimates import Estimate, Z, estimate

SCHEMA_VERSION = 1
Method = Literal["halton", "sobol", "grid"]
FEWEST, MOST = 2, 4
"""Terms in a search."""
MOST_DESIGNS = 2_000
BATCHES = 200
"""Parts of the paths whose means tell how far two designs differ."""
PROFIT, LOSS, NET = (
    "investor.expected_profit",
    "investor.loss_probability",
    "municipality.net_budget_effect",
)
OBJECTIVES: tuple[tuple[str, str, int], ...] = (
    (PROFIT, "investor.profit", 1),
    (LOSS, "investor.is_loss", -1),
    (NET, "municipality.net_budget_effect", 1),
)
"""Figure, its series of a path, and whether more (+1) or less (−1) of it is better."""
MARGIN = 0.05
"""Money that differs by less than this share of its span over all designs counts as equal."""
_LOSS_ROW = [figure for figure, _, _ in OBJECTIVES].index(LOSS)
IRR = "investor.irr_of_expected_cash_flow"


@dataclass(frozen=True)
class Design:
    """One set of terms; `is_present` for those of the scenario as it is.

    `figures` are estimates with their Monte Carlo intervals; the rate of return is there for
    undominated designs only. `dominated_by` is the number of a design of the frontier that betters
    this one, None for those of the frontier themselves. `alike` are numbers of other designs of the
    frontier that are not told apart from this one in any of the figures.
    """

    number: int
    values: Mapping[str, float]
    is_present: bool
    figures: Mapping[str, Estimate]
    dominated_by: int | None = None
    alike: tuple[int, ...] = ()
    means: Floats = field(default_factory=lambda: np.zeros((0, 0)), repr=False, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """The design as in search.json."""
        return {
            "number": self.number,
            "values": dict(self.values),
            "present": self.is_present,
            "figures": {name: dict(found) for name, found in self.figures.items()},
            "undominated": self.dominated_by is None,
            "dominated_by": self.dominated_by,
            "alike": list(self.alike),
        }


@dataclass(frozen=True)
class Search:
    """Every design that was tried; the frontier are those that no other betters.

    `margins` are amounts by figure that count as no difference. `refused` counts designs that the
    language does not allow, with the first reason; `asked` is how many were asked for.
    """

    terms: tuple[Range, ...]
    designs: tuple[Design, ...]
    method: Method
    margins: Mapping[str, float]
    refused: int
    refused_because: str
    asked: int
    paths: int
    seed: int
    scenario_hash: str

    @property
    def frontier(self) -> tuple[Design, ...]:
        """The undominated designs, the best for the investor first."""
        found = [design for design in self.designs if design.dominated_by is None]
        return tuple(sorted(found, key=lambda design: -(design.figures[PROFIT]["estimate"] or 0.0)))

    def to_dict(self) -> dict[str, Any]:
        """The search as in search.json."""
        return {
            "schema_version": SCHEMA_VERSION,
            "simulation": {"paths": self.paths, "seed": self.seed},
            "scenario_hash": self.scenario_hash,
            "method": self.method,
            "asked": self.asked,
            "terms": [
                {key: value for key, value in asdict(term).items() if key != "points"}
                for term in self.terms
            ],
            "objectives": [
                {"figure": figure, "better": "higher" if sign > 0 else "lower"}
                for figure, _, sign in OBJECTIVES
            ],
            "margins": dict(self.margins),
            "frontier": [design.number for design in self.frontier],
            "designs": [design.to_dict() for design in self.designs],
            "refused": self.refused,
            "refused_because": self.refused_because,
        }


def search(
    scenario: Scenario,
    terms: Mapping[str, Pair] | Sequence[Range],
    *,
    designs: int = 64,
    method: Method = "halton",
    paths: int = 100_000,
    seed: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Search:
    """Try designs over ranges of two to four terms; keep those that no other betters.

    `terms` are ranges by key. Raises SocsimError for fewer or more terms, too many designs, a key
    that holds no number or is named twice, ends that the language refuses, and a contract without
    an investor.
    """
    check_numbers(paths, seed, threads)
    ranges = (
        [Range(key, *ends) for key, ends in terms.items()]
        if isinstance(terms, Mapping)
        else list(terms)
    )
    _check_size(ranges, designs)
    opened = Opened(scenario)
    check_ranges(ranges, opened, "--search")
    first = Experiment(scenario, paths=paths, seed=seed, threads=threads)
    if not first.figures()["investor.drawn"].number:
        raise SocsimError(
            "a search weighs the investor's return against the municipality's: this contract has "
            "no investor\n    allowed: a contract with [capital]\n"
            "    mend: look for one term with --key and --target"
        )
    wanted = spread(ranges, opened, designs, method, seed)
    made, refused = _allowed(opened, wanted)
    found: list[Design] = []
    for values, changed in made:
        lab = Experiment(changed, paths=paths, seed=seed, threads=threads)
        found.append(_tried(len(found), values, lab, is_present=changed is scenario))
        if progress:
            progress(len(found), len(made))
    margins = _margins(found)
    told = judged(found, margins)
    told = [_apart(_with_rate(d, opened, first), told) for d in told]
    return Search(
        tuple(ranges),
        tuple(told),
        method,
        margins,
        len(refused),
        refused[0] if refused else "",
        designs,
        paths,
        seed,
        scenario_hash(scenario),
    )


def _check_size(ranges: Sequence[Range], designs: int) -> None:
    if not FEWEST <= len(ranges) <= MOST:
        raise SocsimError(
            f"a search is over two to four terms; found {len(ranges)}\n"
            "    mend: name each with --search KEY=LOW..HIGH; one term alone is looked for with "
            "--key and --target"
        )
    if not 1 <= designs <= MOST_DESIGNS:
        raise SocsimError(f"a search tries between 1 and {MOST_DESIGNS} designs; found {designs}")


def spread(
    ranges: Sequence[Range], opened: Opened, designs: int, method: Method, seed: int
) -> list[dict[str, float]]:
    """The designs to try: spread evenly over the ranges, each value as short as it can be."""
    wholes = [opened.is_whole(one.key, one.low) for one in ranges]
    if method == "grid":
        side = max(2, round(designs ** (1.0 / len(ranges))))
        axes = [one.grid(side, whole) for one, whole in zip(ranges, wholes, strict=True)]
        points = [list(row) for row in np.stack(np.meshgrid(*axes), -1).reshape(-1, len(ranges))]
    else:
        from scipy.stats import qmc

        made = qmc.Sobol if method == "sobol" else qmc.Halton
        # a power of two keeps a Sobol sequence balanced; the first of them are taken
        count = 1 << math.ceil(math.log2(designs)) if method == "sobol" else designs
        units = made(len(ranges), scramble=True, rng=seed).random(count)[:designs]
        points = [
            [
                float(round(at)) if whole else one.short(at, 2)
                for one, whole, unit in zip(ranges, wholes, row, strict=True)
                for at in (one.low + unit * (one.high - one.low),)
            ]
            for row in units
        ]
    unique = dict.fromkeys(tuple(map(float, row)) for row in points)
    return [{one.key: at for one, at in zip(ranges, row, strict=True)} for row in unique]


def _allowed(
    opened: Opened, wanted: Sequence[Mapping[str, float]]
) -> tuple[list[tuple[Mapping[str, float], Scenario]], list[str]]:
    """The scenario as it is and each design that the language allows; why the others are refused.

    The scenario comes first, with its own values.
    """
    keys = list(wanted[0])
    now = {key: value for key in keys if (value := opened.now(key)) is not None}
    made: list[tuple[Mapping[str, float], Scenario]] = []
    if len(now) == len(keys):
        made.append((now, opened.scenario))
    refused = []
    for values in wanted:
        try:
            made.append((values, opened.at(values)))
        except ScenarioError as error:
            refused.append(str(error.problems[0]))
    if not made:
        raise SocsimError(f"the language refuses every design: {refused[0]}")
    return made, refused


def _tried(
    number: int, values: Mapping[str, float], lab: Experiment, *, is_present: bool
) -> Design:
    """One design's figures, and their means in batches of paths."""
    rows = lab.series([series for _, series, _ in OBJECTIVES])
    count = rows.shape[1]
    errors = rows.std(axis=1, ddof=1) / math.sqrt(count) if count > 1 else [None] * len(rows)
    batches = min(BATCHES, count)
    size = count // batches
    means = rows[:, : size * batches].reshape(len(rows), batches, size).mean(axis=2)
    figures = {
        figure: estimate(float(row.mean()), None if error is None else float(error))
        for (figure, _, _), row, error in zip(OBJECTIVES, rows, errors, strict=True)
    }
    return Design(number, values, is_present, figures, means=means)


def _margins(designs: Sequence[Design]) -> dict[str, float]:
    """What counts as no difference in money: a share of the span over all designs."""
    return {
        figure: MARGIN * float(np.ptp([design.figures[figure]["estimate"] for design in designs]))
        for figure in (PROFIT, NET)
    }


def judged(designs: Sequence[Design], margins: Mapping[str, float]) -> list[Design]:
    """The designs in their order, each with one of the frontier that betters it, if one does.

    They are taken up by rising probability of loss. One is set aside where a design that was kept
    before it is at least as good in both parties' money, up to the margins, and has a probability
    of loss that is lower by more than Monte Carlo error, or is better in everything.
    """
    kept: list[Design] = []
    by: dict[int, int | None] = {}
    for design in sorted(designs, key=lambda d: (_at(d, LOSS), -_at(d, NET) - _at(d, PROFIT))):
        better = [other for other in kept if betters(other, design, margins)]
        by[design.number] = better[0].number if better else None
        if not better:
            kept.append(design)
    return [replace(design, dominated_by=by[design.number]) for design in designs]


def _at(design: Design, figure: str) -> float:
    return float(design.figures[figure]["estimate"] or 0.0)


def betters(one: Design, other: Design, margins: Mapping[str, float]) -> bool:
    """Whether one is as good in money and clearly less likely to lose, or better in everything."""
    gap = {figure: sign * (_at(one, figure) - _at(other, figure)) for figure, _, sign in OBJECTIVES}
    if all(by >= 0.0 for by in gap.values()) and any(by > 0.0 for by in gap.values()):
        return True
    as_good = all(gap[figure] >= -margin for figure, margin in margins.items())
    return as_good and gap[LOSS] > 0.0 and bool(_different(one, other)[_LOSS_ROW])


def _different(one: Design, other: Design) -> Any:
    """By objective whether the paired difference is more than Monte Carlo error explains."""
    gap = one.means - other.means
    count = gap.shape[1]
    if count < 2:
        return np.zeros(len(gap), dtype=bool)
    return np.abs(gap.mean(axis=1)) > Z * gap.std(axis=1, ddof=1) / math.sqrt(count)


def _with_rate(design: Design, opened: Opened, first: Experiment) -> Design:
    """An undominated design with its rate of return on the expected cash flow."""
    if design.dominated_by is not None:
        return design
    changed = opened.scenario if design.is_present else opened.at(design.values)
    lab = Experiment(changed, paths=first.paths, seed=first.seed, threads=first.threads)
    leaf = lab.figures().get(IRR)
    rate = leaf.value if leaf is not None and isinstance(leaf.value, dict) else None
    parts = ("estimate", "standard_error", "mc_low", "mc_high")
    found: Estimate = {part: rate[part] if rate else None for part in parts}
    return replace(design, figures={**design.figures, IRR: found})


def _apart(design: Design, others: Sequence[Design]) -> Design:
    """An undominated design with the others that are not told apart from it."""
    if design.dominated_by is not None:
        return design
    alike = tuple(
        other.number
        for other in others
        if other.dominated_by is None
        and other.number != design.number
        and not np.any(_different(design, other))
    )
    return replace(design, alike=alike)


__all__ = ["Design", "Search", "betters", "judged", "search", "spread"]
