"""The comparison's page: designs side by side in one HTML file that works offline."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from simulator.scenario.model import Scenario
from simulator.views.amounts import Amounts
from simulator.views.compare import (
    Column,
    amounts_in,
    are_apart,
    columns_of,
    horizons_differ,
    language_of_designs,
    made_designs,
    switching_sentences,
)
from simulator.views.language import Language
from simulator.views.numbers import Lang
from simulator.views.read import find, verdict_reason
from simulator.views.report.chapters import back
from simulator.views.report.page import Page, render_page
from simulator.views.report.parts import Column as Head
from simulator.views.report.parts import Line, Section, Table
from simulator.views.report.policy.comparison_differences import (
    Gap,
    differences_section,
    gap_of,
    is_seen,
    of_money,
)
from simulator.views.report.policy.comparison_matrix import every_table, matrix_tables
from simulator.views.report.policy.comparison_sections import (
    frontier_section,
    scorecard_section,
)

Data = Mapping[str, Any]


def write_comparison_report(
    path: Path,
    *,
    data: Data,
    scenarios: Sequence[Scenario],
    overrides: Sequence[str] = (),
    lang: Lang = "en",
) -> None:
    """Write the page to `path`; the same input gives the same bytes."""
    page = render_comparison_report(data=data, scenarios=scenarios, overrides=overrides, lang=lang)
    path.write_text(page, encoding="utf-8", newline="\n")


def render_comparison_report(
    *,
    data: Data,
    scenarios: Sequence[Scenario],
    overrides: Sequence[str] = (),
    lang: Lang = "en",
    script: str = "",
) -> str:
    """The page as one HTML text.

    `data` is that of comparison.json, `scenarios` are the designs' own in their order, `overrides`
    what was changed in every design; `script` names the file beside the page that draws, where it
    is not to carry plotly itself. Clock and host belong in provenance.json, never in the page.
    """
    language = language_of_designs(data, lang)
    columns = columns_of(data, language)
    amounts = Amounts.for_headline(language, amounts_in(columns))
    page = Page(
        reader="policy",
        kind=language.say("compare.page.kind"),
        title=_title(data, language),
        lead="",
        subtitle=_lead(data, columns, language),
        sections=_sections(data, columns, amounts),
        footer=language.say("compare.page.footer"),
        version=str(data["simulation"]["version"]),
    )
    return render_page(
        page,
        language,
        body="comparison.html.j2",
        script=script,
        designs=columns,
        sentences=_sentences(data, columns, language),
        errors=_errors(data, columns, language),
        warnings=_warnings(columns, language),
        intro=_intro(data, language),
        matrix=matrix_tables(data, columns, scenarios, language),
        differing=language.decimal(len(data["inputs"])),
        every=every_table(data, columns, scenarios, language),
        made=_made(data, columns, language),
        switching=switching_sentences(data, columns, language),
        commands=_sources(data),
        limits=back.limits(language, named=_events(scenarios, language)),
        reproduce=_reproduce(data, overrides, language),
    )


def _sections(data: Data, columns: Sequence[Column], amounts: Amounts) -> tuple[Section, ...]:
    return (
        scorecard_section(columns, amounts),
        differences_section(data, columns, amounts),
        frontier_section(columns, amounts),
    )


def _title(data: Data, language: Language) -> str:
    """The scenario's title where all designs are of one, else how many there are."""
    if are_apart(data):
        return language.say("compare.page.many", count=language.decimal(len(data["designs"])))
    first = data["designs"][0]
    return language.title(find(first["summary"], "scenario.title"), first["scenario"])


def _lead(data: Data, columns: Sequence[Column], language: Language) -> str:
    return language.say(
        "compare.title",
        count=language.decimal(len(columns)),
        paths=language.decimal(data["simulation"]["paths"]),
        seed=data["simulation"]["seed"],
    )


def _sentences(data: Data, columns: Sequence[Column], language: Language) -> list[tuple[str, str]]:
    """What each design changes for the municipality and the investor."""
    said = []
    for column in columns[1:]:
        parts = (
            _municipality(data, column, language),
            _investor(data, column, columns, language),
            _guarantor(column, language),
        )
        words = " ".join(part for part in parts if part)
        said.append((f"{column.letter}, {column.title}:", words))
    return said


def _municipality(data: Data, column: Column, language: Language) -> str:
    gap = gap_of(data, column.name, "municipality.net_budget_effect")
    if gap is None:
        return ""
    if not is_seen(gap, "money", of_money(language, gap)):
        return language.say("compare.page.municipality.same")
    said = [_told("municipality", gap, language)]
    if gap.better is not None and gap.worse is not None:
        shares = {"better": language.percent(gap.better), "worse": language.percent(gap.worse)}
        said.append(language.say("compare.page.shares", **shares))
    return " ".join(said)


