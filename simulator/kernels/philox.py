"""Randomness with an address: word(seed, stream, index, path) by Philox4x32-10.

Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011). A stream
is a 64-bit key; the counter holds the index of a block of four words and the path. The same
address gives the same word whatever was drawn before, on any thread or machine.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, inlined, kernel

MULTIPLIER_0 = np.uint64(0xD2511F53)
MULTIPLIER_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint32(0x9E3779B9)
WEYL_1 = np.uint32(0xBB67AE85)
SHIFT_32 = np.uint64(32)
LANE_BITS = np.uint32(LANES.bit_length() - 1)
LANE_MASK = np.uint32(LANES - 1)


@inlined
def philox4x32(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    """Ten rounds of (hi(M1·c2)^c1^k0, lo(M1·c2), hi(M0·c0)^c3^k1, lo(M0·c0)); uint32 all."""
    for _ in range(10):
        product_0 = MULTIPLIER_0 * np.uint64(c0)
        product_1 = MULTIPLIER_1 * np.uint64(c2)
        c0 = np.uint32(product_1 >> SHIFT_32) ^ c1 ^ k0
        c1 = np.uint32(product_1)
        c2 = np.uint32(product_0 >> SHIFT_32) ^ c3 ^ k1
        c3 = np.uint32(product_0)
        k0 = np.uint32(k0 + WEYL_0)
        k1 = np.uint32(k1 + WEYL_1)
    return c0, c1, c2, c3


@kernel
def fill_words(key: NDArray[np.uint32], block: int, path: int, out: NDArray[np.uint32]) -> None:
    """out[j, l] = word(key, index 4·block + j, path + l) for the four words of a block."""
    k0 = key[0]
    k1 = key[1]
    c0 = np.uint32(block)
    zero = np.uint32(0)
    for lane in range(LANES):
        address = np.uint64(path) + np.uint64(lane)
        w0, w1, w2, w3 = philox4x32(
            c0, zero, np.uint32(address), np.uint32(address >> SHIFT_32), k0, k1
        )
        out[0, lane] = w0
        out[1, lane] = w1
        out[2, lane] = w2
        out[3, lane] = w3


@kernel
def fill_words_of(
    key: NDArray[np.uint32],
    blocks: tuple[int, int],
    path: int,
    listed: tuple[NDArray[np.uint32], int],
    out: NDArray[np.uint32],
) -> None:
    """out[j, i] = word(key, 4·(first + step·person) + j, path + lane), code LANES·person + lane."""
    codes, count = listed
    k0 = key[0]
    k1 = key[1]
    first, step = np.uint32(blocks[0]), np.uint32(blocks[1])
    zero = np.uint32(0)
    for i in range(count):
        address = np.uint64(path) + np.uint64(codes[i] & LANE_MASK)
        c0 = np.uint32(first + step * (codes[i] >> LANE_BITS))
        w0, w1, w2, w3 = philox4x32(
            c0, zero, np.uint32(address), np.uint32(address >> SHIFT_32), k0, k1
        )
        out[0, i] = w0
        out[1, i] = w1
        out[2, i] = w2
        out[3, i] = w3


@kernel
def fill_uniforms_53(key: NDArray[np.uint32], path: int, out: NDArray[np.float64]) -> None:
    """out[l] = ((w0 >> 5)·2²⁶ + (w1 >> 6) + ½)/2⁵³ from two words at path + l; inside (0, 1)."""
    zero = np.uint32(0)
    for lane in range(LANES):
        address = np.uint64(path) + np.uint64(lane)
        w0, w1, _, _ = philox4x32(
            zero, zero, np.uint32(address), np.uint32(address >> SHIFT_32), key[0], key[1]
        )
        whole = np.float64(w0 >> 5) * 67108864.0 + np.float64(w1 >> 6)
        out[lane] = (whole + 0.5) / 9007199254740992.0
