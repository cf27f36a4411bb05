"""Samplers of the parameter layer: how the uniforms of a replicate of paths lie to each other.

A replicate is REPLICATE = 2¹² paths: replicate r = path >> 12, index i = path & 4095. Replicates
are independent of each other, and on its own each path has the law of a plain one. Within a
replicate and a stream,

- antithetic: u(4095 − i) = 1 − u(i);
- Latin hypercube: u = (π(i) + v)/4096, π a random permutation of 0 … 4095;
- Sobol: u = (σ(s(i)) + v)/4096, s(i) the first 12 bits of a Sobol sequence, σ a nested uniform
  scrambling of them (Owen 1995, "Randomly permuted (t,m,s)-nets and (t,s)-sequences"),

with v the uniform of a plain draw. π and σ are made of words with an address of their own, by
stream and replicate.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, inlined, kernel
from simulator.kernels.philox import fill_uniforms_53, philox4x32
from simulator.kernels.records import LATIN, Draws

BITS = 12
REPLICATE = 1 << BITS
"""Paths in a replicate: as many as in a block."""
LAST = REPLICATE - 1
HALF_BITS = BITS // 2
HALF = 1 << HALF_BITS
ROUNDS = 8  # of the Feistel network; each reads one of HALF words
OF_SAMPLER = np.uint32(1)  # second word of the counter: no draw has it


@inlined
def mirrored(path):  # type: ignore[no-untyped-def]
    """First path of the tile in the first half of the replicate that `path`'s tile mirrors."""
    index = path & LAST
    return path if 2 * index < REPLICATE else (path - index) + REPLICATE - LANES - index


@kernel
def mirror(z: NDArray[np.float64]) -> None:
    """z[l] ← −z[LANES − 1 − l]: Φ⁻¹(1 − u) = −Φ⁻¹(u)."""
    for lane in range(LANES // 2):
        other = LANES - 1 - lane
        z[lane], z[other] = -z[other], -z[lane]


@kernel
def fill_sampler_words(key: NDArray[np.uint32], replicate: int, words: NDArray[np.uint32]) -> None:
    """words[4b + j] = word j of block b for the sampler of this stream in this replicate."""
    address = np.uint64(replicate)
    low, high = np.uint32(address), np.uint32(address >> np.uint64(32))
    for block in range(words.shape[0] // 4):
        w0, w1, w2, w3 = philox4x32(np.uint32(block), OF_SAMPLER, low, high, key[0], key[1])
        words[4 * block] = w0
        words[4 * block + 1] = w1
        words[4 * block + 2] = w2
        words[4 * block + 3] = w3


@inlined
def permuted(index, words):  # type: ignore[no-untyped-def]
    """π(index): a Feistel network, (a, b) ← (b, a ^ f_round(b)) with random functions f.

    Luby & Rackoff 1988. f_round(b) is the first six bits of words[64·round + b].
    """
    a, b = index >> HALF_BITS, index & (HALF - 1)
    for turn in range(ROUNDS):
        a, b = b, a ^ np.int64(words[HALF * turn + b] >> np.uint32(32 - HALF_BITS))
    return (a << HALF_BITS) | b


@inlined
def scrambled(point, words):  # type: ignore[no-untyped-def]
    """σ(point): a fair coin flips each bit or not, the same for points with the same bits before.

    The coin of a node of that tree, 2^level + the bits before, is bit `node` of the words.
    """
    made = 0
    for level in range(BITS):
        node = (1 << level) | (point >> (BITS - level))
        coin = np.int64(words[node >> 5] >> np.uint32(node & 31)) & 1
        made = (made << 1) | (((point >> (BITS - 1 - level)) & 1) ^ coin)
    return made


@kernel
def fill_stratified(
    draws: Draws, j: int, path: int, u: NDArray[np.float64], spare: NDArray[np.float64]
) -> None:
    """u[l] = (stratum + v)/4096, stratum π(i) or σ(s(i)), v the plain uniform; `spare` a row.

    The spare row holds the sampler's words first (a row of float64 is as many bytes as they are),
    then v.
    """
    index = path & LAST
    words = spare.view(np.uint32)
    if draws.sampler == LATIN:
        fill_sampler_words(draws.keys[j], path >> BITS, words)
        for lane in range(LANES):
            u[lane] = np.float64(permuted(index + lane, words))
    else:
        fill_sampler_words(draws.keys[j], path >> BITS, words[: REPLICATE // 32])
        points = draws.points[j]
        for lane in range(LANES):
            u[lane] = np.float64(scrambled(np.int64(points[index + lane]), words))
    fill_uniforms_53(draws.keys[j], path, spare)
    for lane in range(LANES):
        u[lane] = (u[lane] + spare[lane]) / np.float64(REPLICATE)
