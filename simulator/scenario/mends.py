"""What was probably meant: other people's words for keys, and how a value is written."""

from __future__ import annotations

import re
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from simulator.scenario.contract import Band
from simulator.scenario.language import arms, keys_of
from simulator.scenario.numbers import Families, Number
from simulator.scenario.positions import Path
from simulator.scenario.words import did_you_mean, listed, nearest

# Words of other tools and of everyday speech, with the keys that they may stand for here.
_SYNONYMS = {
    "amount": ("value",),
    "baseline_mean": ("mean",),
    "cap": ("at_most", "multiple", "total"),
    "ceiling": ("at_most",),
    "children": ("service_users",),
    "clients": ("service_users",),
    "end": ("to", "until"),
    "floor": ("at_least",),
    "from": ("start", "above"),
    "gaussian": ("normal",),
    "max": ("at_most", "high", "most"),
    "maximum": ("at_most", "high", "most"),
    "min": ("at_least", "low"),
    "minimum": ("at_least", "low"),
    "number": ("service_users", "value"),
    "of_capital": ("of_drawn",),
    "participants": ("service_users",),
    "people": ("service_users",),
    "percent": ("share",),
    "size": ("service_users",),
    "start": ("from",),
    "std": ("sd",),
    "stdev": ("sd",),
    "sigma": ("sd",),
    "threshold": ("above", "if_at_least"),
    "to": ("until",),
    "until": ("to",),
}
_ENDS_OF_BANDS = frozenset({"up_to", "to", "until", "below", "most", "end", "max", "at_most"})
DURATIONS = frozenset({"horizon", "window", "reported_after", "at", "lasts", "after"})
_PERIODS = {
    "1 month": "month",
    "3 months": "quarter",
    "6 months": "half-year",
    "12 months": "year",
    "1 year": "year",
    "månad": "month",
    "kvartal": "quarter",
    "halvår": "half-year",
    "år": "year",
}
_MANY = 10  # a bare number above this, where a duration belongs, is taken for months


def meant(model: type[BaseModel], name: str, free: list[str]) -> str | None:
    """The key, one of `free`, that an unknown one stands for: a near name or a synonym."""
    others = _SYNONYMS.get(name, ())
    if model is Band and name in _ENDS_OF_BANDS:
        others = ("above",)
    return nearest(name, free) or next((key for key in others if key in free), None)


def mend_key(model: type[BaseModel], name: str, keys: list[str]) -> str:
    """How to mend an unknown key by its name alone; empty where nothing is near."""
    if model is Band and name in _ENDS_OF_BANDS:
        return (
            "a band runs from its `above` to the next band's: give where it begins, "
            "`above = 0` for the first"
        )
    other = meant(model, name, keys)
    return did_you_mean(name, keys) or (f"did you mean `{other}`?" if other else "")


def mend_form(form: Any, written: str, path: Path) -> str:
    """How a value of the wrong form is written; empty where what is allowed says it."""
    options = arms(form)
    first = options[0] if options else None
    bare = written.strip("\"'")
    if first is not None and getattr(first, "__name__", "") == "date":
        return _mend_date(bare)
    if first is str:
        return _mend_text(written, path)
    if written[:1] in ("'", '"') and _is_plain(bare):
        return f"remove the quotes: {bare}"
    if first is int and "." in written:
        return "write it without decimals"
    if first in (float, int, Number):
        return _mend_number(bare)
    if first is not None and get_origin(first) in (list, tuple):
        return _mend_list(first, written)
    if isinstance(first, type) and issubclass(first, BaseModel) and not issubclass(first, Families):
        keys = keys_of(first)
        return f"write {{ {', '.join(f'{key} = …' for key in keys)} }}" if len(keys) <= 4 else ""
    return ""


def mend_choice(words: list[str], written: str) -> str:
    """The word that was probably meant."""
    period = _PERIODS.get(written.lower())
    return f"did you mean `{period}`?" if period in words else did_you_mean(written, words)


def _mend_date(text: str) -> str:
    """Dates in TOML: year, month and day, joined by hyphens, without quotes."""
    how = "write year-month-day without quotes"
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return f"remove the quotes: {text}"
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        return f"{how}: {text}-01"
    if re.fullmatch(r"(19|20|21)\d\d", text):
        return f"{how}: {text}-01-01"
    return f"{how}: 2016-07-01"


def _mend_text(written: str, path: Path) -> str:
    if not written or written[0] in "[{\"'":
        return ""
    if path[-1] not in DURATIONS or not re.fullmatch(r"\d{1,3}(\.\d+)?", written):
        return f'put it in quotes: "{written}"'
    count = float(written)
    if count <= _MANY and count == int(count):
        return f'write "{int(count)} year{"s" if count != 1 else ""}"'
    return f'write "{int(count if count > _MANY else 12 * count)} months"'


def _mend_number(text: str) -> str:
    """A number written with its unit, or with another sign for the decimals."""
    found = re.fullmatch(r"(-?[\d _.,]*\d)\s*(%|procent|percent)?\D*", text)
    if not found:
        return ""
    digits = found[1].replace(" ", "").replace("_", "")
    is_decimal = re.fullmatch(r"-?\d+([.,]\d+)?", digits)
    if is_decimal and found[2]:
        return f"write a share: {float(digits.replace(',', '.')) / 100:g}"
    return "write the number alone, without unit or quotes: 10_000_000, or 0.4"


def _mend_list(form: Any, written: str) -> str:
    if not written or written.startswith("["):
        return ""
    wants_tables = any(isinstance(item, type) for item in get_args(form)) and any(
        issubclass(item, BaseModel) for item in get_args(form) if isinstance(item, type)
    )
    if written.startswith("{") and not wants_tables:
        return ""
    return f"put it in brackets: [{written}]"


def _is_plain(text: str) -> bool:
    """Whether a text would be a number or a truth value if it had no quotes."""
    digits = text.replace("_", "").replace("-", "", 1).replace(".", "", 1)
    return digits.isdigit() or text in ("true", "false")


def forms_of_number(model: type[BaseModel]) -> str:
    """What a number's table holds, the distributions last."""
    keys = keys_of(model)
    beside = [key for key in ("value", "weight", "grade", "source", "note") if key in keys]
    laws = [key for key in keys if key not in beside]
    return f"{listed(beside, 'and')}; for an uncertain number, instead of `value`, {listed(laws)}"
