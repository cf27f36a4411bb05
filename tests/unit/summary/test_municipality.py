"""The municipality, the outcomes, society and the parties."""

import datetime
from dataclasses import replace

import numpy as np
import pytest

from simulator.results import DueLayout, Window
from simulator.summary import Accumulator
from tests.unit.summary.synthetic import (
    LINES,
    block,
    bullet,
    extra_figures,
    figures_of,
    layout,
    random_flows,
    scenario,
)
from tests.unit.summary.test_investor import summary_of
from tests.unit.summary.test_summary import summary_with


def test_a_year_is_what_falls_in_it():
    # start 2016-01-01, whole years: instant t at the end is year 2015 + t, at the start 2016 + t
    flows = random_flows(2000, 3)
    years = summary_of(flows)["municipality"]["by_year"]
    assert [entry["year"] for entry in years] == [2016, 2017, 2018, 2019]
    names = [line.name for line in LINES]
    mean = dict(zip(names, flows.mean(axis=2), strict=True))
    for entry in years:
        t = entry["year"] - 2015
        gross = mean["saving.care"][t] + mean["luck.care"][t]
        payments = mean["activity"][t] + mean["outcome"][t] + mean["adviser"][t]
        own = mean["own"][t] - mean["admin"][t]
        assert entry["gross_savings"]["estimate"] == pytest.approx(gross, rel=1e-12)
        assert entry["payments"]["estimate"] == pytest.approx(payments, rel=1e-12, abs=1e-12)
        assert entry["own_costs"]["estimate"] == pytest.approx(own, rel=1e-12)
        assert entry["received"]["estimate"] == 0.0
        assert entry["net"]["estimate"] == pytest.approx(gross - payments - own, rel=1e-11)


def test_years_add_up_to_the_whole_and_break_even_counts_paths():
    flows = random_flows(2000, 4)
    municipality = summary_of(flows)["municipality"]
    net = sum(entry["net"]["estimate"] for entry in municipality["by_year"])
    assert net == pytest.approx(municipality["net_budget_effect"]["estimate"], rel=1e-12)
    path = flows[6] + flows[7] - flows[3] - flows[4] - flows[10] - flows[2] + flows[9]
    running = path[1:].cumsum(axis=0)
    for entry, sums in zip(municipality["by_year"], running, strict=True):
        assert entry["break_even_probability"]["estimate"] == (sums >= -0.005).mean()
    last = municipality["by_year"][-1]["break_even_probability"]["estimate"]
    above = municipality["probability_positive"]["estimate"]
    assert last == pytest.approx(above + municipality["probability_zero"]["estimate"])
    assert above + municipality["probability_negative"]["estimate"] == pytest.approx(1.0)


def test_the_worst_year_is_the_one_with_the_lowest_mean():
    municipality = summary_of(random_flows(1000, 5))["municipality"]
    lowest = min(municipality["by_year"], key=lambda entry: entry["net"]["estimate"])
    assert municipality["worst_year"] == {"year": lowest["year"], "net": lowest["net"]}
    # every outcome payment falls in the last year
    assert municipality["worst_year"]["year"] == 2019


def test_provision_is_the_regression_on_what_has_been_saved():
    flows = random_flows(4000, 6)
    years = summary_of(flows)["municipality"]["by_year"]
    saved = (flows[6] + flows[7])[1:].cumsum(axis=0)
    for t in range(3):
        due = flows[4, t + 2 :].sum(axis=0)
        paid = flows[3:5, : t + 2].sum(axis=(0, 1))
        fitted = np.polyval(np.polyfit(saved[t], due, 1), saved[t])
        provision = years[t]["provision"]
        # the mean of fitted values is the mean of what is fitted
        assert provision["estimate"] == pytest.approx(fitted.mean(), rel=1e-12)
        shown = np.clip(fitted, 0.0, 130.0 - paid)
        for percent in (5, 50, 95):
            wanted = np.quantile(shown, percent / 100, method="inverted_cdf")
            assert provision[f"p{percent}"] == pytest.approx(wanted, rel=1e-9)
    # it depends on the results: an unconditional mean would be the same on every path
    assert years[2]["provision"]["p95"] > 2 * years[2]["provision"]["p5"]
    assert years[3]["provision"]["estimate"] == 0.0


