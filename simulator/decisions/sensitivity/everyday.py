"""What if, in everyday words: the effect half as large as believed, or none at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from simulator.analysis.transform import with_effect
from simulator.decisions.experiment import Experiment
from simulator.decisions.sensitivity.reading import Difference, Read, Reader

FACTORS = (0.5, 0.0)


@dataclass(frozen=True)
class Effect:
    """Every effect × `factor` on each path, all else and all draws the same; figures by name."""

    factor: float
    values: Mapping[str, float | None]
    differences: Mapping[str, Difference | None]


def smaller_effects(reader: Reader, base: Read) -> tuple[Effect, ...]:
    """Half the effect and none, paired with the run itself; one pass over the paths for each."""
    found = []
    lab = reader.lab
    for factor in FACTORS:
        scenario = with_effect(lab.scenario, factor)
        weaker = Experiment(scenario, paths=lab.paths, seed=lab.seed, threads=lab.threads)
        read = replace(reader, lab=weaker).read()
        values = {asked.name: read.of(asked) for asked in reader.asked}
        gaps = {asked.name: read.less(base, asked) for asked in reader.asked}
        found.append(Effect(factor, values, gaps))
    return tuple(found)
