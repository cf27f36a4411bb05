"""Every key of every scenario is found where it stands, and its text reads back as its value."""

import tomllib
from pathlib import Path

import pytest

from simulator.scenario.positions import Lines, index_positions

ROOT = Path(__file__).parents[3]
FILES = sorted([*(ROOT / "scenarios").glob("*.toml"), *(ROOT / "tests/cases/valid").glob("*.toml")])


def paths_of(tree, path=()):
    yield path, tree
    if isinstance(tree, (dict, list)):
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from paths_of(value, (*path, key))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_all_keys_are_found_and_read_back(file):
    text = file.read_text(encoding="utf-8")
    spans = index_positions(text)
    tree = tomllib.loads(text)
    assert set(spans) == {path for path, _ in paths_of(tree)} - {()} | {
        path for path in spans if path[:1] == ("variants",)
    }
    read_back = 0
    for path, value in paths_of(tree):
        if isinstance(value, (dict, list)) or not path:
            continue
        span = spans[path]
        assert tomllib.loads(f"x = {text[span.start : span.end]}")["x"] == value
        read_back += 1
    assert read_back > 10


def test_places_of_the_odd_ways_to_write_toml():
    text = "\n".join(
        [
            "a.b . c = 1  # one",  # 1
            '"q.r" = [',  # 2
            "  [1, 2], # first ]",  # 3
            "  { x = '''it's",  # 4
            "]}''', y = 2 },",  # 5
            "]",  # 6
            "[[t.list]]",  # 7
            "v = 1",  # 8
            "[[t.list]]",  # 9
            'w."z" = """\\"\\"\\" ] } #"""',  # 10
            "[t.list.sub]",  # 11
            "d = 2020-01-01 10:00:00",  # 12
        ]
    )
    lines, spans = Lines(text), index_positions(text)
    assert {path: lines.place(span.key) for path, span in spans.items()} == {
        ("a",): (1, 1),
        ("a", "b"): (1, 3),
        ("a", "b", "c"): (1, 7),
        ("q.r",): (2, 1),
        ("q.r", 0): (3, 3),
        ("q.r", 0, 0): (3, 4),
        ("q.r", 0, 1): (3, 7),
        ("q.r", 1): (4, 3),
        ("q.r", 1, "x"): (4, 5),
        ("q.r", 1, "y"): (5, 8),
        ("t",): (7, 3),
        ("t", "list"): (7, 5),
        ("t", "list", 0): (7, 5),
        ("t", "list", 0, "v"): (8, 1),
        ("t", "list", 1): (9, 5),
        ("t", "list", 1, "w"): (10, 1),
        ("t", "list", 1, "w", "z"): (10, 3),
        ("t", "list", 1, "sub"): (11, 9),
        ("t", "list", 1, "sub", "d"): (12, 1),
    }
    span = spans["t", "list", 1, "sub", "d"]
    assert text[span.start : span.end] == "2020-01-01 10:00:00"


def test_lines_count_from_one():
    lines = Lines("ab\n\ncd")
    assert [lines.place(offset) for offset in (0, 2, 3, 4, 5)] == [
        (1, 1),
        (1, 3),
        (2, 1),
        (3, 1),
        (3, 2),
    ]
