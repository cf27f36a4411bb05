"""The parts of importance sampling by hand: sums, pilot, what is refused, what is said."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from simulator.decisions.experiment import Experiment
from simulator.decisions.rare import rare
from simulator.decisions.rare.asking import LEAST, _at_most
from simulator.decisions.rare.pilot import find_shift
from simulator.decisions.rare.weighing import Event, Weights, reckon
from simulator.errors import SocsimError
from simulator.plan.build import build
from simulator.plan.shifting import moves_of, shifted
from simulator.scenario.load import load_scenario
from simulator.views.deciding import Deciding
from simulator.views.language import Language
from simulator.views.rare import rare_lines, rare_sentence, small

NUMBERS = Path(__file__).parents[2] / "statistical" / "numbers.toml"


def test_sums_by_hand():
    """Two strata. Plain: 2 paths, one beyond by 3 with weight 2. Moved: 4 paths, two beyond by 1
    and 2 with weight ½ each.

    P = (2 + ½ + ½)/6 = 0.5; Σwe = 6 + 0.5 + 1 = 7.5, so m = 7.5/3 = 2.5.
    Plain: n·var(w) = 2·(4 − 4/2)/1 = 4; moved: 4·(½ − 1/4)/3 = 1/3; variance of P = (4 + 1/3)/36.
    w(e − m): plain 2·0.5 = 1 and 0: 2·(1 − ½)/1 = 1; moved ½·(−1.5), ½·(−0.5), 0, 0: sum −1, sum
    of squares 0.5625 + 0.0625 = 0.625: 4·(0.625 − 0.25)/3 = 0.5; variance of m = 1.5/9.
    Plain paths: P(1 − P)/6 = 1/24; Σw(e − m)² = 2·0.25 + ½·2.25 + ½·0.25 = 1.75, over 6, over 6·P².
    Effective: 3²/(4 + ¼ + ¼) = 2.
    """
    #                n, hits, empty, w, w², we, we², w²e, w²e²
    plain = np.array([2, 1, 0, 2, 4, 6, 18, 12, 36.0])
    moved = np.array([4, 2, 0, 1, 0.5, 1.5, 2.5, 0.75, 1.25])
    found = reckon([plain, moved])
    assert (found.chance, found.excess) == (0.5, 2.5)
    assert found.variance == pytest.approx(((4 + 1 / 3) / 36, 1.5 / 9))
    assert found.plain == pytest.approx((1 / 24, 1.75 / 6 / (6 * 0.25)))
    assert found.effective == pytest.approx(2.0)
    assert reckon([np.zeros(9), moved]) is None
    nothing = np.array([4, 0, 0, 0, 0, 0, 0, 0, 0.0])
    assert reckon([nothing, nothing]) is None


def test_the_pilot_finds_the_way():
    """(3·g₀ + 4·g₁)/5 > 4: along (0.6, 0.8) to E[z | z > 4] = 4.2256; the third stays."""

    def draw(shift, number):
        scores = np.random.default_rng(number).standard_normal((3, 8_192))
        scores += np.array(shift)[:, None]
        return (3 * scores[0] + 4 * scores[1]) / 5, scores

    shift, rounds = find_shift(Event("x", 4.0, 1), 3, draw)
    assert shift == pytest.approx((0.6 * 4.2256, 0.8 * 4.2256, 0.0), abs=0.25)
    levels = [entry.level for entry in rounds]
    assert levels == sorted(levels)
    assert levels[0] == pytest.approx(1.2816, abs=0.06)  # the first round's upper tenth
    assert levels[-1] == 4.0
    mirrored, _ = find_shift(Event("x", -4.0, -1), 3, lambda s, n: draw(s, n))
    assert mirrored == pytest.approx([-step for step in shift], abs=0.3)


def test_the_pilot_ends_where_nothing_lies_beyond():
    def draw(shift, number):
        scores = np.random.default_rng(number).standard_normal((1, 2_000)) + shift[0]
        return np.minimum(scores[0], 1.0), scores

    _, rounds = find_shift(Event("x", 5.0, 1), 1, draw)
    assert rounds[-1].level == 1.0
    assert len(rounds) < 4

    found = []

    def no_nearer(shift, number):
        found.append(shift)
        scores = np.linspace(-1.0, 1.0, 2_000)[None] + shift[0]
        return scores[0] if number == 0 else np.full(2_000, -9.0), scores

    shift, rounds = find_shift(Event("x", 5.0, 1), 1, no_nearer)
    assert [entry.level for entry in rounds] == [pytest.approx(0.8, abs=0.01), -9.0]
    assert sum(entry.paths for entry in rounds) == 2_000 * len(found) == 4_000  # what it has cost
    assert shift == found[-1] != (0.0,)  # the first round's

    _, none = find_shift(Event("x", 5.0, 1), 1, lambda s, n: (np.full(9, np.nan), np.zeros((1, 9))))
    assert none == ()


def test_a_shift_moves_the_numbers_by_their_loadings():
    built = build(load_scenario(NUMBERS), 1)
    shift = [0.0] * len(built.plan.draws.keys)
    shift[0] = 2.0
    moved = dict(moves_of(built, shift))
    assert sorted({round(by, 9) for by in moved.values()})[-1] == 2.0
    lab = Experiment(load_scenario(NUMBERS), paths=64)
    name = next(key for key, by in moved.items() if by == 2.0)
    assert name == built.uncertain[0]
    before, after = (one.drawn()[name] for one in (lab, lab.on(shifted(lab.built, tuple(shift)))))
    assert (after != before).all()
    with pytest.raises(ValueError, match="2 shifts for"):
        shifted(built, (0.0, 1.0))


def test_what_can_be_ruled_out():
    """None of n: 1 − 0.05^(1/n); at one of two hundred by the beta law, Clopper & Pearson 1934."""
    assert _at_most(0, 1_000) == pytest.approx(1 - 0.05 ** (1 / 1_000))
    from scipy.stats import binom

    assert binom.cdf(1, 200, _at_most(1, 200)) == pytest.approx(0.05)


def test_threads_leave_no_trace_and_json_holds():
    scenario = load_scenario(NUMBERS)
    one, two = (
        rare(scenario, "outcomes.normal.expected", above=12.0, paths=9_000, threads=threads)
        for threads in (1, 2)
    )
    text = json.dumps(one.to_dict(), allow_nan=False)
    assert text == json.dumps(two.to_dict())
    data = json.loads(text)
    assert data["kind"] == "rare"
    assert (data["side"], data["threshold"], data["plain_share"]) == ("above", 12.0, 0.2)
    assert data["pilot"][0]["paths"] == LEAST


@pytest.mark.parametrize("lang", ["en", "sv"])
def test_it_is_said_in_both_languages(lang):
    scenario = load_scenario(NUMBERS)
    found = rare(scenario, "outcomes.normal.expected", above=13.0, paths=9_000)
    said = "\n".join(rare_lines(found.to_dict(), scenario, lang))
    wanted = {
        "en": ("more than 13: 0.003", "about one in", "As precise as", "too few to check"),
        "sv": ("mer än 13: 0,003", "en på 3", "Lika säkert som", "för få för att"),
    }
    for part in wanted[lang]:
        assert part in said
    none = rare(scenario, "outcomes.uniform.expected", above=5.5, paths=1_000)
    assert (none.probability, none.reliable, none.beyond) == (None, "no", 0)
    said = "\n".join(rare_lines(none.to_dict(), scenario, lang))
    assert {"en": "at most 0.25%", "sv": "högst 0,25 %"}[lang] in said.replace("\u00a0", " ")


def test_a_check_that_fails_is_told_loudly():
    scenario = load_scenario(NUMBERS)
    data = rare(scenario, "outcomes.normal.expected", above=9.0, paths=2_000).to_dict()
    data["check"] = {**data["check"], "z": 6.2, "agrees": "no"}
    said = "\n".join(rare_lines(data, scenario, "en"))
    assert "THE CHECK FAILS" in said
    assert "6.2" in said


def test_the_check_finds_weights_that_are_wrong(monkeypatch):
    """Every weight 1: the chance of 1 in 44 comes out as about one half, and plain paths object."""
    monkeypatch.setattr(Weights, "of", lambda self, scores: np.ones(scores.shape[1]))
    found = rare(load_scenario(NUMBERS), "outcomes.normal.expected", above=9.0, paths=2_000)
    assert found.probability.estimate > 0.3
    assert found.check.agrees == "no"
    assert found.check.z < -10


@pytest.mark.parametrize(("above", "chance"), [(-9.0, 1.0), (5.0, 0.5)])
def test_what_is_common_is_no_matter_of_luck(above, chance):
    """All of the futures, and half of them: told as what it is, without a word on luck."""
    scenario = load_scenario(NUMBERS)
    found = rare(scenario, "outcomes.normal.expected", above=above, paths=4_000)
    assert found.probability.estimate == pytest.approx(chance, abs=0.05)
    assert found.probability.high <= 1.0
    assert found.check.agrees == "yes"
    said = "\n".join(rare_lines(found.to_dict(), scenario, "en"))
    assert "This is not rare" in said
    assert "luck" not in said


def test_small_chances_keep_two_figures():
    language = Language("en")
    assert [small(p, language) for p in (0.055, 0.00097, 1.04e-6, 0.5, 0.0)] == [
        "5.5%",
        "0.097%",
        "0.00010%",
        "50.0%",
        "0%",
    ]


def test_a_figure_without_a_value_is_not_beyond():
    """The IRR of a future without any repayment does not exist."""
    scenario = load_scenario("benchmark", overrides=["guarantees={}"])
    found = rare(scenario, "investor.irr", below=-0.5, paths=2_000)
    lab = Experiment(scenario, paths=2_000)
    (irr,) = lab.series(["investor.irr"])
    assert found.without_value == np.isnan(irr).mean()
    assert found.check.beyond == (irr < -0.5).sum()


def test_the_sentence_names_the_loss():
    scenario = load_scenario("benchmark")
    found = rare(scenario, above=80_000, paths=4_000)
    said = rare_sentence(found.to_dict(), Deciding.of(scenario, "en"))
    assert said.startswith("A loss of more than SEK\u00a080,000: ")
    (loss,) = Experiment(scenario, paths=4_000).series(["investor.loss"])
    assert found.check.beyond == (loss > 80_000).sum()  # the run's own paths
    assert math.isclose(found.check.mean, loss[loss > 80_000].mean())


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "found nothing"),
        ({"above": 1.0, "below": 2.0}, "above 1, below 2"),
        ({"above": math.inf}, "found above inf"),
        ({"above": 1.0, "paths": 999}, "found 999\n    allowed: 1000 to"),
        ({"figure": "investor.los", "above": 1.0}, "did you mean investor.loss"),
        ({"above": 6e6}, "lets the investor lose 6,000,000 at most"),
    ],
)
def test_what_cannot_be_asked_is_one_error(asked, said):
    with pytest.raises(SocsimError, match="mend: ") as caught:
        rare(load_scenario("norrkoping"), **asked)
    assert said in str(caught.value)


def test_without_numbers_or_capital_it_says_so():
    deal = load_scenario(Path(__file__).parents[2] / "worked" / "deal.toml")
    with pytest.raises(SocsimError, match="no uncertain number"):
        rare(deal, above=10.0)
    with pytest.raises(SocsimError, match="nobody lays out capital"):
        rare(load_scenario(NUMBERS), above=10.0)
