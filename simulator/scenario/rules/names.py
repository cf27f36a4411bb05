"""Names that point to something: parties, pockets, cohorts, metrics and sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from simulator.scenario.findings import Finding, Rule, known, missing
from simulator.scenario.model import Scenario
from simulator.scenario.positions import Path
from simulator.scenario.sources import source_key, sources_named
from simulator.scenario.walk import metrics_of, own_key


def parties(scenario: Scenario) -> Iterator[Finding]:
    """Whoever pays, is paid, holds a budget or bears a cost is one of the parties."""
    for path, name in _parties(scenario):
        if name is not None:
            yield from known(name, scenario.parties, path, "parties")


def _parties(scenario: Scenario) -> Iterator[tuple[Path, str | None]]:
    for name, pocket in scenario.pockets.items():
        yield ("pockets", name, "holder"), pocket.holder
    for path, metric, _ in metrics_of(scenario):
        if own_key(scenario, path, "recipient"):
            yield (*path, "recipient"), metric.recipient
    for name, payment in scenario.payments.items():
        for payer in payment.payers:
            place: Path = () if isinstance(payment.payer, str) else (payer,)
            yield ("payments", name, "payer", *place), payer
        yield ("payments", name, "payee"), payment.payee
    for name, fee in scenario.fees.items():
        yield ("fees", name, "payer"), fee.payer
        yield ("fees", name, "payee"), fee.payee
    for name, cost in scenario.costs.items():
        yield ("costs", name, "party"), cost.party
    for name, guarantee in scenario.guarantees.items():
        yield ("guarantees", name, "guarantor"), guarantee.guarantor
    for name, event in scenario.events.items():
        yield ("events", name, "by"), event.by


def parties_of_capital(scenario: Scenario) -> Iterator[Finding]:
    """Capital comes from an investor, is spent by a provider and is repaid by an outcome payer."""
    if scenario.capital is None:
        return
    for name in ("investor", "service_provider", "outcome_payer"):
        if name not in scenario.parties:
            allowed = "`investor`, `service_provider` and `outcome_payer`, where there is [capital]"
            yield missing(("parties", name), allowed, f'add `parties.{name} = "…"`')


def payer_and_payee(scenario: Scenario) -> Iterator[Finding]:
    """Nobody pays to himself."""
    pairs = [(("payments", name), p.payers, p.payee) for name, p in scenario.payments.items()]
    pairs += [(("fees", name), {fee.payer: 1.0}, fee.payee) for name, fee in scenario.fees.items()]
    for path, payers, payee in pairs:
        if payee in payers:
            yield Finding((*path, "payee"), "another party than the payer")


def reserved(scenario: Scenario) -> Iterator[Finding]:
    """Words of the language are no names."""
    taken = {
        "parties": ("society", "common"),
        "metrics": ("programme_cost",),
        "measures": ("capital_drawn", "capital_outstanding", "cost", "paid"),
        "payments": ("capital_drawn", "cost", "paid"),
    }
    for table, words in taken.items():
        for name in words:
            if name in getattr(scenario, table):
                allowed = f"another name: `{name}` is a word of the language"
                yield Finding((table, name), allowed, "rename it", f"`{name}`", at_key=True)


def pockets(scenario: Scenario) -> Iterator[Finding]:
    """A metric's pocket exists."""
    for path, metric, _ in metrics_of(scenario):
        if metric.pocket is not None and own_key(scenario, path, "pocket"):
            yield from known(metric.pocket, scenario.pockets, (*path, "pocket"), "pockets")


def cohorts(scenario: Scenario) -> Iterator[Finding]:
    """Lists of cohorts name cohorts, each once, and at least one."""
    for table in ("metrics", "measures"):
        for name, entry in getattr(scenario, table).items():
            if entry.cohorts is not None:
                path = (table, name, "cohorts")
                yield from _listed(entry.cohorts, scenario.cohorts, path, "cohorts")


def _listed(names: list[str], all_names: Iterable[str], path: Path, what: str) -> Iterator[Finding]:
    if not names:
        yield Finding(path, f"at least one of the {what}", f"leave it out to mean all {what}")
    for index, name in enumerate(names):
        yield from known(name, all_names, (*path, index), what)
        if name in names[:index]:
            yield Finding((*path, index), f"each of the {what} once", "remove the second")


def metrics(scenario: Scenario) -> Iterator[Finding]:
    """What is measured and what a cohort changes are metrics of the scenario."""
    for name, measure in scenario.measures.items():
        path: Path = ("measures", name)
        if measure.metric is not None:
            yield from known(measure.metric, scenario.metrics, (*path, "metric"), "metrics")
        if measure.perimeter is not None:
            all_names = [*scenario.metrics, "programme_cost"]
            what = "metrics, and programme_cost"
            yield from _listed(measure.perimeter, all_names, (*path, "perimeter"), what)
    for name, cohort in scenario.cohorts.items():
        for metric in cohort.metrics:
            path = ("cohorts", name, "metrics", metric)
            for finding in known(metric, scenario.metrics, path, "metrics"):
                yield Finding(path, finding.allowed, finding.mend, f"`{metric}`", at_key=True)


def rates(scenario: Scenario) -> Iterator[Finding]:
    """Discount rates belong to parties, to society, or are common to all."""
    for name in scenario.rates:
        all_names = [*scenario.parties, "society", "common"]
        what = "parties, society and common"
        for finding in known(name, all_names, ("rates", name), what):
            yield Finding(finding.path, finding.allowed, finding.mend, f"`{name}`", at_key=True)


def sources(scenario: Scenario) -> Iterator[Finding]:
    """A source of one small-letter word names an entry of [sources]; all else is its own text."""
    for path, text in sources_named(scenario):
        key = source_key(text, scenario.sources)
        if key is not None and key not in scenario.sources:
            for finding in known(key, scenario.sources, path, "sources"):
                mend = finding.mend or f"add [sources.{key}], or write the source out in words"
                yield Finding(path, finding.allowed, mend)


RULES: tuple[Rule, ...] = (
    parties,
    parties_of_capital,
    payer_and_payee,
    reserved,
    pockets,
    cohorts,
    metrics,
    rates,
    sources,
)
