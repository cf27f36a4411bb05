"""The group `socsim` and its commands."""

from __future__ import annotations

import click

from simulator import __version__
from simulator.cli import talk
from simulator.cli.base_rates import base_rates
from simulator.cli.compare import compare
from simulator.cli.diff import diff
from simulator.cli.fund import fund
from simulator.cli.information import information
from simulator.cli.manners import Group, with_debug
from simulator.cli.rare import rare
from simulator.cli.read import check, show
from simulator.cli.report import report
from simulator.cli.run import run
from simulator.cli.sensitivity import sensitivity
from simulator.cli.settle import settle
from simulator.cli.solve import solve
from simulator.cli.start import init, scenarios, schema
from simulator.cli.sweep import sweep
from simulator.cli.update import update
from simulator.cli.verify import verify
from simulator.cli.warmup import warmup

EXAMPLES = (
    "socsim run norrkoping",
    "socsim settle norrkoping",
    "socsim show norrkoping --sources",
)

EPILOG = """
SCENARIO is a TOML file or the name of a shipped one, with @VARIANT where one is meant.
`socsim COMMAND --help` explains each command in a screenful.

To complete names and options with the Tab key in bash, add this line to ~/.bashrc (zsh and fish:
zsh_source, fish_source):

\b
    eval "$(_SOCSIM_COMPLETE=bash_source socsim)"
"""


@click.group(
    cls=Group,
    examples=EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EPILOG,
    invoke_without_command=True,
)
@click.version_option(__version__, prog_name="socsim")
@with_debug
@click.pass_context
def main(ctx: click.Context) -> None:
    """The risk of a social outcome contract, before anybody signs.

    socsim simulates what a contract may bring the investor, the municipality, a guarantor and
    society, and settles a contract on given results.
    """
    if ctx.invoked_subcommand is None:
        talk.result(ctx.get_help())


for command in (
    run,
    check,
    show,
    settle,
    compare,
    base_rates,
    diff,
    update,
    sensitivity,
    solve,
    sweep,
    information,
    rare,
    fund,
    report,
    scenarios,
    init,
    schema,
    verify,
    warmup,
):
    main.add_command(command)
