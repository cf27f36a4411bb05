"""`socsim verify`: the oracle table."""

from __future__ import annotations

from typing import Any

import click

from simulator.cli import talk
from simulator.cli.manners import COULD_NOT, Command, with_debug
from simulator.cli.options import JSON, LANG, Language


@click.command(cls=Command, examples=("socsim verify", "socsim verify --json"))
@JSON
@LANG
@with_debug
@click.pass_context
def verify(ctx: click.Context, as_json: bool, lang: Language) -> None:
    """Check socsim against known numbers.

    The numbers are published or worked by hand. Each row says what was expected, what was computed,
    the tolerance and the source. Exit code 1 if any row fails.
    """
    talk.say("checking against published and hand-worked numbers …")
    from simulator.decisions import solving_oracles as solving
    from simulator.decisions import updating_oracles as updating
    from simulator.decisions.information import oracles as information
    from simulator.fund import oracles as fund
    from simulator.oracles import checks

    talk.say_if_compiling("simulate_block")
    found = [*checks(), *fund.rows(), *information.rows(), *updating.rows(), *solving.rows()]
    rows: list[dict[str, Any]] = [check.to_dict() for check in found]
    if as_json:
        talk.result_json({"checks": rows})
    else:
        from simulator.views import terminal

        talk.result(terminal.verify_lines(rows, lang))
    if not all(row["passed"] for row in rows):
        ctx.exit(COULD_NOT)
