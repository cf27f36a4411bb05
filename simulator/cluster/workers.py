"""Finding a scheduler and its workers, and having shares of work done in order."""

from __future__ import annotations

import contextlib
import logging
import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Any, Self

from simulator.cluster.identity import IDENTITY, unlike
from simulator.cluster.work import do, refusal, who
from simulator.errors import ClusterError, SocsimError

REACHED = 10.0
"""Seconds within which a scheduler must answer."""
WORKERS = 60.0
"""Seconds to wait for a worker where there is none."""
AHEAD = 8
"""Shares that are given out for each thread before the earliest is back. A worker may be so many
times slower than the others before they wait for it."""
_LOOK = 1.0  # seconds between looks at whether anybody is still there

Say = Callable[[str], None]


def connect(address: str, *, wait: float = WORKERS, say: Say | None = None) -> Cluster:
    """The cluster behind a dask scheduler such as `tcp://10.0.0.5:8786`; to be closed, or a `with`.

    Where no worker has come yet it waits so many seconds for one, and says so by `say`. Raises
    ClusterError where dask is not installed, nothing answers, no worker comes, or one of them runs
    another program.
    """
    try:
        import distributed
    except ImportError as error:
        raise ClusterError(
            f"a cluster needs dask, which is not installed here ({error.name} is missing)\n"
            "    mend: install socsim with its extra, pip install '.[cluster]'"
        ) from error
    _check_address(address)
    for name in ("distributed", "distributed.client"):  # dask gives the second a level of its own
        logging.getLogger(name).setLevel(logging.CRITICAL)  # it says the same as we, at length
    try:
        client = distributed.Client(address, timeout=REACHED, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise ClusterError(
            f"no dask scheduler answers at {address} ({_first_line(error)})\n"
            "    allowed: the address that `dask scheduler` prints, such as tcp://10.0.0.5:8786\n"
            "    mend: start one, see docs/cluster.md"
        ) from error
    cluster = Cluster(client, address)
    try:
        cluster._await_workers(wait, say)
        cluster._check_workers()
    except BaseException:
        cluster.close()
        raise
    return cluster


def _check_address(address: str) -> None:
    """Refuse what is no address, and an encrypted one without certificates."""
    from distributed import Security

    if not re.fullmatch(r"((tcp|tls)://)?[^:/\s]+:\d{1,5}", address):
        raise ClusterError(
            f"--cluster: {address} is no address\n"
            "    allowed: what `dask scheduler` prints, tcp://HOST:PORT or tls://HOST:PORT"
        )
    if address.startswith("tls:") and not Security().get_connection_args("client")["ssl_context"]:
        raise ClusterError(
            f"--cluster: {address} is encrypted, and this machine has no certificate for it\n"
            "    mend: name certificate and key in dask's configuration, see docs/cluster.md"
        )


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


class Cluster:
    """Workers behind a scheduler, all running this program; see `connect`.

    `workers` and `threads` are as many as there are now; `helped` names the workers that have done
    a share so far.
    """

    def __init__(self, client: Any, address: str) -> None:
        self._client = client
        self.address = address
        self.helped: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave the cluster; its workers stay."""
        with contextlib.suppress(Exception):
            self._client.close(timeout=2)

    @property
    def workers(self) -> int:
        """Worker processes that are there now."""
        return len(self._threads_by_worker())

    @property
    def threads(self) -> int:
        """Threads of all workers that are there now."""
        return sum(self._threads_by_worker().values())

    def _threads_by_worker(self) -> dict[str, int]:
        try:
            return dict(self._client.nthreads())
        except (OSError, RuntimeError, TypeError, ValueError) as error:
            raise self._lost() from error

    def _lost(self) -> ClusterError:
        return ClusterError(
            f"the dask scheduler at {self.address} no longer answers\n"
            "    mend: start it and its workers again, and the same command once more"
        )

    def _await_workers(self, wait: float, say: Say | None) -> None:
        if self.workers:
            return
        if say is not None:
            say(f"the scheduler at {self.address} has no workers: waiting {wait:.0f} s for one …")
        until = time.monotonic() + wait
        while not self.workers:
            if time.monotonic() > until:
                raise self._deserted(wait)
            time.sleep(min(0.2, wait))

    def _deserted(self, waited: float) -> ClusterError:
        return ClusterError(
            f"the scheduler at {self.address} has no workers; waited {waited:.0f} s for one\n"
            f"    mend: start some on machines that can reach it, dask worker {self.address}"
        )

    def _check_workers(self) -> None:
        """Refuse workers that run another program."""
        answers = self._client.run(who, on_error="return")
        for worker, answer in sorted(answers.items()):
            if isinstance(answer, BaseException):
                raise ClusterError(refusal(worker, f"socsim cannot be used ({answer!r})"))
            different = unlike(IDENTITY, answer)
            if different:
                raise ClusterError(refusal(worker, different))

    def in_order(
        self,
        work: Callable[..., Any],
        jobs: Iterable[tuple[Any, ...]],
        done: Callable[[int], None] | None = None,
    ) -> Iterator[Any]:
        """What `work(*job)` makes of each job, in the order of the jobs.

        `work` is a function that workers can import. A share whose worker dies is done again by
        another one. `done` is called with a job's place as soon as it is finished, in any order.
        Raises what `work` raises where that is a SocsimError, and ClusterError where workers or
        scheduler are lost for good.
        """
        waiting: deque[Any] = deque()
        finished: set[int] = set()
        first = 0
        try:
            for job in jobs:
                waiting.append(self._submit(work, job))
                while len(waiting) >= self._room():
                    self._await(waiting, first, finished, done)
                    yield self._taken(waiting.popleft())
                    first += 1
            while waiting:
                self._await(waiting, first, finished, done)
                yield self._taken(waiting.popleft())
                first += 1
        finally:
            if waiting:
                with contextlib.suppress(Exception):
                    self._client.cancel(list(waiting), force=True)

    def _submit(self, work: Callable[..., Any], job: tuple[Any, ...]) -> Any:
        return self._client.submit(do, IDENTITY, work, *job, pure=False)

    def _room(self) -> int:
        return max(AHEAD * self.threads, 2)

    def _await(
        self,
        waiting: deque[Any],
        first: int,
        finished: set[int],
        done: Callable[[int], None] | None,
    ) -> None:
        """Wait for the first of them; say which others are finished meanwhile."""
        import distributed

        deserted_since: float | None = None
        while True:
            with contextlib.suppress(TimeoutError), self._client.as_current():
                distributed.wait(waiting[0], timeout=_LOOK)
            for place, future in enumerate(waiting, first):
                if future.status == "finished" and place not in finished:
                    finished.add(place)
                    if done is not None:
                        done(place)
            if waiting[0].done():
                finished.discard(first)
                return
            if self.workers:
                deserted_since = None
            elif deserted_since is None:
                deserted_since = time.monotonic()
            elif time.monotonic() - deserted_since > WORKERS:
                raise self._deserted(WORKERS)

    def _taken(self, future: Any) -> Any:
        """The result of a finished share."""
        import distributed
        from distributed.client import FutureCancelledError

        try:
            name, made = future.result()
        except SocsimError:
            raise
        except distributed.KilledWorker as error:
            raise ClusterError(
                f"a share of the work was given to several workers, and each of them died "
                f"({_first_line(error)})\n"
                "    mend: give the workers more memory, or fewer threads each"
            ) from error
        except (FutureCancelledError, OSError) as error:
            raise self._lost() from error
        self.helped.add(name)
        return made
