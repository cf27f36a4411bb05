"""The risk held against the alternatives: doing nothing, in-house, with and without a guarantee.

What is shown was computed by `socsim compare … --beside RESULT` on the run's own futures.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from simulator.views.amounts import Amounts
from simulator.views.language import Language
from simulator.views.numbers import NOTHING
from simulator.views.read import Estimate, as_estimate, estimate, find, number
from simulator.views.report.municipality.voice import is_nothing
from simulator.views.report.parts import Bullets, Column, Line, Part, Pending, Section, Table
from simulator.views.report.source import Told

_NET = "municipality.net_budget_effect"
_Design = Mapping[str, Any]


def alternatives_section(told: Told) -> Section:
    """Designs in a table and in sentences; without a comparison the command that makes it."""
    language = told.language
    title = language.say("council.alternatives")
    compared = told.run.analyses.get("comparison")
    if compared is None:
        what = language.say("analysis.comparison")
        line = Pending(language.say("pending.run", what=what), comparing_command(told))
        return Section("alternatives", title, (language.say("council.alternatives.add"),), (line,))
    parts: list[Part] = [
        Bullets(tuple(difference_sentences(compared, language))),
        _table(compared, language),
    ]
    intro = language.say("council.alternatives.intro")
    return Section("alternatives", title, (intro,), tuple(parts))


def comparing_command(told: Told) -> str:
    """The command that lays a comparison beside this run."""
    name = str(find(told.summary, "scenario.name") or "scenario")
    others = [f"{told.reference}@nothing"]
    others += [f"{told.reference}@in_house"] if told.scenario.capital else []
    changed = [f"--set {shlex.quote(override)}" for override in told.scenario.overrides]
    words = ["socsim compare", told.reference, *others, *changed, "--beside", shlex.quote(name)]
    return " ".join(words)


def design_title(design: _Design, language: Language) -> str:
    """What a design is called."""
    return language.title(design.get("title"), str(design["name"]))


def difference_sentences(compared: Mapping[str, Any], language: Language) -> Iterator[str]:
    """Each design against the contract, future by future, in the payer's budget."""
    for design in compared["designs"][1:]:
        title = design_title(design, language)
        found = _gap(compared, design)
        if found is None:
            continue
        gap, better, worse = found
        values = {
            "design": title,
            "amount": language.money(abs(gap.value)),
            "better": language.percent(better),
            "worse": language.percent(worse),
        }
        yield language.say(f"council.design.{_kind(gap, better, worse)}", **values)


def _kind(gap: Estimate, better: float | None, worse: float | None) -> str:
    """Which sentence fits a paired difference: the same, unclear, better or worse on average."""
    if is_nothing(gap.value) and not better and not worse:
        return "same"
    if gap.low is None or gap.high is None or gap.low <= 0 <= gap.high:
        return "unclear"
    return "better" if gap.value > 0 else "worse"


def _gap(
    compared: Mapping[str, Any], design: _Design
) -> tuple[Estimate, float | None, float | None] | None:
    """A design's difference in the net budget effect, with the shares of futures."""
    for row in compared["differences"]:
        if (row["design"], row["figure"]) == (design["name"], _NET):
            found = as_estimate(row["difference"])
            return None if found is None else (found, row["share_better"], row["share_worse"])
    return None


def _table(compared: Mapping[str, Any], language: Language) -> Table:
    designs = compared["designs"]
    nets = [estimate(each["summary"], _NET) or Estimate(0.0) for each in designs]
    most = [number(each["summary"], "municipality.maximum_payment.amount") for each in designs]
    amounts = Amounts.of(
        language, [*(v for n in nets for v in (n.value, n.p5, n.p95)), *(m for m in most if m)]
    )
    rows = []
    for design, net, highest in zip(designs, nets, most, strict=True):
        lost = number(design["summary"], "municipality.probability_negative")
        rows.append(
            Line(
                (
                    design_title(design, language),
                    *amounts.cells(net),
                    NOTHING if lost is None else language.percent(lost),
                    _highest(design, highest, amounts),
                )
            )
        )
    heads = ("column.expected", "column.p5", "column.p50", "column.p95")
    return Table(
        language.say("council.alternatives.table", unit=amounts.unit),
        (
            Column(language.say("council.design"), number=False),
            *(Column(language.say(head)) for head in heads),
            Column(language.say("council.design.lost")),
            Column(language.say("council.design.most")),
        ),
        tuple(rows),
        tuple(_notes(compared, language)),
    )


def _highest(design: _Design, highest: float | None, amounts: Amounts) -> str:
    """The most that can be paid; a design without payments has none, and pays the cost itself."""
    payments = find(design["summary"], "contract.payments")
    return NOTHING if highest is None or not payments else amounts.text(highest)


def _notes(compared: Mapping[str, Any], language: Language) -> Iterator[str]:
    """Why nothing has a range too, and how well the differences are known."""
    kinds = {design["kind"] for design in compared["designs"]}
    if "nothing" in kinds:
        yield language.say("council.design.nothing")
    if kinds & {"in_house", "in_house_reinvested", "internal_fund"}:
        yield language.say("council.design.in_house")
    errors = []
    for design in compared["designs"][1:]:
        found = _gap(compared, design)
        if found is not None and found[0].error:
            title, error = design_title(design, language), language.money(found[0].error)
            errors.append(language.say("council.design.error", design=title, error=error))
    if errors:
        yield language.say("council.design.errors", errors="; ".join(errors))
