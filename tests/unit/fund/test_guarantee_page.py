"""docs/guarantee-funds.md tells the figures of its runs, and some of them are run here."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.tools.guarantee_funds.figures import figures
from docs.tools.guarantee_funds.page import Told, interval, page, plain
from simulator.fund.load import load_fund
from simulator.fund.prices import repriced
from simulator.fund.setup import Workshop, setup_of
from simulator.fund.supports import claim_of, volume

PAGE = Path(__file__).parents[3] / "docs" / "guarantee-funds.md"
DESIGNS = ("shared", "floor", "first_loss", "first_loss_at_risk")


def test_the_page_is_what_its_figures_make_of_its_template():
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("name", ["guarantee_fund", "national_support", "uk_portfolio"])
def test_the_figures_are_those_of_the_designs_and_trials_in_the_file(name):
    run, fund = figures()[name], load_fund(name)
    assert {design["name"] for design in run["designs"]} == set(fund.designs)
    assert [trial["name"] for trial in run["robustness"]] == list(fund.robustness)
    assert [kind["offered"] for kind in run["kinds"]] == [k.offered for k in fund.pipeline.values()]


def test_volumes_and_settled_claims_are_those_of_the_files_designs():
    # 300 million ÷ highest claim on a krona of which 0.4 is certain: 0.5·0.6, 0.5 − 0.4, 0.5, 0.3;
    # of 7.5 drawn and 3 repaid as activity payment: 0.5·4.5, 3.75 − 3, 3.75, 0.5·4.5
    designs = load_fund("guarantee_fund").designs
    told = PAGE.read_text(encoding="utf-8")
    carried = [volume(300.0, designs[name], 0.4) for name in DESIGNS]
    assert carried == pytest.approx([1000, 3000, 600, 1000])
    assert "carry 1,000, 3,000 and 600 million" in told
    claims = [claim_of(designs[name], 7.5, 3.0, 3.0) for name in DESIGNS]
    assert claims == pytest.approx([2.25, 0.75, 3.75, 2.25])
    assert "2.25, 0.75, 3.75 and 2.25 million" in told


def test_a_price_is_that_of_a_run():
    # one kind and one design, and no beliefs: a price is solved for who believes what is stated,
    # and rests on the kind's own 16,384 calibration paths alone
    fund = load_fund("guarantee_fund")
    sober = fund.behaviour.investor.model_copy(update={"belief": None})
    few = fund.model_copy(
        update={
            "pipeline": {"sick_leave": fund.pipeline["sick_leave"]},
            "designs": {name: fund.designs[name] for name in ("nothing", "first_loss")},
            "behaviour": fund.behaviour.model_copy(update={"investor": sober}),
        }
    )
    shop = Workshop(few, 1)
    price = repriced(setup_of(few, 1, shop), shop)["first_loss"]["sick_leave"]
    told = Told("guarantee_fund", figures()["guarantee_fund"])
    assert told.price("first_loss", "sick_leave") == f"{price.offered:.2f} → {price.solved:.2f}"


def test_an_interval_is_told_where_it_is_seen():
    found = {"estimate": 5.04, "mc_low": 4.96, "mc_high": 5.12}
    assert interval(found, 1) == "5.0 (5.0 to 5.1)"
    assert interval(found, 0) == "5"
    assert interval(found, 0, 0.001) == "5,040 (4,960 to 5,120)"
    assert interval(None, 1) == "–"
    assert (plain(-0.04, 1), plain(-1.26, 1)) == ("0.0", "−1.3")
