"""The commands that a report ends with: each is taken by the command line, with what was asked."""

import shlex
from typing import Any

import pytest

from simulator.cli.app import main
from simulator.scenario.numbers_of import assumptions
from simulator.views.report.chapters.again import COUNCIL, INVESTOR, commands, given_sentences
from simulator.views.report.chapters.back import reproduce_chapter
from simulator.views.report.municipality.basis import basis_section
from simulator.views.report.source import Run, Told
from tests.unit.views.page import PROVENANCE
from tests.unit.views.run import example

EFFECT, BASE = "metrics.cost.effect.ratio", "metrics.cost.baseline"
SENSITIVITY: dict[str, Any] = {
    "figures": [{"name": "investor.expected_profit", "asked": True}],
    "quantiles": [0.1, 0.9],
    "others": "means",
    "inputs": [{"name": EFFECT}, {"name": BASE}],
    "stresses": {"pairs": [{"names": [EFFECT, BASE]}]},
    "maps": [{"numbers": [EFFECT, BASE]}],
}
SOLVED = {
    "key": "payments.activity.terms.1.share",
    "target": {"figure": "investor.loss_probability", "sign": "<=", "level": 0.2},
}
INFORMATION: dict[str, Any] = {
    "designs": [{"name": "a"}, {"name": "a@in_house"}],
    "decisions": [
        {
            "studies": [
                {"study": "baseline=cost, n=300", "cost": 150_000.0},
                {"study": "pilot=work, n=60, comparison=60", "cost": None},
            ],
            "groups": [{"numbers": [EFFECT, BASE]}],
        }
    ],
    "precision": [
        {"change": "measures.saving.reference.size=240", "cost": 9e5, "cost_to": "evaluator"},
        {"change": "@window_3y", "cost": 2e5, "cost_to": "evaluator"},
    ],
    "acceptability": {"metric": "work", "prices": [{"price": 0.0}, {"price": 500_000.0}]},
    "simulation": {"luck": 8},
}
LOSS = {"figure": "investor.loss", "side": "above", "threshold": 5_900_000.0}
BENEFIT = {"figure": "society.net_present_value", "side": "below", "threshold": -2.5}
ANALYSES: dict[str, Any] = {
    "comparison": {
        "designs": [{"name": "a"}, {"name": "a@nothing"}],
        "assumptions": {"same_effect": 0.9, "payback_share": 1.0},
    },
    "sensitivity": SENSITIVITY,
    "switching": {"thresholds": [{"figure": "investor.loss_probability", "level": 0.2}]},
    "solved": {"solved": [{**SOLVED, "between": [0.3, 0.9]}, {**SOLVED, "key": BASE}]},
    "search": {
        "method": "sobol",
        "asked": 16,
        "terms": [
            {"key": SOLVED["key"], "low": 0.3, "high": 0.6},
            {"key": "limits.multiple", "low": 1.0, "high": 2.0},
        ],
    },
    "information": INFORMATION,
    "base_rates": {},
    "updating": {},
    "diff": {},
    "rare": {"rare": [LOSS, BENEFIT]},
    "settlement": {},
}


def told(analyses: dict[str, Any], lang: str = "en") -> Told:
    summary, flows, scenario = example()
    run = Run(summary, flows, scenario, assumptions(scenario), PROVENANCE, analyses)
    return Told(run, lang)


def taken(line: str) -> tuple[str, dict[str, Any]]:
    """The command and its parameters, as the command line reads them; nothing is run."""
    words = shlex.split(line)
    assert words[0] == "socsim"
    command = main.get_command(None, words[1])
    context = command.make_context(words[1], words[2:])
    assert context.params["paths"] == PROVENANCE["paths"]
    assert context.params["seed"] == PROVENANCE["seed"]
    return words[1], context.params


