"""What a sensitivity analysis speaks of: its numbers, values and figures, in one language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.scenario.model import Scenario
from simulator.views.deciding import Deciding
from simulator.views.language import Language
from simulator.views.numbers import NOTHING, Lang
from simulator.views.words.names import capitalised

Input = Mapping[str, Any]
_DIGITS = 3


@dataclass(frozen=True)
class Drivers:
    """The analysis (keys of sensitivity.json) and the scenario's words."""

    data: Mapping[str, Any]
    deciding: Deciding

    @classmethod
    def of(cls, data: Mapping[str, Any], scenario: Scenario, lang: Lang) -> Drivers:
        """In the scenario's currency and its outcome payer's word."""
        return cls(data, Deciding.of(scenario, lang))

    @property
    def language(self) -> Language:
        """The reader's language."""
        return self.deciding.language

    def say(self, key: str, /, **values: Any) -> str:
        """A text of this analysis."""
        return self.language.say(key, **values)

    @property
    def inputs(self) -> Sequence[Input]:
        """The numbers, in the order of all tables and charts."""
        return self.data["inputs"]  # type: ignore[no-any-return]

    @property
    def asked(self) -> list[str]:
        """Names of the figures that were asked for, the first one ordering."""
        return [figure["name"] for figure in self.data["figures"] if figure["asked"]]

    def entry(self, figure: str) -> Mapping[str, Any] | None:
        """What is known of a figure; None where it was not read."""
        found = (entry for entry in self.data["figures"] if entry["name"] == figure)
        return next(found, None)

    def moving(self, figure: str) -> list[Input]:
        """The numbers that move a figure at all, in order."""
        return [entry for entry in self.inputs if not entry["figures"][figure]["exactly_zero"]]

    def number(self, name: str) -> str:
        """What a number is: by its title, or as what the model itself draws."""
        return self.deciding.number(name)

    def metric(self, name: str) -> str:
        """A metric's title."""
        return self.deciding.names.metric(name)

    def value(self, name: str, value: float | None, digits: int = _DIGITS) -> str:
        """A number's value in its unit; what the model itself draws as a share or plainly."""
        if value is None:
            return NOTHING
        if "/truth/" in name:
            return self.deciding.held(name, value)
        if "/" in name:
            return self.language.decimal(value, 2)
        return self.deciding.value(name, value, digits)

    def figure(self, name: str) -> str:
        """`The investor: probability of loss`."""
        return self.deciding.figure(name)

    def within(self, name: str) -> str:
        """The figure as it stands inside a sentence."""
        said = self.figure(name)
        return said if said == name else said[:1].lower() + said[1:]

    def amount(self, figure: str, value: float | None) -> str:
        """A figure's value."""
        return self.deciding.amount(figure, value)

    def share(self, index: Mapping[str, float] | None) -> str:
        """An index as a share; what noise has put below nothing is nothing."""
        if index is None:
            return NOTHING
        return self.language.percent(max(index["estimate"], 0.0))

    def level(self, place: int) -> str:
        """The low (0) or high (1) quantile level."""
        return self.language.stated_percent(self.data["quantiles"][place])

    def list(self, names: Sequence[str]) -> str:
        """Numbers in words; all the numbers of one thing go by the thing's own title."""
        things = {entry["name"]: self._thing(entry["name"]) for entry in self.inputs}
        other = {thing for name, thing in things.items() if name not in names}
        counts = Counter(things[name] for name in names)
        said = [
            things[name]
            if counts[things[name]] > 1 and things[name] not in other
            else self.number(name)
            for name in names
        ]
        return "; ".join(dict.fromkeys(said))

    def _thing(self, name: str) -> str:
        """The metric, measure or other thing that a number belongs to."""
        return self.number(name).rpartition(": ")[0] or self.number(name)


def sentence(text: str) -> str:
    """With a capital first letter."""
    return capitalised(text)
