"""`python -m simulator` is `socsim`."""

from simulator.cli import socsim

socsim()
