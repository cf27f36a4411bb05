"""Find LibreOffice for the workbook tests; as a script, install it where possible.

As with the browser (install_browser.py), the script never stops `make test`: without LibreOffice
the tests that convert workbooks fail when CI is set, and are skipped with a warning otherwise.
Only the standard library is used.
"""

import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.install_browser import starts, succeeds

NAMES = ("soffice", "libreoffice")
PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/usr/lib/libreoffice/program/soffice",
    "C:/Program Files/LibreOffice/program/soffice.com",
)


def find_office() -> Path | None:
    """A LibreOffice that starts: SOCSIM_OFFICE, else on the PATH, else where it usually lies."""
    named = os.environ.get("SOCSIM_OFFICE")
    if named:
        return Path(named) if starts(Path(named)) else None
    on_path = (shutil.which(name) for name in NAMES)
    candidates = [Path(found) for found in (*on_path, *PLACES) if found]
    return next((path for path in candidates if starts(path)), None)


def install() -> None:
    """Debian's own package, as root."""
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        apt = ["apt-get", "-qq", "-y", "-o", "Acquire::Retries=3"]
        if succeeds([*apt, "update"]):
            succeeds([*apt, "install", "--no-install-recommends", "libreoffice-calc-nogui"])


def main() -> None:
    """Find; if there is none, install and find again; say what came of it."""
    office = find_office()
    if office is None:
        print("No LibreOffice found for the workbook tests; installing it.", file=sys.stderr)
        install()
        office = find_office()
    if office is None:
        outcome = "FAIL, since CI is set" if os.environ.get("CI") else "be SKIPPED"
        print(
            "\n*** WARNING: LibreOffice could not be found or installed.\n"
            f"*** The tests that convert workbooks will {outcome}.\n"
            "*** Install it (on Debian libreoffice-calc-nogui), or name it in SOCSIM_OFFICE.\n",
            file=sys.stderr,
        )
    else:
        print(f"LibreOffice for the workbook tests: {office}", file=sys.stderr)


if __name__ == "__main__":
    main()
