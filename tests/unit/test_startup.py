"""What starting costs: heavy libraries are imported by those who need them, and by nobody else."""

from __future__ import annotations

import subprocess
import sys

import numba
import numpy as np
import pytest

from simulator import warm
from simulator.summary.passes import at_least_zero

COUNT = """
import sys
import numpy as np
from simulator.summary.passes import at_least_zero
out = np.zeros(1, np.int64)
at_least_zero(np.array([[1.0, -1.0, 0.0]]), np.zeros(1, np.int64), out)
print(out[0], "numba.np.linalg" in sys.modules)
"""


def fresh(code: str) -> str:
    """What the code prints in a new process."""
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


def imported_by(module: str) -> set[str]:
    code = f"import sys, {module}; print(*{{name.split('.')[0] for name in sys.modules}})"
    return set(fresh(code).split())


def test_the_package_alone_imports_no_library():
    heavy = {"numpy", "numba", "pandas", "pydantic", "scipy", "pyarrow"}
    assert not heavy & imported_by("simulator")


def test_simulating_needs_neither_pandas_nor_arrow():
    found = imported_by("simulator.api")
    assert {"numpy", "numba"} <= found
    assert not {"pandas", "pyarrow", "plotly"} & found


@pytest.mark.skipif(
    tuple(numba.version_info[:2]) not in warm.TRIED, reason="the usual way with this numba"
)
def test_cached_code_runs_without_the_compiler():
    # in this process first, so that it is in the cache whatever ran before
    out = np.zeros(1, np.int64)
    at_least_zero(np.array([[1.0, -1.0, 0.0]]), np.zeros(1, np.int64), out)
    assert fresh(COUNT) == "2 False"


def test_other_versions_of_numba_load_as_ever(monkeypatch):
    monkeypatch.setattr(warm, "TRIED", ())
    made = numba.njit(cache=True)(twice)
    assert warm.loads_quickly(made) is made
    assert "load_overload" not in vars(made._cache)
    monkeypatch.setattr(warm, "TRIED", (tuple(numba.version_info[:2]),))
    assert "load_overload" in vars(warm.loads_quickly(made)._cache)
    assert made(21) == 42


def twice(number: int) -> int:
    return 2 * number
