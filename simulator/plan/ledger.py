"""The ledger as arrays: who feels each of its lines, and how."""

from __future__ import annotations

import math

import numpy as np

from simulator.kernels.records import BOTH_WAYS, OWN_ROW, PAID_IN, WITHHELD, Ledger, Scheduled
from simulator.plan.arrays import floats, frozen, ints
from simulator.plan.claims import INVESTOR
from simulator.plan.classes import (
    classes_by_name,
    entries,
    line_of_payment,
    loan_share,
    loans,
    payers_of,
)
from simulator.plan.funding import ordered_guarantees
from simulator.plan.lines import Lines, drawdown_lines
from simulator.plan.people import is_money
from simulator.plan.registry import Registry
from simulator.plan.timing import Grid
from simulator.results import Line
from simulator.scenario.model import Rate, Scenario

PAID = {"outcome payment": 1.0, "activity payment": 2.0, "fee": 3.0}
SAVING, LUCK, CASHABLE = 1.0, 2.0, 3.0  # codes of savings in the municipality's own pockets


def nominal_rate(scenario: Scenario, rate: Rate) -> float:
    """A rate as nominal: itself, or (1 + real)(1 + index) − 1."""
    if rate.nominal is not None:
        return float(rate.nominal.value or 0.0)
    real = float(rate.real.value or 0.0) if rate.real else 0.0
    index = float(scenario.index.per_year.value or 0.0) if scenario.index else 0.0
    return (1.0 + real) * (1.0 + index) - 1.0


def rates_of(scenario: Scenario) -> dict[str, float]:
    """Nominal yearly rates by party, name order."""
    return {name: nominal_rate(scenario, scenario.rates[name]) for name in sorted(scenario.rates)}


def discounts(scenario: Scenario, grid: Grid) -> np.ndarray:
    """Discount factors by instant of investor, classes, payers, society; NaN without a rate."""
    rates = rates_of(scenario)
    parties = [INVESTOR, *(name for name, _ in classes_by_name(scenario))]
    parties += [*payers_of(scenario), "society"]
    table = np.full((len(parties), grid.periods + 1), math.nan)
    for row, party in enumerate(parties):
        if party in rates:
            years = np.arange(grid.periods + 1) / grid.per_year
            table[row] = [(1.0 + rates[party]) ** -year for year in years]
    return table


def sign_for(line: Line, party: str) -> float:
    """+1 where the line comes to the party, −1 where it leaves, 0 otherwise."""
    if line.kind == "memo":
        return 0.0
    return float(line.payee == party) - float(line.payer == party)


def investor_roles(scenario: Scenario, lines: list[Line]) -> tuple[np.ndarray, np.ndarray]:
    """(groups, lines) signs and roles: of the investor as a whole, then of each class.

    The investor is the loans together, or the party where capital has no classes. What is paid to
    it as a whole and passed on to classes counts where it arrives.
    """
    names = [name for name, _ in classes_by_name(scenario)]
    private = loans(scenario)
    members = [sorted({*private, INVESTOR}), *([name] for name in names)]
    signs = np.zeros((len(members), len(lines)))
    roles = np.zeros((len(members), len(lines)), dtype=np.int64)
    for group, parties in enumerate(members):
        for place, line in enumerate(lines):
            if names and not _counts(line, names, private, group):
                continue
            sign = sum(sign_for(line, party) for party in parties)
            if names and line.account == "distribution":
                sign = float(line.payee in parties)
            if names and line.account == "drawdown":
                sign = -float(line.payer in parties)
            signs[group, place] = sign
            roles[group, place] = role_of(line, sign)
    return signs, roles


def _counts(line: Line, names: list[str], private: list[str], group: int) -> bool:
    """Whether a line is one of a group's, where capital has classes."""
    if line.account in ("drawdown", "distribution"):
        party = line.name.split(".", 1)[1]
        return party in private if group == 0 else party == names[group - 1]
    if line.account in ("activity payment", "outcome payment"):
        return line.payee in (private if group == 0 else [names[group - 1]])
    if line.account in ("guarantee", "contract account", "own contribution", "programme cost"):
        return False
    return group == 0 or names[group - 1] in private


def role_of(line: Line, sign: float) -> int:
    """How a line counts in what is paid in and received."""
    if sign == 0.0:
        return 0
    if line.kind == "real":
        return OWN_ROW
    if line.name == "account.kept":
        return WITHHELD
    return BOTH_WAYS if sign > 0.0 else PAID_IN


