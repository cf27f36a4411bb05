"""Effects that fade: the curve through the measured ages, its means by year, what it replaces."""

import math

import pytest

from simulator.scenario.fading import Fade, at_time, by_year
from simulator.scenario.load import load_scenario
from simulator.scenario.outcomes import Metric, States


def fade(effects, ages=("1 year", "3 years"), before="held", between="straight", beyond="held"):
    measured = [{"at": at, "effect": effect} for at, effect in zip(ages, effects, strict=True)]
    return {"measured": measured, "before": before, "between": between, "beyond": beyond}


def metric(effect, given, kind="amount", **more):
    words = {"kind": kind, "better": "lower", "effect": effect, "fade": given, **more}
    return Metric.model_validate(words)


POINTS = [(12, 1.0), (36, 0.4)]


def curve(month, points=POINTS, **rules):
    return at_time(Fade.model_validate(fade((1.0, 0.4), **rules)), points, month)


def test_the_curve_passes_through_the_measured_effects():
    for between in ("straight", "geometric"):
        assert curve(12, between=between) == 1.0
        assert curve(36, between=between) == pytest.approx(0.4, rel=1e-15)
    assert curve(24) == pytest.approx(0.7)  # halfway down from 1 to 0.4
    assert curve(24, between="geometric") == pytest.approx(math.sqrt(0.4))


def test_before_the_first_age_it_is_held_or_built_up():
    assert curve(3) == 1.0
    assert curve(3, before="built up") == 0.25


def test_after_the_last_age_it_is_held_continued_or_gone():
    assert curve(60) == 0.4
    assert curve(48, beyond="continued") == pytest.approx(0.1)  # 0.3 less a year
    assert curve(60, beyond="continued") == 0.0  # never the other way
    assert curve(60, between="geometric", beyond="continued") == pytest.approx(0.4**2)
    assert curve(37, beyond="gone") == 0.0


def test_years_are_means_of_the_curve_by_hand():
    # straight: 1; 1 → 0.7: 0.85; 0.7 → 0.4: 0.55; held at 0.4
    assert metric({"difference": -1.0}, fade((-1.0, -0.4))).shares == pytest.approx(
        [1.0, 0.85, 0.55, 0.4]
    )
    # built up in the first year: ½
    built = metric({"difference": -1.0}, fade((-1.0, -0.4), before="built up")).shares
    assert built == pytest.approx([0.5, 0.85, 0.55, 0.4])
    # continued at 0.3 a year: 0.4 → 0.1, then a triangle 0.1·(⅓ year)/2 = 1/60, then nothing
    on = metric({"difference": -1.0}, fade((-1.0, -0.4), beyond="continued")).shares
    assert on == pytest.approx([1.0, 0.85, 0.55, 0.25, 1 / 60, 0.0])
    gone = metric({"difference": -1.0}, fade((-1.0, -0.4), beyond="gone")).shares
    assert gone == pytest.approx([1.0, 0.85, 0.55, 0.0])


def test_a_triangle_may_end_within_a_month():
    # down 1/18 a month from month 12: none at month 30. Year 2: 1 → 1/3, mean 2/3; year 3: a
    # triangle of height 1/3 over 6 months, ⅓·6/2/12 = 1/12
    shares = metric(
        {"difference": -9.0},
        fade((-9.0, -4.5), ages=("1 year", "21 months"), beyond="continued"),
    ).shares
    assert shares == pytest.approx([1.0, 2 / 3, 1 / 12, 0.0])
    # down 0.3 a month from month 5: none after 10/3 months more, within month 9. The year: 5 months
    # in full and a triangle of 10/3 months
    steep = metric(
        {"difference": -1.0},
        fade((-1.0, -0.4), ages=("5 months", "7 months"), beyond="continued"),
    ).shares
    assert steep == pytest.approx([(5 + 10 / 6) / 12, 0.0])


def test_a_geometric_year_is_the_logarithmic_mean():
    # 1 → √0.4 over the year: (1 − √0.4)/−ln √0.4
    on = metric(
        {"difference": -1.0}, fade((-1.0, -0.4), between="geometric", beyond="continued")
    ).shares
    ratio = math.sqrt(0.4)
    mean = (1 - ratio) / -math.log(ratio)
    assert on[:4] == pytest.approx([1.0, mean, mean * ratio, mean * ratio**2], rel=1e-12)
    assert len(on) == 100


