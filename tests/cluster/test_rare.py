"""A rare event on a real scheduler: the bits of one process, from stretches of each stratum."""

from __future__ import annotations

import json
from pathlib import Path

from simulator import connect, load_scenario
from simulator.decisions.rare import rare
from simulator.summary.accumulate import STRETCH
from tests.cluster.helpers import Butcher

NUMBERS = Path(__file__).parents[1] / "statistical" / "numbers.toml"
FIGURE = "outcomes.normal.expected"
PATHS = 3 * STRETCH // 2


def test_a_rare_event_has_the_bits_of_one_process_though_a_worker_dies(site, monkeypatch):
    """In stretches: the check from 0 to 1.5, plain ones to 1.8, and from there moved ones to 3.

    Whole ones are the first, of the check, and the third, of those drawn with moved scores: that
    comes first, and the worker that has it in hand is killed.
    """
    scenario, told = load_scenario(NUMBERS), []
    alone = rare(scenario, FIGURE, above=13.0, paths=PATHS, seed=4)
    with connect(site.address) as cluster:
        given, submit = [], cluster._submit
        monkeypatch.setattr(
            cluster, "_submit", lambda work, job: given.append(job[-2:]) or submit(work, job)
        )
        site.await_workers(cluster, 2)
        with Butcher(site, cluster) as butcher:
            made = rare(
                scenario,
                FIGURE,
                above=13.0,
                paths=PATHS,
                seed=4,
                progress=lambda done, _: told.append(done),
                cluster=cluster,
            )
        assert butcher.killed in {"one", "two"} and cluster.helped
    site.hire(butcher.killed)
    assert given == [(2 * STRETCH, 1), (0, 1)]
    assert json.dumps(made.to_dict()) == json.dumps(alone.to_dict())
    assert told == sorted(told) and told[-1] == 2 * PATHS
