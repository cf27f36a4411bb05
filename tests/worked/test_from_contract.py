"""The clauses that docs/from-contract-to-scenario.md works through, run as they stand there."""

import json
import re
from pathlib import Path

import pytest

from simulator.api import settle
from simulator.scenario.document import parse_document
from simulator.scenario.load import scenario_from

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


def table(name, **keys):
    """A table of a scenario file; texts that begin as a list or a table stand as they are."""
    said = {k: v if str(v)[0] in "{[" else json.dumps(v) for k, v in keys.items()}
    return "\n".join([f"[{name}]", *(f"{key} = {value}" for key, value in said.items())])


def frame(start, period, horizon, *tables):
    """What a clause stands in: the grid, the people and what is believed about them."""
    grid = f'[time]\nstart = {start}\nperiod = "{period}"\nhorizon = "{horizon}"'
    return "\n\n".join(["", grid, *tables, ""])


FRAMES = {
    "norrkoping": frame(
        "2016-07-01",
        "half-year",
        "5 years",
        table(
            "cohorts.children",
            service_users=60,
            enrolment="{ from = 2016-08-01, to = 2017-06-30 }",
        ),
        table(
            "metrics.placement_cost",
            kind="amount",
            better="lower",
            pocket="budget",
            baseline=375_000,
            spread='{ law = "gamma", sd = 420_000 }',
            persistence=0.8,
            effect="{ ratio = 0.85 }",
        ),
        table(
            "metrics.school",
            kind="binary",
            better="higher",
            baseline=0.2,
            effect="{ difference = 0.1 }",
        ),
    ),
    "newpin": frame(
        "2013-07-01",
        "year",
        "7 years",
        table(
            "cohorts.children",
            service_users=700,
            enrolment="{ by_period = [100, 100, 100, 100, 100, 100, 100] }",
        ),
        table(
            "metrics.restored",
            kind="binary",
            better="higher",
            baseline=0.25,
            effect="{ difference = 0.35 }",
            price=50_000,
            pocket="budget",
        ),
    ),
    "peterborough": frame(
        "2010-09-01",
        "year",
        "4 years",
        table("cohorts.first", service_users=1000),
        table("cohorts.second", service_users=1000, enrolment="{ by_period = [0, 1000] }"),
        table(
            "metrics.reconvictions",
            kind="count",
            better="lower",
            pocket="budget",
            price=10_000,
            baseline=1.55,
            spread='{ law = "negative binomial", dispersion = 1.0 }',
            persistence=0.5,
            effect="{ ratio = 0.91 }",
        ),
    ),
    "two_sided": frame(
        "2026-01-01",
        "year",
        "3 years",
        table("cohorts.all", service_users=60),
        table(
            "metrics.job",
            kind="binary",
            better="higher",
            baseline=0.3,
            effect="{ difference = 0.1 }",
            price=50_000,
            pocket="budget",
        ),
        table(
            "metrics.months_in_work",
            kind="amount",
            better="higher",
            unit="months",
            baseline=3,
            spread='{ law = "gamma", sd = 3 }',
            persistence=0.7,
            effect="{ difference = 1 }",
        ),
    ),
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
    contract = scenario(name, toml)
    paid = {key: number(row.pop(key)) for key in ("activity", "outcome", "repaid")}
    drawn = {"drawn": number(row.pop("drawn"))} if "drawn" in row else {}
    result = settle(contract, {**drawn, "measures": {key: value(row[key]) for key in row}})
    assert result.activity_payments == pytest.approx(paid["activity"], rel=1e-9)
    assert result.outcome_payments == pytest.approx(paid["outcome"], rel=1e-9)
    assert result.repaid == pytest.approx(paid["repaid"], rel=1e-9)
