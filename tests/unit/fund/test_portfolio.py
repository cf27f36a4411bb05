"""What must hold of a fund over simulated contracts."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from simulator.analysis.transform import with_effect
from simulator.engine import Engine
from simulator.fund.contracts import Delivery, believed, contract_of
from simulator.fund.instances import address_of, instances_of
from simulator.fund.prices import repriced
from simulator.fund.results import PARTIES
from simulator.fund.run import run_fund
from simulator.fund.setup import Workshop, setup_of
from simulator.plan.build import build
from tests.unit.fund.funds import KEY, figures, fund, guarantee

P = 0.2  # chance that the coin contract fails
ALARM = 1e-6


def norrkoping(designs, **more):
    """Six contracts like Norrköping's of uncertain size."""
    size = {"lognormal": {"mean": 1.0, "sigma": 0.4}}
    return fund((2, 0, 1), designs, years=12, rate=0.03, scenario="norrkoping", size=size, **more)


READINGS = {
    "pari": guarantee(),
    "floor": guarantee(reading="floor"),
    "first": guarantee(reading="first loss"),
    "at_risk": guarantee(reading="first loss", object="at risk"),
    "second": guarantee(
        None, "second loss", attachment={"of_drawn": 0.1}, detachment={"of_drawn": 0.4}
    ),
    "most": guarantee(None, "maximum loss", maximum={"of_drawn": 0.3}),
    "before": guarantee(order="before activity payment"),
}


def test_claim_and_loss_after_are_the_loss_before_on_every_path():
    # undiscounted, before fee and recoveries, for objects of principal: the investor's loss on what
    # was drawn is L = max(D − R, 0); a claim never exceeds it, so that L − claim is what is left
    words = norrkoping(READINGS)
    setup = setup_of(words, 1)
    contract = setup.contracts["coins", Delivery()]
    rows = contract.rows(setup.instances[0].address, 0, 4096)
    size = np.full(4096, 1.7)
    loss = np.maximum(contract.pick(rows, "drawn") - contract.pick(rows, "received"), 0.0) * size
    assert (loss > 0.0).any()
    for arm in setup.arms[1:]:
        claim = arm.support.terms(contract, rows, size).out[0].amount
        assert (claim >= 0.0).all()
        assert (claim <= loss * (1 + 1e-12)).all()
        assert (loss - claim >= -1e-6).all()
    half = setup.arms[1].support.terms(contract, rows, size).out[0].amount
    assert half == pytest.approx(0.5 * loss, rel=1e-12)
    most = next(a for a in setup.arms if a.name == "most")
    left = loss - most.support.terms(contract, rows, size).out[0].amount
    assert left == pytest.approx(np.minimum(loss, 0.3 * contract.pick(rows, "drawn") * size))


def test_zero_coverage_changes_nothing_bit_for_bit():
    found = figures(norrkoping({"none": guarantee(0.0), "floor": guarantee(0.0, "floor")}))
    for name in ("none", "floor"):
        for figure in ("contracts", "drawn", "good", "claims", *(f"pv.{p}" for p in PARTIES)):
            assert np.array_equal(found[name].columns[figure], found["nothing"].columns[figure]), (
                figure
            )
        assert np.array_equal(found[name].years["net"], found["nothing"].years["net"])


def test_shared_luck_and_equal_terms_are_one_contract_times_n_bit_for_bit():
    one = figures(fund((1,), luck="shared"))["half"].columns
    many = figures(fund((5,), luck="shared"))["half"].columns
    assert set(one["claims"].tolist()) == {0.0, 50.0}
    for name in ("claims", "drawn", "pv.investor", "pv.state", "contracts"):
        assert np.array_equal(many[name], 5 * one[name]), name


def test_independent_contracts_lose_as_the_convolution_says():
    # claims ÷ 50 of ten contracts are Binomial(10, 0.2): chi-square over 0 … 6+ of 8,192 paths.
    # Power: with luck shared the statistic is in the tens of thousands.
    words = fund((6, 4))
    counts = np.concatenate(
        [figures(words, first=first)["half"].columns["claims"] for first in (0, 4096)]
    )
    seen = np.bincount((counts / 50.0).astype(int), minlength=11)
    chances = stats.binom.pmf(np.arange(11), 10, P)
    pooled = np.append(seen[:6], seen[6:].sum())
    expected = np.append(chances[:6], chances[6:].sum()) * len(counts)
    statistic = float(((pooled - expected) ** 2 / expected).sum())
    assert statistic < stats.chi2.isf(ALARM, 6)


