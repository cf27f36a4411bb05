"""Placement states: the chains of the cohorts as arrays, and what is known of them exactly.

Without the programme a chain is a Markov chain of months, so the mean and the variance of a
person's total over a window follow by going backwards over its months: V₁ = r + P·V₁',
V₂ = r² + 2·r·P·V₁' + P·V₂', where r is what a month in each state brings and P the moves after it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.records import DIFFERENCE, NO_EFFECT, ODDS_RATIO, RATIO, Chains
from simulator.plan.arrays import frozen, ints, starts, table
from simulator.plan.registry import NONE, Registry
from simulator.plan.streams import stream_keys
from simulator.scenario.durations import months
from simulator.scenario.model import Effect, Metric, Scenario, States

FORMS = (("difference", DIFFERENCE), ("ratio", RATIO), ("odds_ratio", ODDS_RATIO))


@dataclass(frozen=True)
class Move:
    """A move from one state to another, with the value rows of its chance and effect."""

    origin: int
    to: int
    chance: int
    form: int
    effect: int


@dataclass
class Chain:
    """A cohort's states, with the cells that read them."""

    cohort: str
    name: str
    words: States
    states: list[str]
    moves: list[Move]
    readers: list[int] = field(default_factory=list)


def states_key(scenario: Scenario, cohort: str, states: str, name: str) -> str:
    """Key of a number of the states: the cohort's own where the cohort states it, else shared."""
    own = scenario.cohorts[cohort].states.get(states, {})
    head = f"cohorts.{cohort}.states" if name.split(".")[0] in own else "states"
    return f"{head}.{states}.{name}"


def chain_of(scenario: Scenario, registry: Registry, cohort: str, name: str) -> Chain:
    """A cohort's chain; moves state by state and by next state, both in name order."""
    words = scenario.states_in(cohort, name)
    states = words.names
    moves = []
    for origin in sorted(words.monthly):
        for target, number in sorted(words.monthly[origin].items()):
            key = states_key(scenario, cohort, name, f"monthly.{origin}.{target}")
            head = f"effect.{origin}.{target}"
            effect = words.effect.get(origin, {}).get(target)
            form, row = NO_EFFECT, NONE
            if effect is not None:
                form, row = _effect(registry, states_key(scenario, cohort, name, head), effect)
            places = (states.index(origin), states.index(target))
            moves.append(Move(*places, registry.number(key, number), form, row))
    return Chain(cohort, name, words, states, moves)


def _effect(registry: Registry, key: str, effect: Effect) -> tuple[int, int]:
    """(form, value row) of an effect on a move."""
    for form, code in FORMS:
        number = getattr(effect, form)
        if number is not None:
            return code, registry.number(f"{key}.{form}", number)
    return NO_EFFECT, NONE


@dataclass(frozen=True)
class Reading:
    """What a metric reads of a chain: its cell's value rows by state, and the states inside."""

    chain: int
    amount: list[int]
    inside: list[int]
    at: int


NOT_READING = Reading(NONE, [], [], 0)


def reading_of(
    registry: Registry, head: str, metric: Metric, chain: Chain, place: int, by: str
) -> Reading:
    """The reading of a metric whose numbers have keys under `head`; `by` its cohort's own draw."""
    amounts = metric.per_month or {}
    rows = [
        registry.number(f"{head}.{state}", amounts[state], by) if state in amounts else NONE
        for state in chain.states
    ]
    named = metric.in_states or metric.moves_to or ()
    inside = [1 if state in named else 0 for state in chain.states]
    return Reading(place, rows, inside, months(metric.at) if metric.at else 12)


