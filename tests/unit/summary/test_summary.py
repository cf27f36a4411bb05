"""The summary as a whole: its keys, its bits, its edges."""

import itertools
import json
import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from simulator.errors import InternalError
from simulator.results import Line, PathBlock
from simulator.summary import Accumulator, accumulate
from simulator.summary.accumulate import EXACT_PATHS
from simulator.summary.passes import Columns
from simulator.summary.passes_marks import imbalance
from simulator.summary.series import plan_series
from simulator.summary.summary import plain
from simulator.summary.summed import Summer
from tests.unit.summary.synthetic import (
    LINES,
    block,
    bullet,
    extra_figures,
    layout,
    random_flows,
    scenario,
)

PROMISED = {
    "scenario": "name title currency hash variant",
    "simulation": "paths seed version sufficient",
    "investor": "drawn committed peak_exposure expected_profit expected_multiple "
    "irr_of_expected_cash_flow median_irr mean_path_irr undefined_irr_share multiple_root_share "
    "net_present_value loss_probability loss_over_half_probability total_loss_probability "
    "expected_loss loss_given_loss value_at_risk_95 expected_shortfall_95 before_protection "
    "quantiles loss_exceedance maximum_loss by_year",
    "cases": "paths bad mean good",
    "municipality": "net_budget_effect net_budget_effect_cashable net_budget_effect_present_value "
    "probability_positive probability_zero probability_negative gross_savings outcome_payments "
    "activity_payments total_payments maximum_payment overpayment underpayment worst_year by_year "
    "by_pocket",
    "contract": "maximum_payment overpayment underpayment payments",
    "guarantor": "expected_payout call_probability quantiles guarantees",
    "society": "net_present_value benefit_cost_ratio",
}


def blocks_of(flows, extra):
    for first in range(0, flows.shape[2], 4096):
        part = slice(first, first + 4096)
        yield block(flows[:, :, part], first, extra[:, part])


def finish(gathered, threads=1):
    words = {"seed": 7, "version": "0.1.0", "scenario_hash": "abc", "threads": threads}
    return gathered.summary(scenario(), **words)


def summary_with(flows, extra, **changes):
    gathered = Accumulator(layout(**changes))
    for one in blocks_of(flows, extra):
        gathered.add(one)
    return finish(gathered)


def numbers(value):
    if isinstance(value, dict):
        return list(itertools.chain.from_iterable(map(numbers, value.values())))
    if isinstance(value, list):
        return list(itertools.chain.from_iterable(map(numbers, value)))
    return [value] if isinstance(value, float) else []


def test_every_promised_key_is_there():
    made = summary_with(random_flows(100, 1), extra_figures(100, 1))
    assert made["schema_version"] == 1
    for section, keys in PROMISED.items():
        assert set(keys.split()) <= set(made[section]), section
    assert made["simulation"]["paths"] == 100
    assert made["simulation"]["seed"] == 7
    assert made["scenario"]["hash"] == "abc"
    for name, section in (("investors", "investor"), ("outcome_payers", "municipality")):
        (only,) = made[name]
        whole = {"loss_exceedance", "maximum_loss"} | (
            {"by_year"} if name == "investors" else set()
        )
        assert set(PROMISED[section].split()) - whole <= set(only)
    assert {"name", "transfers", "real"} <= set(made["parties"][0])
    outcome = "metric n expected_effect true_effect measured_effect probability_of_target"
    assert {*outcome.split(), "cost_per_additional_outcome", "effect_per_krona"} <= set(
        made["outcomes"][0]
    )
    year = (
        "year gross_savings payments own_costs net provision break_even_probability liability "
        "contingent_liability accrual_cost balanced_budget_effect balanced_budget_effect_cashable "
        "forgiven_repayment"
    )
    assert set(year.split()) <= set(made["municipality"]["by_year"][0])
    estimates = made["investor"]["expected_profit"]
    keys = "estimate standard_error mc_low mc_high p5 p50 p95"
    assert set(estimates) == set(keys.split())


