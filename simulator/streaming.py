"""Each path's figures and flows, written to Parquet while they are simulated.

A run that keeps its paths holds the blocks of a row group at most. It writes a part from one state
to the next, so that what lies before a state is whole; the parts become one file in the result's
folder, and its bytes do not depend on how many there were.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.engine import CHUNK
from simulator.errors import ResultError
from simulator.frames import figures_frame, flows_frame
from simulator.results import Layout, PathBlock

if TYPE_CHECKING:
    import pandas as pd

GROUP = 8 * 4096
"""Paths in a row group."""
FIGURES, FLOWS = "paths.parquet", "flows.parquet"


class PathFiles:
    """The files of one run's paths in a work folder; blocks come in path order."""

    def __init__(self, folder: Path, layout: Layout, *, flows: bool, first: int = 0) -> None:
        """Go on from path `first`: parts that begin there or later are thrown away."""
        self.folder, self.layout = folder, layout
        self.kinds = (FIGURES, FLOWS) if flows else (FIGURES,)
        self.done = first
        self._waiting: list[PathBlock] = []
        self._writers: dict[str, Any] = {}
        folder.mkdir(parents=True, exist_ok=True)
        stay = {part for part in _parts(folder, "*") if _first_of(part) < first}
        for file in folder.iterdir():
            if file not in stay:
                file.unlink()

    def add(self, block: PathBlock) -> None:
        """Take the next block; written once a row group is full.

        The last, incomplete one is a part by itself: a state of whole blocks goes with the others.
        """
        if block.paths % CHUNK:
            self._end_part()
        self._waiting.append(block)
        self.done += block.paths
        if self.done % GROUP == 0:
            self._write()

    def close_part(self) -> None:
        """Force to disk what there is; what comes later begins another part."""
        self._end_part()
        for part in self.folder.iterdir():
            with part.open("rb") as file:
                os.fsync(file.fileno())

    def move(self, folder: Path) -> None:
        """Put its parts, all closed, in the place of another work folder, which is removed."""
        if folder != self.folder:
            shutil.rmtree(folder, ignore_errors=True)
            self.folder = self.folder.rename(folder)

    def finish(self) -> Path:
        """End the last part; returns the folder that holds all of them.

        They are put together where the result is saved: on a disk without room for them twice, they
        are still there.
        """
        self._end_part()
        return self.folder

    def _end_part(self) -> None:
        self._write()
        for writer in self._writers.values():
            writer.close()
        self._writers = {}

    def _write(self) -> None:
        blocks, self._waiting = self._waiting, []
        if not blocks:
            return
        frames = {FIGURES: figures_frame(self.layout, blocks)}
        if FLOWS in self.kinds:
            frames[FLOWS] = flows_frame(self.layout, blocks)
        for kind, frame in frames.items():
            table = _table(frame)
            if kind not in self._writers:
                place = self.folder / _part_name(kind, blocks[0].first)
                self._writers[kind] = _writer(place, table.schema)
            self._writers[kind].write_table(table, row_group_size=max(len(frame), 1))


def begin_with(folder: Path, result: Path, paths: int, *, flows: bool) -> None:
    """Empty a work folder, and make its first part of the first paths that a result has kept."""
    forget_files(folder)
    folder.mkdir(parents=True)
    for kind in (FIGURES, FLOWS) if flows else (FIGURES,):
        writer, done = None, 0
        for table in _read(result / kind, kind):
            first = table.slice(0, _inside(table, kind, paths, done))
            writer = writer or _writer(folder / _part_name(kind, 0), first.schema)
            if len(first):
                writer.write_table(first, row_group_size=len(first))
            done += len(first)
            if len(first) < len(table):
                break
        assert writer is not None
        writer.close()


def _read(file: Path, kind: str) -> Iterator[Any]:
    """The row groups of a result's file. Raises ResultError where it is damaged."""
    from pyarrow import ArrowException

    try:
        yield from _groups(_row_groups([file]), kind)
    except (OSError, ArrowException) as error:
        raise ResultError(
            f"cannot read {file}: it is damaged\n"
            "    mend: begin anew, without --resume and with another folder (--out)"
        ) from error


def holds(result: Path, paths: int, *, flows: bool) -> bool:
    """Whether a result's folder holds the figures of so many paths, and their flows."""
    from pyarrow import ArrowException, parquet

    try:
        held = parquet.read_metadata(result / FIGURES).num_rows
        if flows:
            parquet.read_metadata(result / FLOWS)
    except (OSError, ArrowException):
        return False
    return bool(held >= paths > 0)


def covers(folder: Path, paths: int, *, flows: bool) -> bool:
    """Whether the parts in a work folder hold the first paths, and a run can go on after them."""
    from pyarrow import ArrowException, parquet

    parts = [part for part in _parts(folder, FIGURES) if _first_of(part) < paths]
    try:
        held = sum(parquet.read_metadata(part).num_rows for part in parts)
    except (OSError, ArrowException):
        return False
    moved = [_first_of(part) for part in _parts(folder, FLOWS) if _first_of(part) < paths]
    return held == paths and (not flows or moved == [_first_of(part) for part in parts])


