"""A stand-in for what has the wrong form, so that the rest of a scenario can be checked as well."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from simulator.scenario.document import Document
from simulator.scenario.language import arms, choices, field_named, form_at, models
from simulator.scenario.model import Scenario
from simulator.scenario.numbers import Number
from simulator.scenario.positions import Path
from simulator.scenario.translate import Error, data_path, meant_key, twin_key
from simulator.scenario.words import nearest

Form = TypeVar("Form", bound=BaseModel)

_ROUNDS = 6
_STAND_INS: dict[Any, Any] = {
    float: 0.5,
    int: 1,
    bool: True,
    datetime.date: datetime.date(2020, 1, 1),
}


def repaired(
    document: Document, errors: list[Error]
) -> tuple[dict[str, Any], Scenario, set[Path]] | None:
    """A tree of the right form, its scenario, and the paths changed to make it so.

    None where none is near.
    """
    return mended(document, errors, scenario_form)


def scenario_form(tree: dict[str, Any]) -> tuple[Scenario | None, list[Error]]:
    """The scenario of a tree, or its errors of form."""
    try:
        return Scenario.model_validate(tree), []
    except ValidationError as error:
        return None, [dict(item) for item in error.errors()]


def mended(
    document: Document, errors: list[Error], form: Callable[[Any], tuple[Form | None, list[Error]]]
) -> tuple[dict[str, Any], Form, set[Path]] | None:
    """The same for a file of any form; `form` is its model and how that is asked."""
    tree = copy.deepcopy(document.tree)
    touched: set[Path] = set()
    for _ in range(_ROUNDS):
        # misspelt keys first: a missing one may only be misspelt
        for error in sorted(errors, key=lambda error: error["type"] != "extra_forbidden"):
            path = data_path(error["loc"], document)
            if path and not _mend(tree, path, str(error["type"]), document):
                touched.add(path)
        whole, errors = form(tree)
        if whole is not None:
            return tree, whole, touched
    return None


def _mend(tree: Any, path: Path, kind: str, document: Document) -> bool:
    """Rename a misspelt key, drop what may be left out, and put a stand-in for what may not.

    True where a name was all that was wrong.
    """
    holder = tree
    for part in path[:-1]:
        try:
            holder = holder[part]
        except (KeyError, IndexError, TypeError):
            return False
    name = path[-1]
    if isinstance(holder, list) and isinstance(name, int) and name < len(holder):
        holder[name] = _stand_in(form_at(path, tree, document.root))
    elif isinstance(holder, dict):
        if kind == "missing" and name in holder:
            return True
        old = holder.pop(name, None)
        if kind == "extra_forbidden" and _renamed(holder, path, old, document):
            return True
        if kind != "extra_forbidden" and _must_stand(path, tree, document.root):
            form = form_at(path, tree, document.root)
            holder[name] = "XXX" if name == "currency" else _stand_in(form)
    return False


def _renamed(holder: dict[str, Any], path: Path, old: Any, document: Document) -> bool:
    """Put what stood under a misspelt key under the right one; False where none is near."""
    near = meant_key(document, path)
    if near is not None and near == nearest(str(path[-1]), [near]) and near not in holder:
        holder[near] = old
        return True
    twin = twin_key(document, path)
    if twin is None:
        return False
    holder[twin] = _joined(old, holder[twin]) if twin in holder else old
    return True


def _joined(first: Any, second: Any) -> Any:
    """Two tables in one; where both say something, the second."""
    if not (isinstance(first, dict) and isinstance(second, dict)):
        return second
    return {**first, **{key: _joined(first.get(key), item) for key, item in second.items()}}


def _must_stand(path: Path, tree: Any, root: type[BaseModel]) -> bool:
    model = next(models(form_at(path[:-1], tree, root)), None)
    field = field_named(model, str(path[-1])) if model else None
    return field is None or field.is_required()


def _stand_in(form: Any) -> Any:
    options = arms(form)
    form = options[0] if options else str
    if form is Number:
        return 0.5
    if form in _STAND_INS:
        return _STAND_INS[form]
    if isinstance(form, type) and issubclass(form, BaseModel):
        return {}
    origin = get_origin(form)
    if origin in (list, tuple):
        return [_stand_in(get_args(form)[0])]
    if origin is dict:
        return {"en": "title"} if choices(get_args(form)[0]) else {}
    return (choices(form) or ["1 year"])[0]
