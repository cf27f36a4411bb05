"""The shipped fund files: they load, and every number in them says where it comes from."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from simulator.fund.load import load_fund
from simulator.fund.model import Fund, Kind
from simulator.scenario.numbers import Number
from simulator.views.fund_changes import changes_in_words
from simulator.views.fund_words import matrix
from simulator.views.language import Language
from simulator.views.numbers import Lang
from tests.shelf import SHELF, funds
from tests.test_scenarios import tables, titles

FILES = funds(SHELF)
NAMES = [path.stem for path in FILES]
CALENDAR = {"years", "lapses_after", "recovered_after", "over"}
"""Whole numbers of years of the account; a design explains its own."""


def tree(file: Path) -> dict[str, Any]:
    """The file as TOML gives it."""
    return tomllib.loads(file.read_text(encoding="utf-8"))


def numbers(
    part: Any, path: str = "", grade: str | None = None, source: Any = None
) -> Iterator[tuple[str, str | None, Any]]:
    """(path, grade, source) of every number that the author wrote, or of the table around it."""
    if isinstance(part, BaseModel):
        if getattr(part, "grade", None) is not None:
            grade, source = part.grade, getattr(part, "source", None)  # type: ignore[attr-defined]
        if isinstance(part, Number):
            yield path, grade, source
            return
        for field in sorted(part.model_fields_set - CALENDAR):
            yield from numbers(getattr(part, field), f"{path}.{field}", grade, source)
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from numbers(value, f"{path}.{key}", grade, source)
    elif isinstance(part, list):
        for place, value in enumerate(part):
            yield from numbers(value, f"{path}[{place}]", grade, source)
    elif isinstance(part, (int, float)) and not isinstance(part, bool):
        yield path, grade, source


def test_the_funds_that_are_promised_are_there_and_listed() -> None:
    assert {"guarantee_fund", "national_support", "uk_portfolio"} <= set(NAMES)
    listed = (SHELF / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"[`{name}`]({name}.toml)" not in listed] == []


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_loads_and_every_number_has_a_grade(file: Path) -> None:
    found = list(numbers(load_fund(file)))
    assert len(found) > 40
    loadings = [path for path, grade, _ in found if grade is None and ".loadings." not in path]
    assert loadings == []


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_every_fact_names_a_source_with_an_address(file: Path) -> None:
    fund = load_fund(file)
    addresses = {name: source.address or "" for name, source in fund.sources.items()}
    facts = [(path, source) for path, grade, source in numbers(fund) if grade == "fact"]
    assert facts or file.stem == "uk_portfolio"  # whose totals are sums over invented contracts
    assert [path for path, s in facts if not addresses.get(s or "", "").startswith("http")] == []


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_every_assumption_gives_its_reason(file: Path) -> None:
    silent = [
        path
        for path, part in tables(tree(file))
        if part.get("grade") in ("assumption", "estimate")
        and not (part.get("note") or part.get("source"))
    ]
    assert silent == []


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_all_that_is_said_is_said_in_both_languages(file: Path) -> None:
    words = tree(file)
    found = dict(titles(words))
    assert found
    assert {path for path, title in found.items() if set(title) != {"sv", "en"}} == set()
    said = [part.get(key) for _, part in tables(words) for key in ("note", "source")]
    assert [text for text in said if isinstance(text, dict) and set(text) != {"sv", "en"}] == []


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_every_factor_is_loaded_by_some_kind_and_every_kind_by_some_factor(file: Path) -> None:
    fund: Fund = load_fund(file)
    kinds: list[Kind] = list(fund.pipeline.values())
    loaded = {name for kind in kinds for row in kind.loadings.values() for name in row}
    assert loaded == set(fund.factors)
    assert [name for name, kind in fund.pipeline.items() if not kind.loadings] == []


def test_both_swedish_files_have_the_same_contracts_and_behaviour() -> None:
    one, other = (load_fund(SHELF / f"{n}.toml") for n in ("guarantee_fund", "national_support"))
    assert one.pipeline == other.pipeline
    assert (one.behaviour, one.factors, one.rate) == (other.behaviour, other.factors, other.rate)
    for name in ("shared", "first_loss"):
        mine, theirs = one.designs[name], other.designs[name]
        assert mine == theirs.model_copy(update={"title": mine.title, "short": mine.short})
    assert one.robustness == other.robustness


def test_the_guarantee_fund_is_the_proposal_in_three_readings_with_and_without_the_floor() -> None:
    designs = load_fund(SHELF / "guarantee_fund.toml").designs
    for name, reading in (
        ("shared", "pari passu"),
        ("floor", "floor"),
        ("first_loss", "first loss"),
    ):
        for form in (name, f"{name}_no_floor"):
            words = designs[form]
            assert words.kind == "guarantee"
            assert (words.reading, words.trigger) == (reading, "completion")
            assert words.capital.value == 300e6
            assert words.coverage is not None and words.coverage.value == 0.5
            assert bool(words.changes) is form.endswith("_no_floor")


def test_the_british_kinds_make_the_published_totals() -> None:
    """72 contracts, 55,000 people, 139 million; all who reach it counted, 397 and 1,400 million."""
    fund = load_fund(SHELF / "uk_portfolio.toml")
    contracts = people = cost = fiscal = public = 0.0
    for kind in fund.pipeline.values():
        words, number = kind.set, sum(kind.offered)
        everybody = number * words["cohorts.people.service_users"]
        shares = ("baseline.beta.mean", "effect.difference.normal.mean")
        reached = everybody * sum(words[f"metrics.outcome.{share}"] for share in shares)
        years = 4 * (
            words["metrics.local_saving.baseline"] + words["metrics.central_saving.baseline"]
        )
        contracts, people = contracts + number, people + everybody
        cost += everybody * words["capital.costs.per_service_user"]
        fiscal += reached * years
        public += reached * words["metrics.outcome.public_value"]
    assert (contracts, people) == (72, 55_000)
    assert cost == pytest.approx(139e6, rel=1e-3)
    assert fiscal == pytest.approx(397e6, rel=2e-3)
    assert fiscal + public == pytest.approx(1_400e6, rel=1e-3)


def test_each_way_of_counting_changes_who_would_have_reached_it_anyway_and_not_how_many() -> None:
    fund = load_fund(SHELF / "uk_portfolio.toml")
    for name, share in (("headline", 0.0), ("fifth_anyway", 0.2), ("four_fifths_anyway", 0.8)):
        for kind, changed in fund.designs[name].changes.items():
            offered = fund.pipeline[kind].set
            base, effect = (
                changed.set[f"metrics.outcome.{key}"]
                for key in ("baseline.beta.mean", "effect.difference.normal.mean")
            )
            whole = 2 * offered["metrics.outcome.baseline.beta.mean"]
            assert base + effect == pytest.approx(whole)
            assert base == pytest.approx(share * whole, abs=0.0011)


DOTTED = re.compile(r"[a-z_]+\.(?:[a-z0-9_]+\.)*[a-z0-9_]+")
"""A key of a file, as `payments.activity.terms.1.share`."""


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_the_design_matrix_says_what_changes_in_words(file: Path, lang: Lang) -> None:
    """The name of the file with all values is the only thing with a dot in it."""
    fund, language = load_fund(file), Language(lang)
    found = matrix(fund, language)
    cells = [cell for row in found.rows for cell in (*row.cells, *found.notes)]
    said = " ".join(cells).replace("\u200b", "").replace("fund.resolved.toml", "")
    assert DOTTED.findall(said) == []
    for words in fund.designs.values():
        for kind, changed in words.changes.items():
            told = " ".join(changes_in_words(words, fund, language))
            assert language.title(fund.pipeline[kind].title, kind) in told
            keys = [*changed.variants, *changed.set]
            assert [key for key in keys if "_" in key and key in told] == []


def test_a_changed_number_is_told_with_its_value_before() -> None:
    """guarantee_fund: the activity payment of 40 % is gone, and the price is 10 % and not 6 %."""
    fund = load_fund(SHELF / "guarantee_fund.toml")
    for lang, wanted in (
        (
            "sv",
            (
                "andel som betalas: 0 % i stället för 40 %",
                "10 % per procentenhet i stället för 6 %",
            ),
        ),
        ("en", ("share that is paid: 0% instead of 40%", "10% per percentage point instead of 6%")),
    ):
        said = changes_in_words(fund.designs["no_floor"], fund, Language(lang))
        assert len(said) == 2
        for text in wanted:
            assert text in " ".join(said).replace("\u00a0", " ")


def test_many_changes_are_named_once_without_their_values() -> None:
    """uk_portfolio: two numbers in each of six kinds are twelve, more than eight."""
    fund = load_fund(SHELF / "uk_portfolio.toml")
    (said,) = changes_in_words(fund.designs["headline"], fund, Language("en"))
    assert said.count("level without the programme") == said.count("effect, as a diff") == 1
    assert "fund.resolved.toml" in said
