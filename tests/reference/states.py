"""Placement states: chances, people's months, and expected shares (docs/model.md §6, States)."""

import itertools
import math

from tests.reference.fading import share_of_effect
from tests.reference.people import (
    drop_out_rate,
    drop_out_time,
    enrolment_period,
    settled_after,
    years_to_end,
)
from tests.reference.philox import uniform

MONTHS, START, WHOSE = 1024, 1023, 1022


def clip(chance):
    return min(max(chance, 0.0), 1.0)


def with_effect(chance, form, value, f):
    """Chance + difference·f, chance·(1 + (ratio − 1)·f), or odds × odds_ratio^f."""
    if form == "difference":
        return chance + value * f
    if form == "ratio":
        return chance * (1 + (value - 1) * f)
    if chance in (0.0, 1.0):
        return 0.0 if value**f == 0 else chance
    odds = chance / (1 - chance) * value**f
    return odds / (1 + odds)


class Chain:
    """The states of a cohort on one path."""

    def __init__(self, model, cohort, name):
        self.model, self.cohort, self.name = model, cohort, name
        self.words = model.scenario.states_in(cohort, name)
        self.states = sorted({*self.words.start, *self.words.monthly})
        self._rows = {}

    def start(self, state):
        share = self.words.start.get(state)
        return share.value if share is not None else 0.0

    def row(self, state, month, taking_part):
        """Moves from a state in name order, [(next, chance)], scaled to 1 where they pass it."""
        step = month // 12 if taking_part else None
        if (state, step) not in self._rows:
            moves = [
                (target, self._chance(state, target, step))
                for target in sorted(self.words.monthly.get(state, {}))
            ]
            total = max(1.0, sum(p for _, p in moves))
            self._rows[state, step] = [(target, p / total) for target, p in moves]
        return self._rows[state, step]

    def _chance(self, state, target, step):
        numbers = self.model.parameters.of_states
        chance = clip(numbers(self.cohort, self.name, f"monthly.{state}.{target}"))
        effect = self.words.effect.get(state, {}).get(target)
        if step is None or effect is None:
            return chance
        form = next(
            f for f in ("difference", "ratio", "odds_ratio") if getattr(effect, f) is not None
        )
        value = numbers(self.cohort, self.name, f"effect.{state}.{target}.{form}")
        return clip(with_effect(chance, form, value, share_of_effect(self.words, step)))

    # --- one person ---

    def person(self, stream, i, months, left):
        """States held in months 0 … months; the effect counts in months that end before `left`."""
        model = self.model

        def draw(index):
            return uniform(model.seed, stream, MONTHS * i + index, model.path)

        state = self._pick(draw(START), [(s, self.start(s)) for s in self.states[:-1]])
        held = [state if state is not None else self.states[-1]]
        for m in range(months):
            row = self.row(held[-1], m, left >= (m + 1) / 12)
            held.append(self._pick(draw(m), row) or held[-1])
        return held

    def _pick(self, u, choices):
        """The first choice whose cumulative chance exceeds u."""
        total = 0.0
        for choice, chance in choices:
            total += chance
            self.model.close_call(u - total)
            if u < total:
                return choice
        return None

    # --- expected shares ---

    def expected(self, months, rate, until):
        """Shares by (state, still taking part) in months 0 … months, and flows of each month.

        Nobody takes part beyond `until` years: an early end, or 0 for no programme at all.
        """
        shares = {(s, True): self.start(s) for s in self.states}
        shares |= {(s, False): 0.0 for s in self.states}
        history, flows = [shares], []
        for m in range(months):
            after, stay = {}, math.exp(-rate / 12) if (m + 1) / 12 <= until else 0.0
            for s in self.states:
                after[s, True] = shares[s, True] * stay
                after[s, False] = shares[s, False] + shares[s, True] * (1 - stay)
            flow = {
                (s, target): sum(
                    after[s, part] * dict(self.row(s, m, part))[target] for part in (True, False)
                )
                for s in self.states
                for target, _ in self.row(s, m, False)
            }
            moved = dict(after)
            for (s, part), share in after.items():
                for target, p in self.row(s, m, part):
                    moved[s, part] -= share * p
                    moved[target, part] += share * p
            shares = moved
            history.append(shares)
            flows.append(flow)
        return history, flows


