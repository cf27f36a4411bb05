"""Classes of capital in words: who provides what, and in which order they are repaid."""

from __future__ import annotations

from simulator.scenario.contract import Capital, CapitalClass
from simulator.views.words.names import Names


def class_sentences(capital: Capital, names: Names) -> list[str]:
    """Each class with its share, then the waterfall; nothing where capital has no classes."""
    classes = dict(sorted(capital.classes.items()))
    if not classes:
        return []
    parts = "; ".join(_provides(party, words, names) for party, words in classes.items())
    found = [names.say("classes.shares", parts=parts)]
    if not _passes_through(names):
        return found
    repaid = {party: words for party, words in classes.items() if words.kind != "grant"}
    ranks = sorted({words.rank for words in repaid.values()})
    order = "; ".join(
        names.language.join(
            [_repaid(party, words, names) for party, words in repaid.items() if words.rank == rank]
        )
        for rank in ranks
    )
    found.append(names.say("classes.order" if len(ranks) > 1 else "classes.equal", order=order))
    found.append(_residual(classes, names))
    return found


def _passes_through(names: Names) -> bool:
    """Whether anything reaches the classes by rank: not where each is paid by its own name."""
    scenario = names.scenario
    capital = scenario.capital
    whole = any(payment.payee == "investor" for payment in scenario.payments.values())
    return whole or bool(scenario.guarantees) or bool(capital and capital.recycling)


def _provides(party: str, words: CapitalClass, names: Names) -> str:
    return names.say(
        f"classes.provides.{words.kind.replace(' ', '_')}",
        party=names.language.title(words.title, names.inside(party)),
        share=names.value(words.share, "share"),
    )


def _repaid(party: str, words: CapitalClass, names: Names) -> str:
    name = names.language.title(words.title, names.inside(party))
    if words.interest is None:
        return name
    rate = names.value(words.interest, "share")
    return names.say("classes.interest", party=name, rate=rate)


def _residual(classes: dict[str, CapitalClass], names: Names) -> str:
    """Who shares what is left when all are repaid."""
    stated = {party: words for party, words in classes.items() if words.residual is not None}
    if not stated:
        return names.say("classes.rest_by_share")
    parts = [
        names.say(
            "classes.part",
            party=names.language.title(words.title, names.inside(party)),
            share=names.value(words.residual, "share"),
        )
        for party, words in stated.items()
        if words.residual is not None
    ]
    return names.say("classes.rest", parts=names.language.join(parts))
