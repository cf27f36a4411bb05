"""What a settlement says line by line, in words: the same blocks for the terminal and the page.

A block is one payment, one limit that bound or one guarantee; its steps go from what it starts from
through its terms to what is paid. `settlement` has the keys of `socsim settle --json`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from simulator.views.language import Language
from simulator.views.numbers import NOTHING
from simulator.views.read import find
from simulator.views.settled_terms import path_level, running_text

SMALL = 100.0


@dataclass(frozen=True)
class Step:
    """One row: what it is, what went in and what came out; conditions have neither."""

    label: str
    value_in: float | None = None
    value_out: float | None = None
    kind: Literal["input", "term", "condition", "claimed", "paid", "who"] = "term"


@dataclass(frozen=True)
class Block:
    """One payment, limit or guarantee."""

    kind: str
    heading: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Titles:
    """What parties, measures and cohorts are called; a name without a title is made readable."""

    data: Mapping[str, Any]
    language: Language

    def of(self, group: str, name: str) -> str:
        """The title of a thing in a group."""
        title = find(self.data, f"scenario.titles.{group}") or {}
        if group == "parties" and name not in title and self.language.has(f"party.{name}"):
            return self.language.say(f"party.{name}")
        return self.language.title(title.get(name), name)

    def measure(self, name: str) -> str:
        """A measure, or what an input of another kind is called."""
        key = f"statement.input.{name}"
        if self.language.has(key):
            return self.language.say(key)
        titled = find(self.data, "scenario.titles.measures") or {}
        if name in titled:
            return self.language.title(titled[name], name)
        said = self.language.title(None, name)
        return self.language.say("statement.measured", measure=said)


def amount(value: float | None, language: Language) -> str:
    """Whole units, with two decimals where there is something after the point; shares in full."""
    if value is None:
        return NOTHING
    if abs(value) < SMALL and abs(value - round(value, 2)) > 1e-6:
        return language.stated(round(value, 4))
    digits = 0 if abs(value - round(value)) < 0.005 else 2
    return language.decimal(value, digits)


def given(value: Any, titles: Titles) -> str:
    """A measured value as it was given: one number, by period, or by cohort."""
    if isinstance(value, Mapping):
        parts = (f"{titles.of('cohorts', name)} {given(v, titles)}" for name, v in value.items())
        return ", ".join(parts)
    if isinstance(value, (list, tuple)):
        return " / ".join(given(item, titles) for item in value)
    return titles.language.stated(float(value))


def blocks(settlement: Mapping[str, Any], titles: Titles) -> list[Block]:
    """Every line; what is paid as delivered is summed over its periods."""
    lines = find(settlement, "lines") or []
    return [_block(parts, titles) for parts in _together(lines)]


def _together(lines: Sequence[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Lines of one activity payment together; all else by itself: rates make no sum."""
    groups: dict[tuple[str, str, str, str], list[Mapping[str, Any]]] = {}
    for line in lines:
        stretch = str(line.get("stretch") or "")
        day = str(line["due"]) if line["kind"] == "limit" else ""
        if line["kind"] == "activity payment" and "/" in stretch:
            stretch = ""
        key = (str(line["kind"]), str(line["name"]), stretch, day)
        groups.setdefault(key, []).append(line)
    return list(groups.values())


def _block(parts: Sequence[Mapping[str, Any]], titles: Titles) -> Block:
    first, language = parts[0], titles.language
    steps = []
    for name in first.get("inputs") or {}:
        total = _sum(part["inputs"].get(name, 0.0) for part in parts)
        if name == "target_return":
            total = first["inputs"][name]
        if name != "room":
            steps.append(Step(titles.measure(name), None, total, "input"))
    if first["kind"] == "limit":
        steps.append(Step(language.say("statement.asked"), None, first["claimed"], "input"))
    for place, word in enumerate(first.get("words") or []):
        if word["term"] != "guarantee.paid":
            values = [(part["words"][place]["value_in"], part["words"][place]["value_out"])
                      for part in parts]  # fmt: skip
            total_in, total_out = (_sum(column) for column in zip(*values, strict=True))
            steps.append(Step(_term(word, first, titles), total_in, total_out))
    for condition in first.get("conditions") or []:
        steps.append(Step(_condition(condition, titles), kind="condition"))
    return Block(first["kind"], _heading(parts, titles), (*steps, *_paid(parts, titles)))


