"""The oracle table: what a row is, that its closed forms hold, and that every row passes."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from scipy import integrate, stats

from simulator.api import simulate
from simulator.oracles import Check, checks
from simulator.oracles.check import CONTRACTS, contract
from simulator.oracles.luck import beta_binomial_tail, put
from simulator.oracles.measuring import capped_share_mean


def row(computed: float | str, expected: float | str = 1.0, tolerance: float | None = 0.1) -> Check:
    return Check("a row", expected, computed, tolerance, "closed form: 1")


def test_a_row_passes_within_its_tolerance_only() -> None:
    assert row(1.0999).passed
    assert row(0.9001).passed
    assert not row(1.1001).passed
    assert not row(math.nan).passed
    assert not row(math.inf).passed


def test_a_row_of_text_passes_on_the_same_text_only() -> None:
    assert row("6627e8d5", "6627e8d5", None).passed
    assert not row("6627e8d4", "6627e8d5", None).passed


def test_a_row_without_a_number_is_null_in_json() -> None:
    assert row(math.nan).to_dict() == {
        "name": "a row",
        "expected": 1.0,
        "computed": None,
        "tolerance": 0.1,
        "source": "closed form: 1",
        "passed": False,
    }


def test_tail_of_a_beta_binomial() -> None:
    assert beta_binomial_tail(40, 12, 28, 15) == pytest.approx(
        stats.betabinom(40, 12, 28).sf(14), rel=1e-12
    )


def test_put_is_an_expectation_under_the_lognormal() -> None:
    law = stats.lognorm(0.4, scale=1000 * math.exp(-0.08))
    by_hand = integrate.quad(lambda s: (1200 - s) * law.pdf(s), 0, 1200)[0]
    assert put(1200, 1000, 0.4) == pytest.approx(by_hand, rel=1e-9)


@pytest.mark.parametrize(("truth", "mean"), [(0.0, 1.521), (7.5, 2.979)])
def test_capped_share_of_a_normal_saving(truth: float, mean: float) -> None:
    assert capped_share_mean(truth, 8.7, 0.6, 4.5) == pytest.approx(mean, abs=0.0005)
    z = np.linspace(-9, 9, 200_001)
    paid = np.clip(0.6 * (truth + 8.7 * z), 0, 4.5)
    by_hand = float((paid * stats.norm.pdf(z)).sum() * (z[1] - z[0]))
    assert capped_share_mean(truth, 8.7, 0.6, 4.5) == pytest.approx(by_hand, rel=1e-6)


@pytest.mark.parametrize("file", sorted(CONTRACTS.glob("*.toml")), ids=lambda file: file.stem)
def test_contracts_of_the_table_load(file) -> None:
    assert contract(file.stem).name == file.stem


def test_a_users_own_file_does_not_stand_in_for_a_shipped_one(tmp_path, monkeypatch) -> None:
    shelf = tmp_path / "scenarios"
    shelf.mkdir()
    (shelf / "norrkoping.toml").write_text("not a scenario", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert contract("norrkoping").currency == "SEK"


def test_a_wider_measurement_error_moves_the_investors_return() -> None:
    """The other half of the identity in the table, which only holds the savings still."""
    received = [
        simulate(contract("persistence", variants), paths=500, keep="paths").paths
        for variants in ((), ("exact_reference",))
    ]
    noisy, exact = (frame["investor.received"] for frame in received)
    assert (noisy != exact).mean() > 0.5


@pytest.mark.slow
def test_every_row_passes_within_a_minute() -> None:
    """A minute of the processor, whatever else the machine has to do meanwhile."""
    simulate(contract("bullet"), paths=1)  # compiles what is not compiled yet
    start = time.process_time()
    table = checks()
    assert time.process_time() - start < 60
    assert [check.to_dict() for check in table if not check.passed] == []
    names = [check.name for check in table]
    assert len(set(names)) == len(names)
    assert all(
        check.source.startswith(
            ("https://", "http://", "closed form", "by ", "exact", "identity", "48 million")
        )
        for check in table
    )