class Reading:
    """What one metric reads of a cohort's chain."""

    def __init__(self, model, cohort, name):
        self.model, self.cohort, self.name = model, cohort, name
        self.metric = model.scenario.metric_in(cohort, name)
        self.chain = Chain(model, cohort, self.metric.states)
        self.named = self.metric.in_states or self.metric.moves_to or []

    def amount(self, state):
        if state not in self.metric.per_month:
            return 0.0
        return self.model.parameters.of_metric(self.cohort, self.name, f"per_month.{state}")

    def year(self, held, k):
        """Year k of a person who held these states."""
        months = range(12 * k, 12 * k + 12)
        if self.metric.kind == "amount":
            return sum(self.amount(held[m]) for m in months)
        return sum(1.0 for m in months if held[m + 1] in self.named and held[m] not in self.named)

    def success(self, held):
        return 1.0 if held[settled_after(self.metric)] in self.named else 0.0

    def expected_years(self, years, rate, until):
        """Expected value of each year, with drop-out at this rate and nobody beyond `until`."""
        history, flows = self._expected(12 * years, rate, until)
        if self.metric.kind == "amount":
            amounts = {s: self.amount(s) for s in self.chain.states}
            return [
                sum(
                    share * amounts[s]
                    for m in range(12 * k, 12 * k + 12)
                    for (s, _), share in history[m].items()
                )
                for k in range(years)
            ]
        return [
            sum(
                flow
                for m in range(12 * k, 12 * k + 12)
                for (s, target), flow in flows[m].items()
                if target in self.named and s not in self.named
            )
            for k in range(years)
        ]

    def expected_success(self, rate, until):
        """(share in these states and still taking part, share in them and not)."""
        months = settled_after(self.metric)
        last = self._expected(months, rate, until)[0][months]
        return tuple(sum(last[s, part] for s in self.named) for part in (True, False))

    def _expected(self, months, rate, until):
        """Kept for all people of the cohort on the path."""
        key = (self.cohort, self.metric.states, months, rate, until)
        known = self.model.shares_by_month
        if key not in known:
            known[key] = self.chain.expected(months, rate, until)
        return known[key]


class StateRecords:
    """Records of one metric that reads states, for the users of a cohort."""

    def __init__(self, model, cohort, name, record):
        self.model, self.cohort, self.name, self.record = model, cohort, name, record
        self.reading = Reading(model, cohort, name)
        self.factor = model.state_factor(cohort, name)

    def of(self, i):
        """Records of user i."""
        grid, metric = self.model.grid, self.reading.metric
        start = enrolment_period(grid, self.model.scenario.cohorts[self.cohort], i)
        left = drop_out_time(self.model, self.cohort, i)
        law = (drop_out_rate(self.model, self.cohort), years_to_end(self.model, self.cohort, i))
        stream = f"cohorts.{self.cohort}/states.{metric.states}/months"
        if metric.kind == "binary":
            months = settled_after(metric)
            held = self.reading.chain.person(stream, i, months, left)
            expected = sum(self.reading.expected_success(*law))
            without = sum(self.reading.expected_success(0.0, 0.0))
            period = start + max(-(-months // grid.m), 1) - 1
            success = self.reading.success(held)
            yield self.record(self.cohort, i, None, (period,), success, expected, without)
            return
        years = self.model.years(self.name, metric, start)
        held = self.reading.chain.person(stream, i, 12 * years, left)
        expected = self.reading.expected_years(years, *law)
        without = self.reading.expected_years(years, 0.0, 0.0)
        for k in range(years):
            periods = tuple(range(start + k * grid.q, start + (k + 1) * grid.q))
            values = (self.reading.year(held, k), expected[k], without[k])
            yield self.record(self.cohort, i, k, periods, *(self.factor * v for v in values))


def reference_mean(model, measure_name, name, cohorts, size, weights):
    """Mean window total of reference people, each from one cohort's chain by service users."""
    numbers = [model.scenario.cohorts[c].service_users for c in cohorts]
    readings = {c: Reading(model, c, name) for c in cohorts}
    total = 0.0
    for j in range(size):
        metric = model.scenario.metrics[name]
        stream = f"measures.{measure_name}/reference/states.{metric.states}/months"
        u = uniform(model.seed, stream, MONTHS * j + WHOSE, model.path)
        ends = itertools.accumulate(numbers)
        cohort = next(c for c, end in zip(cohorts, ends, strict=True) if u < end / sum(numbers))
        reading = readings[cohort]
        if metric.kind == "binary":
            held = reading.chain.person(stream, j, settled_after(reading.metric), -1.0)
            total += reading.success(held) if sum(weights) > 0 else 0.0
        else:
            held = reading.chain.person(stream, j, 12 * len(weights), -1.0)
            years = sum(w * reading.year(held, k) for k, w in enumerate(weights))
            total += years * model.state_factor(cohort, name)
    return total / size


def window_total(model, cohort, name, weights):
    """Mean and variance of one person's weighted total, by the distribution of (state, total).

    Every path of states is followed with its chance, those with the same total joined: exact.
    """
    reading = Reading(model, cohort, name)
    law = {(s, 0.0): reading.chain.start(s) for s in reading.chain.states}
    for m in range(12 * len(weights)):
        w, after = weights[m // 12], {}
        for (s, total), chance in law.items():
            row = reading.chain.row(s, m, False)
            stay = 1 - sum(p for _, p in row)
            for target, p in [*row, (s, stay)]:
                comes = target in reading.named and s not in reading.named
                gain = reading.amount(s) if reading.metric.kind == "amount" else float(comes)
                key = (target, round(total + w * gain, 6))
                after[key] = after.get(key, 0.0) + chance * p
        law = after
    mean = sum(total * chance for (_, total), chance in law.items())
    return mean, sum((total - mean) ** 2 * chance for (_, total), chance in law.items())
