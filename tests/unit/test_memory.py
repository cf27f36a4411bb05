"""A run of a summary holds no more for more paths: whole processes, by their peak memory.

At most 50 MB over the base at 10⁸ paths is half a byte a path, which takes minutes to measure
(`python -m tests.benchmarks --long --only memory`). Here 1.3 million paths more may cost 8 MB: a
number of 8 bytes kept for each path (10.5 MB), blocks that are not let go of (1 MB each and more)
or a sketch that grows are found. Equal runs differ by less than 1 MB on one thread, and both have
passed what a run takes once: from 131,072 paths on figures are counted, not kept, and by 524,288
cells that are full have their wide ones (7 MB).
"""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from simulator import load_scenario, simulate
from tests.benchmarks.measuring import child

KEPT, FEWER, MORE = 1 << 17, 2 << 18, 7 << 18
MOST = 8.0  # MB
RUN = """
import sys
from simulator import load_scenario, simulate
simulate(load_scenario("benchmark"), paths=int(sys.argv[1]), threads=1)
"""


def peak(paths: int) -> float:
    """Most MB that a process held which simulated so many paths."""
    return child([sys.executable, "-c", RUN, str(paths)]).peak


@pytest.mark.skipif(sys.platform == "win32", reason="peak memory as POSIX tells it")
def test_more_paths_hold_no_more_memory() -> None:
    simulate(load_scenario("benchmark"), paths=KEPT + 1)  # neither of the two is to compile
    with ThreadPoolExecutor(2) as both:
        fewer, more = both.map(peak, (FEWER, MORE))
    assert fewer > 50  # numpy and numba alone: a process that ran was measured
    assert more - fewer < MOST, f"{more - fewer:.1f} MB for {MORE - FEWER:,} paths more"
