"""Things that go wrong: a start that never comes, an early end, a payer who pays late or not."""

import datetime
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from simulator.scenario.numbers import Certain, Number, Title, Words
from simulator.scenario.payments import Condition, conditions_form
from simulator.scenario.strict import Strict


class Event(Strict):
    """Something that may happen to the contract, on a path drawn once."""

    title: Title | None = None
    kind: Literal["non-start", "termination", "payer default", "late payment"]
    """`non-start`: nobody is served and nothing drawn; `termination`: service, cost and drawdown
    end; `payer default`: from then on the payer pays the share `recovery`; `late payment`: the
    payer pays all later by `delay`"""
    by: str | None = None
    """the party that causes it: who terminates, which provider fails, which payer; must be given
    for a payer"""
    chance: Number | None = None
    """probability that it happens at all: non-start, late payment, or a termination on `date`"""
    per_year: Number | None = None
    """yearly hazard between `from` and `to`: termination, payer default"""
    date: datetime.date | None = None
    """when it happens if it does, with `chance`"""
    start: datetime.date | None = Field(default=None, alias="from")
    """first day of the hazard; default the grid's start"""
    until: datetime.date | None = Field(default=None, alias="to")
    """last day of the hazard; default the last spending for a termination, else the end"""
    when: (
        Annotated[
            Annotated[list[Condition], Field(min_length=1), Tag("‹plain›")]
            | Annotated[Condition, Tag("‹table›")],
            Discriminator(conditions_form),
        ]
        | None
    ) = None
    """termination on an interim result: takes effect when these measures are reported and every
    condition holds, with `chance` (default 1)"""
    notice: str | None = None
    """time from the decision to its effect"""
    recovery: Certain | None = None
    """payer default: share of what falls due afterwards that is still paid; default 0"""
    delay: str | None = None
    """late payment: how much later"""
    interest: Certain | None = None
    """late payment: yearly simple interest on it; default 0"""
    grade: Literal["fact", "estimate", "assumption"] | None = None
    source: Words | None = None
