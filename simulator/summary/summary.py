"""The machine-readable summary: one nested object, the same in `--json` and in `summary.json`."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from simulator.errors import InternalError
from simulator.results import ComingBlock, Layout, PathBlock
from simulator.summary.accumulate import (
    CHUNK,
    EXACT_PATHS,
    RANGE_PATHS,
    STRETCH,
    Gathered,
    Kept,
    Look,
    Partial,
    Sheets,
    Sums,
    reduce_block,
)
from simulator.summary.cases import cases_section
from simulator.summary.events import events_section
from simulator.summary.flows import Columns, cash_flow_columns, frame_of
from simulator.summary.investor import figures_of, investor_section
from simulator.summary.municipality import (
    contract_section,
    municipality_section,
    payer_section,
)
from simulator.summary.outcomes import measures_section, outcomes_section
from simulator.summary.payer_rows import MUNICIPALITY
from simulator.summary.reading import Reading
from simulator.summary.series import INVESTOR, plan_series
from simulator.summary.society import (
    guarantor_section,
    parties_section,
    society_section,
    title_of,
)
from simulator.summary.verdict import verdict

if TYPE_CHECKING:
    import pandas as pd

    from simulator.scenario.model import Scenario

SCHEMA_VERSION = 1
"""Rises when a key changes its meaning."""
_PICTURES = ("histogram", "point_masses", "loss_exceedance")  # not repeated for each class
_OF_ALL = ("maximum_loss", "by_year")  # of all private capital together


class Accumulator:
    """Takes blocks, keeps what the summary needs, and no more with more paths.

    `add` takes blocks in path order. Several threads may call `reduce` on different blocks at once,
    in any order, and one of them `merge` with the results in path order: the bits are the same.
    `follow` takes a stretch of blocks that another accumulator, perhaps of another process, has
    taken from `first` on; it begins and ends at multiples of STRETCH.

    `paths`, where it is known how many will come, saves keeping what only fewer or more would need.
    The last block may be smaller than CHUNK. It is kept apart: `whole_paths` says how many others
    there are, to which more may be added (see `simulator.summary.state`).
    """

    def __init__(self, layout: Layout, paths: int | None = None, *, first: int = 0) -> None:
        if first % STRETCH:
            raise InternalError(f"a stretch cannot begin at path {first}")
        self.plan = plan_series(layout)
        self._expected = paths
        self._before = Gathered(self.plan, first)
        self._stretch = Gathered(self.plan, first)
        self._last: Partial | None = None
        self._sheets: list[Sheets] = []
        self._idle: list[Sheets] = []
        self._last_sheets: Sheets | None = None
        self._kept: Kept | None = None
        self._spare: list[Sums] = []
        self._lock = threading.Lock()

    @property
    def expected(self) -> int | None:
        """How many paths will come, where that is known."""
        return self._expected

    @property
    def first(self) -> int:
        """The first path."""
        return self._before.first

    @property
    def paths(self) -> int:
        """Paths merged so far."""
        return self.whole_paths + (self._last.paths if self._last else 0)

    @property
    def whole_paths(self) -> int:
        """Paths of the whole blocks merged so far."""
        return self._before.paths + self._stretch.paths

    def add(self, block: PathBlock) -> None:
        """Reduce and merge the next block."""
        self.merge(self.reduce(block))

    def reduce(self, block: PathBlock, look: Look | None = None) -> Partial:
        """Reduce a block; may run in several threads at once. Every partial must be merged.

        `look` is shown the block's rows by table before they are forgotten.
        """
        if block.paths < CHUNK:
            sheets = self._last_sheets = Sheets(self.plan)
            return self._reduce(block, sheets, look)
        with self._working_space() as sheets:
            return self._reduce(block, sheets, look)

    def reduce_coming(self, block: ComingBlock) -> Partial:
        """The same of one that is still to be simulated, as a whole only where that is needed."""
        if block.paths < CHUNK:
            return self.reduce(block.whole())
        with self._working_space() as sheets:
            return self._reduce(block, sheets, None)

    def _reduce(self, block: PathBlock | ComingBlock, sheets: Sheets, look: Look | None) -> Partial:
        kept = self._room(block.first + block.paths)
        return reduce_block(
            self.plan, block, sheets, self._expected, look=look, kept=kept, spare=self._spare
        )

    def _room(self, end: int) -> Kept | None:
        """Where what is kept exactly of paths before `end` is written.

        None where nothing is kept, and while nobody knows how much will come.
        """
        if self._expected is None or end > min(self._expected, EXACT_PATHS):
            return None
        with self._lock:
            if self._kept is None:
                self._kept = Kept(self.plan, self._expected)
            return self._kept

    def reduce_apart(self, block: PathBlock, paths: int) -> Partial:
        """Reduce a block of another, shorter run of so many paths; it is not to be merged here."""
        with self._working_space() as sheets:
            return reduce_block(self.plan, block, sheets, paths, ranges=False)

    @contextmanager
    def _working_space(self) -> Iterator[Sheets]:
        """Sheets that no other thread uses meanwhile."""
        with self._lock:
            if not self._idle:
                self._sheets.append(Sheets(self.plan))
                self._idle.append(self._sheets[-1])
            sheets = self._idle.pop()
        try:
            yield sheets
        finally:
            with self._lock:
                self._idle.append(sheets)

    def merge(self, partial: Partial) -> None:
        """Add a reduced block, in path order; one thread at a time.

        Its arrays are then used for another block.
        """
        if self._last is not None:
            raise InternalError(f"a block at path {partial.first} came after the last one")
        if partial.paths < CHUNK:
            if partial.first != self._stretch.end:
                raise InternalError(f"block at path {partial.first} came out of order")
            self._last = partial
            return
        self._stretch.absorb(partial)
        self._spare.append(partial.sums)
        if self._stretch.end % STRETCH == 0:
            self._close()

    def follow(self, stretch: Accumulator) -> None:
        """Add the stretches that another one has taken, which come next.

        Each of the two must be at the end of a stretch. Raises InternalError where they are not.
        """
        if self._stretch.paths or stretch.paths != STRETCH:
            raise InternalError(f"what ends at path {stretch.first + stretch.paths} is no stretch")
        self._stretch = stretch._before
        self._close()
        if not self._sheets:
            self._sheets = [Sheets(self.plan)]
            self._idle = [self._sheets[0]]
        for sheets in stretch._sheets:
            self._sheets[0].absorb(sheets)

    def _close(self) -> None:
        """Put a stretch to those before it."""
        self._before.follow(self._stretch)
        self._stretch = Gathered(self.plan, self._before.end)

    def reading(self, kind: type[Reading] = Reading) -> Reading:
        """What has been gathered so far, to be read by name; not while blocks are being reduced.

        More blocks may come afterwards. Raises InternalError without paths.
        """
        if self.paths == 0:
            raise InternalError("a summary needs at least one path")
        if self._expected not in (None, self.paths):
            raise InternalError(f"{self._expected} paths were announced, {self.paths} came")
        together = self._before.copy()
        together.follow(self._stretch)
        if self._last is None:
            return kind(together, self._whole_sheets())
        together.absorb(self._last)
        if self.whole_paths == 0:
            return kind(together, self._last_sheets.finish() if self._last_sheets else None)
        assert self._last_sheets is not None
        sheets = Sheets(self.plan)
        sheets.copy_of(self._whole_sheets())
        sheets.absorb(self._last_sheets)
        return kind(together, sheets)

    def _whole_sheets(self) -> Sheets:
        """The sketches of all whole blocks: what several workers entered is put together once."""
        with self._lock:
            if not self._sheets:
                self._sheets = [Sheets(self.plan)]
            together, *others = self._sheets
            for sheets in others:
                together.absorb(sheets)
            self._sheets, self._idle = [together], [together]
        return together.finish()

    def summary(
        self, scenario: Scenario, *, seed: int, version: str, scenario_hash: str, threads: int = 1
    ) -> dict[str, Any]:
        """The summary with every promised key; what does not exist is None. JSON-ready, no NaN."""
        about = {"seed": seed, "version": version, "scenario_hash": scenario_hash}
        return self.summary_and_columns(scenario, about, threads)[0]

    def summary_and_columns(
        self, scenario: Scenario, about: dict[str, Any], threads: int = 1
    ) -> tuple[dict[str, Any], Columns]:
        """The summary and the cash flows by period, of one reading; `about` as of `summary_of`."""
        reading = self.reading()
        reading.look_ahead(threads)
        return summary_of(reading, scenario, **about), cash_flow_columns(reading)

    def cash_flows(self) -> pd.DataFrame:
        """Means and ranges by period of every party and line (see `flows.cash_flow_columns`)."""
        return frame_of(self.cash_flow_columns())

    def cash_flow_columns(self) -> Columns:
        """The same as plain lists by column, which need no pandas."""
        return cash_flow_columns(self.reading())


def summary_of(
    reading: Reading, scenario: Scenario, *, seed: int, version: str, scenario_hash: str
) -> dict[str, Any]:
    """The summary of what was read; see `Accumulator.summary`."""
    parts = parts_of(reading, scenario)
    made = {
        "schema_version": SCHEMA_VERSION,
        "scenario": _scenario(scenario, scenario_hash),
        "simulation": {
            "paths": reading.paths,
            "seed": seed,
            "version": version,
            "range_paths": min(reading.paths, RANGE_PATHS),
            "sufficient": verdict(reading, parts["investor"]["expected_profit"]),
        },
        **parts,
    }
    return plain(made)  # type: ignore[no-any-return]


def parts_of(
    reading: Reading, scenario: Scenario, wanted: Collection[str] | None = None
) -> dict[str, Any]:
    """The figures of the summary by party, not yet in JSON's own types; all, or those `wanted`."""
    investor = cache(lambda: investor_section(reading))
    municipality = cache(lambda: municipality_section(reading, scenario))
    parts: dict[str, Callable[[], Any]] = {
        "investor": investor,
        "municipality": municipality,
        "outcomes": lambda: outcomes_section(reading, scenario),
        "measures": lambda: measures_section(reading, scenario),
        "events": lambda: events_section(reading, scenario),
        "contract": lambda: contract_section(reading),
        "guarantor": lambda: guarantor_section(reading, scenario),
        "society": lambda: society_section(reading),
        "parties": lambda: parties_section(reading, scenario),
        "cases": lambda: cases_section(reading, scenario),
        "investors": lambda: _classes(reading, scenario, investor()),
        "outcome_payers": lambda: [
            _named(scenario, MUNICIPALITY, municipality()),
            *(
                _named(scenario, party, payer_section(reading, scenario, place))
                for place, party in enumerate(reading.plan.layout.payers)
                if place
            ),
        ],
    }
    return {name: made() for name, made in parts.items() if wanted is None or name in wanted}


