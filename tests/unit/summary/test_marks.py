"""The compiled figures of whole paths against the same formulas as arrays in NumPy."""

import numpy as np
import pytest

from simulator import load_scenario
from simulator.engine import CHUNK, Engine
from simulator.plan.build import build
from simulator.results import PathBlock
from simulator.summary import passes_marks as kinds
from simulator.summary import passes_moments
from simulator.summary.derived import derive
from simulator.summary.marks import marks_of
from simulator.summary.passes import Columns
from simulator.summary.passes_marks import (
    add_figures,
    add_mark,
    add_row,
    finish_figures,
    imbalance,
)
from simulator.summary.series import plan_series


def headline_of(plan, block, totals):
    """Every row as the compiled pass makes it, with its sums and which rows are nothing."""
    count = len(plan.headline)
    rows, zero = np.full((count, block.paths), 7.0), np.empty(count, dtype=np.bool_)
    out = (np.zeros((count, 32)), np.zeros(count, np.int64), np.zeros(count), np.zeros(count))
    place = rows.reshape(-1), count, 0, block.paths
    have, marks, paths = np.zeros(len(totals), np.bool_), marks_of(plan), block.paths
    tally = passes_moments.room_for_tally(count)
    for left in range(0, paths, 96):
        columns = Columns(left, min(left + 96, paths), paths)
        add_figures(block.figures, totals, marks, have, columns, place, tally)
    finish_figures(len(block.figures), paths, marks, (have, out), tally, zero, out)
    return rows, zero, out


def spoilt(figures):
    """Figures with what seldom happens: half units, undefined returns, nothing put in."""
    odd = figures.copy()
    odd[:, 0] = np.nan
    for k, value in enumerate((0.0, -0.0, 0.005, -0.005, 0.0050001, -0.0050001), start=1):
        odd[:, k] = value
    odd[:, 7] *= -1.0
    return odd


