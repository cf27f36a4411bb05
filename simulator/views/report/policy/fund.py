"""The fund's page for those who decide on public support: one HTML file that works offline."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from simulator.fund.model import Fund
from simulator.fund.resolved import fund_assumptions, offered_contract
from simulator.fund.results import FundResult
from simulator.scenario.numbers_of import assumptions
from simulator.views.fund_assumptions import fund_assumption_rows, together
from simulator.views.fund_orders import orders, pairs_in_words
from simulator.views.fund_tables import Said, said_of
from simulator.views.language import Language
from simulator.views.numbers import Lang
from simulator.views.read import Estimate, estimate
from simulator.views.report.chapters.assumptions import assumption_groups, assumption_paragraphs
from simulator.views.report.page import Page, render_page
from simulator.views.report.parts import Column, Line, Table
from simulator.views.report.policy.fund_claims import claims_section, year_tables
from simulator.views.report.policy.fund_gains import gains_section
from simulator.views.report.policy.fund_order import (
    pairs_table,
    ranking_section,
    robustness_section,
)
from simulator.views.report.policy.fund_sections import cost_section, designs_section

_LIMITS = ("behaviour", "empty", "contracts", "pipeline", "accounting", "selection")


def write_fund_report(
    path: Path,
    *,
    result: FundResult,
    fund: Fund,
    overrides: Sequence[str] = (),
    lang: Lang = "en",
) -> None:
    """Write the page to `path`; the same input gives the same bytes."""
    page = render_fund_report(result=result, fund=fund, overrides=overrides, lang=lang)
    path.write_text(page, encoding="utf-8", newline="\n")


def render_fund_report(
    *,
    result: FundResult,
    fund: Fund,
    overrides: Sequence[str] = (),
    lang: Lang = "en",
    script: str = "",
) -> str:
    """The page as one HTML text; clock and host belong in provenance.json, never in it.

    `script` names the file beside it that draws, where it is not to carry plotly itself.
    """
    language = Language(lang, fund.currency)
    data = result.to_dict()
    trials = _titles(fund.robustness, data["robustness"], language)
    said = said_of(data, language, _titles(fund.designs, data["designs"], language), trials=trials)
    rows = fund_assumption_rows(fund_assumptions(fund), fund, language)
    graded = Counter(row.grade for row in rows)
    sections = (
        designs_section(fund, data, said),
        cost_section(data, said),
        claims_section(data, said),
        gains_section(data, said),
        ranking_section(data, said),
        robustness_section(data, said),
    )
    page = Page(
        reader="policy",
        kind=language.say("fund.report.kind"),
        title=language.title(fund.title, fund.name),
        lead=language.title(fund.description, "") if fund.description else "",
        subtitle=_subtitle(data, language),
        sections=tuple(section for section in sections if section is not None),
        footer=language.say("report.footer"),
        version=result.version,
    )
    return render_page(
        page,
        language,
        body="fund.html.j2",
        script=script,
        sentences=_sentences(data, language),
        by_design=[_design_sentence(design, said) for design in data["designs"]],
        warnings=_warnings(data, said),
        appendix=[*year_tables(data, said), pairs_table(data, said)],
        evidence=assumption_paragraphs(len(rows), graded, language),
        assumptions=assumption_groups(together(rows, language), graded, language),
        contracts=_contracts(fund, language),
        limits=[language.say(f"fund.limit.{name}") for name in _LIMITS],
        reproduce=_reproduce(data, overrides, language),
    )


def _titles(
    words: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], language: Language
) -> dict[str, str]:
    """Short titles, or titles, by name; those that are the same are told apart by their names."""
    titles = {}
    for row in rows:
        short = getattr(words.get(row["name"]), "short", None)
        titles[row["name"]] = language.title(short or row["title"], row["name"])
    counts = Counter(titles.values())
    return {name: t if counts[t] == 1 else f"{t} ({name})" for name, t in titles.items()}


def _subtitle(data: Mapping[str, Any], language: Language) -> str:
    return language.say(
        "report.subtitle",
        name=data["fund"]["name"],
        paths=language.decimal(data["simulation"]["paths"]),
        seed=data["simulation"]["seed"],
        version=data["simulation"]["version"],
    )


def _sentences(data: Mapping[str, Any], language: Language) -> list[str]:
    offered = sum(sum(kind["offered"]) for kind in data["kinds"])
    without = estimate(data["designs"][0], "contracts")
    return [
        language.say(
            "fund.report.lead",
            contracts=language.decimal(offered),
            years=language.decimal(data["fund"]["years"]),
            happen=language.decimal(without.value if without else None, 1),
        )
    ]


def _design_sentence(design: Mapping[str, Any], said: Said) -> str:
    """What a design makes possible, what it costs, and when there is no more."""
    language, name = said.language, said.names[design["name"]]
    made, cost = estimate(design, "additional_contracts"), estimate(design, "net_public_cost")
    happen = estimate(design, "contracts")
    contracts = language.decimal(happen.value if happen else None, 1)
    if design["kind"] == "nothing" or made is None:
        return language.say("fund.report.nothing", name=name, contracts=contracts)
    sentence = language.say(
        "fund.report.design",
        name=name,
        contracts=contracts,
        made=language.decimal(made.value, 1),
    )
    full, empty = (estimate(design, f"{key}_probability") for key in ("committed", "exhausted"))
    if full is None or empty is None or cost is None:  # no fund
        return sentence
    return " ".join(
        (sentence, _cost_sentence(cost, language), _room_sentence(full, empty, language))
    )


def _cost_sentence(cost: Estimate, language: Language) -> str:
    if abs(cost.value) < 0.5:
        return language.say("fund.report.no_cost")
    ends = (cost.p5, cost.p95) if cost.value > 0 else (_minus(cost.p95), _minus(cost.p5))
    return language.say(
        "fund.report.costs" if cost.value > 0 else "fund.report.gives_back",
        amount=language.money(abs(cost.value)),
        range=language.span(language.money(ends[0]), language.money(ends[1])),
    )


def _minus(value: float | None) -> float | None:
    return None if value is None else -value + 0.0


def _room_sentence(full: Estimate, empty: Estimate, language: Language) -> str:
    if full.value == 0 and empty.value == 0:
        return language.say("fund.report.always_room")
    which = "room" if full.value and empty.value else "full" if full.value else "empty"
    return language.say(
        f"fund.report.{which}",
        full=language.percent(full.value),
        empty=language.percent(empty.value),
    )


def _warnings(data: Mapping[str, Any], said: Said) -> list[str]:
    """Rankings that the simulated futures do not settle."""
    return [
        said.language.say(
            "fund.report.unsettled",
            figure=said.language.say(f"fund.figure.{order.figure}"),
            pairs=pairs_in_words(order.unsettled, said),
        )
        for order in orders(data)
        if order.unsettled
    ]


def _contracts(fund: Fund, language: Language) -> list[tuple[str, str]]:
    """How to see each contract's own numbers, and how many there are of each grade."""
    said = []
    for name, kind in fund.pipeline.items():
        words = ["socsim", "show", "@".join((kind.scenario, *kind.variants)), "--sources"]
        counts = Counter(row.grade for row in assumptions(offered_contract(fund, kind)))
        about = language.say(
            "fund.report.contract",
            kind=language.title(kind.title, name),
            total=language.decimal(sum(counts.values())),
            facts=language.decimal(counts["fact"]),
        )
        said.append((shlex.join(words), about))
    return said


def _reproduce(
    data: Mapping[str, Any], overrides: Sequence[str], language: Language
) -> dict[str, Any]:
    """The command line and what determines the numbers."""
    simulation = data["simulation"]
    words = ["socsim", "fund", data["fund"]["name"]]
    for override in overrides:
        words += ["--set", override]
    words += ["--paths", str(simulation["paths"]), "--seed", str(simulation["seed"])]
    facts = (
        ("version", str(simulation["version"])),
        ("hash", str(data["fund"]["hash"])),
        ("seed", str(simulation["seed"])),
        ("paths", language.decimal(simulation["paths"])),
        ("overrides", ", ".join(overrides) or language.say("reproduce.none")),
    )
    heads = ("item", "value")
    table = Table(
        language.say("reproduce.table"),
        tuple(Column(language.say(f"column.{head}"), number=False) for head in heads),
        tuple(
            Line((language.say("fund.reproduce.hash" if key == "hash" else f"reproduce.{key}"), v))
            for key, v in facts
        ),
    )
    return {"command": shlex.join(words), "table": table}
