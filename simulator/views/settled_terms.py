"""Terms of a settlement in words: what each does, at which level, by which amount."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulator.views.numbers import NOTHING
from simulator.views.read import find

if TYPE_CHECKING:
    from simulator.views.language import Language
    from simulator.views.settled import Titles

SMALL = 100.0
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


def amount(value: float | None, language: Language) -> str:
    """Whole units, with two decimals where there is something after the point; shares in full."""
    if value is None:
        return NOTHING
    if abs(value) < SMALL and abs(value - round(value, 2)) > 1e-6:
        return language.stated(round(value, 4))
    digits = 0 if abs(value - round(value)) < 0.005 else 2
    return language.decimal(value, digits)


def term_text(
    word: Mapping[str, Any],
    line: Mapping[str, Any],
    titles: Titles,
    share: bool = False,
    rate: bool = False,
) -> str:
    """`at most 60 % of the capital drawn`; a `share` goes in, a `rate` comes out, or no such."""
    language, term, level = titles.language, str(word["term"]), word["level"]
    if term.startswith(("limit.", "guarantee.")):
        return _of_the_whole(term, level, line, language)
    if term == "table":
        return _table(level, language, share, rate)
    if term == "price" and share:
        said, level, share = language.say("word.price.point"), number_of(level) / 100, rate
    elif (running := running_text(term, level, titles)) is not None:
        return _with_factor(running, word, language) if term == "times" else running
    else:
        said = language.say(f"word.{term}")
    level_text = _level(level, language, share or term == "share")
    said = f"{said} {level_text}" if level_text else said
    worth = _share_of_drawn(level, line, titles)
    if worth is None:
        return said
    return language.say("word.of_that", term=said, amount=amount(worth, language))


def _share_of_drawn(level: Any, line: Mapping[str, Any], titles: Titles) -> float | None:
    """What a share of the capital drawn comes to, where all of it is one investor's and is drawn.

    None for other levels, for classes of capital, and while capital is still to be drawn.
    """
    share = level.get("of_drawn") if isinstance(level, Mapping) else None
    drawn = find(titles.data, "settlement.drawn")
    if share is None or drawn is None or not line.get("due"):
        return None
    transfers = find(titles.data, "settlement.transfers") or []
    draws = [item for item in transfers if item["account"] == "drawdown"]
    if any(item["payer"] != "investor" or item["date"] >= line["due"] for item in draws):
        return None
    return number_of(share) * float(drawn)


def _of_the_whole(term: str, level: Any, line: Mapping[str, Any], language: Language) -> str:
    """A limit of the contract, or a step of a guarantee."""
    if term == "limit.multiple":
        share = language.stated_percent(level)
        return language.say("word.limit", level=language.say("level.of_drawn", share=share))
    if term.startswith("limit.annual_return"):
        return language.say("word.limit.return", rate=language.stated_percent(level))
    if term == "limit.total":
        return language.say("word.limit", level=amount(level, language))
    if term == "guarantee.object":
        rate = language.stated_percent((line.get("inputs") or {}).get("target_return", 0.0))
        thing = language.say(f"guarantee.object.{str(level).replace(' ', '_')}", rate=rate)
        return language.say("word.guarantee.object", object=thing)
    if term == "guarantee.coverage":
        return language.say("word.guarantee.coverage", share=language.stated_percent(level))
    if term.startswith("guarantee."):
        return language.say(f"word.{term}", level=amount(level, language))
    return language.say(f"word.{term}", level=amount(level, language))


def _table(level: Mapping[str, Any], language: Language, share: bool, rate: bool) -> str:
    """Every point of a table, in the units of what goes in and what comes out."""
    key = f"word.table.{level.get('form', 'stepped')}"
    points = [
        language.say(
            f"{key}.point", at=_stated(at, language, share), value=_stated(value, language, rate)
        )
        for at, value in level["points"]
    ]
    return language.say(key, points=", ".join(points))


def _stated(value: float, language: Language, share: bool) -> str:
    return language.stated_percent(value) if share else language.stated(value)


def _with_factor(said: str, word: Mapping[str, Any], language: Language) -> str:
    """What the value is multiplied by, with its amount where that shows."""
    value_in, value_out = word.get("value_in"), word.get("value_out")
    if not value_in or value_out is None:
        return said
    return language.say("word.of_that", term=said, amount=amount(value_out / value_in, language))


def _level(level: Any, language: Language, share: bool) -> str:
    if isinstance(level, (int, float)) and not isinstance(level, bool):
        return _stated(level, language, share)
    if isinstance(level, str):
        return language.duration(level)
    if isinstance(level, Mapping):
        for key, multiple in level.items():
            of = multiple.get("value") if isinstance(multiple, Mapping) else multiple
            if language.has(f"level.{key}") and isinstance(of, (int, float)):
                return language.say(f"level.{key}", share=language.stated_percent(of))
        return path_level(level, language)
    return ""
