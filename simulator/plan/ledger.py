"""The ledger's lines, who feels each of them, and the layout that names all for summaries."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from simulator.kernels.records import Ledger, Scheduled
from simulator.plan.arrays import floats, frozen, ints, starts
from simulator.plan.claims import CAPITAL_DRAWN, OUTSTANDING, inputs_of, is_activity, lag_of
from simulator.plan.funding import ordered_guarantees
from simulator.plan.measured import Evaluation, metrics_of, quantity_of
from simulator.plan.people import People, is_money
from simulator.plan.registry import NONE, Registry
from simulator.plan.timing import Grid, yearly_shares
from simulator.results import FIGURES, Account, Layout, Line, MeasureLayout, OutcomeLayout
from simulator.scenario.contract import Cost, Fee, Payment
from simulator.scenario.model import Rate, Scenario

INVESTOR, PAYER, PROVIDER = "investor", "outcome_payer", "service_provider"
PAID = {"outcome payment": 1.0, "activity payment": 2.0, "fee": 3.0}
SAVING, LUCK, CASHABLE = 1.0, 2.0, 3.0  # codes of savings in the municipality's own pockets


@dataclass
class Lines:
    """Lines as they are written, and the places the kernels need."""

    lines: list[Line] = field(default_factory=list)
    scheduled: list[tuple[int, list[float], int, int, int]] = field(default_factory=list)
    yearly: list[int] = field(default_factory=list)  # of those, 1 for amounts by the year

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
        lines.add(Line("drawdown", "transfer", "drawdown", INVESTOR, provider, at_start=True))
        lines.add(Line("own_contribution", "transfer", "own contribution", PAYER, provider))
        lines.add(Line("programme_cost", "real", "programme cost", "", provider))
    for name in sorted(scenario.payments):
        payment = scenario.payments[name]
        account: Account = "activity payment" if is_activity(payment) else "outcome payment"
        earned = earned_with(payment, grid)
        for payer in payment.payers:
            line = payment_line(payment, name, payer)
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


def payment_line(payment: Payment, name: str, payer: str) -> str:
    """The line of a payment, or of one of its payers where there are several."""
    return f"payments.{name}" if len(payment.payers) == 1 else f"payments.{name}.{payer}"


def earned_with(payment: Payment, grid: Grid) -> str:
    """The line that earns an activity payment which is paid later, or ""."""
    waits = payment.paid != "as delivered" or lag_of(payment.terms, grid.months) > 0
    if not is_activity(payment) or not waits:
        return ""
    return (
        "drawdown" if set(inputs_of(payment)) <= {CAPITAL_DRAWN, OUTSTANDING} else "programme_cost"
    )


def add_fee(
    lines: Lines, name: str, fee: Fee, grid: Grid, registry: Registry, lift: list[float]
) -> None:
    """A fee, and the work it buys."""
    place = lines.add(Line(f"fees.{name}", "transfer", "fee", fee.payer, fee.payee))
    work = NONE
    if fee.buys_work:
        work = lines.add(Line(f"fees.{name}.work", "real", "fee work", "", fee.payee))
    value, factor, share = scheduled_amount(fee, f"fees.{name}", grid, registry, lift)
    if fee.share is not None:
        value = registry.number(f"fees.{name}.share", fee.share)
        share = 2 if fee.of == "outcome_payments" else 1
    lines.scheduled.append((value, factor, share, place, work))
    lines.yearly.append(1 if fee.per_year is not None else 0)


def add_cost(
    lines: Lines, name: str, cost: Cost, grid: Grid, registry: Registry, lift: list[float]
) -> None:
    """A real cost of a party."""
    place = lines.add(Line(f"costs.{name}", "real", "cost", "", cost.party))
    value, factor, share = scheduled_amount(cost, f"costs.{name}", grid, registry, lift)
    lines.scheduled.append((value, [-f for f in factor], share, place, NONE))
    lines.yearly.append(1 if cost.per_year is not None else 0)


def scheduled_amount(
    item: Fee | Cost, key: str, grid: Grid, registry: Registry, lift: list[float]
) -> tuple[int, list[float], int]:
    """(value row, factor by instant, 0) of an amount on a date or by the year."""
    factor = [0.0] * (grid.periods + 1)
    if item.per_year is not None:
        for period, share in enumerate(yearly_shares(grid, item.start, item.until)):
            factor[period + 1] = share * lift[period]
        return registry.number(f"{key}.per_year", item.per_year), factor, 0
    if item.amount is not None:
        instant = grid.instant_of(item.date or grid.start)
        factor[instant] = lift[instant - 1]
        return registry.number(f"{key}.amount", item.amount), factor, 0
    return registry.constant(0.0), factor, 0


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
    """(3, instants) discount factors of investor, municipality, society; NaN without a rate."""
    rates = rates_of(scenario)
    table = np.full((3, grid.periods + 1), math.nan)
    for row, party in enumerate((INVESTOR, PAYER, "society")):
        if party in rates:
            years = np.arange(grid.periods + 1) / grid.per_year
            table[row] = [(1.0 + rates[party]) ** -year for year in years]
    return table


def sign_for(line: Line, party: str) -> float:
    """+1 where the line comes to the party, −1 where it leaves, 0 otherwise."""
    if line.kind == "memo":
        return 0.0
    return float(line.payee == party) - float(line.payer == party)


def own_saving(scenario: Scenario, line: Line) -> float:
    """Code of a saving in a pocket that the municipality holds."""
    if line.pocket is None or scenario.pockets[line.pocket].holder != PAYER:
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
    payments = sorted(scenario.payments.items())
    real = [line.kind == "real" for line in every]
    ledger = Ledger(
        drawdown=ints(lines.place("drawdown")),
        own=ints(lines.place("own_contribution")),
        cost=ints(lines.place("programme_cost")),
        payer=starts([len(payment.payers) for _, payment in payments]),
        payment=ints(
            [
                lines.place(payment_line(payment, name, payer))
                for name, payment in payments
                for payer in payment.payers
            ]
        ),
        municipal_share=floats([payment.payers.get(PAYER, 0.0) for _, payment in payments]),
        share=floats([share for _, payment in payments for share in payment.payers.values()]),
        guarantee=ints(
            [lines.place(f"guarantees.{name}") for name, _ in ordered_guarantees(scenario)]
        ),
        scheduled=ints([place for _, _, _, place, _ in lines.scheduled]),
        work=ints([work for _, _, _, _, work in lines.scheduled]),
        saving=ints([lines.place(f"saving.{name}") for name in metrics]),
        luck=ints([lines.place(f"luck.{name}") for name in metrics]),
        cashable=ints([lines.place(f"cashable.{name}") for name in metrics]),
        public=ints([lines.place(f"public_value.{name}") for name in metrics]),
        metric_money=ints([price(name) for name in metrics]),
        metric_cashable=ints([cashable(name) for name in metrics]),
        metric_public=ints([public(name) for name in metrics]),
        metric_lifted=ints([1 if is_money(scenario.metrics[name]) else 0 for name in metrics]),
        investor=floats([sign_for(line, INVESTOR) for line in every]),
        two_sided=ints([1 if line.name.startswith("payments.") else 0 for line in every]),
        municipality=floats([sign_for(line, PAYER) for line in every]),
        society=floats([1.0 if is_real else 0.0 for is_real in real]),
        society_cost=floats(
            [
                1.0 if line.account in ("programme cost", "fee work", "cost") else 0.0
                for line in every
            ]
        ),
        municipality_payment=floats(
            [PAID.get(line.account, 0.0) if line.payer == PAYER else 0.0 for line in every]
        ),
        own_saving=floats([own_saving(scenario, line) for line in every]),
        discount=frozen(discounts(scenario, grid)),
        lift=floats(lift),
        periods_per_year=ints(grid.per_year),
        periods=ints(grid.periods),
    )
    scheduled = Scheduled(
        value=ints([value for value, _, _, _, _ in lines.scheduled]),
        yearly=ints(lines.yearly),
        factor=frozen(
            np.array([factor for _, factor, _, _, _ in lines.scheduled], dtype=float).reshape(
                len(lines.scheduled), grid.periods + 1
            )
        ),
        share_of=ints([share for _, _, share, _, _ in lines.scheduled]),
    )
    return ledger, scheduled


def figure_names(scenario: Scenario) -> tuple[str, ...]:
    """All figures of a path, in the order in which the kernels fill them."""
    outcomes = [
        f"outcomes.{m}.{kind}"
        for m in sorted(scenario.metrics)
        for kind in ("expected", "realised")
    ]
    measures = [
        f"measures.{m}.{kind}"
        for m in sorted(scenario.measures)
        for kind in ("measured", "expected", "realised")
    ]
    events = [f"events.{name}" for name in sorted(scenario.events)]
    return (*FIGURES, *outcomes, *measures, *events)


def layout_of(
    scenario: Scenario,
    grid: Grid,
    people: People,
    evaluation: Evaluation,
    lines: Lines,
    maximum: tuple[float | None, int | None],
    settled: int | None,
) -> Layout:
    """Names and meanings of everything a run puts out."""
    figures = figure_names(scenario)
    capital = scenario.capital
    return Layout(
        start=grid.start,
        months_per_period=grid.months,
        periods=grid.periods,
        lines=tuple(lines.lines),
        figures=figures,
        parties=tuple(sorted(scenario.parties)),
        pockets=tuple((name, scenario.pockets[name].holder) for name in sorted(scenario.pockets)),
        outcomes=tuple(
            outcome_layout(scenario, people, figures, name) for name in sorted(scenario.metrics)
        ),
        measures=tuple(
            measure_layout(scenario, people, figures, name) for name in evaluation.measures
        ),
        rates=rates_of(scenario),
        commitment=float(capital.commitment.value or 0.0) if capital else None,
        maximum_payment=maximum[0],
        maximum_payment_instant=maximum[1],
        settlement_instant=settled,
    )


def outcome_layout(
    scenario: Scenario, people: People, figures: tuple[str, ...], name: str
) -> OutcomeLayout:
    """Where a metric's effect stands."""
    metric = scenario.metrics[name]
    users = sum(
        scenario.cohorts[cell.cohort].service_users for cell in people.cells if cell.metric == name
    )
    return OutcomeLayout(
        metric=name,
        kind=metric.kind,
        better=metric.better,
        service_users=users,
        figure_expected=figures.index(f"outcomes.{name}.expected"),
        figure_realised=figures.index(f"outcomes.{name}.realised"),
        unit=scenario.currency if is_money(metric) else (metric.unit or metric.kind),
    )


def measure_layout(
    scenario: Scenario, people: People, figures: tuple[str, ...], name: str
) -> MeasureLayout:
    """Where a measure's values stand."""
    measure = scenario.measures[name]
    metrics = metrics_of(measure)
    cohorts = {
        cell.cohort
        for cell in people.cells
        if cell.metric in metrics and (measure.cohorts is None or cell.cohort in measure.cohorts)
    }
    return MeasureLayout(
        measure=name,
        metrics=tuple(metrics),
        quantity=quantity_of(measure),
        figure_measured=figures.index(f"measures.{name}.measured"),
        figure_expected=figures.index(f"measures.{name}.expected"),
        figure_realised=figures.index(f"measures.{name}.realised"),
        target=float(measure.target.value or 0.0) if measure.target else None,
        service_users=sum(scenario.cohorts[c].service_users for c in cohorts),
    )
