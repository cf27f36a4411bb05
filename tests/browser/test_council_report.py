"""The council's paper in a real browser: six pages or so, and nothing overlaps when it is long."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from simulator.scenario.load import load_scenario
from tests.browser.conftest import Opened
from tests.unit.views.page import rendered
from tests.unit.views.run import Run, contract, simulated

pytestmark = pytest.mark.browser

LONG = "Nämnden för utbildning, arbetsmarknad, socialtjänst och fritid i östra stadsdelarna"


@cache
def twenty() -> Run:
    """Twenty years, twenty cohorts, three budgets with long names, one of them another's."""
    more = "".join(
        f'[pockets.b{k}]\ntitle = {{ sv = "{LONG} {k}", en = "{LONG} {k}" }}\n'
        f'holder = "{holder}"\ncashable = 0.5\n'
        for k, holder in ((1, "outcome_payer"), (2, "guarantor"))
    )
    more += "".join(
        f'[cohorts.c{k}]\ntitle = {{ sv = "{LONG} {k}", en = "{LONG} {k}" }}\nservice_users = 5\n'
        for k in range(19)
    )
    made = contract(
        more,
        **{
            'horizon = "3 years"': 'horizon = "20 years"',
            'period = "half-year"': 'period = "year"',
            "baseline = 0.3\neffect = { difference = 0.1 }": (
                'baseline = 0.3\neffect = { difference = 0.1 }\npocket = "b1"\nprice = 90_000'
            ),
            'unit = "days"': 'unit = "days"\npocket = "b2"\nprice = 900\npersistence = 0.5',
            'spread = { law = "gamma", sd = 100_000 }': (
                'spread = { law = "gamma", sd = 100_000 }\npersistence = 0.5'
            ),
        },
    )
    return simulated(made, 100)


@cache
def norrkoping() -> Run:
    return simulated(load_scenario("norrkoping"), 300)


def long_page() -> str:
    return rendered("sv", twenty(), "municipality")


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_norrkopings_paper_has_at_most_seven_pages(opened, tmp_path: Path, lang: str) -> None:
    report = opened(lang, norrkoping(), "municipality")
    assert report.complaints == []
    file = tmp_path / "council.pdf"
    report.page.pdf(path=str(file), prefer_css_page_size=True, print_background=True)
    pages = len(re.findall(rb"/Type\s*/Page\b", file.read_bytes()))
    assert 5 <= pages <= 7


@pytest.fixture
def long_paper(seen):
    """The page of all that, opened once; a test sets the width that it looks at."""
    report = seen(long_page)

    def at(width: int) -> Opened:
        report.page.set_viewport_size({"width": width, "height": 900})
        report.page.wait_for_timeout(300)
        return report

    yield at
    report.page.emulate_media(media="screen")


@pytest.mark.parametrize("width", [390, 1280])
def test_twenty_years_of_twenty_cohorts_stay_inside_the_window(long_paper, width: int) -> None:
    report = long_paper(width)
    assert report.page.evaluate("document.documentElement.scrollWidth") <= width
    assert report.complaints == []


def test_twenty_years_fit_the_width_of_a_printed_page(long_paper) -> None:
    page = long_paper(673).page  # 178 mm at 96 dots an inch
    page.emulate_media(media="print")
    wide = page.evaluate(
        "[...document.querySelectorAll('table, pre, p, li, img')]"
        ".filter(e => e.offsetParent && e.getBoundingClientRect().right > innerWidth + 1)"
        ".map(e => e.textContent.slice(0, 60))"
    )
    assert wide == []


@pytest.mark.parametrize("chart", ["chart-budget", "chart-even"])
def test_no_label_of_a_chart_lies_on_another(long_paper, chart: str) -> None:
    page = long_paper(1280).page
    assert page.locator(f"#{chart} .xtick text").count() == 20
    assert page.evaluate(OVERLAPS, chart) == []


OVERLAPS = """(chart) => {
  const texts = [...document.querySelectorAll(`#${chart} svg text`)]
    .filter(node => node.textContent.trim() && getComputedStyle(node).visibility !== "hidden");
  const boxes = texts.map(node => [node.textContent, node.getBoundingClientRect()]);
  const found = [];
  for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
    const [a, one] = boxes[i], [b, two] = boxes[j];
    const wide = Math.min(one.right, two.right) - Math.max(one.left, two.left);
    const high = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
    if (wide > 1 && high > 3) found.push([a, b, wide, high]);
  }
  return found;
}"""
