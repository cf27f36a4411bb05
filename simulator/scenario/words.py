"""Small helpers of wording: dotted keys, shortened texts, lists in words, near names."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

_NEAR = 0.72  # a letter or two amiss; words that only sound alike stay below


def dotted(path: tuple[str | int, ...]) -> str:
    """A path as a reader writes it: `payments.bonus.terms[1].share`; items are counted from 1."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            name = part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else f'"{part}"'
            text += f".{name}" if text else name
    return text or "scenario"


def shorten(text: str, width: int = 72) -> str:
    """The text on one line, cut at `width` characters."""
    line = re.sub(r"\s+", " ", text).strip()
    return line if len(line) <= width else line[: width - 1] + "…"


def listed(names: Iterable[str], last: str = "or") -> str:
    """Names in words: `a`, `b` or `c`."""
    quoted = [f"`{name}`" for name in names]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"


def figure(x: float) -> str:
    """A number as one writes it in a file: `0.25`, `10_000_000`."""
    text = f"{x + 0.0:.6g}"
    return f"{x:_.0f}" if "e+" in text else text


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name that is most like this one, or None when none is near."""
    candidates = list(names)
    plain = {re.sub(r"[\W_]+", "", candidate.lower()): candidate for candidate in candidates}
    close = difflib.get_close_matches(re.sub(r"[\W_]+", "", name.lower()), plain, n=1, cutoff=_NEAR)
    return plain[close[0]] if close else None


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """`did you mean …?`, or nothing."""
    near = nearest(name, names)
    return f"did you mean `{near}`?" if near else ""
