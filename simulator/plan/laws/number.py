"""From a number of the scenario to its law, made once in a process for numbers stated alike.

A search builds one plan after another in which nearly all numbers are the same: solving for their
parameters and tabulating their quantiles is most of the work. What is kept is bounded.
"""

from __future__ import annotations

from simulator.plan.laws import continuous, evidence, quantiles, stepped, truncated
from simulator.plan.laws.base import Law, LawError, constant
from simulator.scenario import numbers as words
from simulator.scenario.strict import Strict


def law_of(number: words.Families) -> Law:
    """The law of a number: its value for certain, or its distribution.

    Raises LawError with a sentence for the user where what is stated is no distribution.
    """
    law = number.law
    if law is None:
        value = getattr(number, "value", None)
        if value is None:
            raise LawError("a value or a distribution is needed")
        return constant(value)
    stated = repr(law)  # exact: a float's text gives the float back
    made = _KEPT.get(stated)
    if made is None:
        made = of_family(law)
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        _KEPT[stated] = made
    return made


MOST_KEPT = 256
_KEPT: dict[str, Law] = {}


def of_family(law: Strict) -> Law:  # noqa: C901 - one line per family
    """The law of one distribution."""
    match law:
        case words.Normal():
            return continuous.normal(law)
        case words.TruncatedNormal():
            return truncated.truncated_normal(law)
        case words.Lognormal():
            return continuous.lognormal(law)
        case words.Beta():
            return continuous.beta(law)
        case words.Gamma():
            return continuous.gamma(law)
        case words.Uniform():
            return continuous.uniform(law)
        case words.Triangular():
            return continuous.triangular(law)
        case words.Pert():
            return continuous.pert(law)
        case words.StudentT():
            return continuous.student_t(law)
        case words.Discrete():
            return stepped.discrete(law)
        case words.Empirical():
            return stepped.empirical(law)
        case words.Quantiles():
            return quantiles.quantiles(law)
        case words.Evidence():
            return evidence.evidence(law)
        case words.BaseRate():
            return evidence.base_rate(law)
        case words.Mixture():
            return stepped.mixture([(part.weight, law_of(part)) for part in law.parts])
        case _:
            raise LawError(f"{type(law).__name__} is not a distribution")
