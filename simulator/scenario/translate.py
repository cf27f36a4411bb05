"""From pydantic's errors to sentences of help."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from simulator.errors import Problem
from simulator.scenario.document import Document, problem_at
from simulator.scenario.language import (
    arms,
    choices,
    field_named,
    form_at,
    in_words,
    item_at,
    keys_of,
    meaning_of,
    models,
)
from simulator.scenario.mends import (
    DURATIONS,
    forms_of_number,
    meant,
    mend_choice,
    mend_form,
    mend_key,
)
from simulator.scenario.numbers import FAMILIES, Families
from simulator.scenario.overlay import TABLES_OF_NAMES
from simulator.scenario.positions import Path
from simulator.scenario.words import listed, nearest, shorten

Error = dict[str, Any]
DURATION = 'a duration in quotes, such as "2 years" or "18 months"'
NO_DISTRIBUTION = "a value: what stands here is not uncertain; vary it with a variant or --set"


def problems_of(document: Document, errors: list[Error], prefix: Path = ()) -> list[Problem]:
    """One problem for each error; a missing key is left out where a misspelt one stands for it."""
    paths = [(error, data_path(error["loc"], document, prefix)) for error in errors]
    misspelt = {
        (*path[:-1], meant)
        for error, path in paths
        if error["type"] == "extra_forbidden" and (meant := meant_key(document, path))
    }
    elsewhere = {
        (*path[:-1], twin): path
        for error, path in paths
        if error["type"] == "extra_forbidden" and (twin := twin_key(document, path))
    }
    return [
        translate(document, error, path)
        for error, path in paths
        if not (
            error["type"] == "missing" and (path in misspelt or _stands(document, path, elsewhere))
        )
    ]


def _stands(document: Document, path: Path, elsewhere: dict[Path, Path]) -> bool:
    """Whether a missing key is there, in the misspelt twin of a table around it."""
    return any(
        path[: len(table)] == table and document.has((*other, *path[len(table) :]))
        for table, other in elsewhere.items()
    )


def data_path(location: tuple[str | int, ...], document: Document, prefix: Path = ()) -> Path:
    """The path in the file: without unions' tags and the keys that models added themselves."""
    parts = tuple(part for part in location if not str(part).startswith(("‹", "[key]")))
    path = (*prefix, *parts)
    if path and path[-1] in ("value", "title", "factor", "of") and not document.has(path):
        parent = document.place(path[:-1])
        if document.has(path[:-1]) and not parent.text.startswith(("{", "[")):
            return path[:-1]
    return path


def meant_key(document: Document, path: Path) -> str | None:
    """The key that a misspelt one stands for, if one is near and not there already."""
    model = _model_around(document, path)
    if model is None:
        return None
    free = [key for key in keys_of(model) if not document.has((*path[:-1], key))]
    return meant(model, str(path[-1]), free)


def twin_key(document: Document, path: Path) -> str | None:
    """The key that stands there and that a misspelt one, a table too, is almost the same as."""
    model, holder = _model_around(document, path), item_at(document.tree, path[:-1])
    name = str(path[-1])
    if model is None or not isinstance(holder, dict) or not isinstance(holder.get(name), dict):
        return None
    return nearest(name, [key for key in keys_of(model) if isinstance(holder.get(key), dict)])


def _model_around(document: Document, path: Path) -> type[BaseModel] | None:
    return next(models(form_at(path[:-1], document.tree, document.root)), None)


