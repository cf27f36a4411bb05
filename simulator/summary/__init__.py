"""Estimates with Monte Carlo error: investor, municipality, guarantor, outcomes and society."""

from simulator.summary.accumulate import CHUNK
from simulator.summary.summary import SCHEMA_VERSION, Accumulator

__all__ = ["CHUNK", "SCHEMA_VERSION", "Accumulator"]
