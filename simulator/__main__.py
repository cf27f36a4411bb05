"""`python -m simulator` is `socsim`."""

from simulator.cli import main

main(prog_name="socsim")
