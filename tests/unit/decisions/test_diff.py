"""Two results explained: the parts sum to the whole, and each part is what it says it is."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from simulator import load, load_scenario, save, simulate
from simulator.decisions.diff import FIGURES, diff
from simulator.decisions.experiment import Experiment
from simulator.decisions.steps import steps_between
from simulator.errors import ResultError, SocsimError
from simulator.views.diff import diff_lines
from tests.shelf import SHELF

RICH = str(Path(__file__).parents[2] / "properties" / "rich.toml")
PATHS = 600
NORRKOPING = str(SHELF / "norrkoping.toml")
TWO = ("cohorts.younger.service_users=40", "capital.costs.per_year=2500000")


def stored(folder, scenario, seed=1, paths=PATHS):
    results = simulate(scenario, paths=paths, seed=seed)
    return save(results, folder)


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """Norrköping, and its three-year window with fewer people, on other futures."""
    at = tmp_path_factory.mktemp("results")
    first = stored(at / "first", load_scenario(NORRKOPING))
    changed = load_scenario(NORRKOPING, variants=["window_3y"], overrides=[TWO[0]])
    return first, stored(at / "second", changed, seed=2, paths=PATHS + 100)


@pytest.fixture(scope="module")
def found(pair):
    return diff(*pair)


def test_the_parts_sum_to_the_whole(found):
    """Each level starts where the one before ended, so the sum is exact but for rounding."""
    for figure in FIGURES:
        parts = found.effects(figure)
        assert len(parts) == 4  # cohort, window, luck, version
        exact = sum((Fraction(value) for value in parts.values()), Fraction(0))
        scale = max(abs(value) for value in parts.values())
        assert abs(float(exact - Fraction(found.whole(figure)))) <= 1e-12 * scale
        levels = [found.first.again, *(part.levels for part in found.changes)]
        steps = [Fraction(b[figure]) - Fraction(a[figure]) for a, b in pairwise(levels)]
        assert sum(steps) == Fraction(found.second.again[figure]) - Fraction(levels[0][figure])


def test_each_part_is_what_its_change_adds_on_the_first_results_paths(found):
    assert [part.what for part in found.changes] == [
        "cohorts.younger.service_users",
        found.changes[1].what,
        "luck",
    ]
    assert "window" in found.changes[1].what
    fewer = simulate(load_scenario(NORRKOPING, overrides=[TWO[0]]), paths=PATHS, seed=1).summary()
    level = found.changes[0].levels["investor.expected_profit"]
    assert level == fewer["investor"]["expected_profit"]["estimate"]
    both = load_scenario(NORRKOPING, variants=["window_3y"], overrides=[TWO[0]])
    same_draws = simulate(both, paths=PATHS, seed=1).summary()
    level = found.changes[1].levels["municipality.net_budget_effect"]
    assert level == same_draws["municipality"]["net_budget_effect"]["estimate"]
    assert found.changes[2].rows[0].before == "1"
    assert found.changes[2].rows[1].after == "700"
    assert all(found.version(figure) == 0.0 for figure in FIGURES)


def test_the_error_of_a_part_is_that_of_paired_paths(found):
    """Computed here from the paths of two ordinary runs."""
    series = ["investor.profit"]
    before = Experiment(load_scenario(NORRKOPING), paths=PATHS).series(series)[0]
    fewer = load_scenario(NORRKOPING, overrides=[TWO[0]])
    after = Experiment(fewer, paths=PATHS).series(series)[0]
    effect = found.changes[0].effects["investor.expected_profit"]
    assert effect.standard_error == pytest.approx((after - before).std(ddof=1) / PATHS**0.5)
    assert effect.value == pytest.approx((after - before).mean(), rel=1e-9)
    luck = found.changes[2].effects["investor.expected_profit"]
    assert luck.standard_error > effect.standard_error


def test_a_result_differs_from_itself_by_nothing(pair):
    found = diff(pair[0], pair[0])
    assert found.changes == ()
    assert [found.whole(figure) for figure in FIGURES] == [0.0, 0.0, 0.0]
    lines = diff_lines(found.to_dict(), (found.first.scenario, found.second.scenario), "en")
    assert "No input that a figure depends on differs." in lines


def test_what_an_older_version_found_is_version_and_method(pair, tmp_path):
    """A stored figure that is 1,000 higher than this version finds: the remainder is −1,000."""
    older = load(pair[0])
    older.summary()["investor"]["expected_profit"]["estimate"] += 1000.0
    older.version = "0.0.1"
    found = diff(older, pair[0])
    assert found.changes == ()
    assert found.version("investor.expected_profit") == pytest.approx(-1000.0, abs=1e-6)
    assert found.whole("investor.expected_profit") == found.version("investor.expected_profit")
    assert found.to_dict()["version"]["from"] == "0.0.1"


def test_rules_that_only_make_sense_together_are_one_change():
    """A guarantee has a table of its own and a fee: neither may stand alone."""
    plain, guarded = (
        load_scenario(NORRKOPING, variants=variants) for variants in ([], ["guarantee_floor"])
    )
    there, back = steps_between(plain, guarded), steps_between(guarded, plain)
    assert [len(steps) for steps in (there, back)] == [1, 1]
    assert {row.key.split(".")[0] for row in there[0].rows} >= {"guarantees"}
    assert there[0].scenario is guarded
    assert all(row.before is None for row in there[0].rows if row.key.startswith("guarantees"))


def test_lists_of_all_cohorts_follow_the_cohorts():
    """Peterborough's third cohort comes into every metric and measure by itself."""
    name = str(SHELF / "peterborough.toml")
    steps = steps_between(load_scenario(name), load_scenario(name, variants=["three_cohorts"]))
    told = {step.what.split(".")[0]: step for step in steps}
    assert "third" in steps[1].scenario.cohorts
    assert steps[1].scenario.metrics["reconvictions"].cohorts == ["first", "second", "third"]
    assert not any(row.key.endswith(".cohorts") for step in steps for row in step.rows)
    assert set(told) == {"time", "cohorts", "measures", "capital"}


