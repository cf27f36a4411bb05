"""What a run takes from its blocks: sums, and what it keeps of each path."""

from __future__ import annotations

from typing import Literal

import numpy as np

from simulator.results import ComingBlock, PathBlock
from simulator.streaming import PathFiles
from simulator.summary import Accumulator
from simulator.summary.accumulate import Partial
from simulator.summary.replicates import Groups

Keep = Literal["summary", "paths", "all"]
Reduced = tuple[Partial, PathBlock | None, Partial | None]
"""What is left of a block: its sums, what is kept of it, its sums in its group."""


class Kept:
    """A reducer that summarises, and keeps what it is asked to keep: in memory, or in `files`.

    With `groups` it summarises each group of replicates too.
    """

    def __init__(
        self,
        accumulator: Accumulator,
        keep: Keep,
        files: PathFiles | None,
        groups: Groups | None = None,
    ) -> None:
        self.accumulator = accumulator
        self.keep = keep
        self.files = files
        self.groups = groups
        self.blocks: list[PathBlock] = []

    def reduce(self, block: PathBlock) -> Reduced:
        """Any thread."""
        kept = None
        if self.keep == "paths":
            nothing = np.empty((len(block.flows), 0, block.paths))
            kept = PathBlock(block.first, block.figures, nothing)
        elif self.keep == "all":
            kept = block
        grouped = self.groups.reduce(block) if self.groups else None
        return self.accumulator.reduce(block), kept, grouped

    def reduce_coming(self, block: ComingBlock) -> Reduced:
        """Any thread; of a block of which nothing may have to be kept."""
        if self.keep != "summary" or self.groups is not None:
            return self.reduce(block.whole())
        return self.accumulator.reduce_coming(block), None, None

    def merge(self, partial: Reduced) -> None:
        """Path order."""
        summed, kept, grouped = partial
        self.accumulator.merge(summed)
        if self.groups is not None and grouped is not None:
            self.groups.merge(grouped)
        if kept is None:
            return
        if self.files is not None:
            self.files.add(kept)
        else:
            self.blocks.append(kept)
