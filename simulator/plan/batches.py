"""Which claims are evaluated side by side, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.kernels.records import (
    OF_INPUT,
    OF_NOTHING,
    OF_OUTSTANDING,
    OF_PAID,
    OF_PAYMENT,
    UNTIL_REPAID,
    WITHIN,
)
from simulator.kernels.workspace import CLAIMS_AT_ONCE
from simulator.plan.claims import Claim, evaluation_order
from simulator.plan.registry import NONE
from simulator.plan.steps import Step
from simulator.scenario.model import Scenario

SUMS = frozenset({OF_OUTSTANDING, OF_PAID, OF_PAYMENT})


@dataclass(frozen=True)
class Batches:
    """Claims of one payment, one after another, that are evaluated together.

    They come by the instant at which the first falls due and then in the order of evaluation.
    """

    first: list[int]  # number of the first claim of each
    together: list[int]  # how many claims it has
    begins: list[int]  # batches that begin at each instant
    straight: list[int]  # first of the input rows that the claims take as they stand, or −1
    in_place: list[int]  # 1 where the claims' rows lie one after another in what is paid
    opens: list[int]  # for each claim 1 where it is the first of its payment at its instant


def reads_sums(claim: Claim, steps: Sequence[Step]) -> bool:
    """True when the claim reads what has been paid, is outstanding or has still to be repaid."""
    bases = {entry.base for entry in claim.inputs} | {test.base for test in claim.conditions}
    bases |= {step.base for step in steps}
    words = {step.word for step in steps}
    return bool(bases & SUMS or words & {WITHIN, UNTIL_REPAID})


def recycles(scenario: Scenario) -> bool:
    """True where payments finance later cost, so that capital drawn depends on them."""
    return scenario.capital is not None and scenario.capital.recycling


def is_running(scenario: Scenario, claims: list[Claim], steps: list[list[Step]]) -> bool:
    """True when what is claimed depends on what has been paid, so that sums must be kept."""
    read = any(reads_sums(claim, row) for claim, row in zip(claims, steps, strict=True))
    return read or recycles(scenario)


def free_payments(scenario: Scenario, claims: list[Claim], steps: list[list[Step]]) -> set[str]:
    """Payments that may be evaluated before they fall due.

    Those that come, at every instant, before any that reads a sum: what they bring at an instant
    is always in the sum when it is read, and no sum that is read at an instant before holds it,
    since a sum counts that instant and those before it alone. None where capital recycles, which
    depends on what has been paid.
    """
    if recycles(scenario):
        return set()
    readers = {
        claim.payment for claim, row in zip(claims, steps, strict=True) if reads_sums(claim, row)
    }
    free: set[str] = set()
    for name in evaluation_order(scenario):
        if name in readers:
            break
        free.add(name)
    return free


def shape(claim: Claim, steps: Sequence[Step]) -> tuple[object, ...]:
    """What the claims of a batch have in common: all but rows that they read, levels and dates."""
    words = tuple(
        (step.word, step.base, step.points, step.then, step.base == OF_INPUT or step.row)
        for step in steps
    )
    return claim.payment, len(claim.inputs), words


def follows(claims: list[Claim], steps: list[list[Step]], i: int) -> bool:
    """True where claim i may be evaluated with the one before it."""
    claim, before = claims[i], claims[i - 1]
    return (
        shape(claim, steps[i]) == shape(before, steps[i - 1])
        and claim.due >= before.due  # so that sums at one instant keep their order
        and claim.stop is None
        and before.stop is None
    )


def in_order(
    scenario: Scenario, periods: int, claims: list[Claim], steps: list[list[Step]]
) -> Batches:
    """Claims in batches by instant and order of evaluation."""
    free = free_payments(scenario, claims, steps)
    free = {name for name in free if is_in_time(claims, name)}
    starts: list[int] = []
    for i, claim in enumerate(claims):
        fits = i > 0 and claim.payment in free and follows(claims, steps, i)
        if not fits or i - starts[-1] == CLAIMS_AT_ONCE:
            starts.append(i)
    size = dict(zip(starts, [*starts[1:], len(claims)], strict=False))
    rank = {name: place for place, name in enumerate(evaluation_order(scenario))}
    first = sorted(starts, key=lambda i: (claims[i].due, rank[claims[i].payment], i))
    spans = [range(start, size[start]) for start in first]
    running = is_running(scenario, claims, steps)
    opens = [0] * len(claims) if running else openings(claims, spans)
    return Batches(
        first,
        [len(span) for span in spans],
        [sum(1 for span in spans if claims[span[0]].due == t) for t in range(periods + 1)],
        [straight_row(claims, steps, span) for span in spans],
        [int(fits_in_place(claims, steps, opens, span)) for span in spans],
        opens,
    )


def openings(claims: list[Claim], spans: list[range]) -> list[int]:
    """For each claim 1 where it is the first of its payment at its instant to be evaluated."""
    opens = [0] * len(claims)
    met: set[tuple[str, int]] = set()
    for i in (claim for span in spans for claim in span):
        key = (claims[i].payment, claims[i].due)
        opens[i] = 0 if key in met else 1
        met.add(key)
    return opens


def straight_row(claims: list[Claim], steps: list[list[Step]], span: range) -> int:
    """The first input row where each claim takes one row, the next one, as it stands; else −1."""
    entries = [entry for i in span for entry in claims[i].inputs]
    if len(entries) != len(span) or not steps[span[0]]:
        return NONE
    wanted = [(OF_INPUT, entries[0].row + k, 1.0) for k in range(len(span))]
    return entries[0].row if [tuple(entry) for entry in entries] == wanted else NONE


def fits_in_place(
    claims: list[Claim], steps: list[list[Step]], opens: list[int], span: range
) -> bool:
    """True where the claims open consecutive instants, which their last word can fill."""
    dues = [claims[i].due for i in span]
    consecutive = dues == list(range(dues[0], dues[0] + len(dues)))
    return consecutive and all(opens[i] for i in span) and bool(steps[span[0]])


def is_in_time(claims: list[Claim], payment: str) -> bool:
    """True where the payment's claims stand in the order in which they fall due."""
    dues = [claim.due for claim in claims if claim.payment == payment]
    return dues == sorted(dues)


def same_levels(batches: Batches, steps: list[list[Step]]) -> list[int]:
    """For each step 1 where its level is one certain number in all claims of the batch."""
    result: list[list[int]] = [[] for _ in steps]
    for start, together in zip(batches.first, batches.together, strict=True):
        rows = steps[start : start + together]
        same = [
            int(step.base == OF_NOTHING and all(row[j].level == step.level for row in rows))
            for j, step in enumerate(rows[0])
        ]
        for claim in range(start, start + together):
            result[claim] = same
    return [entry for row in result for entry in row]
