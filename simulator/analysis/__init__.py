"""Questions put to several simulations: compare designs, find the value that meets a target."""

from simulator.analysis.compare import Comparison, Difference, compare
from simulator.analysis.designs import Assumptions, Design
from simulator.analysis.solve import Solution, solve

__all__ = ["Assumptions", "Comparison", "Design", "Difference", "Solution", "compare", "solve"]
