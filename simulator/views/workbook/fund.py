"""A fund's workbook: every figure of every design, by year, who gains, in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from simulator.fund.model import Fund
from simulator.fund.resolved import fund_assumptions
from simulator.fund.results import PARTIES, FundResult
from simulator.views.fund_assumptions import fund_assumption_rows
from simulator.views.fund_words import matrix
from simulator.views.language import Language
from simulator.views.numbers import Lang
from simulator.views.read import as_estimate
from simulator.views.report.figures import DEEP
from simulator.views.workbook.contents import Fact, contents, facts, footer
from simulator.views.workbook.fund_order import order_sheet, trials_sheet
from simulator.views.workbook.leaves import Leaf, figure_heads, figure_label, figure_row, walk
from simulator.views.workbook.sheet import Book, Cell, Graph, Grid, Head, Row, Series, Sheet, Unit
from simulator.views.workbook.units import Units

Data = Mapping[str, Any]

_OVERVIEW: tuple[tuple[str, Unit], ...] = (
    ("net_public_cost", "money"),
    ("contracts", "number"),
    ("additional_contracts", "number"),
    ("additional_outcomes", "number"),
    ("expected_claims", "money"),
    ("additional_private_capital", "money"),
    ("private_capital_per_public_krona", "multiple"),
    ("cost_per_additional_outcome", "money"),
    ("public_budgets_per_additional_outcome", "money"),
)
_GAINS: tuple[tuple[str, Unit], ...] = (
    ("gains", "multiple"),
    ("gains_repriced", "multiple"),
    ("gains_amount", "money"),
)
_TAIL = ("p99",)
_CALLED = {"claims": "paid_out", "committed": "promised"}  # the same words mean more elsewhere


def fund_book(result: FundResult, fund: Fund, overrides: Sequence[str], lang: Lang) -> Book:
    """The fund run as a workbook."""
    language = Language(lang, fund.currency)
    data = result.to_dict()
    titles = _titles(data, language)
    made = [
        overview_sheet(data, titles, language),
        matrix_sheet(fund, language),
        designs_sheet(data, titles, language),
        years_sheet(data, titles, language),
        *gains_sheets(data, titles, language),
        order_sheet(data, titles, language),
        trials_sheet(data, titles, language),
        kinds_sheet(data, language),
        _assumptions_sheet(fund, language),
    ]
    sheets = [sheet for sheet in made if sheet is not None]
    title = language.title(fund.title, fund.name)
    lead = language.title(fund.description, "") if fund.description else ""
    front = contents(
        title,
        (language.say("workbook.subject"), lead),
        sheets,
        (facts(_facts(data, overrides, language), language),),
        language,
    )
    return Book(
        title,
        language.say("workbook.subject"),
        footer(title, data["simulation"], language),
        (front, *sheets),
    )


def _titles(data: Data, language: Language) -> dict[str, str]:
    """Titles of designs by name; those that are the same are told apart by their names."""
    titles = {d["name"]: language.title(d["title"], d["name"]) for d in data["designs"]}
    counts = Counter(titles.values())
    return {name: t if counts[t] == 1 else f"{t} ({name})" for name, t in titles.items()}


def _facts(data: Data, overrides: Sequence[str], language: Language) -> list[Fact]:
    """What determines the numbers."""
    say, fund, made = language.say, data["fund"], data["simulation"]
    rows: list[Fact] = [
        ("workbook.fact.fund", str(fund["name"]), "text"),
        ("workbook.fact.overrides", ", ".join(overrides) or say("reproduce.none"), "text"),
        ("fund.reproduce.hash", str(fund["hash"]), "text"),
        ("workbook.fact.version", str(made["version"]), "text"),
        ("workbook.fact.paths", int(made["paths"]), "count"),
        ("workbook.fact.seed", int(made["seed"]), "year"),
        ("workbook.fact.currency", str(fund["currency"]), "text"),
        ("workbook.fact.start", str(fund["start"]), "text"),
        ("workbook.fact.years", int(fund["years"]), "count"),
    ]
    return [(say(key), value, unit) for key, value, unit in rows]


def overview_sheet(data: Data, titles: Mapping[str, str], language: Language) -> Sheet:
    """The designs as rows with the figures that answer most questions, and a chart of the cost."""
    say = language.say
    heads = (
        _design_head(language),
        *(Head(_capital(say(f"workbook.of.{key}")), unit) for key, unit in _OVERVIEW),
        Head(say("workbook.column.cost_p5"), "money"),
        Head(say("workbook.column.cost_p95"), "money"),
        Head(say("workbook.column.name"), silent=True),
    )
    rows = []
    for design in data["designs"]:
        cost = as_estimate(design["net_public_cost"])
        ends = (cost.p5, cost.p95) if cost else (None, None)
        means = [_value(design[key]) for key, _ in _OVERVIEW]
        rows.append(Row((titles[design["name"]], *means, *ends, design["name"])))
    return Sheet(
        "overview",
        say("workbook.sheet.overview"),
        say("workbook.title.fund_overview", currency=language.currency),
        (say("workbook.about.fund_overview"),),
        (Grid(heads, tuple(rows)),),
        Graph(
            say("workbook.chart.fund_overview"),
            say("workbook.chart.fund_overview.alt"),
            0,
            (Series(1, heads[1].title, DEEP),),
            language.currency,
        ),
    )


def _design_head(language: Language) -> Head:
    return Head(_capital(language.say("fund.column.design")))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _value(found: Any) -> Cell:
    value = as_estimate(found)
    return value.value if value else None


def matrix_sheet(fund: Fund, language: Language) -> Sheet:
    """What each design does, in words."""
    table = matrix(fund, language)
    say = language.say
    return Sheet(
        "designs_in_words",
        say("workbook.sheet.designs_in_words"),
        table.caption,
        (),
        (
            Grid(
                tuple(Head(column.title) for column in table.columns),
                tuple(Row(tuple(str(cell) for cell in line.cells)) for line in table.rows),
                notes=tuple(str(note) for note in table.notes),
            ),
        ),
    )


def _leaves(design: Data) -> list[Leaf]:
    """Every figure of a design; `words` are its path within the design."""
    root = Leaf((str(design["name"]),), design)
    return [leaf for leaf in walk(dict(design), root) if leaf.words]


def designs_sheet(data: Data, titles: Mapping[str, str], language: Language) -> Sheet:
    """Every figure of every design but those by year, one row each."""
    say, units = language.say, _units(language)
    heads = (
        _design_head(language),
        Head(say("workbook.column.whose")),
        Head(say("column.figure")),
        *figure_heads(language, _TAIL),
    )
    kinds = {kind["name"]: language.title(kind["title"], kind["name"]) for kind in data["kinds"]}
    rows = tuple(
        figure_row(
            leaf,
            (titles[leaf.path[0]], _whose(leaf, kinds, language), _label(leaf, language)),
            units,
            _TAIL,
        )
        for design in data["designs"]
        for leaf in _leaves(design)
        if leaf.year is None
    )
    return _figures("designs", heads, rows, language)


def years_sheet(data: Data, titles: Mapping[str, str], language: Language) -> Sheet:
    """What is offered, promised, paid and left in each year of each design."""
    say, units = language.say, _units(language)
    heads = (
        _design_head(language),
        Head(say("column.figure")),
        Head(say("column.year"), "year"),
        *figure_heads(language, _TAIL),
    )
    rows = []
    for design in data["designs"]:
        found = [leaf for leaf in _leaves(design) if leaf.year is not None]
        order = list(dict.fromkeys(leaf.words for leaf in found))
        found.sort(key=lambda leaf: (order.index(leaf.words), leaf.year))
        rows += [
            figure_row(
                leaf,
                (titles[leaf.path[0]], _label(leaf, language), leaf.year),
                units,
                _TAIL,
            )
            for leaf in found
        ]
    return _figures("fund_years", heads, tuple(rows), language)


def _figures(key: str, heads: tuple[Head, ...], rows: tuple[Row, ...], language: Language) -> Sheet:
    say = language.say
    return Sheet(
        key,
        say(f"workbook.sheet.{key}"),
        say(f"workbook.title.{key}"),
        (say("workbook.about.designs"),),
        (Grid(heads, rows, filtered=True),),
    )


def _units(language: Language) -> Units:
    return Units(language, lambda item: "")


def _whose(leaf: Leaf, kinds: Mapping[str, str], language: Language) -> str:
    """The party, or the kind of contract, that the figure is about."""
    item = leaf.item
    if "party" in item:
        return language.say(f"fund.party.{item['party']}")
    if "kind" in item and "name" not in item:
        return kinds.get(str(item["kind"]), str(item["kind"]))
    party = leaf.words[-1]
    return language.say(f"fund.party.{party}") if language.has(f"fund.party.{party}") else ""


def _label(leaf: Leaf, language: Language) -> str:
    """What the figure is; a party's share of the gains is told by whose it is."""
    last = leaf.words[-1]
    if len(leaf.words) > 1 and language.has(f"fund.party.{last}"):
        return _capital(language.say(f"workbook.of.{leaf.words[-2]}"))
    return figure_label(replace(leaf, words=(*leaf.words[:-1], _CALLED.get(last, last))), language)


