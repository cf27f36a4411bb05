"""Rows of a summary as sums of a block's flows: by period, class, party and year, and in total.

A row is a list of (source, weight); sources are flows, or rows made earlier.
"""

from __future__ import annotations

from collections.abc import Iterable

from simulator.results import Layout, Line
from simulator.summary.payer_rows import cumulative_name, part_name

INVESTOR_NET = "year.investor_net"
INVESTOR_CUMULATIVE = "year.investor_cumulative"
_INVESTOR = "investor"
_SAVINGS = ("saving", "luck")
_PAYMENTS = ("outcome payment", "activity payment", "fee")


class Sums:
    """Collects rows as lists of (source, weight)."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.parties = _parties(layout)
        self.instants = layout.periods + 1
        self.base = len(layout.lines) * self.instants
        self.names: list[str] = []
        self.terms: list[list[tuple[int, float]]] = []
        self.index: dict[str, int] = {}
        self.years = {
            side: [self._year(t, side) for t in range(self.instants)] for side in (False, True)
        }

    def add(self, name: str, terms: Iterable[tuple[int, float]]) -> None:
        """A row as a sum of terms."""
        self.index[name] = len(self.names)
        self.names.append(name)
        self.terms.append(list(terms))

    def row(self, name: str) -> tuple[int, float]:
        """An earlier row as a term."""
        return self.base + self.index[name], 1.0

    def flow(self, line: int, instant: int, sign: float = 1.0) -> tuple[int, float]:
        """A flow as a term."""
        return line * self.instants + instant, sign

    def year(self, line: Line, instant: int) -> int:
        """Calendar year; an amount before the first or after the last period falls in it."""
        return self.years[line.at_start][instant]

    def _year(self, instant: int, at_start: bool) -> int:
        if at_start and instant == self.layout.periods:
            at_start = False
        elif not at_start and instant == 0:
            at_start = True
        return self.layout.year_of(instant, at_start)


def side_of(line: Line) -> str:
    """`start` or `end` of the period in which the line's amounts fall."""
    return "start" if line.at_start else "end"


def signed_for(line: Line, party: str) -> float:
    """+1 where the line brings the party its amount, −1 where it takes it, else 0."""
    if line.kind == "memo":
        return 0.0
    paid = line.kind == "transfer" and line.payer == party
    return float(line.payee == party) - float(paid)


def _parties(layout: Layout) -> tuple[str, ...]:
    """The scenario's parties and whoever else a line names, such as "society" for public value.

    Everybody is needed for transfers to sum to zero, and for real rows to sum to society.
    """
    named = {
        party
        for line in layout.lines
        if line.kind != "memo"
        for party in (line.payer, line.payee)
        if party
    }
    return tuple(sorted({*layout.parties, *named}))


def add_periods(sums: Sums) -> None:
    """Net of each party at each instant, at the start and at the end of periods."""
    for party in sums.parties:
        for side in ("start", "end"):
            for t in range(sums.instants):
                sums.add(
                    f"party.{party}.{side}.{t}",
                    (
                        sums.flow(number, t, signed_for(line, party))
                        for number, line in enumerate(sums.layout.lines)
                        if side_of(line) == side and signed_for(line, party)
                    ),
                )


def add_classes(sums: Sums) -> None:
    """Net of the investor as a whole and of each class at each instant, on either side."""
    for entry in sums.layout.classes:
        for side in ("start", "end"):
            own = [(k, sign) for k, sign in entry.lines if side_of(sums.layout.lines[k]) == side]
            for t in range(sums.instants):
                sums.add(
                    f"class.{entry.name}.{side}.{t}", (sums.flow(k, t, sign) for k, sign in own)
                )


def add_party_years(sums: Sums, years: tuple[int, ...]) -> None:
    """Net of each party in each calendar year."""
    instants = range(sums.instants)
    sides = {line.at_start: line for line in sums.layout.lines}
    for party in sums.parties:
        for year in years:
            sums.add(
                f"party.{party}.year.{year}",
                (
                    sums.row(f"party.{party}.{side_of(line)}.{t}")
                    for line in sides.values()
                    for t in instants
                    if sums.year(line, t) == year
                ),
            )


def add_investor_years(sums: Sums, years: tuple[int, ...]) -> None:
    """Net of the investor as a whole in each calendar year, and its running total."""
    layout = sums.layout
    if _INVESTOR not in sums.parties:
        return
    rows = f"class.{layout.classes[0].name}" if layout.classes else f"party.{_INVESTOR}"
    sides = {side_of(line): line for line in layout.lines}
    for year in years:
        net = (
            sums.row(f"{rows}.{side}.{t}")
            for side, line in sides.items()
            for t in range(sums.instants)
            if sums.year(line, t) == year
        )
        sums.add(f"{INVESTOR_NET}.{year}", net)
    for year in years:
        before = [] if year == years[0] else [sums.row(f"{INVESTOR_CUMULATIVE}.{year - 1}")]
        sums.add(f"{INVESTOR_CUMULATIVE}.{year}", [*before, sums.row(f"{INVESTOR_NET}.{year}")])


