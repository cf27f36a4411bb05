"""What the investor's report says in the edge cases, word for word in both languages."""

import copy
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from simulator.views.report.chapters.parties import parties_section, party_name
from simulator.views.report.investor.cases import cases_section
from simulator.views.report.investor.cash import cash_section
from simulator.views.report.investor.counterparty import counterparty_section
from simulator.views.report.investor.decision import decision_table, terms_in_short
from simulator.views.report.investor.exceedance import exceedance_section
from simulator.views.report.investor.impact import impact_section
from simulator.views.report.investor.strengths import strengths_section
from simulator.views.report.investor.summary import investor_summary
from simulator.views.report.parts import Chart, Section, Table
from simulator.views.report.source import Told
from tests.unit.views.page import source
from tests.unit.views.run import contract, simulated
from tests.unit.views.small import plain

LANGUAGES = ("sv", "en")
GUARANTEE = '[guarantees.state]\nreading = "floor"\ncoverage = 0.5\n'


@cache
def run_of(more: str = "", without: str = "") -> Any:
    return simulated(contract(more, **({without: ""} if without else {})), 400)


def told(lang: str, changes: dict[str, Any] | None = None, run: Any = None) -> Told:
    """The example with some figures of its summary set to what the case needs."""
    made = run or run_of()
    summary = copy.deepcopy(made[0])
    for key, value in (changes or {}).items():
        *way, last = key.split(".")
        place = summary
        for step in way:
            place = place[step]
        if isinstance(place[last], dict) and "estimate" in place[last] and not _is_table(value):
            place[last] = {**place[last], "estimate": value}
        else:
            place[last] = value
    return Told(source((summary, *made[1:])), lang)  # type: ignore[arg-type]


def _is_table(value: Any) -> bool:
    return value is None or isinstance(value, (dict, list))


def estimate(value: float, p5: float | None = None, p95: float | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"estimate": value, "standard_error": None}
    found |= {"mc_low": None, "mc_high": None}
    return found if p5 is None else {**found, "p5": p5, "p50": value, "p95": p95}


def text(section: Section | None) -> str:
    """Everything that a section says in sentences."""
    assert section is not None
    said = list(section.paragraphs)
    for part in section.parts:
        if isinstance(part, Chart):
            said.append(part.conclusion)
        said += list(getattr(part, "items", ())) + list(getattr(part, "notes", ()))
        said += list(getattr(part, "sentences", ()))
    return plain(" ".join(said))


SUMMARY = [
    (
        "loss certain",
        {"investor.loss_probability": 1.0, "investor.expected_multiple": 0.4},
        "Det är praktiskt taget säkert (100 %) att investeraren förlorar pengar.",
        "It is virtually certain (100%) that the investor loses money.",
    ),
    (
        "loss impossible",
        {"investor.loss_probability": 0.0, "investor.expected_multiple": 1.1},
        "Det är ytterst osannolikt (0 %) att investeraren förlorar pengar.",
        "It is exceptionally unlikely (0%) that the investor loses money.",
    ),
    (
        "interval spans zero",
        {"municipality.net_budget_effect": estimate(1e6, -2e6, 3e6)},
        "Utfallen spänner över noll: kontraktet kan bli en vinst eller en förlust för budgeten.",
        "The range spans zero: the contract may turn out a gain or a loss for the budget.",
    ),
    (
        "negative savings",
        {"municipality.net_budget_effect": estimate(-4e6, -7e6, -1e6)},
        "Kommunens budget väntas förlora 4,00 mnkr över 3 år, när undvikna kostnader räknas som "
        "besparingar; utfallen går från −7,00 mnkr till −1,00 mnkr (5–95 %).",
        "The municipality's budget is expected to lose SEK 4.00 million over 3 years, counting "
        "avoided costs as savings; outcomes run from SEK −7.00 million to SEK −1.00 million "
        "(5–95%).",
    ),
]


@pytest.mark.parametrize(("changes", "sv", "en"), [case[1:] for case in SUMMARY])
def test_the_summary_says_what_the_result_is(changes: dict[str, Any], sv: str, en: str) -> None:
    assert sv in text(investor_summary(told("sv", changes)))
    assert en in text(investor_summary(told("en", changes)))


