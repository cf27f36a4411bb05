"""Streams of the fund's factors: one draw for all contracts of a path, luck of its own for each."""

from __future__ import annotations

import numpy as np

from simulator.engine import Engine
from simulator.plan.build import build
from simulator.scenario.load import load_scenario
from simulator.scenario.model import Factor

CONTRACT = 1 << 32
KEY = "metrics.placement_cost.effect.ratio"


def expected_effects(loading, contract, first=256, paths=256):
    """Expected effect of each path, a function of the uncertain numbers alone."""
    scenario = load_scenario("norrkoping")
    names = [name for name in scenario.metrics if name == "placement_cost"]
    factor = Factor(loadings={KEY: loading})
    changed = scenario.model_copy(update={"factors": {"fund/effect": factor}})
    built = build(changed, 1)
    row = built.layout.outcomes[
        [o.metric for o in built.layout.outcomes].index(names[0])
    ].figure_expected
    scores = built.plan.draws.shared.tolist()
    assert sum(scores) == 1
    return Engine(built, 1).block(contract * CONTRACT + first, paths).figures[row]


def test_a_shared_stream_reads_the_path_and_not_the_contract():
    # the placement cost's baseline has draws of its own, so the effects are alike, not the same
    one, other = expected_effects(1.0, 3), expected_effects(1.0, 4)
    assert not np.array_equal(one, other)
    together = np.corrcoef(one, other)[0, 1]
    apart = np.corrcoef(expected_effects(0.0, 3), expected_effects(0.0, 4))[0, 1]
    # 256 pairs: a correlation of independent draws stays below 0.31 but once in a million
    assert together > 0.6
    assert abs(apart) < 0.31
