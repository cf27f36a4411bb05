"""Variants and overrides: what they change, what they may not, and where their problems point."""

import pytest

from simulator.errors import ScenarioError
from simulator.scenario.load import load_scenario

BASE = """title = "T"
currency = "SEK"
time = { start = 2020-01-01, period = "year", horizon = "3 years" }

[parties]
outcome_payer = "Town"
investor = "Fund"
service_provider = "Team"

[sources.study]
title = "A study"

[cohorts.all]
service_users = 10

[metrics.work]
kind = "binary"
better = "higher"
baseline = { value = 0.2, grade = "fact", source = "study" }
effect = { difference = { normal = { mean = 0.1, sd = 0.05 }, grade = "estimate", note = "n" } }

[measures.share]
metric = "work"
quantity = "rate"
window = "1 year"

[capital]
commitment = 1000
costs = { per_year = 500 }

[payments.reward]
of = "share"
terms = [{ price = 100 }, { at_most = { of_drawn = 0.5 } }]
"""


@pytest.fixture
def load(tmp_path):
    def load(added="", *variants, overrides=()):
        file = tmp_path / "s.toml"
        file.write_text(BASE + added, encoding="utf-8")
        return load_scenario(file, variants=variants, overrides=overrides)

    return load


def problems(load, *args, **kwargs):
    with pytest.raises(ScenarioError) as caught:
        load(*args, **kwargs)
    return caught.value.problems


# --- what is laid over what -----------------------------------------------------------------------


def test_tables_merge_and_lists_are_replaced(load):
    added = '[variants.v]\npayments.reward.terms = [{ price = 7 }]\ncapital.drawdown = "at start"\n'
    scenario = load(added, "v")
    assert [term.price.value for term in scenario.payments["reward"].terms] == [7.0]
    assert scenario.capital.commitment.value == 1000
    assert scenario.capital.drawdown == "at start"
    assert scenario.variant == ("v",)


def test_a_new_number_takes_the_place_of_the_old_one_with_its_source(load):
    added = "[variants.v]\nmetrics.work.baseline = { beta = { alpha = 2, beta = 8 } }\n"
    number = load(added, "v").metrics["work"].baseline
    assert (number.family, number.value, number.grade, number.source) == ("beta", None, None, None)


def test_a_parameter_of_the_same_distribution_keeps_the_others(load):
    added = "[variants.v]\nmetrics.work.effect.difference.normal.mean = 0.2\n"
    number = load(added, "v").metrics["work"].effect.difference
    assert (number.normal.mean, number.normal.sd) == (0.2, 0.05)
    assert (number.grade, number.note) == (None, None)


def test_a_grade_alone_keeps_the_number(load):
    added = '[variants.v]\nmetrics.work.baseline.grade = "estimate"\n'
    number = load(added, "v").metrics["work"].baseline
    assert (number.value, number.grade, number.source) == (0.2, "estimate", "study")
    added = '[variants.v]\ncapital.commitment.grade = "fact"\n'
    assert load(added, "v").capital.commitment.value == 1000


def test_another_form_of_effect_takes_the_place_of_the_old_one(load):
    added = "[variants.v]\nmetrics.work.effect.ratio = 1.5\n"
    effect = load(added, "v").metrics["work"].effect
    assert effect.difference is None
    assert effect.ratio.value == 1.5


def test_metrics_may_be_named_like_distributions(load):
    metric = '{ kind = "binary", better = "higher", baseline = 0.1, effect.difference = 0 }'
    added = f"[metrics.beta]\n{metric[2:-2].replace(', ', chr(10))}\n"
    added += f"[variants.v]\nmetrics.gamma = {metric}\nmetrics.beta.baseline = 0.4\n"
    scenario = load(added, "v")
    assert set(scenario.metrics) == {"beta", "gamma", "work"}
    assert scenario.metrics["beta"].baseline.value == 0.4


def test_unset_takes_keys_away(load):
    added = '[variants.v]\nunset = ["payments.reward.terms", "capital.costs"]\n'
    added += "capital.costs.schedule = [1, 2]\npayments.reward.terms = [{ price = 1 }]\n"
    scenario = load(added, "v")
    assert scenario.capital.costs.per_year is None
    assert [number.value for number in scenario.capital.costs.schedule] == [1.0, 2.0]


def test_the_scenario_itself_is_not_touched_by_its_variants(load):
    added = "[variants.v]\ncohorts.all.service_users = 99\n"
    assert load(added) == load("[variants.v]\ncohorts.all.service_users = 98\n")
    assert load(added).cohorts["all"].service_users == 10


# --- several at once ---------------------------------------------------------------------------


TWO = "[variants.v]\ncapital.commitment = 5\n[variants.w]\ncapital.commitment = 6\n"


def test_variants_that_set_the_same_key_to_different_values_clash(load):
    (problem,) = problems(load, TWO, "v", "w")
    assert problem.key == "variants.w.capital.commitment"
    assert "`v`" in problem.found
    assert problem.line == BASE.count("\n") + 4
    assert load(TWO.replace("= 6", "= 5"), "v", "w").capital.commitment.value == 5


def test_a_number_and_a_part_of_it_clash(load):
    added = "[variants.v]\nmetrics.work.effect.difference = 0.3\n"
    added += "[variants.w]\nmetrics.work.effect.difference.normal.sd = 0.1\n"
    assert "variants.w.metrics.work.effect.difference" in problems(load, added, "v", "w")[0].key