def chains_record(
    cohorts: list[str],
    chains: list[Chain],
    readings: list[Reading],
    seed: int,
    references: list[str],
    years: int,
) -> Chains:
    """Everything as arrays; `readings` by cell, `references` streams by comparison ("" if none)."""
    last = max([years, *(-(-reading.at // 12) for reading in readings)])
    profiles = [chain.words.shares[: max(last, 1)] for chain in chains]
    width = max([0, *(len(chain.states) for chain in chains)])
    rows = [_leave(chain) for chain in chains]
    offsets = starts([len(chain.moves) for chain in chains])
    leave = [
        [first + int(offset) for first in row] for row, offset in zip(rows, offsets, strict=False)
    ]
    moves = [move for chain in chains for move in chain.moves]
    steps = [len(profile) for profile in profiles]
    sizes = [len(c.moves) * (1 + n) for c, n in zip(chains, steps, strict=True)]
    return Chains(
        of_cohort=starts([sum(1 for c in chains if c.cohort == name) for name in cohorts]),
        cohort=ints([cohorts.index(chain.cohort) for chain in chains]),
        states=ints([len(chain.states) for chain in chains]),
        start=table([list(shares_of(chain)) for chain in chains], width),
        move=offsets,
        leave=_table(leave, width + 1),
        origin=ints([move.origin for move in moves]),
        to=ints([move.to for move in moves]),
        chance=ints([move.chance for move in moves]),
        form=ints([move.form for move in moves]),
        effect=ints([move.effect for move in moves]),
        profile=table(profiles, max([1, *steps]), math.nan),
        steps=ints(steps),
        ladder=starts(sizes),
        key=frozen(
            stream_keys(seed, [f"cohorts.{c.cohort}/states.{c.name}/months" for c in chains])
        ),
        reader=starts([len(chain.readers) for chain in chains]),
        cell=ints([cell for chain in chains for cell in chain.readers]),
        of_cell=ints([reading.chain for reading in readings]),
        amount=_table([reading.amount for reading in readings], width, NONE),
        inside=_table([reading.inside for reading in readings], width),
        at=ints([reading.at for reading in readings]),
        reference_key=frozen(stream_keys(seed, references)),
    )


def _table(rows: list[list[int]], width: int, fill: int = 0) -> NDArray[np.int64]:
    matrix = np.full((len(rows), width), fill, dtype=np.int64)
    for i, row in enumerate(rows):
        matrix[i, : len(row)] = row
    return frozen(matrix)


def _leave(chain: Chain) -> list[int]:
    """Start of each state's moves among the chain's, and their end."""
    counts = [sum(1 for move in chain.moves if move.origin == s) for s in range(len(chain.states))]
    return [int(place) for place in starts(counts)]


# --- exact moments ----------------------------------------------------------------------------


def shares_of(chain: Chain) -> NDArray[np.float64]:
    """Shares by state in month 0."""
    start = chain.words.start
    return np.array([float(start[s].value or 0.0) if s in start else 0.0 for s in chain.states])


def matrix_of(registry: Registry, chain: Chain) -> NDArray[np.float64]:
    """P[r, s], a month's moves without the programme, each number at its mean."""
    count = len(chain.states)
    matrix = np.zeros((count, count))
    for origin, row in chain.words.monthly.items():
        for target, number in row.items():
            chance = min(max(registry.mean(number), 0.0), 1.0)
            matrix[chain.states.index(origin), chain.states.index(target)] = chance
    matrix /= np.maximum(matrix.sum(axis=1), 1.0)[:, None]
    matrix[np.diag_indices(count)] = 1.0 - matrix.sum(axis=1)
    return matrix


def window_moments(
    registry: Registry, chain: Chain, metric: Metric, weight: list[float]
) -> tuple[float, float]:
    """(mean, second moment) of one person's Σ_k w_k·X_k, or of success, without the programme."""
    matrix = matrix_of(registry, chain)
    named = metric.in_states or metric.moves_to or ()
    inside = np.array([1.0 if s in named else 0.0 for s in chain.states])
    count = len(chain.states)
    first, second = np.zeros(count), np.zeros(count)
    if metric.kind == "binary":
        for _ in range(months(metric.at) if metric.at else 12):
            inside = matrix @ inside
        mean = float(shares_of(chain) @ inside) * weight[0]
        return mean, mean
    amounts = metric.per_month or {}
    brings = np.array([registry.mean(amounts[s]) if s in amounts else 0.0 for s in chain.states])
    comes = np.outer(1.0 - inside, inside) * matrix  # moves that count
    for month in reversed(range(12 * len(weight))):
        w = weight[month // 12]
        if metric.kind == "amount":
            r = w * brings
            second = r * r + 2.0 * r * (matrix @ first) + matrix @ second
            first = r + matrix @ first
        else:  # a move brings w: (w + Y)² = w² + 2·w·Y + Y²
            second = w * w * comes.sum(axis=1) + 2.0 * w * (comes @ first) + matrix @ second
            first = w * comes.sum(axis=1) + matrix @ first
    start = shares_of(chain)
    return float(start @ first), float(start @ second)
