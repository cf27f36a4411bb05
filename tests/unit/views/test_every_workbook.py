"""Every contract that can be written has a workbook, in both languages."""

import re
from pathlib import Path

import pytest

from tests.unit.views.page import source
from tests.unit.views.run import simulated
from tests.unit.views.test_every_report import FILES
from tests.unit.views.test_every_scenario import loaded
from tests.unit.views.test_workbook import made, opened

# The beginning of a text's key, left as it is in the program.
RAW = re.compile(r"(?<![\w.])(workbook|column|statement|settlement|figure|budget)\.[a-z_]{3}")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_scenario_has_a_workbook(file: Path) -> None:
    run = source(simulated(loaded(file), paths=300))
    books = [opened(made(run, lang)) for lang in ("sv", "en")]
    assert len(books[0].worksheets) == len(books[1].worksheets) > 5
    for book in books:
        for page in book.worksheets:
            for row in page.iter_rows():
                for cell in row:
                    assert cell.data_type not in ("f", "e"), (page.title, cell.coordinate)
                    if isinstance(cell.value, str):
                        assert RAW.search(cell.value) is None, cell.value
                        assert cell.value not in ("None", "nan"), (page.title, cell.coordinate)
