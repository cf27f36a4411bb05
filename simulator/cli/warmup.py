"""`socsim warmup`: compile everything before it is needed."""

from __future__ import annotations

import time

import click

from simulator.cli import talk
from simulator.cli.manners import Command, with_debug
from simulator.cli.options import LANG, Language


@click.command(cls=Command, examples=("socsim warmup",))
@LANG
@with_debug
def warmup(lang: Language) -> None:
    """Compile everything for this machine, once after an installation.

    Otherwise the first run does it, and the first fund. What is compiled is kept in the user's
    cache folder (or below SOCSIM_CACHE_DIR), for these sources and this kind of processor.
    """
    from simulator import warmup as kernels
    from simulator.kernels.compile import CACHE_FOLDER

    swedish = lang == "sv"
    waiting = kernels.missing()
    if not waiting:
        talk.result(
            f"allt är redan kompilerat: {CACHE_FOLDER}"
            if swedish
            else f"everything is compiled already: {CACHE_FOLDER}"
        )
        return
    talk.say_if_compiling()
    began = time.monotonic()
    done: list[str] = []
    with talk.Progress("funktioner" if swedish else "functions") as step:

        def told(name: str) -> None:
            done.append(name)
            step(min(len(done), len(waiting)), len(waiting))

        kernels.warm_up(told)
    seconds = time.monotonic() - began
    talk.result(
        f"{len(done)} funktioner kompilerade på {seconds:.0f} s: {CACHE_FOLDER}"
        if swedish
        else f"{len(done)} functions compiled in {seconds:.0f} s: {CACHE_FOLDER}"
    )
