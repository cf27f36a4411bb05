"""The gallery's pages, which share a script file beside them, draw from a folder."""

from __future__ import annotations

import pytest

from docs.tools.gallery import EXHIBITS, GALLERY, page_name

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda exhibit: exhibit.name)
def test_the_charts_of_a_page_are_drawn_from_the_file_beside_it(browser, exhibit):
    file = GALLERY / page_name(exhibit, *exhibit.pages[0])
    page, complaints, asked = browser.new_page(), [], []
    try:
        page.on("console", lambda m: complaints.append(m.text) if m.type != "log" else None)
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-charts]", state="attached", timeout=60_000)
        assert page.locator("html").get_attribute("data-charts") == "drawn"
        assert complaints == []
        files = [url for url in asked if not url.startswith(("data:", "blob:"))]
        (script,) = GALLERY.glob("plotly-*.js")
        assert files == [file.as_uri(), script.as_uri()]
    finally:
        page.close()
