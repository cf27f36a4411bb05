"""Workbooks opened and saved again by LibreOffice: nothing is lost, nothing becomes a formula."""

import csv
import datetime
import io
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.unit.views.test_workbook import content, made_hostile, opened

pytestmark = pytest.mark.office

SHEETS_AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
"""Comma, quotes, UTF-8; numbers in full, not as shown; a file for every sheet."""
PATIENCE = 300


def converted(office: Path, folder: Path, form: str, files: list[Path]) -> Path:
    """The files in another form, in a folder of their own; the user's profile is left alone."""
    target = folder / form.split(":")[0]
    done = subprocess.run(
        [
            str(office),
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            form,
            "--outdir",
            str(target),
            *map(str, files),
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Path]]:
    """A run's workbook in both languages, and one of hostile texts."""
    folder = tmp_path_factory.mktemp("office")
    texts = {"sv": content("sv"), "en": content("en"), "hostile": made_hostile()}
    files = {name: folder / f"{name}.xlsx" for name in texts}
    for name, file in files.items():
        file.write_bytes(texts[name])
    return folder, files


def cells(path: Path) -> dict[tuple[str, int, int], Any]:
    book = opened(path.read_bytes())
    return {
        (page.title, cell.row, cell.column): cell.value
        for page in book.worksheets
        for row in page.iter_rows()
        for cell in row
        if cell.value is not None
    }


def test_saved_again_every_cell_is_the_same(
    office_path: Path, given: tuple[Path, dict[str, Path]]
) -> None:
    folder, files = given
    again = converted(office_path, folder, "xlsx", list(files.values()))
    for name, file in files.items():
        before, after = cells(file), cells(again / f"{name}.xlsx")
        assert len(before) > 2000
        assert set(after) == set(before), name
        for place, value in before.items():
            found = after[place]
            if isinstance(value, str):
                assert str(found).replace("\r\n", "\n") == value, (name, place)
            elif isinstance(value, datetime.datetime):
                assert found == value, (name, place)
            else:  # LibreOffice writes fifteen digits
                assert found == pytest.approx(value, rel=1e-14, abs=0.0), (name, place)


def test_charts_links_and_print_titles_survive(
    office_path: Path, given: tuple[Path, dict[str, Path]]
) -> None:
    folder, files = given
    place = folder / "xlsx"
    if not place.is_dir():
        converted(office_path, folder, "xlsx", list(files.values()))
    book = openpyxl.load_workbook(place / "en.xlsx")
    first = openpyxl.load_workbook(files["en"])
    assert book.sheetnames == first.sheetnames
    for page, was in zip(book.worksheets, first.worksheets, strict=True):
        assert page.print_title_rows == was.print_title_rows
        assert page.auto_filter.ref == was.auto_filter.ref
        # frozen panes belong to the view, which a conversion without a window does not have
    links = [cell.hyperlink for row in book.worksheets[0].rows for cell in row if cell.hyperlink]
    assert len(links) == len(book.sheetnames) - 1


def test_as_plain_text_no_cell_is_an_error(
    office_path: Path, given: tuple[Path, dict[str, Path]]
) -> None:
    folder, files = given
    texts = converted(office_path, folder, SHEETS_AS_CSV, [files["en"], files["sv"]])
    found = sorted(texts.glob("*.csv"))
    assert len(found) == sum(
        len(openpyxl.load_workbook(files[lang]).sheetnames) for lang in ("en", "sv")
    )
    seen = 0
    for file in found:
        for row in csv.reader(io.StringIO(file.read_text("utf-8"))):
            for cell in row:
                seen += bool(cell)
                assert not cell.startswith(("#NAME", "#VALUE", "#REF", "#DIV", "#N/A", "Err:"))
    assert seen > 4000


def test_printed_every_sheet_is_there(
    office_path: Path, given: tuple[Path, dict[str, Path]]
) -> None:
    folder, files = given
    printed = converted(office_path, folder, "pdf", [files["en"], files["sv"]])
    for lang in ("en", "sv"):
        content = (printed / f"{lang}.pdf").read_bytes()
        assert content.startswith(b"%PDF")
        assert len(content) > 50_000
