"""What a notebook imports: load a scenario, simulate it, settle it; `saved` keeps the result.

In a notebook:

    from simulator import load_scenario, simulate
    results = simulate(load_scenario("norrkoping"), paths=100_000)
    results.summary()["investor"]["loss_probability"]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator import __version__
from simulator.checkpoint import STATE, Checkpoints, Stored, made_with, read_state
from simulator.engine import Progress
from simulator.errors import SocsimError
from simulator.folder import read_parquet
from simulator.frames import Held
from simulator.plan.samplers import Sampler
from simulator.reducer import Keep
from simulator.results import Layout
from simulator.running import Run
from simulator.sampling import check_sampler
from simulator.scenario.load import load_scenario as _load_scenario
from simulator.scenario.model import Scenario
from simulator.streaming import FIGURES, FLOWS, whole
from simulator.summary.accumulate import EXACT_PATHS
from simulator.summary.flows import Columns, frame_of
from simulator.summary.replicates import with_errors_of

if TYPE_CHECKING:
    import pandas as pd

    from simulator.cluster import Cluster
    from simulator.settlement import Settlement

__all__ = [
    "Keep",
    "Results",
    "load_scenario",
    "read_results",
    "settle",
    "simulate",
]


def load_scenario(
    path: str | Path, *, variants: Sequence[str] = (), overrides: Sequence[str] = ()
) -> Scenario:
    """A checked scenario by path or shipped name.

    `variants` are applied in order, then `overrides` such as "cohorts.younger.service_users=40".
    Raises ScenarioError with every problem, or UnknownScenarioError.
    """
    return _load_scenario(path, variants=variants, overrides=overrides)


@dataclass
class Results:
    """A finished simulation.

    `paths` and `flows` are computed again where they were not kept; the bits are the same.
    `workers` of a cluster have computed it, None where this machine has.
    `made_with` are the version, sources and libraries that its bits rest on.
    `convergence` tells of a run to a given precision how it came there (`simulate_until`).
    """

    scenario: Scenario
    seed: int
    count: int
    layout: Layout
    keep: Keep
    version: str = __version__
    seconds: float = 0.0
    workers: int | None = None
    convergence: dict[str, Any] | None = field(default=None, repr=False)
    sampler: Sampler = "plain"
    made_with: str = field(default="", repr=False)
    _summary: dict[str, Any] = field(default_factory=dict, repr=False)
    _columns: Columns | None = field(default=None, repr=False)
    _cash_flows: pd.DataFrame | None = field(default=None, repr=False)
    _paths: pd.DataFrame | None = field(default=None, repr=False)
    _flows: pd.DataFrame | None = field(default=None, repr=False)
    _state: Stored | None = field(default=None, repr=False)
    _run: Run | None = field(default=None, repr=False)
    _keeps_state: bool = field(default=False, repr=False)
    _place: Path | None = field(default=None, repr=False)
    _files: Path | None = field(default=None, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        """What is pickled: of the run behind it, the state that it keeps."""
        return {**self.__dict__, "_run": None, "_state": self.state}

    def summary(self) -> dict[str, Any]:
        """The promised summary, as in summary.json: money in its currency, rates a year."""
        return self._summary

    @property
    def cash_flows(self) -> pd.DataFrame:
        """Mean and 5th, 50th, 95th percentile by party or ledger line and period."""
        if self._cash_flows is None and self._columns is not None:
            self._cash_flows = frame_of(self._columns)
        if self._cash_flows is None:
            raise SocsimError("this result was stored without its cash flows")
        return self._cash_flows

    @property
    def paths(self) -> pd.DataFrame:
        """One row per path, one column per figure."""
        if self._paths is None:
            self._paths = self._streamed(FIGURES)
        if self._paths is None:
            self._paths, self._flows = again(self)
        return self._paths

    @property
    def flows(self) -> pd.DataFrame:
        """One row for each path, line and instant with a movement: path, line, instant, amount."""
        if self._flows is None:
            self._flows = self._streamed(FLOWS)
        if self._flows is None:
            self._paths, self._flows = again(self)
        return self._flows

    def _streamed(self, name: str) -> pd.DataFrame | None:
        """A table that was written while it was simulated; None where it was not."""
        return None if self._files is None else read_parquet(whole(self._files, name, self.count))

    @property
    def state(self) -> Stored | None:
        """What a longer run can go on from: kept beyond 131,072 paths, where it is small."""
        if self._run is not None and self._keeps_state:
            return self._run.state()
        if self._state is None and self._place is not None:
            self._state = read_state(self._place / STATE)
        found = self._state
        return found if found is not None and found.made_with == made_with() else None

    def extend(
        self,
        paths: int,
        *,
        threads: int | None = None,
        progress: Progress | None = None,
        cluster: Cluster | None = None,
    ) -> Results:
        """The result of so many paths, the same bits as of a run of so many at once.

        Where there is a `state`, only the paths that come after it are simulated: here, or on a
        cluster. Paths and flows that were kept are held in memory, those that are there and those
        that are new. Without a state, which a result of up to 131,072 paths keeps only where it was
        asked for and one of a sampler never, all of it is simulated, and so it is where the tables
        of paths have been changed. Raises SocsimError for fewer paths than there are, and as
        `simulate` does.
        """
        if paths < self.count:
            raise SocsimError(
                f"a result of {self.count} paths cannot be extended to {paths}\n"
                f"    allowed: {self.count} or more\n"
                "    mend: simulate so many by themselves; they are its first paths"
            )
        return simulate(
            self.scenario,
            paths=paths,
            seed=self.seed,
            threads=threads,
            keep=self.keep,
            progress=progress,
            checkpoints=self._beginning(),
            cluster=cluster,
            sampler=self.sampler,
        )

    def rescue(self) -> int:
        """Store the state where the run did, when the result cannot be saved; paths stored there.

        Nothing new is stored of a run of a few seconds, nor where that cannot be written either.
        """
        return 0 if self._run is None else self._run.rescue()

    def _beginning(self) -> Checkpoints | None:
        """The state to extend it from; plain runs alone have one."""
        if self.sampler != "plain":
            return None
        state = self.state
        if state is None or self.keep == "summary":
            return Checkpoints(start=state)
        held = self._held()
        return Checkpoints(start=None if held is None else replace(state, held=held))

    def _held(self) -> Held | None:
        """The tables of its paths, where they are there as it has left them; never made again."""
        figures = self._streamed(FIGURES) if self._paths is None else self._paths
        flows = self._streamed(FLOWS) if self._flows is None else self._flows
        if figures is None or (self.keep == "all" and flows is None):
            return None
        if self.made_with != made_with():
            return None
        held = Held(figures, flows if self.keep == "all" else None)
        return held if held.is_of(self.layout, self.count) else None

    def save(self, folder: str | Path) -> Path:
        """Write the result folder, whole or not at all."""
        from simulator.saved import save

        return save(self, folder)


def simulate(  # noqa: PLR0913 (what a notebook may say of a run, all by name)
    scenario: Scenario,
    *,
    paths: int = 100_000,
    seed: int = 1,
    threads: int | None = None,
    keep: Keep = "summary",
    progress: Progress | None = None,
    checkpoints: Checkpoints | None = None,
    cluster: Cluster | None = None,
    sampler: Sampler = "plain",
    work: Path | None = None,
) -> Results:
    """Simulate a scenario, on this machine or on a cluster (see `simulator.connect`).

    The result depends on scenario, paths, seed and version alone: not on threads, and the first N
    paths of a longer run are those of a shorter one. `progress` is called with (done, all) paths.
    With `checkpoints` the run goes on from a state, or stores its own now and then; Ctrl-C then
    raises Interrupted once it is stored. A `sampler` (antithetic, lhs, sobol) takes at least 8
    whole replicates of 4,096 paths; its errors come from their spread. What is kept of each path
    is held in memory, or written to the folder `work` meanwhile, which is emptied first and the
    caller's to remove; `checkpoints` with a place have one beside it.
    Raises SocsimError for numbers of paths, seeds or threads that make no sense, for a state of
    another run, and for paths that are to be kept on a cluster.
    """
    check_numbers(paths, seed, threads)
    if sampler != "plain":
        check_sampler(sampler, paths, checkpoints, cluster)
    checkpoints = checkpoints or Checkpoints()
    start = checkpoints.start
    if start is not None and start.paths > paths:
        raise SocsimError(f"a state of {start.paths} paths is no beginning of {paths} paths")
    run = Run(
        scenario,
        seed=seed,
        expected=paths,
        threads=threads,
        keep=keep,
        checkpoints=checkpoints,
        cluster=cluster,
        sampler=sampler,
        work=work,
    )
    run.advance(paths, progress)
    return results_of(run)


def results_of(run: Run) -> Results:
    """The result of a run as far as it has come."""
    accumulator, keep = run.accumulator, run.kept.keep
    results = Results(run.scenario, run.seed, accumulator.paths, run.layout, keep)
    about = {"seed": run.seed, "version": __version__, "scenario_hash": run.hash}
    results._summary, results._columns = accumulator.summary_and_columns(
        run.scenario, about, run.threads
    )
    results.sampler, results.made_with = run.sampler, made_with()
    if run.kept.groups is not None:
        with_errors_of(results._summary, run.kept.groups, run.sampler)
    results._files = run.finish()
    held = run.held()
    if held is not None:
        results._paths, results._flows = held.figures, held.flows
    at_end = run.checkpoints.at_end if run.sampler == "plain" else False
    results._keeps_state = results.count > EXACT_PATHS if at_end is None else at_end
    if results._keeps_state or run.checkpoints.place is not None:
        # its state is made when it is asked for: a copy of what it holds
        results._run = run if held is None else run.without_paths()
    results.seconds, results.workers = run.seconds, run.workers
    return results


def check_numbers(paths: int, seed: int, threads: int | None) -> None:
    if not 1 <= paths <= 10**12:
        raise SocsimError(f"paths must be between 1 and 10^12; found {paths}")
    if not 0 <= seed < 2**63:
        raise SocsimError(f"seed must be between 0 and 2^63 − 1; found {seed}")
    if threads is not None and not 1 <= threads <= 1024:
        raise SocsimError(f"threads must be between 1 and 1024; found {threads}")


def check_same_program(results: Results) -> None:
    """Refuse a result that another version, other sources or other libraries made."""
    if results.version != __version__:
        raise SocsimError(
            f"the result was made by version {results.version}; "
            "its paths can be computed again by that version only"
        )
    if results.made_with != made_with():
        raise SocsimError(
            "the result was made by other sources or libraries, which may give other paths: "
            f"found {results.made_with or 'none named'}\n"
            f"    allowed: {made_with()}\n"
            "    mend: simulate it again, or ask the program that made it; paths that were kept "
            "are read as they are"
        )


def again(results: Results) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Paths and flows of a result, computed again.

    Raises SocsimError where another program made it: its paths would be of other futures.
    """
    check_same_program(results)
    fresh = simulate(
        results.scenario,
        paths=results.count,
        seed=results.seed,
        keep="all",
        sampler=results.sampler,
    )
    return fresh.paths, fresh.flows


