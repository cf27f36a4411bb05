"""Does the order of the designs hold? Everything run again with one thing assumed otherwise.

A trial has the same seed and streams as the fund itself, so that what it does not touch has the
same draws; its paths are the first of the fund's. Two designs are compared on the same paths: an
order is *settled* where the Monte Carlo interval of their difference is on one side of 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from simulator.fund.collect import Collected, quotient
from simulator.fund.model import Fund, Trial
from simulator.fund.portfolio import Setup
from simulator.fund.report import RANKED, budgets_per_outcome, gap_of, in_order, is_decided, texts
from simulator.fund.results import Held, Ranking, Tried, TriedDesign
from simulator.scenario.resolved import inline

Named = Sequence[tuple[str, Collected]]

TRIED_PATHS = 1_024
"""A trial rests on so many paths at most."""


def robustness(
    fund: Fund,
    base: Named,
    setups: dict[str, Setup],
    paths: int,
    found: dict[str, list[Collected]],
) -> tuple[Tried, ...]:
    """Every trial of the fund, `found` on so many paths: the figures of its designs, by trial.

    `base` has the designs that are ranked, as assumed.
    """
    ranked = {name for name, _ in base}
    made = []
    for name, setup in setups.items():
        designs = [(arm.name, row) for arm, row in zip(setup.arms, found[name], strict=True)]
        trial = fund.robustness[name]
        rows = tuple(_design(design, row) for design, row in designs)
        orders = _orders(base, [row for row in designs if row[0] in ranked])
        made.append(Tried(name, texts(trial.title), changes_of(trial), paths, rows, orders))
    return tuple(made)


def changes_of(trial: Trial) -> tuple[str, ...]:
    """What a trial changes, as on the command line."""
    given = [f"{key}={inline(value)}" for key, value in trial.set.items()]
    return (*given, *(f"without {key}" for key in trial.without))


def _design(name: str, found: Collected) -> TriedDesign:
    return TriedDesign(
        name=name,
        contracts=found.mean("contracts"),
        additional_contracts=found.mean("additional"),
        additional_outcomes=found.mean("good"),
        net_public_cost=found.mean("net_cost"),
        additional_outcomes_per_public_krona=found.ratio(
            ("good", "net_cost"), lambda s: quotient(float(s[0]), float(s[1]))
        ),
        public_budgets_per_additional_outcome=budgets_per_outcome(found),
    )


def _orders(base: Named, tried: Named) -> tuple[Held, ...]:
    """Each ranked figure that the trial has."""
    held = []
    for figure, names, formula in RANKED:
        before = in_order(base, names, formula)
        after = in_order(tried, names, formula)
        if after:
            lead = len(after) < 2
            if not lead:
                gap = gap_of(after[0][1], after[1][1], names, formula)
                lead = gap is not None and is_decided(gap)
            pairs = _pairs(figure, before, dict(after))
            held.append(Held(figure, after[0][0], lead, *pairs))
    return tuple(held)


def _pairs(
    figure: str, before: Named, after: dict[str, Collected]
) -> tuple[int, int, int, tuple[Ranking, ...]]:
    """Pairs settled as assumed; of them those that hold, that are open, and that are turned."""
    _, names, formula = next(row for row in RANKED if row[0] == figure)
    settled, held, turned = 0, 0, []
    for ahead, behind in combinations(before, 2):
        gap = gap_of(ahead[1], behind[1], names, formula)
        if gap is None or not is_decided(gap) or not {ahead[0], behind[0]} <= after.keys():
            continue
        settled += 1
        now = gap_of(after[behind[0]], after[ahead[0]], names, formula)
        if now is None or not is_decided(now) or now["estimate"] is None:
            continue
        if now["estimate"] > 0.0:
            turned.append(Ranking(figure, behind[0], ahead[0], now, True))
        else:
            held += 1
    return settled, held, settled - held - len(turned), tuple(turned)


__all__ = ["TRIED_PATHS", "changes_of", "robustness"]
