"""Find a Chromium-like browser for the report tests; as a script, install one where possible.

The script never stops `make test`: without a browser the browser tests themselves fail when CI
is set, and are skipped with a warning otherwise, so that every other result is still seen.
Only the standard library is used.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
PATIENCE = 600  # seconds for one installation step


def find_browser() -> Path | None:
    """A browser that starts: SOCSIM_BROWSER, else PATH, else an application, else playwright's."""
    named = os.environ.get("SOCSIM_BROWSER")
    if named:
        return Path(named) if starts(Path(named)) else None
    on_path = (shutil.which(name) for name in NAMES)
    candidates = [Path(found) for found in (*on_path, *APPLICATIONS) if found]
    return next((path for path in (*candidates, *of_playwright()) if starts(path)), None)


def of_playwright() -> list[Path]:
    """Where playwright keeps the browser that it downloads itself, if that was ever done."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return []
    with sync_playwright() as playwright:
        return [Path(playwright.chromium.executable_path)]


def starts(path: Path) -> bool:
    """Whether the browser is there and answers; a distribution's placeholder does not."""
    if not path.is_file():
        return False
    return succeeds([str(path), "--version"], quiet=True, patience=60)


def install() -> None:
    """Debian's own package as root; elsewhere playwright's download."""
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        apt = ["apt-get", "-qq", "-y", "-o", "Acquire::Retries=3"]
        if succeeds([*apt, "update"]):
            succeeds([*apt, "install", "--no-install-recommends", "chromium"])
    else:
        succeeds([sys.executable, "-m", "playwright", "install", "chromium"])


def succeeds(command: list[str], *, quiet: bool = False, patience: int = PATIENCE) -> bool:
    """Run without input and say whether it went well; its talk goes to stderr, or nowhere."""
    talk = subprocess.DEVNULL if quiet else sys.stderr
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=talk,
            stderr=talk,
            env=environment,
            timeout=patience,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def main() -> None:
    """Find; if there is none, install and find again; say what came of it."""
    browser = find_browser()
    if browser is None:
        print("No browser found for the report tests; installing one.", file=sys.stderr)
        install()
        browser = find_browser()
    if browser is None:
        outcome = "FAIL, since CI is set" if os.environ.get("CI") else "be SKIPPED"
        print(
            "\n*** WARNING: no Chromium or Chrome could be found or installed.\n"
            f"*** The tests that open reports in a browser will {outcome}.\n"
            "*** Install one, or name one in SOCSIM_BROWSER.\n",
            file=sys.stderr,
        )
    else:
        print(f"Browser for the report tests: {browser}", file=sys.stderr)


if __name__ == "__main__":
    main()
