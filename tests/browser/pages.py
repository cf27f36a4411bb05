"""Every kind of page in both languages, and crowded ones: what tests of the form go through."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from simulator import (
    Questions,
    load_scenario,
    search,
    sensitivity,
    simulate,
    solve,
    sweep,
    switching_values,
)
from simulator.analysis import compare
from simulator.fund.load import load_fund
from simulator.fund.results import FundResult
from simulator.scenario.model import Scenario
from simulator.store import run_of
from simulator.views import report
from simulator.views.report.policy.comparison import render_comparison_report
from simulator.views.report.policy.fund import render_fund_report
from simulator.views.sweeping import render_sweep
from tests.browser.test_fund_report import RICH
from tests.unit.views.fund_result import estimate, fund_result
from tests.unit.views.page import rendered
from tests.unit.views.run import Run, contract, simulated
from tests.unit.views.test_settlement_page import page as settlement

DESIGNS = ("norrkoping", "norrkoping@window_3y", "norrkoping@in_house", "norrkoping@nothing")


@cache
def compared():
    """Four designs of a contract."""
    made = compare(DESIGNS, paths=256)
    return made.to_dict(), [design.base for design in made.designs]


def comparison(lang: str) -> str:
    data, scenarios = compared()
    return render_comparison_report(data=data, scenarios=scenarios, lang=lang)


def fund(lang: str, result: FundResult | None = None) -> str:
    return render_fund_report(result=result or fund_result(), fund=load_fund(RICH), lang=lang)


SHARES = ("payments.activity.terms.1.share", "payments.savings_share.terms.1.share")


@cache
def analyses() -> dict[str, object]:
    """A sensitivity analysis with a map, switching values, a solved term and a search."""
    scenario = load_scenario("norrkoping")
    pair = ("metrics.placement_cost.effect.ratio", "capital.costs.per_year")
    ranges = {SHARES[0]: (0.2, 0.8), SHARES[1]: (0.2, 1.0)}
    found = solve(scenario, SHARES[0], "investor.expected_profit = 0", paths=256)
    return {
        "sensitivity": sensitivity(
            scenario, questions=Questions(maps=(pair,)), paths=256
        ).to_dict(),
        "switching": switching_values(scenario, paths=256).to_dict(),
        "solved": {"schema_version": 1, "solved": [found.to_dict()]},
        "search": search(scenario, ranges, designs=16, paths=256).to_dict(),
    }


@cache
def norrkoping() -> report.Run:
    """A shipped contract with all those analyses beside it."""
    return replace(run_of(simulate(load_scenario("norrkoping"), paths=256)), analyses=analyses())


@cache
def swept(keys: int) -> dict[str, object]:
    """A sweep over one or two keys."""
    over = [f"{key}=0.2..0.8:4" for key in SHARES[:keys]]
    return sweep(load_scenario("norrkoping"), over, paths=256).to_dict()


def sweep_page(lang: str, keys: int) -> str:
    return render_sweep(swept(keys), load_scenario("norrkoping"), lang)


KINDS = {
    "investor": lambda lang: rendered(lang, reader="investor"),
    "municipality": lambda lang: rendered(lang, reader="municipality"),
    "investor with every analysis": lambda lang: report.render_report(
        norrkoping(), "investor", lang
    ),
    "municipality with every analysis": (
        lambda lang: report.render_report(norrkoping(), "municipality", lang)
    ),
    "sweep over one key": lambda lang: sweep_page(lang, 1),
    "sweep over two keys": lambda lang: sweep_page(lang, 2),
    "comparison": comparison,
    "fund": fund,
    "settlement": settlement,
}
"""A page of each kind in a language."""


@cache
def html_of(kind: str, lang: str) -> str:
    """A page of a kind, written once."""
    return KINDS[kind](lang)


LONG = "A programme of intensive support at home for families where children have been placed"


def crowded_contract() -> Scenario:
    """Twenty years, twenty cohorts and a party, all with long names."""
    cohorts = "\n".join(
        f'[cohorts.group_{n}]\ntitle = "{LONG}, group {n}"\nservice_users = {n}'
        for n in range(1, 21)
    )
    return contract(
        **{
            'horizon = "3 years"': 'horizon = "20 years"',
            "[cohorts.all]\nservice_users = 60": cohorts,
            'en = "The municipality"': f'en = "{LONG}, the municipality"',
            'sv = "Kommunen"': f'sv = "{LONG}, kommunen"',
            'en = "The fund"': f'en = "{LONG}, the fund"',
            'en = "the saving"': f'en = "{LONG}, the saving"',
            'sv = "besparingen"': f'sv = "{LONG}, besparingen"',
        }
    )


@cache
def crowded_run() -> Run:
    return simulated(crowded_contract(), 300)


def crowded_fund() -> FundResult:
    """Forty kinds of contract, offered over twenty years."""
    result = fund_result()
    kind, row = result.kinds[0], result.designs[0].by_kind
    names = [f"kind_{n}" for n in range(1, 41)]
    kinds = tuple(
        {**kind, "name": name, "title": {"sv": f"{LONG} {n}", "en": f"{LONG} {n}"}}
        for n, name in enumerate(names, 1)
    )
    designs = tuple(
        replace(
            design,
            title={"sv": f"{LONG} {n}", "en": f"{LONG} {n}"},
            by_year=tuple(
                replace(design.by_year[year % 4], year=2027 + year) for year in range(20)
            ),
            by_kind=tuple(replace(row[0], kind=name, contracts=estimate(0.5)) for name in names),
        )
        for n, design in enumerate(result.designs, 1)
    )
    return replace(result, kinds=kinds, designs=designs, years=20, loosened=())


CROWDED = {
    "investor": lambda lang: rendered(lang, crowded_run(), "investor"),
    "municipality": lambda lang: rendered(lang, crowded_run(), "municipality"),
    "fund": lambda lang: fund(lang, crowded_fund()),
}
"""Pages with as much in them as a user may have."""


@cache
def crowded_html(kind: str, lang: str) -> str:
    return CROWDED[kind](lang)
