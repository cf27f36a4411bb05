"""Sections of consecutive paths: the error of figures that are no means over paths.

A ratio, a quantile, a rate of return of the expected flow or the mean of a tail is figured on each
section apart, for all designs on the same ones. The spread of its differences between sections
gives the standard error of the difference over the whole run; the interval is Student's t.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from scipy import special

from simulator.results import PathBlock
from simulator.summary import Accumulator
from simulator.summary.accumulate import CHUNK, EXACT_PATHS, Gathered, Partial
from simulator.summary.estimates import Estimate, estimate
from simulator.summary.reading import Reading
from simulator.summary.sketch import Distribution

MANY = 25
"""Sections of a long run."""
FEW = 20
"""Where blocks would make fewer sections than this, they are halved."""
LEAST = 10
"""Sections in which a figure must exist for its error to be told."""
SHORTEST = 32
"""Paths in the shortest section."""


def section_size(paths: int) -> int:
    """Paths in a section: whole blocks, or a block halved until there are FEW sections.

    A section never has more paths than are kept exactly; longer runs have more sections.
    """
    blocks = paths // CHUNK
    if blocks >= 2 * MANY:
        return CHUNK * min(blocks // MANY, EXACT_PATHS // CHUNK)
    size = CHUNK
    while size > SHORTEST and paths // size < FEW:
        size //= 2
    return size


class SectionReading(Reading):
    """Reads one section: means and what is made of them, no ranges and no pictures.

    All its paths are kept, so there is nothing in sketches.
    """

    pictures = False

    def __init__(self, gathered: Gathered) -> None:
        super().__init__(gathered, None)

    def range_of(self, name: str) -> Distribution | None:  # type: ignore[override]
        """None is wanted."""
        return None


@dataclass
class Sections:
    """One design's sections while the run goes on.

    Those that begin before path `begins` are somebody else's; it is a multiple of their size.
    """

    accumulator: Accumulator
    size: int
    begins: int = 0
    _open: Gathered = field(init=False)

    def __post_init__(self) -> None:
        self._open = Gathered(self.accumulator.plan)

    def reduce(self, block: PathBlock) -> list[Partial]:
        """The block as parts of sections; any thread."""
        if block.first < self.begins:
            return []
        if self.size >= CHUNK:
            moved = PathBlock(block.first % self.size, block.figures, block.flows)
            return [self.accumulator.reduce_apart(moved, self.size)]
        parts = []
        for begins in range(0, block.paths - self.size + 1, self.size):
            cut = slice(begins, begins + self.size)
            part = PathBlock(0, block.figures[:, cut], block.flows[:, :, cut])
            parts.append(self.accumulator.reduce_apart(part, self.size))
        return parts

    def leave(self, paths: int) -> None:
        """Sections that begin before this path are completed by somebody else."""
        self.begins = -(-paths // self.size) * self.size

    def absorb(self, partial: Partial) -> SectionReading | None:
        """Add the next part, in path order; the section's reading when it is complete."""
        self._open.absorb(partial)
        if self._open.paths < self.size:
            return None
        complete, self._open = self._open, Gathered(self.accumulator.plan)
        return SectionReading(complete)


def sectioned(difference: float, by_section: list[float | None], size: int, paths: int) -> Estimate:
    """The difference of a whole run with its error from the differences of its sections.

    standard error = s·√(size/paths), s the standard deviation between sections; interval
    ± t·(standard error) with Student's t of sections − 1 degrees of freedom. No error where the
    figure exists in fewer than LEAST sections.
    """
    known = np.array([gap for gap in by_section if gap is not None], dtype=np.float64)
    if len(known) < LEAST:
        return estimate(difference, None)
    error = float(known.std(ddof=1)) * math.sqrt(size / paths) if np.ptp(known) > 0 else 0.0
    reach = float(special.stdtrit(len(known) - 1, 0.975)) * error
    return estimate(difference, error, difference - reach, difference + reach)
