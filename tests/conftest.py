"""Fixtures that every part of the tests may use, and the order in which tests are run."""

import gc
import os
import warnings
from itertools import pairwise
from pathlib import Path

import pytest

from tests.install_browser import find_browser
from tests.install_office import find_office

NO_KERNELS = (
    "tests/test_mutations.py",
    "tests/reference/",
    "tests/fuzz/test_dominated.py",
    "tests/unit/scenario/",
    "tests/test_packaging.py",
    "tests/browser/test_report.py",
)
"""Tests that run no compiled code, together about as long as its compilation takes."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Each worker, which begins with a stretch of the list, begins with what runs no kernel.

    On a machine where nothing is compiled yet, `make test` compiles meanwhile.
    """
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    early = [item for item in items if item.nodeid.startswith(NO_KERNELS)]
    others = [item for item in items if not item.nodeid.startswith(NO_KERNELS)]
    stretches = zip(_stretches(early, workers), _stretches(others, workers), strict=True)
    items[:] = [item for stretch in stretches for part in stretch for item in part]


def _stretches(items: list[pytest.Item], number: int) -> list[list[pytest.Item]]:
    ends = [len(items) * k // number for k in range(number + 1)]
    return [items[begin:end] for begin, end in pairwise(ends)]


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Modules and tests are there to the end: the garbage collector need not look at them again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """A browser for the report tests; without one they fail in CI and are skipped elsewhere."""
    return _found(
        find_browser(), "no Chromium or Chrome found: reports were not looked at in a browser"
    )


@pytest.fixture(scope="session")
def office_path() -> Path:
    """LibreOffice for the workbook tests; without it they fail in CI and are skipped elsewhere."""
    return _found(find_office(), "no LibreOffice found: workbooks were not opened in it")


def _found(program: Path | None, reason: str) -> Path:
    if program is not None:
        return program
    if os.environ.get("CI"):
        pytest.fail(reason)
    warnings.warn(reason, stacklevel=1)
    pytest.skip(reason)
