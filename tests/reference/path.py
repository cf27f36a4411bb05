"""One path of a scenario from its drawn numbers to every figure."""

from functools import cached_property

from scipy import special

from tests.reference.contract import Contract, Money
from tests.reference.grid import grid_of, months
from tests.reference.ledger import Ledger
from tests.reference.measurement import Evaluation, window_weights
from tests.reference.outcomes import (
    Outcomes,
    clamp,
    cohorts_with,
    lasting_years,
)
from tests.reference.parameters import Parameters
from tests.reference.people import enrolment_period
from tests.reference.reference import ReferenceGroup


def run_path(scenario, seed, path):
    """Every figure of a path by name, and `flows`: amounts by (ledger line, instant).

    `closest` is the smallest distance of any uniform from the threshold that decided a discrete
    outcome, `closest_count` the same for the number of events: a comparison with an engine that
    uses tables may leave out paths where these are tiny.
    """
    model = Model(scenario, seed, path)
    ledger = Ledger(model)
    return {**ledger.figures(), "flows": ledger.flows, **model.closest}


class Model:
    """What is known on one path, computed when first asked for."""

    def __init__(self, scenario, seed, path):
        self.scenario, self.seed, self.path = scenario, seed, path
        self.grid = grid_of(scenario)
        self.parameters = Parameters(scenario, seed, path)
        self.closest = {"closest": 1.0, "closest_count": 1.0}
        self._outcomes, self._levels, self._evaluations, self._values = {}, {}, {}, {}

    # --- discrete decisions ---

    def close_call(self, distance, kind="closest"):
        self.closest[kind] = min(self.closest[kind], abs(distance))

    def close_call_count(self, u, mean, n):
        """A Poisson quantile n was chosen at u."""
        self.close_call(special.pdtr(n, mean) - u, "closest_count")
        if n > 0:
            self.close_call(special.pdtr(n - 1, mean) - u, "closest_count")

    # --- money and time ---

    def lift(self, p):
        """(1 + index)^(calendar year of the period's first day − price_year)."""
        index = self.scenario.index
        if index is None or not index.lift_amounts:
            return 1.0
        return (1 + index.per_year.value) ** (self.grid.day(p).year - self.scenario.price_year)

    def direction(self, name):
        return 1.0 if self.scenario.metrics[name].better == "higher" else -1.0

    def is_money(self, name):
        """An amount whose unit is the currency, stated or not."""
        metric = self.scenario.metrics[name]
        if metric.unit is not None:
            return metric.unit == self.scenario.currency
        return metric.kind == "amount" and metric.price is None

    def money(self, name):
        """Money per unit of a metric: 1 for the currency, else its price; 0 without one."""
        if self.is_money(name):
            return 1.0
        price = self.parameters.value(f"metrics.{name}.price", self.scenario.metrics[name].price)
        return 0.0 if price is None else price

    def spending(self, prefix, plan):
        """Amounts by period of `per_year` or `schedule`, lifted."""
        number = self.parameters.value
        P = self.grid.P
        if getattr(plan, "schedule", None) is not None:
            values = [number(f"{prefix}.schedule.{i}", x) for i, x in enumerate(plan.schedule)]
            values = (values + [0.0] * P)[:P]
        else:
            rate = number(f"{prefix}.per_year", plan.per_year)
            first = plan.start or self.grid.start
            last = plan.until or self.grid.day(P)
            values = [rate * self.grid.years_inside(p, first, last) for p in range(P)]
        return [value * self.lift(p) for p, value in enumerate(values)]

    @cached_property
    def costs(self):
        """Programme cost by period."""
        if self.scenario.capital is None:
            return [0.0] * self.grid.P
        return self.spending("capital.costs", self.scenario.capital.costs)

    @cached_property
    def drawn(self):
        """Capital drawn by instant."""
        drawn = [0.0] * (self.grid.P + 1)
        capital = self.scenario.capital
        if capital is None:
            return drawn
        left = capital.commitment.value
        if capital.drawdown == "at start":
            drawn[0] = min(sum(self.costs), left)
            return drawn
        for p, cost in enumerate(self.costs):
            drawn[p] = min(cost, left)
            left -= drawn[p]
        return drawn

    @cached_property
    def own_contribution(self):
        """By period: cost that the capital drawn does not meet."""
        capital = self.scenario.capital
        if capital is not None and capital.drawdown == "at start":
            left, own = self.drawn[0], []
            for cost in self.costs:
                met = min(cost, left)
                left -= met
                own.append(cost - met)
            return own
        return [cost - self.drawn[p] for p, cost in enumerate(self.costs)]

    # --- people and outcomes ---

    def last_enrolment(self, cohort):
        group = self.scenario.cohorts[cohort]
        return max(enrolment_period(self.grid, group, i) for i in range(group.service_users))

    def years(self, name, metric, start):
        """Number of years of a metric: while k < lasts, to the horizon or the longest window."""
        longest = max(
            (months(self.scenario.measures[x].window) for x in self.measuring(name)), default=0
        )
        k, lasting = 0, lasting_years(metric)
        while start + k * self.grid.q < self.grid.P or 12 * k < longest:
            if lasting is not None and k >= lasting:
                break
            k += 1
        return k

    def long_run(self, cohort, name):
        """The drawn baseline, before any reference moves it."""
        metric = self.scenario.metric_in(cohort, name)
        return clamp(metric, self.parameters.of_metric(cohort, name, "baseline"))

    def level_without(self, cohort, name):
        """b: level without the programme; the first measure in name order that moves it does."""
        if (cohort, name) not in self._levels:
            b = self.parameters.of_metric(cohort, name, "baseline")
            for measure in self.measuring(name):
                reference = self.scenario.measures[measure].reference
                moves = reference is not None and reference.kind in ("observed", "own past")
                if moves and cohort in self.cohorts_of(measure, name):
                    b = ReferenceGroup(self, measure, name).level_without(cohort, b)
                    break
            self._levels[cohort, name] = clamp(self.scenario.metric_in(cohort, name), b)
        return self._levels[cohort, name]

    def outcomes(self, name):
        if name not in self._outcomes:
            self._outcomes[name] = Outcomes(self, name)
        return self._outcomes[name]

    # --- measures ---

    def measured_metrics(self, measure_name):
        measure = self.scenario.measures[measure_name]
        names = [measure.metric] if measure.metric is not None else measure.perimeter
        return [name for name in names if name != "programme_cost"]

    def measuring(self, name):
        """Measures of a metric, in name order."""
        return [x for x in sorted(self.scenario.measures) if name in self.measured_metrics(x)]

    def cohorts_of(self, measure_name, name):
        """The measure's cohorts that have the metric."""
        chosen = self.scenario.measures[measure_name].cohorts
        have = cohorts_with(self.scenario, name)
        return [c for c in have if chosen is None or c in chosen]

    def measure_cohorts(self, measure_name):
        names = self.measured_metrics(measure_name)
        return sorted({c for name in names for c in self.cohorts_of(measure_name, name)})

    def weights(self, measure_name, name):
        metric = self.scenario.metrics[name]
        window = months(self.scenario.measures[measure_name].window)
        return window_weights(metric, window, lasting_years(metric))

    def value(self, measure_name, scope=None):
        """Value of a measure: pooled (None), of a cohort (its name) or of a period (its number)."""
        if (measure_name, scope) not in self._values:
            evaluation = Evaluation(self, measure_name)
            if scope is None:
                value = evaluation.pooled()
            elif isinstance(scope, str):
                value = evaluation.of_cohort(scope)
            else:
                value = evaluation.of_period(scope)
            self._values[measure_name, scope] = value
        return self._values[measure_name, scope]

    # --- contract ---

    @cached_property
    def contract(self):
        capital = self.scenario.capital
        commitment = capital.commitment.value if capital is not None else 0.0
        money = Money(self.drawn, self.costs, commitment)
        return Contract(self.scenario, self.grid, money, self.measure_cohorts, self.last_enrolment)

    def paid(self, which):
        """Amounts by (payment, instant) on the measured or the expected values."""
        return self.contract.paid(lambda x, scope: getattr(self.value(x, scope), which))
