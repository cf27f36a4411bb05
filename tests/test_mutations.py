"""Thousands of spoiled scenarios: each loads, or gives problems with places; nothing else happens.

Seeded, so that a failure can be repeated: the assertion shows the file, the seed and what was done.
"""

import copy
import datetime
import random
import re
from pathlib import Path

import pytest

from simulator.errors import ScenarioError
from simulator.plan.build import build
from simulator.scenario.document import Document, parse_document
from simulator.scenario.load import scenario_from
from simulator.scenario.model import Scenario

VALID = sorted((Path(__file__).parent / "cases" / "valid").glob("*.toml"))
LANGUAGE = sorted((Path(__file__).parent / "cases" / "language").glob("*.toml"))
TREES_PER_FILE = 450
TEXTS_PER_FILE = 200

JUNK = (
    0, -1, 1, 1.5, -0.3, 1e308, -1e308, 10**400, float("nan"), float("inf"), True, False, "", "x",
    "2 years", "all", "work", "1 year", "0 months", "åäö", "\x00", [], [1], ["all"], [[1.0, 2.0]],
    [{}], {}, {"value": 1}, {"value": None}, {"normal": {"mean": 0, "sd": 1}}, {"normal": {}},
    {"beta": {"mean": 0.5, "sd": 0.6}}, {"uniform": {"low": 2, "high": 1}}, {"of_drawn": 0.5},
    {"mixture": {"parts": []}}, {"mixture": {"parts": [{"weight": 1.0}]}}, {"quantiles": {}},
    {"discrete": {"values": [1], "weights": [1]}}, {"grade": "fact"}, {"sv": "text"},
    datetime.date(2020, 6, 30), datetime.date(9999, 12, 31), datetime.date(1, 1, 1),
    datetime.datetime(2020, 1, 1, 12), datetime.time(12),
)  # fmt: skip
NOISE = ("=", "[", "]", "{", "}", '"', "'", ".", ",", "#", "\\", "\n", "å", "0", "-", " ", '"""')


