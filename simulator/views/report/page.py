"""A page of chapters as one self-contained HTML text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup, escape

from simulator.views.language import Language
from simulator.views.report.bundle import packed_plotly
from simulator.views.report.parts import Section, visible

_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_TITLE_IN_MARGIN = 90  # characters that fit into one line above the text, with room to spare


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

    @property
    def has_charts(self) -> bool:
        """Whether the page needs a script that draws."""
        return any(part.kind == "chart" for section in self.sections for part in section.parts)


def render_page(
    page: Page,
    language: Language,
    *,
    body: str = "page.html.j2",
    script: str = "",
    **more: Any,
) -> str:
    """The page as one HTML text; the same page gives the same text.

    `body` is the template, which may use `more`. The page carries plotly's script, unless `script`
    names a file beside the page that holds it (`bundle.write_plotly`).
    """
    carried = page.has_charts and not script
    return template(body).render(
        page=page,
        text=language,
        style=asset("style.css"),
        margins=margins(page.title),
        script=script,
        draw=asset("draw.js") if page.has_charts else "",
        plotly=packed_plotly() if carried else "",
        **more,
    )


def margins(title: str) -> Markup:
    """On paper every page has its number of how many, and all but the first the title."""
    short = visible(" ".join(title.split()))
    if len(short) > _TITLE_IN_MARGIN:
        short = short[: _TITLE_IN_MARGIN - 1].rstrip() + "…"
    return Markup(
        f'@page {{ @top-left {{ content: "{_css(short)}"; }}\n'
        '  @bottom-right { content: counter(page) " (" counter(pages) ")"; } }\n'
        "@page :first { @top-left { content: none; } }"
    )


def _css(text: str) -> str:
    """The text inside a CSS string: what is not a letter, digit or space as its number and a space.

    One space after a number belongs to it, and would otherwise be taken from the text.
    """
    return "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text)


@cache
def template(name: str) -> jinja2.Template:
    """A page of this folder, with the blocks that it is made of."""
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_read),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    environment.filters["days"] = days
    return environment.get_template(name)


def days(cell: str) -> str:
    """A cell whose dates are never broken at a hyphen."""
    if not _DAY.search(cell):
        return cell
    return Markup(_DAY.sub(r'<span class="day">\g<0></span>', str(escape(cell))))  # escaped here


def _shown(value: Any) -> Any:
    """What a template is given to show: texts, and markup made here, which has texts in it."""
    if isinstance(value, Markup):
        return Markup(visible(str(value)))  # escaped already
    return visible(value) if isinstance(value, str) else value


def asset(name: str) -> Markup:
    """A style or script of our own, as it stands."""
    return Markup(_read(name))  # shipped with the package


def _read(name: str) -> str:
    return files("simulator.views.report").joinpath(name).read_text(encoding="utf-8")
