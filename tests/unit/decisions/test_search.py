"""The design search: who betters whom, by hand; its spread, its words, its pages, bad questions."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from simulator import search
from simulator.api import load_scenario
from simulator.decisions.keys import Opened
from simulator.decisions.ranges import Range, read_range
from simulator.decisions.search import LOSS, NET, PROFIT, Design, judged, spread
from simulator.errors import SocsimError
from simulator.laid import lay_analysis, run_beside
from simulator.summary.estimates import estimate
from simulator.views.searching import search_lines, told_designs

ROOT = Path(__file__).parents[2]
DEAL = ROOT / "worked" / "deal.toml"
SHARE, MOST = "payments.pay.terms.1.share", "payments.pay.terms.2.at_most"
R = "metrics.cost.effect.ratio={ normal = { mean = 0.8, sd = 0.1 } }"


@pytest.fixture(scope="module")
def deal():
    """Half of the measured saving 2,000·(1 − r), at most 300; 150 is put in."""
    terms = "payments.pay.terms=[{ share = 0.5 }, { at_most = 300 }]"
    return load_scenario(DEAL, overrides=(terms, R))


def made(number, profit, loss, net, noise=0.0):
    """A design whose batches of paths lie `noise` around its means, in the same way for all."""
    wave = noise * np.where(np.arange(50) % 2 == number % 2, 1.0, -1.0)
    means = np.array([profit, loss, net])[:, None] + wave
    figures = {PROFIT: estimate(profit, 1.0), LOSS: estimate(loss, 0.01), NET: estimate(net, 1.0)}
    return Design(number, {}, False, figures, means=means)


def kept(designs, margin=10.0):
    told = judged(designs, {PROFIT: margin, NET: margin})
    return [design.number for design in told if design.dominated_by is None], told


def test_better_in_everything_is_kept_alone():
    designs = [made(0, 100.0, 0.3, 50.0), made(1, 90.0, 0.4, 40.0)]
    numbers, told = kept(designs, margin=0.0)
    assert numbers == [0]
    assert told[1].dominated_by == 0


def test_what_one_gains_the_other_pays_for_so_both_are_kept():
    numbers, _ = kept([made(0, 100.0, 0.3, 50.0), made(1, 60.0, 0.4, 90.0)])
    assert numbers == [0, 1]


def test_about_the_same_money_at_a_lower_risk_betters():
    """5 less to the municipality counts as nothing, 15 does not."""
    low = made(0, 105.0, 0.3, 45.0)
    assert kept([low, made(1, 100.0, 0.4, 50.0)])[0] == [0]
    assert kept([low, made(1, 90.0, 0.4, 60.0)])[0] == [0, 1]


def test_a_risk_that_is_not_told_apart_betters_nothing():
    """Batches swing by 1 around a difference of 0.1: its error is 1.01/√50 = 0.14 > 0.1/1.96."""
    low, high = made(0, 105.0, 0.3, 45.0, noise=0.5), made(1, 100.0, 0.4, 50.0, noise=0.5)
    assert kept([low, high])[0] == [0, 1]


def test_a_chain_always_leaves_somebody():
    """Each is bettered by the one before, within the margin; only kept designs set others aside."""
    chain = [made(k, 100.0 - 8.0 * k, 0.1 + 0.1 * k, 50.0 + 8.0 * k) for k in range(5)]
    assert kept(chain)[0] == [0, 2, 4]


def test_designs_are_spread_over_the_ranges(deal):
    ranges = [Range(SHARE, 0.2, 0.8), Range(MOST, 100.0, 400.0)]
    opened = Opened(deal)
    for method in ("halton", "sobol"):
        rows = spread(ranges, opened, 32, method, 1)
        assert rows == spread(ranges, opened, 32, method, 1)
        assert rows != spread(ranges, opened, 32, method, 2)
        shares = [row[SHARE] for row in rows]
        assert len(rows) == 32
        assert all(0.2 <= share <= 0.8 for share in shares)
        # low discrepancy: each quarter of the range has a quarter of the designs, give or take 2
        quarters = np.histogram(shares, bins=4, range=(0.2, 0.8))[0]
        assert max(abs(quarters - 8)) <= 2
    grid = spread(ranges, opened, 9, "grid", 1)
    assert {row[SHARE] for row in grid} == {0.2, 0.5, 0.8}
    assert {row[MOST] for row in grid} == {100.0, 250.0, 400.0}


def test_a_search_of_the_deal(deal):
    """Profit and the municipality's net add up to 4,000·(1 − r) − 150 on each path."""
    found = search(deal, {SHARE: (0.2, 0.8), MOST: (100, 400)}, designs=12, paths=400, seed=2)
    assert found.designs[0].is_present
    assert found.designs[0].values == {SHARE: 0.5, MOST: 300.0}
    totals = [
        design.figures[PROFIT]["estimate"] + design.figures[NET]["estimate"]
        for design in found.designs
    ]
    assert totals == pytest.approx([totals[0]] * len(totals), rel=1e-9)
    assert abs(totals[0] - 650.0) < 5.0 * 400.0 / 20.0  # sd of 4,000·r is 400, over √400 paths
    profits = [design.figures[PROFIT]["estimate"] for design in found.frontier]
    assert profits == sorted(profits, reverse=True)
    for design in found.designs:
        assert (design.dominated_by is None) == (design in found.frontier)
    for design in found.frontier:
        assert "investor.irr_of_expected_cash_flow" in design.figures
    data = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert data["frontier"] == [design.number for design in found.frontier]


