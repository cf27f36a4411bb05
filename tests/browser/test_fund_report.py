"""The fund's page in a real browser: drawn, silent, offline, printable, readable by everybody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simulator.fund.load import load_fund
from simulator.views.report.policy.fund import render_fund_report
from tests.browser.test_report import CONTRAST
from tests.unit.views.fund_result import fund_result

pytestmark = pytest.mark.browser

RICH = Path(__file__).parents[1] / "cases" / "fund" / "valid" / "rich.toml"
CHARTS = ["chart-cost", "chart-claims", "chart-gains", "chart-gains-repriced"]


def fund_page(lang: str) -> str:
    return render_fund_report(result=fund_result(), fund=load_fund(RICH), lang=lang)


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_it_is_drawn_in_silence_and_everybody_can_read_it(seen, lang: str) -> None:
    report = seen(fund_page, lang)
    page = report.page
    assert page.locator("html").get_attribute("data-charts") == "drawn"
    assert report.complaints == []
    assert report.beyond == []
    assert page.evaluate(CONTRAST) == []
    for chart in CHARTS:
        box = page.locator(f"#{chart} svg.main-svg").first.bounding_box()
        assert box is not None
        assert box["width"] > 500
        assert box["height"] > 200
    assert page.locator("main").count() == page.locator("h1").count() == 1
    for chart in page.locator(".chart").all():
        assert len(chart.get_attribute("aria-label")) > 40
    for region in page.locator("[role=region], [role=group]").all():
        assert region.get_attribute("aria-label")
    ids = page.locator("[id]").evaluate_all("all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))


def test_bars_are_as_many_as_the_numbers(seen) -> None:
    page = seen(fund_page, "en").page
    assert page.locator("#chart-cost .barlayer .point").count() == 3  # designs with a fund
    assert page.locator("#chart-gains .barlayer .point").count() == 3 * 7  # by party
    assert page.locator("#chart-gains .scatterlayer .points path").count() == 3  # society


@pytest.mark.parametrize("width", [360, 1400])
def test_nothing_is_wider_than_the_window(visit, width: int) -> None:
    report = visit(fund_page("sv"), width)
    report.page.wait_for_timeout(300)
    assert report.page.evaluate("document.documentElement.scrollWidth") <= width
    assert report.complaints == []


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_it_prints_on_a4_with_its_charts(visit, tmp_path: Path, lang: str) -> None:
    page = visit(fund_page(lang)).page
    page.emulate_media(media="print")
    for chart in CHARTS:
        assert not page.locator(f"#{chart}").is_visible()
        assert page.locator(f"#{chart}-print").is_visible()
    file = tmp_path / "fund.pdf"
    page.pdf(path=str(file), prefer_css_page_size=True, print_background=True)
    data = file.read_bytes()
    assert 5 <= len(re.findall(rb"/Type\s*/Page\b", data)) <= 30
    sizes = re.findall(rb"/MediaBox\s*\[([^\]]+)\]", data)
    assert sizes
    for found in sizes:
        _, _, width, height = map(float, found.split())
        assert abs(width - 595) < 2
        assert abs(height - 842) < 2
