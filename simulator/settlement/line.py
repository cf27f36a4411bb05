"""What a statement consists of: lines, each with what went in, its words, and what came out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from simulator.plan.timing import Grid

Kind = Literal["activity payment", "outcome payment", "limit", "guarantee"]


@dataclass(frozen=True)
class Word:
    """One term: its level as written, what went in and what came out."""

    term: str
    level: Any
    value_in: float
    value_out: float


@dataclass(frozen=True)
class Line:
    """A claim of a payment, a limit that bound, or a guarantee.

    `inputs` are what it starts from, `value` what goes into the first word; `claimed` is what came
    out of the last one, and `paid` what is left of it within the limits. A limit moves no money:
    what it cut is already gone from the payments' `paid`; its `claimed` is what all payments to the
    investor of that day asked for together, its `paid` what it left. `payers` are shares by
    party; `due` is the day, ISO 8601.
    """

    kind: Kind
    name: str
    title: dict[str, str] | None
    stretch: str
    payers: dict[str, float]
    payee: str
    due: str
    inputs: dict[str, float]
    value: float
    conditions: tuple[dict[str, Any], ...]
    words: tuple[Word, ...]
    claimed: float
    paid: float
    reading: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        data = dict(self.__dict__)
        data["words"] = [dict(word.__dict__) for word in self.words]
        data["conditions"] = list(self.conditions)
        return data


@dataclass(frozen=True)
class Transfer:
    """Money that goes from one party to another on a day; ISO 8601."""

    date: str
    payer: str
    payee: str
    account: str
    name: str
    amount: float


def in_languages(title: Mapping[Any, str] | None) -> dict[str, str] | None:
    """A title by language, ready for JSON; None without one."""
    return {str(lang): text for lang, text in title.items()} if title else None


def day_of(grid: Grid, instant: int) -> str:
    """The day on which what falls at an instant is due: the last of the period that ends there."""
    return (grid.begins(instant) - datetime.timedelta(days=1)).isoformat()
