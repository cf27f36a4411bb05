"""A report in a real browser: drawn, silent, offline, printable, readable by everybody."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.unit.views.run import contract, example, simulated

pytestmark = pytest.mark.browser

CHARTS = {
    "investor": ["chart-return", "chart-cash", "chart-parties", "chart-measured"],
    "municipality": ["chart-budget", "chart-even"],
}
READERS = sorted(CHARTS)
HOSTILE = '<img src=http://evil.example/x onerror="document.title=1">'


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("lang", ["sv", "en"])
def test_every_chart_is_drawn_without_a_word_and_without_the_network(
    looked_at, lang: str, reader: str
) -> None:
    report = looked_at(lang, reader)
    assert report.page.locator("html").get_attribute("data-charts") == "drawn"
    assert report.complaints == []
    assert report.beyond == []
    assert sum(url.startswith("file:") for url in report.asked) == 1
    for chart in CHARTS[reader]:
        drawing = report.page.locator(f"#{chart} svg.main-svg").first
        box = drawing.bounding_box()
        assert box is not None
        assert box["width"] > 500
        assert box["height"] > 250
        source = report.page.locator(f"#{chart}-print").get_attribute("src")
        assert source.startswith("data:image/svg+xml")


def test_bars_and_marks_are_as_many_as_the_numbers(looked_at) -> None:
    summary, _, _ = example()
    page = looked_at("en", "municipality").page
    years = len(summary["municipality"]["by_year"])
    marks = page.locator("#chart-budget .scatterlayer .trace .points path")
    assert marks.count() == years
    parts = page.locator("#chart-budget .barlayer .trace").count()
    assert page.locator("#chart-budget .barlayer .point").count() == parts * years
    assert page.locator("#chart-even .barlayer .point").count() == years


def test_no_button_offers_to_send_the_chart_anywhere(looked_at) -> None:
    page = looked_at("en", "investor").page
    page.locator("#chart-return").hover()
    assert page.locator(".modebar-btn").count() == 0
    assert "share chart" not in page.locator("body").inner_text().lower()
    assert "plotly" not in page.locator("body").inner_text().lower()


def test_tables_are_folded_when_charts_are_drawn_and_open_without_scripts(
    looked_at, opened
) -> None:
    drawn = looked_at("sv", "investor").page
    plain = opened("sv", javascript=False).page
    assert drawn.locator("details.data[open]").count() == 0
    assert plain.locator("details.data[open]").count() == plain.locator(".chart").count()
    cells = plain.locator("details.data td")
    assert cells.count() > 50
    assert cells.first.is_visible()
    assert "Diagrammet ritas av webbläsaren" in plain.locator("#chart-return").inner_text()


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("lang", ["sv", "en"])
def test_every_text_has_enough_contrast(looked_at, lang: str, reader: str) -> None:
    """WCAG 2.1 AA, 1.4.3: 4.5 to 1, or 3 to 1 for large text; charts' labels included."""
    page = looked_at(lang, reader).page
    poor = page.evaluate(CONTRAST)
    assert poor == []


@pytest.mark.parametrize("width", [360, 1400])
def test_nothing_is_wider_than_the_window(opened, width: int) -> None:
    long = "Enormouslylongwordwithoutanyspaces" * 6
    made = contract(**{'en = "The municipality"': f'en = "{long}"'})
    report = opened("en", simulated(made, 300))
    report.page.set_viewport_size({"width": width, "height": 800})
    report.page.wait_for_timeout(300)
    assert report.page.evaluate("document.documentElement.scrollWidth") <= width
    assert report.complaints == []


def test_hostile_names_do_nothing_in_text_or_charts(opened) -> None:
    places = ('en = "The municipality"', 'en = "the saving"', 'en = "The fund"')
    swapped = dict.fromkeys(places, f"en = '{HOSTILE}'")
    report = opened("en", simulated(contract(**swapped), 300))
    assert report.complaints == []
    assert [url for url in report.asked if "evil" in url] == []
    assert report.page.title() != "1"
    assert "<img src=http://evil" in report.page.locator("#chart-parties").inner_text()


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("lang", ["sv", "en"])
def test_it_prints_on_a4_with_charts_captions_and_short_tables(
    opened, tmp_path: Path, lang: str, reader: str
) -> None:
    report = opened(lang, reader=reader)
    report.page.emulate_media(media="print")
    for chart in CHARTS[reader]:
        assert not report.page.locator(f"#{chart}").is_visible()
        assert report.page.locator(f"#{chart}-print").is_visible()
    file = tmp_path / "report.pdf"
    report.page.pdf(path=str(file), prefer_css_page_size=True, print_background=True)
    data = file.read_bytes()
    pages = len(re.findall(rb"/Type\s*/Page\b", data))
    assert 4 <= pages <= 25
    sizes = {
        tuple(map(float, found.split())) for found in re.findall(rb"/MediaBox\s*\[([^\]]+)\]", data)
    }
    assert all(abs(w - 595) < 2 and abs(h - 842) < 2 for _, _, w, h in sizes)
    assert len(data) < 3e6
    if shutil.which("pdftotext"):
        text = subprocess.run(
            ["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True
        ).stdout
        flat = " ".join(text.split())
        for caption in report.page.locator("figcaption").all_inner_texts():
            assert " ".join(caption.split()) in flat


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_screen_reader_meets_names_and_landmarks(looked_at, lang: str) -> None:
    page = looked_at(lang, "investor").page
    assert page.locator("main").count() == 1
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == lang
    for chart in page.locator(".chart").all():
        assert len(chart.get_attribute("aria-label")) > 40
    for region in page.locator("[role=region]").all():
        assert region.get_attribute("aria-label")
    empty = page.locator("a").evaluate_all(
        "links => links.filter(a => !(a.textContent.trim() || a.ariaLabel)).length"
    )
    assert empty == 0


CONTRAST = """() => {
  const light = ([r, g, b]) => {
    const part = [r, g, b].map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * part[0] + .7152 * part[1] + .0722 * part[2];
  };
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const ground = node => {
    for (; node; node = node.parentElement) {
      const colour = parse(getComputedStyle(node).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || node.closest("script, style, .skip")) continue;
    const style = getComputedStyle(node);
    const inside = node.closest("svg");
    const ink = parse(inside ? style.fill : style.color);
    const [a, b] = [light(ink), light(ground(inside ? inside.parentElement : node))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    const size = parseFloat(style.fontSize), bold = Number(style.fontWeight) >= 700;
    if (ratio < (size >= 24 || (bold && size >= 18.6) ? 3 : 4.5))
      poor.push(`${walk.currentNode.textContent.trim()}: ${ratio.toFixed(2)}`);
  }
  return poor;
}"""
