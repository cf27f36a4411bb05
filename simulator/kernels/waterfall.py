"""Classes of capital: what each is owed, and what it gets of what the investor receives.

At every instant: interest of the period; capital that goes back unspent; payments to a class by
name; then what reaches the
investor as a whole passes down the ranks, interest before principal, and the rest is shared out;
last each class provides its share of the drawdown (docs/model.md, section 6).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.capital import to_the_whole
from simulator.kernels.compile import LANES, kernel
from simulator.kernels.lanes import add_scaled, assign, fill
from simulator.kernels.records import Classes, Plan
from simulator.kernels.workspace import Workspace

Lanes = NDArray[np.float64]
Rows = NDArray[np.float64]


@kernel
def accrue(classes: Classes, work: Workspace) -> None:
    """interest += (owed + interest)·rate."""
    for c in range(classes.share.shape[0]):
        owed, interest = work.owed[c], work.interest[c]
        for lane in range(LANES):
            interest[lane] += (owed[lane] + interest[lane]) * classes.rate[c]


@kernel
def repay_by_name(amount: Lanes, interest: Lanes, owed: Lanes) -> None:
    """Interest first, then principal; what is more repays nothing, nor does a negative amount."""
    for lane in range(LANES):
        left = max(amount[lane], 0.0)
        part = min(left, interest[lane])
        interest[lane] -= part
        owed[lane] -= min(left - part, owed[lane])


@kernel
def pay_rank(classes: Classes, rank: int, claims: Rows, amount: Lanes, work: Rows) -> None:
    """Classes of one rank get min(amount, Σ claims), in proportion to their claims.

    `work`: two spare rows, then a row for each class that takes in what it gets.
    """
    total, part = work[0], work[1]
    fill(total, 0.0)
    for c in range(classes.share.shape[0]):
        if classes.repaid[c] == 1 and classes.rank[c] == rank:
            add_scaled(total, 1.0, claims[c])
    for lane in range(LANES):
        paid = min(amount[lane], total[lane])
        part[lane] = paid / total[lane] if total[lane] > 0.0 else 0.0
        amount[lane] -= paid
    for c in range(classes.share.shape[0]):
        if classes.repaid[c] == 1 and classes.rank[c] == rank:
            claim, got = claims[c], work[2 + c]
            for lane in range(LANES):
                given = claim[lane] * part[lane]
                claim[lane] -= given
                got[lane] += given


@kernel
def pass_down(plan: Plan, work: Workspace, instant: int, amount: Lanes, rows: Rows) -> None:
    """By ascending rank interest, then principal; the rest by `residual`. Fills given_out."""
    classes = plan.classes
    for c in range(classes.share.shape[0]):
        fill(rows[2 + c], 0.0)
    for rank in classes.ranks:
        pay_rank(classes, rank, work.interest, amount, rows)
        pay_rank(classes, rank, work.owed, amount, rows)
    for c in range(classes.share.shape[0]):
        add_scaled(rows[2 + c], classes.residual[c], amount)
        assign(work.given_out[c, instant], rows[2 + c])


@kernel
def provide(plan: Plan, work: Workspace, instant: int, sign: float) -> None:
    """owed ← max(owed + share·drawn, 0) of a drawdown (sign 1), or of what goes back (−1)."""
    drawn = work.drawn[instant]
    for c in range(plan.classes.share.shape[0]):
        owed = work.owed[c]
        for lane in range(LANES):
            amount = max(sign * drawn[lane], 0.0) * sign
            owed[lane] = max(owed[lane] + plan.classes.share[c] * amount, 0.0)


@kernel
def waterfall(plan: Plan, work: Workspace, protected: bool) -> None:
    """given_out[class, t], with the guarantees' payouts or without them."""
    classes = plan.classes
    amount, negative = work.line[0], work.line[1]
    recycled = plan.capital.recycling > 0
    work.owed[:] = 0.0
    work.interest[:] = 0.0
    for instant in range(work.drawn.shape[0]):
        if instant > 0:
            accrue(classes, work)
        provide(plan, work, instant, -1.0)
        for entry in range(classes.payment.shape[0]):
            c = classes.direct[entry]
            if c >= 0:
                repay_by_name(work.cash[entry, instant], work.interest[c], work.owed[c])
        to_the_whole(plan, work, instant, amount, negative)
        if recycled:
            assign(amount, work.released[instant])
        if protected:
            for g in range(work.payout.shape[0]):
                if plan.guarantees.due[g] == instant:
                    add_scaled(amount, 1.0, work.payout[g])
        pass_down(plan, work, instant, amount, work.class_rows)
        for c in range(classes.share.shape[0]):
            add_scaled(work.given_out[c, instant], classes.negative[c], negative)
        provide(plan, work, instant, 1.0)


@kernel
def without_guarantees(plan: Plan, work: Workspace) -> None:
    """unprotected[class] = Σ_t given_out, before any guarantee is called."""
    waterfall(plan, work, False)
    for c in range(plan.classes.share.shape[0]):
        fill(work.unprotected[c], 0.0)
        for instant in range(work.given_out.shape[1]):
            add_scaled(work.unprotected[c], 1.0, work.given_out[c, instant])


@kernel
def received_by_loans(plan: Plan, work: Workspace, received: Lanes) -> None:
    """received = Σ over loans of what they get by name and through the waterfall."""
    classes = plan.classes
    fill(received, 0.0)
    for c in range(classes.share.shape[0]):
        if classes.loan[c] == 1:
            add_scaled(received, 1.0, work.unprotected[c])
    for entry in range(classes.payment.shape[0]):
        c = classes.direct[entry]
        if c >= 0 and classes.loan[c] == 1:
            for instant in range(work.cash.shape[1]):
                add_scaled(received, 1.0, work.cash[entry, instant])
