"""Trials: a fund with something assumed otherwise, and whether the order of designs holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.errors import ScenarioError
from simulator.fund.load import load_fund
from simulator.fund.model import Fund, Trial
from simulator.fund.run import run_fund
from simulator.fund.tried import tree_of, tried
from tests.shelf import SHELF, funds
from tests.unit.fund.funds import fund, guarantee

RICH = Path(__file__).parents[2] / "cases" / "fund" / "valid" / "rich.toml"


def with_trials(words: Fund, **trials: dict[str, object]) -> Fund:
    made = {n: Trial.model_validate({"title": n} | trial) for n, trial in trials.items()}
    return words.model_copy(update={"robustness": made})


def test_a_trial_changes_what_it_names_and_nothing_else():
    rich = load_fund(RICH)
    trial = tried(rich, "stated")
    assert trial.behaviour.investor.belief is None
    assert trial.pipeline["twins"].reservation is None
    assert trial.behaviour.investor.hurdle == rich.behaviour.investor.hurdle
    assert trial.designs == rich.designs
    assert trial.robustness == {}
    assert tried(rich, "effort").behaviour.effort.value == 0.0


@pytest.mark.parametrize("file", [RICH, *funds(SHELF)], ids=lambda file: file.stem)
def test_the_tree_of_a_fund_gives_the_fund_back(file):
    known = load_fund(file)
    again = Fund.model_validate(tree_of(known))
    kept = {"name": known.name, "folder": known.folder, "robustness": known.robustness}
    assert again.model_copy(update=kept).model_dump() == known.model_dump()
    assert list(again.designs) == list(known.designs)
    assert list(again.pipeline) == list(known.pipeline)


def test_what_a_trial_leaves_nothing_to_do_is_left_out():
    # without a hurdle nobody asks what an investor believes, and no terms are loosened
    words = with_trials(load_fund(RICH), easy={"without": ["behaviour.investor.hurdle"]})
    trial = tried(words, "easy")
    assert trial.behaviour.investor.belief is None
    assert trial.behaviour.loosen is None


def test_a_trial_that_cannot_be_is_refused():
    words = with_trials(load_fund(RICH), bad={"set": {"designs.floor.coverage": 1.5}})
    with pytest.raises(ScenarioError, match="between 0 and 1"):
        tried(words, "bad")


# Coin contracts: 100 is drawn, 125 comes back with chance 0.8 (expected 100). An investor who asks
# for 5 % accepts with half of the loss covered (110) and not with a tenth (102); one who asks for
# 12 % accepts neither; nobody accepts without. Administration makes the small cover cost something.
DESIGNS = {
    "tenth": guarantee(0.1, administration=1.0),
    "half": guarantee(0.5, administration=1.0),
}


def test_the_order_holds_is_open_or_turns():
    words = fund((2,), DESIGNS, behaviour={"investor": {"hurdle": 0.05}})
    words = with_trials(
        words,
        same={"set": {"behaviour.investor.hurdle": 0.04}},
        nobody={"set": {"behaviour.investor.hurdle": 0.12}},
        turned={"set": {"designs.half.coverage": 0.05, "designs.tenth.coverage": 0.6}},
    )
    result = run_fund(words, paths=256, again=False)
    assert [row.name for row in result.robustness] == ["same", "nobody", "turned"]
    held = {row.name: row.orders[0] for row in result.robustness}
    assert all(order.figure == "additional_contracts" for order in held.values())
    made = {
        row.name: {d.name: d.additional_contracts["estimate"] for d in row.designs}
        for row in result.robustness
    }
    assert made["same"] == {"nothing": 0.0, "tenth": 0.0, "half": 2.0}
    assert made["nobody"] == {"nothing": 0.0, "tenth": 0.0, "half": 0.0}
    assert made["turned"] == {"nothing": 0.0, "tenth": 2.0, "half": 0.0}
    counts = {name: (o.settled, o.held, o.open, len(o.turned)) for name, o in held.items()}
    assert counts == {"same": (1, 1, 0, 0), "nobody": (1, 0, 1, 0), "turned": (1, 0, 0, 1)}
    (turned,) = held["turned"].turned
    assert (turned.better, turned.worse, turned.difference["estimate"]) == ("tenth", "half", 2.0)
    assert held["turned"].first == "tenth"
    assert (held["same"].lead, held["nobody"].lead) == (True, False)


def test_a_trial_without_consequence_gives_the_same_figures_bit_by_bit():
    words = fund((2,), DESIGNS, behaviour={"investor": {"hurdle": 0.05}})
    words = with_trials(words, same={"set": {"title": "another title"}})
    result = run_fund(words, paths=256, again=False)
    for design in result.robustness[0].designs:
        base = result.design(design.name)
        for key in ("contracts", "additional_outcomes", "net_public_cost"):
            assert getattr(design, key) == getattr(base, key)