def test_sources_and_titles_are_no_changes():
    first = load_scenario(NORRKOPING)
    renamed = first.model_copy(update={"title": {"en": "Another name"}, "sources": {}})
    assert steps_between(first, renamed) == []


def test_the_json_has_changes_and_a_remainder(found):
    data = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert data["schema_version"] == 1
    change = data["changes"][0]
    assert (change["what"], change["to"]) == ("cohorts.younger.service_users", "40")
    assert change["effect"]["investor.loss_probability"]["value"] is not None
    assert data["version"]["effect"]["investor.expected_profit"]["value"] == 0.0
    assert data["figures"][0]["difference"] == found.whole(FIGURES[0])


@pytest.mark.parametrize(("lang", "luck"), [("en", "luck of the draw"), ("sv", "slump")])
def test_the_terminal_tells_every_part_in_words(found, lang, luck):
    lines = diff_lines(found.to_dict(), (found.first.scenario, found.second.scenario), lang)
    text = "\n".join(lines)
    assert text.count(luck) == 1 + len(FIGURES)
    assert text.count("cohorts.younger.service_users") == 1
    assert max(map(len, lines)) <= 100
    assert "None" not in text


def test_a_figure_that_one_result_lacks_has_no_difference(pair, tmp_path):
    figures = ("guarantor.expected_payout", "investor.median_irr")
    guarded = load_scenario(NORRKOPING, variants=["guarantee_floor"])
    second = stored(tmp_path / "guarded", guarded)
    found = diff(pair[0], second, figures=figures)
    assert found.effects("investor.median_irr")["version"] == 0.0
    assert found.changes[0].effects["investor.median_irr"].standard_error is None
    told = diff_lines(found.to_dict(), (found.first.scenario, found.second.scenario), "en")
    payout = found.first.stored["guarantor.expected_payout"]
    if payout is None:
        assert found.whole("guarantor.expected_payout") is None
        assert any("does not have this figure" in line for line in told)
    else:
        assert found.whole("guarantor.expected_payout") > 0


def test_bad_input_is_one_clear_error(pair, tmp_path):
    with pytest.raises(ResultError, match="is not a result folder"):
        diff(tmp_path, pair[0])
    with pytest.raises(SocsimError, match=r"`investor.profits` is no figure"):
        diff(pair[0], pair[0], figures=["investor.profits"])
    british = stored(tmp_path / "gbp", load_scenario(SHELF / "uk_contract.toml"), paths=10)
    with pytest.raises(ResultError, match=r"two currencies.*SEK and GBP"):
        diff(pair[0], british)


def test_contracts_without_a_name_in_common_are_refused(tmp_path):
    one = stored(tmp_path / "one", load_scenario(SHELF / "norrkoping.toml"), paths=10)
    names = ("botkyrka", "sick_leave", "region_stockholm", "national_support")
    for name in names:
        other = load_scenario(SHELF / f"{name}.toml")
        if other.currency == "SEK" and not set(other.measures) & set(load(one).scenario.measures):
            with pytest.raises(ResultError, match="nothing in common"):
                diff(one, stored(tmp_path / name, other, paths=10))
            return
    raise AssertionError("the shelf has no such pair")


@pytest.mark.slow
def test_every_variant_on_the_shelf_can_be_told_from_its_scenario():
    from simulator.scenario.document import read_document
    from simulator.scenario.variants import split_variants
    from tests.shelf import contracts

    for file in contracts(SHELF):
        first = load_scenario(file)
        for variant in split_variants(read_document(file))[1]:
            last = load_scenario(file, variants=[variant])
            steps = steps_between(first, last)
            keys = [row.key for step in steps for row in step.rows]
            assert len(keys) == len(set(keys))
            assert not steps or steps[-1].scenario is last
            back = steps_between(last, first)
            assert sorted(keys) == sorted(row.key for step in back for row in step.rows)