def test_a_loss_that_cannot_be_has_no_mean() -> None:
    never = text(investor_summary(told("en", {"investor.loss_probability": 0.0})))
    assert "In the futures where the investor loses" not in never
    assert "In the futures where the investor loses" in text(investor_summary(told("en")))


WORST = [
    (
        {"investor.maximum_loss": {"amount": None, "rests_on": []}},
        "Ingen högsta förlust är uträknad",
        "No highest loss is worked out",
    ),
    (
        {"investor.maximum_loss": {"amount": 10e6, "rests_on": []}},
        "Ingen betalning räknas som säker",
        "No payment counts as certain",
    ),
    (
        {"investor.maximum_loss": {"amount": 6e6, "rests_on": ["payments.activity"]}},
        "Att inte mer kan förloras vilar på ”Aktivitetsersättning”",
        "That no more can be lost rests on ‘Activity payment’",
    ),
    (
        {
            "investor.maximum_loss": {
                "amount": 5e6,
                "rests_on": ["payments.activity", "guarantees.state"],
            }
        },
        "vilar på ”Aktivitetsersättning” och ”garanti från staten”",
        "rests on ‘Activity payment’ and ‘guarantee from the state’",
    ),
]


@pytest.mark.parametrize(("changes", "sv", "en"), WORST)
def test_the_worst_case_says_what_it_rests_on(changes: dict[str, Any], sv: str, en: str) -> None:
    for lang, wanted in (("sv", sv), ("en", en)):
        assert wanted in plain(" ".join(decision_table(told(lang, changes)).notes))


def test_no_guarantee_is_said_in_the_terms_and_among_the_weaknesses() -> None:
    run = run_of(without=GUARANTEE)
    for lang, short, weak in (
        (
            "sv",
            "inget: ingen garanti täcker investerarens förlust",
            "Ingen garanterar någon del av förlusten.",
        ),
        (
            "en",
            "none: no guarantee covers the investor's loss",
            "Nobody guarantees any part of the loss.",
        ),
    ):
        cells = [cell for row in terms_in_short(told(lang, run=run)).rows for cell in row.cells]
        assert short in cells
        assert weak in text(strengths_section(told(lang, run=run)))
        assert weak not in text(strengths_section(told(lang)))


EXCEEDANCE = [
    (
        [{"loss": 0.0, "probability": estimate(0.0)}],
        "I ingen simulerad framtid förlorar investeraren något under kontraktets tid.",
        "In no simulated future does the investor lose anything over the contract's life.",
    ),
    (
        [
            {"loss": 0.0, "probability": estimate(1.0)},
            {"loss": 1e6, "probability": estimate(0.25)},
            {"loss": 2e6, "probability": estimate(0.0)},
        ],
        "Under kontraktets tid: något förloras i 100 % av framtiderna, mer än 1,00 mnkr i "
        "25,0 % och mer än 2,00 mnkr i ingen.",
        "Over the contract's life something is lost in 100% of futures, more than SEK 1.00 "
        "million in 25.0% and more than SEK 2.00 million in none.",
    ),
]


@pytest.mark.parametrize(("points", "sv", "en"), EXCEEDANCE)
def test_exceedance_says_how_much_is_lost_how_often(points: list[Any], sv: str, en: str) -> None:
    for lang, wanted in (("sv", sv), ("en", en)):
        section = exceedance_section(told(lang, {"investor.loss_exceedance": points}))
        assert wanted in text(section)


def test_exceedance_is_drawn_as_the_steps_at_which_it_is_counted() -> None:
    """Above 1 million in 25 %: the curve stays at 100 % up to there, and falls there."""
    points = EXCEEDANCE[1][0]
    for lang, note in (
        ("sv", "vid varje 1,00 mnkr i förlust, och kurvan ritas som de stegen"),
        ("en", "at every SEK 1.00 million of loss, and the curve is drawn as those steps"),
    ):
        section = exceedance_section(told(lang, {"investor.loss_exceedance": points}))
        assert section is not None
        chart = section.parts[0]
        assert isinstance(chart, Chart)
        (curve,) = chart.figure["data"]
        assert (curve["mode"], curve["line"]["shape"]) == ("lines", "hv")
        assert (curve["x"], curve["y"]) == ([0.0, 1.0, 2.0], [100.0, 25.0, 0.0])
        assert chart.table is not None
        assert note in plain(" ".join(chart.table.notes))


