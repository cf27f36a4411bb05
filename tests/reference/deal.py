"""The contract's part of a path: cost, capital, what goes wrong, what is paid to whom (§6)."""

from copy import copy
from dataclasses import replace
from functools import cached_property

from tests.reference.capital import drawdown, own_contribution, programme_cost, share_of_cost
from tests.reference.contract import Contract
from tests.reference.events import Events
from tests.reference.guarantees import guarantee_payouts
from tests.reference.settlement import Money, Settlement, holds
from tests.reference.waterfall import shared

_AFTER_SETTLEMENT = (
    *("ideal", "payouts", "provided", "distributed", "distributed_before", "own_contribution"),
)


class Deal:
    """What a model knows of its contract, computed when first asked for."""

    @cached_property
    def costs(self):
        """Programme cost by period."""
        return programme_cost(self)

    @cached_property
    def money(self):
        """What the contract pass needs to know of cost and capital."""
        capital = self.scenario.capital
        recycling = capital is not None and capital.recycling
        return Money(
            None if recycling else drawdown(capital, self.costs, self.planned.costs, self.end),
            self.costs,
            capital.commitment.value if capital is not None else 0.0,
            share_of_cost(capital),
        )

    @cached_property
    def contract(self):
        return Contract(
            self.scenario,
            self.grid,
            self.measure_cohorts,
            self.last_enrolment,
            self.end,
            self.ended_by,
        )

    @cached_property
    def events(self):
        """What goes wrong; interim results are those of the programme as planned."""
        contract, plan = self.contract, self.planned

        def tested(condition):
            value = plan.value(condition.measure).measured
            evaluation = plan.evaluation(condition.measure)
            return holds(condition, value, lambda: (value, evaluation.error(None, "measured")))

        def reported(condition):
            return contract.evaluated(condition.measure, contract.cohorts(condition.measure))

        return Events(
            self.scenario, self.grid, self.parameters, tested, reported, contract.last_spending()
        )

    def settle(self, which, money):
        """The contract on the measured or on the expected values."""
        return Settlement(
            self.contract,
            money,
            lambda x, scope: getattr(self.value(x, scope), which),
            sum(len(self.enrolled(c)) for c in self.scenario.cohorts),
            self.planned.events.risks(),
            lambda x, scope: self.evaluation(x).error(scope, which),
        )

    @cached_property
    def settlement(self):
        """What comes of the contract: drawn, owed, paid."""
        settlement = self.settle("measured", self.money)
        settlement.run()
        return settlement

    @cached_property
    def ideal(self):
        """What would be owed on expected values, on the same drawdown."""
        money = replace(self.money, drawn=self.settlement.out.drawn)
        return self.settle("expected", money).run().owed

    def on_expected_effect(self):
        """The same path and end, had everybody paid on the expected effect; nothing guaranteed.

        The whole contract is run again: its own drawdown where capital recycles, its own defaults,
        delays, fees and waterfall.
        """
        other = copy(self)
        for name in _AFTER_SETTLEMENT:
            other.__dict__.pop(name, None)
        other.settlement = self.settle("expected", self.money)
        other.settlement.run()
        other.payouts = {}
        return other

    @cached_property
    def payouts(self):
        """By (guarantee, instant)."""
        return guarantee_payouts(self.contract, self.money, self.settlement)

    @cached_property
    def provided(self):
        """Capital by class and instant."""
        return shared(self.scenario, self.grid, self.settlement.out, {})[0]

    @cached_property
    def distributed(self):
        """What the waterfall gives, by class and instant, guarantee payouts among it."""
        by_instant = {}
        for (_, t), amount in self.payouts.items():
            by_instant[t] = by_instant.get(t, 0.0) + amount
        return shared(self.scenario, self.grid, self.settlement.out, by_instant)[1]

    @cached_property
    def distributed_before(self):
        """The same without guarantees."""
        return shared(self.scenario, self.grid, self.settlement.out, {})[1]

    @property
    def drawn(self):
        return self.settlement.out.drawn

    @cached_property
    def own_contribution(self):
        """By period: cost that neither capital nor the contract account meets."""
        found = self.settlement.out
        return own_contribution(self.scenario.capital, self.costs, found.drawn, found.account)
