"""What knowing more is worth before a decision, and a measurement that is written into it."""

from simulator.decisions.information.asked import Information, Inquiry, Prices, information
from simulator.decisions.information.precision import Measured
from simulator.decisions.information.studies import Study

__all__ = ["Information", "Inquiry", "Measured", "Prices", "Study", "information"]
