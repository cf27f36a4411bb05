"""Rows measured on whole processes: start-up, a long run, a second run, memory."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measuring import ROOT, SOCSIM, Pair, Row, child, in_turn, pair_row
from tests.benchmarks.sizes import Sizes

HEAVY = (
    "numpy", "numba", "scipy", "pandas", "plotly", "pydantic", "pyarrow", "rich", "jinja2", "babel",
)  # fmt: skip

IMPORT_NUMBA = (sys.executable, "-c", "import numba")
BARE_PYTHON = (sys.executable, "-c", "pass")
ANSWER_HELP = (
    "import sys\n"
    "from simulator.cli import main\n"
    "main(['--help'], standalone_mode=False)\n"
    "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
)


def run_once(
    scenario: str, paths: int, *options: str, keep: str = "summary"
) -> tuple[float, float]:
    """Seconds and peak MB of `socsim run`, into a folder that is thrown away."""
    words = ("run", scenario, "--paths", str(paths), "--keep", keep, "--no-report", *options)
    with tempfile.TemporaryDirectory() as folder:
        done = child([*SOCSIM, *words, "--out", folder])
        if not list(Path(folder).rglob("summary.json")):
            raise RuntimeError(f"socsim {' '.join(words)} left no summary")
    return done.seconds, done.peak


def norrkoping(sizes: Sizes) -> Iterator[Row]:
    """Norrköping from command line to result folder, beside the import of numba alone."""
    pair = in_turn(
        (lambda: run_once("norrkoping", sizes.run_paths), 1),
        (lambda: child(IMPORT_NUMBA), 1),
        sizes.process_repetitions,
    )
    yield seconds_row(
        "norrkoping",
        f"run norrkoping, {sizes.run_paths:,} paths",
        pair,
        peer="Python, import numba",
        target="≤ 3 s",
        limit=3.0,
    )


def edited(sizes: Sizes) -> Iterator[Row]:
    """The second run of a scenario with another number in it: no kernel is compiled again."""
    change = ("--set", "limits.multiple=1.15")
    pair = in_turn(
        (lambda: run_once("norrkoping", sizes.edited_paths, *change), 1),
        (lambda: child(IMPORT_NUMBA), 1),
        sizes.process_repetitions,
    )
    yield pair_row(
        "edited",
        f"  … edited, {sizes.edited_paths:,} paths",
        pair,
        peer="Python, import numba",
        unit="s",
        scale=1.0,
        sense="time",
        target="≤ 4 ×",
        limit=4,
    )


def start_up(sizes: Sizes) -> Iterator[Row]:
    """`socsim --help` as a whole process, and what it imports."""
    pair = in_turn(
        (lambda: child([*SOCSIM, "--help"]), 1),
        (lambda: child(BARE_PYTHON), 1),
        4 * sizes.process_repetitions,
    )
    yield seconds_row(
        "help", "socsim --help", pair, peer="Python alone", target="≤ 0.1 s", limit=0.1
    )
    heavy = heavy_imports()
    name = f"heavy modules it loads: {', '.join(heavy) or 'none'}"
    yield Row("help-imports", name, len(heavy), "modules", target="none", met=not heavy)


def heavy_imports() -> list[str]:
    """Those of HEAVY that are loaded after `socsim --help` has answered."""
    command = [sys.executable, "-c", ANSWER_HELP]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    return [name for name in HEAVY if name in loaded]


def memory(sizes: Sizes) -> Iterator[Row]:
    """Peak memory of whole runs of the benchmark; the peer is the smallest run."""
    run_once("benchmark", sizes.memory_paths[0])  # so that the first one measured does not compile
    base = 0.0
    for paths in sizes.memory_paths:
        peak = run_once("benchmark", paths)[1]
        base = base or peak
        smallest = paths == sizes.memory_paths[0]
        yield Row(
            name=f"memory-{paths}",
            what=f"peak memory, benchmark, {paths:,} paths",
            ours=peak,
            unit="MB",
            peer="" if smallest else f"{sizes.memory_paths[0]:,} paths",
            theirs=None if smallest else base,
            ratio=None if smallest else peak / base,
            sense="memory",
            target="" if smallest else "≤ 50 MB more",
            met=None if smallest else peak - base <= 50,
        )
    peak = run_once("benchmark", sizes.kept_paths, keep="paths")[1]
    yield Row(
        name=f"memory-kept-{sizes.kept_paths}",
        what=f"the same with --keep paths, {sizes.kept_paths:,} paths",
        ours=peak,
        unit="MB",
        peer=f"{sizes.memory_paths[0]:,} paths, summary alone",
        theirs=base,
        ratio=peak / base,
        sense="memory",
    )


def seconds_row(name: str, what: str, pair: Pair, *, peer: str, target: str, limit: float) -> Row:
    """A row whose target is a number of seconds, told beside the ratio."""
    row = pair_row(name, what, pair, peer=peer, unit="s", scale=1.0, sense="time", target=target)
    return Row(**{**row.__dict__, "met": row.ours <= limit})
