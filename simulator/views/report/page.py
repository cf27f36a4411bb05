"""A page of chapters as one self-contained HTML text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import jinja2
from markupsafe import Markup

from simulator.views.language import Language
from simulator.views.report.bundle import packed_plotly
from simulator.views.report.parts import Section


@dataclass(frozen=True)
class Page:
    """What a report's page shows, from top to bottom; `reader` is also its style's class."""

    reader: str
    kind: str
    title: str
    lead: str
    subtitle: str
    sections: tuple[Section, ...]
    footer: str
    version: str


def render_page(page: Page, language: Language) -> str:
    """The page as one HTML text; the same page gives the same text."""
    return template("page.html.j2").render(
        page=page,
        text=language,
        style=asset("style.css"),
        draw=asset("draw.js"),
        plotly=packed_plotly(),
    )


@cache
def template(name: str) -> jinja2.Template:
    """A page of this folder, with the blocks that it is made of."""
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_read),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(name)


def asset(name: str) -> Markup:
    """A style or script of our own, as it stands."""
    return Markup(_read(name))  # shipped with the package


def _read(name: str) -> str:
    return files("simulator.views.report").joinpath(name).read_text(encoding="utf-8")
