"""The designs that need no file, on a small deal by hand; and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.analysis import Assumptions, compare
from simulator.analysis.transform import financiers, in_house, more_people, with_effect
from simulator.api import load_scenario
from simulator.errors import ScenarioError, SocsimError, UnknownScenarioError

DEAL = str(Path(__file__).parents[2] / "worked" / "deal.toml")
RICH = str(Path(__file__).parents[2] / "properties" / "rich.toml")


def figure(comparison, design, name):
    found = comparison.summary(design)
    for key in name.split("."):
        found = found[key]
    return found["estimate"]


def of_deal(kind, *overrides, assumptions=None):
    """The municipality's gross savings and net with one of the designs, each the same on paths."""
    made = compare(
        [DEAL, f"{DEAL}@{kind}"],
        paths=8,
        overrides=overrides,
        assumptions=assumptions,
        switching=False,
    )
    name = made.names[1]
    return (
        figure(made, name, "municipality.gross_savings"),
        figure(made, name, "municipality.net_budget_effect"),
    )


# Ten people at 100 a year, a fifth less with the programme, four years: 10·20·4 = 800 saved.
# The programme costs 100 + 50 = 150.


def test_in_house_is_the_saving_less_the_cost():
    assert of_deal("in_house") == (800.0, 650.0)


def test_in_house_at_half_the_effect():
    assert of_deal("in_house", assumptions=Assumptions(same_effect=0.5)) == (400.0, 250.0)


def test_nothing_is_nothing():
    assert of_deal("nothing") == (0.0, 0.0)


def test_an_internal_fund_is_in_house_to_the_municipality():
    assert of_deal("internal_fund") == (800.0, 650.0)


def test_the_margin_is_spent_on_more_people():
    """Multiple 1.2: twelve people, 12·20·4 = 960 saved, for 150·12/10 = 180."""
    assert of_deal("in_house_reinvested", "limits.multiple=1.2") == (960.0, 780.0)


def test_the_margin_by_the_limit_on_the_total():
    """Total 280 on a commitment of 200: 40 % more, 14 people: 14·80 = 1120 for 150·1.4 = 210."""
    assert of_deal("in_house_reinvested", "limits.total=280") == (1120.0, 910.0)


def test_the_lower_of_two_limits_is_the_margin():
    kept = of_deal("in_house_reinvested", "limits.total=280", "limits.multiple=1.2")
    assert kept == (960.0, 780.0)


def test_without_a_limit_the_margin_is_the_expected_profit():
    """The deal pays the whole saving of two years, 10·20·2 = 400, on 150 drawn: 250/150 more.

    10·(1 + 5/3) = 26.7 people, rounded to 27: 27·80 = 2160 for 150·2.7 = 405.
    """
    assert of_deal("in_house_reinvested") == (2160.0, 1755.0)


def test_cost_by_service_user_follows_the_people_alone():
    """10 a person and nothing else: 12 people cost 120, not 120·1.2."""
    gross, net = of_deal(
        "in_house_reinvested", "limits.multiple=1.2", "capital.costs.per_service_user=10"
    )
    # the schedule of 150 is scaled to 180; what people cost comes by itself: 12·10
    assert (gross, net) == (960.0, 960.0 - 180.0 - 120.0)


COSTS = (
    'costs.own={ party = "outcome_payer", amount = 7 }',
    'costs.investors={ party = "investor", amount = 11 }',
)
FEES = (
    'fees.own={ payer = "outcome_payer", payee = "service_provider", amount = 3 }',
    'fees.capital={ payer = "outcome_payer", payee = "investor", amount = 13 }',
    'fees.share={ payer = "outcome_payer", payee = "service_provider", '
    'share = 0.1, of = "capital_drawn" }',
)


def test_own_costs_and_fees_stay_and_the_investors_go():
    own = in_house(load_scenario(DEAL, overrides=(*COSTS, *FEES)), 1.0)
    assert set(own.costs) == {"own"}
    assert set(own.fees) == {"own"}
    assert of_deal("in_house", *COSTS, *FEES) == (800.0, 650.0 - 7.0 - 3.0)


def test_ends_that_only_the_contract_brings_go():
    scenario = load_scenario(
        RICH,
        overrides=(
            'events.quits={ kind = "termination", by = "investor", per_year = 0.1 }',
            'events.fails={ kind = "termination", by = "service_provider", per_year = 0.1 }',
            'events.late={ kind = "late payment", by = "outcome_payer", chance = 0.5, '
            'delay = "1 year" }',
            'events.never={ kind = "non-start", chance = 0.1 }',
            *(f'payments.{name}.if_terminated="paid"' for name in load_scenario(RICH).payments),
        ),
    )
    assert set(in_house(scenario, 1.0).events) - set(load_scenario(RICH).events) == {
        "fails",
        "never",
    }


def test_a_provider_with_its_own_fee_at_risk_is_no_financier():
    quality = load_scenario("quality_contract")
    assert "service_provider" not in financiers(quality)


