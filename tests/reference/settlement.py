"""How much a contract pays, instant by instant, on given values of its measures (§6)."""

from dataclasses import dataclass, field

from tests.reference.events import Risks
from tests.reference.limits import Compound, Rooms, limited
from tests.reference.significance import is_significant
from tests.reference.terms import (
    Quantities,
    Reader,
    conditions_of,
    level,
    reaches,
    to_investor,
    weights_of,
)
from tests.reference.waterfall import Waterfall, arrivals

HALF_UNIT = 0.005


@dataclass(frozen=True)
class Money:
    """Cost by period, and capital drawn by instant: None where it follows from the payments."""

    drawn: list[float] | None
    cost: list[float]
    commitment: float
    share: float = 1.0  # of each cost, financed by capital


@dataclass
class Outcome:
    """What came of a contract, by instant."""

    drawn: list[float]
    owed: dict = field(default_factory=dict)  # (payment, instant): after limits
    cash: dict = field(default_factory=dict)  # (payment, payer, instant): after default and delay
    account: list[float] = field(default_factory=list)  # by period: paid by the contract account
    released: list[float] = field(default_factory=list)  # by instant: from it to the investor


class Settlement:
    """`values(measure, scope)` gives a measure's value; scope is None, a cohort or a period.

    `tests(measure, scope)` gives the standard error that an evaluator plans with.
    """

    def __init__(self, contract, money, values, users=0, risks=None, tests=None):
        self.contract, self.money, self.values = contract, money, values
        self.scenario, self.grid = contract.scenario, contract.grid
        self.risks, self.tests = risks or Risks(), tests
        self.P, self.q = self.grid.P, self.grid.q
        self.payments = self.scenario.payments
        capital = self.scenario.capital
        self.classes = capital.classes if capital is not None else {}
        self.recycling = money.drawn is None
        self.so_far = capital is not None and capital.recycling
        self.rooms = Rooms(self.scenario.limits, self.q, users)
        self.waterfall = Waterfall(self.classes, self.q)
        self.before = dict.fromkeys(self.payments, 0.0)  # after limits, at instants before
        self.now = dict.fromkeys(self.payments, 0.0)  # before limits, at this instant
        self.balances = {}
        self.cash_in_account = 0.0
        self.out = Outcome([0.0] * (self.P + 1) if self.recycling else list(money.drawn))
        self.out.account, self.out.released = [0.0] * self.P, [0.0] * (self.P + 1)
        self.prepare()

    def prepare(self):
        """Balances of all `until_repaid`, and claims by instant."""
        self.order = self.contract.order()
        self.claims = {name: self.contract.claims(name) for name in self.payments}
        marked = [name for name, payment in self.payments.items() if payment.principal]
        pooled = [n for n, payment in self.payments.items() if to_investor(self.scenario, payment)]
        self.principal = marked or pooled
        for payment in self.payments.values():
            for term in payment.terms:
                if term.until_repaid is not None:
                    rate = term.until_repaid.interest.value
                    self.balances[rate, self.class_of(payment)] = Compound(rate, self.q)

    def class_of(self, payment):
        return payment.payee if payment.payee in self.classes else None

    # --- one instant after another ---

    def run(self):
        """What is due at t, limits, who bears it, then the drawdown of period t."""
        for t in range(self.P + 1):
            if t:
                self.waterfall.accrue()
            self.give_back(max(-self.out.drawn[t], 0.0))
            due = self.due_at(t)
            owed = limited(self.scenario, due, self.rooms.at(self.capital_drawn(t)))
            for name, amount in owed.items():
                self.out.owed[name, t] = amount
                self.bear(name, t, amount)
            self.distribute(t)
            self.draw(t)
            self.close(t, owed)
        return self.out

    def give_back(self, unspent):
        """Capital drawn at the start that an early end leaves unspent: before what is due then."""
        self.rooms.give_back(unspent)
        for (_, party), balance in self.balances.items():
            share = 1.0 if party is None else self.classes[party].share.value
            balance.give_back(share * unspent)
        self.waterfall.give_back(unspent)

    def due_at(self, t):
        due = {}
        for name in self.order:
            for claim in self.claims[name]:
                if claim.instant == t:
                    value = self.value(claim)
                    self.now[name] += value
                    due[name] = due.get(name, 0.0) + value
        return due

    def close(self, t, owed):
        """The running sums after an instant."""
        drawn = max(self.out.drawn[t], 0.0)
        paid = sum(x for n, x in owed.items() if to_investor(self.scenario, self.payments[n]))
        self.rooms.pay(paid, drawn)
        for (_, party), balance in self.balances.items():
            if party is None:
                balance.pay(paid, drawn)
            else:
                own = sum(x for n, x in owed.items() if self.payments[n].payee == party)
                balance.pay(own, drawn * self.classes[party].share.value)
        for name in self.payments:
            self.before[name] += owed.get(name, 0.0)
            self.now[name] = 0.0

    # --- one claim ---

    def value(self, claim):
        """The conditions, then the terms from top to bottom, then the payment's own limit."""
        payment = self.payments[claim.payment]
        if not all(self.holds(condition, claim) for condition in conditions_of(payment)):
            return 0.0
        weights = weights_of(payment).items()
        value = sum(weight * self.input(name, claim) for name, weight in weights)
        quantities = self.quantities(claim)
        reader = Reader(
            quantities,
            lambda date: (self.grid.day(claim.instant) - date).days / 365.25,
            lambda name: self.quantity(name, claim),
            lambda name: self.deduction(name, claim),
            lambda rate: self.balances[rate, self.class_of(payment)].at(),
        )
        value = reader.read(payment.terms, value)
        if payment.limit is not None:
            room = level(payment.limit, quantities) - self.paid_by(claim.payment)
            value = min(value, max(room, 0.0))
        return value

    def holds(self, condition, claim):
        """All that are given must hold."""
        if condition.payment is not None:
            return (self.paid_by(condition.payment) > HALF_UNIT) == condition.paid
        own = claim.cohort if claim.cohort in self.contract.cohorts(condition.measure) else None
        value = self.values(condition.measure, own)
        return holds(condition, value, lambda: (value, self.tests(condition.measure, own)))

    def input(self, name, claim):
        """What the payment is of: a period's own where the claim is a period's."""
        share, p = self.share_of(claim), claim.period
        if name == "cost" and p is not None:
            return self.money.cost[p]
        if name == "capital_drawn" and p is not None:
            return share * max(self.out.drawn[p], 0.0)
        return self.quantity(name, claim)

    def quantity(self, name, claim):
        """What a payment may be of, and `times` may name."""
        if name in ("cost", "capital_drawn", "capital_outstanding"):
            return getattr(self.quantities(claim), name.removeprefix("capital_"))
        if name == "paid":
            payee = self.payments[claim.payment].payee
            same = [n for n, other in self.payments.items() if other.payee == payee]
            return sum(self.paid_by(n) for n in same)
        has = claim.cohort is None or claim.cohort in self.contract.cohorts(name)
        return self.values(name, claim.scope if has else None)

    def deduction(self, name, claim):
        """What `less` may name."""
        return self.paid_by(name) if name in self.payments else self.quantity(name, claim)

    def paid_by(self, name):
        return self.before[name] + self.now[name]

    def share_of(self, claim):
        """The payee's share of what is drawn."""
        party = self.class_of(self.payments[claim.payment])
        return 1.0 if party is None else self.classes[party].share.value

    def quantities(self, claim):
        """Bases of levels for this claim's payee, just before it is paid."""
        t, share = claim.instant, self.share_of(claim)
        party = self.class_of(self.payments[claim.payment])
        drawn = self.capital_drawn(t)
        if party is not None:
            outstanding = self.waterfall.owed[party]
        else:
            repaid = sum(self.paid_by(name) for name in self.principal)
            given_back = min(self.out.drawn[t], 0.0)
            outstanding = sum(self.out.drawn[:t]) + given_back - repaid
        p = claim.period if claim.period is not None else max(t - 1, 0)
        return Quantities(
            share * drawn,
            self.money.commitment,
            sum(self.money.cost),
            max(outstanding, 0.0),
            p // self.q + 1,
        )

    def capital_drawn(self, t):
        """Of the whole contract; where capital recycles, at instants before."""
        return sum(self.out.drawn[:t]) if self.so_far else sum(self.out.drawn)

    # --- where the money comes from and goes to ---

    def bear(self, name, t, amount):
        """The payers' shares; a default and a delay change what a payer pays, and when."""
        for payer, share in self.payments[name].payers.items():
            instant, paid = t, share * amount
            if amount > 0:
                instant, paid = self.risks.of_payer(payer, t, paid, self.grid)
            key = (name, payer, instant)
            self.out.cash[key] = self.out.cash.get(key, 0.0) + paid

    def distribute(self, t):
        """Into the contract account where capital recycles, else through the classes."""
        pooled, direct, _ = arrivals(self.scenario, self.out.cash, t)
        if self.recycling:
            pooled = self.release(t, pooled)
        if self.classes:
            self.waterfall.receive(direct, pooled)

    def release(self, t, pooled):
        """What the contract account does not need for cost still to come; at the end all of it."""
        self.cash_in_account += pooled
        needed = self.money.share * sum(self.money.cost[t:]) if t < self.P else 0.0
        freed = max(self.cash_in_account - needed, 0.0)
        self.cash_in_account -= freed
        self.out.released[t] = freed
        return freed

    def draw(self, t):
        """The drawdown of period t; with recycling the account pays first."""
        if self.recycling and t < self.P:
            wanted = self.money.share * self.money.cost[t]
            self.out.account[t] = min(wanted, self.cash_in_account)
            self.cash_in_account -= self.out.account[t]
            left = self.money.commitment - sum(self.out.drawn)
            self.out.drawn[t] = min(wanted - self.out.account[t], left)
        if self.classes:
            self.waterfall.draw(max(self.out.drawn[t], 0.0))


def holds(condition, value, significant):
    """All that are given must hold."""
    ok = True
    if condition.at_least is not None:
        ok = ok and reaches(value, condition.at_least.value)
    if condition.below is not None:
        ok = ok and not reaches(value, condition.below.value)
    if condition.significant is not None:
        effect, error = significant()
        ok = ok and is_significant(effect, error, condition)
    return ok
