"""Writes docs/language.md: every table and key of the scenario language, read off the models.

    python -m docs.tools.language > docs/language.md

Meanings are the docstrings of the models' fields, ranges those that the rules hold numbers to, and
examples the shortest ones found in shipped scenarios and in the tests' contracts.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from docs.tools.examples import Example, find_examples
from docs.tools.terms import term_section
from simulator.scenario import base_rates, contract, evidence, fading, model, numbers, risks
from simulator.scenario.language import arms, choices, keys_of
from simulator.scenario.rules.ranges import PLACES
from simulator.scenario.strict import meanings

Model = type[BaseModel]
ORDER: tuple[tuple[str, tuple[tuple[str, Model], ...]], ...] = (
    ("The scenario", (("(top of the file)", model.Scenario),)),
    (
        "Time and prices",
        (("[time]", model.Time), ("[index]", model.Index), ("[rates.PARTY]", model.Rate)),
    ),
    ("Sources", (("[sources.NAME]", model.Source),)),
    ("Parties and pockets", (("[parties.NAME]", model.Party), ("[pockets.NAME]", model.Pocket))),
    (
        "Service users",
        (
            ("[cohorts.NAME]", model.Cohort),
            ("enrolment", model.Enrolment),
            ("drop_out", model.DropOut),
        ),
    ),
    (
        "Outcomes",
        (
            ("[metrics.NAME]", model.Metric),
            ("effect", model.Effect),
            ("fade", fading.Fade),
            ("measured", fading.Measured),
            ("spread", model.Spread),
            ("[states.NAME]", model.States),
        ),
    ),
    ("Dependence", (("[factors.NAME]", model.Factor), ("[correlation]", model.Correlation))),
    (
        "Measurement",
        (
            ("[measures.NAME]", contract.Measure),
            ("reference", contract.Reference),
            ("follow_up", contract.FollowUp),
        ),
    ),
    (
        "Capital and cost",
        (
            ("[capital]", contract.Capital),
            ("[capital.costs]", contract.Spending),
            ("[capital.classes.PARTY]", contract.CapitalClass),
            ("shock", contract.Shock),
            ("[fees.NAME]", contract.Fee),
            ("[costs.NAME]", contract.Cost),
        ),
    ),
    (
        "Payments",
        (
            ("[payments.NAME]", contract.Payment),
            ("when", contract.Condition),
            ("terms", contract.Term),
            ("bands", contract.Band),
            ("table", contract.Steps),
            ("until_repaid", contract.UntilRepaid),
            ("rounded", contract.Rounded),
            ("uplift", contract.Uplift),
            ("levels", contract.Relative),
        ),
    ),
    (
        "Limits and guarantees",
        (
            ("[limits]", contract.Limits),
            ("annual_return", contract.AnnualReturn),
            ("[guarantees.NAME]", contract.Guarantee),
        ),
    ),
    ("What goes wrong", (("[events.NAME]", risks.Event),)),
    ("What happened", (("[realised]", model.Realised), ("[realised.published]", model.Published))),
    (
        "Numbers",
        (
            ("numbers", numbers.Number),
            ("normal", numbers.Normal),
            ("truncated_normal", numbers.TruncatedNormal),
            ("lognormal", numbers.Lognormal),
            ("beta", numbers.Beta),
            ("gamma", numbers.Gamma),
            ("uniform", numbers.Uniform),
            ("triangular", numbers.Triangular),
            ("pert", numbers.Pert),
            ("student_t", numbers.StudentT),
            ("discrete", numbers.Discrete),
            ("empirical", numbers.Empirical),
            ("quantiles", numbers.Quantiles),
            ("mixture", numbers.Mixture),
            ("parts", numbers.Part),
        ),
    ),
    (
        "Evidence",
        (
            ("evidence", evidence.Evidence),
            ("studies", evidence.Study),
            ("counts", evidence.Counts),
            ("between", evidence.Between),
            ("haircut", evidence.Haircut),
        ),
    ),
    ("Base rates", (("base_rate", base_rates.BaseRate),)),
)
"""Sections in the order of a scenario file; what a table is called, and its model."""

HEADINGS = {table: heading for _, tables in ORDER for heading, table in tables}
RANGES = dict(PLACES)
COMMON = {
    "title": "its name for readers",
    "grade": "how well it is known: that of the numbers in the table that have none of their own",
    "source": "where it was read: a key of `[sources]`, or words",
    "note": "a remark for readers",
}
DURATIONS = frozenset(
    ("horizon", "window", "reported_after", "after", "lasts", "at", "notice", "delay")
)
HEAD = "| key | meaning | written as | default | example |"
RULE = "|---|---|---|---|---|"
BY_LANGUAGE = "text, or by language (`sv`, `en`)"
BOUNDS = {"ge": "≥ {}", "gt": "> {}", "le": "≤ {}", "lt": "< {}"}
KNOWN_RANGES: dict[tuple[Model, str], str] = {
    (contract.Term, "share"): "between −1 and 1",
    (model.Metric, "baseline"): "0 or more; binary: between 0 and 1",
    (model.Metric, "persistence"): "between 0 and 1",
    (model.Effect, "difference"): "binary: between −1 and 1",
    (model.Effect, "ratio"): "0 or more",
    (model.Effect, "odds_ratio"): "0 or more",
}


INTRODUCTION = """\
# The scenario language

