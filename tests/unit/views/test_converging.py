"""How precise a run is, in words: for the command line and in the report's last chapter."""

import pytest

from simulator import load_scenario
from simulator.views.converging import convergence_lines, unreached


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("norrkoping")


def data(**changes):
    target = {
        "figure": "investor.loss_probability",
        "size": 0.001,
        "relative": False,
        "allowed": 0.001,
        "estimate": 0.17323,
        "standard_error": 0.00098554,
        "reached": True,
        "paths_needed": None,
        **changes,
    }
    profit = {
        **target,
        "figure": "investor.expected_profit",
        "size": 0.005,
        "relative": True,
        "estimate": -1_234_567.8,
        "standard_error": 6012.4,
    }
    at = [
        {"paths": 32768, "estimate": 0.17209, "standard_error": 0.002085},
        {"paths": 147456, "estimate": 0.17323, "standard_error": 0.00098554},
    ]
    return {
        "paths": 147456,
        "max_paths": 10**7,
        "reached": target["reached"],
        "targets": [target, profit] if target["reached"] else [target],
        "convergence": [{"figure": "investor.loss_probability", "at": at}],
    }


def test_what_was_reached_and_the_way_to_it(scenario):
    lines = convergence_lines(data(), scenario, "en")
    gap = lines.index("", 1)
    assert " ".join(lines[1:gap]) == (
        "The investor: probability of loss: standard error 0.099 pp after 147,456 simulated "
        "futures; asked for: 0.10 pp at most. "
        "The investor: expected profit, undiscounted: standard error 6,012 SEK after 147,456 "
        "simulated futures; asked for: 0.5% at most."
    )
    assert lines[gap + 1 :] == [
        "The investor: probability of loss, as the futures doubled",
        "  futures  estimate  standard error",
        "   32,768    17.21%         0.21 pp",
        "  147,456   17.323%        0.099 pp",
    ]
    swedish = " ".join(convergence_lines(data(), scenario, "sv"))
    assert "medelfel 0,099 pe efter 147 456 simulerade framtider" in swedish.replace("\xa0", " ")


def test_what_was_not_reached_says_how_many_paths_it_takes(scenario):
    missed = data(reached=False, size=0.0001, paths_needed=14_269_135)
    assert unreached(missed, scenario, "en") == [
        "The investor: probability of loss: standard error 0.099 pp after 147,456 simulated "
        "futures; 0.010 pp would take about 15,000,000.",
        "mend: --max-paths 15000000 --resume goes on from here",
        "the result of these futures is written:",
    ]
    for lang, begins in (("en", "it begins at the start"), ("sv", "det börjar om")):
        more = unreached(missed, scenario, lang, goes_on=False)[1]
        assert f"--max-paths 15000000; {begins}" in more
        assert "--resume" not in more
    beyond = data(reached=False, size=1e-9, paths_needed=10**15)
    assert "larger standard error" in unreached(beyond, scenario, "en")[1]
    unknown = data(reached=False, size=0.0001, paths_needed=None)
    said = unreached(unknown, scenario, "en")
    assert len(said) == 2
    assert "nobody can say yet how many 0.010 pp would take" in said[0]
