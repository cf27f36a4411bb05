"""One language and currency bound together: texts by key, numbers in the right clothes.

All texts stand in `text/*.sv.json` and `text/*.en.json`; both languages have the same keys, and a
test says so. A text is filled with `str.format`, and what is filled in is never read as a pattern.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from simulator.views import numbers
from simulator.views.numbers import Lang

_DURATION = re.compile(r"^\s*(\d+)\s+(month|quarter|half-year|year)s?\s*$")
_PER_CENT = re.compile(r"(?<=[\d}]) %")  # a number and its sign stay on one line
# En krona, ett pund.
_NEUTER = {"offentlig {coin}": "offentligt {coin}", "garanterad {coin}": "garanterat {coin}"}
# In Sweden the outcome payer is a municipality, and council papers say so; elsewhere it may be a
# ministry. The texts are written for a municipality, and these words stand in for it elsewhere.
_MUNICIPAL: dict[Lang, tuple[str, ...]] = {
    "sv": ("Kommunens", "kommunens", "Kommunen", "kommunen", "kommunerna", "kommuner"),
    "en": ("municipality", "municipalities", "Municipalities"),
}
_CALLED: dict[str, dict[Lang, tuple[str, ...]]] = {
    "region": {
        "sv": ("Regionens", "regionens", "Regionen", "regionen", "regionerna", "regioner"),
        "en": ("region", "regions", "Regions"),
    },
    "payer": {
        "sv": (
            "Den utfallsansvarigas",
            "den utfallsansvarigas",
            "Den utfallsansvariga",
            "den utfallsansvariga",
            "de utfallsansvariga",
            "utfallsansvariga",
        ),
        "en": ("outcome payer", "outcome payers", "Outcome payers"),
    },
}
"""What the texts' municipality is called where the outcome payer is something else."""
# "Per satsad krona", "for each krona", is for each unit of the scenario's own currency.
_UNIT = {"AUD": "dollar", "EUR": "euro", "GBP": "pund", "USD": "dollar"}


Payer = Literal["municipality", "region", "payer"]
"""What the outcome payer is: in texts on kronor it is called that."""


@cache
def texts(lang: Lang) -> dict[str, str]:
    """All texts of a language by key."""
    found: dict[str, str] = {}
    for file in sorted(files("simulator.views").joinpath("text").iterdir(), key=lambda f: f.name):
        if file.name.endswith(f".{lang}.json"):
            found.update(json.loads(file.read_text(encoding="utf-8")))
    return {key: _PER_CENT.sub("\u00a0%", text) for key, text in found.items()}


@dataclass(frozen=True)
class Language:
    """Says things in one language, with amounts in one currency."""

    lang: Lang
    currency: str = "SEK"
    payer: Payer = "municipality"

    def say(self, key: str, /, **values: Any) -> str:
        """The text of this key with the values filled in; a missing key is a KeyError.

        `{coin}` is one unit of the currency: a krona, a pound.
        """
        values.setdefault("coin", numbers.coin(self.currency, self.lang))
        return self._template(key).format(**values)

    def _template(self, key: str) -> str:
        """The text before it is filled in, with outcome payer and currency by their right names."""
        return self.of_currency(self.of_the_payer(texts(self.lang)[key]))

    def of_currency(self, template: str) -> str:
        """A text that is written for kronor, with the currency's own unit."""
        if self.currency == "SEK":
            return template
        if self.lang == "en":
            return template.replace("krona", numbers.coin(self.currency, "en"))
        unit = _UNIT.get(self.currency, self.currency)
        if unit == "pund":
            template = template.replace("satsad krona", f"satsat {unit}")
            for common, neuter in _NEUTER.items():
                template = template.replace(common, neuter)
        return template.replace("krona", unit)

    def of_the_payer(self, text: str) -> str:
        """A text that is written for a municipality, with the outcome payer's own word."""
        payer = self.payer if self.currency == "SEK" else "payer"
        if payer != "municipality":
            for ours, theirs in zip(_MUNICIPAL[self.lang], _CALLED[payer][self.lang], strict=True):
                text = text.replace(ours, theirs)
        return text

    def has(self, key: str) -> bool:
        """Whether there is a text with this key."""
        return key in texts(self.lang)

    def title(self, title: dict[Any, str] | None, name: str) -> str:
        """A title in this language, else in the other one, else the bare name made readable."""
        if not title:
            return name.replace("_", " ")
        return title.get(self.lang) or next(iter(title.values()))

    def words(self, words: str | dict[Any, str] | None) -> tuple[str, str]:
        """A reason or source in this language, else in the other one, and the language if known.

        A plain text is in no known language: the scenario does not say.
        """
        if not isinstance(words, dict):
            return words or "", ""
        lang = self.lang if words.get(self.lang) else next(iter(words))
        return words[lang], lang

    def join(self, parts: Sequence[str]) -> str:
        """`a, b and c`."""
        if len(parts) < 2:
            return "".join(parts)
        return self.say("join.and", first=", ".join(parts[:-1]), last=parts[-1])

    def money(self, value: float | None, *, sign: bool = False) -> str:
        """An estimated amount, rounded."""
        return numbers.money(value, self.currency, self.lang, sign=sign)

    def stated_money(self, value: float) -> str:
        """An amount that somebody stated, exact."""
        return numbers.stated_money(value, self.currency, self.lang)

    def percent(self, value: float | None, digits: int = 1, *, sign: bool = False) -> str:
        """An estimated share."""
        return numbers.percent(value, self.lang, digits, sign=sign)

    def rate(self, value: float | None, digits: int = 1) -> str:
        """An estimated yearly rate."""
        return numbers.rate(value, self.lang, digits)

    def stated_percent(self, value: float) -> str:
        """A share that somebody stated, exact."""
        return numbers.stated_percent(value, self.lang)

    def decimal(self, value: float | None, digits: int = 0, *, sign: bool = False) -> str:
        """A number with so many decimals."""
        return numbers.decimal(value, self.lang, digits, sign=sign)

    def stated(self, value: float) -> str:
        """A number that somebody stated, exact."""
        return numbers.stated(value, self.lang)

    def span(self, low: str, high: str) -> str:
        """`low to high`."""
        return numbers.span(low, high, self.lang)

    def likely(self, chance: float) -> str:
        """The word for a chance."""
        return numbers.likely(chance, self.lang)

    def day(self, date: datetime.date) -> str:
        """A date in words."""
        return numbers.day(date, self.lang)

    def count(self, number: int, noun: str) -> str:
        """`1 service user`, `60 service users`; the noun names a pair of texts."""
        word = self.say(f"noun.{noun}.{numbers.plural(number, 'one', 'many')}")
        return f"{self.decimal(number)}{numbers.SPACE}{word}"

    def duration(self, text: str) -> str:
        """A duration of the scenario, `2 years`, in this language; unknown forms stay."""
        match = _DURATION.match(text)
        return self.count(int(match[1]), match[2].replace("-", "_")) if match else text