Every table and key of a scenario file, in the order in which one is written. This page is made from
the program itself by `make docs`; what the words do to money is in [the model](model.md), and
[from contract text to scenario](from-contract-to-scenario.md) works four clauses through.
`socsim check FILE` says what is wrong with a file, and where.

A file is [TOML](https://toml.io): `key = value` under `[table]` headings. Text stands in quotes,
dates (2026-07-01) and numbers (1_000_000, 0.4) do not. A table may also be written on one line:
`{ from = 2026-01-01, to = 2026-12-31 }`. `NAME` is a name of your own: small letters, digits and
underscores. `PARTY` is one of the parties.

In the column *written as*, a **number** is a value, or a table with its source: `{ value = 0.4,
grade = "fact", source = "…" }`. A **number, may be uncertain** can be a distribution as well; see
[numbers](#number). A **plain number** is a value and nothing else. A **duration** is a text such as
"2 years", "18 months", "3 quarters" or "1 half-year". Ranges hold for everything that may be drawn.
A key without a default may be left out, and then says nothing. `title`, `grade`, `source` and
`note` never change a figure. An example that ends in … is cut; the file beside it has it in full.

`[variants.NAME]` holds the same tables with only what differs, and `unset = ["key", …]` for what
the variant takes away; run one with `--variant NAME`."""


def manual() -> str:
    """The whole page."""
    examples = find_examples()
    lines = [INTRODUCTION, *_contents()]
    for section, tables in ORDER:
        lines += ["", f"## {section}"]
        for heading, table in tables:
            lines += _table(heading, table, examples)
            if table is contract.Term:
                lines += term_section()
        if tables[0][1] is model.Scenario:
            lines += _everywhere(examples)
    return "\n".join(lines) + "\n"


def _contents() -> list[str]:
    lines = ["", "## Contents", ""]
    for section, tables in ORDER:
        links = ", ".join(f"[{plain(heading)}](#{anchor(table)})" for heading, table in tables)
        lines.append(f"- {section}: {links}")
    return lines


def plain(heading: str) -> str:
    """A heading as code; a remark in brackets as it stands."""
    return heading.strip("()") if heading.startswith("(") else f"`{heading}`"


def anchor(table: Model) -> str:
    """Where a table stands on its page."""
    return table.__name__.lower()


def _table(heading: str, table: Model, examples: dict[tuple[Model, str], Example]) -> list[str]:
    about = " ".join((table.__doc__ or "").split())
    lines = ["", f'<a id="{anchor(table)}"></a>', "", f"### {plain(heading)}", "", about, ""]
    lines += [HEAD, RULE]
    besides = []
    for name, field in table.model_fields.items():
        key = field.alias or name
        if key not in keys_of(table):
            continue
        if is_common(name, field, table):
            besides.append(f"`{key}`")
            continue
        cells = [f"`{key}`", meaning(table, name), written(table, name, field), default(field)]
        lines.append(row([*cells, example(examples.get((table, key)))]))
    if besides:
        links = "[in every table](#everywhere)"
        if table is numbers.Part:
            links = "[numbers](#number)"
        lines += ["", f"Besides: {', '.join(besides)}; see {links}."]
    return lines


def is_common(name: str, field: FieldInfo, table: Model) -> bool:
    """Whether the key means the same in every table, and need not be given."""
    if table is numbers.Part and name in numbers.FAMILIES:
        return True
    return name in COMMON and not meanings(table).get(name) and not field.is_required()


def _everywhere(examples: dict[tuple[Model, str], Example]) -> list[str]:
    """The keys that may stand in most tables and mean the same in each."""
    lines = ["", '<a id="everywhere"></a>', "", "### in every table", "", HEAD, RULE]
    for key, text in COMMON.items():
        table = model.Metric if key != "note" else numbers.Number
        form = written(table, key, table.model_fields[key])
        lines.append(row([f"`{key}`", text, form, "", example(examples.get((table, key)))]))
    return lines


def example(found: Example | None) -> str:
    """An example as code, with a link to its file."""
    if found is None:
        return ""
    return f"`{found.text}` ([{Path(found.file).stem}](../{found.file}))"


def row(cells: list[str]) -> str:
    """A row of a Markdown table."""
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def meaning(table: Model, name: str) -> str:
    """What the key means: its docstring, or what the key means everywhere."""
    return meanings(table).get(name) or COMMON.get(name, "")


def written(table: Model, name: str, field: FieldInfo) -> str:
    """What a key's value looks like, and its range."""
    text = _form(field.annotation, name)
    is_certain = any("_no_uncertainty" in str(item) for item in field.metadata)
    if is_certain:
        text = text.replace("number, may be uncertain", "number")
    limits = _range(table, name, field)
    return f"{text}; {limits}" if limits else text


def _range(table: Model, name: str, field: FieldInfo) -> str:
    if (table, name) in KNOWN_RANGES:
        return KNOWN_RANGES[table, name]
    if name in RANGES.get(table, {}):
        return RANGES[table][name][2].removeprefix("a number ").removeprefix("a share ")
    return ", ".join(_bounds(field.annotation, field.metadata))


def _bounds(annotation: Any, metadata: Any) -> Iterator[str]:
    """Bounds of plain numbers, wherever they stand in the annotation."""
    for item in metadata:
        for part in getattr(item, "metadata", None) or (item,):
            for key, form in BOUNDS.items():
                value = getattr(part, key, None)
                if isinstance(value, (int, float)):
                    yield form.format(f"{value:g}" if value < 1e5 else f"{value:,}")
    for part in get_args(annotation):
        if get_origin(part) is Annotated:
            inner, *extra = get_args(part)
            if inner in (int, float):
                yield from _bounds(inner, extra)


def _form(annotation: Any, name: str = "") -> str:
    """What a value looks like, in words with links."""
    if get_origin(annotation) is Annotated and "_no_uncertainty" in str(annotation):
        return "number"
    forms = list(dict.fromkeys(_one_form(form, name) for form in _raw_arms(annotation)))
    if BY_LANGUAGE in forms:
        forms = [form for form in forms if form != "text"]
    return " or ".join(forms)


def _raw_arms(annotation: Any) -> list[Any]:
    """The forms of an annotation, with what makes a number certain kept."""
    if get_origin(annotation) is Annotated:
        if "_no_uncertainty" in str(get_args(annotation)[1:]):
            return [annotation]
        return _raw_arms(get_args(annotation)[0])
    if get_origin(annotation) in (None, Literal, dict, list, tuple):
        return [] if annotation is type(None) else [annotation]
    return [form for arm in get_args(annotation) for form in _raw_arms(arm)]


def _one_form(form: Any, name: str) -> str:
    if get_origin(form) is Annotated:
        return "number"
    if get_origin(form) is Literal:
        return ", ".join(f"`{word}`" for word in choices(form))
    if get_origin(form) is dict:
        key, item = get_args(form)
        if choices(key) and get_origin(arms(key)[0]) is Literal:
            return BY_LANGUAGE
        return f"by name: {_form(item, name)}" if item is not Any else "its own keys"
    if get_origin(form) in (list, tuple):
        return f"list of {_form(get_args(form)[0], name)}"
    if form is numbers.Number:
        return "number, may be uncertain"
    if isinstance(form, type) and issubclass(form, BaseModel):
        return f"[{plain(HEADINGS[form])}](#{anchor(form)})"
    if form is str:
        return "duration" if name in DURATIONS else "text"
    words = {float: "plain number", int: "whole number", bool: "true or false"}
    return words.get(form, "date" if form is datetime.date else "text")


def default(field: FieldInfo) -> str:
    """What holds where the key is left out."""
    if field.is_required():
        return "*required*"
    value = field.default
    if value is None or value is PydanticUndefined or isinstance(value, BaseModel):
        number = value.value if isinstance(value, numbers.Number) else None
        return "" if number is None else f"{number:g}"
    if isinstance(value, bool):
        return str(value).lower()
    return f"`{value}`" if isinstance(value, str) else f"{value}"


if __name__ == "__main__":
    sys.stdout.write(manual())
