"""Fund files with slips of the pen: a sentence for each problem, and never a traceback."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from simulator.errors import ScenarioError
from simulator.fund.load import load_fund
from simulator.fund.resolved import fund_assumptions, to_toml

CASES = Path(__file__).parents[1] / "cases" / "fund"
FILES = [CASES / "valid" / "plain.toml", CASES / "valid" / "rich.toml"]
ODD = (
    *(
        "0",
        "-1",
        "1.5",
        "1e9",
        "1e400",
        "nan",
        "inf",
        "true",
        '""',
        '"x"',
        "[]",
        "{}",
        "2027-01-01",
    ),
    *("[0]", "[1, -1]", "{ value = 1 }", "{ uniform = { low = 0, high = 1 } }", "{ normal = 3 }"),
    *('"first loss"', '"nothing"', '"guarantee"', "{ of_drawn = 0.5 }", "{ sv = 1 }", '"2 years"'),
)


def spoiled(text: str, rng: Random) -> str:
    """The text with one to three slips."""
    lines = text.split("\n")
    for _ in range(rng.choice((1, 1, 2, 3))):
        place = rng.randrange(len(lines))
        line = lines[place]
        slip = rng.randrange(8)
        if slip == 0:
            del lines[place]
        elif slip == 1:
            lines.insert(rng.randrange(len(lines)), line)
        elif slip == 2 and "=" in line:
            lines[place] = f"{line.split('=')[0]}= {rng.choice(ODD)}"
        elif slip == 3 and len(line) > 2:
            at = rng.randrange(len(line) - 1)
            lines[place] = line[:at] + line[at + 1] + line[at] + line[at + 2 :]
        elif slip == 4:
            numbers = list(re.finditer(r"\d+(\.\d+)?", line))
            if numbers:
                found = rng.choice(numbers)
                odd = rng.choice(("0", "7", "0.5", "99", "1e12", "-3"))
                lines[place] = line[: found.start()] + odd + line[found.end() :]
        elif slip == 5:
            words = list(re.finditer(r"[a-z_]{3,}", line))
            if words:
                found = rng.choice(words)
                others = re.findall(r"[a-z_]{3,}", text)
                lines[place] = line[: found.start()] + rng.choice(others) + line[found.end() :]
        elif slip == 6:
            lines[place] = line.replace('"', "", 1)
        else:
            lines[place] = line[: rng.randrange(len(line) + 1)]
        lines = lines or [""]
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(300))
def test_a_spoiled_file_is_refused_in_words_or_is_another_fund(seed: int, tmp_path: Path) -> None:
    rng = Random(seed)
    text = rng.choice(FILES).read_text(encoding="utf-8")
    text = text.replace("../contracts", str(CASES / "contracts"))
    file = tmp_path / "spoiled.toml"
    file.write_text(spoiled(text, rng), encoding="utf-8")
    try:
        fund = load_fund(file)
    except ScenarioError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.found and problem.allowed and problem.mend, problem
            assert problem.key
            assert "Traceback" not in str(problem)
    else:
        assert fund_assumptions(fund)
        again = tmp_path / "again.toml"
        again.write_text(to_toml(fund), encoding="utf-8")
        assert load_fund(again).designs == fund.designs


def test_most_slips_are_found(tmp_path: Path) -> None:
    """Half of the slips at least make a file that means nothing; the rest are other numbers."""
    refused = 0
    for seed in range(100):
        rng = Random(seed)
        text = rng.choice(FILES).read_text(encoding="utf-8")
        file = tmp_path / "spoiled.toml"
        text = text.replace("../contracts", str(CASES / "contracts"))
        file.write_text(spoiled(text, rng), encoding="utf-8")
        try:
            load_fund(file)
        except ScenarioError:
            refused += 1
    assert refused >= 50
