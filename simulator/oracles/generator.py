"""The random numbers: Philox4x32-10 against its published known answers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.kernels.philox import philox4x32
from simulator.oracles.check import Check

SOURCE = "https://github.com/DEShawResearch/random123/blob/main/tests/kat_vectors"
VECTORS = (
    ("all zeros", (0, 0, 0, 0), (0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("all ones", (2**32 - 1,) * 4, (2**32 - 1,) * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    (
        "digits of π",
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
)


def rows() -> Iterator[Check]:
    """Four words for each published counter and key."""
    for name, counter, key, expected in VECTORS:
        words = philox4x32(*map(np.uint32, (*counter, *key)))  # type: ignore[no-untyped-call]
        computed = " ".join(f"{int(word):08x}" for word in words)
        yield Check(
            f"random words of Philox4x32-10, key and counter {name}",
            expected,
            computed,
            None,
            SOURCE,
        )
