"""The parties and what they pay each other, read from the run's own ledger."""

from __future__ import annotations

from collections.abc import Iterable

from simulator.views.report.chapters.contract import party_table
from simulator.views.report.investor.diagram import Arrow, sequence_svg
from simulator.views.report.parts import Picture, Section
from simulator.views.report.source import Told
from simulator.views.words.names import Names, capitalised

_ACCOUNT = "contract_account"
_FIRST = ("guarantor", "outcome_payer")
_ACCOUNTS = (
    "drawdown",
    "own contribution",
    "activity payment",
    "outcome payment",
    "contract account",
    "distribution",
    "guarantee",
    "fee",
)
"""In the order in which money moves; each has its words."""


def payers_section(told: Told) -> Section:
    """Who is who, and who pays whom."""
    picture = parties_picture(told)
    return Section(
        "payers",
        told.language.say("report.payers"),
        (),
        (*((picture,) if picture else ()), party_table(told.names)),
    )


def parties_picture(told: Told) -> Picture | None:
    """Who pays whom; None where nobody pays anybody."""
    moves = _moves(told)
    if not moves:
        return None
    names, language = told.names, told.language
    parties = _in_order(told, {party for _, *pair in moves for party in pair})
    arrows = [
        Arrow(
            parties.index(payer),
            parties.index(payee),
            _words(move, names),
        )
        for move in moves
        for _, payer, payee in (move,)
    ]
    return Picture(
        "picture-parties",
        sequence_svg(
            [capitalised(names.party(party)) for party in parties],
            arrows,
            language.say("diagram.title"),
        ),
        language.say("diagram.caption"),
        ". ".join(_sentences(moves, names)),
    )


def _moves(told: Told) -> list[tuple[str, str, str]]:
    """(account, payer, payee) of every transfer of the contract, once each, in order."""
    flows = told.run.cash_flows
    transfers = flows[flows["kind"] == "transfer"]
    found = {
        (str(account), str(payer), str(payee))
        for account, payer, payee in zip(
            transfers["account"], transfers["payer"], transfers["payee"], strict=True
        )
        if payer != payee and account in _ACCOUNTS
    }
    return sorted(
        found, key=lambda move: (_ACCOUNTS.index(move[0]), _from_account(move), *move[1:])
    )


def _from_account(move: tuple[str, str, str]) -> int:
    """Money enters the contract's account, pays costs from it, and is released last."""
    _, payer, payee = move
    return (payer == _ACCOUNT) + (payer == _ACCOUNT and payee == "investor")


def _words(move: tuple[str, str, str], names: Names) -> str:
    """What moves; of the contract's account, which way."""
    account, _, payee = move
    if account != "contract account":
        return names.say(f"diagram.{account.replace(' ', '_')}")
    way = "kept" if payee == _ACCOUNT else "released" if payee == "investor" else "spent"
    return names.say(f"diagram.contract_account.{way}")


def _in_order(told: Told, moving: Iterable[str]) -> list[str]:
    """Guarantor and payers, the investor and its classes, then those who do the work."""
    scenario = told.scenario
    every = {*scenario.parties, *moving}
    payers = sorted({name for p in scenario.payments.values() for name in p.payers})
    classes = sorted(scenario.capital.classes) if scenario.capital else []
    guarantors = sorted({guarantee.guarantor for guarantee in scenario.guarantees.values()})
    wanted = [
        *guarantors,
        *_FIRST,
        *payers,
        "investor",
        *classes,
        _ACCOUNT,
        "service_provider",
        *sorted(every),
    ]
    return [party for party in dict.fromkeys(wanted) if party in every]


def _sentences(moves: list[tuple[str, str, str]], names: Names) -> list[str]:
    """The drawing in words."""
    return [
        names.say(
            "diagram.move",
            payer=names.party(move[1]),
            payee=names.party(move[2]),
            what=_words(move, names),
        )
        for move in moves
    ]
