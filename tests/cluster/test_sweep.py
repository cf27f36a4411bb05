"""A sweep on a real scheduler: each point on one worker, the figures of one process."""

from __future__ import annotations

from simulator import connect, load_scenario, sweep
from tests.cluster.helpers import Butcher
from tests.worked.deal import DEAL


def test_the_points_of_a_sweep_are_the_same_on_a_cluster_though_a_worker_dies(site, tmp_path):
    scenario = load_scenario(DEAL, overrides=("payments.pay.terms=[{ share = 0.5 }]",))
    over = ["payments.pay.terms.1.share=0.2..0.8:3", "cohorts.all.service_users=5..15:2"]
    alone = sweep(scenario, over, paths=5_000)
    told = []
    with connect(site.address) as cluster:
        site.await_workers(cluster, 2)
        with Butcher(site, cluster) as butcher:
            kept = sweep(scenario, over, paths=5_000, folder=tmp_path / "a", cluster=cluster)
        assert butcher.killed in {"one", "two"}
        site.hire(butcher.killed)
        again = sweep(
            scenario,
            over,
            paths=5_000,
            folder=tmp_path / "a",
            cluster=cluster,
            progress=lambda done, of: told.append((done, of)),
        )
        assert cluster.helped
    assert kept.to_dict() == alone.to_dict() == again.to_dict()
    assert told == [(done, 6) for done in range(1, 7)]
    assert len(list((tmp_path / "a").rglob("*.json"))) == 6
