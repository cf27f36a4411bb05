"""A service user's year over its mean: mean 1, the stated spread, zeros and cut; its tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import integrate, stats

from simulator.plan.laws import UnitLaw, gamma_rate, lookup_score, lookup_uniform, unit_law
from simulator.scenario.model import Spread


def unit(level: float = 1.0, **spread: Any) -> UnitLaw:
    return unit_law(Spread.model_validate(spread), level)


CASES: list[tuple[str, float, dict[str, Any], float]] = [
    # name, level, spread, standard deviation over the mean that is stated
    ("placements", 300e3, {"law": "gamma", "sd": 500e3, "none": 0.25}, 5 / 3),
    ("adult care", 40e3, {"law": "gamma", "sd": 120e3, "none": 0.7}, 3.0),
    ("gamma, shape 0.1", 1.0, {"law": "gamma", "sd": 10**0.5}, 10**0.5),
    ("nine tenths nothing", 1.0, {"law": "gamma", "sd": 5.0, "none": 0.9}, 5.0),
    ("lognormal 0.6", 2000.0, {"law": "lognormal", "sigma": 0.6}, np.expm1(0.36) ** 0.5),
    ("lognormal 1.5", 1.0, {"law": "lognormal", "sigma": 1.5}, np.expm1(2.25) ** 0.5),
    ("lognormal, zeros", 4.0, {"law": "lognormal", "sd": 8.0, "none": 0.4}, 2.0),
    ("gamma, cut", 300e3, {"law": "gamma", "sd": 500e3, "none": 0.25, "most": 2e6}, 5 / 3),
    ("lognormal, cut", 1.0, {"law": "lognormal", "sd": 1.2, "none": 0.2, "most": 6.0}, 1.2),
    ("tight cut", 1.0, {"law": "gamma", "sd": 0.5, "most": 1.8}, 0.5),
    ("rate", 3.0, {"law": "negative binomial", "dispersion": 0.5}, 0.5**0.5),
]
NAMES = [case[0] for case in CASES]


def moments(law: UnitLaw) -> tuple[float, float]:
    """Mean and standard deviation by scipy's adaptive quadrature over scores."""
    points = sorted(p for p in (law.none_score, law.most_score, 0.0) if abs(p) < 9)

    def integral(power: int) -> float:
        def f(z: float) -> float:
            return float(law.of_score(z)) ** power * float(stats.norm.pdf(z))

        return sum(
            integrate.quad(f, a, b, epsabs=1e-11, epsrel=1e-11, limit=400)[0]
            for a, b in zip([-9, *points], [*points, 9], strict=True)
        )

    mean = integral(1)
    return mean, (integral(2) - mean**2) ** 0.5


@pytest.mark.parametrize(("name", "level", "spread", "sd"), CASES, ids=NAMES)
def test_mean_is_1_and_the_spread_is_the_stated_one(
    name: str, level: float, spread: dict[str, Any], sd: float
) -> None:
    law = unit(level, **spread)
    assert law.sd == pytest.approx(sd, rel=1e-12)
    found_mean, found_sd = moments(law)
    assert found_mean == pytest.approx(1.0, abs=1e-8)
    assert found_sd == pytest.approx(sd, rel=1e-7)


def test_zeros_are_the_lowest_scores_and_the_rest_is_a_gamma() -> None:
    law = unit(300e3, law="gamma", sd=500e3, none=0.25)
    # E[X²] above zero: (1 + 25/9)/0.75; mean 4/3; so relative variance 2.8333 − 1
    shape = 1 / ((34 / 9) * 0.75 - 1)
    peer = stats.gamma(shape, scale=4 / 3 / shape)
    assert law.none_score == pytest.approx(stats.norm.ppf(0.25))
    assert law.quantile([0.1, 0.25]).tolist() == [0.0, 0.0]
    u = np.array([0.2500001, 0.4, 0.7, 0.999])
    np.testing.assert_allclose(law.quantile(u), peer.ppf((u - 0.25) / 0.75), rtol=1e-8)


def test_cut_stands_at_the_most() -> None:
    law = unit(300e3, law="gamma", sd=500e3, none=0.25, most=2e6)
    assert law.most == pytest.approx(20 / 3)
    assert law.of_score([8.0])[0] == law.most
    assert law.of_score(law.most_score - 1e-6) < law.most
    assert law.of_score(law.most_score + 1e-6) == law.most