def test_a_figure_that_does_not_exist_is_null():
    made = summary_with(random_flows(100, 2), extra_figures(100, 2))
    assert made["municipality"]["net_budget_effect_present_value"] is None
    without = [line for line in LINES if line.account != "guarantee"]
    flows = np.delete(random_flows(100, 2), 5, axis=0)
    whole = random_flows(100, 2)
    whole[5] = 0.0
    gathered = Accumulator(layout(lines=tuple(without)))
    gathered.add(replace(block(whole), flows=np.ascontiguousarray(flows)))
    assert set(finish(gathered)["guarantor"].values()) == {None}


@pytest.mark.parametrize("paths", [1, 2, 3, 31, 100])
@pytest.mark.parametrize("kind", ["varied", "nothing"])
def test_few_paths_and_no_money_give_a_whole_summary(paths, kind):
    flows = random_flows(paths, 3)
    if kind == "nothing":
        flows[:] = 0.0
    made = summary_with(flows, extra_figures(paths, 3))
    text = json.dumps(made, allow_nan=False)
    assert "NaN" not in text
    assert all(math.isfinite(number) for number in numbers(made))
    assert made["simulation"]["sufficient"]["verdict"] is False
    error = made["investor"]["expected_profit"]["standard_error"]
    assert (error is None) == (paths == 1)
    if kind == "nothing":
        assert made["investor"]["undefined_irr_share"]["estimate"] == 1.0
        assert made["municipality"]["probability_zero"]["estimate"] == 1.0
        assert made["society"]["benefit_cost_ratio"] is None


def test_a_summary_without_paths_is_a_defect():
    with pytest.raises(InternalError, match="at least one path"):
        finish(Accumulator(layout()))


def test_bits_do_not_depend_on_threads_or_on_the_order_of_reduction():
    flows, extra = random_flows(4 * 4096 + 777, 4), extra_figures(4 * 4096 + 777, 4)
    blocks = list(blocks_of(flows, extra))
    one = Accumulator(layout())
    for each in blocks:
        one.add(each)
    backwards = Accumulator(layout())
    partials = [backwards.reduce(each) for each in reversed(blocks)]
    for partial in reversed(partials):
        backwards.merge(partial)
    threaded = Accumulator(layout())
    with ThreadPoolExecutor(3) as pool:
        for partial in pool.map(threaded.reduce, blocks):
            threaded.merge(partial)
    wanted = json.dumps(finish(one))
    assert json.dumps(finish(backwards)) == wanted
    assert json.dumps(finish(threaded)) == wanted
    assert one.cash_flows().equals(threaded.cash_flows())


def test_a_summary_on_the_way_does_not_change_the_last():
    flows, extra = random_flows(2 * 4096, 5), extra_figures(2 * 4096, 5)
    first, second = blocks_of(flows, extra)
    looked, straight = Accumulator(layout()), Accumulator(layout())
    looked.add(first)
    half = finish(looked)
    assert half == finish(looked)
    looked.add(second)
    straight.add(first)
    straight.add(second)
    assert half["simulation"]["paths"] == 4096
    assert json.dumps(finish(looked)) == json.dumps(finish(straight))


def test_from_exact_to_sketched_nothing_moves_by_more_than_the_stated_error(monkeypatch):
    flows, extra = random_flows(5 * 4096, 6), extra_figures(5 * 4096, 6)
    exact = summary_with(flows, extra)
    window = summary_with(flows[:, :, : 2 * 4096], extra[:, : 2 * 4096])
    # the same run with a limit that it passes after two blocks
    monkeypatch.setattr(accumulate, "EXACT_PATHS", 2 * 4096)
    monkeypatch.setattr("simulator.summary.reading.EXACT_PATHS", 2 * 4096)
    sketched = summary_with(flows, extra)
    for path in (("investor", "expected_profit"), ("municipality", "net_budget_effect")):
        one, other = exact[path[0]][path[1]], sketched[path[0]][path[1]]
        for key in ("estimate", "standard_error", "mc_low", "mc_high"):
            assert one[key] == other[key]
    for key in ("p5", "p50", "p95"):
        one, other = exact["investor"], sketched["investor"]
        assert other["expected_profit"][key] == pytest.approx(
            one["expected_profit"][key], rel=2**-11
        )
        # ranges of figures without quantiles of their own rest on the first paths
        one, other = window["municipality"], sketched["municipality"]
        assert other["net_budget_effect"][key] == pytest.approx(
            one["net_budget_effect"][key], rel=2**-7
        )
    for name in ("irr", "profit"):
        for level, one in exact["investor"]["quantiles"][name].items():
            other = sketched["investor"]["quantiles"][name][level]
            assert other["estimate"] == pytest.approx(one["estimate"], rel=2**-11), (name, level)
            assert other["mc_low"] == pytest.approx(one["mc_low"], rel=2**-11)
    for key in ("value_at_risk_95", "expected_shortfall_95"):
        one, other = exact["investor"][key], sketched["investor"][key]
        assert other["estimate"] == pytest.approx(one["estimate"], rel=2**-11)
    assert exact["investor"]["loss_probability"] == sketched["investor"]["loss_probability"]
    assert sketched["investor"]["histogram"]["profit"]["paths"] == 2 * 4096