def _sum(values: Any) -> float:
    return float(sum(values))


def _heading(parts: Sequence[Mapping[str, Any]], titles: Titles) -> str:
    first, language = parts[0], titles.language
    kind = language.say(f"statement.{first['kind'].replace(' ', '_')}")
    if first["kind"] == "limit":
        return kind + ": " + language.say(f"statement.limit.{first['name']}")
    name = language.title(first.get("title"), first["name"])
    cohort = str(first.get("stretch") or "")
    if "/" in cohort and len(parts) == 1:
        name += f", {_period(cohort, language)}"
    elif cohort and "/" not in cohort:
        name += f", {titles.of('cohorts', cohort)}"
    if first.get("reading"):
        reading = language.say(f"statement.reading.{first['reading'].replace(' ', '_')}")
        name += f" ({reading})"
    if len(parts) > 1:
        name += language.say("statement.parts", count=language.decimal(len(parts)))
    if name.lower() == kind.lower():
        return kind
    return f"{kind}: {name}"


def _period(stretch: str, language: Language) -> str:
    """Its first and its last day."""
    begins, ends = (datetime.date.fromisoformat(day) for day in stretch.split("/"))
    last = ends - datetime.timedelta(days=1)
    return language.say("statement.from_to", first=language.day(begins), last=language.day(last))


def _paid(parts: Sequence[Mapping[str, Any]], titles: Titles) -> list[Step]:
    """What is paid, and by whom, to whom and when."""
    first, language = parts[0], titles.language
    claimed, paid = (_sum(part[key] for part in parts) for key in ("claimed", "paid"))
    if first["kind"] == "limit":
        return [Step(language.say("statement.left"), claimed, paid, "paid"), _due(parts, language)]
    steps = []
    if abs(paid - claimed) > 0.005 and first["kind"] != "guarantee":
        steps.append(Step(language.say("statement.claimed"), None, claimed, "claimed"))
    steps.append(Step(language.say("statement.paid"), None, paid, "paid"))
    if first.get("due") and abs(paid) >= 0.005:
        payer = language.join([titles.of("parties", name) for name in first["payers"]])
        payee, when = titles.of("parties", first["payee"]), _days(parts, language)
        if paid < 0:  # the payee pays
            payer, payee = payee, payer
        said = language.say("statement.who", when=when, payer=payer, payee=payee)
        steps.append(Step(said, kind="who"))
    return steps


def _due(parts: Sequence[Mapping[str, Any]], language: Language) -> Step:
    return Step(language.say("statement.on", when=_days(parts, language)), kind="who")


def _days(parts: Sequence[Mapping[str, Any]], language: Language) -> str:
    """The day, or the first and the last of several."""
    days = sorted({str(part["due"]) for part in parts})
    first, last = (language.day(datetime.date.fromisoformat(day)) for day in (days[0], days[-1]))
    return first if first == last else language.say("statement.from_to", first=first, last=last)


def _term(word: Mapping[str, Any], line: Mapping[str, Any], titles: Titles) -> str:
    """`at most 60 % of the capital drawn`."""
    language, term, level = titles.language, str(word["term"]), word["level"]
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
    if term == "limit.per_period" or term == "limit.per_service_user":
        return language.say(f"word.{term}", level=amount(level, language))
    running = running_text(term, level, titles)
    if running is not None:
        return running
    said = language.say(f"word.{term}")
    level_text = _level(level, language)
    return f"{said} {level_text}" if level_text else said


def _level(level: Any, language: Language) -> str:
    if isinstance(level, (int, float)) and not isinstance(level, bool):
        return language.stated(level)
    if isinstance(level, str):
        return language.duration(level)
    if isinstance(level, Mapping):
        for key, multiple in level.items():
            share = multiple.get("value") if isinstance(multiple, Mapping) else multiple
            if language.has(f"level.{key}") and isinstance(share, (int, float)):
                return language.say(f"level.{key}", share=language.stated_percent(share))
        return path_level(level, language)
    return ""


