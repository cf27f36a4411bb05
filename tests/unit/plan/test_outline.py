"""The plan in plain data: draws counted by hand, table errors measured, claims and memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simulator.plan.build import build
from simulator.plan.laws import unit_law
from simulator.plan.laws.score_table import lookup_score
from simulator.plan.outline import outline, table_errors
from simulator.scenario.load import load_scenario
from simulator.scenario.model import Spread

PLACEMENTS = Path(__file__).parents[2] / "cases" / "valid" / "placement_states.toml"


def outlined(name, *variants, overrides=()):
    scenario = load_scenario(name, variants=variants, overrides=overrides)
    built = build(scenario, 1)
    return outline(scenario, built, 4096), built


def cell(plan, metric, cohort):
    return next(c for c in plan["cells"] if (c["metric"], c["cohort"]) == (metric, cohort))


def test_draws_are_those_of_every_service_user_and_year():
    plan, _ = outlined("norrkoping")
    # people enrol in half-years 0 and 1 of 10: ⌈10/2⌉ = ⌈9/2⌉ = 5 years each
    # 35 lasting scores and 35 × 5 yearly ones; a success is one draw a service user
    assert cell(plan, "placement_cost", "teenagers")["draws_per_path"] == 35 + 35 * 5
    assert cell(plan, "placement_cost", "teenagers")["sampling"] == "by score"
    assert cell(plan, "school", "younger")["draws_per_path"] == 25
    assert cell(plan, "school", "younger")["table"] is None
    # persistence 1 needs no yearly draws, persistence 0 no lasting ones
    for persistence, draws, how in ((1.0, 35, "lasting score"), (0.0, 35 * 5, "by word")):
        given = (f"metrics.placement_cost.persistence={persistence}",)
        found = cell(outlined("norrkoping", overrides=given)[0], "placement_cost", "teenagers")
        assert (found["draws_per_path"], found["sampling"]) == (draws, how)


def test_states_are_drawn_month_by_month_once_for_all_that_read_them():
    plan, _ = outlined(str(PLACEMENTS))
    # all 16 begin in quarter 0 of 20: 5 years, 60 months and one draw of where each begins
    readers = ("at_home", "institution_days", "placement_cost", "replacements")
    found = [cell(plan, metric, "teenagers") for metric in readers]
    assert sum(each["draws_per_path"] for each in found) == 16 * 61
    assert {each["sampling"] for each in found} == {"months"}
    assert {each["law"] for each in found} == {"states"}


def test_counts_draw_events_too():
    plan, _ = outlined("reboot_west")
    found = cell(plan, "feels_safe", "care_leavers")
    # 200 service users for 2 years (`lasts`), each with a lasting score; some persistence, so
    # each year has its own too; and one draw of events a year
    assert found["years"] == 2
    assert found["sampling"].endswith("events")
    assert found["draws_per_path"] == 200 + 400 + 400


@pytest.mark.parametrize("by", ["score", "word"])
def test_an_error_is_that_of_the_table_against_its_law(by):
    smooth = unit_law(Spread(law="gamma", sd=50.0), 100.0)
    assert table_errors(smooth, by).above_none is None
    assert table_errors(smooth, by).elsewhere < 1e-4
    many_zeros = unit_law(Spread(law="gamma", sd=30_000.0, none=0.95), 5_000.0)
    errors = table_errors(many_zeros, by)
    assert errors.above_none is not None
    if by == "score":
        # the cell that holds the score 1.645 of the 95 % zeros; its mean is kept, not its shape
        z = np.linspace(many_zeros.none_score + 1e-9, many_zeros.none_score + 17 / 4096, 1000)
        off = np.abs(lookup_score(many_zeros.score_table(), z) - many_zeros.of_score(z)).max()
        assert 0.05 < errors.above_none <= off < 0.08
        assert errors.elsewhere < 0.01


def test_claims_that_differ_in_their_period_alone_stand_together():
    plan, built = outlined("benchmark")
    saving, *tariffs = plan["claims"]
    # five years from 2025, a claim at the end of each
    assert (saving["payment"], saving["claims"], saving["by_period"]) == ("saving_share", 5, True)
    assert (saving["first_due"], saving["last_due"]) == ("2025-12-31", "2029-12-31")
    assert [claim["cohort"] for claim in tariffs] == ["c0", "c1", "c2", "c3", "c4"]
    assert sum(claim["claims"] for claim in plan["claims"]) == len(built.contract.claims)


def test_limits_come_before_guarantees_and_conditions_are_named():
    plan, _ = outlined("norrkoping", "guarantee_floor")
    assert plan["limits"] == [{"limit": "multiple", "value": 1.2}]
    assert [g["guarantee"] for g in plan["guarantees"]] == ["state"]
    upside = next(claim for claim in plan["claims"] if claim["payment"] == "upside")
    assert upside["conditions"] == ["school_improved"]
    # last enrolment in the second half-year of the grid, 2 years, 6 months to the report:
    # 2017-06-30 + 2 years + half a year
    assert upside["last_due"] == "2019-12-31"


def test_numbers_lines_and_memory_are_those_of_the_plan():
    plan, built = outlined("norrkoping")
    assert [number["stream"] for number in plan["numbers"]] == list(built.uncertain)
    laws = {number["stream"]: number["law"] for number in plan["numbers"]}
    assert laws["metrics.placement_cost.effect.ratio"] == "normal: mean 0.85, sd 0.12"
    assert laws["measures.saving/truth/metrics.placement_cost"] is None
    assert [line["line"] for line in plan["lines"]] == [line.name for line in built.layout.lines]
    figures, lines = len(built.layout.figures), len(built.layout.lines)
    # eight bytes a number; a line has 11 instants
    assert plan["memory"] == {
        "block_paths": 4096,
        "bytes_per_thread": 4096 * 8 * (figures + 11 * lines),
        "bytes_per_path_keep_paths": 8 * figures,
        "bytes_per_path_keep_all": 8 * (figures + 11 * lines),
    }


def test_groups_that_are_drawn_at_once_say_so_and_how_far_their_tables_are_off():
    plan, _ = outlined("benchmark")
    # a word for each cohort's successes, and one for each of three years of its savings
    success, saving = cell(plan, "success", "c2"), cell(plan, "saving", "c2")
    assert (success["level"], success["sampling"], success["draws_per_path"]) == (
        "count", "how many", 1,
    )  # fmt: skip
    assert (saving["level"], saving["sampling"], saving["draws_per_path"]) == (
        "aggregate",
        "sum",
        3,
    )
    assert {success["why"], saving["why"]} == {"exact"}
    (sums,) = plan["sums"]
    # one table for each number of successes among twenty
    assert (sums["tables"], sums["most_people"], sums["law"]) == (20, 20, "lognormal")
    assert sums["error_of_mean"] == 0.0
    assert 0.0 < sums["error_of_sd"] < 1e-4
    assert 0.0 < sums["largest_error"] < 0.01
    assert plan["tables"] == []  # nobody's own year is read

    one, _ = outlined("benchmark", overrides=('metrics.saving.sampled="participant"',))
    found = cell(one, "saving", "c2")
    assert (found["level"], found["why"]) == ("participant", "stated")
    # as many as succeed, twenty at most, three years each
    assert (found["draws_per_path"], one["sums"]) == (60, [])
    assert cell(one, "success", "c2")["level"] == "count"
    kept = cell(outlined("norrkoping")[0], "placement_cost", "younger")
    assert (kept["level"], kept["why"]) == ("participant", "drop_out")
