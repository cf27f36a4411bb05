"""A dask scheduler and its workers: found, checked, and given work whose results come in order.

with connect("tcp://10.0.0.5:8786") as cluster:
    results = simulate(scenario, paths=10**9, cluster=cluster)

What is sent are large shares of the work, and what comes back is what one process would have made
of them, so nothing depends on the number of workers. dask is an optional extra: it is imported by
`connect` and by nothing else. What the shares are is known where they are computed:
`simulator.spread` for a run, and the rooms of comparisons, funds and sweeps.
"""

from simulator.cluster.workers import Cluster, connect

__all__ = ["Cluster", "connect"]