def test_unset_and_set_clash(load):
    added = '[variants.v]\nunset = ["payments.reward"]\n'
    added += "[variants.w]\npayments.reward.terms = [{ price = 1 }]\n"
    found = problems(load, added, "v", "w")
    assert any("set by variant `v` too" in problem.found for problem in found), found


def test_unknown_and_doubled_variants(load):
    (problem,) = problems(load, "[variants.window_3y]\ncapital.commitment = 5\n", "window_3")
    assert (problem.key, problem.mend) == ("--variant", "did you mean `window_3y`?")
    assert problems(load, TWO, "v", "v")[0].allowed == "each variant once"
    assert problems(load, "", "v")[0].allowed == "none: the scenario has no variants"
    assert "[variants.v]" in problems(load, "", "v")[0].mend


def test_combinations_are_checked_too(load):
    added = '[variants.v]\nunset = ["payments.reward"]\n'
    added += '[variants.w]\nfees.f = { payer = "investor", payee = "service_provider", '
    added += 'share = 0.1, of = "outcome_payments" }\n'
    assert load(added, "v").payments == {}
    assert load(added, "w").fees
    (problem,) = problems(load, added, "v", "w")
    assert problem.key == "variants.w.fees.f.of"


# --- overrides ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("override", "read"),
    [
        ("cohorts.all.service_users=40", lambda s: s.cohorts["all"].service_users == 40),
        (" cohorts.all.service_users = 40 ", lambda s: s.cohorts["all"].service_users == 40),
        ("time.period=half-year", lambda s: s.time.period == "half-year"),
        ("measures.share.window=2 years", lambda s: s.measures["share"].window == "2 years"),
        ('title.en="A b"', lambda s: s.title == {"en": "A b"}),
        ("metrics.work.baseline=0.5", lambda s: s.metrics["work"].baseline.source is None),
        (
            "payments.reward.terms.1.price=7",
            lambda s: s.payments["reward"].terms[0].price.value == 7,
        ),
        ("payments.reward.terms[1].price=7", lambda s: len(s.payments["reward"].terms) == 2),
        (
            "payments.reward.terms.2.at_most.of_drawn=0.7",
            lambda s: s.payments["reward"].terms[1].at_most.of_drawn.value == 0.7,
        ),
        ("capital.costs.until=2021-06-30", lambda s: s.capital.costs.until.year == 2021),
        ("limits={ multiple = 1.5 }", lambda s: s.limits.multiple.value == 1.5),
    ],
)
def test_overrides(load, override, read):
    scenario = load(overrides=[override])
    assert read(scenario), scenario
    assert scenario.overrides == (override,)


def test_overrides_win_over_variants_and_later_ones_over_earlier(load):
    scenario = load(TWO, "v", overrides=["capital.commitment=7", "capital.commitment=8"])
    assert scenario.capital.commitment.value == 8


@pytest.mark.parametrize(
    ("override", "key", "text"),
    [
        (
            "cohorts.all.service_user=40",
            "cohorts.all.service_user",
            "did you mean `service_users`?",
        ),
        ("cohort.all.service_users=40", "cohort", "did you mean `cohorts`?"),
        ("payments.reward.of=shar", "payments.reward.of", "did you mean `share`?"),
        ("capital.commitment=1,5", "capital.commitment", "0.4, not 0,4"),
        ("capital.commitment=40%", "capital.commitment", "0.4, not 40 %"),
        ("capital.commitment=forty", "capital.commitment", "a number"),
        ("capital.commitment", "--set", "KEY=VALUE"),
        ("metrics.work.at=5 years", "measures.share.window", "60 months"),
        ("metrics.work.persistence=0.5", "metrics.work.persistence", "no effect here"),
        ("payments.reward.terms.3.price=7", "payments.reward.terms.3.price", "counted from 1"),
        ("variants.v.time.period=year", "variants.v.time.period", "--variant"),
        ("index.lift_amounts=yes", "index.lift_amounts", "in quotes"),
    ],
)
def test_problems_of_overrides(load, override, key, text):
    found = problems(load, overrides=[override])
    assert any(problem.key == key and text in str(problem) for problem in found), found


def test_problems_of_overrides_name_the_command_line(load):
    (problem,) = problems(load, overrides=["capital.commitment=-5"])
    assert (problem.file, problem.line) == ("--set", 0)
    assert str(problem).startswith("--set: capital.commitment: found `-5`")


# --- what only a variant makes use of --------------------------------------------------------


def test_what_only_a_variant_uses_is_used(load):
    source = '[sources.other]\ntitle = "Other"\n'
    use = '[variants.v]\nmetrics.work.baseline = { value = 0.3, source = "other" }\n'
    assert set(load(source + use).sources) == {"study"}  # left out where nothing names it
    assert set(load(source + use, "v").sources) == {"other"}
    (problem,) = problems(load, source)
    assert problem.key == "sources.other"


def test_a_key_that_a_variant_makes_idle_is_no_problem(load):
    added = '[measures.gain]\nmetric = "work"\nquantity = "effect"\nwindow = "1 year"\n'
    added += 'reference = { kind = "matched", size = 5, bias = 0.1 }\n'
    added += '[variants.v]\nmeasures.gain.reference.kind = "randomised"\n'
    assert load(added, "v").measures["gain"].reference.bias is None
    assert load(added).measures["gain"].reference.bias.value == 0.1


def test_a_key_that_a_variant_adds_in_vain_is_a_problem(load):
    added = "[variants.v]\nmetrics.work.persistence = 0.5\n"
    (problem,) = problems(load, added)
    assert problem.key == "variants.v.metrics.work.persistence"
