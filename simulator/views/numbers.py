"""Numbers as people read them, in Swedish and English.

Swedish follows CLDR (through babel): decimal comma, no-break space between thousands, minus sign
U+2212 and a no-break space before the per cent sign. English keeps the same minus sign, so that a
negative number never looks like a hyphen or breaks at the end of a line.

Two kinds of numbers are kept apart: *stated* ones (terms of a contract) are shown exactly, and
*estimates* are rounded to what a reader can use.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from typing import Literal

from babel.dates import format_date
from babel.numbers import format_decimal

Lang = Literal["sv", "en"]
LANGUAGES: tuple[Lang, ...] = ("sv", "en")

MINUS = "\u2212"
SPACE = "\u00a0"  # no-break: a number never leaves its unit
NOTHING = "–"

_MOST_DECIMALS = 12  # beyond them there is only what is left of binary fractions
_LOCALES = {"sv": "sv_SE", "en": "en_GB"}
_SWEDISH_UNITS = {"SEK": ("kr", "tkr", "mnkr", "mdkr")}
_SMALL_COINS = {
    "SEK": {"sv": ("öre", "krona"), "en": ("öre", "krona")},
    "NOK": {"sv": ("öre", "norsk krona"), "en": ("øre", "Norwegian krone")},
    "DKK": {"sv": ("öre", "dansk krona"), "en": ("øre", "Danish krone")},
    "EUR": {"sv": ("cent", "euro"), "en": ("cents", "euro")},
    "GBP": {"sv": ("pence", "pund"), "en": ("pence", "pound")},
    "USD": {"sv": ("cent", "dollar"), "en": ("cents", "dollar")},
}

# Words for chances, after the calibrated language of the IPCC's guidance note for lead authors
# (https://www.ipcc.ch/site/assets/uploads/2017/08/AR5_Uncertainty_Guidance_Note.pdf, table 1).
_LIKELY = (
    (0.99, {"sv": "praktiskt taget säkert", "en": "virtually certain"}),
    (0.90, {"sv": "mycket troligt", "en": "very likely"}),
    (0.66, {"sv": "troligt", "en": "likely"}),
    (0.55, {"sv": "mer troligt än inte", "en": "more likely than not"}),
    (0.45, {"sv": "ungefär lika troligt som inte", "en": "about as likely as not"}),
    (0.33, {"sv": "mindre troligt än inte", "en": "less likely than not"}),
    (0.10, {"sv": "osannolikt", "en": "unlikely"}),
    (0.01, {"sv": "mycket osannolikt", "en": "very unlikely"}),
)
_LEAST_LIKELY = {"sv": "ytterst osannolikt", "en": "exceptionally unlikely"}


def exists(value: float | None) -> bool:
    """Whether there is a number to show: neither None nor NaN nor infinite."""
    return value is not None and math.isfinite(value)


def decimal(value: float | None, lang: Lang, digits: int = 0, *, sign: bool = False) -> str:
    """The number with exactly so many decimals; a dash where there is none."""
    if value is None or not math.isfinite(value):
        return NOTHING
    rounded = round(value, digits) + 0.0  # + 0.0 turns −0 into 0
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    text = format_decimal(abs(rounded), format=pattern, locale=_LOCALES[lang])
    if rounded < 0:
        return MINUS + text
    return "+" + text if sign and rounded > 0 else text


def stated(value: float, lang: Lang) -> str:
    """A number as it was stated: up to six decimals, six figures of a small one, no more."""
    zeros = -math.floor(math.log10(abs(value))) - 1 if 0 < abs(value) < 0.1 else 0
    decimals = "#" * min(6 + zeros, _MOST_DECIMALS)
    text = format_decimal(abs(value), format=f"#,##0.{decimals}", locale=_LOCALES[lang])
    return MINUS + text if value < 0 else text


def percent(value: float | None, lang: Lang, digits: int = 1, *, sign: bool = False) -> str:
    """An estimated share; a small one never reads as zero, nor an almost certain one as certain."""
    if value is None or not math.isfinite(value):
        return NOTHING
    if value in (0, 1):
        return _per_cent(decimal(value * 100, lang, sign=sign), lang)
    least = 10.0**-digits
    if 0 < value * 100 < least / 2:
        return f"<{_per_cent(decimal(least, lang, digits), lang)}"
    if 100 - least / 2 <= value * 100 < 100:
        return f">{_per_cent(decimal(100 - least, lang, digits), lang)}"
    return _per_cent(decimal(value * 100, lang, digits, sign=sign), lang)


def rate(value: float | None, lang: Lang, digits: int = 1) -> str:
    """An estimated yearly rate; unlike a chance it may be negative, and a tiny one is zero."""
    if value is None or not math.isfinite(value):
        return NOTHING
    return _per_cent(decimal(value * 100, lang, digits), lang)


def stated_percent(value: float, lang: Lang) -> str:
    """A share as it was stated: 0.4 is 40 %."""
    return _per_cent(stated(round(value * 100, 8), lang), lang)


def _per_cent(text: str, lang: Lang) -> str:
    return f"{text}{SPACE}%" if lang == "sv" else f"{text}%"


def money(value: float | None, currency: str, lang: Lang, *, sign: bool = False) -> str:
    """An estimated amount, about three digits: `−1,25 mnkr`, `SEK 7.5 million`."""
    if value is None or not math.isfinite(value):
        return NOTHING
    size = abs(value)
    if round(size, -3) < 1e6:
        if round(size) < 10_000:
            return _amount(decimal(value, lang, 0, sign=sign), 0, currency, lang)
        if lang == "sv" and currency in _SWEDISH_UNITS:
            return _amount(decimal(value / 1e3, lang, 0, sign=sign), 1, currency, lang)
        return _amount(decimal(round(value, -3), lang, 0, sign=sign), 0, currency, lang)
    power = 3 if round(size, -6) >= 1e9 else 2
    scaled = value / 10 ** (3 * power)
    digits = 2 if abs(scaled) < 9.995 else 1 if abs(scaled) < 99.95 else 0
    return _amount(decimal(scaled, lang, digits, sign=sign), power, currency, lang)


def stated_money(value: float, currency: str, lang: Lang) -> str:
    """An amount as it was stated, never rounded: `10 mnkr`, `SEK 1,234,567`."""
    for power in (3, 2):
        scaled = value / 10 ** (3 * power)
        if abs(scaled) >= 1 and math.isclose(scaled, round(scaled, 2), rel_tol=1e-12):
            return _amount(stated(round(scaled, 2), lang), power, currency, lang)
    return _amount(stated(value, lang), 0, currency, lang)


def money_unit(currency: str, lang: Lang, power: int) -> str:
    """What a column of amounts in thousands to this power is headed by: `tkr`, `SEK thousand`."""
    if lang == "sv":
        known = _SWEDISH_UNITS.get(currency)
        word = ("", "tusen", "miljoner", "miljarder")[power]
        return known[power] if known else (word and word + SPACE) + currency
    return currency + ("", " thousand", " million", " billion")[power]


def one_million(currency: str, lang: Lang) -> str:
    """A million of the currency as what something is counted by: `mnkr`, `miljon USD`."""
    return money_unit(currency, lang, 2).replace("miljoner", "miljon")


def column_power(values: Sequence[float | None]) -> int:
    """The thousands' power in which a table's amounts are readable side by side (0, 1 or 2)."""
    largest = max(
        (abs(value) for value in values if value is not None and exists(value)), default=0.0
    )
    return 0 if largest < 100_000 else 1 if largest < 1e10 else 2


def _amount(text: str, power: int, currency: str, lang: Lang) -> str:
    if lang == "sv":
        unit = money_unit(currency, lang, power)
        if text.lstrip(MINUS) == "1":  # en miljon pund
            unit = unit.replace("miljoner", "miljon").replace("miljarder", "miljard")
        return f"{text}{SPACE}{unit}"
    word = ("", "thousand", "million", "billion")[power]
    return f"{currency}{SPACE}{text}" + (f"{SPACE}{word}" if word else "")


def coins(share: float, currency: str, lang: Lang) -> tuple[str, str] | None:
    """A share as coins of the whole: 0.6 is ("60 öre", "krona"); None where that reads badly."""
    names = _SMALL_COINS.get(currency)
    hundredths = round(share * 100, 8)
    if names is None or not 0 < hundredths < 100 or hundredths != int(hundredths):
        return None
    small, whole = names[lang]
    return f"{int(hundredths)}{SPACE}{small}", whole


def coin(currency: str, lang: Lang) -> str:
    """One unit of the currency as a word, or its code where there is none here."""
    names = _SMALL_COINS.get(currency)
    return names[lang][1] if names else currency


def span(low: str, high: str, lang: Lang) -> str:
    """From low to high in words, since a dash beside a minus sign cannot be read."""
    return f"{low} {'till' if lang == 'sv' else 'to'} {high}"


def spans_zero(low: float | None, high: float | None) -> bool:
    """Whether an interval has gains at one end and losses at the other."""
    return low is not None and high is not None and low < 0 < high


def likely(chance: float, lang: Lang) -> str:
    """The word for a chance: `very likely` from 90 %, `about as likely as not` in 45–55 %."""
    return next((words[lang] for least, words in _LIKELY if chance >= least), _LEAST_LIKELY[lang])


def day(date: datetime.date, lang: Lang) -> str:
    """A date in words: `1 juli 2016`, `1 July 2016`."""
    text: str = format_date(date, "d MMMM y", locale=_LOCALES[lang])
    return text


def plural(number: float, one: str, many: str) -> str:
    """The singular for exactly one, else the plural."""
    return one if number == 1 else many
