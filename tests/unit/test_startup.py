"""What starting costs: heavy libraries are imported by those who need them, and by nobody else."""

from __future__ import annotations

import subprocess
import sys


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
