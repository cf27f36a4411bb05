"""What the money does for people: outcomes, and what one more of each costs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from simulator.views.numbers import spans_zero
from simulator.views.read import Estimate, estimate
from simulator.views.report.chapters.effects import is_money, per_krona
from simulator.views.report.chapters.outcomes import outcomes_section
from simulator.views.report.parts import Bullets, Section
from simulator.views.report.source import Told

# An effect is positive when it is good: more who reach what is wanted, fewer what is not.
_WAYS = {
    "higher": ("impact.more", "impact.more.cost", "impact.fewer"),
    "lower": ("impact.less", "impact.less.cost", "impact.less.not"),
}


def impact_section(told: Told) -> Section | None:
    """Outcomes as everybody sees them, after what the programme's money is expected to buy."""
    shared = outcomes_section(told)
    if shared is None:
        return None
    return replace(
        shared,
        title=told.language.say("report.impact"),
        paragraphs=(*_society(told), *shared.paragraphs),
        parts=(*_outcomes(told), *shared.parts),
    )


def _outcomes(told: Told) -> tuple[Bullets, ...]:
    """How many more people reach each outcome, and at what cost."""
    entries = told.summary.get("outcomes") or []
    said = tuple(_outcome(entry, told) for entry in entries if _counts(entry))
    return (Bullets(said),) if said else ()


def _society(told: Told) -> list[str]:
    """Society's side, where it has a rate."""
    summary, language = told.summary, told.language
    value = estimate(summary, "society.net_present_value")
    ratio = estimate(summary, "society.benefit_cost_ratio")
    if value is None or ratio is None:
        return []
    said = language.say(
        "impact.society.gain" if value.value >= 0 else "impact.society.loss",
        amount=language.money(abs(value.value)),
        ratio=language.decimal(ratio.value, 2),
    )
    if spans_zero(value.p5, value.p95):
        said = f"{said} {language.say('impact.society.zero')}"
    return [said]


def _counts(entry: dict[str, Any]) -> bool:
    return estimate(entry, "true_effect") is not None


def _outcome(entry: dict[str, Any], told: Told) -> str:
    """How many more reach an outcome than would have anyway, or how many fewer, at what cost each.

    Of a count or an amount the effect itself, and what the money gives of it.
    """
    language = told.language
    if entry.get("kind") != "binary":
        return _amount(entry, told)
    effect = estimate(entry, "true_effect") or Estimate(0.0)
    cost = estimate(entry, "cost_per_additional_outcome")
    values = {
        "outcome": told.names.quote(language.title(entry.get("title"), str(entry["metric"]))),
        "number": language.decimal(abs(effect.value), 1),
        "span": language.span(language.decimal(effect.p5, 1), language.decimal(effect.p95, 1)),
        "sign": language.say("impact.less.sign") if (effect.p5 or 0.0) < 0 else "",
    }
    good, priced, bad = _WAYS["lower" if entry.get("better") == "lower" else "higher"]
    if effect.value <= 0:
        return language.say(bad, **values)
    if cost is None or cost.value <= 0:  # a programme that costs nothing here has no price
        return language.say(good, **values)
    known = estimate(entry, "effect_per_krona") is not None
    per = language.say("impact.per", per=per_krona(entry, told.names)) if known else ""
    return language.say(priced, cost=language.money(cost.value), per=per, **values)


def _amount(entry: dict[str, Any], told: Told) -> str:
    language, names = told.language, told.names
    effect = estimate(entry, "true_effect") or Estimate(0.0)
    metric = names.scenario.metrics.get(str(entry["metric"]))
    unit = names.unit_of_metric(metric) if metric is not None else ""

    def write(value: float | None) -> str:
        if is_money(entry, names):
            return language.money(value)
        digits = 0 if abs(effect.value) >= 100 else 1
        return f"{language.decimal(value, digits)} {unit}".strip()

    values = {
        "outcome": names.quote(language.title(entry.get("title"), str(entry["metric"]))),
        "number": write(effect.value),
        "span": language.span(write(effect.p5), write(effect.p95)),
        "per": per_krona(entry, names),
    }
    better = "good" if effect.value > 0 else "bad"
    if estimate(entry, "effect_per_krona") is None:
        return language.say(f"impact.amount.{better}.alone", **values)
    return language.say(f"impact.amount.{better}", **values)
