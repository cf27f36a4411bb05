"""The investor's chapters follow the result, and the drawing of the parties holds any name."""

import copy
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from simulator.views.report.investor.diagram import Arrow, sequence_svg, wrapped
from simulator.views.report.investor.masses import name_of
from simulator.views.report.investor.payers import parties_picture
from simulator.views.report.source import Told
from tests.unit.views.page import read, rendered, source
from tests.unit.views.run import contract, example, simulated
from tests.unit.views.small import plain

HOSTILE = (
    '<script>alert("x")</script>',
    "=cmd|' /C calc'!A0",
    "\u202egnitirw",
    "W" * 300,
    "😀" * 40 + " & <b>",
)
_UNITS = {"money": 1e-6, "chance": 100.0, "number": 1.0}

# What is altered, what it becomes, and what the page must then say (and no longer say).
FOLLOWS = [
    ("investor.expected_multiple.estimate", 3.21, "3.21"),
    ("investor.irr_of_expected_cash_flow.estimate", 0.4321, "43.2%"),
    ("investor.net_present_value.p95", 77.7e6, "77.70"),
    ("investor.hurdle_probability.estimate", 0.3333, "66.7%"),
    ("investor.total_loss_probability.estimate", 0.0777, "7.8%"),
    ("investor.expected_shortfall_95.estimate", 8.765e6, "8.77"),
    ("investor.maximum_loss.amount", 7.654e6, "7.65"),
    ("investor.quantiles.irr.p95.estimate", 0.5678, "56.8%"),
    ("investor.by_year.1.net.p5", -9.876e6, "−9,876"),
    ("investor.by_year.2.cumulative_net.p95", 6.543e6, "6,543"),
    ("investor.point_masses.profit.0.share", 0.4567, "45.7%"),
    ("investor.loss_exceedance.4.probability.estimate", 0.6543, "65.4%"),
    ("cases.bad.parties.1.net", -6.789e6, "−6,789"),
    ("cases.good.profit", 5.432e6, "SEK +5.43 million"),
    ("cases.mean.parties.1.transfers", 4.321e6, "4,321"),
    ("contract.overpayment.without_activity.estimate", 66.6e6, "SEK 66.6 million"),
    ("guarantor.call_probability.estimate", 0.2345, "23.4%"),
    ("outcomes.1.true_effect.estimate", 54321.0, "54,321"),
    ("measures.0.service_users", 4242, "4,242"),
    ("simulation.sufficient.checks.0.value", 0.02468, "2.468%"),
    ("simulation.range_paths", 1357, "1,357"),
]


@pytest.mark.parametrize(("key", "value", "wanted"), FOLLOWS, ids=[case[0] for case in FOLLOWS])
def test_the_page_follows_the_result(key: str, value: float, wanted: str) -> None:
    summary = copy.deepcopy(example()[0])
    place: Any = summary
    *way, last = key.split(".")
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    place[last] = value
    before = plain(read(rendered("en")).text)
    after = plain(read(rendered("en", (summary, *example()[1:]))).text)
    assert wanted not in before
    assert wanted in after


def test_every_chapter_of_a_due_diligence_is_there_in_order() -> None:
    for lang in ("sv", "en"):
        ids = [name for name in read(rendered(lang)).ids if name in CHAPTERS]
        assert ids == list(CHAPTERS)


CHAPTERS = (
    *("summary", "payers", "contract", "strengths", "evidence", "settlement", "figures", "cash"),
    *("return", "exceedance", "cases", "parties", "stresses", "drivers", "counterparty"),
    *("outcomes", "assumptions", "convergence", "reproduce", "glossary"),
)


def test_the_cases_table_is_the_summary_and_its_transfers_sum_to_zero() -> None:
    tables = read(rendered("en")).tables
    rows = next(rows for name, rows in tables.items() if name.startswith("Each party's net, SEK"))
    cases = example()[0]["cases"]
    wanted = {p["title"]["en"]: p for p in cases["bad"]["parties"] if p["title"]}
    for row in rows[1:]:
        if row[0] in wanted:
            assert row[1] == f"{wanted[row[0]]['net'] / 1000:,.0f}".replace("-", "−")
    paid = next(rows for name, rows in tables.items() if name.startswith("Of which payments"))
    for column in (1, 2, 3):
        amounts = [float(row[column].replace("−", "-").replace(",", "")) for row in paid[1:]]
        assert abs(sum(amounts)) <= 0.5 * len(amounts)  # each rounded to a thousand