def own_saving(scenario: Scenario, line: Line, party: str) -> float:
    """Code of a saving in a pocket that the party holds."""
    if line.pocket is None or scenario.pockets[line.pocket].holder != party:
        return 0.0
    return {"saving": SAVING, "luck": LUCK, "cashable": CASHABLE}.get(line.account, 0.0)


def ledger_record(
    scenario: Scenario, grid: Grid, registry: Registry, lines: Lines, lift: list[float]
) -> tuple[Ledger, Scheduled]:
    """Places, signs and prices as arrays."""
    metrics = sorted(scenario.metrics)

    def price(name: str) -> int:
        return registry.maybe(f"metrics.{name}.price", scenario.metrics[name].price)

    def cashable(name: str) -> int:
        pocket = scenario.metrics[name].pocket
        if pocket is None:
            return registry.constant(0.0)
        return registry.number(f"pockets.{pocket}.cashable", scenario.pockets[pocket].cashable)

    def public(name: str) -> int:
        return registry.maybe(f"metrics.{name}.public_value", scenario.metrics[name].public_value)

    every = lines.lines
    real = [line.kind == "real" for line in every]
    payers, payments = payers_of(scenario), sorted(scenario.payments)
    parts = drawdown_lines(scenario)
    names = [name for name, _ in classes_by_name(scenario)]
    signs, roles = investor_roles(scenario, every)
    shares = [share for _, _, share in parts] if names else []
    ledger = Ledger(
        drawdown=ints([lines.place(name) for name, _, _ in parts]),
        part=floats([share for _, _, share in parts]),
        kept=ints(lines.place("account.kept")),
        released=ints(lines.place("account.released")),
        spent=ints(lines.place("account.spent")),
        distribution=ints([lines.place(f"distribution.{name}") for name in names]),
        own=ints(lines.place("own_contribution")),
        cost=ints(lines.place("programme_cost")),
        payment=ints(
            [
                lines.place(line_of_payment(scenario, name, payer))
                for name, payer, _ in entries(scenario)
            ]
        ),
        guarantee=ints(
            [lines.place(f"guarantees.{name}") for name, _ in ordered_guarantees(scenario)]
        ),
        scheduled=ints([item.line for item in lines.scheduled]),
        work=ints([item.work for item in lines.scheduled]),
        saving=ints([lines.place(f"saving.{name}") for name in metrics]),
        luck=ints([lines.place(f"luck.{name}") for name in metrics]),
        cashable=ints([lines.place(f"cashable.{name}") for name in metrics]),
        public=ints([lines.place(f"public_value.{name}") for name in metrics]),
        metric_money=ints([price(name) for name in metrics]),
        metric_cashable=ints([cashable(name) for name in metrics]),
        metric_public=ints([public(name) for name in metrics]),
        metric_lifted=ints([1 if is_money(scenario.metrics[name]) else 0 for name in metrics]),
        investor=frozen(signs),
        role=frozen(roles),
        drawn=floats([loan_share(scenario), *shares]),
        municipality=frozen(
            np.array([[sign_for(line, payer) for line in every] for payer in payers])
        ),
        payer_share=frozen(
            np.array(
                [
                    [scenario.payments[name].payers.get(payer, 0.0) for name in payments]
                    for payer in payers
                ]
            ).reshape(len(payers), len(payments))
        ),
        several=ints(1 if len(payers) > 1 else 0),
        society=floats([1.0 if is_real else 0.0 for is_real in real]),
        society_cost=floats(
            [
                1.0 if line.account in ("programme cost", "fee work", "cost") else 0.0
                for line in every
            ]
        ),
        municipality_payment=frozen(
            np.array(
                [
                    [PAID.get(line.account, 0.0) if line.payer == payer else 0.0 for line in every]
                    for payer in payers
                ]
            )
        ),
        own_saving=frozen(
            np.array([[own_saving(scenario, line, payer) for line in every] for payer in payers])
        ),
        discount=frozen(discounts(scenario, grid)),
        lift=floats(lift),
        periods_per_year=ints(grid.per_year),
        periods=ints(grid.periods),
    )
    scheduled = Scheduled(
        value=ints([item.value for item in lines.scheduled]),
        yearly=ints([item.yearly for item in lines.scheduled]),
        factor=frozen(
            np.array([item.factor for item in lines.scheduled], dtype=float).reshape(
                len(lines.scheduled), grid.periods + 1
            )
        ),
        share_of=ints([item.share_of for item in lines.scheduled]),
        shock=ints([item.shock for item in lines.scheduled]),
        shock_from=ints([item.shock_from for item in lines.scheduled]),
    )
    return ledger, scheduled
