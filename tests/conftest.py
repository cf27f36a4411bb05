"""Fixtures that every part of the tests may use."""

import os
import warnings
from pathlib import Path

import pytest

from tests.install_browser import find_browser


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """A browser for the report tests; without one they fail in CI and are skipped elsewhere."""
    browser = find_browser()
    if browser is not None:
        return browser
    reason = "no Chromium or Chrome found: reports were not looked at in a browser"
    if os.environ.get("CI"):
        pytest.fail(reason)
    warnings.warn(reason, stacklevel=1)
    pytest.skip(reason)
