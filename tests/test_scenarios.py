"""The shipped scenarios: they load, and every number in them says where it comes from."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel

from simulator.errors import ScenarioError
from simulator.scenario.contract import Payment, Reference
from simulator.scenario.load import load_scenario
from simulator.scenario.model import Published, Realised, Scenario
from simulator.scenario.numbers import Number
from tests.shelf import SHELF, contracts

NAMES = [path.stem for path in contracts(SHELF)]
INVENTED = {"benchmark", "two_regions_bond", "newcomers_chain"}
"""Nobody's contracts: what they carry under [realised] has not happened either."""
NORRKOPING_VARIANTS = [
    "window_3y",
    "wide_perimeter",
    "saved_is_repaid",
    "cap_8_a_year",
    "guarantee_pari_passu",
    "guarantee_floor",
    "guarantee_first_loss",
    "guarantee_first_loss_at_risk",
    "no_activity_payment",
]


def tree(name: str) -> dict[str, Any]:
    """The file as TOML gives it."""
    return tomllib.loads((SHELF / f"{name}.toml").read_text(encoding="utf-8"))


def every_form() -> list[str]:
    """Each scenario as it is, and with each of its variants."""
    forms = []
    for name in NAMES:
        forms += [name, *(f"{name}@{variant}" for variant in tree(name).get("variants", {}))]
    return forms


def load(form: str) -> Scenario:
    """The scenario, by its own file so that no other folder can stand in for it."""
    name, *variants = form.split("@")
    return load_scenario(SHELF / f"{name}.toml", variants=tuple(variants))


@dataclass(frozen=True)
class Figure:
    """A number in a scenario, with the grade and source that hold for it."""

    path: str
    grade: str | None
    source: str | None


def figures(
    part: Any, path: str = "", grade: str | None = None, source: str | None = None
) -> Iterator[Figure]:
    """Every number the author wrote, with its own grade or that of the table around it."""
    if isinstance(part, BaseModel):
        own = getattr(part, "grade", None)
        if own is not None:
            grade, source = own, getattr(part, "source", None)
        if isinstance(part, Number):
            yield Figure(path, grade, source)
            return
        if isinstance(part, (Realised, Published)):
            grade, source = "fact", part.source
        skip = {"year", "price_year"} if isinstance(part, (Reference, Scenario)) else set()
        for field in sorted(part.model_fields_set - skip):
            yield from figures(getattr(part, field), f"{path}.{field}", grade, source)
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from figures(value, f"{path}.{key}", grade, source)
    elif isinstance(part, (list, tuple)):
        for index, value in enumerate(part):
            yield from figures(value, f"{path}[{index}]", grade, source)
    elif isinstance(part, (int, float)) and not isinstance(part, bool):
        yield Figure(path, grade, source)