def test_sigma_is_that_before_the_cut() -> None:
    law = unit(1.0, law="lognormal", sigma=1.5, none=0.5, most=20.0)
    low, high = law.quantile([0.55, 0.6])
    spread = stats.norm.ppf(0.2) - stats.norm.ppf(0.1)
    assert np.log(high / low) == pytest.approx(1.5 * spread, rel=1e-9)
    assert moments(law)[0] == pytest.approx(1.0, abs=1e-8)
    assert moments(law)[1] == pytest.approx(law.sd, rel=1e-7)


def test_all_alike_above_zero() -> None:
    law = unit(1e6, law="constant", none=0.5)
    assert law.sd == 1.0
    assert law.quantile([0.3, 0.5, 0.500001, 0.9]).tolist() == [0.0, 0.0, 2.0, 2.0]


def test_everybody_alike() -> None:
    law = unit(7.0, law="constant")
    assert law.is_constant
    assert law.quantile([1e-9, 0.7]).tolist() == [1.0, 1.0]
    assert law.covariance(0.5) == 0.0
    table = law.uniform_table()
    assert set(lookup_uniform(table, np.array([0, 5, 2**31, 2**32 - 1], np.uint32))) == {1.0}


def test_poisson_has_no_spread_of_rates() -> None:
    assert unit(3.0, law="poisson").is_constant


REFUSED: list[tuple[float, dict[str, Any], str]] = [
    (1.0, {"law": "gamma"}, "needs its sd"),
    (1.0, {"law": "lognormal"}, "needs its sd"),
    (1.0, {"law": "lognormal", "sd": 1.0, "sigma": 1.0}, "sd or sigma, not both"),
    (0.0, {"law": "gamma", "sd": 1.0}, "mean above 0"),
    (10.0, {"law": "gamma", "sd": 10.0, "none": 0.5}, "alone gives an sd of 10"),
    (10.0, {"law": "gamma", "sd": 5.0, "most": 9.0}, "must exceed the mean"),
    (10.0, {"law": "gamma", "sd": 10.0, "most": 20.0}, "stays below 10"),
    (10.0, {"law": "gamma", "sd": 9.9999, "most": 20.0}, "zero or at the most"),
    (10.0, {"law": "constant", "sd": 3.0}, "all above zero are alike"),
    (10.0, {"law": "negative binomial"}, "needs its dispersion"),
]


