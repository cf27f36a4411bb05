"""Results as they come: TOML, CSV and Excel; what is missing, unknown or twice."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from simulator.api import load_scenario, read_results, settle
from simulator.errors import ScenarioError, SocsimError
from tests.worked.deal import DEAL

TWO = (
    "cohorts.other={ service_users = 30 }",
    'payments.each={ of = "count", per = "cohort", terms = [{ price = 10 }] }',
)
PERIODS = ('payments.yearly={ of = "saving", per = "period", terms = [{ share = 0.5 }] }',)


def written(place: Path, text: str, name: str = "results.csv") -> Path:
    file = place / name
    file.write_text(text, encoding="utf-8")
    return file


def deal(*overrides: str):
    return load_scenario(DEAL, overrides=overrides)


FULL = {
    "drawn": 150.0,
    "cost": 160.0,
    "completed": False,
    "measures": {"saving": 80.0, "rate": 0.4},
}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "r.toml",
            "drawn = 150.0\ncost = 160.0\ncompleted = false\n[measures]\nsaving = 80.0\n"
            "rate = 0.4\n",
        ),
        (
            "r.csv",
            "key,value\ndrawn,150\ncost,160.0\ncompleted,false\nmeasures.saving,80\nmeasures.rate,0.4\n",
        ),
        (
            "r.CSV",
            "note,value,key\n,150,drawn\nspent,160,cost\n,no,completed\n,8e1,measures.saving\n"
            ",.4, measures.rate \n",
        ),
    ],
)
def test_a_toml_and_a_table_say_the_same(tmp_path, name, text):
    assert read_results(written(tmp_path, text, name)) == FULL


def test_an_excel_sheet_says_the_same(tmp_path):
    rows = [
        ("drawn", 150),
        ("cost", 160),
        ("completed", False),
        ("measures.saving", 80),
        ("measures.rate", 0.4),
    ]
    pd.DataFrame(rows, columns=["key", "value"]).to_excel(tmp_path / "r.xlsx", index=False)
    assert read_results(tmp_path / "r.xlsx") == FULL


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("true", True),
        ("True", True),
        ("1", True),
        ("ja", True),
        ("yes", True),
        ("false", False),
        ("nej", False),
        ("0", False),
    ],
)
def test_completed_in_words(tmp_path, word, value):
    assert read_results(written(tmp_path, f"key,value\ncompleted,{word}\n"))["completed"] is value


def test_values_by_cohort_and_by_period_in_any_order_of_rows(tmp_path):
    text = """key,cohort,period,value
