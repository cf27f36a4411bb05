"""Things that go wrong: when events take effect, and what an early end, a default or a delay does.

An instant is a float, infinite where the event does not happen.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, kernel
from simulator.kernels.lanes import add_scaled, fill
from simulator.kernels.philox import fill_uniforms_53
from simulator.kernels.records import (
    BY_HAZARD,
    BY_RESULT,
    DEFAULT,
    DELIVERED,
    LATE,
    NON_START,
    ONLY_THEN,
    STANDS,
    TERMINATION,
    Plan,
    Risks,
)
from simulator.kernels.stages import stage
from simulator.kernels.terms import TOLERANCE
from simulator.kernels.workspace import Workspace

Lanes = NDArray[np.float64]
Rows = NDArray[np.float64]
DAYS_PER_YEAR = 365.25


@kernel
def by_chance(plan: Plan, work: Workspace, e: int, u: Lanes) -> None:
    """event[e, l] = its instant where u < chance."""
    row = plan.risks.chance[e]
    instant = float(plan.risks.instant[e])
    for lane in range(LANES):
        happens = row < 0 or u[lane] < work.values[row, lane]
        work.event[e, lane] = instant if happens else math.inf


@kernel
def by_hazard(plan: Plan, work: Workspace, e: int, u: Lanes) -> None:
    """event[e, l] = end of the period with day ⌊365.25·(−ln(1 − u)/h)⌋ of the hazard, + notice."""
    risks = plan.risks
    last = risks.begins.shape[0] - 1
    for lane in range(LANES):
        h = work.values[risks.hazard[e], lane]
        work.event[e, lane] = math.inf
        if h <= 0.0:
            continue
        days = math.floor(-math.log1p(-u[lane]) / h * DAYS_PER_YEAR)
        if days >= risks.days[e]:
            continue
        day = risks.first_day[e] + days
        if day < risks.begins[last]:
            instant = 0
            while risks.begins[instant] <= day:
                instant += 1
            work.event[e, lane] = instant + risks.notice[e]


@stage
def draw_events(plan: Plan, work: Workspace, path: int) -> None:
    """event[e, l] = when each event takes effect; what its interim result decides is still open."""
    u = work.line[0]
    last = work.cost.shape[0]
    for e in range(plan.risks.kind.shape[0]):
        fill_uniforms_53(plan.risks.key[e], path, u)
        if plan.risks.form[e] == BY_HAZARD:
            by_hazard(plan, work, e, u)
        else:
            by_chance(plan, work, e, u)
        for lane in range(LANES):
            if work.event[e, lane] >= last:
                work.event[e, lane] = math.inf


@stage
def test_results(plan: Plan, work: Workspace) -> None:
    """event[e, l] ← ∞ where a condition on an interim result does not hold."""
    risks = plan.risks
    for e in range(risks.kind.shape[0]):
        if risks.form[e] != BY_RESULT:
            continue
        for entry in range(risks.test[e], risks.test[e + 1]):
            level = risks.test_level[entry]
            wanted = risks.test_below[entry] == 0
            row = work.measured[risks.test_row[entry]]
            for lane in range(LANES):
                tolerance = TOLERANCE * max(abs(level), abs(row[lane]))
                if (row[lane] >= level - tolerance) != wanted:
                    work.event[e, lane] = math.inf


@kernel
def find_stop(plan: Plan, work: Workspace) -> bool:
    """stop = the first non-start or termination, cause = which; True where any path ends early."""
    fill(work.stop, math.inf)
    fill(work.cause, -1.0)
    found = 0
    for e in range(plan.risks.kind.shape[0]):
        if plan.risks.kind[e] == NON_START or plan.risks.kind[e] == TERMINATION:
            for lane in range(LANES):
                if work.event[e, lane] < work.stop[lane]:
                    work.stop[lane] = work.event[e, lane]
                    work.cause[lane] = e
                    found += 1
    return found > 0


@kernel
def open_group(plan: Plan, work: Workspace, cohort: int, group: int) -> None:
    """until[l] = years from the group's enrolment to an early end; size = those who enrol."""
    fill(work.size, float(plan.cohorts.size[group]) if plan.risks.people == 0 else 0.0)
    start = plan.cohorts.period[group]
    if plan.risks.ends == 1:
        per_year = plan.ledger.periods_per_year
        for lane in range(LANES):
            work.until[lane] = (work.stop[lane] - start) / per_year
    if plan.risks.people == 1:
        first = plan.cohorts.first[group]
        for person in range(first, first + plan.cohorts.size[group]):
            enrol(plan, work, cohort, group, person)
            add_scaled(work.size, 1.0, work.taking)


