"""Money in: capital, its classes, what the programme costs, fees and other costs."""

import datetime
from typing import Annotated, Literal

from pydantic import Field

from simulator.scenario.numbers import Certain, Number, Title, Words
from simulator.scenario.strict import Strict


class Shock(Strict):
    """A jump of a price during the contract."""

    share: Number
    """the change as a share: 0.15 is 15 % dearer"""
    start: Annotated[datetime.date, Field(alias="from")]
    """from the period that holds this day"""


class Spending(Strict):
    """Spending over time: by the year between two dates, or period by period from the start."""

    per_year: Number | None = None
    """amount a year, by days of the calendar year"""
    start: datetime.date | None = None
    """default: the time grid's start"""
    until: datetime.date | None = None
    """last day of spending; default: the end of the horizon"""
    schedule: Annotated[list[Number], Field(min_length=1)] | None = None
    """amount in each period, from the first on; the rest nothing"""
    per_service_user: Number | None = None
    """amount for each service user, in the period of enrolment; alone or beside the others"""
    growth: Number | None = None
    """true yearly change of price since the grid's start"""
    shock: Shock | None = None
    """a jump of price"""


class CapitalClass(Strict):
    """A tranche: one party's capital, with its place in the waterfall."""

    title: Title | None = None
    share: Certain
    """share of every drawdown; the classes' shares sum to 1"""
    kind: Literal["loan", "grant", "own fee"] = "loan"
    """`grant`: is not repaid and no private capital; `own fee`: the provider's own pay at risk"""
    rank: Annotated[int, Field(ge=1)] = 1
    """1 is repaid first; equal ranks in proportion to what they are owed; the highest is repaid
    last and so bears the first loss"""
    interest: Certain | None = None
    """yearly rate on what is outstanding, compound; paid before principal"""
    residual: Certain | None = None
    """share of what is left when every class is repaid; shares sum to 1; default: in proportion to
    `share` among all but grants"""
    grade: Literal["fact", "estimate", "assumption"] | None = None
    source: Words | None = None


class Capital(Strict):
    """What the investor puts in: costs are drawn as they arise, up to the commitment."""

    commitment: Certain
    """the most that can be drawn"""
    costs: Spending
    """the programme's cost; what exceeds the commitment is borne by the outcome payer"""
    drawdown: Literal["as needed", "at start"] = "as needed"
    """`as needed`: at the start of the period in which the cost arises; `at start`: all that the
    plan costs at once, up to the commitment; what an early end leaves unspent goes back then"""
    share: Certain | None = None
    """share of each cost that capital finances; the outcome payer bears the rest; default all"""
    recycling: bool = False
    """true: what is repaid finances later costs before more is drawn, and what is not needed for
    them goes to the investor"""
    classes: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], CapitalClass] = Field(
        default_factory=dict
    )
    """tranches by party; payments to `investor`, who is then all of them together, pass through
    their waterfall, and payments to one of them by name go to that one alone"""
    grade: Literal["fact", "estimate", "assumption"] | None = None
    source: Words | None = None


class Fee(Strict):
    """A fee between two parties: an amount, a yearly amount, or a share of a quantity."""

    title: Title | None = None
    payer: str
    """the party that pays"""
    payee: str
    """the party that is paid"""
    amount: Number | None = None
    """once, on `date`"""
    date: datetime.date | None = None
    """default: the start"""
    per_year: Number | None = None
    """amount a year, by days"""
    start: datetime.date | None = None
    """first day of a yearly fee; default the start"""
    until: datetime.date | None = None
    """last day of a yearly fee; default the end"""
    share: Number | None = None
    """share of `of`, paid in the period in which it arises"""
    of: Literal["capital_drawn", "outcome_payments"] | None = None
    """what `share` is a share of"""
    buys_work: bool = True
    """true: the payee's work uses real resources of the same value; false for a pure transfer such
    as a guarantee fee"""
    shock: Shock | None = None
    """a jump of the amount"""


class Cost(Strict):
    """A real cost besides the programme: administration, evaluation, own staff."""

    title: Title | None = None
    party: str
    """who bears it"""
    amount: Number | None = None
    """once, on `date`"""
    date: datetime.date | None = None
    """default: the start"""
    per_year: Number | None = None
    """amount a year, by days"""
    start: datetime.date | None = None
    """first day of a yearly cost; default the start"""
    until: datetime.date | None = None
    """last day of a yearly cost; default the end"""
    shock: Shock | None = None
    """a jump of the amount"""