measures.count,other,,12
measures.saving,,3,30
measures.saving,,1,10
measures.count,all,,4
measures.saving,,2,20
measures.rate,all,2,0.5
measures.rate,all,1,0.4
"""
    assert read_results(written(tmp_path, text)) == {
        "measures": {
            "count": {"other": 12.0, "all": 4.0},
            "saving": [10.0, 20.0, 30.0],
            "rate": {"all": [0.4, 0.5]},
        }
    }


@pytest.mark.parametrize(
    ("rows", "place", "complaint"),
    [
        (
            "measures.saving,,1,10\nmeasures.saving,,3,30",
            "3:1: measures.saving",
            "found the periods 1, 3",
        ),
        ("measures.saving,,1,10\nmeasures.saving,,1,30", "3:1", "found the periods 1, 1"),
        ("measures.saving,,0,10\nmeasures.saving,,1,30", "3:1", "found the periods 0, 1"),
        ("measures.saving,,,10\nmeasures.saving,,1,30", "3:1", "found the periods none, 1"),
        ("measures.saving,,,10\nmeasures.saving,,,30", "3:1: measures.saving", "found 2 rows"),
        ("drawn,,,10\ndrawn,,,10", "3:1: drawn", "found 2 rows"),
        (
            "measures.saving,,,10\nmeasures.saving,all,,30",
            "3:1",
            "a cohort in every row, or in none",
        ),
        (
            "measures.saving,all,,30\nmeasures.saving,,,10",
            "3:1",
            "a cohort in every row, or in none",
        ),
        ("measures.saving,,,many", "2:19: measures.saving", "found `many`\n    allowed: a number"),
        ("measures.saving,,,1e", "2:19: measures.saving", "found `1e`"),
        ("measures.saving,,,nan", "2:19: measures.saving", "found `nan`"),
        ("measures.saving,,,40 %", "2:19: measures.saving", "found `40 %`"),
        ("measures.saving,,first,1", "2:18: measures.saving", "the number of a period"),
        ("measures.saving,,,", "2:19: measures.saving", "found nothing"),
        (",,,5", "2:1: key", "found nothing"),
        ("completed,,,perhaps", "2:13: completed", "allowed: true or false"),
        ('"measures.saving,,,1', "2:1: CSV", "close the quotes"),
    ],
)
def test_tables_that_cannot_be_read(tmp_path, rows, place, complaint):
    file = written(tmp_path, f"key,cohort,period,value\n{rows}\n")
    with pytest.raises(ScenarioError) as caught:
        read_results(file)
    assert complaint in str(caught.value)
    assert f"{file}:{place}" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("r.toml", b"drawn = ", "1:9: TOML"),
        ("r.toml", b"\xff\xfe", "text in UTF-8"),
        ("r.csv", b"\xff\xfe", "text in UTF-8"),
        (
            "r.csv",
            b"name,amount\ndrawn,1\n",
            "1:1: columns: found the columns name, amount",
        ),
        (
            "r.csv",
            b"nyckel;value\ndrawn;1\n",
            "1:1: columns: found the columns nyckel, value",
        ),
        ("r.csv", b"", "found no columns"),
        ("r.xlsx", b"no spreadsheet", "allowed: an Excel workbook"),
        ("r.json", b"{}", "a results file ends in .toml, .csv or .xlsx"),
        ("r", b"", "a results file ends in .toml, .csv or .xlsx"),
    ],
)
def test_files_that_cannot_be_read(tmp_path, name, content, complaint):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SocsimError) as caught:
        read_results(tmp_path / name)
    assert complaint in str(caught.value)
    assert str(tmp_path / name) in str(caught.value)


@pytest.mark.parametrize("name", ["none.toml", "none.csv", "none.xlsx"])
def test_a_file_that_is_not_there(tmp_path, name):
    with pytest.raises(SocsimError, match="no such file"):
        read_results(tmp_path / name)


# --- what the settlement makes of them -----------------------------------------------------------


@pytest.mark.parametrize(
    ("results", "complaint"),
    [
        ({}, "found no `measures.saving`"),
        ({"drawn": 150.0}, "allowed: the measured saving"),
        ({"measures": {"saving": 1.0}}, "results: drawn: found no `drawn`"),
        (
            {"drawn": 1.0, "measures": {"saving": 1.0, "savings": 1.0}},
            "found `savings`\n    allowed: one of the measures: `count`, `rate` or `saving`",
        ),
        (
            {"drawn": 1.0, "measured": {"saving": 1.0}},
            "`measures`, `note` and `source`\n    mend: did you mean `measures`?",
        ),
        (
            {"drawn": "much", "measures": {"saving": 1.0}},
            "drawn: found `much`\n    allowed: a number",
        ),
        (
            {"drawn": float("nan"), "measures": {"saving": 1.0}},
            "drawn: found `nan`\n    allowed: a finite number",
        ),
        ({"drawn": 1.0, "measures": {"saving": "a lot"}}, "measures.saving"),
        (
            {"drawn": 1.0, "measures": {"saving": {"all": 1.0, "alle": 2.0}}},
            "measures.saving.alle: found `alle`",
        ),
        ({"drawn": 1.0, "measures": {"saving": []}}, "measures.saving"),
    ],
)
def test_results_that_do_not_fit(results, complaint):
    with pytest.raises(SocsimError) as caught:
        settle(deal(), results)
    assert complaint in str(caught.value)


def test_a_measure_that_nothing_is_paid_on_may_be_missing():
    found = settle(deal(), {"drawn": 150.0, "measures": {"saving": 30.0}})
    assert found.repaid == 30
    assert found.measures == {"saving": 30.0}


def test_a_condition_needs_its_measure():
    scenario = deal('payments.pay.when={ measure = "rate", at_least = 0.3 }')
    with pytest.raises(SocsimError, match=r"no `measures\.rate`, which is needed"):
        settle(scenario, {"drawn": 150.0, "measures": {"saving": 30.0}})


def test_one_value_for_each_cohort():
    results = {"drawn": 150.0, "measures": {"saving": 0.0, "count": {"all": 4.0, "other": 12.0}}}
    found = settle(deal(*TWO), results)
    assert [(line.stretch, line.value, line.paid) for line in found.lines if line.value] == [
        ("all", 4.0, 40.0),
        ("other", 12.0, 120.0),
    ]


@pytest.mark.parametrize(
    ("count", "complaint"),
    [
        (16.0, "mend: write `{ all = …, other = … }`"),
        ([4.0, 12.0], "a table by cohort: a payment is made by cohort"),
        ({"all": 4.0}, "the measured count, one for each cohort"),
        ({"all": 4.0, "others": 12.0}, "cohorts: `all` or `other`"),
    ],
)
def test_cohorts_that_do_not_fit(count, complaint):
    with pytest.raises(SocsimError) as caught:
        settle(deal(*TWO), {"drawn": 150.0, "measures": {"saving": 0.0, "count": count}})
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    ("of", "price", "value", "paid"),
    [
        ("saving", 1, {"all": 30.0, "other": 12.0}, 42),  # amounts add up
        ("saving", 1, {"all": [10.0, 20.0], "other": 12.0}, 42),
        ("count", 10, {"all": 3.0, "other": 9.0}, 120),
        ("rate", 1000, {"all": 0.2, "other": 0.6}, 500),  # (10·0.2 + 30·0.6)/40
        ("rate", 1000, 0.5, 500),
    ],
)
def test_cohorts_are_pooled_for_a_payment_of_the_whole_contract(of, price, value, paid):
    scenario = deal(TWO[0], f"payments.pay.of={of}", f"payments.pay.terms=[{{ price = {price} }}]")
    found = settle(scenario, {"drawn": 150.0, "measures": {of: value}})
    assert found.repaid == pytest.approx(paid)


def test_a_part_is_not_the_whole():
    with pytest.raises(SocsimError, match=r"no `measures\.saving`, which is needed"):
        settle(deal(TWO[0]), {"drawn": 150.0, "measures": {"saving": {"all": 30.0}}})


@pytest.mark.parametrize(
    ("value", "dates"),
    [
        ([10.0, 20.0], {"2025-12-31": 5, "2026-12-31": 10}),
        ([10.0], {"2025-12-31": 5}),
        ({"all": [10.0, 20.0]}, {"2025-12-31": 5, "2026-12-31": 10}),
    ],
)
def test_one_value_for_each_period(value, dates):
    found = settle(deal(*PERIODS), {"drawn": 150.0, "measures": {"saving": value}})
    yearly = {line.due: line.paid for line in found.lines if line.name == "yearly" and line.paid}
    assert yearly == dates
    pooled = sum(value["all"] if isinstance(value, dict) else value)
    assert found.repaid == pytest.approx(1.5 * pooled)


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        (30.0, "a list with a value for each period: a payment is made by period"),
        ([1.0] * 5, "found 5 values\n    allowed: at most 4 values"),
    ],
)
def test_periods_that_do_not_fit(value, complaint):
    with pytest.raises(SocsimError) as caught:
        settle(deal(*PERIODS), {"drawn": 150.0, "measures": {"saving": value}})
    assert complaint in str(caught.value)


def test_a_file_is_settled_as_its_numbers_are(tmp_path):
    text = "key,value\ndrawn,120\nmeasures.saving,30\n"
    found = settle(deal(), read_results(written(tmp_path, text)))
    assert found == settle(deal(), {"drawn": 120.0, "measures": {"saving": 30.0}})
    assert (found.drawn, found.repaid, found.investor_profit) == pytest.approx((120, 30, -90))


def test_the_whole_commitment_may_be_a_sum_of_binary_fractions():
    # 0.1 + 0.2 is 0.30000000000000004, which is no more than 0.3; 0.31 is
    small = ("capital.commitment=0.3", "capital.costs={ schedule = [0.1, 0.2] }")
    found = settle(deal(*small), {"drawn": 0.1 + 0.2, "measures": {"saving": 0.0}})
    assert found.drawn == pytest.approx(0.3)
    with pytest.raises(ScenarioError, match="at most the commitment"):
        settle(deal(*small), {"drawn": 0.31, "measures": {"saving": 0.0}})
