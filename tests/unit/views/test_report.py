"""The report as a file: complete, offline, escaped, the same bytes every time."""

import base64
import gzip
import json
import re
import time
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest

from simulator.scenario.numbers_of import assumptions
from simulator.views.language import Language
from simulator.views.report import render_report
from simulator.views.report.page import days, margins
from simulator.views.report.parts import label, script_json
from tests.unit.views.page import PROVENANCE, Page, read, rendered, source
from tests.unit.views.run import contract, example, simulated

HOSTILE = '<script>alert("x")</script>&"\'</script><img src=http://evil.example/x onerror=alert(1)>'


@cache
def html(lang: str, reader: str = "investor") -> str:
    return rendered(lang, reader=reader)


@cache
def page(lang: str, reader: str = "investor") -> Page:
    return read(html(lang, reader))


def figures(text: str) -> dict[str, dict]:
    found = re.findall(
        r'<script type="application/json" id="([a-z-]+)-figure">(.*?)</script>', text, re.S
    )
    return {name: json.loads(body) for name, body in found}


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_structure_one_heading_of_the_first_rank_and_none_skipped(lang: str) -> None:
    found = page(lang).headings
    assert found[0] == 1
    assert found.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(found))
    assert dict(page(lang).tags[0][1]) == {"lang": lang}
    assert len(page(lang).ids) == len(set(page(lang).ids))


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize(
    ("reader", "wanted"),
    [
        ("investor", {"chart-measured", "chart-cash", "chart-return", "chart-parties"}),
        ("municipality", {"chart-budget", "chart-even"}),
    ],
)
def test_every_chart_has_its_caption_its_table_and_its_alternative_text(
    lang: str, reader: str, wanted: set[str]
) -> None:
    tags = page(lang, reader).tags
    charts = [given for tag, given in tags if tag == "div" and given.get("class") == "chart"]
    assert {chart["id"] for chart in charts} >= wanted
    pictures = [given for _, given in tags if given.get("class") == "picture"]
    assert sum(tag == "figcaption" for tag, _ in tags) == len(charts) + len(pictures)
    for picture in pictures:
        assert picture["role"] == "img"
        assert len(str(picture["aria-label"])) > 40
    assert sum(tag == "details" for tag, _ in tags) == len(charts)
    for chart in charts:
        assert chart["role"] == "img"
        assert len(str(chart["aria-label"])) > 40
        assert str(chart["data-figure"]) in page(lang, reader).ids


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_nothing_in_the_page_leads_to_another_host_but_the_sources(lang: str) -> None:
    tags = page(lang).tags
    assert [href for href in page(lang).links if not href.startswith("#")] == [
        "https://example.org/paper"
    ]
    for _, given in tags:
        for key in ("src", "srcset", "action", "data", "poster"):
            assert not given.get(key)
    assert not [tag for tag, _ in tags if tag in ("link", "iframe", "object", "embed", "base")]
    policy = next(
        given["content"]
        for _, given in tags
        if given.get("http-equiv") == "Content-Security-Policy"
    )
    assert "default-src 'none'" in str(policy)
    assert "http" not in str(policy)


def test_the_headline_table_is_the_summary() -> None:
    summary, _, scenario = example()
    language = Language("en", scenario.currency)
    table = next(rows for name, rows in page("en").tables.items() if name.startswith("Key figures"))
    rows = {row[0]: row[1:] for row in table}
    investor, municipality = summary["investor"], summary["municipality"]
    drawn, effect = investor["drawn"], municipality["net_budget_effect"]
    assert rows["Capital drawn"] == ["7.50"] * 4
    assert drawn["estimate"] == 7.5e6
    assert rows["Probability of loss"][0] == language.percent(
        investor["loss_probability"]["estimate"]
    )
    assert rows["Net budget effect"] == [
        language.decimal(effect[key] / 1e6, 2) for key in ("estimate", "p5", "p50", "p95")
    ]
    assert "Net present value" not in rows  # society has no rate here


def test_the_budget_table_is_the_summary_and_its_total_the_sum() -> None:
    summary, _, _ = example()
    language = Language("sv")
    years = summary["municipality"]["by_year"]
    table = next(
        rows
        for name, rows in page("sv", "municipality").tables.items()
        if name.startswith("Kommunens budget")
    )
    assert [row[0] for row in table[1:]] == ["2024", "2025", "2026", "Summa"]
    for row, year in zip(table[1:], years, strict=False):
        net = year["net"]
        assert row[1] == language.decimal(year["gross_savings"]["estimate"] / 1000)
        assert row[3] == language.decimal(-year["payments"]["estimate"] / 1000)
        assert row[5:] == [
            language.decimal(net[key] / 1000) for key in ("estimate", "p5", "p50", "p95")
        ]
    total = sum(year["net"]["estimate"] for year in years)
    assert table[-1][5] == language.decimal(total / 1000)


