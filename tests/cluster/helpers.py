"""A dask scheduler and workers on loopback, as `dask scheduler` and `dask worker` start them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0  # seconds; two cores may have much else to do


@dataclass
class Site:
    """One scheduler and the processes behind it; each is stopped by its own handle."""

    folder: Path
    address: str = ""
    scheduler: subprocess.Popen[bytes] | None = None
    workers: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def open(self) -> None:
        """Start the scheduler and wait until it listens."""
        port = free_port()
        self.address = f"tcp://127.0.0.1:{port}"
        self.scheduler = self._start(
            "scheduler", "dask_scheduler", "--host", "127.0.0.1", "--port", str(port)
        )
        until = time.monotonic() + PATIENCE
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                return
            assert self.scheduler.poll() is None and time.monotonic() < until, self.log("scheduler")
            time.sleep(0.05)

    def hire(self, name: str, package: Path = ROOT) -> None:
        """Start a worker of one thread that imports the package from a folder."""
        options = ("--nthreads", "1", "--no-nanny", "--name", name, "--memory-limit", "0")
        place = ("--local-directory", str(self.folder / name))
        self.workers[name] = self._start(
            name, "dask_worker", self.address, *options, *place, package=package
        )

    def kill(self, name: str) -> None:
        """As the kernel kills: at once, with nothing said to anybody."""
        self.workers[name].send_signal(signal.SIGKILL)
        self.workers.pop(name).wait(PATIENCE)

    def await_workers(self, cluster: Any, count: int) -> None:
        """Wait until so many have come."""
        until = time.monotonic() + PATIENCE
        while cluster.workers < count:
            assert time.monotonic() < until, [self.log(name) for name in self.workers]
            time.sleep(0.1)

    def close(self) -> None:
        """Stop all."""
        for process in (*self.workers.values(), self.scheduler):
            if process is not None:
                process.send_signal(signal.SIGCONT)
                process.kill()
                process.wait(PATIENCE)

    def log(self, name: str) -> str:
        """What a process has said."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def _start(
        self, name: str, module: str, *words: str, package: Path = ROOT
    ) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{module}", *words, "--no-dashboard"],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(package)},
            )


class Butcher:
    """Kills a worker that has a share in hand, the first there is once it is time: `killed`.

    It is held first: what it still has in hand then is never finished by it.
    """

    def __init__(self, site: Site, cluster: Any, due: Callable[[], bool] = lambda: True) -> None:
        self.site, self.killed, self._due = site, "", due
        self._client = cluster._client
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(PATIENCE)

    def _watch(self) -> None:
        while not self._over.wait(0.01):
            for name in self._busy() if self._due() else ():
                self.site.workers[name].send_signal(signal.SIGSTOP)
                self._over.wait(0.05)  # what it has sent before comes in
                if name in self._busy():
                    self.killed = name
                    self.site.kill(name)
                    return
                self.site.workers[name].send_signal(signal.SIGCONT)

    def _busy(self) -> list[str]:
        """Workers that have shares in hand, as the scheduler knows."""
        known = self._client.scheduler_info(n_workers=-1)["workers"]
        working = {at for at, tasks in self._client.processing().items() if tasks}
        return [str(each["name"]) for at, each in known.items() if at in working]


def free_port() -> int:
    """A port that nothing listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
