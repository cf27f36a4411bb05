"""The ledger of a path: every movement, and what each line is (§7)."""

from dataclasses import dataclass

from tests.reference.capital import shock, spending
from tests.reference.terms import is_activity
from tests.reference.waterfall import arrivals


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
        self.distributions()
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
        model, provider, out = self.model, self.provider(), self.model.settlement.out
        if self.scenario.capital.classes:
            for name, amounts in model.provided.items():
                drawn = dict(enumerate(amounts))
                self.line(f"drawdown.{name}", "transfer", name, provider, drawn)
        else:
            self.line("drawdown", "transfer", "investor", provider, dict(enumerate(out.drawn)))
        own = self.at_ends(model.own_contribution)
        self.line("own_contribution", "transfer", "outcome_payer", provider, own)
        cost = self.at_ends([-cost for cost in model.costs])
        self.line("programme_cost", "real", "", provider, cost)
        if self.scenario.capital.recycling:
            self.account(provider, out)

    def account(self, provider, out):
        """What the contract account keeps, releases and spends."""
        scenario, kept, released = self.scenario, {}, {}
        for t in range(self.P + 1):
            net = arrivals(scenario, out.cash, t)[0] - out.released[t]
            kept[t], released[t] = max(net, 0.0), max(-net, 0.0)
        account = "contract_account"
        self.line("account.kept", "transfer", "investor", account, kept)
        self.line("account.released", "transfer", account, "investor", released)
        spent = dict(enumerate(out.account))
        self.line("account.spent", "transfer", account, provider, spent)

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
            return self.at_ends([max(x, 0.0) for x in self.model.drawn[: self.P]])
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
        for (name, t), amount in self.model.payouts.items():
            guarantor = self.scenario.guarantees[name].guarantor
            self.line(f"guarantees.{name}", "transfer", guarantor, "investor", {t: amount})

    def distributions(self):
        """What the waterfall gives each class, less its part of negative payments."""
        if self.scenario.capital is None:
            return
        for name in self.scenario.capital.classes:
            amounts = dict(enumerate(self.model.distributed[name]))
            self.line(f"distribution.{name}", "transfer", "investor", name, amounts)

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
