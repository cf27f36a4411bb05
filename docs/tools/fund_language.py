"""Writes docs/fund-language.md: every table and key of a fund file, read off the models.

    python -m docs.tools.fund_language > docs/fund-language.md

Meanings, ranges and examples are found as for the scenario language (`docs.tools.language`).
"""

from __future__ import annotations

import re
import sys

from docs.tools import language
from docs.tools.examples import ROOT, WIDEST, Example, uses
from docs.tools.language import HEAD, RULE, Model, anchor, example, keys_of, plain, row
from simulator.fund import model
from simulator.fund.rules.ranges import PLACES

FILES = ("tests/cases/fund/valid/rich.toml",)
"""Where examples are looked for: a file that says everything once."""

ORDER: tuple[tuple[str, tuple[tuple[str, Model], ...]], ...] = (
    ("The fund file", (("(top of the file)", model.Fund),)),
    ("The contracts that are offered", (("[pipeline.KIND]", model.Kind),)),
    ("What contracts have in common", (("[factors.NAME]", model.SharedFactor),)),
    (
        "Behaviour",
        (
            ("[behaviour]", model.Behaviour),
            ("investor", model.InvestorBehaviour),
            ("municipality", model.MunicipalityBehaviour),
            ("loosen", model.Loosen),
        ),
    ),
    (
        "Designs",
        (
            ("[designs.NAME]", model.Plain),
            ("changes.KIND", model.Changed),
            ("(the fund's money)", model.Money),
            ('kind = "nothing"', model.Nothing),
            ('kind = "guarantee"', model.Guarantee),
            ('kind = "co-investment"', model.CoInvestment),
            ('kind = "sole investor"', model.SoleInvestor),
            ('kind = "outcomes funding"', model.OutcomesFunding),
            ('kind = "longer measurement"', model.LongerMeasurement),
            ('kind = "in-house"', model.InHouse),
            ('kind = "internal fund"', model.InternalFund),
            ('kind = "spread cost"', model.SpreadCost),
        ),
    ),
    ("How robust the order is", (("[robustness.NAME]", model.Trial),)),
)

INTRODUCTION = """\
# The language of fund files

Every table and key of a fund file, which compares public support for many contracts: `socsim fund
FILE` runs one, `socsim check FILE` says what is wrong with it, and where. This page is made from
the program itself by `make docs`. How files are written, and what a **number**, a **duration** and
a `NAME` are, stands in [the scenario language](language.md); what the words do to money in
[the model](model.md).

A fund file begins with `kind = "fund"`. `KIND` is a name of your own for a kind of contract, `NAME`
for a design, a factor or a source. A key of a contract is written as `--set` takes it:
`"payments.upside.terms.3.at_most.of_drawn"` is the third term. Any key of the fund file can be
changed with `--set`: `behaviour.effort=0`, `designs.floor.coverage=0.3`,
`pipeline.loans.set."capital.commitment"=12_000_000`.

Every design has the keys of `[designs.NAME]`; those with a fund have its money as well: all but
nothing, in-house and spread cost."""


def manual() -> str:
    """The whole page."""
    language.HEADINGS.update({table: head for _, tables in ORDER for head, table in tables})
    language.RANGES.update(PLACES)
    examples = find_examples()
    lines = [INTRODUCTION, "", "## Contents", ""]
    for section, tables in ORDER:
        links = ", ".join(f"[{plain(heading)}](#{anchor(table)})" for heading, table in tables)
        lines.append(f"- {section}: {links}")
    for section, tables in ORDER:
        lines += ["", f"## {section}"]
        for heading, table in tables:
            lines += _table(heading, table, examples)
    return _linked("\n".join(lines)) + "\n"


def _linked(text: str) -> str:
    """Links to tables of the scenario language lead to its page."""
    here = {anchor(table) for _, tables in ORDER for _, table in tables}

    def link(found: re.Match[str]) -> str:
        return found[0] if found[1] in here else f"](language.md#{found[1]})"

    return re.sub(r"\]\(#(\w+)\)", link, text)


def _table(heading: str, table: Model, examples: dict[tuple[Model, str], Example]) -> list[str]:
    about = " ".join((table.__doc__ or "").split())
    lines = ["", f'<a id="{anchor(table)}"></a>', "", f"### {plain(heading)}", "", about]
    rows, besides = [], []
    for name, field in table.model_fields.items():
        if name not in keys_of(table) or _is_inherited(table, name) or name == "kind":
            continue
        if language.is_common(name, field, table):
            besides.append(f"`{name}`")
            continue
        written = _design(name) or language.written(table, name, field)
        found = examples.get((_known(table, name, examples), name))
        meaning = language.meaning(table, name)
        rows.append(row([f"`{name}`", meaning, written, _default(table, name), example(found)]))
    if rows:
        lines += ["", HEAD, RULE, *rows]
    if besides:
        lines += ["", f"Besides: {', '.join(besides)}; see [in every table](#everywhere)."]
    return lines


def _is_inherited(table: Model, name: str) -> bool:
    """Whether the key stands in a table of its own, shared by several designs."""
    bases = (base for base in table.__mro__[1:] if base in (model.Plain, model.Money))
    return any(name in base.model_fields for base in bases)


def _design(name: str) -> str:
    """The nine kinds of design are told by their link."""
    return f"by name: [`[designs.NAME]`](#{anchor(model.Plain)})" if name == "designs" else ""


def _default(table: Model, name: str) -> str:
    field = table.model_fields[name]
    return "" if field.default_factory is not None else language.default(field)


def _known(table: Model, name: str, examples: dict[tuple[Model, str], Example]) -> Model:
    """The table itself, or one of the designs that inherit the key and use it in an example."""
    heirs = [heir for _, tables in ORDER for _, heir in tables if issubclass(heir, table)]
    return next((heir for heir in heirs if (heir, name) in examples), table)


def find_examples() -> dict[tuple[Model, str], Example]:
    """For each table and key the shortest example of the first file that has a short one."""
    found: dict[tuple[Model, str], tuple[tuple[bool, int, int, str], Example]] = {}
    for rank, file in enumerate(FILES):
        for table, key, text in uses(ROOT / file, model.Fund):
            is_cut = len(text) > WIDEST or text.endswith("…")
            shown = f"{text[: WIDEST - 1].rstrip('… ')}…" if is_cut else text
            order = (is_cut, rank, len(text), text)
            if (table, key) not in found or order < found[table, key][0]:
                found[table, key] = (order, Example(shown, file))
    return {slot: chosen for slot, (_, chosen) in found.items()}


if __name__ == "__main__":
    sys.stdout.write(manual())
