"""What a run with a sampler other than plain cannot do, refused before anything is simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.errors import SocsimError
from simulator.plan.samplers import SAMPLERS
from simulator.summary.replicates import check_replicated

if TYPE_CHECKING:
    from simulator.checkpoint import Checkpoints
    from simulator.cluster import Cluster


def check_sampler(
    sampler: str, paths: int, checkpoints: Checkpoints | None, cluster: Cluster | None
) -> None:
    """Refuse an unknown sampler, and what only plain draws can do."""
    if sampler not in SAMPLERS:
        raise SocsimError(
            f"sampler: found {sampler}\n    allowed: {', '.join(SAMPLERS)}\n"
            "    mend: choose one of them"
        )
    for what, asked in (("a stored state", checkpoints), ("a cluster", cluster)):
        if asked is not None:
            raise SocsimError(
                f"sampler {sampler}: a run with it is made at once and on one machine; found "
                f"{what}\n    allowed: sampler plain\n    mend: leave one of them out"
            )
    check_replicated(paths)
