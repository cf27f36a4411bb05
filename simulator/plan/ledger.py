"""The ledger's lines, and who feels each of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np

from simulator.kernels.records import (
    BOTH_WAYS,
    OF_CAPITAL_DRAWN,
    OF_OUTCOME_PAYMENTS,
    OWN_ROW,
    PAID_IN,
    WITHHELD,
    Ledger,
    Scheduled,
)
from simulator.plan.arrays import floats, frozen, ints
from simulator.plan.claims import (
    CAPITAL_DRAWN,
    INVESTOR,
    OUTSTANDING,
    inputs_of,
    is_activity,
    lag_of,
)
from simulator.plan.classes import (
    PAYER,
    classes_by_name,
    entries,
    line_of_payment,
    loan_share,
    loans,
    payers_of,
)
from simulator.plan.funding import ordered_guarantees
from simulator.plan.people import is_money
from simulator.plan.registry import NONE, Registry
from simulator.plan.timing import Grid, yearly_shares
from simulator.results import Account, Line
from simulator.scenario.contract import Cost, Fee, Payment
from simulator.scenario.model import Rate, Scenario

PROVIDER, CONTRACT_ACCOUNT = "service_provider", "contract_account"
PAID = {"outcome payment": 1.0, "activity payment": 2.0, "fee": 3.0}
SAVING, LUCK, CASHABLE = 1.0, 2.0, 3.0  # codes of savings in the municipality's own pockets


class Item(NamedTuple):
    """A fee or a cost: value row × factor by instant, or a share; a jump of it; its lines."""

    value: int
    factor: list[float]
    share_of: int = 0
    shock: int = NONE
    shock_from: int = 0
    line: int = NONE
    work: int = NONE
    yearly: int = 0


@dataclass
class Lines:
    """Lines as they are written, and the places the kernels need."""

    lines: list[Line] = field(default_factory=list)
    scheduled: list[Item] = field(default_factory=list)

    def add(self, line: Line) -> int:
        """The line's place."""
        self.lines.append(line)
        return len(self.lines) - 1

    def place(self, name: str) -> int:
        """The place of a line by name, or −1."""
        return next((i for i, line in enumerate(self.lines) if line.name == name), NONE)


def lines_of(scenario: Scenario, grid: Grid, registry: Registry, lift: list[float]) -> Lines:
    """Every line of the ledger."""
    lines = Lines()
    provider = PROVIDER if PROVIDER in scenario.parties else PAYER
    if scenario.capital is not None:
        add_capital(lines, scenario, provider)
    for name, payer, _ in entries(scenario):
        payment = scenario.payments[name]
        account: Account = "activity payment" if is_activity(payment) else "outcome payment"
        earned = earned_with(scenario, payment, grid)
        line = line_of_payment(scenario, name, payer)
        lines.add(Line(line, "transfer", account, payer, payment.payee, earned_with=earned))
    for name, guarantee in ordered_guarantees(scenario):
        lines.add(
            Line(
                f"guarantees.{name}",
                "transfer",
                "guarantee",
                guarantee.guarantor,
                guarantee.beneficiary,
            )
        )
    for name in sorted(scenario.fees):
        add_fee(lines, name, scenario.fees[name], grid, registry, lift)
    for name in sorted(scenario.costs):
        add_cost(lines, name, scenario.costs[name], grid, registry, lift)
    for name in sorted(scenario.metrics):
        add_effect_lines(lines, scenario, name)
    return lines


def drawdown_lines(scenario: Scenario) -> list[tuple[str, str, float]]:
    """(line, party, share) of everybody who provides what is drawn."""
    if scenario.capital is None:
        return []
    classes = classes_by_name(scenario)
    if not classes:
        return [("drawdown", INVESTOR, 1.0)]
    return [(f"drawdown.{name}", name, float(c.share.value or 0.0)) for name, c in classes]


