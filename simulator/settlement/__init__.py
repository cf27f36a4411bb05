"""The contract on given outcomes: the same terms and kernels, one path, a statement."""

from simulator.settlement.files import read_results
from simulator.settlement.statement import Settlement, settle

__all__ = ["Settlement", "read_results", "settle"]