def copy_files(source: Path, target: Path, paths: int) -> None:
    """Put the parts in a work folder together, or what was made of them, in a result folder."""
    for kind in (FIGURES, FLOWS):
        if (source / kind).is_file():
            try:
                os.link(source / kind, target / kind)
            except OSError:
                shutil.copyfile(source / kind, target / kind)
        elif _parts(source, kind):
            _put_together(source, kind, paths, target)


def whole(folder: Path, kind: str, paths: int) -> Path:
    """The one file of a kind in a work folder, put together there at the first time."""
    if not (folder / kind).is_file() and _parts(folder, kind):
        _put_together(folder, kind, paths, folder)
    return folder / kind


def forget_files(folder: Path) -> None:
    """Remove a work folder; it may be gone already."""
    shutil.rmtree(folder, ignore_errors=True)


def _part_name(kind: str, first: int) -> str:
    return f"{first:015d}.{kind}"


def _first_of(part: Path) -> int:
    return int(part.name.split(".")[0])


def _parts(folder: Path, kind: str) -> list[Path]:
    return sorted(folder.glob(f"[0-9]*.{kind}"))


def _table(frame: pd.DataFrame) -> Any:
    """The frame for Arrow, its index as pandas tells of it in the file."""
    import pyarrow as pa

    return pa.Table.from_pandas(
        frame, preserve_index=None if frame.index.name is not None else False
    )


def _writer(place: Any, schema: Any) -> Any:
    from pyarrow import parquet

    return parquet.ParquetWriter(place, schema, compression="zstd")


def _put_together(folder: Path, kind: str, paths: int, target: Path) -> None:
    """One file of all parts, in the target, whole or not at all; they stay."""
    making = target / f"making.{kind}"
    try:
        _write_in_groups(making, _row_groups(_parts(folder, kind)), kind, paths)
        making.replace(target / kind)
    finally:
        making.unlink(missing_ok=True)


def write_frame(place: Path, frame: pd.DataFrame, kind: str, paths: int) -> None:
    """The file of a table that is held in memory: the bytes of one written while simulating."""
    table = _table(frame)
    if kind == FLOWS:
        at = table.schema.get_field_index("line")
        table = table.cast(table.schema.set(at, _as_read(table.schema.field(at))))
    _write_in_groups(place, [table], kind, paths)


def _as_read(line: Any) -> Any:
    """The names of lines with the type that they have when a part is read again."""
    import pyarrow as pa

    return line.with_type(pa.dictionary(line.type.index_type, pa.string()))


def _write_in_groups(place: Path, tables: Iterable[Any], kind: str, paths: int) -> None:
    """One file, in row groups of GROUP paths from the first one on.

    It is closed where it cannot be written, too: else it would take room after it is removed.
    """
    import pyarrow as pa

    writer = None
    with pa.OSFile(str(place), "wb") as file:
        for table in _groups(tables, kind):
            if writer is None:
                schema = table.schema
                writer = _writer(file, schema.with_metadata(_told(schema.metadata, paths)))
            writer.write_table(table.cast(writer.schema), row_group_size=max(len(table), 1))
        assert writer is not None
        writer.close()


def _told(metadata: dict[bytes, bytes], paths: int) -> dict[bytes, bytes]:
    """What pandas tells of a table, for all its rows instead of those of a part."""
    told = json.loads(metadata[b"pandas"])
    for index in told["index_columns"]:
        if isinstance(index, dict):
            index["stop"] = paths
    return {**metadata, b"pandas": json.dumps(told).encode()}


def _row_groups(parts: list[Path]) -> Iterator[Any]:
    """What is in the parts, a row group at a time."""
    from pyarrow import parquet

    for part in parts:
        file = parquet.ParquetFile(part)
        for number in range(file.num_row_groups):
            yield file.read_row_group(number)


def _groups(tables: Iterable[Any], kind: str) -> Iterator[Any]:
    """The rows of GROUP paths at a time, across the borders of tables."""
    import pyarrow as pa

    held: list[Any] = []
    ends, done = GROUP, 0
    for each in tables:
        table = each
        while True:
            inside = _inside(table, kind, ends, done)
            held.append(table.slice(0, inside))
            done += inside
            if inside == len(table):
                break
            yield pa.concat_tables(held, promote_options="none").combine_chunks()
            held, table, ends = [], table.slice(inside), ends + GROUP
    yield pa.concat_tables(held, promote_options="none").combine_chunks()


def _inside(table: Any, kind: str, ends: int, done: int) -> int:
    """Rows of a table that belong to paths before `ends`; `done` rows came before."""
    if kind == FIGURES:
        return min(len(table), ends - done)
    return int(np.searchsorted(table["path"].to_numpy(), ends))
