"""Whole runs with samplers other than plain: exact values, honest errors, and what is refused.

The standing benchmark's values are known by Fourier transform. Errors come from 16 groups: within
5.24 of them is one false alarm in 10,000 comparisons (Student's t with 15 degrees of freedom), as
4 standard errors are where an error is known. Seeds are fixed.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import chi2, f, t

from simulator.api import simulate
from simulator.checkpoint import Checkpoints
from simulator.errors import SocsimError
from simulator.plan.samplers import SAMPLERS
from simulator.saved import load
from simulator.scenario.load import load_scenario
from simulator.summary.estimates import T31
from simulator.summary.replicates import (
    CHI2,
    T975,
    Groups,
    _error,
    estimates_in,
    is_share,
    nearest_paths,
)
from simulator.summary.verdict import LOSS_PROBABILITY_ERROR
from simulator.views.language import Language
from simulator.views.sampling import sampler_sentences

TIED = [sampler for sampler in SAMPLERS if sampler != "plain"]
PATHS, WITHIN = 65_536, t.isf(0.5e-4, 15)
EXACT = {
    "investor.received": 194_855.95,
    "municipality.outcome_payments": 194_838.10,
    "guarantor.expected_payout": 17.850,
    "guarantor.call_probability": 0.0019386,
}


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("benchmark")


@pytest.fixture(scope="module")
def runs(scenario):
    return {sampler: simulate(scenario, paths=PATHS, seed=3, sampler=sampler) for sampler in TIED}


def figures_of(results):
    return dict(estimates_in(results.summary()))


@pytest.mark.parametrize("sampler", TIED)
def test_what_is_known_exactly_comes_out(runs, sampler):
    figures = figures_of(runs[sampler])
    for name, exact in EXACT.items():
        made = figures[name]
        gap = abs(made["estimate"] - exact) / made["standard_error"]
        assert gap < WITHIN, (name, gap)
        # t, not z: both ends, but a share does not leave 0 to 1
        half = T975[15] * made["standard_error"]
        assert made["mc_high"] == pytest.approx(made["estimate"] + half)
        low = made["estimate"] - half
        assert made["mc_low"] == pytest.approx(max(low, 0.0) if is_share(name) else low)


def test_errors_are_those_that_estimates_have(scenario):
    """12 seeds: the spread of the estimates about the truth, against the errors they state.

    Errors of 8 groups have 7 degrees of freedom each: the ratio of variances has Fisher's law with
    12 and 84, and lies outside its limits once in a million. Errors less than half of what they
    should be would be seen.
    """
    gaps, errors = [], []
    for seed in range(100, 112):
        made = figures_of(simulate(scenario, paths=32_768, seed=seed, sampler="sobol"))
        for name in ("investor.received", "investor.expected_loss"):
            gaps.append(made[name]["estimate"])
            errors.append(made[name]["standard_error"])
    received = np.array(gaps[::2]) - EXACT["investor.received"]
    ratio = np.mean(received**2) / np.mean(np.square(errors[::2]))
    assert f.isf(1 - 0.5e-6, 12, 84) < ratio < f.isf(0.5e-6, 12, 84)
    loss = np.var(gaps[1::2], ddof=1) / np.mean(np.square(errors[1::2]))
    assert f.isf(1 - 0.5e-6, 11, 84) < loss < f.isf(0.5e-6, 11, 84)


def test_the_error_of_groups_by_hand():
    """1, 2 and 6: mean 3, squares 4 + 1 + 9 = 14, variance 14/2 = 7, error √(7/3) = 1.5275."""
    groups = [{"a.b": 1.0}, {"a.b": 2.0}, {"a.b": 6.0, "a.c": 1.0}]
    assert _error("a.b", groups) == pytest.approx(1.5275252316519468, rel=1e-15)
    assert _error("a.c", groups) is None  # two groups have no such figure


def test_what_depends_on_numbers_alone_is_almost_exact():
    """Capital drawn in Norrköping is made of costs alone: thousands of times less variance."""
    scenario = load_scenario("norrkoping")
    results = simulate(scenario, paths=32_768, sampler="sobol")
    gains = {g["figure"]: g for g in results.summary()["simulation"]["sampler"]["figures"]}
    assert gains["investor.drawn"]["shown"] == "gain"
    assert gains["investor.drawn"]["low"] > 1_000
    plain = simulate(scenario, paths=8_192).summary()["investor"]["drawn"]
    made = results.summary()["investor"]["drawn"]
    assert abs(made["estimate"] - plain["estimate"]) < 4.9 * plain["standard_error"]
    # the formula for independent paths is what a plain run states, √(32,768/8,192) = 2 for paths
    assert gains["investor.drawn"]["independent"] == pytest.approx(
        plain["standard_error"] / 2, rel=0.05
    )


def test_what_a_gain_is(runs):
    """(error by the formula)²/(error between groups)², and its interval by chi-square."""
    made = runs["lhs"].summary()["simulation"]["sampler"]
    assert (made["name"], made["replicates"]) == ("lhs", 16)
    assert made["groups"] == 16
    names = {gain["figure"] for gain in made["figures"]}
    assert {
        "investor.loss_probability",
        "investor.expected_shortfall_95",
        "investor.quantiles.irr.p5",
        "guarantor.call_probability",
    } <= names
    for gain in made["figures"]:
        reduction = (gain["independent"] / gain["standard_error"]) ** 2
        assert gain["reduction"] == pytest.approx(reduction)
        assert gain["low"] == pytest.approx(reduction * chi2.ppf(0.005, 15) / 15)
        assert gain["high"] == pytest.approx(reduction * chi2.ppf(0.995, 15) / 15)
        beyond = "gain" if gain["low"] > 1 else "loss" if gain["high"] < 1 else "nothing"
        assert gain["shown"] == beyond


def test_a_gain_is_told_only_where_one_is_shown(runs):
    summary = runs["sobol"].summary()
    gain = {"independent": 2.0, "standard_error": 1.0, "reduction": 4.0, "low": 1.2, "high": 8.7}
    shown = [
        {"figure": "investor.drawn", **gain, "shown": "gain"},
        {"figure": "investor.expected_loss", **gain, "low": 5e3, "shown": "gain"},
        {"figure": "investor.loss_probability", **gain, "shown": "nothing"},
        {"figure": "investor.expected_profit", **gain, "shown": "loss"},
        {"figure": "investor.no_headline", **gain, "shown": "gain"},
    ]
    sampler = {**summary["simulation"]["sampler"], "figures": shown}
    told = {"simulation": {**summary["simulation"], "sampler": sampler}}
    how, gains, nothing, loss = sampler_sentences({**summary, **told}, Language("en"))
    assert "scrambled Sobol points" in how
    assert "16 independent groups" in how
    assert "Capital drawn 4.0 times (1.2–8.7); Expected loss more than 1,000 times." in gains
    assert nothing == "No gain shown: Probability of loss."
    assert "Expected profit" in loss
    assert sampler_sentences({"simulation": {}}, Language("sv")) == []


def test_threads_leave_no_trace(scenario):
    one, two = (
        simulate(scenario, paths=32_768, sampler="sobol", threads=threads) for threads in (1, 2)
    )
    assert json.dumps(one.summary()) == json.dumps(two.summary())


def test_the_result_says_how_it_was_drawn(scenario, runs, tmp_path):
    from simulator.store import save_run

    place = save_run(runs["antithetic"], tmp_path, report=False)
    assert place.name.endswith(f"-s3-n{PATHS}-antithetic")
    made = json.loads((place / "provenance.json").read_text(encoding="utf-8"))
    assert made["sampler"] == "antithetic"
    again = load(place)
    assert again.sampler == "antithetic"
    assert again.summary()["simulation"]["sampler"]["groups"] == 16
    longer = replace(runs["antithetic"], count=28_672).extend(32_768)  # eight replicates
    alone = simulate(scenario, paths=32_768, seed=3, sampler="antithetic")
    assert json.dumps(longer.summary()) == json.dumps(alone.summary())


def test_reports_say_how_it_was_drawn(runs):
    from simulator.store import run_of
    from simulator.views.report import render_report

    page = render_report(run_of(runs["sobol"]), "investor", "en", script="draw.js")
    assert f"--paths {PATHS} --seed 3 --sampler sobol" in page
    assert "drawn by scrambled Sobol points; the MC errors come from" in page


def test_the_paths_are_those_of_the_sampler(scenario):
    made = simulate(scenario, paths=32_768, seed=3, sampler="antithetic", keep="paths").paths
    plain = simulate(scenario, paths=2_048, seed=3, keep="paths").paths
    received = made["investor.received"].to_numpy()
    np.testing.assert_array_equal(received[:2_048], plain["investor.received"])
    pairs = received.reshape(8, 2, 2_048)
    mirrored = np.corrcoef(pairs[:, 0].ravel(), pairs[:, 1, ::-1].ravel())[0, 1]
    assert mirrored < -0.05  # 6 standard errors of a correlation of 16,384 pairs


def test_verdicts_rest_on_the_errors_that_hold(runs):
    summary = runs["sobol"].summary()
    checks = {check["key"]: check for check in summary["simulation"]["sufficient"]["checks"]}
    investor = summary["investor"]
    assert checks["loss_probability"]["value"] == investor["loss_probability"]["standard_error"]
    assert checks["loss_probability"]["limit"] == LOSS_PROBABILITY_ERROR
    share = investor["expected_profit"]["standard_error"] / investor["drawn"]["estimate"]
    assert checks["expected_profit"]["value"] == pytest.approx(share)


def test_groups_that_agree_keep_the_formulas_interval(runs):
    """Nobody loses more than everything: 0 of 65,536 is no certainty, but 0 to 0.006 %."""
    total = runs["sobol"].summary()["investor"]["total_loss_probability"]
    assert total["estimate"] == 0.0
    assert total["mc_high"] == pytest.approx(3.8415 / (PATHS + 3.8415), rel=1e-3)  # Wilson's


@pytest.mark.parametrize(
    ("paths", "nearest"),
    [(1, 32_768), (32_767, 32_768), (100_000, 98_304), (40_000, 40_960)],
)
def test_a_number_of_paths_that_is_not_whole_replicates_is_refused(scenario, paths, nearest):
    assert nearest_paths(paths) == nearest
    with pytest.raises(SocsimError, match=f"mend: {nearest} paths are nearest"):
        simulate(scenario, paths=paths, sampler="lhs")


def test_what_only_plain_draws_can_do_is_refused(scenario):
    with pytest.raises(SocsimError, match="found a stored state"):
        simulate(scenario, paths=32_768, sampler="sobol", checkpoints=Checkpoints())
    with pytest.raises(SocsimError, match="found halton\n    allowed: plain, antithetic"):
        simulate(scenario, paths=32_768, sampler="halton")  # type: ignore[arg-type]


def test_quantiles_of_laws_are_right():
    for degrees, quantile in T975.items():
        assert quantile == pytest.approx(t.ppf(0.975, degrees), rel=1e-9)
        assert CHI2[degrees] == pytest.approx(tuple(chi2.ppf([0.005, 0.995], degrees)), rel=1e-9)
    assert set(T975) == set(CHI2) == set(range(7, 16))
    assert math.isclose(T31, t.ppf(0.975, 31), rel_tol=1e-9)


def test_groups_share_replicates_evenly(scenario, runs):
    """17 replicates in 16 groups: one has two."""
    groups = Groups(runs["lhs"].layout, scenario, 17 * 4096)
    sizes = np.diff(groups._starts) // 4096
    assert (groups.count, sorted(sizes)) == (16, [1] * 15 + [2])
    assert Groups(runs["lhs"].layout, scenario, 9 * 4096).count == 9
