"""Service users against exact laws; 40,000 paths, each test wrong once in a million (see `exact`).

An error of 3.6 per cent of a standard deviation in any mean is found 99 times in 100.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from simulator.api import load_scenario, simulate
from tests.statistical.exact import (
    counts_follow,
    covariance_is,
    detectable,
    follows,
    mean_is,
    share_is,
    variance_is,
)

pytestmark = pytest.mark.statistical
PATHS = 40_000


@pytest.fixture(scope="module")
def measured():
    scenario = load_scenario(Path(__file__).with_name("people.toml"))
    paths = simulate(scenario, paths=PATHS, seed=20, keep="paths").paths
    return {
        name.split(".")[1]: paths[name].to_numpy() for name in paths if name.endswith(".measured")
    }


def test_what_can_be_found():
    assert detectable(1.0, PATHS) == pytest.approx(0.03615, abs=1e-5)


def test_successes_are_binomial(measured):
    law = stats.binom(40, 0.3)
    mean_is(measured["success"], law.mean(), law.std())
    variance_is(measured["success"], law.mean(), law.var())
    counts_follow(measured["success"], law)


def test_with_an_uncertain_chance_they_are_beta_binomial(measured):
    law = stats.betabinom(40, 12, 28)
    mean_is(measured["uncertain"], law.mean(), law.std())
    variance_is(measured["uncertain"], law.mean(), law.var())
    counts_follow(measured["uncertain"], law)


def test_gamma_rates_make_negative_binomial_sums(measured):
    """Shape 40/2, chance 1/(1 + 0.8·2)."""
    law = stats.nbinom(20, 1 / 2.6)
    mean_is(measured["events"], 32.0, law.std())
    variance_is(measured["events"], 32.0, 40 * (0.8 + 2 * 0.64))
    counts_follow(measured["events"], law)


def test_a_lasting_rate_makes_two_years_one_draw(measured):
    """Persistence 1: both years share the rate; two years are Poisson with twice it."""
    law = stats.nbinom(20, 1 / (1 + 2 * 1.6))
    mean_is(measured["same"], 64.0, law.std())
    counts_follow(measured["same"], law)


def test_poisson_events_of_two_years_add_up(measured):
    counts_follow(measured["rare"], stats.poisson(40 * 2 * 0.25))


def test_gamma_amounts_add_up_to_a_gamma(measured):
    """sd = 100·√2: shape ½ each, 20 together."""
    law = stats.gamma(20, scale=200)
    mean_is(measured["days"], 4000.0, law.std())
    variance_is(measured["days"], 4000.0, law.var())
    follows(measured["days"], law)


def test_a_share_has_nothing_and_the_rest_is_lognormal(measured):
    """Those above zero have mean 100/0.65, so that the mean of all is 100."""
    amounts = measured["some"]
    share_is(amounts == 0, 0.35)
    law = stats.lognorm(0.6, scale=100 / 0.65 * math.exp(-0.18))
    follows(amounts[amounts > 0], law)
    mean_is(amounts, 100.0)


def test_years_of_one_person_are_dependent_by_the_persistence(measured):
    """Lognormal with sigma 0.6: the covariance of two years is 100²·(e^(0.36·0.49) − 1)."""
    first = measured["again"]
    second = measured["again_both"] - first
    follows(first, stats.lognorm(0.6, scale=100 * math.exp(-0.18)))
    follows(second, stats.lognorm(0.6, scale=100 * math.exp(-0.18)))
    covariance = 1e4 * (math.exp(0.36 * 0.49) - 1)
    covariance_is(first, second, (100, 100), covariance)
    correlation = np.corrcoef(np.log(first), np.log(second))[0, 1]
    assert abs(math.atanh(correlation) - math.atanh(0.49)) <= 4.9 / math.sqrt(PATHS - 3)


def test_metrics_of_one_person_share_what_lasts(measured):
    """Scores √0.64·x + … and √0.36·x + …: correlation 0.8·0.6."""
    one, other = np.log(measured["twin"]), np.log(measured["sibling"])
    correlation = np.corrcoef(one, other)[0, 1]
    assert abs(math.atanh(correlation) - math.atanh(0.48)) <= 4.9 / math.sqrt(PATHS - 3)


def test_other_metrics_of_a_person_share_nothing(measured):
    correlation = np.corrcoef(np.log(measured["again"]), np.log(measured["twin"]))[0, 1]
    assert abs(math.atanh(correlation)) <= 4.9 / math.sqrt(PATHS - 3)


def test_the_active_share_of_the_first_year(measured):
    """min(D, 1), D exponential with rate 0.7: 1 with chance e^(−0.7), else exponential below 1."""
    share = measured["active"]
    share_is(share >= 1, math.exp(-0.7))
    follows(share[share < 1], stats.truncexpon(0.7, scale=1 / 0.7))
    mean_is(share, (1 - math.exp(-0.7)) / 0.7)


def test_the_active_share_of_the_second_year(measured):
    """0 with chance 1 − e^(−0.7), 1 with chance e^(−1.4), and only after a whole first year."""
    first = measured["active"]
    second = measured["active_both"] - first
    share_is(np.isclose(second, 0), 1 - math.exp(-0.7))
    share_is(np.isclose(second, 1), math.exp(-1.4))
    mean_is(second, (math.exp(-0.7) - math.exp(-1.4)) / 0.7)
    assert (first[second > 1e-9] == 1).all()


def test_a_success_needs_the_person_until_it_is_settled(measured):
    """Chance 1 while in the programme and 0 after: binomial with chance e^(−0.7·1.5)."""
    counts_follow(measured["stay"], stats.binom(30, math.exp(-0.7 * 1.5)))


def test_those_who_are_lost_count_as_no_success(measured):
    counts_follow(measured["half_there"], stats.binom(40, 0.3 * 0.6))


def test_the_traced_stand_for_all(measured):
    """The mean of the traced is unbiased, and spread as the mean of fewer."""
    chance = math.exp(-0.7 * 1.5)
    mean_is(measured["found"], chance)
    law = stats.binom(30, 0.6)
    inverse = sum(law.pmf(k) / k for k in range(1, 31))
    variance_is(measured["found"], chance, chance * (1 - chance) * inverse)


def test_a_different_level_among_the_lost_biases_what_is_seen(measured):
    """What is seen of the traced is divided by 0.8 + 0.2·1.5 = 1.1."""
    mean_is(measured["worse_lost"], 4000 / 1.1)


def test_service_users_enrol_evenly():
    """Exact: two of eight start each quarter, and a saving of 4 a year each is 1 a quarter."""
    scenario = load_scenario(Path(__file__).with_name("enrolment.toml"))
    flows = simulate(scenario, paths=1, keep="all").flows
    saving = flows[flows["line"] == "saving.cost"]
    assert saving["instant"].tolist() == list(range(1, 9))
    assert saving["amount"].tolist() == pytest.approx([2, 4, 6, 8, 8, 8, 8, 8])
