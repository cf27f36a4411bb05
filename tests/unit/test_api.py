"""The public surface: simulate, keep, save, load, compute again."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import simulator
from simulator.api import load_scenario, simulate
from simulator.errors import ResultError, SocsimError
from simulator.folder import Writer
from simulator.results import FIGURES
from simulator.saved import PROVENANCE, load, run_name, save
from tests.properties.runs import RICH, same_bits

PATHS = 300
KEPT = {
    "summary": {"summary.json", "scenario.resolved.toml", PROVENANCE, "cash_flows.parquet"},
    "paths": {"paths.parquet"},
    "all": {"paths.parquet", "flows.parquet"},
}
KEPT["paths"] |= KEPT["summary"]
KEPT["all"] |= KEPT["summary"]


@pytest.fixture(scope="module")
def scenario():
    return load_scenario(RICH)


@pytest.fixture(scope="module")
def results(scenario):
    return {keep: simulate(scenario, paths=PATHS, seed=5, keep=keep) for keep in KEPT}


def test_paths_have_a_row_each_and_a_column_for_every_figure(results):
    paths = results["all"].paths
    assert len(paths) == PATHS
    assert paths.index.name == "path"
    assert list(paths.columns[: len(FIGURES)]) == list(FIGURES)
    assert {"measures.saving.measured", "outcomes.care.realised"} <= set(paths.columns)


def test_flows_are_every_movement_once(results):
    flows = results["all"].flows
    assert list(flows.columns) == ["path", "line", "instant", "amount"]
    assert not flows.duplicated(["path", "line", "instant"]).any()
    assert (flows["amount"] != 0).all()
    drawn = flows[flows["line"] == "drawdown"].groupby("path")["amount"].sum()
    np.testing.assert_allclose(drawn, results["all"].paths["investor.drawn"], rtol=1e-12)


def test_what_is_kept_does_not_change_what_comes_out(results):
    texts = {json.dumps(result.summary()) for result in results.values()}
    assert len(texts) == 1
    same_bits(results["paths"].paths, results["all"].paths)


def test_paths_and_flows_that_were_not_kept_are_computed_again(results):
    fresh = simulate(results["all"].scenario, paths=PATHS, seed=5)
    same_bits(fresh.paths, results["all"].paths)
    same_bits(fresh.flows, results["all"].flows)
    kept = simulate(results["all"].scenario, paths=PATHS, seed=5, keep="paths")
    same_bits(kept.flows, results["all"].flows)


def test_progress_is_told_to_the_end(scenario):
    told = []
    simulate(scenario, paths=9000, progress=lambda done, whole: told.append((done, whole)))
    assert told == [(4096, 9000), (8192, 9000), (9000, 9000)]


@pytest.mark.parametrize(
    ("numbers", "complaint"),
    [
        ({"paths": 0}, "paths must be between 1 and"),
        ({"paths": -5}, "paths must be between 1 and"),
        ({"paths": 10**12 + 1}, "paths must be between 1 and"),
        ({"seed": -1}, "seed must be between 0 and"),
        ({"seed": 2**63}, "seed must be between 0 and"),
        ({"threads": 0}, "threads must be between 1 and"),
        ({"threads": 2000}, "threads must be between 1 and"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(scenario, numbers, complaint):
    with pytest.raises(SocsimError, match=complaint):
        simulate(scenario, **{"paths": 10, **numbers})


def test_the_largest_seed_works(scenario):
    assert len(simulate(scenario, paths=3, seed=2**63 - 1, keep="paths").paths) == 3


def test_a_trouble_in_a_block_comes_out_of_the_run(scenario):
    def stop(done: int, whole: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(scenario, paths=20_000, progress=stop)


# --- folders -----------------------------------------------------------------------------------


@pytest.mark.parametrize("keep", KEPT)
def test_a_saved_result_comes_back(results, keep, tmp_path):
    place = results[keep].save(tmp_path / "run")
    assert place == tmp_path / "run"
    assert {file.name for file in place.iterdir()} == KEPT[keep]
    found = load(place)
    assert (found.seed, found.count, found.keep) == (5, PATHS, keep)
    assert found.version == simulator.__version__
    assert found.summary() == results[keep].summary()
    assert found.layout == results[keep].layout
    same_bits(found.cash_flows, results[keep].cash_flows)
    same_bits(found.paths, results["all"].paths)
    same_bits(found.flows, results["all"].flows)


def test_a_result_with_variants_and_overrides_comes_back(tmp_path):
    scenario = load_scenario(
        "norrkoping", variants=["window_3y"], overrides=["capital.commitment=8_000_000"]
    )
    before = simulate(scenario, paths=50, keep="all")
    found = load(before.save(tmp_path / "run"))
    assert found.scenario.variant == ("window_3y",)
    fresh = simulate(found.scenario, paths=50, keep="all")
    same_bits(fresh.paths, before.paths)
    assert fresh.summary() == before.summary()


def test_two_runs_differ_in_their_provenance_alone(scenario, tmp_path):
    for name, threads in (("one", 1), ("two", 2)):
        simulate(scenario, paths=5000, threads=threads, keep="all").save(tmp_path / name)
    files = {file.name for file in (tmp_path / "one").iterdir()}
    assert files == KEPT["all"]
    different = {
        name
        for name in files
        if (tmp_path / "one" / name).read_bytes() != (tmp_path / "two" / name).read_bytes()
    }
    assert different <= {PROVENANCE}


def test_provenance_says_who_made_it_with_what(results, tmp_path):
    place = results["summary"].save(tmp_path / "run")
    made = json.loads((place / PROVENANCE).read_text(encoding="utf-8"))
    assert made["version"] == simulator.__version__
    assert (made["seed"], made["paths"], made["keep"]) == (5, PATHS, "summary")
    assert made["scenario_hash"] == results["summary"].summary()["scenario"]["hash"]
    assert set(made["libraries"]) >= {"numpy", "numba", "scipy"}
    assert "created" in made
    others = [
        file for file in place.iterdir() if file.name != PROVENANCE and file.suffix != ".parquet"
    ]
    for file in others:
        assert made["created"] not in file.read_text(encoding="utf-8")
        assert made["host"] not in file.read_text(encoding="utf-8")


def test_the_name_of_a_run_tells_scenario_seed_and_paths(scenario):
    other = load_scenario(RICH, overrides=["limits.total=1_000_000"])
    names = {
        run_name(scenario, 5, PATHS),
        run_name(scenario, 6, PATHS),
        run_name(scenario, 5, PATHS + 1),
        run_name(other, 5, PATHS),
    }
    assert len(names) == 4


def test_a_writer_that_fails_leaves_the_older_result(results, tmp_path):
    place = results["all"].save(tmp_path / "run")
    before = {file.name: file.read_bytes() for file in place.iterdir()}

    def fails(making: Path) -> None:
        assert (making / "summary.json").is_file()
        raise RuntimeError("the report could not be drawn")

    writers: list[Writer] = [fails]
    with pytest.raises(RuntimeError, match="could not be drawn"):
        save(results["summary"], place, writers)
    assert {file.name: file.read_bytes() for file in place.iterdir()} == before
    assert [file.name for file in tmp_path.iterdir()] == ["run"]


def test_a_run_in_the_place_of_another_keeps_nothing_of_it(results, scenario, tmp_path):
    place = results["all"].save(tmp_path / "run")
    other = simulate(scenario, paths=PATHS, seed=6)
    other.save(place)
    assert {file.name for file in place.iterdir()} == KEPT["summary"]
    same_bits(load(place).paths, other.paths)


def test_the_same_run_again_keeps_what_was_laid_beside_it(results, tmp_path):
    place = results["summary"].save(tmp_path / "run")
    (place / "decision.json").write_text("{}", encoding="utf-8")
    results["summary"].save(place)
    assert {file.name for file in place.iterdir()} == KEPT["summary"] | {"decision.json"}


def test_a_result_of_another_version_is_read_but_not_computed_again(results, tmp_path):
    place = results["summary"].save(tmp_path / "run")
    made = json.loads((place / PROVENANCE).read_text(encoding="utf-8"))
    (place / PROVENANCE).write_text(json.dumps({**made, "version": "0.0.1"}), encoding="utf-8")
    found = load(place)
    assert found.summary() == results["summary"].summary()
    with pytest.raises(SocsimError, match=r"made by version 0\.0\.1"):
        _ = found.paths


@pytest.mark.parametrize("mark", ["socsim of tomorrow", None])
def test_paths_of_other_sources_are_not_laid_beside_the_figures_of_a_result(
    results, tmp_path, mark
):
    """An edited simulator has the same version; of an older folder nobody knows the sources."""
    place = results["paths"].save(tmp_path / "run")
    made = json.loads((place / PROVENANCE).read_text(encoding="utf-8"))
    told = {**made, "made_with": mark} if mark else {k: made[k] for k in made if k != "made_with"}
    (place / PROVENANCE).write_text(json.dumps(told), encoding="utf-8")
    found = load(place)
    assert found.summary() == results["paths"].summary()
    same_bits(found.paths, results["paths"].paths)  # as they were kept
    with pytest.raises(SocsimError, match=f"other sources .*found {mark or 'none named'}") as error:
        _ = found.flows
    assert f"\n    allowed: {made['made_with']}\n    mend: simulate it again" in str(error.value)
    (place / "paths.parquet").unlink()
    with pytest.raises(SocsimError, match="other sources"):
        _ = load(place).paths
    assert len(load(place).extend(PATHS).paths) == PATHS  # all of it anew


def test_paths_that_a_run_before_has_left_are_not_the_results(results, tmp_path):
    """The same summary, bit for bit, but perhaps of another program, as its paths are here."""
    place = results["all"].save(tmp_path / "run")
    results["all"].paths.assign(**{"investor.drawn": 7.0}).to_parquet(place / "paths.parquet")
    results["summary"].save(place)
    assert (place / "paths.parquet").is_file()
    found = load(place)
    same_bits(found.paths, results["all"].paths)
    same_bits(found.flows, results["all"].flows)


@pytest.mark.parametrize(
    "name", ["summary.json", PROVENANCE, "cash_flows.parquet", "paths.parquet"]
)
def test_a_damaged_file_is_told(results, tmp_path, name):
    place = results["paths"].save(tmp_path / "run")
    (place / name).write_bytes(b"damaged")
    with pytest.raises(ResultError, match="damaged"):
        load(place)


@pytest.mark.parametrize("key", ["seed", "paths", "keep", "version"])
def test_a_provenance_without_a_key_is_damaged(results, tmp_path, key):
    place = results["summary"].save(tmp_path / "run")
    made = json.loads((place / PROVENANCE).read_text(encoding="utf-8"))
    del made[key]
    (place / PROVENANCE).write_text(json.dumps(made), encoding="utf-8")
    with pytest.raises(ResultError, match=f"'{key}' is missing"):
        load(place)


@pytest.mark.parametrize("name", ["summary.json", PROVENANCE, "scenario.resolved.toml"])
def test_a_folder_without_a_file_is_no_result(results, tmp_path, name):
    place = results["summary"].save(tmp_path / "run")
    (place / name).unlink()
    with pytest.raises(ResultError, match="is not a result folder"):
        load(place)


@pytest.mark.parametrize("name", ["run@home", "a folder", "körning"])
def test_a_folder_may_have_any_name(results, tmp_path, name):
    found = load(results["summary"].save(tmp_path / name / "run"))
    assert found.summary() == results["summary"].summary()


def test_no_folder_is_no_result(tmp_path):
    with pytest.raises(ResultError, match="is not a result folder"):
        load(tmp_path / "nowhere")


def test_without_its_cash_flows_a_result_says_so(results, tmp_path):
    place = results["summary"].save(tmp_path / "run")
    (place / "cash_flows.parquet").unlink()
    with pytest.raises(SocsimError, match="without its cash flows"):
        _ = load(place).cash_flows
