"""Terms of a settlement that read another quantity, and levels that follow the path, in words."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulator.views.read import find

if TYPE_CHECKING:
    from simulator.views.language import Language
    from simulator.views.settled import Titles

QUANTITIES = ("capital_drawn", "capital_outstanding", "cost", "paid")


def number_of(value: Any) -> float:
    """A number as it is written, or as the table that holds it."""
    return float(value["value"] if isinstance(value, Mapping) else value)


def quantity_text(term: str, name: str, titles: Titles) -> str:
    """What `times` (a measure) or `less` (a payment) names, or a quantity of the contract."""
    key = f"statement.input.{name}"
    if name in QUANTITIES and titles.language.has(key):
        return titles.language.say(key)
    if term == "times" and name in (find(titles.data, "scenario.titles.measures") or {}):
        return titles.measure(name)
    return titles.of("payments", name)


def running_text(term: str, level: Any, titles: Titles) -> str | None:
    """The words of a term that reads another quantity or rounds; None for any other term."""
    language = titles.language
    if term in ("times", "less"):
        return language.say(f"word.{term}", what=quantity_text(term, str(level), titles))
    if term == "compounded":
        return language.say("word.compounded", years=language.stated(number_of(level)))
    if term == "until_repaid":
        shares = {
            key: language.stated_percent(number_of(level[key]))
            for key in ("interest", "share", "then")
        }
        return language.say("word.until_repaid", **shares)
    if term == "uplift":
        since = datetime.date.fromisoformat(str(level["since"]))
        rate = language.stated_percent(number_of(level["per_year"]))
        return language.say("word.uplift", rate=rate, since=language.day(since))
    if term == "bands":
        parts = [
            language.say(
                "word.bands.part",
                price=language.stated(number_of(band["price"])),
                above=language.stated(number_of(band["above"])),
            )
            for band in level
        ]
        return language.say("word.bands", bands=", ".join(parts))
    if term == "rounded":
        rule = level.get("rule") or "nearest"
        return language.say(f"word.rounded.{rule}", unit=language.stated(number_of(level["to"])))
    return None


def path_level(level: Mapping[str, Any], language: Language) -> str:
    """A level by contract year or by capital drawn; empty for any other."""
    if level.get("by_year"):
        levels = ", ".join(language.stated(number_of(value)) for value in level["by_year"])
        return language.say("level.by_year.stated", levels=levels)
    if level.get("by_drawn"):
        points = "; ".join(
            f"{language.stated(x)}: {language.stated(y)}" for x, y in level["by_drawn"]
        )
        return language.say("level.by_drawn.stated", points=points)
    return ""
