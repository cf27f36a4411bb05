"""Keys and figures of a decision in words: a term by its title, a figure with its party."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from simulator.scenario.model import Scenario
from simulator.scenario.numbers import Number
from simulator.scenario.numbers_of import number_key
from simulator.scenario.walk import numbers
from simulator.views.assumptions import thing_of, value_in_words, what
from simulator.views.language import Language
from simulator.views.numbers import NOTHING, Lang
from simulator.views.speaking import language_of_scenario
from simulator.views.words.names import Names, capitalised

Kind = Literal["money", "chance", "rate", "multiple", "count"]
_PERCENTILES = ("p5", "p50", "p95")
_PARTIES = ("investor", "municipality", "guarantor", "society")
_CHANCES = ("probability", "undefined_irr_share", "multiple_root_share", "repaid_share")
_MULTIPLES = ("expected_multiple", "benefit_cost_ratio")
_DIGITS = 4
"""Figures of a value that was looked for: what stands beyond them is Monte Carlo error."""


def rounded(value: float, digits: int = _DIGITS) -> float:
    """The number to so many significant figures."""
    return float(f"{value:.{digits}g}")


@dataclass(frozen=True)
class Deciding:
    """A scenario's keys and figures, said in one language."""

    names: Names

    @classmethod
    def of(cls, scenario: Scenario, lang: Lang) -> Deciding:
        """In the scenario's currency, with its outcome payer's word."""
        return cls(Names(scenario, language_of_scenario(scenario, lang)))

    @property
    def language(self) -> Language:
        """The reader's language."""
        return self.names.language

    def key(self, key: str) -> str:
        """`Activity payment: share, term 1`; the key itself where it has no words."""
        base, rest = self._base(key)
        try:
            said = capitalised(what(tuple(base.split(".")), self.names))
        except (KeyError, IndexError, ValueError, AttributeError):
            return key
        return f"{said} ({rest})" if rest else said

    def value(self, key: str, value: float | None, digits: int = _DIGITS) -> str:
        """A value that was looked for, in the key's unit, as exact as it can be known."""
        return NOTHING if value is None else self.exactly(key, rounded(value, digits))

    def exactly(self, key: str, value: float) -> str:
        """A value of the key in its unit."""
        path = tuple(self._base(key)[0].split("."))
        try:
            return value_in_words(path, Number(value=value), f"{value:g}", self.names)
        except (KeyError, IndexError, ValueError, AttributeError):
            return self.language.stated(value)

    def number(self, name: str) -> str:
        """An uncertain number: by its key, or as what the model itself draws.

        The truth behind a reference observed beforehand is told as a share of what was observed.
        """
        if _is_truth(name):
            metric = self.names.metric(name.rsplit(".", 1)[-1])
            return self.language.say("deciding.truth", metric=metric)
        stem, _, drawn = name.partition("/")
        if drawn:
            measure = self.names.measure(stem.removeprefix("measures."))
            return self.language.say("deciding.drawn", measure=measure)
        return self.key(name)

    def uncertain(self, name: str) -> str:
        """An uncertain number; an effect as a ratio is told as the change that it is."""
        if not _is_ratio(name):
            return self.number(name)
        thing = thing_of(tuple(name.split(".")), self.names)
        return self.language.say("deciding.change", thing=capitalised(thing))

    def held(self, name: str, value: float, digits: int = 3) -> str:
        """A value of an uncertain number: a ratio of 0.85 is −15%, a truth of 0.85 is 85%."""
        if _is_truth(name):
            return self.language.percent(value)
        if not _is_ratio(name):
            return self.value(name, value, digits)
        return self.language.percent(value - 1.0, 1, sign=True)

    def reach(self, name: str, value: float, side: str) -> str:
        """`3.5 million or more`; `a decrease of less than 12%`, of an effect as a ratio."""
        say, side = self.language.say, "above" if side == "above" else "below"
        if not _is_ratio(name):
            return say(f"switching.reach.{side}", value=self.held(name, value))
        way = "decrease" if value < 1.0 else "increase"
        return say(
            f"switching.reach.{way}.{side}", value=self.language.percent(abs(value - 1.0), 1)
        )

    def held_interval(self, name: str, low: float | None, high: float | None) -> str:
        """From one value of an uncertain number to another."""
        if low is None or high is None:
            return NOTHING
        return self.language.span(self.held(name, low), self.held(name, high))

    def figure(self, figure: str) -> str:
        """`The investor: probability of loss`; the figure's name where it has no words."""
        name, _, last = figure.rpartition(".")
        is_part = last in _PERCENTILES and not name.endswith(("quantiles.profit", "quantiles.irr"))
        name = name if is_part else figure
        party = name.split(".")[0]
        if party in _PARTIES and self.language.has(f"figure.{name}"):
            label = self.language.say(f"figure.{name}").removeprefix("… ")
            group = self.names.group(party)
            first = label[:1].lower() if label[1:2].islower() else label[:1]
            said = f"{group}: {first}{label[1:]}"
        else:
            said = self._of_a_payer(name)
        return self.language.say(f"deciding.{last}", figure=said) if is_part else said

    def _of_a_payer(self, name: str) -> str:
        """A figure of another outcome payer, or its bare name."""
        parts = name.split(".")
        same = f"figure.municipality.{parts[-1]}"
        if parts[0] == "outcome_payers" and len(parts) == 3 and self.language.has(same):
            label = self.language.say(same)
            return f"{capitalised(self.names.party(parts[1]))}: {label[:1].lower()}{label[1:]}"
        return name

    def amount(self, figure: str, value: float | None) -> str:
        """A figure's value in its own clothes."""
        if value is None or not math.isfinite(value):
            return NOTHING
        kind = kind_of(figure)
        if kind == "money":
            return self.language.money(value)
        if kind == "chance":
            return self.language.percent(value)
        if kind == "rate":
            return self.language.rate(value)
        return self.language.decimal(value, 2 if kind == "multiple" or abs(value) < 100 else 0)

    def level(self, figure: str, value: float) -> str:
        """A level that somebody stated."""
        kind = kind_of(figure)
        if kind == "money":
            return self.language.stated_money(value)
        if kind in ("chance", "rate"):
            return self.language.stated_percent(value)
        return self.language.stated(value)

    def interval(self, key: str, low: float | None, high: float | None) -> str:
        """`49.8% to 50.9%`; a dash where it is not known."""
        if low is None or high is None:
            return NOTHING
        return self.language.span(self.value(key, low), self.value(key, high))

    def _base(self, key: str) -> tuple[str, str]:
        """The number that a key is in, and what is left: the parameter of a distribution."""
        known = {number_key(path) for path, _ in numbers(self.names.scenario)}
        parts = key.split(".")
        for end in range(len(parts) - 1, 1, -1):
            if ".".join(parts[:end]) in known:
                return ".".join(parts[:end]), " ".join(parts[end:])
        return key, ""


def _is_truth(name: str) -> bool:
    return "/truth/" in name


def _is_ratio(name: str) -> bool:
    return name.endswith(".effect.ratio")


def kind_of(figure: str) -> Kind:
    """In which clothes a figure is shown."""
    parts = figure.split(".")
    last = parts[-2] if parts[-1] in _PERCENTILES and len(parts) > 2 else parts[-1]
    if "irr" in parts or last.endswith("irr") or last.startswith("irr"):
        return "rate"
    if last.endswith("probability") or last.startswith("probability") or last in _CHANCES:
        return "chance"
    if last in _MULTIPLES:
        return "multiple"
    if last in ("share_of_drawn",):
        return "chance"
    owners = ("investor", "investors", "municipality", "outcome_payers", "guarantor", "society")
    return "money" if parts[0] in (*owners, "parties", "contract", "internal_fund") else "count"