def settle(
    scenario: Scenario,
    results: dict[str, Any] | None = None,
    *,
    ex_ante_paths: int | None = None,
    seed: int = 1,
) -> Settlement:
    """What the contract pays on measured outcomes: those given, or the scenario's own.

    `results` has the keys of `[realised]`: drawn, measures, completed. With `ex_ante_paths` the
    scenario is simulated too, and `percentile` says in which share of the futures the investor
    fared as badly or worse. Raises SocsimError where a payment needs a value that is not there.
    """
    from simulator.settlement import settle  # no run needs it

    settlement = settle(scenario, results)
    if ex_ante_paths is None:
        return settlement
    paths = simulate(scenario, paths=ex_ante_paths, seed=seed, keep="paths").paths
    return replace(settlement, percentile=share_as_bad(settlement, paths))


def read_results(path: str | Path) -> dict[str, Any]:
    """The keys of a results file, as `settle` takes them; TOML, CSV or a workbook.

    Raises ScenarioError with file, line, column and a way to mend it.
    """
    from simulator.settlement import read_results

    return read_results(path)


def share_as_bad(settlement: Settlement, paths: pd.DataFrame) -> float | None:
    """Share of paths on which the investor got back as little or less per unit put in.

    Where capital is unknown, the share on which as little or less was repaid.
    """
    if settlement.drawn:
        had = paths["investor.received"] / paths["investor.paid_in"]
        got = settlement.received / (settlement.received - (settlement.investor_profit or 0.0))
    else:
        had, got = paths["municipality.total_payments"], settlement.repaid
    had = had.dropna()
    return float((had <= got + 1e-9 * abs(got)).mean()) if len(had) else None
