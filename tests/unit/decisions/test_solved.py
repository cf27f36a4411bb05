"""A term solved for: by hand, put back, whole numbers, several answers, none, and bad questions."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from simulator import simulate, solve
from simulator.api import load_scenario
from simulator.decisions.experiment import Experiment
from simulator.decisions.keys import Opened
from simulator.decisions.solved import among
from simulator.decisions.targets import gauge, read_target
from simulator.errors import SocsimError
from simulator.scenario.numbers import Number
from simulator.scenario.resolved import scenario_hash

ROOT = Path(__file__).parents[2]
RICH = str(ROOT / "properties" / "rich.toml")
DEAL = ROOT / "worked" / "deal.toml"
PATHS = 4000
SHARE = "payments.pay.terms.1.share"


def deal(*overrides):
    """The deal: 150 put in, a certain saving of 800, 400 of it measured, of which half is paid."""
    return load_scenario(DEAL, overrides=("payments.pay.terms=[{ share = 0.5 }]", *overrides))


@pytest.fixture(scope="module")
def rich():
    return load_scenario(RICH)


def test_a_share_by_hand():
    """The investor has 400·s − 150: nothing at s = 150/400 = 0.375, and 50 as it is, at 0.5."""
    found = solve(deal(), SHARE, "investor.expected_profit = 0", paths=8)
    assert found.value == pytest.approx(0.375, abs=1e-5)
    assert found.now == 0.5
    assert found.at_now.figure == pytest.approx(50.0)
    assert (found.mc_low, found.mc_high) == pytest.approx((0.375, 0.375), abs=1e-5)
    assert found.nearest.rising
    assert found.met == ()


def test_where_a_target_is_met():
    """The municipality keeps 800 − 400·s, at least 700 up to s = 0.25."""
    found = solve(deal(), SHARE, "municipality.net_budget_effect >= 700", paths=8)
    assert found.value == pytest.approx(0.25, abs=1e-5)
    assert found.value <= 0.25 + 1e-9
    assert found.met == ((0.0, pytest.approx(0.25, abs=1e-5)),)
    assert not found.nearest.rising


def test_a_jump_is_found_on_the_side_that_meets_the_target():
    """The loss is certain below s = 0.375 and impossible from there on: no error either way.

    A loss is one of more than half an öre, so that the jump stands at 0.005/400 less.
    """
    found = solve(deal(), SHARE, "investor.loss_probability <= 0.2", paths=8)
    assert found.value == pytest.approx(0.3749875, abs=2e-6)
    assert found.nearest.figure == 0.0


def test_no_value_is_a_plain_answer_with_both_ends():
    """A share is at most 1, which gives the investor 400 − 150 = 250."""
    found = solve(deal(), SHARE, "investor.expected_profit >= 251", paths=8)
    assert (found.value, found.mc_low, found.crossings, found.met) == (None, None, (), ())
    assert (found.low.at, found.low.figure) == (0.0, pytest.approx(-150.0))
    assert (found.high.at, found.high.figure) == (1.0, pytest.approx(250.0))


def test_a_target_that_is_always_met():
    found = solve(deal(), SHARE, "investor.expected_profit >= -1000", paths=8)
    assert found.value is None
    assert found.met == ((0.0, 1.0),)


def test_two_answers_of_a_curve_that_turns():
    """A table pays 0.6 of each krona up to 500, and takes it back up to 1,000.

    The measured saving is 2,000·(1 − r). 0.6·saving − 150 = 0 at 250 and 450 − 0.6·saving = 0 at
    750: ratios of 0.875 and 0.625.
    """
    table = "{ points = [[0, 0], [500, 300], [1000, 0]], form = 'interpolated' }"
    terms = f"payments.pay.terms=[{{ table = {table} }}]"
    scenario = load_scenario(DEAL, overrides=(terms,))
    key, target = "metrics.cost.effect.ratio", "investor.expected_profit = 0"
    found = solve(scenario, key, target, between=(0.1, 1.0), paths=8)
    assert [c.value for c in found.crossings] == pytest.approx([0.625, 0.875], abs=1e-5)
    assert [c.rising for c in found.crossings] == [True, False]
    assert found.value == found.crossings[1].value  # nearer to 0.8, as it is now


def test_a_solved_term_put_back_gives_the_target(rich):
    """With the same seed exactly; with another within the errors of both.

    |difference| / (√2·standard error) beyond 5 has a chance of 6·10⁻⁷.
    """
    key, target = "payments.saving.terms.1.share", "investor.expected_profit = 0"
    found = solve(rich, key, target, between=(0.05, 1.0), paths=PATHS, seed=3)
    assert found.mc_low < found.value < found.mc_high
    changed = Opened(rich).at({key: found.value})
    same = simulate(changed, paths=PATHS, seed=3).summary()["investor"]["expected_profit"]
    other = simulate(changed, paths=PATHS, seed=4).summary()["investor"]["expected_profit"]
    error = same["standard_error"]
    assert abs(same["estimate"]) < 0.01 * error
    assert abs(other["estimate"]) < 5.0 * math.sqrt(2.0) * error
    again = solve(rich, key, target, between=(0.05, 1.0), paths=PATHS, seed=4)
    spread = math.hypot(found.nearest.standard_error, again.nearest.standard_error)
    assert abs(found.value - again.value) < 5.0 * spread


def test_whole_numbers_stay_whole(rich):
    """The first number of children with which the target is met, and not one fewer."""
    key, target = "cohorts.early.service_users", "municipality.gross_savings >= 2_000_000"
    found = solve(rich, key, target, paths=500, seed=3)
    assert found.is_whole
    assert found.value == int(found.value)
    known = {trial.at: trial.figure for trial in found.trials}
    assert known[found.value] >= 2_000_000 > known[found.value - 1]


def test_the_range_of_outcomes_can_be_the_target(rich):
    """The 5 % point of the run itself, and an interval around the solved term."""
    figure = "municipality.net_budget_effect"
    p5 = simulate(rich, paths=PATHS, seed=3).summary()["municipality"]["net_budget_effect"]["p5"]
    lab = Experiment(rich, paths=PATHS, seed=3)
    read = gauge(f"{figure}.p5", lab).read(lab)
    assert read.value == p5
    assert 0 < read.standard_error < abs(p5)


def test_every_figure_is_read_as_the_summary_says(rich):
    """A mean over paths from its series, the rest from the summary; errors alike.

    Exact on any number of paths: a thousand, so that n and n − 1 are told apart by nothing here.
    """
    lab = Experiment(rich, paths=1000, seed=3)
    figures = lab.figures()
    read = 0
    for name, leaf in figures.items():
        if not isinstance(leaf.value, dict) or ".by_year." in name or leaf.series is None:
            continue
        found = gauge(name, lab)
        if found.series is None:
            continue
        read += 1
        reading = found.read(lab)
        assert reading.value == pytest.approx(leaf.number, rel=1e-9, abs=1e-9), name
        error = leaf.value["standard_error"]
        assert reading.standard_error == pytest.approx(error, rel=1e-3, abs=1e-9), name
    assert read > 40


def test_a_key_changed_here_is_the_key_set_on_the_command_line(rich):
    for key, value in ((SHARE, 0.25), ("metrics.cost.effect.ratio", 0.5)):
        ours = Opened(deal()).at({key: value})
        theirs = deal(f"{key}={value}")
        assert scenario_hash(ours) == scenario_hash(theirs)


def test_the_file_keeps_answers_to_other_questions():
    one = {"key": "a", "target": {"figure": "x"}, "value": 1.0}
    two = {"key": "b", "target": {"figure": "x"}, "value": 2.0}
    again = {**one, "value": 3.0}
    laid = among(among(among(None, one), two), again)
    assert laid["solved"] == [again, two]


@pytest.mark.parametrize(
    ("text", "figure", "sign", "level"),
    [
        ("investor.loss_probability <= 0.2", "investor.loss_probability", "<=", 0.2),
        ("investor.loss_probability<20%", "investor.loss_probability", "<=", 0.2),
        ("a.b.p5 >= -1_000_000", "a.b.p5", ">=", -1e6),
        ("a.b = 6 %", "a.b", "=", 0.06),
        ("a.b ≥ −1e6", "a.b", ">=", -1e6),
    ],
)
def test_targets(text, figure, sign, level):
    found = read_target(text)
    assert (found.figure, found.sign, found.level) == (figure, sign, level)


@pytest.mark.parametrize("text", ["", "x", "x <= ", "x <= much", "x 0.2", "<= 0.2", "x <= inf"])
def test_no_target(text):
    with pytest.raises(SocsimError, match="is no target\n    allowed: FIGURE <= LEVEL"):
        read_target(text)


@pytest.mark.parametrize("level", ["20", "120 %", "-0.1"])
def test_a_probability_lies_between_0_and_1(level):
    """`<= 20`, meant as 20 %, would be met by every term."""
    with pytest.raises(SocsimError, match="does not exist\n    allowed: 0 to 1, or 0% to 100%"):
        read_target(f"investor.loss_probability <= {level}")
    assert read_target("investor.loss_probability <= 100%").level == 1.0


@pytest.mark.parametrize(
    ("key", "target", "between", "message"),
    [
        ("payments.pay.terms.1.shar", "investor.expected_profit = 0", None, "is no key"),
        ("payments.pya.terms.1.share", "investor.expected_profit = 0", None, "is no key"),
        ("nonsense", "investor.expected_profit = 0", None, "is no key"),
        ("a b", "investor.expected_profit = 0", None, "is no key"),
        ("payments.pay", "investor.expected_profit = 0", None, "found a table"),
        ("payments.pay.of", "investor.expected_profit = 0", None, "found `saving`"),
        (SHARE, "investor.expected_profits = 0", None, "did you mean"),
        (SHARE, "loss_probability = 0", None, "did you mean `investor.loss_probability`"),
        (SHARE, "investor.median_irr.p5 = 0", None, "has no range"),
        (SHARE, "investor.expected_profit = 0", (0.5, 0.5), "the first must be below"),
        (SHARE, "investor.expected_profit = 0", (0.5, 3.0), "cannot be 3: found"),
    ],
)
def test_a_question_that_makes_no_sense_is_one_clear_error(key, target, between, message):
    with pytest.raises(SocsimError, match=message) as caught:
        solve(deal(), key, target, between=between, paths=8)
    assert "allowed:" in str(caught.value) or "below" in str(caught.value)


def test_a_figure_of_capital_needs_capital():
    plain = load_scenario(ROOT / "cases" / "valid" / "rate_card.toml")
    keys = Opened(plain).keys
    key = next(k for k, v in keys.items() if k.endswith("price") and isinstance(v, Number))
    with pytest.raises(SocsimError, match=r"investor\.expected_multiple does not exist with"):
        solve(plain, key, "investor.expected_multiple >= 1", paths=8)
