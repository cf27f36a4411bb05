"""Classes of capital: who provides what is drawn, and who gets what the investor receives (§6)."""


class Waterfall:
    """Principal and interest owed to each class; amounts by class come out of every method."""

    def __init__(self, classes, q):
        self.classes = classes
        self.owed = dict.fromkeys(classes, 0.0)  # its share of what is drawn, less repaid
        self.interest = dict.fromkeys(classes, 0.0)
        self.rates = {
            name: (1 + part.interest.value) ** (1 / q) - 1 if part.interest is not None else 0.0
            for name, part in classes.items()
        }
        self.repaid_ones = [name for name, part in classes.items() if part.kind != "grant"]

    def accrue(self):
        """Interest of a period on what is outstanding and on unpaid interest."""
        for name, rate in self.rates.items():
            self.interest[name] += (self.owed[name] + self.interest[name]) * rate

    def draw(self, amount):
        """Each class provides its share of a drawdown."""
        parts = {name: part.share.value * amount for name, part in self.classes.items()}
        for name, part in parts.items():
            self.owed[name] += part
        return parts

    def give_back(self, amount):
        """Each class gets its share of what was drawn and not spent."""
        parts = {name: part.share.value * amount for name, part in self.classes.items()}
        for name, part in parts.items():
            self.owed[name] = max(self.owed[name] - part, 0.0)
        return parts

    def direct(self, name, amount):
        """A payment to a class by name counts as its interest first, then as principal."""
        for owed in (self.interest, self.owed):
            part = min(max(amount, 0.0), max(owed[name], 0.0))
            owed[name] -= part
            amount -= part

    def by_share(self, amount):
        """In proportion to `share` among all but grants: what is left, or a negative payment."""
        shares = {name: self.classes[name].share.value for name in self.repaid_ones}
        return {name: amount * share / sum(shares.values()) for name, share in shares.items()}

    def pass_down(self, amount):
        """By rank, interest and then principal, in proportion to what is owed; then the rest."""
        got = dict.fromkeys(self.classes, 0.0)
        for rank in sorted({self.classes[name].rank for name in self.repaid_ones}):
            names = [name for name in self.repaid_ones if self.classes[name].rank == rank]
            for owed in (self.interest, self.owed):
                total = sum(owed[name] for name in names)
                paid = min(amount, total)
                for name in names if total > 0 else []:
                    part = paid * owed[name] / total
                    owed[name] -= part
                    got[name] += part
                amount -= paid
        for name, part in self.residual(amount).items():
            got[name] += part
        return got

    def receive(self, direct, pooled):
        """What arrives at an instant: by name first, then through the waterfall."""
        for name, amount in direct.items():
            self.direct(name, amount)
        return self.pass_down(pooled)

    def residual(self, amount):
        stated = {n: c.residual.value for n, c in self.classes.items() if c.residual is not None}
        if stated:
            return {name: share * amount for name, share in stated.items()}
        return self.by_share(amount)


def arrivals(scenario, cash, t):
    """(paid to the investor, pooled; paid to classes by name; paid in by the investor) at t."""
    pooled, negative, direct = 0.0, 0.0, {}
    for (name, _, instant), amount in cash.items():
        payee = scenario.payments[name].payee
        if instant != t:
            continue
        if scenario.capital is not None and payee in scenario.capital.classes:
            direct[payee] = direct.get(payee, 0.0) + max(amount, 0.0)
        elif payee == "investor":
            pooled, negative = pooled + max(amount, 0.0), negative + min(amount, 0.0)
    return pooled, direct, negative


def shared(scenario, grid, out, payouts):
    """By class and instant, what it provides, and what the waterfall gives it.

    The latter less its part of negative payments; payments to a class by name are not among it.
    `payouts` are the guarantees' by instant; with recycling only what the account releases passes.
    """
    waterfall = Waterfall(scenario.capital.classes, grid.q)
    provided = {name: [0.0] * (grid.P + 1) for name in waterfall.classes}
    given = {name: [0.0] * (grid.P + 1) for name in waterfall.classes}
    for t in range(grid.P + 1):
        if t:
            waterfall.accrue()
        back = waterfall.give_back(max(-out.drawn[t], 0.0))
        pooled, direct, negative = arrivals(scenario, out.cash, t)
        if scenario.capital.recycling:
            pooled = out.released[t]
        got = waterfall.receive(direct, pooled + payouts.get(t, 0.0))
        for part in (got, waterfall.by_share(negative)):
            for name, amount in part.items():
                given[name][t] += amount
        for name, amount in waterfall.draw(max(out.drawn[t], 0.0)).items():
            provided[name][t] = amount - back[name]
    return provided, given
