"""What is printed fits A4: a browser shrinks a whole paper whose widest table does not."""

from __future__ import annotations

from pathlib import Path

import pytest

GALLERY = Path(__file__).resolve().parents[2] / "results" / "gallery"
OPEN = "document.querySelectorAll('details.data').forEach(entry => { entry.open = true })"
"""As they are printed: the numbers of the charts in sight."""
PAGES = sorted(page.name for page in GALLERY.glob("*-*.html"))


def test_the_gallery_has_pages_of_every_reader() -> None:
    assert {name.split("-")[1].split(".")[0] for name in PAGES} == {
        "investor",
        "municipality",
        "policy",
    }


@pytest.mark.parametrize("name", PAGES)
def test_nothing_reaches_past_the_width_of_a_printed_page(visit, name: str) -> None:
    """The shipped reports, real tables with real amounts; a table with no limit is found out."""
    page = visit(GALLERY / name, width=673).page  # 178 mm at 96 dots an inch
    page.emulate_media(media="print")
    page.wait_for_function("document.documentElement.dataset.charts")
    page.evaluate(OPEN)
    assert page.evaluate("document.documentElement.scrollWidth") <= 673
    page.add_style_tag(content="table { min-width: 700px }")
    assert page.evaluate("document.documentElement.scrollWidth") > 673