# --- what single amounts are called ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (0.0, "exactly what was put in comes back"),
        (-6e6, "all capital drawn, and only ‘Activity payment’ comes back"),
        (-10e6, "all capital drawn, and nothing comes back"),
        (2e6, "the cap: all capital drawn, and 120% of it is paid back"),
        (1.234e6, ""),
    ],
)
def test_a_point_mass_is_named_by_the_term_it_follows_from(value: float, wanted: str) -> None:
    summary = copy.deepcopy(example()[0])
    summary["investor"]["maximum_loss"] = {"amount": 6e6, "rests_on": ["payments.activity"]}
    told = Told(source((summary, *example()[1:])), "en")
    assert summary["investor"]["committed"] == 10e6
    assert plain(name_of(told, value)) == wanted


def test_a_guarantees_floor_and_a_tables_step_have_their_names() -> None:
    more = (
        '[guarantees.most]\ntitle = { en = "Cover" }\nreading = "maximum loss"\n'
        "maximum = { by_drawn = [[5_000_000, 1_000_000], [10_000_000, 2_500_000]] }\n"
        '[payments.steps]\ntitle = { en = "Steps" }\nof = "in_work"\n'
        'terms = [{ table = { form = "stepped", '
        "points = [[0.2, 4_000_000], [0.4, 13_000_000]] } }]\n"
    )
    told = Told(source(simulated(contract(more), 50)), "en")
    assert name_of(told, -1e6) == "‘Cover’ bears all loss beyond it"
    assert name_of(told, 3e6) == "all capital drawn, and a step of the table of ‘Steps’"


# --- the drawing of the parties -------------------------------------------------------------------


def _texts(svg: str) -> list[tuple[float, float, str]]:
    """Every text with its place."""
    root = ET.fromstring(svg)
    return [
        (float(node.attrib["x"]), float(node.attrib["y"]), node.text or "")
        for node in root.iter()
        if node.tag.endswith("text")
    ]


@pytest.mark.parametrize("count", [3, 5, 9])
def test_no_name_or_label_overlaps_another(count: int) -> None:
    parties = [f"The social services committee of municipality number {k}" for k in range(count)]
    arrows = [
        Arrow(k, (k + 2) % count, "a payment with a rather long explanation " * 2)
        for k in range(count)
    ]
    placed = _texts(str(sequence_svg(parties, arrows, "title")))
    boxes = [
        (x - 3.65 * len(text), y - 10, x + 3.65 * len(text), y + 3) for x, y, text in placed if text
    ]
    for k, (left, top, right, bottom) in enumerate(boxes):
        assert left >= -1
        assert right <= 901
        for other in boxes[k + 1 :]:
            apart = right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
            assert apart, (placed[k], other)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text_and_fits(name: str) -> None:
    svg = str(sequence_svg([name, "The fund", name], [Arrow(0, 1, name)], name))
    root = ET.fromstring(svg)  # well formed, so nothing broke out of its text
    assert {re.sub(r"^\{.*\}", "", node.tag) for node in root.iter()} == {
        *("svg", "title", "g", "rect", "text", "line", "path")
    }
    assert all(len(text) <= 45 for _, _, text in _texts(svg))
    wide = [text for _, _, text in _texts(svg) if set(text) == {"W"}]
    assert all(len(text) * 11 <= 300 for text in wide)  # a W of this size is 11 units wide


def test_a_name_is_wrapped_at_words_and_cut_with_an_ellipsis() -> None:
    assert wrapped("one two three", 7.3 * 8, 6) == ["one two", "three"]
    assert wrapped("abcdefghij", 7.3 * 5, 6) == ["abcde", "fghij"]
    assert wrapped("a b c d", 7.3 * 4, 1) == ["a b…"]
    assert wrapped("", 100, 2) == [""]


def test_the_drawing_has_every_payment_of_the_ledger_once() -> None:
    _, flows, _ = example()
    told = Told(source(), "en")
    picture = parties_picture(told)
    assert picture is not None
    between = flows[(flows["kind"] == "transfer") & (flows["payer"] != flows["payee"])]
    moves = between[["account", "payer", "payee"]].drop_duplicates()
    assert picture.alt.count(" to ") == len(moves)
    assert "The municipality to The fund: activity payment" in picture.alt
    assert "The state to The fund: guarantee payout" in picture.alt
    drawn = " ".join(text for _, _, text in _texts(str(picture.svg)))
    for words in ("capital, as it is drawn", "activity payment", "guarantee payout"):
        assert words in drawn


def test_a_contract_in_which_nobody_pays_has_no_drawing() -> None:
    summary, flows, scenario = example()
    told = Told(source((summary, flows[flows["kind"] != "transfer"], scenario)), "en")
    assert parties_picture(told) is None
