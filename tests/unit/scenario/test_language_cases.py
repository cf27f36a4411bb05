"""Contracts that use every word of the language break no rule."""

from pathlib import Path

import pytest

from simulator.scenario.checks import check
from simulator.scenario.document import parse_document
from simulator.scenario.model import Scenario
from simulator.scenario.rules.pending import NOT_YET

FILES = sorted((Path(__file__).parents[2] / "cases" / "language").glob("*.toml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_word_can_be_used(file):
    document = parse_document(file.read_text(encoding="utf-8"), str(file))
    findings = list(check(Scenario.model_validate(document.tree)))
    # words that are not computed yet are refused as long as they are not
    assert [item for item in findings if NOT_YET not in item.allowed] == []


def test_there_are_files():
    assert len(FILES) >= 2