def translate(document: Document, error: Error, path: Path) -> Problem:
    """The problem that a reader sees for this error."""
    kind = str(error["type"])
    if kind == "extra_forbidden":
        return _unknown_key(document, path)
    if kind == "missing":
        return _missing(document, path)
    if error["loc"] and error["loc"][-1] == "[key]":
        allowed = "lower-case letters a–z, digits and underscores, beginning with a letter"
        if error["type"] == "literal_error":
            allowed = error["ctx"]["expected"].replace("'", "`")
        lower = re.sub(r"\W", "_", str(path[-1]).lower(), flags=re.ASCII)
        mend = f"rename it: `{lower}`" if re.match("[a-z]", lower) else "rename it"
        if error["type"] == "literal_error":
            mend = "rename it"
        return problem_at(document, path, allowed, mend, found=f"`{path[-1]}`", at_key=True)
    if kind == "literal_error":
        words = choices(form_at(path, document.tree, document.root))
        mend = mend_choice(words, _written(document, path).strip("\"'"))
        return problem_at(document, path, listed(words), mend)
    if kind == "value_error":
        return problem_at(document, path, NO_DISTRIBUTION, "keep the most likely value")
    worded = _WORDED.get(kind)
    if worded:
        return problem_at(document, path, worded(error.get("ctx", {})))
    return _wrong_form(document, path)


def _written(document: Document, path: Path) -> str:
    return document.place(path).text


def _unknown_key(document: Document, path: Path) -> Problem:
    model = _model_around(document, path)
    keys = keys_of(model) if model else []
    name = str(path[-1])
    known = mend_key(model, name, keys) if model else ""
    mend = known or _where_it_belongs(model, name) or "remove it"
    allowed = listed(keys, "and") or "nothing here"
    if model and issubclass(model, Families) and name not in FAMILIES:
        mend = known or "name one distribution, or give `value`"
        allowed = forms_of_number(model)
    return problem_at(document, path, allowed, mend, found=f"unknown key `{name}`", at_key=True)


def _where_it_belongs(model: type[BaseModel] | None, name: str) -> str:
    """A table one level down that has the key."""
    if model is None:
        return ""
    for key in keys_of(model):
        field = field_named(model, key)
        for below in models(field.annotation) if field else ():
            if not issubclass(below, Families) and name in keys_of(below):
                return f"write it inside `{key}`"
    return ""


def _missing(document: Document, path: Path) -> Problem:
    model = _model_around(document, path)
    name = str(path[-1])
    field = field_named(model, name) if model else None
    allowed = in_words(field.annotation) if field else "a value"
    text = meaning_of(model, name) if model else ""
    meaning = f" ({shorten(text, 160)})" if text else ""
    mend = f"{_near_table(document, path)}add `{name}`"
    return problem_at(
        document, path, f"{allowed}{meaning}", mend, found=f"no `{name}`", at_key=True
    )


def _near_table(document: Document, path: Path) -> str:
    """Another table with almost the same name, which this one may have been meant to continue."""
    if len(path) != 3 or path[0] not in TABLES_OF_NAMES:
        return ""
    table = document.tree.get(str(path[0]))
    others = [name for name in table if name != path[1]] if isinstance(table, dict) else []
    near = nearest(str(path[1]), others)
    return f"did you mean `{path[0]}.{near}`? Else " if near else ""


_WORDED: dict[str, Callable[[Error], str]] = {
    "greater_than": lambda ctx: f"a number above {ctx['gt']:g}",
    "greater_than_equal": lambda ctx: f"a number of at least {ctx['ge']:g}",
    "less_than": lambda ctx: f"a number below {ctx['lt']:g}",
    "less_than_equal": lambda ctx: f"a number of at most {ctx['le']:g}",
    "finite_number": lambda _: "a finite number",
    "string_pattern_mismatch": lambda ctx: {
        "^[A-Z]{3}$": 'a currency as three capital letters, such as "SEK"'
    }.get(ctx["pattern"], "lower-case letters a–z, digits and underscores"),
    "too_short": lambda ctx: f"at least {_items(ctx['min_length'])}",
    "too_long": lambda ctx: f"at most {_items(ctx['max_length'])}",
}


def _items(count: int) -> str:
    return "one item" if count == 1 else f"{count} items"


def _wrong_form(document: Document, path: Path) -> Problem:
    form = form_at(path, document.tree, document.root)
    written = _written(document, path)
    if path[-1] in DURATIONS and arms(form)[:1] == [str]:
        return problem_at(document, path, DURATION, mend_form(form, written, path))
    return problem_at(document, path, in_words(form), mend_form(form, written, path))
