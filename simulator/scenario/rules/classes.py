"""Capital of several: tranches that add up, recycling that has something to recycle."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simulator.scenario.contract import CapitalClass
from simulator.scenario.findings import Finding, Rule, known, missing, without_effect
from simulator.scenario.model import Scenario
from simulator.scenario.positions import Path
from simulator.scenario.rules.due import instants, last_spending
from simulator.scenario.rules.payments import is_to_investor

CLASSES: Path = ("capital", "classes")


def parties(scenario: Scenario) -> Iterator[Finding]:
    """A class of capital is a party's."""
    for name in _classes(scenario):
        path = (*CLASSES, name)
        for finding in known(name, scenario.parties, path, "parties"):
            yield Finding(path, finding.allowed, finding.mend, f"`{name}`", at_key=True)


def _classes(scenario: Scenario) -> dict[str, CapitalClass]:
    return scenario.capital.classes if scenario.capital else {}


def sums(scenario: Scenario) -> Iterator[Finding]:
    """The classes provide the whole capital, and share out the whole of what is left."""
    classes = _classes(scenario)
    if not classes:
        return
    total = math.fsum(entry.share.value or 0.0 for entry in classes.values())
    if abs(total - 1) > 1e-9:
        found = f"shares that sum to {total:.6g}"
        yield Finding(CLASSES, "classes whose `share` sums to 1", found=found, at_key=True)
    left = [entry.residual.value or 0.0 for entry in classes.values() if entry.residual is not None]
    if left and abs(math.fsum(left) - 1) > 1e-9:
        allowed = "classes whose `residual` sums to 1, or none at all"
        found = f"residuals that sum to {math.fsum(left):.6g}"
        yield Finding(CLASSES, allowed, found=found, at_key=True)
    if all(entry.kind == "grant" for entry in classes.values()):
        allowed = "at least one class that is repaid"
        mend = "a programme paid by grants alone needs no [capital]; make one class a loan"
        yield Finding(CLASSES, allowed, mend, "grants only", at_key=True)


def grants(scenario: Scenario) -> Iterator[Finding]:
    """A grant is not repaid, so it has no place in the order and bears no interest."""
    for name, entry in _classes(scenario).items():
        path = (*CLASSES, name)
        if entry.kind == "grant" and entry.interest is not None:
            yield without_effect((*path, "interest"), "interest on a class that is repaid")
        if entry.kind == "grant" and entry.rank != 1:
            yield without_effect((*path, "rank"), "a rank for a class that is repaid")


def payees(scenario: Scenario) -> Iterator[Finding]:
    """A payment to a class by name goes to one that is repaid."""
    classes = _classes(scenario)
    for name, payment in scenario.payments.items():
        if payment.payee in classes and classes[payment.payee].kind == "grant":
            allowed = "the investor, or a class that is repaid; a grant has its `residual` at most"
            yield Finding(("payments", name, "payee"), allowed)


def the_whole(scenario: Scenario) -> Iterator[Finding]:
    """Where one class is called `investor`, a payment says whether it means that class alone."""
    others = [name for name in _classes(scenario) if name != "investor"]
    if len(others) == len(_classes(scenario)) or not others:
        return
    for name, payment in scenario.payments.items():
        if "payee" not in payment.model_fields_set:
            allowed = (
                "the class that is paid: `investor` is one of the classes here, so that a payment "
                "to it passes the others by"
            )
            mend = (
                "call that lender something else, such as `fund`, in [parties] and "
                "[capital.classes]: `investor` is then all of them together; or write "
                '`payee = "investor"` for that class alone'
            )
            yield missing(("payments", name, "payee"), allowed, mend)


def recycling(scenario: Scenario) -> Iterator[Finding]:
    """Only what comes back before the last cost can finance it."""
    last = last_spending(scenario)
    if scenario.capital is None or not scenario.capital.recycling or last is None:
        return
    path: Path = ("capital", "recycling")
    if scenario.capital.drawdown == "at start":
        allowed = (
            '`recycling` where capital is drawn "as needed"; here it is all drawn at the start'
        )
        yield without_effect(path, allowed)
        return
    paying = [p for p in scenario.payments.values() if is_to_investor(scenario, p)]
    found = [instants(scenario, payment) for payment in paying]
    if all(span is not None and span[0] > last for span in found):
        allowed = "a payment to the investor that falls due before the last cost"
        mend = 'pay something earlier (`paid = "as delivered"`, `per = "period"`), or remove it'
        yield without_effect(path, allowed, mend)


RULES: tuple[Rule, ...] = (parties, sums, grants, payees, the_whole, recycling)
