"""A settlement statement as lines of text: every payment through its terms, the sums, the check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.views.language import Language
from simulator.views.lines import aligned, scenario_title, wrap
from simulator.views.numbers import NOTHING, Lang
from simulator.views.read import find, number

_SUMS = (
    "drawn",
    "activity_payments",
    "outcome_payments",
    "repaid",
    "guarantee_payout",
    "received",
    "investor_profit",
)


def settlement_lines(settlement: Mapping[str, Any], lang: Lang) -> list[str]:
    """The statement; `settlement` has the keys of `socsim settle --json`."""
    language = Language(lang, find(settlement, "scenario.currency") or "SEK")
    data = find(settlement, "settlement") or settlement
    title = scenario_title(settlement, language)
    return [
        *([title] if title else []),
        language.say("statement.head", currency=language.currency),
        *_measured(data.get("measures") or {}, language),
        "",
        *_payments(data.get("lines") or [], language),
        *_sums(data, language),
        "",
        *_check(data, language),
    ]


def _measured(measures: Mapping[str, Any], language: Language) -> list[str]:
    """What was measured, as it was given."""
    said = [
        f"{name.replace('_', ' ')} {_given(value, language)}" for name, value in measures.items()
    ]
    return wrap(language.say("statement.given", measures="; ".join(said))) if said else []


def _given(value: Any, language: Language) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_given(item, language)}" for name, item in value.items())
    if isinstance(value, (list, tuple)):
        return " + ".join(_given(item, language) for item in value)
    return language.stated(float(value))


def _payments(lines: Sequence[Mapping[str, Any]], language: Language) -> list[str]:
    """Each payment with its input, its terms and what is paid; parts in several periods summed."""
    rows: list[tuple[str, str]] = []
    for parts in _together(lines):
        rows += _payment(parts, language)
        rows.append(("", ""))
    return aligned(rows, right=(1,)) if rows else []


def _together(lines: Sequence[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Lines of the same payment and cohort; what differs between periods only is summed."""
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for line in lines:
        stretch = str(line.get("stretch") or "")
        cohort = "" if "/" in stretch else stretch
        groups.setdefault((str(line["payment"]), cohort), []).append(line)
    return list(groups.values())


def _payment(parts: Sequence[Mapping[str, Any]], language: Language) -> list[tuple[str, str]]:
    first = parts[0]
    name = str(first["payment"]).replace("_", " ")
    cohort = str(first.get("stretch") or "")
    if cohort and "/" not in cohort:
        name += f", {cohort.replace('_', ' ')}"
    periods = language.say("statement.parts", count=language.decimal(len(parts)))
    kind = language.say(f"statement.{first['kind'].replace(' ', '_')}")
    rows = [(f"{kind}: {name}{periods if len(parts) > 1 else ''}", "")]
    for given in first.get("inputs") or {}:
        total = sum(part["inputs"].get(given, 0.0) for part in parts)
        rows.append((f"  {_input(given, language)}", _amount(total, language)))
    for place, word in enumerate(first.get("words") or []):
        out = sum(part["words"][place]["value_out"] for part in parts)
        rows.append((f"  {_term(word, language)}", _amount(out, language)))
    for condition in first.get("conditions") or []:
        rows.append((f"  {_condition(condition, language)}", ""))
    claimed = sum(part["claimed"] for part in parts)
    paid = sum(part["paid"] for part in parts)
    if abs(paid - claimed) > 0.005:
        rows.append((f"  {language.say('statement.claimed')}", _amount(claimed, language)))
    rows.append((f"  {language.say('statement.paid')}", _amount(paid, language)))
    return rows


def _input(name: str, language: Language) -> str:
    if name in ("capital_drawn", "cost"):
        return language.say(f"of.{name}")
    return language.say("statement.measured", measure=name.replace("_", " "))


def _term(word: Mapping[str, Any], language: Language) -> str:
    """`at most 0.6 × drawn`."""
    said = language.say(f"word.{word['term']}")
    level = _level(word.get("level"), language)
    return f"{said} {level}" if level else said


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
    return ""


def _condition(condition: Mapping[str, Any], language: Language) -> str:
    key = f"statement.condition.{condition['test']}"
    said = language.say(
        key,
        measure=str(condition["measure"]).replace("_", " "),
        value=language.stated(round(condition["value"], 6)),
        level=language.stated(condition["level"]),
    )
    answer = language.say("statement.holds" if condition["holds"] else "statement.fails")
    return f"{said}: {answer}"


def _sums(data: Mapping[str, Any], language: Language) -> list[str]:
    """What each side gets, with what was published beside it."""
    published = data.get("published") or {}
    rows = [("", language.say("statement.settled"), language.say("statement.published"))]
    for key in _SUMS:
        rows.append(
            (
                language.say(f"statement.sum.{key}"),
                _amount(number(data, key), language),
                _amount(number(published, key), language) if key in published else "",
            )
        )
    irr, said = number(data, "investor_irr"), number(published, "investor_irr")
    rows.append(
        (
            language.say("statement.sum.investor_irr"),
            language.rate(irr),
            language.rate(said) if said is not None else "",
        )
    )
    if not any(row[2] for row in rows[1:]):
        rows = [row[:2] for row in rows]  # type: ignore[misc]
    return aligned(rows, right=(1, 2))


def _check(data: Mapping[str, Any], language: Language) -> list[str]:
    """Whether it agrees with what was published, how strong the check is, and notes."""
    said = []
    if data.get("completed") is False:
        said.append(language.say("statement.not_completed"))
    agrees, published = data.get("agrees"), data.get("published") or {}
    if agrees is not None:
        key = "statement.agrees" if agrees else "statement.disagrees"
        source = published.get("source") or language.say("report.happened.source_unstated")
        tolerance = language.stated_money(number(published, "tolerance") or 0.0)
        said.append(language.say(key, source=source, tolerance=tolerance))
    percentile = number(data, "percentile")
    if percentile is not None:
        said.append(language.say("statement.percentile", share=language.percent(percentile)))
    said += [str(text) for text in (data.get("check"), data.get("note")) if text]
    return [line for text in said for line in wrap(text)]


def _amount(value: float | None, language: Language) -> str:
    """Whole units, with two decimals where there is something after the point."""
    if value is None:
        return NOTHING
    digits = 0 if abs(value - round(value)) < 0.005 else 2
    return language.decimal(value, digits)
