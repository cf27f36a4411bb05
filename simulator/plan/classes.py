"""Classes of capital and payers as arrays: who provides, who bears, who is repaid when."""

from __future__ import annotations

import math

from simulator.kernels.records import Classes
from simulator.plan.arrays import floats, ints
from simulator.plan.claims import INVESTOR
from simulator.plan.registry import NONE
from simulator.plan.timing import Grid
from simulator.scenario.contract import CapitalClass
from simulator.scenario.model import Scenario

PAYER = "outcome_payer"


def classes_by_name(scenario: Scenario) -> list[tuple[str, CapitalClass]]:
    """Classes of capital in name order."""
    return sorted(scenario.capital.classes.items()) if scenario.capital else []


def loans(scenario: Scenario) -> list[str]:
    """Classes that are private capital and repaid."""
    return [name for name, words in classes_by_name(scenario) if words.kind == "loan"]


def loan_share(scenario: Scenario) -> float:
    """The loans' share of every drawdown; 1 where capital has no classes."""
    classes = classes_by_name(scenario)
    if not classes:
        return 1.0
    return math.fsum(_number(words.share) for _, words in classes if words.kind == "loan")


def entries(scenario: Scenario) -> list[tuple[str, str, float]]:
    """(payment, payer, share) of everybody who bears a payment, payments in name order."""
    return [
        (name, payer, share)
        for name in sorted(scenario.payments)
        for payer, share in scenario.payments[name].payers.items()
    ]


def payers_of(scenario: Scenario) -> list[str]:
    """The lead municipality, then the other parties that pay, in name order."""
    others = {payer for _, payer, _ in entries(scenario)} - {PAYER}
    return [PAYER, *sorted(others)]


def line_of_payment(scenario: Scenario, payment: str, payer: str) -> str:
    """The ledger's name for what a payer pays of a payment."""
    several = len(scenario.payments[payment].payers) > 1
    return f"payments.{payment}.{payer}" if several else f"payments.{payment}"


def classes_record(scenario: Scenario, grid: Grid) -> Classes:
    """Classes, their places in the waterfall, and who bears each payment."""
    named = classes_by_name(scenario)
    names = [name for name, _ in named]
    words = [words for _, words in named]
    shares = [_number(one.share) for one in words]
    repaid = [one.kind != "grant" for one in words]
    base = math.fsum(share for share, is_in in zip(shares, repaid, strict=True) if is_in)
    by_share = [
        share / base if is_in and base else 0.0 for share, is_in in zip(shares, repaid, strict=True)
    ]
    stated = any(one.residual is not None for one in words)
    rows = entries(scenario)
    payees = [scenario.payments[name].payee for name, _, _ in rows]
    payments = sorted(scenario.payments)
    return Classes(
        share=floats(shares),
        loan=ints([1 if one.kind == "loan" else 0 for one in words]),
        repaid=ints([1 if is_in else 0 for is_in in repaid]),
        rank=ints([one.rank for one in words]),
        rate=floats(
            [(1.0 + _number(one.interest)) ** (1.0 / grid.per_year) - 1.0 for one in words]
        ),
        residual=floats([_number(one.residual) for one in words] if stated else by_share),
        negative=floats(by_share),
        ranks=ints(sorted({one.rank for one, is_in in zip(words, repaid, strict=True) if is_in})),
        payment=ints([payments.index(name) for name, _, _ in rows]),
        portion=floats([share for _, _, share in rows]),
        pooled=ints([1 if to == INVESTOR and to not in names else 0 for to in payees]),
        direct=ints([names.index(to) if to in names else NONE for to in payees]),
    )


def _number(value: object) -> float:
    """A certain number, 0 where there is none."""
    return float(getattr(value, "value", None) or 0.0)
