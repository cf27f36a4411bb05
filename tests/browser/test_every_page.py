"""What holds for every page: nothing asked, nothing cried, nothing overlapping, open to all."""

from __future__ import annotations

import pytest

from tests.browser.pages import CROWDED, KINDS, crowded_html, html_of
from tests.browser.test_report import CONTRAST

pytestmark = pytest.mark.browser

LANGUAGES = ("sv", "en")
OPEN = "for (const block of document.querySelectorAll('details')) block.open = true"


def violations(page, *, colours: bool = True, least: int = 15) -> list[tuple[str, str]]:
    """What axe says of a page, which finds something to look at for more than a few rules."""
    from axe_playwright_python.sync_playwright import Axe

    options: dict[str, object] = {"resultTypes": ["violations"]}
    if not colours:  # more than half of the time that axe takes
        options["rules"] = {"color-contrast": {"enabled": False}}
    found = Axe().run(page, options=options).response
    assert len(found["passes"]) > least
    return [(rule["id"], rule["help"]) for rule in found["violations"]]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_nothing_is_asked_for_and_axe_finds_no_violation(visit, kind, lang):
    """WCAG 2.1 A and AA and axe's own good practice, with every folded table open and closed.

    Colours come from the style sheet and are those of both languages: axe looks at them in one,
    `CONTRAST`, which knows the letters of a chart too, in both.
    """
    html = html_of(kind, lang)
    assert len(html.encode()) < 3e6
    report = visit(html)
    assert_drawn_in_silence(report, html)
    page = report.page
    assert violations(page, colours=False) == []
    page.evaluate(OPEN)
    assert violations(page, colours=lang == "sv") == []
    assert page.evaluate(CONTRAST) == []
    assert page.evaluate(OVERLAPS) == []


def assert_drawn_in_silence(report, html: str) -> None:
    """All charts are drawn; the page complains of nothing and asks for nothing but itself."""
    drawn = report.page.locator("html").get_attribute("data-charts")
    assert drawn == ("drawn" if "<script" in html else None)
    assert report.complaints == []
    assert [url for url in report.asked if not url.startswith(("data:", "blob:"))] == [
        report.page.url
    ]


def test_axe_would_find_a_violation(visit):
    html = html_of("settlement", "en").replace('<html lang="en">', "<html>")
    html = html.replace("<h1>", '<h1 style="color: #bbb">')
    page = visit(html).page
    assert [rule for rule, _ in violations(page)] == ["color-contrast", "html-has-lang"]
    assert [rule for rule, _ in violations(page, colours=False)] == ["html-has-lang"]
    assert len(page.evaluate(CONTRAST)) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_without_scripts_every_table_and_drawing_is_there(visit, kind, lang):
    """A chart needs the browser's script; its numbers stand in an open table instead."""
    report = visit(html_of(kind, lang), javascript=False)
    assert report.complaints == []
    assert report.page.evaluate(MISSING) == []
    report.page.emulate_media(media="print")
    assert report.page.evaluate(MISSING_ON_PAPER) == []  # there is no picture instead


def test_what_is_missing_without_scripts_would_be_found(visit):
    html = html_of("investor", "en").replace("details.data", "details.other")
    hidden = "<style>figure table, .chart .note { display: none } .chart { height: 400px }</style>"
    page = visit(html.replace("</head>", hidden + "</head>"), javascript=False).page
    charts = page.locator("figure:has(.chart)").count()
    found = page.evaluate(MISSING)
    assert len(found) == 3 * charts > 0
    assert len(page.evaluate(MISSING_ON_PAPER)) == charts


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(CROWDED))
def test_nothing_overlaps_in_a_crowded_page(visit, kind, lang):
    """Twenty years, twenty cohorts, forty kinds, long names: on a screen, a phone and paper."""
    for width in (1100, 390):
        report = visit(crowded_html(kind, lang), width)
        page = report.page
        assert page.locator("html").get_attribute("data-charts") == "drawn"
        assert report.complaints == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(OVERLAPS) == []
        assert page.evaluate(CUT) == []
        drawings = page.locator(".print-image").count()
        assert page.evaluate(ON_PAPER) == drawings
        assert page.evaluate(OVERLAPS) == []
        assert page.evaluate(CUT) == []
        page.close()


def test_overlaps_and_cut_labels_would_be_found(visit):
    html = """<!DOCTYPE html><div class="picture"><svg width="200" height="100">
      <text x="10" y="50">one label</text><text x="40" y="52">another</text>
      <text x="170" y="90">cut away</text>
      <text x="90" y="10" transform="rotate(30 90 10)">turned</text>
      </svg></div>"""
    page = visit(html).page
    assert page.evaluate(OVERLAPS) == ["picture: one label | another"]
    assert page.evaluate(CUT) == ["picture: cut away"]


MISSING = """() => {
  const box = node => node ? node.getBoundingClientRect() : { width: 0, height: 0 };
  const visible = node => node && box(node).width && box(node).height && node.checkVisibility(
    { visibilityProperty: true });
  const found = [];
  for (const chart of document.querySelectorAll("figure:has(.chart)")) {
    const name = chart.querySelector(".chart").id;
    if (!visible(chart.querySelector("table td"))) found.push(`${name}: no table`);
    if (!visible(chart.querySelector(".chart .note"))) found.push(`${name}: no note`);
    if (box(chart.querySelector(".chart")).height >= 60) found.push(`${name}: a hole`);
  }
  for (const drawing of document.querySelectorAll(".picture svg"))
    if (!visible(drawing) || box(drawing).height <= 50) found.push("a drawing");
  return found;
}"""
"""Charts without their table or their note, or with a hole in their place; drawings not shown."""

MISSING_ON_PAPER = """() => [...document.querySelectorAll("figure:has(.chart)")]
  .filter(chart => !chart.querySelector("table td")?.checkVisibility({ visibilityProperty: true }))
  .map(chart => chart.querySelector(".chart").id)"""

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
