"""Scratch arrays of one thread, made once and used for every tile."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from simulator.kernels.borrow import Record
from simulator.kernels.compile import LANES
from simulator.kernels.few_flows import SHORT_ROWS
from simulator.kernels.records import Array, Plan
from simulator.kernels.running import Side

PEOPLE_AT_ONCE = 20  # whose successes are listed before amounts are drawn for them
CLAIMS_AT_ONCE = 8  # that are evaluated as a batch
CACHE_LINE = 64


def aligned_zeros(shape: tuple[int, ...], dtype: type[np.generic] = np.float64) -> Array:
    """Zeros that begin at a cache line: wide loads and stores that cross lines take twice as long.

    Like `np.zeros`, it leaves fresh pages untouched until they are written.
    """
    size = math.prod(shape) * np.dtype(dtype).itemsize
    space = np.zeros(size + CACHE_LINE, dtype=np.uint8)
    start = -space.ctypes.data % CACHE_LINE
    return space[start : start + size].view(dtype).reshape(shape)


class Workspace(NamedTuple):
    """See the comment at each array; the last axis is always the lanes of the tile."""

    scores: Array  # (scores,)
    line: Array  # (8,) spare rows
    scratch: Array  # (13,) more of them
    short: Array  # (9,) and of seven digits, float32
    values: Array  # (values,)
    level: Array  # (cells,) without the programme
    full: Array  # (cells,) at full effect
    means: Array  # (cells of a cohort, years, 2) expected without, with
    active: Array  # (cells of a cohort, years) mean with the programme while active
    left: Array  # () years until the person drops out
    traced: Array  # (traces,) 1 where the person can be traced
    traced_sum: Array  # (traces,) people traced
    taking: Array  # () 1 where the person enrols
    until: Array  # () years from the group's enrolment to an early end
    stays: Array  # (years + 1,) share who have not dropped out after k years
    size: Array  # () people of the group who enrol
    users: Array  # (cohorts,) service users who enrol
    people: Array  # () service users that a quantity stands for
    units: Array  # () and their weighted years
    view_units: Array  # (views,) what the reference stands for
    event: Array  # (events,) instant at which it takes effect
    stop: Array  # () instant at which the contract ends early
    cause: Array  # () the event that ends it
    success: Array  # (cells of a cohort,) of the person
    person: Array  # (cells of a cohort, 4) words
    outcome: Array  # (cells of a cohort, 4) words
    other: Array  # (traces + 2, 4) words: year, drop-out, traces
    ladder: Array  # (rows,) cumulative chances of moves between states
    flux: Array  # (moves of a chain,) share of people who make each move
    share: Array  # (3, states) shares: without, taking part, dropped out
    staying: Array  # (cells of a cohort,) expected share who succeed and still take part
    monthly: Array  # (cells, states) amount of a month
    spell: Array  # (cells,) the person's year so far
    state: Array  # () state of the person, an index
    held: Array  # () state before the month's move
    whose: Array  # () cell of a reference person
    codes: Array  # (cells of a cohort, people at once · lanes) who succeeded, uint32
    count: Array  # (cells of a cohort,) how many of them, no lanes
    listed: Array  # (4, people at once · lanes) their words
    cells: Array  # (people at once · lanes,) where words fall in a table, uint32
    fractions: Array  # (people at once · lanes,) and where in the cell
    total: Array  # (cells of a cohort, years) sum over the people of a group
    seen: Array  # (views, years) sum over those of them who could be traced
    before: Array  # (cells,) sum of the year before
    view_seen: Array  # (views,) weighted total, as traced
    view_true: Array  # (views,) weighted total of everybody
    view_with: Array  # (views,) expected with the programme
    view_without: Array  # (views,) expected without it
    view_person: Array  # (views,) weighted total of one person, where it has a cap
    capped: Array  # (views, 2) expected without and with, of totals with a cap
    view_lost: Array  # (views,) reference units of those lost (rule "failure")
    period_seen: Array  # (slots, periods)
    period_with: Array
    period_without: Array
    period_units: Array  # (slots, periods)
    period_people: Array  # (slots, periods) those whose measuring begins in the period
    reference: Array  # (comparisons,) per service user and year
    measured: Array  # (input rows,)
    expected: Array  # (input rows,)
    realised: Array  # (measures,)
    gain: Array  # (metrics, instants) expected effect, in units
    luck: Array  # (metrics, instants) realised minus expected effect
    arises: Array  # (metrics, instants) 1 where either may be other than 0, no lanes
    cost: Array  # (periods,)
    drawn: Array  # (instants,)
    pay: Array  # (payments, instants)
    shadow: Array  # (payments, instants) on expected effects
    bases: Array  # (4,) capital drawn, commitment, cost, outstanding at the end
    enrolled: Array  # () service users who enrol
    paid: Array  # (payments,) running sums of one side of the contract
    drawn_before: Array  # () at earlier instants
    balance: Array  # (balances,) principal and interest still to be repaid
    claims: Array  # (3, claims at once · lanes) rows of a batch of claims
    notes: Array  # (notes,) inputs, terms and claims on the first lane, no lanes
    real: Any  # the side of the contract on what was measured, a record
    supposed: Any  # and that on expected effects
    received: Array  # () by the investor from payments, then from guarantees
    activity: Array  # () of it what does not depend on outcomes
    payout: Array  # (guarantees,)
    cash: Array  # (entries, instants) what each payer of each payment pays
    owed: Array  # (classes,) principal not yet repaid
    interest: Array  # (classes,) interest not yet paid
    given_out: Array  # (classes, instants) what each class gets through the waterfall
    unprotected: Array  # (classes,) the same without guarantees, over all instants
    class_rows: Array  # (2 + classes,) spare rows of the waterfall
    account: Array  # (6,) contract account: cash, cost still to come, left to draw, spare rows
    kept: Array  # (instants,) into the account, less what it releases
    released: Array  # (instants,) what reaches the investor as a whole
    spent: Array  # (instants,) what the account pays of the cost
    flow: Array  # (lines, instants)
    moves: Array  # (lines, instants) 1 where any lane has an amount, no lanes
    net: Array  # (instants,) the investor's
    figure: Array  # (figures,)


def make_workspace(plan: Plan, years: int, figures: int, *, noted: bool = False) -> Workspace:
    """Zeroed arrays of the sizes the plan needs; one workspace for each thread.

    Where it is `noted`, kernels note what every input, term and claim comes to on the first lane.
    """
    cells = plan.cells.kind.shape[0]
    views = plan.views.cell.shape[0]
    traces = plan.traces.share.shape[0]
    payments = plan.program.activity.shape[0]
    metrics = plan.ledger.saving.shape[0]
    entries_of_payers = plan.classes.payment.shape[0]
    classes = plan.classes.share.shape[0]
    periods = plan.capital.cost_value.shape[0]
    slots = max([0, *(int(slot) + 1 for slot in plan.views.by_period)])
    rows = int(plan.capital.row) + 2 + 2 * periods

    entries = PEOPLE_AT_ONCE * LANES

    def zeros(*shape: int) -> Array:
        return aligned_zeros((*shape, LANES))

    def level(value: float) -> Array:
        row = zeros()
        row[:] = value
        return row

    def filled(values: Array) -> Array:
        rows = zeros(values.shape[0])
        rows[:] = values[:, None]
        return rows

    def words(*shape: int) -> Array:
        return aligned_zeros((*shape, LANES), np.uint32)

    bases = zeros(4)
    bases[1] = float(plan.capital.commitment)
    work = Workspace(
        scores=zeros(plan.draws.keys.shape[0]),
        line=zeros(8),
        scratch=zeros(13),
        short=aligned_zeros((SHORT_ROWS, LANES), np.float32),
        values=zeros(int(plan.draws.values)),
        level=zeros(cells),
        full=zeros(cells),
        means=zeros(cells, years, 2),
        active=zeros(cells, years),
        left=zeros(),
        traced=zeros(traces),
        traced_sum=zeros(traces),
        taking=level(1.0),
        until=level(math.inf),
        stays=zeros(years + 1),
        size=zeros(),
        users=filled(plan.cohorts.users),
        people=zeros(),
        units=zeros(),
        view_units=filled(plan.views.units),
        event=filled(np.full(plan.risks.kind.shape[0], np.inf)),
        stop=level(math.inf),
        cause=level(-1.0),
        success=zeros(cells),
        person=words(cells, 4),
        outcome=words(max(cells, 1), 4),
        other=words(traces + 2, 4),
        codes=aligned_zeros((cells, entries), np.uint32),
        ladder=zeros(int(plan.chains.ladder[-1])),
        flux=zeros(max([0, *np.diff(plan.chains.move)])),
        share=zeros(3, plan.chains.start.shape[1]),
        staying=zeros(cells),
        monthly=zeros(cells, plan.chains.amount.shape[1]),
        spell=zeros(cells),
        state=np.zeros(LANES, dtype=np.int64),
        held=np.zeros(LANES, dtype=np.int64),
        whose=np.zeros(LANES, dtype=np.int64),
        count=np.zeros(cells, dtype=np.int64),
        listed=aligned_zeros((4, entries), np.uint32),
        cells=aligned_zeros((entries,), np.uint32),
        fractions=aligned_zeros((entries,)),
        total=zeros(cells, years),
        seen=zeros(views, years),
        before=zeros(cells),
        view_seen=zeros(views),
        view_true=zeros(views),
        view_with=zeros(views),
        view_without=zeros(views),
        view_person=zeros(views),
        capped=zeros(views, 2),
        view_lost=zeros(views),
        period_seen=zeros(slots, periods),
        period_with=zeros(slots, periods),
        period_without=zeros(slots, periods),
        period_units=zeros(slots, periods),
        period_people=zeros(slots, periods),
        reference=zeros(plan.comparisons.kind.shape[0]),
        measured=zeros(rows),
        expected=zeros(rows),
        realised=zeros(plan.measures.quantity.shape[0]),
        gain=zeros(metrics, periods + 1),
        luck=zeros(metrics, periods + 1),
        arises=np.zeros((metrics, periods + 1), dtype=np.int64),
        cost=zeros(periods),
        drawn=zeros(periods + 1),
        pay=zeros(payments, periods + 1),
        shadow=zeros(payments, periods + 1),
        bases=bases,
        enrolled=zeros(),
        paid=zeros(payments),
        drawn_before=zeros(),
        balance=zeros(plan.program.balance_rate.shape[0]),
        claims=aligned_zeros((3, CLAIMS_AT_ONCE * LANES)),
        notes=np.zeros(int(plan.program.notes) if noted else 0),
        real=None,
        supposed=None,
        received=zeros(),
        activity=zeros(),
        payout=zeros(plan.guarantees.reading.shape[0]),
        cash=zeros(entries_of_payers, periods + 1),
        owed=zeros(classes),
        interest=zeros(classes),
        given_out=zeros(classes, periods + 1),
        unprotected=zeros(classes),
        class_rows=zeros(2 + classes),
        account=zeros(6),
        kept=zeros(periods + 1),
        released=zeros(periods + 1),
        spent=zeros(periods + 1),
        flow=zeros(plan.ledger.investor.shape[1], periods + 1),
        moves=np.zeros((plan.ledger.investor.shape[1], periods + 1), dtype=np.int64),
        net=zeros(periods + 1),
        figure=zeros(figures),
    )
    return with_sides(work)


def with_sides(work: Workspace) -> Workspace:
    """The workspace with both sides of the contract, records of its own arrays."""
    return work._replace(
        real=side_of(work, work.measured, work.pay),
        supposed=side_of(work, work.expected, work.shadow),
    )


def side_of(work: Workspace, inputs: Array, pay: Array) -> Record:
    """The side of the contract with these inputs and payments: a record of the same arrays."""
    return Record(
        Side(
            inputs=inputs,
            bases=work.bases,
            pay=pay,
            paid=work.paid,
            before=work.drawn_before,
            balance=work.balance,
            all_inputs=inputs.reshape(-1),
            all_pay=pay.reshape(-1),
            value=work.claims[0],
            other=work.claims[1],
            level=work.claims[2],
            spare=work.line[2],
            limits=work.scratch,
            drawn=work.drawn,
            stop=work.stop,
            cause=work.cause,
            notes=work.notes,
        )
    )
