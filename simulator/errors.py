"""The exceptions of socsim, one tree.

SocsimError                 anything a user can mend; never shown with a traceback
├── ScenarioError           problems in a scenario, each with its place and a way to mend it
├── UnknownScenarioError    a scenario name that leads nowhere
├── ResultError             a result folder that cannot be read or written
├── ClusterError            workers that cannot be reached, or are not to be trusted with the work
└── InternalError           a law of the model was broken: a defect in socsim, not in the scenario

Interrupted and Stopped, KeyboardInterrupts, are none of them: somebody wanted to stop.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class SocsimError(Exception):
    """Anything a user can mend."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a scenario.

    `key` is the dotted path; `found` is shown as it stands in the file; `allowed` says what would
    do; `mend` how to get there. `line` and `column` count from 1; 0 where no file is behind it.
    """

    file: str
    line: int
    column: int
    key: str
    found: str
    allowed: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        where = place if place == self.key else f"{place}: {self.key}"
        lines = [f"{where}: found {self.found}", f"    allowed: {self.allowed}"]
        if self.mend:
            lines.append(f"    mend: {self.mend}")
        return "\n".join(lines)


class ScenarioError(SocsimError):
    """One or more problems in a scenario; `problems` holds them all, in file order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UnknownScenarioError(SocsimError):
    """A scenario name that leads nowhere."""


class ResultError(SocsimError):
    """A result folder that cannot be read or written."""


class ClusterError(SocsimError):
    """Workers that cannot be reached, or are not to be trusted with the work."""


class InternalError(SocsimError):
    """A law of the model was broken: a defect in socsim."""


class Interrupted(KeyboardInterrupt):
    """A run was asked to stop and did so between two blocks.

    `done` paths were finished, of which `kept` are stored (0: nothing is).
    """

    def __init__(self, done: int, kept: int) -> None:
        self.done, self.kept = done, kept
        super().__init__(f"interrupted after {done:,} paths, of which {kept:,} are stored")


class Stopped(KeyboardInterrupt):
    """A command was asked to stop after it had computed something; the text says where that is."""
