"""What one person counts for where the total over the window counts at most x (§5)."""

import math

import numpy as np
from scipy import special, stats

from tests.reference.outcomes import spread_of_metric

POINTS = 17  # 2^17 scrambled points
_totals, _counted = {}, {}


def counted(metric, weights, mean, most):
    """E[min(Σ w_k·X_k, x)] of a person whose every year has this mean; kept by the wording."""
    key = metric.model_dump_json(), tuple(weights), mean, most
    if key not in _counted:
        _counted[key] = _counts_for(metric, weights, mean, most)
    return _counted[key]


def _counts_for(metric, weights, mean, most):
    totals = mean * _window_totals(metric, tuple(weights))
    if metric.kind == "amount":
        return float(np.minimum(totals, most).mean())
    # events given the rates are Poisson: Σ_n min(n, x)·P(n) = x − Σ_{n < x} (x − n)·P(n)
    short = np.zeros_like(totals)
    for n in range(math.ceil(most)):
        short += (most - n) * stats.poisson.pmf(n, totals)
    return float(most - short.mean())


def _window_totals(metric, weights):
    """Σ w_k·Y(z_k) at the points; kept by the metric's wording."""
    key = metric.model_dump_json(), weights
    if key not in _totals:
        rho = metric.persistence.value if metric.persistence is not None else 0.0
        sobol = stats.qmc.Sobol(1 + len(weights), scramble=True, seed=11)
        scores = special.ndtri(np.clip(sobol.random_base2(POINTS), 1e-12, 1 - 1e-12))
        z = math.sqrt(rho) * scores[:, :1] + math.sqrt(1 - rho) * scores[:, 1:]
        law = spread_of_metric(metric)
        _totals[key] = sum(w * law(z[:, k]) for k, w in enumerate(weights))
    return _totals[key]
