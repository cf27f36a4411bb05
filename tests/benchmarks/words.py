"""Random words alone: the engine's Philox over the words of a tile beside NumPy's generators.

Ours is as kernels draw them, four rows of 256 lanes at a time, each word by its address. NumPy's
are `random_raw`, 64 bits at a time and two words each, its quickest way: one stream, in its order.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import numba
import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES
from simulator.kernels.philox import fill_words
from tests.benchmarks.measuring import SHORT_JOBS, Row, in_turn, pair_row
from tests.benchmarks.sizes import Sizes

BLOCKS = 25
"""Blocks of four words a lane: a hundred words a path, one for each participant."""
PEERS = {"philox": np.random.Philox, "pcg64": np.random.PCG64}


@numba.njit
def words_of_tile(key: NDArray[np.uint32], path: int, out: NDArray[np.uint32]) -> None:
    """out[b, j, l] = word(key, index 4·b + j, path + l), (blocks, 4, lanes)."""
    for block in range(out.shape[0]):
        fill_words(key, block, path, out[block])


def raw_words(sizes: Sizes) -> Iterator[Row]:
    """The words of some tiles, for one word."""
    key, out = np.array([1, 2], dtype=np.uint32), np.zeros((BLOCKS, 4, LANES), dtype=np.uint32)
    tiles = 4 * sizes.blocks

    def ours() -> None:
        for tile in range(tiles):
            words_of_tile(key, tile * LANES, out)

    for name, kind in PEERS.items():
        stream = kind(1)
        pair = in_turn(
            (ours, tiles * out.size),
            (
                lambda s=stream: [s.random_raw(out.size // 2) for _ in range(tiles)],
                tiles * out.size,
            ),
            SHORT_JOBS * sizes.repetitions,
            time.thread_time,
        )
        yield pair_row(
            f"words-{name}",
            "random words by address, 1 thread",
            pair,
            peer=f"NumPy {kind.__name__}, raw words",
            unit="ns a word",
        )
