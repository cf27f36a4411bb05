"""Levels and outcomes of service users and reference people (§3, §4)."""

import math
from dataclasses import dataclass
from functools import cache

from scipy import special

from tests.reference.fading import share_of_effect
from tests.reference.grid import ceil_div, months
from tests.reference.groups import DIGIT, binomial_below, binomial_quantile, groups_of, sum_at
from tests.reference.parameters import mean_of
from tests.reference.people import (
    active_share,
    drop_out_rate,
    drop_out_time,
    enrolment_period,
    expected_active_share,
    settled_after,
    settled_year,
    years_to_end,
)
from tests.reference.philox import uniform
from tests.reference.spread import spread_of
from tests.reference.states import Reading, StateRecords

YEAR_BEFORE = 63


@dataclass(frozen=True)
class Record:
    """One year of one user in one metric (or one binary outcome), in the metric's unit."""

    cohort: str
    user: int
    year: int | None  # None for a binary outcome
    periods: tuple[int, ...]  # in which it falls; may reach beyond the horizon
    truth: float  # T
    expected: float  # E[T|θ]
    without: float  # E[B|θ]


def clamp(metric, level):
    """Never below 0; a chance never above 1."""
    return min(max(level, 0.0), 1.0) if metric.kind == "binary" else max(level, 0.0)


def level_with(metric, numbers, b):
    """t: the level at full effect. `numbers` gives the drawn value of a field of the metric."""
    if metric.effect is None:
        return b
    if metric.effect.difference is not None:
        return clamp(metric, b + numbers("effect.difference"))
    if metric.effect.ratio is not None:
        return clamp(metric, b * numbers("effect.ratio"))
    if b >= 1:
        return 1.0
    odds = numbers("effect.odds_ratio") * b / (1 - b)
    return odds / (1 + odds)


def mean_level(metric, b, t, k, active):
    """μ_k(a) = b + (t − b)·f_k·a."""
    share = share_of_effect(metric, k)
    return clamp(metric, b + (t - b) * share * active)


def spread_mean(metric):
    """The mean at which a stated sd or most holds: the baseline's, or baseline plus difference."""
    mean = mean_of(metric.baseline)
    if mean == 0 and metric.effect is not None and metric.effect.difference is not None:
        return mean_of(metric.effect.difference)
    return mean


def poisson_quantile(u, mean):
    """Smallest n with P(N ≤ n) ≥ u."""
    if mean <= 0:
        return 0
    n, term = 0, math.exp(-mean)
    total = term
    while total < u and n < 100_000:
        n += 1
        term *= mean / n
        total += term
    return n


class People:
    """Draws for one group: a cohort (`cohorts.C`) or a reference group (`measures.X/reference`)."""

    def __init__(self, model, prefix):
        self.model, self.prefix = model, prefix

    def _uniform(self, stream, index):
        return uniform(self.model.seed, f"{self.prefix}/{stream}", index, self.model.path)

    def succeeds(self, name, i, chance):
        """u_i < p_i."""
        u = self._uniform(f"metrics.{name}/outcome", i)
        self.model.close_call(u - chance)
        return u < chance

    def score(self, name, metric, i, k):
        """z_ik = √ρ·x_i + √(1 − ρ)·y_ik."""
        rho = metric.persistence.value if metric.persistence is not None else 0.0
        who = f"persons.{metric.person}" if metric.person else f"metrics.{name}/person"
        x = special.ndtri(self._uniform(who, i))
        y = special.ndtri(self._uniform(f"metrics.{name}/year", 64 * i + k))
        return float(math.sqrt(rho) * x + math.sqrt(1 - rho) * y)

    def year(self, name, metric, i, k, mean):
        """An amount μ·Y(z), or a count Poisson(μ·G(z))."""
        z, law = self.score(name, metric, i, k), spread_of_metric(metric)
        y = float(law(z))
        if law.none > 0:
            self.model.close_call(special.ndtr(z) - law.none)
        if metric.kind == "amount":
            return mean * y
        u = self._uniform(f"metrics.{name}/events", 64 * i + k)
        n = poisson_quantile(u, mean * y)
        self.model.close_call_count(u, mean * y, n)
        return float(n)

    def successes(self, name, first, people, chance):
        """How many of so many people succeed, by the word of the group's first planned person."""
        u = self._uniform(f"metrics.{name}/count", first)
        k = binomial_quantile(u, people, chance)
        for j in (k - 1, k) if k < people else (k - 1,):
            self.model.close_call(u - binomial_below(j, people, chance), "closest_count")
        return k

    def sum_in_year(self, name, metric, first, k, people, mean):
        """μ·ΣY of so many people, a word for each digit of their number; or Poisson of that."""
        law, total = spread_of_metric(metric), 0.0
        for power, tail in ((1, ""), (DIGIT, ".32"), (DIGIT**2, ".1024")):
            some = people // power % DIGIT * power
            if some:
                u = self._uniform(f"metrics.{name}/sum{tail}", 64 * first + k)
                total += sum_at(law, some, u)
        if metric.kind == "amount":
            return mean * total
        u = self._uniform(f"metrics.{name}/count", 64 * first + k)
        n = poisson_quantile(u, mean * total)
        self.model.close_call_count(u, mean * total, n)
        return float(n)


