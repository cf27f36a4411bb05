"""The ledger's lines: who moves what to whom, and what each amount is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from simulator.kernels.records import OF_CAPITAL_DRAWN, OF_OUTCOME_PAYMENTS
from simulator.plan.claims import (
    CAPITAL_DRAWN,
    INVESTOR,
    OUTSTANDING,
    inputs_of,
    is_activity,
    lag_of,
)
from simulator.plan.classes import PAYER, classes_by_name, entries, line_of_payment
from simulator.plan.funding import ordered_guarantees
from simulator.plan.registry import NONE, Registry
from simulator.plan.timing import Grid, yearly_shares
from simulator.results import Account, Line
from simulator.scenario.contract import Cost, Fee, Payment
from simulator.scenario.model import Scenario

PROVIDER, CONTRACT_ACCOUNT = "service_provider", "contract_account"


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
