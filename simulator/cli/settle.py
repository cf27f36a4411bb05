"""`socsim settle`: what the contract pays on given outcomes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator import __version__
from simulator.cli import talk
from simulator.cli.beside import run_of
from simulator.cli.manners import Command
from simulator.cli.options import Language, scenario_options
from simulator.errors import ResultError

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario

EX_ANTE_PATHS = 100_000
RESULTS = Path("results")


@click.command(
    cls=Command,
    examples=(
        "socsim settle norrkoping",
        "socsim settle norrkoping --variant window_3y",
        "socsim settle norrkoping results.toml --html statement.html",
        "socsim settle norrkoping --beside norrkoping",
    ),
)
@scenario_options
@click.argument(
    "results",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="[RESULTS]",
    required=False,
)
@click.option(
    "--percentile",
    is_flag=True,
    help="Also simulate 100,000 paths: in how many did the investor fare as badly or worse?  "
    "[default: no]",
)
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Also write the statement as one page to print and sign.  [default: none]",
)
@click.option(
    "--beside",
    metavar="RESULT",
    help="Also lay the settlement beside a run of the scenario, a folder or the name of a scenario "
    "with a run under results/, and write the workbook there again.  [default: nowhere]",
)
def settle(
    scenario: str,
    results: Path | None,
    percentile: bool,
    html: Path | None,
    beside: str | None,
    variants: tuple[str, ...],
    overrides: tuple[str, ...],
    lang: Language,
    as_json: bool,
) -> None:
    """What the contract pays on measured outcomes.

    A settlement statement, term by term. RESULTS is a TOML, CSV or Excel file with drawn (in the
    scenario's currency) and measures.NAME; CSV and Excel have the columns key and value, and
    period and cohort where needed. Without it, what the scenario carries under [realised] is
    settled.
    """
    from simulator import api, laid
    from simulator.scenario.resolved import scenario_hash

    loaded = api.load_scenario(scenario, variants=variants, overrides=overrides)
    run = None if beside is None else run_of(beside, scenario, scenario_hash(loaded), RESULTS)
    given = None if results is None else api.read_results(results)
    talk.say_if_compiling("settle_given")
    asked = {"ex_ante_paths": EX_ANTE_PATHS} if percentile else {}
    settlement = api.settle(loaded, given, **asked)
    if html is not None:
        _write_page(html, settlement.to_dict(), loaded, results, lang)
    if as_json:
        talk.result_json(settlement.to_dict())
    else:
        from simulator.views import terminal

        talk.result(terminal.settlement_lines(settlement.to_dict(), lang))
    written = [html] if html is not None else []
    if run is not None:
        written += laid.lay_settlement(settlement.to_dict(), run)
    for path in written:
        talk.say(f"{'skrivet' if lang == 'sv' else 'written'}: {path}")


def _write_page(
    place: Path,
    settlement: dict[str, Any],
    scenario: Scenario,
    results: Path | None,
    lang: Language,
) -> None:
    """The page, whole or not at all."""
    import hashlib

    from simulator.views.report.settlement import Origin, render_settlement

    content = None if results is None else hashlib.sha256(results.read_bytes()).hexdigest()
    origin = Origin(__version__, None if results is None else str(results), content)
    page = render_settlement(settlement, scenario, origin, lang)
    making = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        making.write_text(page, encoding="utf-8", newline="\n")
        making.replace(place)
    except OSError as error:
        raise ResultError(f"cannot write {place}: {error.strerror or error}") from error
    finally:
        making.unlink(missing_ok=True)
