"""A comparison as lines of plain text: scorecard, differences, switching values, inputs.

Eighty columns hold six designs: a letter heads each column, and the range of outcomes stands in
rows of its own below the figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from simulator.scenario.model import Scenario
from simulator.views.amounts import Amounts
from simulator.views.compare_inputs import WIDTH, input_lines, letters, wrapped
from simulator.views.headline import Kind, write
from simulator.views.language import Language
from simulator.views.numbers import NOTHING, Lang
from simulator.views.read import Estimate, as_estimate, estimate, find, verdict_reason
from simulator.views.speaking import language_of

_LABEL = 32
_CELL = 8
_DIFFERENCE_LABEL = 35

ROWS: tuple[tuple[str, Kind | Literal["count"], bool], ...] = (
    ("people.service_users", "count", False),
    ("municipality.gross_savings", "money", False),
    ("municipality.total_payments", "money", False),
    ("municipality.own_costs", "money", False),
    ("municipality.received", "money", False),
    ("municipality.net_budget_effect", "money", True),
    ("municipality.net_budget_effect_cashable", "money", False),
    ("municipality.probability_negative", "chance", False),
    ("municipality.maximum_payment.amount", "money", False),
    ("investor.drawn", "money", False),
    ("investor.expected_profit", "money", True),
    ("investor.expected_multiple", "multiple", False),
    ("investor.irr_of_expected_cash_flow", "rate", False),
    ("investor.loss_probability", "chance", False),
    ("investor.expected_shortfall_95", "money", False),
    ("guarantor.expected_payout", "money", False),
    ("guarantor.call_probability", "chance", False),
    ("internal_fund.outlay", "money", False),
    ("internal_fund.repaid", "money", True),
    ("internal_fund.repaid_share", "chance", False),
    ("internal_fund.expected_loss", "money", False),
    ("internal_fund.loss_probability", "chance", False),
    ("society.net_present_value", "money", True),
    ("society.benefit_cost_ratio", "multiple", False),
)
"""Figures of the scorecard, in order: key, kind, whether the range of outcomes stands below."""

DIFFERENCES: tuple[tuple[str, Kind], ...] = (
    ("municipality.net_budget_effect", "money"),
    ("municipality.net_budget_effect_cashable", "money"),
    ("municipality.probability_negative", "chance"),
    ("investor.expected_profit", "money"),
    ("investor.loss_probability", "chance"),
    ("guarantor.expected_payout", "money"),
    ("society.net_present_value", "money"),
)
"""Figures whose differences are printed; all are in the files."""
_OF_CAPITAL = "investor."


@dataclass(frozen=True)
class Column:
    """One design: its letter, its name and its summary."""

    letter: str
    name: str
    title: str
    summary: Mapping[str, Any]

    @property
    def has_capital(self) -> bool:
        """Whether an investor puts anything in."""
        return estimate(self.summary, "investor.expected_multiple") is not None

    def figure(self, key: str) -> Estimate | None:
        """A figure of the scorecard; None where the design does not have it."""
        if key.startswith(_OF_CAPITAL) and not self.has_capital:
            return None
        if key == "people.service_users":
            users = [entry["n"] for entry in self.summary["outcomes"]]
            return Estimate(float(max(users))) if users else None
        if key in ("municipality.own_costs", "municipality.received"):
            return _total(self.summary, key.split(".")[1])
        return estimate(self.summary, key)


def _total(summary: Mapping[str, Any], name: str) -> Estimate | None:
    """The sum over the years of a mean of each year."""
    years = [as_estimate(year[name]) for year in find(summary, "municipality.by_year") or []]
    known = [year.value for year in years if year is not None]
    return Estimate(sum(known)) if known else None


def language_of_designs(data: Mapping[str, Any], lang: Lang) -> Language:
    """The language of a comparison; payers of different kinds are called outcome payers."""
    payers = {language_of(design["summary"], lang).payer for design in data["designs"]}
    return Language(lang, data["currency"], payers.pop() if len(payers) == 1 else "payer")


def are_apart(data: Mapping[str, Any]) -> bool:
    """Whether the designs are of different scenarios, not forms of one."""
    return len({design["scenario"] for design in data["designs"]}) > 1


def compare_lines(data: Mapping[str, Any], scenarios: Sequence[Scenario], lang: Lang) -> list[str]:
    """The comparison as text; `data` is that of comparison.json, `scenarios` the designs' own."""
    language = language_of_designs(data, lang)
    columns = columns_of(data, language)
    amounts = Amounts.for_headline(language, amounts_in(columns))
    first = columns[0].letter
    lines = [
        *_heading(data, columns, language),
        "",
        *scorecard(columns, amounts),
        "",
        *wrapped(_note(data, columns, amounts)),
        "",
        language.say("compare.differences", first=first),
        *difference_table(data, columns, amounts),
        "",
        *wrapped(language.say("compare.difference.note", first=first)),
    ]
    lines += _verdict(columns, language)
    for part in (_switching(data, columns, language), _made(data, columns, language)):
        lines += ["", *part] if part else []
    return [*lines, "", *input_lines(data["inputs"], scenarios, language)]


