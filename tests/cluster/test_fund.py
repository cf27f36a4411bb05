"""A fund on a real scheduler with worker processes: the figures of one process."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np

from simulator import connect, load_fund
from simulator.fund import offers, prices, run
from simulator.fund.contracts import AS_OFFERED, believed, by_instant, contract_of
from simulator.fund.keep import fund_provenance
from simulator.fund.run import run_fund
from tests.cluster.helpers import Butcher

RICH = Path(__file__).parents[1] / "cases" / "fund" / "valid" / "rich.toml"
"""Every kind of support, beliefs, factors, prices solved again, terms loosened, two trials."""
PATHS = 700


def test_a_cluster_gives_the_fund_of_one_process_though_a_worker_dies(site, monkeypatch):
    """Blocks of 256 paths, so that each portfolio has three of them, the last one smaller.

    Coarser grids of beliefs and of prices, here and there: a third of the work. Half-way, a worker
    that has shares in hand is killed.
    """
    monkeypatch.setattr(run, "block_paths", lambda setup: 256)
    monkeypatch.setattr(offers, "GRID", 2)
    monkeypatch.setattr(prices, "BELOW", 0.5)
    monkeypatch.setattr(prices, "ABOVE", 1.0)
    words = load_fund(RICH)
    alone = run_fund(words, paths=PATHS, seed=5)
    told = []
    with connect(site.address) as cluster:
        site.await_workers(cluster, 2)
        with Butcher(site, cluster, lambda: bool(told) and 2 * told[-1][0] > told[-1][1]) as dead:
            made = run_fund(
                words,
                paths=PATHS,
                seed=5,
                cluster=cluster,
                progress=lambda *call: told.append(call),
            )
        assert dead.killed in cluster.helped == {"one", "two"}
    site.hire(dead.killed)
    assert json.dumps(made.to_dict()) == json.dumps(alone.to_dict())
    assert made == alone
    assert alone.loosened and len(alone.robustness) == 2
    done = [call[0] for call in told]
    assert done == sorted(done)
    assert told[-1][0] == told[-1][1] > 0
    assert fund_provenance(made, ())["workers"] == len(cluster.helped)
    assert "workers" not in fund_provenance(alone, ())


def test_a_contract_that_has_travelled_is_planned_again_to_the_same_rows():
    """As offered and as an investor believes it, with the rows that expectations read."""
    words = load_fund(RICH)
    kind = next(iter(words.pipeline))
    offered = contract_of(words, kind, AS_OFFERED, 7)
    for contract in (offered, by_instant(believed(offered, 1.5), {"drawn", "pv.cashable"})):
        packed = pickle.dumps(contract)
        assert len(packed) < 100_000  # words, not plans
        other = pickle.loads(packed)
        assert other.delivery == contract.delivery and other.reading.names == contract.reading.names
        assert other.rows(3, 256, 300).tobytes() == contract.rows(3, 256, 300).tobytes()
    drawn = [believed(offered, by).rows(3, 256, 300) for by in (1.0, 1.5)]
    assert not np.array_equal(*drawn)  # a belief that was lost on the way would be seen
