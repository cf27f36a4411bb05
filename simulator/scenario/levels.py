"""Levels of a contract: a number, or a multiple of another quantity known only on the path."""

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from simulator.scenario.numbers import Certain
from simulator.scenario.strict import Strict


class Relative(Strict):
    """An amount stated as a multiple of another one that is known only on the path."""

    of_drawn: Certain | None = None
    """multiple of the capital drawn, never of the commitment"""
    of_commitment: Certain | None = None
    """multiple of the commitment"""
    of_cost: Certain | None = None
    """multiple of the programme's whole cost"""
    of_outstanding: Certain | None = None
    """multiple of the capital outstanding just before the payment: drawn less principal repaid"""
    by_year: Annotated[list[Certain], Field(min_length=1)] | None = None
    """the level in contract year 1, 2, …, counted from the time grid's start; the last one holds"""
    by_drawn: (
        Annotated[
            list[Annotated[list[float], Field(min_length=2, max_length=2)]], Field(min_length=1)
        ]
        | None
    ) = None
    """pairs [capital drawn, level]: straight lines between them, level outside"""


def _relative_or_number(data: Any) -> str:
    """The tag of a level: relative when a key begins with `of` or `by`, else a number."""
    is_table = isinstance(data, dict) and any(str(key)[:2] in ("of", "by") for key in data)
    return "‹relative›" if is_table or isinstance(data, Relative) else "‹plain›"


Level = Annotated[
    Annotated[Relative, Tag("‹relative›")] | Annotated[Certain, Tag("‹plain›")],
    Discriminator(_relative_or_number),
]
"""A number, a multiple of a quantity of the path, `{ of_drawn = 0.6 }`, or a level by year."""
