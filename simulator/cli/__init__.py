"""The command line, `socsim`: the only room that prints.

`main` is a click group, and `socsim` the program around it. Modules here import click and the
standard library alone at the top; what is heavy (pydantic, numpy, numba, pandas, rich) is imported
inside the command that needs it, so that `socsim --help` answers in under a tenth of a second.
"""

from simulator.cli.app import main
from simulator.cli.leaving import socsim

__all__ = ["main", "socsim"]
