"""A number in words: its value, or the distribution from which it is drawn."""

from __future__ import annotations

from collections.abc import Callable

from simulator.scenario.base_rates import BaseRate, mean_of, prior_of
from simulator.scenario.evidence import Evidence
from simulator.scenario.numbers import Families, Number, Part, Pert, Triangular, Uniform
from simulator.views.language import Language
from simulator.views.words.evidence import evidence_in_words

Say = Callable[[float], str]
"""How one value is written: as money, as a share, plainly."""


def number_in_words(number: Number, language: Language, write: Say) -> str:
    """`40 %`, or `normal with mean 0.92 and standard deviation 0.12`."""
    if number.value is not None:
        return write(number.value)
    if number.mixture is not None:
        parts = [_part(part, language, write) for part in number.mixture.parts]
        return language.say("law.mixture", parts="; ".join(parts))
    return law_in_words(number, language, write)


def number_in_a_sentence(number: Number, language: Language, write: Say) -> str:
    """The same where a sentence goes on after it: `between 2 and 4, most likely 3,`."""
    law = number.law
    if number.value is not None:
        return write(number.value)
    if isinstance(law, (Triangular, Pert)):
        low, mode, high = write(law.low), write(law.mode), write(law.high)
        return language.say("law.range.mode", low=low, mode=mode, high=high)
    if isinstance(law, Uniform):
        return language.say("law.range", low=write(law.low), high=write(law.high))
    return language.say("law.uncertain", law=number_in_words(number, language, write))


def law_in_words(number: Families, language: Language, write: Say) -> str:
    """The distribution that is given, by its family's own parameters."""
    family, law = number.family, number.law
    if family is None or law is None:
        return language.say("law.missing")
    if isinstance(law, Evidence):
        return evidence_in_words(law, language, write)
    if isinstance(law, BaseRate):
        return _base_rate(law, language, write)
    given = law.model_dump(exclude_none=True, exclude_defaults=True)
    if family in ("discrete", "quantiles"):
        return language.say(f"law.{family}", points=_points(given, family, language, write))
    if family == "empirical":
        values = given.get("values")
        if values is None:
            return language.say("law.empirical.file", **_column(given))
        return language.say("law.empirical", count=language.decimal(len(values)))
    parts = [
        language.say(f"law.parameter.{key}", value=_parameter(key, value, language, write))
        for key, value in given.items()
    ]
    return language.say(
        "law.family", family=language.say(f"law.{family}"), parameters=language.join(parts)
    )


def _base_rate(law: BaseRate, language: Language, write: Say) -> str:
    """How many real contracts it is, the share that met their plan, and the mean of all."""
    found = prior_of(law)
    met = language.stated_percent(round(1.0 - found.below[-1][1], 9))
    mean = write(round(mean_of(law), 2))
    return language.say("law.base_rate", n=language.decimal(found.n), met=met, mean=mean)


_PURE = ("sigma", "alpha", "beta", "successes", "trials", "shape", "df", "weight")


def _parameter(key: str, value: float, language: Language, write: Say) -> str:
    return language.stated(value) if key in _PURE else write(value)


def _points(given: dict[str, list[float]], family: str, language: Language, write: Say) -> str:
    shares = given["weights"] if family == "discrete" else given["levels"]
    pairs = zip(given["values"], shares, strict=False)
    return "; ".join(
        language.say(
            f"law.{family}.point", value=write(value), share=language.stated_percent(share)
        )
        for value, share in pairs
    )


def _column(given: dict[str, str]) -> dict[str, str]:
    return {"file": given.get("file", "–"), "column": given.get("column", "–")}


def _part(part: Part, language: Language, write: Say) -> str:
    inner = write(part.value) if part.value is not None else law_in_words(part, language, write)
    return language.say("law.part", share=language.stated_percent(part.weight), inner=inner)
