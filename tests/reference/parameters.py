"""The drawn numbers θ of one path: keys, copula, values (docs/model.md §3)."""

import math
from functools import cache

import numpy as np
from scipy import special

from tests.reference.laws import law_of
from tests.reference.philox import parameter_uniform


class Parameters:
    """Values of uncertain numbers on one path, by key; every key is drawn once."""

    def __init__(self, scenario, seed, path):
        self.scenario, self.seed, self.path = scenario, seed, path
        correlation = scenario.correlation
        self.names = correlation.numbers if correlation else []
        self.cholesky = np.linalg.cholesky(np.array(correlation.matrix)) if correlation else None

    def own_score(self, key):
        """g = Φ⁻¹(u) of a stream of its own."""
        return float(special.ndtri(parameter_uniform(self.seed, key, self.path)))

    def score(self, key):
        """z after the copula."""
        shared_key, _, cohort = key.partition("@")
        if shared_key in self.names:
            row = self.cholesky[self.names.index(shared_key)]
            peers = [self.peer(name, cohort) for name in self.names]
            return sum(w * self.own_score(peer) for w, peer in zip(row, peers, strict=True) if w)
        shared, left = 0.0, 1.0
        for name, factor in self.scenario.factors.items():
            loading = factor.loadings.get(shared_key, 0.0)
            if loading:
                shared += loading * self.own_score(f"factors.{name}")
                left -= loading**2
        return shared + math.sqrt(left) * self.own_score(key)

    def peer(self, key, cohort):
        """A correlated number beside a cohort's own draw: its own draw too, if it has one."""
        words = key.split(".")
        name = words[words.index("metrics") + 1] if "metrics" in words else None
        by_cohort = name is not None and self.scenario.metrics[name].drawn == "per cohort"
        return f"{key}@{cohort}" if cohort and by_cohort else key

    def value(self, key, number):
        """F⁻¹(Φ(z)) of an uncertain number, or its plain value; None stays None."""
        if number is None or number.value is not None:
            return number.value if number is not None else None
        return law_by_content(number.model_dump_json(), type(number)).quantile(
            float(special.ndtr(self.score(key)))
        )

    def of_metric(self, cohort, name, field):
        """A number of a metric in a cohort: field such as "baseline" or "effect.ratio"."""
        metric = self.scenario.metric_in(cohort, name)
        number = metric
        for part in field.split("."):
            if number is not None:
                number = number[part] if isinstance(number, dict) else getattr(number, part)
        own = field.split(".")[0] in self.scenario.cohorts[cohort].metrics.get(name, {})
        key = f"cohorts.{cohort}.metrics.{name}.{field}" if own else f"metrics.{name}.{field}"
        if metric.drawn == "per cohort":
            key += f"@{cohort}"
        return self.value(key, number)

    def of_states(self, cohort, name, field):
        """A number of the states in a cohort: "monthly.hvb.home", "effect.hvb.home.ratio"."""
        number = self.scenario.states_in(cohort, name)
        for part in field.split("."):
            number = number[part] if isinstance(number, dict) else getattr(number, part)
        own = field.split(".")[0] in self.scenario.cohorts[cohort].states.get(name, {})
        return self.value(f"{f'cohorts.{cohort}.' if own else ''}states.{name}.{field}", number)


@cache
def law_by_content(text, kind):
    """Laws are solved once for each wording."""
    return law_of(kind.model_validate_json(text))


def mean_of(number):
    """Mean of a number's law; the value where it is certain."""
    if number.value is not None:
        return number.value
    return law_by_content(number.model_dump_json(), type(number)).mean()
