"""A run on a real scheduler with worker processes: the bits of one process, whatever happens."""

from __future__ import annotations

import json
import signal
import threading

import pytest

from simulator import connect, load_scenario, simulate
from simulator.checkpoint import Checkpoints, read_state
from simulator.decisions import enough
from simulator.errors import ClusterError, SocsimError
from simulator.saved import provenance
from simulator.spread import MOST, stretches_in_share
from simulator.summary.accumulate import STRETCH
from tests.cluster.helpers import Site
from tests.worked.deal import DEAL

PATHS = 4 * STRETCH + 5_000  # four stretches, a whole block and the incomplete last one
LOOKS = (STRETCH, 3 * STRETCH, 4 * STRETCH)


@pytest.fixture(scope="module")
def scenario():
    return load_scenario(DEAL)


@pytest.fixture(scope="module")
def alone(scenario):
    """What one process makes of it."""
    return simulate(scenario, paths=PATHS, seed=3)


def same(made, alone):
    assert json.dumps(made.summary()) == json.dumps(alone.summary())
    assert made.cash_flows.equals(alone.cash_flows)


def test_a_cluster_gives_the_bits_of_one_process(site, scenario, alone):
    told = []
    with connect(site.address) as cluster:
        made = simulate(
            scenario,
            paths=PATHS,
            seed=3,
            cluster=cluster,
            progress=lambda done, paths: told.append((done, paths)),
        )
        same(made, alone)
        assert cluster.helped <= {"one", "two"} and cluster.helped
    assert provenance(made)["workers"] == len(cluster.helped)
    assert "workers" not in provenance(alone)
    done = [entry[0] for entry in told]
    assert done == sorted(done) and {STRETCH, 4 * STRETCH, PATHS} <= set(done)


def test_a_run_on_a_cluster_stores_its_state_and_goes_on_from_one(site, scenario, alone, tmp_path):
    """The state that it goes on from ends within a stretch: what is missing of it is made here."""
    shorter = simulate(scenario, paths=STRETCH + 9_000, seed=3)
    start = shorter.state
    assert start is not None and STRETCH < start.paths < 2 * STRETCH
    going = Checkpoints(place=tmp_path / "state", start=start, first=0.0, every=0.0)
    with connect(site.address) as cluster:
        made = simulate(scenario, paths=PATHS, seed=3, cluster=cluster, checkpoints=going)
    same(made, alone)
    kept = read_state(tmp_path / "state")
    assert kept is not None and kept.paths % STRETCH == 0 and 2 * STRETCH <= kept.paths < PATHS


def test_a_result_is_extended_on_a_cluster(site, scenario, alone, monkeypatch):
    """From one of a stretch and a bit on: the workers simulate the three whole stretches after."""
    shorter = simulate(scenario, paths=STRETCH + 9_000, seed=3)
    with connect(site.address) as cluster:
        submitted = count_submitted(cluster, monkeypatch)
        made = shorter.extend(PATHS, cluster=cluster)
        # of OfScenario's job the last two say from which path on, and how many stretches
        assert [job[-2:] for job in submitted] == [(k * STRETCH, 1) for k in (2, 3)]
        assert made.workers == len(cluster.helped) > 0
    same(made, alone)


def test_a_slow_worker_and_one_that_is_killed_change_nothing(site, scenario, alone):
    """One worker stands still from the first share on, while the other goes on; then it dies."""
    site.hire("third")
    stopped = threading.Event()
    with connect(site.address) as cluster:
        site.await_workers(cluster, 3)

        def meanwhile(done, _paths):
            if stopped.is_set() or done >= PATHS:
                return
            stopped.set()
            site.workers["one"].send_signal(signal.SIGSTOP)
            threading.Timer(1.0, site.workers["one"].send_signal, [signal.SIGCONT]).start()
            site.kill("third")

        made = simulate(scenario, paths=PATHS, seed=3, cluster=cluster, progress=meanwhile)
    assert stopped.is_set() and "third" not in site.workers
    same(made, alone)


