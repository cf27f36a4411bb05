"""The analysis in one language: what its parties, designs, numbers and studies are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.scenario.model import Scenario
from simulator.views.deciding import Deciding
from simulator.views.language import Language
from simulator.views.numbers import Lang
from simulator.views.words.names import capitalised

Data = Mapping[str, Any]
SURE = 2.0
"""Standard errors above which a value is told apart from nothing."""
SEEN = 0.01
"""Share of what perfect knowledge is worth from which a number has a row of its own."""
NEARLY_ALL = 0.95
"""Share of what perfect knowledge is worth from which a number is worth practically all of it."""
NOT_SIGNING = "not signing"


@dataclass(frozen=True)
class Known:
    """The analysis in one language; `parties` are those whose decisions are told, all if empty."""

    data: Data
    deciding: Deciding
    parties: tuple[str, ...] = ()

    @classmethod
    def of(cls, data: Data, scenario: Scenario, lang: Lang) -> Known:
        """For everybody."""
        return cls(data, Deciding.of(scenario, lang))

    @property
    def language(self) -> Language:
        """The reader's language."""
        return self.deciding.language

    def decisions(self, question: str) -> list[Data]:
        """The decisions of one kind that are told."""
        return [
            found
            for found in self.data["decisions"]
            if found["question"] == question
            and (not self.parties or found["party"] in self.parties)
        ]

    def party(self, name: str) -> str:
        """The party, with a capital letter."""
        if name in ("municipality", "investor"):
            return self.deciding.names.group(name)
        return capitalised(self.deciding.names.party(name))

    def design(self, name: str) -> str:
        """A design's title, or the option of doing nothing."""
        if name == NOT_SIGNING:
            return self.language.say("information.not_signing")
        titles = {design["name"]: design["title"] for design in self.data["designs"]}
        return self.language.title(titles.get(name), name)

    def number(self, key: str) -> str:
        """What a number is called."""
        return self.deciding.number(key)


def study_label(known: Known, name: str) -> str:
    """A study as it is asked for, in words."""
    say = known.language.say
    parts = dict(part.split("=", 1) for part in name.split(", "))
    if "number" in parts:
        error = known.language.stated(float(parts["error"]))
        return say("information.study.number", number=known.number(parts["number"]), error=error)
    kind = "pilot" if "pilot" in parts else "baseline"
    label = say(
        f"information.study.{kind}",
        metric=known.deciding.names.metric(parts[kind]),
        n=known.language.decimal(int(parts["n"])),
    )
    if "comparison" in parts:
        count = known.language.decimal(int(parts["comparison"]))
        label += say("information.study.comparison", n=count)
    if "years" in parts:
        label += say("information.study.years", years=known.language.decimal(int(parts["years"])))
    return label


def change_label(known: Known, entry: Data) -> str:
    """A change of measurement: a variant's title, or a key and what it is set to."""
    if entry["title"]:
        return known.language.title(entry["title"], entry["change"])
    key, _, value = str(entry["change"]).partition("=")
    try:
        said = known.deciding.exactly(key.strip(), float(value.replace("_", "")))
    except ValueError:
        said = value.strip()
    return f"{known.deciding.key(key.strip())}: {said}"


def is_seen(entry: Data, perfect: Data) -> bool:
    """Whether knowing it is worth something that can be told."""
    sure = entry["estimate"] > SURE * entry["standard_error"]
    return bool(sure and entry["estimate"] >= SEEN * perfect["estimate"])


def value_of(entry: Data, perfect: Data) -> float:
    """What knowing it is worth: never below nothing, never above what all knowledge is worth."""
    return max(min(float(entry["estimate"]), float(perfect["estimate"])), 0.0)


def is_capped(entry: Data, perfect: Data) -> bool:
    """Whether the estimate came out above that of all knowledge, and is shown as the latter."""
    return bool((entry.get("uncapped") or entry["estimate"]) > perfect["estimate"])


def is_nearly_all(entry: Data, perfect: Data) -> bool:
    """Whether one number is worth practically as much as all of them together."""
    return bool(entry["estimate"] >= NEARLY_ALL * perfect["estimate"] > 0.0)