def party_totals(parties: Iterable[str]) -> tuple[str, ...]:
    """What each party is paid and what it bears on the whole path."""
    return tuple(f"party.{party}.{kind}" for party in parties for kind in ("transfer", "real"))


def add_pocket_years(sums: Sums, years: tuple[int, ...]) -> None:
    """What is avoided in each pocket in each calendar year, and its cashable part."""
    for pocket, _ in sums.layout.pockets:
        for name, accounts in (("avoided", _SAVINGS), ("cashable", ("cashable",))):
            for year in years:
                sums.add(
                    pocket_year(pocket, name, year),
                    (
                        sums.flow(number, t)
                        for number, line in enumerate(sums.layout.lines)
                        if line.pocket == pocket and line.account in accounts
                        for t in range(sums.instants)
                        if sums.year(line, t) == year
                    ),
                )


def pocket_year(pocket: str, name: str, year: int) -> str:
    """The row of a pocket's avoided or cashable costs in a year."""
    return f"pocket.{pocket}.{name}.{year}"


def payment_total(payment: str) -> str:
    """The row of all that is paid of a payment on a path."""
    return f"payment.{payment}"


def _municipal_share(line: Line, party: str) -> dict[str, float]:
    """With which sign the line counts in a payer's parts of a year."""
    sign = signed_for(line, party)
    if not sign:
        return {}
    if line.account in _SAVINGS and sign > 0:
        return {"gross": 1.0}
    if line.account in _PAYMENTS and line.kind == "transfer" and sign < 0:
        outcome = {"outcome": 1.0} if line.account == "outcome payment" else {}
        return {"payments": 1.0, **outcome}
    if line.kind == "transfer" and sign > 0:
        return {"received": 1.0}
    return {"own": -sign}


def _add_part(sums: Sums, part: str, years: tuple[int, ...], party: str) -> None:
    """One part of a payer's budget in each calendar year."""
    shares = [_municipal_share(line, party).get(part, 0.0) for line in sums.layout.lines]
    for year in years:
        sums.add(
            f"{part_name(part, party)}.{year}",
            (
                sums.flow(number, t, shares[number])
                for number, line in enumerate(sums.layout.lines)
                if shares[number]
                for t in range(sums.instants)
                if sums.year(line, t) == year
            ),
        )


def add_municipality_years(sums: Sums, years: tuple[int, ...]) -> None:
    """Parts of each year and running totals of every payer; last, what needs no range.

    net = gross − payments − own + received, which is the party's net of the year.
    """
    for party in sums.layout.payers:
        for part in ("gross", "payments", "own", "received"):
            _add_part(sums, part, years, party)
        has_party = party in sums.parties
        for year in years:
            before = [] if year == years[0] else [year - 1]
            net = [sums.row(f"party.{party}.year.{year}")] if has_party else []
            cumulative = [sums.row(f"{cumulative_name(party)}.{y}") for y in before]
            sums.add(f"{cumulative_name(party)}.{year}", [*cumulative, *net])
    for party in sums.layout.payers:
        _add_part(sums, "outcome", years, party)


def add_totals(sums: Sums) -> None:
    """Transfers, real, net by party; pockets; guarantees, payments; programme cost."""
    lines = list(enumerate(sums.layout.lines))

    def total(number: int, weight: float) -> tuple[int, float]:
        return sums.row(f"total.{number}")[0], weight

    for party in sums.parties:
        for kind in ("transfer", "real"):
            own = [(k, signed_for(line, party)) for k, line in lines if line.kind == kind]
            sums.add(f"party.{party}.{kind}", (total(k, sign) for k, sign in own if sign))
        parts = (f"party.{party}.transfer", f"party.{party}.real")
        sums.add(f"party.{party}.net", [sums.row(part) for part in parts])
    for pocket, _ in sums.layout.pockets:
        for name, accounts in (("avoided", _SAVINGS), ("cashable", ("cashable",))):
            rows = [k for k, ln in lines if ln.pocket == pocket and ln.account in accounts]
            sums.add(f"pocket.{pocket}.{name}", (total(k, 1.0) for k in rows))
    for number, line in lines:
        if line.account == "guarantee":
            sums.add(line.name, [total(number, 1.0)])
    for due in sums.layout.dues:
        stem = f"payments.{due.payment}"  # a line for each payer, where there are several
        rows = [k for k, line in lines if line.name == stem or line.name.startswith(f"{stem}.")]
        sums.add(payment_total(due.payment), (total(k, 1.0) for k in rows))
    spent = [k for k, line in lines if line.account == "programme cost" and line.kind == "real"]
    sums.add("programme_cost", (total(k, -1.0) for k in spent))