def _note(data: Mapping[str, Any], columns: Sequence[Column], amounts: Amounts) -> str:
    """How the scorecard is read, and how well its differences are known."""
    say = amounts.language.say
    luck = say("compare.note.apart" if are_apart(data) else "compare.note.same")
    return f"{say('compare.note', error=largest_error(columns, amounts))} {luck}"


def columns_of(data: Mapping[str, Any], language: Language) -> list[Column]:
    """The designs with their letters: A, B, … Z, then numbers."""
    return [
        Column(letter, d["name"], language.title(d["title"], d["name"]), d["summary"])
        for letter, d in zip(letters(len(data["designs"])), data["designs"], strict=True)
    ]


def _heading(
    data: Mapping[str, Any], columns: Sequence[Column], language: Language
) -> Iterator[str]:
    run = data["simulation"]
    yield language.say(
        "compare.title",
        count=language.decimal(len(columns)),
        paths=language.decimal(run["paths"]),
        seed=run["seed"],
    )
    for column in columns:
        yield from wrapped(f"{column.letter}  {column.name}: {column.title}", "  ", "     ")
    if horizons_differ(columns):
        yield from wrapped(language.say("compare.horizons"))


def horizons_differ(columns: Sequence[Column]) -> bool:
    """Whether totals of the designs cover different years."""
    spans = {
        tuple(year["year"] for year in find(column.summary, "municipality.by_year") or [])
        for column in columns
    }
    return len(spans) > 1


def amounts_in(columns: Sequence[Column]) -> list[float | None]:
    """Every amount of the scorecard with its range, to find a common unit."""
    found = [column.figure(key) for key, kind, _ in ROWS if kind == "money" for column in columns]
    return [v for each in found if each is not None for v in (each.value, each.p5, each.p95)]


def largest_error(columns: Sequence[Column], amounts: Amounts) -> str:
    """The largest Monte Carlo error of the amounts shown, with its unit."""
    found = [column.figure(key) for key, kind, _ in ROWS if kind == "money" for column in columns]
    errors = [each.error for each in found if each is not None and each.error is not None]
    return amounts.language.money(max(errors, default=0.0))


def scorecard(columns: Sequence[Column], amounts: Amounts) -> list[str]:
    """Figures by row, designs by column; the first design heads each part that is needed."""
    language = amounts.language
    most = (WIDTH - _LABEL) // _CELL
    lines: list[str] = []
    rest = list(columns[1:])
    while True:
        shown, rest = [columns[0], *rest[: most - 1]], rest[most - 1 :]
        lines += [""] if lines else []
        title = language.say("compare.scorecard", unit=amounts.unit)
        lines.append(_line(title, [column.letter for column in shown]))
        lines += _rows(shown, amounts)
        if not rest:
            return lines


