"""Results that kept their paths are extended: the first ones are not simulated again."""

import json
import pickle
import shutil

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from simulator import load_scenario, simulate
from simulator.checkpoint import Checkpoints, read_state
from simulator.cli import main
from simulator.engine import Engine
from simulator.errors import SocsimError
from simulator.saved import PROVENANCE, load
from simulator.streaming import FIGURES, FLOWS

CHUNK = 4096
FIRST, ALL = 2 * CHUNK + 50, 4 * CHUNK + 100
AGAIN = [2 * CHUNK, 3 * CHUNK, 4 * CHUNK]
"""The first paths of the blocks that are to come: of the last, incomplete one nothing is stored."""
KEEPS = ["paths", "all"]
FILES = ("summary.json", "cash_flows.parquet", "scenario.resolved.toml", FIGURES, FLOWS)


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """States are kept at the end beyond one block; row groups have two."""
    monkeypatch.setattr("simulator.api.EXACT_PATHS", CHUNK)
    monkeypatch.setattr("simulator.streaming.GROUP", 2 * CHUNK)


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("benchmark")


@pytest.fixture(scope="module")
def at_once(scenario):
    """The run that the others are to become, by what it keeps."""
    return {keep: simulate(scenario, paths=ALL, seed=3, keep=keep) for keep in KEEPS}


@pytest.fixture
def blocks(monkeypatch):
    """The first path of every block that is simulated from now on."""
    firsts, whole = [], Engine.block

    def block(engine, first, paths):
        firsts.append(first)
        return whole(engine, first, paths)

    monkeypatch.setattr(Engine, "block", block)
    return firsts


def in_memory(scenario, keep, folder):
    return simulate(scenario, paths=FIRST, seed=3, keep=keep)


def from_disk(scenario, keep, folder):
    return load(in_memory(scenario, keep, folder).save(folder / "first"))


def from_the_command(scenario, keep, folder):
    words = ("--paths", FIRST, "--seed", 3, "--keep", keep, "--keep-state", "--no-report")
    done = CliRunner().invoke(main, ["run", "benchmark", *map(str, words), "--out", str(folder)])
    assert done.exit_code == 0, done.stderr
    return load(*folder.glob("benchmark/*"))


def pickled(scenario, keep, folder):
    return pickle.loads(pickle.dumps(in_memory(scenario, keep, folder)))


def written_meanwhile(scenario, keep, folder):
    return simulate(scenario, paths=FIRST, seed=3, keep=keep, work=folder / "work")


WAYS = [in_memory, from_disk, from_the_command, pickled, written_meanwhile]


def same(found, expected):
    pd.testing.assert_frame_equal(found, expected, check_exact=True)
    assert (found.index.name, type(found.index)) == (expected.index.name, pd.RangeIndex)
    for name in found.columns:
        if found[name].dtype == np.float64:
            assert found[name].to_numpy().tobytes() == expected[name].to_numpy().tobytes()


def files(results, folder):
    made = results.save(folder)
    return {name: (made / name).read_bytes() for name in FILES if (made / name).is_file()}


@pytest.mark.parametrize("keep", KEEPS)
@pytest.mark.parametrize("way", WAYS)
def test_only_the_paths_that_come_after_are_simulated(
    way, keep, scenario, at_once, blocks, tmp_path
):
    whole = at_once[keep]
    first = way(scenario, keep, tmp_path)
    blocks.clear()
    longer = first.extend(ALL)
    assert sorted(blocks) == AGAIN
    assert (longer.count, longer.keep) == (ALL, keep)
    assert longer.summary() == whole.summary()
    assert longer._columns == whole._columns
    same(longer.paths, whole.paths)
    if keep == "all":
        same(longer.flows, whole.flows)
    assert sorted(blocks) == AGAIN, "nothing is simulated again for what it shows"
    made, expected = files(longer, tmp_path / "longer"), files(whole, tmp_path / "whole")
    for found in (made, expected):  # a loaded scenario has its titles' languages in another order
        found["summary.json"] = json.loads(found["summary.json"])
    assert made == expected


@pytest.mark.parametrize("keep", KEEPS)
def test_one_extended_after_the_other_simulates_each_path_once(keep, scenario, at_once, blocks):
    longer = in_memory(scenario, keep, None).extend(3 * CHUNK).extend(3 * CHUNK).extend(ALL)
    assert sorted(blocks) == [0, CHUNK, 2 * CHUNK, *AGAIN]
    assert json.dumps(longer.summary()) == json.dumps(at_once[keep].summary())
    same(longer.paths, at_once[keep].paths)


