"""A report as PDF, printed by the reader's own Chromium, Chrome or Edge.

The browser first draws the charts and hands back the page as it then stands; that is checked, and
printed with its scripts shut off, so that what is printed is what was checked. The PDF is tagged,
has an outline of the page's headings, and its page numbers from the page's own style.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from simulator.errors import ResultError

VARIABLE = "SOCSIM_BROWSER"
NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
APPLICATIONS = ("Google Chrome", "Chromium", "Microsoft Edge")
PROGRAMS = (
    ("Google", "Chrome", "Application", "chrome.exe"),
    ("Microsoft", "Edge", "Application", "msedge.exe"),
    ("Chromium", "Application", "chrome.exe"),
)
MISSING = (
    "a PDF is printed by Chromium, Google Chrome or Microsoft Edge, and none was found: install "
    f"one (on Debian and Ubuntu: apt install chromium) or name its program in {VARIABLE}; a page "
    "written with --format html can be printed from any browser"
)
PATIENCE = 180  # seconds for one start of the browser
_VIRTUAL = 60_000  # milliseconds of the page's own time; they pass as fast as it draws
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--hide-scrollbars",
    f"--virtual-time-budget={_VIRTUAL}",
)
_PAPER = ("--no-pdf-header-footer", "--export-tagged-pdf", "--generate-pdf-document-outline")


def write_pdf(path: Path, page: str) -> None:
    """Print a report, as one HTML text, to `path`.

    Raises ResultError where no browser is found, or none draws and prints the page.
    """
    said = ""
    for browser in browsers():
        try:
            _print(browser, page, path)
            return
        except ResultError as error:  # a placeholder, or too old: the next may do
            said = said or str(error)
    raise ResultError(said or MISSING)


def browsers(environment: Mapping[str, str] = os.environ) -> Iterator[Path]:
    """Programs that may print, in the order in which they are tried.

    SOCSIM_BROWSER alone where it is set; else what is on PATH, then the usual places of macOS and
    of Windows. Raises ResultError where SOCSIM_BROWSER names nothing.
    """
    named = environment.get(VARIABLE)
    if named:
        found = shutil.which(named)
        if found is None:
            raise ResultError(f"{VARIABLE} is {named}, which is not a program")
        yield Path(found)
        return
    seen: set[Path] = set()
    for place in _places(environment):
        if place.is_file() and place not in seen:
            seen.add(place)
            yield place


def _places(environment: Mapping[str, str]) -> Iterator[Path]:
    for name in NAMES:
        found = shutil.which(name, path=environment.get("PATH"))
        if found:
            yield Path(found)
    for root in (Path("/"), Path(environment.get("HOME") or "/")):
        for name in APPLICATIONS:
            yield root / "Applications" / f"{name}.app" / "Contents" / "MacOS" / name
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        if environment.get(variable):
            for parts in PROGRAMS:
                yield Path(environment[variable]).joinpath(*parts)


def _print(browser: Path, page: str, path: Path) -> None:
    """Draw, check, print. The work lies beside `path`: a confined browser sees no /tmp."""
    with tempfile.TemporaryDirectory(
        prefix="socsim-pdf-", dir=path.absolute().parent, ignore_cleanup_errors=True
    ) as made:
        room = Path(made)
        source, printed = room / "page.html", room / "page.pdf"
        source.write_text(page, encoding="utf-8", newline="\n")
        if "<script" in page:
            drawn = _run(browser, room, "--dump-dom", source.as_uri())
            if 'data-charts="drawn"' not in drawn[:200]:
                raise ResultError(f"{browser} did not draw the charts: no PDF was written")
            source.write_text(still(drawn), encoding="utf-8", newline="\n")
        _run(browser, room, *_PAPER, f"--print-to-pdf={printed}", source.as_uri())
        if not printed.is_file() or not printed.stat().st_size:
            raise ResultError(f"{browser} printed nothing: no PDF was written")
        shutil.move(printed, path)


def still(drawn: str) -> str:
    """The page as it was drawn: no script runs again, and the charts' short tables are open."""
    quiet = drawn.replace("script-src 'unsafe-inline'", "script-src 'none'", 1)
    return quiet.replace('<details class="data">', '<details class="data" open="">')


def _run(browser: Path, room: Path, *arguments: str) -> str:
    """Start the browser with a profile of its own, wait, and return what it wrote."""
    sandbox = ("--no-sandbox",) if getattr(os, "geteuid", lambda: 1)() == 0 else ()
    command = [str(browser), *_FLAGS, *sandbox, f"--user-data-dir={room / 'profile'}", *arguments]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ResultError(f"{browser} did not start or did not end: {error}") from error
    if done.returncode:
        talk = done.stderr.decode("utf-8", "replace").strip().splitlines()
        because = f" ({talk[-1].strip()})" if talk else ""
        raise ResultError(f"{browser} failed with code {done.returncode}{because}")
    return done.stdout.decode("utf-8", "replace")
