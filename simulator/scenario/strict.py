"""What all tables of the language have in common: nothing unknown, nothing silently converted.

The text below each key says what it means. It is read from the source when somebody asks, for the
schema or for an error: to read every table at start would take each command a tenth of a second.
For the same reason files with tables leave out `from __future__ import annotations`: pydantic would
have to read the form of each key from its text, a sixth of the time that tables take to be made.
"""

from __future__ import annotations

import ast
import inspect
import itertools
import textwrap
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler
from pydantic_core import CoreSchema


class Strict(BaseModel):
    """Refuses unknown keys, silent conversions, NaN and infinity; frozen once made."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        allow_inf_nan=False,
        frozen=True,
        defer_build=True,  # the scenario's own reader is made of all tables at once, when it reads
    )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """The schema with the meaning of each key."""
        made = handler(schema)
        properties = handler.resolve_ref_schema(made).get("properties", {})
        for name, text in meanings(cls).items():
            field = cls.model_fields.get(name)
            key = field.alias or name if field else name
            if key in properties:
                properties[key].setdefault("description", text)
        return made


@cache
def meanings(model: type[BaseModel]) -> dict[str, str]:
    """What each key of a table means: the text below it, or below it in a table it extends."""
    found: dict[str, str] = {}
    for owner in reversed(model.__mro__):
        if issubclass(owner, Strict) and owner is not Strict:
            found |= _texts(owner)
    return found


def _texts(owner: type) -> dict[str, str]:
    """Texts that follow an annotated name, by name; nothing where the source is not there."""
    try:
        source = inspect.getsource(owner)
    except OSError:
        return {}
    (table,) = ast.parse(textwrap.dedent(source)).body
    body = table.body if isinstance(table, ast.ClassDef) else []
    return {
        given.target.id: inspect.cleandoc(text.value.value)
        for given, text in itertools.pairwise(body)
        if isinstance(given, ast.AnnAssign)
        and isinstance(given.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }
