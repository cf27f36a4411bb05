"""The table of cash flows."""

import datetime

import numpy as np
import pytest

from simulator.summary import Accumulator
from simulator.summary.flows import COLUMNS
from tests.unit.summary.synthetic import LINES, PERIODS, block, layout, random_flows


@pytest.fixture(scope="module")
def flows():
    return random_flows(3000, 1)


@pytest.fixture(scope="module")
def table(flows):
    gathered = Accumulator(layout())
    gathered.add(block(flows))
    return gathered.cash_flows()


def test_every_party_and_line_has_a_row_for_each_boundary(table):
    assert tuple(table.columns) == COLUMNS
    assert len(table) == 4 * 2 * PERIODS + len(LINES) * PERIODS
    assert not table[["kind", "side", "period", "date", "year", "mean"]].isna().any().any()


def test_lines_have_their_mean_and_range(table, flows):
    for number, line in enumerate(LINES):
        rows = table[table.line == line.name].sort_values("instant")
        first = 0 if line.at_start else 1
        wanted = flows[number, first : first + PERIODS]
        assert rows["mean"].to_numpy() == pytest.approx(wanted.mean(axis=1), rel=1e-12, abs=1e-12)
        for percent in (5, 50, 95):
            exact = np.quantile(wanted, percent / 100, axis=1, method="inverted_cdf")
            assert rows[f"p{percent}"].to_numpy() == pytest.approx(exact, rel=2**-7, abs=1e-12)


def test_nets_of_the_parties_sum_to_the_real_rows(table, flows):
    nets = table[table.kind == "net"].groupby(["side", "instant"])["mean"].sum()
    real = flows[[1, 6, 7, 9]].mean(axis=2).sum(axis=0)
    for t in range(1, PERIODS + 1):
        assert nets["end", t] == pytest.approx(real[t], abs=1e-9)
        assert nets["start", t - 1] == pytest.approx(0.0, abs=1e-9)


def test_dates_are_the_first_day_at_the_start_and_the_last_at_the_end(table):
    drawn = table[table.line == "drawdown"].iloc[1]
    assert (drawn.instant, drawn.period, drawn.date) == (1, 1, datetime.date(2017, 1, 1))
    paid = table[table.line == "outcome"].iloc[-1]
    assert (paid.instant, paid.period, paid.date) == (4, 3, datetime.date(2019, 12, 31))
    assert paid.year == 2019


def test_half_years_from_july():
    changed = layout(start=datetime.date(2016, 7, 1), months_per_period=6)
    gathered = Accumulator(changed)
    gathered.add(block(random_flows(10, 2)))
    table = gathered.cash_flows()
    ends = table[table.line == "activity"].date.tolist()
    assert ends == [
        datetime.date(2016, 12, 31),
        datetime.date(2017, 6, 30),
        datetime.date(2017, 12, 31),
        datetime.date(2018, 6, 30),
    ]
    assert gathered.plan.years == (2016, 2017, 2018)
