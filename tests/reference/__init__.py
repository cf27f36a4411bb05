"""The model again, in plain slow Python: the twin that the engine is held against.

It is written from `docs/model.md` alone and shares nothing with the engine but the scenario model:
no numba, no tables, no blocks. One path is one call of `run_path`; quantile functions are scipy's
exact ones, so the two agree to the accuracy of the engine's tables (about 1e-4 of an amount).
"""

from tests.reference.path import run_path

__all__ = ["run_path"]
