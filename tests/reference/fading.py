"""An effect that fades, from docs/model.md §3, by a fine sum over the year."""

from functools import cache

from tests.reference.grid import months
from tests.reference.parameters import mean_of


def levels_of(words):
    """How far each measured effect moves the level; of states they are sizes as they stand."""
    effects = [m.effect for m in words.fade.measured]
    if getattr(words.effect, "ratio", None) is not None:
        return [e - 1 for e in effects]
    if getattr(words.effect, "odds_ratio", None) is not None:
        b = mean_of(words.baseline)
        return [e * b / (1 - b + e * b) - b for e in effects]
    return effects


def share_of_effect(words, k):
    """f_k of a metric or of states: the profile's, or the year's mean of what is left."""
    if words.fade is None:
        return words.profile[min(k, len(words.profile) - 1)]
    levels, fade = levels_of(words), words.fade
    ages = tuple(months(m.at) / 12 for m in fade.measured)
    left = tuple(level / levels[0] for level in levels)
    rules = (fade.before, fade.between, fade.beyond)
    if getattr(words, "kind", None) == "binary":
        return left_at(rules, ages, left, months(words.at or "1 year") / 12)
    return mean_of_year(rules, ages, left, k)


@cache
def mean_of_year(rules, ages, left, k):
    """A fine midpoint sum: kinks fall on months, between which g is smooth."""
    steps = 12_000
    return sum(left_at(rules, ages, left, k + (i + 0.5) / steps) for i in range(steps)) / steps


def left_at(rules, ages, left, t):
    """g(t): what is left of the first measured effect, t years after enrolment."""
    before, between, beyond = rules
    if t <= ages[0]:
        return t / ages[0] if before == "built up" else 1.0
    if t > ages[-1] and beyond != "continued":
        return left[-1] if beyond == "held" else 0.0
    leg = next((i for i in range(len(ages) - 1) if t <= ages[i + 1]), len(ages) - 2)
    part = (t - ages[leg]) / (ages[leg + 1] - ages[leg])
    if between == "geometric":
        return left[leg] ** (1 - part) * left[leg + 1] ** part
    return max(left[leg] + part * (left[leg + 1] - left[leg]), 0.0)
