"""A series is the same whether everything is computed or only what it rests on."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.decisions.experiment import Experiment
from simulator.decisions.series_sources import narrowed_to, sources_of
from simulator.engine import Engine
from simulator.scenario.load import load_scenario
from simulator.summary.derived import derive
from simulator.summary.series import derived_names, indicator_names, plan_series

PATHS = 300
OF_MOVEMENTS = ".is_called"  # of a single guarantee: a line of the ledger is read


@pytest.mark.parametrize("name", ["norrkoping", "two_regions_bond", "newpin"])
def test_every_derived_series_is_made_from_its_sources_alone(name):
    """Capital of one and of several classes, one payer and several, guarantees and measures."""
    lab = Experiment(load_scenario(name), paths=PATHS, threads=1)
    layout = lab.built.layout
    whole = derive(plan_series(layout), Engine(lab.built, 1).block(0, PATHS))
    for series in (*derived_names(layout), *indicator_names(layout)):
        few = narrowed_to(lab.built, [series])
        unknown = sources_of(series, layout) is None
        assert unknown == (series.startswith("guarantees.") and series.endswith(OF_MOVEMENTS))
        assert (few is lab.built) == unknown
        np.testing.assert_array_equal(lab.series([series])[0], whole[series])


def test_several_series_together_are_those_of_the_whole_plan():
    lab = Experiment(load_scenario("norrkoping"), paths=PATHS, threads=1)
    block = Engine(lab.built, 1).block(0, PATHS)
    names = ["investor.profit", "municipality.net_budget_effect", "investor.is_loss"]
    found = lab.series(names)
    whole = derive(plan_series(lab.built.layout), block)
    for row, name in zip(found[:2], names[:2], strict=True):
        np.testing.assert_array_equal(row, block.figures[lab.built.layout.figures.index(name)])
    np.testing.assert_array_equal(found[2], whole["investor.is_loss"])


def test_totals_of_movements_need_the_whole_plan():
    lab = Experiment(load_scenario("norrkoping"), paths=PATHS, threads=1)
    total = next(n for n in plan_series(lab.built.layout).totals)
    assert sources_of(total, lab.built.layout) is None
    assert narrowed_to(lab.built, ["investor.profit", total]) is lab.built