def test_an_effect_that_does_not_fade_is_one_in_every_year():
    for between in ("straight", "geometric"):
        flat = metric({"difference": -1.0}, fade((-2.0, -2.0), between=between, beyond="continued"))
        assert set(flat.shares) == {1.0}


def test_what_is_left_is_in_the_words_of_the_effect():
    # ratio 0.8 → 0.92: 0.2 → 0.08 off, 40 % left
    assert metric({"ratio": 0.8}, fade((0.8, 0.92))).shares[-1] == pytest.approx(0.4)
    # odds at a baseline of 0.2: odds ×3 = 0.75/1.75 = 0.428571, ×1.5 = 0.375/1.375 = 0.272727
    odds = metric({"odds_ratio": 3.0}, fade((3.0, 1.5)), kind="binary", baseline=0.2, at="3 years")
    assert odds.shares == pytest.approx([(0.272727272727 - 0.2) / (0.428571428571 - 0.2)])


def test_a_success_feels_what_is_left_when_it_is_settled():
    given = fade((0.3, 0.12))
    for at, left in (("1 year", 1.0), ("2 years", 0.7), ("30 months", 0.55), ("9 years", 0.4)):
        assert metric({"difference": 0.3}, given, kind="binary", at=at).shares == pytest.approx(
            [left]
        )


def test_states_fade_by_sizes_in_any_unit():
    words = {
        "start": {"home": 1.0},
        "monthly": {"home": {"away": 0.1}},
        "effect": {"home": {"away": {"ratio": 0.5}}},
        "fade": fade((10.0, 4.0)),
    }
    assert States.model_validate(words).shares == pytest.approx([1.0, 0.85, 0.55, 0.4])


def test_three_ages_are_two_legs():
    given = fade((4.0, 2.0, 1.0), ages=("1 year", "2 years", "4 years"), beyond="continued")
    # legs −½ and −¼ of 4 a year: year 2: 0.75; years 3, 4: 0.4375, 0.3125; then 0.1875, 0.0625
    assert by_year(Fade.model_validate(given), [(12, 1.0), (24, 0.5), (48, 0.25)]) == pytest.approx(
        [1, 0.75, 0.4375, 0.3125, 0.1875, 0.0625, 0.0]
    )


SHARED = """
title = "A test"
currency = "SEK"
[time]
start = 2020-01-01
period = "year"
horizon = "6 years"
[parties]
outcome_payer = "Town"
[cohorts.one]
service_users = 10
[cohorts.two]
service_users = 10
metrics.cost = { profile = [0.5] }
[cohorts.three]
service_users = 10
metrics.work = { at = "5 years" }
[metrics.cost]
kind = "amount"
better = "lower"
baseline = 100
spread = { law = "constant" }
effect = { ratio = 0.8 }
[metrics.cost.fade]
measured = [{ at = "1 year", effect = 0.8 }, { at = "3 years", effect = 0.92 }]
before = "held"
between = "straight"
beyond = "held"
[metrics.work]
kind = "binary"
better = "higher"
baseline = 0.2
effect = { difference = 0.1 }
[metrics.work.fade]
measured = [{ at = "1 year", effect = 0.1 }, { at = "5 years", effect = 0.06 }]
before = "held"
between = "straight"
beyond = "held"
"""


@pytest.fixture
def scenario(tmp_path):
    file = tmp_path / "shared.toml"
    file.write_text(SHARED, encoding="utf-8")
    return load_scenario(file)


def test_a_cohorts_profile_takes_the_place_of_the_shared_fade(scenario):
    assert scenario.metric_in("one", "cost").shares == pytest.approx([1.0, 0.85, 0.55, 0.4])
    assert scenario.metric_in("two", "cost").shares == [0.5]
    assert scenario.metric_in("three", "work").shares == pytest.approx([0.6])


def test_a_variant_or_an_override_with_a_profile_does_so_too(tmp_path):
    file = tmp_path / "shared.toml"
    file.write_text(SHARED, encoding="utf-8")
    changed = load_scenario(file, overrides=["metrics.cost.profile=[0.7]"])
    assert changed.metrics["cost"].shares == [0.7]
    assert changed.metrics["cost"].fade is None


def test_a_weaker_effect_fades_alike(scenario):
    from simulator.analysis.transform import with_effect

    half = with_effect(scenario, 0.5)
    for cohort in scenario.cohorts:
        for name in scenario.metrics:
            full = scenario.metric_in(cohort, name).shares
            assert half.metric_in(cohort, name).shares == pytest.approx([0.5 * s for s in full])
