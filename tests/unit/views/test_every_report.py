"""Every contract that can be written has a report, in both languages."""

import re
from pathlib import Path

import pytest

from simulator.views.numbers import LANGUAGES
from tests.unit.cli.stored import a_run
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


ENGLISH = re.compile(r"\b(the|of|and|with|is|are|from|which|that|this|by|not|than|year|loss)\b")
SWEDISH = re.compile(r"\b(och|att|av|som|är|från|inte|vid|eller|än|år|den|det|ett|förlust)\b")


@pytest.mark.parametrize(("lang", "foreign"), [("sv", ENGLISH), ("en", SWEDISH)])
@pytest.mark.parametrize("reader", ["investor", "municipality"])
def test_no_word_of_the_other_language_is_left(lang: str, foreign: re.Pattern[str], reader: str):
    """Norrköping has all its words in both; sources keep the titles that they have."""
    html = rendered(lang, a_run(), reader)
    own = re.sub(r"<(style|script|code|a|pre)\b.*?</\1>", " ", html, flags=re.S)
    own = re.sub(r'<span lang="[^"]*">.*?</span>', " ", own, flags=re.S)
    words = " ".join(read(own).text.split())
    found = [words[max(0, m.start() - 40) : m.end() + 40] for m in foreign.finditer(words)]
    assert found == []