@pytest.mark.parametrize("limit", [2, 8])  # blocks up to which figures are exact; five come
def test_announcing_the_paths_changes_nothing_but_what_is_kept(monkeypatch, limit):
    monkeypatch.setattr(accumulate, "EXACT_PATHS", limit * 4096)
    monkeypatch.setattr("simulator.summary.reading.EXACT_PATHS", limit * 4096)
    monkeypatch.setattr("simulator.summary.reading._MANY_PATHS", 1)
    flows, extra = random_flows(5 * 4096, 6), extra_figures(5 * 4096, 6)
    whole = block(flows, 0, extra)
    texts = []
    for announced in (None, 5 * 4096):
        gathered = Accumulator(layout(), announced)
        for k in range(5):
            part = slice(k * 4096, (k + 1) * 4096)
            gathered.add(PathBlock(k * 4096, whole.figures[:, part], whole.flows[:, :, part]))
        texts.append(json.dumps(finish(gathered)))
    texts.append(json.dumps(finish(gathered, threads=3)))  # figures are put in order at once
    assert texts[0] == texts[1] == texts[2]
    rows = {2: len(gathered.plan.shaped), 8: gathered.plan.distributed}[limit]
    assert {len(each) for each in gathered.reading()._gathered.early} == {rows}


def test_other_numbers_of_paths_than_announced_are_defects():
    gathered = Accumulator(layout(), 20)
    gathered.add(block(random_flows(10, 8)))
    with pytest.raises(InternalError, match="20 paths were announced, 10 came"):
        gathered.reading()
    fewer = Accumulator(layout(), 10)  # there is no room for what comes beyond
    fewer.add(block(random_flows(20, 8)))
    with pytest.raises(InternalError, match="10 paths were announced, 20 came"):
        fewer.reading()