def test_a_large_portfolio_with_one_factor_loses_as_vasicek_says():
    # P(share of failures ≤ x) → Φ((√(1 − ρ)·Φ⁻¹(x) − Φ⁻¹(p))/√ρ) for n → ∞ (Vasicek 2002).
    # 300 contracts, 4,096 paths: distance below 2.63/√4096 = 0.041 (false alarm 1e-6) plus 0.02 for
    # the finite portfolio. Power: with ρ = 0.1 in place of 0.3 the distance is 0.15.
    rho = 0.3
    words = fund((300,), factors=("effect",), loadings={KEY: {"effect": math.sqrt(rho)}})
    share = np.sort(figures(words)["half"].columns["claims"] / 50.0 / 300.0)
    limit = stats.norm.cdf(
        (math.sqrt(1 - rho) * stats.norm.ppf(np.clip(share, 1e-9, 1 - 1e-9)) - stats.norm.ppf(P))
        / math.sqrt(rho)
    )
    steps = np.searchsorted(share, share, side="right") / len(share)
    assert np.max(np.abs(steps - limit)) < 0.061


def test_gains_sum_to_society_and_transfers_move_nothing_in_all():
    found = figures(norrkoping(READINGS))
    base = sum(found["nothing"].columns[f"pv.{p}"] for p in PARTIES)
    for name in READINGS:
        columns = found[name].columns
        # all offers happen in both, so what the fund pays only moves between parties
        assert sum(columns[f"pv.{p}"] for p in PARTIES) == pytest.approx(base, abs=1e-3)
        assert columns["pv.state"] == pytest.approx(-columns["net_cost"], abs=1e-6)


def test_equal_co_investment_shares_what_the_investor_gets():
    share = {"kind": "co-investment", "title": "c", "capital": 1e9, "share": 0.4}
    alone = {"kind": "sole investor", "title": "s", "capital": 1e9}
    junior = share | {"terms": "subordinated"}
    found = figures(norrkoping({"c": share, "s": alone, "j": junior}))
    whole = found["nothing"].columns["pv.investor"]
    assert found["c"].columns["pv.state"] == pytest.approx(0.4 * whole, abs=1e-3)
    assert found["c"].columns["pv.investor"] == pytest.approx(0.6 * whole, abs=1e-3)
    assert found["s"].columns["pv.state"] == pytest.approx(whole, abs=1e-3)
    assert found["s"].columns["pv.investor"] == pytest.approx(np.zeros(4096), abs=1e-3)
    both = found["j"].columns["pv.state"] + found["j"].columns["pv.investor"]
    assert both == pytest.approx(whole, abs=1e-3)
    assert (found["j"].columns["pv.investor"] >= found["c"].columns["pv.investor"] - 1e-3).all()


def test_outcomes_funding_pays_its_share_of_outcome_payments():
    words = {"kind": "outcomes funding", "title": "o", "capital": 1e9, "share": 0.5}
    found = figures(fund((1,), {"o": words}))
    paid = found["o"].columns["claims"]
    assert set(paid.tolist()) == {0.0, 62.5}  # half of 1.25 × 100
    gain = found["o"].columns["pv.municipality"] - found["nothing"].columns["pv.municipality"]
    assert gain == pytest.approx(paid)


def test_in_house_the_municipality_bears_all_and_spreading_only_moves_the_years():
    house = {"kind": "in-house", "title": "h"}
    spread = {"kind": "spread cost", "title": "s", "over": 3}
    own = {"kind": "internal fund", "title": "f", "capital": 1e9}
    found = figures(fund((1,), {"h": house, "s": spread, "f": own}, rate=0.03))
    at_home, apart = found["h"], found["s"]
    for name in ("pv.municipality", "good", "contracts"):
        assert np.array_equal(at_home.columns[name], apart.columns[name])
        assert np.array_equal(at_home.columns[name], found["f"].columns[name])
    # 100 in the first year, in thirds over three
    moved = apart.years["net"] - at_home.years["net"]
    thirds = np.array([200 / 3, -100 / 3, -100 / 3, 0.0, 0.0, 0.0])
    assert moved == pytest.approx(np.repeat(thirds[:, None], 4096, axis=1))
    assert (at_home.columns["pv.investor"] == 0.0).all()
    # its own fund pays 100 and gets back what is saved, at most that
    fund_of = found["f"].columns
    assert (fund_of["claims"] == 100.0).all()
    saved = np.maximum(at_home.years["net"][0] + 100.0, 0.0)
    assert (fund_of["recoveries_present"] <= fund_of["claims_present"] + 1e-9).all()
    assert np.array_equal(fund_of["recoveries_present"] > 0.0, saved > 0.0)


