"""A worker does its share only if it runs the same program; asked again with each share."""

from __future__ import annotations

import platform
from importlib import metadata
from types import SimpleNamespace

import distributed
import pytest

from simulator import __version__
from simulator.cluster.identity import IDENTITY
from simulator.cluster.work import do
from simulator.errors import ClusterError


@pytest.fixture(autouse=True)
def worker(monkeypatch):
    """This process as a worker called "late"."""
    monkeypatch.setattr(distributed, "get_worker", lambda: SimpleNamespace(name="late"))


def test_a_worker_of_the_same_program_does_its_share():
    assert do(dict(IDENTITY), divmod, 17, 5) == ("late", (3, 2))


@pytest.mark.parametrize("what", IDENTITY)
def test_a_worker_of_another_program_does_nothing(what):
    """One that comes after the others were asked who they are, say."""
    done = []
    wanted = {**IDENTITY, what: "0.0"}
    told = f"the worker late runs another program: {what} {IDENTITY[what]} instead of 0.0\n"
    with pytest.raises(ClusterError, match=told):
        do(wanted, done.append, 1)
    assert done == []


def test_what_must_be_the_same():
    libraries = {name: metadata.version(name) for name in ("numpy", "numba", "scipy")}
    assert libraries.items() <= IDENTITY.items()
    assert IDENTITY["socsim"] == __version__
    assert IDENTITY["processor"] == platform.machine()
    assert IDENTITY.keys() - libraries == {"socsim", "socsim's sources", "processor", "Python"}
