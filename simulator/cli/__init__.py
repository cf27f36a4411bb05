"""The command line, `socsim`: the only room that prints.

`main` is a click group. Modules here import click and the standard library alone at the top; what
is heavy (pydantic, numpy, numba, pandas, rich) is imported inside the command that needs it, so
that `socsim --help` answers in under a tenth of a second.
"""

from simulator.cli.app import main

__all__ = ["main"]
