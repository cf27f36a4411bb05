"""In which order the designs come: rankings of a fund in sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simulator.views.fund_tables import Row, Said


@dataclass(frozen=True)
class Order:
    """Designs by a figure, best first.

    `unsettled` are neighbours that the paths do not order, `same` those without any difference.
    """

    figure: str
    names: tuple[str, ...]
    unsettled: tuple[tuple[str, str], ...]
    same: tuple[tuple[str, str], ...] = ()


def orders(result: Row) -> list[Order]:
    """The rankings of the result, each pair of neighbours joined to a row."""
    found: list[Order] = []
    for figure in dict.fromkeys(row["figure"] for row in result["rankings"]):
        pairs = [row for row in result["rankings"] if row["figure"] == figure]
        names = [pairs[0]["better"], *(row["worse"] for row in pairs)]
        equal = [(row["better"], row["worse"]) for row in pairs if is_same(row["difference"])]
        open_pairs = [(row["better"], row["worse"]) for row in pairs if not row["decided"]]
        unsettled = tuple(pair for pair in open_pairs if pair not in equal)
        found.append(Order(figure, tuple(names), unsettled, tuple(equal)))
    return found


def is_same(difference: Row) -> bool:
    """Two designs that never differ: the difference is zero and so is its error."""
    return all(difference.get(key) == 0.0 for key in ("estimate", "mc_low", "mc_high"))


def pairs_in_words(pairs: Sequence[tuple[str, str]], said: Said) -> str:
    """`A and B; B and C`."""
    return "; ".join(
        said.language.say("fund.order.pair", first=said.names[first], second=said.names[second])
        for first, second in pairs
    )


def order_in_words(order: Order, said: Said) -> list[str]:
    """The order in a sentence, and a warning where a Monte Carlo interval includes zero."""
    say = said.language.say
    names = "; ".join(f"{place} {said.names[name]}" for place, name in enumerate(order.names, 1))
    sentences = [say("fund.order", figure=say(f"fund.figure.{order.figure}"), names=names)]
    if order.same:
        sentences.append(say("fund.order.same", pairs=pairs_in_words(order.same, said)))
    if order.unsettled:
        pairs = pairs_in_words(order.unsettled, said)
        sentences.append(say("fund.order.unsettled", pairs=pairs))
    return sentences


Write = Callable[[float | None], str]
_IN_MONEY = ("society",)
_PER_KRONA = ("private_capital_per_public_krona",)


def writer(name: str, said: Said) -> Write:
    """How a ranked figure is written: money, kronor per krona, outcomes per million, counts."""
    language = said.language
    if name in _IN_MONEY:
        return said.amounts.text
    if name in _PER_KRONA:
        return lambda value: language.decimal(value, 3)
    if name.endswith("_per_public_krona"):
        return lambda value: language.decimal(None if value is None else value * 1e6, 3)
    return lambda value: language.decimal(value, 2)
