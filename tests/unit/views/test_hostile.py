"""Hostile text in every string that a scenario may hold is text in every page."""

from __future__ import annotations

import copy
import json
import re
from collections import defaultdict
from functools import cache

import pytest

from simulator.analysis import compare
from simulator.api import load_scenario, settle
from simulator.errors import ScenarioError
from simulator.scenario.document import parse_document
from simulator.scenario.load import scenario_from
from simulator.scenario.model import Scenario
from simulator.scenario.plain import plain
from simulator.scenario.resolved import to_toml
from simulator.views.report.parts import visible
from simulator.views.report.policy.comparison import render_comparison_report
from simulator.views.report.settlement import render_settlement
from tests.unit.views.page import read, rendered
from tests.unit.views.run import simulated
from tests.unit.views.test_settlement_page import PLAIN

pytestmark = pytest.mark.slow  # every string is tried

HOSTILE = (
    "=cmd|' /C calc'!A0 <script>document.title=1</script> \u202eturned\u202c "
    "\"><img src=x onerror=alert(1)> '; --> ]]> {{7*7}} {coin} %s &amp; \\ 😀 " + "x" * 300
)
TREE = plain(load_scenario("norrkoping"))


def leaves(tree, path=()):
    """Paths of all strings."""
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        if isinstance(value, (dict, list)):
            yield from leaves(value, (*path, key))
        elif isinstance(value, str):
            yield (*path, key)


def swapped(paths):
    """The scenario with hostile text at these paths; None where it may not stand there."""
    tree = copy.deepcopy(TREE)
    for number, path in enumerate(paths):
        table = tree
        for key in path[:-1]:
            table = table[key]
        table[path[-1]] = f"{HOSTILE} {number}"
    try:
        text = to_toml(Scenario.model_validate(tree))
        return scenario_from(parse_document(text, "hostile.toml"), (), (), "hostile")
    except (ScenarioError, ValueError):
        return None


@cache
def hostile():
    """The scenario with all the strings replaced that take any text, and which those are.

    They are found by trying; where none of a few strings with the same key may be replaced (a
    kind, a grade, a date) none is.
    """
    groups = defaultdict(list)
    for path in leaves(TREE):
        if path != ("name",):
            groups[path[0], path[-1]].append(path)
    taken = []
    for paths in groups.values():
        few = {paths[0], paths[len(paths) // 2], paths[-1]}
        if any(swapped([path]) is not None for path in few):
            taken = added(taken, paths)
    return swapped(taken), taken


def added(taken, paths):
    """Those taken, and of the further paths as many as can be replaced beside them."""
    if swapped([*taken, *paths]) is not None:
        return [*taken, *paths]
    if len(paths) == 1:
        return taken
    middle = len(paths) // 2
    return added(added(taken, paths[:middle]), paths[middle:])


def pages(lang):
    """Every kind of page about the scenario."""
    scenario, _ = hostile()
    run = simulated(scenario, 300)
    for reader in ("investor", "municipality"):
        yield reader, rendered(lang, run, reader)
    yield "settlement", render_settlement(settle(scenario).to_dict(), scenario, PLAIN, lang)


def check(html, calm):
    """The page has the same skeleton as one of calm words, and the words are there."""
    page, other = read(html), read(calm)
    for tag in ("script", "style", "img", "meta", "body", "iframe", "table", "figure"):
        assert [t for t, _ in page.tags].count(tag) == [t for t, _ in other.tags].count(tag), tag
    for _, given in page.tags:
        assert not [name for name in given if name.startswith("on")]
    for link in page.links:
        assert link.startswith(("#", "https://", "http://"))
    words = " ".join(page.text.split())
    assert visible(HOSTILE).strip() in words
    assert "[U+202E]turned[U+202C]" in words
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", html)
    for block in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', html, re.S):
        json.loads(block)


def test_titles_notes_sources_and_units_take_any_text():
    """So that the tests below do try them."""
    scenario, taken = hostile()
    assert scenario is not None
    assert len(taken) > 150
    assert {path[-1] for path in taken} >= {"sv", "en", "title", "source", "address"}


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_it_is_text_in_every_page_of_a_run_and_its_settlement(lang):
    calm = load_scenario("norrkoping")
    run = simulated(calm, 300)
    likes = {reader: rendered(lang, run, reader) for reader in ("investor", "municipality")}
    likes["settlement"] = render_settlement(settle(calm).to_dict(), calm, PLAIN, lang)
    for kind, html in pages(lang):
        check(html, likes[kind])
        assert len(html.encode()) < 3e6


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_it_is_text_in_a_comparison(lang, tmp_path):
    told = []
    for name, scenario in (("calm", load_scenario("norrkoping")), ("hostile", hostile()[0])):
        file = tmp_path / f"{name}.toml"
        file.write_text(to_toml(scenario), encoding="utf-8")
        made = compare((str(file), f"{file}@in_house"), paths=64)
        bases = [design.base for design in made.designs]
        told.append(render_comparison_report(data=made.to_dict(), scenarios=bases, lang=lang))
    check(told[1], told[0])
