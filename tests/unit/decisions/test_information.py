"""Value of information of scenarios: decisions, studies, the settlement's precision, curves."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, stats

from simulator import SocsimError, load_scenario, simulate
from simulator.decisions.experiment import Experiment
from simulator.decisions.information import Inquiry, Measured, Prices, Study, information
from simulator.decisions.information.precision import Nets, nets_of, precision, worst_mean
from simulator.decisions.information.studies import read_study, results_of
from simulator.decisions.information.value import Worth, at_most
from simulator.oracles.check import CONTRACTS, contract

TARIFF = CONTRACTS / "tariff.toml"
RICH = Path(__file__).parents[2] / "properties" / "rich.toml"
SAVING = Path(__file__).parents[2] / "cases" / "valid" / "saving.toml"
UNCERTAIN = f"{TARIFF}@uncertain_chance"
CHANCE = "metrics.success.effect.difference"
COST_12_500 = ["capital.costs.schedule=[12_500]", "capital.commitment=20_000"]
PATHS = 20_000


@pytest.fixture(scope="module")
def tariff():
    """40 people, 1,000 per success, chance ~ Beta(12, 28), cost 12,500: 12,000 − 12,500 = −500."""
    asks = Inquiry(studies=["pilot=success, n=10, cost=100", f"number={CHANCE}, error=0.05"])
    return information(UNCERTAIN, asks, overrides=COST_12_500, paths=PATHS)


def above(strike: float) -> float:
    """E max(40,000·p − strike, 0) for p ~ Beta(12, 28), by its density."""
    law = stats.beta(12, 28)
    return integrate.quad(lambda p: (40_000 * p - strike) * law.pdf(p), strike / 40_000, 1)[0]


def test_perfect_knowledge_of_a_chance_by_its_density(tariff):
    """The mean is −500, so nothing is worth 0 and EVPI = E max(40,000·p − 12,500, 0)."""
    decision = tariff.decision("investor")
    assert decision.best == "not signing"
    assert decision.basis == "undiscounted"  # the file has no rates
    act = decision.options[1]
    assert abs(act.mean - -500) < 5 * act.standard_error
    assert abs(decision.perfect.estimate - above(12_500)) < 5 * decision.perfect.standard_error
    assert decision.perfect.standard_error < 0.03 * above(12_500)
    chance = stats.beta(12, 28).sf(12_500 / 40_000)
    assert decision.perfect.changes == pytest.approx(chance, abs=0.03)
    assert act.probability_best == decision.perfect.changes


def test_the_only_number_is_worth_what_all_are(tariff):
    decision = tariff.decision("investor")
    assert [name for name, _ in decision.numbers] == [CHANCE]
    alone = decision.numbers[0][1]
    assert replace(alone, uncapped=None) == decision.perfect
    assert alone.uncapped == alone.estimate
    assert min(option.expected_loss for option in decision.options) == pytest.approx(
        decision.perfect.estimate
    )


def test_a_pilot_by_enumeration(tariff):
    """10 people: the posterior mean is (12 + k)/50 with k ~ beta-binomial(10, 12, 28)."""
    law = stats.betabinom(10, 12, 28)
    expected = sum(law.pmf(k) * max(40_000 * (12 + k) / 50 - 12_500, 0) for k in range(11))
    found = tariff.decision("investor").studies[0]
    assert found.study.name == "pilot=success, n=10"
    assert abs(found.value.estimate - expected) < 5 * found.value.standard_error
    assert found.value.standard_error < 0.05 * expected
    assert found.net == pytest.approx(found.value.estimate - 100)
    assert found.value.estimate < tariff.decision("investor").perfect.estimate


def test_without_a_cost_a_study_has_no_net_value(tariff):
    assert tariff.decision("investor").studies[1].net is None


def test_the_municipality_has_its_own_decision(tariff):
    """It pays and saves nothing here: signing costs it 12,000, and no chance makes it better."""
    decision = tariff.decision("municipality")
    assert decision.best == "not signing"
    assert decision.perfect.estimate == 0.0
    assert decision.options[1].probability_best == 0.0


def test_a_pilot_against_brute_force_through_the_engine():
    """Paid 1,000 if 15 of 40 succeed; the chance is updated for each result and simulated again."""
    cost, law = 300.0, stats.betabinom(10, 12, 28)
    told = [f"capital.costs.schedule=[{cost}]", "capital.commitment=1000"]
    reached = f"{TARIFF}@uncertain_chance@threshold"
    posterior = []
    for k in range(11):
        beta = f"{CHANCE}={{ beta = {{ alpha = {12 + k}, beta = {38 - k} }} }}"
        made = simulate(load_scenario(reached, overrides=[*told, beta]), paths=10_000, seed=9)
        posterior.append(made.summary()["investor"]["expected_profit"]["estimate"])
    mean = sum(law.pmf(k) * x for k, x in enumerate(posterior))
    brute = sum(law.pmf(k) * max(x, 0.0) for k, x in enumerate(posterior)) - max(mean, 0.0)
    # the error of each posterior mean is at most 500/√10,000 = 5, weighted by its chance
    error = 5 * math.sqrt(sum(law.pmf(k) ** 2 for k in range(11)))
    asks = Inquiry(studies=["pilot=success, n=10"])
    found = information(reached, asks, overrides=told, paths=PATHS).decision("investor").studies[0]
    allowed = 5 * math.hypot(found.value.standard_error, error)
    assert abs(found.value.estimate - brute) < allowed
    assert allowed < 0.5 * brute


def test_luck_adds_nothing():
    """The chance is known: 12 ± 2.9 successes a path, and nothing that can be known beforehand."""
    found = information(
        TARIFF,
        overrides=["capital.costs.schedule=[12_100]", "capital.commitment=20_000"],
        paths=2000,
    )
    decision = found.decision("investor")
    assert decision.numbers == ()
    assert decision.perfect.estimate == 0.0
    assert decision.options[1].standard_error > 0


def test_a_part_is_never_worth_more_than_the_whole():
    found, whole = Worth(2_676.0, 415.0, 0.2), Worth(2_647.0, 415.0, 0.2)
    assert at_most(found, whole) == Worth(2_647.0, 415.0, 0.2, uncapped=2_676.0)
    assert at_most(whole, found).estimate == 2_647.0
    # all knowledge is worth nothing where its estimate is below that by its error
    assert at_most(found, Worth(-3.0, 2.0, 0.1)).estimate == 0.0


def test_a_group_is_worth_what_its_numbers_are_together():
    """The effect and the true level: together more than either, less than everything."""
    pair = ["metrics.placement_cost.effect.ratio", "measures.saving/truth/metrics.placement_cost"]
    found = information("norrkoping", Inquiry(groups=[pair], luck=2), paths=4000)
    decision = found.decision("municipality")
    ((names, together),) = decision.groups
    assert list(names) == pair
    alone = dict(decision.numbers)
    for name in pair:
        assert together.estimate > alone[name].estimate - 3 * together.standard_error
    assert together.estimate > alone[pair[1]].estimate + 5 * together.standard_error
    assert together.uncapped < decision.perfect.estimate + 3 * together.standard_error


def test_an_investor_without_capital_has_nothing_to_decide():
    """The file does not say what signing costs it."""
    found = information("reboot_west", Inquiry(luck=1), paths=100)
    assert {decision.party for decision in found.decisions} == {"municipality"}


def test_several_payers_decide_each_for_itself():
    found = information(
        "two_regions_bond", Inquiry(luck=1, against=["two_regions_bond@nothing"]), paths=100
    )
    asked = [(decision.party, decision.question) for decision in found.decisions]
    # south has no place in a design without payments, so it signs or not
    assert asked == [
        ("municipality", "sign"),
        ("south", "sign"),
        ("investor", "sign"),
        ("municipality", "choose"),
    ]


def test_a_design_against_itself_is_worth_nothing():
    asks = Inquiry(against=[RICH], prices=Prices("school", 0, 1000, 2))
    found = information(RICH, asks, paths=1000)
    for decision in found.decisions:
        if decision.question == "choose":
            assert decision.perfect.estimate == 0.0
            assert [option.expected_loss for option in decision.options] == [0.0, 0.0]
            assert decision.options[0].probability_best == 1.0  # ties go to the first
    assert found.acceptability is not None
    assert set(found.acceptability.best) == {found.designs[0].name}
    assert np.all(found.acceptability.frontier == 1.0)


@pytest.fixture(scope="module")
def curves():
    asks = Inquiry(against=[f"{RICH}@nothing"], prices=Prices("school", 0, 400_000, 8))
    return information(RICH, asks, paths=4000).acceptability


def test_the_frontier_is_that_of_the_best_mean(curves):
    for k, best in enumerate(curves.best):
        place = curves.options.index(best)
        assert curves.means[k, place] == curves.means[k].max()
        assert curves.frontier[k] == curves.probability_best[k, place]
    assert curves.probability_best.sum(axis=1) == pytest.approx(np.ones(9))


def test_the_least_expected_loss_is_the_value_of_knowing_at_every_price(curves):
    for losses, perfect in zip(curves.expected_loss, curves.perfect, strict=True):
        assert losses.min() == pytest.approx(perfect.estimate, abs=1e-6)
        assert perfect.estimate >= -5 * perfect.standard_error


def test_the_gain_from_acting_rises_with_the_price(curves):
    """Each step of 50,000 adds 50,000 × the mean of additional outcomes, the same every time."""
    gain = curves.means[:, 0] - curves.means[:, 1]
    assert np.diff(gain) == pytest.approx(np.full(8, np.diff(gain)[0]))
    assert np.diff(gain)[0] > 0


def test_results_are_the_same_again():
    asks = Inquiry(studies=["pilot=success, n=10"])
    first, second = (information(UNCERTAIN, asks, paths=500, threads=n) for n in (1, 2))
    assert first.to_dict() == second.to_dict()
    assert json.loads(json.dumps(first.to_dict())) == first.to_dict()


# --- studies ---


def test_a_study_is_read_from_words():
    text = "pilot=placement_cost, n=60, comparison=50, years=2, cost=500_000"
    study = read_study(text)
    assert study == Study("pilot", "placement_cost", 60, 50, 2, cost=500_000.0)
    assert study.name == "pilot=placement_cost, n=60, comparison=50, years=2"
    number = read_study("number=index.per_year,error=0.01")
    assert (number.kind, number.error, number.cost) == ("number", 0.01, None)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("placement_cost", "KEY=VALUE"),
        ("n=60", "pilot=METRIC"),
        ("pilot=school, baseline=school, n=3", "one of pilot"),
        ("pilot=school", "pilot needs n"),
        ("pilot=school, n=60, sample=3", "not sample"),
        ("pilot=school, n=6.5", "whole number"),
        ("pilot=school, n=0", "from 1"),
        ("pilot=school, n=60, cost=-1", "0 or more"),
        ("pilot=school, n=60, cost=nan", "0 or more"),
        ("number=index.per_year", "number needs error"),
        ("number=index.per_year, error=0", "above 0"),
        ("pilot=school, n=6, n=7", "once"),
    ],
)
def test_what_is_no_study_is_refused_with_what_is(text, word):
    with pytest.raises(SocsimError, match=word):
        read_study(text)


def test_a_binary_pilot_is_binomial_given_the_chance():
    """Variance of successes/n given p is p(1 − p)/n; 20,000 squares are right to 5 %, 5 errors."""
    lab = Experiment(load_scenario(UNCERTAIN), paths=PATHS, seed=2)
    drawn = lab.drawn()
    found = results_of(read_study("pilot=success, n=25, comparison=10"), lab, drawn)
    chance = drawn[CHANCE]
    assert found.shape == (2, PATHS)
    assert np.all(found[1] == 0.0)  # nobody succeeds without the programme
    ratio = (found[0] - chance) ** 2 / (chance * (1 - chance) / 25)
    assert abs(ratio.mean() - 1) < 5 * ratio.std() / math.sqrt(PATHS)
    assert ratio.std() / math.sqrt(PATHS) < 0.015


def test_a_baseline_study_of_amounts_has_the_spread_of_people():
    """Norrköping's placements: sd 420,000 of 375,000, years correlated; n = 100, one or two years.

    Given the level the mean has relative variance 1.12²/100 = 0.012544 in one year; two years of
    the same child tell less than two children: more than half of it, less than all.
    """
    lab = Experiment(load_scenario("norrkoping"), paths=PATHS, seed=2)
    drawn = lab.drawn()
    level = 375_000 * drawn["measures.saving/truth/metrics.placement_cost"]
    spread = {}
    for years in (1, 2):
        study = read_study(f"baseline=placement_cost, n=100, years={years}")
        ratio = results_of(study, lab, drawn)[0] / level
        assert abs(ratio.mean() - 1) < 5 * 0.112 / math.sqrt(PATHS)
        spread[years] = ratio.var()
    declared = (420 / 375) ** 2 / 100
    assert spread[1] == pytest.approx(declared, rel=0.06)
    assert 0.5 < spread[2] / spread[1] < 0.99


def test_a_pilot_sees_the_effect_and_its_comparison_does_not():
    lab = Experiment(load_scenario("norrkoping"), paths=2000, seed=2)
    drawn = lab.drawn()
    study = read_study("pilot=placement_cost, n=1_000_000, comparison=1_000_000")
    treated, others = results_of(study, lab, drawn)
    effect = drawn["metrics.placement_cost.effect.ratio"]
    assert treated / others == pytest.approx(effect, rel=0.02)


def test_a_study_of_a_number_has_its_error():
    lab = Experiment(load_scenario(UNCERTAIN), paths=PATHS, seed=2)
    drawn = lab.drawn()
    found = results_of(read_study(f"number={CHANCE}, error=0.02"), lab, drawn)[0] - drawn[CHANCE]
    assert found.std() == pytest.approx(0.02, rel=0.03)
    assert abs(found.mean()) < 5 * 0.02 / math.sqrt(PATHS)


@pytest.mark.parametrize(
    ("study", "word"),
    [
        ("pilot=sucess, n=10", "is no metric[\\s\\S]*success"),
        ("number=metrics.success.baseline, error=1", "no uncertain number[\\s\\S]*difference"),
    ],
)
def test_a_study_of_what_is_not_there_is_refused(study, word):
    with pytest.raises(SocsimError, match=word):
        information(UNCERTAIN, Inquiry(studies=[study]), paths=100)


def test_a_metric_that_reads_states_cannot_be_studied():
    path = SAVING.with_name("placement_states.toml")
    metric = next(m for m, words in load_scenario(path).metrics.items() if words.states)
    with pytest.raises(SocsimError, match="placement states"):
        information(path, Inquiry(studies=[f"baseline={metric}, n=10"]), paths=100)


# --- precision of the settlement ---


def test_the_worst_mean_by_hand():
    """The worst 5 % of 1 … 100 are 1 … 5: mean 3."""
    value, influence = worst_mean(np.arange(1.0, 101.0))
    assert value == pytest.approx(3.0)
    assert influence.mean() == pytest.approx(0.0, abs=1e-12)


def test_the_error_of_a_worst_mean_is_what_repetition_shows():
    """200 samples of 4,000 normals: their spread has error 5 %; 5 errors."""
    rng = np.random.default_rng(3)
    found = [worst_mean(rng.normal(size=4000)) for _ in range(200)]
    spread = np.std([value for value, _ in found])
    told = np.mean([influence.std() / math.sqrt(4000) for _, influence in found])
    assert told == pytest.approx(spread, rel=0.25)
    # the mean of the worst 5 % of a normal is −φ(1.645)/0.05 = −2.0627
    assert np.mean([value for value, _ in found]) == pytest.approx(-2.0627, abs=0.02)


@pytest.mark.parametrize("path", [RICH, SAVING, "norrkoping"])
def test_nets_sum_to_what_is_real_and_payments_to_nothing_on_every_path(path):
    nets = nets_of(load_scenario(path), paths=500, seed=4)
    scale = np.abs(nets.net).max()
    assert np.abs(nets.transfers.sum(axis=0)).max() < 1e-9 * scale
    assert nets.real == pytest.approx((nets.net - nets.transfers).sum(axis=0), abs=1e-9 * scale)
    assert nets.of("nobody")[0].tolist() == [0.0] * 500


def test_nets_are_those_of_the_run():
    nets = nets_of(load_scenario("norrkoping"), paths=500, seed=4)
    paths = simulate(load_scenario("norrkoping"), paths=500, seed=4, keep="paths").paths
    assert nets.of("investor")[0] == pytest.approx(paths["investor.profit"], abs=1e-6)
    net = paths["municipality.net_budget_effect"]
    assert nets.of("outcome_payer")[0] == pytest.approx(net, abs=1e-6)


@pytest.mark.parametrize("bearer", [None, "investor", "outcome_payer"])
def test_a_third_year_sums_to_minus_its_cost(bearer):
    asks = Inquiry(measured=[Measured("@window_3y", 200_000, bearer)])
    (found,) = information("norrkoping", asks, paths=2000).precision
    scale = max(abs(moved.worst) for moved in found.parties)
    assert sum(moved.payments_change for moved in found.parties) == pytest.approx(
        0.0, abs=1e-9 * scale
    )
    assert found.total == pytest.approx(found.real - 200_000, abs=1e-9 * scale)
    by_party = {moved.party: moved for moved in found.parties}
    assert by_party["investor"].payments_change > 5 * by_party["investor"].payments_error
    if bearer is not None:
        moved = by_party[bearer]
        assert moved.mean_change == pytest.approx(
            moved.payments_change + (found.real if bearer == "outcome_payer" else 0.0) - 200_000
        )


def test_a_change_of_payments_alone_changes_nothing_real():
    """A smaller activity payment: the same savings and costs on every path."""
    nothing = Measured("payments.activity.terms=[{ share = 0.30 }]")
    scenario = load_scenario("norrkoping")
    changed = load_scenario("norrkoping", overrides=["payments.activity.terms=[{ share = 0.30 }]"])
    before, after = (nets_of(s, paths=500, seed=1) for s in (scenario, changed))
    found = precision(before, after, nothing)
    assert found.real == pytest.approx(0.0, abs=1e-6)
    assert found.total == pytest.approx(0.0, abs=1e-6)


def test_what_payments_alone_do_to_the_worst_is_told_apart():
    """Two paths: 3 more paid on the first, and 20 less saved on the second, which is then worst."""
    before = Nets(("a",), np.array([[5.0, 7.0]]), np.zeros((1, 2)))
    paid = np.array([[-3.0, 0.0]])
    after = Nets(("a",), before.net + paid + np.array([[0.0, -20.0]]), paid)
    (party,) = precision(before, after, Measured("x=1")).parties
    assert party.worst_change == -13.0 - 5.0
    assert party.worst_payments_change == -3.0
    assert party.mean_change == -11.5
    assert party.payments_change == -1.5


def test_a_cost_is_taken_from_who_bears_it_by_hand():
    """Two paths, two parties, a payment of 10 more on the first path, a cost of 4."""
    before = Nets(("a", "b"), np.array([[0.0, 0.0], [5.0, 7.0]]), np.zeros((2, 2)))
    paid = np.array([[10.0, 0.0], [-10.0, 0.0]])
    after = Nets(("a", "b"), before.net + paid, paid)
    found = precision(before, after, Measured("x=1", 4.0, "b"))
    first, second = found.parties
    assert (first.mean_change, second.mean_change) == (5.0, -9.0)
    assert (first.payments_change, second.payments_change) == (5.0, -5.0)
    # the worse of two paths: a 0 → 0, b 5 → 5 − 10 − 4
    assert (first.worst_change, second.worst_change) == (0.0, -14.0)
    assert second.worst_payments_change == -14.0
    assert found.total == -4.0
    unborne = precision(before, after, Measured("x=1", 4.0))
    assert unborne.total == -4.0
    assert [moved.mean_change for moved in unborne.parties] == [5.0, -5.0]


# --- bad input ---


@pytest.mark.parametrize(
    ("asks", "paths", "word"),
    [
        (Inquiry(), 50, "at least 93 paths"),
        (Inquiry(luck=0), 100, "luck must be"),
        (Inquiry(prices=Prices("success", 0, 1)), 100, "two or more designs"),
        (Inquiry(prices=Prices("success", 2, 1), against=[UNCERTAIN]), 100, "from the lower"),
        (Inquiry(prices=Prices("sucess", 0, 1), against=[UNCERTAIN]), 100, "no metric of every"),
        (Inquiry(groups=[["metrics.x"]]), 100, "no uncertain number"),
        (Inquiry(measured=[Measured("bigger")]), 100, "KEY=VALUE"),
        (Inquiry(measured=[Measured("@bigger")]), 100, "bigger"),
        (Inquiry(measured=[Measured("time.horizon='2 years'", 1.0, "me")]), 100, "no party"),
        (Inquiry(measured=[Measured("time.horizon='2 years'", -1.0)]), 100, "0 or more"),
    ],
)
def test_what_cannot_be_asked_is_refused(asks, paths, word):
    with pytest.raises(SocsimError, match=word):
        information(UNCERTAIN, asks, paths=paths)


def test_a_change_of_measurement_needs_a_name():
    with pytest.raises(SocsimError, match="by name or path"):
        information(contract("tariff"), Inquiry(measured=[Measured("@threshold")]), paths=100)


def test_no_such_decision():
    with pytest.raises(SocsimError, match=r"municipality \(sign\)"):
        information(TARIFF, paths=100).decision("guarantor")
