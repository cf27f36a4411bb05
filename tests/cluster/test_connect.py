"""A cluster that is not there is told in one sentence; without --cluster dask is not there."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from simulator import connect
from simulator.cluster import connect as door
from simulator.errors import ClusterError
from tests.cluster.helpers import ROOT, free_port


def test_an_address_where_nothing_listens(monkeypatch):
    monkeypatch.setattr(sys.modules[door.__module__], "REACHED", 0.5)
    with pytest.raises(ClusterError, match=r"no dask scheduler answers at tcp://127.0.0.1:\d+ \("):
        connect(f"tcp://127.0.0.1:{free_port()}")


@pytest.mark.parametrize("address", ["nonsense", "http://10.0.0.5:8786", "tcp://10.0.0.5", ""])
def test_what_is_no_address(address):
    with pytest.raises(ClusterError, match="is no address\n    allowed: what `dask scheduler`"):
        connect(address)


def test_an_encrypted_address_without_certificates():
    with pytest.raises(ClusterError, match="is encrypted, and this machine has no certificate"):
        connect("tls://127.0.0.1:8786")


def test_a_scheduler_without_workers_is_waited_for_so_long(lonely):
    said = []
    began = time.monotonic()
    with pytest.raises(ClusterError, match="has no workers; waited 1 s for one\n    mend: start"):
        connect(lonely.address, wait=1.0, say=said.append)
    assert time.monotonic() - began >= 1.0
    assert said == [f"the scheduler at {lonely.address} has no workers: waiting 1 s for one …"]


def test_dask_that_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match="a cluster needs dask, which is not installed here"):
        connect("tcp://127.0.0.1:8786")


def test_a_run_without_a_cluster_loads_no_dask(tmp_path):
    code = (
        "import sys\n"
        "from simulator.cli import main\n"
        "sys.argv = ['socsim', 'run', 'benchmark', '--paths', '10', '--no-report', '--out', '.']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in\n"
        "    ('dask', 'distributed', 'tornado') or m.startswith('simulator.cluster')))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.splitlines()[-1] == "[]"
    assert list(tmp_path.glob("benchmark/*/summary.json"))
