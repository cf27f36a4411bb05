"""What a contract pays at most, whatever its payments say (§6)."""

from tests.reference.terms import is_activity


def limited(scenario, money, grid, due):
    """Cuts, instant by instant, what is above the limits: outcome payments first, in proportion."""
    paid = dict(due)
    to_investor = [n for n in scenario.payments if scenario.payments[n].payee == "investor"]
    activity = [n for n in to_investor if is_activity(scenario.payments[n])]
    outcome = [n for n in to_investor if n not in activity]
    rooms = rooms_of(scenario.limits, money, grid)
    for t in range(grid.P + 1):
        wanted = sum(paid.get((n, t), 0.0) for n in to_investor)
        cut = max(0.0, wanted - min([room.at(t) for room in rooms], default=wanted))
        for group in (outcome, activity):
            cut -= _cut(paid, group, t, cut)
        actual = sum(paid.get((n, t), 0.0) for n in to_investor)
        for room in rooms:
            room.pay(t, actual)
    return paid


def _cut(paid, names, t, cut):
    """Takes up to `cut` from a group's positive amounts, in proportion; returns what it took."""
    amounts = {n: paid[n, t] for n in names if paid.get((n, t), 0.0) > 0}
    total = sum(amounts.values())
    taken = min(cut, total)
    for n, amount in amounts.items():
        paid[n, t] = amount - taken * amount / total
    return taken


def rooms_of(limits, money, grid):
    """The limits that a contract has."""
    rooms = []
    if limits.total is not None:
        rooms.append(Total(limits.total.value))
    if limits.multiple is not None:
        rooms.append(Total(limits.multiple.value * sum(money.drawn)))
    if limits.annual_return is not None:
        kind = {"compound": Compound, "simple": Simple}[limits.annual_return.form]
        rooms.append(kind(limits.annual_return.rate.value, money.drawn, grid.q))
    return rooms


class Total:
    """Cumulative sum ≤ limit."""

    def __init__(self, limit):
        self.left = limit

    def at(self, t):
        return self.left

    def pay(self, t, amount):
        self.left -= amount


class Compound:
    """B ← B·(1 + r′), pay ≤ max(B, 0), B ← B − pay + drawn."""

    def __init__(self, rate, drawn, q):
        self.growth, self.drawn, self.balance = (1 + rate) ** (1 / q), drawn, 0.0

    def at(self, t):
        return max(self.balance * self.growth, 0.0)

    def pay(self, t, amount):
        self.balance = self.balance * self.growth - amount + self.drawn[t]


class Simple:
    """Simple interest on unpaid principal at rate/q, paid before principal."""

    def __init__(self, rate, drawn, q):
        self.rate, self.drawn = rate / q, drawn
        self.principal = self.interest = 0.0

    def at(self, t):
        return max(self.principal + self.interest + self.principal * self.rate, 0.0)

    def pay(self, t, amount):
        self.interest += self.principal * self.rate
        first = min(max(amount, 0.0), self.interest)
        self.interest -= first
        self.principal += self.drawn[t] - (amount - first)
