"""Whatever the language of scenarios can say, the views can say, in both languages."""

from pathlib import Path

import pytest

from simulator.scenario.document import parse_document
from simulator.scenario.load import load_scenario
from simulator.scenario.model import Scenario
from simulator.scenario.numbers_of import assumptions
from simulator.views.assumptions import assumption_rows, named_field
from simulator.views.language import Language
from simulator.views.numbers import LANGUAGES
from simulator.views.words import contract_sentences
from simulator.views.words.names import Names
from tests.shelf import contracts

ROOT = Path(__file__).parents[3]
FILES = sorted(
    path
    for folder in ("scenarios", "tests/cases/valid", "tests/cases/twin", "tests/cases/language")
    for path in contracts(ROOT / folder)
)


def loaded(file: Path) -> Scenario:
    """The scenario; those that use every word as they are written, computed already or not."""
    if file.parent.name != "language":
        return load_scenario(file)
    document = parse_document(file.read_text(encoding="utf-8"), str(file))
    return Scenario.model_validate(document.tree)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_valid_scenario_can_be_told(file: Path) -> None:
    scenario = loaded(file)
    told = {lang: contract_sentences(scenario, lang) for lang in LANGUAGES}
    assert len(told["sv"]) == len(told["en"]) > 0
    for sentence in (*told["sv"], *told["en"]):
        assert "{" not in sentence
        assert "None" not in sentence
        assert sentence.rstrip()[-1] in ".)"
        assert "  " not in sentence


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_assumption_has_words_and_a_value(file: Path) -> None:
    scenario = loaded(file)
    given = assumptions(scenario)
    for lang in LANGUAGES:
        rows = assumption_rows(given, Names(scenario, Language(lang, scenario.currency)))
        assert [row.key for row in rows] == [row.key for row in given]
        for row in rows:
            assert row.what
            assert row.value
            assert row.grade_text
            assert "None" not in row.value


# Names that the scenario itself gives, after which no word of the language follows.
NAMED = ("payer", "of", "value", "per_month", "start", "monthly", "effect", "loadings")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_key_of_an_assumption_has_a_name(file: Path) -> None:
    for given in assumptions(loaded(file)):
        path = tuple(given.key.split("."))
        words = [part for part in path if not part.isdigit()]
        if not set(words[-3:-1]) & set(NAMED):
            assert named_field(path, Language("sv")), given.key


def test_the_shipped_scenarios_are_among_them() -> None:
    assert {"norrkoping", "benchmark", "reboot_west"} <= {file.stem for file in FILES}