def _condition(condition: Mapping[str, Any], titles: Titles) -> str:
    language = titles.language
    answer = language.say("statement.holds" if condition["holds"] else "statement.fails")
    if condition["test"] in ("completed", "terminated"):
        return f"{language.say('statement.condition.' + condition['test'])}: {answer}"
    titled = find(titles.data, "scenario.titles.measures") or {}
    if condition["test"] in ("paid", "not_paid"):
        said = language.say(
            f"statement.condition.{condition['test']}",
            payment=titles.of("payments", condition["measure"]),
            value=amount(condition["value"], language),
        )
        return f"{said}: {answer}"
    said = language.say(
        f"statement.condition.{condition['test']}",
        measure=language.title(titled.get(condition["measure"]), condition["measure"]),
        value=language.stated(round(condition["value"], 6)),
        level=language.stated(condition["level"]),
    )
    return f"{said}: {answer}"


def is_compared(data: Mapping[str, Any]) -> bool:
    """Whether what was published is about what is settled here."""
    own = (find(data, "settlement.basis") or "as signed") == "as signed"
    return own and not find(data, "scenario.variant") and not find(data, "scenario.overrides")


def remarks(data: Mapping[str, Any], language: Language) -> list[str]:
    """Whose values are settled, and what follows where the programme was not completed."""
    settlement = find(data, "settlement") or data
    basis = settlement.get("basis") or "as signed"
    changed = find(data, "scenario.variant") or find(data, "scenario.overrides")
    said = []
    if basis == "as signed" and changed:
        said.append(language.say("statement.basis.of_the_contract"))
    elif basis != "as signed":
        said.append(language.say(f"statement.basis.{basis}"))
    if settlement.get("terminated"):
        said.append(language.say("statement.terminated", date=settlement["terminated"]))
    elif settlement.get("completed") is False:
        said.append(language.say("statement.not_completed"))
    return said


def granted(data: Mapping[str, Any], language: Language) -> list[str]:
    """What was not given and is taken for granted, one sentence each."""
    settlement = find(data, "settlement") or data
    return [language.say(f"statement.assumed.{name}") for name in settlement.get("assumed") or []]


def conclusions(data: Mapping[str, Any], language: Language) -> list[str]:
    """Whether it agrees with what was published, how strong that is, the percentile, the note."""
    settlement = find(data, "settlement") or data
    said = []
    agrees, published = settlement.get("agrees"), settlement.get("published") or {}
    compared = is_compared(data)
    if agrees is not None and compared:
        key = "statement.agrees" if agrees else "statement.disagrees"
        name = published.get("source")
        titled = (find(data, "scenario.titles.sources") or {}).get(name, name)
        source = language.words(titled)[0] or language.say("report.happened.source_unstated")
        tolerance = language.stated_money(float(published.get("tolerance") or 0.0))
        said.append(language.say(key, source=source, tolerance=tolerance))
    percentile = settlement.get("percentile")
    if percentile is not None:
        said.append(language.say("statement.percentile", share=language.percent(percentile)))
    if compared and settlement.get("check"):
        said.append(language.words(settlement["check"])[0])
    return [*said, *([language.words(settlement["note"])[0]] if settlement.get("note") else [])]


SUMS = (
    "drawn",
    "activity_payments",
    "outcome_payments",
    "repaid",
    "guarantee_payout",
    "received",
    "investor_profit",
    "investor_irr",
)


def sums(data: Mapping[str, Any], language: Language) -> list[tuple[str, str, str]]:
    """Each figure as settled and as published; nothing published that is about something else."""
    settlement = find(data, "settlement") or data
    published = (settlement.get("published") or {}) if is_compared(data) else {}
    rows = []
    for key in SUMS:
        write = language.rate if key == "investor_irr" else lambda v: amount(v, language)
        said = write(published[key]) if published.get(key) is not None else ""
        rows.append((language.say(f"statement.sum.{key}"), write(settlement.get(key)), said))
    return rows
