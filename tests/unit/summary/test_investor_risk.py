"""Loss exceedance, the running total by year, and who gets what in the bad and the good case."""

import json

import numpy as np
import pytest

from simulator.summary import Accumulator, accumulate
from simulator.summary.cases import within
from simulator.summary.sketch import Sample
from tests.unit.summary.synthetic import LINES, block, bullet, layout, random_flows, scenario

PARTIES = ("guarantor", "investor", "outcome_payer", "service_provider")


def summary_of(flows, **changes):
    gathered = Accumulator(layout(**changes))
    for first in range(0, flows.shape[2], 4096):
        gathered.add(block(flows[:, :, first : first + 4096], first))
    return gathered.summary(scenario(), seed=1, version="0", scenario_hash="hash")


def test_exceedance_of_a_bullet_that_loses_half_or_all():
    # of 100 committed and drawn: 60 paths gain 30, 30 lose 50, 10 lose all of it
    made = summary_of(bullet(np.array([130.0] * 60 + [50.0] * 30 + [0.0] * 10)))["investor"]
    found = {entry["loss"]: entry["probability"]["estimate"] for entry in made["loss_exceedance"]}
    # a loss of 50 does not exceed 50; one of 100 exceeds everything below 100
    assert found[0.0] == made["loss_probability"]["estimate"] == 0.4
    assert (found[47.5], found[50.0], found[97.5], found[100.0]) == (0.4, 0.1, 0.1, 0.0)
    assert list(found) == [2.5 * k for k in range(41)]  # up to the first that no path exceeds


def test_exceedance_agrees_with_counting_paths_and_ends_where_nothing_is_beyond():
    flows = random_flows(3000, 5)
    loss = flows[0].sum(axis=0) - flows[3:6].sum(axis=(0, 1))
    made = summary_of(flows)["investor"]["loss_exceedance"]
    for entry in made:
        assert entry["probability"]["estimate"] == (loss > entry["loss"] + 0.005).mean()
    assert made[-1]["probability"]["estimate"] == 0.0
    assert made[-2]["probability"]["estimate"] > 0.0
    assert made[0]["probability"]["mc_low"] < made[0]["probability"]["estimate"]


def test_sketched_exceedance_is_the_counted_one_within_a_cell(monkeypatch):
    flows = random_flows(3 * 4096, 6)
    loss = flows[0].sum(axis=0) - flows[3:6].sum(axis=(0, 1))
    monkeypatch.setattr(accumulate, "EXACT_PATHS", 4096)
    monkeypatch.setattr("simulator.summary.reading.EXACT_PATHS", 4096)
    for entry in summary_of(flows)["investor"]["loss_exceedance"]:
        # the sketch keeps a loss to 2^-11 of itself
        least = (loss > entry["loss"] * (1 + 2**-11) + 0.005).mean()
        most = (loss > entry["loss"] * (1 - 2**-11) - 0.005).mean()
        assert least <= entry["probability"]["estimate"] <= most


def test_without_loss_there_is_one_point_and_without_capital_none():
    sure = summary_of(bullet(np.array([130.0] * 10)))["investor"]["loss_exceedance"]
    assert [entry["probability"]["estimate"] for entry in sure] == [0.0]
    nothing = random_flows(10, 1)
    nothing[[0, 3, 4, 5]] = 0.0
    made = summary_of(nothing, commitment=None)
    assert made["investor"]["loss_exceedance"] == []
    assert made["cases"] is None


def test_running_total_of_the_investor_by_year():
    flows = random_flows(2000, 7)
    made = summary_of(flows)["investor"]
    # annual periods from 2016: drawn at the start of year t, paid at the end of year t − 1
    net = np.zeros((4, 2000))
    for t in range(5):
        if t < 4:
            net[t] -= flows[0, t]
        if t:
            net[t - 1] += flows[3:6, t].sum(axis=0)
    total = net.cumsum(axis=0)
    assert [row["year"] for row in made["by_year"]] == [2016, 2017, 2018, 2019]
    for k, row in enumerate(made["by_year"]):
        assert row["net"]["estimate"] == pytest.approx(net[k].mean(), rel=1e-12)
        assert row["cumulative_net"]["estimate"] == pytest.approx(total[k].mean(), rel=1e-12)
        for percent in (5, 95):
            wanted = np.quantile(total[k], percent / 100, method="inverted_cdf")
            # ranges by year are sketched: right to 2^-7 of themselves
            assert row["cumulative_net"][f"p{percent}"] == pytest.approx(wanted, rel=2**-7)
    last = made["by_year"][-1]["cumulative_net"]["estimate"]
    assert last == pytest.approx(made["expected_profit"]["estimate"], rel=1e-12)


