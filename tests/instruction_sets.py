"""The same bits on other processors: numba and numpy told that this one can do less.

    make bits

Each set is a process of its own with a cache of its own, so everything is compiled again: a minute
or two each on two quiet cores. Run as a module it prints the digests of this process.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from typing import Any

PATHS = 160_000
"""More than are kept exactly: late blocks are summed while they are simulated."""
SCENARIOS = ("benchmark", "norrkoping", "two_regions_bond")

SETS: dict[str, dict[str, str]] = {
    "as it is": {},
    "AVX2": {
        "NUMBA_CPU_NAME": "haswell",
        "NUMBA_CPU_FEATURES": "",
        "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
    },
    "SSE4.2": {
        "NUMBA_CPU_NAME": "nehalem",
        "NUMBA_CPU_FEATURES": "",
        "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR X86_V3",
    },
    "generic": {
        "NUMBA_CPU_NAME": "generic",
        "NUMBA_CPU_FEATURES": "",
        "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR X86_V3",
    },
}
"""What is said about the processor: its name for numba, with the features that go with the name,
and what numpy is not to use."""


def digests() -> dict[str, str]:
    """By scenario: every figure and movement of every path, and the summary."""
    from simulator.api import load_scenario, simulate
    from simulator.engine import CHUNK, Engine
    from simulator.plan.build import build

    found = {}
    for name in SCENARIOS:
        scenario = load_scenario(name)
        built = build(scenario, 1)
        plan, paths = hashlib.sha256(), hashlib.sha256()
        for array in _arrays(built.plan):
            plan.update(array.tobytes())
        engine = Engine(built, 1)
        for first in range(0, 2 * CHUNK, CHUNK):
            block = engine.block(first, CHUNK)
            paths.update(block.figures.tobytes())
            paths.update(block.flows.tobytes())
        summary = json.dumps(simulate(scenario, paths=PATHS).summary(), sort_keys=True)
        found[f"{name}: plan"] = plan.hexdigest()[:16]
        found[f"{name}: paths"] = paths.hexdigest()[:16]
        found[f"{name}: summary"] = hashlib.sha256(summary.encode()).hexdigest()[:16]
    return found


def _arrays(record: Any) -> Iterator[Any]:
    """Every array of a plan, of the records in it too."""
    for field in record:
        if hasattr(field, "tobytes"):
            yield field
        else:
            yield from _arrays(getattr(field, "fields", field))


def processor() -> str:
    """What numba compiles for."""
    from numba.core.registry import cpu_target

    magic = cpu_target.target_context.codegen().magic_tuple()
    return f"{magic[1]}, {str(magic[2]).count('+')} features"


if __name__ == "__main__":
    json.dump({"processor": processor(), "digests": digests()}, sys.stdout, indent=1)