_spreads = {}


def spread_of_metric(metric):
    """The solved law, kept by the metric's wording."""
    key = metric.model_dump_json()
    if key not in _spreads:
        needs_mean = metric.kind == "amount" and metric.spread is not None
        _spreads[key] = spread_of(metric, spread_mean(metric) if needs_mean else 1.0)
    return _spreads[key]


def cohorts_with(scenario, name):
    """Cohorts that have a metric, in name order."""
    allowed = scenario.metrics[name].cohorts
    return [c for c in sorted(scenario.cohorts) if allowed is None or c in allowed]


class Outcomes:
    """All records of all users of one metric, on one path."""

    def __init__(self, model, name):
        self.model, self.name = model, name
        self.records = []
        for cohort in cohorts_with(model.scenario, name):
            self.records += self._of_cohort(cohort)

    def _of_cohort(self, cohort):
        metric = self.model.scenario.metric_in(cohort, self.name)
        enrolled = self.model.enrolled(cohort)
        if metric.states is not None:
            records = StateRecords(self.model, cohort, self.name, Record)
            return [record for i in enrolled for record in records.of(i)]
        if self.model.level(cohort, self.name) != "participant":
            make = self._counted if metric.kind == "binary" else self._summed
            return list(make(cohort, metric))
        make = self._binary if metric.kind == "binary" else self._yearly
        return [record for i in enrolled for record in make(cohort, metric, i)]

    def _to_whom(self, cohort, metric, users):
        """Number of a group to whom the metric can happen: all, or those who succeeded before."""
        if metric.given is None:
            return len(users)
        return round(sum(self._condition(cohort, metric, i)[0] for i in users))

    def _counted(self, cohort, metric):
        """How many of each group succeed; the first ones of the group stand for them."""
        people = People(self.model, f"cohorts.{cohort}")
        for first, users in groups_of(self.model, cohort):
            chance = self._chance(cohort, self.name, self._active(cohort, users[0], metric)[0])
            number = self._to_whom(cohort, metric, users)
            k = people.successes(self.name, first, number, chance)
            for place, i in enumerate(users):
                yield from self._binary(cohort, metric, i, place < k)

    def _summed(self, cohort, metric):
        """The sum of each group and year, in equal parts on its people."""
        people = People(self.model, f"cohorts.{cohort}")
        for first, users in groups_of(self.model, cohort):
            number = self._to_whom(cohort, metric, users)

            @cache
            def part(k, mean, first=first, number=number, users=tuple(users)):
                return people.sum_in_year(self.name, metric, first, k, number, mean) / len(users)

            for i in users:
                yield from self._yearly(cohort, metric, i, part)

    def _levels(self, cohort, name):
        """b and t of a metric in a cohort."""
        metric = self.model.scenario.metric_in(cohort, name)
        b = self.model.level_without(cohort, name)

        def numbers(field):
            return self.model.parameters.of_metric(cohort, name, field)

        return metric, b, level_with(metric, numbers, b)

    def _chance(self, cohort, name, active):
        """Chance of success at an active share."""
        metric, b, t = self._levels(cohort, name)
        return mean_level(metric, b, t, settled_year(metric), active)

    def _active(self, cohort, i, metric):
        """Realised and expected active share for a binary metric."""
        at = settled_after(metric) / 12
        stays = 1.0 if drop_out_time(self.model, cohort, i) >= at else 0.0
        if years_to_end(self.model, cohort, i) < at:
            return stays, 0.0
        return stays, math.exp(-drop_out_rate(self.model, cohort) * at)

    def _binary(self, cohort, metric, i, success=None):
        grid = self.model.grid
        start = enrolment_period(grid, self.model.scenario.cohorts[cohort], i)
        period = start + max(ceil_div(settled_after(metric), grid.m), 1) - 1
        realised, expected = self._active(cohort, i, metric)
        chance = self._chance(cohort, self.name, realised)
        if success is None:
            success = People(self.model, f"cohorts.{cohort}").succeeds(self.name, i, chance)
        before, _, without = self._condition(cohort, metric, i)
        with_effect = self._chance(cohort, self.name, expected)
        without *= self._chance(cohort, self.name, 0.0)
        if metric.given is not None:
            with_effect = self._expected_steps(cohort, years_to_end(self.model, cohort, i))
        return [Record(cohort, i, None, (period,), success * before, with_effect, without)]

    def _expected_steps(self, cohort, until):
        """E[T] of a milestone: over the step until which a person takes part, each with its chance.

        Σ_j P(takes part at steps 1 … j, not at j + 1)·Π_{i ≤ j} chance with·Π_{i > j} without.
        """
        names = [self.name]
        while (given := self.model.scenario.metrics[names[0]].given) is not None:
            names.insert(0, given)
        rate = drop_out_rate(self.model, cohort)
        steps = [self.model.scenario.metric_in(cohort, n) for n in names]
        times = [0.0, *(settled_after(m) / 12 for m in steps), math.inf]
        there = [t <= until and t < math.inf for t in times]
        stays = [math.exp(-rate * t) if here else 0.0 for t, here in zip(times, there, strict=True)]
        chances = [[self._step(cohort, n, until, part) for part in (0.0, 1.0)] for n in names]
        first_reads = steps[0].states is not None  # then its parts are shares, not chances
        total = 0.0
        for j in range(len(names) + 1):
            if first_reads:
                total += self._after_states(chances, stays, j)
                continue
            product = stays[j] - stays[j + 1]
            for i, chance in enumerate(chances):
                product *= chance[1 if i < j else 0]
            total += product
        return total

    def _step(self, cohort, name, until, active):
        """A step's chance; of one that reads states the share inside and (not) taking part."""
        if self.model.scenario.metrics[name].states is None:
            return self._chance(cohort, name, active)
        rate = drop_out_rate(self.model, cohort)
        taking_part, gone = Reading(self.model, cohort, name).expected_success(rate, until)
        return taking_part if active else gone

    def _after_states(self, chances, stays, j):
        """The same where the first step gives shares: those gone by then, and those who stay on."""
        if j == 0:
            return math.prod(chance[0] for chance in chances)
        reached = (stays[j] - stays[j + 1]) / stays[1] * chances[0][1] if stays[1] else 0.0
        return reached * math.prod(c[1 if i < j else 0] for i, c in enumerate(chances) if i)

    def _condition(self, cohort, metric, i):
        """Success of the binary metric it is given, with its expected and baseline chance."""
        if metric.given is None:
            return 1.0, 1.0, 1.0
        binary = self.model.outcomes(metric.given)
        found = next(r for r in binary.records if r.cohort == cohort and r.user == i)
        return found.truth, found.expected, found.without

    def _yearly(self, cohort, metric, i, part=None):
        grid, scenario = self.model.grid, self.model.scenario
        start = enrolment_period(grid, scenario.cohorts[cohort], i)
        _, b, t = self._levels(cohort, self.name)
        time, rate = drop_out_time(self.model, cohort, i), drop_out_rate(self.model, cohort)
        arises, chance, chance_without = self._condition(cohort, metric, i)
        people, until = People(self.model, f"cohorts.{cohort}"), years_to_end(self.model, cohort, i)
        for k in range(self.model.years(self.name, metric, start)):
            mean = mean_level(metric, b, t, k, active_share(time, k))
            if part is not None:
                truth = part(k, mean)
            else:
                truth = arises * people.year(self.name, metric, i, k, mean) if arises else 0.0
            expected = chance * mean_level(metric, b, t, k, expected_active_share(rate, k, until))
            without = chance_without * clamp(metric, b)
            periods = tuple(range(start + k * grid.q, start + (k + 1) * grid.q))
            yield Record(cohort, i, k, periods, truth, expected, without)


def lasting_years(metric):
    """Number of years in which a metric arises; None without an end."""
    return months(metric.lasts) // 12 if metric.lasts is not None else None