class ScoreRow(NamedTuple):
    """A figure of every design; `opens` is the text's key of a group that begins with it, or ""."""

    key: str
    kind: Kind | Literal["count"]
    ranged: bool
    found: list[Estimate | None]
    opens: str


def score_rows(columns: Sequence[Column]) -> Iterator[ScoreRow]:
    """The rows of the scorecard that say something, in their order."""
    group = ""
    for key, kind, ranged in ROWS:
        found = [column.figure(key) for column in columns]
        if not any(_is_shown(key, each) for each in found):
            continue
        before, group = group, key.split(".")[0]
        opens = f"compare.group.{group}" if group != before else ""
        yield ScoreRow(key, kind, ranged, found, opens)


def _rows(columns: Sequence[Column], amounts: Amounts) -> Iterator[str]:
    language = amounts.language
    for key, kind, ranged, found, opens in score_rows(columns):
        if opens:
            yield language.say(opens)
        cells = [NOTHING if x is None else figure_text(x.value, kind, amounts) for x in found]
        yield _line(f" {language.say(f'compare.row.{key}')}", cells)
        for end, side in (("low", "p5"), ("high", "p95")) if ranged else ():
            ends = [None if x is None else getattr(x, side) for x in found]
            cells = [NOTHING if x is None else figure_text(x, kind, amounts) for x in ends]
            yield _line(f" {language.say(f'compare.range.{end}')}", cells)


def _is_shown(key: str, found: Estimate | None) -> bool:
    """Rows that say nothing are left out: figures nobody has, and money that nobody receives."""
    return found is not None and (key != "municipality.received" or found.value != 0.0)


def figure_text(value: float, kind: Kind | Literal["count"], amounts: Amounts) -> str:
    """A figure of the scorecard, without the unit of amounts."""
    if kind == "money":
        return amounts.text(value)
    if kind == "count":
        return amounts.language.decimal(value)
    return write(value, kind, amounts.language)


def _line(label: str, cells: Sequence[str]) -> str:
    return (label.ljust(_LABEL) + "".join(cell.rjust(_CELL) for cell in cells)).rstrip()


def difference_table(
    data: Mapping[str, Any], columns: Sequence[Column], amounts: Amounts
) -> list[str]:
    """Differences of the headline figures, design by design."""
    language = amounts.language
    known = {(d["design"], d["figure"]): d for d in data["differences"]}
    heads = [language.say(f"compare.difference.{k}") for k in ("value", "interval")]
    sides = [language.say(f"compare.difference.{k}") for k in ("better", "worse")]
    lines = _difference_line(f"   {amounts.unit}", *heads, *sides)
    for column in columns[1:]:
        lines.append(f"{column.letter}  {column.name}")
        figures = [
            (figure, kind)
            for figure, kind in DIFFERENCES
            if not figure.startswith(_OF_CAPITAL) or (column.has_capital and columns[0].has_capital)
        ]
        rows = [
            _difference_row(known.get((column.name, figure)), figure, kind, amounts)
            for figure, kind in figures
        ]
        kept = [line for row in rows for line in row]
        lines += kept or [f"   {language.say('compare.same')}"]
    return lines


def _difference_row(
    row: Mapping[str, Any] | None, figure: str, kind: Kind, amounts: Amounts
) -> list[str]:
    """One difference; nothing where it does not exist or does not show in so many digits."""
    found = None if row is None else as_estimate(row["difference"])
    if row is None or found is None:
        return []
    language = amounts.language
    ends = [_signed(x, kind, amounts) for x in (found.low, found.high) if x is not None]
    if {_signed(found.value, kind, amounts), *ends} == {_signed(0.0, kind, amounts)}:
        return []
    shares = [
        "" if row[side] is None else language.percent(row[side], 0)
        for side in ("share_better", "share_worse")
    ]
    return _difference_line(
        f"   {language.say(f'compare.diff.{figure}')}",
        _signed(found.value, kind, amounts),
        language.span(*ends) if len(ends) == 2 else "",
        *shares,
    )


