"""`python -m tests.benchmarks`: every speed target with its peer beside it, in one run.

python -m tests.benchmarks                 everything, about ten minutes on a quiet machine
python -m tests.benchmarks --only kernel   one part; --quick: small, to see that it runs
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

# The peers get one thread as the kernel does; NumPy reads these when it is imported.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

from tests.benchmarks import (  # noqa: E402
    contract,
    growth,
    hardcoded,
    inside,
    portfolio,
    processes,
    table,
    words,
)
from tests.benchmarks.measuring import ROOT, Row  # noqa: E402
from tests.benchmarks.sizes import FULL, QUICK, Sizes  # noqa: E402

PARTS: dict[str, Callable[[Sizes], Iterator[Row]]] = {
    "words": words.raw_words,
    "kernel": inside.kernel,
    "hardcoded": hardcoded.beside_the_engine,
    "simulate": inside.call,
    "threads": inside.threads,
    "irr": inside.irr,
    "contract": contract.program,
    "norrkoping": processes.norrkoping,
    "edited": processes.edited,
    "help": processes.start_up,
    "memory": processes.memory,
    "fund": portfolio.beside_numpy,
    "thousand": portfolio.memory,
    "growth": growth.growth,
}


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description="Measure the speed targets, side by side."
    )
    parser.add_argument("--quick", action="store_true", help="small sizes: only see that it runs")
    parser.add_argument("--long", action="store_true", help="memory with 10⁸ paths too: minutes")
    parser.add_argument("--only", action="append", choices=list(PARTS), help="one part; repeatable")
    parser.add_argument(
        "--out", type=Path, default=ROOT / "results" / "bench", help="folder for the JSON file"
    )
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> list[Row]:
    """Measure, print each row when it is known, store them; returns them."""
    asked = options(arguments)
    sizes = QUICK if asked.quick else FULL
    if asked.long:
        sizes = replace(sizes, memory_paths=(*sizes.memory_paths, 100_000_000))
    rows: list[Row] = []
    print(table.head(), flush=True)
    for part in asked.only or PARTS:
        for row in PARTS[part](sizes):
            rows.append(row)
            print(table.line(row), flush=True)
    print("\nMedians of repetitions taken in turn; ns are for one path, or one random word.")
    print(stored(rows, asked))
    return rows


def stored(rows: list[Row], asked: argparse.Namespace) -> str:
    """Where the run was written, and the plot of what grew."""
    file = table.store(rows, asked.out, quick=asked.quick)
    drawn = growth.written(rows, file)
    return f"Stored in {file}" + (f", drawn in {drawn}" if drawn else "")


if __name__ == "__main__":
    main()
