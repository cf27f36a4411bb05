"""The figures of a path, read from its ledger (§8)."""

import math

from tests.reference.guarantees import loans_of
from tests.reference.ledger import Ledger
from tests.reference.returns import irr, present_value
from tests.reference.terms import is_activity


class Figures(Ledger):
    """Every figure of a path."""

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
        figures["guarantor.payout"] = self.total(self.lines_between("guarantees."))
        for name, event in self.scenario.events.items():
            figures[f"events.{name}"] = float(self.happened(name, event))
        for name in sorted(self.scenario.metrics):
            expected, luck = self.effects(name)
            figures[f"outcomes.{name}.expected"] = sum(expected)
            figures[f"outcomes.{name}.realised"] = sum(expected) + sum(luck)
        for name in sorted(self.scenario.measures):
            value = self.model.value(name)
            for which in ("measured", "expected", "realised"):
                figures[f"measures.{name}.{which}"] = getattr(value, which)
        return figures

    def happened(self, name, event):
        """Whether an event took effect: of non-starts and terminations the one that was first."""
        if event.kind in ("non-start", "termination"):
            return self.model.ended_by == name
        return self.model.planned.events.instant(name) is not None

    # --- whoever has put capital in ---

    def investor(self):
        """All loans pooled, or the party `investor`; and each class on its own."""
        capital = self.scenario.capital
        classes = capital.classes if capital is not None else {}
        figures = {}
        for name in sorted(classes):
            figures |= self.stake(f"investors.{name}", name, [self.of_class(name)])
        if classes:
            loans = [self.of_class(name) for name in loans_of(capital)]
            return {
                **figures,
                **self.stake("investor", "investor", [*loans, self.borne("investor")]),
            }
        return self.stake("investor", "investor", [self.of_investor(), self.borne("investor")])

    def rows_of(self, names, sign):
        """Positive (or negative, turned) parts of lines, line by line, by instant."""
        return [
            sum(max(sign * self.flows[name, t], 0.0) for name in names) for t in range(self.P + 1)
        ]

    def borne(self, party):
        """Fees that a party pays and its own costs: (drawn, paid in, received, protection)."""
        own = [n for n, row in self.rows.items() if row.kind == "real" and row.payee == party]
        fees = self.by_instant(self.lines_between("fees.", payer=party))
        paid = [x - y for x, y in zip(fees, self.by_instant(own), strict=True)]
        nothing = [0.0] * (self.P + 1)
        return nothing, paid, nothing, 0.0

    def of_investor(self):
        """The party `investor`, where capital has no classes."""
        drawn = self.by_instant(["drawdown"] if "drawdown" in self.rows else [])
        payments = self.lines_between("payments.", payee="investor")
        guarantees = self.lines_between("guarantees.", payee="investor")
        received = self.rows_of([*payments, *guarantees], 1.0)
        for sign, prefix in ((-1.0, "account.kept"), (1.0, "account.released")):
            amounts = self.by_instant([prefix] if prefix in self.rows else [])
            received = [x + sign * y for x, y in zip(received, amounts, strict=True)]
        negative = self.rows_of(payments, -1.0)
        paid_in = [x + y for x, y in zip(drawn, negative, strict=True)]
        return drawn, paid_in, received, self.total(guarantees)

    def of_class(self, name):
        """A class of capital, with the fees and own costs of its party where it is a loan."""
        drawn = self.by_instant([f"drawdown.{name}"])
        lines = [f"distribution.{name}", *self.lines_between("payments.", payee=name)]
        rows = [drawn, self.rows_of(lines, -1.0)]
        if self.scenario.capital.classes[name].kind == "loan":
            rows.append(self.borne(name)[1])
        paid_in = [sum(parts) for parts in zip(*rows, strict=True)]
        before = sum(self.model.distributed_before[name])
        protection = self.total([f"distribution.{name}"]) - before
        return drawn, paid_in, self.rows_of(lines, 1.0), protection

    def stake(self, prefix, party, parts):
        """The figures of the sum of these parts."""
        drawn, paid_in, received = (
            [sum(row) for row in zip(*(part[i] for part in parts), strict=True)] for i in range(3)
        )
        flows = [r - p for r, p in zip(received, paid_in, strict=True)]
        rate, roots = irr(flows, sum(paid_in), self.model.grid.q)
        out = [-sum(flows[: t + 1]) for t in range(len(flows))]
        profit = sum(received) - sum(paid_in)
        return {
            f"{prefix}.drawn": sum(drawn),
            f"{prefix}.paid_in": sum(paid_in),
            f"{prefix}.received": sum(received),
            f"{prefix}.profit": profit,
            f"{prefix}.profit_before_protection": profit - sum(part[3] for part in parts),
            f"{prefix}.irr": rate,
            f"{prefix}.irr_roots": roots,
            f"{prefix}.net_present_value": self.worth(party, flows),
            f"{prefix}.peak_exposure": max(0.0, *out),
        }

    def municipality(self):
        """The lead municipality, and each other party that pays; the whole contract's error."""
        payments = self.scenario.payments.values()
        others = sorted({p for payment in payments for p in payment.payers} - {"outcome_payer"})
        figures = self.payer("municipality", "outcome_payer")
        for party in others:
            figures |= self.payer(f"outcome_payers.{party}", party)
        if others:
            parties = ["outcome_payer", *others]
            for suffix, chosen in self.errors():
                figures[f"contract.settlement_error{suffix}"] = sum(
                    self.settlement_error(chosen, party) for party in parties
                )
        return figures

    def errors(self):
        """All payments, and outcome payments alone."""
        return ("", lambda payment: True), ("_outcome", lambda payment: not is_activity(payment))

    def payer(self, prefix, party):
        own = [name for name, holder in self.pocket_lines if holder == party]
        expected = self.total([f"saving.{n}" for n in own])
        gross = expected + self.total([f"luck.{n}" for n in own])
        cashable = self.total([f"cashable.{n}" for n in own])
        lines = self.lines_between("payments.", payer=party)
        activity = [n for n in lines if is_activity(self.scenario.payments[n.split(".")[1]])]
        outcome = [n for n in lines if n not in activity]
        fees = self.total(self.lines_between("fees.", payer=party))
        net = self.net(party)
        figures = {
            "gross_savings": gross,
            "gross_savings_expected": expected,
            "gross_savings_cashable": cashable,
            "outcome_payments": self.total(outcome),
            "activity_payments": self.total(activity),
            "total_payments": self.total(lines) + fees,
            "net_budget_effect": sum(net),
            "net_budget_effect_cashable": sum(net) - gross + cashable,
            "net_budget_effect_present_value": self.worth(party, net),
        }
        for suffix, chosen in self.errors():
            figures[f"settlement_error{suffix}"] = self.settlement_error(chosen, party)
        return {f"{prefix}.{name}": value for name, value in figures.items()}

    def settlement_error(self, chosen, party="outcome_payer"):
        """A party's share of what is owed − what would be owed on expected values."""
        owed, ideal, payments = self.out.owed, self.model.ideal, self.scenario.payments
        return sum(
            payments[name].payers.get(party, 0.0) * (amount - ideal[name, t])
            for (name, t), amount in owed.items()
            if chosen(payments[name])
        )

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
