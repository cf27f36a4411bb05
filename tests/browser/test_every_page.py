"""What holds for every page: nothing asked, nothing cried, nothing overlapping, open to all."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.pages import CROWDED, KINDS

pytestmark = pytest.mark.browser

LANGUAGES = ("sv", "en")


@contextlib.contextmanager
def shown(browser, file: Path, html: str, width: int = 1100, **how) -> Iterator[tuple]:
    """The page in the browser, what it complained of and what it asked for."""
    file.write_text(html, encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, **how)
    page, complaints, asked = context.new_page(), [], []
    page.on("console", lambda m: complaints.append(m.text) if m.type != "log" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    try:
        page.goto(file.as_uri())
        if "<script" in html and how.get("java_script_enabled", True):
            page.wait_for_selector("html[data-charts]", state="attached", timeout=120_000)
            assert page.locator("html").get_attribute("data-charts") == "drawn"
        yield page, complaints, asked
    finally:
        context.close()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_nothing_is_asked_for_and_axe_finds_no_violation(browser, tmp_path, kind, lang):
    """WCAG 2.1 A and AA and axe's own good practice, with every folded table open and closed."""
    from axe_playwright_python.sync_playwright import Axe

    html = KINDS[kind](lang)
    assert len(html.encode()) < 3e6
    file = tmp_path / "page.html"
    with shown(browser, file, html, bypass_csp=True) as (page, complaints, asked):
        assert complaints == []
        assert [url for url in asked if not url.startswith(("data:", "blob:"))] == [file.as_uri()]
        closed = Axe().run(page)
        page.evaluate("for (const block of document.querySelectorAll('details')) block.open = true")
        opened = Axe().run(page)
        for found in (closed, opened):
            broken = [(rule["id"], rule["help"]) for rule in found.response["violations"]]
            assert broken == []
            assert len(found.response["passes"]) > 15
        assert page.evaluate(OVERLAPS) == []


def test_axe_would_find_a_violation(browser, tmp_path):
    from axe_playwright_python.sync_playwright import Axe

    html = KINDS["settlement"]("en").replace('<html lang="en">', "<html>")
    with shown(browser, tmp_path / "page.html", html) as (page, _, _):
        assert [rule["id"] for rule in Axe().run(page).response["violations"]] == ["html-has-lang"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_without_scripts_every_table_and_drawing_is_there(browser, tmp_path, kind, lang):
    """A chart needs the browser's script; its numbers stand in an open table instead."""
    html = KINDS[kind](lang)
    still = {"java_script_enabled": False}
    with shown(browser, tmp_path / "page.html", html, **still) as (page, complaints, _):
        assert complaints == []
        for chart in page.locator("figure:has(.chart)").all():
            assert chart.locator("table td").first.is_visible()
            assert chart.locator(".chart .note").is_visible()
            assert chart.locator(".chart").bounding_box()["height"] < 60  # no hole for the chart
        for drawing in page.locator(".picture svg").all():
            assert drawing.is_visible()
            assert drawing.bounding_box()["height"] > 50
        page.emulate_media(media="print")
        for chart in page.locator("figure:has(.chart)").all():
            assert chart.locator("table td").first.is_visible()  # there is no picture instead


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(CROWDED))
def test_nothing_overlaps_in_a_crowded_page(browser, tmp_path, kind, lang):
    """Twenty years, twenty cohorts, forty kinds, long names: on a screen, a phone and paper."""
    html = CROWDED[kind](lang)
    for width in (1100, 390):
        with shown(browser, tmp_path / "page.html", html, width) as (page, complaints, _):
            assert complaints == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(OVERLAPS) == []
            assert page.evaluate(CUT) == []
            drawings = page.locator(".print-image").count()
            assert page.evaluate(ON_PAPER) == drawings
            assert page.evaluate(OVERLAPS) == []
            assert page.evaluate(CUT) == []


def test_overlaps_and_cut_labels_would_be_found(browser, tmp_path):
    html = """<!DOCTYPE html><div class="picture"><svg width="200" height="100">
      <text x="10" y="50">one label</text><text x="40" y="52">another</text>
      <text x="170" y="90">cut away</text>
      <text x="90" y="10" transform="rotate(30 90 10)">turned</text>
      </svg></div>"""
    with shown(browser, tmp_path / "page.html", html) as (page, _, _):
        assert page.evaluate(OVERLAPS) == ["picture: one label | another"]
        assert page.evaluate(CUT) == ["picture: cut away"]


SEEN = """
  const labels = [];
  for (const frame of document.querySelectorAll(".chart, .picture")) {
    for (const text of frame.querySelectorAll("svg text")) {
      const box = text.getBBox(), turn = text.getScreenCTM();
      const style = getComputedStyle(text);
      if (!box.width || !box.height || style.opacity === "0" || style.visibility === "hidden")
        continue;
      if (text.closest("defs, .hoverlayer") || !text.textContent.trim()) continue;
      // letters are lower than the line that they stand in
      const inset = Math.min(box.height / 5, 4), side = 1;
      const corners = [[box.x + side, box.y + inset], [box.x + box.width - side, box.y + inset],
        [box.x + box.width - side, box.y + box.height - inset],
        [box.x + side, box.y + box.height - inset]]
        .map(([x, y]) => [turn.a * x + turn.c * y + turn.e, turn.b * x + turn.d * y + turn.f]);
      const name = frame.id || frame.className;
      labels.push({ frame, name, corners, words: text.textContent.trim(), text });
    }
  }
"""

ON_PAPER = """() => {
  const printed = [...document.querySelectorAll(".print-image")];
  for (const chart of document.querySelectorAll(".chart, .picture")) chart.remove();
  for (const image of printed) {
    const frame = document.createElement("div");
    frame.className = "picture";
    frame.id = image.id + "-shown";
    frame.innerHTML = decodeURIComponent(image.src.slice(image.src.indexOf(",") + 1));
    document.body.append(frame);
  }
  return document.querySelectorAll(".picture > svg").length;
}"""
"""Shows the charts as they are printed in place of those on the screen."""

OVERLAPS = (
    "() => {"
    + SEEN
    + """
  const apart = (a, b) => [a, b].some(one => one.some((p, i) => {
    const q = one[(i + 1) % 4], normal = [q[1] - p[1], p[0] - q[0]];
    const along = box => box.map(c => c[0] * normal[0] + c[1] * normal[1]);
    const [s, t] = [along(a), along(b)];
    return Math.max(...s) <= Math.min(...t) || Math.max(...t) <= Math.min(...s);
  }));
  const found = [];
  labels.forEach((a, i) => labels.slice(i + 1).forEach(b => {
    if (a.frame === b.frame && !apart(a.corners, b.corners))
      found.push(`${a.name}: ${a.words.slice(0, 40)} | ${b.words.slice(0, 40)}`);
  }));
  return found;
}"""
)
"""Labels of a chart or a drawing that cover one another."""

CUT = (
    "() => {"
    + SEEN
    + """
  return labels.filter(({ frame, corners }) => {
    const box = frame.querySelector("svg").getBoundingClientRect();
    return corners.some(([x, y]) =>
      x < box.left - 1 || x > box.right + 1 || y < box.top - 1 || y > box.bottom + 1);
  }).map(({ name, words }) => `${name}: ${words.slice(0, 40)}`);
}"""
)
"""Labels that reach outside their chart or drawing."""
