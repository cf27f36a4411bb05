"""`socsim check` and `socsim show` on a fund file."""

from __future__ import annotations

import shlex
import tomllib
from typing import TYPE_CHECKING, Any

import click

from simulator.cli import talk
from simulator.cli.options import Language

if TYPE_CHECKING:
    from simulator.fund.model import Fund


def _load(name: str, variants: tuple[str, ...], overrides: tuple[str, ...]) -> Fund:
    from simulator.fund.load import load_fund

    if variants:
        raise click.UsageError("a fund has no variants; its contracts do: pipeline.KIND.variants.")
    return load_fund(name, overrides=overrides)


def check_fund(
    name: str,
    variants: tuple[str, ...],
    overrides: tuple[str, ...],
    lang: Language,
    *,
    as_json: bool,
) -> None:
    """Say that the fund and its contracts have no problems; else `load_fund` says which."""
    fund = _load(name, variants, overrides)
    if as_json:
        talk.result_json({"fund": _identity(fund), "valid": True, "problems": []})
        return
    offered = sum(sum(kind.offered) for kind in fund.pipeline.values())
    counts = (
        (offered, ("erbjudna kontrakt", "contracts offered")),
        (len(fund.pipeline), ("slag av kontrakt", "kinds of contract")),
        (len(fund.designs), ("upplägg", "designs")),
    )
    place = 0 if lang == "sv" else 1
    said = ", ".join(f"{count} {words[place]}" for count, words in counts)
    talk.result(f"{fund.name}: {'inga fel' if lang == 'sv' else 'no problems'} ({said})")


def show_fund(
    name: str,
    variants: tuple[str, ...],
    overrides: tuple[str, ...],
    lang: Language,
    *,
    as_json: bool,
    sources: bool,
) -> None:
    """The fund with its defaults spelled out, or all that it assumes with grade and source."""
    fund = _load(name, variants, overrides)
    if sources:
        _show_sources(fund, lang, as_json=as_json)
        return
    from simulator.fund.resolved import to_toml

    text = to_toml(fund)
    if as_json:
        from simulator.cli.read import plain_json

        resolved = plain_json(tomllib.loads(text))
        talk.result_json({"fund": _identity(fund), "resolved": resolved})
    else:
        talk.result(text.rstrip("\n"))


def _show_sources(fund: Fund, lang: Language, *, as_json: bool) -> None:
    """The fund's own numbers; those of its contracts by reference."""
    from simulator.fund.resolved import fund_assumptions

    rows = fund_assumptions(fund)
    if as_json:
        from simulator.cli.read import assumption_json

        contracts = {name: _command(fund, kind) for name, kind in fund.pipeline.items()}
        said = [assumption_json(row, lang) for row in rows]
        talk.result_json({"assumptions": said, "contracts": contracts})
        return
    from simulator.views import terminal

    talk.result(terminal.sources_lines(rows, lang))
    own = "Kontraktens egna tal listas av:" if lang == "sv" else "The contracts' own numbers:"
    talk.result(["", own, *(f"    {_command(fund, kind)}" for kind in fund.pipeline.values())])


def _command(fund: Fund, kind: Any) -> str:
    from simulator.fund.pipeline import contract_file, overrides_of

    words = [
        "socsim",
        "show",
        "@".join((contract_file(fund.folder, kind.scenario), *kind.variants)),
    ]
    for override in overrides_of(kind.set):
        words += ["--set", override]
    return shlex.join([*words, "--sources"])


def _identity(fund: Fund) -> dict[str, Any]:
    return {
        "name": fund.name,
        "title": {str(said): text for said, text in fund.title.items()},
        "currency": fund.currency,
        "designs": list(fund.designs),
    }
