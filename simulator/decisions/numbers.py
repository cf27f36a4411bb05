"""The uncertain numbers of a plan: which draws each has, and which of them depend on each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist

from simulator.plan.build import Built
from simulator.plan.redraw import scores_of, value_at

LUCK = "luck"
"""The group of everything that happens given the numbers: the finite cohort's and the reference
group's luck, events, who is lost to follow-up."""


@dataclass(frozen=True)
class Uncertain:
    """One uncertain number, with all its draws.

    `places` are those in `Built.uncertain`: one, or one for each cohort where the number is drawn
    per cohort. `is_stated` is false for numbers of the model's own, such as the truth behind an
    observed reference. `mean` is that of its law.
    """

    name: str
    places: tuple[int, ...]
    scores: frozenset[int]
    mean: float
    is_stated: bool


@dataclass(frozen=True)
class Group:
    """Numbers that depend on each other and on no others: one independent factor."""

    name: str
    numbers: tuple[str, ...]
    scores: frozenset[int]


def uncertain_numbers_of(built: Built) -> tuple[Uncertain, ...]:
    """The uncertain numbers of a plan, in name order."""
    places: dict[str, list[int]] = {}
    for place, name in enumerate(built.uncertain):
        places.setdefault(name.split("@")[0], []).append(place)
    draws = built.plan.draws
    return tuple(
        Uncertain(
            name,
            tuple(rows),
            frozenset(score for row in rows for score in scores_of(draws, row)),
            built.means[rows[0]],
            is_stated="/" not in name,
        )
        for name, rows in sorted(places.items())
    )


def groups_of(numbers: Iterable[Uncertain]) -> tuple[Group, ...]:
    """Independent factors: numbers that share a normal score are in one group, in name order.

    A group is called by its first number.
    """
    found: list[Group] = []
    for number in numbers:
        joined = [group for group in found if group.scores & number.scores]
        found = [group for group in found if group not in joined]
        names = sorted([number.name, *(name for group in joined for name in group.numbers)])
        scores = number.scores.union(*(group.scores for group in joined))
        found.append(Group(names[0], tuple(names), scores))
    return tuple(sorted(found, key=lambda group: group.name))


def quantile(built: Built, number: Uncertain, level: float) -> float:
    """The value of a number at a level, 0 < level < 1, as it is drawn."""
    return value_at(built.plan.draws, number.places[0], NormalDist().inv_cdf(level))
