"""The committed gallery shows what this version computes and writes."""

from __future__ import annotations

import json
import re

import pytest

from docs.tools.gallery import EXHIBITS, GALLERY, SEED, page_name
from docs.tools.norrkoping.figures import at, kept
from simulator import store
from simulator.api import load_scenario, simulate
from simulator.decisions.base_rates import compare_with_base_rates
from simulator.decisions.experiment import Change, Experiment
from tests.unit.views.page import read

PAGES = [(exhibit, *page) for exhibit in EXHIBITS for page in exhibit.pages]
MEND = "make gallery"


def ids(page):
    return page_name(*page)


def figures(html):
    """Rows of each table by its caption, and the cards' figures."""
    cards = re.findall(r'<span class="figure">(.*?)</span>', html, re.S)
    return read(html).tables, cards


@pytest.mark.slow
def test_norrkoping_gives_the_figures_of_the_gallery():
    (exhibit,) = [exhibit for exhibit in EXHIBITS if exhibit.name == "norrkoping"]
    stored = json.loads((GALLERY / "data" / exhibit.name / "summary.json").read_text("utf-8"))
    made = simulate(load_scenario(exhibit.name), paths=exhibit.paths, seed=SEED).summary()
    for part in ("scenario", "investor", "municipality", "society"):
        _near(json.loads(json.dumps(made[part])), stored[part], part)


@pytest.mark.slow
def test_norrkopings_analyses_are_those_of_the_gallery():
    """Two bars of the tornado and the base rates anew; the page of documentation tells the same."""
    (exhibit,) = [exhibit for exhibit in EXHIBITS if exhibit.name == "norrkoping"]
    folder, scenario = GALLERY / "data" / exhibit.name, load_scenario(exhibit.name)
    drivers = json.loads((folder / "sensitivity.json").read_text("utf-8"))
    first = drivers["inputs"][0]
    lab = Experiment(scenario, paths=exhibit.paths, seed=SEED)
    for end in ("low", "high"):
        held = Change(held={first["name"]: first[f"{end}_value"]})
        assert lab.series(["investor.profit"], held)[0].mean() == pytest.approx(first[end])
    told = kept()["sensitivity"]
    assert at(drivers, "luck.figures[investor.expected_profit].total.estimate") == pytest.approx(
        told["luck.figures[investor.expected_profit].total.estimate"], rel=1e-5
    )
    made = compare_with_base_rates(scenario, paths=exhibit.paths, seed=SEED).to_dict()
    stored = json.loads((folder / "base_rates.json").read_text("utf-8"))
    _near(json.loads(json.dumps(made)), stored, "base_rates")


def _near(made, stored, where):
    """The same keys, texts and numbers; processors may differ in a number's last digits."""
    assert type(made) is type(stored), f"{where}: {MEND}"
    if isinstance(stored, dict):
        assert made.keys() == stored.keys(), f"{where}: {MEND}"
        for key, value in stored.items():
            _near(made[key], value, f"{where}.{key}")
    elif isinstance(stored, list):
        assert len(made) == len(stored), f"{where}: {MEND}"
        for number, value in enumerate(stored):
            _near(made[number], value, f"{where}.{number}")
    elif isinstance(stored, float):
        assert made == pytest.approx(stored, rel=1e-6, abs=1e-6), f"{where}: {MEND}"
    else:
        assert made == stored, f"{where}: {MEND}"


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_table_of_a_page_is_the_one_written_now(page):
    """Words may have been mended since; a table that is still there has the same figures."""
    exhibit, reader, lang = page
    shown = (GALLERY / page_name(*page)).read_text(encoding="utf-8")
    written = store.page_of(GALLERY / "data" / exhibit.name, reader, lang, script="plotly.js")
    (tables, cards), (now, cards_now) = figures(shown), figures(written)
    assert len(tables) >= 10
    assert cards == cards_now, MEND
    still = [caption for caption in tables if caption in now]
    assert len(still) >= 0.8 * len(tables), MEND
    for caption in still:
        assert tables[caption] == now[caption], f"{caption}: {MEND}"


def test_the_gallery_is_small_shares_one_script_and_lists_every_page():
    (script,) = GALLERY.glob("plotly-*.js")
    index = (GALLERY / "index.html").read_text(encoding="utf-8")
    pages = {page_name(*page) for page in PAGES}
    assert {file.name for file in GALLERY.glob("*.html")} == {*pages, "index.html"}
    for name in pages:
        text = (GALLERY / name).read_text(encoding="utf-8")
        assert f'<script src="{script.name}"></script>' in text
        assert len(text) < 600_000
        assert f'href="{name}"' in index
    everything = [file for file in GALLERY.rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in everything) < 8e6


def test_neither_clock_nor_host_is_kept():
    for made in GALLERY.glob("data/*/provenance.json"):
        assert not {"created", "host", "platform"} & set(json.loads(made.read_text("utf-8")))
