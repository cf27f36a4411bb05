"""Every family, in every form, has the mean, spread and quantiles that were stated."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from simulator.plan.laws import Law, law_of
from simulator.scenario.numbers import Number


def law(**family: Any) -> Law:
    return law_of(Number.model_validate(family))


def truncated(mu: float, sigma: float, low: float, high: float) -> Any:
    return stats.truncnorm((low - mu) / sigma, (high - mu) / sigma, loc=mu, scale=sigma)


CUT = truncated(0.2, 0.5, 0.0, np.inf)
CUT_TWICE = truncated(0.9, 0.4, 0.0, 1.0)
CUT_FAR = truncated(-3.0, 1.0, 0.0, np.inf)

FORMS: list[tuple[str, dict[str, Any], Any]] = [
    ("normal", {"mean": 3.0, "sd": 2.0}, stats.norm(3, 2)),
    ("truncated_normal", {"mean": CUT.mean(), "sd": CUT.std(), "low": 0.0}, CUT),
    (
        "truncated_normal",
        {"mean": CUT_TWICE.mean(), "sd": CUT_TWICE.std(), "low": 0.0, "high": 1.0},
        CUT_TWICE,
    ),
    ("truncated_normal", {"mean": CUT_FAR.mean(), "sd": CUT_FAR.std(), "low": 0.0}, CUT_FAR),
    (
        "truncated_normal",
        {"mean": -CUT.mean(), "sd": CUT.std(), "high": 0.0},
        truncated(-0.2, 0.5, -np.inf, 0.0),
    ),
    ("lognormal", {"median": 5.0, "sigma": 0.7}, stats.lognorm(0.7, scale=5)),
    ("lognormal", {"mean": 2.0, "sigma": 0.7}, stats.lognorm(0.7, scale=2 * np.exp(-0.245))),
    (
        "lognormal",  # sd/mean = √(e − 1): sigma is 1
        {"mean": 3.0, "sd": 3.0 * np.sqrt(np.e - 1)},
        stats.lognorm(1.0, scale=3 * np.exp(-0.5)),
    ),
    ("beta", {"alpha": 12.0, "beta": 18.0}, stats.beta(12, 18)),
    ("beta", {"successes": 12.0, "trials": 61.0}, stats.beta(12, 49)),
    ("beta", {"mean": 0.4, "sd": np.sqrt(0.24 / 31)}, stats.beta(12, 18)),
    ("gamma", {"mean": 6.0, "sd": 3.0}, stats.gamma(4, scale=1.5)),
    ("gamma", {"shape": 4.0, "scale": 1.5}, stats.gamma(4, scale=1.5)),
    ("gamma", {"shape": 4.0, "mean": 6.0}, stats.gamma(4, scale=1.5)),
    ("uniform", {"low": -1.0, "high": 3.0}, stats.uniform(-1, 4)),
    ("triangular", {"low": 1.0, "mode": 2.0, "high": 5.0}, stats.triang(0.25, 1, 4)),
    ("triangular", {"low": 1.0, "mode": 1.0, "high": 5.0}, stats.triang(0.0, 1, 4)),
    ("triangular", {"low": 1.0, "mode": 5.0, "high": 5.0}, stats.triang(1.0, 1, 4)),
    ("pert", {"low": 0.0, "mode": 3.0, "high": 10.0}, stats.beta(2.2, 3.8, 0, 10)),
    (
        "pert",
        {"low": 0.0, "mode": 3.0, "high": 10.0, "weight": 10.0},
        stats.beta(4.0, 8.0, 0, 10),
    ),
    ("student_t", {"centre": 1.0, "scale": 2.0, "df": 5.0}, stats.t(5, 1, 2)),
]
IDS = [f"{name}-{'-'.join(given)}-{i}" for i, (name, given, _) in enumerate(FORMS)]


@pytest.mark.parametrize(("name", "given", "peer"), FORMS, ids=IDS)
def test_mean_sd_and_quantiles_are_those_of_the_stated_law(
    name: str, given: dict[str, Any], peer: Any
) -> None:
    made = law(**{name: given})
    assert made.mean == pytest.approx(peer.mean(), rel=1e-12)
    assert made.sd == pytest.approx(peer.std(), rel=1e-12)
    u = np.array([1e-12, 1e-6, 0.001, 0.05, 0.3, 0.5, 0.7, 0.95, 0.999])
    np.testing.assert_allclose(made.quantile(u), peer.ppf(u), rtol=2e-9, atol=1e-10 * peer.std())
    assert not made.jumps


@pytest.mark.parametrize(("name", "given", "peer"), FORMS, ids=IDS)
def test_the_upper_tail_keeps_its_digits(name: str, given: dict[str, Any], peer: Any) -> None:
    made = law(**{name: given})
    z = np.array([1.0, 4.0, 6.0])
    x = made.of_score(z)
    # where the law ends, the chance of more than x cannot be told from x any more
    ends = x >= made.high - 1e-6 * (made.sd or 0.0)
    np.testing.assert_allclose(peer.sf(x[~ends]), stats.norm.sf(z[~ends]), rtol=1e-6)
    assert np.all(x[ends] <= made.high)


@pytest.mark.parametrize(("name", "given", "peer"), FORMS, ids=IDS)
def test_distribution_function_undoes_the_quantile(
    name: str, given: dict[str, Any], peer: Any
) -> None:
    made = law(**{name: given})
    z = np.array([-3.0, -1.0, 0.2, 1.0, 3.0])
    np.testing.assert_allclose(made.to_score(made.of_score(z)), z, atol=1e-8)
    x = peer.ppf(np.array([0.01, 0.4, 0.9]))
    np.testing.assert_allclose(made.below(x), peer.cdf(x), rtol=1e-9)
    np.testing.assert_allclose(made.above(x), peer.sf(x), rtol=1e-9)


def test_a_value_and_a_normal_without_spread_are_certain() -> None:
    for made in (law(value=0.4), law(normal={"mean": 0.4, "sd": 0.0})):
        assert (made.mean, made.sd) == (0.4, 0.0)
        assert made.quantile([0.001, 0.999]).tolist() == [0.4, 0.4]


def test_a_student_t_with_two_degrees_of_freedom_has_no_finite_spread() -> None:
    made = law(student_t={"centre": 0.0, "scale": 1.0, "df": 2.0})
    assert made.sd is None
    # F⁻¹(u) = (2u − 1)/√(2u(1 − u)) for two degrees of freedom
    assert made.quantile(0.9) == pytest.approx(0.8 / np.sqrt(0.18), rel=1e-12)


def test_discrete_takes_the_smallest_value_that_reaches_the_chance() -> None:
    made = law(discrete={"values": [5.0, 1.0, 2.0], "weights": [0.25, 0.25, 0.5]})
    assert made.quantile([0.1, 0.25, 0.2500001, 0.75, 0.7500001]).tolist() == [1, 1, 2, 2, 5]
    assert made.mean == 2.5
    assert made.sd == pytest.approx(1.5)  # (2.25 + 2·0.25 + 6.25)/4 = 2.25
    assert made.jumps


def test_equal_values_are_merged_and_values_without_weight_left_out() -> None:
    made = law(discrete={"values": [1.0, 1.0, 9.0, 3.0], "weights": [0.25, 0.25, 0.0, 0.5]})
    assert made.atoms is not None
    assert made.atoms[0].tolist() == [1.0, 3.0]
    assert made.atoms[1].tolist() == [0.5, 0.5]
    assert made.high == 3.0


def test_empirical_values_are_equally_likely() -> None:
    made = law(empirical={"values": [4.0, 1.0, 2.0, 3.0]})
    u = (np.arange(4000) + 0.5) / 4000
    values, counts = np.unique(made.quantile(u), return_counts=True)
    assert values.tolist() == [1, 2, 3, 4]
    assert counts.tolist() == [1000, 1000, 1000, 1000]
    assert made.sd == pytest.approx(np.sqrt(1.25))


def test_quantiles_return_their_inputs_exactly_and_never_fall() -> None:
    levels, values = [0.05, 0.25, 0.5, 0.9], [-1.0, 0.0, 0.1, 7.0]
    made = law(quantiles={"levels": levels, "values": values})
    assert made.quantile(levels).tolist() == values
    path = made.quantile(np.linspace(1e-6, 1 - 1e-6, 20_001))
    assert np.all(np.diff(path) > 0)


def test_two_quantiles_are_a_normal_law() -> None:
    made = law(quantiles={"levels": [0.1, 0.9], "values": [2.0, 4.0]})
    sd = 1 / stats.norm.ppf(0.9)
    assert made.mean == pytest.approx(3.0, rel=1e-12)
    assert made.sd == pytest.approx(sd, rel=1e-12)
    u = np.array([1e-6, 0.05, 0.5, 0.999])
    np.testing.assert_allclose(made.quantile(u), stats.norm.ppf(u, 3.0, sd), rtol=1e-12)


def test_moments_of_quantiles_agree_with_brute_force() -> None:
    made = law(quantiles={"levels": [0.1, 0.5, 0.9], "values": [1.0, 2.0, 5.0]})
    z = np.linspace(-10, 10, 400_001)
    weight = stats.norm.pdf(z) * (z[1] - z[0])
    x = made.of_score(z)
    assert made.mean == pytest.approx(float((weight * x).sum()), rel=1e-9)
    assert made.sd == pytest.approx(float(np.sqrt((weight * (x - made.mean) ** 2).sum())), rel=1e-8)


ZERO_OR_NORMAL = {
    "parts": [{"weight": 0.3, "value": 0.0}, {"weight": 0.7, "normal": {"mean": 1.0, "sd": 0.5}}]
}


def test_mixture_inverts_its_distribution_function_around_an_atom() -> None:
    made = law(mixture=ZERO_OR_NORMAL)
    assert made.mean == pytest.approx(0.7)
    assert made.sd == pytest.approx(np.sqrt(0.7 * 0.25 + 0.7 * 0.3))
    before = 0.7 * stats.norm.cdf(-2)  # chance of less than 0
    u = np.array([0.5 * before, before + 1e-9, before + 0.15, before + 0.3 - 1e-9])
    x = made.quantile(u)
    assert x[0] == pytest.approx(stats.norm.ppf(0.5 * before / 0.7, 1, 0.5), rel=1e-10)
    assert x[1:].tolist() == [0.0, 0.0, 0.0]
    above = np.array([before + 0.3 + 1e-6, 0.9, 0.999])
    np.testing.assert_allclose(
        made.quantile(above), stats.norm.ppf((above - 0.3) / 0.7, 1, 0.5), rtol=1e-9
    )


def test_mixture_is_exactly_monotone() -> None:
    made = law(mixture=ZERO_OR_NORMAL)
    u = np.sort(np.concatenate([np.linspace(1e-9, 1 - 1e-9, 5001), 0.5 + np.arange(50) * 1e-15]))
    assert np.all(np.diff(made.quantile(u)) >= 0)


def test_mixture_jumps_over_a_gap() -> None:
    made = law(
        mixture={
            "parts": [
                {"weight": 0.5, "uniform": {"low": 0.0, "high": 1.0}},
                {"weight": 0.5, "uniform": {"low": 5.0, "high": 6.0}},
            ]
        }
    )
    np.testing.assert_allclose(
        made.quantile([0.25, 0.499999, 0.500001, 0.75]), [0.5, 0.999998, 5.000002, 5.5], rtol=1e-9
    )


def test_mixture_of_values_is_discrete() -> None:
    made = law(mixture={"parts": [{"weight": 0.25, "value": 1.0}, {"weight": 0.75, "value": 2.0}]})
    assert made.quantile([0.2, 0.25, 0.26]).tolist() == [1.0, 1.0, 2.0]
    assert made.mean == 1.75


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("truncated_normal", {"mean": -1.0, "sd": 1.0, "low": 0.0}, "between low and high"),
    ("truncated_normal", {"mean": 1.0, "sd": 1.5, "low": 0.0}, "lower the sd or widen"),
    ("truncated_normal", {"mean": 0.5, "sd": 0.4, "low": 0.0, "high": 1.0}, "lower the sd"),
    ("truncated_normal", {"mean": -1.0, "sd": 1.2, "high": 0.0}, "lower the sd"),
    ("lognormal", {"mean": 1.0}, "mean and sd, mean and sigma, or median and sigma"),
    ("lognormal", {"mean": 1.0, "sd": 1.0, "sigma": 1.0}, "mean and sd, mean and sigma"),
    ("lognormal", {"median": 1.0, "sigma": 30.0}, "too wide"),
    ("beta", {"mean": 0.1, "sd": 0.31}, "sd below 0.3"),
    ("beta", {"successes": 5.0, "trials": 5.0}, "fewer than trials"),
    ("beta", {"alpha": 5.0, "trials": 5.0}, "alpha and beta, mean and sd"),
    ("gamma", {"mean": 5.0}, "mean and sd, shape and scale"),
    ("uniform", {"low": 2.0, "high": 2.0}, "low must be below high"),
    ("triangular", {"low": 2.0, "mode": 1.0, "high": 3.0}, "low ≤ mode ≤ high"),
    ("pert", {"low": 1.0, "mode": 1.0, "high": 1.0}, "low below high"),
    ("student_t", {"centre": 0.0, "scale": 1.0, "df": 1.0}, "has no mean"),
    ("discrete", {"values": [1.0, 2.0], "weights": [1.0]}, "as many"),
    ("discrete", {"values": [1.0, 2.0], "weights": [0.5, 0.4]}, "sum to 1"),
    ("quantiles", {"levels": [0.9, 0.1], "values": [1.0, 2.0]}, "levels must ascend"),
    ("quantiles", {"levels": [0.1, 0.9], "values": [2.0, 2.0]}, "values must ascend"),
    ("quantiles", {"levels": [0.1, 0.9], "values": [2.0, 2.5, 3.0]}, "as many"),
    ("mixture", {"parts": [{"weight": 0.5, "value": 1.0}]}, "sum to 1"),
    ("mixture", {"parts": [{"weight": 1.0}]}, "a value or a distribution"),
]


@pytest.mark.parametrize(("name", "given", "sentence"), REFUSED)
def test_what_is_no_law_is_refused_in_words(
    name: str, given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        law(**{name: given})


def test_law_that_only_just_exists_is_accepted() -> None:
    """Beside the exponential law (sd = mean) a cut normal still has its moments."""
    made = law(truncated_normal={"mean": 1.0, "sd": 0.97, "low": 0.0})
    u = (np.arange(200_000) + 0.5) / 200_000
    x = made.quantile(u)
    assert x.mean() == pytest.approx(1.0, abs=1e-4)
    assert x.std() == pytest.approx(0.97, abs=1e-3)
