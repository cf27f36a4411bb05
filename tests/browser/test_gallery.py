"""The gallery's pages, which share a script file beside them, draw from a folder."""

from __future__ import annotations

import pytest

from docs.tools.gallery import EXHIBITS, GALLERY, page_name
from tests.browser.test_every_page import violations
from tests.browser.test_report import CONTRAST

pytestmark = pytest.mark.browser

PAGES = [page_name(exhibit, *page) for exhibit in EXHIBITS for page in exhibit.pages]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_as_it_is_committed_is_drawn_from_the_file_beside_it_and_open_to_all(visit, name):
    """WCAG 2.1 A and AA and axe's own good practice, in pages that share one script.

    Their colours are those of `test_every_page`, where axe looks at them too; here `CONTRAST` does.
    """
    file = GALLERY / name
    report = visit(file)
    page = report.page
    assert page.locator("html").get_attribute("data-charts") == "drawn"
    assert report.complaints == []
    files = [url for url in report.asked if not url.startswith(("data:", "blob:"))]
    (script,) = GALLERY.glob("plotly-*.js")
    assert files == [file.as_uri(), script.as_uri()]
    assert violations(page, colours=False) == []
    assert page.evaluate(CONTRAST) == []


def test_axe_finds_no_violation_in_the_list_of_pages(visit):
    report = visit(GALLERY / "index.html")
    assert report.complaints == []
    assert violations(report.page, least=8) == []
