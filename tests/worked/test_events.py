"""Things that go wrong, worked by hand: sixty who all succeed, four years, 100 of cost a year."""

import datetime
import math

import numpy as np
import pytest

from simulator.api import simulate
from simulator.scenario.load import load_scenario
from simulator.settlement import settle

BASE = """
title    = "Sixty who succeed"
currency = "EUR"
[time]
start   = 2024-01-01
period  = "year"
horizon = "4 years"
[parties]
investor         = "Fund"
outcome_payer    = "City"
service_provider = "Charity"
guarantor        = "Foundation"
[cohorts.all]
service_users = 60
enrolment     = {{ {reached} }}
[metrics.work]
kind     = "binary"
better   = "higher"
baseline = 1.0
effect   = {{ difference = 0.0 }}
[measures.work]
metric         = "work"
quantity       = "count"
window         = "1 year"
[capital]
commitment = 1_000
costs      = {{ schedule = [100, 100, 100, 100] }}
[costs.staff]
party    = "outcome_payer"
per_year = 7
[payments.each]
of    = "work"
terms = [{{ price = 10 }}{after}]
{rule}
{rest}
"""
TERMINATION = '[events.over]\nkind = "termination"\n'
ON_A_DATE = TERMINATION + "date = 2025-06-30\nchance = 1.0\n"  # takes effect at instant 2
LATER = ', { after = "2 years" }'  # due at instant 3


def made(tmp_path, rest="", rule="", after="", reached=""):
    file = tmp_path / "sixty.toml"
    file.write_text(BASE.format(rest=rest, rule=rule, after=after, reached=reached))
    return load_scenario(file)


def run(tmp_path, paths=64, **words):
    return simulate(made(tmp_path, **words), paths=paths, seed=3, keep="all")


def same(results, name):
    """The figure, which is the same on every path."""
    values = results.paths[name].to_numpy()
    assert np.ptp(values) == 0
    return float(values[0])


def flow(results, line):
    """Amounts of a line on the first path by instant, without those of 0."""
    rows = results.flows[(results.flows["line"] == line) & (results.flows["path"] == 0)]
    return {int(t): float(x) for t, x in zip(rows["instant"], rows["amount"], strict=True)}


def test_without_events_all_is_paid(tmp_path):
    results = run(tmp_path)
    assert flow(results, "payments.each") == {1: 600.0}  # 60 · 10 a year after the start
    assert same(results, "investor.drawn") == 400


def test_a_non_start_draws_nothing_and_pays_nothing_back(tmp_path):
    results = run(tmp_path, rest='[events.never]\nkind = "non-start"\nchance = 1.0\n')
    assert same(results, "investor.drawn") == same(results, "investor.received") == 0
    assert same(results, "measures.work.measured") == 0
    assert flow(results, "costs.staff") == {}  # by the year: it never begins
    assert same(results, "events.never") == 1


@pytest.mark.parametrize(
    ("rule", "paid"),
    [
        ("paid", {3: 600.0}),  # as measured, when it would have been
        ("forfeited", {}),  # due at 3, after the end at 2
        ("only then", {4: 600.0}),  # at 2, and two years after that
    ],
)
def test_an_early_end_leaves_what_the_contract_says(tmp_path, rule, paid):
    results = run(tmp_path, rest=ON_A_DATE, rule=f'if_terminated = "{rule}"', after=LATER)
    assert flow(results, "payments.each") == paid
    assert same(results, "investor.drawn") == 200  # years 1 and 2
    assert flow(results, "costs.staff") == {1: -7.0, 2: -7.0}


