"""What runs on a worker: it says who it is, and does its share if it is the same program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.cluster.identity import IDENTITY, Identity, unlike
from simulator.errors import ClusterError


def who() -> Identity:
    """The program that this worker runs."""
    return IDENTITY


def do(expected: Identity, work: Callable[..., Any], *given: Any) -> tuple[str, Any]:
    """The worker's name and what `work` makes of what is given.

    Raises ClusterError on a worker that runs another program: one that has come later, perhaps.
    """
    from distributed import get_worker

    name = str(get_worker().name)
    if expected != IDENTITY:
        raise ClusterError(refusal(name, unlike(expected, IDENTITY)))
    return name, work(*given)


def refusal(worker: str, different: str) -> str:
    """The sentence for a worker whose bits could be others."""
    return (
        f"the worker {worker} runs another program: {different}\n"
        "    allowed: workers with the same socsim, Python, numpy, numba and scipy as here\n"
        "    mend: install the same there, and start the worker again"
    )
