"""The law of evidence, from docs/model.md §3: by matrices, τ by a root finder."""

import numpy as np
from scipy import optimize, special, stats


class Transformed:
    """A normal law on a scale, seen through the way back from it."""

    def __init__(self, mu, sigma, back):
        self.law, self.back = stats.norm(mu, sigma), back

    def quantile(self, u):
        return float(self.back(self.law.ppf(u)))

    def mean(self):
        mu, sigma = self.law.mean(), self.law.std()
        ends = {"lb": mu - 12 * sigma, "ub": mu + 12 * sigma}
        return float(self.law.expect(self.back, **ends, epsabs=1e-13, epsrel=1e-12, limit=200))


TO = {"difference": np.asarray, "level": np.asarray, "log odds": special.logit}
BACK = {"difference": np.asarray, "level": np.asarray, "log odds": special.expit}


def study_on_scale(study, scale, add):
    """y and s² of one study."""
    to = TO.get(scale, np.log)
    if study.estimate is not None:
        y = to(study.estimate)
        if study.interval is None:
            return y, (study.se or study.se_log) ** 2
        width = to(study.interval[1]) - to(study.interval[0])
        return y, (width / 2 / stats.norm.ppf((1 + study.level) / 2)) ** 2
    groups = [g for g in (study.treated, study.comparison, study.group) if g is not None]
    cells = np.array([[g.events, g.of - g.events] for g in groups])
    if add and (cells == 0).any():
        cells = cells + add
    x, n = cells[:, 0], cells.sum(axis=1)
    p = x / n
    if scale in ("difference", "level"):
        y, v = p, p * (1 - p) / n
    elif scale in ("ratio", "log level"):
        y, v = np.log(p), 1 / x - 1 / n
    else:
        y, v = special.logit(p), 1 / x + 1 / (n - x)
    return (y[0] - y[1] if len(y) == 2 else y[0]), v.sum()


def spread_between(y, v, between):
    """τ²: stated, by moments, or where Q is its degrees of freedom."""
    if between is None:
        return 0.0
    if between.sd is not None:
        return between.sd**2

    def q(square):
        w = 1 / (v + square)
        return (w * (y - (w @ y) / w.sum()) ** 2).sum() - (len(y) - 1)

    if q(0.0) <= 0:
        return 0.0
    if between.method == "Paule-Mandel":
        return optimize.brentq(q, 0.0, 1e4 * v.max(), xtol=1e-16, rtol=1e-14)
    w = 1 / v
    return q(0.0) / (w.sum() - (w @ w) / w.sum())


def evidence(e):
    studies = [e.studies[name] for name in sorted(e.studies)]
    y, v = np.array([study_on_scale(s, e.scale, e.continuity) for s in studies], dtype=float).T
    cuts = [s.haircut or (e.by_design or {}).get(s.design) for s in studies]
    factor = np.array([1.0 if c is None else c.factor for c in cuts])
    doubt = np.array([0.0 if c is None else c.sd for c in cuts])
    square = spread_between(factor * y, factor**2 * v, e.between)
    weight = 1 / (factor**2 * v + square)
    weight /= weight.sum()
    # covariance of the factors: one for each design, one for each study with its own
    same = np.array(
        [
            [
                i == j or (not a.haircut and not b.haircut and a.design == b.design)
                for j, b in enumerate(studies)
            ]
            for i, a in enumerate(studies)
        ]
    )
    of_factors = np.outer(doubt, doubt) * same
    covariance = np.diag(factor**2 * v + square) + of_factors * (np.outer(y, y) + np.diag(v))
    mu, variance = weight @ (factor * y), weight @ covariance @ weight + square
    first, second = 1.0, 1.0
    for cut in (e.haircuts or {}).values():
        first, second = first * cut.factor, second * (cut.factor**2 + cut.sd**2)
    sigma = np.sqrt(second * (variance + mu**2) - (first * mu) ** 2)
    return Transformed(first * mu, sigma, BACK.get(e.scale, np.exp))