def _years(*rows: tuple[int, float, float]) -> list[dict[str, Any]]:
    return [
        {
            "year": year,
            "net": estimate(net, net - 1, net + 1),
            "cumulative_net": estimate(total, total - 1e6, total + 1e6),
        }
        for year, net, total in rows
    ]


CASH = [
    (
        _years((2024, -3e6, -3e6), (2025, 2e6, -1e6)),
        "Mest går ut 2024: netto väntas 3,00 mnkr. Mest kommer tillbaka 2025: netto väntas "
        "2,00 mnkr. Räknat vid årsskiften väntas som mest 3,00 mnkr vara utestående, vid slutet "
        "av 2024; när 2025 är slut väntas investeraren ha förlorat 1,00 mnkr.",
        "Most goes out in 2024: SEK 3.00 million net is expected. Most comes back in 2025: SEK "
        "2.00 million net is expected. Counted at year-ends, at most SEK 3.00 million is "
        "expected to be outstanding, at the end of 2024; by the end of 2025 the investor is "
        "expected to have lost SEK 1.00 million.",
    ),
    (  # one year, in which all comes back
        _years((2024, 2e6, 2e6)),
        "Inget väntas vara utestående vid något årsskifte; när 2024 är slut väntas 2,00 mnkr ha "
        "kommit in netto.",
        "Nothing is expected to be outstanding at any year's end; by the end of 2024 a net of "
        "SEK 2.00 million is expected to have come in.",
    ),
]


@pytest.mark.parametrize(("years", "sv", "en"), CASH)
def test_the_cash_flow_says_when_it_goes_out_and_comes_back(
    years: list[Any], sv: str, en: str
) -> None:
    for lang, wanted in (("sv", sv), ("en", en)):
        assert wanted in text(cash_section(told(lang, {"investor.by_year": years})))


def test_nothing_that_moves_has_no_cash_flow_chapter() -> None:
    none = estimate(0.0, 0.0, 0.0)
    still = [{"year": 2024, "net": none, "cumulative_net": none}]
    assert cash_section(told("en", {"investor.by_year": still})) is None
    assert cases_section(told("en", {"cases": None})) is None


RULES = [
    (
        {"investor.expected_multiple": 1.2, "investor.loss_probability": 0.05},
        "I genomsnitt kommer mer tillbaka än som satsas: 1,20 per satsad krona. Investeraren "
        "förlorar sällan: i 5,0 % av framtiderna.",
        "On average more comes back than is put in: 1.20 per krona. The investor seldom "
        "loses: in 5.0% of futures.",
        ("förlorar ofta", "often loses"),
    ),
    (
        {"investor.expected_multiple": 0.8, "investor.loss_probability": 0.4},
        "I genomsnitt kommer mindre tillbaka än som satsas: 0,80 per satsad krona. Investeraren "
        "förlorar ofta: i 40,0 % av framtiderna.",
        "On average less comes back than is put in: 0.80 per krona. The investor often "
        "loses: in 40.0% of futures.",
        ("förlorar sällan", "seldom loses"),
    ),
    (  # between the thresholds neither is said
        {"investor.loss_probability": 0.2},
        "Styrkor, svagheter",
        "Strengths, weaknesses",
        ("förlorar ofta", "often loses"),
    ),
    (
        {"investor.expected_profit": estimate(-1e6, -5e6, 2e6)},
        "Ett dåligt fall kostar mer än ett bra ger: var tjugonde framtid ger en förlust på "
        "minst 5,00 mnkr, var tjugonde en vinst på minst 2,00 mnkr.",
        "A bad case costs more than a good one brings: one future in twenty loses SEK 5.00 "
        "million or more, one in twenty gains SEK 2.00 million or more.",
        ("Ingen högsta förlust", "No highest loss"),
    ),
    (
        {"investor.maximum_loss": {"amount": None, "rests_on": []}},
        "Ingen högsta förlust går att räkna ut ur villkoren.",
        "No highest loss can be worked out from the terms.",
        ("Ingen återbetalning räknas", "No repayment counts"),
    ),
]


@pytest.mark.parametrize(("changes", "sv", "en", "never"), RULES)
def test_a_rule_speaks_only_where_its_condition_holds(
    changes: dict[str, Any], sv: str, en: str, never: tuple[str, str]
) -> None:
    for lang, wanted, unwanted in (("sv", sv, never[0]), ("en", en, never[1])):
        section = strengths_section(told(lang, changes))
        assert section is not None
        said = f"{section.title} {text(section)}"
        assert wanted in said
        assert unwanted not in said


