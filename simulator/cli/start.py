"""`socsim scenarios`, `init` and `schema`: where to begin."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from simulator.cli import talk
from simulator.cli.manners import Command, with_debug
from simulator.cli.options import JSON, LANG, Language
from simulator.errors import SocsimError

DEFAULT_SOURCE = "norrkoping"
DEFAULT_FILE = "my_contract.toml"


@click.command(cls=Command, examples=("socsim scenarios", "socsim scenarios --json"))
@JSON
@LANG
@with_debug
def scenarios(as_json: bool, lang: Language) -> None:
    """List the shipped scenarios, their variants and sources, and the shipped funds."""
    from simulator.scenario.find import shipped, shipped_funds

    rows = [_card(scenario.name, scenario.path, lang) for scenario in shipped()]
    funds = [_fund_card(fund.name, fund.path) for fund in shipped_funds()]
    if as_json:
        talk.result_json({"scenarios": rows, "funds": funds})
        return
    _list_scenarios(rows, lang)
    if funds:
        talk.result(["", "fonder, för `socsim fund`:" if lang == "sv" else "for `socsim fund`:"])
    for fund in funds:
        talk.result(f"{fund['name']}: {_title(fund, lang)}")
        label = "upplägg" if lang == "sv" else "designs"
        talk.result(f"    {label}: {', '.join(fund['designs'])}")


def _title(row: dict[str, Any], lang: Language) -> str:
    return str(row["title"].get(lang) or next(iter(row["title"].values()), ""))


def _list_scenarios(rows: list[dict[str, Any]], lang: Language) -> None:
    for row in rows:
        talk.result(f"{row['name']}: {_title(row, lang)}")
        if row["source"]:
            talk.result(f"    {'källa' if lang == 'sv' else 'source'}: {row['source']}")
        if row["variants"]:
            label = "varianter" if lang == "sv" else "variants"
            talk.result(f"    {label}: {', '.join(row['variants'])}")


@click.command(
    cls=Command,
    examples=(
        "socsim init my_contract.toml",
        "socsim init my_contract.toml --from reboot_west",
        "socsim init reboot_west",
    ),
)
@click.argument("name", required=False, metavar="[NAME]")
@click.argument("file", required=False, metavar="[FILE]", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "source",
    metavar="SCENARIO",
    help="The scenario to copy: a shipped name or a file.  [default: norrkoping]",
)
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.  [default: refuse]")
@with_debug
def init(name: str | None, file: Path | None, source: str | None, force: bool) -> None:
    """Start a scenario of your own from a shipped one.

    It is copied with its comments. NAME is the file to write (".toml" is added), or the name of a
    shipped scenario to copy to FILE. Without NAME, norrkoping is copied to my_contract.toml.
    """
    from simulator.scenario.find import resolve_name, shipped, shipped_funds

    source, target = _from_and_to(
        name, file, source, {entry.name for entry in (*shipped(), *shipped_funds())}
    )
    text = resolve_name(source).read_bytes()
    _write(target, text, force=force)
    talk.result(str(target))
    talk.say(f"copied from {source}; next:  socsim check {target}")


@click.command(cls=Command, examples=("socsim schema", "socsim schema --fund > fund.schema.json"))
@click.option("--fund", is_flag=True, help="Of fund files instead.  [default: scenario files]")
@with_debug
def schema(fund: bool) -> None:
    """JSON Schema of the scenario language, for editors."""
    if fund:
        from simulator.fund.schema import fund_schema

        talk.result_json(fund_schema())
        return
    from simulator.scenario.schema import json_schema

    talk.result_json(json_schema())


def _card(name: str, path: Path, lang: Language) -> dict[str, Any]:
    """What a scenario file says about itself: title, source in the reader's language, variants."""
    import tomllib

    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    title = raw.get("title", {})
    source: dict[str, Any] = next(iter(raw.get("sources", {}).values()), {})
    called = source.get("title")
    if isinstance(called, dict):
        called = called.get(lang) or next(iter(called.values()), None)
    return {
        "name": name,
        "title": title if isinstance(title, dict) else {"en": str(title), "sv": str(title)},
        "source": " ".join(filter(None, (called, source.get("address")))) or None,
        "variants": sorted(raw.get("variants", {})),
    }


def _fund_card(name: str, path: Path) -> dict[str, Any]:
    """What a fund file says about itself: title, designs and the contracts that it names."""
    import tomllib

    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    title = raw.get("title", {})
    return {
        "name": name,
        "title": title if isinstance(title, dict) else {"en": str(title), "sv": str(title)},
        "designs": list(raw.get("designs", {})),
        "contracts": [kind.get("scenario") for kind in raw.get("pipeline", {}).values()],
    }


def _from_and_to(
    name: str | None, file: Path | None, source: str | None, names: set[str]
) -> tuple[str, Path]:
    """Which scenario is copied, and to which file."""
    if file is not None:
        if source is not None:
            raise click.UsageError("with --from, name one file only: the one to write.")
        return name or DEFAULT_SOURCE, _toml(file)
    if name is not None and name in names and source is None:
        return name, Path(f"{name}.toml")
    return source or DEFAULT_SOURCE, _toml(Path(name or DEFAULT_FILE))


def _toml(path: Path) -> Path:
    return path if path.suffix == ".toml" else path.with_name(path.name + ".toml")


def _write(target: Path, text: bytes, *, force: bool) -> None:
    """Write a new file; an existing one stays as it is unless forced."""
    try:
        with target.open("wb" if force else "xb") as out:
            out.write(text)
    except FileExistsError:
        raise SocsimError(
            f"{target} exists already; choose another name, or --force to overwrite it"
        ) from None
    except FileNotFoundError:
        raise SocsimError(f"{target.parent} is not a folder; make it first") from None