def test_every_analysis_that_is_shown_has_its_command():
    run = told(ANALYSES)
    names = [taken(line)[0] for line in commands(run, COUNCIL)]
    solves = ["solve"] * 4
    last = ["update", "diff"]
    assert names == ["run", "compare", "sensitivity", *solves, "information", *last]
    investor = [taken(line)[0] for line in commands(run, INVESTOR)]
    assert investor == [
        "run",
        "sensitivity",
        *solves,
        "information",
        "base-rates",
        *last,
        "rare",
        "rare",
    ]
    assert [taken(line)[0] for line in commands(told({}), COUNCIL)] == ["run"]


def test_options_are_those_that_were_asked_for():
    lines = [taken(line) for line in commands(told(ANALYSES), COUNCIL)]
    found = {name: params for name, params in lines if name != "solve"}
    assert found["compare"]["designs"] == ("a", "a@nothing")
    assert found["compare"]["same_effect"] == 0.9
    assert found["sensitivity"]["figures"] == ("investor.expected_profit",)
    assert found["sensitivity"]["quantiles"] == (0.1, 0.9)
    assert found["sensitivity"]["others"] == "means"
    assert found["sensitivity"]["maps"] == ((EFFECT, BASE),)
    assert found["sensitivity"]["pairs"] == ()  # the two that weigh most, as by default
    asked = found["information"]
    assert asked["against"] == ("a@in_house",)
    assert asked["studies"] == (
        "baseline=cost, n=300, cost=150000",
        "pilot=work, n=60, comparison=60",
    )
    assert asked["groups"] == (f"{EFFECT},{BASE}",)
    assert asked["changes"] == ("measures.saving.reference.size=240", "@window_3y")
    assert asked["costs"] == (900_000.0, 200_000.0)
    assert (asked["cost_to"], asked["outcome"]) == ("evaluator", "work")
    assert (asked["prices"], asked["luck"]) == ((0.0, 500_000.0), 8)


def test_rare_events_are_asked_for_again_in_their_order():
    loss, other = [
        p for name, p in map(taken, commands(told(ANALYSES), INVESTOR)) if name == "rare"
    ]
    assert (loss["loss"], loss["figure"]) == (5_900_000.0, None)
    asked = (other["figure"], other["above"], other["below"])
    assert asked == ("society.net_present_value", None, -2.5)


def test_solving_is_told_question_by_question_the_first_asked_first():
    found = [p for name, p in map(taken, commands(told(ANALYSES), COUNCIL)) if name == "solve"]
    switching, before, latest, search = found
    assert switching["switching"]
    assert switching["target"] == "investor.loss_probability = 0.2"
    assert (before["key"], before["between"]) == (BASE, None)
    assert (latest["key"], latest["between"]) == (SOLVED["key"], (0.3, 0.9))
    assert latest["target"] == "investor.loss_probability <= 0.2"
    assert search["ranges"] == (f"{SOLVED['key']}=0.3..0.6", "limits.multiple=1..2")
    assert (search["designs"], search["method"]) == (16, "sobol")


def test_what_is_asked_by_default_has_no_options():
    own = [{"figure": "investor.expected_profit", "level": 0.0}]
    names = (
        *("investor.expected_profit", "investor.loss_probability"),
        "municipality.net_budget_effect",
    )
    plain = {
        **SENSITIVITY,
        "figures": [{"name": name, "asked": True} for name in names],
        "quantiles": [0.05, 0.95],
        "others": "integrated",
        "maps": [],
    }
    lines = commands(told({"sensitivity": plain, "switching": {"thresholds": own}}), COUNCIL)
    ends = f"--paths {PROVENANCE['paths']} --seed {PROVENANCE['seed']}"
    assert lines[1:] == [
        f"socsim sensitivity scenario {ends}",
        f"socsim solve scenario --switching {ends}",
    ]


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_both_readers_get_the_commands(lang):
    run = told({"updating": {}, "base_rates": {}}, lang)
    assert "socsim base-rates" in str(reproduce_chapter(run))
    assert "socsim update" in str(basis_section(run))
    assert "socsim base-rates" not in str(basis_section(run))
    (interim,) = given_sentences(run)
    assert "INTERIM.toml" in interim
    assert interim in str(basis_section(run))
    assert interim in str(reproduce_chapter(run))