def test_memory_does_not_grow_with_paths():
    gathered = Accumulator(layout())
    one = block(random_flows(4096, 7), 0, extra_figures(4096, 7))

    def held():
        early = sum(each.nbytes for each in gathered.reading()._gathered.early)
        sheets = gathered._sheets[0].by_table.values()
        return early, sum(each.cells.nbytes for each in sheets)

    sizes = []
    for k in range(EXACT_PATHS // 4096 + 8):
        gathered.add(replace(one, first=k * 4096))
        sizes.append(held())
    full = EXACT_PATHS // 4096
    assert sizes[full - 1][0] == full * 4096 * 8 * gathered.plan.distributed
    # only those of SHAPED: five for the pictures, and two of each of four parties for the cases
    assert sizes[-1][0] == full * 4096 * 8 * (5 + 2 * 4)
    assert sizes[-1][1] == sizes[0][1]
    made = finish(gathered)
    assert made["simulation"]["paths"] == EXACT_PATHS + 8 * 4096
    assert made["simulation"]["range_paths"] == 1 << 16


def test_ranges_by_year_rest_on_the_first_65536_paths_and_means_on_all():
    gathered = Accumulator(layout())
    flows = random_flows(4096, 7)
    lines = range(len(LINES) * flows.shape[1])

    def told():
        reading = gathered.reading()
        return [(reading.flow_range(row).quantile(95), reading.flow_mean(row)) for row in lines]

    for k in range(16):
        gathered.add(block(flows, k * 4096))
    before = told()
    gathered.add(block(17.0 * flows, 16 * 4096))  # mean: (16 + 17)/17 of what it was
    after = told()
    assert [high for high, _ in after] == [high for high, _ in before]
    assert max(abs(mean) for _, mean in before) > 0.0
    assert [m for _, m in after] == pytest.approx([m * 33 / 17 for _, m in before], rel=1e-12)


def test_blocks_out_of_order_or_off_the_grid_are_defects():
    gathered = Accumulator(layout())
    with pytest.raises(InternalError, match="begins at path 5"):
        gathered.add(block(bullet(np.array([1.0])), first=5))
    with pytest.raises(InternalError, match="block at path 4096"):
        gathered.add(block(bullet(np.array([1.0])), first=4096))


def test_amounts_that_are_not_numbers_are_defects():
    whole = block(random_flows(10, 8))
    for value, words in ((np.nan, "line outcome"), (np.inf, "infinite")):
        flows = whole.flows.copy()
        flows[4, 2, 3] = value
        with pytest.raises(InternalError, match=words):
            Accumulator(layout()).add(replace(whole, flows=flows))


def test_whoever_a_line_names_is_a_party():
    value = Line("public_value.care", "real", "public value", "", "society", None, "care")
    flows = random_flows(100, 9)
    gathered = Accumulator(layout(lines=(*LINES, value)))
    more = np.concatenate([flows, np.full((1, *flows.shape[1:]), 2.0)])
    gathered.add(replace(block(flows), flows=more))
    parties = {party["name"]: party for party in finish(gathered)["parties"]}
    assert sorted(parties) == sorted((*layout().parties, "society"))
    assert parties["society"]["real"]["estimate"] == 10.0
    assert parties["society"]["transfers"]["estimate"] == 0.0
    assert parties["society"]["title"] is None


def test_transfers_that_do_not_sum_to_zero_are_defects():
    plan = plan_series(layout())
    totals = np.zeros((len(plan.totals), 3))
    rows = [plan.totals.index(f"party.{p}.transfer") for p in ("investor", "outcome_payer")]
    totals[rows[0]], totals[rows[1]] = 1e6, -1e6
    chosen = np.array([plan.totals.index(f"party.{party}.transfer") for party in plan.parties])
    whole = Columns(0, 3, 3)
    assert imbalance(totals, chosen, whole) == 0.0
    totals[rows[0], 1] += 0.01  # of 2,000,000: 5e-9
    assert imbalance(totals, chosen, whole) == pytest.approx(5e-9, rel=1e-6)


def test_a_run_whose_transfers_do_not_sum_to_zero_is_refused(monkeypatch):
    # every line takes what it gives, so one party has to be forgotten
    plan = plan_series(layout())
    first = plan.summed_rows - len(plan.totals)
    transfers = first + plan.totals.index("party.investor.transfer")
    made = Summer.__init__

    def forgetful(self, *given):
        made(self, *given)
        self._read = self._read._replace(transfers=np.array([transfers]))

    Accumulator(layout()).add(block(random_flows(100, 9)))
    monkeypatch.setattr(Summer, "__init__", forgetful)
    with pytest.raises(InternalError, match=r"sum to zero on a path \(relative 1\)"):
        Accumulator(layout()).add(block(random_flows(100, 9)))


def test_verdict_says_what_is_missing():
    def verdict(paths):
        back = np.where(np.arange(paths) % 5 == 0, 0.0, 130.0)
        return summary_with(bullet(back), extra_figures(paths, 1))["simulation"]["sufficient"]

    few = verdict(500)
    assert (few["verdict"], few["key"]) == (False, "loss_probability")
    assert set(few["reason"]) == {"sv", "en"}
    # standard error of 0.2 from 8000 paths 0.0045; of the profit 52/√8000 = 0.58 of 100 drawn
    some = verdict(8000)
    assert (some["verdict"], some["key"]) == (False, "expected_profit")
    assert some["checks"][0]["value"] == pytest.approx(0.00447, rel=0.01)
    assert some["checks"][1]["value"] == pytest.approx(0.00581, rel=0.01)
    many = verdict(12_288)
    assert (many["verdict"], many["key"]) == (True, "enough")


def test_numbers_become_jsons_own():
    made = plain({"a": np.float64(1.5), "b": [np.int64(3), float("nan")], "c": -0.0, "d": (True,)})
    assert made == {"a": 1.5, "b": [3, None], "c": 0.0, "d": [True]}
    assert type(made["a"]) is float
    assert math.copysign(1, made["c"]) == 1
