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
from simulator.views.read import find
from simulator.views.settled_terms import SMALL, amount, term_text
from simulator.views.settled_units import shares_in
from simulator.views.words.names import within


@dataclass(frozen=True)
class Step:
    """One row: what it is, what went in and what came out; conditions have neither.

    `share_in` and `is_share` say whether what went in and what came out is a share, in per cent.
    """

    label: str
    value_in: float | None = None
    value_out: float | None = None
    kind: Literal["input", "term", "condition", "claimed", "paid", "who"] = "term"
    is_share: bool = False
    share_in: bool = False


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

    def inside(self, name: str) -> str:
        """What a party is called inside a sentence."""
        return within(self.of("parties", name), self.language)

    def is_share(self, name: str) -> bool:
        """Whether the values of a measure are shares, which are written in per cent."""
        return name in (find(self.data, "scenario.shares") or [])

    def value(self, name: str, value: float) -> str:
        """A measured value, or a level that it is held against."""
        if self.is_share(name):
            return self.language.stated_percent(round(value, 6))
        return self.language.stated(round(value, 6))

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


def before(step: Step, language: Language) -> str:
    """What goes into a step; empty where nothing does."""
    return "" if step.value_in is None else _figure(step, step.value_in, step.share_in, language)


def after(step: Step, language: Language) -> str:
    """What comes out of a step; empty where nothing does."""
    return "" if step.value_out is None else _figure(step, step.value_out, step.is_share, language)


def _figure(step: Step, value: float, share: bool, language: Language) -> str:
    """A step's amount; a small measured value is no money and has the decimals it has."""
    if share:
        return language.stated_percent(round(value, 6))
    if step.kind == "input" and abs(value) < SMALL:
        return language.stated(round(value, 4))
    return amount(value, language)


def given(measure: str, value: Any, titles: Titles) -> str:
    """A measured value as it was given: one number, by period, or by cohort."""
    if isinstance(value, Mapping):
        return ", ".join(
            f"{titles.of('cohorts', name)} {given(measure, v, titles)}" for name, v in value.items()
        )
    if isinstance(value, (list, tuple)):
        return " / ".join(given(measure, item, titles) for item in value)
    if titles.is_share(measure):
        return titles.language.stated_percent(float(value))
    return titles.language.stated(float(value))


def blocks(settlement: Mapping[str, Any], titles: Titles) -> list[Block]:
    """Every line; what is paid as delivered is summed over its periods.

    Periods in a row that were measured and pay nothing are one block, with what was measured.
    """
    lines = find(settlement, "lines") or []
    return [
        _nothing(parts, titles) if _pays_nothing(parts) else _block(parts, titles)
        for parts in _together(lines)
    ]


def _pays_nothing(parts: Sequence[Mapping[str, Any]]) -> bool:
    """Several periods of an outcome payment, none of which comes to anything."""
    return len(parts) > 1 and parts[0]["kind"] == "outcome payment"


def _is_empty(line: Mapping[str, Any]) -> bool:
    """A period that was measured and pays nothing, though no condition fails."""
    held = all(condition["holds"] for condition in line.get("conditions") or [])
    amounts = abs(line["claimed"]) + abs(line["paid"])
    is_period = line["kind"] == "outcome payment" and "/" in str(line.get("stretch") or "")
    return bool(held and is_period and amounts < 0.005)


def _nothing(parts: Sequence[Mapping[str, Any]], titles: Titles) -> Block:
    """Periods in a row that pay nothing: what was measured in each, and the terms."""
    first, last, language = parts[0], parts[-1], titles.language
    begins, ends = first["stretch"].split("/")[0], last["stretch"].split("/")[1]
    heading = _heading([{**first, "stretch": f"{begins}/{ends}"}], titles)
    steps = [
        Step(
            f"{titles.measure(name)}: "
            + " / ".join(
                titles.value(name, round(part["inputs"].get(name, 0.0), 4)) for part in parts
            ),
            kind="condition",
        )
        for name in first.get("inputs") or {}
    ]
    units = shares_in(first, titles)
    words = "; ".join(
        term_text(word, first, titles, *unit)
        for word, unit in zip(first.get("words") or [], units, strict=True)
    )
    if words:
        steps.append(Step(words, kind="condition"))
    return Block(
        first["kind"], heading, (*steps, Step(language.say("statement.paid"), None, 0.0, "paid"))
    )


def _together(lines: Sequence[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Lines of one activity payment together; all else by itself: rates make no sum."""
    groups: dict[tuple[str, str, str, str], list[Mapping[str, Any]]] = {}
    for line in lines:
        stretch = str(line.get("stretch") or "")
        day = str(line["due"]) if line["kind"] == "limit" else ""
        if line["kind"] == "activity payment" and "/" in stretch:
            stretch = ""
        if _is_empty(line):  # joined to the one before it where that pays nothing either
            before = next(reversed(groups.values()), [])
            if before and before[-1]["name"] == line["name"] and _is_empty(before[-1]):
                before.append(line)
                continue
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
            share = titles.is_share(name)
            steps.append(Step(titles.measure(name), None, total, "input", share))
    if first["kind"] == "limit":
        steps.append(Step(language.say("statement.asked"), None, first["claimed"], "input"))
    units = shares_in(first, titles)
    for place, word in enumerate(first.get("words") or []):
        if word["term"] != "guarantee.paid":
            values = [(part["words"][place]["value_in"], part["words"][place]["value_out"])
                      for part in parts]  # fmt: skip
            total_in, total_out = (_sum(column) for column in zip(*values, strict=True))
            alone = {**word, "value_in": total_in, "value_out": total_out}
            said = term_text(alone if len(parts) == 1 else word, first, titles, *units[place])
            share_in, share_out = units[place]
            steps.append(Step(said, total_in, total_out, is_share=share_out, share_in=share_in))
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
        payer = _payers(first["payers"], titles)
        payee, when = titles.inside(first["payee"]), _days(parts, language)
        if paid < 0:  # the payee pays
            payer, payee = payee, payer
        said = language.say("statement.who", when=when, payer=payer, payee=payee)
        steps.append(Step(said, kind="who"))
    return steps


def _payers(shares: Mapping[str, float], titles: Titles) -> str:
    """Who pays: one party, or several with their shares."""
    parties = [titles.inside(name) for name in shares]
    if len(parties) > 1:
        parts = zip(parties, shares.values(), strict=True)
        parties = [f"{party} ({titles.language.stated_percent(share)})" for party, share in parts]
    return titles.language.join(parties)


def _due(parts: Sequence[Mapping[str, Any]], language: Language) -> Step:
    return Step(language.say("statement.on", when=_days(parts, language)), kind="who")


def _days(parts: Sequence[Mapping[str, Any]], language: Language) -> str:
    """The day, or the first and the last of several."""
    days = sorted({str(part["due"]) for part in parts})
    first, last = (language.day(datetime.date.fromisoformat(day)) for day in (days[0], days[-1]))
    return first if first == last else language.say("statement.from_to", first=first, last=last)


def _tested(condition: Mapping[str, Any], titles: Titles) -> dict[str, str]:
    """The value and the level of a test; significance is counted in standard errors."""
    keys = ("value", "level")
    if condition["test"] == "significant":
        return {key: titles.language.stated(round(condition[key], 6)) for key in keys}
    return {key: titles.value(str(condition["measure"]), condition[key]) for key in keys}


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
        **_tested(condition, titles),
    )
    return f"{said}: {answer}"
