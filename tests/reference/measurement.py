"""What the evaluator sees: quantities by measure and scope, measured, expected, realised (§5)."""

import math
from dataclasses import dataclass

from scipy import special

from tests.reference.capped import counted
from tests.reference.people import settled_after
from tests.reference.philox import parameter_uniform, uniform
from tests.reference.reference import ReferenceGroup
from tests.reference.significance import Compared, variance

NEEDS_REFERENCE = ("effect", "effect per user", "relative effect", "saving")


@dataclass(frozen=True)
class Sums:
    """Totals of one metric over the users in scope, in the metric's unit."""

    seen: float  # measured T
    reference: float  # n·R
    truth: float  # T
    expected: float  # E[T|θ]
    without: float  # E[B|θ]
    against: float  # E[B|θ] of what counts


@dataclass(frozen=True)
class Value:
    """The three values of a quantity."""

    measured: float
    expected: float
    realised: float


def quantity(kind, direction, n, total, base):
    """A quantity from a total and its base n·R (or E[B|θ])."""
    effect = direction * (total - base)
    if kind == "count":
        return total
    if kind == "rate":
        return total / n if n else 0.0
    if kind == "effect":
        return effect
    if kind == "effect per user":
        return effect / n if n else 0.0
    if kind == "relative effect":
        return effect / base if base > 0 else 0.0
    raise ValueError(kind)


def by_person(records):
    """Weighted records by (cohort, user)."""
    persons = {}
    for record, w in records:
        persons.setdefault((record.cohort, record.user), []).append((record, w))
    return persons