def test_without_events_the_counterparty_is_said_to_be_outside_the_figures() -> None:
    sv, en = (text(counterparty_section(told(lang))) for lang in LANGUAGES)
    assert sv.startswith("Ingen händelse är med i modellen. Att kommunen betalar sent")
    assert en.startswith("No event is modelled. That the municipality pays late")


EVENT = '[events.stop]\ntitle = { sv = "Avbrott", en = "Stop" }\nkind = "late payment"\nby = '
EVENT += '"outcome_payer"\nchance = 0.1\ndelay = "1 year"\n'


@pytest.mark.parametrize(
    ("chance", "sv", "en"),
    [
        (
            0.12,
            "Troligast är ”Avbrott”: det inträffar i 12,0 % av framtiderna.",
            "Likeliest is ‘Stop’: it happens in 12.0% of futures.",
        ),
        (
            0.0,
            "Ingen av dem inträffar i någon simulerad framtid; troligast är ”Avbrott”, med 0 %.",
            "None of them happens in any simulated future; likeliest is ‘Stop’, with 0%.",
        ),
    ],
)
def test_events_are_told_with_their_probability(chance: float, sv: str, en: str) -> None:
    run = run_of(EVENT)
    events = [{**run[0]["events"][0], "probability": estimate(chance)}]
    for lang, wanted in (("sv", sv), ("en", en)):
        assert wanted in text(counterparty_section(told(lang, {"events": events}, run)))


@pytest.mark.parametrize(("by", "stands"), [("investor", True), ("service_provider", False)])
def test_an_early_end_mitigates_only_where_it_is_the_investors_own(by: str, stands: bool) -> None:
    more = (
        '[parties.service_provider]\ntitle = { sv = "Utföraren", en = "The provider" }\n'
        '[events.stop]\ntitle = { sv = "Slut", en = "End" }\nkind = "termination"\n'
        f'by = "{by}"\nper_year = 0.1\n'
    )
    for lang, wanted in (
        ("sv", "Investeraren kan avsluta kontraktet i förtid: ”Slut”."),
        ("en", "The investor may end the contract early: ‘End’."),
    ):
        run = run_of(more)
        assert (wanted in text(strengths_section(told(lang, run=run)))) == stands


IMPACT = [
    (
        estimate(6.0, -2.0, 14.0),
        estimate(150_000.0),
        estimate(1 / 150_000),  # 6.667 for each million
        "”i arbete”: i genomsnitt når 6,0 fler deltagare dit än som hade gjort det ändå (−2,0 "
        "till 14,0, 5–95 %); hela insatsen kostar 150 tkr för var och en av dem, det vill säga "
        "6,67 per mnkr.",
        "‘in work’: 6.0 more service users reach it than would have anyway, on average (−2.0 to "
        "14.0, 5–95%); the whole programme costs SEK 150,000 for each of them, which is 6.67 for "
        "each SEK million.",
    ),
    (  # a result that was stored before anybody asked for the effect of a krona
        estimate(6.0, -2.0, 14.0),
        estimate(150_000.0),
        None,
        "hela insatsen kostar 150 tkr för var och en av dem.",
        "the whole programme costs SEK 150,000 for each of them.",
    ),
    (  # nobody enrolled: no effect, and no cost for each
        estimate(0.0, 0.0, 0.0),
        None,
        estimate(0.0),
        "”i arbete”: i genomsnitt når inte fler deltagare dit än som hade gjort det ändå",
        "‘in work’: on average no more service users reach it than would have anyway",
    ),
]


def outcome_of(metric: str, **values: Any) -> list[dict[str, Any]]:
    """One outcome of the example with these figures."""
    known = {entry["metric"]: entry for entry in run_of()[0]["outcomes"]}
    return [{**known[metric], **values}]


@pytest.mark.parametrize(("effect", "cost", "per", "sv", "en"), IMPACT)
def test_impact_says_how_many_and_at_what_cost(
    effect: Any, cost: Any, per: Any, sv: str, en: str
) -> None:
    outcomes = outcome_of(
        "work", true_effect=effect, cost_per_additional_outcome=cost, effect_per_krona=per
    )
    for lang, wanted in (("sv", sv), ("en", en)):
        assert wanted in text(impact_section(told(lang, {"outcomes": outcomes})))


