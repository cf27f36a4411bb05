"""Folders written whole or not at all, and the forms of the files in them."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.errors import ResultError

if TYPE_CHECKING:
    import pandas as pd

Writer = Callable[[Path], None]
LEFT = 3600.0
"""Seconds after which a folder that is being written is taken for left by a killed process."""
MEND = "    mend: make room there, or write to another folder (--out)"


def reason(error: OSError) -> str:
    """Why a file could not be written, in the system's words; Arrow wraps them up in its own."""
    code = re.search(r"\[errno (\d+)\]", str(error))
    return os.strerror(int(code[1])) if code else error.strerror or str(error)


def write_whole(folder: Path, fill: Writer) -> Path:
    """Fill a folder beside its place, then put it there in one step; an older one is replaced."""
    if folder.exists() and not folder.is_dir():
        raise ResultError(f"cannot write {folder}: a file is in its place; nothing was changed")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise ResultError(f"cannot write to {folder.parent}: {reason(error)}\n{MEND}") from error
    try:
        making.chmod(0o755)
        fill(making)
        _put(making, folder)
        _clear_up(folder)
    except OSError as error:
        raise ResultError(
            f"cannot write {folder}: {reason(error)}; nothing was changed\n{MEND}"
        ) from error
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return folder


def _clear_up(folder: Path) -> None:
    """Remove what processes that were killed left while they wrote this folder.

    Another one may be writing it now: nothing is touched that changed within the last hour.
    """
    ours = re.compile(rf"\.{re.escape(folder.name)}\.[a-z0-9_]{{8}}(\.old)?")
    for left in folder.parent.iterdir():
        with contextlib.suppress(OSError):
            if ours.fullmatch(left.name) and time.time() - left.stat().st_mtime > LEFT:
                shutil.rmtree(left, ignore_errors=True)


def replace_file(target: Path, write: Writer) -> None:
    """Write beside the target and put it in place, so that half a file is never left.

    Raises ResultError where it cannot be written.
    """
    making = target.with_name(f".{os.getpid()}.{target.name}")
    try:
        write(making)
        making.replace(target)
    except OSError as error:
        raise ResultError(f"cannot write {target}: {reason(error)}\n{MEND}") from error
    finally:
        making.unlink(missing_ok=True)


def _put(making: Path, folder: Path) -> None:
    """Swap the finished folder in; files that other analyses laid beside the same run are kept."""
    if folder.exists():
        for kept in folder.iterdir() if is_same_run(making, folder) else ():
            if not (making / kept.name).exists() and kept.is_file():
                shutil.copy2(kept, making / kept.name)
        aside = making.with_suffix(".old")
        folder.replace(aside)
        try:
            making.replace(folder)
        except OSError:
            aside.replace(folder)
            raise
        shutil.rmtree(aside, ignore_errors=True)
    else:
        making.replace(folder)


def force_to_disk(folder: Path) -> None:
    """Have the system write a folder's files, and its place among others, before going on."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    for place in (*folder.iterdir(), folder, folder.parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def is_same_run(making: Path, folder: Path) -> bool:
    """True when what was computed is the same bytes; beside anything else an older file would lie.

    What was computed is the summary of a run, or the comparison.
    """
    for name in ("summary.json", "comparison.json"):
        new, old = making / name, folder / name
        if new.is_file():
            return old.is_file() and new.read_bytes() == old.read_bytes()
    return False


def write_json(path: Path, data: dict[str, Any]) -> None:
    """Indented JSON without NaN."""
    text = json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def write_parquet(path: Path, frame: pd.DataFrame) -> None:
    """Compressed Parquet with float64 columns, so that nothing is lost."""
    frame.to_parquet(path, compression="zstd", index=frame.index.name is not None)


def write_columns(path: Path, columns: dict[str, list[Any]], texts: tuple[str, ...]) -> None:
    """The same for plain lists by column: dates, numbers, and `texts` with None for nothing.

    Arrow's own way from lists to arrays imports pandas, which takes longer than writing.
    """
    import pyarrow as pa
    from pyarrow import parquet

    def plain(values: list[Any]) -> Any:
        if isinstance(values[0], datetime.date):
            days = np.array(values, dtype="datetime64[D]").astype(np.int32)
            return pa.Array.from_buffers(pa.date32(), len(values), [None, pa.py_buffer(days)])
        numbers = np.array(values, dtype=np.int64 if isinstance(values[0], int) else np.float64)
        kind = pa.int64() if numbers.dtype == np.int64 else pa.float64()
        return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(numbers)])

    def text(values: list[str | None]) -> Any:
        words = [(value or "").encode() for value in values]
        ends = np.cumsum([0, *map(len, words)]).astype(np.int32)
        there = np.packbits([value is not None for value in values], bitorder="little")
        buffers = [pa.py_buffer(part) for part in (there, ends, b"".join(words))]
        return pa.Array.from_buffers(pa.string(), len(values), buffers)

    arrays = {name: (text if name in texts else plain)(each) for name, each in columns.items()}
    table = pa.Table.from_arrays(list(arrays.values()), names=list(arrays))
    parquet.write_table(table, path, compression="zstd")


def read_json(path: Path) -> dict[str, Any]:
    """A JSON file of a result folder. Raises ResultError where it is missing or damaged."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise ResultError(
            f"{path.parent} is not a result folder: {path.name} is missing"
        ) from error
    except (ValueError, TypeError) as error:
        raise ResultError(f"{path}: damaged: {error}") from error


def read_parquet(path: Path) -> pd.DataFrame | None:
    """A table of a result folder, or None where it was not kept.

    Raises ResultError where it is damaged.
    """
    if not path.is_file():
        return None
    import pandas as pd

    try:
        return pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise ResultError(f"{path}: damaged: {error}") from error
