"""A fund's figures as tables, one row for each design: for the terminal and for the page.

Each table answers one question. Estimates carry their Monte Carlo error (95 %) after ±; the range
of outcomes over paths stands in columns of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from simulator.views.amounts import Amounts
from simulator.views.language import Language
from simulator.views.numbers import NOTHING
from simulator.views.read import Estimate, as_estimate, estimate
from simulator.views.report.parts import Column, Line, Table

PARTIES = (
    "investor",
    "municipality",
    "other_budgets",
    "participants",
    "provider",
    "state",
    "others",
)
Row = Mapping[str, Any]
Cell = Callable[[Row], str]


@dataclass(frozen=True)
class Said:
    """How figures of a fund are written: the language, units of amounts, names of designs.

    `small` is the unit of what an outcome costs.
    """

    language: Language
    amounts: Amounts
    small: Amounts
    names: Mapping[str, str]

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
        return self._with_error(estimate(row, key), lambda v: self.language.decimal(v, 2))

    def share(self, row: Row, key: str) -> str:
        """A fee or a share, in per cent of what it is of."""
        found = estimate(row, key)
        digits = 0 if found is not None and abs(found.value) >= 1.0 else 1
        return self._with_error(found, lambda v: self.language.decimal(100 * v, digits))

    def each(self, row: Row, key: str) -> str:
        """An amount for each outcome, in the unit that fits those."""
        return self._with_error(estimate(row, key), self.small.text)

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

    def _with_error(self, found: Estimate | None, write: Callable[[float], str]) -> str:
        if found is None:
            return NOTHING
        if found.error is None:
            return write(found.value)
        return f"{write(found.value)} ±{write(found.error)}"


def said_of(result: Row, language: Language, names: Mapping[str, str]) -> Said:
    """The unit is that in which the largest amount of any design is readable."""

    def amounts(keys: Sequence[str]) -> Amounts:
        found = (estimate(design, key) for design in result["designs"] for key in keys)
        return Amounts.for_axis(language, [each.value for each in found if each is not None])

    return Said(language, amounts(_LARGE), amounts(_SMALL), names)


_LARGE = ("net_public_cost", "expected_claims", "unused_capital", "capital_99", "private_capital")
_SMALL = ("cost_per_additional_outcome", "public_budgets_per_additional_outcome")


def _table(
    result: Row, said: Said, name: str, columns: Sequence[tuple[str, Cell]], *, note: bool = True
) -> Table:
    say = said.language.say
    unit = said.amounts.unit
    heads = [Column(say("fund.column.design"), number=False)]
    heads += [Column(say(f"fund.column.{key}")) for key, _ in columns]
    rows = [
        Line((said.names[design["name"]], *(cell(design) for _, cell in columns)))
        for design in result["designs"]
    ]
    small = said.small.unit
    notes = (say(f"fund.note.{name}", unit=unit),) if note else ()
    caption = say(f"fund.table.{name}", unit=unit, small=small)
    return Table(caption, tuple(heads), tuple(rows), notes)


def cost_table(result: Row, said: Said) -> Table:
    """What happens, and what it costs the public."""
    table = _cost_table(result, said)
    beside = max((design.get("facilitator") or 0.0 for design in result["designs"]), default=0.0)
    if not beside:
        return table
    note = said.language.say("fund.note.facilitator", amount=said.language.money(beside))
    return replace(table, notes=(*table.notes, note))


def _cost_table(result: Row, said: Said) -> Table:
    return _table(
        result,
        said,
        "cost",
        (
            ("contracts", lambda d: said.count(d, "contracts")),
            ("additional", lambda d: said.count(d, "additional_contracts")),
            ("outcomes", lambda d: said.count(d, "additional_outcomes")),
            ("net_cost", lambda d: said.money(d, "net_public_cost")),
            ("p5", lambda d: said.end(d, "net_public_cost", "p5")),
            ("p95", lambda d: said.end(d, "net_public_cost", "p95")),
        ),
    )


def krona_table(result: Row, said: Said) -> Table:
    """What each public krona makes possible."""
    return _table(
        result,
        said,
        "krona",
        (
            ("private", lambda d: said.money(d, "additional_private_capital")),
            ("per_krona", lambda d: said.ratio(d, "private_capital_per_public_krona")),
            ("per_set_aside", lambda d: said.ratio(d, "private_capital_per_krona_set_aside")),
            ("per_outcome", lambda d: said.each(d, "cost_per_additional_outcome")),
            ("budgets", lambda d: said.each(d, "public_budgets_per_additional_outcome")),
        ),
    )


def claims_table(result: Row, said: Said) -> Table:
    """What is promised and paid out, and what the state adds where it tops up."""
    topped = [estimate(design, "topped_up") for design in result["designs"]]
    beyond: tuple[tuple[str, Cell], ...] = ()
    if any(found is not None and found.value for found in topped):
        beyond = (("topped_up", lambda d: said.money(d, "topped_up")),)
    return _table(
        result,
        said,
        "claims",
        (
            ("promised", lambda d: said.money(d, "guaranteed")),
            ("claims", lambda d: said.money(d, "expected_claims")),
            ("p5", lambda d: said.end(d, "expected_claims", "p5")),
            ("p95", lambda d: said.end(d, "expected_claims", "p95")),
            ("claim_chance", lambda d: said.chance(d, "claim_probability")),
            *beyond,
        ),
    )


def dates_table(result: Row, said: Said) -> Table:
    """When the fund is fully committed, empty, lapsed; what stays unused."""
    return _table(
        result,
        said,
        "dates",
        (
            ("full", lambda d: said.when(d, "committed_probability", "committed_year")),
            ("empty", lambda d: said.when(d, "exhausted_probability", "exhausted_year")),
            ("lapsed", lambda d: said.when(d, "lapsed_probability", "lapsed_year")),
            ("unused", lambda d: said.money(d, "unused_capital")),
        ),
    )


def capital_table(result: Row, said: Said) -> Table:
    """The capital that would do, and the fee that would carry it."""
    return _table(
        result,
        said,
        "capital",
        (
            ("capital_95", lambda d: said.money(d, "capital_95")),
            ("capital_99", lambda d: said.money(d, "capital_99")),
            ("actuarial", lambda d: said.guarantee_share(d, "actuarial_fee")),
            ("fee", lambda d: said.guarantee_share(d, "fee_charged")),
            ("subsidy", lambda d: said.guarantee_share(d, "subsidy")),
        ),
    )


def gains_table(result: Row, said: Said, key: str = "gains", *, long: bool = False) -> Table | None:
    """Who gains from each public krona; None where no design has the figure."""
    if not any(_known(design.get(key)) for design in result["designs"]):
        return None
    say = said.language.say
    columns = [
        Column(say(f"fund.party.{party}" if long else f"fund.party_short.{party}"))
        for party in (*PARTIES, "society")
    ]
    rows = []
    for design in result["designs"]:
        found = design.get(key) or {}
        cells = [_plain(as_estimate(found.get(party)), said) for party in (*PARTIES, "society")]
        rows.append(Line((said.names[design["name"]], *cells)))
    caption = say(f"fund.table.{key}")
    head = Column(say("fund.column.design"), number=False)
    return Table(caption, (head, *columns), tuple(rows), (say("fund.note.gains"),))


def _known(found: Any) -> bool:
    return any(as_estimate(value) is not None for value in (found or {}).values())


def _plain(found: Estimate | None, said: Said) -> str:
    return said.language.decimal(found.value if found else None, 2)


def positions_table(result: Row, said: Said) -> Table:
    """Investor and municipality, without the support and with it."""

    def cell(design: Row, party: str, part: str) -> str:
        rows = {row["party"]: row for row in design.get("positions", ())}
        found = as_estimate(rows.get(party, {}).get(part))
        return said.amounts.text(found.value) if found else NOTHING

    def column(party: str, part: str) -> tuple[str, Cell]:
        return f"{party}.{part}", lambda design: cell(design, party, part)

    parts = ("without", "with_support", "difference")
    columns = [column(party, part) for party in ("investor", "municipality") for part in parts]
    return _table(result, said, "positions", columns)


def concentration_table(result: Row, said: Said) -> Table:
    """How much of all payouts comes from one kind and from one contract."""
    return _table(
        result,
        said,
        "concentration",
        (
            ("largest_kind", lambda d: said.share(d, "concentration.kind")),
            ("largest_contract", lambda d: said.share(d, "concentration.contract")),
        ),
    )


def prices_table(result: Row, said: Said) -> Table | None:
    """Prices as offered and solved again with the support; None where none was solved."""
    language = said.language
    titles = {kind["name"]: language.title(kind["title"], kind["name"]) for kind in result["kinds"]}
    rows = [
        Line(
            (
                said.names[design["name"]],
                titles.get(kind["kind"], kind["kind"]),
                NOTHING if kind["price"] is None else _solved(kind["price"], language),
                _solved(kind["repriced"], language),
            )
        )
        for design in result["designs"]
        for kind in design["by_kind"]
        if kind["repriced"] is not None
    ]
    if not rows:
        return None
    heads = ("design", "kind", "price", "repriced")
    return Table(
        language.say("fund.table.prices"),
        tuple(
            Column(language.say(f"fund.column.{head}"), number=place > 1)
            for place, head in enumerate(heads)
        ),
        tuple(rows),
        (language.say("fund.note.prices"),),
    )


def _solved(value: float, language: Language) -> str:
    """A price: as many digits as a reader can use."""
    return language.stated(float(f"{value:.4g}"))


def loosened_table(result: Row, said: Said) -> Table | None:
    """Terms loosened without support until investors accept; None where nothing was loosened."""
    language = said.language
    titles = {kind["name"]: language.title(kind["title"], kind["name"]) for kind in result["kinds"]}
    rows = [
        Line(
            (
                titles.get(row["kind"], row["kind"]),
                language.percent(row["accepting"], 0),
                _solved(row["price"], language),
                NOTHING if row["loosened"] is None else _solved(row["loosened"], language),
                said.money(row, "municipality"),
            )
        )
        for row in result["loosened"]
    ]
    if not rows:
        return None
    heads = ("kind", "accepting", "price", "loosened", "municipality_pays")
    share = language.percent(result["loosened"][0]["share"], 0)
    most = language.stated(result["loosened"][0]["most"])
    return Table(
        language.say("fund.table.loosened", unit=said.amounts.unit),
        tuple(
            Column(language.say(f"fund.column.{head}"), number=place > 0)
            for place, head in enumerate(heads)
        ),
        tuple(rows),
        (language.say("fund.note.loosened", share=share, most=most),),
    )


# --- rankings -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Order:
    """Designs by a figure, best first.

    `unsettled` are neighbours that the paths do not order, `same` those without any difference.
    """

    figure: str
    names: tuple[str, ...]
    unsettled: tuple[tuple[str, str], ...]
    same: tuple[tuple[str, str], ...] = ()


def orders(result: Row) -> list[Order]:
    """The rankings of the result, each pair of neighbours joined to a row."""
    found: list[Order] = []
    for figure in dict.fromkeys(row["figure"] for row in result["rankings"]):
        pairs = [row for row in result["rankings"] if row["figure"] == figure]
        names = [pairs[0]["better"], *(row["worse"] for row in pairs)]
        equal = [(row["better"], row["worse"]) for row in pairs if is_same(row["difference"])]
        open_pairs = [(row["better"], row["worse"]) for row in pairs if not row["decided"]]
        unsettled = tuple(pair for pair in open_pairs if pair not in equal)
        found.append(Order(figure, tuple(names), unsettled, tuple(equal)))
    return found


def is_same(difference: Row) -> bool:
    """Two designs that never differ: the difference is zero and so is its error."""
    return all(difference.get(key) == 0.0 for key in ("estimate", "mc_low", "mc_high"))


def pairs_in_words(pairs: Sequence[tuple[str, str]], said: Said) -> str:
    """`A and B; B and C`."""
    return "; ".join(
        said.language.say("fund.order.pair", first=said.names[first], second=said.names[second])
        for first, second in pairs
    )


def order_in_words(order: Order, said: Said) -> list[str]:
    """The order in a sentence, and a warning where a Monte Carlo interval includes zero."""
    say = said.language.say
    names = "; ".join(f"{place} {said.names[name]}" for place, name in enumerate(order.names, 1))
    sentences = [say("fund.order", figure=say(f"fund.figure.{order.figure}"), names=names)]
    if order.same:
        sentences.append(say("fund.order.same", pairs=pairs_in_words(order.same, said)))
    if order.unsettled:
        pairs = pairs_in_words(order.unsettled, said)
        sentences.append(say("fund.order.unsettled", pairs=pairs))
    return sentences
