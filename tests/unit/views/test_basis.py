"""What a council paper rests on: the assumptions chosen, ends of a range, events that are in it."""

from __future__ import annotations

import pytest

from simulator.scenario.load import load_scenario
from simulator.views.report.municipality.basis import basis_section, chosen_assumptions
from simulator.views.report.municipality.followup import followup_section
from simulator.views.report.parts import Bullets, Table
from simulator.views.report.source import Told
from tests.unit.views.page import source
from tests.unit.views.run import simulated


def told(name: str, lang: str) -> Told:
    return Told(source(simulated(load_scenario(name), 300)), lang)


def parts(name: str, lang: str, kind: type) -> list:
    return [part for part in basis_section(told(name, lang)).parts if isinstance(part, kind)]


def test_what_an_outcome_is_worth_stands_among_the_assumptions_that_matter() -> None:
    """Newpin's saving is a price for each child who came home, and nobody has published it."""
    keys = [row.key for row, _ in chosen_assumptions(told("newpin", "en"))]
    assert keys[:2] == ["metrics.restored.effect.difference", "metrics.restored.price"]
    assert not any(key[-1].isdigit() for key in keys)  # its coupons by year are one thing


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("sv", "6 procentenheter, för det mesta 1 till 11 procentenheter"),
        ("en", "6 percentage points, mostly 1 to 11 percentage points"),
    ],
)
def test_percentage_points_are_named_once(lang: str, said: str) -> None:
    (table,) = parts("quality_contract", lang, Table)
    values = [row.cells[1].replace("\u00a0", " ") for row in table.rows]
    assert said in values


@pytest.mark.parametrize(
    ("lang", "said"),
    [("sv", "1,333333 % per procentenhet"), ("en", "1.333333% per percentage point")],
)
def test_a_price_that_is_a_share_of_capital_is_no_amount_of_money(lang: str, said: str) -> None:
    (table,) = parts("health_bond", lang, Table)
    assert said in [row.cells[1].replace("\u00a0", " ") for row in table.rows]


@pytest.mark.parametrize(
    ("lang", "said"), [("sv", "Regionen till finansiären"), ("en", "The region to the investor")]
)
def test_parties_inside_a_sentence_have_small_letters(lang: str, said: str) -> None:
    section = followup_section(told("health_bond", lang))
    assert section is not None
    (table,) = section.parts
    assert said in [row.cells[1] for row in table.rows]


def test_a_beta_by_its_parameters_is_told_without_them() -> None:
    """Beta(12, 18): mean 12/30 = 0.4, variance 12·18/(30²·31) = 0.00774, deviation 0.088."""
    (table,) = parts("benchmark", "en", Table)
    said = [row.cells[1].replace("\u00a0", " ") for row in table.rows]
    assert "40 percentage points, mostly 31.2 to 48.8 percentage points" in said


def test_a_ratio_that_is_lognormal_is_told_without_logarithms() -> None:
    """Median 0.6, 0.25 in the logarithm: 0.6·e^∓0.25 = 0.467 and 0.770."""
    (table,) = parts("two_regions_bond", "sv", Table)
    assert "0,6, för det mesta 0,47 till 0,77" in [row.cells[1] for row in table.rows]
    assert not any("log" in row.cells[1] for row in table.rows)


@pytest.mark.parametrize(
    ("lang", "one", "many"),
    [
        ("sv", "1 procentenhet", "11 procentenheter"),
        ("en", "1 percentage point", "11 percentage points"),
    ],
)
def test_one_percentage_point_is_one(lang: str, one: str, many: str) -> None:
    names = told("quality_contract", lang).names
    assert names.amount(0.01, "points") == one
    assert names.amount(0.11, "points") == many


@pytest.mark.parametrize(
    ("lang", "said", "not_said"),
    [
        ("sv", "bortsett från ”Finansiärerna löser in obligationen efter fyra år”", "avbryter i f"),
        ("en", "apart from ‘The investors redeem the bond at four years’", "early termination"),
    ],
)
def test_an_event_that_the_figures_have_in_them_is_not_said_to_be_left_out(
    lang: str, said: str, not_said: str
) -> None:
    (left_out,) = parts("newpin", lang, Bullets)
    assert said in left_out.items[0]
    assert not_said not in " ".join(left_out.items)
    (without,) = parts("quality_contract", lang, Bullets)
    assert not_said in without.items[0]
