"""What a rule finds: a place in the scenario and what is wrong there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from simulator.scenario.model import Scenario
from simulator.scenario.positions import Path
from simulator.scenario.words import did_you_mean, listed


@dataclass(frozen=True)
class Finding:
    """Something wrong at a path.

    `found` stands for what is written there, where that does not say it. `unused` marks keys
    without effect: a variant may give them one, so all variants are asked before it is a problem.
    `never_binds` marks what is valid and never bites: whoever tries out a number with `--set` may
    pass through such values, so it is a problem in a file only.
    """

    path: Path
    allowed: str
    mend: str = ""
    found: str | None = None
    unused: bool = False
    at_key: bool = False
    never_binds: bool = False


Rule = Callable[[Scenario], Iterable[Finding]]


def without_effect(path: Path, why: str, mend: str = "remove it") -> Finding:
    """A key that changes nothing where it stands."""
    return Finding(path, why, mend, f"`{path[-1]}`, which has no effect here", True, True)


def missing(path: Path, allowed: str, mend: str = "") -> Finding:
    """A key that must be given."""
    return Finding(path, allowed, mend or f"add `{path[-1]}`", f"no `{path[-1]}`", at_key=True)


def known(name: str, names: Iterable[str], path: Path, what: str) -> Iterator[Finding]:
    """The name must be one of `names`; `what` says of what, in the plural."""
    names = sorted(names)
    if name not in names:
        allowed = (
            f"one of the {what}: {listed(names)}" if names else f"one of the {what}; there are none"
        )
        yield Finding(path, allowed, did_you_mean(name, names))