def test_the_pocket_table_adds_up_the_ledgers_saving_lines() -> None:
    _, flows, _ = example()
    saved = flows[flows["account"].isin(["saving", "luck"])]
    language = Language("en")
    table = next(
        rows for name, rows in page("en").tables.items() if name.startswith("Expected saving by")
    )
    by_year = saved.groupby("year")["mean"].sum()
    assert table[0][1:] == [str(year) for year in by_year.index]
    assert table[1] == ["Social services", *(language.decimal(v / 1000) for v in by_year)]


def test_the_return_chart_shows_every_future_once() -> None:
    summary, _, _ = example()
    drawn = figures(html("en"))["chart-return"]
    bars = [trace for trace in drawn["data"] if trace["type"] == "bar"]
    bins = summary["investor"]["histogram"]["profit"]
    beyond = 100 * (bins["below"] + bins["above"]) / bins["paths"]
    assert sum(sum(trace["y"]) for trace in bars) + beyond == pytest.approx(100, abs=0.2)
    masses = {m["value"]: m["share"] for m in summary["investor"]["point_masses"]["profit"]}
    assert set(masses) == {-4.5e6, 1.5e6}
    assert bars[1]["x"] == [-4.5, 1.5]
    labels = drawn["layout"]["annotations"]
    assert labels[0]["text"].startswith("−4.50<br>")
    assert max(label["y"] for label in labels) < drawn["layout"]["yaxis"]["range"][1]


def test_charts_are_safe_from_plotlys_upload_button() -> None:
    for wanted in ("showSendToCloud: false", 'plotlyServerURL: ""', "displaylogo: false"):
        assert wanted in html("en")


def test_the_bundle_is_plotlys_own_and_packed_without_a_clock() -> None:
    from plotly.offline import get_plotlyjs

    packed = re.search(r'id="plotly-bundle">([^<]*)<', html("en"))
    assert packed is not None
    data = base64.b64decode(packed[1])
    assert data[4:8] == b"\0\0\0\0"  # no time in the gzip header
    assert gzip.decompress(data).decode("utf-8") == get_plotlyjs()


def test_the_same_run_gives_the_same_bytes_and_fits_in_three_megabytes() -> None:
    assert rendered("sv") == html("sv")
    assert len(html("sv").encode()) < 3e6


def test_clock_and_host_never_reach_the_page() -> None:
    summary, cash_flows, scenario = example()
    clock = {"created": "2031-05-06T07:08:09+00:00", "host": "some-host", "seconds": 12.345}
    run = replace(source((summary, cash_flows, scenario)), provenance={**PROVENANCE, **clock})
    for reader in ("investor", "municipality"):
        assert render_report(run, reader, "sv") == html("sv", reader)


def test_a_report_takes_less_than_three_seconds() -> None:
    example()
    start = time.perf_counter()
    rendered("en")
    assert time.perf_counter() - start < 3


def test_hostile_names_are_shown_and_never_run() -> None:
    title = json.dumps(HOSTILE)
    more = f"[parties.evaluator]\ntitle = {{ en = {title} }}\nsource = {title}\n"
    made = contract(
        more,
        **{
            'sv = "Exempel", en = "Example"': f"en = {title}",
            'en = "placement cost"': f"en = {title}",
            'en = "the saving"': f"en = {title}",
            'en = "The municipality"': f"en = {title}",
            'en = "Social services"': f"en = {title}",
        },
    )
    # 10 places are hostile at the least; none of them opens an element
    text = rendered("en", simulated(made, 300))
    found = read(text)
    assert HOSTILE in found.text
    assert "<script>alert" not in text
    assert not [given for tag, given in found.tags if tag == "img" and given.get("src")]
    assert sum(tag == "script" for tag, _ in found.tags) == len(figures(text)) + 2
    for figure in figures(text).values():
        assert "<script" not in json.dumps(figure)
        assert "<img" not in json.dumps(figure)


def test_a_source_that_is_no_web_address_is_no_link() -> None:
    made = contract(**{"https://example.org/paper": "javascript:alert(1)"})
    found = read(rendered("en", simulated(made, 300)))
    assert [href for href in found.links if not href.startswith("#")] == []
    assert "A paper" in found.text


def test_json_in_the_page_cannot_end_its_script() -> None:
    packed = script_json({"a": "</script>\u2028&"})
    assert "<" not in packed
    assert "\u2028" not in packed
    assert json.loads(packed) == {"a": "</script>\u2028&"}
    with pytest.raises(ValueError, match="not JSON compliant"):
        script_json({"a": float("nan")})


def test_long_names_wrap_and_markup_is_text_in_labels() -> None:
    assert label("a" * 80).count("<br>") == 2
    assert label("<b>x</b> & y") == "&lt;b&gt;x&lt;/b&gt; &amp; y"


def test_variants_overrides_and_what_happened_are_told() -> None:
    summary, cash_flows, scenario = example()
    changed = scenario.model_copy(
        update={
            "variant": ("window_3y",),
            "overrides": ("capital.commitment=9e6",),
            "realised": type(scenario)
            .model_fields["realised"]
            .annotation.__args__[0](drawn=7.5e6, published={"repaid": 3e6, "source": "paper"}),
        }
    )
    told = {
        **summary,
        "scenario": {**summary["scenario"], "variant": ["window_3y"], "name": "my case"},
    }
    text = read(rendered("en", (told, cash_flows, changed))).text
    assert "about the variant window_3y" in text
    assert "Changed for this run: capital.commitment=9e6." in text
    assert (
        "socsim run 'my case' --variant window_3y --set capital.commitment=9e6 "
        "--paths 3000 --seed 7" in text
    )
    assert "repaid SEK\u00a03\u00a0million, according to A paper" in text


