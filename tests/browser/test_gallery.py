"""The gallery's pages, which share a script file beside them, draw from a folder."""

from __future__ import annotations

import pytest

from docs.tools.gallery import EXHIBITS, GALLERY, page_name

pytestmark = pytest.mark.browser


PAGES = [page_name(exhibit, *page) for exhibit in EXHIBITS for page in exhibit.pages]


@pytest.mark.parametrize("name", [*PAGES, "index.html"])
def test_axe_finds_no_violation_in_a_page_as_it_is_committed(browser, name):
    """WCAG 2.1 A and AA and axe's own good practice, in pages that share one script."""
    from axe_playwright_python.sync_playwright import Axe

    file = GALLERY / name
    context = browser.new_context(viewport={"width": 1100, "height": 900}, bypass_csp=True)
    try:
        page = context.new_page()
        page.goto(file.as_uri())
        if name != "index.html":
            page.wait_for_selector("html[data-charts]", state="attached", timeout=120_000)
            assert page.locator("html").get_attribute("data-charts") == "drawn"
        found = Axe().run(page).response
        assert [(rule["id"], rule["help"]) for rule in found["violations"]] == []
        assert len(found["passes"]) > 8
    finally:
        context.close()


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