@kernel
def enrol(plan: Plan, work: Workspace, cohort: int, group: int, person: int) -> None:
    """taking[l] = 1 where (i + ½)/n < reached and the period e_i < stop."""
    row = plan.cohorts.reached[cohort]
    share = (person + 0.5) / plan.cohorts.users[cohort]
    start = plan.cohorts.period[group]
    for lane in range(LANES):
        within = row < 0 or share < work.values[row, lane]
        work.taking[lane] = 1.0 if within and start < work.stop[lane] else 0.0


@kernel
def leaves(plan: Plan, cohort: int) -> bool:
    """True when people of the cohort may lose the effect: they drop out, or the contract ends."""
    return plan.cohorts.hazard[cohort] >= 0 or plan.risks.ends == 1


@kernel
def is_owed(risks: Risks, what: tuple[int, int, int], stop: float, cause: int) -> bool:
    """Whether a claim (its number, payment and due instant) stands on a path with this end."""
    claim, payment, due = what
    rule = risks.claim_rule[claim]
    place = risks.claim_stop[claim]
    if cause < 0:
        return rule != ONLY_THEN
    is_meant = risks.meant[payment, cause] == 1
    if rule == ONLY_THEN:
        return is_meant and stop == place
    if rule == DELIVERED:
        return place < stop
    return due <= stop or (rule == STANDS) == is_meant


@kernel
def strike_out(
    risks: Risks, what: tuple[int, int, int], ended: tuple[Lanes, Lanes], value: Lanes
) -> None:
    """v ← 0 where an early end leaves nothing of the claim."""
    stop, cause = ended
    for lane in range(LANES):
        if not is_owed(risks, what, stop[lane], int(cause[lane])):
            value[lane] = 0.0


@kernel
def is_awaited(risks: Risks, claim: int, stop: Lanes) -> bool:
    """False for a claim of an early end at an instant at which no lane ends."""
    if risks.claim_rule[claim] != ONLY_THEN:
        return True
    place = risks.claim_stop[claim]
    found = 0
    for lane in range(LANES):
        found += 1 if stop[lane] == place else 0
    return found > 0


@kernel
def pay_cash(plan: Plan, work: Workspace, entry: int, t: int) -> None:
    """cash[entry, t or later] += what a payer pays of its share of what is owed at t.

    From a default on recovery × its share; late payments fall delay later, × (1 + interest·delay).
    Negative amounts are the payee's to pay, as they are.
    """
    risks = plan.risks
    payer, share = risks.bearer[entry], plan.classes.portion[entry]
    owed, cash = work.pay[plan.classes.payment[entry], t], work.cash[entry]
    last = cash.shape[0] - 1
    for lane in range(LANES):
        amount = share * owed[lane]
        when, grown = t, 1.0
        if amount > 0.0:
            for e in range(risks.kind.shape[0]):
                if risks.payer[e] != payer or work.event[e, lane] > t:
                    continue
                if risks.kind[e] == DEFAULT:
                    amount *= risks.recovery[e]
                elif risks.kind[e] == LATE:
                    moved = min(when + risks.delay[e], last)
                    grown += risks.interest[e] * (moved - when)
                    when = moved
        cash[when, lane] += amount * grown


@kernel
def is_called(risks: Risks, trigger: int, cause: int) -> bool:
    """Whether a guarantee with this trigger is called; a non-start is neither of the two ends."""
    if cause < 0:
        return trigger != 1
    return risks.kind[cause] == TERMINATION and trigger != 0


@stage
def event_figures(plan: Plan, work: Workspace, first: int) -> None:
    """1 where the event took effect: of non-starts and terminations the one that ended it."""
    for e in range(plan.risks.kind.shape[0]):
        figure = work.figure[first + e]
        kind = plan.risks.kind[e]
        ending = kind in (NON_START, TERMINATION)
        for lane in range(LANES):
            happened = work.cause[lane] == e if ending else work.event[e, lane] < math.inf
            figure[lane] = 1.0 if happened else 0.0
