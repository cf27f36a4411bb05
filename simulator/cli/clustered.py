"""`--cluster ADDRESS`: the option, and the workers behind it while a command runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from simulator.cli import talk

if TYPE_CHECKING:
    from simulator.cluster import Cluster

CLUSTER = click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Compute on the workers of a dask scheduler, such as tcp://10.0.0.5:8786; the numbers are "
    "the same.  [default: on this machine]",
)


@contextmanager
def joined(address: str | None) -> Iterator[Cluster | None]:
    """The cluster at the address, whose workers are counted aloud; None without an address."""
    if address is None:
        yield None
        return
    from simulator.cluster import connect

    with connect(address, say=talk.say) as cluster:
        workers, threads = cluster.workers, cluster.threads
        talk.say(
            f"cluster {address}: {workers} worker{'s' if workers > 1 else ''}, "
            f"{threads} thread{'s' if threads > 1 else ''}"
        )
        yield cluster
