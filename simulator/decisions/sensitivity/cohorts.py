"""How much of a figure's variance a larger cohort would remove, by simulating larger ones.

The contract is simulated for k times as many service users, all its totals k times larger
(`enlarge`), and each figure is divided by k: what it is for every one of the original cohort. The
numbers keep their draws. A larger cohort averages out the luck of single people; what comes from
not knowing the numbers stays, and so does the luck of a reference group that is no larger.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from simulator.analysis.indices import Floats, Index, PickFreeze
from simulator.decisions.experiment import Experiment
from simulator.decisions.sensitivity.enlarge import enlarged
from simulator.decisions.sensitivity.reading import Asked, Read, Reader
from simulator.decisions.sensitivity.shares import LUCK_ANEW
from simulator.errors import SocsimError

FACTORS = (2, 4)
_LEAST = 2000  # paths that a larger cohort is simulated on at least
_MOST_USERS = 200_000  # service users of a larger cohort at most


@dataclass(frozen=True)
class PerHead:
    """A figure of one cohort's size, per original cohort.

    `sd` is its standard deviation over paths, `of_numbers` the share of its variance that comes
    from the numbers, `removed` the share of the original cohort's variance that is gone.
    """

    value: float
    sd: float
    of_numbers: Index | None
    removed: Index


@dataclass(frozen=True)
class Size:
    """A cohort `factor` times as large, on so many paths; figures by name."""

    factor: int
    service_users: int
    paths: int
    figures: Mapping[str, PerHead]


def people(reader: Reader) -> int:
    """Service users that the scenario plans for."""
    return sum(cohort.service_users for cohort in reader.lab.scenario.cohorts.values())


def sizes(
    reader: Reader, base: Read, asked: tuple[Asked, ...], extensive: Callable[[str], bool]
) -> tuple[Size, ...]:
    """The cohort as it is and larger ones, for figures that have a variance.

    `extensive` tells the figures that grow with the cohort. Larger cohorts are simulated on fewer
    paths, so that each takes as long; none at all where a total of the contract has no larger one.
    """
    if not asked:
        return ()
    lab = reader.lab
    found: list[Size] = []
    spreads: dict[str, Floats] = {}
    for factor in (1, *FACTORS):
        users = people(reader) * factor
        if factor > 1 and users > _MOST_USERS:
            break
        paths = min(lab.paths, max(lab.paths // factor, _LEAST))
        try:
            mine = reader if factor == 1 else _larger(reader, factor, paths)
        except SocsimError:
            return ()
        kept, other = (base if factor == 1 else mine.read()), mine.read(LUCK_ANEW)
        figures = {}
        for each in asked:
            grows = float(factor) if extensive(each.name) else 1.0
            pair = [_rows(read, each) / grows for read in (kept, other)]
            spread = _squares(pair[0], pair[1])
            spreads.setdefault(each.name, spread)
            figures[each.name] = _per_head(pair[0], pair[1], spread, spreads[each.name])
        found.append(Size(factor, users, paths, figures))
    return tuple(found)


def _larger(reader: Reader, factor: int, paths: int) -> Reader:
    lab = reader.lab
    scenario = enlarged(lab.scenario, factor)
    larger = Experiment(scenario, paths=paths, seed=lab.seed, threads=lab.threads)
    return replace(reader, lab=larger, means={})


def _rows(read: Read, asked: Asked) -> Floats:
    assert asked.series is not None
    return read.series[asked.series]


def _squares(first: Floats, second: Floats) -> Floats:
    """Squared distances from the mean of both samples: their mean is the variance."""
    middle = 0.5 * (float(first.mean()) + float(second.mean()))
    return np.asarray(0.5 * ((first - middle) ** 2 + (second - middle) ** 2))


def _per_head(first: Floats, second: Floats, spread: Floats, original: Floats) -> PerHead:
    luck = PickFreeze(first, second).total(second)
    variance = float(spread.mean())
    numbers = None if luck is None else Index(1.0 - luck.estimate, luck.standard_error)
    return PerHead(float(first.mean()), math.sqrt(variance), numbers, _removed(spread, original))


def _removed(spread: Floats, original: Floats) -> Index:
    """1 − variance / original variance; the two errors added as if they were independent."""
    if spread is original:
        return Index(0.0, 0.0)
    share = float(spread.mean()) / float(original.mean())
    if share == 0.0:  # on few paths a rare loss is none in the larger cohort
        return Index(1.0, 0.0)
    return Index(1.0 - share, share * math.hypot(*map(_relative_error, (spread, original))))


def _relative_error(spread: Floats) -> float:
    return float(spread.std(ddof=1)) / (float(spread.mean()) * math.sqrt(len(spread)))
