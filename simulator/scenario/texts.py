"""Words, names, titles and grades: what any table of the language may carry."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

Grade = Literal["fact", "estimate", "assumption"]


def table_or_other(data: Any) -> str:
    """The tag of a form that is either a table of names or something plain."""
    return "‹table›" if isinstance(data, dict) else "‹plain›"


_InLanguages = Annotated[dict[Literal["sv", "en"], str], Field(min_length=1)]
Words = Annotated[
    Annotated[str, Tag("‹plain›")] | Annotated[_InLanguages, Tag("‹table›")],
    Discriminator(table_or_other),
]
"""A reason or a source: a text, or a table with `sv` and `en`."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
"""Names of things: lower-case letters, digits and underscores."""


def _in_both_languages(data: Any) -> Any:
    """A plain text stands for both languages."""
    return {"sv": data, "en": data} if isinstance(data, str) else data


Title = Annotated[
    dict[Literal["sv", "en"], str], Field(min_length=1), BeforeValidator(_in_both_languages)
]
"""A text in Swedish (`sv`), English (`en`), or both; a plain text is taken for both."""