def places_of(tree, path=()):
    """Every path of a tree except its root."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in items:
        yield (*path, key)
        if isinstance(value, (dict, list)):
            yield from places_of(value, (*path, key))


def spoil_tree(tree, chance):
    """One or two changes: delete, replace by junk or by another part, misspell, add."""
    tree = copy.deepcopy(tree)
    done = []
    for _ in range(chance.choice((1, 1, 1, 2))):
        paths = list(places_of(tree))
        if not paths:
            break
        *around, key = chance.choice(paths)
        holder = tree
        for part in around:
            holder = holder[part]
        what = chance.choice(("delete", "junk", "junk", "graft", "misspell", "add"))
        done.append((what, (*around, key)))
        if what == "junk":
            holder[key] = copy.deepcopy(chance.choice(JUNK))
        elif what == "graft":
            graft = tree
            for part in chance.choice(paths):
                graft = graft[part]
            holder[key] = copy.deepcopy(graft)
        elif what == "add" and isinstance(holder, dict):
            name = chance.choice(("sd", "value", "effect", "kind", "cohorts", "price", "x", "å b"))
            holder[name] = copy.deepcopy(chance.choice(JUNK))
        elif what == "misspell" and isinstance(holder, dict):
            at = chance.randrange(len(key))
            holder[key[:at] + chance.choice(("", "x", "_")) + key[at + 1 :]] = holder.pop(key)
        else:
            del holder[key]
    return tree, done


def spoil_text(text, chance):
    """One to three changes of the text: noise, lost or doubled lines, swapped or huge numbers."""
    for _ in range(chance.choice((1, 1, 2, 3))):
        lines = text.split("\n")
        row = chance.randrange(len(lines))
        at = chance.randrange(len(text))
        what = chance.randrange(6)
        if what == 0:
            text = text[:at] + chance.choice(NOISE) + text[at:]
        elif what == 1:
            text = text[:at] + text[at + chance.randrange(1, 9) :]
        elif what == 2:
            text = "\n".join([*lines[:row], *lines[row + 1 :]])
        elif what == 3:
            text = "\n".join([*lines[:row], lines[row], *lines[row:]])
        elif what == 4:
            lines[row] = re.sub(
                r"\d+", chance.choice(("9" * 5000, "1e999", "-7", "0x")), lines[row]
            )
            text = "\n".join(lines)
        else:
            words = re.findall(r"[a-z_]{3,}", text)
            text = text.replace(chance.choice(words), chance.choice(words), 1)
    return text


def outcome(load):
    """A scenario or its problems; anything else fails the test."""
    try:
        scenario = load()
    except ScenarioError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.key and problem.found and problem.allowed and problem.mend, problem
            assert problem.line >= 0 and str(problem)
        return "problems"
    assert isinstance(scenario, Scenario)
    return "scenario"


@pytest.mark.parametrize("file", VALID, ids=lambda file: file.stem)
def test_spoiled_trees(file):
    """What loads can be planned too: no law, date or name that passed the door is refused later."""
    document = parse_document(file.read_text(encoding="utf-8"), str(file))
    counts, planned = {"scenario": 0, "problems": 0}, 0
    for seed in range(TREES_PER_FILE):
        tree, done = spoil_tree(document.tree, random.Random(f"{file.stem}{seed}"))
        spoiled = Document(document.file, tree, document.places)
        loaded = []
        try:
            counts[outcome(lambda doc=spoiled, keep=loaded: loaded_into(keep, doc))] += 1
            if seed % 3 == 0 and loaded:
                build(loaded[0], 1)
                planned += 1
        except Exception as error:
            raise AssertionError(f"{file.stem}, seed {seed}, {done}") from error
    # a mutation that never does harm, or always, would prove little
    assert counts["problems"] > 0.5 * TREES_PER_FILE
    assert counts["scenario"] > 0.02 * TREES_PER_FILE
    assert planned > 3


def loaded_into(kept, document):
    """The scenario of a document, which is kept."""
    kept.append(scenario_from(document, (), (), "spoiled"))
    return kept[0]


@pytest.mark.parametrize("file", LANGUAGE, ids=lambda file: file.stem)
def test_spoiled_trees_of_the_whole_language(file):
    """Every word there is, spoiled: the rules find something or nothing, and never fall over."""
    document = parse_document(file.read_text(encoding="utf-8"), str(file))
    problems = 0
    for seed in range(TREES_PER_FILE):
        tree, done = spoil_tree(document.tree, random.Random(f"{file.stem}{seed}"))
        spoiled = Document(document.file, tree, document.places)
        try:
            found = outcome(lambda doc=spoiled: scenario_from(doc, (), (), "spoiled"))
        except Exception as error:
            raise AssertionError(f"{file.stem}, seed {seed}, {done}") from error
        problems += found == "problems"
    assert problems > 0.5 * TREES_PER_FILE


@pytest.mark.parametrize("file", VALID, ids=lambda file: file.stem)
def test_spoiled_texts(file):
    text = file.read_text(encoding="utf-8")
    counts = {"scenario": 0, "problems": 0}
    for seed in range(TEXTS_PER_FILE):
        spoiled = spoil_text(text, random.Random(f"{file.stem}{seed}"))

        def load(text=spoiled):
            return scenario_from(parse_document(text, str(file)), (), (), "spoiled")

        try:
            counts[outcome(load)] += 1
        except Exception as error:
            raise AssertionError(f"{file.stem}, seed {seed}:\n{spoiled}") from error
    assert counts["problems"] > 0.4 * TEXTS_PER_FILE
    assert counts["scenario"] > 0.02 * TEXTS_PER_FILE


@pytest.mark.parametrize(
    "override",
    [
        "", "=", "a", "a=", "a.b.c=1", "time=1", "metrics.cost.spread.sd=abc", "cohorts.young=3",
        "payments.share.terms.9.share=1", "payments.share.terms.x=1", "currency=[", "currency=\n",
        "payments.share.terms.1.share=2", "measures.saving.reference.size=1.5", '"=1',
        "realised.drawn=1e400", "correlation.matrix.1.2=7", "variants.longer.x=1", "variant=[]",
    ],
)  # fmt: skip
def test_spoiled_overrides(override):
    file = Path(__file__).parent / "cases" / "valid" / "saving.toml"
    document = parse_document(file.read_text(encoding="utf-8"), str(file))
    with pytest.raises(ScenarioError) as caught:
        scenario_from(document, (), (override,), "spoiled")
    assert all(problem.line == 0 for problem in caught.value.problems), caught.value