def test_provision_when_savings_say_nothing_is_the_expected_payment():
    flows = bullet(np.array([0.0, 60.0, 30.0, 30.0]))
    flows[6, 1] = 10.0
    years = summary_of(flows)["municipality"]["by_year"]
    assert [entry["provision"]["estimate"] for entry in years] == [30.0, 30.0, 30.0, 0.0]
    assert years[0]["provision"]["p5"] == years[0]["provision"]["p95"] == 30.0


def test_settlement_error_has_two_sides():
    flows = random_flows(500, 7)
    municipality = summary_of(flows)["municipality"]
    luck = flows[7].sum(axis=0)
    for name, sign in (("overpayment", 1), ("underpayment", -1)):
        for key, share in (("with_activity", 0.6), ("without_activity", 0.5)):
            wanted = np.maximum(sign * share * luck, 0).mean()
            assert municipality[name][key]["estimate"] == pytest.approx(wanted, rel=1e-12)


def test_pockets_and_the_highest_payment():
    flows = random_flows(500, 8)
    made = summary_of(flows)["municipality"]
    (pocket,) = made["by_pocket"]
    assert (pocket["pocket"], pocket["holder"]) == ("children", "outcome_payer")
    assert pocket["title"] == {"en": "Children"}
    wanted = (flows[6] + flows[7]).sum(axis=0).mean()
    assert pocket["avoided"]["estimate"] == pytest.approx(wanted, rel=1e-12)
    assert pocket["cashable"]["estimate"] == pytest.approx(wanted / 2, rel=1e-12)
    assert made["maximum_payment"] == {"amount": 130.0, "year": 2019}
    unbounded = summary_of(flows, maximum_payment=None, maximum_payment_instant=None)
    assert unbounded["municipality"]["maximum_payment"] == {"amount": None, "year": None}


def test_a_pockets_years_are_what_its_lines_bring_in_each():
    """Yearly periods from 2016: instant t is the end of 2015 + t."""
    flows = random_flows(500, 18)
    made = summary_of(flows)["municipality"]
    (pocket,) = made["by_pocket"]
    assert [entry["year"] for entry in pocket["by_year"]] == [2016, 2017, 2018, 2019]
    for t, entry in enumerate(pocket["by_year"], 1):
        avoided = flows[6, t] + flows[7, t]
        assert entry["avoided"]["estimate"] == pytest.approx(avoided.mean(), rel=1e-12)
        assert entry["cashable"]["estimate"] == pytest.approx(flows[8, t].mean(), rel=1e-12)
        for percent in (5, 50, 95):  # a sketch with 7 bits of mantissa: within 1/128
            wanted = np.quantile(avoided, percent / 100, method="inverted_cdf")
            assert entry["avoided"][f"p{percent}"] == pytest.approx(wanted, rel=1 / 128)
        gross = made["by_year"][t - 1]["gross_savings"]["estimate"]
        assert entry["avoided"]["estimate"] == pytest.approx(gross, rel=1e-12)


def test_when_payments_fall_due_and_measures_are_taken():
    days = [datetime.date(2016, 2, 1), datetime.date(2018, 12, 31), datetime.date(2019, 6, 30)]
    payers = ("outcome_payer", "region")
    due = DueLayout("share", "outcome payment", payers, "investor", *days[1:], 2, 90.0)
    (measure,) = layout().measures
    timed = replace(measure, window=Window(*days))
    flows = random_flows(20, 19)
    names = {3: "payments.share.outcome_payer", 4: "payments.share.region", 10: "payments.sharex"}
    lines = tuple(replace(line, name=names.get(k, line.name)) for k, line in enumerate(LINES))
    made = summary_of(flows, lines=lines, dues=(due,), measures=(timed,))
    amount = made["contract"]["payments"][0].pop("expected_amount")
    paid = flows[3].sum(axis=0) + flows[4].sum(axis=0)  # both payers' shares, no other payment's
    assert amount["estimate"] == pytest.approx(paid.mean(), rel=1e-12)
    assert amount["p95"] == pytest.approx(np.sort(paid)[18], rel=1e-12)  # the 19th of 20
    assert made["contract"]["payments"] == [
        {
            "payment": "share",
            "kind": "outcome payment",
            "payers": ["outcome_payer", "region"],
            "payee": "investor",
            "first_due": "2018-12-31",
            "last_due": "2019-06-30",
            "claims": 2,
            "maximum_amount": 90.0,
        }
    ]
    assert made["measures"][0]["window"] == {
        "from": "2016-02-01",
        "to": "2018-12-31",
        "reported": "2019-06-30",
    }
    bare = summary_of(random_flows(20, 19))
    assert bare["contract"]["payments"] == []
    assert bare["measures"][0]["window"] is None


