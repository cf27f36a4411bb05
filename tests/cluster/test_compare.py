"""A comparison on a real scheduler with worker processes: the bits of one process."""

from __future__ import annotations

import json

import numpy as np

from simulator import compare, connect
from simulator.analysis.compare import prepare
from simulator.analysis.designs import Assumptions, Shelf
from simulator.analysis.joint import net_of_paths
from simulator.analysis.keep import provenance
from simulator.analysis.spread import OfDesigns
from simulator.engine import CHUNK
from simulator.summary.accumulate import STRETCH
from tests.cluster.helpers import Butcher
from tests.worked.deal import DEAL

PATHS = 3 * STRETCH + 5_000
"""193 blocks, so that sections have ⌊193/25⌋ = 7 of them: they reach past stretches of 64 blocks,
and the one after ⌊193/7⌋ = 27 past the end of the run."""
DESIGNS = (str(DEAL), f"{DEAL}@internal_fund")
NOISY = (
    "payments.pay.terms=[{ share = 0.5 }]",
    "metrics.cost.persistence=0.5",
    'metrics.cost.spread={ law = "gamma", sd = 60.0 }',
    "time.horizon=2 years",
)


def test_a_cluster_gives_the_comparison_of_one_process_though_a_worker_dies(
    site, monkeypatch, tmp_path
):
    """Shares of two stretches and of one; the first worker that has one in hand is killed."""
    monkeypatch.setattr("simulator.spread.stretches_in_share", lambda *_: 2)
    asked = {"paths": PATHS, "seed": 3, "overrides": NOISY, "switching": False}
    alone = compare(DESIGNS, **asked)
    told = []
    with connect(site.address) as cluster:
        site.await_workers(cluster, 2)
        with Butcher(site, cluster) as butcher:
            made = compare(
                DESIGNS,
                **asked,
                cluster=cluster,
                progress=lambda done, paths: told.append((done, paths)),
            )
        assert butcher.killed in {"one", "two"}
        assert cluster.helped
    site.hire(butcher.killed)
    assert json.dumps(made.to_dict()) == json.dumps(alone.to_dict())
    assert made.sections == (27, 7 * CHUNK)
    methods = {found.method for found in made.differences if found.difference}
    assert methods == {"paired", "sections", "exact"}
    assert (STRETCH * 3, PATHS) in told and told[-1] == (PATHS, PATHS)
    assert provenance(made)["workers"] == len(cluster.helped)
    assert "workers" not in provenance(alone)
    written = (made.save(tmp_path / "there"), alone.save(tmp_path / "here"))
    for name in ("comparison.json", "differences.parquet", "designs.parquet"):
        assert (written[0] / name).read_bytes() == (written[1] / name).read_bytes()


def test_one_figure_of_every_path_is_that_of_one_process(site):
    """What switching values are solved on."""
    design, _ = prepare(DESIGNS, Shelf(NOISY, lambda _: 0.0), Assumptions())
    asked = {"paths": STRETCH + 5_000, "seed": 3, "threads": 2}
    with connect(site.address) as cluster:
        made = net_of_paths(design, **asked, cluster=cluster)
        assert cluster.helped
    assert made.shape == (STRETCH + 5_000,)
    assert len(np.unique(made)) > 1
    assert made.tobytes() == net_of_paths(design, **asked).tobytes()


def test_a_share_of_many_designs_holds_fewer_stretches():
    designs = prepare([*DESIGNS, f"{DEAL}@nothing"], Shelf((), lambda _: 0.0), Assumptions())
    assert OfDesigns.of(designs, Assumptions(), 1, PATHS).most == 32 // 3
