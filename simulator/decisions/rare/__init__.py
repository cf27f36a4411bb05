"""How likely is what almost never happens? Importance sampling of the uncertain numbers.

    found = rare(load_scenario("norrkoping"), "investor.loss", above=5_900_000)
    found.probability.estimate
    found.gain.ratio, found.check.z

Most paths are drawn where the numbers make it likely, and each counts for as much as it would have
been drawn anyway; a fifth are drawn plainly, so that no path counts for more than five. The same
question is put to plain paths, and what was gained is measured, never promised.
"""

from simulator.decisions.rare.asking import Question, rare
from simulator.decisions.rare.found import RareEvent

__all__ = ["Question", "RareEvent", "rare"]
