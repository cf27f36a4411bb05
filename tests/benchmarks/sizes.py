"""How much is measured: enough for a figure, or just enough to see that it runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """Numbers of paths and repetitions."""

    repetitions: int
    blocks: int  # of 4,096 paths, in one repetition of the kernel and of its peers
    call_blocks: tuple[int, ...]  # of the whole call beside its kernel, once more
    slow_paths: int  # for plain Python and pyxirr
    thread_paths: tuple[int, ...]  # of the whole call on two threads: a short run, a long one
    process_repetitions: int
    run_paths: int  # Norrköping as a whole process
    edited_paths: int  # an edited scenario as a whole process
    memory_paths: tuple[int, ...]
    kept_paths: int
    fund_offered: tuple[int, ...]  # contracts by fund year
    fund_paths: int  # of the portfolio
    fund_memory_paths: tuple[int, ...]
    growth_blocks: int  # of one repetition, for contracts that grow
    growth_steps: int | None  # so many sizes of each kind; None: all
    growth_divided: int  # what the paths of whole calls are divided by


FULL = Sizes(
    repetitions=9,
    blocks=16,
    call_blocks=(25, 244, 976, 1952),
    slow_paths=400,
    thread_paths=(262_144, 1_048_576),
    process_repetitions=3,
    run_paths=1_000_000,
    edited_paths=100_000,
    memory_paths=(100_000, 1_000_000, 10_000_000),
    kept_paths=1_000_000,
    fund_offered=(100,) * 10,
    fund_paths=1_024,
    fund_memory_paths=(1_000, 10_000, 100_000),
    growth_blocks=8,
    growth_steps=None,
    growth_divided=1,
)

QUICK = Sizes(
    repetitions=2,
    blocks=1,
    call_blocks=(1,),
    slow_paths=20,
    thread_paths=(8_192,),
    process_repetitions=1,
    run_paths=4_096,
    edited_paths=4_096,
    memory_paths=(4_096, 16_384),
    kept_paths=16_384,
    fund_offered=(6, 4),
    fund_paths=256,
    fund_memory_paths=(256, 1_024),
    growth_blocks=1,
    growth_steps=2,
    growth_divided=16,
)