def test_cases_of_a_hundred_paths_that_repay_one_to_a_hundred():
    # profit −99 … 0. ⌈2.5⌉ = 3rd to ⌈7.5⌉ = 8th lowest: −97 … −92, mean −94.5;
    # ⌈92.5⌉ = 93rd to ⌈97.5⌉ = 98th: −7 … −2, mean −4.5
    cases = summary_of(bullet(np.arange(1.0, 101.0)))["cases"]
    bad, mean, good = (cases[case] for case in ("bad", "mean", "good"))
    assert (bad["paths"], bad["profit_low"], bad["profit_high"]) == (6, -97.0, -92.0)
    assert bad["profit"] == pytest.approx(-94.5)
    assert (good["paths"], good["profit_low"], good["profit_high"]) == (6, -7.0, -2.0)
    assert good["profit"] == pytest.approx(-4.5)
    assert (mean["paths"], mean["profit"]) == (100, pytest.approx(-49.5))
    assert tuple(party["name"] for party in bad["parties"]) == PARTIES
    by_name = {party["name"]: party for party in bad["parties"]}
    # the payer pays 3 … 8, 5.5 on average; the provider gets 100 and spends it
    assert by_name["outcome_payer"]["transfers"] == pytest.approx(-5.5)
    assert by_name["service_provider"] == {
        "name": "service_provider",
        "title": {"en": "Provider"},
        "transfers": 100.0,
        "real": -100.0,
        "net": 0.0,
    }


def test_paths_of_one_profit_stay_together():
    # half of the paths lose everything: the bad case is all of them, not some
    cases = summary_of(bullet(np.array([0.0, 130.0] * 50)))["cases"]
    assert cases["bad"]["paths"] == cases["good"]["paths"] == 50
    assert cases["bad"]["profit"] == -100.0
    assert within(Sample(np.array([5.0])), 25, 75).tolist() == [True]


def test_transfers_of_each_case_sum_to_zero_and_agree_with_numpy():
    flows = random_flows(3000, 5)
    made = summary_of(flows)
    profit = flows[3:6].sum(axis=(0, 1)) - flows[0].sum(axis=0)
    ordered = np.sort(profit)
    chosen = (profit >= ordered[74]) & (profit <= ordered[224])  # ⌈75⌉th to ⌈225⌉th
    payer = next(p for p in made["cases"]["bad"]["parties"] if p["name"] == "outcome_payer")
    total = dict(zip([line.name for line in LINES], flows.sum(axis=1), strict=True))
    paid = sum(total[name] for name in ("own", "activity", "outcome", "adviser"))
    saved = total["saving.care"] + total["luck.care"] + total["admin"]
    assert payer["transfers"] == pytest.approx(-paid[chosen].mean(), rel=1e-12)
    assert payer["real"] == pytest.approx(saved[chosen].mean(), rel=1e-12)
    for case in ("bad", "mean", "good"):
        parties = made["cases"][case]["parties"]
        assert sum(party["transfers"] for party in parties) == pytest.approx(0.0, abs=1e-9)
        assert parties[1]["net"] == pytest.approx(made["cases"][case]["profit"], rel=1e-12)


def test_cases_rest_on_the_first_paths_that_are_kept(monkeypatch):
    monkeypatch.setattr(accumulate, "EXACT_PATHS", 4096)
    monkeypatch.setattr("simulator.summary.reading.EXACT_PATHS", 4096)
    flows = random_flows(3 * 4096, 9)
    long, short = summary_of(flows)["cases"], summary_of(flows[:, :, :4096])["cases"]
    assert long["paths"] == short["paths"] == 4096
    assert json.dumps(long["bad"]) == json.dumps(short["bad"])
    assert long["mean"]["paths"] == 3 * 4096


def test_the_most_that_can_be_lost_is_the_layouts():
    made = summary_of(
        bullet(np.array([130.0])), worst_loss=60.0, worst_loss_rests_on=("payments.a",)
    )
    assert made["investor"]["maximum_loss"] == {"amount": 60.0, "rests_on": ["payments.a"]}
    assert "maximum_loss" not in made["investors"][0]
