"""Numbers drawn as in real contracts, and what such a base rate says nothing of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from simulator.scenario.numbers_of import number_key
from simulator.scenario.walk import numbers
from simulator.views.assumptions import what
from simulator.views.units import unit_of
from simulator.views.words.laws import number_in_words
from simulator.views.words.names import Names


@dataclass(frozen=True)
class Prior:
    """A number drawn from a base rate: its key, what it is, its law in words, its caveats."""

    key: str
    what: str
    value: str
    lines: tuple[str, ...]


def priors(names: Names) -> list[Prior]:
    """Every number that is drawn from a base rate, in the order of the scenario."""
    found = []
    for path, number in numbers(names.scenario):
        if number.base_rate is not None:
            key = number_key(path)
            words = tuple(key.split("."))
            write = partial(names.amount, unit=unit_of(words, names))
            value = number_in_words(number, names.language, write)
            said = (names.say("base_rates.caveat"), names.say("base_rates.caveat.users"))
            found.append(Prior(key, what(words, names), value, said))
    return found


def caveats(names: Names) -> tuple[str, ...]:
    """One paragraph that names the numbers and says what their base rate is not; often none."""
    found = priors(names)
    if not found:
        return ()
    keys = names.language.join([names.quote(entry.what) for entry in found])
    return (names.say("base_rates.caveat.of", numbers=keys, caveat=" ".join(found[0].lines)),)