def _scenario(scenario: Scenario, scenario_hash: str) -> dict[str, Any]:
    return {
        "name": scenario.name,
        "title": dict(scenario.title),
        "currency": scenario.currency,
        "price_year": scenario.price_year,
        "hash": scenario_hash,
        "variant": list(scenario.variant),
    }


def _classes(
    reading: Reading, scenario: Scenario, investor: dict[str, Any]
) -> list[dict[str, Any]]:
    """Each class of capital in name order; the investor alone where there are none."""
    classes = reading.plan.layout.classes
    if not classes:
        figures = {key: value for key, value in investor.items() if key not in _OF_ALL}
        return [_named(scenario, INVESTOR, {"kind": "loan", "share": 1.0, **figures})]
    return [
        _named(
            scenario,
            entry.name,
            {
                "kind": entry.kind,
                "share": entry.share,
                **figures_of(reading, f"investors.{entry.name}", entry.share),
            },
        )
        for entry in classes[1:]
    ]


def _named(scenario: Scenario, party: str, figures: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in figures.items() if key not in _PICTURES}
    return {"name": party, "title": title_of(scenario, party), **kept}


def plain(value: Any) -> Any:
    """The value in JSON's own types; numbers that are not finite become None, −0 becomes 0."""
    kind = type(value)  # the frequent ones first: there are thousands
    if kind is float:
        return value + 0.0 if math.isfinite(value) else None
    if value is None or kind in (str, bool, int):
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return plain(value.item()) if hasattr(value, "item") else value