# classes of capital, several payers, events, targets, a guarantee, one payer alone
@pytest.mark.parametrize(
    "name", ["norrkoping", "two_regions_bond", "quality_contract", "benchmark", "sick_leave"]
)
def test_figures_derived_in_the_compiled_pass_are_those_of_the_formulas(name):
    built = build(load_scenario(name), 5)
    plan = plan_series(built.layout)
    block = Engine(built, threads=1).block(0, CHUNK // 4)
    block = PathBlock(0, spoilt(block.figures), block.flows)
    lines = {line.name: k for k, line in enumerate(plan.layout.lines)}
    totals = np.random.default_rng(6).normal(size=(len(plan.totals), block.paths))
    for k, total in enumerate(plan.totals):
        if total in lines:
            totals[k] = block.flows[lines[total]].sum(axis=0)
    rows, zero, (sums, known, mean, _) = headline_of(plan, block, totals)
    expected = {
        **dict(zip(plan.layout.figures, block.figures, strict=True)),
        **dict(zip(plan.totals, totals, strict=True)),
        **derive(plan, block),
    }
    for r, figure in enumerate(plan.headline):
        np.testing.assert_array_equal(rows[r], expected[figure], err_msg=figure)
        row = expected[figure][~np.isnan(expected[figure])]
        assert (known[r], zero[r]) == (len(row), not np.any(expected[figure] != 0.0))
        if len(row):
            size = np.abs(row).mean()
            assert mean[r] == pytest.approx(row.mean(), abs=1e-12 * size + 1e-300)
            assert sums[r].sum() == pytest.approx(row.sum(), abs=1e-12 * size * len(row) + 1e-300)


def test_each_kind_on_figures_worked_by_hand():
    x = np.array([-3.0, -0.005, 0.0, 2.0, np.nan])
    y = np.array([5.0, 0.005, 1.0, 0.0, 1.0])
    worked = {  # x is what is gained, y what was put in; half a unit is 0.005
        kinds.LOSS: [3.0, 0.0, 0.0, 0.0, 0.0],
        kinds.IS_LOSS: [1.0, 0.0, 0.0, 0.0, 0.0],
        kinds.OVER_HALF: [1.0, 0.0, 0.0, 0.0, 0.0],  # 3 of 5
        kinds.IS_TOTAL: [0.0, 0.0, 0.0, 0.0, 0.0],
        kinds.WHERE_LOST: [5.0, 0.0, 0.0, 0.0, 0.0],
        kinds.IS_MISSING: [0.0, 0.0, 0.0, 0.0, 1.0],
        kinds.IS_NOTHING: [0.0, 1.0, 1.0, 0.0, 0.0],
        kinds.POSITIVE_PART: [0.0, 0.0, 0.0, 2.0, np.nan],
        kinds.NEGATIVE_PART: [3.0, 0.005, 0.0, 0.0, np.nan],
        kinds.LOSS_WITHOUT: [8.0, 0.01, 1.0, 0.0, 0.0],  # −(x − y) = 8, 0.01, 1, −2
        kinds.LOSS_ADDED: [-5.0, -0.01, -1.0, 0.0, 0.0],
        kinds.IS_LOSS_WITHOUT: [1.0, 1.0, 1.0, 0.0, 0.0],
        kinds.IS_LOSS_ADDED: [0.0, -1.0, -1.0, 0.0, 0.0],
        kinds.QUOTIENT: [-0.6, np.nan, 0.0, np.nan, np.nan],
        kinds.ABOVE: [0.0, 0.0, 0.0, 1.0, 0.0],  # the number is 0
        kinds.AT_LEAST: [0.0, 0.0, 1.0, 1.0, 0.0],
        kinds.AT_MOST: [1.0, 1.0, 1.0, 0.0, 0.0],
        kinds.BELOW: [1.0, 1.0, 0.0, 0.0, 0.0],
        kinds.AS_IT_IS: x.tolist(),
    }
    for kind, expected in worked.items():
        np.testing.assert_array_equal(made_by(kind, x, y), expected)
    back = np.array([-5.0, -4.995, -4.0, 0.0, -1.0])  # 4.995 of 5: half a unit came back
    assert made_by(kinds.IS_TOTAL, back, np.full(5, 5.0)).tolist() == [1.0, 1.0, 0.0, 0.0, 0.0]
    happened = np.array([1.0, 0.0, 1.0, 0.0, 0.0])
    np.testing.assert_array_equal(
        made_by(kinds.GIVEN, happened, y), [5.0, np.nan, 1.0, np.nan, np.nan]
    )
    # each kind is worked but the one that is nothing
    assert sorted([*worked, kinds.GIVEN, kinds.NEVER]) == list(range(21))


def made_by(kind, x, y):
    """The row of this kind of x, y and 0."""
    row, nothing = np.empty(len(x)), np.zeros((3, 32))
    add_mark(kind, (x, y, 0.0), row, (0.0, (nothing[0], nothing[1], nothing[2])))
    return row


@pytest.mark.parametrize("missing", [0, 31, 32, 95, 96, 200, 250])
def test_a_row_is_summed_from_its_first_known_value_on(missing):
    # wherever that is: in the first strip, after it, in a later part, or nowhere
    row = np.random.default_rng(7).normal(1e6, 1.0, 250)
    row[:missing] = np.nan
    tally, made = passes_moments.room_for_tally(1), np.empty(250)
    for left in range(0, 250, 96):
        part = slice(left, min(left + 96, 250))
        x = row[part].copy()
        add_row(kinds.AS_IT_IS, (x, x, 0.0), made[part], 0, left == 0, tally)
    out = np.zeros((1, 32)), np.zeros(1, np.int64), np.zeros(1), np.zeros(1)
    passes_moments.finish_known_row(0, tally, 0, out)
    known = row[missing:]
    np.testing.assert_array_equal(made, row)
    assert out[1][0] == len(known)
    np.testing.assert_equal(tally.centre[0], known[0] if len(known) else np.nan)
    if len(known):
        assert out[2][0] == pytest.approx(known.mean(), rel=1e-15)
        assert out[3][0] == pytest.approx(((known - known.mean()) ** 2).sum(), rel=1e-12)
        lanes = [row[k::32][~np.isnan(row[k::32])].sum() for k in range(32)]
        assert out[0][0] == pytest.approx(lanes, rel=1e-13)


def test_the_largest_imbalance_is_found_and_rounding_is_none():
    rows = np.array([[100.0, 1e12, 0.25], [9.0, 9.0, 9.0], [-100.0, -1e12 + 1e-3, -0.2500001]])
    chosen, all_of_them = np.array([0, 2]), Columns(0, 3, 3)
    # of less than a unit: of one
    assert imbalance(rows, chosen, all_of_them) == pytest.approx(1e-7, rel=1e-6)
    assert imbalance(rows, chosen, Columns(0, 2, 3)) == 0.0  # 1e-3 of 2e12
    rows[0, 0] = np.inf
    assert imbalance(rows, chosen, all_of_them) == pytest.approx(1e-7, rel=1e-6)


def test_a_figure_that_is_nothing_where_it_is_known_is_not_nothing():
    # a sketch would count its missing paths as zeros
    built = build(load_scenario("benchmark"), 5)
    plan = plan_series(built.layout)
    block = Engine(built, threads=1).block(0, CHUNK)
    figures = np.zeros_like(block.figures)
    figures[plan.layout.figures.index("investor.irr"), 7:] = np.nan
    totals = np.zeros((len(plan.totals), block.paths))
    rows, zero, (_, known, mean, m2) = headline_of(plan, PathBlock(0, figures, block.flows), totals)
    r = plan.headline.index("investor.irr")
    assert (zero[r], known[r], mean[r], m2[r]) == (False, 7, 0.0, 0.0)
    assert zero[plan.headline.index("investor.profit")]
    assert np.isnan(rows[r, 7:]).all()
