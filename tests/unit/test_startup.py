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


def test_a_run_of_known_laws_loads_what_it_computes_writes_and_says_with(tmp_path):
    """The second run: its laws' tables are kept, and nothing is compiled.

    Not scipy's functions; not pandas, plotly or rich; of numba nothing that only compiling needs;
    none of settling, comparing, deciding, funds or reports.
    """
    words = ["run", "norrkoping", "--paths", "4096", "--no-report", "--keep", "summary"]
    code = (
        "import atexit, sys;"
        "atexit.register(lambda: print(*sys.modules, file=sys.stderr));"
        f"sys.argv = ['socsim', *{[*words, '--out', str(tmp_path)]!r}];"
        "from simulator.cli import socsim; socsim()"
    )
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        loaded = set(done.stderr.split())
        if "scipy.special" not in loaded:  # the first run on this machine has it
            break
    assert {"numpy", "numba", "pyarrow.parquet", "simulator.engine"} <= loaded
    unwanted = {
        "scipy.special", "scipy.fft", "scipy.stats", "scipy.linalg",
        "pandas", "plotly", "rich", "jinja2", "openpyxl", "xlsxwriter", "dask",
        "numba.np.linalg", "numba.np.arrayobj",
        "simulator.settlement", "simulator.analysis", "simulator.decisions", "simulator.fund",
        "simulator.views.report", "simulator.views.workbook", "simulator.views.statement",
    }  # fmt: skip
    assert not unwanted & loaded
