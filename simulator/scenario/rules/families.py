"""What the parameters of each distribution must satisfy."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from simulator.scenario import numbers as words
from simulator.scenario.findings import Finding
from simulator.scenario.positions import Path
from simulator.scenario.rules.evidence import evidence_findings
from simulator.scenario.strict import Strict
from simulator.scenario.words import figure, listed

WAYS = {
    words.Lognormal: (("mean", "sd"), ("mean", "sigma"), ("median", "sigma")),
    words.Beta: (("alpha", "beta"), ("mean", "sd"), ("successes", "trials")),
    words.Gamma: (("mean", "sd"), ("shape", "scale"), ("shape", "mean")),
}
WIDEST_SIGMA = 10.0


def law_findings(law: Strict, path: Path) -> Iterator[Finding]:
    """What is wrong with a distribution, at the path of its table."""
    ways = WAYS.get(type(law))
    if ways and not _complete(law, ways):
        either = ", or ".join(listed(way, "and") for way in ways)
        given = listed([name for name, value in law if value is not None], "and")
        yield Finding(path, either, found=given or "no parameters")
        return
    match law:
        case words.Beta():
            yield from _beta(law, path)
        case words.Lognormal() if law.sigma is not None and law.sigma >= WIDEST_SIGMA:
            yield Finding((*path, "sigma"), "a number below 10: it is the sd of the logarithm")
        case words.TruncatedNormal():
            yield from _truncated(law, path)
        case words.Uniform() if not law.low < law.high:
            yield _low_below_high(path, law.low, law.high)
        case words.Triangular() | words.Pert():
            yield from _three_points(law, path)
        case words.StudentT() if law.df <= 1:
            yield Finding((*path, "df"), "a number above 1: below that there is no mean")
        case words.Discrete():
            yield from _discrete(law, path)
        case words.Quantiles():
            yield from _quantiles(law, path)
        case words.Evidence():
            yield from evidence_findings(law, path)
        case words.Empirical() if law.values is None or law.file or law.column:
            yield Finding(path, "either `values`, or `file` and `column`")


def _complete(law: Strict, ways: tuple[tuple[str, str], ...]) -> bool:
    given = {name for name, value in law if value is not None}
    return any(given == set(way) for way in ways)


def _beta(law: words.Beta, path: Path) -> Iterator[Finding]:
    if law.mean is not None and law.sd is not None:
        most = math.sqrt(law.mean * (1 - law.mean))
        if law.sd >= most:
            allowed = f"an sd below {figure(most)}, the widest that a share with this mean can have"
            yield Finding((*path, "sd"), allowed)
    if law.successes is not None and law.trials is not None and law.successes >= law.trials:
        yield Finding((*path, "successes"), f"fewer than the {figure(law.trials)} trials")


def _low_below_high(path: Path, low: float, high: float) -> Finding:
    return Finding(path, "`low` below `high`", found=f"{figure(low)} and {figure(high)}")


def _three_points(law: words.Triangular | words.Pert, path: Path) -> Iterator[Finding]:
    if not (law.low <= law.mode <= law.high and law.low < law.high):
        found = f"{figure(law.low)}, {figure(law.mode)} and {figure(law.high)}"
        yield Finding(path, "`low`, `mode` and `high` in ascending order", found=found)


def _discrete(law: words.Discrete, path: Path) -> Iterator[Finding]:
    if len(law.values) != len(law.weights):
        found = f"{len(law.values)} values and {len(law.weights)} weights"
        yield Finding(path, "a weight for each value", found=found)
        return
    total = math.fsum(law.weights)
    if abs(total - 1) > 1e-9:
        found = f"weights that sum to {total:.6g}"
        yield Finding((*path, "weights"), "weights that sum to 1", found=found)


def _quantiles(law: words.Quantiles, path: Path) -> Iterator[Finding]:
    if len(law.values) != len(law.levels):
        found = f"{len(law.values)} values and {len(law.levels)} levels"
        yield Finding(path, "a value for each level", found=found)
        return
    for key in ("levels", "values"):
        row = getattr(law, key)
        if any(second <= first for first, second in pairwise(row)):
            yield Finding((*path, key), f"{key} in ascending order, all different")


def _truncated(law: words.TruncatedNormal, path: Path) -> Iterator[Finding]:
    low = -math.inf if law.low is None else law.low
    high = math.inf if law.high is None else law.high
    if not low < high:
        yield _low_below_high(path, low, high)
    elif not low < law.mean < high:
        allowed = f"a mean between {figure(low)} and {figure(high)}, the cut included"
        yield Finding((*path, "mean"), allowed)
    else:
        most = widest_cut(low, law.mean, high)
        if law.sd >= most:
            allowed = f"an sd below {figure(most)}, the widest after this cut with this mean"
            yield Finding((*path, "sd"), allowed, "lower sd, or widen the interval")


def widest_cut(low: float, mean: float, high: float) -> float:
    """The sd that a normal law cut to [low, high] with this mean cannot reach.

    As the uncut sd grows, the cut law tends to an exponential one cut to the same interval, whose
    density falls or rises as e^(t·x); no normal law is wider. With one end open that is the
    exponential itself, whose sd is the distance of the mean from the end.
    """
    if math.isinf(low) or math.isinf(high):
        return min(mean - low, high - mean)
    width = high - low
    share = (mean - low) / width
    steep = _steepness(share)
    if abs(steep) < 1e-4:
        return width / math.sqrt(12)
    return width * math.sqrt(max(1 / steep**2 - 0.25 / math.sinh(steep / 2) ** 2, 0.0))


def _steepness(share: float) -> float:
    """T for which the density e^(t·x) on [0, 1] has this mean, by bisection."""
    low, high = -700.0, 700.0
    for _ in range(80):
        middle = (low + high) / 2
        if _mean_at(middle) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _mean_at(t: float) -> float:
    if abs(t) < 1e-4:
        return 0.5 + t / 12
    return 1 / -math.expm1(-t) - 1 / t
