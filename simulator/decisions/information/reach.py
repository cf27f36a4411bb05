"""How many paths it takes to reach over a share of all that can happen."""

from __future__ import annotations


def fewest_paths(coverage: float, confidence: float, *, both_sides: bool = False) -> int:
    """The fewest n whose largest value has a share `coverage` of the law below it, by `confidence`.

    1 − coverageⁿ ≥ confidence; with `both_sides`, between the smallest and the largest:
    1 − n·coverageⁿ⁻¹ + (n − 1)·coverageⁿ ≥ confidence. Any continuous law: Wilks, Annals of
    Mathematical Statistics 12 (1941).
    """

    def reached(n: int) -> float:
        if not both_sides:
            return 1.0 - coverage**n
        return 1.0 - n * coverage ** (n - 1) + (n - 1) * coverage**n

    n = 1
    while reached(n) < confidence:
        n += 1
    return n
