"""A search over terms in words: each design as sentences of the contract, and what it gives whom.

`data` has the keys of search.json.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from simulator.decisions.keys import Opened
from simulator.scenario.model import Scenario
from simulator.scenario.overrides import key_path
from simulator.views.deciding import Deciding
from simulator.views.lines import aligned, wrap
from simulator.views.numbers import Lang
from simulator.views.words.measures import measure_sentence
from simulator.views.words.names import Names
from simulator.views.words.payments import payment_sentence
from simulator.views.words.protection import fee_sentence, guarantee_sentence

Data = Mapping[str, Any]
PROFIT, LOSS, NET, IRR = (
    "investor.expected_profit",
    "investor.loss_probability",
    "municipality.net_budget_effect",
    "investor.irr_of_expected_cash_flow",
)
MOST = 8
"""Designs of the frontier that are told; the others stand in the file and in the workbook."""
_SENTENCES = {
    "payments": payment_sentence,
    "guarantees": guarantee_sentence,
    "measures": measure_sentence,
    "fees": fee_sentence,
}


@dataclass(frozen=True)
class Named:
    """A design of the frontier that is told, under a letter."""

    letter: str
    design: Data


def told_designs(data: Data, most: int = MOST) -> list[Named]:
    """Some of the frontier, evenly from the investor's best to the municipality's best.

    The present terms are among them where no design betters them.
    """
    by_number = {design["number"]: design for design in data["designs"]}
    frontier = [by_number[number] for number in data["frontier"]]
    steps = min(most, len(frontier))
    last = max(steps - 1, 1)
    places = {round(k * (len(frontier) - 1) / last) for k in range(steps)}
    places |= {place for place, design in enumerate(frontier) if design["present"]}
    chosen = [frontier[place] for place in sorted(places)]
    return [Named(ascii_uppercase[k], design) for k, design in enumerate(chosen)]


def present(data: Data) -> Data | None:
    """The design with the terms as they are, where they stand in the scenario."""
    return next((design for design in data["designs"] if design["present"]), None)


def counted(data: Data, deciding: Deciding) -> list[str]:
    """How many designs were tried, what is kept, and what became of the present terms."""
    say, language = deciding.language.say, deciding.language
    found = [
        say(
            "search.counted",
            tried=language.decimal(len(data["designs"])),
            kept=language.decimal(len(data["frontier"])),
            margin=language.money(data["margins"][NET]),
        )
    ]
    kept = [design["figures"] for design in data["designs"] if design["undominated"]]
    both = sum(all(f[name]["estimate"] > 0.0 for name in (PROFIT, NET)) for f in kept)
    found.append(
        say("search.both", count=language.decimal(both)) if both else say("search.neither")
    )
    if data["refused"]:
        found.append(say("search.refused", count=language.decimal(data["refused"])))
    now = present(data)
    if now is not None and now["dominated_by"] is not None:
        by = next(d for d in data["designs"] if d["number"] == now["dominated_by"])
        found.append(
            say(
                "search.bettered",
                now=language.percent(now["figures"][LOSS]["estimate"]),
                then=language.percent(by["figures"][LOSS]["estimate"]),
                terms=short(by, deciding),
            )
        )
    elif now is not None:
        found.append(say("search.present"))
    return found


def short(design: Data, deciding: Deciding) -> str:
    """The terms of a design, key by key: `Activity payment: term 1, share 45%`."""
    return "; ".join(
        f"{deciding.key(key)} {deciding.exactly(key, value)}"
        for key, value in design["values"].items()
    )


def explained(
    named: Named,
    told: Sequence[Named],
    scenario: Scenario,
    deciding: Deciding,
    *,
    intervals: bool = True,
) -> str:
    """A design in words: the sentences of the contract that it changes, and what it gives."""

    def said(figure: str) -> str:
        if intervals:
            return _with_interval(figure, figures, deciding)
        return deciding.amount(figure, figures[figure]["estimate"])

    say, figures = deciding.language.say, named.design["figures"]
    text = say(
        "search.design.present" if named.design["present"] else "search.design",
        letter=named.letter,
        terms=" ".join(_sentences(named.design, scenario, deciding)),
        profit=said(PROFIT),
        rate=deciding.amount(IRR, figures[IRR]["estimate"]),
        loss=said(LOSS),
        net=said(NET),
    )
    alike = [other.letter for other in told if other.design["number"] in named.design["alike"]]
    if alike:
        text += " " + say("search.alike", others=deciding.language.join(alike))
    return text


def known_within(named: Sequence[Named], deciding: Deciding) -> str:
    """The Monte Carlo intervals of the designs' figures, as a note."""
    rows = [
        deciding.language.say(
            "search.note.design",
            letter=one.letter,
            **{
                name: _with_interval(figure, one.design["figures"], deciding)
                for name, figure in (("profit", PROFIT), ("loss", LOSS), ("net", NET))
            },
        )
        for one in named
    ]
    return deciding.language.say("search.note", designs=" ".join(rows))


def _with_interval(figure: str, figures: Data, deciding: Deciding) -> str:
    found = figures[figure]
    value = deciding.amount(figure, found["estimate"])
    if found["mc_low"] is None:
        return value
    low, high = (deciding.amount(figure, found[end]) for end in ("mc_low", "mc_high"))
    return deciding.language.say(
        "search.interval", value=value, interval=deciding.language.span(low, high)
    )


def sentence_of(key: str, names: Names) -> str | None:
    """The sentence of the contract that a key stands in; None of a key that has none."""
    path = tuple(str(part) for part in key_path(key))
    if path[0] not in _SENTENCES or len(path) < 2:
        return None
    return _SENTENCES[path[0]](path[1], names)


def _sentences(design: Data, scenario: Scenario, deciding: Deciding) -> Iterator[str]:
    """The sentences of the contract that the terms stand in; what has none is told by its key."""
    changed = scenario if design["present"] else Opened(scenario).at(design["values"])
    names = Names(changed, deciding.language)
    seen = set()
    for key, value in design["values"].items():
        path = tuple(str(part) for part in key_path(key))
        if path[:2] in seen:
            continue
        said = sentence_of(key, names)
        if said is not None:
            seen.add(path[:2])
        yield said or f"{deciding.key(key)}: {deciding.exactly(key, value)}."


def search_lines(data: Data, scenario: Scenario, lang: Lang) -> list[str]:
    """What `socsim solve --search` prints: the frontier as a table, then each design in words."""
    deciding = Deciding.of(scenario, lang)
    say, told = deciding.language.say, told_designs(data)
    heads = ("design", "profit", "rate", "loss", "net")
    rows = [tuple(say(f"search.column.{head}") for head in heads)]
    for named in told:
        figures = named.design["figures"]
        values = [deciding.amount(f, figures[f]["estimate"]) for f in (PROFIT, IRR, LOSS, NET)]
        rows.append((named.letter + ("*" if named.design["present"] else ""), *values))
    lines = [deciding.language.title(scenario.title, scenario.name), ""]
    for text in counted(data, deciding):
        lines += wrap(text)
    lines += ["", *aligned(rows, right=range(1, 5)), ""]
    for named in told:
        lines += [*wrap(explained(named, told, scenario, deciding), hanging="   "), ""]
    return lines[:-1]
