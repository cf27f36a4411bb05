"""Compiled words of a payment against the same functions run by the Python interpreter."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.kernels import terms
from simulator.kernels.compile import LANES

CORNERS = [0.0, -0.0, 1.0, -1.0, 0.3, 0.1 + 0.2, 0.3 - 1e-12, 0.3 - 1e-6, 1e12, -1e12, 2.0, 5.0]


def lanes(seed: int) -> np.ndarray:
    """Corners first, then numbers of all sizes and signs."""
    rng = np.random.default_rng(seed)
    more = rng.normal(0, 1, LANES - len(CORNERS)) * 10.0 ** rng.integers(
        -6, 7, LANES - len(CORNERS)
    )
    return np.concatenate([CORNERS, more])


@pytest.mark.parametrize("name", ["above", "times", "at_most", "at_least", "if_at_least"])
def test_words_with_a_level(name):
    kernel = getattr(terms, name)
    for level in (0.3, 0.0, -2.0, None):
        compiled, plain, by_number = lanes(9), lanes(9), lanes(9)
        x = lanes(2) if level is None else np.full(LANES, level)
        kernel(lanes(1), x, compiled)
        kernel.py_func(lanes(1), x, plain)
        np.testing.assert_array_equal(compiled, plain)
        assert not np.array_equal(compiled, lanes(1))
        if level is not None:
            kernel(lanes(1), level, by_number)
            np.testing.assert_array_equal(by_number, compiled)


@pytest.mark.parametrize("name", ["bands", "stepped", "interpolated"])
@pytest.mark.parametrize(
    ("inputs", "outputs"),
    [
        ([0.3], [7.0]),
        ([0.0, 0.3, 2.0], [1.0, 10.0, -4.0]),
        ([-5.0, 0.3, 0.31, 1e6], [0.0, 2.0, 2.0, 9.0]),
    ],
)
def test_words_with_points(name, inputs, outputs):
    kernel = getattr(terms, name)
    compiled, plain = lanes(9), lanes(9)
    kernel(lanes(3), np.array(inputs), np.array(outputs), compiled)
    kernel.py_func(lanes(3), np.array(inputs), np.array(outputs), plain)
    np.testing.assert_array_equal(compiled, plain)
    assert not np.array_equal(compiled, lanes(3))


@pytest.mark.parametrize(
    ("value", "level", "met"),
    [
        (0.3, 0.3, True),
        (0.1 + 0.2, 0.3, True),
        (0.3, 0.1 + 0.2, True),
        (0.3 * (1 - 0.9e-9), 0.3, True),
        (0.3 * (1 - 1.1e-9), 0.3, False),
        (-0.3 * (1 + 0.9e-9), -0.3, True),
        (-0.3 * (1 + 1.1e-9), -0.3, False),
        (-1e-300, 0.0, False),
        (0.0, 0.0, True),
        (1e15, 1e15 + 1.0, True),
    ],
)
def test_a_level_is_reached_within_a_relative_billionth(value, level, met):
    assert bool(terms.reaches(value, level)) is met
