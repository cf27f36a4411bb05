"""Every contract that can be written has a report, in both languages."""

import re
from pathlib import Path

import pytest

from simulator.views.numbers import LANGUAGES
from tests.unit.views.page import Page, read, rendered
from tests.unit.views.run import simulated
from tests.unit.views.test_every_scenario import loaded

CASES = Path(__file__).parents[2] / "cases"
FILES = sorted(file for name in ("valid", "language") for file in (CASES / name).glob("*.toml"))
# The first word of a key of a text, left as it is in the program.
RAW = re.compile(
    r"(?<!\.)\b(budget|card|council|chart|column|contract|field|law|level|of|row|term|word)\.[a-z_]{3}"
)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_scenario_has_a_report(file: Path) -> None:
    run = simulated(loaded(file), paths=300)
    for reader in ("investor", "municipality"):
        _is_whole({lang: read(rendered(lang, run, reader)) for lang in LANGUAGES})


def _is_whole(pages: dict[str, Page]) -> None:
    """No key and nothing that is not there is shown; both languages have the same parts."""
    for page in pages.values():
        assert RAW.search(page.text) is None, RAW.search(page.text)
        assert re.search(r"None(?! of)", page.text) is None
        assert not page.left_open
    assert pages["sv"].headings == pages["en"].headings
    assert len(pages["sv"].tables) == len(pages["en"].tables)


def test_there_are_files() -> None:
    assert len(FILES) >= 8
