"""The same bits: whatever the threads, the blocks, the order of the file, the length of the run."""

from __future__ import annotations

import random
import tomllib
from typing import Any

import numpy as np
import pytest

from simulator.api import load_scenario, simulate
from simulator.engine import CHUNK, Engine
from simulator.plan.build import build
from simulator.summary.accumulate import EXACT_PATHS
from tests.properties.runs import CASES, PATHS, RICH, bytes_of, run, same_bits, toml_of

every_case = pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)


def shuffled(tree: Any, dice: random.Random) -> Any:
    """The same tree with every table in another order; lists mean something and stay."""
    if isinstance(tree, dict):
        names = list(tree)
        dice.shuffle(names)
        return {name: shuffled(tree[name], dice) for name in names}
    return [shuffled(item, dice) for item in tree] if isinstance(tree, list) else tree


@every_case
def test_the_order_of_the_file_is_irrelevant(file, tmp_path):
    tree = tomllib.loads(file.read_text(encoding="utf-8"))
    other = shuffled(tree, random.Random(3))
    assert list(other) != list(tree)
    place = tmp_path / file.name
    place.write_text(toml_of(other), encoding="utf-8")
    for neighbour in file.parent.glob("*.csv"):
        (tmp_path / neighbour.name).write_bytes(neighbour.read_bytes())
    moved = simulate(load_scenario(place), paths=PATHS, keep="all")
    same_bits(moved.paths, run(file).paths)
    same_bits(moved.flows, run(file).flows)
    assert bytes_of(moved) == bytes_of(run(file))


@every_case
def test_a_second_run_writes_the_same_bytes(file):
    again = simulate(load_scenario(file), paths=PATHS)
    assert bytes_of(again) == bytes_of(run(file))


def test_another_seed_is_another_run():
    """The test above cannot pass because nothing is random."""
    other = simulate(load_scenario(RICH), paths=PATHS, seed=2, keep="paths").paths
    columns = [name for name in other.columns if name.startswith(("outcomes.", "measures."))]
    for name in columns:
        assert (other[name] != run().paths[name]).mean() > 0.3, name


def test_threads_are_irrelevant():
    paths = 2 * CHUNK + 777
    runs = [
        simulate(load_scenario(RICH), paths=paths, threads=threads, keep="paths")
        for threads in (1, 2, 5)
    ]
    for other in runs[1:]:
        same_bits(other.paths, runs[0].paths)
        same_bits(other.cash_flows, runs[0].cash_flows)
        assert bytes_of(other) == bytes_of(runs[0])


def test_late_paths_are_summed_alike_whether_they_are_kept_or_not():
    """Kept, blocks are simulated as a whole; not kept, late ones while they are summed."""
    paths = EXACT_PATHS + 4 * CHUNK + 777
    kept = simulate(load_scenario(RICH), paths=paths, threads=2, keep="paths")
    for threads in (1, 3):
        other = simulate(load_scenario(RICH), paths=paths, threads=threads)
        assert other.summary() == kept.summary()
        same_bits(other.cash_flows, kept.cash_flows)


@every_case
def test_a_longer_run_begins_with_the_shorter_one(file):
    longer = run(file).paths
    for count in (1, 100, 129):
        shorter = simulate(load_scenario(file), paths=count, keep="paths").paths
        same_bits(shorter, longer.iloc[:count])


@every_case
def test_paths_one_by_one_are_those_of_a_block(file):
    built = build(load_scenario(file), 1)
    engine: Engine[None] = Engine(built, 1)
    whole = engine.block(0, 300)
    for path in (0, 1, 127, 128, 255, 256, 299):
        single = engine.block(path, 1)
        np.testing.assert_array_equal(single.figures[:, 0], whole.figures[:, path])
        np.testing.assert_array_equal(single.flows[:, :, 0], whole.flows[:, :, path])


def test_a_workspace_remembers_nothing():
    built = build(load_scenario(RICH), 1)
    used: Engine[None] = Engine(built, 1)
    used.block(10_000, 300)
    fresh: Engine[None] = Engine(built, 1)
    np.testing.assert_array_equal(used.block(0, 130).figures, fresh.block(0, 130).figures)


NEW_METRICS = [
    'kind = "binary", better = "higher", baseline = { beta = { alpha = 2, beta = 3 } }, '
    "effect = { ratio = 1.2 }",
    'kind = "amount", better = "lower", baseline = 5, unit = "days", effect = { ratio = 0.9 }, '
    'spread = { law = "gamma", sd = 3 }, persistence = 0.5',
    'kind = "count", better = "lower", baseline = 1.5, spread = { law = "poisson" }, '
    "effect = { difference = { normal = { mean = -0.2, sd = 0.1 } } }",
]


@pytest.mark.parametrize("name", ["aaa", "money", "zzz"])
@pytest.mark.parametrize("words", NEW_METRICS)
def test_adding_a_metric_moves_no_other_number(name, words):
    before, after = run().paths, run(RICH, (f"metrics.{name}={{ {words} }}",)).paths
    assert len(after.columns) == len(before.columns) + 2
    same_bits(after[list(before.columns)], before)


def test_adding_a_cohort_leaves_the_others_people_alone():
    """Everything measured on the old cohorts alone stays."""
    old = 'measures.school.cohorts=["early", "late"]'
    new = (
        "cohorts.aaa={ service_users = 5 }",
        old,
        'measures.visits.cohorts=["early", "late"]',
    )
    before, after = run().paths, run(RICH, new).paths
    for name in ("measures.school.measured", "measures.visits.measured", "investor.drawn"):
        assert np.array_equal(before[name], after[name]), name
    assert not np.array_equal(
        before["municipality.gross_savings"], after["municipality.gross_savings"]
    )


def test_adding_a_measure_moves_no_other_number():
    measure = (
        'measures.aaa={ metric = "care", quantity = "effect", window = "2 years", '
        'reference = { kind = "matched", size = 9 } }'
    )
    before, after = run().paths, run(RICH, (measure,)).paths
    same_bits(after[list(before.columns)], before)


VARIANTS = [
    'title = "Nothing changes"',
    'title = "The same again"\ncapital.commitment = 900_000\nmetrics.school.baseline = 0.4',
    'title = "The same in other words"\npayments.activity.terms = [{ share = 0.30 }]\n'
    "limits = { total = 1_100_000.0, multiple = 1.25 }",
]


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_that_changes_nothing_changes_nothing(variant, tmp_path):
    place = tmp_path / "rich.toml"
    text = RICH.read_text(encoding="utf-8")
    place.write_text(f"{text}\n[variants.null]\n{variant}\n", encoding="utf-8")
    plain = simulate(load_scenario(place), paths=PATHS, keep="all")
    null = simulate(load_scenario(place, variants=["null"]), paths=PATHS, keep="all")
    same_bits(null.paths, plain.paths)
    same_bits(null.flows, plain.flows)
    assert set(null.summary()) == set(plain.summary())
    different = {key for key in plain.summary() if null.summary()[key] != plain.summary()[key]}
    assert different <= {"scenario", "run"}
    same_bits(plain.paths, run().paths)


@every_case
def test_nothing_in_a_summary_is_not_a_number(file):
    assert b"NaN" not in bytes_of(run(file))
    for count in (1, 2):
        bytes_of(simulate(load_scenario(file), paths=count))
