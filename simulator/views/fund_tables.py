"""A fund's figures as tables, one row for each design: for the terminal and for the page.

Each table answers one question. Estimates carry their Monte Carlo error (95 %) after ±; the range
of outcomes over paths stands in columns of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from simulator.fund.results import PARTIES
from simulator.views.amounts import Amounts
from simulator.views.language import Language
from simulator.views.numbers import NOTHING
from simulator.views.read import Estimate, as_estimate, estimate
from simulator.views.report.parts import Column, Line, Table

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    """How figures of a fund are written: the language, units of amounts, names.

    `small` is the unit of what an outcome costs; `names` are those of designs, `kinds` those of
    contracts, `trials` those of what is assumed otherwise.
    """

    language: Language
    amounts: Amounts
    small: Amounts
    names: Mapping[str, str]
    kinds: Mapping[str, str]
    trials: Mapping[str, str]

    def count(self, row: Row, key: str) -> str:
        """A number of contracts or outcomes: `12.3 ±0.1`."""
        return self._with_error(estimate(row, key), lambda v: self.language.decimal(v, 1))

    def money(self, row: Row, key: str) -> str:
        """An amount in the table's unit, with its error."""
        return self._with_error(estimate(row, key), self.amounts.text)

    def end(self, row: Row, key: str, part: str) -> str:
        """A percentile of an amount."""
        found = estimate(row, key)
        return self.amounts.text(getattr(found, part)) if found else NOTHING

    def chance(self, row: Row, key: str) -> str:
        """A probability."""
        found = estimate(row, key)
        return self.language.percent(found.value if found else None, 1)

    def ratio(self, row: Row, key: str) -> str:
        """Kronor for each krona."""
        return self._divided(row, key, lambda v: self.language.decimal(v, 2))

    def share(self, row: Row, key: str) -> str:
        """A fee or a share, in per cent of what it is of."""
        found = estimate(row, key)
        digits = 0 if found is not None and abs(found.value) >= 1.0 else 1
        return self._with_error(found, lambda v: self.language.decimal(100 * v, digits))

    def each(self, row: Row, key: str) -> str:
        """An amount for each outcome, in the unit that fits those."""
        return self._divided(row, key, self.small.text)

    def per_million(self, row: Row, key: str) -> str:
        """Something for each krona, told for each million."""
        return self._divided(row, key, lambda v: self.language.decimal(1e6 * v, 2))

    def position(self, row: Row, party: str, part: str) -> str:
        """A party's present value: `without`, `with_support` or `difference`."""
        rows = {entry["party"]: entry for entry in row.get("positions", ())}
        found = as_estimate(rows.get(party, {}).get(part))
        return self.amounts.text(found.value) if found else NOTHING

    def guarantee_share(self, row: Row, key: str) -> str:
        """The same for what guarantees alone have."""
        return self.share(row, key) if row["kind"] == "guarantee" else NOTHING

    def when(self, row: Row, chance: str, year: str) -> str:
        """How often it comes to that, and in which year in the middle case: `12.3% 2031`."""
        found, at = estimate(row, chance), estimate(row, year)
        said = self.language.percent(found.value if found else None, 1)
        if at is None or not found or found.value == 0.0:
            return said
        middle = at.p50 if at.p50 is not None else at.value
        return f"{said}, {round(middle)}"

    def _divided(self, row: Row, key: str, write: Callable[[float], str]) -> str:
        """A ratio; none whose error is not known, since it divides by next to nothing."""
        found = estimate(row, key)
        return NOTHING if found is None or found.error is None else self._with_error(found, write)

    def _with_error(self, found: Estimate | None, write: Callable[[float], str]) -> str:
        if found is None:
            return NOTHING
        if found.error is None:
            return write(found.value)
        return f"{write(found.value)} ±{write(found.error)}"


def said_of(result: Row, language: Language, names: Mapping[str, str], **more: Any) -> Said:
    """The unit is that in which the largest amount of any design is readable.

    `kinds` and `trials` are their titles unless they are given.
    """

    def amounts(keys: Sequence[str]) -> Amounts:
        found = (estimate(design, key) for design in result["designs"] for key in keys)
        return Amounts.for_axis(language, [each.value for each in found if each is not None])

    titles = {
        "kinds": titles_of(result["kinds"], language),
        "trials": titles_of(result.get("robustness", ()), language),
    }
    return Said(language, amounts(_LARGE), amounts(_SMALL), names, **(titles | more))


def titles_of(rows: Sequence[Row], language: Language) -> dict[str, str]:
    """Titles by name."""
    return {row["name"]: language.title(row["title"], row["name"]) for row in rows}


_LARGE = ("net_public_cost", "expected_claims", "unused_capital", "capital_99", "private_capital")
_SMALL = ("cost_per_additional_outcome", "public_budgets_per_additional_outcome")

Figure = tuple[str, str, tuple[str, ...]]
"""A column: its heading's key, how `Said` writes it, and of what."""