@pytest.mark.parametrize(
    ("by", "date", "notice", "rule", "drawn", "paid"),
    # the end is that of the year with the date, plus notice; 100 is drawn for each year before it;
    # 600 are due at instant 3, or `only then` two years after the end, in the last year if later
    [
        ("investor", "2024-01-01", "", "paid", 100, {3: 600.0}),
        ("investor", "2024-12-31", "", "forfeited", 100, {}),
        ("service_provider", "2025-12-31", "", "forfeited", 200, {}),
        ("service_provider", "2026-01-01", "", "forfeited", 300, {3: 600.0}),  # due as it ends
        ("outcome_payer", "2024-06-30", "", "only then", 100, {3: 600.0}),
        ("outcome_payer", "2025-06-30", "1 month", "only then", 300, {4: 600.0}),  # a whole year
        ("outcome_payer", "2024-06-30", "1 year", "forfeited", 200, {}),
        ("outcome_payer", "2026-12-31", "", "only then", 300, {4: 600.0}),
    ],
)
def test_who_ends_it_and_when(tmp_path, by, date, notice, rule, drawn, paid):
    words = f'by = "{by}"\ndate = {date}\nchance = 1.0\n'
    words += f'notice = "{notice}"\n' if notice else ""
    rule = f'if_terminated = "{rule}"'
    results = run(tmp_path, rest=TERMINATION + words, rule=rule, after=LATER)
    assert same(results, "investor.drawn") == drawn
    assert flow(results, "payments.each") == paid
    (event,) = results.summary()["events"]
    assert (event["event"], event["by"]) == ("over", by)
    assert event["probability"]["estimate"] == 1.0


@pytest.mark.parametrize(
    ("since", "recovery", "paid"),
    # 600 due at instant 1, and 600 at instant 3 (`rest`), after a default that takes effect at the
    # end of the year in which it falls
    [
        ("2024-01-01", 0.0, (0, 0)),
        ("2024-01-01", 0.5, (300, 300)),
        ("2024-01-01", 1.0, (600, 600)),
        ("2025-01-01", 0.0, (600, 0)),
        ("2026-12-30", 0.25, (600, 150)),  # the day after may be the last of 2026: still instant 3
        ("2027-01-01", 0.25, (600, 600)),  # at the end, which is no longer before the last instant
    ],
)
def test_a_default_by_its_day(tmp_path, since, recovery, paid):
    rest = '[events.broke]\nkind = "payer default"\nby = "outcome_payer"\nper_year = 1e6\n'
    rest += f"from = {since}\nrecovery = {recovery}\n"
    rest += '[payments.rest]\nof = "work"\nterms = [{ price = 10 }, { after = "2 years" }]\n'
    results = run(tmp_path, rest=rest)
    found = [flow(results, f"payments.{name}") for name in ("each", "rest")]
    assert [sum(row.values()) for row in found] == list(paid)


@pytest.mark.parametrize(
    ("delay", "interest", "paid"),
    # 600 due at instant 1 of 4
    [
        ("1 month", 0.0, {2: 600.0}),  # whole years
        ("1 year", 0.05, {2: 630.0}),
        ("2 years", 0.05, {3: 660.0}),  # simple interest
        ("3 years", 0.10, {4: 780.0}),
        ("9 years", 0.10, {4: 780.0}),  # in the last year at the latest, with interest until then
        ("1 year", 1.0, {2: 1200.0}),
    ],
)
def test_late_payments_and_their_interest(tmp_path, delay, interest, paid):
    rest = '[events.late]\nkind = "late payment"\nby = "outcome_payer"\nchance = 1.0\n'
    rest += f'delay = "{delay}"\ninterest = {interest}\n'
    found = flow(run(tmp_path, rest=rest), "payments.each")
    assert found == {t: pytest.approx(x, abs=1e-9) for t, x in paid.items()}


def test_what_is_owed_by_an_end_that_is_not_meant_changes_places(tmp_path):
    other = '[events.other]\nkind = "termination"\ndate = 2026-06-30\nchance = 1.0\n'
    rule = 'if_terminated = "{}"\nterminated_by = ["other"]'
    for word, paid in (("paid", {}), ("forfeited", {3: 600.0}), ("only then", {})):
        results = run(tmp_path, rest=ON_A_DATE + other, rule=rule.format(word), after=LATER)
        assert flow(results, "payments.each") == paid
        assert (same(results, "events.over"), same(results, "events.other")) == (1, 0)


@pytest.mark.parametrize(("level", "drawn"), [(60, 100), (61, 400)])
def test_an_interim_result_ends_it_where_its_condition_holds(tmp_path, level, drawn):
    rest = TERMINATION + f'when = {{ measure = "work", at_least = {level} }}\n'
    results = run(tmp_path, rest=rest, rule='if_terminated = "forfeited"')
    assert same(results, "investor.drawn") == drawn  # reported at 1: the first year is spent
    assert flow(results, "payments.each") == {1: 600.0}  # due when it ends, not after


