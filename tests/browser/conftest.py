"""Reports opened in the machine's own browser, which tells what went wrong and what it asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from tests.unit.views.page import rendered
from tests.unit.views.run import Run

DRAWN = "html[data-charts=drawn]"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass
class Opened:
    """A report in the browser: the page, what it complained about, what it asked for."""

    page: object
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def browser(chromium_path: Path) -> Iterator[object]:
    """One browser for all tests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium_path), args=list(QUIET))
        yield started
        started.close()


@contextmanager
def opener(browser, folder: Path):
    """Opens a report and waits until its charts are drawn, or have failed."""
    contexts = []

    def open_report(
        lang: str, run: Run | None = None, reader: str = "investor", *, javascript: bool = True
    ) -> Opened:
        file = folder / f"report.{reader}.{lang}.html"
        file.write_text(rendered(lang, run, reader), encoding="utf-8")
        context = browser.new_context(
            viewport={"width": 1100, "height": 900}, java_script_enabled=javascript
        )
        contexts.append(context)
        found = Opened(context.new_page())
        found.page.on(
            "console",
            lambda said: found.complaints.append(said.text) if said.type != "log" else None,
        )
        found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
        found.page.on("request", lambda request: found.asked.append(request.url))
        found.page.goto(file.as_uri())
        if javascript:
            found.page.wait_for_selector("html[data-charts]", state="attached", timeout=60_000)
        return found

    try:
        yield open_report
    finally:
        for context in contexts:
            context.close()


@pytest.fixture
def opened(browser, tmp_path: Path):
    """Opens a report for this test alone."""
    with opener(browser, tmp_path) as open_report:
        yield open_report


@pytest.fixture(scope="module")
def looked_at(browser, tmp_path_factory: pytest.TempPathFactory):
    """The example's report in a language for a reader, opened once for tests that only look."""
    with opener(browser, tmp_path_factory.mktemp("looked_at")) as open_report:
        yield cache(lambda lang, reader: open_report(lang, reader=reader))
