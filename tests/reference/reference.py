"""What the evaluator compares with: R per user over the window, and the truth it moves (§5)."""

import math

from scipy import special

from tests.reference.outcomes import YEAR_BEFORE, People, clamp, spread_of_metric
from tests.reference.parameters import mean_of
from tests.reference.philox import parameter_uniform
from tests.reference.states import reference_mean, window_total


class ReferenceGroup:
    """The reference of one measure for one of its metrics."""

    def __init__(self, model, measure_name, name):
        self.model, self.measure_name, self.name = model, measure_name, name
        self.measure = model.scenario.measures[measure_name]
        self.reference = self.measure.reference
        self.metric = model.scenario.metrics[name]
        self.cohorts = model.cohorts_of(measure_name, name)

    # --- numbers ---

    def number(self, field, default=0.0):
        """A drawn number of the reference."""
        key = f"measures.{self.measure_name}.reference.{field}"
        value = self.model.parameters.value(key, getattr(self.reference, field))
        return default if value is None else value

    def years_between(self):
        """y = scenario's price_year − reference's price_year; 0 if either is not given."""
        here, there = self.model.scenario.price_year, self.reference.price_year
        return here - there if here is not None and there is not None else 0

    def lift(self):
        indexed = self.reference.indexed
        return (1 + (indexed.value if indexed else 0.0)) ** self.years_between()

    def growth(self):
        return (1 + self.number("price_growth")) ** self.years_between()

    def average(self, of_cohort):
        """Average over the measure's cohorts, by service users."""
        sizes = {c: self.model.scenario.cohorts[c].service_users for c in self.cohorts}
        return sum(sizes[c] * of_cohort(c) for c in sizes) / sum(sizes.values())

    def declared(self, cohort):
        """The declared baseline: the mean of its law; of states the chain's mean a year."""
        if self.metric.states is not None:
            return self.window_total(cohort)[0] / sum(self.weights())
        return mean_of(self.model.scenario.metric_in(cohort, self.name).baseline)

    def stated(self):
        """v: the stated value, by default the average declared baseline."""
        value = self.reference.value
        if isinstance(value, dict):
            value = value.get(self.name)
        return value.value if value is not None else self.average(self.declared)

    def weights(self):
        return self.model.weights(self.measure_name, self.name)

    def window_total(self, cohort):
        """Mean and variance of one person's total over the window without the programme."""
        return window_total(self.model, cohort, self.name, self.weights())

    # --- truth ---

    def factor(self):
        """What the observed number, its growth, drift and error make of the declared level."""
        moved = self.growth() * (1 + self.number("drift")) * self.sampling_error()
        return self.stated() / self.average(self.declared) * moved

    def level_without(self, cohort, baseline):
        """b of a cohort, from its drawn baseline."""
        if self.reference.kind == "observed":
            return self.declared(cohort) * self.factor()
        if self.reference.kind == "own past":
            rho = self.metric.persistence.value if self.metric.persistence else 0.0
            return baseline * (1 + rho * (self.number("before", 1.0) - 1))
        return baseline

    def sampling_error(self):
        """ε: mean 1, relative standard error of a mean of `size` people over the window."""
        size = self.reference.size
        if size is None:
            return 1.0
        stream = f"measures.{self.measure_name}/truth/metrics.{self.name}"
        u = parameter_uniform(self.model.seed, stream, self.model.path)
        v = self.stated()
        if self.metric.kind == "binary":
            return float(special.betaincinv(v * size, (1 - v) * size, u)) / v
        relative = self.relative_variance(v) / size
        return float(special.gammaincinv(1 / relative, u)) * relative

    def relative_variance(self, v):
        """Variance of one person's window total over the square of its mean."""
        if self.metric.states is not None:
            both = {c: self.window_total(c) for c in self.cohorts}
            squares = self.average(lambda c: both[c][1] + both[c][0] ** 2)
            return squares / self.average(lambda c: both[c][0]) ** 2 - 1
        rho = self.metric.persistence.value if self.metric.persistence else 0.0
        variance, covariance = _moments(spread_of_metric(self.metric), rho)
        own = variance + (1 / v if self.metric.kind == "count" else 0.0)
        weights = self.model.weights(self.measure_name, self.name)
        squares = sum(w * w for w in weights)
        return (squares * own + (sum(weights) ** 2 - squares) * covariance) / sum(weights) ** 2

    # --- R ---

    def per_user(self, cohorts):
        """R for the given cohorts of the measure (they matter to a group's own past alone)."""
        kind = self.reference.kind if self.reference else "none"
        window = sum(self.model.weights(self.measure_name, self.name))
        if kind == "none":
            return 0.0
        if kind in ("fixed", "observed"):
            return self.stated() * window * self.lift()
        if self.metric.given is not None:
            raise ValueError("people of a reference group have no binary outcome to depend on")
        if kind == "own past":
            return window * self.own_before(cohorts, self.number("before", 1.0))
        drift = 1 + self.number("drift")
        if self.metric.states is not None:
            return self.of_states(kind, drift)
        level = self.average(lambda c: self.model.level_without(c, self.name))
        if kind == "to be collected":
            return self.group_after(level / drift) * self.lift() / self.growth()
        if kind == "matched":
            return self.group_after(level * (1 + self.number("bias")))
        if kind == "randomised":
            return self.group_after(level)
        after, before = self.group_after(level / drift), self.group_before(level)
        return window * (self.own_before(cohorts, 1.0) + after / window - before)

    def of_states(self, kind, drift):
        """Reference people's months by the chain; what is measured drifts, or is biased."""
        size = self.reference.size
        names = (self.model, self.measure_name, self.name)
        mean = reference_mean(*names, self.cohorts, size, self.weights())
        if kind == "to be collected":
            return mean / drift * self.lift() / self.growth()
        return mean * (1 + self.number("bias")) if kind == "matched" else mean

    def group_after(self, level):
        """Mean window total (rate for binary) over `size` people with this level."""
        return sum(self.person(j, level) for j in range(self.reference.size)) / self.reference.size

    def person(self, j, level):
        people = People(self.model, f"measures.{self.measure_name}/reference")
        mean = clamp(self.metric, level)
        if self.metric.kind == "binary":
            counts = sum(self.model.weights(self.measure_name, self.name)) > 0
            return float(people.succeeds(self.name, j, mean)) if counts else 0.0
        weights = self.model.weights(self.measure_name, self.name)
        total = sum(
            w * people.year(self.name, self.metric, j, k, mean) for k, w in enumerate(weights)
        )
        most = self.measure.per_person_most
        return total if most is None else min(total, most.value)

    def group_before(self, level):
        """Mean of the reference people's year before."""
        self.refuse_binary()
        people = People(self.model, f"measures.{self.measure_name}/reference")
        mean = clamp(self.metric, level)
        size = self.reference.size
        return (
            sum(people.year(self.name, self.metric, j, YEAR_BEFORE, mean) for j in range(size))
            / size
        )

    def own_before(self, cohorts, multiple):
        """Mean of the cohorts' own people in their year before, at multiple × long-run level."""
        self.refuse_binary()
        total, users = 0.0, 0
        for cohort in cohorts:
            metric = self.model.scenario.metric_in(cohort, self.name)
            mean = clamp(metric, multiple * self.model.long_run(cohort, self.name))
            people = People(self.model, f"cohorts.{cohort}")
            for i in self.model.enrolled(cohort):
                total += people.year(self.name, metric, i, YEAR_BEFORE, mean)
                users += 1
        return total / users if users else 0.0

    def refuse_binary(self):
        if self.metric.kind == "binary":
            raise ValueError("a binary metric has no year before")


_known = {}


def _moments(spread, rho):
    """Moments are a heavy integral: kept by the law and the correlation."""
    key = (spread.law, spread.none, spread.cap, tuple(spread.parameters), rho)
    if key not in _known:
        if spread.law == "constant" and spread.none == 0:
            _known[key] = (0.0, 0.0)
        else:
            _known[key] = spread.moments(rho)
    assert math.isfinite(_known[key][0])
    return _known[key]
