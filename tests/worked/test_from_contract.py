"""The clauses that docs/from-contract-to-scenario.md works through, run as they stand there."""

import re
from pathlib import Path

import pytest

from simulator.api import settle
from simulator.errors import ScenarioError
from simulator.scenario.document import parse_document
from simulator.scenario.load import scenario_from
from simulator.scenario.rules.pending import NOT_YET

PAGE = Path(__file__).parents[2] / "docs" / "from-contract-to-scenario.md"
CLAUSE = re.compile(r"<!-- clause: (\w+) -->\n```toml\n(.*?)```\n\n((?:\|[^\n]*\n)+)", re.DOTALL)
TOP = """
title    = "A clause"
currency = "SEK"

[parties]
investor         = "The investor"
outcome_payer    = "The outcome payer"
service_provider = "The service provider"

[pockets.budget]
title    = "The budget"
cashable = 1.0
"""
FRAMES = {
    "norrkoping": """
[time]
start   = 2016-07-01
period  = "half-year"
horizon = "5 years"

[cohorts.children]
service_users = 60
enrolment     = { from = 2016-08-01, to = 2017-06-30 }

[metrics.placement_cost]
kind        = "amount"
better      = "lower"
pocket      = "budget"
baseline    = 375_000
spread      = { law = "gamma", sd = 420_000 }
persistence = 0.8
effect      = { ratio = 0.85 }

[metrics.school]
kind     = "binary"
better   = "higher"
baseline = 0.2
effect   = { difference = 0.1 }
""",
    "newpin": """
[time]
start   = 2013-07-01
period  = "year"
horizon = "7 years"

[cohorts.children]
service_users = 700
enrolment     = { by_period = [100, 100, 100, 100, 100, 100, 100] }

[metrics.restored]
kind     = "binary"
better   = "higher"
baseline = 0.25
effect   = { difference = 0.35 }
price    = 50_000
pocket   = "budget"
""",
    "peterborough": """
[time]
start   = 2010-09-01
period  = "year"
horizon = "4 years"

[cohorts.first]
service_users = 1000

[cohorts.second]
service_users = 1000
enrolment     = { by_period = [0, 1000] }

[metrics.reconvictions]
kind        = "count"
better      = "lower"
pocket      = "budget"
price       = 10_000
baseline    = 1.55
spread      = { law = "negative binomial", dispersion = 1.0 }
persistence = 0.5
effect      = { ratio = 0.91 }
""",
    "two_sided": """
[time]
start   = 2026-01-01
period  = "year"
horizon = "3 years"

[cohorts.all]
service_users = 60

[metrics.job]
kind     = "binary"
better   = "higher"
baseline = 0.3
effect   = { difference = 0.1 }
price    = 50_000
pocket   = "budget"

[metrics.months_in_work]
kind        = "amount"
better      = "higher"
unit        = "months"
baseline    = 3
spread      = { law = "gamma", sd = 3 }
persistence = 0.7
effect      = { difference = 1 }
""",
}


def clauses():
    """Name, TOML and rows of each clause on the page."""
    for name, toml, table in CLAUSE.findall(PAGE.read_text(encoding="utf-8")):
        head, _, *rows = [
            [cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()
        ]
        yield name, toml, [dict(zip(head, row, strict=True)) for row in rows]


CLAUSES = list(clauses())
CASES = [(name, toml, row) for name, toml, rows in CLAUSES for row in rows]


def number(text):
    return float(text.replace(" ", ""))


def value(text):
    """`0.6`, `0.6, 0.5` by period, or `first 130, second 149` by cohort."""
    if text[0].isalpha():
        return {part.split()[0]: number(part.split()[1]) for part in text.split(",")}
    return [number(part) for part in text.split(",")] if "," in text else number(text)


def scenario(name, toml):
    text = TOP + FRAMES[name] + toml
    return scenario_from(parse_document(text, f"{name}.toml"), (), (), name)


def test_the_page_has_the_clauses():
    assert [name for name, _, _ in CLAUSES] == list(FRAMES)
    assert all(len(rows) >= 2 for _, _, rows in CLAUSES)


@pytest.mark.parametrize(
    ("name", "toml", "row"), CASES, ids=[f"{name}-{row['repaid']}" for name, _, row in CASES]
)
def test_the_clause_pays_what_the_page_says(name, toml, row):
    try:
        contract = scenario(name, toml)
    except ScenarioError as error:
        # words that are not computed yet are all that may be wrong
        assert all(NOT_YET in problem.allowed for problem in error.problems), error
        return
    paid = {key: number(row.pop(key)) for key in ("activity", "outcome", "repaid")}
    drawn = {"drawn": number(row.pop("drawn"))} if "drawn" in row else {}
    result = settle(contract, {**drawn, "measures": {key: value(row[key]) for key in row}})
    assert result.activity_payments == pytest.approx(paid["activity"], rel=1e-9)
    assert result.outcome_payments == pytest.approx(paid["outcome"], rel=1e-9)
    assert result.repaid == pytest.approx(paid["repaid"], rel=1e-9)
