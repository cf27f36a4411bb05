"""Numbers as Swedish and English readers write them."""

import datetime
import math

import pytest

from simulator.views import numbers

NBSP = "\u00a0"
MINUS = "\u2212"


@pytest.mark.parametrize(
    ("value", "sv", "en"),
    [
        (7_500_000, "7,50 mnkr", "SEK 7.50 million"),
        (-1_250_000, "−1,25 mnkr", "SEK −1.25 million"),
        (12_345_678, "12,3 mnkr", "SEK 12.3 million"),
        (9_996_000, "10,0 mnkr", "SEK 10.0 million"),
        (123_456_789, "123 mnkr", "SEK 123 million"),
        (1_400_000_000, "1,40 mdkr", "SEK 1.40 billion"),
        (999_700, "1,00 mnkr", "SEK 1.00 million"),
        (123_456, "123 tkr", "SEK 123,000"),
        (9_999, "9 999 kr", "SEK 9,999"),
        (-0.3, "0 kr", "SEK 0"),
        (None, "–", "–"),
        (math.nan, "–", "–"),
    ],
)
def test_estimated_money_has_about_three_digits(value: float | None, sv: str, en: str) -> None:
    assert numbers.money(value, "SEK", "sv") == sv.replace(" ", NBSP)
    assert numbers.money(value, "SEK", "en") == en.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("value", "sv", "en"),
    [
        (10_000_000, "10 mnkr", "SEK 10 million"),
        (1_234_567, "1 234 567 kr", "SEK 1,234,567"),
        (-4_500_000, "−4,5 mnkr", "SEK −4.5 million"),
        (125_000, "125 000 kr", "SEK 125,000"),
        (0.5, "0,5 kr", "SEK 0.5"),
        (300_000_000, "300 mnkr", "SEK 300 million"),
    ],
)
def test_stated_money_is_never_rounded(value: float, sv: str, en: str) -> None:
    assert numbers.stated_money(value, "SEK", "sv") == sv.replace(" ", NBSP)
    assert numbers.stated_money(value, "SEK", "en") == en.replace(" ", NBSP)


def test_one_million_is_one_in_swedish() -> None:
    amounts = ((1e6, "1 miljon GBP"), (-1e9, "−1 miljard GBP"), (1.5e6, "1,5 miljoner GBP"))
    for value, said in amounts:
        assert numbers.stated_money(value, "GBP", "sv") == said.replace(" ", NBSP)
    assert numbers.money(1e6, "GBP", "sv") == "1,00 miljoner GBP".replace(" ", NBSP)


def test_other_currencies_go_by_their_code() -> None:
    assert numbers.money(2_000_000, "EUR", "sv") == f"2,00{NBSP}miljoner{NBSP}EUR"
    assert numbers.money(250_000, "GBP", "sv") == f"250{NBSP}000{NBSP}GBP"
    assert numbers.money(2_000_000, "GBP", "en") == f"GBP{NBSP}2.00{NBSP}million"


@pytest.mark.parametrize(
    ("value", "sv", "en"),
    [
        (0.4, "40,0 %", "40.0%"),
        (-0.142, "−14,2 %", "−14.2%"),
        (0.0, "0 %", "0%"),
        (1.0, "100 %", "100%"),
        (0.0001, "<0,1 %", "<0.1%"),
        (0.9999, ">99,9 %", ">99.9%"),
        (None, "–", "–"),
    ],
)
def test_a_small_chance_is_not_none_and_a_large_one_not_certain(
    value: float | None, sv: str, en: str
) -> None:
    assert numbers.percent(value, "sv") == sv.replace(" ", NBSP)
    assert numbers.percent(value, "en") == en


def test_stated_shares_keep_their_own_digits() -> None:
    assert numbers.stated_percent(0.07, "sv") == f"7{NBSP}%"
    assert numbers.stated_percent(0.125, "en") == "12.5%"
    assert numbers.stated_percent(1.2, "en") == "120%"


def test_the_minus_sign_is_a_minus_sign_in_both_languages() -> None:
    for lang in numbers.LANGUAGES:
        assert numbers.decimal(-1234.5, lang, 1)[0] == MINUS
        assert "-" not in numbers.decimal(-1234.5, lang, 1)
    assert numbers.decimal(-1234.5, "sv", 1) == f"{MINUS}1{NBSP}234,5"
    assert numbers.decimal(1234.5, "en", 1, sign=True) == "+1,234.5"


def test_zero_has_no_sign() -> None:
    assert numbers.decimal(-0.04, "en", 1) == "0.0"
    assert numbers.decimal(0.04, "en", 1, sign=True) == "0.0"


@pytest.mark.parametrize(
    ("chance", "sv", "en"),
    [
        (1.0, "praktiskt taget säkert", "virtually certain"),
        (0.90, "mycket troligt", "very likely"),
        (0.89, "troligt", "likely"),
        (0.5, "ungefär lika troligt som inte", "about as likely as not"),
        (0.2, "osannolikt", "unlikely"),
        (0.05, "mycket osannolikt", "very unlikely"),
        (0.0, "ytterst osannolikt", "exceptionally unlikely"),
    ],
)
def test_likely_has_the_words_of_the_ipcc(chance: float, sv: str, en: str) -> None:
    assert (numbers.likely(chance, "sv"), numbers.likely(chance, "en")) == (sv, en)


def test_ranges_are_said_in_words_and_know_when_they_span_zero() -> None:
    assert numbers.span("−4", "2", "sv") == "−4 till 2"
    assert numbers.span("−4", "2", "en") == "−4 to 2"
    assert numbers.spans_zero(-4.0, 2.0)
    assert not numbers.spans_zero(0.0, 2.0)
    assert not numbers.spans_zero(None, 2.0)


def test_a_share_of_a_coin_reads_as_coins() -> None:
    assert numbers.coins(0.6, "SEK", "sv") == (f"60{NBSP}öre", "krona")
    assert numbers.coins(0.6, "GBP", "en") == (f"60{NBSP}pence", "pound")
    assert numbers.coins(0.255, "SEK", "sv") is None
    assert numbers.coins(1.0, "SEK", "sv") is None
    assert numbers.coins(0.6, "XTS", "en") is None


def test_days_and_plurals() -> None:
    first = datetime.date(2016, 7, 1)
    assert numbers.day(first, "sv") == "1 juli 2016"
    assert numbers.day(first, "en") == "1 July 2016"
    assert numbers.plural(1, "person", "personer") == "person"
    assert numbers.plural(0, "person", "personer") == "personer"


def test_a_column_of_amounts_has_one_unit() -> None:
    assert numbers.column_power([12_000.0, None]) == 0
    assert numbers.column_power([-3e6, 5.0]) == 1
    assert numbers.column_power([math.nan, 2e10]) == 2
    assert numbers.money_unit("SEK", "sv", 1) == "tkr"
    assert numbers.money_unit("SEK", "en", 1) == "SEK thousand"
    assert numbers.money_unit("EUR", "sv", 2) == f"miljoner{NBSP}EUR"
