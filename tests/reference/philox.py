"""Philox4x32-10 in plain integers, and the uniforms the model draws from it (docs/model.md §9).

Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3 (2011),
https://doi.org/10.1145/2063384.2063405.
"""

import hashlib
from functools import lru_cache

MASK = 0xFFFFFFFF
MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
WEYL = (0x9E3779B9, 0xBB67AE85)

Words = tuple[int, int, int, int]


def philox4x32(counter: Words, key: tuple[int, int], rounds: int = 10) -> Words:
    """The four 32-bit words of a counter under a key."""
    a, b, c, d = counter
    low, high = key
    for _ in range(rounds):
        first, second = MULTIPLIERS[0] * a, MULTIPLIERS[1] * c
        a, b, c, d = (second >> 32) ^ b ^ low, second & MASK, (first >> 32) ^ d ^ high, first & MASK
        low, high = (low + WEYL[0]) & MASK, (high + WEYL[1]) & MASK
    return a, b, c, d


@lru_cache(maxsize=4096)
def stream_key(seed: int, stream: str) -> tuple[int, int]:
    """BLAKE2b-64 of "seed/stream" as two little-endian words."""
    digest = hashlib.blake2b(f"{seed}/{stream}".encode(), digest_size=8).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")


@lru_cache(maxsize=4096)
def block(seed: int, stream: str, number: int, path: int) -> Words:
    """The words of one block of a stream on a path."""
    return philox4x32((number, 0, path & MASK, path >> 32), stream_key(seed, stream))


def uniform(seed: int, stream: str, index: int, path: int) -> float:
    """(word + ½)/2³²."""
    return (block(seed, stream, index // 4, path)[index % 4] + 0.5) / 2**32


def parameter_uniform(seed: int, stream: str, path: int) -> float:
    """((w0 >> 5)·2²⁶ + (w1 >> 6) + ½)/2⁵³ of words 0 and 1 of block 0."""
    first, second, _, _ = block(seed, stream, 0, path)
    return ((first >> 5) * 2**26 + (second >> 6) + 0.5) / 2**53
