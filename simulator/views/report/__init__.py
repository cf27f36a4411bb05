"""The report: one self-contained HTML file that works offline and prints to A4."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

from simulator.scenario.model import Scenario
from simulator.views.assumptions import AssumptionRow, assumption_rows
from simulator.views.language import Language
from simulator.views.numbers import Lang
from simulator.views.read import find
from simulator.views.report import back
from simulator.views.report.bundle import packed_plotly
from simulator.views.report.investor import cash_section, return_section
from simulator.views.report.municipality import municipality_section
from simulator.views.report.outcomes import outcomes_section, settlement_section
from simulator.views.report.parties import parties_section
from simulator.views.report.parts import Column, Line, Table
from simulator.views.report.top import top
from simulator.views.speaking import language_of_scenario
from simulator.views.words import contract_sections
from simulator.views.words.capital import party_rows
from simulator.views.words.names import Names

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["render_report", "write_report"]

_GRADES = ("assumption", "ungraded", "estimate", "fact")


def write_report(
    path: Path,
    *,
    summary: Mapping[str, Any],
    cash_flows: pd.DataFrame,
    scenario: Scenario,
    assumptions: Sequence[Any],
    provenance: Mapping[str, Any],
    lang: Lang = "en",
) -> None:
    """Write the report to `path`; the same input gives the same bytes."""
    page = render_report(
        summary=summary,
        cash_flows=cash_flows,
        scenario=scenario,
        assumptions=assumptions,
        provenance=provenance,
        lang=lang,
    )
    path.write_text(page, encoding="utf-8", newline="\n")


def render_report(
    *,
    summary: Mapping[str, Any],
    cash_flows: pd.DataFrame,
    scenario: Scenario,
    assumptions: Sequence[Any],
    provenance: Mapping[str, Any],
    lang: Lang = "en",
) -> str:
    """The report as one HTML text.

    `summary` has the keys of summary.json; `cash_flows` is the table of the run, one row a line and
    instant; `assumptions` the rows of `simulator.scenario.numbers_of.assumptions`; `provenance` has
    version, scenario_hash, seed and paths. Clock and host belong in its file, never in the report.
    """
    language = language_of_scenario(scenario, lang)
    names = Names(scenario, language)
    rows = assumption_rows(assumptions, names)
    graded = Counter(row.grade for row in rows)
    sections = (
        return_section(summary, language),
        cash_section(summary, language),
        municipality_section(summary, language),
        parties_section(summary, cash_flows, scenario, language),
        settlement_section(summary, scenario, language),
        outcomes_section(summary, scenario, language),
    )
    return template("page.html.j2").render(
        lang=lang,
        text=language,
        style=asset("style.css"),
        draw=asset("draw.js"),
        plotly=packed_plotly(),
        version=str(find(summary, "simulation.version")),
        title=language.title(scenario.title, scenario.name),
        description=language.title(scenario.description, "") if scenario.description else "",
        subtitle=_subtitle(summary, language),
        headline=top(summary, scenario, graded, language),
        happened=back.happened(scenario, language),
        changes=_changes(summary, scenario, language),
        parties=_party_table(names),
        contract=contract_sections(scenario, lang),
        sections=[section for section in sections if section is not None],
        assumptions=assumption_context(rows, graded, language),
        limits=back.limits(language),
        reproduce=back.reproduce(summary, provenance, scenario.overrides, language),
        glossary=back.glossary(language),
    )


@cache
def template(name: str) -> jinja2.Template:
    """A page of this folder, with the blocks that it is made of."""
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_read),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(name)


def _read(name: str) -> str:
    return files("simulator.views.report").joinpath(name).read_text(encoding="utf-8")


def asset(name: str) -> Markup:
    """A style or script of our own, as it stands."""
    return Markup(_read(name))  # shipped with the package


def _subtitle(summary: Mapping[str, Any], language: Language) -> str:
    variants = back.variant_names(summary)
    values = {
        "name": find(summary, "scenario.name"),
        "paths": language.decimal(find(summary, "simulation.paths")),
        "seed": find(summary, "simulation.seed"),
        "version": find(summary, "simulation.version"),
    }
    if not variants:
        return language.say("report.subtitle", **values)
    return language.say("report.subtitle.variant", variants=", ".join(variants), **values)


def _changes(summary: Mapping[str, Any], scenario: Scenario, language: Language) -> list[str]:
    said = []
    variants = back.variant_names(summary)
    if variants:
        said.append(language.say("report.variant", variants=language.join(variants)))
    if scenario.overrides:
        said.append(language.say("report.overrides", overrides="; ".join(scenario.overrides)))
    return said


def _party_table(names: Names) -> Table:
    heads = ("column.role", "column.party")
    return Table(
        names.say("table.parties"),
        tuple(Column(names.say(head), number=False) for head in heads),
        tuple(Line((role, party)) for role, party in party_rows(names)),
    )


def assumption_context(
    rows: Sequence[AssumptionRow], graded: Mapping[str, int], language: Language
) -> dict[str, Any]:
    """The assumptions as a page shows them: weakest evidence first."""
    counts = {f"{grade}s": language.decimal(graded.get(grade, 0)) for grade in _GRADES}
    return {
        "columns": [
            language.say(f"column.{name}") for name in ("what", "value", "grade", "source")
        ],
        "paragraphs": [
            language.say(
                "assumptions.all.ungraded" if graded.get("ungraded") else "assumptions.all",
                total=language.decimal(len(rows)),
                **counts,
            ),
            language.say("assumptions.illustrative"),
        ],
        "groups": [
            {
                "title": language.say(f"assumptions.group.{grade}"),
                "caption": language.say(f"assumptions.caption.{grade}"),
                "rows": [row for row in rows if row.grade == grade],
            }
            for grade in _GRADES
            if graded.get(grade)
        ],
    }
