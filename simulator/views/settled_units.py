"""Which values of a settlement's terms are shares, so that they are written in per cent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.views.settled import Titles

_MONEY = ("capital_drawn", "capital_outstanding", "cost", "paid")
_WORTH = ("table", "price", "bands")


def shares_in(line: Mapping[str, Any], titles: Titles) -> list[tuple[bool, bool]]:
    """For each term of a line, whether what goes in and what comes out is a share.

    A table or a price gives a rate where capital or cost multiplies it later, and money where
    nothing does.
    """
    share = any(titles.is_share(name) for name in line.get("inputs") or {})
    words = line.get("words") or []
    found = []
    for place, word in enumerate(words):
        after = _after(word, words[place + 1 :], share)
        found.append((share, after))
        share = after
    return found


def _after(word: Mapping[str, Any], rest: Sequence[Mapping[str, Any]], share: bool) -> bool:
    if word["term"] in _WORTH:
        return any(
            later["term"] == "compounded" or (later["term"] == "times" and later["level"] in _MONEY)
            for later in rest
        )
    if word["term"] == "times":
        return share and word["level"] not in _MONEY
    return share and word["term"] != "compounded"
