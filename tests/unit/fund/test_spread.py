"""Ranges over paths: exact for ordinary runs, within 0.05 % for long ones."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.fund.run import run_fund
from simulator.fund.spread import EXACT_PATHS, Spread
from tests.unit.fund.funds import fund, guarantee

NAMES = ("money", "year")


def filled(paths, seed=1):
    """Amounts of both signs, a tenth of them zero; years that never come on half of the paths."""
    g = np.random.default_rng(seed)
    money = np.where(g.random(paths) < 0.1, 0.0, g.normal(1e6, 2e6, paths))
    year = np.where(g.random(paths) < 0.5, np.inf, g.integers(0, 12, paths).astype(float))
    spread = Spread(NAMES)
    for first in range(0, paths, 1_000):
        spread.add(np.array([money[first : first + 1_000], year[first : first + 1_000]]))
    return spread, money, year


@pytest.mark.parametrize(("paths", "error"), [(EXACT_PATHS, 0.0), (3 * EXACT_PATHS, 5e-4)])
def test_quantiles_are_exact_or_nearly_so(paths, error):
    spread, money, _ = filled(paths)
    for percent in (1, 5, 50, 95, 99):
        true = np.sort(money)[-(-paths * percent // 100) - 1]
        assert spread.distribution("money").quantile(percent) == pytest.approx(true, rel=error)


@pytest.mark.parametrize("paths", [5_000, 40_000])
def test_what_never_comes_is_counted_and_left_out(paths):
    spread, money, year = filled(paths)
    known = year[np.isfinite(year)]
    found = spread.distribution("year")
    assert spread.finite("year") == len(known) == found.paths
    assert spread.above("year") == int((known > 0).sum())
    assert spread.above("money") == int((money > 0).sum())
    assert found.values @ found.counts == pytest.approx(known.sum(), rel=1e-12)


def test_a_long_run_tells_what_an_exact_one_does(monkeypatch):
    words = fund((3, 2), {"half": guarantee(capital=160.0, funded="leveraged", leverage=3.0)})
    exact = run_fund(words, paths=4_096, again=False).to_dict()
    monkeypatch.setattr("simulator.fund.spread.EXACT_PATHS", 1_000)
    sketched = run_fund(words, paths=4_096, again=False).to_dict()
    one, other = exact["designs"][1], sketched["designs"][1]
    assert one["exhausted_year"] is not None
    for name in ("expected_claims", "capital_99", "exhausted_year", "committed_year"):
        assert other[name] == pytest.approx(one[name], rel=5e-4, nan_ok=True), name
    assert other["claim_probability"] == one["claim_probability"]
