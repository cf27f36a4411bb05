"""Laws: distributions of uncertain numbers, laws of service users with mean 1, and their tables.

| what | where |
|---|---|
| `Law`, quantiles and scores | `base` |
| families of a number | `continuous`, `truncated`, `stepped`, `quantiles`, `evidence`, `number` |
| one service user's year over its mean | `unit` |
| tables over the normal score | `score_table` |
| tables over 32-bit words | `uniform_table` |
"""

from simulator.plan.laws.base import Law, LawError, constant
from simulator.plan.laws.continuous import beta_on, gamma_by, lognormal_by
from simulator.plan.laws.number import law_of
from simulator.plan.laws.score_table import (
    CELLS_PER_SCORE,
    SCORE_CELLS,
    SCORE_END,
    ScoreTable,
    lookup_score,
    score_knots,
    score_table,
    table_moments,
)
from simulator.plan.laws.uniform_table import (
    UniformTable,
    lookup_uniform,
    normal_table,
    words_before,
)
from simulator.plan.laws.unit import UnitLaw, exponential_table, gamma_rate, unit_law

__all__ = [
    "CELLS_PER_SCORE",
    "SCORE_CELLS",
    "SCORE_END",
    "Law",
    "LawError",
    "ScoreTable",
    "UniformTable",
    "UnitLaw",
    "beta_on",
    "constant",
    "exponential_table",
    "gamma_by",
    "gamma_rate",
    "law_of",
    "lognormal_by",
    "lookup_score",
    "lookup_uniform",
    "normal_table",
    "score_knots",
    "score_table",
    "table_moments",
    "unit_law",
    "words_before",
]
