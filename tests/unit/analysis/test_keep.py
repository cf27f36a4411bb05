"""A comparison's folder: what is in it, the same bytes again, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from simulator.analysis import compare
from simulator.analysis.keep import save_comparison
from simulator.errors import ResultError

DEAL = str(Path(__file__).parents[2] / "worked" / "deal.toml")


@pytest.fixture(scope="module")
def compared():
    return compare([DEAL, f"{DEAL}@internal_fund", f"{DEAL}@nothing"], paths=64)


def test_the_folder_holds_the_comparison(compared, tmp_path):
    folder = save_comparison(compared, tmp_path)
    assert folder.parent == tmp_path / "compare"
    assert folder.name.startswith("deal-")
    assert folder.name.endswith("-s1-n64")
    data = json.loads((folder / "comparison.json").read_text("utf-8"))
    assert data == json.loads(json.dumps(compared.to_dict()))
    assert set(data) == {
        "schema_version",
        "currency",
        "simulation",
        "assumptions",
        "designs",
        "differences",
        "inputs",
        "switching",
    }
    assert set(data["designs"][0]) >= {"name", "title", "summary"}
    assert set(data["differences"][0]) >= {
        "design",
        "figure",
        "difference",
        "share_better",
        "share_worse",
    }
    assert data["simulation"] == {
        "paths": 64,
        "seed": 1,
        "version": compared.version,
        "level": "count",  # of how many succeed: the finest of the deal's metrics
        "sections": 2,
        "section_paths": 32,
    }


def test_tables_say_the_same(compared, tmp_path):
    folder = save_comparison(compared, tmp_path)
    table = pd.read_parquet(folder / "differences.parquet")
    assert len(table) == len(compared.differences)
    chosen = (table.design == "deal@nothing") & (table.figure == "municipality.net_budget_effect")
    (row,) = table[chosen].to_dict("records")
    assert row["difference"] == -400.0  # 800 saved and 400 paid, against nothing
    assert (row["better"], row["method"], row["share_worse"]) == ("higher", "paired", 1.0)
    alone = table[(table.design == "deal@nothing") & (table.figure == "investor.expected_multiple")]
    assert alone.difference.isna().all()
    assert alone.method.isna().all()
    figures = pd.read_parquet(folder / "designs.parquet")
    own = figures[(figures.design == "deal@internal_fund")].set_index("figure")
    assert own.loc["internal_fund.outlay", "estimate"] == 150.0
    assert own.loc["internal_fund.outlay", "p95"] == 150.0
    assert own.loc["municipality.maximum_payment.amount", "standard_error"] != 0.0


def test_a_notebook_has_the_same_table_and_saves_the_same_folder(compared, tmp_path):
    folder = compared.save(tmp_path)
    stored = pd.read_parquet(folder / "differences.parquet")
    pd.testing.assert_frame_equal(compared.table, stored, check_dtype=False)


def test_the_same_comparison_gives_the_same_bytes(compared, tmp_path):
    again = compare([DEAL, f"{DEAL}@internal_fund", f"{DEAL}@nothing"], paths=64)
    folders = [save_comparison(c, tmp_path / k) for c, k in ((compared, "a"), (again, "b"))]
    assert folders[0].name == folders[1].name
    for file in sorted(folders[0].iterdir()):
        if file.name != "provenance.json":
            assert file.read_bytes() == (folders[1] / file.name).read_bytes(), file.name


def test_what_was_assumed_is_in_the_name(compared):
    from simulator.analysis import Assumptions

    other = compare(
        [DEAL, f"{DEAL}@internal_fund", f"{DEAL}@nothing"],
        paths=64,
        assumptions=Assumptions(same_effect=0.9),
        switching=False,
    )
    assert other.key() != compared.key()


def test_a_folder_that_cannot_be_filled_is_not_there(compared, tmp_path):
    def fails(_):
        raise OSError(28, "No space left on device")

    with pytest.raises(ResultError, match="No space left"):
        save_comparison(compared, tmp_path, [fails])
    assert not list((tmp_path / "compare").iterdir())