class Evaluation:
    """One measure on one path."""

    def __init__(self, model, name):
        self.model, self.name = model, name
        self.measure = model.scenario.measures[name]
        self.all_cohorts = model.measure_cohorts(name)
        self.groups = {m: ReferenceGroup(model, name, m) for m in model.measured_metrics(name)}

    # --- scopes ---

    def pooled(self):
        return self._value(self.all_cohorts, None, "")

    def of_cohort(self, cohort):
        return self._value([cohort], None, f"@{cohort}")

    def of_period(self, period):
        return self._value(self.all_cohorts, period, f"@{period}")

    def _value(self, cohorts, period, scope):
        kind = self.measure.quantity or "saving"
        n = self._measured(cohorts, period)
        if kind == "saving":
            value = self._saving(cohorts, period)
        else:
            metric = self.measure.metric
            sums = self._sums(metric, cohorts, period)
            d = self.model.direction(metric)
            value = Value(
                quantity(kind, d, n, sums.seen, sums.reference),
                quantity(kind, d, n, sums.expected, sums.against),
                quantity(kind, d, n, sums.truth, sums.without),
            )
        if self.measure.standard_error is None:
            return value
        noise = self._standard_error() * self._score(scope)
        return Value(value.realised + noise, value.expected, value.realised)

    def _saving(self, cohorts, period):
        measured = expected = realised = 0.0
        for metric in self.groups:
            sums = self._sums(metric, cohorts, period)
            scale = self.model.worth(metric) * self.model.direction(metric)
            measured += scale * (sums.seen - sums.reference)
            expected += scale * (sums.expected - sums.against)
            realised += scale * (sums.truth - sums.without)
        costs = self.model.costs
        if "programme_cost" in (self.measure.perimeter or []):
            cost = sum(x for p, x in enumerate(costs) if self._counts(p, period))
            return Value(measured - cost, expected - cost, realised - cost)
        return Value(measured, expected, realised)

    # --- noise ---

    def _number(self, field, number):
        return self.model.parameters.value(f"measures.{self.name}.{field}", number)

    def _standard_error(self):
        return self._number("standard_error", self.measure.standard_error)

    def _score(self, scope):
        stream = f"measures.{self.name}/standard_error{scope}"
        return float(special.ndtri(parameter_uniform(self.model.seed, stream, self.model.path)))

    def error(self, cohort, which):
        """The standard error that an evaluator plans with, on the measured or expected values."""
        if self.measure.standard_error is not None:
            return self._standard_error()
        quantity = self.measure.quantity or "saving"
        scope = self.all_cohorts if cohort is None else [cohort]
        found = [variance(self.compared(metric, scope, which), quantity) for metric in self.groups]
        return math.sqrt(sum(found))

    def compared(self, metric, cohorts, which):
        """One metric as the test sees it; against E[B|θ] on expected values."""
        group = self.groups[metric]
        cohorts = [c for c in cohorts if c in group.cohorts]
        n = sum(len(self.model.enrolled(c)) for c in cohorts)
        sums, words = self._sums(metric, cohorts, None), self.model.scenario.metrics[metric]
        seen, against = sums.seen, sums.reference
        if which == "expected":
            seen, against = sums.expected, sums.against
        binary = words.kind == "binary"
        known = group.reference is None or group.reference.kind != "own past"
        size = (group.reference.size or 0) if known and group.reference is not None else n
        spread = (
            0.0 if binary else math.sqrt(group.relative_variance(group.average(group.declared)))
        )
        per = max(n, 1)
        money = self.model.worth(metric)
        return Compared(binary, n, size, seen / per, against / per, spread, money)

    # --- totals ---

    def weight(self, record):
        """w_k of a record; a binary outcome counts if `at` ≤ w."""
        weights = self.model.weights(self.name, self.metric_name)
        if record.year is None:
            return weights[0]
        return weights[record.year] if record.year < len(weights) else 0.0

    def _sums(self, metric, cohorts, period):
        """Totals over the window (period None) or over one period of it."""
        self.metric_name = metric
        cohorts = [c for c in cohorts if c in self.groups[metric].cohorts]
        records = [
            (record, self.weight(record) * self._part(record, period))
            for record in self.model.outcomes(metric).records
            if record.cohort in cohorts
        ]
        per_user = self._reference(metric, cohorts)
        window = sum(self.model.weights(self.name, metric))
        rate = per_user / window if window > 0 else 0.0
        return Sums(
            seen=self._seen(metric, cohorts, records, rate),
            reference=sum(w * rate for _, w in records),
            truth=sum(w * r.truth for r, w in records),
            expected=self._expected(metric, records, "expected"),
            without=sum(w * r.without for r, w in records),
            against=self._expected(metric, records, "without"),
        )

    # --- what one person counts for ---

    def _total(self, records):
        """Σ w·T; where a person counts up to a cap, Σ over persons of min(Σ w·T, x)."""
        if self.measure.per_person_most is None:
            return sum(w * r.truth for r, w in records)
        persons = by_person(records)
        most = self.measure.per_person_most.value
        return sum(min(sum(w * r.truth for r, w in own), most) for own in persons.values())

    def _expected(self, metric, records, which):
        """The same of expected outcomes; a person's years then have one mean."""
        if self.measure.per_person_most is None:
            return sum(w * getattr(r, which) for r, w in records)
        total, known, most = 0.0, {}, self.measure.per_person_most.value
        for (cohort, _), own in by_person(records).items():
            own = [(r, w) for r, w in own if w > 0]
            means = [getattr(r, which) for r, _ in own]
            assert max(means) - min(means) <= 1e-12 * max(means)
            if cohort not in known:
                words = self.model.scenario.metric_in(cohort, metric)
                known[cohort] = counted(words, [w for _, w in own], means[0], most)
            total += known[cohort]
        return total

    def _reference(self, metric, cohorts):
        needs = (self.measure.quantity or "saving") in NEEDS_REFERENCE
        failure = self.measure.follow_up is not None
        if self.measure.standard_error is not None or self.measure.reference is None:
            return 0.0
        return self.groups[metric].per_user(cohorts) if needs or failure else 0.0

    def _part(self, record, period):
        """Share of a record that falls in the period; what comes after the last counts in it.

        Money is in the prices of the period it falls in, lifted where the scenario says so.
        """
        saving = self.measure.quantity in (None, "saving")
        is_money = saving or self.model.is_money(self.metric_name)
        last, found = self.model.grid.P - 1, 0.0
        for p in record.periods:
            if self._counts(min(p, last), period):
                found += self.model.lift(p) if is_money else 1.0
        return found / len(record.periods)

    def _counts(self, p, period):
        """Whether period p counts in a value over all (None), of one period, or up to it."""
        return period is None or p == period or (self.measure.to_date and p < period)

    def _measured(self, cohorts, period):
        """Service users measured: all who enrol; of a period those settled, or enrolled so far."""
        if period is None or self.measure.metric is None:
            return sum(len(self.model.enrolled(c)) for c in cohorts)
        records = self.model.outcomes(self.measure.metric).records
        last = self.model.grid.P - 1
        once = self.model.scenario.metrics[self.measure.metric].kind == "binary"
        only_then = once and not self.measure.to_date

        def counts(p):
            return min(p, last) == period if only_then else min(p, last) <= period

        return len(
            {
                (r.cohort, r.user)
                for r in records
                if r.cohort in cohorts and any(counts(p) for p in r.periods)
            }
        )

    # --- follow-up ---

    def _seen(self, metric, cohorts, records, rate):
        """Measured total: who can be traced, how they differ, and the rule for the others."""
        follow_up = self.measure.follow_up
        if follow_up is None:
            return self._total(records)
        share = self._number("follow_up.share", follow_up.share)
        lost_ratio = self._number("follow_up.lost_ratio", follow_up.lost_ratio)
        shown = 1 / (share + (1 - share) * (1.0 if lost_ratio is None else lost_ratio))
        traced = self._traced(cohorts, share)
        n = sum(len(self.model.enrolled(c)) for c in cohorts)
        seen = shown * self._total([(r, w) for r, w in records if (r.cohort, r.user) in traced])
        amount = self.model.scenario.metrics[metric].kind == "amount"
        if follow_up.rule == "failure":
            lost = sum(w * rate for r, w in records if (r.cohort, r.user) not in traced)
            return seen + (lost if amount else 0.0)
        if not traced:
            return sum(w * rate for _, w in records) if amount else 0.0
        return seen * n / len(traced)

    def _traced(self, cohorts, share):
        """Users traced: u < share."""
        found = set()
        for cohort in cohorts:
            for i in self.model.enrolled(cohort):
                stream = f"cohorts.{cohort}/measures.{self.name}/traced"
                u = uniform(self.model.seed, stream, i, self.model.path)
                self.model.close_call(u - share)
                if u < share:
                    found.add((cohort, i))
        return found


def window_weights(metric, window_months, lasting):
    """w_k for k = 0, 1, …; one weight of 1 or 0 for a binary metric."""
    if metric.kind == "binary":
        return [1.0 if settled_after(metric) <= window_months else 0.0]
    years = -(-window_months // 12)
    if lasting is not None:
        years = min(years, lasting)
    return [min(max(window_months / 12 - k, 0.0), 1.0) for k in range(years)]
