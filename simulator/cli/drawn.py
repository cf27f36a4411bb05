"""`--sampler`: how `socsim run` draws the uncertain numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import click

REPLICATE = 4096
"""Paths in a replicate; that of simulator.kernels.samplers, which is slow to import."""
Sampler = Literal["plain", "antithetic", "lhs", "sobol"]

SAMPLER = click.option(
    "--sampler",
    type=click.Choice(["plain", "antithetic", "lhs", "sobol"]),
    default="plain",
    show_default=True,
    help="How the uncertain numbers are drawn: independently, in mirrored pairs, as a Latin "
    "hypercube, or by scrambled Sobol points (docs/samplers.md). All but plain take a multiple of "
    "4,096 paths, at least 32,768, say what they gained, and go without --resume, --target-se, "
    "--keep-state and --cluster.",
)


def replicated(sampler: Sampler, paths: int, *, asked: bool, refused: Mapping[str, bool]) -> int:
    """The paths of a run with this sampler: those asked for, else whole replicates near the usual.

    `refused` are the options that only plain draws can have, and whether they were given.
    """
    given = [option for option, there in refused.items() if there]
    if given:
        raise click.UsageError(
            f"--sampler {sampler} goes without {' and '.join(given)}: such a run is made at once, "
            "on one machine."
        )
    return paths if asked else paths // REPLICATE * REPLICATE
