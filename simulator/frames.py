"""Each path's figures and flows as tables: of blocks that were kept, and of a result in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.results import Layout, PathBlock

if TYPE_CHECKING:
    import pandas as pd


def figures_frame(layout: Layout, blocks: list[PathBlock]) -> pd.DataFrame:
    """Figures of kept blocks, one row per path."""
    import pandas as pd

    table = np.concatenate([block.figures for block in blocks], axis=1)
    frame = pd.DataFrame({name: table[i] for i, name in enumerate(layout.figures)})
    frame.index.name = "path"
    return frame


def flows_frame(layout: Layout, blocks: list[PathBlock]) -> pd.DataFrame:
    """Movements of kept blocks in long form."""
    import pandas as pd

    columns: dict[str, list[Any]] = {"path": [], "line": [], "instant": [], "amount": []}
    for block in blocks:
        line, instant, path = np.nonzero(block.flows)
        columns["path"].append(path + block.first)
        columns["line"].append(line)
        columns["instant"].append(instant)
        columns["amount"].append(block.flows[line, instant, path])
    frame = pd.DataFrame({name: np.concatenate(parts) for name, parts in columns.items()})
    names = [line.name for line in layout.lines]
    codes = np.asarray(frame["line"], dtype=np.int64)
    frame["line"] = pd.Categorical.from_codes(codes, categories=pd.Index(names))
    return frame.sort_values(["path", "line", "instant"], ignore_index=True)


@dataclass(frozen=True)
class Held:
    """The tables of a run from its first path on; flows where they were kept too."""

    figures: pd.DataFrame
    flows: pd.DataFrame | None = None

    def is_of(self, layout: Layout, paths: int) -> bool:
        """Whether they are still as a run of so many paths has left them, row by row.

        They are the reader's too, who may have sorted them or taken out what was not looked for.
        Amounts that were changed in their places are not noticed.
        """
        figures, flows = self.figures, self.flows
        if list(figures.columns) != list(layout.figures):
            return False
        if not np.array_equal(figures.index.to_numpy(), np.arange(paths)):
            return False
        if flows is None:
            return True
        if list(flows.columns) != ["path", "line", "instant", "amount"]:
            return False
        if not np.array_equal(flows.index.to_numpy(), np.arange(len(flows))):
            return False
        path = flows["path"].to_numpy()
        return bool(np.all(path[1:] >= path[:-1])) and not np.any(path[-1:] >= paths)

    def followed_by(self, layout: Layout, paths: int, blocks: list[PathBlock]) -> Held:
        """Their first paths, and then those of the blocks."""
        flows = None
        if self.flows is not None:
            rows = int(np.searchsorted(self.flows["path"].to_numpy(), paths))
            later = [flows_frame(layout, blocks)] if blocks else []
            flows = _in_one([self.flows.iloc[:rows], *later])
        later = [figures_frame(layout, blocks)] if blocks else []
        figures = _in_one([self.figures.iloc[:paths], *later])
        figures.index.name = "path"
        return Held(figures, flows)


def _in_one(frames: list[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    return pd.concat(frames, ignore_index=True)


def held_of(layout: Layout, blocks: list[PathBlock], *, flows: bool) -> Held:
    """The tables of blocks that were kept, from the first one on."""
    return Held(figures_frame(layout, blocks), flows_frame(layout, blocks) if flows else None)