FEWER = [
    (
        estimate(6.0, -2.0, 14.0),
        150_000.0,
        "”i arbete”: i genomsnitt 6,0 färre deltagare än det annars hade blivit (−2,0 till 14,0, "
        "5–95 %; minus är fler); hela insatsen kostar 150 tkr för var och en av dem, det vill "
        "säga 6,67 per mnkr.",
        "‘in work’: 6.0 fewer service users than there would have been, on average (−2.0 to 14.0, "
        "5–95%; minus is more); the whole programme costs SEK 150,000 for each of them, which is "
        "6.67 for each SEK million.",
    ),
    (  # nothing is spent in the scenario, so none of them has a price
        estimate(6.0, 2.0, 14.0),
        0.0,
        "”i arbete”: i genomsnitt 6,0 färre deltagare än det annars hade blivit (2,0 till 14,0, "
        "5–95 %).",
        "‘in work’: 6.0 fewer service users than there would have been, on average (2.0 to 14.0, "
        "5–95%).",
    ),
    (
        estimate(-1.5, -6.0, 2.0),
        None,
        "”i arbete”: i genomsnitt inte färre deltagare än det annars hade blivit; skillnaden är "
        "1,5 fler (−6,0 till 2,0, 5–95 %; minus är fler).",
        "‘in work’: on average no fewer service users than there would have been; the difference "
        "is 1.5 more (−6.0 to 2.0, 5–95%; minus is more).",
    ),
]


@pytest.mark.parametrize(("effect", "cost", "sv", "en"), FEWER)
def test_of_what_nobody_wants_there_are_fewer(effect: Any, cost: Any, sv: str, en: str) -> None:
    outcomes = outcome_of(
        "work",
        better="lower",
        true_effect=effect,
        cost_per_additional_outcome=None if cost is None else estimate(cost),
        effect_per_krona=estimate(1 / 150_000),
    )
    for lang, wanted in (("sv", sv), ("en", en)):
        assert wanted in text(impact_section(told(lang, {"outcomes": outcomes})))


def test_the_party_that_is_society_has_a_name_in_both_languages() -> None:
    unlisted = {"name": "society", "title": None}
    assert party_name(unlisted, told("sv").names) == "Samhället"
    assert party_name(unlisted, told("en").names) == "Society"


def test_a_party_that_nothing_happens_to_has_no_row() -> None:
    """The investor of a contract in classes is its lenders; they have the rows."""
    parties = copy.deepcopy(run_of()[0]["parties"])
    still = {key: estimate(0.0, 0.0, 0.0) for key in ("transfers", "real", "net")}
    years = [{**row, "net": estimate(0.0, 0.0, 0.0)} for row in parties[0]["by_year"]]
    parties.append({"name": "still", "title": {"en": "Still"}, **still, "by_year": years})
    section = parties_section(told("en", {"parties": parties}))
    assert section is not None
    tables = [part for part in section.parts if isinstance(part, Table)]
    tables += [part.table for part in section.parts if isinstance(part, Chart)]
    rows = [row.cells[0] for table in tables for row in table.rows]
    assert "Still" not in rows
    assert "The municipality" in rows


def test_a_guarantee_that_is_hardly_ever_called_pays_nothing_in_one_future_of_twenty() -> None:
    """Called in 0.2 %: the highest twentieth begins at nothing, and nothing is said of it."""
    for payout, sv in (
        (estimate(23.0, 0.0, 0.0), "garanten väntas betala 23 kr."),
        (estimate(5e5, 0.0, 2e6), "väntas betala 500 tkr, och i var tjugonde framtid minst 2,00"),
    ):
        figures = {"expected_payout": payout, "call_probability": estimate(0.002)}
        assert sv in text(parties_section(told("sv", {"guarantor": figures})))


def test_a_contract_without_private_capital_has_no_chapters_on_return() -> None:
    bare = told("en")
    summary = {**bare.summary, "investor": {**bare.summary["investor"], "expected_multiple": None}}
    no_capital = Told(replace(bare.run, summary=summary), "en")
    assert strengths_section(no_capital) is None
    kinds = {part.kind for part in investor_summary(no_capital).parts}
    assert "cards" not in kinds
    assert "footnotes" not in kinds
