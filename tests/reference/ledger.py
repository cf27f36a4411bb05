"""The ledger of a path, and the figures read from it (§7, §8)."""

import math
from dataclasses import dataclass

from tests.reference.capital import shock, spending
from tests.reference.guarantees import guarantee_payouts
from tests.reference.returns import irr, present_value
from tests.reference.terms import is_activity


@dataclass(frozen=True)
class Row:
    """A line: a transfer payer → payee, or a real row of its owner (payee)."""

    kind: str
    payer: str
    payee: str


class Ledger:
    """`flows[(line, instant)]` and what each line is."""

    def __init__(self, model):
        self.model, self.scenario, self.P = model, model.scenario, model.grid.P
        self.rows, self.flows = {}, {}
        self.pocket_lines = []  # (line, pocket holder), savings and luck
        self.capital()
        self.payments()
        self.fees()
        self.costs()
        self.guarantees()
        for name in sorted(self.scenario.metrics):
            self.metric(name)

    def line(self, name, kind, payer, payee, amounts):
        """Books amounts by instant; instants not named hold nothing."""
        self.rows[name] = Row(kind, payer, payee)
        for t in range(self.P + 1):
            self.flows[name, t] = amounts.get(t, 0.0)

    def at_ends(self, by_period):
        """Amounts by period fall at the period's end."""
        return {p + 1: amount for p, amount in enumerate(by_period)}

    # --- booking ---

    def provider(self):
        return (
            "service_provider" if "service_provider" in self.scenario.parties else "outcome_payer"
        )

    def capital(self):
        if self.scenario.capital is None:
            return
        model, provider = self.model, self.provider()
        self.line("drawdown", "transfer", "investor", provider, dict(enumerate(model.drawn)))
        own = self.at_ends(model.own_contribution)
        self.line("own_contribution", "transfer", "outcome_payer", provider, own)
        cost = self.at_ends([-cost for cost in model.costs])
        self.line("programme_cost", "real", "", provider, cost)

    def payments(self):
        """A line for each payer of each payment."""
        self.out = self.model.settlement.out
        for name, payment in self.scenario.payments.items():
            for payer in payment.payers:
                amounts = {
                    t: amount
                    for (n, who, t), amount in self.out.cash.items()
                    if (n, who) == (name, payer)
                }
                line = (
                    f"payments.{name}" if len(payment.payers) == 1 else f"payments.{name}.{payer}"
                )
                self.line(line, "transfer", payer, payment.payee, amounts)

    def dated(self, prefix, item):
        """Amounts by instant of `amount` once or `per_year`, lifted; yearly ones until an end."""
        if item.per_year is not None:
            return self.at_ends(spending(self.model, prefix, item))
        amount = self.model.parameters.value(f"{prefix}.amount", item.amount)
        p = self.model.grid.period_of(item.date or self.model.grid.start)
        return {p + 1: amount * self.model.lift(p) * shock(self.model, prefix, item, p)}

    def fees(self):
        for name, fee in self.scenario.fees.items():
            if fee.share is None:
                amounts = self.dated(f"fees.{name}", fee)
            else:
                share = self.model.parameters.value(f"fees.{name}.share", fee.share)
                amounts = {t: share * x for t, x in self.base_of(fee).items()}
            self.line(f"fees.{name}", "transfer", fee.payer, fee.payee, amounts)
            if fee.buys_work:
                work = {t: -amount for t, amount in amounts.items()}
                self.line(f"fees.{name}.work", "real", "", fee.payee, work)

    def base_of(self, fee):
        """What a share refers to, by the instant at which the fee is paid."""
        if fee.of == "capital_drawn":
            return self.at_ends(self.model.drawn[: self.P])
        base = {}
        for (name, _, t), amount in self.out.cash.items():
            if not is_activity(self.scenario.payments[name]):
                base[t] = base.get(t, 0.0) + amount
        return base

    def costs(self):
        for name, cost in self.scenario.costs.items():
            amounts = {t: -amount for t, amount in self.dated(f"costs.{name}", cost).items()}
            self.line(f"costs.{name}", "real", "", cost.party, amounts)

    def guarantees(self):
        model = self.model
        payouts = guarantee_payouts(model.contract, model.money, model.settlement)
        for (name, t), amount in payouts.items():
            guarantor = self.scenario.guarantees[name].guarantor
            self.line(f"guarantees.{name}", "transfer", guarantor, "investor", {t: amount})

    def effects(self, name):
        """Expected and luck part of d·(T − E[B]) in the metric's unit, by period of the horizon.

        A metric in money is in the prices of the period, lifted where the scenario says so.
        """
        expected, luck = [0.0] * self.P, [0.0] * self.P
        d = self.model.direction(name)
        for record in self.model.outcomes(name).records:
            for p in record.periods:
                if p < self.P:
                    share = d / len(record.periods) * self.lift(name, p)
                    expected[p] += share * (record.expected - record.without)
                    luck[p] += share * (record.truth - record.expected)
        return expected, luck

    def lift(self, name, p):
        return self.model.lift(p) if self.model.is_money(name) else 1.0

    def metric(self, name):
        """Savings in the pocket and the public value: prices rise like amounts of money do."""
        metric, model = self.scenario.metrics[name], self.model
        expected, luck = self.effects(name)
        lifts = [1.0 if model.is_money(name) else model.lift(p) for p in range(self.P)]
        if metric.pocket is not None:
            prices = [model.worth(name) * f for f in lifts]
            self.saving(name, metric, expected, luck, prices)
        if metric.public_value is not None:
            value = model.parameters.value(f"metrics.{name}.public_value", metric.public_value)
            owner = "participants" if "participants" in self.scenario.parties else "society"
            both = [value * (e + x) * f for e, x, f in zip(expected, luck, lifts, strict=True)]
            self.line(f"public_value.{name}", "real", "", owner, self.at_ends(both))

    def saving(self, name, metric, expected, luck, prices):
        pocket = self.scenario.pockets[metric.pocket]
        kind, payer = ("transfer", metric.recipient) if metric.recipient else ("real", "")
        share = self.model.parameters.value(f"pockets.{metric.pocket}.cashable", pocket.cashable)
        expected = [x * f for x, f in zip(expected, prices, strict=True)]
        luck = [x * f for x, f in zip(luck, prices, strict=True)]
        cashable = [share * (e + x) for e, x in zip(expected, luck, strict=True)]
        self.line(f"saving.{name}", kind, payer, pocket.holder, self.at_ends(expected))
        self.line(f"luck.{name}", kind, payer, pocket.holder, self.at_ends(luck))
        self.line(f"cashable.{name}", "memo", "", pocket.holder, self.at_ends(cashable))
        self.pocket_lines.append((name, pocket.holder))

    # --- reading ---

    def net(self, party):
        """Net of a party by instant: transfers in − transfers out + its real rows."""
        net = [0.0] * (self.P + 1)
        for (name, t), amount in self.flows.items():
            row = self.rows[name]
            if row.kind == "memo":
                continue
            if row.payee == party:
                net[t] += amount
            if row.payer == party:
                net[t] -= amount
        return net

    def by_instant(self, names):
        return [sum(self.flows[name, t] for name in names) for t in range(self.P + 1)]

    def total(self, names):
        return sum(self.by_instant(names))

    def nominal(self, party):
        """A party's nominal annual discount rate; None without one."""
        rate = self.scenario.rates.get(party)
        if rate is None:
            return None
        if rate.nominal is not None:
            return rate.nominal.value
        return (1 + rate.real.value) * (1 + self.scenario.index.per_year.value) - 1

    def worth(self, party, flows):
        rate = self.nominal(party)
        return math.nan if rate is None else present_value(flows, rate, self.model.grid.q)

    def lines_between(self, prefix, payer=None, payee=None):
        return [
            name
            for name, row in self.rows.items()
            if name.startswith(prefix)
            and row.kind == "transfer"
            and (payer is None or row.payer == payer)
            and (payee is None or row.payee == payee)
        ]

    def figures(self):
        figures = {**self.investor(), **self.municipality(), **self.society()}
        for name in sorted(self.scenario.metrics):
            expected, luck = self.effects(name)
            figures[f"outcomes.{name}.expected"] = sum(expected)
            figures[f"outcomes.{name}.realised"] = sum(expected) + sum(luck)
        for name in sorted(self.scenario.measures):
            value = self.model.value(name)
            for which in ("measured", "expected", "realised"):
                figures[f"measures.{name}.{which}"] = getattr(value, which)
        return figures

    def investor(self):
        drawn = ["drawdown"] if "drawdown" in self.rows else []
        own = [n for n, row in self.rows.items() if row.kind == "real" and row.payee == "investor"]
        transfers = self.by_instant(drawn + self.lines_between("fees.", payer="investor"))
        paid_in = [x - y for x, y in zip(transfers, self.by_instant(own), strict=True)]
        guarantees = self.lines_between("guarantees.", payee="investor")
        payments = self.lines_between("payments.", payee="investor")
        received = self.by_instant(payments + guarantees)
        flows = [r - p for r, p in zip(received, paid_in, strict=True)]
        rate, roots = irr(flows, sum(paid_in), self.model.grid.q)
        out = [-sum(flows[: t + 1]) for t in range(len(flows))]
        profit = sum(received) - sum(paid_in)
        return {
            "investor.drawn": self.total(drawn),
            "investor.paid_in": sum(paid_in),
            "investor.received": sum(received),
            "investor.profit": profit,
            "investor.profit_before_protection": profit - self.total(guarantees),
            "investor.irr": rate,
            "investor.irr_roots": roots,
            "investor.net_present_value": self.worth("investor", flows),
            "investor.peak_exposure": max(0.0, *out),
            "guarantor.payout": self.total(self.lines_between("guarantees.")),
        }

    def municipality(self):
        own = [name for name, holder in self.pocket_lines if holder == "outcome_payer"]
        expected = self.total([f"saving.{n}" for n in own])
        gross = expected + self.total([f"luck.{n}" for n in own])
        cashable = self.total([f"cashable.{n}" for n in own])
        lines = self.lines_between("payments.", payer="outcome_payer")
        activity = [n for n in lines if is_activity(self.scenario.payments[n.split(".")[1]])]
        outcome = [n for n in lines if n not in activity]
        fees = self.total(self.lines_between("fees.", payer="outcome_payer"))
        net = self.net("outcome_payer")
        return {
            "municipality.gross_savings": gross,
            "municipality.gross_savings_expected": expected,
            "municipality.gross_savings_cashable": cashable,
            "municipality.outcome_payments": self.total(outcome),
            "municipality.activity_payments": self.total(activity),
            "municipality.total_payments": self.total(lines) + fees,
            "municipality.net_budget_effect": sum(net),
            "municipality.net_budget_effect_cashable": sum(net) - gross + cashable,
            "municipality.net_budget_effect_present_value": self.worth("outcome_payer", net),
            "municipality.settlement_error": self.settlement_error(lambda payment: True),
            "municipality.settlement_error_outcome": self.settlement_error(
                lambda payment: not is_activity(payment)
            ),
        }

    def settlement_error(self, chosen):
        """What is owed − what would be owed if each measure had its expected value."""
        owed, ideal = self.out.owed, self.model.ideal
        payments = self.scenario.payments
        return sum(owed[key] - ideal[key] for key in owed if chosen(payments[key[0]]))

    def society(self):
        """Real rows and valued benefits: what is gained, and what it takes."""
        gains = ("saving.", "luck.", "public_value.")
        real = [name for name, row in self.rows.items() if row.kind == "real"]
        benefits = [name for name in real if name.startswith(gains)]
        costs = [name for name in real if name not in benefits]
        gained = self.worth("society", self.by_instant(benefits))
        taken = -self.worth("society", self.by_instant(costs))
        return {
            "society.net_present_value": gained - taken,
            "society.benefits": gained,
            "society.costs": taken,
        }
