"""The investor's loss had the payers paid on the expected effect, against the twin.

The engine takes it from two figures of a path: profit before protection less the payers' settlement
errors. The twin settles the whole contract a second time, on expected values, with its own
drawdown, defaults, delays, fees and waterfall. Where the engine says that the two are the same they
agree on every path; where it says why not, they are not.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from simulator.api import load_scenario, simulate
from simulator.plan.on_expected import why_not_apart
from tests.reference.path import path_model, profits_before_protection
from tests.test_twin import CASES, NEAR, SEED, TOLERANCE, made

PATHS = 10
SHELF = Path(__file__).parent.parent / "scenarios"
APART = [file for file in CASES if not why_not_apart(load_scenario(file))]


CASES_BY_NAME = {file.stem: file for file in CASES}


@cache
def both(file, *overrides):
    """(engine's, twin's, as paid) profits before protection on the paths that can be compared."""
    if overrides:
        scenario = load_scenario(file, overrides=overrides)
        run = simulate(scenario, paths=PATHS, seed=SEED, keep="paths")
        models = [path_model(scenario, SEED, path) for path in range(PATHS)]
    else:
        run, models = made(file)
    engine = run.paths[:PATHS]
    several = "contract.settlement_error" in engine.columns
    error = engine[f"{'contract' if several else 'municipality'}.settlement_error"]
    profit = (engine["investor.profit_before_protection"] - error).to_numpy()
    twin = [profits_before_protection(model) for model in models[:PATHS]]
    usable = [p for p in range(PATHS) if all(twin[p][kind] >= near for kind, near in NEAR.items())]
    assert len(usable) >= PATHS - 2
    found = ([twin[p][key] for p in usable] for key in ("ideal", "paid"))
    return profit[usable], *map(np.array, found)


@pytest.mark.parametrize("file", APART, ids=lambda file: file.stem)
def test_profit_on_the_expected_effect_is_the_contract_settled_again(file):
    engine, twin, _ = both(file)
    scale = np.max(np.abs(twin), initial=1.0)
    np.testing.assert_allclose(engine, twin, rtol=0, atol=TOLERANCE * scale)


def test_the_twins_cases_miss_on_both_sides():
    """Else the comparison above would hold of a figure without any settlement error."""
    gaps = np.concatenate([paid - ideal for _, ideal, paid in map(both, APART)])
    assert (gaps > 1.0).sum() >= 20
    assert (gaps < -1.0).sum() >= 20


WITH_GRANT = 'capital.classes.fund={ share = 0.3, kind = "grant", residual = 1.0 }'
TO_PROVIDER = 'payments.{}.payee="service_provider"'
SAME = [
    # paid on the cost alone to another than the investor: it cannot miss
    ("given", (TO_PROVIDER.format("delivery"),)),
    # two loans, no account: what the waterfall shares out is theirs together
    ("recycling", ("capital.recycling=false",)),
    # a grant and an own fee, but every payment goes to a loan by name
    ("classes", ()),
]
OTHER = [
    ("recycling", (), "recycling"),
    ("recycling", ("capital.recycling=false", WITH_GRANT), "classes"),
    ("placements", (TO_PROVIDER.format("upside"),), "payees"),
    ("payers_fail", (), "payers"),
    ("families", ('fees.success.payer="investor"',), "fees"),
]


@pytest.mark.parametrize(("name", "overrides"), SAME, ids=[name for name, _ in SAME])
def test_what_cannot_miss_or_stays_among_the_loans_is_told_apart(name, overrides):
    file = CASES_BY_NAME[name]
    assert why_not_apart(load_scenario(file, overrides=overrides)) == ()
    engine, twin, _ = both(file, *overrides)
    scale = np.max(np.abs(twin), initial=1.0)
    np.testing.assert_allclose(engine, twin, rtol=0, atol=TOLERANCE * scale)


@pytest.mark.parametrize(("name", "overrides", "why"), OTHER, ids=[why for *_, why in OTHER])
def test_where_the_summary_says_why_not_the_figures_would_be_wrong(name, overrides, why):
    file = CASES_BY_NAME[name]
    assert why in why_not_apart(load_scenario(file, overrides=overrides))
    engine, twin, _ = both(file, *overrides)
    assert np.max(np.abs(engine - twin)) > 10 * TOLERANCE * np.max(np.abs(twin))


def test_the_keys_are_null_and_say_why_where_the_error_is_not_the_investors_alone():
    made = simulate(load_scenario(CASES_BY_NAME["payers_fail"]), paths=64, seed=SEED).summary()
    found = made["investor"]["before_protection"]
    assert found["settlement_error_not_apart"] == ["payers", "fees"]
    assert [found[key] for key in KEYS] == [None] * 4


KEYS = (
    "expected_loss_on_expected_effect",
    "loss_probability_on_expected_effect",
    "expected_loss_from_settlement_error",
    "loss_probability_from_settlement_error",
)


def test_the_summary_counts_them_over_the_paths():
    """Norrköping, 512 paths: means of losses beyond half a unit, and of their differences."""
    run = simulate(load_scenario(SHELF / "norrkoping.toml"), paths=512, seed=SEED, keep="paths")
    before = run.paths["investor.profit_before_protection"].to_numpy()
    ideal = before - run.paths["municipality.settlement_error"].to_numpy()
    lost = [np.where(-profit > 0.005, -profit, 0.0) for profit in (ideal, before)]
    is_lost = [-profit > 0.005 for profit in (ideal, before)]
    found = run.summary()["investor"]["before_protection"]
    assert found["settlement_error_not_apart"] == []
    wanted = (
        lost[0].mean(),
        is_lost[0].mean(),
        (lost[1] - lost[0]).mean(),
        is_lost[1].mean() - is_lost[0].mean(),
    )
    for key, value in zip(KEYS, wanted, strict=True):
        assert found[key]["estimate"] == pytest.approx(value, rel=1e-9), key
    paired = found["expected_loss_from_settlement_error"]["standard_error"]
    assert paired == pytest.approx((lost[1] - lost[0]).std(ddof=1) / 512**0.5, rel=1e-9)
    whole = found["expected_loss_on_expected_effect"]["estimate"]
    added = found["expected_loss_from_settlement_error"]["estimate"]
    assert whole + added == pytest.approx(found["expected_loss"]["estimate"], rel=1e-9)