def titles(part: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every title in a TOML tree."""
    if isinstance(part, dict):
        for key, value in part.items():
            here = f"{path}.{key}"
            if key in ("title", "description") and not path.startswith(".sources"):
                yield here, value
            else:
                yield from titles(value, here)


def test_the_shelf_holds_the_scenarios_that_are_promised() -> None:
    contracts = {
        "norrkoping",
        "reboot_west",
        "nyc_able",
        "utah_preschool",
        "newpin",
        "peterborough",
        "educate_girls",
        "denver",
        "region_stockholm",
        "benevolent_society",
        "botkyrka",
    }
    assert {"benchmark", *contracts} <= set(NAMES)
    listed = (SHELF / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"[`{name}`]({name}.toml)" not in listed] == []


@pytest.mark.parametrize("form", every_form())
def test_loads_alone_and_with_each_variant(form: str) -> None:
    scenario = load(form)
    assert scenario.name == form.split("@")[0]
    assert scenario.variant == tuple(form.split("@")[1:])


@pytest.mark.parametrize("form", every_form())
def test_every_number_has_a_grade(form: str) -> None:
    found = list(figures(load(form)))
    assert len(found) > 20
    assert [figure.path for figure in found if figure.grade is None] == []


@pytest.mark.parametrize("form", every_form())
def test_every_fact_names_a_source_with_an_address(form: str) -> None:
    scenario = load(form)
    if scenario.name in INVENTED:
        scenario = scenario.model_copy(update={"realised": None})
    addresses = {name: source.address or "" for name, source in scenario.sources.items()}
    homeless = [
        figure.path
        for figure in figures(scenario)
        if figure.grade == "fact" and not addresses.get(figure.source or "", "").startswith("http")
    ]
    assert homeless == []


@pytest.mark.parametrize("name", [name for name in NAMES if name != "benchmark"])
def test_every_assumption_about_a_real_contract_gives_its_reason(name: str) -> None:
    silent = [
        path
        for path, part in tables(tree(name))
        if part.get("grade") == "assumption" and not (part.get("note") or part.get("source"))
    ]
    assert silent == []


@pytest.mark.parametrize("name", sorted(INVENTED - {"benchmark"}))
def test_invented_contracts_say_so_and_hold_no_facts(name: str) -> None:
    scenario = load(name)
    assert scenario.description is not None
    assert "Invented" in scenario.title["en"] and "invented" in scenario.description["en"]
    assert "Påhittat" in scenario.title["sv"] and "påhittat" in scenario.description["sv"]
    assert scenario.realised is not None and isinstance(scenario.realised.note, dict)
    assert (
        "Invented" in scenario.realised.note["en"] and "Påhittade" in scenario.realised.note["sv"]
    )
    alone = scenario.model_copy(update={"realised": None})
    assert {figure.grade for figure in figures(alone)} == {"assumption"}


def tables(part: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every table of a TOML tree."""
    if isinstance(part, dict):
        yield path, part
        for key, value in part.items():
            yield from tables(value, f"{path}.{key}")
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from tables(value, f"{path}[{index}]")


@pytest.mark.parametrize("name", NAMES)
def test_titles_are_in_both_languages(name: str) -> None:
    found = dict(titles(tree(name)))
    assert found
    assert {path for path, title in found.items() if set(title) != {"sv", "en"}} == set()


@pytest.mark.parametrize("name", NAMES)
def test_notes_are_in_both_languages(name: str) -> None:
    notes = {path: part["note"] for path, part in tables(tree(name)) if "note" in part}
    assert notes
    assert {path for path, note in notes.items() if set(note) != {"sv", "en"}} == set()


@pytest.mark.parametrize("form", every_form())
def test_what_is_said_of_the_settlement_is_said_in_both_languages(form: str) -> None:
    realised = load(form).realised
    said = [realised.note, realised.published and realised.published.check] if realised else []
    assert [words for words in said if words and set(words) != {"sv", "en"}] == []


@pytest.mark.parametrize("name", NAMES)
def test_everything_a_reader_meets_has_a_title(name: str) -> None:
    scenario = load(name)
    groups = (
        "metrics",
        "measures",
        "pockets",
        "payments",
        "cohorts",
        "fees",
        "costs",
        "guarantees",
        "parties",
    )
    bare = [
        f"{group}.{key}"
        for group in groups
        for key, thing in getattr(scenario, group).items()
        if thing.title is None
    ]
    assert bare == []
    variants = tree(name).get("variants", {})
    assert [key for key, variant in variants.items() if "title" not in variant] == []


def test_norrkoping_has_its_variants_by_their_promised_names() -> None:
    assert list(tree("norrkoping")["variants"]) == NORRKOPING_VARIANTS


@pytest.mark.parametrize("second", ["saved_is_repaid", "wide_perimeter", "guarantee_floor"])
def test_norrkoping_variants_stack_in_the_order_given(second: str) -> None:
    scenario = load(f"norrkoping@window_3y@{second}")
    assert scenario.variant == ("window_3y", second)
    assert scenario.measures["saving"].window == "3 years"


def test_norrkoping_variants_that_set_the_same_key_do_not_stack() -> None:
    with pytest.raises(ScenarioError, match="guarantee_floor"):
        load("norrkoping@guarantee_pari_passu@guarantee_floor")


def test_norrkoping_pays_by_three_payments_on_two_measures() -> None:
    scenario = load("norrkoping")
    assert set(scenario.payments) == {"activity", "savings_share", "upside"}
    assert {"saving", "school_improved"} <= set(scenario.measures)
    assert sum(cohort.service_users for cohort in scenario.cohorts.values()) == 60


def test_norrkoping_realised_is_what_was_published() -> None:
    realised = load("norrkoping").realised
    assert realised is not None and realised.published is not None
    assert (realised.drawn, realised.published.repaid) == (7_500_000, 3_000_000)
    assert realised.measures["saving"] == 0
    assert realised.measures["school_improved"] == 0.34


def test_norrkoping_three_years_settles_with_its_own_saving_and_says_so() -> None:
    realised = load("norrkoping@window_3y").realised
    assert realised is not None
    assert realised.measures["saving"] == 4_000_000
    assert realised.measures["school_improved"] == 0.34
    assert isinstance(realised.note, dict)
    assert "not what the contract measured" in realised.note["en"]


def test_reboot_west_published_claims_times_prices_give_the_published_payment() -> None:
    """The 23 lines as transcribed; how much that proves is in the file's own note."""
    scenario = load("reboot_west")
    realised = scenario.realised
    assert realised is not None and realised.published is not None
    assert len(scenario.payments) == 23
    lines = scenario.payments.items()
    total = sum(price_of(payment) * claims(realised, name) for name, payment in lines)
    assert total == realised.published.repaid == 1_871_540


def price_of(payment: Payment) -> float:
    """The price of a payment with a single term."""
    (term,) = payment.terms
    assert term.price is not None and term.price.value is not None
    return term.price.value


def claims(realised: Realised, name: str) -> float:
    """The claims of one line."""
    value = realised.measures[name]
    assert isinstance(value, (int, float))
    return float(value)


def test_reboot_west_does_not_assume_the_shares_that_came_out() -> None:
    """Ex ante and ex post apart: each rate differs from claims ÷ the 241 people engaged."""
    scenario = load("reboot_west")
    assert scenario.realised is not None
    for name, metric in scenario.metrics.items():
        assert metric.effect is not None and metric.effect.difference is not None
        law = metric.effect.difference.gamma or metric.effect.difference.beta
        assert law is not None and law.mean is not None
        expected = law.mean * (2 if metric.kind == "count" else 1)
        assert abs(expected * 241 / claims(scenario.realised, name) - 1) > 0.05, name
