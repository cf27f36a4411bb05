"""The comparison's page in a real browser: drawn, silent, offline, readable, printable."""

from __future__ import annotations

import pytest

from tests.browser.pages import DESIGNS, html_of
from tests.browser.test_report import CONTRAST

pytestmark = pytest.mark.browser

CHARTS = ("chart-differences", "chart-frontier")


@pytest.mark.parametrize(("lang", "width"), [("sv", 1100), ("en", 360)])
def test_it_is_drawn_in_silence_and_fits_screen_and_paper(visit, lang, width):
    report = visit(html_of("comparison", lang), width)
    page = report.page
    assert page.locator("html").get_attribute("data-charts") == "drawn"
    assert report.complaints == []
    assert report.beyond == []
    assert page.evaluate(CONTRAST) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # three designs against the first: the municipality and society in each, the investor in one
    marks = ".scatterlayer .points path"
    assert page.locator(f"#chart-differences {marks}").count() == 3 + 3 + 1
    assert page.locator(f"#chart-frontier {marks}").count() == len(DESIGNS)
    ids = page.locator("[id]").evaluate_all("all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))
    page.emulate_media(media="print")
    for chart in CHARTS:
        assert not page.locator(f"#{chart}").is_visible()
        assert page.locator(f"#{chart}-print").is_visible()
