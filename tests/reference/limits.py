"""What a contract pays at most, whatever its payments say (§6)."""

from tests.reference.terms import is_activity, to_investor


def limited(scenario, due, allowed):
    """Amounts of one instant by payment, cut so that the investor is paid at most `allowed`.

    What is above is taken from outcome payments, all in the same proportion (negative ones too) and
    no further than their sum, then so from activity payments.
    """
    payments, paid = scenario.payments, dict(due)
    counted = [name for name in due if to_investor(scenario, payments[name])]
    activity = [name for name in counted if is_activity(payments[name])]
    outcome = [name for name in counted if name not in activity]
    of_outcome, of_activity = (sum(due[name] for name in group) for group in (outcome, activity))
    if of_outcome + of_activity <= allowed:
        return paid
    left = min(of_outcome, max(allowed - of_activity, 0.0))
    for group, total, keeps in (
        (outcome, of_outcome, left),
        (activity, of_activity, min(of_activity, max(allowed - left, 0.0))),
    ):
        for name in group:
            paid[name] = due[name] * keeps / total if total > 0 else due[name]
    return paid


class Rooms:
    """The limits of a contract, instant by instant."""

    def __init__(self, limits, q, users):
        self.rooms = []
        if limits.total is not None:
            self.rooms.append(Total(limits.total.value))
        if limits.per_service_user is not None:
            self.rooms.append(Total(limits.per_service_user.value * users))
        if limits.per_period is not None:
            self.rooms.append(AtOnce(limits.per_period.value))
        if limits.multiple is not None:
            self.rooms.append(Multiple(limits.multiple.value))
        if limits.annual_return is not None:
            kind = {"compound": Compound, "simple": Simple}[limits.annual_return.form]
            self.rooms.append(kind(limits.annual_return.rate.value, q))

    def at(self, drawn):
        """What may be paid now, `drawn` being the capital drawn that a multiple is of."""
        return min((room.at(drawn) for room in self.rooms), default=float("inf"))

    def give_back(self, amount):
        """Capital that goes back unspent; only limits on the return look at when."""
        for room in self.rooms:
            if isinstance(room, Compound | Simple):
                room.give_back(amount)

    def pay(self, amount, drawn):
        """This was paid, and this much drawn at the same instant."""
        for room in self.rooms:
            room.pay(amount, drawn)


class Total:
    """Cumulative sum ≤ limit."""

    def __init__(self, limit):
        self.left = limit

    def at(self, drawn):
        return self.left

    def pay(self, amount, drawn):
        self.left -= amount


class AtOnce:
    """What is due at one instant ≤ limit."""

    def __init__(self, limit):
        self.limit = limit

    def at(self, drawn):
        return self.limit

    def pay(self, amount, drawn):
        pass


class Multiple:
    """Cumulative sum ≤ multiple × capital drawn."""

    def __init__(self, multiple):
        self.multiple, self.paid = multiple, 0.0

    def at(self, drawn):
        return self.multiple * drawn - self.paid

    def pay(self, amount, drawn):
        self.paid += amount


class Compound:
    """B ← B·(1 + r′), pay ≤ max(B, 0), B ← B − pay + drawn."""

    def __init__(self, rate, q):
        self.growth, self.balance = (1 + rate) ** (1 / q), 0.0

    def at(self, drawn=None):
        return max(self.balance * self.growth, 0.0)

    def give_back(self, amount):
        """This goes back now, before anything is paid; the period's interest on it is due."""
        self.balance -= amount / self.growth

    def pay(self, amount, drawn):
        self.balance = self.balance * self.growth - amount + drawn


class Simple:
    """Simple interest on unpaid principal at rate/q, paid before principal."""

    def __init__(self, rate, q):
        self.rate = rate / q
        self.principal = self.interest = 0.0

    def at(self, drawn=None):
        return max(self.principal + self.interest + self.principal * self.rate, 0.0)

    def give_back(self, amount):
        """This goes back now, before anything is paid; the period's interest on it is due."""
        self.principal -= amount
        self.interest += amount * self.rate

    def pay(self, amount, drawn):
        self.interest += self.principal * self.rate
        first = min(max(amount, 0.0), self.interest)
        self.interest -= first
        self.principal += drawn - (amount - first)
