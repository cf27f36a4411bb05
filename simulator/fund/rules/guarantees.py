"""Guarantees of a fund: each reading has its own keys, and the fee and recoveries theirs."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.fund.model import Fund, Guarantee
from simulator.fund.rules.names import Contracts
from simulator.scenario.durations import FORM, months
from simulator.scenario.findings import Finding, missing, without_effect
from simulator.scenario.positions import Path
from simulator.scenario.rules import guarantees as of_scenarios
from simulator.scenario.rules.bounds import level_of
from simulator.scenario.words import figure

KEYS = {**of_scenarios.KEYS, "stop loss": ("attachment", "detachment")}
UNITS = ("number", "of_drawn", "of_commitment")


def _guarantees(fund: Fund) -> Iterator[tuple[Path, Guarantee]]:
    for name, words in fund.designs.items():
        if isinstance(words, Guarantee):
            yield ("designs", name), words


def keys_of_reading(fund: Fund, _: Contracts) -> Iterator[Finding]:
    """A guarantee has the keys of its reading, all of them and no others."""
    for path, words in _guarantees(fund):
        keys = KEYS[words.reading]
        for key, meaning in of_scenarios.MEANING.items():
            given = getattr(words, key) is not None
            if key in keys and not given:
                yield missing((*path, key), meaning)
            if key not in keys and given:
                allowed = f"keys of a guarantee read as {words.reading}"
                yield without_effect((*path, key), allowed)
        if "coverage" not in keys and words.object != "drawn":
            allowed = "an object where a share of it is covered"
            yield without_effect((*path, "object"), allowed)
        elif words.object == "with return" and words.target_return is None:
            yield missing((*path, "target_return"), "the return that is covered with the capital")
        if words.object != "with return" and words.target_return is not None:
            allowed = 'a target return for object "with return"'
            yield without_effect((*path, "target_return"), allowed)


def levels(fund: Fund, _: Contracts) -> Iterator[Finding]:
    """Levels are of what is known, not negative, and a layer has a height."""
    for path, words in _guarantees(fund):
        for key in ("attachment", "detachment", "maximum"):
            level = level_of(getattr(words, key))
            if level is None and getattr(words, key) is not None:
                continue
            if level is not None and level[0] not in UNITS:
                allowed = "an amount, `{ of_drawn = … }` or `{ of_commitment = … }`"
                yield Finding((*path, key), allowed)
            elif level is not None and level[1] < 0:
                yield Finding((*path, key), "0 or more")
            elif level is not None and level[0] != "number" and level[1] > 1:
                whole = "1, the whole of it: no more can be lost"
                yield Finding((*path, key), f"at most {whole}", never_binds=True)
        begin, end = level_of(words.attachment), level_of(words.detachment)
        if begin and end and begin[0] == end[0] and end[1] <= begin[1]:
            yield Finding((*path, "detachment"), f"more than the attachment, {figure(begin[1])}")
        elif begin and end and begin[0] != end[0]:
            allowed = "attachment and detachment in the same unit"
            yield Finding((*path, "detachment"), allowed, "state both of the same quantity")


def fee(fund: Fund, _: Contracts) -> Iterator[Finding]:
    """A flat fee has a rate, and no other fee has one."""
    for path, words in _guarantees(fund):
        if words.fee == "flat" and words.fee_rate is None:
            yield missing((*path, "fee_rate"), "fee for each krona guaranteed")
        if words.fee != "flat" and words.fee_rate is not None:
            yield without_effect((*path, "fee_rate"), 'a rate where `fee = "flat"`')


def recoveries(fund: Fund, _: Contracts) -> Iterator[Finding]:
    """When something is recovered matters where something is."""
    for path, words in _guarantees(fund):
        if words.recoveries is None and words.recovered_after != 1:
            why = "years to a recovery where there are `recoveries`"
            yield without_effect((*path, "recovered_after"), why)


def lag(fund: Fund, _: Contracts) -> Iterator[Finding]:
    """The lag is a duration."""
    for path, words in _guarantees(fund):
        if words.after is None:
            continue
        try:
            months(words.after)
        except ValueError:
            yield Finding((*path, "after"), FORM)


def trigger(fund: Fund, contracts: Contracts) -> Iterator[Finding]:
    """A guarantee called on early termination needs contracts that can be terminated."""
    if len(contracts) < len(fund.pipeline):
        return
    ends = any(e.kind == "termination" for s in contracts.values() for e in s.events.values())
    for path, words in _guarantees(fund):
        if words.trigger == "early termination" and not ends:
            allowed = "early termination where a contract can be terminated"
            mend = "name a contract with such an event, or choose another trigger"
            yield Finding((*path, "trigger"), allowed, mend)


RULES = (keys_of_reading, levels, fee, recoveries, lag, trigger)
