"""From names to files."""

import pytest

from simulator.errors import UnknownScenarioError
from simulator.scenario import find
from simulator.scenario.load import load_scenario

TEXT = """title = "T"
currency = "SEK"
time = { start = 2020-01-01, period = "year", horizon = "2 years" }
parties.outcome_payer = "Town"
cohorts.all.service_users = 5
metrics.work = { kind = "binary", better = "higher", baseline = 0.2, effect.difference = 0.1 }
variants.a.cohorts.all.service_users = 6
variants.b.metrics.work.baseline = 0.3
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "mine.toml").write_text(TEXT)
    (tmp_path / "at@home.toml").write_text(TEXT)
    return tmp_path


def test_shipped_scenarios_are_found_from_anywhere(here):
    names = [scenario.name for scenario in find.shipped()]
    assert names == sorted(names)
    assert {"norrkoping", "benchmark", "reboot_west"} <= set(names)
    assert all(find.resolve_name(scenario.name) == scenario.path for scenario in find.shipped())


def test_a_folder_inside_the_package_comes_first(here, monkeypatch):
    (here / "package" / "_scenarios").mkdir(parents=True)
    (here / "package" / "_scenarios" / "inside.toml").write_text(TEXT)
    monkeypatch.setattr(find, "_PACKAGE", here / "package")
    assert [scenario.name for scenario in find.shipped()] == ["inside"]


def test_own_scenarios_come_before_shipped_ones(here):
    assert load_scenario("mine").name == "mine"
    (here / "scenarios" / "norrkoping.toml").write_text(TEXT)
    assert load_scenario("norrkoping").title == {"sv": "T", "en": "T"}


def test_variants_in_the_name(here):
    scenario = load_scenario("mine@a", variants=["b"])
    assert scenario.variant == ("a", "b")
    assert scenario.cohorts["all"].service_users == 6
    assert scenario.metrics["work"].baseline.value == 0.3


def test_a_path_that_exists_is_no_name(here):
    assert load_scenario("at@home.toml").variant == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("norrkopng", "did you mean `norrkoping`?"),
        ("minne", "did you mean `mine`?"),
        ("nowhere/norrkoping.toml", "did you mean `norrkoping`?"),
        ("x" * 5000, "no such scenario"),
        ("a\x00b", "no such scenario"),
        ("", "no such scenario"),
        (".", "no such scenario"),
    ],
)
def test_names_that_lead_nowhere(here, name, text):
    with pytest.raises(UnknownScenarioError) as caught:
        load_scenario(name)
    assert text in str(caught.value)