def test_parties_transfers_sum_to_zero_and_society_is_their_net():
    flows = random_flows(800, 9)
    made = summary_of(flows)
    parties = made["parties"]
    assert [party["name"] for party in parties] == sorted(party["name"] for party in parties)
    assert sum(party["transfers"]["estimate"] for party in parties) == pytest.approx(0, abs=1e-10)
    real = flows[[1, 6, 7, 9]].sum(axis=(0, 1)).mean()
    assert sum(party["net"]["estimate"] for party in parties) == pytest.approx(real, rel=1e-11)
    for party in parties:
        total = party["transfers"]["estimate"] + party["real"]["estimate"]
        assert party["net"]["estimate"] == pytest.approx(total, abs=1e-10)
        years = sum(entry["net"]["estimate"] for entry in party["by_year"])
        assert years == pytest.approx(party["net"]["estimate"], abs=1e-10)
    investor = next(party for party in parties if party["name"] == "investor")
    profit = made["investor"]["expected_profit"]["estimate"]
    assert investor["net"]["estimate"] == pytest.approx(profit, rel=1e-10)
    assert investor["title"] == {"en": "Investor"}


def test_amounts_that_cancel_are_nothing():
    # a provider that passes on what it gets: 0.1 + 0.2 − 0.3 is 5.6e-17, not a profit
    flows = np.zeros((len(LINES), 5, 100))
    flows[0, 0], flows[2, 1], flows[1, 1] = 0.1e6, 0.2e6, -0.3e6 - 2.0**-34
    provider = next(p for p in summary_of(flows)["parties"] if p["name"] == "service_provider")
    nothing = {"estimate": 0.0, "standard_error": 0.0, "mc_low": 0.0, "mc_high": 0.0}
    assert provider["net"] == {**nothing, "p5": 0.0, "p50": 0.0, "p95": 0.0}
    assert provider["by_year"][0]["net"]["estimate"] == 0.0
    flows[1, 1] = -0.3e6 - 0.001
    provider = next(p for p in summary_of(flows)["parties"] if p["name"] == "service_provider")
    assert provider["net"]["estimate"] == pytest.approx(-0.001, rel=1e-6)


def test_benefit_cost_is_a_ratio_of_means():
    flows = random_flows(700, 10)
    society = summary_of(flows)["society"]
    benefits = (flows[6] + flows[7]).sum(axis=0)
    costs = -(flows[1] + flows[9]).sum(axis=0)
    ratio = society["benefit_cost_ratio"]
    assert ratio["estimate"] == pytest.approx(benefits.mean() / costs.mean(), rel=1e-12)
    assert ratio["standard_error"] > 0
    wanted = (benefits - costs).mean()
    assert society["net_present_value"]["estimate"] == pytest.approx(wanted, rel=1e-12)