def test_a_command_goes_on_from_what_a_notebook_has_saved(scenario, at_once, tmp_path):
    """In memory or written meanwhile, the file of paths has the same bytes."""
    first = in_memory(scenario, "all", tmp_path)
    written = written_meanwhile(scenario, "all", tmp_path)
    saved = files(first, tmp_path / "benchmark" / "first")
    assert saved == files(written, tmp_path / "written")
    place = tmp_path / "benchmark" / ("x" * 12)
    state = read_state(tmp_path / "benchmark" / "first" / "run.state")
    name = f"{state.scenario_hash[:12]}-s3-n{FIRST}"
    (tmp_path / "benchmark" / "first").rename(place.with_name(name))
    words = ("--paths", ALL, "--seed", 3, "--keep", "all", "--resume", "--no-report")
    done = CliRunner().invoke(main, ["run", "benchmark", *map(str, words), "--out", str(tmp_path)])
    assert f"going on from {2 * CHUNK:,} paths of a finished run" in done.stderr
    (made,) = tmp_path.glob(f"benchmark/*-n{ALL}")
    whole = files(at_once["all"], tmp_path / "whole")
    assert {name: (made / name).read_bytes() for name in whole} == whole


def test_paths_in_memory_are_held_once(scenario):
    """Beside the tables there would be two of each, had their state kept the blocks."""
    first = in_memory(scenario, "all", None)
    assert first._run.blocks == []
    longer = first.extend(ALL)
    assert longer._run.blocks == [] and longer._run.checkpoints.start is None


def test_without_a_state_all_of_it_is_simulated(scenario, at_once, blocks, tmp_path):
    none = Checkpoints(at_end=False)
    first = simulate(scenario, paths=FIRST, seed=3, keep="paths", checkpoints=none)
    assert first.state is None
    blocks.clear()
    same(first.extend(ALL).paths, at_once["paths"].paths)
    assert sorted(blocks) == [0, CHUNK, *AGAIN]


def sorted_by_loss(results, place):
    results._paths = results.paths.sort_values("investor.profit")


def with_a_column_more(results, place):
    results.paths["mine"] = 1.0


def sorted_by_amount(results, place):
    results._flows = results.flows.sort_values("amount")


def sorted_by_amount_within_a_path(results, place):
    results._flows = results.flows.sort_values(["path", "amount"])


def without_small_amounts(results, place):
    results._flows = results.flows[results.flows["amount"].abs() > 1e4]


def some_missing(results, place):
    results.paths.head(CHUNK).to_parquet(place / FIGURES)


def flows_gone(results, place):
    (place / FLOWS).unlink()


def of_another_program(results, place):
    made = json.loads((place / PROVENANCE).read_text(encoding="utf-8"))
    (place / PROVENANCE).write_text(json.dumps({**made, "made_with": "socsim of tomorrow"}))


FILES_CHANGED = (some_missing, flows_gone, of_another_program)
CHANGES = [
    *(sorted_by_loss, with_a_column_more, sorted_by_amount),
    *(sorted_by_amount_within_a_path, without_small_amounts),
    *FILES_CHANGED,
]


@pytest.mark.parametrize("change", CHANGES)
def test_paths_that_were_changed_are_never_put_before_new_ones(
    change, scenario, at_once, blocks, tmp_path
):
    """They are the reader's to change, and files may go: then all of it is simulated."""
    results = from_disk(scenario, "all", tmp_path)
    change(results, tmp_path / "first")
    if (tmp_path / "first").exists() and change in FILES_CHANGED:
        results = load(tmp_path / "first")
    blocks.clear()
    longer = results.extend(ALL)
    assert sorted(blocks) == [0, CHUNK, *AGAIN]
    same(longer.paths, at_once["all"].paths)
    same(longer.flows, at_once["all"].flows)


def test_where_the_folder_is_gone_the_tables_and_the_state_that_were_read_are_enough(
    scenario, at_once, blocks, tmp_path
):
    results = from_disk(scenario, "paths", tmp_path)
    assert results.state is not None
    shutil.rmtree(tmp_path / "first")
    blocks.clear()
    same(results.extend(ALL).paths, at_once["paths"].paths)
    assert sorted(blocks) == AGAIN


def test_a_sampler_begins_anew_and_fewer_paths_are_refused(scenario, blocks):
    first = simulate(scenario, paths=8 * CHUNK, keep="paths", sampler="antithetic")
    blocks.clear()
    longer = first.extend(16 * CHUNK)
    assert sorted(blocks) == [CHUNK * number for number in range(16)]
    same(longer.paths.head(8 * CHUNK), first.paths)
    with pytest.raises(SocsimError, match="cannot be extended to 100"):
        first.extend(100)
