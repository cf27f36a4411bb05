"""The settlement page: self-contained, in both languages, with every step and a place to sign."""

from __future__ import annotations

import html
import re

import pytest

from simulator.api import load_scenario, settle
from simulator.views.report.settlement import Origin, render_settlement
from simulator.views.terminal import settlement_lines

ORIGIN = Origin("9.9", "results & more.toml", "abc123")
PLAIN = Origin("9.9")


def page(lang="en", variants=(), overrides=(), origin=PLAIN, results=None):
    scenario = load_scenario("norrkoping", variants=variants, overrides=overrides)
    return render_settlement(settle(scenario, results).to_dict(), scenario, origin, lang)


def plain(text: str) -> str:
    """The page's words, with single spaces."""
    bare = html.unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", text, flags=re.S))
    return " ".join(bare.replace("\u00a0", " ").split())


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_page_needs_nothing_from_outside(lang):
    text = page(lang)
    assert f'<html lang="{lang}">' in text
    assert not re.search(r"<(script|link|img|iframe)\b|url\(|@import", text)
    assert text == page(lang)


def test_the_page_says_what_went_in_what_came_out_and_who_signs():
    text = plain(page())
    assert "share 40% 7,500,000 3,000,000" in text
    assert "condition: the programme was carried out as planned: holds" in text
    assert (
        "31 December 2019: from Norrköping municipality to Leksell Social Ventures AB (investor)"
        in text
    )
    assert "Agrees with the published settlement (Altinget, " in text
    assert "The investor's profit −4,500,000 −4,500,000" in text
    assert text.count("place and date, name, signature") == 3
    assert "socsim settle norrkoping --lang en" in text
    assert "9.9" in text


def test_what_no_source_gives_is_told():
    text = plain(page("sv"))
    assert "Vad insatsen kostade är inte angivet; det antas vara det som drogs." in text
    assert "Kontraktsvillkor som ingen källa anger" in text


@pytest.mark.parametrize(
    ("lang", "said", "other"),
    [
        ("sv", ("(faktaruta)", "Ett oberoende tal", "Publicerat som 7,5 miljoner"), "independent"),
        (
            "en",
            ("(fact box)", "An independent number", "Published as 7.5 million"),
            "oberoende tal",
        ),
    ],
)
def test_what_is_said_of_the_settlement_is_in_the_readers_language(lang, said, other):
    statement = settle(load_scenario("norrkoping")).to_dict()
    terminal = " ".join("\n".join(settlement_lines(statement, lang)).split())
    for text in (plain(page(lang)), terminal):
        assert all(words in text for words in said)
        assert other not in text


def test_limits_and_guarantees_stand_on_the_page():
    overrides = ("realised.measures.saving=12e6", "payments.upside.terms=[{ share = 1 }]")
    text = plain(page(variants=("guarantee_floor", "cap_8_a_year"), overrides=overrides))
    assert "Limit that bound: the investor's return a year, with compound interest" in text
    # 4.5 million of the saving, all 12 million above and 3 million for activity
    assert "what the payments of the day come to 19,500,000" in text
    assert "Guarantee: state (a floor)" in text
    # the values were changed: what was read and written about the real ones is not about these
    assert "Values from" not in text
    assert "Published as 7.5 million dearer" not in text
    assert "50% of it is covered 7,500,000 3,750,000" in text


def test_a_results_file_and_its_hash_are_named_and_escaped():
    results = {"drawn": 7.5e6, "measures": {"saving": 4e6, "school_improved": 0.34}}
    text = page(origin=ORIGIN, results=results)
    assert "results &amp; more.toml" in text
    assert "abc123" in text
    assert "published</th>" not in text


@pytest.mark.parametrize(
    ("variants", "said"),
    [
        (("guarantee_floor",), "Settled on the values measured for the contract as signed"),
        (("window_3y",), "Settled on values that the variant gives"),
    ],
)
def test_under_a_variant_nothing_is_held_against_what_was_published(variants, said):
    scenario = load_scenario("norrkoping", variants=variants)
    data = settle(scenario).to_dict()
    for text in (
        plain(page(variants=variants)),
        " ".join(" ".join(settlement_lines(data, "en")).split()),
    ):
        assert said in text
        assert "An independent number" not in text
        assert not re.search(r"settled published", text)


def test_a_programme_that_was_not_completed_is_explained():
    results = {"drawn": 2e6, "completed": False, "measures": {"saving": 0, "school_improved": 0.1}}
    text = plain(page(results=results))
    assert "was not carried out as planned" in text
    assert "the programme was carried out as planned: does not hold, nothing is paid" in text
    assert "Carried out as planned no" in text