def gains_sheets(data: Data, titles: Mapping[str, str], language: Language) -> list[Sheet]:
    """Who gains: designs as rows, parties as columns, for each unit of public cost and in all."""
    say = language.say
    sheets = []
    for key, unit in _GAINS:
        rows = [
            Row(
                (
                    titles[design["name"]],
                    *(_value((design[key] or {}).get(party)) for party in (*PARTIES, "society")),
                )
            )
            for design in data["designs"]
        ]
        if not any(cell is not None for row in rows for cell in row.cells[1:]):
            continue
        heads = (
            _design_head(language),
            *(Head(_capital(say(f"fund.party.{p}")), unit) for p in (*PARTIES, "society")),
        )
        note = say("fund.note.gains") if unit == "multiple" else say("workbook.about.gains_amount")
        sheets.append(
            Sheet(
                key,
                say(f"workbook.sheet.{key}"),
                say(f"workbook.title.{key}", currency=language.currency),
                (note,),
                (Grid(heads, tuple(rows)),),
            )
        )
    return sheets


def kinds_sheet(data: Data, language: Language) -> Sheet:
    """The contracts that are offered, and how many in each fund year."""
    say = language.say
    years = max(len(kind["offered"]) for kind in data["kinds"])
    heads = (
        Head(say("fund.column.kind")),
        Head(say("fund.column.scenario")),
        Head(say("fund.column.drawn"), "money"),
        Head(say("fund.column.cashable"), "money"),
        *(Head(say("workbook.column.fund_year", year=n), "count") for n in range(1, years + 1)),
    )
    rows = tuple(
        Row(
            (
                language.title(kind["title"], kind["name"]),
                "@".join((kind["scenario"], *kind["variants"])),
                kind["drawn"],
                kind["cashable"],
                *(kind["offered"][n] if n < len(kind["offered"]) else None for n in range(years)),
            )
        )
        for kind in data["kinds"]
    )
    return Sheet(
        "kinds",
        say("workbook.sheet.kinds"),
        say("fund.table.pipeline", unit=language.currency),
        (say("fund.note.pipeline"),),
        (Grid(heads, rows),),
    )


def _assumptions_sheet(fund: Fund, language: Language) -> Sheet:
    """Everything that the fund file takes for given; the contracts have workbooks of their own."""
    say, given = language.say, fund_assumptions(fund)
    rows = fund_assumption_rows(given, fund, language)
    columns = ("what", "in_words", "value", "grade", "source", "address", "note", "key")
    heads = tuple(
        Head(
            say(f"workbook.column.{name}"),
            "number" if name == "value" else "text",
            silent=name == "key",
        )
        for name in columns
    )
    cells = tuple(
        Row(
            (
                row.what,
                row.value,
                said.number.value if said.number is not None else None,
                row.grade_text,
                row.source,
                row.address,
                row.note,
                row.key,
            )
        )
        for row, said in zip(rows, given, strict=True)
    )
    return Sheet(
        "assumptions",
        say("workbook.sheet.assumptions"),
        say("workbook.title.assumptions"),
        (say("fund.report.contracts"),),
        (Grid(heads, cells, filtered=True),),
    )
