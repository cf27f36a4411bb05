"""Experiments: what a change touches, and that it touches nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simulator import simulate
from simulator.api import load_scenario
from simulator.decisions.experiment import Change, Experiment
from simulator.errors import SocsimError

RICH = str(Path(__file__).parents[2] / "properties" / "rich.toml")
VALID = Path(__file__).parents[2] / "cases" / "valid"
PATHS = 5000  # two blocks, the second not a whole number of tiles
EVERY = ("investor.profit", "municipality.net_budget_effect", "investor.is_loss")


@pytest.fixture(scope="module")
def lab():
    return Experiment(load_scenario(RICH), paths=PATHS, seed=3)


@pytest.fixture(scope="module")
def paths(lab):
    return simulate(lab.scenario, paths=PATHS, seed=3, keep="paths").paths


def test_nothing_changed_is_the_run_itself_bit_for_bit(lab, paths):
    profit, net, lost = lab.series(EVERY)
    assert np.array_equal(profit, paths["investor.profit"])
    assert np.array_equal(net, paths["municipality.net_budget_effect"])
    assert np.array_equal(lost == 1.0, paths["investor.profit"] < -0.5)
    assert 0 < lost.mean() < 1


def test_figures_are_those_of_the_summary(lab):
    figures = lab.figures()
    summary = simulate(lab.scenario, paths=PATHS, seed=3).summary()
    leaf = figures["investor.loss_probability"]
    assert leaf.value == summary["investor"]["loss_probability"]
    assert leaf.series == "investor.is_loss"
    assert figures["investor.irr_of_expected_cash_flow"].series is None


def test_drawn_numbers_are_those_that_the_paths_used(lab):
    """A price held at what path 4321 drew gives that path's own figures, and no other's."""
    drawn = lab.drawn()
    assert set(drawn) == set(lab.built.uncertain)
    assert all(len(values) == PATHS for values in drawn.values())
    plain = lab.series(EVERY)
    held = lab.series(EVERY, Change(held={name: values[4321] for name, values in drawn.items()}))
    assert np.allclose(held[:, 4321], plain[:, 4321], rtol=1e-12)
    assert not np.allclose(held[0], plain[0])


def test_quantiles_and_means_are_those_of_what_is_drawn(lab):
    """A share of 5,000 below a quantile misses 0.9 by 5 standard errors of 0.0042 in 6 of 10⁷."""
    for name, values in lab.drawn().items():
        share = float(np.mean(values <= lab.quantile(name, 0.9)))
        assert abs(share - 0.9) < 0.0215, name
        error = values.std() / np.sqrt(PATHS)
        assert abs(values.mean() - lab.numbers[name].mean) < 5.0 * error, name


def test_other_luck_keeps_the_numbers_and_changes_what_happens(lab):
    name = "outcomes.school.expected"
    first, second = (lab.series([name, "outcomes.school.realised"], Change(luck=n)) for n in (0, 1))
    assert np.array_equal(first[0], second[0])  # what is expected follows from the numbers alone
    assert not np.array_equal(first[1], second[1])
    again = lab.series([name, "outcomes.school.realised"], Change(luck=1))
    assert np.array_equal(second, again)


def test_a_group_drawn_again_moves_what_rests_on_it_and_nothing_else(lab):
    group = next(g for g in lab.groups.values() if "metrics.visits.price" in g.numbers)
    change = Change(redrawn=frozenset([group.name]))
    names = ["outcomes.visits.realised", "outcomes.care.expected"]
    plain, changed = lab.series(names), lab.series(names, change)
    society = ["society.benefits"]  # visits are a region's, so nothing of the municipality's
    assert not np.array_equal(lab.series(society), lab.series(society, change))
    assert np.array_equal(plain[1], changed[1])


def test_everything_drawn_again_is_another_sample_of_the_same(lab):
    """Independent: the correlation of 5,000 pairs has sd 0.0141; 0.08 in 2 of 10⁸ by chance."""
    change = Change(redrawn=frozenset(lab.groups), luck=1)
    first, second = lab.series(EVERY[:1])[0], lab.series(EVERY[:1], change)[0]
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.08
    error = np.sqrt((first.var() + second.var()) / PATHS)
    assert abs(first.mean() - second.mean()) < 5.5 * error


@pytest.mark.parametrize("name", ["by_cohort", "saving"])
def test_numbers_that_depend_on_each_other_are_one_group(name):
    scenario = load_scenario(VALID / f"{name}.toml")
    lab = Experiment(scenario, paths=1)
    grouped = [number for group in lab.groups.values() for number in group.numbers]
    assert sorted(grouped) == sorted(lab.numbers)
    bound = [set(factor.loadings) for factor in scenario.factors.values()]
    bound += [set(scenario.correlation.numbers)] if scenario.correlation else []
    assert bound, "the scenario has no dependence to test with"
    for names in bound:
        assert any(names <= set(group.numbers) for group in lab.groups.values())


def test_a_number_drawn_per_cohort_is_one_number_with_several_draws():
    lab = Experiment(load_scenario(VALID / "by_cohort.toml"), paths=64)
    several = [number for number in lab.numbers.values() if len(number.places) > 1]
    assert several
    assert all("@" not in number.name for number in several)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (Change(held={"metrics.school.efect": 1.0}), "efect"),
        (Change(redrawn=frozenset(["luck"])), "luck"),
    ],
)
def test_an_unknown_name_is_refused_with_those_that_there_are(lab, change, word):
    with pytest.raises(SocsimError, match=rf"{word}[\s\S]*metrics\.visits\.price"):
        lab.series(EVERY, change)


def test_an_unknown_series_is_refused(lab):
    with pytest.raises(SocsimError, match=r"investor\.profits[\s\S]*investor\.profit"):
        lab.series(["investor.profits"])
