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
    ours: list[str] = []
    looked = began

    def count_done() -> int:
        """Functions that are there now, or were compiled here where nothing can be kept."""
        return max(len(waiting) - len(kernels.missing()), min(len(ours), len(waiting)))

    with talk.Progress("funktioner" if swedish else "functions") as step:

        def told(name: str) -> None:
            ours.append(name)
            nonlocal looked
            if time.monotonic() > looked + 1.0:
                looked = time.monotonic()
                step(count_done(), len(waiting))

        kernels.warm_up(told)
    seconds = time.monotonic() - began
    talk.result(
        f"{count_done()} funktioner kompilerade på {seconds:.0f} s: {CACHE_FOLDER}"
        if swedish
        else f"{count_done()} functions compiled in {seconds:.0f} s: {CACHE_FOLDER}"
    )
