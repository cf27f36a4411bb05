"""One path of a scenario from its drawn numbers to every figure."""

from scipy import special

from tests.reference.deal import Deal
from tests.reference.figures import Figures
from tests.reference.grid import grid_of, months
from tests.reference.groups import levels
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
    return everything(path_model(scenario, seed, path))


def everything(model):
    """`run_path` of a model that is made already."""
    ledger = Figures(model)
    return {**ledger.figures(), "flows": ledger.flows, **model.closest}


def profits_before_protection(model):
    """The investor's profit without guarantees: as paid, and had all paid on the expected effect.

    `…closest` as in `run_path`.
    """
    paid, ideal = (Figures(m).investor() for m in (model, model.on_expected_effect()))
    name = "investor.profit_before_protection"
    return {"paid": paid[name], "ideal": ideal[name], **model.closest}


def path_model(scenario, seed, path):
    """The path's model; one that ends early where an event on the path as planned ends it."""
    planned = Model(scenario, seed, path)
    end, ended_by = planned.events.end()
    if end is None:
        return planned
    return Model(scenario, seed, path, end, ended_by, planned)


class Model(Deal):
    """What is known on one path, computed when first asked for.

    `end` is the instant at which the contract ends early, `planned` the model that runs on.
    """

    def __init__(self, scenario, seed, path, end=None, ended_by=None, planned=None):
        self.scenario, self.seed, self.path = scenario, seed, path
        self.end, self.ended_by, self.planned = end, ended_by, planned or self
        self.grid = grid_of(scenario)
        self.parameters = Parameters(scenario, seed, path)
        self.closest = {"closest": 1.0, "closest_count": 1.0}
        self.levels = planned.levels if planned is not None else levels(scenario)
        if planned is not None:
            self.closest = planned.closest
        self._outcomes, self._levels, self._values, self._enrolled = {}, {}, {}, {}
        self.shares_by_month = {}

    # --- discrete decisions ---

    def close_call(self, distance, kind="closest"):
        self.closest[kind] = min(self.closest[kind], abs(distance))

    def close_call_count(self, u, mean, n):
        """A Poisson quantile n was chosen at u."""
        self.close_call(special.pdtr(n, mean) - u, "closest_count")
        if n > 0:
            self.close_call(special.pdtr(n - 1, mean) - u, "closest_count")

    def level(self, cohort, name):
        """Whether participants are drawn, how many succeed, or the sum of a group."""
        return self.levels[cohort, name]

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

    def worth(self, name):
        """Money per unit of a metric: 1 for the currency, else its price; 0 without one."""
        if self.is_money(name):
            return 1.0
        price = self.parameters.value(f"metrics.{name}.price", self.scenario.metrics[name].price)
        return 0.0 if price is None else price

    def ended(self, period):
        """True where the contract has ended before this period."""
        return self.end is not None and period >= self.end

    # --- people and outcomes ---

    def enrolled(self, cohort):
        """Service users who enrol: as many as are reached, before an early end."""
        if cohort not in self._enrolled:
            group = self.scenario.cohorts[cohort]
            n, number = group.service_users, group.enrolment.reached
            key = f"cohorts.{cohort}.enrolment.reached"
            reached = 1.0 if number is None else self.parameters.value(key, number)
            self._enrolled[cohort] = [
                i
                for i in range(n)
                if (i + 0.5) / n < reached and not self.ended(enrolment_period(self.grid, group, i))
            ]
        return self._enrolled[cohort]

    def enrolling(self, period):
        """Service users of all cohorts who enrol in a period."""
        cohorts = self.scenario.cohorts
        starts = [
            enrolment_period(self.grid, cohorts[c], i) for c in cohorts for i in self.enrolled(c)
        ]
        return starts.count(period)

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

    def state_factor(self, cohort, name):
        """An observed reference's level over the chain's own; 1 where there is none."""
        for measure in self.measuring(name):
            reference = self.scenario.measures[measure].reference
            observed = reference is not None and reference.kind == "observed"
            if observed and cohort in self.cohorts_of(measure, name):
                return ReferenceGroup(self, measure, name).factor()
        return 1.0

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

    def evaluation(self, measure_name):
        return Evaluation(self, measure_name)

    def value(self, measure_name, scope=None):
        """Value of a measure: pooled (None), of a cohort (its name) or of a period (its number)."""
        if (measure_name, scope) not in self._values:
            evaluation = self.evaluation(measure_name)
            if scope is None:
                value = evaluation.pooled()
            elif isinstance(scope, str):
                value = evaluation.of_cohort(scope)
            else:
                value = evaluation.of_period(scope)
            self._values[measure_name, scope] = value
        return self._values[measure_name, scope]