_POSITIONS: tuple[Figure, ...] = tuple(
    (f"{party}.{part}", "position", (party, part))
    for party in ("investor", "municipality")
    for part in ("without", "with_support", "difference")
)
TABLES: dict[str, tuple[Figure, ...]] = {
    "cost": (
        ("contracts", "count", ("contracts",)),
        ("additional", "count", ("additional_contracts",)),
        ("outcomes", "count", ("additional_outcomes",)),
        ("net_cost", "money", ("net_public_cost",)),
        ("p5", "end", ("net_public_cost", "p5")),
        ("p95", "end", ("net_public_cost", "p95")),
    ),
    "krona": (
        ("private", "money", ("additional_private_capital",)),
        ("per_krona", "ratio", ("private_capital_per_public_krona",)),
        ("per_set_aside", "ratio", ("private_capital_per_krona_set_aside",)),
    ),
    "outcomes": (
        ("outcomes", "count", ("additional_outcomes",)),
        ("per_million", "per_million", ("additional_outcomes_per_public_krona",)),
        ("per_outcome", "each", ("cost_per_additional_outcome",)),
        ("budgets", "each", ("public_budgets_per_additional_outcome",)),
    ),
    "claims": (
        ("promised", "money", ("guaranteed",)),
        ("claims", "money", ("expected_claims",)),
        ("p5", "end", ("expected_claims", "p5")),
        ("p95", "end", ("expected_claims", "p95")),
        ("claim_chance", "chance", ("claim_probability",)),
    ),
    "dates": (
        ("full", "when", ("committed_probability", "committed_year")),
        ("empty", "when", ("exhausted_probability", "exhausted_year")),
        ("lapsed", "when", ("lapsed_probability", "lapsed_year")),
        ("unused", "money", ("unused_capital",)),
    ),
    "capital": (
        ("capital_95", "money", ("capital_95",)),
        ("capital_99", "money", ("capital_99",)),
        ("actuarial", "guarantee_share", ("actuarial_fee",)),
        ("fee", "guarantee_share", ("fee_charged",)),
        ("subsidy", "guarantee_share", ("subsidy",)),
    ),
    "positions": _POSITIONS,
    "concentration": (
        ("largest_kind", "share", ("concentration.kind",)),
        ("largest_contract", "share", ("concentration.contract",)),
    ),
}
"""Each answers one question, a design a row: what happens and what it costs; what it brings in
private capital and in outcomes; what is promised and paid; when there is no more; which capital and
fee would do; investor and municipality with and without; how much hangs on one kind or contract."""


OF_FUNDS = ("krona", "claims", "dates", "capital", "concentration")
"""Tables that say nothing of designs without a fund."""


def design_table(result: Row, said: Said, name: str, *more: Figure) -> Table | None:
    """A table of `TABLES`, with `more` columns at the end; None where no design has a row in it."""
    say, unit = said.language.say, said.amounts.unit
    columns = (*TABLES[name], *more)
    heads = [Column(say("fund.column.design"), number=False)]
    heads += [Column(say(f"fund.column.{key}")) for key, _, _ in columns]
    rows = []
    for design in result["designs"]:
        if name not in OF_FUNDS or has_fund(design):
            cells = (getattr(said, write)(design, *of) for _, write, of in columns)
            rows.append(Line((said.names[design["name"]], *cells)))
    if not rows:
        return None
    caption = say(f"fund.table.{name}", unit=unit, small=said.small.unit)
    return Table(caption, tuple(heads), tuple(rows), (say(f"fund.note.{name}", unit=unit),))


def has_fund(design: Row) -> bool:
    """Whether a design has money of its own that could be promised, or run out."""
    return design["exhausted_probability"] is not None


def cost_table(result: Row, said: Said) -> Table:
    """What happens, and what it costs the public."""
    table = design_table(result, said, "cost")
    assert table is not None
    beside = max((design.get("facilitator") or 0.0 for design in result["designs"]), default=0.0)
    if not beside:
        return table
    note = said.language.say("fund.note.facilitator", amount=said.language.money(beside))
    return replace(table, notes=(*table.notes, note))


def claims_table(result: Row, said: Said) -> Table | None:
    """What is promised and paid out, and what the state adds where it tops up."""
    topped = [estimate(design, "topped_up") for design in result["designs"]]
    if any(found is not None and found.value for found in topped):
        return design_table(result, said, "claims", ("topped_up", "money", ("topped_up",)))
    return design_table(result, said, "claims")


def gains_table(result: Row, said: Said, key: str = "gains", *, long: bool = False) -> Table | None:
    """Who gains from each public krona; None where no design has the figure."""
    known = [design for design in result["designs"] if _known(design.get(key))]
    if not known:
        return None

    def cells(design: Row) -> list[str]:
        found = design.get(key) or {}
        return [_plain(as_estimate(found.get(party)), said) for party in (*PARTIES, "society")]

    return _by_party(known, said, (key, "gains"), cells, long=long)


def parties_table(result: Row, said: Said, *, long: bool = False) -> Table:
    """What each party has of all contracts under a design; the parties sum to society."""

    def cells(design: Row) -> list[str]:
        rows = {row["party"]: as_estimate(row["with_support"]) for row in design["positions"]}
        values = [found.value if (found := rows.get(party)) else 0.0 for party in PARTIES]
        return [said.amounts.text(value) for value in (*values, sum(values))]

    return _by_party(result["designs"], said, ("parties", "parties"), cells, long=long)


def _by_party(
    designs: Sequence[Row],
    said: Said,
    texts: tuple[str, str],
    cells: Callable[[Row], list[str]],
    *,
    long: bool,
) -> Table:
    """Designs by party and society; `texts` are the keys of the caption and of the note."""
    say, names = said.language.say, "party" if long else "party_short"
    columns = [Column(say(f"fund.{names}.{party}")) for party in (*PARTIES, "society")]
    rows = [Line((said.names[design["name"]], *cells(design))) for design in designs]
    caption = say(f"fund.table.{texts[0]}", unit=said.amounts.unit)
    head = Column(say("fund.column.design"), number=False)
    return Table(caption, (head, *columns), tuple(rows), (say(f"fund.note.{texts[1]}"),))


def _known(found: Any) -> bool:
    return any(as_estimate(value) is not None for value in (found or {}).values())


def _plain(found: Estimate | None, said: Said) -> str:
    return said.language.decimal(found.value if found else None, 2)