def test_more_people_are_rounded_by_cohort_and_spread_over_their_periods():
    scenario = load_scenario(DEAL, overrides=("cohorts.all.enrolment.by_period=[3, 7]",))
    more = more_people(scenario, 0.25)  # 12.5 people: 13; 3.9 and 9.1 enrol in the two periods
    assert more.cohorts["all"].service_users == 13
    assert more.cohorts["all"].enrolment.by_period == [4, 9]


def test_an_effect_is_scaled_in_the_metric_and_where_a_cohort_has_its_own():
    scenario = load_scenario("norrkoping")
    half = with_effect(scenario, 0.5)
    assert half.metrics["placement_cost"].profile == [0.25, 0.5, 0.5, 0.25, 0.0]
    assert half.metric_in("teenagers", "adult_care").profile == [0.25, 0.5, 0.5, 0.25, 0.0]
    assert with_effect(scenario, 1.0) is scenario


def test_a_variant_can_be_made_a_design_and_titles_say_so():
    made = compare(
        ["norrkoping@window_3y", "norrkoping@window_3y@nothing"], paths=4, switching=False
    )
    assert made.names == ("norrkoping@window_3y", "norrkoping@window_3y@nothing")
    titles = [design.title["sv"] for design in made.designs]
    assert titles[0] == "Besparingen mäts under tre år i stället för två"
    assert titles[1] == "Ingenting görs (Besparingen mäts under tre år i stället för två)"
    assert made.summaries[1]["scenario"]["variant"] == ["window_3y", "nothing"]


def test_inputs_that_differ_are_told_without_sources_and_titles():
    made = compare(["norrkoping", "norrkoping@window_3y@in_house"], paths=4, switching=False)
    assert [row["key"] for row in made.inputs] == ["measures.saving.window"]
    assert made.inputs[0]["values"] == {
        "norrkoping": "2 years",
        "norrkoping@window_3y@in_house": "3 years",
    }


def test_a_key_that_a_design_lacks_is_none():
    made = compare(["norrkoping", "norrkoping@guarantee_floor"], paths=4, switching=False)
    values = {row["key"]: row["values"] for row in made.inputs}
    assert values["guarantees.state.coverage"] == {
        "norrkoping": None,
        "norrkoping@guarantee_floor": "0.5",
    }


def test_horizons_may_differ():
    longer = load_scenario(DEAL, overrides=('time.horizon="6 years"',))
    made = compare([DEAL, longer], paths=4, switching=False)
    gap = made.difference(made.names[1], "municipality.gross_savings").difference
    assert gap["estimate"] == 400.0  # two more years of 200
    late = made.difference(made.names[1], "municipality.by_year.2030.net")
    assert late.difference is None


# --- what is refused -----------------------------------------------------------------------------


def refused(designs, **asked):
    with pytest.raises(SocsimError) as caught:
        compare(designs, paths=4, switching=False, **asked)
    return caught.value


def test_one_design_is_no_comparison():
    assert "at least two" in str(refused([DEAL]))


def test_an_unknown_scenario_is_named_with_its_neighbour():
    error = refused(["norrkoping", "norkoping@nothing"])
    assert isinstance(error, UnknownScenarioError)
    assert "`norrkoping`" in str(error)


def test_an_unknown_variant_is_named_with_its_neighbour():
    error = refused(["norrkoping", "norrkoping@window_4y"])
    assert isinstance(error, ScenarioError)
    assert "did you mean `window_3y`?" in str(error)
    assert "did you mean `in_house`?" in str(refused([DEAL, "norrkoping@in_huose"]))


def test_a_reserved_design_comes_last():
    error = refused([DEAL, "norrkoping@in_house@window_3y"])
    assert "before the end" in str(error)
    assert "norrkoping@window_3y@in_house" in str(error)


def test_currencies_must_be_one():
    assert "norrkoping: SEK, peterborough: GBP" in str(refused(["norrkoping", "peterborough"]))


def test_what_a_programme_costs_must_be_said():
    assert "[capital]" in str(refused(["reboot_west", "reboot_west@in_house"]))


def test_without_a_margin_there_is_none_to_spend():
    error = refused([DEAL, f"{DEAL}@in_house_reinvested"], overrides=("limits.multiple=1.0",))
    assert "no margin" in str(error)


def test_overrides_go_with_references():
    error = refused([load_scenario(DEAL), DEAL], overrides=("limits.multiple=1.0",))
    assert "overrides" in str(error)


@pytest.mark.parametrize("wrong", [{"same_effect": -0.1}, {"payback_share": 1.5}])
def test_assumptions_have_a_range(wrong):
    with pytest.raises(SocsimError):
        Assumptions(**wrong)


@pytest.mark.parametrize("name", ["in_house", "in_house_reinvested", "internal_fund", "nothing"])
def test_a_variant_cannot_take_a_reserved_name(name, tmp_path):
    file = tmp_path / "deal.toml"
    file.write_text(Path(DEAL).read_text("utf-8") + f'\n[variants.{name}]\ncurrency = "SEK"\n')
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    (problem,) = caught.value.problems
    assert problem.key == f"variants.{name}"
    assert "rename" in problem.mend


def test_a_run_of_a_reserved_design_says_where_it_belongs():
    with pytest.raises(ScenarioError) as caught:
        load_scenario("norrkoping@in_house")
    assert "socsim compare" in str(caught.value)
