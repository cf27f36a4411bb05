"""The comparison's page in a real browser: drawn, silent, offline, readable, printable."""

from __future__ import annotations

from functools import cache

import pytest

from simulator.analysis import compare
from simulator.views.report.policy.comparison import render_comparison_report
from tests.browser.test_report import CONTRAST

pytestmark = pytest.mark.browser

DESIGNS = (
    "norrkoping",
    "norrkoping@window_3y",
    "norrkoping@in_house",
    "norrkoping@nothing",
)
CHARTS = ("chart-differences", "chart-frontier")


@cache
def page_in(lang):
    made = compare(DESIGNS, paths=256)
    scenarios = [design.base for design in made.designs]
    return render_comparison_report(data=made.to_dict(), scenarios=scenarios, lang=lang)


@pytest.mark.parametrize(("lang", "width"), [("sv", 1100), ("en", 360)])
def test_it_is_drawn_in_silence_and_fits_screen_and_paper(browser, tmp_path, lang, width):
    file = tmp_path / "report.html"
    file.write_text(page_in(lang), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900})
    try:
        complaints, asked = [], []
        page.on("console", lambda m: complaints.append(m.text) if m.type != "log" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-charts]", state="attached", timeout=60_000)
        assert page.locator("html").get_attribute("data-charts") == "drawn"
        assert complaints == []
        assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
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
    finally:
        page.close()
