"""From names to streams of random words: a stream is keyed by what it feeds, never by its place."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray


def stream_key(seed: int, name: str) -> tuple[int, int]:
    """BLAKE2b-64 of "seed/name" as two little-endian 32-bit words."""
    digest = hashlib.blake2b(f"{seed}/{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")


def stream_keys(seed: int, names: list[str]) -> NDArray[np.uint32]:
    """Keys of many streams, (names, 2); (0, 0) for an empty name, which nothing reads."""
    rows = [stream_key(seed, name) if name else (0, 0) for name in names]
    return np.array(rows, dtype=np.uint32).reshape(len(rows), 2)
