"""What a council decides on, and the figures that each point rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.scenario.model import Scenario
from simulator.views.headline import has_budget
from simulator.views.language import Language
from simulator.views.numbers import spans_zero
from simulator.views.read import estimate, verdict_reason
from simulator.views.report.chapters import back
from simulator.views.report.parts import Box, Part, Section
from simulator.views.report.source import Told


def municipality_summary(told: Told) -> Section:
    """What a municipality must know first."""
    language = told.language
    said = effect_sentences(told.summary, told.scenario, language)
    parts: list[Part] = []
    verdict = verdict_reason(told.summary, language)
    if verdict:
        parts.append(Box((verdict,)))
    happened = back.happened(told.scenario, language)
    if happened:
        parts.append(Box(tuple(happened), language.say("report.happened"), "happened"))
    paragraphs = (" ".join(said),) if said else ()
    return Section("summary", language.say("report.summary"), paragraphs, tuple(parts))


def effect_sentences(
    summary: Mapping[str, Any], scenario: Scenario, language: Language
) -> list[str]:
    """What the budget is expected to gain or lose, and whether it may be either."""
    net = estimate(summary, "municipality.net_budget_effect")
    if net is None or net.p5 is None or net.p95 is None:
        return []
    years = language.duration(scenario.time.horizon)
    if net.value < 0 and not has_budget(summary):
        low, high = language.money(-net.p95), language.money(-net.p5)
        amount = language.money(-net.value)
        return [
            language.say("headline.effect.paid", amount=amount, years=years, low=low, high=high)
        ]
    key = "headline.effect.gain" if net.value >= 0 else "headline.effect.loss"
    low, high = language.money(net.p5), language.money(net.p95)
    amount = language.money(abs(net.value))
    said = [language.say(key, amount=amount, years=years, low=low, high=high)]
    if spans_zero(net.p5, net.p95):
        said.append(language.say("headline.effect.zero"))
    return said
