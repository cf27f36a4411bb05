"""A comparison on a real scheduler with worker processes: the bits of one process."""

from __future__ import annotations

import json

from simulator import compare, connect
from simulator.analysis.compare import prepare
from simulator.analysis.designs import Assumptions, Shelf
from simulator.analysis.joint import Joint, Run
from simulator.analysis.keep import provenance
from simulator.analysis.spread import OfDesigns, joint_sums
from simulator.engine import CHUNK
from simulator.spread import MOST
from simulator.summary.accumulate import STRETCH
from tests.cluster.helpers import Butcher
from tests.worked.deal import DEAL

PATHS = 3 * STRETCH + 5_000
"""193 blocks, so that sections have ⌊193/25⌋ = 7 of them: they reach past stretches of 64."""
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
    alone = compare(DESIGNS, paths=PATHS, seed=3, overrides=NOISY)
    told = []
    with connect(site.address) as cluster:
        while cluster.workers < 2:
            pass
        with Butcher(site, cluster) as butcher:
            made = compare(
                DESIGNS,
                paths=PATHS,
                seed=3,
                overrides=NOISY,
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
    assert [row["design"] for row in made.switching] == ["deal@internal_fund"]
    assert (STRETCH * 2, PATHS) in told and told[-1] == (PATHS, PATHS)
    assert provenance(made)["workers"] == len(cluster.helped)
    assert "workers" not in provenance(alone)
    written = (made.save(tmp_path / "there"), alone.save(tmp_path / "here"))
    for name in ("comparison.json", "differences.parquet", "designs.parquet"):
        assert (written[0] / name).read_bytes() == (written[1] / name).read_bytes()


def test_a_section_that_a_run_does_not_complete_is_completed_by_nobody():
    """A worker whose share ends one block before the run: 65 blocks are 32 sections of 2."""
    assumed = Assumptions()
    designs = prepare(DESIGNS, Shelf(NOISY, lambda _: 0.0), assumed)
    paths = STRETCH + CHUNK
    shared = OfDesigns.of(designs, assumed, 3, paths)
    assert shared.most == MOST // 2
    joint = Joint([Run.of(design, assumed, 3, paths, 1) for design in designs])
    made = joint_sums(*shared.given(joint), 0, 1)
    shared.follow(joint, made)
    assert [len(run.by_section) for run in joint.runs] == [32, 32]
    assert joint.runs[0].sections.begins == STRETCH
