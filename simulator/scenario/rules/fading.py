"""Effects that fade: ages in order, effects that do not grow, one form of the profile."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from simulator.scenario.facts import mean
from simulator.scenario.fading import Fade, shares_of
from simulator.scenario.findings import Finding, Rule, without_effect
from simulator.scenario.model import Metric, Scenario, States
from simulator.scenario.positions import Path
from simulator.scenario.rules.times import length
from simulator.scenario.walk import metrics_of, own_key, states_of
from simulator.scenario.words import figure


def fades(scenario: Scenario) -> Iterator[Finding]:
    """A fade says how the effect goes from age to age, in place of a profile."""
    entries: list[tuple[Path, Metric | States]] = [
        *((path, metric) for path, metric, _ in metrics_of(scenario)),
        *((path, states) for path, states, _ in states_of(scenario)),
    ]
    for path, words in entries:
        if words.fade is None or not own_key(scenario, path, "fade"):
            continue
        if not words.effect:
            yield without_effect((*path, "fade"), "a fade where there is an effect")
            continue
        if words.profile != [1.0]:
            allowed = "`profile` or `fade`, not both: each says what is left year by year"
            yield Finding(
                (*path, "fade"), allowed, "remove one", "`fade` beside `profile`", at_key=True
            )
            continue
        yield from fade_findings(words, (*path, "fade"))


def fade_findings(words: Metric | States, path: Path) -> Iterator[Finding]:
    """What is wrong with a fade, at the path of its table."""
    fade = words.fade
    if fade is None:
        return
    ages = [length(item.at) for item in fade.measured]
    if any(not age for age in ages):
        return  # said where durations are checked
    for place, (first, second) in enumerate(pairwise(ages)):
        if (second or 0) <= (first or 0):
            allowed = f"later than {fade.measured[place].at}: ages in ascending order"
            yield Finding((*path, "measured", place + 1, "at"), allowed)
            return
    yield from _effects(words, fade, path)


def _effects(words: Metric | States, fade: Fade, path: Path) -> Iterator[Finding]:
    none = 1.0 if _is_relative(words) else 0.0
    base = mean(words.baseline) if isinstance(words, Metric) else None
    is_odds = isinstance(words, Metric) and words.effect and words.effect.odds_ratio is not None
    if is_odds and (base is None or not 0 < base < 1):
        allowed = "a baseline with a mean between 0 and 1, at which the odds fade"
        yield Finding(path, allowed, found="a fade of odds", at_key=True)
        return
    effects = [item.effect - none for item in fade.measured]
    place = (*path, "measured")
    if _is_relative(words) and any(item.effect < 0 for item in fade.measured):
        yield Finding(place, "ratios of at least 0, as the effect is written")
    elif effects[0] == 0:
        yield Finding((*place, 0, "effect"), f"an effect; {figure(none)} is none")
    else:
        yield from _fading(fade, [effect / effects[0] for effect in effects], place)


def _fading(fade: Fade, left: list[float], path: Path) -> Iterator[Finding]:
    """Each effect is of the first one's sign and no larger than the one before."""
    for index, (before, after) in enumerate(pairwise(left), 1):
        place = (*path, index, "effect")
        if after < 0:
            yield Finding(place, "an effect in the direction of the first one, or none")
        elif after > before:
            allowed = "an effect no larger than the one before"
            yield Finding(place, allowed, "write effects that grow as a `profile`")
        elif after == 0 and fade.between == "geometric":
            allowed = "an effect above none: a geometric curve never ends"
            yield Finding(place, allowed, 'use `between = "straight"`')
        else:
            continue
        return


def _is_relative(words: Metric | States) -> bool:
    effect = words.effect if isinstance(words, Metric) else None
    return effect is not None and (effect.ratio is not None or effect.odds_ratio is not None)


def shares_within(words: Metric, path: Path) -> list[float]:
    """The shares by year; those of a profile alone where the fade is wrong."""
    if words.fade is not None and (
        any(fade_findings(words, path)) or any(not length(item.at) for item in words.fade.measured)
    ):
        return [1.0]
    return shares_of(words)


RULES: tuple[Rule, ...] = (fades,)
