"""Fixtures that every part of the tests may use, and the order in which tests are run."""

import gc
import os
import warnings
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
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What runs no kernel from the middle on.

    Two workers begin at the first test and at the middle one. On a machine where nothing is
    compiled yet, one compiles for both while the other has something else to do.
    """
    early = [item for item in items if item.nodeid.startswith(NO_KERNELS)]
    others = [item for item in items if not item.nodeid.startswith(NO_KERNELS)]
    middle = min(len(items) // 2, len(others))
    items[:] = [*others[:middle], *early, *others[middle:]]


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