def _difference_line(label: str, value: str, interval: str, better: str, worse: str) -> list[str]:
    """A row of the table; a label that would run into its numbers has a line of its own."""
    cells = (value.rjust(10) + interval.rjust(19) + better.rjust(8) + worse.rjust(8)).rstrip()
    free = _DIFFERENCE_LABEL + len(cells) - len(cells.lstrip()) - 1
    if len(label) > free:
        return [label, " " * _DIFFERENCE_LABEL + cells]
    return [label + (" " * _DIFFERENCE_LABEL + cells)[len(label) :]]


def _signed(value: float, kind: Kind, amounts: Amounts) -> str:
    """A difference with its sign; chances in percentage points, without the unit."""
    if kind == "money":
        return amounts.language.decimal(amounts.scaled(value), amounts.digits, sign=True)
    return amounts.language.decimal(value * 100, 1, sign=True)


def _switching(data: Mapping[str, Any], columns: Sequence[Column], language: Language) -> list[str]:
    sentences = switching_sentences(data, columns, language)
    lines = [line for sentence in sentences for line in wrapped(sentence, "  ")]
    return [language.say("compare.switching"), *lines] if lines else []


def switching_sentences(
    data: Mapping[str, Any], columns: Sequence[Column], language: Language
) -> list[str]:
    """What effect in house makes it equal to the contract, in words; equal answers once."""
    called = {column.name: column.letter for column in columns}
    grouped: dict[tuple[str, Any, Any], list[Mapping[str, Any]]] = {}
    for row in data["switching"]:
        grouped.setdefault((row["against"], row["value"], row["mc_low"]), []).append(row)
    sentences = []
    for rows in grouped.values():
        against = rows[0]["against"]
        names = {
            "designs": language.join([called[row["design"]] for row in rows]),
            "against": called.get(against, against),
        }
        number = "one" if len(rows) == 1 else "many"
        sentences.append(_switching_sentence(rows[0], names, number, language))
    return sentences


def _switching_sentence(
    row: Mapping[str, Any], names: Mapping[str, str], number: str, language: Language
) -> str:
    value = row["value"]
    if value is None:
        ends = {
            "low": language.percent(row["at_low"]["at"], 0),
            "high": language.percent(row["at_high"]["at"], 0),
            "at_low": language.money(row["at_low"]["figure"], sign=True),
            "at_high": language.money(row["at_high"]["figure"], sign=True),
        }
        return language.say(f"compare.switching.none.{number}", **names, **ends)
    if round(value, 3) == 1.0:
        return language.say(f"compare.switching.equal.{number}", **names)
    low, high = (value if row[end] is None else row[end] for end in ("mc_low", "mc_high"))
    more = 1.0 / value - 1.0 if value < 1.0 else value - 1.0
    return language.say(
        f"compare.switching.{'lower' if value < 1.0 else 'higher'}.{number}",
        **names,
        factor=language.percent(value),
        low=language.percent(low, 1),
        high=language.percent(high, 1),
        more=language.percent(more),
    )


def _verdict(columns: Sequence[Column], language: Language) -> list[str]:
    """Why the paths do not suffice, where they do not; each reason once."""
    reasons = dict.fromkeys(verdict_reason(column.summary, language) for column in columns)
    return [line for reason in reasons if reason for line in wrapped(reason)]


def made_designs(
    data: Mapping[str, Any], columns: Sequence[Column], language: Language
) -> list[tuple[Column, str]]:
    """The designs that have no file of their own, each with what was done to make it."""
    return [
        (column, language.of_the_payer(language.title(design["made"], "")))
        for column, design in zip(columns, data["designs"], strict=True)
        if design["made"]
    ]


def _made(data: Mapping[str, Any], columns: Sequence[Column], language: Language) -> list[str]:
    """What was done to make the designs that have no file of their own."""
    lines = [
        line
        for column, said in made_designs(data, columns, language)
        for line in wrapped(f"{column.letter}  {said}", "  ", "     ")
    ]
    return [language.say("compare.made"), *lines] if lines else []