def test_a_payer_who_defaults_pays_the_recovery(tmp_path):
    # 10^6 a year: the day is the first one, and it takes effect at the end of year 1
    rest = '[events.broke]\nkind = "payer default"\nby = "outcome_payer"\nper_year = 1e6\n'
    assert flow(run(tmp_path, rest=rest + "recovery = 0.25\n"), "payments.each") == {1: 150.0}
    assert flow(run(tmp_path, rest=rest), "payments.each") == {}


def test_a_late_payer_pays_interest(tmp_path):
    rest = '[events.late]\nkind = "late payment"\nby = "outcome_payer"\nchance = 1.0\n'
    words = 'delay = "18 months"\ninterest = 0.05\n'  # two whole years: 600 · (1 + 2 · 0.05)
    paid = flow(run(tmp_path, rest=rest + words), "payments.each")
    assert paid == {3: pytest.approx(660.0, abs=1e-9)}


def test_those_who_never_enrol_count_nowhere(tmp_path):
    results = run(tmp_path, reached="reached = 0.5", rest="[limits]\nper_service_user = 4\n")
    assert same(results, "measures.work.measured") == 30  # (i + ½)/60 < ½ for i = 0 … 29
    assert flow(results, "payments.each") == {1: 120.0}  # 300, at most 4 for each who enrolled


@pytest.mark.parametrize(
    ("trigger", "payout"), [("completion", 0), ("early termination", 50), ("either", 50)]
)
def test_a_guarantee_is_called_by_its_trigger(tmp_path, trigger, payout):
    guarantee = f'[guarantees.g]\nreading = "pari passu"\ncoverage = 0.25\ntrigger = "{trigger}"\n'
    rule = 'if_terminated = "forfeited"'
    results = run(tmp_path, rest=ON_A_DATE + guarantee, rule=rule, after=LATER)
    assert same(results, "guarantor.payout") == payout  # a quarter of the 200 that are lost


def test_a_hazard_ends_as_many_as_the_closed_form(tmp_path):
    """1 − e^(−0.3·1096/365.25) over three years; 20,000 paths: 4.9 standard errors, 1e-6."""
    rest = TERMINATION + "per_year = 0.3\nto = 2026-12-31\n"
    results = run(tmp_path, rest=rest, rule='if_terminated = "paid"', paths=20_000)
    chance = 1 - math.exp(-0.3 * 1096 / 365.25)
    found = results.summary()["events"][0]
    error = math.sqrt(chance * (1 - chance) / 20_000)
    assert abs(found["probability"]["estimate"] - chance) < 4.9 * error
    ended = results.paths["events.over"].to_numpy() == 1
    profit = results.paths["investor.profit"].to_numpy()
    assert found["investor_profit"]["estimate"] == pytest.approx(profit[ended].mean(), rel=1e-12)


def test_the_bits_depend_on_neither_threads_nor_the_number_of_paths(tmp_path):
    rest = TERMINATION + "per_year = 0.3\n" + '[events.slow]\nkind = "late payment"\n'
    rest += 'by = "outcome_payer"\nchance = 0.4\ndelay = "1 year"\n'
    scenario = made(tmp_path, rest=rest, rule='if_terminated = "forfeited"', after=LATER)
    long = simulate(scenario, paths=9_000, seed=5, threads=2, keep="paths").paths
    short = simulate(scenario, paths=700, seed=5, threads=1, keep="paths").paths
    assert short.equals(long.iloc[:700].reset_index(drop=True))


@pytest.mark.parametrize(("rule", "paid"), [("paid", 600), ("forfeited", 0), ("only then", 600)])
def test_a_contract_that_ended_early_is_settled_as_it_says(tmp_path, rule, paid):
    ended = datetime.date(2025, 6, 30)
    results = {"drawn": 200.0, "terminated": ended, "measures": {"work": 60.0}}
    scenario = made(tmp_path, rest=ON_A_DATE, rule=f'if_terminated = "{rule}"', after=LATER)
    found = settle(scenario, results)
    assert found.repaid == paid
    assert found.completed is False
