"""Reports opened in the machine's own browser, which tells what went wrong and what it asked.

Every page of a run of the tests is opened in one context of one browser, whose pages share a
process: plotly's five megabytes are then compiled once, and a page opens in less than half the
time. A page of its own is as separate as a reader's tab: no test sees another's complaints.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from tests.unit.views.page import rendered
from tests.unit.views.run import Run

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--process-per-site",
)
PATIENCE = 120_000  # milliseconds


@dataclass
class Opened:
    """A report in the browser: the page, what it complained about, what it asked for."""

    page: object
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def beyond(self) -> list[str]:
        """What it asked for that is no file and not in the page."""
        inside = ("file:", "data:", "blob:")
        return [url for url in self.asked if not url.startswith(inside)]


class Browser:
    """A context with scripts and one without; every page is a tab in one of them."""

    def __init__(self, started, folder: Path) -> None:
        self.folder = folder
        self.contexts = {
            scripts: started.new_context(java_script_enabled=scripts) for scripts in (True, False)
        }
        # the process of a context ends with its last page, and with it what was compiled
        blank = folder / "blank.html"
        blank.write_text("<!DOCTYPE html><title>blank</title>", encoding="utf-8")
        for context in self.contexts.values():
            context.new_page().goto(blank.as_uri())

    def open(self, page: str | Path, width: int = 1100, *, javascript: bool = True) -> Opened:
        """A page, or the file of one, when its charts are drawn, or have failed."""
        if isinstance(page, str):
            html, page = page, self.folder / "page.html"
            page.write_text(html, encoding="utf-8")
        tab = self.contexts[javascript].new_page()
        tab.set_viewport_size({"width": width, "height": 900})
        found = Opened(tab)
        tab.on(
            "console",
            lambda said: found.complaints.append(said.text) if said.type != "log" else None,
        )
        tab.on("pageerror", lambda error: found.complaints.append(str(error)))
        tab.on("request", lambda request: found.asked.append(request.url))
        tab.goto(page.as_uri())
        if javascript and tab.locator("script").count():
            tab.wait_for_selector("html[data-charts]", state="attached", timeout=PATIENCE)
        return found


@pytest.fixture(scope="session")
def browser(chromium_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all tests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium_path), args=list(QUIET))
        yield Browser(started, tmp_path_factory.mktemp("browser"))
        started.close()


@contextmanager
def opener(browser: Browser):
    """Opens pages, and closes them in the end."""
    tabs = []

    def open_page(*page, **how) -> Opened:
        tabs.append(browser.open(*page, **how))
        return tabs[-1]

    try:
        yield open_page
    finally:
        for tab in tabs:
            tab.page.close()


@pytest.fixture
def visit(browser: Browser):
    """Opens a page, given as text or as a file, for this test alone."""
    with opener(browser) as open_page:
        yield open_page


@pytest.fixture
def opened(visit):
    """Opens a report of a made-up run for this test alone."""

    def open_report(lang: str, run: Run | None = None, reader: str = "investor", **how) -> Opened:
        return visit(rendered(lang, run, reader), **how)

    return open_report


@pytest.fixture(scope="module")
def seen(browser: Browser):
    """Opens a page once for tests that only look: `seen(make, *of_what)` of `make(*of_what)`."""
    with opener(browser) as open_page:
        yield cache(lambda make, *given: open_page(make(*given)))


@pytest.fixture(scope="module")
def looked_at(seen):
    """The example's report in a language for a reader, opened once for tests that only look."""
    return lambda lang, reader: seen(rendered, lang, None, reader)
