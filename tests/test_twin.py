"""The engine against the twin, path by path, on scenarios that use every word of the language.

The twin uses exact quantile functions, the engine tables: amounts agree within 1e-3 of the largest
amount of the same row (in practice about 1e-5). What is discrete (successes, who is traced, numbers
of events) must agree exactly, so a path on which some uniform lies within `NEAR` of its threshold
cannot be compared and is left out; at most two of thirty may be.
"""

import math
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from simulator.api import simulate
from simulator.scenario.load import load_scenario
from tests.reference.path import everything, path_model

CASES = sorted((Path(__file__).parent / "cases" / "twin").glob("*.toml"))
PATHS, SEED = 30, 7
NEAR = {"closest": 1e-6, "closest_count": 2e-5}
TOLERANCE = 1e-3


@cache
def made(file):
    """The engine's run, and the twin's models of the same paths, of which others ask more."""
    scenario = load_scenario(file)
    engine = simulate(scenario, paths=PATHS, seed=SEED, keep="all")
    return engine, [path_model(scenario, SEED, path) for path in range(PATHS)]


@cache
def both(file):
    """Results of the engine and of the twin, with the numbers of the paths that can be compared."""
    engine, models = made(file)
    twin = [everything(model) for model in models]
    usable = [p for p in range(PATHS) if all(twin[p][kind] >= near for kind, near in NEAR.items())]
    return engine, twin, usable


def compare(engine, twin, scale):
    """NaN where the other is NaN, elsewhere within the tolerance of the row's scale."""
    engine, twin = np.asarray(engine, float), np.asarray(twin, float)
    assert np.array_equal(np.isnan(engine), np.isnan(twin))
    np.testing.assert_allclose(engine, twin, rtol=0, atol=TOLERANCE * scale, equal_nan=True)


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_nearly_every_path_can_be_compared(file):
    assert len(both(file)[2]) >= PATHS - 2


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_figures_agree(file):
    engine, twin, usable = both(file)
    names = set(twin[0]) - {"flows", *NEAR}
    assert names == set(engine.paths.columns)
    for name in sorted(names):
        values = [twin[p][name] for p in usable]
        finite = [abs(v) for v in values if not math.isnan(v)]
        try:
            compare(engine.paths[name].to_numpy()[usable], values, max(finite, default=1.0))
        except AssertionError as error:
            raise AssertionError(f"{name}: {error}") from None


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_every_movement_agrees(file):
    engine, twin, usable = both(file)
    lines, periods = [line.name for line in engine.layout.lines], engine.layout.periods
    assert {line for line, _ in twin[0]["flows"]} == set(lines)
    for name in lines:
        rows = engine.flows[engine.flows["line"] == name]
        found = np.zeros((PATHS, periods + 1))
        found[rows["path"], rows["instant"]] = rows["amount"]
        expected = np.array(
            [[twin[p]["flows"][name, t] for t in range(periods + 1)] for p in usable]
        )
        try:
            compare(found[usable], expected, np.max(np.abs(expected), initial=0.0))
        except AssertionError as error:
            raise AssertionError(f"{name}: {error}") from None