def test_outcomes_and_measures():
    flows, extra = random_flows(900, 11), extra_figures(900, 12)
    made = summary_with(flows, extra)
    (outcome,) = made["outcomes"]
    assert (outcome["metric"], outcome["n"], outcome["kind"]) == ("school", 60, "binary")
    assert outcome["title"] == {"en": "School"}
    assert outcome["expected_effect"]["estimate"] == pytest.approx(extra[0].mean(), rel=1e-12)
    assert outcome["true_effect"]["estimate"] == pytest.approx(extra[1].mean(), rel=1e-12)
    assert outcome["measured_effect"]["estimate"] == pytest.approx(extra[2].mean(), rel=1e-12)
    # measured values are whole; a target of 3 is met by exactly 3
    assert outcome["probability_of_target"]["estimate"] == (extra[2] >= 3).mean()
    assert (extra[2] == 3).sum() > 20
    cost = -flows[1].sum(axis=0).mean() / extra[0].mean()
    assert outcome["cost_per_additional_outcome"]["estimate"] == pytest.approx(cost, rel=1e-12)
    assert outcome["effect_per_krona"]["estimate"] == pytest.approx(1 / cost, rel=1e-12)
    (measure,) = made["measures"]
    assert measure["quantity"] == "effect"
    assert measure["measured"] == outcome["measured_effect"]
    assert measure["target"] == 3.0


def test_fewer_is_reached_from_above_and_an_unpaid_outcome_has_no_measure():
    flows, extra = random_flows(300, 13), extra_figures(300, 14)
    plain = layout()
    lower = plain.outcomes[0].__class__(
        "school", "count", "lower", 60, plain.outcomes[0].figure_expected, 25, "events"
    )
    count = plain.measures[0].__class__("school", ("school",), "count", 26, 27, 28, 3.0, 60)
    made = summary_with(flows, extra, outcomes=(lower,), measures=(count,))
    (outcome,) = made["outcomes"]
    assert outcome["probability_of_target"]["estimate"] == (extra[2] <= 3).mean()
    assert outcome["measured_effect"] is None  # a count is not an effect
    assert made["measures"][0]["measured"]["estimate"] == pytest.approx(extra[2].mean())
    unpaid = summary_with(flows, extra, measures=())["outcomes"][0]
    assert unpaid["measured_effect"] is None
    assert unpaid["probability_of_target"] is None
    assert unpaid["measures"] == []


def test_a_saving_is_the_effect_of_a_metric_in_money_unless_it_deducts_the_programme():
    flows, extra = random_flows(300, 18), extra_figures(300, 19)
    one = layout().outcomes[0]
    care = one.__class__("care", "amount", "lower", 60, one.figure_expected, 25, "SEK")
    saving = layout().measures[0].__class__("saving", ("care",), "saving", 26, 27, 28, None, 60)
    metrics = {"care": {"kind": "amount", "better": "lower", "baseline": 10.0}}
    for perimeter, seen in ((["care"], True), (["care", "programme_cost"], False)):
        measures = {"saving": {"perimeter": perimeter, "window": "2 years"}}
        gathered = Accumulator(layout(outcomes=(care,), measures=(saving,)))
        gathered.add(block(flows, 0, extra))
        words = scenario(metrics=metrics, measures=measures)
        made = gathered.summary(words, seed=1, version="0", scenario_hash="hash")
        (outcome,) = made["outcomes"]
        assert (outcome["measured_effect"] is not None) == seen
        assert outcome["cost_per_additional_outcome"] is None
        per_krona = extra[0].mean() / -flows[1].sum(axis=0).mean()
        assert outcome["effect_per_krona"]["estimate"] == pytest.approx(per_krona, rel=1e-12)
        assert outcome["measures"] == ["saving"]


def test_an_effect_that_does_harm_has_no_cost_per_additional_outcome():
    flows, extra = random_flows(300, 15), extra_figures(300, 16)
    extra[0] = -1.0
    (outcome,) = summary_with(flows, extra)["outcomes"]
    assert outcome["cost_per_additional_outcome"] is None
    # one outcome less on every path, for what is spent
    spent = -flows[1].sum(axis=0).mean()
    assert outcome["effect_per_krona"]["estimate"] == pytest.approx(-1 / spent, rel=1e-12)
    flows[1] = 0.0
    assert summary_with(flows, extra)["outcomes"][0]["effect_per_krona"] is None


def test_figures_of_the_made_up_contract_are_consistent():
    # guards the fixture itself: its profit is what the ledger brings the investor
    flows = random_flows(50, 17)
    figures = figures_of(flows, np.zeros((5, 50)))
    assert figures[3] == pytest.approx(flows[3:6].sum(axis=(0, 1)) - flows[0].sum(axis=0))