def test_designs_in_words_and_on_both_pages(deal, tmp_path):
    found = search(deal, {SHARE: (0.2, 0.8), MOST: (100, 400)}, designs=12, paths=64).to_dict()
    english = "\n".join(search_lines(found, deal, "en"))
    swedish = "\n".join(search_lines(found, deal, "sv"))
    assert "of each measured krona" in english
    assert "at most SEK\u00a0330" in english
    assert "13 designs were tried" in english
    assert "13 utformningar prövades" in swedish
    folder = run_beside(deal, tmp_path, paths=64, seed=1)
    before = (folder / "report.html").read_text(encoding="utf-8")
    assert "Terms that no others better" not in before
    assert "--search" not in before  # nobody has asked, and no line says that somebody should
    lay_analysis("search", found, folder)
    assert "Terms that no others better" in (folder / "report.html").read_text(encoding="utf-8")
    council = (folder / "report-municipality.html").read_text(encoding="utf-8")
    assert "Villkor som inga andra överträffar" in council


def test_many_designs_are_told_by_a_few(deal):
    found = search(deal, {SHARE: (0.2, 0.8), MOST: (100, 400)}, designs=40, paths=64).to_dict()
    told = told_designs(found)
    assert len(told) <= 9
    assert [named.letter for named in told] == list("ABCDEFGHI")[: len(told)]
    assert told[0].design["number"] == found["frontier"][0]
    assert told[-1].design["number"] == found["frontier"][-1]


@pytest.mark.parametrize(
    ("terms", "more", "message"),
    [
        ({SHARE: (0.2, 0.8)}, {}, "over two to four terms; found 1"),
        ({SHARE: (0.2, 0.8), "payments.pay.terms[1].share": (0.1, 0.2)}, {}, "is named twice"),
        ({SHARE: (0.2, 1.8), MOST: (100, 400)}, {}, "cannot be 1.8: found"),
        ({SHARE: (0.2, 0.8), "payments.pay.of": (0, 1)}, {}, "holds no number: found `saving`"),
        ({SHARE: (0.2, 0.8), "payments.pya.of": (0, 1)}, {}, "is no key"),
        ({SHARE: (0.2, 0.8), MOST: (100, 400)}, {"designs": 10**6}, "between 1 and 2000 designs"),
    ],
)
def test_a_search_that_makes_no_sense_is_one_clear_error(deal, terms, more, message):
    with pytest.raises(SocsimError, match=message):
        search(deal, terms, paths=8, **more)


def test_a_contract_without_an_investor_is_one_clear_error():
    plain = load_scenario(ROOT / "cases" / "valid" / "rate_card.toml")
    keys = [k for k, v in Opened(plain).keys.items() if k.endswith("service_users")]
    other = next(k for k in Opened(plain).keys if k.endswith("baseline"))
    with pytest.raises(SocsimError, match="has no investor"):
        search(plain, {keys[0]: (10, 20), other: (0.1, 0.2)}, paths=8)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a.b=0.2..0.8", Range("a.b", 0.2, 0.8)),
        ("a.b = -1 .. 1", Range("a.b", -1.0, 1.0)),
        ("a.b=20%..100%:5", Range("a.b", 0.2, 1.0, 5)),
        ("a.b=1e6..2_000_000:1e3", Range("a.b", 1e6, 2e6, 1000)),
    ],
)
def test_ranges(text, found):
    assert read_range(text, "--search") == found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a.b", "is no range"),
        ("a.b=1", "is no range"),
        ("a.b=1..x", "is no range"),
        ("a.b=1..2:0", "is no range"),
        ("a.b=1..2:x", "is no range"),
        ("a.b=2..1", "must be below the second"),
        ("a.b=1..1", "must be below the second"),
    ],
)
def test_no_range(text, message):
    with pytest.raises(SocsimError, match=message):
        read_range(text, "--over")