def test_results_do_not_depend_on_blocks_or_threads_and_a_longer_pipeline_moves_nothing():
    words = norrkoping({"pari": guarantee(capital=10_000_000.0)})
    one = run_fund(words, paths=6000, threads=1, again=False)
    two = run_fund(words, paths=6000, threads=2, again=False)
    assert one.to_dict() == two.to_dict()
    whole, part = figures(words), figures(words, paths=512, first=512)
    for name, column in whole["pari"].columns.items():
        assert np.array_equal(column[512:1024], part["pari"].columns[name]), name
    longer = words.pipeline["coins"].model_copy(update={"offered": [2, 3, 1, 4]})
    more = words.model_copy(update={"pipeline": {"coins": longer}})
    before = {(i.year, i.number): i.address for i in instances_of(words)}
    after = {(i.year, i.number): i.address for i in instances_of(more)}
    assert all(after[key] == address for key, address in before.items())


def test_addresses_are_pinned():
    """Another number would draw other luck for every contract of every stored fund."""
    assert address_of("placements", 0, 0) == 1_544_167_937
    assert address_of("placements", 3, 14) == 2_064_084_768
    assert address_of("coins", 9, 99) == 1_922_257_023
    assert len({address_of("placements", y, n) for y in range(10) for n in range(100)}) == 1000


def test_a_belief_scales_the_effect_as_a_design_with_another_effect_does():
    words = norrkoping(READINGS)
    contract = contract_of(words, "coins", Delivery(), 1)
    scaled = build(with_effect(contract.scenario, 1.3), 1)
    one = Engine(scaled, 1).block(0, 512)
    other = believed(contract, 1.3).engine.block(0, 512)
    assert np.array_equal(one.figures, other.figures, equal_nan=True)
    assert np.array_equal(one.flows, other.flows)


def test_investors_accept_up_to_the_return_they_expect():
    # expected back after a year: 1.25·100·(1 − p̂), p̂ from the calibration; hurdles N(0, 0.05):
    # without support the share accepting is Φ((1.25·(1 − p̂) − 1)/0.05), with half of the loss
    # covered Φ((1.25·(1 − p̂) + 0.5·p̂ − 1)/0.05)
    words = fund((4,), behaviour={"investor": {"hurdle": {"normal": {"mean": 0.0, "sd": 0.05}}}})
    setup = setup_of(words, 1)
    known = setup.arms[1].known["coins"]
    failing = known.claim / 50.0
    assert abs(failing - P) < 5 * math.sqrt(P * (1 - P) / 16_384)
    found = figures(words)
    for name, covered in (("nothing", 0.0), ("half", 0.5)):
        back = 1.25 * (1 - failing) + covered * failing - 1.0
        chance = stats.norm.cdf(back / 0.05)
        happened = found[name].columns["contracts"].sum()
        # binomial of 16,384 offers; five standard errors
        error = math.sqrt(16_384 * chance * (1 - chance))
        assert abs(happened - 16_384 * chance) < 5 * error
    additional = found["half"].columns["additional"]
    gap = found["half"].columns["contracts"] - found["nothing"].columns["contracts"]
    assert np.array_equal(additional, gap)


def test_the_price_is_solved_to_the_median_hurdle():
    # with p̂ failing and half the loss covered the price s solves 100·s·(1 − p̂) + 50·p̂ = 105
    words = fund(
        (1,),
        behaviour={"investor": {"hurdle": {"normal": {"mean": 0.05, "sd": 0.05}}}},
        price="payments.pay.terms.2.price",
        set={"payments.pay.terms.2.price": 1.4},
    )
    shop = Workshop(words, 1)
    setup = setup_of(words, 1, shop)
    price = repriced(setup, shop)["half"]["coins"]
    failing = setup.arms[1].known["coins"].claim / 50.0
    assert price.offered == 1.4
    assert price.solved == pytest.approx((105 - 50 * failing) / (100 * (1 - failing)), rel=1e-5)