def test_assumptions_are_marked_and_stand_before_facts() -> None:
    text = page("en").text
    assert text.index("Assumptions (illustrative)") < text.index("Read in a source.")
    table = next(rows for name, rows in page("en").tables.items() if "Illustrative:" in name)
    cashable = next(row for row in table if row[0].startswith("Social services: cashable"))
    assert cashable[1:] == ["80%", "assumption", "staff cannot be released"]


def test_numbers_that_say_nothing_of_their_ground_are_counted_apart() -> None:
    counts = Counter(row.grade for row in assumptions(example()[2]))
    assert counts["ungraded"] > 0
    assert counts["assumption"] > 0
    total = sum(counts.values())
    assert (
        f"Of the {total} numbers in this analysis, {counts['assumption']} are assumptions without "
        f"a source in facts and {counts['ungraded']} do not say what they rest on"
        in page("en").text
    )
    assert (
        f"{counts['assumption']} är antaganden och {counts['ungraded']} säger inte vad de vilar på"
        in page("sv").text
    )


def test_without_a_budget_the_headline_says_what_is_paid_and_counts_no_savings() -> None:
    summary, cash_flows, scenario = example()
    net = {"estimate": -2e6, "mc_low": -2.1e6, "mc_high": -1.9e6}
    net |= {"p5": -3e6, "p50": -2e6, "p95": -1e6}
    municipality = {**summary["municipality"], "by_pocket": [], "net_budget_effect": net}
    told = {**summary, "municipality": municipality}
    text = read(rendered("sv", (told, cash_flows, scenario))).text.replace("\u00a0", " ")
    assert "Kommunen väntas betala 2,00 mnkr" in text
    assert "utfallen går från 1,00 mnkr till 3,00 mnkr (5–95 %). Besparingar räknas inte." in text
    assert "Besparing i egna budgetar" not in text


def test_without_savings_no_column_counts_them() -> None:
    summary, cash_flows, scenario = example()
    nothing = dict.fromkeys(("estimate", "mc_low", "mc_high", "p5", "p50", "p95"), 0.0)
    years = [{**year, "gross_savings": nothing} for year in summary["municipality"]["by_year"]]
    municipality = {**summary["municipality"], "by_year": years}
    told = {**summary, "municipality": municipality}
    found = read(rendered("en", (told, cash_flows, scenario), "municipality"))
    table = next(rows for name, rows in found.tables.items() if "budget by calendar year" in name)
    full = next(
        rows
        for name, rows in page("en", "municipality").tables.items()
        if "budget by calendar year" in name
    )
    assert "Savings are not counted. Amounts are nominal" in found.text
    assert len(full[0]) - len(table[0]) == 1
    # the payments are one column further to the left, the total row among them
    assert [row[2] for row in table[1:]] == [row[3] for row in full[1:]]
    assert not any(
        "with cashable savings only" in head for rows in found.tables.values() for head in rows[0]
    )


def test_a_reason_in_one_language_only_is_marked_with_it() -> None:
    summary, cash_flows, _ = example()
    made = contract().model_copy(deep=True)
    note = {"en": "staff cannot be released"}
    number = made.pockets["care"].cashable.model_copy(update={"note": note})
    pocket = made.pockets["care"].model_copy(update={"cashable": number})
    told = made.model_copy(update={"pockets": {"care": pocket}})
    marked = '<span lang="en">staff cannot be released</span>'
    assert marked in rendered("sv", (summary, cash_flows, told))
    assert marked not in rendered("en", (summary, cash_flows, told))


def test_a_contract_without_capital_has_a_report_too() -> None:
    summary, cash_flows, scenario = example()
    bare = {
        **summary,
        "investor": {
            **summary["investor"],
            "expected_multiple": None,
            "irr_of_expected_cash_flow": None,
            "loss_probability": None,
        },
        "guarantor": None,
        "measures": [],
    }
    found = read(rendered("sv", (bare, cash_flows, scenario)))
    assert "chart-return" not in found.ids
    council = read(rendered("sv", (bare, cash_flows, scenario), "municipality"))
    assert "chart-budget" in council.ids


def test_a_title_keeps_its_spaces_in_the_margin_of_the_paper() -> None:
    # in CSS one space after an escaped number is part of the number
    assert 'content: "A fund\\3a  three\\2c  four"' in margins("A fund: three, four")


def test_a_date_in_a_table_is_never_broken_and_other_cells_are_escaped() -> None:
    kept = days("2 gånger, 2026-06-30 till <2027-06-30>")
    assert kept == (
        '2 gånger, <span class="day">2026-06-30</span> till '
        '&lt;<span class="day">2027-06-30</span>&gt;'
    )
    assert days("<b>") == "<b>"  # as text, which the page escapes
