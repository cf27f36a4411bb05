"""How the uncertain numbers were drawn, where not independently, and what that gained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.views.headline import headline_keys
from simulator.views.language import Language
from simulator.views.read import find

_MANY = 1000
"""Beyond so many times nobody needs the number: almost all of the variance is gone."""


def sampler_sentences(summary: Mapping[str, Any], language: Language) -> list[str]:
    """How the errors were found, and of each headline figure what was gained; none where plain.

    A gain is told with its interval, and only where the interval leaves no doubt of one.
    """
    made = find(summary, "simulation.sampler")
    if made is None:
        return []
    said = [
        language.say(
            "sampler.how",
            sampler=language.say(f"sampler.{made['name']}"),
            groups=language.decimal(made["groups"]),
            replicates=language.decimal(made["replicates"]),
        )
    ]
    for shown in ("gain", "nothing", "loss"):
        figures = _figures(made["figures"], shown, language)
        if figures:
            said.append(language.say(f"sampler.{shown}", figures="; ".join(figures)))
    return said


def _figures(gains: Sequence[Mapping[str, Any]], shown: str, language: Language) -> list[str]:
    told = []
    for gain in gains:
        if gain["shown"] != shown or gain["figure"] not in headline_keys():
            continue
        name = language.say(f"figure.{gain['figure']}")
        told.append(name if shown == "nothing" else _times(name, gain, language))
    return told


def _times(name: str, gain: Mapping[str, Any], language: Language) -> str:
    if gain["low"] >= _MANY:
        return language.say("sampler.many", figure=name, times=language.decimal(_MANY))
    times, low, high = (
        language.decimal(gain[key], 0 if gain[key] >= 10 else 1)
        for key in ("reduction", "low", "high")
    )
    return language.say("sampler.figure", figure=name, times=times, low=low, high=high)
