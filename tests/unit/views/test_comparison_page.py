"""The comparison's page: both languages whole, its numbers those of the data, hostile text text."""

from __future__ import annotations

import copy
import json
import re
from functools import cache
from html import unescape
from pathlib import Path

import pytest

from simulator.analysis import compare
from simulator.views.report.policy.comparison import render_comparison_report

DEAL = str(Path(__file__).parents[2] / "worked" / "deal.toml")
SIX = (
    "norrkoping",
    "norrkoping@window_3y",
    "norrkoping@guarantee_floor",
    "norrkoping@in_house",
    "norrkoping@internal_fund",
    "norrkoping@nothing",
)
CHAPTERS = ("summary", "designs", "scorecard", "differences", "frontier", "switching", "reproduce")


@cache
def comparison(*designs):
    return compare(designs, paths=256)


def compared(*designs):
    return comparison(*designs).to_dict()


def scenarios(*designs):
    return [design.base for design in comparison(*designs).designs]


def rendered(lang, *designs):
    return render_comparison_report(
        data=compared(*designs), scenarios=scenarios(*designs), lang=lang
    )


def row(text, label, skip=0):
    """The cells of the table row with this heading; one of an input by its key."""
    plain = re.sub(
        r'<th scope="row">[^<]*<br><code>(.*?)</code></th>',
        r'<th scope="row">\1</th>',
        text.replace("<wbr>", ""),
    )
    found = re.findall(rf'<tr[^>]*><th scope="row">{re.escape(label)}</th>(.*?)</tr>', plain)
    return [unescape(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", found[skip])]


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("designs", [SIX, (DEAL, f"{DEAL}@in_house")])
def test_the_page_is_whole_and_asks_for_nothing_from_outside(lang, designs):
    text = rendered(lang, *designs)
    assert text.startswith("<!DOCTYPE html>")
    assert f'<html lang="{lang}">' in text
    assert not re.search(r'(src|href)="(?!#)[^"]*//', text)
    assert "{{" not in re.sub(r"<script.*?</script>", "", text, flags=re.S)
    for chapter in CHAPTERS:
        assert (
            text.count(f'<section aria-labelledby="{chapter}">')
            + text.count(f'<section class="beside" aria-labelledby="{chapter}">')
            == 1
        ), chapter
    assert text == rendered(lang, *designs)


def test_the_deals_numbers_are_those_worked_by_hand():
    """Saving 800 − payments 400 = 400; in house 800 − programme 150 = 650: 250 more."""
    text = rendered("en", DEAL, f"{DEAL}@in_house", f"{DEAL}@nothing")
    assert row(text, "= net budget effect") == ["400", "650", "0"]
    assert row(text, "The outcome payer: net budget effect")[:2] == ["+250", "+250 to +250"]
    assert row(text, "The outcome payer: net budget effect", 1)[:2] == ["−400", "−400 to −400"]
    assert "net budget effect is SEK 250 higher on average" in text.replace("\u00a0", " ")
    assert "68.8% of the contract" in text  # 0.6875, where 150 is earned back


def test_differences_and_shares_are_those_of_the_data():
    data = compared(*SIX)
    found = {(d["design"], d["figure"]): d for d in data["differences"]}
    known = found["norrkoping@window_3y", "municipality.net_budget_effect"]
    gap = known["difference"]
    expected = [
        *(f"{gap['estimate'] / 1e6:+.2f}",),
        f"{gap['mc_low'] / 1e6:+.2f} to {gap['mc_high'] / 1e6:+.2f}",
        *(f"{known[side] * 100:.1f}%" for side in ("share_better", "share_worse")),
    ]
    text = rendered("en", *SIX)
    cells = row(text, "The municipality: net budget effect")
    assert [cell.replace("−", "-") for cell in cells] == expected


def figures(text):
    found = re.findall(r'<script type="application/json" id="([^"]+)-figure">(.*?)</script>', text)
    return {name: json.loads(data) for name, data in found}


def test_charts_hold_the_data_and_its_intervals():
    data = compared(*SIX)
    charts = figures(rendered("sv", *SIX))
    assert set(charts) == {"chart-differences", "chart-frontier"}
    gaps = [
        d["difference"]
        for d in data["differences"]
        if d["figure"] == "municipality.net_budget_effect"
    ]
    trace = charts["chart-differences"]["data"][0]
    assert trace["x"] == pytest.approx([g["estimate"] / 1e6 for g in gaps], abs=1e-6)
    beyond = [(g["mc_high"] - g["estimate"]) / 1e6 for g in gaps]
    assert trace["error_x"]["array"] == pytest.approx(beyond, abs=1e-6)
    backed, alone = charts["chart-frontier"]["data"]
    summaries = [design["summary"] for design in data["designs"]]
    profits = [s["investor"]["expected_profit"]["estimate"] / 1e6 for s in summaries[:3]]
    nets = [s["municipality"]["net_budget_effect"]["estimate"] / 1e6 for s in summaries]
    assert backed["y"] == pytest.approx(profits, abs=1e-6)
    assert backed["x"] + alone["x"] == pytest.approx(nets, abs=1e-6)
    assert alone["y"] == [0.0] * 3


def test_a_guarantee_that_costs_the_municipality_nothing_leaves_the_plain_contract_behind():
    """C pays the investor more than A and the municipality as much; B moves money between them."""
    text = rendered("en", *SIX)
    assert "more on average than B and C without giving the other less; for A there is" in text


def test_inputs_stand_by_design_and_reserved_designs_in_words():
    text = rendered("en", *SIX)
    window = [cell.replace("\u00a0", " ") for cell in row(text, "measures.saving.window")]
    assert window == ["2 years", "3 years", *["2 years"] * 4]
    guarantee = row(text, "guarantees.state")
    assert guarantee[:2] + guarantee[3:] == ["–"] * 5
    assert "reaches 50% of the capital drawn (floor)" in guarantee[2].replace("\u00a0", " ")
    assert row(text, "guarantees.state.coverage")[1:3] == ["–", "50%"]  # among all keys
    assert row(text, "parties.guarantor") == ["–", "–", "The state", "–", "–", "–"]
    assert "<dt>F  Doing nothing</dt><dd>No programme, no contract" in text


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_different_scenarios_are_told_by_meaning_with_all_keys_in_an_appendix(lang):
    text = rendered(lang, "norrkoping", "health_bond")
    matrix, appendix = text.split('<details class="every">')
    appendix = appendix.split("</details>")[0]
    assert matrix.count("<br><code>") < 60
    inputs = compared("norrkoping", "health_bond")["inputs"]
    assert appendix.count("<br><code>") == len(inputs) > 200
    drawn = row(text, "capital.drawdown")
    assert drawn == (
        ["när kostnader uppstår", "allt vid starten"]
        if lang == "sv"
        else ["as costs arise", "all at the start"]
    )
    assert ("olika kontrakt" if lang == "sv" else "different contracts") in matrix


def test_designs_beyond_six_stand_in_a_table_of_their_own_with_the_first():
    text = rendered("en", *SIX, "norrkoping@wide_perimeter", "norrkoping")
    assert len(row(text, "= net budget effect")) == 6
    assert len(row(text, "= net budget effect", 1)) == 3
    assert row(text, "= net budget effect")[0] == row(text, "= net budget effect", 1)[0]
    (itself,) = re.findall(r"<strong>H, .*?</strong>(.*?)</li>", text)
    assert itself.count("is the same") == 2


def summary_of(text):
    """The summary's sentences by design, and the note below them."""
    (chapter,) = re.findall(r'<section aria-labelledby="summary">(.*?)</section>', text, re.S)
    plain = unescape(chapter).replace("\u00a0", " ")
    sentences = dict(re.findall(r"<li><strong>(.), .*?</strong> (.*?)</li>", plain))
    return sentences, re.findall(r'<p class="note">(.*?)</p>', plain)


@pytest.mark.parametrize(
    ("lang", "guarantor", "error", "unclear"),
    [
        ("sv", "Garanten väntas betala 7", "B, kommunen", "säger de här framtiderna inte"),
        ("en", "The guarantor is expected to pay SEK 7", "B, the municipality", "do not tell"),
    ],
)
def test_the_summary_says_who_pays_and_leaves_the_intervals_to_its_note(
    lang, guarantor, error, unclear
):
    """Intervals are the simulation's own uncertainty; a reader would take them for the risk."""
    data = copy.deepcopy(compared(*SIX))
    paid = data["designs"][2]["summary"]["guarantor"]["expected_payout"]
    assert paid["estimate"] > 0
    paid["estimate"] = 7e5
    text = render_comparison_report(data=data, scenarios=scenarios(*SIX), lang=lang)
    sentences, (note,) = summary_of(text)
    assert guarantor in sentences["C"]
    assert not any(guarantor[:12] in words for name, words in sentences.items() if name != "C")
    assert not any("95" in words for words in sentences.values())
    assert error in note
    for gap in data["differences"]:
        if gap["design"] == data["designs"][1]["name"] and gap["difference"] is not None:
            gap["difference"].update(mc_low=-2e6, estimate=1e5, mc_high=2.2e6)
    text = render_comparison_report(data=data, scenarios=scenarios(*SIX), lang=lang)
    assert summary_of(text)[0]["B"].count(unclear) == 2


@pytest.mark.parametrize(("lang", "said"), [("sv", "Garanti från s"), ("en", "Guarantee from t")])
def test_a_guarantee_without_a_title_is_called_by_who_gives_it(lang, said):
    """Norrköping's is called `state` in the file, which is no Swedish word."""
    text = rendered(lang, *SIX)
    assert said in text
    assert ">State<" not in text


def test_a_design_against_itself_differs_in_nothing():
    text = rendered("en", DEAL, DEAL)
    assert 'id="chart-differences"' not in text
    assert "nothing differs in these figures" in text
    assert "socsim compare deal deal --paths 256 --seed 1" in text


def hostile(scenario, bad):
    """The scenario with bad words as the titles of what the matrix names."""
    title = {"sv": bad, "en": bad}
    rooms = {
        room: {
            name: thing.model_copy(update={"title": title})
            for name, thing in getattr(scenario, room).items()
        }
        for room in ("measures", "guarantees", "parties")
    }
    return scenario.model_copy(update=rooms)


def test_hostile_text_stays_text():
    bad = '</script><img src=x onerror="alert(1)">'
    data = copy.deepcopy(compared(*SIX))
    for design in data["designs"]:
        design["title"] = design["made"] = {"sv": bad, "en": bad}
        design["summary"]["scenario"]["title"] = {"sv": bad, "en": bad}
    own = [hostile(scenario, bad) for scenario in scenarios(*SIX)]
    for lang in ("sv", "en"):
        text = render_comparison_report(data=data, scenarios=own, overrides=[bad], lang=lang)
        assert text.count("&lt;/script&gt;&lt;img") > 8
        assert "<img src=x" not in text
        assert "&lt;img src=x" in text


def test_the_command_is_the_one_that_was_run():
    data = copy.deepcopy(compared(DEAL, f"{DEAL}@in_house"))
    data["assumptions"]["same_effect"] = 0.9
    own = scenarios(DEAL, f"{DEAL}@in_house")
    text = render_comparison_report(data=data, scenarios=own, overrides=["a.b=1 year"])
    said = "socsim compare deal deal@in_house --set 'a.b=1 year' --same-effect 0.9 --paths 256"
    assert said in unescape(text)
