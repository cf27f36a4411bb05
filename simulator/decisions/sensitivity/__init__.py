"""What drives a scenario's figures: `sensitivity` and what it gives.

    found = sensitivity(load_scenario("norrkoping"), paths=100_000)
    found.to_dict()["inputs"][0]      # the number that weighs most

Tornado, Sobol indices, what a larger cohort would remove, stresses, two-way maps, and the numbers
that have no influence; each in a file of its own.
"""

from __future__ import annotations

from simulator.decisions.sensitivity.analyse import sensitivity
from simulator.decisions.sensitivity.found import Questions, Sensitivity

__all__ = ["Questions", "Sensitivity", "sensitivity"]
