"""`socsim check` and `socsim show`: read a scenario without simulating it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from simulator.cli import talk
from simulator.cli.manners import Command
from simulator.cli.options import DEFAULT_PATHS, Language, is_fund, scenario_options

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario
    from simulator.scenario.numbers_of import Assumption
    from simulator.views.language import Language as Said


# What `check` says when all is well, and what it has counted: one, and several.
_VERDICT = {
    "en": (
        "no problems",
        (
            ("service user", "service users"),
            ("outcome metric", "outcome metrics"),
            ("payment", "payments"),
        ),
    ),
    "sv": (
        "inga fel",
        (("deltagare", "deltagare"), ("utfallsmått", "utfallsmått"), ("betalning", "betalningar")),
    ),
}


@click.command(
    cls=Command,
    examples=(
        "socsim check norrkoping",
        "socsim check my_contract.toml",
        "socsim check norrkoping --variant window_3y --set cohorts.younger.service_users=40",
    ),
)
@scenario_options
def check(
    scenario: str,
    variants: tuple[str, ...],
    overrides: tuple[str, ...],
    lang: Language,
    as_json: bool,
) -> None:
    """Check a scenario; list every problem at once.

    Each problem is given with file, line and column, what was found, what is allowed and how to
    mend it. Exit code 1 if there is any. What is allowed and may not be meant is a warning.
    """
    if is_fund(scenario):
        from simulator.cli.read_fund import check_fund

        check_fund(scenario, variants, overrides, lang, as_json=as_json)
        return
    from simulator.scenario.load import load_scenario
    from simulator.scenario.resolved import scenario_hash
    from simulator.scenario.warnings import warnings

    loaded = load_scenario(scenario, variants=variants, overrides=overrides)
    warned = warnings(loaded)
    if as_json:
        talk.result_json(
            {
                "scenario": _identity(loaded, scenario_hash(loaded)),
                "valid": True,
                "problems": [],
                "warnings": [plain_json(asdict(one)) for one in warned],
            }
        )
        return
    talk.result(_fine(loaded, lang))
    if warned:
        from simulator.views.terminal import warnings_told

        for text in warnings_told(warned, lang):
            talk.say(text)


@click.command(
    cls=Command,
    examples=(
        "socsim show norrkoping",
        "socsim show norrkoping --sources",
        "socsim show norrkoping --plan",
        "socsim show norrkoping@window_3y --json",
    ),
)
@scenario_options
@click.option(
    "--sources",
    is_flag=True,
    help="List every number with its grade and source instead.  [default: the scenario]",
)
@click.option(
    "--plan",
    "as_plan",
    is_flag=True,
    help="Tell how it will be computed instead: draws, tables, claims, lines, memory. "
    " [default: the scenario]",
)
def show(
    scenario: str,
    variants: tuple[str, ...],
    overrides: tuple[str, ...],
    lang: Language,
    as_json: bool,
    sources: bool,
    as_plan: bool,
) -> None:
    """Show a scenario in full, its sources, or how it will be computed.

    First the contract in words, then every key with its defaults spelled out. What is printed is
    itself a scenario file: the words stand in it as comments.
    """
    from simulator.scenario.load import load_scenario

    if sources and as_plan:
        raise click.UsageError("--sources and --plan are two views: ask for one at a time.")
    if is_fund(scenario):
        from simulator.cli.read_fund import show_fund

        if as_plan:
            raise click.UsageError("--plan is of one contract: show the fund's contracts by name.")
        show_fund(scenario, variants, overrides, lang, as_json=as_json, sources=sources)
        return
    loaded = load_scenario(scenario, variants=variants, overrides=overrides)
    if as_plan:
        _show_plan(loaded, lang, as_json=as_json)
    elif sources:
        _show_sources(loaded, lang, as_json=as_json)
    else:
        _show_scenario(loaded, lang, as_json=as_json)


def _show_sources(scenario: Scenario, lang: Language, *, as_json: bool) -> None:
    from simulator.scenario.numbers_of import assumptions

    rows = assumptions(scenario)
    if as_json:
        talk.result_json({"assumptions": [assumption_json(row, lang) for row in rows]})
        return
    from simulator.views import terminal
    from simulator.views.studies import evidence_by_key

    talk.result(terminal.sources_lines(rows, lang, evidence_by_key(scenario, lang)))


def _show_plan(scenario: Scenario, lang: Language, *, as_json: bool) -> None:
    from simulator.engine import CHUNK
    from simulator.plan.build import build
    from simulator.plan.outline import outline
    from simulator.scenario.resolved import scenario_hash
    from simulator.views.plan import plan_lines

    plan = outline(scenario, build(scenario, seed=1), CHUNK)
    if as_json:
        identity = _identity(scenario, scenario_hash(scenario))
        talk.result_json({"scenario": identity, "plan": plan})
        return
    talk.result(plan_lines(plan, scenario, lang, paths=DEFAULT_PATHS))


def _show_scenario(scenario: Scenario, lang: Language, *, as_json: bool) -> None:
    from simulator.scenario.resolved import scenario_hash, to_toml
    from simulator.views.studies import evidence_sections
    from simulator.views.words import contract_sections

    sections = [*contract_sections(scenario, lang), *evidence_sections(scenario, lang)]
    text = to_toml(scenario)
    if as_json:
        identity = _identity(scenario, scenario_hash(scenario))
        import tomllib

        resolved = plain_json(tomllib.loads(text))
        talk.result_json(
            {
                "scenario": identity,
                "contract": [asdict(side) for side in sections],
                "resolved": resolved,
            }
        )
        return
    words = [line for side in sections for line in ("", side.title, *_items(side.sentences))]
    talk.result([*(f"# {line}".rstrip() for line in words[1:]), "", text.rstrip("\n")])


def _items(sentences: Iterable[str]) -> Iterator[str]:
    """Each sentence as an item, wrapped to the width of a comment."""
    import textwrap

    for sentence in sentences:
        yield from textwrap.wrap(
            sentence, 96, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False
        )


def _identity(scenario: Scenario, digest: str) -> dict[str, Any]:
    """The same keys as `scenario` in the summary."""
    return {
        "name": scenario.name,
        "title": dict(scenario.title),
        "currency": scenario.currency,
        "hash": digest,
        "variant": list(scenario.variant),
    }


def _fine(scenario: Scenario, lang: Language) -> str:
    """One line that says that all is well, and what it was that was checked."""
    people = sum(cohort.service_users for cohort in scenario.cohorts.values())
    counts = (people, len(scenario.metrics), len(scenario.payments))
    verdict, nouns = _VERDICT[lang]
    said = [f"{n} {one if n == 1 else many}" for n, (one, many) in zip(counts, nouns, strict=True)]
    return f"{scenario.name}: {verdict} ({', '.join(said)})"


def assumption_json(row: Assumption, lang: Language) -> dict[str, Any]:
    """One assumption as JSON: its value as text and, where it is one, as the number itself."""
    from simulator.scenario.plain import plain
    from simulator.views.language import Language as Spoken

    said = Spoken(lang)
    table = plain(row.number) if row.number is not None else None
    if isinstance(table, dict):
        table = {key: table[key] for key in table if key not in ("grade", "source", "note")}
    return {
        "key": row.key,
        "value": row.value,
        "grade": row.grade,
        "source": said.words(row.source)[0] or None,
        "address": row.address,
        "note": said.words(row.note)[0] or None,
        "number": plain_json(table),
        **_evidence_json(row),
        **_caveat_json(row, said),
    }


def _evidence_json(row: Assumption) -> dict[str, Any]:
    """The evidence of a number before and after, where it rests on any."""
    if row.number is None or row.number.evidence is None:
        return {}
    from simulator.scenario.weighed import plainly, weighed

    return {"evidence": plainly(weighed(row.number.evidence))}


def _caveat_json(row: Assumption, language: Said) -> dict[str, Any]:
    """What a base rate says nothing of, where the number is drawn from one."""
    if row.number is None or row.number.base_rate is None:
        return {}
    return {"caveat": language.say("base_rates.caveat")}


def plain_json(value: Any) -> Any:
    """What TOML knows and JSON does not: dates, as text."""
    if isinstance(value, dict):
        return {key: plain_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain_json(item) for item in value]
    from datetime import date, time

    return value.isoformat() if isinstance(value, (date, time)) else value
