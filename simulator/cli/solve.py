"""`socsim solve`: the term that meets a target, switching values, and a search over terms."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from simulator.cli import talk
from simulator.cli.manners import Command
from simulator.cli.options import (
    Language,
    cores,
    find_scenario,
    folder_options,
    scenario_options,
    simulation_options,
)
from simulator.cli.work import (
    Among,
    announce,
    conclude,
    conclude_json,
    lay_beside_run,
    named,
    prepare,
)

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario

Method = Literal["halton", "sobol", "grid"]


@dataclass(frozen=True)
class Asked:
    """What every question has in common."""

    scenario: str
    variants: tuple[str, ...]
    overrides: tuple[str, ...]
    loaded: Scenario
    folder: Path
    paths: int
    seed: int
    threads: int
    lang: Language
    as_json: bool
    report: bool

    @property
    def simulation(self) -> dict[str, Any]:
        """Paths, seed and threads."""
        return {"paths": self.paths, "seed": self.seed, "threads": self.threads}

    def command(self, *more: str) -> str:
        """`socsim run` of the same scenario with more set."""
        words = ["socsim", "run", "@".join((self.scenario, *self.variants))]
        for override in (*self.overrides, *more):
            words += ["--set", override]
        return shlex.join(words)


@click.command(
    cls=Command,
    examples=(
        "socsim solve norrkoping --key payments.activity.terms.1.share "
        "--target investor.expected_profit=0",
        "socsim solve norrkoping --switching",
        "socsim solve norrkoping --search limits.multiple=1..2 "
        "--search capital.commitment=9e6..1e7",
    ),
)
@scenario_options
@click.option(
    "--key",
    metavar="KEY",
    default=None,
    help="The term to look for: the key of a number, as --set names it.  [default: none]",
)
@click.option(
    "--target",
    metavar="TEXT",
    default=None,
    help="What it shall bring about: a figure of the summary, <=, >= or =, and a level; .p5, .p50 "
    'and .p95 are the range of outcomes: "municipality.net_budget_effect.p5 >= -1e6".  '
    "[default: none]",
)
@click.option(
    "--between",
    type=(float, float),
    default=None,
    metavar="LOW HIGH",
    help="Where to look for the term.  [default: around its present value, as far as the language "
    "allows]",
)
@click.option(
    "--switching",
    is_flag=True,
    help="Instead: how far each uncertain number must go for a party's result to change sides (or "
    "for the figure of --target to cross its level), and how likely that is.  [default: no]",
)
@click.option(
    "--search",
    "ranges",
    multiple=True,
    metavar="KEY=LOW..HIGH",
    help="Instead: try designs over ranges of two to four terms, and keep those that no other "
    "betters.  [default: none]",
)
@click.option(
    "--designs",
    type=int,
    default=64,
    show_default=True,
    metavar="N",
    help="How many designs a search tries.",
)
@click.option(
    "--method",
    type=click.Choice(["halton", "sobol", "grid"]),
    default="halton",
    show_default=True,
    help="How a search spreads its designs.",
)
@simulation_options()
@folder_options(
    "the answer is laid beside the run, DIR/<scenario>/<run>/",
    report="Whether to write the run's reports with the answer in them.",
)
def solve(
    scenario: str,
    variants: tuple[str, ...],
    overrides: tuple[str, ...],
    lang: Language,
    as_json: bool,
    key: str | None,
    target: str | None,
    between: tuple[float, float] | None,
    switching: bool,
    ranges: tuple[str, ...],
    designs: int,
    method: Method,
    paths: int,
    seed: int,
    threads: int | None,
    report: bool,
    out: Path,
) -> None:
    """Find the term that meets a target.

    The value comes with its Monte Carlo interval; where none meets the target, the figures at both
    ends are told. With --switching it is the uncertain numbers that are followed, each over its own
    distribution; with --search several terms are varied together.
    """
    _check_question(key, target, between, switching, ranges)
    find_scenario(scenario)
    used = threads or cores()
    changes = [f"variant {name}" for name in variants] + list(overrides)
    announce(named(scenario, changes), paths, seed, used)
    prepare(out)
    from simulator import api
    from simulator.laid import run_folder

    loaded = api.load_scenario(scenario, variants=variants, overrides=overrides)
    folder = run_folder(loaded, out, paths=paths, seed=seed)
    asked = Asked(
        scenario, variants, overrides, loaded, folder, paths, seed, used, lang, as_json, report
    )
    talk.say_if_compiling("simulate_block")
    if ranges:
        _search(asked, ranges, designs, method, out)
    elif switching:
        _switching(asked, target, out)
    else:
        _for_target(asked, key or "", target or "", between, out)


def _check_question(
    key: str | None,
    target: str | None,
    between: tuple[float, float] | None,
    switching: bool,
    ranges: tuple[str, ...],
) -> None:
    """Refuse a question that is none, or two in one."""
    if switching and (key is not None or between is not None or ranges):
        raise click.UsageError(
            "--switching follows every uncertain number: leave --key, --between and --search out."
        )
    if ranges and (key is not None or target is not None or between is not None):
        raise click.UsageError("--search varies its own terms: leave --key and --target out.")
    if not (switching or ranges) and (key is None or target is None):
        raise click.UsageError("give --key and --target, or --switching, or --search.")


def _for_target(
    asked: Asked, key: str, target: str, between: tuple[float, float] | None, out: Path
) -> None:
    """One term for one target."""
    from simulator.decisions.keys import override
    from simulator.decisions.solved import among, solve
    from simulator.views.solved import solved_lines

    with talk.Progress("trials") as step:
        found = solve(
            asked.loaded, key, target, between=between, progress=step, **asked.simulation
        ).to_dict()
    _lay(asked, "solved", found, out, among)
    if asked.as_json:
        conclude_json(found, asked.folder, asked.lang)
        return
    command = "" if found["value"] is None else asked.command(override(key, _typed(found["value"])))
    lines = solved_lines(found, asked.loaded, asked.lang)
    conclude(lines, asked.folder, asked.lang, command)


def _switching(asked: Asked, target: str | None, out: Path) -> None:
    """Every uncertain number, followed over its own distribution."""
    from simulator.decisions.switching import switching_values
    from simulator.views.switching import switching_lines

    targets = [] if target is None else [target]
    with talk.Progress("numbers") as step:
        found = switching_values(
            asked.loaded, targets=targets, progress=step, **asked.simulation
        ).to_dict()
    _lay(asked, "switching", found, out)
    if asked.as_json:
        conclude_json(found, asked.folder, asked.lang)
        return
    conclude(switching_lines(found, asked.loaded, asked.lang), asked.folder, asked.lang)


def _search(asked: Asked, ranges: tuple[str, ...], designs: int, method: Method, out: Path) -> None:
    """Designs over several terms."""
    from simulator.decisions.ranges import read_range
    from simulator.decisions.search import search
    from simulator.views.searching import search_lines

    terms = [read_range(text, "--search") for text in ranges]
    with talk.Progress("designs") as step:
        found = search(
            asked.loaded,
            terms,
            designs=designs,
            method=method,
            progress=step,
            **asked.simulation,
        ).to_dict()
    _lay(asked, "search", found, out)
    if asked.as_json:
        conclude_json(found, asked.folder, asked.lang)
        return
    conclude(search_lines(found, asked.loaded, asked.lang), asked.folder, asked.lang)


def _typed(value: float) -> float:
    """The value to six figures, as somebody would type it."""
    return float(f"{value:.6g}")


def _lay(
    asked: Asked, name: str, data: dict[str, Any], out: Path, among: Among | None = None
) -> None:
    """Lay the answer beside the run, which is made first where it is not there."""
    lay_beside_run(
        name,
        data,
        asked.loaded,
        out,
        report=asked.report,
        lang=asked.lang,
        among=among,
        **asked.simulation,
    )