def _investor(data: Data, column: Column, columns: Sequence[Column], language: Language) -> str:
    if not column.has_capital:
        return language.say("compare.page.no_investor") if columns[0].has_capital else ""
    gap = gap_of(data, column.name, "investor.expected_profit")
    if not columns[0].has_capital or gap is None:
        return ""
    if not is_seen(gap, "money", of_money(language, gap)):
        return language.say("compare.page.investor.same")
    return _told("investor", gap, language)


def _guarantor(column: Column, language: Language) -> str:
    """What a guarantor pays for the difference that the investor sees."""
    payout = column.figure("guarantor.expected_payout")
    if payout is None or payout.value <= 0:
        return ""
    return language.say("compare.page.guarantor", amount=language.money(payout.value))


def _told(party: str, gap: Gap, language: Language) -> str:
    """A difference in words: how much more or less, or that the paths do not tell."""
    if gap.low is not None and gap.high is not None and gap.low <= 0 <= gap.high:
        return language.say(f"compare.page.told.{party}.unclear")
    more = "more" if gap.value > 0 else "less"
    amount = language.money(abs(gap.value))
    return language.say(f"compare.page.told.{party}.{more}", amount=amount)


_TOLD = {
    "municipality": "municipality.net_budget_effect",
    "investor": "investor.expected_profit",
}


def _errors(data: Data, columns: Sequence[Column], language: Language) -> str:
    """How well the simulation knows the differences told: a note, not the range of outcomes."""
    found = []
    for column in columns[1:]:
        for party, key in _TOLD.items():
            gap = gap_of(data, column.name, key)
            if gap is None or gap.low is None or gap.high is None or gap.low == gap.high:
                continue
            if is_seen(gap, "money", of_money(language, gap)) and _is_told(party, column, columns):
                ends = (language.money(end, sign=True) for end in (gap.low, gap.high))
                values = {"letter": column.letter, "interval": language.span(*ends)}
                found.append(language.say(f"compare.page.error.{party}", **values))
    return language.say("compare.page.errors", errors="; ".join(found)) if found else ""


def _is_told(party: str, column: Column, columns: Sequence[Column]) -> bool:
    return party != "investor" or (column.has_capital and columns[0].has_capital)


def _warnings(columns: Sequence[Column], language: Language) -> list[str]:
    """Totals of different years, and why the paths do not suffice where they do not."""
    said = [language.say("compare.horizons")] if horizons_differ(columns) else []
    reasons = dict.fromkeys(verdict_reason(column.summary, language) for column in columns)
    return said + [reason for reason in reasons if reason]


def _intro(data: Data, language: Language) -> str:
    """What the designs have in common: all but what is told, or little."""
    key = "compare.page.designs.intro.apart" if are_apart(data) else "compare.page.designs.intro"
    return language.say(key)


def _made(data: Data, columns: Sequence[Column], language: Language) -> list[tuple[str, str]]:
    """What the designs are that have no file of their own."""
    return [
        (f"{column.letter}  {column.title}", said)
        for column, said in made_designs(data, columns, language)
    ]


def _events(scenarios: Sequence[Scenario], language: Language) -> list[str]:
    """Titles of the events in any of the designs, each once."""
    found = (title for scenario in scenarios for title in back.event_titles(scenario, language))
    return list(dict.fromkeys(found))


def _references(data: Data) -> list[str]:
    """The designs as they were asked for, without what tells two that are the same apart."""
    return [design["name"].split(" (")[0] for design in data["designs"]]


def _sources(data: Data) -> list[str]:
    """Commands that list every number of the scenarios behind the designs, with its source."""
    behind = dict.fromkeys("@".join((d["scenario"], *d["variant"])) for d in data["designs"])
    return [shlex.join(["socsim", "show", name, "--sources"]) for name in behind]


def _reproduce(data: Data, overrides: Sequence[str], language: Language) -> dict[str, Any]:
    """The command line and what determines the numbers."""
    run, assumed = data["simulation"], data["assumptions"]
    words = ["socsim", "compare", *_references(data)]
    for override in overrides:
        words += ["--set", override]
    for key in ("same_effect", "payback_share"):
        if assumed[key] != 1.0:
            words += [f"--{key.replace('_', '-')}", f"{assumed[key]:g}"]
    words += ["--paths", str(run["paths"]), "--seed", str(run["seed"])]
    facts = [
        ("reproduce.version", str(run["version"])),
        ("reproduce.seed", str(run["seed"])),
        ("reproduce.paths", language.decimal(run["paths"])),
        ("reproduce.overrides", ", ".join(overrides) or language.say("reproduce.none")),
        ("compare.page.same_effect", language.stated_percent(assumed["same_effect"])),
        ("compare.page.payback_share", language.stated_percent(assumed["payback_share"])),
    ]
    rows = [Line((language.say(key), value)) for key, value in facts]
    for design in data["designs"]:
        hashed = language.say("compare.page.hash", name=design["name"])
        rows.append(Line((hashed, str(design["hash"]))))
    heads = tuple(Head(language.say(f"column.{head}"), number=False) for head in ("item", "value"))
    table = Table(language.say("reproduce.table"), heads, tuple(rows))
    return {"command": shlex.join(words), "table": table}
