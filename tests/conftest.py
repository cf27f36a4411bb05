"""Fixtures that every part of the tests may use."""

import os
import warnings
from pathlib import Path

import pytest

from tests.install_browser import find_browser
from tests.install_office import find_office


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
