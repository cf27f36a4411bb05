"""What may stand where: the language's tables, keys and forms, read off the models."""

from __future__ import annotations

import datetime
import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from simulator.scenario.base_rates import PRIORS, BaseRate
from simulator.scenario.contract import Relative
from simulator.scenario.evidence import Haircut
from simulator.scenario.model import Metric, Party, Realised, Scenario, States
from simulator.scenario.numbers import FAMILIES, Number
from simulator.scenario.positions import Path
from simulator.scenario.strict import meanings
from simulator.scenario.words import listed

NUMBER = "a number, or a table with `value` or one distribution: `{ value = 0.4, grade = … }`"
_OF_COHORTS: dict[Path, type[BaseModel]] = {("metrics",): Metric, ("states",): States}
"""Tables of a cohort that hold what differs from the scenario's table of that name."""
_HIDDEN = frozenset({"name", "variant", "overrides", "folder"})
"""What a loaded file holds besides what was written in it."""

_PLAIN: dict[Any, str] = {
    float: "a number, with a decimal point and without quotes",
    int: "a whole number, without quotes",
    bool: "true or false, without quotes",
    str: "a text in quotes",
    datetime.date: "a date such as 2016-07-01, without quotes",
}


def keys_of(model: type[BaseModel]) -> list[str]:
    """The keys that a table of this model may hold, as they are written."""
    keys = [field.alias or name for name, field in model.model_fields.items()]
    holds_more = model in (Scenario, Realised) or "folder" in model.model_fields
    return [key for key in keys if not (holds_more and key in _HIDDEN)]


def field_named(model: type[BaseModel], key: str) -> FieldInfo | None:
    """The field that is written as this key."""
    for name, field in model.model_fields.items():
        if (field.alias or name) == key:
            return field
    return None


def meaning_of(model: type[BaseModel], key: str) -> str:
    """What the key means, in the words of the language."""
    for name, field in model.model_fields.items():
        if (field.alias or name) == key:
            return meanings(model).get(name, "")
    return ""


def _strip(annotation: Any) -> Any:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return annotation


def arms(annotation: Any) -> list[Any]:
    """The forms that an annotation allows, `None` left out."""
    annotation = _strip(annotation)
    if get_origin(annotation) in (Union, types.UnionType):
        return [form for arm in get_args(annotation) for form in arms(arm)]
    return [] if annotation is type(None) else [annotation]


def _matches(form: Any, data: Any) -> bool:
    if isinstance(data, dict):
        if form is Relative:
            return any(str(key)[:2] in ("of", "by") for key in data)
        if get_origin(form) is dict:
            return not {*FAMILIES, "value", "grade"} & data.keys()
        return isinstance(form, type) and issubclass(form, BaseModel) and _is_kind(form, data)
    if isinstance(data, list):
        return get_origin(form) in (list, tuple)
    return form is Number or not (isinstance(form, type) and issubclass(form, BaseModel))


def _is_kind(model: type[BaseModel], data: dict[str, Any]) -> bool:
    """Whether the table says that it is of this model's kind; one that says nothing may be."""
    field = model.model_fields.get("kind")
    kinds = choices(field.annotation) if field else []
    return not kinds or data.get("kind", kinds[0]) in kinds


def form_at(path: Path, tree: Any, root: type[BaseModel] = Scenario) -> Any:
    """The form that the language expects at the path, given what stands there; None if unknown."""
    form: Any = root
    for depth, part in enumerate(path):
        form = _below(form, part, path[:depth])
        if form is None:
            return None
        tree = _item(tree, part)
        options = arms(form)
        form = next((option for option in options if _matches(option, tree)), None) or options[0]
    return form


def item_at(tree: Any, path: Path) -> Any:
    """What stands at the path; None where it leads nowhere."""
    for part in path:
        tree = _item(tree, part)
    return tree


def _item(tree: Any, part: str | int) -> Any:
    if isinstance(tree, dict):
        return tree.get(str(part))
    return tree[part] if isinstance(tree, list) and isinstance(part, int) else None


def _below(form: Any, part: str | int, path: Path) -> Any:
    if isinstance(form, type) and issubclass(form, BaseModel):
        field = field_named(form, str(part))
        return field.annotation if field else None
    origin = get_origin(form)
    if origin is dict and path[:1] == ("cohorts",) and path[2:] in _OF_COHORTS:
        return _OF_COHORTS[path[2:]]
    if origin in (dict, list, tuple):
        return get_args(form)[1 if origin is dict else 0]
    return None


def in_words(form: Any) -> str:
    """What a form looks like in a file."""
    options = arms(form)
    if str in options and any(_by_language(option) for option in options):
        options = [option for option in options if option is not str]
    if len(options) > 1:
        return ", or ".join(dict.fromkeys(in_words(option) for option in options))
    form = options[0] if options else form
    if form is Number:
        return NUMBER
    if form is Haircut:
        return "a factor above 0, at most 1, or a table with `factor` and `sd`"
    if form is BaseRate:
        return f"a base rate: {listed([*PRIORS])}"
    if form is Party:
        return "a text in quotes, or a table with `title`"
    if get_origin(form) is Literal:
        return listed(choices(form))
    if isinstance(form, type) and issubclass(form, BaseModel):
        return f"a table with {listed(keys_of(form), 'and')}"
    if _by_language(form):
        return "a text in quotes, or a table with `sv` and `en`"
    if get_origin(form) is dict:
        return f"a table of names, each with {in_words(get_args(form)[1])}"
    if get_origin(form) in (list, tuple):
        return f"a list in brackets, each item {in_words(get_args(form)[0])}"
    return _PLAIN.get(form, "another form")


def _by_language(form: Any) -> bool:
    """Whether the form is a table with a text for each language."""
    return get_origin(form) is dict and get_origin(_strip(get_args(form)[0])) is Literal


def choices(form: Any) -> list[str]:
    """The words that a choice allows."""
    if BaseRate in arms(form):
        return [*PRIORS]
    return [str(word) for option in arms(form) for word in get_args(option)]


def models(form: Any) -> Iterator[type[BaseModel]]:
    """The tables among the forms of an annotation."""
    for option in arms(form):
        if isinstance(option, type) and issubclass(option, BaseModel):
            yield option