@pytest.mark.parametrize(("level", "spread", "sentence"), REFUSED)
def test_what_cannot_be_is_refused_in_words(
    level: float, spread: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        unit(level, **spread)


# --- the same person, two years -----------------------------------------------------------------


def conditional_covariance(law: UnitLaw, rho: float) -> float:
    """Var(E[Y|x]) with z = √ρ·x + √(1 − ρ)·y: another route to the same number."""
    x = np.linspace(-8.5, 8.5, 401)
    y = np.linspace(-8.5, 8.5, 801)
    density = stats.norm.pdf(y) * (y[1] - y[0])
    inner = (law.of_score(np.sqrt(rho) * x[:, None] + np.sqrt(1 - rho) * y) * density).sum(axis=1)
    outer = stats.norm.pdf(x) * (x[1] - x[0])
    mean = float((outer * inner).sum())
    return float((outer * (inner - mean) ** 2).sum())


@pytest.mark.parametrize("rho", [0.2, 0.8, 0.95])
@pytest.mark.parametrize("case", ["placements", "lognormal 0.6", "gamma, cut", "rate"])
def test_covariance_agrees_with_the_variance_of_conditional_means(case: str, rho: float) -> None:
    _, level, spread, _ = CASES[NAMES.index(case)]
    law = unit(level, **spread)
    assert law.covariance(rho) == pytest.approx(conditional_covariance(law, rho), rel=1e-3)


@pytest.mark.parametrize("sigma", [0.3, 0.6, 1.0])
def test_covariance_of_lognormals_in_closed_form(sigma: float) -> None:
    law = unit(1.0, law="lognormal", sigma=sigma)
    for rho in (0.1, 0.5, 0.9, 0.999, 1.0):
        assert law.covariance(rho) == pytest.approx(np.expm1(rho * sigma**2), rel=1e-9)


def test_covariance_of_two_coin_tosses_in_closed_form() -> None:
    """P(both above 0) = ¼ + arcsin(ρ)/2π (Sheppard 1899), so Cov = 2·arcsin(ρ)/π."""
    law = unit(1.0, law="constant", none=0.5)
    for rho in (0.2, 0.8, 0.95):
        assert law.covariance(rho) == pytest.approx(2 * np.arcsin(rho) / np.pi, rel=1e-9)
    assert law.covariance(0.9999) == pytest.approx(2 * np.arcsin(0.9999) / np.pi, rel=2e-3)
    assert law.covariance(1.0) == pytest.approx(1.0, rel=1e-12)
    assert law.covariance(0.0) == 0.0


def test_covariance_against_a_simulation() -> None:
    """400,000 pairs; the tolerance is 5 standard errors of their covariance (1 in 1.7 million)."""
    law = unit(40e3, law="gamma", sd=120e3, none=0.7)
    rng = np.random.default_rng(11)
    shared, one, two = rng.standard_normal((3, 400_000))
    first = law.of_score(np.sqrt(0.6) * shared + np.sqrt(0.4) * one)
    second = law.of_score(np.sqrt(0.6) * shared + np.sqrt(0.4) * two)
    products = (first - 1) * (second - 1)
    error = 5 * products.std() / len(products) ** 0.5
    assert law.covariance(0.6) == pytest.approx(products.mean(), abs=error)


# --- tables -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "level", "spread", "sd"), CASES, ids=NAMES)
def test_word_table_has_mean_1_hardly_moved_and_the_spread(
    name: str, level: float, spread: dict[str, Any], sd: float
) -> None:
    table = unit(level, **spread).uniform_table()
    assert abs(table.drift) <= 1e-5
    assert table.mean == pytest.approx(1.0, abs=1e-13)
    # the finest word leaves out what lies beyond 6.2 standard scores: 9e-5 of sd at sigma 1.5
    assert table.sd == pytest.approx(sd, rel=1e-4 if name == "lognormal 1.5" else 1e-5)


@pytest.mark.parametrize(("name", "level", "spread", "sd"), CASES, ids=NAMES)
def test_word_table_follows_the_quantiles_and_keeps_the_zeros(
    name: str, level: float, spread: dict[str, Any], sd: float
) -> None:
    law = unit(level, **spread)
    table = law.uniform_table()
    words = np.sort(np.random.default_rng(3).integers(0, 2**32, 50_000, dtype=np.uint32))
    x = lookup_uniform(table, words)
    exact = law.quantile((words + 0.5) / 2**32)
    assert np.array_equal(x == 0, exact == 0)
    # the straight line in the one cell where Y begins may stand aside from a steep start
    far = ~np.isclose(x, exact, rtol=1e-3, atol=5e-3 * law.sd)
    assert far.mean() <= 1e-4
    assert np.abs(x - exact)[far].max(initial=0.0) <= 0.02 * law.sd
    assert np.all(np.diff(x) >= 0)
    if np.isfinite(law.most):
        assert x.max() <= law.most


@pytest.mark.parametrize(("name", "level", "spread", "sd"), CASES, ids=NAMES)
def test_score_table_has_mean_1_and_the_spread(
    name: str, level: float, spread: dict[str, Any], sd: float
) -> None:
    law = unit(level, **spread)
    table = law.score_table()
    edges = np.unique(np.concatenate([table.z, [max(law.none_score, -9.0)]]))
    middle, half = (edges[1:] + edges[:-1]) / 2, np.diff(edges) / 2
    at = (middle[:, None] + half[:, None] * np.array([-1, 0, 1]) * 0.6**0.5).ravel()
    weight = (half[:, None] * np.array([5, 8, 5]) / 9).ravel() * stats.norm.pdf(at)
    x = lookup_score(table, at)
    beyond = float(stats.norm.sf(8.5)) * float(table.x[-1])
    mean = float((weight * x).sum()) + beyond
    assert mean == pytest.approx(1.0, abs=1e-12)
    assert float((weight * (x - mean) ** 2).sum()) ** 0.5 == pytest.approx(sd, rel=3e-5)
    assert np.array_equal(x == 0, at <= law.none_score) or law.none == 0


def test_zeros_above_one_half_are_counted_to_the_word() -> None:
    table = unit(40e3, law="gamma", sd=120e3, none=0.7).uniform_table()
    last = table.none_word - 1
    assert (last + 0.5) / 2**32 < 0.7 < (last + 1.5) / 2**32
    x = lookup_uniform(table, np.array([0, last, last + 1], dtype=np.uint32))
    assert x[:2].tolist() == [0.0, 0.0]
    assert 0 <= x[2] < 0.01


def test_rate_of_a_negative_binomial() -> None:
    law = gamma_rate(0.25)
    assert law.quantile(0.5) == pytest.approx(stats.gamma(4, scale=0.25).ppf(0.5), rel=1e-12)
