"""Who pays whom as a drawing that needs no script: each party a column, each payment an arrow.

Arrows stand below each other, each in a row of its own and with its words above it, so that nothing
can overlap however many parties there are and however long their names.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from markupsafe import Markup, escape

from simulator.views.report.figures import DEEP, FONT, INK, LIGHT, OUTLINE

_WIDTH = 900.0
_SIZE = 13.0
_SMALL = 11.0
_LINE = 16.0
_PER_CHARACTER = 7.3  # of this size, on average and a little more
_HEAD_LINES = 6
_LABEL_LINES = 3
_LEAST_LABEL = 190.0


@dataclass(frozen=True)
class Arrow:
    """A payment: places of payer and payee among the parties, and its words."""

    payer: int
    payee: int
    words: str


def sequence_svg(parties: Sequence[str], arrows: Sequence[Arrow], title: str) -> Markup:
    """The drawing; every text is escaped here."""
    step = _WIDTH / max(len(parties), 1)
    longest = max((_wide(word) for name in parties for word in name.split()), default=0)
    small = longest * _PER_CHARACTER > step - 22  # so that long words are cut as seldom as can be
    size = _SMALL if small else _SIZE
    heads = [wrapped(name, (step - 22) * _SIZE / size, _HEAD_LINES) for name in parties]
    top = 20 + _LINE * max((len(head) for head in heads), default=1)
    rows = list(_rows(arrows, step, top + 14))
    bottom = (rows[-1][2] if rows else top) + 22
    drawn = Markup("").join(
        [
            *(_lifeline(k, step, top, bottom) for k in range(len(parties))),
            *(_head(k, head, step, top, (parties[k], size)) for k, head in enumerate(heads)),
            *(_arrow(arrow, lines, at, step) for arrow, lines, at in rows),
        ]
    )
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="{font}" font-size="{size}" fill="{ink}"><title>{title}</title>{drawn}</svg>'
    ).format(
        width=_number(_WIDTH),
        height=_number(bottom + 4),
        font=FONT,
        size=_number(_SIZE),
        ink=INK,
        title=title,
        drawn=drawn,
    )


def wrapped(text: str, width: float, most: int) -> list[str]:
    """The text in lines no wider than so many units; what does not fit ends in an ellipsis."""
    room = max(width / _PER_CHARACTER, 4.0)
    lines: list[str] = []
    for word in text.split():
        for piece in _pieces(word, room):
            if lines and _wide(lines[-1]) + 1 + _wide(piece) <= room:
                lines[-1] += " " + piece
            else:
                lines.append(piece)
    if len(lines) > most:
        last = lines[most - 1]
        while _wide(last) > room - 1:
            last = last[:-1]
        lines = [*lines[: most - 1], f"{last}…"]
    return lines or [""]


def _wide(text: str) -> float:
    """The room of a text in average characters: capitals take more, pictures take two."""
    return sum(_room(character) for character in text)


def _room(character: str) -> float:
    if east_asian_width(character) in "WF" or ord(character) > 0xFFFF:
        return 2.0
    if character in "WM@—":
        return 1.7
    return 1.3 if character.isupper() else 1.0


def _pieces(word: str, room: float) -> Iterator[str]:
    """A word cut where it is too long for a line."""
    piece = ""
    for character in word:
        if _wide(piece + character) > room:
            yield piece
            piece = ""
        piece += character
    yield piece


def _rows(
    arrows: Sequence[Arrow], step: float, top: float
) -> Iterator[tuple[Arrow, list[str], float]]:
    """Each arrow with the lines of its words and the height at which it lies."""
    at = top
    for arrow in arrows:
        span = abs(arrow.payee - arrow.payer) * step
        lines = wrapped(arrow.words, max(span - 16, _LEAST_LABEL), _LABEL_LINES)
        at += _LINE * len(lines) + 20
        yield arrow, lines, at


def _lifeline(place: int, step: float, top: float, bottom: float) -> Markup:
    x = _number((place + 0.5) * step)
    return Markup(
        '<line x1="{x}" y1="{top}" x2="{x}" y2="{bottom}" stroke="{colour}" stroke-width="1" '
        'stroke-dasharray="3 4"/>'
    ).format(x=x, top=_number(top), bottom=_number(bottom), colour=OUTLINE)


def _head(
    place: int, lines: list[str], step: float, top: float, named: tuple[str, float]
) -> Markup:
    """The party's box, its name of this size in the middle; whole as a hint where it was cut."""
    name, size = named
    left, height = place * step + 4, top - 4
    first = 4 + height / 2 - (len(lines) - 1) * _LINE / 2 + _SIZE * 0.35
    box = Markup(
        '<g font-size="{size}"><title>{name}</title>'
        '<rect x="{x}" y="4" width="{width}" height="{height}" rx="4" '
        'fill="{fill}" stroke="{stroke}" stroke-width="1.5"/>'
    ).format(
        size=_number(size),
        name=name,
        x=_number(left),
        width=_number(step - 8),
        height=_number(height),
        fill=LIGHT,
        stroke=DEEP,
    )
    return box + _texts(lines, (place + 0.5) * step, first, "600") + Markup("</g>")


def _arrow(arrow: Arrow, lines: list[str], at: float, step: float) -> Markup:
    """The line with its head, and the words above it on a white ground."""
    begins, ends = ((k + 0.5) * step for k in (arrow.payer, arrow.payee))
    way = math.copysign(1.0, ends - begins)
    half = max(_wide(line) for line in lines) * _PER_CHARACTER / 2
    middle = min(max((begins + ends) / 2, half + 6), _WIDTH - half - 6)
    above = at - 7 - (len(lines) - 1) * _LINE
    ground = Markup('<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="#ffffff"/>').format(
        x=_number(middle - half - 3),
        y=_number(above - _SIZE),
        w=_number(2 * half + 6),
        h=_number(_LINE * len(lines) + 1),
    )
    shaft = Markup(
        '<line x1="{a}" y1="{y}" x2="{b}" y2="{y}" stroke="{ink}" stroke-width="2"/>'
        '<path d="M{tip} {y} l{back} -5 l0 10 z" fill="{ink}"/>'
    ).format(
        a=_number(begins),
        b=_number(ends - 8 * way),
        y=_number(at),
        tip=_number(ends),
        back=_number(-10 * way),
        ink=INK,
    )
    return ground + _texts(lines, middle, above, "400") + shaft


def _texts(lines: list[str], x: float, y: float, weight: str) -> Markup:
    return Markup("").join(
        Markup(
            '<text x="{x}" y="{y}" text-anchor="middle" font-weight="{weight}" '
            'unicode-bidi="isolate">{line}</text>'
        ).format(x=_number(x), y=_number(y + k * _LINE), weight=weight, line=escape(line))
        for k, line in enumerate(lines)
    )


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
