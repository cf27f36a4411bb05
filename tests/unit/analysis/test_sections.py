"""Sections of consecutive paths: how long they are, and the error they give by hand."""

from __future__ import annotations

import math

import pytest

from simulator.analysis.sections import section_size, sectioned
from simulator.summary.accumulate import CHUNK, EXACT_PATHS


@pytest.mark.parametrize(
    ("paths", "size"),
    [
        (10, 32),  # too few for any section
        (700, 32),  # 21 sections
        (5_000, 128),  # 39
        (20_000, 512),  # 39
        (81_920, 4096),  # 20 whole blocks
        (100_000, 4096),  # 24
        (204_800, 8192),  # 50 blocks: 25 of two
        (1_000_000, 36_864),  # 244 blocks: 27 of nine
        (10_000_000, 131_072),  # no longer than is kept exactly: 76
    ],
)
def test_sections_are_about_twenty_five(paths, size):
    assert section_size(paths) == size
    assert size <= EXACT_PATHS
    assert CHUNK % size == 0 or size % CHUNK == 0
    if paths >= 640:
        assert paths // size >= 20


def test_the_error_is_the_spread_of_sections():
    """Ten sections, differences 1 to 10: s² = 82.5/9; t with 9 degrees of freedom is 2.2622."""
    found = sectioned(5.0, [float(k) for k in range(1, 11)], 100, 1000)
    error = math.sqrt(82.5 / 9 / 10)
    assert found["estimate"] == 5.0
    assert found["standard_error"] == pytest.approx(error, rel=1e-12)
    assert found["mc_low"] == pytest.approx(5.0 - 2.2621571628 * error, rel=1e-9)
    assert found["mc_high"] == pytest.approx(5.0 + 2.2621571628 * error, rel=1e-9)


def test_paths_beyond_the_last_section_count_in_the_error():
    """Sections cover 1,000 of 1,100 paths: s·√(100/1100), not s/√10."""
    found = sectioned(0.0, [0.0, 1.0] * 5, 100, 1100)
    assert found["standard_error"] == pytest.approx(math.sqrt(2.5 / 9) * math.sqrt(100 / 1100))


def test_a_figure_in_too_few_sections_has_no_error():
    found = sectioned(1.0, [1.0] * 9 + [None] * 20, 100, 2900)
    assert found == {"estimate": 1.0, "standard_error": None, "mc_low": None, "mc_high": None}


def test_equal_sections_have_an_error_of_exactly_zero():
    assert sectioned(0.0, [0.1] * 12, 10, 120)["standard_error"] == 0.0
