"""What the rules let through, the laws can make; what they say about means and limits is so."""

import itertools
import math
import subprocess
import sys

import numpy as np
import pytest

from simulator.plan.laws import law_of
from simulator.scenario.facts import mean, support
from simulator.scenario.numbers import Number
from simulator.scenario.rules.families import law_findings, widest_cut

VALUES = (-0.5, 0.05, 0.3, 0.5, 0.9, 2.0, 12.0)
SHAPES = [
    ("normal", ("mean", "sd")),
    ("truncated_normal", ("mean", "sd", "low")),
    ("truncated_normal", ("mean", "sd", "low", "high")),
    ("lognormal", ("mean", "sd")),
    ("lognormal", ("mean", "sigma")),
    ("lognormal", ("median", "sigma")),
    ("lognormal", ("median", "sd")),
    ("beta", ("alpha", "beta")),
    ("beta", ("mean", "sd")),
    ("beta", ("successes", "trials")),
    ("gamma", ("mean", "sd")),
    ("gamma", ("shape", "scale")),
    ("gamma", ("shape", "mean")),
    ("gamma", ("mean", "scale")),
    ("uniform", ("low", "high")),
    ("triangular", ("low", "mode", "high")),
    ("pert", ("low", "mode", "high")),
    ("student_t", ("centre", "scale", "df")),
]


def laws(family, names):
    """Numbers of this family with all combinations of values that the fields take."""
    for values in itertools.product(VALUES, repeat=len(names)):
        try:
            yield Number.model_validate({family: dict(zip(names, values, strict=True))})
        except ValueError:
            continue


@pytest.mark.parametrize(("family", "names"), SHAPES, ids=lambda item: str(item))
def test_rules_and_laws_agree(family, names):
    """What passes the rules is a law with the stated mean; what fails is refused there too."""
    numbers = list(itertools.islice(laws(family, names), 0, None, 1 if len(names) < 4 else 7))
    assert numbers
    for number in numbers:
        findings = list(law_findings(number.law, ("x", family)))
        try:
            law = law_of(number)
        except ValueError:
            assert findings, number.law
            continue
        assert not findings, (number.law, findings)
        assert mean(number) == pytest.approx(law.mean, rel=1e-6, abs=1e-9), number.law
        low, high = support(number)
        ends = law.quantile(np.array([1e-9, 1 - 1e-9]))
        assert low - 1e-9 <= ends[0] <= ends[1] <= high + 1e-9, number.law


def test_the_widest_cut_is_a_cut_exponential():
    """For [0, 1] and density e^(t·x): mean 1/(1 − e^−t) − 1/t; uniform at one half."""
    assert widest_cut(0.0, 0.5, 1.0) == pytest.approx(1 / math.sqrt(12), rel=1e-9)
    t = 3.0
    centre = 1 / (1 - math.exp(-t)) - 1 / t
    variance = 1 / t**2 - math.exp(t) / (math.exp(t) - 1) ** 2
    assert widest_cut(0.0, centre, 1.0) == pytest.approx(math.sqrt(variance), rel=1e-9)
    assert widest_cut(2.0, 2 + 10 * centre, 12.0) == pytest.approx(10 * math.sqrt(variance))
    assert widest_cut(0.0, 4.0, math.inf) == 4.0
    assert widest_cut(-math.inf, 4.0, 5.0) == 1.0


def test_means_and_ranges_without_a_law():
    mixture = {
        "parts": [{"weight": 0.25, "value": 8}, {"weight": 0.75, "uniform": {"low": 0, "high": 4}}]
    }
    assert mean(Number.model_validate({"mixture": mixture})) == 3.5
    assert support(Number.model_validate({"mixture": mixture})) == (0.0, 8.0)
    discrete = {"values": [1, 5], "weights": [0.75, 0.25]}
    assert mean(Number.model_validate({"discrete": discrete})) == 2.0
    quantiles = Number.model_validate({"quantiles": {"levels": [0.1, 0.9], "values": [1, 5]}})
    assert mean(quantiles) is None
    assert support(quantiles) == (1.0, 5.0)


def test_reading_a_scenario_imports_nothing_heavy():
    code = (
        "import sys; from simulator.scenario.load import load_scenario;"
        "load_scenario('norrkoping');"
        "heavy = {'numpy', 'scipy', 'numba', 'pandas', 'pyarrow', 'plotly'} & set(sys.modules);"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


LARGE = [
    ({"uniform": {"low": 2e7, "high": 1e7}}, "20_000_000 and 10_000_000"),
    (
        {"triangular": {"low": 1e6, "mode": 3e7, "high": 2e7}},
        "1_000_000, 30_000_000 and 20_000_000",
    ),
]


@pytest.mark.parametrize(("number", "found"), LARGE)
def test_large_numbers_are_written_as_in_a_file(number, found):
    law = Number.model_validate(number).law
    assert [finding.found for finding in law_findings(law, ("x",))] == [found]