def add_capital(lines: Lines, scenario: Scenario, provider: str) -> None:
    """Drawdown by class, own contribution, cost; distributions; the contract account."""
    for name, party, _ in drawdown_lines(scenario):
        lines.add(Line(name, "transfer", "drawdown", party, provider, at_start=True))
    lines.add(Line("own_contribution", "transfer", "own contribution", PAYER, provider))
    lines.add(Line("programme_cost", "real", "programme cost", "", provider))
    for name, _ in classes_by_name(scenario):
        lines.add(Line(f"distribution.{name}", "transfer", "distribution", INVESTOR, name))
    if scenario.capital is not None and scenario.capital.recycling:
        account: Account = "contract account"
        lines.add(Line("account.kept", "transfer", account, INVESTOR, CONTRACT_ACCOUNT))
        lines.add(Line("account.released", "transfer", account, CONTRACT_ACCOUNT, INVESTOR))
        lines.add(
            Line("account.spent", "transfer", account, CONTRACT_ACCOUNT, provider, at_start=True)
        )


def earned_with(scenario: Scenario, payment: Payment, grid: Grid) -> str:
    """The line that earns an activity payment which is paid later, or ""."""
    waits = payment.paid != "as delivered" or lag_of(payment.terms, grid.months) > 0
    if not is_activity(payment) or not waits:
        return ""
    if set(inputs_of(payment)) <= {CAPITAL_DRAWN, OUTSTANDING}:
        return next((name for name, _, _ in drawdown_lines(scenario)), "")
    return "programme_cost"


def add_fee(
    lines: Lines, name: str, fee: Fee, grid: Grid, registry: Registry, lift: list[float]
) -> None:
    """A fee, and the work it buys."""
    place = lines.add(Line(f"fees.{name}", "transfer", "fee", fee.payer, fee.payee))
    work = NONE
    if fee.buys_work:
        work = lines.add(Line(f"fees.{name}.work", "real", "fee work", "", fee.payee))
    item = scheduled_amount(fee, f"fees.{name}", grid, registry, lift)
    if fee.share is not None:
        outcome = fee.of == "outcome_payments"
        item = item._replace(
            value=registry.number(f"fees.{name}.share", fee.share),
            share_of=OF_OUTCOME_PAYMENTS if outcome else OF_CAPITAL_DRAWN,
        )
    yearly = 1 if fee.per_year is not None else 0
    lines.scheduled.append(item._replace(line=place, work=work, yearly=yearly))


def add_cost(
    lines: Lines, name: str, cost: Cost, grid: Grid, registry: Registry, lift: list[float]
) -> None:
    """A real cost of a party."""
    place = lines.add(Line(f"costs.{name}", "real", "cost", "", cost.party))
    item = scheduled_amount(cost, f"costs.{name}", grid, registry, lift)
    yearly = 1 if cost.per_year is not None else 0
    factor = [-f for f in item.factor]
    lines.scheduled.append(item._replace(factor=factor, line=place, yearly=yearly))


def scheduled_amount(
    item: Fee | Cost, key: str, grid: Grid, registry: Registry, lift: list[float]
) -> Item:
    """An amount on a date or by the year; its price may jump from a day on."""
    factor = [0.0] * (grid.periods + 1)
    shock, start = NONE, 0
    if item.shock is not None:
        shock = registry.number(f"{key}.shock.share", item.shock.share)
        start = max(grid.period_of(item.shock.start), 0) + 1
    if item.per_year is not None:
        for period, share in enumerate(yearly_shares(grid, item.start, item.until)):
            factor[period + 1] = share * lift[period]
        value = registry.number(f"{key}.per_year", item.per_year)
        return Item(value, factor, 0, shock, start)
    if item.amount is not None:
        instant = grid.instant_of(item.date or grid.start)
        factor[instant] = lift[instant - 1]
        value = registry.number(f"{key}.amount", item.amount)
        return Item(value, factor, 0, shock, start)
    return Item(registry.constant(0.0), factor)


def add_effect_lines(lines: Lines, scenario: Scenario, name: str) -> None:
    """Saving, luck and the cashable part in the pocket's budget; the public value beside them."""
    metric = scenario.metrics[name]
    if metric.pocket is not None:
        holder = scenario.pockets[metric.pocket].holder
        kind: Literal["transfer", "real"] = "transfer" if metric.recipient else "real"
        payer = metric.recipient or ""
        accounts: tuple[Account, ...] = ("saving", "luck")
        for account in accounts:
            lines.add(Line(f"{account}.{name}", kind, account, payer, holder, metric.pocket, name))
        lines.add(Line(f"cashable.{name}", "memo", "cashable", "", holder, metric.pocket, name))
    if metric.public_value is not None:
        owner = "participants" if "participants" in scenario.parties else "society"
        lines.add(Line(f"public_value.{name}", "real", "public value", "", owner, None, name))


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
