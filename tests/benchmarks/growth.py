"""How the cost of a path grows with the contract, and that of a run with its paths.

Contracts that differ in one size alone are measured in turn, from the smallest to the largest and
back, on one thread, in processor time. A straight line is fitted to the medians; what is farthest
from it says whether the cost is linear.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from simulator import load_scenario, simulate
from simulator.engine import CHUNK, Engine
from simulator.plan.build import build
from tests.benchmarks.grown import Size, contract
from tests.benchmarks.measuring import Job, Row
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.table import number

STEPS: dict[str, tuple[int, ...]] = {
    "cohorts": (1, 2, 4, 8, 16),
    "metrics": (1, 2, 4, 8, 16),
    "periods": (10, 20, 40, 120),
    "terms": (1, 4, 8, 16, 32),
}
PATHS = {
    "kept": (8_192, 16_384, 32_768, 65_536, 131_072),
    "sketched": (262_144, 524_288, 786_432, 1_048_576),
}
"""Up to 131,072 paths every one is kept and sorted; beyond, sketches take over (decision 0008)."""
EVEN = 0.1
"""A cost that no point is farther from than a tenth is called linear."""


@dataclass(frozen=True)
class Line:
    """cost = fixed + each · size, fitted to relative errors; `off` is the largest of these."""

    fixed: float
    each: float
    off: float


def fit(sizes: Sequence[float], costs: Sequence[float]) -> Line:
    """The straight line with the least sum of squared relative errors."""
    cost = np.array(costs, dtype=float)
    columns = np.column_stack([np.ones(len(cost)), np.array(sizes, dtype=float)]) / cost[:, None]
    fixed, each = np.linalg.lstsq(columns, np.ones(len(cost)), rcond=None)[0]
    return Line(float(fixed), float(each), float(np.abs(columns @ [fixed, each] - 1.0).max()))


def in_rounds(jobs: Sequence[Job], repetitions: int) -> list[list[float]]:
    """Processor seconds of each job, in rounds that go up and down, after one warm call of each."""
    for job in jobs:
        job()
    seconds: list[list[float]] = [[] for _ in jobs]
    for repetition in range(max(repetitions, 2)):
        order = list(enumerate(jobs))
        for place, job in order if repetition % 2 == 0 else reversed(order):
            began = time.process_time()
            job()
            seconds[place].append(time.process_time() - began)
    return seconds


def growth(sizes: Sizes) -> Iterator[Row]:
    """A row for each size of a contract, and one for the number of paths."""
    for what, steps in STEPS.items():
        chosen = steps if sizes.growth_steps is None else steps[: sizes.growth_steps]
        jobs = [_blocks(Size(**{what: step}), sizes.growth_blocks) for step in chosen]
        paths = sizes.growth_blocks * CHUNK
        rounds = in_rounds(jobs, sizes.repetitions)
        noun = {"metrics": "outcomes"}.get(what, what)
        yield _row(what, f"a path, {noun}:", chosen, rounds, 1e9 / paths, "ns a path")
    for how, steps in PATHS.items():
        counts = [step // sizes.growth_divided for step in steps[: sizes.growth_steps]]
        rounds = in_rounds([_call(count) for count in counts], max(sizes.repetitions // 2, 2))
        yield _row(f"paths-{how}", "simulate(), paths:", counts, rounds, 1e3, "ms")


def _blocks(size: Size, blocks: int) -> Job:
    engine: Engine[None] = Engine(build(contract(size), 1), threads=1, reuse=True)

    def job() -> None:
        for block in range(blocks):
            engine.block(block * CHUNK, CHUNK)

    return job


def _call(paths: int) -> Job:
    """The whole call on the benchmark."""
    scenario = load_scenario("benchmark")
    return lambda: simulate(scenario, paths=paths, threads=1)


def _row(
    what: str,
    said: str,
    steps: Sequence[int],
    rounds: list[list[float]],
    scale: float,
    unit: str,
) -> Row:
    medians = [statistics.median(seconds) * scale for seconds in rounds]
    line = fit(steps, medians)
    each = number(line.each * 1e6, "ns") if unit == "ms" else number(line.each, unit)
    return Row(
        name=f"growth-{what}",
        what=f"{said} {steps[-1]:,}",
        ours=medians[-1],
        unit=unit,
        peer=f"with {steps[0]:,}",
        theirs=medians[0],
        ratio=medians[-1] / medians[0],
        sense="time",
        target=f"{each} each ± {line.off:.0%}",
        met=line.off <= EVEN,
        samples={
            "sizes": [float(step) for step in steps],
            "medians": medians,
            "line": [line.fixed, line.each, line.off],
            **{f"seconds_{step}": seconds for step, seconds in zip(steps, rounds, strict=True)},
        },
    )


def plot(rows: Sequence[Row], file: Path) -> None:
    """The measured costs and the fitted lines as one page that works offline."""
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    titles = [row.what.rsplit(":", 1)[0] for row in rows]
    figure: Any = make_subplots(rows=2, cols=3, subplot_titles=titles)
    for place, row in enumerate(rows):
        sizes, (fixed, each, _) = row.samples["sizes"], row.samples["line"]
        at = {"row": place // 3 + 1, "col": place % 3 + 1}
        line = [fixed + each * size for size in sizes]
        figure.add_trace(go.Scatter(x=sizes, y=line, mode="lines", line={"color": "#888"}), **at)
        figure.add_trace(go.Scatter(x=sizes, y=row.samples["medians"], mode="markers"), **at)
        figure.update_yaxes(title_text=row.unit, rangemode="tozero", **at)
    figure.update_layout(
        title="How the cost grows: measured, and a straight line",
        showlegend=False,
        template="plotly_white",
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.write_html(file, include_plotlyjs=True, config={"displayModeBar": False})


def written(rows: Sequence[Row], stored: Path) -> Path | None:
    """The plot beside the stored run; None where growth was not measured."""
    grown = [row for row in rows if row.name.startswith("growth-")]
    if not grown:
        return None
    file = stored.with_name(f"{stored.stem}-growth.html")
    plot(grown, file)
    return file
