"""Things that go wrong: each kind has its own keys, and what happens is said for each payment."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.findings import Finding, Rule, known, missing, without_effect
from simulator.scenario.model import Scenario
from simulator.scenario.positions import Path
from simulator.scenario.risks import Event
from simulator.scenario.rules.due import period_of, reported, whole_periods
from simulator.scenario.rules.referred import conditions
from simulator.scenario.rules.times import grid_periods, length
from simulator.scenario.words import listed

NEEDED: dict[str, tuple[str, ...]] = {
    "non-start": ("chance",),
    "termination": (),
    "payer default": ("by", "per_year"),
    "late payment": ("by", "chance", "delay"),
}
KNOWN: dict[str, tuple[str, ...]] = {
    "non-start": ("by", "chance"),
    "termination": ("by", "chance", "per_year", "date", "start", "until", "when", "notice"),
    "payer default": ("by", "per_year", "start", "until", "recovery"),
    "late payment": ("by", "chance", "delay", "interest"),
}
KEYS = tuple(dict.fromkeys(key for keys in KNOWN.values() for key in keys))
MEANING = {
    "by": "the payer that it befalls",
    "chance": "the probability that it happens",
    "per_year": "the yearly hazard",
    "delay": 'how much later, as "6 months"',
}
ENDINGS = ("termination", "non-start")


def keys_of_kind(scenario: Scenario) -> Iterator[Finding]:
    """An event has the keys of its kind: all that it needs and no others."""
    for name, event in scenario.events.items():
        path: Path = ("events", name)
        for key in NEEDED[event.kind]:
            if getattr(event, key) is None:
                yield missing((*path, key), f"{MEANING[key]}, for a {event.kind}")
        for key in KEYS:
            if getattr(event, key) is not None and key not in KNOWN[event.kind]:
                kinds = [kind for kind, keys in KNOWN.items() if key in keys]
                written = Event.model_fields[key].alias or key
                yield without_effect((*path, written), f"`{written}` for {listed(kinds)}")
        if event.kind == "termination":
            yield from _termination(path, event)


def _termination(path: Path, event: Event) -> Iterator[Finding]:
    forms = [key for key in ("per_year", "date", "when") if getattr(event, key) is not None]
    if len(forms) != 1:
        found = f"{listed(forms, 'and')} together" if forms else "none of them"
        allowed = "exactly one of `per_year`, `date` (with `chance`) and `when`"
        yield Finding(path, allowed, found=found, at_key=not forms)
        return
    if forms == ["date"] and event.chance is None:
        yield missing((*path, "chance"), "the probability that it happens on `date`")
    if forms == ["per_year"] and event.chance is not None:
        yield without_effect((*path, "chance"), "`chance` with `date` or `when`")
    for key, written in (("start", "from"), ("until", "to")):
        if getattr(event, key) is not None and forms != ["per_year"]:
            yield without_effect((*path, written), f"`{written}` with `per_year`")


def payers(scenario: Scenario) -> Iterator[Finding]:
    """Who pays late or not at all is one who pays."""
    paying = {payer for payment in scenario.payments.values() for payer in payment.payers}
    for name, event in scenario.events.items():
        is_of_payer = event.kind in ("payer default", "late payment")
        if is_of_payer and event.by in scenario.parties:
            yield from known(str(event.by), paying, ("events", name, "by"), "payers of [payments]")


def in_time(scenario: Scenario) -> Iterator[Finding]:
    """A termination takes effect before the horizon's end, or it never does."""
    periods = grid_periods(scenario)
    for name, event in scenario.events.items():
        found = _decided(scenario, event) if event.kind == "termination" else None
        if found is None or periods is None or (found[0] == "date" and found[1] > periods):
            continue  # a date beyond the horizon is said by the rule on dates
        key, instant = found
        if instant + whole_periods(scenario, length(event.notice)) >= periods:
            allowed = (
                "what takes effect before the horizon's end: at its end nothing is left to stop"
            )
            yield Finding(
                ("events", name, key), allowed, "move it forward, or lengthen the horizon"
            )


def _decided(scenario: Scenario, event: Event) -> tuple[str, int] | None:
    """By which key, and at which instant, a termination is decided; None where unknown."""
    if event.date is not None and event.date >= scenario.time.start:
        return "date", period_of(scenario, event.date) + 1
    reports = [reported(scenario, str(c.measure)) for c in conditions(event.when)]
    known_ones = [report[1] for report in reports if report is not None]
    return ("when", max(known_ones)) if known_ones else None


def what_is_owed(scenario: Scenario) -> Iterator[Finding]:
    """Where the contract can end early, every payment says what becomes of it."""
    ends = any(event.kind == "termination" for event in scenario.events.values())
    may_end = any(event.kind in ENDINGS for event in scenario.events.values())
    is_ended = scenario.realised is not None and scenario.realised.terminated is not None
    for name, payment in scenario.payments.items():
        path: Path = ("payments", name, "if_terminated")
        if ends and payment.if_terminated is None and payment.paid != "as delivered":
            allowed = "`paid`, `forfeited` or `only then`: the contract can end early"
            yield missing(path, allowed, "add `if_terminated`, as the contract has it")
        if payment.if_terminated is not None and not may_end and not is_ended:
            allowed = "`if_terminated` where [events] can end the contract"
            yield without_effect(path, allowed, "add the event, or remove it")
        if payment.if_terminated == "only then" and payment.paid == "as delivered":
            allowed = (
                "`after evaluation` or `at end`: what is owed at an early end is not delivered"
            )
            yield Finding(("payments", name, "paid"), allowed, "remove `paid`")


def terminations_named(scenario: Scenario) -> Iterator[Finding]:
    """`terminated_by` names terminations, each once, and goes with `if_terminated`."""
    ending = [name for name, event in scenario.events.items() if event.kind in ENDINGS]
    for name, payment in scenario.payments.items():
        path: Path = ("payments", name, "terminated_by")
        names = payment.terminated_by or []
        if names and payment.if_terminated is None:
            yield without_effect(path, "`terminated_by` together with `if_terminated`")
        for index, event in enumerate(names):
            yield from known(event, ending, (*path, index), "terminations in [events]")
            if event in names[:index]:
                yield Finding((*path, index), "each termination once", "remove the second")


def guarantees(scenario: Scenario) -> Iterator[Finding]:
    """A guarantee on an early end needs something that ends the contract early."""
    is_ended = scenario.realised is not None and scenario.realised.terminated is not None
    if is_ended or any(event.kind == "termination" for event in scenario.events.values()):
        return
    for name, guarantee in scenario.guarantees.items():
        if guarantee.trigger == "early termination":
            allowed = "`completion`, where nothing in [events] ends the contract early"
            mend = "add the termination to [events]: as it is the guarantee is never called"
            yield Finding(("guarantees", name, "trigger"), allowed, mend)


RULES: tuple[Rule, ...] = (
    keys_of_kind,
    payers,
    in_time,
    what_is_owed,
    terminations_named,
    guarantees,
)