@pytest.mark.slow
def test_a_scheduler_that_dies_is_one_error_and_what_is_stored_goes_on(
    scenario, alone, tmp_path, capfd
):
    """Killed while its worker goes on: what was put together is stored, and said to be."""
    site, place = Site(tmp_path), tmp_path / ".run.state"
    site.open()
    site.hire("one")
    keeps = Checkpoints(place=place, first=0.0, every=0.0)
    try:
        with connect(site.address) as cluster:

            def meanwhile(done, _paths):
                if done >= 2 * STRETCH:
                    site.scheduler.kill()

            asked = {"paths": PATHS, "seed": 3, "cluster": cluster, "progress": meanwhile}
            with pytest.raises(ClusterError) as error:
                simulate(scenario, **asked, checkpoints=keeps)
    finally:
        site.close()
    first, *_, last = str(error.value).splitlines()
    assert first == f"the dask scheduler at {site.address} no longer answers"
    kept = read_state(place)
    assert kept.paths in (STRETCH, 2 * STRETCH, 3 * STRETCH)
    assert last == (
        f"    {kept.paths:,} paths are stored: with --resume the same command goes on from there"
    )
    assert "Traceback" not in capfd.readouterr().err  # nor what dask says about it, at length
    same(simulate(scenario, paths=PATHS, seed=3, checkpoints=Checkpoints(start=kept)), alone)


def test_a_run_to_a_given_precision_stops_where_one_machine_does(
    site, scenario, alone, monkeypatch, tmp_path
):
    """Looked at after 1, 3 and 4 stretches and at the end; workers go on ahead of each look."""
    monkeypatch.setattr(enough, "looks", lambda most: iter((*LOOKS, most)))
    figure = "outcomes.success.true_effect"
    error = 0.0025  # 10 people with 0.5 each: √(10/4)/√n, 0.0031 after 1 stretch, 0.0018 after 3
    with connect(site.address) as cluster:
        submitted = count_submitted(cluster, monkeypatch)
        going = Checkpoints(place=tmp_path / "state", first=0.0, every=0.0)
        made = enough.simulate_until(
            scenario,
            [f"{figure}={error}"],
            most=PATHS,
            seed=3,
            cluster=cluster,
            checkpoints=going,
        )
        assert made.count == 3 * STRETCH and made.convergence["reached"]
        same(made, simulate(scenario, paths=made.count, seed=3))
        assert len(submitted) == 4  # one stretch each, the last one ahead of a look that was enough
        kept = read_state(tmp_path / "state")
        assert kept is not None and kept.paths == 2 * STRETCH and list(kept.checks) == [figure]
        whole = enough.simulate_until(
            scenario,
            [f"{figure}=1e-9"],
            most=PATHS,
            seed=3,
            cluster=cluster,
            checkpoints=Checkpoints(start=kept),
        )
        assert len(submitted) == 4 + 2  # the two stretches that the state has not
    same(whole, alone)
    way = [row["paths"] for row in whole.convergence["convergence"][0]["at"]]
    assert way == [STRETCH, 4 * STRETCH, PATHS]  # of the looks those at 8, 16 … blocks, and the end


def count_submitted(cluster, monkeypatch):
    """What is given to workers from now on."""
    seen, submit = [], cluster._submit
    monkeypatch.setattr(cluster, "_submit", lambda work, job: seen.append(job) or submit(work, job))
    return seen


def test_a_worker_with_other_sources_is_refused(site, tmp_path, scenario):
    import shutil

    from tests.cluster.helpers import ROOT

    shutil.copytree(ROOT / "simulator", tmp_path / "simulator")
    with (tmp_path / "simulator" / "kernels" / "terms.py").open("a") as edited:
        edited.write("# a worker's own opinion\n")
    with connect(site.address) as cluster:
        before = cluster.workers
        site.hire("odd", tmp_path)
        while cluster.workers == before:
            threading.Event().wait(0.1)
    with pytest.raises(ClusterError, match=r"another program: socsim's sources \w+ instead of"):
        connect(site.address)
    site.kill("odd")


def test_paths_that_are_to_be_kept_are_refused(scenario):
    with pytest.raises(SocsimError, match="a cluster sends sums, not paths; found all"):
        simulate(scenario, paths=10, keep="all", cluster=object())


def test_shares_are_large_and_there_are_enough_of_them():
    # 10^9 paths are 3,814 whole stretches: on 16 threads 3,814 / (8 · 16) = 29 to a share
    assert stretches_in_share(3_814, 16) == 29
    assert stretches_in_share(3_814_697, 16) == MOST
    assert stretches_in_share(4, 2) == 1
    assert stretches_in_share(0, 2) == 1
