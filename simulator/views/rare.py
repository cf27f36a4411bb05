"""A rare event in words, for the terminal and for the investor's report."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from simulator.scenario.model import Scenario
from simulator.views.deciding import Deciding
from simulator.views.language import Language
from simulator.views.lines import wrap
from simulator.views.numbers import Lang

Data = Mapping[str, Any]
_LOSS = "investor.loss"
_LEAST_MOVE = 0.1  # of a standard deviation: less is not told
_COMMON = 0.2
"""A chance from which `one in so many` says nothing."""


def rare_lines(data: Data, scenario: Scenario, lang: Lang) -> list[str]:
    """The chance, what it brings, what comes together in it, what was gained, and the check."""
    deciding = Deciding.of(scenario, lang)
    lines = wrap(rare_sentence(data, deciding))
    for sentence in _rest(data, deciding):
        lines += wrap(sentence)
    moves = _moves(data, deciding)
    if data["probability"] is not None and (moves or data["is_rare"]):
        key = "rare.moves" if moves else "rare.moves.none"
        lines += ["", *wrap(deciding.language.say(key)), *moves]
    lines.append("")
    for sentence in _how_good(data, deciding.language):
        lines += wrap(sentence)
    return lines


def rare_sentence(data: Data, deciding: Deciding) -> str:
    """`A loss of more than 5.9 million: 5.5% of futures (5.4% to 5.6%, 95%), …`."""
    language, chance = deciding.language, data["probability"]
    event = event_of(data, deciding)
    if chance is None:
        check = data["check"]
        plain = check["paths"] + round(data["plain_share"] * data["paths"])
        most, paths = small(data["at_most"], language), language.decimal(plain)
        return language.say("rare.none", event=event, most=most, paths=paths)
    told = {key: small(chance[key], language) for key in ("low", "high")}
    key = "rare.chance.plain" if chance["estimate"] > _COMMON else "rare.chance"
    one_in = language.decimal(_two_figures(1.0 / chance["estimate"]))
    said = small(chance["estimate"], language)
    return language.say(key, event=event, chance=said, one_in=one_in, **told)


def told_whole(data: Data, deciding: Deciding) -> str:
    """The chance and what it brings in one paragraph; a warning where they mislead."""
    sentences = [rare_sentence(data, deciding), *_rest(data, deciding)]
    if data["reliable"] == "few":
        sentences.append(_reliable(data, deciding.language))
    if data["check"]["agrees"] == "no":
        sentences.append(_checked(data["check"], deciding.language))
    return " ".join(sentences)


def is_loss(data: Data) -> bool:
    """Whether it was asked how likely the investor loses more than so much."""
    return bool(data["figure"] == _LOSS and data["side"] == "above")


def event_of(data: Data, deciding: Deciding) -> str:
    """`A loss of more than 5.9 million`."""
    threshold = deciding.level(data["figure"], data["threshold"])
    if is_money(data["figure"], deciding):
        threshold = deciding.language.stated_money(data["threshold"])
    if is_loss(data):
        return deciding.language.say("rare.loss", threshold=threshold)
    figure = deciding.figure(data["figure"])
    return deciding.language.say(f"rare.{data['side']}", figure=figure, threshold=threshold)


def is_money(figure: str, deciding: Deciding) -> bool:
    """Whether it is a measure that is read in money; other figures are known by their names."""
    parts = figure.split(".")
    measure = deciding.names.scenario.measures.get(parts[1]) if parts[0] == "measures" else None
    return measure is not None and deciding.names.unit_of(measure) == "money"


def _amount(figure: str, value: float, deciding: Deciding) -> str:
    if is_money(figure, deciding):
        return deciding.language.money(value)
    return deciding.amount(figure, value)


def small(chance: float, language: Language) -> str:
    """A chance in per cent with two figures, however small."""
    if chance <= 0.0:
        return language.percent(chance)
    return language.percent(chance, 1 + max(-math.floor(math.log10(100.0 * chance)), 0))


def _two_figures(value: float) -> float:
    return round(value, 1 - math.floor(math.log10(value)))


def _rest(data: Data, deciding: Deciding) -> Iterator[str]:
    language, mean = deciding.language, data["mean_beyond"]
    if mean is not None:
        key = "rare.mean.loss" if is_loss(data) else "rare.mean"
        said, error = (
            _amount(data["figure"], mean[part], deciding) for part in ("estimate", "standard_error")
        )
        yield language.say(key, mean=said, error=error)
    if data["without_value"] > 0.0:
        yield language.say("rare.without", share=small(data["without_value"], language))
    if data["probability"] is not None and not data["is_rare"]:
        yield language.say("rare.not_rare")


def _moves(data: Data, deciding: Deciding) -> list[str]:
    """The numbers that were moved, the most first: `+1.4  Capital: the programme's cost a year`."""
    moves = sorted(data["moves"], key=lambda move: -abs(move["by"]))
    lines = []
    for move in moves:
        if abs(move["by"]) >= _LEAST_MOVE:
            by = deciding.language.decimal(move["by"], 1, sign=True)
            lines += wrap(f"{by}  {number_of(move['name'], deciding)}", "  ", hanging=" " * 8)
    return lines


def number_of(name: str, deciding: Deciding) -> str:
    """A number; of one that each cohort has, whose."""
    number, _, cohort = name.partition("@")
    said = deciding.number(number)
    if not cohort or cohort not in deciding.names.scenario.cohorts:
        return said
    return deciding.language.say(
        "updating.of_cohort", what=said, cohort=deciding.names.cohort(cohort)
    )


def _how_good(data: Data, language: Language) -> Iterator[str]:
    """What the figures rest on, what was gained, and what plain futures say."""
    if data["probability"] is not None:
        yield _reliable(data, language)
        shown = (data["gain"] or {"shown": "nothing"})["shown"]
        if data["is_rare"] or shown == "gain":
            is_open = data["reliable"] == "few" and shown == "nothing"
            yield _gain(None if is_open else data["gain"], language)
    check = data["check"]
    if data["probability"] is None and check["beyond"] == 0:
        return
    yield _checked(check, language)


def _reliable(data: Data, language: Language) -> str:
    return language.say(
        f"rare.reliable.{data['reliable']}",
        beyond=language.decimal(data["beyond"]),
        paths=language.decimal(data["paths"]),
        effective=language.decimal(data["effective_paths"]),
        needed=language.decimal(_two_figures(data["needed_paths"] or 1)),
    )


def _checked(check: Data, language: Language) -> str:
    return language.say(
        f"rare.check.{check['agrees'].replace(' ', '_')}",
        paths=language.decimal(check["paths"]),
        beyond=language.decimal(check["beyond"]),
        chance=small(check["probability"], language),
        z=language.decimal(abs(check["z"] or 0.0), 1),
    )


def _gain(gain: Data | None, language: Language) -> str:
    if gain is None:
        return language.say("rare.gain.unknown")
    ratio, low, high = (
        language.decimal(gain[key], 0 if gain[key] >= 10 else 1) for key in ("ratio", "low", "high")
    )
    return language.say(f"rare.gain.{gain['shown']}", ratio=ratio, low=low, high=high)
