"""What the programme costs, and what capital meets of it (§6)."""


def spending(model, prefix, plan):
    """Amounts by period: yearly or listed, and by enrolment; lifted, grown, dearer after a shock.

    Nothing is spent from an early end on.
    """
    grid, number = model.grid, model.parameters.value
    amounts = [0.0] * grid.P
    if getattr(plan, "schedule", None) is not None:
        for p, x in enumerate(plan.schedule[: grid.P]):
            amounts[p] += number(f"{prefix}.schedule.{p}", x)
    if plan.per_year is not None:
        rate = number(f"{prefix}.per_year", plan.per_year)
        first, last = plan.start or grid.start, plan.until or grid.day(grid.P)
        for p in range(grid.P):
            amounts[p] += rate * grid.years_inside(p, first, last)
    if getattr(plan, "per_service_user", None) is not None:
        each = number(f"{prefix}.per_service_user", plan.per_service_user)
        for p in range(grid.P):
            amounts[p] += each * model.enrolling(p)
    growth = number(f"{prefix}.growth", getattr(plan, "growth", None)) or 0.0
    return [
        amount
        * model.lift(p)
        * (1 + growth) ** ((p + 0.5) / grid.q)
        * shock(model, prefix, plan, p)
        if not model.ended(p)
        else 0.0
        for p, amount in enumerate(amounts)
    ]


def shock(model, prefix, plan, p):
    """1 + share from the period that holds the shock's day."""
    if plan.shock is None or p < model.grid.period_of(plan.shock.start):
        return 1.0
    return 1 + model.parameters.value(f"{prefix}.shock.share", plan.shock.share)


def programme_cost(model):
    """By period, never below 0; nothing from an early end on."""
    capital = model.scenario.capital
    if capital is None:
        return [0.0] * model.grid.P
    return [max(x, 0.0) for x in spending(model, "capital.costs", capital.costs)]


def share_of_cost(capital):
    return capital.share.value if capital is not None and capital.share is not None else 1.0


def drawdown(capital, cost, planned, end):
    """Capital drawn by instant, where it does not depend on payments.

    At the start what the plan costs; what an early end leaves of it goes back then.
    """
    drawn = [0.0] * (len(cost) + 1)
    if capital is None:
        return drawn
    left, share = capital.commitment.value, share_of_cost(capital)
    if capital.drawdown == "at start":
        drawn[0] = min(share * sum(planned), left)
        if end is not None:
            drawn[end] -= drawn[0] - min(share * sum(cost), drawn[0])
        return drawn
    for p, x in enumerate(cost):
        drawn[p] = min(share * x, left)
        left -= drawn[p]
    return drawn


def own_contribution(capital, cost, drawn, account):
    """By period: cost that neither capital nor the contract account meets."""
    if capital is None:
        return [0.0] * len(cost)
    if capital.drawdown == "at start":
        left, own = sum(drawn), []
        for x in cost:
            met = min(share_of_cost(capital) * x, left)
            left -= met
            own.append(x - met)
        return own
    return [x - drawn[p] - account[p] for p, x in enumerate(cost)]
